package service

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ListeningPorts returns the TCP ports that the process listens on, on whatever
// address, sorted; none where that cannot be read. A gateway's own port may be a
// flag, and the title that it gives itself hides its flags.
func ListeningPorts(pid int) []int {
	const listen, addressField, stateField, inodeField = "0A", 1, 3, 9
	sockets := openSockets("/proc/" + strconv.Itoa(pid) + "/fd")
	var ports []int
	for _, file := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		table, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(table)) {
			fields := strings.Fields(line)
			if len(fields) <= inodeField || fields[stateField] != listen || !sockets[fields[inodeField]] {
				continue
			}
			_, hexPort, _ := strings.Cut(fields[addressField], ":")
			if port, err := strconv.ParseUint(hexPort, 16, 16); err == nil {
				ports = append(ports, int(port))
			}
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// openSockets returns the inodes of the sockets that a process has open.
func openSockets(dir string) map[string]bool {
	inodes := map[string]bool{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return inodes
	}
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join(dir, entry.Name()))
		if inode, ok := strings.CutPrefix(target, "socket:["); ok && err == nil {
			inodes[strings.TrimSuffix(inode, "]")] = true
		}
	}
	return inodes
}
