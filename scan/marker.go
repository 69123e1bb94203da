package scan

import (
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// marked reports whether a text is what extract leaves in the place of a secret outside
// of the config: a marker such as [redacted:NAME], or a reference.
func marked(text string) bool {
	if inner, ok := strings.CutPrefix(text, "[redacted:"); ok {
		return inner != "" && strings.IndexByte(inner, ']') == len(inner)-1
	}
	names := gateway.References(text)
	return len(names) == 1 && text == "${"+names[0]+"}"
}
