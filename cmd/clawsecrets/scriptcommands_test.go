package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are the commands that scripts have beside testscript's own.
func scriptCommands() map[string]scriptCommand {
	commands := map[string]scriptCommand{
		"exits":    exits,
		"mode":     mode,
		"sametree": sameTree,
		"samefile": sameFile,
		"silent":   silent,
	}
	for name, command := range map[string]struct {
		args int
		run  func(ts *testscript.TestScript, args []string) error
	}{
		// fixture DIR: a copy of the committed state directory
		"fixture": {1, func(ts *testscript.TestScript, args []string) error {
			return fixture.Copy(ts.MkAbs(args[0]), filepath.Join(ts.Getenv("STATES"), fixture.CommittedName))
		}},
		// snapshot FROM TO: a copy of a tree, with its modes and symbolic links
		"snapshot": {2, func(ts *testscript.TestScript, args []string) error {
			return copyTree(ts.MkAbs(args[0]), ts.MkAbs(args[1]))
		}},
		// stamps DIR FILE: which files there are, and when each was written
		"stamps": {2, func(ts *testscript.TestScript, args []string) error {
			return os.WriteFile(ts.MkAbs(args[1]), []byte(stamps(ts.MkAbs(args[0]))), 0o600)
		}},
		// truncate SIZE FILE: a file of that many bytes that takes no room
		"truncate": {2, func(ts *testscript.TestScript, args []string) error {
			size, err := strconv.ParseInt(args[0], 10, 64)
			if err == nil {
				err = os.WriteFile(ts.MkAbs(args[1]), nil, 0o600)
			}
			if err == nil {
				err = os.Truncate(ts.MkAbs(args[1]), size)
			}
			return err
		}},
		// mkfifo FILE
		"mkfifo": {1, func(ts *testscript.TestScript, args []string) error {
			return ts.Exec("mkfifo", ts.MkAbs(args[0]))
		}},
		// crlf FILE: every line ends as Windows ends it
		"crlf": {1, func(ts *testscript.TestScript, args []string) error {
			return rewrite(ts.MkAbs(args[0]), func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") })
		}},
		// bom FILE: with a byte order mark, and no newline at the end
		"bom": {1, func(ts *testscript.TestScript, args []string) error {
			return rewrite(ts.MkAbs(args[0]), func(text string) string { return "\ufeff" + strings.TrimSuffix(text, "\n") })
		}},
		// replace FILE OLD NEW: both may hold @{kind:name}, and \xNN for one byte
		"replace": {3, func(ts *testscript.TestScript, args []string) error {
			was, now := unquoted(args[1]), unquoted(args[2])
			return rewrite(ts.MkAbs(args[0]), func(text string) string {
				if !strings.Contains(text, was) {
					ts.Fatalf("%s does not hold %q", args[0], args[1])
				}
				return strings.Replace(text, was, now, 1)
			})
		}},
		// shape FILE: the keys and types of the JSON on the last standard output
		"shape": {1, func(ts *testscript.TestScript, args []string) error {
			text, err := shape([]byte(ts.ReadFile("stdout")))
			if err != nil {
				return err
			}
			return os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600)
		}},
	} {
		commands[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg || len(args) != command.args {
				ts.Fatalf("usage: %s takes %d arguments, and no !", name, command.args)
			}
			ts.Check(command.run(ts, args))
		}
	}
	return commands
}

// scriptCondition knows [root]: file modes do not bind this user.
func scriptCondition(condition string) (bool, error) {
	if condition == "root" {
		return os.Getuid() == 0, nil
	}
	return false, fmt.Errorf("no such condition: %s", condition)
}

// exits CODE COMMAND…: the command ends with exactly that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		coded, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = coded.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s ended with %d, not %d", strings.Join(args[1:], " "), got, want)
	}
}

// mode MODE FILE: the file has that mode.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); (got == args[0]) == neg {
		ts.Fatalf("%s has mode %s", args[1], got)
	}
}

// silent: the last command printed nothing on standard error but one line, and a
// hint perhaps.
func silent(ts *testscript.TestScript, neg bool, _ []string) {
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile("stderr"), "\n"), "\n")
	if neg || len(lines) > 2 || len(lines) == 2 && !strings.HasPrefix(lines[1], "clawsecrets: hint: ") {
		ts.Fatalf("not one line and a hint: %q", lines)
	}
}

// sametree A B: the same names, modes, bytes and symbolic links.
func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	a, b := readTree(ts.MkAbs(args[0])), readTree(ts.MkAbs(args[1]))
	names := slices.Sorted(maps.Keys(a))
	if !slices.Equal(names, slices.Sorted(maps.Keys(b))) {
		if !neg {
			ts.Fatalf("not the same files:\n%q\n%q", names, slices.Sorted(maps.Keys(b)))
		}
		return
	}
	for _, name := range names {
		if a[name] != b[name] {
			if !neg {
				ts.Fatalf("%s differs", name)
			}
			return
		}
	}
	if neg {
		ts.Fatalf("nothing differs")
	}
}

// samefile A B: the same bytes; unlike cmp it prints none of them.
func sameFile(ts *testscript.TestScript, neg bool, args []string) {
	if (ts.ReadFile(args[0]) == ts.ReadFile(args[1])) == neg {
		ts.Fatalf("%s and %s: same is %v", args[0], args[1], neg)
	}
}

// readTree returns what is at every path below root, as one comparable string each.
func readTree(root string) map[string]string {
	tree := map[string]string{}
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, path)
		info, statErr := os.Lstat(path)
		if err != nil || statErr != nil {
			tree[rel] = fmt.Sprint(err, statErr)
			return nil
		}
		content := ""
		switch {
		case entry.Type()&fs.ModeSymlink != 0:
			content, _ = os.Readlink(path)
		case entry.Type().IsRegular() && info.Size() < 1<<24:
			data, _ := os.ReadFile(path)
			content = string(data)
		}
		tree[rel] = fmt.Sprint(info.Mode(), content)
		return nil
	})
	return tree
}

func stamps(root string) string {
	var b strings.Builder
	_ = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		info, statErr := os.Lstat(path)
		if err != nil || statErr != nil {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		fmt.Fprintf(&b, "%s %s %d %v\n", rel, info.Mode(), info.ModTime().UnixNano(), fileID(info))
		return nil
	})
	return b.String()
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		target := filepath.Join(to, rel)
		info, err := entry.Info()
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir():
			err = os.Mkdir(target, 0o700)
		case entry.Type()&fs.ModeSymlink != 0:
			link, _ := os.Readlink(path)
			return os.Symlink(link, target)
		case entry.Type().IsRegular():
			var data []byte
			if data, err = os.ReadFile(path); err == nil {
				err = os.WriteFile(target, data, 0o600)
			}
		default:
			return nil
		}
		if err != nil {
			return err
		}
		return os.Chmod(target, info.Mode().Perm())
	})
}

func rewrite(path string, change func(string) string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(change(string(data))), info.Mode().Perm())
}

// unquoted expands \xNN and \n, and plants secrets.
func unquoted(text string) string {
	if strings.Contains(text, `\`) {
		if plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`); err == nil {
			text = plain
		}
	}
	text, _ = plantText(text)
	return text
}

// shape returns a line for each key of a JSON text, with its type; all elements of
// an array together.
func shape(text []byte) (string, error) {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return "", fmt.Errorf("standard output is not one JSON value: %w", err)
	}
	lines := map[string]bool{}
	describe(value, "", lines)
	return strings.Join(slices.Sorted(maps.Keys(lines)), "\n") + "\n", nil
}

func describe(value any, path string, lines map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			describe(member, strings.TrimPrefix(path+"."+key, "."), lines)
		}
	case []any:
		for _, element := range value {
			describe(element, path+"[]", lines)
		}
		if len(value) == 0 {
			lines[path+"[]"] = true
		}
	default:
		lines[strings.TrimSpace(fmt.Sprintf("%s %s", path, jsonType(value)))] = true
	}
}

func jsonType(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	}
	return "string"
}
