package service

import (
	"maps"
	"path/filepath"
	"testing"
)

// The digest is that of sha1sum for "/home/user/.clawdbot/clawdbot.json".
func TestLockFile(t *testing.T) {
	const config = "/home/user/.clawdbot/clawdbot.json"
	for uid, want := range map[int]string{1000: "/tmp/clawdbot-1000/gateway.15bde5f4.lock", -1: "/tmp/clawdbot/gateway.15bde5f4.lock"} {
		if got := filepath.ToSlash(LockFile("/tmp", uid, config)); got != want {
			t.Errorf("uid %d: got %s, want %s", uid, got, want)
		}
	}
}

func TestParseEnviron(t *testing.T) {
	got := map[string]string{}
	for name, value := range parseEnviron([]byte("A=1\x00B=\x00A=2\x00junk\x00=x\x00C=a=b\nc\x00")) {
		got[name] = value.Reveal()
	}
	if want := map[string]string{"A": "1", "B": "", "C": "a=b\nc"}; !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestIsGatewayCommand(t *testing.T) {
	for _, test := range []struct {
		args []string
		want bool
	}{
		{[]string{"node", "/x/clawdbot/dist/entry.js", "gateway", "--port", "1"}, true},
		{[]string{"node", `C:\x\dist\index.js`, "Gateway"}, true},
		{[]string{"/usr/bin/clawdbot", "gateway"}, true},
		{[]string{"clawdbot", "gateway"}, true},
		{[]string{"clawdbot-gateway"}, true},
		{[]string{"clawdbot-gateway   "}, true},
		{[]string{"node", "/x/dist/entry.js", "agent"}, false},
		{[]string{"node", "/x/other.js", "gateway"}, false},
		{[]string{"myclawdbot", "gateway"}, false},
		{[]string{"gateway"}, false},
		{nil, false},
	} {
		if got := isGatewayCommand(test.args); got != test.want {
			t.Errorf("%q: got %t", test.args, got)
		}
	}
}
