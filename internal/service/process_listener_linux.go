package service

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Listener returns which process answers a TCP connection to 127.0.0.1:port, or
// to [::1]:port when that one alone does. The PID is 0 when it cannot be known,
// for instance because the process is another user's.
func Listener(port int) (pid int, listening bool, err error) {
	inode, err := listeningInode(port)
	if err != nil || inode == "" {
		return 0, false, err
	}
	link := "socket:[" + inode + "]"
	for _, pid := range processIDs() {
		if holdsFile("/proc/"+strconv.Itoa(pid)+"/fd", link) {
			return pid, true, nil
		}
	}
	return 0, true, nil
}

// loopbackRank says which local address the kernel prefers for a connection to
// 127.0.0.1, as /proc/net/tcp and tcp6 write it: groups of four bytes in the
// machine's order. 0 is one that does not answer it.
func loopbackRank(address string) int {
	switch address {
	case "0100007F": // 127.0.0.1
		return 5
	case "0000000000000000FFFF00000100007F": // ::ffff:127.0.0.1
		return 4
	case "00000000": // 0.0.0.0
		return 3
	case "00000000000000000000000000000000": // ::
		return 2
	case "00000000000000000000000001000000": // ::1
		return 1
	}
	return 0
}

// listeningInode returns the inode of the socket that listens on the port, "" if
// none does.
func listeningInode(port int) (inode string, err error) {
	const listen, addressField, stateField, inodeField = "0A", 1, 3, 9
	best := 0
	for _, file := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		table, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a kernel without IPv6
		}
		if err != nil {
			return "", fmt.Errorf("listening sockets cannot be read from %s: %s", file, plainReason(err))
		}
		for line := range strings.Lines(string(table)) {
			fields := strings.Fields(line)
			if len(fields) <= inodeField || fields[stateField] != listen {
				continue
			}
			address, hexPort, _ := strings.Cut(fields[addressField], ":")
			number, err := strconv.ParseUint(hexPort, 16, 16)
			if rank := loopbackRank(address); err == nil && int(number) == port && rank > best {
				best, inode = rank, fields[inodeField]
			}
		}
	}
	return inode, nil
}

func holdsFile(dir, link string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		if target, err := os.Readlink(filepath.Join(dir, entry.Name())); err == nil && target == link {
			return true
		}
	}
	return false
}
