package gitobjects

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// trap is a way in which a repository gets git to run a program.
type trap struct {
	config string   // of the repository; RUN stands for the program that must not run
	files  []string // of the git directory that are a copy of the program
	spring []string // the arguments of a git that runs it; MISSING stands for an object that is not there
	tty    bool     // only where git prints to a terminal
}

func traps() map[string]trap {
	// The object that is missing has to be fetched, which is the way to a transport.
	const promisor = "[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n" +
		"[remote \"origin\"]\npromisor = true\nfetch = +refs/heads/*:refs/remotes/origin/*\n"
	fetch := []string{"cat-file", "-p", "MISSING"}
	return map[string]trap{
		"core.fsmonitor":      {config: "[core]\nfsmonitor = RUN", spring: []string{"status"}},
		"core.pager":          {config: "[core]\npager = RUN", spring: []string{"log"}, tty: true},
		"pager.rev-list":      {config: "[pager]\nrev-list = RUN\ncat-file = RUN", spring: []string{"rev-list", "--all"}, tty: true},
		"diff.external":       {config: "[diff]\nexternal = RUN", spring: []string{"diff", "HEAD~3"}},
		"textconv":            {config: "[diff \"evil\"]\ntextconv = RUN", spring: []string{"show", "HEAD~1"}},
		"diff command":        {config: "[diff \"evil\"]\ncommand = RUN", spring: []string{"diff", "HEAD~3"}},
		"filter":              {config: "[filter \"evil\"]\nsmudge = RUN", spring: []string{"cat-file", "--filters", "HEAD:a.txt"}},
		"ext transport":       {config: promisor + "url = \"ext::RUN %S\"\n[protocol]\nallow = always\n[protocol \"ext\"]\nallow = always", spring: fetch},
		"core.sshCommand":     {config: promisor + "url = ssh://host.invalid/path\n[core]\nsshCommand = RUN\n[protocol \"ssh\"]\nallow = always", spring: fetch},
		"core.gitProxy":       {config: promisor + "url = git://host.invalid/path\n[core]\ngitProxy = RUN\n[protocol \"git\"]\nallow = always", spring: fetch},
		"remote.uploadpack":   {config: promisor + "url = .\nuploadpack = RUN\n[protocol \"file\"]\nallow = always", spring: fetch},
		"alias":               {config: "[alias]\ncat-file = !RUN\nrev-list = !RUN\nother = !RUN", spring: []string{"other"}},
		"core.hooksPath":      {config: "[core]\nhooksPath = FOLDER", spring: []string{"commit", "--allow-empty", "-m", "message"}},
		"hooks":               {files: []string{"hooks/reference-transaction", "hooks/post-index-change"}, spring: []string{"commit", "--allow-empty", "-m", "message"}},
		"include.path":        {config: "[include]\npath = RUN.config", spring: []string{"status"}},
		"gpg.program":         {config: "[gpg]\nprogram = RUN\n[log]\nshowSignature = true", spring: []string{"log"}},
		"alternateRefs":       {config: "[core]\nalternateRefsCommand = RUN", spring: []string{"rev-list", "--alternate-refs"}},
		"core.askPass, http":  {config: promisor + "url = http://user@127.0.0.1:1/path\n[credential]\nhelper = !RUN\n[http]\nproxy = http://user@127.0.0.1:1\nproxyAuthMethod = basic", spring: nil},
		"core.worktree":       {config: "[core]\nworktree = /nothing/there", spring: nil},
		"fsmonitor of a hook": {config: "[core]\nfsmonitor = .git/hooks/fsmonitor", files: []string{"hooks/fsmonitor"}, spring: []string{"status"}},
	}
}

// set makes a repository with the trap. The program, by whatever name, creates the file that
// is returned. Id is that of an object that is there, and missing of one that is not.
func (trap trap) set(t *testing.T) (folder, ran, id, missing string) {
	t.Helper()
	folder = newRepository(t)
	write(t, filepath.Join(folder, ".gitattributes"), "*.txt diff=evil filter=evil\n")
	_, id = commit(t, folder, "a.txt", secret("a"), "first")
	_, missing = commit(t, folder, "b.txt", secret("b"), "second")
	commit(t, folder, "a.txt", "other", "third")
	git(t, folder, "", "rm", "-q", "b.txt")
	commit(t, folder, "c.txt", "other", "fourth")
	signed := strings.Replace(git(t, folder, "", "cat-file", "commit", "HEAD"), "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n", 1)
	git(t, folder, "", "update-ref", "HEAD", git(t, folder, signed+"\n", "hash-object", "-w", "-t", "commit", "--stdin"))
	dot := filepath.Join(folder, ".git")
	must(0, os.Remove(filepath.Join(dot, "objects", missing[:2], missing[2:])))
	write(t, filepath.Join(dot, "objects/info/alternates"), filepath.Join(newRepository(t), ".git/objects")+"\n")

	programs := t.TempDir()
	ran, program := filepath.Join(programs, "ran"), filepath.Join(programs, "program")
	script := fmt.Sprintf("#!/bin/sh\n: > '%s'\n", ran) // it ends, so that git does not wait for it
	write(t, program+".config", "[core]\nfsmonitor = "+program+"\n")
	for _, path := range []string{program, filepath.Join(programs, "pre-commit")} {
		write(t, path, script)
		must(0, os.Chmod(path, 0o700))
	}
	for _, name := range trap.files {
		write(t, filepath.Join(dot, name), script)
		must(0, os.Chmod(filepath.Join(dot, name), 0o700))
	}
	config := strings.NewReplacer("RUN", program, "FOLDER", programs).Replace(trap.config)
	before := string(must(os.ReadFile(filepath.Join(dot, "config"))))
	write(t, filepath.Join(dot, "config"), before+config+"\n")
	return folder, ran, id, missing
}

// No way in which a repository gets git to run a program works on us; and each is one that
// does work on a git that is used in the ordinary way.
func TestNothingRuns(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the traps are shell scripts")
	}
	for name, trap := range traps() {
		t.Run(name, func(t *testing.T) {
			folder, ran, id, missing := trap.set(t)
			objects, err := read(t, folder)
			if err != nil || !strings.Contains(objects[id], secret("a")) {
				t.Errorf("%d objects, error %v", len(objects), err)
			}
			gitDir, _ := Repository(folder)
			places, err := Places(t.Context(), gitDir, []string{id, missing, strings.Repeat("0", 40)})
			if err != nil || places[id].Path != "a.txt" {
				t.Errorf("places %v, error %v", places, err)
			}
			// An object that is damaged git would fetch too, also to list what is there.
			damaged := filepath.Join(gitDir, "objects", missing[:2], missing[2:])
			write(t, damaged, "damaged")
			if objects, err := read(t, folder); !errors.Is(err, ErrIncomplete) {
				t.Errorf("with a damaged object: %d objects, error %v", len(objects), err)
			}
			if _, err := os.Stat(ran); err == nil {
				t.Fatal("the repository's program has run")
			}
			must(0, os.Remove(damaged))
			olderGit(t, gitDir, missing)
			if _, err := os.Stat(ran); err == nil {
				t.Fatal("the repository's program has run for an older git")
			}
			if trap.spring != nil {
				trap.springs(t, folder, ran, missing)
			}
		})
	}
}

// olderGit has a git that does not know GIT_NO_LAZY_FETCH, but has all else that ours has,
// try to fetch an object.
func olderGit(t *testing.T, gitDir, missing string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", append(append([]string{"--git-dir=" + gitDir}, settings()...), "cat-file", "-p", missing)...)
	command.Env = slices.DeleteFunc(environment(gitDir), func(s string) bool { return strings.HasPrefix(s, "GIT_NO_LAZY_FETCH=") })
	if out, err := command.CombinedOutput(); err == nil {
		t.Errorf("the missing object is there: %d bytes", len(out))
	}
}

// springs checks that the trap is one.
func (trap trap) springs(t *testing.T, folder, ran, missing string) {
	t.Helper()
	args := []string{"git"}
	for _, arg := range trap.spring {
		args = append(args, strings.ReplaceAll(arg, "MISSING", missing))
	}
	if trap.tty {
		args = append([]string{"python3", "-c", "import pty, sys; pty.spawn(sys.argv[1:])"}, args...)
		if _, err := exec.LookPath(args[0]); err != nil {
			t.Skip("python3 is missing")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Dir, command.Env, command.WaitDelay = folder, testEnvironment(t), time.Second
	out, err := command.CombinedOutput() // most end in an error, as the program is none of its kind
	if _, missing := os.Stat(ran); missing != nil {
		t.Errorf("the trap does not work: git %v: %v\n%s", trap.spring, err, out)
	}
}
