package rules

import (
	"bytes"
	"fmt"
	"regexp"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// rule is one rule, ours or the library's. What it says is read when a text first
// holds something that it could match.
type rule struct {
	indexed
	detector string
	rank     rank

	amend    func(text string, start, end int) bool // has a say as body.accept; nil accepts all
	read     func() (*body, error)
	once     sync.Once
	body     *body
	err      error
	hopeless hopeless // set up when the sieve asks for the expression
}

// body is what a rule says.
type body struct {
	description string
	path        anyOf      // the path of the file matches this; nil: any
	keywords    []string   // one of them is in the text, in any letter case; lower case
	regex       lazyRegexp // "": the path alone decides
	core        lazyRegexp // the part behind a name, see [search.anchored]
	secretGroup int        // the group that holds the secret; 0: the first that is not empty
	entropy     float64    // the secret's entropy is above this, in bits a character; 0: any
	literal     bool       // all of a match is the secret
	allowlists  []*allowlist

	// accept has the last word on text[start:end], of which it sees at least context
	// bytes on either side; nil accepts all.
	accept func(text string, start, end int) bool
}

// context is how many bytes of a text an accept function can look at beside a match.
const context = 256

// load returns what the rule says.
func (r *rule) load() (*body, error) {
	r.once.Do(func() {
		if r.body, r.err = r.read(); r.err != nil {
			r.err = fmt.Errorf("rule %s: %w", r.id, r.err)
		}
	})
	return r.body, r.err
}

// candidate is a match before [mostSpecific] has compared it with the others.
type candidate struct {
	Match
	rank       rank
	matchStart int // where the whole match begins, which decides its line
}

// passage is a part of a text as a string, with the context that is needed to judge it.
type passage struct {
	text   string
	offset int // of text within the whole
}

// newPassage returns text[start:end] and what stands beside it.
func newPassage(text []byte, start, end int) passage {
	from := max(0, start-context)
	return passage{string(text[from:min(len(text), end+context)]), from}
}

// examine finds the secret within the match p.text[start:end] and tests it.
//
// The expression is run a second time on the match alone, as gitleaks does: what
// it looked at on either side may then be missing, and the groups may differ.
func (r *rule) examine(re *regexp.Regexp, p passage, start, end int) (candidate, bool) {
	if r.body.literal {
		return r.weigh(p, start, start, end)
	}
	start, end = trimNewlines(p.text, start, end)
	from, to := secretSpan(re.FindStringSubmatchIndex(p.text[start:end]), r.body.secretGroup, end-start)
	if from < 0 || from == to {
		return candidate{}, false
	}
	return r.weigh(p, start, start+from, start+to)
}

// weigh tests the secret p.text[from:to] of the match that begins at start.
func (r *rule) weigh(p passage, start, from, to int) (candidate, bool) {
	bits := entropy(p.text[from:to])
	if r.body.entropy != 0 && bits <= r.body.entropy {
		return candidate{}, false
	}
	return candidate{
		Match:      Match{Rule: r.id, Detector: r.detector, Start: p.offset + from, End: p.offset + to, Entropy: bits, Rank: int(r.rank)},
		rank:       r.rank,
		matchStart: p.offset + start,
	}, (r.amend == nil || r.amend(p.text, from, to)) && (r.body.accept == nil || r.body.accept(p.text, from, to))
}

// secretSpan returns where the secret is in a match of that length, given the
// offsets of the groups: the group of that number, else the first that is not
// empty, else everything. It returns -1 when the wanted group took no part.
func secretSpan(groups []int, wanted, length int) (from, to int) {
	if len(groups) > 2 && wanted > 0 {
		if 2*wanted+1 >= len(groups) {
			return -1, -1
		}
		return groups[2*wanted], groups[2*wanted+1]
	}
	for i := 2; i < len(groups); i += 2 {
		if groups[i] < groups[i+1] {
			return groups[i], groups[i+1]
		}
	}
	return 0, length
}

// hasKeyword reports whether the text has one of the rule's keywords. Most often it is in
// the match, text[start:end].
func (r *rule) hasKeyword(text []byte, start, end int) bool {
	for _, part := range [][]byte{text[start:end], text} {
		lower := bytes.ToLower(part)
		for _, word := range r.body.keywords {
			if bytes.Contains(lower, []byte(word)) {
				return true
			}
		}
	}
	return len(r.body.keywords) == 0
}

// trimNewlines narrows text[start:end] to what stands between its outer newlines.
func trimNewlines(text string, start, end int) (int, int) {
	for start < end && text[start] == '\n' {
		start++
	}
	for start < end && text[end-1] == '\n' {
		end--
	}
	return start, end
}

// wholeRune widens text[start:end] by a character on either side, so that an expression
// sees what stands beside a match.
func wholeRune(text string, start, end int) (int, int) {
	_, before := utf8.DecodeLastRuneInString(text[:start])
	_, after := utf8.DecodeRuneInString(text[end:])
	return start - before, end + after
}

// lazyRegexp is a regular expression that is compiled when it is first needed: the
// 222 rules take tens of milliseconds to compile, and a config needs few of them.
type lazyRegexp struct {
	source string

	once sync.Once
	re   *regexp.Regexp
	err  error

	uses     atomic.Int32
	gateOnce sync.Once
	gate     *sieve.Gate
}

// worthGate is how often an expression is used before it gets a gate.
const worthGate = 32

// longestGated is the length in bytes up to which a text is asked about by a gate.
const longestGated = 512

// may reports whether the expression may match text: false is certain.
func (l *lazyRegexp) may(text string) bool {
	if len(text) > longestGated {
		return true // the expression's own search for its first letters is quicker
	}
	if l.uses.Load() < worthGate {
		l.uses.Add(1)
		return true
	}
	l.gateOnce.Do(func() { l.gate = sieve.NewGate(l.source) })
	return l.gate == nil || l.gate.May(text)
}

// compiled returns the expression, ready to run.
func (l *lazyRegexp) compiled() (*regexp.Regexp, error) { return l.compiledFrom(l.source) }

// compiledFrom returns the expression that the first call names.
func (l *lazyRegexp) compiledFrom(source string) (*regexp.Regexp, error) {
	l.once.Do(func() {
		if l.re, l.err = regexp.Compile(source); l.err != nil {
			// The parser's message quotes the expression, which may quote anything.
			l.err = fmt.Errorf("regular expression of %d bytes does not compile", len(source))
		}
	})
	return l.re, l.err
}
