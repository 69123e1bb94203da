package gitobjects

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

func secret(name string) string { return fixture.Secret(1, "anthropic", name) }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// testEnvironment is a person's, with a home folder that is empty.
func testEnvironment(t testing.TB, more ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LANG=C", "TERM=dumb", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=somebody", "GIT_AUTHOR_EMAIL=somebody@example.com",
		"GIT_COMMITTER_NAME=somebody", "GIT_COMMITTER_EMAIL=somebody@example.com",
	}, more...)
}

// needGit skips the test where git is missing.
func needGit(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("git is missing")
		}
		t.Skip("git is missing")
	}
}

// git runs git in a folder with a text as its input, and returns what it prints.
func git(t testing.TB, folder, input string, args ...string) string {
	t.Helper()
	command := exec.Command("git", args...)
	command.Dir, command.Env, command.Stdin = folder, testEnvironment(t), strings.NewReader(input)
	out, err := command.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, exit.Stderr)
		}
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(out), "\n")
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// newRepository returns a folder with an empty repository.
func newRepository(t testing.TB, args ...string) string {
	t.Helper()
	needGit(t)
	folder := must(filepath.EvalSymlinks(t.TempDir()))
	git(t, folder, "", append([]string{"init", "-q", "-b", "main"}, args...)...)
	return folder
}

// commit writes a file and commits it, and returns the commit's id and the blob's.
func commit(t testing.TB, folder, name, content, message string, args ...string) (commitID, blobID string) {
	t.Helper()
	write(t, filepath.Join(folder, name), content)
	git(t, folder, "", "add", "--all")
	git(t, folder, "", append([]string{"commit", "-q", "--allow-empty", "-m", message}, args...)...)
	return git(t, folder, "", "rev-parse", "HEAD"), git(t, folder, "", "rev-parse", "HEAD:"+name)
}

// read returns all objects by id, each with its kind before the content.
func read(t testing.TB, folder string) (map[string]string, error) {
	t.Helper()
	gitDir, ok := Repository(folder)
	if !ok {
		t.Fatalf("%s is no repository", folder)
	}
	objects := map[string]string{}
	err := Objects(context.Background(), gitDir, func(o Object, content io.Reader) error {
		data, err := io.ReadAll(content)
		if err == nil && int64(len(data)) != o.Size {
			t.Errorf("%s has %d bytes, and size %d", o.ID, len(data), o.Size)
		}
		if _, again := objects[o.ID]; again {
			t.Errorf("%s comes twice", o.ID)
		}
		objects[o.ID] = o.Kind + " " + string(data)
		return err
	})
	return objects, err
}
