package extract

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
	"github.com/clawsecrets/clawsecrets/scan"
)

// spot is a stretch of a file in which one or more secrets stand, and what is to stand
// there instead.
type spot struct {
	start, end int64
	findings   []*scan.Finding // the first is the one that the text is made for
	text       string
}

// measurer reads a file from its beginning to its end, in parts, and works out which
// edits it needs: record by record, so that a transcript of any size fits. Meanwhile it
// computes the HMACs of the file before and after.
type measurer struct {
	spots []spot // sorted and apart; those before the present record are gone
	// adjust, if set, says what a record's form asks for; see transcript.Adjust.
	adjust func(record []byte, number int, spans []transcript.Span) (remove []transcript.Span, refused []string)
	// whole takes all of the file for one record.
	whole bool
	// put returns the piece that restores a stretch of text which is no spot.
	put func(text []byte) piece
	// take returns the piece that restores a spot.
	take func(s spot, raw []byte) piece
	// refuse is told of the findings of a spot that stays.
	refuse func(s spot, why string)

	before, after secret.MAC
	prefix        *prefixMAC // of what an earlier run has written, nil if there was none

	pending []byte // the present record, as far as it was read
	start   int64  // where it begins
	number  int    // of its first line, 0-based
	tooLong bool   // its beginning has been passed on
	edits   []splice
	changed bool // a secret is not where it was found
}

// longestRecord is the length in bytes up to which a record is looked at as a whole.
const longestRecord = 16 << 20

// part takes the next bytes of the file.
func (m *measurer) part(part []byte) error {
	_, _ = m.before.Write(part)
	if m.prefix != nil {
		_, _ = m.prefix.Write(part)
	}
	for len(part) > 0 {
		line := part
		complete := false
		if at := bytes.IndexByte(part, '\n'); at >= 0 && !m.whole {
			line, complete = part[:at+1], true
		}
		part = part[len(line):]
		m.pending = append(m.pending, line...)
		if complete && !m.runsOn() {
			m.record()
		} else if len(m.pending) > longestRecord && !m.runsOn() {
			m.flush()
		}
	}
	return nil
}

// runsOn reports whether a secret goes on behind what was read of the record.
func (m *measurer) runsOn() bool {
	end := m.start + int64(len(m.pending))
	for _, s := range m.spots {
		if s.start >= end {
			return false
		}
		if s.end > end {
			return true
		}
	}
	return false
}

// flush passes on the beginning of a record that is too long to be held.
func (m *measurer) flush() {
	m.tooLong = true
	m.record()
	m.tooLong = true
}

// record decides the spots of the record that was read, and begins the next one.
func (m *measurer) record() {
	record := m.pending
	end := m.start + int64(len(record))
	n, _ := slices.BinarySearchFunc(m.spots, end, func(s spot, end int64) int { return cmp.Compare(s.start, end) })
	mine := m.spots[:n]
	m.spots = m.spots[n:]
	edits := m.decide(record, mine)
	s := &splicer{dst: m.after, edits: edits, at: m.start}
	_, _ = s.Write(record) // neither fails
	_ = s.finish()
	m.edits = append(m.edits, edits...)
	m.number += bytes.Count(record, []byte("\n"))
	m.start, m.pending, m.tooLong = end, m.pending[:0], false
}

// decide returns the edits of a record.
func (m *measurer) decide(record []byte, spots []spot) []splice {
	if len(spots) == 0 {
		return nil
	}
	var spans []transcript.Span
	for _, s := range spots {
		span := transcript.Span{Start: int(s.start - m.start), End: int(s.end - m.start)}
		if span.Start < 0 || span.End > len(record) || !m.stands(record, s) {
			m.changed = true
			return nil
		}
		spans = append(spans, span)
	}
	if m.tooLong && m.adjust != nil {
		for _, s := range spots {
			m.refuse(s, "it stands in a record that is too long to be checked")
		}
		return nil
	}
	var remove []transcript.Span
	refused := make([]string, len(spots))
	if m.adjust != nil {
		remove, refused = m.adjust(bytes.TrimRight(record, "\r\n"), m.number+1, spans)
	}
	return m.splices(record, spots, spans, refused, remove)
}

// stands reports whether every secret of a spot is where it was found.
func (m *measurer) stands(record []byte, s spot) bool {
	return !slices.ContainsFunc(s.findings, func(f *scan.Finding) bool {
		from, to := int64(f.Start)-m.start, int64(f.End)-m.start
		return from < 0 || to > int64(len(record)) || !f.WrittenAs(record[from:to])
	})
}

// splices returns the edits for the spots that are not refused, and for what goes with them.
func (m *measurer) splices(record []byte, spots []spot, spans []transcript.Span, refused []string, remove []transcript.Span) []splice {
	var edits []splice
	for i, s := range spots {
		span := spans[i]
		within := slices.ContainsFunc(remove, func(r transcript.Span) bool { return r.Start <= span.Start && span.End <= r.End })
		switch {
		case within: // it goes with the member that it stands in
		case refused[i] != "":
			m.refuse(s, refused[i])
		default:
			edits = append(edits, splice{s.start, s.end, s.text, []piece{m.take(s, record[span.Start:span.End])}})
		}
	}
	for _, r := range remove {
		edits = append(edits, splice{m.start + int64(r.Start), m.start + int64(r.End), "", []piece{m.put(record[r.Start:r.End])}})
	}
	slices.SortFunc(edits, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
	return edits
}

// finish decides the last record and returns the step that leads from the old bytes to
// the new ones.
func (m *measurer) finish() step {
	m.record()
	m.changed = m.changed || len(m.spots) > 0 // the file has become shorter
	var now int64
	for _, edit := range m.edits {
		now += int64(len(edit.text)) - (edit.end - edit.start)
	}
	return step{
		Was: m.before.Sum(), Now: m.after.Sum(), WasSize: m.start, NowSize: m.start + now,
		Undo: inversesOf(m.edits),
	}
}

// prefixMAC computes the HMAC of the first bytes of a file.
type prefixMAC struct {
	mac  secret.MAC
	left int64
}

// Write takes the next bytes of the file; it never fails.
func (p *prefixMAC) Write(part []byte) (int, error) {
	n := min(int64(len(part)), p.left)
	p.left -= n
	_, _ = p.mac.Write(part[:n])
	return len(part), nil
}
