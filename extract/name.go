package extract

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// namer chooses variables. A name is never given to two values, nor to a value
// when any place that the gateway reads holds another under it; equal values
// share a name only within one role.
type namer struct {
	env      *gateway.Env
	exported map[string]string
	effects  *gateway.Effects
	given    map[string]secret.Value // by name
	byRole   map[roleValue]string
	reserved map[string]bool
	missing  map[string]bool       // what the config refers to and nothing sets
	numbered map[string]*numbering // by the name without a number
}

type roleValue struct{ role, value string }

func newNamer(env *gateway.Env, resolved gateway.Resolved, effects *gateway.Effects) *namer {
	n := &namer{
		env: env, exported: resolved.InlineEnv(), effects: effects,
		given: map[string]secret.Value{}, byRole: map[roleValue]string{},
		reserved: map[string]bool{}, missing: map[string]bool{}, numbered: map[string]*numbering{},
	}
	for _, name := range gateway.ReservedNames() {
		n.reserved[name] = true
	}
	for _, m := range resolved.Missing {
		n.missing[m.Name] = true
	}
	return n
}

// role is what a value is for, and what its variable may be called.
type role struct {
	product string // the variable that the product reads in this role, "" if none
	shared  bool   // it reads it in others too
	own     string // what a variable of ours is called, without the prefix
}

func (r role) key() string {
	if r.product != "" && !r.shared {
		return r.product
	}
	return r.own
}

// choose returns the variable for a value: the product's own where nothing else
// changes by it, else one with the product's prefix.
func (n *namer) choose(r role, value secret.Value) string {
	at := roleValue{r.key(), value.Reveal()}
	if name, ok := n.byRole[at]; ok {
		return name
	}
	name := r.product
	if name == "" || r.shared && !n.env.Has(name) || n.conflict(name, value) != "" || n.effects.Of(name, value.Reveal()) != "" {
		name = n.prefixed(r.own, value)
	}
	n.give(at, name, value)
	return name
}

func (n *namer) give(at roleValue, name string, value secret.Value) {
	n.byRole[at], n.given[name] = name, value
}

// claim gives the product's own variable to a value, or says why it cannot be had.
func (n *namer) claim(name string, value secret.Value) (why string) {
	if why = n.conflict(name, value); why != "" {
		return why
	}
	if why = n.effects.Of(name, value.Reveal()); why != "" {
		return why
	}
	n.give(roleValue{name, value.Reveal()}, name, value)
	return ""
}

// conflict says who holds name with another value, "" if nobody does.
func (n *namer) conflict(name string, value secret.Value) string {
	if n.missing[name] {
		return name + " is referred to elsewhere in the config and not set, and would be then"
	}
	for _, holder := range n.env.Holders(name) {
		if !holder.Value.Equal(value) {
			return name + " is set to another value in " + holder.Where
		}
	}
	if exported, ok := n.exported[name]; ok && exported != value.Reveal() {
		return name + " is set to another value in the config's env block"
	}
	if given, ok := n.given[name]; ok && !given.Equal(value) {
		return name + " is taken by another value"
	}
	return ""
}

// numbering remembers which names of one base are taken, so that many values that
// would have the same name do not try each number anew.
type numbering struct {
	taken int               // the names with the numbers up to this one are taken
	of    map[string]string // the first of those that holds a value, by that value
}

// prefixed returns the name with the lowest number that is free or has the value
// already.
func (n *namer) prefixed(own string, value secret.Value) string {
	base := "CLAWDBOT_" + strings.TrimPrefix(own, "CLAWDBOT_")
	known := n.numbered[base]
	if known == nil {
		known = &numbering{of: map[string]string{}}
		n.numbered[base] = known
	}
	if name, ok := known.of[value.Reveal()]; ok && n.conflict(name, value) == "" {
		return name
	}
	for ; ; known.taken++ {
		name := base
		if number := known.taken + 1; number > 1 {
			name += "_" + strconv.Itoa(number)
		}
		if n.reserved[name] {
			continue
		}
		if n.conflict(name, value) == "" {
			return name
		}
		for _, held := range n.values(name) {
			if _, ok := known.of[held]; !ok {
				known.of[held] = name
			}
		}
	}
}

// values returns what name is known to hold, in the places that conflict looks at.
func (n *namer) values(name string) []string {
	var values []string
	for _, holder := range n.env.Holders(name) {
		values = append(values, holder.Value.Reveal())
	}
	if exported, ok := n.exported[name]; ok {
		values = append(values, exported)
	}
	if given, ok := n.given[name]; ok {
		values = append(values, given.Reveal())
	}
	return values
}

// roleOf returns the role of a secret at a config path.
func (p *planner) roleOf(f *scan.Finding, place gateway.SecretPath) role {
	path := p.publicPath(f.Leaf.Path, f.Leaf.Node)
	if !f.Whole() {
		return role{own: nameOf(path) + partSuffix(f.Rule, path)}
	}
	r := role{product: place.Variable, shared: place.Shared, own: place.Name}
	if r.own == "" {
		r.own = place.Variable
	}
	if r.own == "" {
		r.own = nameOf(path)
	}
	if name := path[len(path)-1]; inEnvBlock(path) && gateway.IsName(name) {
		r.product = name
	}
	if !f.Leaf.Live {
		r.product = ""
	}
	return r
}

// partSuffix names the part of a string that is secret: the password of a URL.
func partSuffix(rule string, path []string) string {
	name := upperSnake(path[len(path)-1])
	if strings.HasPrefix(rule, "url-") && !strings.HasSuffix(name, "PASSWORD") && !strings.HasSuffix(name, "TOKEN") {
		return "_" + strings.ToUpper(strings.TrimPrefix(rule, "url-"))
	}
	return ""
}

// inEnvBlock reports whether a path is env.vars.X or env.X, whose entries the
// gateway exports under the name X.
func inEnvBlock(path []string) bool {
	return len(path) == 3 && path[0] == "env" && path[1] == "vars" || len(path) == 2 && path[0] == "env"
}

// nameOf makes a variable's name of a config path: its keys in upper case, those
// that only give structure left out.
func nameOf(path []string) string {
	structure := []string{
		"channels", "accounts", "entries", "config", "providers", "models", "defaults", "internal",
		"docker", "headers", "env", "vars", "profiles",
	}
	var words []string
	for _, token := range path {
		if !slices.Contains(structure, token) {
			words = append(words, upperSnake(token))
		}
	}
	return strings.Trim(strings.Join(words, "_"), "_")
}

// upperSnake turns botToken, x-api-key and z.ai into BOT_TOKEN, X_API_KEY and Z_AI.
func upperSnake(token string) string {
	var b strings.Builder
	previous := '_'
	for _, r := range token {
		switch {
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if unicode.IsUpper(r) && unicode.IsLower(previous) {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToUpper(r))
		case previous != '_':
			b.WriteByte('_')
			r = '_'
		default:
			r = '_'
		}
		previous = r
	}
	return strings.Trim(b.String(), "_")
}

// unwritable says why a value cannot go into the .env, "" if it can.
func (p *planner) unwritable(value secret.Value) string {
	form, err := dotenv.Quote(value.Reveal())
	if err != nil {
		return "no .env form of the value reads the same in every reader"
	}
	if service := p.result.Env.ReadByService(p.result.View.Home); service != "" && form != value.Reveal() {
		return service + " reads the .env too, and reads quoted values by other rules than the gateway"
	}
	return ""
}
