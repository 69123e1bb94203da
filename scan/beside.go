package scan

import (
	"bytes"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// beside records what lies in a JSON5 file beside its strings: in comments, in the
// names of keys, and in numbers where a password belongs. Nothing of that can move.
func (s *scanner) beside(file *gateway.File) {
	document, err := file.Document()
	if err != nil {
		return
	}
	s.comments(file, document)
	document.Root().Walk(func(node json5.Node) bool {
		for _, member := range node.Members() {
			s.name(file, document, member)
			if member.Value.Kind() == json5.Number {
				s.number(file, document, member)
			}
		}
		return true
	})
}

// name records a key whose name is a secret.
func (s *scanner) name(file *gateway.File, document *json5.Document, member json5.Member) {
	if len(member.Name) < shortestSecret {
		return
	}
	for _, m := range s.judge.rules.Find(member.Name) {
		s.stray(file, document, &Finding{
			Rule: m.Rule, Detector: Detector(m.Detector), Value: secret.New(member.Name[m.Start:m.End]),
			Note:     "the name of a key: rename it",
			Location: Location{Start: member.NameStart, End: member.NameEnd},
		})
	}
}

// fewestDigits is how many digits a number has at least to be taken for a password.
const fewestDigits = 6

// number records a number under a name that says it is a secret.
func (s *scanner) number(file *gateway.File, document *json5.Document, member json5.Member) {
	raw := member.Value.Raw()
	if !rules.SecretKey(member.Name) || len(raw) < fewestDigits {
		return
	}
	s.stray(file, document, &Finding{
		Rule: "credential", Detector: ByKey, Value: secret.New(string(raw)),
		Note:     "a number: write it as a string in quotes, which the gateway asks for",
		Location: Location{Pointer: member.Value.Pointer(), Start: member.Value.Start(), End: member.Value.End()},
	})
}

// stray records a finding that is no string.
func (s *scanner) stray(file *gateway.File, document *json5.Document, f *Finding) {
	f.File, f.Action = file, Keep
	f.Line, f.Column = s.position(file, document, f.Start)
	s.record(f)
}

// position returns where a byte of a file stands. It is cheap for the increasing
// offsets of a walk.
func (s *scanner) position(file *gateway.File, document *json5.Document, offset int) (line, column int) {
	if s.positions[file] == nil {
		if s.positions == nil {
			s.positions = map[*gateway.File]func(int) (int, int){}
		}
		s.positions[file] = document.Positions()
	}
	return s.positions[file](offset)
}

// comments records what the rules find in the comments of a JSON5 file.
func (s *scanner) comments(file *gateway.File, document *json5.Document) {
	// Everything but the comments becomes blank, so that lines and columns stay.
	text := bytes.Repeat([]byte(" "), len(file.Data))
	for i, b := range file.Data {
		if b == '\n' {
			text[i] = b
		}
	}
	found := false
	document.Comments(func(start, end int) {
		copy(text[start:end], file.Data[start:end])
		found = true
	})
	if found {
		s.lines(file, text, Keep, "in a comment: delete the comment")
	}
}

// lines records what the rules find line by line, with the action that fits, "" for that of
// the file. text is the file, or the file with parts of it blanked.
func (s *scanner) lines(file *gateway.File, text []byte, action Action, note string) {
	start := 0
	for number, line := range bytes.SplitAfter(text, []byte("\n")) {
		trimmed := bytes.TrimRight(line, "\r\n")
		if len(bytes.TrimSpace(trimmed)) >= shortestSecret {
			for _, m := range s.judge.rules.Find(string(trimmed)) {
				s.record(&Finding{
					Rule: m.Rule, Detector: Detector(m.Detector), Value: secret.New(string(trimmed[m.Start:m.End])),
					Action: action, Note: note,
					Location: Location{
						File: file, Line: number + 1, Column: utf8.RuneCount(file.Data[start:start+m.Start]) + 1,
						Start: start + m.Start, End: start + m.End,
					},
				})
			}
		}
		start += len(line)
	}
}
