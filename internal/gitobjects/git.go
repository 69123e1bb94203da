package gitobjects

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// What keeps a repository from being read.
var (
	ErrNoGit         = errors.New("git is not installed or does not start: install it and scan again")
	ErrNotRepository = errors.New("git does not accept it as a repository: run \"git status\" in it to see why")
	ErrOwner         = errors.New("git does not read a repository of another owner: scan as its owner, or see safe.directory in \"git help config\"")
	ErrIncomplete    = errors.New("git could not read all of the repository: run \"git fsck\" in it to see why")
)

// settings overrule the repository's config, which may name programs to run. Nothing that
// is asked of git should get so far as to use them, and environment has the rest.
func settings() []string {
	return []string{
		"-c", "protocol.allow=never",
		"-c", "core.fsmonitor=false",
		"-c", "core.hooksPath=" + os.DevNull,
		"-c", "core.alternateRefsCommand=false",
		"-c", "core.bigFileThreshold=1m", // for git's memory: what is larger is streamed where it can be
	}
}

// environment is all of ours that git gets to see, and what it may not do.
func environment(gitDir string) []string {
	env := []string{
		"LANG=C", "LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1",
		// An object that is missing or damaged is not fetched. Older gits do not know the first;
		// the second, unlike protocol.allow, beats what the config says of a single protocol.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=",
		"GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0",
		// The config could name one that is not there, which git would stop at.
		"GIT_WORK_TREE=" + gitDir,
	}
	names := []string{"PATH", "HOME"}
	if runtime.GOOS == "windows" {
		names = append(names, "SYSTEMROOT")
	}
	for _, name := range names {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// run has read take the output of a git command. Git ends when read returns.
func run(ctx context.Context, gitDir string, read func(*bufio.Reader) error, command ...string) error {
	program, err := exec.LookPath("git")
	if err != nil {
		return ErrNoGit
	}
	if gitDir, err = filepath.Abs(gitDir); err != nil {
		return ErrNotRepository
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	var said complaints
	git := exec.CommandContext(inner, program, append(append([]string{"--no-pager", "--git-dir=" + gitDir}, settings()...), command...)...)
	git.Env = environment(gitDir)
	git.Stderr = &said
	git.WaitDelay = time.Second
	out, err := git.StdoutPipe()
	if err != nil {
		return ErrNoGit
	}
	if err := git.Start(); err != nil {
		return cmp.Or(ctx.Err(), ErrNoGit)
	}
	defer context.AfterFunc(inner, func() { _ = out.Close() })()
	err = read(bufio.NewReaderSize(out, 64<<10))
	if err != nil {
		cancel()
	}
	ended := git.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil && ended != nil:
		return said.cause()
	case errors.Is(err, ErrIncomplete):
		if cause := said.cause(); !errors.Is(cause, ErrIncomplete) {
			return cause
		}
	}
	return err
}

// errEnough is what read returns when it needs no more.
var errEnough = errors.New("enough was read")

// complaints keeps the first of what git complains about. It is never shown: it may hold
// anything that is in the repository.
type complaints struct{ text []byte }

func (c *complaints) Write(p []byte) (int, error) {
	const most = 4 << 10
	c.text = append(c.text, p[:min(len(p), most-len(c.text))]...)
	return len(p), nil
}

// cause returns what git complains about in words of ours.
func (c *complaints) cause() error {
	switch {
	case bytes.Contains(c.text, []byte("dubious ownership")), bytes.Contains(c.text, []byte("unsafe repository")):
		return ErrOwner
	case bytes.Contains(c.text, []byte("not a git repository")), bytes.Contains(c.text, []byte("bad config")),
		bytes.Contains(c.text, []byte("repo version")), bytes.Contains(c.text, []byte("repository extension")):
		return ErrNotRepository
	}
	return ErrIncomplete
}
