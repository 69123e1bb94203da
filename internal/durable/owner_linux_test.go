package durable

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What root makes in a user's directory belongs to that user: the gateway must read it.
func TestRootGivesNewFilesAway(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	d := openTemp(t)
	mustDo(t, os.Chown(d.Path(), 1234, 2345))
	mustDo(t, d.Replace(d.Absent(".env"), []byte("KEY=value\n")))
	mustDo(t, d.Mkdir("clawsecrets"))
	unlock, err := d.Lock(t.Context(), "clawsecrets/lock")
	mustDo(t, err)
	mustDo(t, unlock())
	for _, name := range []string{".env", "clawsecrets", "clawsecrets/lock"} {
		info, err := os.Stat(filepath.Join(d.Path(), name))
		mustDo(t, err)
		if s := statOf(info); s.uid != 1234 || s.gid != 2345 || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %d:%d %v", name, s.uid, s.gid, info.Mode())
		}
	}
}

// acl returns an access control list (acl(5), version 2 of the attribute): owner as
// given, user 1234 r, group -, mask r, others -. With 6 its file has mode 0640.
func acl(owner uint16) []byte {
	entries := []struct {
		tag, perm uint16
		id        uint32
	}{{1, owner, ^uint32(0)}, {2, 4, 1234}, {4, 0, ^uint32(0)}, {16, 4, ^uint32(0)}, {32, 0, ^uint32(0)}}
	list := binary.LittleEndian.AppendUint32(nil, 2)
	for _, e := range entries {
		list = binary.LittleEndian.AppendUint16(list, e.tag)
		list = binary.LittleEndian.AppendUint16(list, e.perm)
		list = binary.LittleEndian.AppendUint32(list, e.id)
	}
	return list
}

func readACL(t *testing.T, file string) []byte {
	t.Helper()
	list := make([]byte, 1024)
	n, err := unix.Getxattr(file, aclName, list)
	if noACL(err) {
		return nil
	}
	mustDo(t, err)
	return list[:n]
}

func TestReplaceKeepsACL(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "old", 0o600)
	if err := unix.Setxattr(file, aclName, acl(6), 0); err != nil {
		t.Skip("no access control lists here:", err)
	}
	mustDo(t, d.Replace(mustRead(t, d, target), []byte("new")))
	if !bytes.Equal(readACL(t, file), acl(6)) || contents(t, file) != "new" {
		t.Error("the list is lost")
	}
	// A list that the directory would give to new files is not for this one.
	mustDo(t, unix.Removexattr(file, aclName))
	mustDo(t, os.Chmod(file, 0o640))
	mustDo(t, unix.Setxattr(d.Path(), "system.posix_acl_default", acl(7), 0))
	mustDo(t, d.Replace(mustRead(t, d, target), []byte("newer")))
	if list := readACL(t, file); list != nil {
		t.Errorf("a list of %d bytes was added", len(list))
	}
}

// Whoever prints a snapshot must not print the file.
func TestSnapshotIsNotPrinted(t *testing.T) {
	d := openTemp(t)
	marker := fakeSecret(9)
	put(t, filepath.Join(d.Path(), target), marker, 0o600)
	s := mustRead(t, d, target)
	inJSON, err := json.Marshal(s)
	mustDo(t, err)
	for _, printed := range []string{
		fmt.Sprint(s), fmt.Sprint(*s), fmt.Sprintf("%+v %#v %s %q %x", s, *s, s, *s, s), string(inJSON),
		fmt.Sprintf("%+v", struct{ S *Snapshot }{s}), fmt.Sprintf("%+v", struct{ s *Snapshot }{s}),
	} {
		if strings.Contains(printed, marker) || strings.Contains(printed, fmt.Sprintf("%x", marker)) {
			t.Error("the snapshot prints its contents")
		}
	}
}
