package service

import (
	"path"
	"strconv"
	"strings"
)

// Specifiers is what the "%" specifiers in a unit file stand for, as far as it is
// known without asking the service manager (systemd.unit(5)).
type Specifiers struct {
	Home string // %h, "" when unknown
	User string // %u, "" when unknown
	UID  int    // %U
	Unit string // %n: the unit's file name; ParseUnit takes that of its path when empty
	// System is set for a unit of the system's service manager: %h, %u and %U are
	// root's there, whatever User= says.
	System bool

	literal bool // nothing is known, but that "%%" is "%"
}

// managerSpecifiers are those that only the service manager can tell: they depend
// on its environment, its version or the machine.
const managerSpecifiers = "aAbBcCdDEfgGHIjJlLmMoPqrRsStTvVwWyY"

// expand replaces the specifiers in text. It returns false for one that does not
// exist: systemd ignores the word then. A "%" before anything but a letter, a
// digit or another one stays.
func (s Specifiers) expand(text string) (expanded Expanded, ok bool) {
	if !strings.Contains(text, "%") {
		return Expanded{Text: text}, true
	}
	var out strings.Builder
	unknown := false
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+1 == len(text) || !possibleSpecifier(text[i+1]) {
			out.WriteByte(text[i])
			continue
		}
		i++
		value, known := s.value(text[i])
		if !known && strings.IndexByte("huUnNpi"+managerSpecifiers, text[i]) < 0 {
			return Expanded{Text: text}, false
		}
		unknown = unknown || !known
		out.WriteString(value)
	}
	if unknown {
		return Expanded{Text: text, Unknown: true}, true
	}
	return Expanded{Text: out.String()}, true
}

func possibleSpecifier(c byte) bool {
	return c == '%' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func (s Specifiers) value(specifier byte) (value string, known bool) {
	base := strings.TrimSuffix(s.Unit, path.Ext(s.Unit))
	prefix, instance, _ := strings.Cut(base, "@")
	switch {
	case specifier == '%':
		return "%", true
	case s.literal:
		return "", false
	}
	switch specifier {
	case 'h':
		return s.home()
	case 'u':
		return s.user()
	case 'U':
		return strconv.Itoa(s.uid()), true
	case 'n':
		return s.Unit, s.Unit != ""
	case 'N':
		return base, s.Unit != ""
	case 'p':
		return prefix, s.Unit != ""
	case 'i':
		// A template is started under names that its file does not tell.
		template := strings.HasSuffix(base, "@")
		return instance, s.Unit != "" && !template
	}
	return "", false
}

func (s Specifiers) home() (string, bool) {
	if s.System {
		return "/root", true
	}
	return s.Home, s.Home != ""
}

func (s Specifiers) user() (string, bool) {
	if s.System {
		return "root", true
	}
	return s.User, s.User != ""
}

func (s Specifiers) uid() int {
	if s.System {
		return 0
	}
	return s.UID
}
