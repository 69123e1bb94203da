package sieve

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"testing"
)

// shown returns the bytes that an anchor compares: a letter in any case as a capital, a
// byte that is not compared as a dot, members of a class in brackets.
func shown(a Anchor) string {
	var text strings.Builder
	for i := range longestAnchor {
		value, mask := byte(a.Value>>(8*i)), byte(a.Mask>>(8*i))
		switch {
		case mask == 0:
			text.WriteByte(value)
		case mask == 0x20:
			text.WriteByte(value ^ 0x20)
		case i < len(a.First):
			text.WriteString("[" + a.First[i] + "]")
		default:
			text.WriteByte('.')
		}
	}
	return strings.TrimRight(text.String(), ".")
}

// TestLeads has, for each way that a match can begin, the head's longest length, where the
// anchor is behind it, and the anchors.
func TestLeads(t *testing.T) {
	for _, test := range []struct{ name, regex, want string }{
		{"literal", `qzx-key`, "0+0 qzx-key"},
		{"longer than an anchor", `qzx-key-0123456789`, "0+0 qzx-key-"},
		{"rare part behind a frequent one", `eeeeqzx`, "0+3 eqzx"},
		{"any case", `(?i)qzx1`, "0+0 QZX1"},
		{"part in any case", `qz(?i:x)1`, "0+0 qzX1"},
		{"class", `qz[0-3]`, "0+0 qz[0123]"},
		{"class behind the third byte", `qzx[0-9]{8}`, "0+0 qzx"},
		{"class of one letter", `qzx[Aa]1`, "0+0 qzxA1"},
		{"alternatives", `qzx_|(?:xqj_)`, "0+0 qzx_; 0+0 xqj_"},
		{"alternatives in a group", `(qzx_|(xqj_|^jjq))`, "0+0 qzx_; 0+0 xqj_; 0+0 jjq"},
		{"alternatives behind a beginning", `zj(?:qzx|jqj)`, "0+0 zjqzx zjjqj"},
		{"common beginning", `qzxa|qzxb`, "0+0 qzx"},
		{"nested groups", `((q(z)(?:x(1))))`, "0+0 qzx1"},
		{"counted", `(?:qz){2}x`, "0+0 qzqzx"},
		{"counted class", `x[q-s]{2}zj`, "0+0 x[qrs][qrs]zj"},
		{"may be missing", `(?:qzx)?jqx`, "3+0 jqx"},
		{"one or more", `qz+x`, "0+0 qzz qzx"},
		{"head without end", `\s+qzx`, "-1+0 qzx"},
		{"head with an end", `[a-z]{0,9}-?qzx`, "10+0 qzx"},
		{"head outside ASCII", `[^a]?qzx`, "4+0 qzx"},
		{"part of fixed length", `[a-z]{4}\b-qzx`, "0+4 -qzx"},
		{"fixed length behind a head", `\w*[a-z]{4}qzx`, "-1+4 qzx"},
		{"too short", `qz`, ""},
		{"too short in one alternative", `qzxj|qz`, ""},
		{"too frequent", `[a-z]{30}`, ""},
		{"may be empty", `(?:qzx)?`, ""},
		{"outside ASCII", `é…é`, ""},
		{"outside ASCII beside an anchor", `éqzx`, "4+0 qzx"},
		{"never", `[^\x00-\x{10ffff}]qzx`, "0+0 []qzx"},
	} {
		t.Run(test.name, func(t *testing.T) {
			re, err := syntax.Parse(test.regex, syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, l := range findLeads(re) {
				h := newHead(l.parts, l.at)
				text := fmt.Sprintf("%d+%d", h.most, l.offset)
				for _, a := range l.anchors {
					text += " " + shown(a)
					if a.Lead != i {
						t.Errorf("anchor %s is of lead %d, want %d", shown(a), a.Lead, i)
					}
				}
				got = append(got, text)
			}
			if got := strings.Join(got, "; "); got != test.want {
				t.Errorf("%s has %q, want %q", test.regex, got, test.want)
			}
		})
	}
}
