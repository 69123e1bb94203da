package gatewaytest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// BuildOptions says how a built Home differs from the plain one.
type BuildOptions struct {
	// ChannelPlugins leaves plugins enabled, so that the gateway enables those of
	// the configured channels when it starts: that rewrites the configuration, and
	// takes 20 to 50 s. Without it plugins are disabled altogether.
	ChannelPlugins bool

	// Models, if not nil, is where the providers mock, moonshot and anthropic are
	// called, instead of the addresses that the product has for them.
	Models *ModelServer
}

// Planted is one secret that [Installation.BuildHome] left in a Home.
type Planted struct {
	Name    string // what the generator was asked for
	File    string // slash-separated, relative to the state directory
	Pointer string // JSON Pointer of the value in File
	Value   string
}

// BuildHome fills a Home with secrets by the product's own commands (onboard,
// agents add, config set), so that every file and backup is as the product
// writes it: a gateway for two agents, main and work, with channels, hooks, tools
// and model providers. It takes seven to ten seconds.
//
// secrets makes the value for a name: a dotted configuration path, or
// "auth-profiles." and the id of a profile. It must not return "${", which the
// product would take for a reference. Every value ends up in one place that the
// result names, and in the configuration's backups.
func (in *Installation) BuildHome(t testing.TB, h *Home, secrets func(name string) string, opts BuildOptions) []Planted {
	t.Helper()
	b := builder{secrets: secrets}
	onboard := []string{
		"onboard", "--non-interactive", "--accept-risk", "--mode", "local", "--workspace", filepath.Join(h.Dir, "clawd"),
		"--gateway-bind", "loopback", "--gateway-auth", "token", "--gateway-token", b.config("gateway.auth.token"),
		"--skip-daemon", "--skip-channels", "--skip-skills", "--skip-health", "--skip-ui",
	}
	choose := func(args ...string) []string { return append(slices.Clip(onboard), args...) }
	commands := [][]string{
		choose("--auth-choice", "apiKey", "--anthropic-api-key", b.profile("anthropic:default")),
		choose("--auth-choice", "moonshot-api-key", "--moonshot-api-key", b.profile("moonshot:default")),
		{"agents", "add", "work", "--non-interactive", "--workspace", filepath.Join(h.Dir, "clawd-work")},
	}
	for _, s := range b.settings(opts) {
		commands = append(commands, ConfigSet(t, s.path, s.value))
	}
	in.RunAll(t, h, RunOptions{}, commands...)
	return b.planted
}

// builder remembers what it was given to plant.
type builder struct {
	secrets func(string) string
	planted []Planted
}

// config returns the secret for a configuration path.
func (b *builder) config(path string) string {
	return b.plant(path, "clawdbot.json", "/"+strings.ReplaceAll(path, ".", "/"))
}

// profile returns the key for an auth profile of the agent main.
func (b *builder) profile(id string) string {
	return b.plant("auth-profiles."+id, "agents/main/agent/auth-profiles.json", "/profiles/"+id+"/key")
}

func (b *builder) plant(name, file, pointer string) string {
	value := b.secrets(name)
	b.planted = append(b.planted, Planted{Name: name, File: file, Pointer: pointer, Value: value})
	return value
}

// setting is a value for a dotted configuration path.
type setting struct {
	path  string
	value any
}

// settings returns what the onboarding does not ask for. Plugins go first: a
// channel is valid only as long as its plugin could be there.
func (b *builder) settings(opts BuildOptions) []setting {
	at := func(path, key string) string { return b.config(path + "." + key) }
	settings := []setting{
		{"plugins.enabled", opts.ChannelPlugins},
		{"hooks", object{"enabled": true, "token": at("hooks", "token")}},
		{"browser.controlToken", b.config("browser.controlToken")},
		{"channels.telegram", object{"enabled": true, "botToken": at("channels.telegram", "botToken")}},
		{"channels.discord", object{"enabled": true, "token": at("channels.discord", "token")}},
		{"channels.slack", object{"enabled": true, "botToken": at("channels.slack", "botToken"), "appToken": at("channels.slack", "appToken")}},
		{"tools.web.search", object{"provider": "brave", "apiKey": at("tools.web.search", "apiKey")}},
		{"talk.apiKey", b.config("talk.apiKey")},
		{"skills.entries.nano-banana-pro", object{"enabled": true, "apiKey": at("skills.entries.nano-banana-pro", "apiKey")}},
		{"skills.entries.tickets.env", object{"TICKETS_TOKEN": at("skills.entries.tickets.env", "TICKETS_TOKEN")}},
		{"env.vars", object{"VENDOR_API_KEY": at("env.vars", "VENDOR_API_KEY")}},
		{"models.providers.mock", b.mockProvider(opts.Models)},
	}
	if opts.Models != nil {
		settings = append(settings,
			setting{"models.providers.moonshot.baseUrl", opts.Models.BaseURL(OpenAICompletions)},
			setting{"models.providers.anthropic", object{"baseUrl": opts.Models.BaseURL(AnthropicMessages), "models": []any{}}})
	}
	return settings
}

func (b *builder) mockProvider(models *ModelServer) map[string]any {
	if models == nil {
		models = &ModelServer{URL: "http://127.0.0.1:9"} // the discard port: nothing answers
	}
	const path = "models.providers.mock"
	provider := models.Provider(OpenAICompletions, "mock-1")
	provider["apiKey"] = b.config(path + ".apiKey")
	provider["headers"] = object{"X-Tenant-Key": b.config(path + ".headers.X-Tenant-Key")}
	return provider
}
