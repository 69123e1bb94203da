package durable

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestLockExcludes(t *testing.T) {
	d := openTemp(t)
	unlock, err := d.Lock(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(d.Path(), "lock")
	if info, err := os.Stat(file); err != nil || ownersExist && info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	other := openAt(t, d.Path())
	_, err = other.Lock(done(), "lock")
	locked, ok := errors.AsType[*LockedError](err)
	if !ok || locked.Holder != fmt.Sprintf("process %d", os.Getpid()) || !strings.HasSuffix(locked.Path, "lock") {
		t.Fatalf("error %v", err)
	}
	mustBe(t, err, context.Canceled)

	waited := make(chan error)
	go func() {
		again, err := other.Lock(context.Background(), "lock")
		if err == nil {
			err = again()
		}
		waited <- err
	}()
	time.Sleep(2 * firstPause)
	select {
	case err := <-waited:
		t.Fatalf("got the lock while it was held, or %v", err)
	default:
	}
	for range 2 {
		if err := unlock(); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-waited; err != nil {
		t.Fatal(err)
	}
}

// done returns a context that leaves time for one attempt.
func done() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// A lock file is written to, so what could be another file is refused, unharmed.
func TestLockRefusesWhatIsNotALock(t *testing.T) {
	d := openTemp(t)
	at := func(name string) string { return filepath.Join(d.Path(), name) }
	put(t, at(".env"), "TOKEN=value-of-some-length\n", 0o600)
	put(t, at("short"), "A=1\n", 0o600)
	put(t, at("pid"), "123\n", 0o600)
	if err := os.Symlink(".env", at("link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := os.Link(at(".env"), at("hard")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("pid", at("link-to-pid")); err != nil {
		t.Fatal(err)
	}
	put(t, at("another-pid"), "124\n", 0o600)
	if err := os.Link(at("another-pid"), at("hard-to-pid")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"link", "link-to-pid", "hard", "hard-to-pid", ".env", "short"} {
		if _, err := d.Lock(t.Context(), name); err == nil {
			t.Errorf("%s was locked", name)
		}
	}
	if got := contents(t, at(".env")); got != "TOKEN=value-of-some-length\n" {
		t.Errorf(".env holds %q", got)
	}
	unlock, err := d.Lock(t.Context(), "pid")
	if err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
}

// heldBy is what may be found at the lock's path.
type heldBy struct {
	directory bool
	payload   string
	age       time.Duration
}

func (h heldBy) make(t *testing.T, path string) {
	t.Helper()
	if h.directory {
		mustDo(t, os.Mkdir(path, 0o755))
	} else {
		mustDo(t, os.WriteFile(path, []byte(h.payload), 0o600))
	}
	then := time.Now().Add(-h.age)
	mustDo(t, os.Chtimes(path, then, then))
}

func TestLockProduct(t *testing.T) {
	me, started := os.Getpid(), startTime(os.Getpid())
	payload := func(pid int, start string) string {
		return fmt.Sprintf(`{"pid":%d,"createdAt":"2026-01-24T00:00:00Z","startTime":%s}`, pid, start)
	}
	const nobody = 1 << 30
	type row struct {
		name  string
		found *heldBy
		wait  time.Duration // how long we are ready to wait
		taken time.Duration // when the lock is ours; -1 if never
	}
	rows := []row{
		{"free", nil, 0, 0},
		{"fresh directory", &heldBy{true, "", 0}, 10 * time.Second, -1},
		{"fresh directory that goes stale", &heldBy{true, "", 0}, 60 * time.Second, 30 * time.Second},
		{"directory of 29 s", &heldBy{true, "", 29 * time.Second}, 0, -1},
		{"directory of 31 s", &heldBy{true, "", 31 * time.Second}, 0, 0},
		{"directory from the future", &heldBy{true, "", -time.Hour}, 10 * time.Second, -1},
		{"file, dead holder, young", &heldBy{false, payload(nobody, "1"), 179 * time.Second}, 0, -1},
		{"file, dead holder, old", &heldBy{false, payload(nobody, "1"), 181 * time.Second}, 0, 0},
		{"file, dead holder, waiting", &heldBy{false, payload(nobody, "1"), 170 * time.Second}, 20 * time.Second, 10 * time.Second},
		{"file, recycled number, old", &heldBy{false, payload(me, "1"), 181 * time.Second}, 0, 0},
		{"file, no start time, old", &heldBy{false, fmt.Sprintf(`{"pid":%d}`, me), 181 * time.Second}, 0, 0},
		{"file, no start time, young", &heldBy{false, fmt.Sprintf(`{"pid":%d}`, me), time.Second}, 0, -1},
		{"file, empty, young", &heldBy{false, "", time.Second}, 0, -1},
		{"file, empty, old", &heldBy{false, "", time.Hour}, 0, 0},
		{"file, nonsense, old", &heldBy{false, "{{{", time.Hour}, 0, 0},
	}
	if started != "" {
		rows = append(rows, row{"file, live holder, old", &heldBy{false, payload(me, started), time.Hour}, 10 * time.Second, -1})
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { testLockProduct(t, r.found, r.wait, r.taken) })
		})
	}
}

func testLockProduct(t *testing.T, found *heldBy, patience, taken time.Duration) {
	d := openTemp(t)
	put(t, filepath.Join(d.Path(), "auth-profiles.json"), "{}", 0o600)
	lock := filepath.Join(d.Path(), "auth-profiles.json.lock")
	if found != nil {
		found.make(t, lock)
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	unlock, err := d.LockProduct(ctx, "auth-profiles.json")
	waited := time.Since(began)
	if taken < 0 {
		if locked, ok := errors.AsType[*LockedError](err); !ok || locked.Path != lock || locked.Holder == "" {
			t.Fatalf("error %v", err)
		}
		mustBe(t, err, context.DeadlineExceeded)
		if waited < patience || waited > patience+lastPause {
			t.Errorf("waited %v", waited)
		}
		if _, err := os.Lstat(lock); err != nil {
			t.Error("the other's lock is gone")
		}
		onlyThese(t, d.Path(), "auth-profiles.json", "auth-profiles.json.lock")
		return
	}
	mustDo(t, err)
	if waited < taken || waited > taken+lastPause {
		t.Errorf("waited %v, want %v", waited, taken)
	}
	if info, err := os.Lstat(lock); err != nil || !info.IsDir() {
		t.Errorf("the lock is not a directory: %v", err)
	}
	onlyThese(t, d.Path(), "auth-profiles.json", "auth-profiles.json.lock")
	mustDo(t, unlock())
	mustDo(t, unlock())
	onlyThese(t, d.Path(), "auth-profiles.json")
}

// As long as it is held a lock does not go stale, and once released it is not touched.
func TestLockProductStaysFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openTemp(t)
		unlock, err := d.LockProduct(t.Context(), target)
		mustDo(t, err)
		lock := filepath.Join(d.Path(), target+".lock")
		for range 10 {
			time.Sleep(20*time.Second + time.Millisecond)
			synctest.Wait()
			info, err := os.Stat(lock)
			mustDo(t, err)
			if age := time.Since(info.ModTime()); age > lockRefresh {
				t.Errorf("touched %v ago", age)
			}
		}
		_, err = d.LockProduct(done(), target)
		if _, ok := errors.AsType[*LockedError](err); !ok {
			t.Errorf("error %v", err)
		}
		mustDo(t, unlock())
	})
}

// A lock that was taken over is not ours to remove.
func TestLockProductLost(t *testing.T) {
	for name, takeOver := range map[string]func(t *testing.T, lock string){
		"taken over": func(t *testing.T, lock string) {
			mustDo(t, os.Remove(lock))
			heldBy{directory: true, age: time.Minute}.make(t, lock)
		},
		"replaced by a file": func(t *testing.T, lock string) {
			mustDo(t, os.Remove(lock))
			heldBy{payload: "{}"}.make(t, lock)
		},
		"gone": func(t *testing.T, lock string) { mustDo(t, os.Remove(lock)) },
	} {
		for _, later := range []time.Duration{0, 5 * time.Second} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := openTemp(t)
					unlock, err := d.LockProduct(t.Context(), target)
					mustDo(t, err)
					lock := filepath.Join(d.Path(), target+".lock")
					takeOver(t, lock)
					before, _ := os.Lstat(lock)
					time.Sleep(later)
					synctest.Wait()
					mustBe(t, unlock(), ErrLockLost)
					after, err := os.Lstat(lock)
					if name != "gone" && (err != nil || !after.ModTime().Equal(before.ModTime())) {
						t.Errorf("the other's lock was touched: %v", err)
					}
				})
			})
		}
	}
}

// A stale lock that somebody takes over in the same instant stays theirs.
func TestLockProductTakenOverFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openTemp(t)
		lock := filepath.Join(d.Path(), target+".lock")
		heldBy{directory: true, age: time.Hour}.make(t, lock)
		d.hooks = before("rename", func() {
			mustDo(t, os.Remove(lock))
			heldBy{directory: true}.make(t, lock)
		})
		_, err := d.LockProduct(done(), target)
		if _, ok := errors.AsType[*LockedError](err); !ok {
			t.Errorf("error %v", err)
		}
		onlyThese(t, d.Path(), target+".lock")
	})
}

func TestLockProductOddities(t *testing.T) {
	d := openTemp(t)
	lock := filepath.Join(d.Path(), target+".lock")
	mustDo(t, os.Mkdir(lock, 0o700))
	put(t, filepath.Join(lock, "inside"), "x", 0o600)
	then := time.Now().Add(-time.Hour)
	mustDo(t, os.Chtimes(lock, then, then))
	_, err := d.LockProduct(done(), target)
	if locked, ok := errors.AsType[*LockedError](err); !ok || !strings.Contains(locked.Holder, "empty") {
		t.Errorf("error %v", err)
	}
	onlyThese(t, lock, "inside")
	onlyThese(t, d.Path(), target+".lock")
	if _, err := d.LockProduct(done(), "none/"+target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// Two of us at once: never both.
func TestLockProductExcludes(t *testing.T) {
	d := openTemp(t)
	const runs = 30
	var held atomic.Int32
	finished := make(chan error)
	for range 3 {
		go func() {
			var err error
			for range runs / 3 {
				var unlock func() error
				if unlock, err = d.LockProduct(context.Background(), target); err != nil {
					break
				}
				if held.Add(1) != 1 {
					err = errors.New("held twice")
				}
				held.Add(-1)
				if failed := unlock(); err == nil {
					err = failed
				}
			}
			finished <- err
		}()
	}
	for range 3 {
		mustDo(t, <-finished)
	}
	onlyThese(t, d.Path())
}
