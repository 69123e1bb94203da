package faulttest

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// TestKilledAtRandom: a run over many transcripts, killed at any moment and run again,
// loses nothing. After each kill every transcript is what it was or what it becomes, and
// in the latter case all that it lost can be put back; and so for an undo. On every
// push it is a hundred transcripts and 20 kills; with CLAWSECRETS_SWEEP=all a thousand
// and 200.
func TestKilledAtRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program many times: skipped under -short")
	}
	files, kills := 100, 20
	if everything() {
		files, kills = 1000, 200
	}
	k := newKilled(t, files)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	extract, undo := []string{"extract", "--sessions", "--yes", "-q"}, []string{"extract", "--undo", "--yes", "-q"}
	lasts := k.toTheEnd(t, extract)
	k.done = k.read(t)
	if len(k.done) == 0 || k.stillPlain(k.done) > 0 {
		t.Fatalf("an undisturbed run leaves %d values", k.stillPlain(k.done))
	}
	k.toTheEnd(t, undo)
	k.same(t, k.orig, "an undisturbed undo")
	for n := 0; n < kills; {
		for _, args := range [][]string{extract, undo} {
			for ended := false; !ended && n < kills; n++ {
				ended = k.killed(t, args, time.Duration(r.Int64N(int64(lasts))))
				k.nothingLost(t, args)
			}
			k.toTheEnd(t, args)
		}
		k.same(t, k.orig, "killing and undoing")
	}
}

// killed is a Home whose many transcripts are worked on.
type killed struct {
	binary, home, state string
	values              []string
	byFile              map[string][]string // the values in each transcript
	orig, done          map[string]string   // the transcripts before and after
}

func newKilled(t *testing.T, files int) *killed {
	t.Helper()
	dir := memory(t)
	k := &killed{binary: filepath.Join(dir, "clawsecrets"), home: filepath.Join(dir, "home"), byFile: map[string][]string{}}
	k.state = filepath.Join(dir, "state")
	if out, err := exec.Command(need(t, "go"), "build", "-o", k.binary, "../../cmd/clawsecrets").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if err := fixture.Clawdbot(k.state, fixture.Options{Seed: 8}); err != nil {
		t.Fatal(err)
	}
	places, err := fixture.Transcripts(k.state, fixture.TranscriptOptions{Seed: 8, Files: files, Secrets: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range places {
		k.values = append(k.values, p.Value)
		k.byFile[p.File] = append(k.byFile[p.File], p.Value)
	}
	if err := os.Mkdir(k.home, 0o700); err != nil {
		t.Fatal(err)
	}
	k.orig = k.read(t)
	return k
}

func (k *killed) command(args []string) *exec.Cmd {
	cmd := exec.Command(k.binary, append(args[:len(args):len(args)], "--state-dir", k.state)...)
	cmd.Env = []string{"HOME=" + k.home, "PATH=/usr/bin:/bin", "CLAWSECRETS_LOG_DIR=" + filepath.Join(k.home, "log")}
	return cmd
}

// toTheEnd runs the program undisturbed, and returns how long it took.
func (k *killed) toTheEnd(t *testing.T, args []string) time.Duration {
	t.Helper()
	began := time.Now()
	out, err := k.command(args).CombinedOutput()
	if err != nil && !bytes.Contains(out, []byte("nothing to undo")) {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return time.Since(began)
}

// killed kills a run after some time, and reports whether it had ended by itself.
func (k *killed) killed(t *testing.T, args []string, after time.Duration) (ended bool) {
	t.Helper()
	cmd := k.command(args)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() >= 0 {
		t.Fatalf("%v after a kill: exit code %d\n%s", args, exit.ExitCode(), out.String())
	}
	return err == nil
}

// read reads the transcripts.
func (k *killed) read(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for file := range k.byFile {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(data)
	}
	return texts
}

func (k *killed) stillPlain(texts map[string]string) (plain int) {
	for file, values := range k.byFile {
		for _, value := range values {
			if strings.Contains(texts[file], value) {
				plain++
			}
		}
	}
	return plain
}

// nothingLost checks what a kill left.
func (k *killed) nothingLost(t *testing.T, args []string) {
	t.Helper()
	held := ""
	for _, name := range []string{".env", "clawsecrets/quarantine.env"} {
		data, err := os.ReadFile(filepath.Join(k.state, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		held += string(data)
	}
	for file, text := range k.read(t) {
		switch text {
		case k.orig[file]:
		case k.done[file]:
			for _, value := range k.byFile[file] {
				if !strings.Contains(held, value) {
					t.Errorf("%v, killed: a value of %s is nowhere", args, file)
				}
			}
		default:
			t.Errorf("%v, killed: %s is neither what it was nor what it becomes", args, file)
		}
	}
}

func (k *killed) same(t *testing.T, want map[string]string, after string) {
	t.Helper()
	for file, text := range k.read(t) {
		if text != want[file] {
			t.Errorf("after %s %s is not what it was", after, file)
		}
	}
}
