package service

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// testHome is a home directory whose services alone are looked at.
type testHome struct {
	dir   string
	query EnvironmentQuery
}

func newTestHome(t *testing.T, files map[string]string) testHome {
	t.Helper()
	dir := t.TempDir()
	state := filepath.Join(dir, ".clawdbot")
	expanded := map[string]string{".clawdbot/clawdbot.json": "{}", "tmp/x": "x"}
	for name, content := range files {
		expanded[name] = strings.ReplaceAll(content, "@HOME", dir)
	}
	writeTree(t, dir, expanded)
	return testHome{dir, EnvironmentQuery{
		StateDir: state, ConfigPath: filepath.Join(state, "clawdbot.json"), Home: dir,
		SystemdDirs:     []string{filepath.Join(dir, ".config/systemd/user"), filepath.Join(dir, "etc/systemd/user"), filepath.Join(dir, "etc/systemd/system")},
		LaunchAgentsDir: filepath.Join(dir, "Library/LaunchAgents"),
		TmpDir:          filepath.Join(dir, "tmp"),
	}}
}

// describe returns the sources with paths relative to home, names in order.
func (h testHome) describe(t *testing.T, q EnvironmentQuery) []string {
	t.Helper()
	sources, running, err := Environment(q)
	if err != nil || running != nil {
		t.Fatalf("running %v, error %v", running, err)
	}
	var lines []string
	for _, source := range sources {
		rel, err := filepath.Rel(h.dir, source.Path)
		if err != nil {
			t.Fatal(err)
		}
		line := source.Kind + " " + filepath.ToSlash(rel)
		var pairs []string
		for name, value := range source.Values {
			if name != "HOME" && name != "CLAWDBOT_STATE_DIR" && name != "CLAWDBOT_CONFIG_PATH" {
				pairs = append(pairs, " "+name+"="+value.Reveal())
			}
		}
		slices.Sort(pairs)
		line += strings.Join(pairs, "")
		for _, name := range source.UnknownNames {
			line += " " + name + "?"
		}
		if source.Unreadable != "" {
			line += fmt.Sprintf(" !%d", source.Line)
		}
		lines = append(lines, line)
	}
	return lines
}

const userUnits = ".config/systemd/user/"

func TestEnvironmentSources(t *testing.T) {
	unit := userUnits + "clawdbot-gateway.service"
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"nothing", nil, nil},
		{"unit", map[string]string{unit: "[Service]\nEnvironment=A=1 B=\n"},
			[]string{"unit " + unit + " A=1 B="}},
		{"the strongest first, each name once", map[string]string{
			unit: "[Service]\nEnvironment=A=unit B=unit C=unit D=unit E=unit\nEnvironmentFile=%h/1.env\nEnvironmentFile=%h/2.env\n" +
				"WorkingDirectory=%h/work\nUnsetEnvironment=E\n",
			unit + ".d/1.conf": "[Service]\nEnvironment=B=drop C=drop D=drop\n",
			"1.env":            "C=first\nD=first\n", "2.env": "D=second\n",
			"work/.env": "F=cwd\n", ".env": "F=home\n",
			".config/environment.d/1.conf": "G=manager\nPATH=$PATH:/x\n",
		}, []string{
			"environment file 2.env D=second", "environment file 1.env C=first",
			"drop-in " + unit + ".d/1.conf B=drop", "unit " + unit + " A=unit",
			"working directory .env work/.env F=cwd",
			"environment.d file .config/environment.d/1.conf G=manager PATH?",
		}},
		{"home directory .env", map[string]string{unit: "[Service]\n", ".env": "A=1\nB=\n"},
			[]string{"unit " + unit, "working directory .env .env A=1 B="}},
		{"values that only systemd knows", map[string]string{unit: "[Service]\nEnvironment=A=%m\nPassEnvironment=B\n"},
			[]string{"unit " + unit + " A? B?"}},
		{"unreadable drop-in", map[string]string{unit: "[Service]\n", unit + ".d/1.conf": "[Service]\nEnvironment=A=1\n[x\n"},
			[]string{"drop-in " + unit + ".d/1.conf A=1 !3", "unit " + unit}},
		{"unreadable environment file", map[string]string{unit: "[Service]\nEnvironmentFile=%h/d\n", "d/x": ""},
			[]string{"environment file d !0", "unit " + unit}},
		{"unknown environment file", map[string]string{unit: "[Service]\nEnvironment=A=1\nEnvironmentFile=/%m\n"},
			[]string{"unit " + unit + " A=1 !3"}},
		{"missing environment files", map[string]string{unit: "[Service]\nEnvironmentFile=%h/none\nEnvironmentFile=-%h/*.none\n"},
			[]string{"environment file none", "unit " + unit}},
		{"unknown working directory", map[string]string{unit: "[Service]\nWorkingDirectory=/%m\n", ".env": "A=1\n"},
			[]string{"unit " + unit, "working directory .env " + unit + " !0"}},
		{"unit of the system", map[string]string{"etc/systemd/system/clawdbot-gateway.service": "[Service]\nEnvironment=HOME=@HOME A=1\nWorkingDirectory=@HOME\n", ".env": "B=1\n"},
			[]string{"unit etc/systemd/system/clawdbot-gateway.service A=1", "working directory .env .env B=1"}},
		{"unit with a name of its own", map[string]string{userUnits + "bot.service": "[Service]\nExecStart=/usr/bin/clawdbot gateway\nEnvironment=A=1\n"},
			[]string{"unit " + userUnits + "bot.service A=1"}},
		{"other units", map[string]string{
			userUnits + "clawdbot-node.service": "[Service]\nExecStart=/usr/bin/clawdbot node\nEnvironment=A=1\n",
			userUnits + "x.service":             "[Service]\nExecStart=/usr/bin/x\n# clawdbot gateway\n"}, nil},
		{"plist", map[string]string{"Library/LaunchAgents/com.clawdbot.gateway.plist": plistOf(
			"<key>EnvironmentVariables</key><dict><key>A</key><string>1</string></dict><key>WorkingDirectory</key><string>@HOME/work</string>"), "work/.env": "B=1"},
			[]string{"plist Library/LaunchAgents/com.clawdbot.gateway.plist A=1", "working directory .env work/.env B=1"}},
		{"legacy plist", map[string]string{"Library/LaunchAgents/com.steipete.clawdbot.gateway.plist": plistOf("")},
			[]string{"plist Library/LaunchAgents/com.steipete.clawdbot.gateway.plist"}},
		{"unreadable plist", map[string]string{"Library/LaunchAgents/com.clawdbot.gateway.plist": "bplist00"},
			[]string{"plist Library/LaunchAgents/com.clawdbot.gateway.plist !1"}},
		{"other plists", map[string]string{
			"Library/LaunchAgents/com.clawdbot.node.plist": plistOf(""),
			"Library/LaunchAgents/com.other.plist":         plistOf("")}, nil},
		{"service-env", map[string]string{".clawdbot/service-env/gateway.env": "A=1\n"},
			[]string{"service-env file .clawdbot/service-env/gateway.env A=1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := newTestHome(t, test.files)
			if got := home.describe(t, home.query); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// Which services belong to this Home: all that are likely to, or with Explicit
// those alone that are proven to.
func TestEnvironmentBelongs(t *testing.T) {
	tests := []struct {
		name, unit, text string
		likely, proven   bool
	}{
		{"nothing said", "clawdbot-gateway", "", true, false},
		{"home said", "clawdbot-gateway", "Environment=HOME=@HOME", true, true},
		{"other home", "clawdbot-gateway", "Environment=HOME=/other", false, false},
		{"state dir", "clawdbot-gateway-work", "Environment=CLAWDBOT_STATE_DIR=@HOME/.clawdbot", true, true},
		{"state dir not cleaned", "clawdbot-gateway", "Environment=CLAWDBOT_STATE_DIR=@HOME/x/../.clawdbot/", true, true},
		{"state dir with tilde", "clawdbot-gateway", `Environment="CLAWDBOT_STATE_DIR= ~/.clawdbot "`, true, true},
		{"relative state dir", "clawdbot-gateway", "Environment=CLAWDBOT_STATE_DIR=.clawdbot", true, true},
		{"state dir by a link", "clawdbot-gateway", "Environment=CLAWDBOT_STATE_DIR=@HOME/link", true, true},
		{"other state dir", "clawdbot-gateway", "Environment=CLAWDBOT_STATE_DIR=@HOME/.clawdbot-x", false, false},
		{"blank state dir", "clawdbot-gateway", `Environment="CLAWDBOT_STATE_DIR= "`, true, false},
		{"config", "clawdbot-gateway", "Environment=CLAWDBOT_CONFIG_PATH=@HOME/.clawdbot/clawdbot.json CLAWDBOT_STATE_DIR=/other", true, true},
		{"other config, our .env", "clawdbot-gateway", "Environment=CLAWDBOT_CONFIG_PATH=/other.json", true, true},
		{"other config and state dir", "clawdbot-gateway", "Environment=CLAWDBOT_CONFIG_PATH=/other.json CLAWDBOT_STATE_DIR=/other", false, false},
		{"from an environment file", "clawdbot-gateway", "Environment=CLAWDBOT_STATE_DIR=/other\nEnvironmentFile=@HOME/this.env", true, true},
		{"unset", "clawdbot-gateway", "Environment=CLAWDBOT_STATE_DIR=/other\nUnsetEnvironment=CLAWDBOT_STATE_DIR", true, false},
		{"only systemd knows", "clawdbot-gateway", "Environment=CLAWDBOT_STATE_DIR=/%m", true, false},
		{"profile in the arguments", "clawdbot-gateway", "ExecStart=/usr/bin/clawdbot --profile x gateway\nEnvironment=HOME=@HOME", false, false},
		{"profile default", "clawdbot-gateway", "ExecStart=/usr/bin/clawdbot --profile=Default gateway\nEnvironment=HOME=@HOME", true, true},
		{"dev", "clawdbot-gateway", "ExecStart=/usr/bin/clawdbot --dev gateway", false, false},
		{"profile after the command", "clawdbot-gateway", "ExecStart=/usr/bin/clawdbot gateway --profile x\nEnvironment=HOME=@HOME", true, true},
		{"profile in the name", "clawdbot-gateway-x", "", true, false},
		{"another state dir from the working directory", "clawdbot-gateway", "Environment=HOME=@HOME\nWorkingDirectory=@HOME/away", true, true},
		{"state dir from the working directory", "clawdbot-gateway", "Environment=HOME=/other\nWorkingDirectory=@HOME/cwd", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := newTestHome(t, map[string]string{
				"away/.env":                        "CLAWDBOT_STATE_DIR=/other\n",
				userUnits + test.unit + ".service": "[Service]\n" + test.text + "\n",
				"this.env":                         "CLAWDBOT_STATE_DIR=@HOME/.clawdbot\n",
				"cwd/.env":                         "CLAWDBOT_STATE_DIR=@HOME/.clawdbot\n",
			})
			if err := os.Symlink(home.query.StateDir, filepath.Join(home.dir, "link")); err != nil {
				t.Skip("no symlinks here")
			}
			if got := len(home.describe(t, home.query)) > 0; got != test.likely {
				t.Errorf("belongs: %t", got)
			}
			explicit := home.query
			explicit.Explicit = true
			if got := len(home.describe(t, explicit)) > 0; got != test.proven {
				t.Errorf("proven to belong: %t", got)
			}
		})
	}
}

func TestEnvironmentOfProfile(t *testing.T) {
	home := newTestHome(t, map[string]string{
		userUnits + "clawdbot-gateway-work.service":       "[Service]\nEnvironment=A=1\n",
		userUnits + "clawdbot-gateway-play.service":       "[Service]\nEnvironment=CLAWDBOT_STATE_DIR=@HOME/.clawdbot-play\n",
		"Library/LaunchAgents/com.clawdbot.work.plist":    plistOf(""),
		"Library/LaunchAgents/com.clawdbot.gateway.plist": plistOf(""),
		userUnits + "clawdbot-gateway.service":            "[Service]\n",
		".clawdbot-work/clawdbot.json":                    "{}",
	})
	home.query.StateDir = filepath.Join(home.dir, ".clawdbot-work")
	home.query.ConfigPath = filepath.Join(home.query.StateDir, "clawdbot.json")
	want := []string{
		"unit " + userUnits + "clawdbot-gateway-work.service A=1",
		"plist Library/LaunchAgents/com.clawdbot.work.plist",
	}
	if got := home.describe(t, home.query); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// With Explicit, a service that cannot be read proves nothing.
func TestEnvironmentExplicitUnreadable(t *testing.T) {
	home := newTestHome(t, map[string]string{
		userUnits + "clawdbot-gateway.service":            "[Service]\nEnvironment=CLAWDBOT_STATE_DIR=/other\n[x\n",
		"Library/LaunchAgents/com.clawdbot.gateway.plist": "bplist00",
	})
	if got := home.describe(t, home.query); len(got) != 2 {
		t.Errorf("sources are %q", got)
	}
	home.query.Explicit = true
	if got := home.describe(t, home.query); len(got) != 0 {
		t.Errorf("sources are %q", got)
	}
}

func TestEnvironmentLockUnreadable(t *testing.T) {
	home := newTestHome(t, nil)
	lock := LockFile(home.query.TmpDir, os.Getuid(), home.query.ConfigPath)
	writeTree(t, filepath.Dir(lock), map[string]string{filepath.Base(lock): "{"})
	sources, running, err := Environment(home.query)
	if err != nil || running != nil || len(sources) != 1 || sources[0].Name() != lock || sources[0].Unreadable == "" || !sources[0].MayHold("ANY") {
		t.Errorf("sources %+v, running %v, error %v", sources, running, err)
	}
}

func TestEnvironmentRefusesRelativePaths(t *testing.T) {
	if _, _, err := Environment(EnvironmentQuery{StateDir: "x", ConfigPath: "/x/y", Home: "/x"}); err == nil {
		t.Error("a relative state directory is accepted")
	}
}

func TestSourceNames(t *testing.T) {
	source := Source{Kind: SourceUnit, Path: "/u/x.service", Lines: map[string]int{"A": 3}, UnknownNames: []string{"B"}}
	if source.Name() != "/u/x.service" || source.Where("A") != "/u/x.service:3" || source.Where("C") != "/u/x.service" {
		t.Errorf("named %q, A at %q, C at %q", source.Name(), source.Where("A"), source.Where("C"))
	}
	if !source.MayHold("B") || source.MayHold("A") {
		t.Error("what it may hold is wrong")
	}
	if name := (Source{Kind: SourceProcess, PID: 7}).Where("A"); name != "process 7" {
		t.Errorf("a process is named %q", name)
	}
}
