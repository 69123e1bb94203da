package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// runner is a peer that is ready to run, and what its runs gave.
type runner struct {
	peer
	path  string // of the program
	home  string // an empty home directory, also its working directory
	dir   string // the corpus
	out   string // where OUT is
	runs  []usage
	count int // findings, the same in every run
	// values are the secrets that it tells; nil when it tells none.
	values []string
	err    error // of the first run that went wrong; there are no more runs then
}

// usage is what one whole process took.
type usage struct {
	wall, cpu time.Duration // cpu is user and system time, of all cores
	peak      int64         // bytes of resident memory
}

// prepare builds the peers. It returns those that can run, and why the others cannot.
func prepare(ctx context.Context, work, dir string, chosen []peer) (ready []*runner, missing []error) {
	bin, home := filepath.Join(work, "bin"), filepath.Join(work, "home")
	if err := errors.Join(os.MkdirAll(bin, 0o700), os.MkdirAll(home, 0o700)); err != nil {
		return nil, []error{err}
	}
	for _, p := range chosen {
		path, err := p.build(ctx, bin)
		if err != nil {
			missing = append(missing, fmt.Errorf("%s: %w", p.name, err))
			continue
		}
		ready = append(ready, &runner{peer: p, path: path, home: home, dir: dir, out: filepath.Join(work, "out-"+p.name)})
	}
	return ready, missing
}

// measure runs the peers, taking turns so that what disturbs the machine disturbs all.
func measure(ctx context.Context, runs int, runners []*runner) {
	for _, r := range runners { // also reads the corpus into the page cache
		r.err = r.reveal(ctx)
	}
	for range runs {
		for _, r := range runners {
			if r.err == nil {
				r.err = r.measure(ctx)
			}
		}
	}
}

// reveal has the peer tell the secrets.
func (r *runner) reveal(ctx context.Context) error {
	_, err := r.run(ctx, r.show...)
	return err
}

func (r *runner) measure(ctx context.Context) error {
	count, values := r.count, r.values
	used, err := r.run(ctx)
	if err != nil {
		return err
	}
	if r.count != count {
		return fmt.Errorf("one run found %d, another %d", count, r.count)
	}
	r.values = values
	r.runs = append(r.runs, used)
	return nil
}

// run runs the program once and reads what it found.
func (r *runner) run(ctx context.Context, more ...string) (usage, error) {
	args, toFile := r.arguments(more)
	cmd := exec.CommandContext(ctx, r.path, args...)
	cmd.Dir = r.home
	cmd.Env = append(os.Environ(), "HOME="+r.home, "XDG_CONFIG_HOME="+r.home, "XDG_CACHE_HOME="+r.home)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if !toFile {
		out, err := os.Create(r.out)
		if err != nil {
			return usage{}, err
		}
		defer out.Close()
		cmd.Stdout = out
	}
	begin := time.Now()
	err := cmd.Run()
	used := usage{wall: time.Since(begin)}
	if cmd.ProcessState == nil {
		return usage{}, err
	}
	used.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	used.peak = peakMemory(cmd.ProcessState)
	if code := cmd.ProcessState.ExitCode(); code != r.exit {
		line, _, _ := bytes.Cut(stderr.Bytes(), []byte("\n"))
		return usage{}, fmt.Errorf("it exits with %d, not with %d: %s", code, r.exit, line)
	}
	return used, r.read()
}

func (r *runner) arguments(more []string) (args []string, toFile bool) {
	args = append(slices.Clone(r.args), more...)
	for i, arg := range args {
		switch arg {
		case "DIR":
			args[i] = r.dir
		case "OUT":
			args[i], toFile = r.out, true
		}
	}
	return args, toFile
}

func (r *runner) read() error {
	output, err := os.ReadFile(r.out)
	if err != nil {
		return err
	}
	if r.count, r.values, err = r.found(output); err != nil {
		return fmt.Errorf("what it wrote is not understood: %w", err)
	}
	if r.count == 0 {
		return fmt.Errorf("it found nothing, which cannot be")
	}
	return nil
}

// median returns the median of each figure.
func (r *runner) median() usage {
	of := func(figure func(usage) int64) int64 {
		var all []int64
		for _, run := range r.runs {
			all = append(all, figure(run))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return usage{
		wall: time.Duration(of(func(u usage) int64 { return int64(u.wall) })),
		cpu:  time.Duration(of(func(u usage) int64 { return int64(u.cpu) })),
		peak: of(func(u usage) int64 { return u.peak }),
	}
}
