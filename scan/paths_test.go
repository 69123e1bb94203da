package scan_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Every place in the config of Clawdbot 2026.1.24 that takes a credential, accounts
// and wildcards included. The value looks like none, so that only the place tells.
func TestEveryKnownPath(t *testing.T) {
	for _, path := range []string{
		"gateway.auth.token", "gateway.auth.password", "gateway.remote.token", "gateway.remote.password", "gateway.token",
		"hooks.token", "hooks.gmail.pushToken", "hooks.internal.entries.x.env.VENDOR_TOKEN", "browser.controlToken",
		"channels.telegram.botToken", "channels.telegram.accounts.a.botToken", "channels.telegram.accounts.default.botToken",
		"channels.telegram.webhookSecret", "channels.telegram.accounts.a.webhookSecret",
		"channels.discord.token", "channels.discord.accounts.a.token",
		"channels.slack.botToken", "channels.slack.appToken", "channels.slack.userToken", "channels.slack.signingSecret",
		"channels.slack.accounts.a.botToken", "channels.slack.accounts.a.appToken", "channels.slack.accounts.a.userToken", "channels.slack.accounts.a.signingSecret",
		"channels.googlechat.serviceAccount", "channels.googlechat.serviceAccount.private_key", "channels.googlechat.accounts.a.serviceAccount",
		"channels.googlechat.accounts.a.serviceAccount.private_key",
		"channels.msteams.appPassword", "channels.bluebubbles.password", "channels.bluebubbles.accounts.a.password",
		"channels.mattermost.botToken", "channels.mattermost.accounts.a.botToken", "channels.matrix.accessToken", "channels.matrix.password",
		"channels.line.channelAccessToken", "channels.line.channelSecret", "channels.line.accounts.a.channelAccessToken", "channels.line.accounts.a.channelSecret",
		"channels.nextcloud-talk.botSecret", "channels.nextcloud-talk.apiPassword", "channels.nostr.privateKey",
		"channels.zalo.botToken", "channels.zalo.webhookSecret", "channels.zalo.accounts.a.botToken", "channels.tlon.code", "channels.tlon.accounts.a.code",
		"telegram.botToken", "discord.token", "slack.botToken", "msteams.appPassword",
		"models.providers.p.apiKey", "models.providers.p.headers.Authorization", "models.providers.p.headers.X-Api-Key", "models.providers.p.models.0.headers.X-Auth-Token",
		"agents.defaults.memorySearch.remote.apiKey", "agents.list.0.memorySearch.remote.apiKey", "agents.defaults.memorySearch.remote.headers.Authorization",
		"agents.defaults.cliBackends.c.env.VENDOR_TOKEN", "agents.defaults.sandbox.docker.env.VENDOR_TOKEN", "agents.list.0.sandbox.docker.env.VENDOR_TOKEN",
		"tools.web.search.apiKey", "tools.web.search.perplexity.apiKey", "tools.web.fetch.firecrawl.apiKey",
		"tools.media.image.headers.Authorization", "tools.media.audio.models.0.headers.Authorization", "tools.media.models.0.headers.Authorization",
		"talk.apiKey", "messages.tts.elevenlabs.apiKey", "messages.tts.openai.apiKey",
		"skills.entries.s.apiKey", "skills.entries.s.env.VENDOR_TOKEN", "skills.entries.s.config.apiToken",
		"plugins.entries.voice-call.config.telnyx.apiKey", "plugins.entries.voice-call.config.twilio.authToken", "plugins.entries.voice-call.config.plivo.authToken",
		"plugins.entries.voice-call.config.tunnel.ngrokAuthToken", "plugins.entries.voice-call.config.streaming.openaiApiKey",
		"plugins.entries.voice-call.config.tts.openai.apiKey", "plugins.entries.voice-call.config.tts.elevenlabs.apiKey",
		"plugins.entries.memory-lancedb.config.embedding.apiKey", "plugins.entries.other.config.deep.down.password",
		"env.vars.VENDOR_TOKEN", "env.VENDOR_TOKEN", "diagnostics.otel.headers.Authorization",
	} {
		findings := scanConfig(t, configWith(path, "plain-words-here"))
		found := false
		for _, f := range findings {
			found = found || f.Leaf != nil && f.Leaf.Pattern() == path && f.Value.Reveal() == "plain-words-here"
		}
		if !found {
			t.Errorf("%s is not found", path)
		}
		if findings := scanConfig(t, configWith(path, "${REFERENCE}")); len(findings) > 0 {
			t.Errorf("%s: a reference is found", path)
		}
	}
	for path, value := range map[string]string{
		"browser.cdpUrl": "wss://u:%s@h.invalid/", "browser.profiles.p.cdpUrl": "wss://h.invalid/?token=%s", "browser.controlUrl": "http://u:%s@h.invalid/",
		"channels.telegram.proxy": "socks5://u:%s@h.invalid:1", "channels.telegram.webhookUrl": "https://u:%s@h.invalid/", "channels.signal.httpUrl": "http://u:%s@h.invalid/",
		"models.providers.p.baseUrl": "https://u:%s@h.invalid/v1", "messages.tts.edge.proxy": "http://u:%s@h.invalid/",
	} {
		const password = "Xk29qLm4Zt7Bv"
		found := false
		for _, f := range scanConfig(t, configWith(path, strings.Replace(value, "%s", password, 1))) {
			found = found || f.Value.Reveal() == password
		}
		if !found {
			t.Errorf("%s: the credential in the URL is not found", path)
		}
	}
}

// configWith returns a config that has a string at one path; a token 0 is an index.
func configWith(path, value string) any {
	var tree any = value
	tokens := strings.Split(path, ".")
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i] == "0" {
			tree = []any{tree}
		} else {
			tree = map[string]any{tokens[i]: tree}
		}
	}
	return tree
}

func scanConfig(t *testing.T, config any) []*scan.Finding {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "clawdbot.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	home, err := gateway.Find(gateway.Query{StateDir: dir, UserHome: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	view, err := gateway.OpenToRead(home)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	result, err := scan.Home(t.Context(), view, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}
