package scan

import (
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// What the config judge takes for a secret, by path and value; the part that is
// one stands between « and ».
func TestJudgeConfig(t *testing.T) {
	key := func(kind string) string { return fixture.Secret(1, kind, "judge") }
	for _, test := range []struct{ path, value string }{
		// A known path, whatever the value looks like.
		{"gateway.auth.token", "«x»"},
		{"hooks.token", "«hunter2»"},
		{"channels.tlon.accounts.ship.code", "«lidlut-tabwed»"},
		{"models.providers.mine.apiKey", "«none of your business»"},
		// References are no secrets.
		{"gateway.auth.token", "${TOKEN}"},
		{"models.providers.mine.headers.Authorization", "Bearer ${TOKEN}"},
		// An escaped reference is text.
		{"gateway.auth.token", "«$${TOKEN}»"},
		// The name of the key.
		{"skills.entries.x.config.password", "«correct-horse»"},
		{"skills.entries.x.env.VENDOR_TOKEN", "«abcd1234»"},
		{"plugins.entries.p.config.apiKey", "«abcd1234»"},
		{"models.providers.mine.headers.X-Api-Key", "«abcd1234»"},
		{"models.providers.mine.headers.Authorization", "Bearer «" + key("hex") + "»"},
		{"channels.telegram.tokenFile", "/etc/token"},
		{"plugins.entries.p.config.apiKeyEnv", "VENDOR_API_KEY"},
		{"skills.entries.x.config.tokenPath", "~/token"},
		{"env.vars.LOG_LEVEL", "debug"},
		// A slash before it makes no path of random bytes, whatever their number.
		{"env.vars.VENDOR_TOKEN", "«/pmA9gdSeUKhzZRV4Jox2kLq8Tz0Vb3W=»"},
		{"plugins.entries.voice.config.authToken", "«/pmA9gdSeUKhzZRV4Jox2kLq8Tz0Vb3»"},
		{"env.vars.VENDOR_TOKEN", "/run/secrets/vendor_token"},
		{"plugins.entries.voice.config.authToken", "/Users/Sam/Library/Keys2024/Token"},
		{"plugins.entries.voice.config.authToken", "/Applications/VendorKeys2024"},
		// A password may be a sentence; what asks for one is none.
		{"env.vars.SMTP_PASSWORD", "«Tr0ub4dor & 3 zebras!»"},
		{"env.SMTP_PASSWORD", "«Tr0ub4dor & 3 zebras!»"},
		{"skills.entries.x.env.DB_PASSWORD", "«it is $HOME 4me!»"},
		{"plugins.entries.p.config.dbPassword", "«it is $HOME 4me!»"},
		{"plugins.entries.p.config.password", "What is the password of your account?"},
		{"plugins.entries.p.config.token", "the one that the vendor gave you"},
		// A part of a string.
		{"browser.profiles.cloud.cdpUrl", "wss://user:«" + key("url-password") + "»@h.invalid/"},
		{"channels.telegram.proxy", "socks5://proxy.invalid:1080"},
		// The rules, anywhere.
		{"agents.defaults.notes", "use «" + key("github") + "» for that"},
		{"agents.defaults.notes", "nothing to see here"},
	} {
		text := strings.NewReplacer("«", "", "»", "").Replace(test.value)
		leaf := &gateway.Leaf{Text: text, Path: strings.Split(test.path, ".")}
		marked, done := "", 0
		for _, v := range newJudge(Options{}).config(leaf.Path, leaf.Text) {
			marked += text[done:v.from] + "«" + text[v.from:v.to] + "»"
			done = v.to
		}
		if marked += text[done:]; marked != test.value {
			t.Errorf("%s: got %s, want %s", test.path, marked, test.value)
		}
	}
}

func TestRandomBehindASlash(t *testing.T) {
	for text, want := range map[string]bool{
		"/9j3kQ0Zb7yVn2m4T1pXc8sLr5dGhJw6aEuIoKfQxYz=": true, "/AbCdEfGhIjKlMnOpQrStUvWxYz012+4": true, "/AbCdEfGhIjKlMnOpQrStUv0": true,
		"/home/sam/keys/gateway01": false, "/Users/sam/Keys/gateway1": false, "/etc/ssl/private/key.pem": false, "/short+=": false, "/abcdefghijklmnopqrstuvw": false,
	} {
		if isRandom(text) != want || plausible(text) != want {
			t.Errorf("%s: got %t", text, !want)
		}
	}
}
