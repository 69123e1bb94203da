//go:build linux

package service

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// systemd reads a unit without a variable as it read it before, but for that one.
func TestRemovalsAgainstSystemd(t *testing.T) {
	systemd := systemdBinary(t)
	root := publicDir(t)
	random := rand.New(rand.NewPCG(2026, 4))
	type edit struct{ text, edited, name string }
	edits := map[string]edit{}
	units := map[string]string{}
	refused := 0
	for i := 0; len(edits) < 700; i++ {
		text := randomUnit(random)
		if i%2 == 0 {
			text = continuedUnit(random)
		}
		unit, err := ParseUnit("/u/x.service", []byte(text), Specifiers{literal: true})
		if err != nil {
			continue
		}
		for name := range unit.Environment {
			removals, err := Removals(SourceUnit, "/u/x.service", []byte(text), name)
			if err != nil {
				refused++
				continue
			}
			id := fmt.Sprintf("%04d.service", len(edits))
			edits[id] = edit{text, string(without([]byte(text), removals)), name}
			units["u"+id], units["e"+id] = text, edits[id].edited
		}
	}
	printed := loadInSystemd(t, systemd, root, units)
	compared := 0
	for id, edit := range edits {
		before, after := printed["u"+id], printed["e"+id]
		if before == nil || after == nil {
			t.Errorf("%q: loaded before %t and after %t", edit.edited, before != nil, after != nil)
			continue
		}
		for _, set := range []map[string]string{before, after} {
			// The two units have different names, and each has those in its specifiers.
			maps.DeleteFunc(set, func(_, value string) bool { return strings.Contains(value, ".service") })
		}
		if _, held := before[edit.name]; held {
			compared++
		}
		delete(before, edit.name)
		if !maps.Equal(before, after) {
			t.Errorf("%q without %s is %q:\n got %q\nwant %q", edit.text, edit.name, edit.edited, after, before)
		}
	}
	t.Logf("%d variables taken out and compared with systemd, %d refused", compared, refused)
	if compared < 600 {
		t.Errorf("only %d variables compared", compared)
	}
}

// continuedUnit returns a unit whose variables stand on one line or several, in all
// that may stand between and around them.
func continuedUnit(random *rand.Rand) string {
	pick := func(parts ...string) string { return parts[random.IntN(len(parts))] }
	var text strings.Builder
	text.WriteString("[Service]\nType=oneshot\nExecStart=/bin/true\n")
	for range 1 + random.IntN(3) {
		text.WriteString("Environment" + pick("", " ") + "=" + pick("", "", " ", "\\\n", "\\\n# c\n "))
		for range 1 + random.IntN(4) {
			quote := pick("", "", `"`, "'")
			text.WriteString(quote + string(rune('A'+random.IntN(6))) + "=")
			for range random.IntN(4) {
				text.WriteString(pick("x", "FAKE", `\x41`, `\\`, "%%", "$B", "#", "é", `\"`))
				if quote == "" {
					text.WriteString(pick("", "", `"a b"`, "' '"))
				}
			}
			text.WriteString(quote + pick(" ", " ", "\t", "  ", " \\\n", "\\\n", " \\\n\t", " \\\n;c\n ", " \\\n \\\n"))
		}
		text.WriteString(pick("\n", "\n", "\r\n", "\n\n# c\n"))
	}
	return text.String() + "Restart=no\n"
}

// readServices is a module that answers with what the product itself reads in the
// units and property lists of the directories it is given.
const readServices = `
const [dist, ...homes] = process.argv.slice(1);
const { readSystemdServiceExecStart } = await import(dist + "/daemon/systemd.js");
const { readLaunchAgentProgramArgumentsFromFile } = await import(dist + "/daemon/launchd-plist.js");
const replies = [];
for (const home of homes) {
  for (const reply of [await readSystemdServiceExecStart({ HOME: home }), await readLaunchAgentProgramArgumentsFromFile(home + "/x.plist")]) {
    replies.push(reply && { ...reply, sourcePath: undefined });
  }
}
console.log(JSON.stringify(replies));
`

const writePlist = `
const [dist, environment] = process.argv.slice(1);
const { buildLaunchAgentPlist } = await import(dist + "/daemon/launchd-plist.js");
console.log(buildLaunchAgentPlist({ label: "com.clawdbot.gateway", programArguments: ["node", "a & b", "gateway"],
  workingDirectory: "/w", stdoutPath: "/o", stderrPath: "/e", environment: JSON.parse(environment) }));
`

// The real product writes its unit and its property list; each variable is taken out
// of both, and the product reads all that is left as before.
func TestRemovalsOfProduct(t *testing.T) {
	product := gatewaytest.Product(t)
	variables := map[string]string{
		"VENDOR_KEY": "FAKE-vendor-secret", "HEX_KEY": "fa4e0123", "QUOTED": `say "FAKE" \ 's`, "BLANKS": "two words is FAKE",
		"PERCENT": "100%FAKE", "MARKUP": "<FAKE> & 'sons'", "TWO_WORDS": "FAKE two", "DOLLAR": "$HOME`FAKE`", "UMLAUT": "FÄKE",
	}
	home := gatewaytest.NewHome(t)
	config, err := json.Marshal(map[string]any{
		"gateway": map[string]any{"mode": "local", "auth": map[string]any{"mode": "token", "token": "FAKE-token-with-s-letters-0123"}},
		"env":     map[string]any{"vars": variables}, "plugins": map[string]any{"enabled": false},
	})
	if err != nil {
		t.Fatal(err)
	}
	home.Write(t, "clawdbot.json", string(config))
	writeTree(t, home.Dir, map[string]string{"stub/systemctl": "#!/bin/sh\nexit 0\n"})
	if err := os.Chmod(filepath.Join(home.Dir, "stub/systemctl"), 0o700); err != nil {
		t.Fatal(err)
	}
	product.MustRun(t, home, gatewaytest.RunOptions{Env: []string{
		"PATH=" + filepath.Join(home.Dir, "stub") + ":" + filepath.Dir(product.Node) + ":/usr/bin:/bin", "CLAWDBOT_PATH_BOOTSTRAPPED=1",
	}}, "daemon", "install", "--force", "--json")
	const unitPath = ".config/systemd/user/clawdbot-gateway.service"
	unit, err := os.ReadFile(filepath.Join(home.Dir, unitPath))
	if err != nil {
		t.Fatal(err)
	}
	environment, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{SourceUnit: unit, SourcePlist: runModule(t, product, writePlist, string(environment))}

	root := t.TempDir()
	names := slices.Sorted(maps.Keys(environmentOf(t, SourceUnit, unit)))
	homes := []string{filepath.Join(root, "all")}
	writeTree(t, homes[0], map[string]string{unitPath: string(files[SourceUnit]), "x.plist": string(files[SourcePlist])})
	for _, name := range names {
		left := map[string]string{}
		for kind, path := range map[string]string{SourceUnit: unitPath, SourcePlist: "x.plist"} {
			_, held := environmentOf(t, kind, files[kind])[name]
			removals, err := Removals(kind, path, files[kind], name)
			left[path] = string(without(files[kind], removals))
			// The product writes that one so that systemd reads a part of it only.
			if refused := err != nil; refused != (kind == SourceUnit && name == "TWO_WORDS") || held && !refused && !checkRemovals(t, kind, files[kind], name) {
				t.Errorf("%s of the %s: %v", name, kind, err)
			}
		}
		homes = append(homes, filepath.Join(root, name))
		writeTree(t, filepath.Join(root, name), left)
	}

	type reply struct {
		ProgramArguments []string
		WorkingDirectory string
		Environment      map[string]string
	}
	var replies []reply
	if err := json.Unmarshal(runModule(t, product, readServices, homes...), &replies); err != nil {
		t.Fatal(err)
	}
	for kind, all := range replies[:2] {
		if len(all.Environment) < len(variables) {
			t.Fatalf("the product reads %d variables", len(all.Environment))
		}
		for i, name := range names {
			want := maps.Clone(all.Environment)
			if kind == 1 || name != "TWO_WORDS" {
				delete(want, name)
			}
			got := replies[2*(i+1)+kind]
			if !maps.Equal(got.Environment, want) || !slices.Equal(got.ProgramArguments, all.ProgramArguments) || got.WorkingDirectory != all.WorkingDirectory {
				t.Errorf("without %s the product reads %q, want %q", name, got.Environment, want)
			}
		}
	}
}

// runModule runs a module of JavaScript with the product's files at hand and returns
// what it prints.
func runModule(t *testing.T, product *gatewaytest.Installation, module string, args ...string) []byte {
	t.Helper()
	args = append([]string{"--input-type=module", "--eval", module, filepath.Dir(product.Entry)}, args...)
	cmd := exec.CommandContext(t.Context(), product.Node, args...)
	cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=/usr/bin:/bin"}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	return out
}
