package search

import (
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// Hit is one secret at one place of a file.
type Hit struct {
	Rule, Detector string
	Value          secret.Value
	// Start and End are the bytes of the file that hold it. Where the secret is a part
	// of a run of base64 they hold all of the run. In a database they are 0.
	Start, End int64
	// Line and Column are 1-based, the column in characters; 0 in a database.
	Line, Column int
	// Pointer leads to the string that holds it: a JSON Pointer within its line, or the
	// place in a database. It is "" where there is none.
	Pointer string
	// Layers says how it is wrapped, from the outside in: a letter for each layer.
	Layers string
	// From and To are the bytes of the secret within the decoded run of base64.
	From, To int
	// Deleted is set for what a deleted row has left in a database.
	Deleted bool

	rank int
	at   int // where in the searched text the secret itself begins
}

// The layers that a secret can be wrapped in.
const (
	layerJSON    = 'j' // a JSON string
	layerBase64  = 'b'
	layerPercent = 'p'
	layerForm    = 'f' // percent-encoding with plus signs for spaces
	layerUTF16   = 'u'
)

// Unwrapped returns what the bytes of a hit hold, given its layers and, for base64, its
// place in the decoded run; ok is false where they hold nothing in that form.
func Unwrapped(raw []byte, layers string, from, to int) (text []byte, ok bool) {
	text = raw
	for _, layer := range layers {
		switch layer {
		case layerJSON:
			text = unwrap.Unescape(nil, text)
		case layerPercent:
			text = unwrap.Percent(nil, text)
		case layerBase64:
			decoded, ok := decodedBase64(text)
			if !ok || from < 0 || from >= to || to > len(decoded) {
				return nil, false
			}
			text = decoded[from:to]
		case layerForm:
			text = decodedForm(nil, text)
		default:
			return nil, false
		}
	}
	return text, len(text) > 0
}
