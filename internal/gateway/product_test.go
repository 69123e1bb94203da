package gateway

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// On made-up Homes the product's own modules and this package say the same: which
// config the files make, which references are missing, what is sent to which
// provider, which plugins would be switched on.
func TestResolvesAsTheProduct(t *testing.T) {
	oracle := gatewaytest.Product(t).Oracle(t)
	const homes = 300
	valid, referenced, pinned := 0, 0, 0
	for seed := range uint64(homes) {
		g := &generator{rand: rand.New(rand.NewPCG(seed, 1)), dir: filepath.Join(t.TempDir(), "state")}
		g.write(t)
		reply := oracle.Resolve(t, gatewaytest.OracleRequest{State: g.dir})
		view := openTest(t, g.dir)
		effective, err := view.Effective()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		complaint := strings.Join(reply.Log, " ") + fmt.Sprint(reply.Snapshot.Issues)
		if missing := strings.Contains(complaint, "Missing env var"); missing != (len(effective.Missing) > 0) {
			t.Fatalf("seed %d: the product misses a variable: %v; we miss %v", seed, missing, effective.Missing)
		}
		if !reply.Snapshot.Valid {
			continue
		}
		valid++
		if path := notWithin(effective.Tree, reply.Config, nil); path != nil {
			t.Errorf("seed %d: the config differs at %s", seed, strings.Join(path, "."))
		}
		referenced += strings.Count(g.text(t), "${")
		compareCredentials(t, seed, view, reply)
		pinned += comparePins(t, seed, view, reply)
	}
	t.Logf("%d homes, %d of them valid; %d references, %d plugins to be switched on", homes, valid, referenced, pinned)
	if valid < homes/2 || referenced < homes || pinned < homes/10 {
		t.Error("the made-up homes show too little")
	}
}

// notWithin returns the first path at which want has something else than got. The
// product fills in defaults, so got may have more.
func notWithin(want, got any, path []string) []string {
	wanted, ok := want.(map[string]any)
	if !ok {
		if reflect.DeepEqual(want, got) {
			return nil
		}
		return append(path, fmt.Sprintf("(%T, %T)", want, got))
	}
	other, _ := got.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if found := notWithin(wanted[key], other[key], append(slices.Clip(path), key)); found != nil {
			return found
		}
	}
	return nil
}

func compareCredentials(t *testing.T, seed uint64, view *View, reply gatewaytest.OracleReply) {
	t.Helper()
	config, _ := view.LoadConfig()
	env, _ := view.LoadEnv()
	resolved := config.Resolve(env)
	agents, err := view.LoadAgents(resolved)
	if err != nil {
		t.Fatal(err)
	}
	for _, agent := range agents {
		for _, provider := range providersOf(agents, resolved) {
			ours := Credential(agents, agent, provider, resolved, env)
			theirs := reply.Credentials[agent.ID][provider].APIKey
			if ours != theirs && !slices.Contains(strings.Split(ours, "\n"), theirs) {
				t.Errorf("seed %d: agent %s, provider %s: the product sends %q, we say %q", seed, agent.ID, provider, theirs, ours)
			}
		}
	}
}

func comparePins(t *testing.T, seed uint64, view *View, reply gatewaytest.OracleReply) int {
	t.Helper()
	config, _ := view.LoadConfig()
	env, _ := view.LoadEnv()
	pins := view.Pins(config.Resolve(env), env)
	if len(pins) != len(reply.AutoEnable) {
		t.Errorf("seed %d: the product would switch on %v, we say %v", seed, reply.AutoEnable, pins)
	}
	return len(pins)
}

func openTest(t testing.TB, state string) *View {
	t.Helper()
	home, err := Find(Query{StateDir: state, UserHome: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	view, err := Open(home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = view.Close() })
	return view
}

// generator makes up a Home: valid config as a rule, cut into includes at random,
// with references of every form.
type generator struct {
	rand  *rand.Rand
	dir   string
	files int
}

func (g *generator) chance(percent int) bool { return g.rand.IntN(100) < percent }

func pick[T any](g *generator, items ...T) T { return items[g.rand.IntN(len(items))] }

func (g *generator) write(t *testing.T) {
	t.Helper()
	if err := os.MkdirAll(g.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	g.save(t, ".env", "SET=one\nOTHER='two words'\nEMPTY=\n"+pick(g, "", "MOONSHOT_API_KEY=env-key\n", "TELEGRAM_BOT_TOKEN=t\n", "ANTHROPIC_OAUTH_TOKEN=o\n"))
	g.save(t, "clawdbot.json", g.json(t, g.cut(t, g.config())))
	for _, agent := range []string{"main", "work"} {
		if g.chance(70) {
			g.save(t, "agents/"+agent+"/agent/auth-profiles.json", g.json(t, g.store()))
		}
	}
}

func (g *generator) save(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(g.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (g *generator) json(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (g *generator) text(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(g.dir, "clawdbot.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// value makes up a string, with references and what only looks like one.
func (g *generator) value() string {
	if g.chance(3) {
		return pick(g, "${UNSET}", "a${EMPTY}b")
	}
	return pick(g, "plain", "${SET}", "a-${SET}-${OTHER}", "$${SET}", "$$${SET}", "${lower}", "${SET", "$SET", "${ SET }", "${SET:-x}", "$${SET}${SET}", "é ${SET}")
}

type fields = map[string]any

// config makes up a config of parts that the schema allows.
func (g *generator) config() fields {
	config := fields{}
	for name, part := range map[string]func() any{
		"gateway":  func() any { return fields{"auth": fields{"mode": "token", "token": g.value()}, "port": 18999} },
		"hooks":    func() any { return fields{"enabled": true, "token": g.value()} },
		"browser":  func() any { return fields{"controlToken": g.value()} },
		"messages": func() any { return fields{"messagePrefix": g.value()} },
		"talk":     func() any { return fields{"apiKey": g.value()} },
		"env":      func() any { return fields{"vars": fields{"VENDOR": g.value()}, "GROQ_API_KEY": g.value()} },
		"channels": g.channels,
		"models":   g.models,
		"auth":     g.auth,
		"plugins":  g.plugins,
		"agents": func() any {
			return fields{"defaults": fields{"model": fields{"primary": pick(g, "anthropic/x", "google-antigravity/y", "qwen/z", "copilot-proxy/w")}}, "list": []any{fields{"id": "main"}, fields{"id": "work"}}}
		},
	} {
		if g.chance(50) {
			config[name] = part()
		}
	}
	return config
}

func (g *generator) channels() any {
	channels := fields{}
	if g.chance(50) {
		channels["telegram"] = fields{"botToken": g.value()}
	}
	if g.chance(30) {
		channels["discord"] = fields{"token": g.value()}
	}
	if g.chance(20) {
		channels["imessage"] = fields{"enabled": true}
	}
	return channels
}

func (g *generator) models() any {
	providers := fields{}
	for _, id := range []string{"moonshot", "mock", "z.ai", "anthropic"} {
		if g.chance(40) {
			block := fields{"baseUrl": "https://h.invalid/v1", "models": []any{}}
			if g.chance(70) {
				block["apiKey"] = g.value()
			}
			providers[id] = block
		}
	}
	return fields{"providers": providers}
}

func (g *generator) auth() any {
	auth := fields{"profiles": fields{"moonshot:default": fields{"provider": "moonshot", "mode": pick(g, "api_key", "token", "oauth")}}}
	if g.chance(40) {
		auth["order"] = fields{"moonshot": pick(g, []string{"moonshot:default"}, []string{"moonshot:two"}, []string{"moonshot:two", "moonshot:default"})}
	}
	return auth
}

func (g *generator) plugins() any {
	plugins := fields{}
	if g.chance(30) {
		plugins["enabled"] = pick(g, true, false)
	}
	if g.chance(50) {
		plugins["entries"] = fields{pick(g, "telegram", "discord", "imessage"): fields{"enabled": pick(g, true, false)}}
	}
	if g.chance(30) {
		plugins["allow"] = pick(g, []string{"memory-core"}, []string{"memory-core", "telegram"})
	}
	if g.chance(20) {
		plugins["deny"] = []string{pick(g, "telegram", "discord")}
	}
	return plugins
}

// cut moves parts of an object into included files.
func (g *generator) cut(t *testing.T, value fields) fields {
	if !g.chance(40) {
		return value
	}
	var lists []string
	kept := fields{}
	for _, key := range slices.Sorted(maps.Keys(value)) {
		part := value[key]
		if inner, ok := part.(fields); ok && g.chance(40) {
			part = g.cut(t, inner)
		}
		if g.chance(30) {
			lists = append(lists, g.include(t, fields{key: part}))
		} else {
			kept[key] = part
		}
	}
	if len(lists) == 1 && g.chance(50) {
		kept["$include"] = lists[0]
	} else if len(lists) > 0 {
		kept["$include"] = lists
	}
	return kept
}

func (g *generator) include(t *testing.T, value fields) string {
	g.files++
	name := fmt.Sprintf("part-%d.json5", g.files)
	g.save(t, name, "// an included part\n"+g.json(t, value))
	return pick(g, "./"+name, filepath.Join(g.dir, name), "../state/"+name)
}

func (g *generator) store() any {
	profiles := fields{}
	for id, provider := range map[string]string{"moonshot:default": "moonshot", "moonshot:two": "moonshot", "z:default": "z-ai", "mock:default": "mock", "anthropic:setup": "anthropic"} {
		if !g.chance(40) {
			continue
		}
		if provider == "anthropic" {
			profiles[id] = fields{"type": "token", "provider": provider, "token": "token-" + id}
			continue
		}
		profiles[id] = fields{"type": "api_key", "provider": provider, "key": pick(g, "key-"+id, "other-"+id, "")}
	}
	store := fields{"version": 1, "profiles": profiles}
	if g.chance(20) {
		store["order"] = fields{"moonshot": []string{"moonshot:two"}}
	}
	return store
}
