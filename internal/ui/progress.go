package ui

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

const (
	// patience is how long a task runs before it shows progress: what is over by then
	// needs none.
	patience = 500 * time.Millisecond
	// pace is the time between two lines: more often than ten times a second nobody reads.
	pace = 100 * time.Millisecond
	// usualWidth is how wide a terminal is taken for that does not say.
	usualWidth = 80
)

// Progress is one line on standard error that says how far a task is, rewritten in
// place and gone when the task is. It is written by whoever calls [Progress.Add], so
// nothing runs beside the task. A nil *Progress shows nothing; the methods of both may
// be called from several goroutines at once.
type Progress struct {
	task  string
	out   io.Writer
	now   func() time.Time
	width func() int // of the terminal, in characters

	start time.Time
	done  atomic.Int64
	total atomic.Int64
	due   atomic.Int64 // when the next line may be written, in nanoseconds since start

	mu      sync.Mutex
	shown   int // characters of the line that is on the terminal
	stopped bool
}

// StartProgress returns the progress of a task, such as "scanning", with that many
// bytes to do, 0 when that is not known. It returns nil where nobody looks: standard
// error is no terminal or a dumb one, or the variable CI is set. Whoever starts it
// calls [Progress.Stop] before anything else is written.
func (o *IO) StartProgress(task string, total int64) *Progress {
	file, ok := o.Err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" || os.Getenv("CI") != "" {
		return nil
	}
	return newProgress(task, total, file, time.Now, func() int {
		width, _, err := term.GetSize(int(file.Fd()))
		if err != nil || width <= 0 {
			return usualWidth
		}
		return width
	})
}

func newProgress(task string, total int64, out io.Writer, now func() time.Time, width func() int) *Progress {
	p := &Progress{task: task, out: out, now: now, width: width, start: now()}
	p.total.Store(total)
	p.due.Store(int64(patience))
	return p
}

// SetTotal says how many bytes there are to do, 0 when that is not known.
func (p *Progress) SetTotal(bytes int64) {
	if p != nil {
		p.total.Store(bytes)
	}
}

// Add says that so many more bytes are done.
func (p *Progress) Add(bytes int64) {
	if p == nil {
		return
	}
	p.done.Add(bytes)
	elapsed := p.now().Sub(p.start)
	due := p.due.Load()
	if int64(elapsed) < due || !p.due.CompareAndSwap(due, int64(elapsed+pace)) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.stopped {
		p.show(fit(p.parts(elapsed), p.room()))
	}
}

// Stop erases the line. There is none after it.
func (p *Progress) Stop() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	p.show("")
}

// room returns how many characters a line may have: some terminals wrap when the last
// column is written.
func (p *Progress) room() int { return p.width() - 1 }

// show writes a line, or none, over the one that is there. Blanks erase on every
// terminal, an escape sequence only on most.
func (p *Progress) show(line string) {
	if line == "" && p.shown == 0 {
		return
	}
	text := "\r" + line
	if rest := min(p.shown, p.room()) - len(line); rest > 0 {
		text += strings.Repeat(" ", rest) + "\r" + line
	}
	_, _ = io.WriteString(p.out, text) // a line that cannot be shown is no reason to stop the task
	p.shown = len(line)
}

// parts returns what there is to say, the most important first.
func (p *Progress) parts(elapsed time.Duration) []string {
	done := p.done.Load()
	rate := min(float64(done)/elapsed.Seconds(), 1e18) // what an int64 holds
	parts := []string{p.task, bytesText(done)}
	total := p.total.Load()
	known := total >= done // files grow while they are read
	if known {
		parts[1] += " of " + bytesText(total)
	}
	parts = append(parts, bytesText(int64(rate))+"/s")
	if known && rate > 0 {
		parts = append(parts, timeText(float64(total-done)/rate)+" left")
	}
	return parts
}

// fit joins as many of the parts as go into that many characters.
func fit(parts []string, width int) string {
	for n := len(parts); n > 0; n-- {
		if line := strings.Join(parts[:n], "  "); len(line) <= width {
			return line
		}
	}
	return ""
}

// bytesText returns a size with two or three digits: 480 kB, 1.2 GB.
func bytesText(bytes int64) string {
	value, units := float64(bytes), []string{"B", "kB", "MB", "GB", "TB"}
	for value >= 1000 && len(units) > 1 {
		value, units = value/1000, units[1:]
	}
	if value < 10 && units[0] != "B" {
		return fmt.Sprintf("%.1f %s", float64(int64(value*10))/10, units[0])
	}
	return fmt.Sprintf("%d %s", int64(value), units[0])
}

// timeText returns a time, rounded up: less than a second is a second.
func timeText(seconds float64) string {
	const minute, hour = 60, 60 * 60
	switch {
	case seconds <= minute:
		return fmt.Sprintf("%.0f s", max(math.Ceil(seconds), 1))
	case seconds <= hour:
		return fmt.Sprintf("%.0f min", math.Ceil(seconds/minute))
	}
	return fmt.Sprintf("%.0f h", math.Ceil(seconds/hour))
}
