package scan

import (
	"bytes"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

func (s *scanner) dotenv() error {
	file := s.result.Env.File
	if file == nil {
		return nil
	}
	s.count(file)
	for _, entry := range s.result.Env.Dotenv.Entries() {
		for _, v := range s.judge.variable(entry.Name, entry.Value) {
			s.assigned(file, entry, v, Keep)
		}
	}
	s.dotenvComments(file)
	return nil
}

// assigned records a part of an assignment's value, with the action that fits its file.
func (s *scanner) assigned(file *gateway.File, entry dotenv.Entry, v verdict, action Action) {
	f := s.record(&Finding{
		Rule: v.rule, Detector: v.detector, Env: entry.Name, Action: action,
		Value:    secret.New(entry.Value[v.from:v.to]),
		Location: assignedAt(file, entry, v),
	})
	if f == nil {
		return
	}
	if s.named == nil {
		s.named = map[namedAt]bool{}
	}
	s.named[namedAt{file, f.Line, f.Value.Reveal()}] = true
	s.weigh(f, 0)
}

// assignedAt returns where a part of an assignment's value stands: all of the assignment
// where it is not written as it reads.
func assignedAt(file *gateway.File, entry dotenv.Entry, v verdict) Location {
	text := file.Data[entry.Start:entry.End]
	at := Location{
		File: file, Line: entry.Line, Column: entry.Column, From: v.from, To: v.to,
		Start: entry.Start, End: entry.End,
	}
	for _, written := range writtenInDotenv(entry.Value[v.from:v.to]) {
		i := bytes.LastIndex(text, []byte(written.text)) // behind the name, which it may be a part of
		if i < len(entry.Name) {
			continue
		}
		passed := text[:i]
		if feed := bytes.LastIndexByte(passed, '\n'); feed >= 0 {
			at.Line += bytes.Count(passed, []byte("\n"))
			at.Column, passed = 1, passed[feed+1:]
		}
		at.Column += utf8.RuneCount(passed)
		at.Start, at.End, at.Layers = entry.Start+i, entry.Start+i+len(written.text), written.layers
		break
	}
	return at
}

type written struct{ text, layers string }

// writtenInDotenv returns how a value may be written in a .env: as it reads, or with its line
// ends as escapes, which a search takes for those of JSON.
func writtenInDotenv(value string) []written {
	ways := []written{{text: value}}
	if strings.ContainsAny(value, "\r\n") && !strings.Contains(value, `\`) {
		ways = append(ways, written{strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(value), "j"})
	}
	return ways
}

// dotenvComments records what the rules find between the assignments.
func (s *scanner) dotenvComments(file *gateway.File) {
	text := bytes.Clone(file.Data)
	for _, entry := range s.result.Env.Dotenv.Entries() {
		for i := entry.Start; i < entry.End; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	s.lines(file, text, Keep, "in a comment: delete the comment")
}

func isDotenv(shown string) bool {
	base := path.Base(shown)
	return strings.HasSuffix(base, ".env") || len(base) > len(".env") && strings.HasPrefix(base, ".env") && strings.IndexByte(".~-_", base[len(".env")]) >= 0
}

// assignments records the variables of a .env by their names. What the rules find in the
// rest of the file is found when it is searched.
func (p *places) assignments(file *gateway.File, action Action) {
	data, err := os.ReadFile(file.Path)
	if err != nil {
		return // the search says so
	}
	file.Data = data
	for _, entry := range dotenv.Parse(data).Entries() {
		for _, v := range p.judge.variable(entry.Name, entry.Value) {
			p.assigned(file, entry, v, action)
		}
	}
}
