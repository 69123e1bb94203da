package durable

import (
	"io/fs"
	"os"
)

// heir returns to whom a new file in the folder must be given: the folder's owner, when
// root makes it for the user under whom the gateway runs; else nobody (-1, -1).
func (f *folder) heir() (uid, gid int, err error) {
	if os.Geteuid() != 0 {
		return -1, -1, nil
	}
	info, err := f.self.Stat()
	if err != nil {
		return -1, -1, pathError("stat", f.path, err)
	}
	s := statOf(info)
	return s.uid, s.gid, nil
}

// bequeath gives an open file to uid and gid, where it is not theirs already; -1 is nobody.
func (f *folder) bequeath(name string, file *os.File, info fs.FileInfo, uid, gid int) error {
	now := statOf(info)
	if uid < 0 || now.uid == uid && now.gid == gid {
		return nil
	}
	return f.do("chown", name, func() error { return file.Chown(uid, gid) })
}

// bequeathFile gives a new file to whom it must belong.
func (f *folder) bequeathFile(name string, file *os.File, info fs.FileInfo) error {
	uid, gid, err := f.heir()
	if err != nil {
		return err
	}
	return f.bequeath(name, file, info, uid, gid)
}
