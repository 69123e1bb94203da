package extract

import (
	"cmp"
	"strings"

	"github.com/clawsecrets/clawsecrets/scan"
)

// advice returns what to type, and what else to do, about a copy that extract leaves where
// it is; why is the reason that the plan gives.
func advice(f *scan.Finding, why string) (command []string, do string) {
	why = cmp.Or(why, keptReason(f))
	switch {
	case f.File.Surface == "git-history":
		return nil, keptReason(f) // what was noted is where it lies
	case f.File.Surface == "session" && strings.HasPrefix(why, openReason):
		return extractCommand("--sessions"), why
	case f.Action == scan.Delete:
		return []string{"rm", f.File.Path}, why
	}
	return nil, why
}

// openReason begins the reason for which the transcript of an open session is left.
const openReason = "the session is open"
