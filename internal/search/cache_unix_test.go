//go:build unix

package search

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/scancache"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// cached is a file and a cache, over several runs.
type cached struct {
	t           *testing.T
	name, cache string
	scope       scancache.Scope
	rules       *rules.Set
}

func newCached(t *testing.T, content string) *cached {
	name := writeFile(t, []byte(content))
	return &cached{t: t, name: name, cache: filepath.Join(t.TempDir(), "cache"), scope: scancache.NewScope("1", nil), rules: testRules()}
}

// run searches the file with the cache, checks that it finds what a search without one finds,
// and returns the report and how many bytes were searched.
func (c *cached) run() (report Report, searched int64) {
	c.t.Helper()
	var progress atomic.Int64
	cache := scancache.Open(c.cache, c.scope, secret.Key{1})
	s := &Searcher{Rules: c.rules, Cache: cache, Progress: func(n int64) { progress.Add(n) }}
	report = searchFile(c.t, s, c.name)
	if err := cache.Save(); err != nil {
		c.t.Fatal(err)
	}
	fresh := searchFile(c.t, &Searcher{Rules: c.rules}, c.name)
	if got, want := described(report.Hits), described(fresh.Hits); !slices.Equal(got, want) {
		c.t.Fatalf("with the cache: %q, without: %q", without(got, want), without(want, got))
	}
	for i, h := range report.Hits {
		other := fresh.Hits[i]
		if h.Pointer != other.Pointer || h.Layers != other.Layers || h.From != other.From || h.To != other.To || h.Value.Mask() != other.Value.Mask() {
			c.t.Fatalf("with the cache %+v, without %+v", h, other)
		}
	}
	if progress.Load() != report.Bytes {
		c.t.Fatalf("progress says %d bytes of %d", progress.Load(), report.Bytes)
	}
	if saved, err := os.ReadFile(c.cache); err == nil {
		for _, h := range report.Hits {
			if text := h.Value.Reveal(); bytes.Contains(saved, []byte(text)) || bytes.Contains(saved, []byte(text[4:16])) {
				c.t.Fatal("the cache has a value in it")
			}
		}
	}
	return report, report.Bytes - report.Cached
}

func (c *cached) write(content string) {
	c.t.Helper()
	if err := os.WriteFile(c.name, []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.later()
}

// later gives the file another time than it had.
func (c *cached) later() {
	c.t.Helper()
	info, err := os.Stat(c.name)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := os.Chtimes(c.name, time.Time{}, info.ModTime().Add(time.Second)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cached) add(content string) {
	c.t.Helper()
	file, err := os.OpenFile(c.name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := file.WriteString(content); err != nil {
		c.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// expect runs a search and checks how many bytes it read and how many secrets it found.
func (c *cached) expect(what string, searched int64, hits int) {
	c.t.Helper()
	report, got := c.run()
	if got != searched || len(report.Hits) != hits {
		c.t.Errorf("%s: %d bytes searched, not %d; %d secrets, not %d", what, got, searched, len(report.Hits), hits)
	}
}

func transcript(size int) string {
	var text strings.Builder
	for i := 0; text.Len() < size; i++ {
		text.WriteString(record(filler(300) + "\n" + github(strings.Repeat("x", i%7))))
	}
	return text.String()
}

func TestCacheOfTranscript(t *testing.T) {
	text := transcript(3 << 19)
	c := newCached(t, text)
	hits := strings.Count(text, "\n")
	c.expect("first", int64(len(text)), hits)
	c.expect("unchanged", 0, hits)
	more := record("tail " + github("tail"))
	c.add(more)
	c.expect("appended", int64(len(more)), hits+1)
	c.expect("unchanged again", 0, hits+1)
	half := record(filler(100_000) + github("half"))
	c.add(half[:50_000])
	c.expect("half a line", 50_000, hits+1)
	c.expect("half a line, unchanged", 50_000, hits+1)
	c.add(half[50_000:])
	c.expect("the line ends", int64(len(half)), hits+2)
	c.expect("unchanged, the last line is long", 0, hits+2)
	long := record(filler(5<<20) + github("long"))
	c.add(long)
	c.expect("a very long line", int64(len(long)), hits+3)

	all := text + more + half + long
	edited := strings.Replace(all, github("x"), github("y"), 1)
	c.write(edited)
	c.expect("edited", int64(len(all)), hits+3)
	c.write(edited + more)
	c.expect("written anew, and longer", int64(len(more)), hits+4)
	c.write(edited[:1<<20])
	report, searched := c.run()
	if searched != report.Bytes {
		t.Errorf("cut: %d bytes searched of %d", searched, report.Bytes)
	}
}

func TestCacheOfText(t *testing.T) {
	pem := fixture.Secret(1, "pem", "cache")
	head := strings.Repeat(filler(100)+"\n", 3000) + github("one") + "\n"
	// With lines of its own before the text, as the key of an old program has them.
	pem = strings.Replace(pem, "-\n", "-\nProc-Type: 4\nComment: 1\n\n", 1)
	for _, cut := range []int{10, 60, 70, 400, len(pem) - 30} {
		c := newCached(t, head+pem[:cut])
		c.run()
		c.add(pem[cut:] + "rest\n")
		report, searched := c.run()
		if got := values(report.Hits); !slices.Contains(got, strings.TrimSpace(pem)) {
			t.Errorf("cut at %d: the key is not found whole", cut)
		}
		if searched > 40_000 {
			t.Errorf("cut at %d: %d bytes searched", cut, searched)
		}
	}
	// A key that lies across the border of what is settled.
	c := newCached(t, head+pem+strings.Repeat("x\n", usualSizes().around/2-200))
	c.run()
	if _, searched := c.run(); searched > 40_000 {
		t.Errorf("a key at the border: %d bytes searched", searched)
	}
}

func TestCacheOfWrapped(t *testing.T) {
	var text string
	for _, w := range wrappings() {
		if w.name != "plain" {
			text += strings.ReplaceAll(w.wrap("a "+github(w.name)+" b"), "\n", "") + "\n"
		}
	}
	text += record(base64.StdEncoding.EncodeToString([]byte("one " + github("one") + " two " + github("two") + " end")))
	c := newCached(t, text)
	c.expect("first", int64(len(text)), len(wrappings())+1)
	c.expect("second", 0, len(wrappings())+1)
}

func TestCacheScope(t *testing.T) {
	text := record("it is hunter22-hunter22 today") + transcript(1000)
	c := newCached(t, text)
	before, _ := c.run()
	c.rules = rules.New(rules.Options{Known: []rules.Known{{Rule: "known", Value: "hunter22-hunter22"}}})
	c.scope = scancache.NewScope("1", []string{"a fingerprint"})
	c.expect("other known values", int64(len(text)), len(before.Hits)+1)
}

func TestNotCached(t *testing.T) {
	for _, data := range [][]byte{utf16Bytes("\ufeff"+transcript(2000), false), []byte("no line feed " + github("one"))} {
		c := newCached(t, string(data))
		for range 2 {
			if report, _ := c.run(); report.Cached != 0 || len(report.Hits) == 0 {
				t.Errorf("%d bytes cached, %d secrets", report.Cached, len(report.Hits))
			}
		}
	}
}
