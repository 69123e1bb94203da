package scan

import (
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// found records a secret in a JSON string and returns it, nil where the options
// leave it out.
func (s *scanner) found(file *gateway.File, node json5.Node, v verdict) *Finding {
	start, end := rawSpan(node, v)
	line, column := s.position(file, node.Document(), start)
	return s.record(&Finding{
		Rule: v.rule, Detector: v.detector, Value: secret.New(node.Text()[v.from:v.to]),
		Location: Location{
			File: file, Node: node, Pointer: node.Pointer(),
			Line: line, Column: column, From: v.from, To: v.to, Start: start, End: end,
		},
	})
}

// rawSpan returns the bytes of the file in which a part of a string is written.
func rawSpan(node json5.Node, v verdict) (start, end int) {
	inside := node.Start() + 1
	written := node.Raw()
	written = written[1 : len(written)-1]
	if string(unwrap.Unescape(nil, written)) == node.Text() { // else with escapes that only JSON5 has
		start, end = unwrap.UnescapeSpan(written, v.from, v.to)
		return inside + start, inside + end
	}
	return inside, node.End() - 1
}

// record adds a finding with the severity and action of its surface.
func (s *scanner) record(f *Finding) *Finding {
	if f.Value.IsZero() {
		return nil
	}
	if !s.wanted(f) {
		s.result.LeftOut = append(s.result.LeftOut, f)
		return nil
	}
	if f.Action == "" {
		f.Action = s.action(f.File)
	}
	if f.Note == "" {
		f.Note = s.settled[f.File].Note
	}
	f.ReadableBy = s.reach.readers(f.File)
	f.Severity = surfaceSeverity(f)
	if s.settled[f.File].ToModel {
		f.Severity = Critical
	}
	s.result.Findings = append(s.result.Findings, f)
	return f
}

// mayShow reports whether the options let findings of a file be shown, by the names that
// it has.
func (s *scanner) mayShow(names ...string) bool {
	return (len(s.options.Only) == 0 || matchesAny(s.options.Only, names)) && !matchesAny(s.options.Skip, names)
}

func (s *scanner) wanted(f *Finding) bool {
	names := append(s.names(f.File), strings.ReplaceAll(strings.TrimPrefix(f.Pointer, "/"), "/", "."))
	return s.mayShow(names...)
}

func matchesAny(globs, names []string) bool {
	for _, glob := range globs {
		for _, name := range names {
			if ok, _ := filepath.Match(glob, name); ok {
				return true
			}
		}
	}
	return false
}

// settle notes what a file is by where it lies.
func (s *scanner) settle(file *gateway.File, place gateway.Place) {
	if s.settled == nil {
		s.settled = map[*gateway.File]gateway.Place{}
	}
	s.settled[file] = place
}

// action returns what fits a secret in a file, by where that lies. What is read for its
// meaning, wherever it lies, can move.
func (s *scanner) action(file *gateway.File) Action {
	if place, ok := s.settled[file]; ok {
		return Action(place.Action)
	}
	switch file.Surface {
	case "config", "include", "auth-profile":
		return Extract
	}
	return Keep
}

// surfaceSeverity ranks a finding by what it opens and by who can read it.
func surfaceSeverity(f *Finding) Severity {
	if f.ReadableBy == Group || f.ReadableBy == Others {
		return Critical
	}
	switch f.File.Surface {
	case "dotenv":
		if f.Exposed() {
			return Medium
		}
		return Low
	case "backup", "generated", "credentials", "device":
		return Medium
	default:
		return High
	}
}

// weigh adds a finding of its own where a value is weak, and takes a placeholder
// out of the way of extract: it is no secret, and a marker that the product wrote
// over a secret must never become one.
func (s *scanner) weigh(f *Finding, minLength int) {
	weakness := rules.Weak(f.Value.Reveal(), minLength)
	reason := weakness.Reason()
	if weakness == rules.None {
		return
	}
	weak := *f
	weak.Detector, weak.Action, weak.Note, weak.Severity = Weak, Rotate, reason, Critical
	switch weakness {
	case rules.Short:
		weak.Rule = "weak-secret"
	case rules.Redacted:
		weak.Rule = "lost-secret"
		weak.Note = reason + ": the real value is gone from here, enter it again"
	default:
		weak.Rule = "placeholder"
	}
	if weakness != rules.Short {
		*f = weak
		return
	}
	s.result.Findings = append(s.result.Findings, &weak)
}
