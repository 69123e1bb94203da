package gateway

import "strings"

// SecretPath is a place in the config that holds a credential.
type SecretPath struct {
	// Pattern is the path with * for any one key or index.
	Pattern string
	// Variable is the variable that the product itself reads in this role, "" where
	// there is none.
	Variable string
	// Shared is set where the product reads Variable in other roles too: then giving
	// it a value here would do more than hold it.
	Shared bool
	// Name is what a variable of our own is called here, without the product's
	// prefix; "" derives it from the path.
	Name string
	// MinLength is what the product's own audit asks of the value, in characters.
	MinLength int
	// Loose is set where the place takes any value, secret or not: then the key's
	// name and the value itself decide.
	Loose bool
}

// ClawdbotPaths returns the config paths of Clawdbot 2026.1.24 that hold
// credentials: those its code reads, which are more than its schema marks as
// sensitive (config/schema.js labels only some of them).
func ClawdbotPaths() []SecretPath {
	account := func(channel, key, variable, name string) []SecretPath {
		return []SecretPath{
			{Pattern: "channels." + channel + "." + key, Variable: variable, Name: name},
			{Pattern: "channels." + channel + ".accounts.default." + key, Name: name + "_DEFAULT"},
			{Pattern: "channels." + channel + ".accounts.*." + key},
			{Pattern: channel + "." + key, Name: name}, // the layout before channels.*, which the gateway still migrates
		}
	}
	paths := []SecretPath{
		{Pattern: "gateway.auth.token", Variable: "CLAWDBOT_GATEWAY_TOKEN", Name: "GATEWAY_AUTH_TOKEN", MinLength: 24},
		{Pattern: "gateway.auth.password", Variable: "CLAWDBOT_GATEWAY_PASSWORD", Name: "GATEWAY_AUTH_PASSWORD"},
		{Pattern: "gateway.remote.token", Name: "GATEWAY_REMOTE_TOKEN"},
		{Pattern: "gateway.remote.password", Name: "GATEWAY_REMOTE_PASSWORD"},
		{Pattern: "gateway.token", Name: "LEGACY_GATEWAY_TOKEN"},
		{Pattern: "hooks.token", Name: "HOOKS_TOKEN", MinLength: 24},
		{Pattern: "hooks.gmail.pushToken", Name: "GMAIL_PUSH_TOKEN"},
		{Pattern: "hooks.internal.entries.*.env.*", Loose: true},
		{Pattern: "browser.controlToken", Variable: "CLAWDBOT_BROWSER_CONTROL_TOKEN", Name: "BROWSER_TOKEN", MinLength: 24},
		{Pattern: "models.providers.*.apiKey"},
		{Pattern: "models.providers.*.headers.*", Loose: true},
		{Pattern: "models.providers.*.models.*.headers.*", Loose: true},
		{Pattern: "agents.defaults.memorySearch.remote.apiKey", Name: "MEMORY_EMBEDDINGS_API_KEY"},
		{Pattern: "agents.list.*.memorySearch.remote.apiKey"},
		{Pattern: "agents.defaults.memorySearch.remote.headers.*", Loose: true},
		{Pattern: "agents.list.*.memorySearch.remote.headers.*", Loose: true},
		{Pattern: "agents.defaults.cliBackends.*.env.*", Loose: true},
		{Pattern: "agents.defaults.sandbox.docker.env.*", Loose: true},
		{Pattern: "agents.list.*.sandbox.docker.env.*", Loose: true},
		{Pattern: "tools.web.search.apiKey", Variable: "BRAVE_API_KEY"},
		{Pattern: "tools.web.search.perplexity.apiKey", Variable: "PERPLEXITY_API_KEY"},
		{Pattern: "tools.web.fetch.firecrawl.apiKey", Variable: "FIRECRAWL_API_KEY"},
		{Pattern: "tools.media.*.headers.*", Loose: true},
		{Pattern: "tools.media.models.*.headers.*", Loose: true},
		{Pattern: "tools.media.*.models.*.headers.*", Loose: true},
		{Pattern: "talk.apiKey", Variable: "ELEVENLABS_API_KEY", Shared: true, Name: "TALK_API_KEY"},
		{Pattern: "messages.tts.elevenlabs.apiKey", Variable: "ELEVENLABS_API_KEY", Shared: true, Name: "TTS_ELEVENLABS_API_KEY"},
		{Pattern: "messages.tts.openai.apiKey", Variable: "OPENAI_API_KEY", Shared: true, Name: "TTS_OPENAI_API_KEY"},
		{Pattern: "skills.entries.*.apiKey"},
		{Pattern: "skills.entries.*.env.*", Loose: true},
		{Pattern: "skills.entries.*.config.*", Loose: true},
		{Pattern: "plugins.entries.voice-call.config.telnyx.apiKey", Variable: "TELNYX_API_KEY"},
		{Pattern: "plugins.entries.voice-call.config.twilio.authToken", Variable: "TWILIO_AUTH_TOKEN"},
		{Pattern: "plugins.entries.voice-call.config.plivo.authToken", Variable: "PLIVO_AUTH_TOKEN"},
		{Pattern: "plugins.entries.voice-call.config.tunnel.ngrokAuthToken", Variable: "NGROK_AUTHTOKEN"},
		{Pattern: "plugins.entries.voice-call.config.streaming.openaiApiKey", Variable: "OPENAI_API_KEY", Shared: true, Name: "VOICE_CALL_OPENAI_API_KEY"},
		{Pattern: "plugins.entries.voice-call.config.tts.openai.apiKey", Name: "VOICE_CALL_TTS_OPENAI_API_KEY"},
		{Pattern: "plugins.entries.voice-call.config.tts.elevenlabs.apiKey", Name: "VOICE_CALL_TTS_ELEVENLABS_API_KEY"},
		{Pattern: "plugins.entries.memory-lancedb.config.embedding.apiKey", Name: "LANCEDB_EMBEDDING_API_KEY"},
		{Pattern: "diagnostics.otel.headers.*", Loose: true},
		{Pattern: "env.vars.*", Loose: true},
		{Pattern: "env.*", Loose: true},
	}
	for _, channel := range []struct{ id, key, variable, name string }{
		{"telegram", "botToken", "TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN"},
		{"telegram", "webhookSecret", "", "TELEGRAM_WEBHOOK_SECRET"},
		{"discord", "token", "DISCORD_BOT_TOKEN", "DISCORD_BOT_TOKEN"},
		{"slack", "botToken", "SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN"},
		{"slack", "appToken", "SLACK_APP_TOKEN", "SLACK_APP_TOKEN"},
		{"slack", "userToken", "", "SLACK_USER_TOKEN"},
		{"slack", "signingSecret", "", "SLACK_SIGNING_SECRET"},
		{"googlechat", "serviceAccount", "GOOGLE_CHAT_SERVICE_ACCOUNT", "GOOGLE_CHAT_SERVICE_ACCOUNT"},
		{"googlechat", "serviceAccount.private_key", "", "GOOGLE_CHAT_PRIVATE_KEY"},
		{"googlechat", "serviceAccount.private_key_id", "", "GOOGLE_CHAT_PRIVATE_KEY_ID"},
		{"msteams", "appPassword", "MSTEAMS_APP_PASSWORD", "MSTEAMS_APP_PASSWORD"},
		{"bluebubbles", "password", "", "BLUEBUBBLES_PASSWORD"},
		{"mattermost", "botToken", "MATTERMOST_BOT_TOKEN", "MATTERMOST_BOT_TOKEN"},
		{"matrix", "accessToken", "MATRIX_ACCESS_TOKEN", "MATRIX_ACCESS_TOKEN"},
		{"matrix", "password", "MATRIX_PASSWORD", "MATRIX_PASSWORD"},
		{"line", "channelAccessToken", "LINE_CHANNEL_ACCESS_TOKEN", "LINE_CHANNEL_ACCESS_TOKEN"},
		{"line", "channelSecret", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_SECRET"},
		{"nextcloud-talk", "botSecret", "NEXTCLOUD_TALK_BOT_SECRET", "NEXTCLOUD_TALK_BOT_SECRET"},
		{"nextcloud-talk", "apiPassword", "", "NEXTCLOUD_TALK_API_PASSWORD"},
		{"nostr", "privateKey", "", "NOSTR_PRIVATE_KEY"},
		{"zalo", "botToken", "ZALO_BOT_TOKEN", "ZALO_BOT_TOKEN"},
		{"zalo", "webhookSecret", "", "ZALO_WEBHOOK_SECRET"},
		{"tlon", "code", "", "TLON_CODE"},
	} {
		paths = append(paths, account(channel.id, channel.key, channel.variable, channel.name)...)
	}
	return paths
}

// PathTable finds the SecretPath of a config path.
type PathTable struct {
	byLength map[int][]compiledPath
}

type compiledPath struct {
	tokens []string
	SecretPath
}

// NewPathTable compiles a list of paths. Earlier ones win.
func NewPathTable(paths []SecretPath) *PathTable {
	t := &PathTable{byLength: map[int][]compiledPath{}}
	for _, path := range paths {
		tokens := strings.Split(path.Pattern, ".")
		t.byLength[len(tokens)] = append(t.byLength[len(tokens)], compiledPath{tokens, path})
	}
	return t
}

// Find returns the entry whose pattern matches the whole path.
func (t *PathTable) Find(path []string) (SecretPath, bool) {
	for _, candidate := range t.byLength[len(path)] {
		if matches(candidate.tokens, path) {
			return candidate.SecretPath, true
		}
	}
	return SecretPath{}, false
}

func matches(pattern, path []string) bool {
	for i, token := range pattern {
		if token != "*" && token != path[i] {
			return false
		}
	}
	return true
}
