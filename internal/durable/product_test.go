//go:build linux

package durable

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// productLocker takes a lock as Clawdbot does, says so, and holds it until its input ends.
const productLocker = `
const lockfile = require('proper-lockfile');
lockfile.lock(process.argv[1], {stale: 30000, retries: 0}).then(
  (release) => { console.log('locked'); process.stdin.on('end', () => release().then(() => console.log('released'))).resume(); },
  (err) => { console.log(err.code); });
`

type lockingProduct struct {
	t     *testing.T
	in    *gatewaytest.Installation
	file  string
	input interface{ Close() error }
	lines *bufio.Scanner
	cmd   *exec.Cmd
}

// start runs the locker and returns what it said first.
func (p *lockingProduct) start() string {
	p.t.Helper()
	p.cmd = exec.Command(p.in.Node, "-e", productLocker, p.file)
	p.cmd.Env = []string{"NODE_PATH=" + p.in.Modules}
	p.cmd.Stderr = os.Stderr
	input, err := p.cmd.StdinPipe()
	mustDo(p.t, err)
	output, err := p.cmd.StdoutPipe()
	mustDo(p.t, err)
	mustDo(p.t, p.cmd.Start())
	p.input, p.lines = input, bufio.NewScanner(output)
	p.lines.Scan()
	return p.lines.Text()
}

func (p *lockingProduct) stop() {
	p.t.Helper()
	_ = p.input.Close()
	mustDo(p.t, p.cmd.Wait())
}

// The locks of the real product and ours exclude each other, both ways, and what a
// crash of ours leaves does not stop the product.
func TestLockProductAgainstTheProduct(t *testing.T) {
	in := gatewaytest.Product(t)
	d := openTemp(t)
	p := &lockingProduct{t: t, in: in, file: filepath.Join(d.Path(), "auth-profiles.json")}
	put(t, p.file, "{}", 0o600)

	unlock, err := d.LockProduct(t.Context(), "auth-profiles.json")
	mustDo(t, err)
	if said := p.start(); said != "ELOCKED" {
		t.Errorf("while we hold the lock the product says %q", said)
	}
	p.stop()
	mustDo(t, unlock())

	if said := p.start(); said != "locked" {
		t.Fatalf("after we released the lock the product says %q", said)
	}
	_, err = d.LockProduct(done(), "auth-profiles.json")
	if _, ok := errors.AsType[*LockedError](err); !ok {
		t.Errorf("while the product holds the lock: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	time.AfterFunc(100*time.Millisecond, func() { _ = p.input.Close() })
	unlock, err = d.LockProduct(ctx, "auth-profiles.json")
	mustDo(t, err)
	p.lines.Scan()
	if said := p.lines.Text(); !strings.Contains(said, "released") {
		t.Errorf("the product says %q", said)
	}
	mustDo(t, p.cmd.Wait())
	mustDo(t, unlock())

	heldBy{directory: true, age: 31 * time.Second}.make(t, p.file+".lock")
	if said := p.start(); said != "locked" {
		t.Errorf("after a crash of ours the product says %q", said)
	}
	p.stop()
	onlyThese(t, d.Path(), "auth-profiles.json")
}
