package corpus

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed grammar/*.txt
var grammarFiles embed.FS

// grammar is a set of named classes of text; grammar/prose.txt says how it is written.
// It does not change once it is parsed.
type grammar map[string]*class

// class is a set of alternatives, all equally likely.
type class struct{ alternatives []alternative }

type alternative []part

// part is a literal, or so many texts of a class, or a builtin such as hex:40.
type part struct {
	literal   string
	class     *class
	builtin   func(noise, []byte) []byte
	least     int
	most      int
	spelling  spelling
	reference string // the class's name, until it is resolved
}

// spelling says what is done to a text before it goes in.
type spelling int

const (
	asWritten  spelling = iota
	capital             // its first letter
	allCapital          // NOUN
	quoted              // as a JSON string
)

func parseGrammar() (grammar, error) {
	g := grammar{}
	entries, err := grammarFiles.ReadDir("grammar")
	if err != nil {
		return nil, fmt.Errorf("corpus: grammar: %w", err)
	}
	for _, entry := range entries {
		data, err := grammarFiles.ReadFile("grammar/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("corpus: grammar: %w", err)
		}
		if err := g.parse(string(data)); err != nil {
			return nil, fmt.Errorf("corpus: %s: %w", entry.Name(), err)
		}
	}
	return g, g.resolve()
}

// parse adds the classes of one file.
func (g grammar) parse(file string) error {
	unescape := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\s`, " ")
	sections := strings.Split("\n"+file, "\n=")
	for _, section := range sections[1:] { // before the first there are only comments
		header, body, _ := strings.Cut(section, "\n")
		long := strings.HasPrefix(header, "=")
		c := new(class)
		var texts []string
		if long {
			texts = strings.Split(strings.TrimSuffix(body, "\n"), "\n--\n")
		} else {
			texts = strings.Split(strings.Trim(body, "\n"), "\n")
		}
		for _, text := range texts {
			if long {
				text += "\n"
			} else {
				text = unescape.Replace(text)
			}
			parts, err := parseAlternative(text)
			if err != nil {
				return err
			}
			c.alternatives = append(c.alternatives, parts)
		}
		g[strings.Trim(header, "= ")] = c
	}
	return nil
}

func parseAlternative(text string) (alternative, error) {
	var parts alternative
	for text != "" {
		literal, rest, found := strings.Cut(text, "«")
		if literal != "" {
			parts = append(parts, part{literal: literal})
		}
		if !found {
			break
		}
		slot, after, found := strings.Cut(rest, "»")
		if !found {
			return nil, fmt.Errorf("« without »")
		}
		p, err := parseSlot(slot)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
		text = after
	}
	return parts, nil
}

func parseSlot(slot string) (part, error) {
	p := part{least: 1, most: 1}
	name, repeat, found := strings.Cut(slot, "*")
	if found {
		if _, err := fmt.Sscanf(repeat, "%d-%d", &p.least, &p.most); err != nil {
			return part{}, fmt.Errorf("«%s»: %w", slot, err)
		}
	}
	if text, found := strings.CutPrefix(name, "quoted "); found {
		name, p.spelling = text, quoted
	}
	if kind, size, found := strings.Cut(name, ":"); found || name == "uuid" || name == "date" || name == "ip" {
		var err error
		p.builtin, err = builtin(kind, size)
		return p, err
	}
	switch {
	case name == strings.ToUpper(name):
		p.spelling = allCapital
	case name[:1] == strings.ToUpper(name[:1]):
		p.spelling = capital
	}
	p.reference = strings.ToLower(name)
	return p, nil
}

func (g grammar) resolve() error {
	for _, c := range g {
		for _, parts := range c.alternatives {
			for i := range parts {
				if name := parts[i].reference; name != "" {
					if parts[i].class = g[name]; parts[i].class == nil {
						return fmt.Errorf("corpus: grammar has no class %s", name)
					}
				}
			}
		}
	}
	return nil
}
