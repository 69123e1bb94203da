package corpus

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"time"
)

const (
	provider = "anthropic"
	model    = "claude-opus-4-5"
	cwd      = "/home/sam/clawd"

	// What random base64 makes of a transcript, in thousandths.
	imageShare     = 138
	signatureShare = 120
	// lookalikeEvery is how many bytes there are to each text that is no secret but looks
	// a little like one.
	lookalikeEvery = 1 << 20
)

// session writes one transcript.
type session struct {
	noise
	text    grammar
	out     io.Writer
	limit   int64
	plants  []Planted
	planted int
	clock   time.Time
	parent  *string

	size, images, signatures int64
	nextImage                int // its size, drawn ahead: else the small ones would come first
	lookalikes, lines        int
	record                   bytes.Buffer
	encoder                  *json.Encoder
	scratch                  []byte
	err                      error // the first one of out
}

func newSession(n noise, text grammar, out io.Writer, limit int64, plants []Planted) *session {
	s := &session{noise: n, text: text, out: out, limit: limit, plants: plants}
	s.encoder = json.NewEncoder(&s.record)
	s.encoder.SetEscapeHTML(false)
	s.nextImage = s.imageSize()
	return s
}

// write writes the transcript, which begins so many hours after the first.
func (s *session) write(hours int) error {
	s.clock = epoch.Add(time.Duration(hours) * time.Hour)
	s.emit(sessionRecord{"session", 3, s.uuid(), s.timestamp(), cwd})
	s.emit(modelChange{"model_change", s.node(), provider, model})
	s.emit(thinkingLevelChange{"thinking_level_change", s.node(), "low"})
	for (!s.full() || s.planted < len(s.plants)) && s.err == nil {
		s.turn()
		if s.percent(4) {
			s.emit(compactionRecord{"compaction", s.node(), s.say("answer", 4000), *s.parent, s.between(90_000, 180_000), false})
		}
	}
	return s.err
}

// turn writes what follows from one message of the user.
func (s *session) turn() {
	s.userMessage()
	for range s.skewed(1, 12) {
		if s.full() && s.planted == len(s.plants) {
			return
		}
		s.toolUse()
	}
	s.answer()
	s.emit(customRecord{"custom", "clawdbot.cache-ttl", cacheTTL{s.clock.UnixMilli(), provider, model}, s.node()})
}

func (s *session) full() bool { return s.size >= s.limit }

// emit writes a record. An error stays, and ends the transcript.
func (s *session) emit(record any) {
	s.record.Reset()
	err := s.encoder.Encode(record)
	if err == nil {
		_, err = s.out.Write(s.record.Bytes())
	}
	if s.err == nil {
		s.err = err
	}
	s.size += int64(s.record.Len())
	s.lines++
}

// node returns the place of the next record in the tree.
func (s *session) node() node {
	id := s.hex(8)
	s.clock = s.clock.Add(time.Duration(s.between(200, 20_000)) * time.Millisecond)
	n := node{id, s.parent, s.timestamp()}
	s.parent = &id
	return n
}

func (s *session) timestamp() string { return string(appendTime(nil, s.clock)) }

// say returns at least size bytes of texts of the class.
func (s *session) say(class string, size int) string {
	s.scratch = s.scratch[:0]
	for c := s.text[class]; len(s.scratch) == 0 || len(s.scratch) < size; {
		s.scratch = c.append(s.scratch, s.noise)
	}
	return string(s.scratch)
}

// plant puts into text, which goes to such a place in the next record, the secret whose
// turn it is, if it belongs there. Else text may get a lookalike.
func (s *session) plant(where host, text string) string {
	if s.planted < len(s.plants) && s.size >= s.limit*int64(s.planted)/int64(len(s.plants)+1) {
		if snippet, belongs := s.plants[s.planted].snippet(); belongs == where {
			s.plants[s.planted].Line = s.lines + 1
			s.planted++
			return s.amid(text, snippet)
		}
	}
	if where == inResult && s.size/lookalikeEvery >= int64(s.lookalikes+1) {
		s.lookalikes++
		return s.amid(text, s.say("lookalike", 0))
	}
	return text
}

// amid returns text with the snippet on lines of its own, before, within or behind it.
func (s *session) amid(text, snippet string) string {
	at := s.below(len(text) + 1)
	if end := strings.IndexByte(text[at:], '\n'); end >= 0 {
		at += end + 1
	} else {
		at = 0
	}
	return text[:at] + snippet + "\n" + text[at:]
}
