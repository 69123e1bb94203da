package service

import (
	"net"
	"os"
	"slices"
	"testing"
)

func TestListeningPorts(t *testing.T) {
	var want []int
	for _, address := range []string{"127.0.0.1:0", "0.0.0.0:0"} {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		want = append(want, listener.Addr().(*net.TCPAddr).Port)
	}
	got := ListeningPorts(os.Getpid())
	for _, port := range want {
		if !slices.Contains(got, port) {
			t.Errorf("ports %v, without %d", got, port)
		}
	}
	if !slices.IsSorted(got) {
		t.Errorf("ports %v are not sorted", got)
	}
	if got := ListeningPorts(os.Getppid()); slices.Contains(got, want[0]) {
		t.Errorf("the parent process is said to listen on our port %d", want[0])
	}
}
