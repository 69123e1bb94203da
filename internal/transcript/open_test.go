package transcript

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/json5"
)

func TestIsTranscript(t *testing.T) {
	for name, want := range map[string]bool{
		"9e6735dd.jsonl":                                       true,
		"9e6735dd-topic-42.jsonl":                              true,
		"2026-01-20T10-00-00-000Z_9e67.jsonl":                  true,
		"9e67.jsonl.deleted.2026-01-20T10-00-00.000Z":          true,
		"9e67.jsonl.reset.2026-01-20T10-00-00.000Z":            true,
		"9e67.jsonl.bak.2026-01-20T10-00-00.000Z":              true,
		"9e67.jsonl.imported-1788000000":                       true,
		filepath.Join("agents", "main", "sessions", "a.jsonl"): true,
		"9e67.jsonl.lock":                                      false,
		"9e67.jsonl.deleted.2026-01-20T10-00-00.000Z.lock":     false,
		"9e67.jsonl.deleted.":                                  false,
		"9e67.jsonl.zst":                                       false,
		"9e67.jsonlx":                                          false,
		"9e67.json":                                            false,
		"sessions.json":                                        false,
		"sessions.json.lock":                                   false,
		"":                                                     false,
	} {
		if IsTranscript(name) != want {
			t.Errorf("%q: %v, want %v", name, !want, want)
		}
	}
}

func TestOpen(t *testing.T) {
	now := time.Date(2026, 1, 25, 12, 0, 0, 0, time.UTC)
	lockOf := func(pid int, age time.Duration) string {
		return fmt.Sprintf("{\n  \"pid\": %d,\n  \"createdAt\": %q\n}", pid, now.Add(-age).Format("2006-01-02T15:04:05.000Z07:00"))
	}
	alive, gone := os.Getpid(), 1<<22+1 // above Linux' greatest process number
	locked := fmt.Sprintf("locked by process %d", alive)
	const nobody = "locked, by nobody knows whom"
	for _, test := range []struct {
		name    string
		file    string        // "" is a.jsonl
		age     time.Duration // of the transcript
		lock    string        // "" is none
		lockAge time.Duration // of the lock's modification time
		want    string
	}{
		{name: "at rest", age: time.Hour},
		{name: "ten minutes", age: 10 * time.Minute},
		{name: "nearly ten", age: 10*time.Minute - 1, want: "written 9 minutes ago"},
		{name: "three minutes", age: 200 * time.Second, want: "written 3 minutes ago"},
		{name: "one minute", age: time.Minute, want: "written a minute ago"},
		{name: "now", want: "written less than a minute ago"},
		{name: "the future", age: -time.Hour, want: "written in the future, by its clock"},
		{name: "deleted a while ago", file: "a.jsonl.deleted.2026-01-25", age: time.Hour, lock: lockOf(alive, 0)},
		{name: "deleted just now", file: "a.jsonl.deleted.2026-01-25", age: 5 * time.Minute, want: "written 5 minutes ago"},
		{name: "locked", age: time.Hour, lock: lockOf(alive, time.Minute), want: locked},
		{name: "locked in the future", age: time.Hour, lock: lockOf(alive, -time.Hour), want: locked},
		{name: "locked for long", age: time.Hour, lock: lockOf(alive, 30*time.Minute), want: locked},
		{name: "locked for too long", age: time.Hour, lock: lockOf(alive, 30*time.Minute+time.Second)},
		{name: "locked and written", lock: lockOf(alive, 0), want: locked},
		{name: "the locker is gone", age: time.Hour, lock: lockOf(gone, time.Minute)},
		{name: "the locker is gone, written", age: 2 * time.Minute, lock: lockOf(gone, time.Minute), want: "written 2 minutes ago"},
		{name: "an empty lock", age: time.Hour, lock: " ", want: nobody},
		{name: "a lock that is being written", age: time.Hour, lock: `{"pid": 1`, want: nobody},
		{name: "a lock without a process", age: time.Hour, lock: `{"createdAt":"2026-01-25T12:00:00.000Z"}`, want: nobody},
		{name: "a lock without a time", age: time.Hour, lock: fmt.Sprintf(`{"pid":%d}`, alive), want: nobody},
		{name: "a huge lock", age: time.Hour, lock: strings.Repeat(" ", maxLockFile+1), want: nobody},
		{name: "an empty lock of old", age: time.Hour, lock: " ", lockAge: 31 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.lock, fmt.Sprint(gone)) && processAlive(gone) {
				t.Skip("it cannot be told here whether a process is alive")
			}
			path := filepath.Join(t.TempDir(), "a.jsonl")
			if test.file != "" {
				path = filepath.Join(filepath.Dir(path), test.file)
			}
			write(t, path, "", now.Add(-test.age))
			if test.lock != "" {
				write(t, path+".lock", test.lock, now.Add(-test.lockAge))
			}
			if why := Open(path, now); why != test.want {
				t.Errorf("%q, want %q", why, test.want)
			}
		})
	}
}

func TestOpenIsSafeInDoubt(t *testing.T) {
	now := time.Now()
	dir := t.TempDir()
	if why := Open(filepath.Join(dir, "none.jsonl"), now); !strings.HasPrefix(why, "cannot be looked at: ") || strings.Contains(why, dir) {
		t.Errorf("no file: %q", why)
	}
	path := filepath.Join(dir, "a.jsonl")
	write(t, path, "", now.Add(-time.Hour))
	if err := os.Mkdir(path+".lock", 0o700); err != nil {
		t.Fatal(err)
	}
	if why := Open(path, now); why == "" {
		t.Error("a lock that is a directory is none")
	}
}

func TestCurrent(t *testing.T) {
	for index, want := range map[string][]string{
		`{}`: nil,
		`{"agent:main:main":{"sessionId":"9e67","updatedAt":1},"agent:main:cron":{"sessionId":"ab12"}}`:                 {"9e67.jsonl", "ab12.jsonl"},
		`{"a":{"sessionId":"9e67","sessionFile":"/h/sam/.clawdbot/agents/main/sessions/2026_9e67.jsonl"}}`:              {"2026_9e67.jsonl", "9e67.jsonl"},
		`{"a":{"sessionId":"9e67","sessionFile":" C:\\state\\sessions\\x.jsonl "}}`:                                     {"9e67.jsonl", "x.jsonl"},
		`{"agent:main:telegram:group:-100:topic:42":{"sessionId":"9e67","lastThreadId":42}}`:                            {"9e67-topic-42.jsonl", "9e67.jsonl"},
		`{"a":{"sessionId":"9e67","lastThreadId":"1700.5 ü"}}`:                                                          {"9e67-topic-1700.5%20%C3%BC.jsonl", "9e67.jsonl"},
		`{"a":{"sessionId":"x","sessionId":"y"},"b":{"sessionFile":"z.jsonl"}}`:                                         {"y.jsonl", "z.jsonl"},
		`{"a":null,"b":7,"c":[],"d":{},"e":{"sessionId":"","sessionFile":" / "},"f":{"sessionId":1,"lastThreadId":{}}}`: nil,
		`{a:{sessionId:'9e67',},} // as JSON5`:                                                                          {"9e67.jsonl"},
	} {
		names, err := Current([]byte(index))
		if err != nil {
			t.Errorf("%s: %v", index, err)
		}
		if got := slices.Sorted(maps.Keys(names)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", index, got, want)
		}
	}
	for _, index := range []string{"", `{"hunter2":`, `["hunter2"]`, `"hunter2"`, "{\"a\":\"hunter2\xff\"}", "null"} {
		names, err := Current([]byte(index))
		if err == nil || names != nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, %v", index, names, err)
		}
	}
}

// FuzzCurrent holds for any bytes: there is an answer for what the gateway can read, every
// name is that of a transcript in the same folder, and no error quotes the index.
func FuzzCurrent(f *testing.F) {
	f.Add([]byte(`{"a":{"sessionId":"9e67","sessionFile":"/x/y.jsonl","lastThreadId":42}}`))
	f.Fuzz(func(t *testing.T, index []byte) {
		names, err := Current(index)
		document, broken := json5.Parse(index)
		if valid := broken == nil && document.Root().Kind() == json5.Object; valid != (err == nil) {
			t.Fatalf("valid %v, error %v", valid, err)
		}
		for name := range names {
			if name == "" || strings.ContainsAny(name, `/\`) {
				t.Errorf("%q is no file name", name)
			}
		}
	})
}

func write(t *testing.T, path, text string, modified time.Time) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, modified, modified); err != nil {
		t.Fatal(err)
	}
}
