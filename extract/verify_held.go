package extract

import (
	"strings"

	"github.com/clawsecrets/clawsecrets/scan"
)

// heldNames tells which values are held elsewhere: in the .env, or by what an earlier run
// has recorded of them.
type heldNames struct {
	verifier *verifier
	byValue  map[string]string // the variable, by value
	byMark   map[string]string // the variable, by fingerprint; "" of what is in quarantine
	asked    map[string]heldName
}

type heldName struct {
	name string
	held bool
}

func (v *verifier) heldNames() *heldNames {
	h := &heldNames{verifier: v, byValue: map[string]string{}, byMark: map[string]string{}, asked: map[string]heldName{}}
	for _, entry := range v.scanned.Env.Dotenv.Entries() {
		if _, taken := h.byValue[entry.Value]; !taken && entry.Value != "" {
			h.byValue[entry.Value] = entry.Name
		}
	}
	for _, entry := range v.receipt.Quarantine {
		if entry.Rule != "" {
			h.byMark[strings.ToLower(strings.TrimPrefix(entry.ID, entryPrefix))] = ""
		}
	}
	for _, name := range v.receipt.Names {
		h.byMark[name.Fingerprint] = name.Name
	}
	return h
}

// of returns the variable that holds a finding's value, and whether it is held at all.
func (h *heldNames) of(f *scan.Finding) (name string, held bool) {
	value := f.Value.Reveal()
	if name, held = h.byValue[value]; held {
		return name, true
	}
	answer, asked := h.asked[value]
	if !asked {
		answer.name, answer.held = h.byMark[h.verifier.key.Fingerprint(f.Value)]
		h.asked[value] = answer
	}
	return answer.name, answer.held
}

// moved reports whether an earlier run moved a value to that variable.
func (v *verifier) moved(name string) bool {
	for _, known := range v.receipt.Names {
		if known.Name == name {
			return true
		}
	}
	return false
}
