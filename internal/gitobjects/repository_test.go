package gitobjects

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRepository(t *testing.T) {
	folder := newRepository(t)
	commit(t, folder, "a", "a", "first")
	dot := filepath.Join(folder, ".git")

	bare := newRepository(t, "--bare")
	worktree := filepath.Join(t.TempDir(), "worktree")
	git(t, folder, "", "worktree", "add", "-q", worktree)
	git(t, folder, "", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./", "sub")
	separate := t.TempDir()
	git(t, separate, "", "init", "-q", "--separate-git-dir", filepath.Join(separate, "elsewhere"), "work")

	relative := t.TempDir()
	must(0, os.Symlink(dot, filepath.Join(relative, "link")))
	write(t, filepath.Join(relative, ".git"), "gitdir: link\r\n")
	linked := t.TempDir()
	must(0, os.Symlink(dot, filepath.Join(linked, ".git")))

	for name, test := range map[string]struct{ dir, want string }{
		"folder":           {folder, dot},
		"its .git":         {dot, dot},
		"bare":             {bare, bare},
		"worktree":         {worktree, dot},
		"submodule":        {filepath.Join(folder, "sub"), filepath.Join(dot, "modules/sub")},
		"separate":         {filepath.Join(separate, "work"), filepath.Join(separate, "elsewhere")},
		"relative pointer": {relative, filepath.Join(relative, "link")},
		"symbolic link":    {linked, filepath.Join(linked, ".git")},
	} {
		got, ok := Repository(test.dir)
		if !ok || got != must(filepath.EvalSymlinks(filepath.Dir(test.want)))+"/"+filepath.Base(test.want) && got != test.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, ok, test.want)
		}
		if _, err := read(t, test.dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoRepository(t *testing.T) {
	for name, content := range map[string]string{
		"pointer to nothing": "gitdir: /nothing/there\n",
		"empty pointer":      "gitdir: \n",
		"other file":         "a text\n",
		"large file":         "gitdir: " + strings.Repeat("x", 1<<20),
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, ".git"), content)
		if got, ok := Repository(dir); ok || got != "" {
			t.Errorf("%s: got %q", name, got)
		}
	}
	dir := t.TempDir()
	if got, ok := Repository(dir); ok {
		t.Errorf("an empty folder: got %q", got)
	}
	write(t, filepath.Join(dir, ".git/HEAD"), "ref: refs/heads/main\n")
	if got, ok := Repository(dir); ok {
		t.Errorf("a folder .git without objects: got %q", got)
	}
	if makePipe(filepath.Join(t.TempDir(), "x")) == nil {
		dir := t.TempDir()
		must(0, makePipe(filepath.Join(dir, ".git")))
		if got, ok := Repository(dir); ok {
			t.Errorf("a pipe: got %q", got)
		}
	}
}
