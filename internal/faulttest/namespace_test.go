//go:build linux

package faulttest

import (
	"bufio"
	"os/exec"
	"slices"
	"strconv"
	"testing"
)

// namespace returns the command that runs another where it sees no other process, no
// open port and an empty /tmp. The program looks for gateways in all three, and would
// make other calls in every run.
func namespace(t testing.TB) []string {
	t.Helper()
	unshare, nsenter := need(t, "unshare"), need(t, "nsenter")
	inside := []string{"--net", unshare, "--pid", "--fork", "--mount-proc", "sh", "-c", `mount -t tmpfs tmpfs /tmp && exec "$@"`, "sh"}
	for _, user := range []struct{ make, enter []string }{
		{},
		{[]string{"--user", "--map-root-user"}, []string{"--user", "--preserve-credentials"}},
	} {
		holder := holdNetwork(t, unshare, user.make)
		command := slices.Concat([]string{nsenter, "--target", strconv.Itoa(holder)}, user.enter, inside)
		if holder != 0 && exec.Command(command[0], append(slices.Clone(command[1:]), "true")...).Run() == nil {
			return command
		}
	}
	missing(t, "needs namespaces of its own: run it as root, or set kernel.apparmor_restrict_unprivileged_userns=0")
	return nil
}

// holdNetwork makes a network without ports that lasts as long as the test, since
// making one for every run takes longer than the run, and returns the process that
// keeps it; 0 if that is not permitted.
func holdNetwork(t testing.TB, unshare string, user []string) (pid int) {
	t.Helper()
	cmd := exec.Command(unshare, slices.Concat(user, []string{"--net", "sh", "-c", "echo ready && exec cat"})...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // which ends it
		_ = cmd.Wait()
	})
	if line, _ := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		return 0
	}
	return cmd.Process.Pid
}
