package scan

import (
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// WrittenAs reports whether raw, the bytes from Start to End of the file, is what the
// finding was found in. A file that has changed since it was scanned holds something else.
func (f *Finding) WrittenAs(raw []byte) bool {
	value := f.Value.Reveal()
	if string(raw) == value {
		return true
	}
	if f.Node != (json5.Node{}) {
		return string(raw) == string(f.File.Data[f.Start:f.End])
	}
	text, ok := search.Unwrapped(raw, f.Layers, f.From, f.To)
	return ok && string(text) == value
}
