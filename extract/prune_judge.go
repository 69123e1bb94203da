package extract

import (
	"io/fs"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
)

// judge returns through which directory an old file is deleted, or why it stays. info is of
// the file itself, should it be a symbolic link.
func (p *pruner) judge(shown string, kind PruneKind, info fs.FileInfo) (dir *durable.Dir, name, why string) {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, "", "a symbolic link: delete by hand what it leads to"
	case !info.Mode().IsRegular():
		return nil, "", "not a regular file"
	case links(info) > 1:
		return nil, "", "it has a second name (a hard link), which would keep it: find that with find -samefile"
	case kind == Transcript:
		why = p.ongoing(shown, info)
	case p.running && isServiceLog(shown):
		why = "the running gateway's service writes to it: stop the gateway first"
	}
	if why != "" {
		return nil, "", why
	}
	if !filepath.IsAbs(shown) {
		return p.view.State(), shown, ""
	}
	dir, name, err := p.view.LocateOutside(shown)
	if err != nil {
		return nil, "", "it cannot be deleted: " + cause(err)
	}
	return dir, name, ""
}

// ongoing says why a transcript is needed, "" if its session is over.
func (p *pruner) ongoing(shown string, info fs.FileInfo) string {
	if why := transcript.Open(p.absolute(shown), p.Now); why != "" {
		return "the session is open (" + why + ")"
	}
	return p.indexes.names(shown, info)
}

// isServiceLog reports whether launchd keeps a file open as the standard output or error of
// a service (daemon/launchd.js): what is written after it was deleted would be lost.
func isServiceLog(shown string) bool {
	switch shown {
	case "logs/gateway.log", "logs/gateway.err.log", "logs/node.log", "logs/node.err.log":
		return true
	}
	return false
}
