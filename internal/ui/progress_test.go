package ui

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is a terminal of one line: what was written to it, and what is to be seen.
type screen struct {
	writes  int
	line    []byte
	column  int
	longest int
}

func (s *screen) Write(text []byte) (int, error) {
	s.writes++
	for _, b := range text {
		if b == '\r' {
			s.column = 0
			continue
		}
		if s.column == len(s.line) {
			s.line = append(s.line, ' ')
		}
		s.line[s.column] = b
		s.column++
		s.longest = max(s.longest, s.column)
	}
	return len(text), nil
}

func (s *screen) String() string { return strings.TrimRight(string(s.line), " ") }

// clock is a time that goes by when it is told to.
type clock struct{ time.Time }

func (c *clock) now() time.Time           { return c.Time }
func (c *clock) passes(d time.Duration)   { c.Time = c.Add(d) }
func columns(width int) (read func() int) { return func() int { return width } }

func TestProgressLine(t *testing.T) {
	const mb = 1_000_000
	for _, test := range []struct {
		name        string
		done, total int64
		after       time.Duration
		width       int
		want        string
	}{
		{"known", 312 * mb, 1200 * mb, 650 * time.Millisecond, 80, "scanning  312 MB of 1.2 GB  480 MB/s  2 s left"},
		{"unknown", 312 * mb, 0, 650 * time.Millisecond, 80, "scanning  312 MB  480 MB/s"},
		{"more than there was", 312 * mb, 300 * mb, time.Second, 80, "scanning  312 MB  312 MB/s"},
		{"all of it", 312 * mb, 312 * mb, time.Second, 80, "scanning  312 MB of 312 MB  312 MB/s  1 s left"},
		{"nothing yet", 0, 100 * mb, time.Second, 80, "scanning  0 B of 100 MB  0 B/s"},
		{"as wide as the line and one", 312 * mb, 1200 * mb, 650 * time.Millisecond, 47, "scanning  312 MB of 1.2 GB  480 MB/s  2 s left"},
		{"no room for the time", 312 * mb, 1200 * mb, 650 * time.Millisecond, 46, "scanning  312 MB of 1.2 GB  480 MB/s"},
		{"no room for the rate", 312 * mb, 1200 * mb, 650 * time.Millisecond, 30, "scanning  312 MB of 1.2 GB"},
		{"no room for the size", 312 * mb, 1200 * mb, 650 * time.Millisecond, 12, "scanning"},
		{"no room", 312 * mb, 1200 * mb, 650 * time.Millisecond, 8, ""},
		{"minutes", 100 * mb, 10_000 * mb, time.Second, 80, "scanning  100 MB of 10 GB  100 MB/s  2 min left"},
		{"hours", mb, 10_000 * mb, time.Second, 80, "scanning  1.0 MB of 10 GB  1.0 MB/s  3 h left"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, c := &screen{}, &clock{}
			p := newProgress("scanning", test.total, s, c.now, columns(test.width))
			c.passes(test.after)
			p.Add(test.done)
			if s.String() != test.want {
				t.Errorf("got %q, want %q", s, test.want)
			}
			p.Stop()
			if s.String() != "" || s.column != 0 {
				t.Errorf("left behind: %q", s)
			}
		})
	}
}

// What is over soon shows nothing at all, not even an erased line.
func TestProgressOfAShortTask(t *testing.T) {
	s, c := &screen{}, &clock{}
	p := newProgress("scanning", 1000, s, c.now, columns(80))
	for range 499 {
		c.passes(time.Millisecond)
		p.Add(1)
	}
	p.Stop()
	if s.writes > 0 {
		t.Errorf("%d writes", s.writes)
	}
	c.passes(time.Second)
	p.Add(1)
	if s.writes > 0 {
		t.Error("a line after the end")
	}
}

func TestProgressPace(t *testing.T) {
	s, c := &screen{}, &clock{}
	p := newProgress("scanning", 0, s, c.now, columns(80))
	for range 10_500 {
		c.passes(time.Millisecond)
		p.Add(1)
	}
	if s.writes != 101 { // one at 0.5 s, and then ten a second
		t.Errorf("%d lines in ten seconds", s.writes)
	}
	p.Stop()
	p.Stop()
	if s.writes != 102 {
		t.Errorf("the line is erased %d times", s.writes-101)
	}
}

// A line replaces all of a longer one, also where the window became narrower.
func TestProgressReplacesItsLine(t *testing.T) {
	s, c, width := &screen{}, &clock{}, 80
	p := newProgress("scanning", 1_000_000, s, c.now, func() int { return width })
	c.passes(time.Second)
	p.Add(999_999)
	p.SetTotal(0)
	c.passes(time.Second)
	p.Add(1)
	if s.String() != "scanning  1.0 MB  500 kB/s" {
		t.Errorf("got %q", s)
	}
	width, s.longest = 20, 0
	c.passes(time.Second)
	p.Add(1)
	p.Stop()
	if s.longest >= width {
		t.Errorf("%d characters in a window of %d", s.longest, width)
	}
}

func TestProgressOfNobody(t *testing.T) {
	var p *Progress
	p.SetTotal(1)
	p.Add(1)
	p.Stop()
}

func TestProgressOfManyAtOnce(t *testing.T) {
	s := &screen{}
	p := newProgress("scanning", 8000, s, time.Now, columns(80))
	p.due.Store(0) // from the start on, and so from several goroutines
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 1000 {
				p.Add(1)
				p.SetTotal(8000)
			}
		})
	}
	group.Wait()
	p.Stop()
	if got := p.done.Load(); got != 8000 || s.writes < 2 || s.String() != "" {
		t.Errorf("%d done, %d writes, %q left", got, s.writes, s)
	}
}

func TestBytesText(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 9_999: "9.9 kB", 10_000: "10 kB", 999_999: "999 kB",
		1_200_000_000: "1.2 GB", 312_000_000: "312 MB", 5_000_000_000_000_000: "5000 TB", math.MaxInt64: "9223372 TB",
	} {
		if got := bytesText(bytes); got != want {
			t.Errorf("%d: got %q, want %q", bytes, got, want)
		}
	}
}

func TestTimeText(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "1 s", 0.1: "1 s", 1.1: "2 s", 60: "60 s", 60.5: "2 min", 120: "2 min", 3600: "60 min", 3601: "2 h",
	} {
		if got := timeText(seconds); got != want {
			t.Errorf("%v: got %q, want %q", seconds, got, want)
		}
	}
}

// A line is one line, and goes into the window.
func FuzzProgressFits(f *testing.F) {
	f.Add(int64(312), int64(1200), int64(650), 80)
	f.Add(int64(math.MaxInt64), int64(math.MaxInt64), int64(1), 109)
	f.Fuzz(func(t *testing.T, done, total, milliseconds int64, width int) {
		if done < 0 || total < 0 || milliseconds < 0 || milliseconds > 1e9 || width < 0 || width > 1000 {
			t.Skip()
		}
		s, c := &screen{}, &clock{}
		p := newProgress("scanning", total, s, c.now, columns(width))
		c.passes(patience + time.Duration(milliseconds)*time.Millisecond)
		p.Add(done)
		if line := s.String(); s.longest > max(width-1, 0) || strings.ContainsAny(line, "\n\x1b") || strings.Contains(line, "-") {
			t.Errorf("%q in %d columns", line, width)
		}
	})
}

func BenchmarkProgressAdd(b *testing.B) {
	p := newProgress("scanning", math.MaxInt64, &screen{}, time.Now, columns(80))
	for b.Loop() {
		p.Add(1)
	}
}
