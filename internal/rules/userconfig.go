package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// UserConfig is a person's own gitleaks configuration, a .gitleaks.toml with all that it
// extends. It takes the place of gitleaks' default rules: as in gitleaks, these are there
// only if it says extend.useDefault. Our own rules and the known values stay whatever it
// says, and its allow-lists do not speak about them.
//
// It does not change once parsed; many a [Set] may have it.
type UserConfig struct {
	defaults *library        // nil: the default rules are not used
	without  map[string]bool // default rules that are disabled, or are among rules
	rules    []*userRule
	global   []*allowlist
	sum      string // of the files
}

// userRule is a rule as the configuration has it.
type userRule struct {
	id        string
	body      *body
	prepared  *sieve.Prepared // nil: not known
	composite bool            // counts only beside matches of other rules
	silent    bool            // found for the sake of composite rules only
}

// mostExtends is how many configurations in a row extend another. What the last one would
// extend is not looked at: so gitleaks has it.
const mostExtends = 2

// ParseConfig returns the configuration with that content, whose path is for errors. It
// calls read, which is to behave as [os.ReadFile], for what the configuration extends:
// such a path is relative to the working directory, as in gitleaks, not to path.
//
// What gitleaks refuses is an error here, and so are composite rules ([[rules.required]]),
// which are not supported, and values that gitleaks would convert, such as a number in
// quotes. The version that the configuration asks for does not matter.
func ParseConfig(path string, data []byte, read func(path string) ([]byte, error)) (*UserConfig, error) {
	p := configParser{read, sha256.New()}
	c, targeted, err := p.parse(path, data, 0)
	if err != nil {
		return nil, err
	}
	for _, t := range targeted {
		if err := c.restrict(t); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	for _, r := range c.rules {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("%s: rule %q: %w", path, r.id, err)
		}
	}
	c.sum = hex.EncodeToString(p.seen.Sum(nil))
	return c, c.prepare()
}

// configParser reads a configuration and what it extends.
type configParser struct {
	read func(path string) ([]byte, error)
	seen hash.Hash // of all files
}

// parse parses one file and what it extends, depth files behind the first. The lists that
// name their rules are returned apart: gitleaks regards those of the first file only,
// once all rules are there.
func (p configParser) parse(path string, data []byte, depth int) (*UserConfig, []targetedList, error) {
	_, _ = fmt.Fprintf(p.seen, "%d\x00%s", len(data), data)
	file, err := decodeUserFile(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	c := &UserConfig{rules: file.rules, global: file.global}
	if depth < mostExtends {
		if err := p.extend(c, file.Extend, depth+1); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return c, file.targeted, nil
}

// extend adds to c what its file says that it extends.
func (p configParser) extend(c *UserConfig, written gitleaksExtend, depth int) error {
	switch {
	case written.UseDefault && written.Path != "":
		return errors.New("extend has both useDefault and path: remove one")
	case written.UseDefault:
		defaults, err := newLibrary()
		if err != nil {
			return err
		}
		return c.extend(&UserConfig{defaults: defaults, without: map[string]bool{}}, written.DisabledRules)
	case written.Path != "":
		data, err := p.read(written.Path)
		if err != nil {
			return fmt.Errorf("configuration that it extends: %w", err)
		}
		base, _, err := p.parse(written.Path, data, depth)
		if err != nil {
			return err
		}
		return c.extend(base, written.DisabledRules)
	}
	return nil
}

// extend adds the rules of base that are not disabled, and its lists. A rule that both
// have is that of base with the changes of c.
func (c *UserConfig) extend(base *UserConfig, disabled []string) error {
	for _, id := range disabled {
		if _, err := base.take(id); err != nil {
			return err
		}
	}
	for i, r := range c.rules {
		changed, err := base.take(r.id)
		if err != nil {
			return err
		}
		if changed != nil {
			c.rules[i] = r.over(changed)
		}
	}
	c.defaults, c.without = base.defaults, base.without
	c.rules = append(c.rules, base.rules...)
	c.global = append(c.global, base.global...)
	return nil
}

// take removes the rule with that ID and returns it, nil if there is none.
func (c *UserConfig) take(id string) (*userRule, error) {
	if i := slices.IndexFunc(c.rules, func(r *userRule) bool { return r.id == id }); i >= 0 {
		r := c.rules[i]
		c.rules = slices.Delete(c.rules, i, i+1)
		return r, nil
	}
	if c.defaults == nil || c.without[id] {
		return nil, nil
	}
	i := slices.IndexFunc(c.defaults.rules, func(r *rule) bool { return r.id == id })
	if i < 0 {
		return nil, nil
	}
	c.without[id] = true
	b, err := c.defaults.rules[i].load()
	return &userRule{id: id, body: b}, err
}

// restrict adds the list to the rule that it names.
func (c *UserConfig) restrict(t targetedList) error {
	r, err := c.take(t.rule)
	if err != nil {
		return err
	}
	if r == nil {
		return fmt.Errorf("allow-list is for rule %q, which there is not: correct targetRules", t.rule)
	}
	r.body.allowlists = append(r.body.allowlists, t.list)
	c.rules = append(c.rules, r)
	return nil
}

// over returns base with what r says otherwise. Whether base is to be reported is not
// changed: so gitleaks has it.
func (r *userRule) over(base *userRule) *userRule {
	changed := &userRule{id: r.id, composite: r.composite || base.composite, silent: base.silent}
	changed.body = &body{
		description: cmp.Or(r.body.description, base.body.description),
		path:        r.body.path,
		keywords:    slices.Concat(base.body.keywords, r.body.keywords),
		regex:       lazyRegexp{source: cmp.Or(r.body.regex.source, base.body.regex.source)},
		secretGroup: cmp.Or(r.body.secretGroup, base.body.secretGroup),
		entropy:     cmp.Or(r.body.entropy, base.body.entropy),
		allowlists:  slices.Concat(base.body.allowlists, r.body.allowlists),
	}
	if changed.body.path == nil {
		changed.body.path = base.body.path
	}
	return changed
}

// check returns what makes a rule unusable in which all changes have been made.
func (r *userRule) check() error {
	b := r.body
	switch {
	case r.composite:
		return errors.New("rules.required is not supported: disable the rule, or remove what it requires")
	case b.regex.source == "" && b.path == nil:
		return errors.New("has neither regex nor path: add one")
	case b.regex.source == "" && len(b.keywords) > 0:
		return errors.New("keywords beside a path alone are not supported: remove them, or add a regex")
	case b.regex.source == "":
		return nil
	}
	groups, err := countGroups(b.regex.source)
	if err == nil && b.secretGroup > groups {
		err = fmt.Errorf("secretGroup is %d, but regex has %d groups", b.secretGroup, groups)
	}
	return err
}

// prepare gives rules that have the expression of a default rule what is known of it: a
// configuration may be a copy of gitleaks' own.
func (c *UserConfig) prepare() error {
	index, err := libraryIndex()
	if err != nil {
		return err
	}
	known := map[string]indexed{}
	for _, entry := range index {
		known[entry.id] = entry
	}
	for _, r := range c.rules {
		if entry := known[r.id]; entry.regex == checksum(r.body.regex.source) {
			r.prepared = entry.prepared
		}
	}
	return nil
}

// version names what the configuration says, "" for a nil c.
func (c *UserConfig) version() string {
	if c == nil {
		return ""
	}
	return c.sum
}

// library returns the rules to search for: the default ones for a nil c. Each search has
// to have its own.
func (c *UserConfig) library() (*library, error) {
	if c == nil {
		return newLibrary()
	}
	l := &library{}
	if c.defaults != nil {
		var err error
		if l, err = newLibrary(); err != nil {
			return nil, err
		}
		l.rules = slices.DeleteFunc(l.rules, func(r *rule) bool { return c.without[r.id] })
	}
	for _, r := range c.rules {
		if !r.silent {
			l.rules = append(l.rules, r.rule())
		}
	}
	l.own = c.global
	return l, nil
}

// rule returns the rule, ready to run.
func (r *userRule) rule() *rule {
	return &rule{
		indexed: indexed{
			id: r.id, regex: checksum(r.body.regex.source), prepared: r.prepared,
			words: sieveWords(r.body.keywords), path: r.body.path != nil,
		},
		detector: DetectorGitleaks,
		rank:     gitleaksRank(strings.ToLower(r.id)),
		read:     func() (*body, error) { return r.body, nil },
	}
}

// sieveWords returns the keywords if the sieve finds all of them in any letter case.
func sieveWords(keywords []string) []string {
	for _, word := range keywords {
		if strings.ContainsFunc(word, func(char rune) bool { return char >= utf8.RuneSelf }) {
			return nil
		}
	}
	return keywords
}
