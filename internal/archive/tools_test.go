package archive

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runTool runs a program in a folder, and skips the test if it is not installed.
func runTool(t testing.TB, folder, name string, args ...string) {
	t.Helper()
	command := exec.Command(name, args...)
	command.Dir = folder
	output, err := command.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip(name + " is missing")
	}
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
}

// What the real programs make is read, whatever form they choose.
func TestTools(t *testing.T) {
	const format = "--format="
	longName := strings.Repeat("folder/", 30) + "file.log"
	members := map[string]string{
		"state/.env": "KEY=" + secret("env"), "state/" + longName: secret("long"),
		"state/large.log": strings.Repeat("a line\n", 200_000) + secret("large"), "state/empty": "",
	}
	folder := t.TempDir()
	for name, content := range members {
		path := filepath.Join(folder, name)
		must(0, os.MkdirAll(filepath.Dir(path), 0o700))
		must(0, os.WriteFile(path, []byte(content), 0o600))
	}
	must(0, os.Symlink("/etc/passwd", filepath.Join(folder, "state/link")))
	single := map[string]string{"": members["state/large.log"]}
	for name, test := range map[string]struct {
		command []string // "FILE" stands for what is to be made
		want    map[string]string
	}{
		"tar ustar":  {[]string{"tar", format + "ustar", "-cf", "FILE", "state"}, members},
		"tar pax":    {[]string{"tar", format + "pax", "-cf", "FILE", "state"}, members},
		"tar gnu":    {[]string{"tar", format + "gnu", "-cf", "FILE", "./state"}, members},
		"tar sparse": {[]string{"tar", "-Scf", "FILE", "state"}, members},
		"tar.gz":     {[]string{"tar", "-czf", "FILE", "state"}, members},
		"tar.zst":    {[]string{"tar", "-I", "zstd", "-cf", "FILE", "state"}, members},
		"zip":        {[]string{"zip", "-qry", "FILE", "state", "-x", "state/link"}, members},
		"zip -0":     {[]string{"zip", "-qry0", "FILE", "state", "-x", "state/link"}, members},
		"gzip":       {[]string{"sh", "-c", "gzip -c state/large.log > FILE"}, single},
		"zstd":       {[]string{"zstd", "-q", "-o", "FILE", "state/large.log"}, single},
		"zstd -19":   {[]string{"zstd", "-q", "-19", "-o", "FILE", "state/large.log"}, single},
		"zstd pipe":  {[]string{"sh", "-c", "zstd -q < state/large.log > FILE"}, single},
	} {
		t.Run(name, func(t *testing.T) {
			made := filepath.Join(t.TempDir(), "made.zip")
			var args []string
			for _, arg := range test.command {
				args = append(args, strings.ReplaceAll(arg, "FILE", made))
			}
			if args[0] == "sh" {
				program, _, _ := strings.Cut(args[2], " ")
				if _, err := exec.LookPath(program); err != nil {
					t.Skip(program + " is missing")
				}
			}
			runTool(t, folder, args[0], args[1:]...)
			packed := must(os.ReadFile(made))
			got, err := walk(t, string(packed), 64*mebibyte)
			if err != nil || !maps.Equal(got, test.want) {
				t.Errorf("got %s\nerror %v", shortened(got), err)
			}
		})
	}
}

// A file with a hole is read with its zeros, as the program would unpack it.
func TestSparseTool(t *testing.T) {
	folder := t.TempDir()
	content := append(make([]byte, mebibyte), secret("behind a hole")...)
	out := must(os.Create(filepath.Join(folder, "holes")))
	must(out.WriteAt([]byte(secret("behind a hole")), mebibyte))
	must(0, out.Close())
	for _, format := range []string{"gnu", "pax"} {
		made := filepath.Join(folder, format+".tar")
		runTool(t, folder, "tar", "--format="+format, "-Scf", made, "holes")
		got, err := walk(t, string(must(os.ReadFile(made))), 4*mebibyte)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: got %s\nerror %v", format, shortened(got), err)
		}
		for name, text := range got {
			if !bytes.Equal([]byte(text), content) {
				t.Errorf("%s: %q has other content", format, name)
			}
		}
	}
}
