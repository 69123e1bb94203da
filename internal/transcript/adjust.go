package transcript

import (
	"bytes"
	"encoding/json"
)

// Why a span must stay. No text of the record is ever part of a reason.
const (
	whyHeader    = "it is in the session's header: if that changes, the gateway starts the transcript anew"
	whyDisorder  = "its place in the record is not what was asked for"
	whyOutside   = "it is not within one string of the record"
	whyCut       = "it begins or ends in the middle of a character"
	whyLinks     = "it is in a field that the gateway finds or sends records by"
	whyEncrypted = "it is in what the provider must get back as it is"
	whyImage     = "it is a part of an image, which would be damaged"
	whyTooDeep   = "it is in a record that is nested too deeply to be checked"
	whyRevives   = "it is in a broken record, which would be a valid one without it"
)

// deepest is how deep a record can be nested for encoding/json to call it valid. The
// gateway has no such limit.
const deepest = 10_000

// Adjust says what else must go from a record when spans of it are replaced by text
// that needs no escape in JSON, such as "[redacted:NAME]", and which spans must stay.
//
// The record is one line of a transcript, with or without its line feed; number is
// that of the line, from 1. The spans are not empty, in ascending order and do not
// overlap.
//
// What is in remove is to be taken out without replacement: members whose value is no
// longer true, or blocks that no provider would take any more, each with one comma.
// It is in ascending order and does not overlap. A span that lies within it goes with
// it. For each other refused says in words why it must stay, "" if it may be replaced.
//
// The result is a valid record if the record was one, and differs in nothing else.
// It takes time linear in the record. Of a string with escapes it copies what stands
// before and in its spans, of a record that is no valid JSON all; else nothing.
func Adjust(record []byte, number int, spans []Span) (remove []Span, refused []string) {
	refused = make([]string, len(spans))
	if number <= 1 {
		refuse(refused, whyHeader)
		return nil, refused
	}
	if !ordered(spans, len(record)) {
		refuse(refused, whyDisorder)
		return nil, refused
	}
	if !json.Valid(record) {
		refuse(refused, whyBroken(record, spans))
		return nil, refused
	}
	w := newWalker(record, spans, refused)
	w.walk(inRecord)
	if w.header {
		refuse(refused, whyHeader)
		return nil, refused
	}
	return w.removals(), refused
}

// refuse gives the reason for each span that has none yet.
func refuse(refused []string, why string) {
	for i := range refused {
		if refused[i] == "" {
			refused[i] = why
		}
	}
}

// ordered reports whether spans are what Adjust asks for in a record of that size.
func ordered(spans []Span, size int) bool {
	end := 0
	for _, span := range spans {
		if span.Start < end || span.End <= span.Start || span.End > size {
			return false
		}
		end = span.End
	}
	return true
}

// whyBroken says why nothing may be replaced in a line that is no valid JSON, "" if all
// may. The gateway skips such a line, so that it is plain text, unless we alone cannot
// read it, or the replacement would mend it and so bring a record to life.
func whyBroken(record []byte, spans []Span) string {
	if bytes.Count(record, []byte("{"))+bytes.Count(record, []byte("[")) > deepest {
		return whyTooDeep
	}
	after := make([]byte, 0, len(record))
	at := 0
	for _, span := range spans {
		after = append(append(after, record[at:span.Start]...), "[redacted]"...)
		at = span.End
	}
	if json.Valid(append(after, record[at:]...)) {
		return whyRevives
	}
	return ""
}
