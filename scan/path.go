package scan

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/search"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Paths scans files and directories that belong to no gateway in particular, by the rules
// alone. A file is shown by the path that was given or found below it.
func Paths(ctx context.Context, paths []string, options Options) (*Result, error) {
	if options.Everywhere == nil {
		options.Everywhere = &Everywhere{}
	}
	s := newScanner(nil, options)
	p := &pathScan{newPlaces(ctx, s)}
	for _, path := range paths {
		p.named(path)
	}
	p.follow()
	if err := p.search(ctx); err != nil {
		return s.result, err
	}
	p.excepted()
	s.sort()
	return s.result, nil
}

type pathScan struct{ *places }

// named takes what was asked for by its name, so it is not left out for what it is: a named
// pipe, such as a shell's <(command), is read to its end.
func (p *pathScan) named(name string) {
	info, err := os.Stat(name)
	switch {
	case err != nil || info.IsDir() || info.Mode().IsRegular():
		p.path(name)
	case info.Mode()&fs.ModeNamedPipe != 0:
		p.pipe(name, info)
	default:
		p.skip(name, "unread", "not a file: pass - to read a stream")
	}
}

// path takes a file, or all files below a directory.
func (p *pathScan) path(name string) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		p.skip(name, "unread", cause(err))
	case info.IsDir():
		p.walk(name)
	default:
		p.take(name, info)
	}
}

func (p *pathScan) walk(root string) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		p.skip(root, "unread", cause(err))
		return
	}
	_ = filepath.WalkDir(real, func(name string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(real, name)
		shown := filepath.Join(root, rel)
		switch {
		case p.ctx.Err() != nil:
			return filepath.SkipAll
		case err != nil:
			p.skip(shown, "unread", cause(err))
		case rel != "." && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules"):
			p.leaveOut(shown, true, gateway.Classify(entry.Name()).Skip)
			if isRepository(shown) {
				p.besideObjects(shown)
			}
			return filepath.SkipDir
		case entry.IsDir():
			if !p.isNew(name) {
				return filepath.SkipDir
			}
		case entry.Type()&fs.ModeSymlink != 0:
			p.links = append(p.links, func() { p.path(shown) })
		default:
			p.path(shown)
		}
		return nil
	})
}

// besideObjects takes what git keeps beside the objects of a repository, and of those within
// it, as text.
func (p *pathScan) besideObjects(gitDir string) {
	_ = filepath.WalkDir(gitDir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case p.ctx.Err() != nil:
			return filepath.SkipAll
		case err != nil:
			p.skip(name, "unread", cause(err))
		case entry.IsDir() && entry.Name() == "objects" && exists(filepath.Join(filepath.Dir(name), "HEAD")):
			return filepath.SkipDir
		case entry.Type().IsRegular():
			p.path(name)
		case entry.Type()&fs.ModeSymlink != 0:
			p.links = append(p.links, func() { p.path(name) })
		}
		return nil
	})
}

// fileAt returns the file of that name, or nil if it is not to be read.
func (p *pathScan) fileAt(shown string, info fs.FileInfo) *gateway.File {
	switch {
	case !p.isNew(shown):
		return nil
	case !p.mayShow(shown):
		p.skip(shown, "excluded", "left out by --only or --skip")
		return nil
	}
	absolute, err := filepath.Abs(shown)
	if err != nil {
		p.skip(shown, "unread", "the current directory is gone")
		return nil
	}
	return &gateway.File{Path: absolute, Rel: shown, Surface: "file", Mode: info.Mode()}
}

func (p *pathScan) take(shown string, info fs.FileInfo) {
	if !info.Mode().IsRegular() {
		p.skip(shown, "excluded", "not a regular file: it holds no data")
		return
	}
	file := p.fileAt(shown, info)
	if file == nil {
		return
	}
	place, err := p.judge.rules.Place(filepath.ToSlash(shown))
	if err != nil {
		place = nil // the search ends with the same error
	}
	p.zipBehind(file, info.Size())
	p.byPath(file, place, Keep)
	p.files = append(p.files, search.File{Path: file.Path, Place: place})
	p.found = append(p.found, file)
	p.place = append(p.place, gateway.Place{Surface: "file", Action: "keep"})
	p.bytes += info.Size()
}

// fileAsValue stands for a file that is a finding as a whole.
func fileAsValue(file *gateway.File) secret.Value { return secret.New("file " + file.Path) }

// isFile reports whether a finding is a file as a whole.
func (f *Finding) isFile() bool { return f.Start == f.End && f.Value.Equal(fileAsValue(f.File)) }

// byPath records the rules for which the path of a file is a finding. What is shown in
// place of a value is the file.
func (p *places) byPath(file *gateway.File, place *rules.Place, action Action) {
	for _, id := range place.ByPath() {
		p.record(&Finding{
			Rule: id, Detector: Gitleaks, Value: fileAsValue(file), Action: action,
			Note: "a file of that kind holds keys", Location: Location{File: file, Line: 1, Column: 1},
		})
	}
}
