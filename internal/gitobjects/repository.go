package gitobjects

import (
	"os"
	"path/filepath"
	"strings"
)

// Repository returns the directory in which git keeps the repository of a folder: its
// .git, the one that a .git file names, as in a submodule or a worktree, or the folder
// itself where it is a bare repository. The worktrees of one repository give the same
// directory. It reports whether there is one; folders above are not looked at. The result
// may lie anywhere, also through symbolic links.
func Repository(dir string) (gitDir string, ok bool) {
	dot := filepath.Join(dir, ".git")
	for _, candidate := range []string{dot, pointer(dot, "gitdir: "), dir} {
		if common := pointer(filepath.Join(candidate, "commondir"), ""); isRepository(common) && exists(filepath.Join(candidate, "HEAD")) {
			return common, true
		}
		if isRepository(candidate) {
			return candidate, true
		}
	}
	return "", false
}

// isRepository asks for what git itself asks for.
func isRepository(dir string) bool {
	return dir != "" && exists(filepath.Join(dir, "HEAD")) && isFolder(filepath.Join(dir, "objects")) && isFolder(filepath.Join(dir, "refs"))
}

// IsBare reports whether a folder is itself what git keeps a repository in, as a bare one
// and that of a submodule are.
func IsBare(dir string) bool { return isRepository(dir) }

// pointer returns the directory that a small file names behind a prefix, "" if it names none.
func pointer(file, prefix string) string {
	const most = 8 << 10
	// A pipe would make the read wait.
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return ""
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	target, ok := strings.CutPrefix(strings.TrimRight(string(data), "\r\n"), prefix)
	if !ok || target == "" {
		return ""
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(file), target)
	}
	return filepath.Clean(target)
}

// exists counts a symbolic link that leads nowhere: HEAD may be one.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
