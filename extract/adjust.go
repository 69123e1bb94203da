package extract

import (
	"encoding/json"
	"path"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
	"github.com/clawsecrets/clawsecrets/scan"
)

// measurer returns what reads a file and decides its edits.
func (p *planner) measurer(r *Rewrite, findings []*scan.Finding) *measurer {
	m := &measurer{
		spots: p.spots(r.File, findings), before: p.key.NewMAC(), after: p.key.NewMAC(),
		take:   p.takeSpot,
		put:    p.takeText,
		refuse: func(s spot, why string) { p.keepSpot(s, why) },
	}
	switch base := path.Base(filepath.ToSlash(r.File.Path)); {
	case r.File.Surface == "session" && transcript.IsTranscript(base):
		m.adjust = transcript.Adjust
	case strings.Contains(base, ".jsonl"):
		m.adjust = staysJSON(json.Valid)
	case strings.Contains(base, ".json"):
		m.adjust, m.whole = staysJSON(isJSON5), true
	}
	if earlier := p.receipt.copy(r.File.Rel); earlier != nil {
		m.prefix = &prefixMAC{p.key.NewMAC(), earlier.Steps[len(earlier.Steps)-1].NowSize}
	}
	return m
}

// grown notes where a file goes on behind what an earlier run has left of it.
func (p *planner) grown(r *Rewrite, m *measurer) {
	if m.prefix != nil && m.prefix.left == 0 {
		r.steps[0].prefix = m.prefix.mac.Sum()
	}
}

func isJSON5(text []byte) bool {
	_, err := json5.Parse(text)
	return err == nil
}

// staysJSON returns an adjust that refuses what would make a record that is valid
// invalid: a secret that was found across the marks of the format.
func staysJSON(valid func(text []byte) bool) func([]byte, int, []transcript.Span) ([]transcript.Span, []string) {
	return func(record []byte, _ int, spans []transcript.Span) (remove []transcript.Span, refused []string) {
		refused = make([]string, len(spans))
		var after []byte
		at := 0
		for _, span := range spans {
			after = append(append(after, record[at:span.Start]...), "[redacted]"...)
			at = span.End
		}
		after = append(after, record[at:]...)
		if valid(record) && !valid(after) {
			for i := range refused {
				refused[i] = "it is no part of one string, and the file would be damaged without it"
			}
		}
		return nil, refused
	}
}
