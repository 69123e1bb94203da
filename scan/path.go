package scan

import (
	"context"
	"io"
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
		p.path(path)
	}
	p.follow()
	if err := p.search(ctx); err != nil {
		return s.result, err
	}
	s.sort()
	return s.result, nil
}

// Reader scans a stream, which is shown under the name "-".
func Reader(ctx context.Context, in io.Reader, options Options) (*Result, error) {
	s := newScanner(nil, options)
	p := &places{scanner: s}
	searcher := search.Searcher{Rules: s.judge.rules}
	report, err := searcher.Reader(ctx, interruptible(ctx, in))
	p.report(&gateway.File{Path: "-", Rel: "-", Surface: "file"}, gateway.Place{Surface: "file", Action: "keep"}, report)
	s.sort()
	return s.result, err
}

// interruptible returns a reader of in that ends with ctx, also while in has nothing to say.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	reader, writer := io.Pipe()
	context.AfterFunc(ctx, func() { _ = writer.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(writer, in)
		_ = writer.CloseWithError(err)
	}()
	return reader
}

type pathScan struct{ *places }

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

func (p *pathScan) take(shown string, info fs.FileInfo) {
	switch {
	case !info.Mode().IsRegular():
		p.skip(shown, "excluded", "not a regular file: it holds no data")
		return
	case !p.isNew(shown):
		return
	case !p.mayShow(shown):
		p.skip(shown, "excluded", "left out by --only or --skip")
		return
	}
	absolute, err := filepath.Abs(shown)
	if err != nil {
		p.skip(shown, "unread", "the current directory is gone")
		return
	}
	place, err := p.judge.rules.Place(filepath.ToSlash(shown))
	if err != nil {
		place = nil // the search ends with the same error
	}
	file := &gateway.File{Path: absolute, Rel: shown, Surface: "file", Mode: info.Mode()}
	p.byPath(file, place, Keep)
	p.files = append(p.files, search.File{Path: absolute, Place: place})
	p.found = append(p.found, file)
	p.place = append(p.place, gateway.Place{Surface: "file", Action: "keep"})
	p.bytes += info.Size()
}

// byPath records the rules for which the path of a file is a finding. What is shown in
// place of a value is the file.
func (p *places) byPath(file *gateway.File, place *rules.Place, action Action) {
	for _, id := range place.ByPath() {
		p.record(&Finding{
			Rule: id, Detector: Gitleaks, Value: secret.New("file " + file.Path), Action: action,
			Note: "a file of that kind holds keys", Location: Location{File: file, Line: 1, Column: 1},
		})
	}
}
