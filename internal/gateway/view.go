package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// Surface says what kind of file a secret lies in.
type Surface string

// File is one file as it was read.
type File struct {
	Path    string // as the product names it, absolute
	Rel     string // relative to the state directory, or Path when outside it
	Surface Surface
	// Dir and Snapshot are what a writer needs to replace the file. Both are nil
	// for a file outside the Home, which is never written.
	Dir      *durable.Dir
	Snapshot *durable.Snapshot
	Mode     fs.FileMode // its permissions, as far as they are known
	Data     []byte
	document *json5.Document
}

// Outside reports whether the file is none of the Home's and so is only read.
func (f *File) Outside() bool { return f.Snapshot == nil }

// Document returns the file as JSON5, parsed once.
func (f *File) Document() (*json5.Document, error) {
	if f.document != nil {
		return f.document, nil
	}
	document, err := json5.Parse(f.Data)
	if err != nil {
		var syntax *json5.SyntaxError
		if errors.As(err, &syntax) {
			return nil, &FileError{f.Path, syntax.Line, syntax.Column, "not valid JSON5: " + syntax.Problem + "; correct it there, or restore a backup of the file"}
		}
		return nil, &FileError{Path: f.Path, Problem: "not valid JSON5"}
	}
	f.document = document
	return document, nil
}

// strict returns an error where a document is not JSON: JSON.parse refuses comments,
// trailing commas, single quotes and a byte order mark.
func (f *File) strict(document *json5.Document) error {
	var value json.RawMessage
	err := json.Unmarshal(f.Data, &value)
	if err == nil {
		return nil
	}
	offset := 0
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = max(int(syntax.Offset)-1, 0)
	}
	line, column := document.Position(offset)
	return &FileError{f.Path, line, column, "not JSON, so the gateway does not read this file: correct it there (no comments, no trailing commas, double quotes only)"}
}

func (f *File) errorAt(node json5.Node, problem string) error {
	line, column := node.Document().Position(node.Start())
	return &FileError{f.Path, line, column, problem}
}

// FileError says what is wrong with a file, and where; it never holds content.
type FileError struct {
	Path         string
	Line, Column int // 1-based, column in characters; 0 when the whole file is meant
	Problem      string
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Path, e.Problem)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Problem)
}

// View reads the files of one Home. A file is read once and then the same, so
// that everything decided in one run is decided on the same bytes.
type View struct {
	Home    *Home
	openDir func(path string) (*durable.Dir, error)
	state   *durable.Dir
	other   map[string]*durable.Dir // directories outside the Home, by path
	files   map[string]*File        // by path
	outer   *outerEnv               // read once
}

// Open opens a Home that is to be written to. The state directory must be ours and not
// writable by others.
func Open(home *Home) (*View, error) { return open(home, durable.Open, durable.Open) }

// OpenToRead opens a Home that is only looked at.
func OpenToRead(home *Home) (*View, error) {
	return open(home, durable.OpenToRead, durable.OpenToRead)
}

// OpenToInspect opens a Home that is only looked at, also if anybody may write to its state
// directory: that is for the caller to say.
func OpenToInspect(home *Home) (*View, error) {
	return open(home, durable.OpenToInspect, durable.OpenToRead)
}

// open opens a Home; openDir opens the directories of what lies outside.
func open(home *Home, openState, openDir func(path string) (*durable.Dir, error)) (*View, error) {
	state, err := openState(home.StateDir)
	if err != nil {
		return nil, err
	}
	return &View{Home: home, openDir: openDir, state: state, other: map[string]*durable.Dir{}, files: map[string]*File{}}, nil
}

// Close releases the directories that the view holds open.
func (v *View) Close() error {
	err := v.state.Close()
	for _, dir := range v.other {
		err = errors.Join(err, dir.Close())
	}
	return err
}

// State returns the state directory, for a writer.
func (v *View) State() *durable.Dir { return v.state }

// Read reads a file, named by its absolute path; nil without an error means that
// there is no such file. The config may lie outside the state directory or be a
// symlink (stow, chezmoi): then it is resolved once, if its target is ours.
// Any other file outside the state directory is read, as the product reads it,
// but can not be written.
func (v *View) Read(path string, surface Surface) (*File, error) {
	if file, ok := v.files[path]; ok {
		return file, nil
	}
	file, err := v.read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		var own *FileError
		if errors.As(err, &own) {
			return nil, err
		}
		return nil, &FileError{Path: path, Problem: reason(err).Error()}
	}
	if same := v.sameFile(file); same != nil {
		v.files[path] = same
		return same, nil
	}
	file.Path, file.Rel, file.Surface = path, v.Home.Rel(path), surface
	v.files[path] = file
	return file, nil
}

// Known returns the file of that path if it has been read, else nil.
func (v *View) Known(path string) *File { return v.files[path] }

// sameFile returns the file that was read before under another name, by a symbolic
// link to it or to its folder: it is written once.
func (v *View) sameFile(file *File) *File {
	if file.Outside() {
		return nil
	}
	for _, other := range v.files {
		if !other.Outside() && other.Dir == file.Dir && other.Snapshot.Name == file.Snapshot.Name {
			return other
		}
	}
	return nil
}

func (v *View) read(path string) (*File, error) {
	dir, name, err := v.Locate(path)
	if err != nil {
		return nil, err
	}
	if dir == nil {
		data, err := service.ReadFile(path)
		if info, statErr := os.Stat(path); err == nil && statErr == nil {
			return &File{Data: data, Mode: info.Mode()}, nil
		}
		return &File{Data: data}, err
	}
	was, err := dir.Read(name)
	if err != nil {
		return nil, err
	}
	return &File{Dir: dir, Snapshot: was, Mode: was.Mode, Data: was.Data}, nil
}

// Locate returns the directory that a file is written through, and its name there;
// no directory for a file that is none of the Home's. The path may be relative to
// the state directory.
func (v *View) Locate(path string) (dir *durable.Dir, name string, err error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(v.Home.StateDir, path)
	}
	if rel := v.Home.Rel(path); !filepath.IsAbs(rel) {
		inside, err := v.Home.Contains(path)
		if errors.Is(err, fs.ErrNotExist) {
			inside, err = true, nil // what is not there yet is made there
		}
		if err != nil || inside {
			return v.state, rel, err
		}
	}
	if path != v.Home.ConfigPath {
		return nil, "", nil
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, "", err
	}
	if err := v.checkLink(path, real); err != nil {
		return nil, "", err
	}
	dir, err = v.directory(filepath.Dir(real))
	return dir, filepath.Base(real), err
}

// LocateOutside returns the directory through which a file outside the state directory is
// written, and its name there, symbolic links resolved: a log, or what a service reads.
// It refuses a file of another user than the owner of the state directory.
func (v *View) LocateOutside(path string) (dir *durable.Dir, name string, err error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, "", err
	}
	owner, known := service.FileOwner(real)
	if home, ok := service.FileOwner(v.Home.StateDir); known && ok && owner != home {
		return nil, "", &FileError{Path: path, Problem: "belongs to another user than the state directory"}
	}
	dir, err = v.directory(filepath.Dir(real))
	return dir, filepath.Base(real), err
}

// checkLink refuses a config that is a symbolic link to another user's file. It
// matters to root: what may write to the state directory could point it anywhere.
func (v *View) checkLink(path, real string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return err
	}
	owner, known := service.FileOwner(real)
	if home, ok := service.FileOwner(v.Home.StateDir); known && ok && owner != home {
		return &FileError{Path: path, Problem: "is a symbolic link to " + real + ", which belongs to another user than the state directory: run as its owner, and name that file with --config"}
	}
	return nil
}

func (v *View) directory(path string) (*durable.Dir, error) {
	if dir, ok := v.other[path]; ok {
		return dir, nil
	}
	dir, err := v.openDir(path)
	if err != nil {
		return nil, err
	}
	v.other[path] = dir
	return dir, nil
}

// With returns a view of the Home as it would be with other contents for some
// files, by path; nil stands for a file that is gone. Nothing is written.
func (v *View) With(contents map[string][]byte) *View {
	changed := &View{Home: v.Home, openDir: v.openDir, state: v.state, other: v.other, outer: v.outer, files: map[string]*File{}}
	for path, file := range v.files {
		copied := *file
		changed.files[path] = &copied
	}
	for path, data := range contents {
		file := &File{Path: path, Rel: v.Home.Rel(path)}
		if was, ok := v.files[path]; ok {
			*file = *was
		}
		file.Data, file.document = data, nil
		changed.files[path] = file
	}
	return changed
}

// WithSources returns a view of the Home in whose environment other sources set
// variables before the .env of the state directory.
func (v *View) WithSources(sources []service.Source) *View {
	changed := v.With(nil)
	changed.outer = &outerEnv{sources, nil}
	if v.outer != nil {
		changed.outer.running = v.outer.running
	}
	return changed
}
