package extract

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
)

// outside looks at what belongs to the Home and lies outside the state directory.
func (p *pruner) outside(found *gateway.OutsideFile) {
	skip, _, _ := strings.Cut(found.Skip, ": ") // what follows is for a scan
	switch {
	case found.Surface == "session" && found.Dir && skip == "":
		p.outsideSessions(found.Path)
	case found.Surface == "log" && !found.Dir:
		switch {
		case skip != "":
		case !namedLikeLog(found.Path):
			skip = "its name is not that of a log: delete it by hand if it is one"
		case isLink(filepath.Dir(found.Path)): // in /tmp anybody could have made it
			skip = "its folder is a symbolic link: delete by hand what it leads to"
		}
		p.consider(found.Path, Log, skip)
		if dir, _, err := p.view.LocateOutside(found.Path); err == nil && skip == "" {
			p.stagedBeside(dir)
		}
	}
}

// namedLikeLog keeps a config that names any file as its log from having it deleted.
func namedLikeLog(name string) bool {
	base := filepath.Base(name)
	return strings.Contains(base, ".log") || strings.Contains(base, ".jsonl")
}

func isLink(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// outsideSessions names the old transcripts of a folder that the config names: whose it is
// otherwise nobody knows.
func (p *pruner) outsideSessions(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		p.unlisted(folder, err)
	}
	for _, entry := range entries {
		if transcript.IsTranscript(entry.Name()) && !entry.IsDir() {
			p.consider(filepath.Join(folder, entry.Name()), Transcript, "it lies outside the state directory: delete it by hand")
		}
	}
}

// stagedBeside takes what an interrupted run has left in a folder of logs.
func (p *pruner) stagedBeside(dir *durable.Dir) {
	entries, _ := os.ReadDir(dir.Path()) // where there is anything, its logs were found
	for _, entry := range entries {
		if entry.IsDir() && durable.IsStaging(entry.Name()) {
			p.staged(filepath.Join(dir.Path(), entry.Name()), dir, ".")
		}
	}
}
