//go:build linux

package service

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What systemd itself reads is the truth: `systemd --user --test` loads units,
// prints them and starts nothing.
func TestParseUnitAgainstSystemd(t *testing.T) {
	systemd := systemdBinary(t)
	root := publicDir(t)
	product, err := os.ReadFile("testdata/clawdbot-gateway.service")
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]string{"product.service": string(product), "specifiers.service": everySpecifier()}
	random := rand.New(rand.NewPCG(2026, 124))
	for i := range 1500 {
		units[fmt.Sprintf("u%04d.service", i)] = randomUnit(random)
	}
	printed := loadInSystemd(t, systemd, root, units)
	specifiers := Specifiers{Home: root, User: "nobody", UID: 65534}
	if os.Getuid() != 0 {
		specifiers.UID = os.Getuid()
		specifiers.User = "" // then %u is not known, and not compared
	}
	compared, variables := 0, 0
	for name, text := range units {
		want, loaded := printed[name]
		unit, err := ParseUnit("/u/"+name, []byte(text), specifiers)
		if err != nil || !loaded {
			if (err == nil) != loaded {
				t.Errorf("%q: error %v, loaded by systemd: %t", text, err, loaded)
			}
			continue
		}
		compared++
		got := revealed(unit.Environment)
		for name, value := range got {
			if _, set := want[name]; set && value == "?" {
				want[name] = "?"
			}
		}
		if strings.Contains(text, "%m") { // as part of a name it makes one that is not known
			maps.DeleteFunc(want, func(name, _ string) bool { _, known := got[name]; return !known })
		}
		variables += len(want)
		if !maps.Equal(got, want) {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
	t.Logf("%d units with %d variables compared with systemd, %d refused by both", compared, variables, len(units)-compared)
	if compared < 1000 || variables < 1000 {
		t.Errorf("only %d units compared", compared)
	}
}

func TestDropInsAgainstSystemd(t *testing.T) {
	systemd := systemdBinary(t)
	root := publicDir(t)
	set := func(value string) string { return "[Service]\nEnvironment=WHO=" + value + " " + value + "=1\n" }
	units := map[string]string{
		"clawdbot-gateway-work.service":                   set("unit") + "ExecStart=/bin/true\n",
		"clawdbot-gateway-work.service.d/50-own.conf":     set("own"),
		"clawdbot-gateway-work.service.d/10-first.conf":   set("first"),
		"clawdbot-gateway-.service.d/50-own.conf":         set("hidden"),
		"clawdbot-gateway-.service.d/60-prefix.conf":      set("prefix"),
		"clawdbot-.service.d/70-short.conf":               set("short"),
		"service.d/20-type.conf":                          set("type"),
		"service.d/70-short.conf":                         set("hidden2"),
		"clawdbot-gateway-work.service.d/55-reset.conf":   "[Service]\nEnvironment=\n",
		"clawdbot-gateway-work.service.d/56-after.conf":   set("after"),
		"clawdbot-gateway-work.service.d/80-broken.conf":  "[Service]\nEnvironment=PART=1\n[broken\nEnvironment=REST=1\n",
		"clawdbot-gateway-work.service.d/90-last.conf.no": set("no"),
	}
	want := loadInSystemd(t, systemd, root, units)["clawdbot-gateway-work.service"]
	if len(want) < 3 {
		t.Fatalf("systemd printed %q", want)
	}
	unit, _ := loadUnit("clawdbot-gateway-work.service", []string{filepath.Join(root, "units")}, Specifiers{Home: root})
	if got := revealed(unit.Environment); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// randomUnit returns a unit of parts that are likely to be read wrongly.
func randomUnit(random *rand.Rand) string {
	parts := []string{
		" A=", " B_1=", " C=", ` "A=`, " 'B_1=", "A=", "=", " ", " ", "\t", `"`, `"`, "'", "'", `\`, `\\`, `\n`, `\t`, `\s`, `\x41`, `\x4`, `\101`, `\777`, `\u00e9`,
		`\U0001F600`, `\ud800`, `\e`, `\"`, `\'`, "\\\n", "\\\n# c\n", "\\\n ;c=\n", "\n", "\r\n", "fake", "sk-FAKE", "$HOME", "${A}", "%%", "%.", "%h", "%U", "%z", "%m", "#", ";",
		"é", "\u00a0", "\u2028", "bad-n=", "1=", "\nEnvironment=", "\n[Unit]\n", "\n[Service]\n", "\nEnvironment =",
	}
	var text strings.Builder
	text.WriteString("[Service]\nType=oneshot\nExecStart=/bin/true\nEnvironment=")
	for range 1 + random.IntN(4) {
		quote := []string{"", `"`, "'"}[random.IntN(3)]
		text.WriteString(" " + quote + string(rune('D'+random.IntN(9))) + "=")
		for range random.IntN(5) {
			text.WriteString(parts[random.IntN(len(parts))])
		}
		text.WriteString(quote)
	}
	if random.IntN(40) == 0 {
		text.WriteString("\n\ufdd0") // systemd takes noncharacters for wrong UTF-8
	}
	return text.String() + "\n"
}

// everySpecifier returns a unit that uses each letter as a specifier once, but %D,
// which newer versions alone have.
func everySpecifier() string {
	text := "[Service]\nType=oneshot\nExecStart=/bin/true\n"
	for c := 'A'; c <= 'z'; c++ {
		if c != 'D' && (c <= 'Z' || c >= 'a') {
			text += fmt.Sprintf("Environment=S_%c=x%%%cx\n", c, c)
		}
	}
	return text
}

func systemdBinary(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs systemd: skipped under -short")
	}
	for _, path := range []string{"/usr/lib/systemd/systemd", "/lib/systemd/systemd"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("needs systemd, which is not installed")
	}
	t.Skip("needs systemd, which is not installed")
	return ""
}

// publicDir returns a directory that another user can write in: systemd does not
// test units as root.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "clawsecrets-systemd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	for _, sub := range []string{"", "units", "run", "none"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, sub), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// loadInSystemd has systemd load the units and returns the Environment= that it
// prints of each.
func loadInSystemd(t *testing.T, systemd, root string, units map[string]string) map[string]map[string]string {
	t.Helper()
	all := "[Unit]\n"
	for name, text := range units {
		if !strings.Contains(name, "/") {
			all += "Wants=" + name + "\n"
		}
		writePublic(t, filepath.Join(root, "units", name), text)
	}
	for _, target := range []string{"basic", "shutdown", "sysinit", "sockets", "timers", "paths"} {
		writePublic(t, filepath.Join(root, "units", target+".target"), "[Unit]\n")
	}
	writePublic(t, filepath.Join(root, "units", "all.target"), all)

	cmd := exec.CommandContext(t.Context(), systemd, "--user", "--test", "--unit=all.target")
	cmd.Env = []string{
		"HOME=" + root, "XDG_RUNTIME_DIR=" + root + "/run", "SYSTEMD_UNIT_PATH=" + root + "/units",
		"SYSTEMD_LOG_TARGET=console", "SYSTEMD_LOG_LEVEL=crit",
		"SYSTEMD_GENERATOR_PATH=" + root + "/none", "SYSTEMD_ENVIRONMENT_GENERATOR_PATH=" + root + "/none",
	}
	cmd.Dir = "/"
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("systemd --test: %v", err)
	}
	return parseUnitDump(string(out))
}

func writePublic(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// parseUnitDump reads what systemd --test prints of units that it could load. A
// value may hold line feeds: lines that are not indented belong to it.
func parseUnitDump(dump string) map[string]map[string]string {
	units := map[string]map[string]string{}
	var environment map[string]string
	name, unit := "", ""
	for line := range strings.SplitSeq(dump, "\n") {
		header, isHeader := strings.CutPrefix(line, "\t-> Unit ")
		assignment, isAssignment := strings.CutPrefix(line, "\t\tEnvironment: ")
		switch {
		case isHeader:
			unit, name, environment = strings.TrimSuffix(header, ":"), "", map[string]string{}
		case line == "\t\tUnit Load State: loaded":
			units[unit] = environment
		case isAssignment && environment != nil:
			var value string
			name, value, _ = strings.Cut(assignment, "=")
			environment[name] = value
		case name != "" && !strings.HasPrefix(line, "\t\t"):
			environment[name] += "\n" + line
		default:
			name = ""
		}
	}
	return units
}
