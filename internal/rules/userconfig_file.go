package rules

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// userFile is one file of a configuration.
type userFile struct {
	Extend     gitleaksExtend
	Allowlist  *gitleaksAllowlist // the older spelling of Allowlists
	Allowlists []gitleaksAllowlist
	Rules      []toml.Primitive

	rules    []*userRule
	global   []*allowlist
	targeted []targetedList
}

// userFileRule is a rule in a file.
type userFileRule struct {
	gitleaksRule
	Required   []struct{ ID string }
	SkipReport bool
}

// targetedList is an allow-list for a rule that it names.
type targetedList struct {
	rule string
	list *allowlist
}

var errWrongType = errors.New("a value has the wrong type: lists are written in brackets, numbers and true without quotes, " +
	"allowlists with double brackets around their name")

// decodeUserFile parses a file and compiles all of its expressions.
func decodeUserFile(data []byte) (*userFile, error) {
	var file userFile
	meta, err := toml.Decode(string(data), &file)
	if err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("line %d, column %d is not valid TOML", syntax.Position.Line, syntax.Position.Col)
		}
		return nil, errWrongType
	}
	for i, undecoded := range file.Rules {
		var named struct{ ID string }
		if err := meta.PrimitiveDecode(undecoded, &named); err != nil || strings.TrimSpace(named.ID) == "" {
			return nil, fmt.Errorf("rule number %d has no id: give it one", i+1)
		}
		var r userFileRule
		if err := meta.PrimitiveDecode(undecoded, &r); err != nil {
			return nil, fmt.Errorf("rule %q: %w", named.ID, errWrongType)
		}
		if err := file.addRule(r); err != nil {
			return nil, fmt.Errorf("rule %q: %w", r.ID, err)
		}
	}
	return &file, file.addLists()
}

// addRule adds a rule, in the place of one with the same ID.
func (f *userFile) addRule(r userFileRule) error {
	lists, err := userLists(r.Allowlists, r.Allowlist)
	if err != nil {
		return err
	}
	if slices.Contains(r.Keywords, "") {
		return errors.New("a keyword is empty: remove it")
	}
	if _, err := countGroups(r.Regex); err != nil {
		return fmt.Errorf("regex: %w", err)
	}
	if _, err := countGroups(r.Path); err != nil {
		return fmt.Errorf("path: %w", err)
	}
	parsed := &userRule{id: r.ID, body: r.body(), composite: len(r.Required) > 0, silent: r.SkipReport}
	parsed.body.allowlists = lists
	f.rules = slices.DeleteFunc(f.rules, func(other *userRule) bool { return other.id == r.ID })
	f.rules = append(f.rules, parsed)
	return nil
}

// addLists adds the allow-lists beside the rules.
func (f *userFile) addLists() error {
	lists, err := userLists(f.Allowlists, f.Allowlist)
	if err != nil {
		return err
	}
	for i, a := range withOlder(f.Allowlists, f.Allowlist) {
		if len(a.TargetRules) == 0 {
			f.global = append(f.global, lists[i])
		}
		for _, id := range a.TargetRules {
			f.targeted = append(f.targeted, targetedList{id, lists[i]})
		}
	}
	return nil
}

// userLists returns the lists, whose expressions have been compiled.
func userLists(written []gitleaksAllowlist, older *gitleaksAllowlist) ([]*allowlist, error) {
	if older != nil && len(written) > 0 {
		return nil, errors.New("has both allowlist and allowlists: use the second only")
	}
	var lists []*allowlist
	for i, a := range withOlder(written, older) {
		list, err := a.checked()
		if err != nil {
			return nil, fmt.Errorf("allow-list number %d: %w", i+1, err)
		}
		lists = append(lists, list)
	}
	return lists, nil
}

// checked returns the list, as gitleaks understands it.
func (a gitleaksAllowlist) checked() (*allowlist, error) {
	kinds := 0
	for _, conditions := range [][]string{a.Commits, a.Paths, a.Regexes, a.StopWords} {
		if len(conditions) > 0 {
			kinds++
		}
	}
	if kinds == 0 {
		return nil, errors.New("has no commits, paths, regexes or stopwords: add some")
	}
	if !slices.Contains([]string{"", "OR", "||", "AND", "&&"}, strings.ToUpper(a.Condition)) {
		return nil, errors.New(`condition is unknown: write "OR" or "AND"`)
	}
	if !slices.Contains([]string{"", "secret", "match", "line"}, a.RegexTarget) {
		return nil, errors.New(`regexTarget is unknown: write "secret", "match" or "line"`)
	}
	list := a.allowlist()
	list.all = list.all && kinds > 1
	var err error
	if list.regex, err = joined(a.Regexes); err != nil {
		return nil, fmt.Errorf("regexes: %w", err)
	}
	if list.path, err = joined(a.Paths); err != nil {
		return nil, fmt.Errorf("paths: %w", err)
	}
	return list, nil
}

// joined returns the expressions as the one that gitleaks makes of them: a flag within
// one reaches those that follow.
func joined(sources []string) (anyOf, error) {
	if len(sources) == 0 {
		return nil, nil
	}
	all := "(?:" + strings.Join(sources, "|") + ")"
	for _, source := range append(slices.Clone(sources), all) {
		if _, err := countGroups(source); err != nil {
			return nil, err
		}
	}
	return anyOf{{source: all}}, nil
}

// countGroups returns the number of groups in an expression, an error if it does not
// compile.
func countGroups(source string) (int, error) {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		// The parser's message quotes the expression.
		return 0, errors.New("an expression does not compile: see https://pkg.go.dev/regexp/syntax")
	}
	return re.MaxCap(), nil
}
