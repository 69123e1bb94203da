package durable

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"
)

// folder is one open directory inside a [Dir]: the place of a target, or a staging
// directory. Names in it have no slashes, save in rename.
type folder struct {
	dir  *Dir
	root *os.Root
	self *os.File // the directory again, to sync it and to name it to the kernel
	name string   // relative to the Dir, for the place of a target
	path string   // absolute, for errors
}

// locate opens the directory that name is in, and returns it with name's last element.
func (d *Dir) locate(name string) (*folder, string, error) {
	resolved, err := d.resolve(name)
	if err != nil {
		return nil, "", pathError("open", d.join(name), err)
	}
	if resolved == "." {
		return nil, "", &NotRegularError{Path: d.path, Kind: "directory"}
	}
	parent, base := path.Split(resolved)
	f, err := d.folder(path.Clean(parent))
	return f, base, err
}

// locateUnresolved is locate for what must not be a symbolic link itself.
func (d *Dir) locateUnresolved(name string) (*folder, string, error) {
	parent, base := path.Split(path.Clean(filepath.ToSlash(name)))
	if !filepath.IsLocal(filepath.FromSlash(name)) || base == "." {
		return nil, "", pathError("open", d.join(name), ErrEscapes)
	}
	resolved, err := d.resolve(path.Clean(parent))
	if err != nil {
		return nil, "", pathError("open", d.join(name), err)
	}
	f, err := d.folder(resolved)
	return f, base, err
}

// folder opens the directory at name, which has been resolved.
func (d *Dir) folder(name string) (*folder, error) {
	f, err := openFolder(d, d.root, name, d.join(name))
	if err == nil {
		f.name = name
	}
	return f, err
}

func (d *Dir) join(name string) string { return filepath.Join(d.path, filepath.FromSlash(name)) }

func openFolder(d *Dir, in *os.Root, name, full string) (*folder, error) {
	// OpenRoot would block on a FIFO.
	info, err := in.Lstat(name)
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return nil, pathError("open", full, err)
	}
	root, err := in.OpenRoot(name)
	if err != nil {
		return nil, pathError("open", full, err)
	}
	self, err := root.Open(".")
	if err != nil {
		_ = root.Close()
		return nil, pathError("open", full, err)
	}
	return &folder{dir: d, root: root, self: self, path: full}, nil
}

func (f *folder) close() {
	_ = f.self.Close()
	_ = f.root.Close()
}

func (f *folder) join(name string) string { return filepath.Join(f.path, name) }

// do runs one operation on name through the hooks.
func (f *folder) do(op, name string, call func() error) error {
	if f.dir.readOnly && op != "open" && op != "lstat" && op != "read" && op != "close" {
		return pathError(op, f.join(name), ErrReadOnly)
	}
	return pathError(op, f.join(name), f.dir.hooks.do(op, call))
}

func (f *folder) lstat(name string) (info fs.FileInfo, err error) {
	err = f.do("lstat", name, func() (err error) { info, err = f.root.Lstat(name); return err })
	return info, err
}

func (f *folder) open(name string, flag int) (file *os.File, err error) {
	if f.dir.readOnly && flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE) != 0 {
		return nil, pathError("open", f.join(name), ErrReadOnly)
	}
	err = f.do("open", name, func() (err error) { file, err = f.root.OpenFile(name, flag, modeFile); return err })
	if err != nil && file != nil {
		_ = file.Close()
	}
	return file, err
}

func (f *folder) mkdir(name string) error {
	return f.do("mkdir", name, func() error { return f.root.Mkdir(name, modeDir) })
}

func (f *folder) remove(name string) error {
	return f.do("remove", name, func() error { return f.root.Remove(name) })
}

// rename moves a file inside the folder; names may lead into a directory of it.
func (f *folder) rename(from, to string) error {
	return f.do("rename", to, func() error { return f.root.Rename(from, to) })
}

// sync makes the folder's entries durable.
func (f *folder) sync() error {
	if !dirsCanSync {
		return nil
	}
	err := f.do("fsync", ".", f.self.Sync)
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil // some network and FUSE file systems; there is nothing else to do
	}
	return err
}

// exists reports whether there is anything called name.
func (f *folder) exists(name string) (bool, error) {
	_, err := f.lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
