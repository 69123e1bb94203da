package gateway

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// outsideTest is a home directory with files, by their slash-separated names in it;
// "@" in a name's text stands for the home directory, a name that ends in a slash is a
// directory and a text that begins with "->" a symbolic link.
type outsideTest struct {
	files    map[string]string
	state    string // ".clawdbot" if ""
	explicit bool
	getenv   map[string]string
	want     string // one line a file, "#" begins one that is left out
}

func (test outsideTest) run(t *testing.T) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	userHome := filepath.Join(dir, "home")
	write(t, userHome, test.files)
	state := filepath.Join(userHome, filepath.FromSlash(test.state))
	if test.state == "" {
		state = filepath.Join(userHome, ".clawdbot")
	}
	if err := os.MkdirAll(state, 0o700); err != nil {
		t.Fatal(err)
	}
	home := &Home{StateDir: state, ConfigPath: filepath.Join(state, "clawdbot.json"), UserHome: userHome, Explicit: test.explicit}
	sources, _, err := service.Environment(service.EnvironmentQuery{
		StateDir: state, ConfigPath: home.ConfigPath, Home: userHome, Explicit: test.explicit,
		SystemdDirs: []string{filepath.Join(userHome, ".config/systemd/user")}, LaunchAgentsDir: filepath.Join(userHome, "Library/LaunchAgents"),
		TmpDir: filepath.Join(dir, "tmp"),
	})
	if err != nil {
		t.Fatal(err)
	}
	view, err := OpenToRead(home)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	config, err := view.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	env := &Env{Sources: sources, Dotenv: dotenv.Parse(nil)}
	files := Outside(OutsideQuery{
		Home: home, Resolved: config.Resolve(env), Env: env, LogDirs: []string{filepath.Join(userHome, "tmp-logs")},
		Getenv: func(name string) string { return strings.ReplaceAll(test.getenv[name], "@", userHome) },
	})
	var got []string
	for _, f := range files {
		if f.Why == "" || f.Action == "" || !filepath.IsAbs(f.Path) {
			t.Errorf("incomplete: %+v", f)
		}
		got = append(got, describe(userHome, f))
	}
	var want []string
	for _, line := range strings.Split(test.want, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			want = append(want, line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("not wanted: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("missing: %s", line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

func describe(userHome string, f OutsideFile) string {
	short := func(path string) string {
		rel, err := filepath.Rel(userHome, path)
		if err != nil || !filepath.IsLocal(rel) {
			return path
		}
		return filepath.ToSlash(rel)
	}
	line := short(f.Path)
	if f.Dir {
		line += "/"
	}
	if f.Link != "" {
		line += " -> " + short(f.Link)
	}
	line += " " + string(f.Surface)
	if f.Skip != "" {
		line = "# " + line
	}
	return line
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		path, text := filepath.Join(root, filepath.FromSlash(name)), strings.ReplaceAll(files[name], "@", root)
		dir := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			dir = path
		}
		err := os.MkdirAll(dir, 0o700)
		if target, ok := strings.CutPrefix(text, "->"); ok && err == nil {
			err = os.Symlink(filepath.FromSlash(target), path)
		} else if dir != path && err == nil {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

const unitOfTest = "[Service]\nExecStart=/usr/bin/node entry.js gateway\n"

// everything is a person's home with a file of each kind.
func everything() map[string]string {
	return map[string]string{
		".clawdbot/clawdbot.json": `{ logging: { file: "@/var/gateway.log" }, channels: {
			telegram: { tokenFile: "~/secrets/telegram", accounts: { a: { tokenFile: "@/secrets/a" } } },
			googlechat: { serviceAccountFile: "~/secrets/google.json" }, line: { secretFile: "~/secrets/line" },
			"nextcloud-talk": { botSecretFile: "~/secrets/missing" }, whatsapp: { accounts: { b: { authDir: "~/whatsapp" } } } },
			agents: { defaults: { workspace: "~/work" }, list: [{ id: "main" }, { id: "Second" }, { id: "third", workspace: "~/third" }] },
			hooks: { transformsDir: "~/transforms" }, session: { store: "~/stores/{agentId}/sessions.json" } }`,
		".clawdbot/agents/main/agent/auth.json": "{}",
		".clawdbot/logs/gateway.log":            "",
		"var/gateway.log":                       "", "var/gateway.log.1": "", "var/gateway.log.d/x": "", "var/other.log": "",
		"secrets/telegram": "", "secrets/a": "", "secrets/google.json": "", "secrets/line": "", "secrets/unnamed": "",
		"whatsapp/creds.json": "{}", "transforms/x.js": "", "stores/main/sessions.json": "{}", "stores/main/x.jsonl": "",
		"work/MEMORY.md": "", "work/.git/config": "", "work/docker-compose.yml": "", "clawd/MEMORY.md": "", "clawd-second/x": "", "third/x": "", "clawd-other/x": "",

		".config/systemd/user/clawdbot-gateway.service":                 unitOfTest + "EnvironmentFile=@/gateway.env\n",
		".config/systemd/user/clawdbot-gateway.service.bak":             unitOfTest,
		".config/systemd/user/clawdbot-gateway.service.d/10-token.conf": "[Service]\nEnvironment=A=b\n",
		".config/systemd/user/clawdbot-gateway-work.service":            unitOfTest + "Environment=CLAWDBOT_STATE_DIR=@/.clawdbot-work\n",
		".config/systemd/user/clawdbot-node.service":                    unitOfTest,
		".config/environment.d/50-keys.conf":                            "A=b\n",
		"gateway.env":                                                   "A=b\n",
		"Library/LaunchAgents/com.clawdbot.node.plist":                  "",
		".Trash/com.steipete.clawdbot.gateway.plist":                    "",
		".env":                              "A=b\n",
		"compose.yaml":                      "",
		"composer.json":                     "{}",
		"clawdbot/docker-compose.extra.yml": "",
		"clawdbot/.env":                     "A=b\n",
		"tmp-logs/clawdbot-2026-01-24.log":  "",
		"tmp-logs/clawdbot.pid":             "",
		"tmp-logs/planted.log":              "->../.bashrc",
		".bash_history":                     "", ".zsh_history": "", ".local/share/fish/fish_history": "", ".python_history": "", ".node_repl_history": "",
		".zsh_sessions/1.history": "", ".my_history": "",
		".profile": "", ".bash_profile": "", ".bashrc": "", ".zshrc": "", ".zprofile": "", ".zshenv": "", ".config/fish/config.fish": "", ".config/fish/conf.d/keys.fish": "",
		".claude/.credentials.json": "{}", ".codex/auth.json": "{}", "codex-home/auth.json": "{}", ".qwen/oauth_creds.json": "{}",
		"notes.txt": "",
	}
}

const shellOfTest = `
	# .bash_history history
	# .zsh_history history
	# .local/share/fish/fish_history history
	# .python_history history
	# .node_repl_history history
	# .zsh_sessions/1.history history
	# .profile shell
	# .bash_profile shell
	# .bashrc shell
	# .zshrc shell
	# .zprofile shell
	# .zshenv shell
	# .config/fish/config.fish shell
	# .config/fish/conf.d/keys.fish shell
	# .claude/.credentials.json credentials
	# .codex/auth.json credentials
	# .qwen/oauth_creds.json credentials
	# .config/systemd/user/clawdbot-node.service service
	# Library/LaunchAgents/com.clawdbot.node.plist service
	# .Trash/com.steipete.clawdbot.gateway.plist service
	# compose.yaml service
	# clawdbot/docker-compose.extra.yml service
	# clawdbot/.env dotenv
	# tmp-logs/clawdbot-2026-01-24.log log
`

const namedOfTest = `
	# var/gateway.log log
	# var/gateway.log.1 log
	# secrets/telegram credentials
	# secrets/a credentials
	# secrets/google.json credentials
	# secrets/line credentials
	# whatsapp/ credentials
	# transforms/ hooks
	# stores/main/ session
	# stores/main/sessions.json session
	# work/ workspace
	# clawd-second/ workspace
	# third/ workspace
`

const serviceOfTest = `
	.config/systemd/user/clawdbot-gateway.service service
	.config/systemd/user/clawdbot-gateway.service.bak service
	.config/systemd/user/clawdbot-gateway.service.d/10-token.conf service
	.config/environment.d/50-keys.conf service
	gateway.env service
	.env dotenv
`

// read makes lines of files that are left out such of files that are read.
func read(lines string) string { return strings.ReplaceAll(lines, "# ", "") }

// Each place outside that the gateway is known to leave secrets in is found for the
// person's own Home; the unit of another state directory, and what only looks alike, not.
func TestOutside(t *testing.T) {
	outsideTest{
		files:  everything(),
		getenv: map[string]string{"HISTFILE": "@/.my_history", "CODEX_HOME": "~/codex-home"},
		want: serviceOfTest + read(shellOfTest) + strings.Replace(read(namedOfTest), "stores/main/sessions.json session\n", "", 1) + `
			.my_history history
			codex-home/auth.json credentials
			clawd/ workspace`,
	}.run(t)
}

// Of a Home that was named, nothing is read that is not proven to belong to it, and
// what is left out is said.
func TestOutsideOfNamedHome(t *testing.T) {
	units := `
		# .config/systemd/user/clawdbot-gateway.service service
		# .config/systemd/user/clawdbot-gateway-work.service service
		# .env dotenv
		# clawd/ workspace`
	t.Run("not proven", func(t *testing.T) {
		outsideTest{
			files: everything(), explicit: true,
			getenv: map[string]string{"HISTFILE": "@/.my_history", "CODEX_HOME": "@/codex-home"}, // of another: not asked
			want:   shellOfTest + namedOfTest + units,
		}.run(t)
	})
	t.Run("proven by a unit", func(t *testing.T) {
		files := everything()
		files[".config/systemd/user/clawdbot-gateway.service"] += "Environment=CLAWDBOT_STATE_DIR=%h/.clawdbot\n"
		outsideTest{
			files: files, explicit: true,
			want: shellOfTest + serviceOfTest + strings.Replace(read(namedOfTest), "stores/main/sessions.json session\n", "", 1) + `
				# clawd/ workspace
				# .config/systemd/user/clawdbot-gateway-work.service service`,
		}.run(t)
	})
	t.Run("another Home's unit proves nothing", func(t *testing.T) {
		outsideTest{
			files: map[string]string{
				"fixture/clawdbot.json": `{ agents: { defaults: { workspace: "~/clawd" } } }`, "clawd/MEMORY.md": "", ".bash_history": "",
				".config/systemd/user/clawdbot-gateway.service": unitOfTest + "Environment=CLAWDBOT_STATE_DIR=%h/.clawdbot\n",
			},
			state: "fixture", explicit: true,
			want: `
				# clawd/ workspace
				# .bash_history history
				# .config/systemd/user/clawdbot-gateway.service service`,
		}.run(t)
	})
}

// What the product keeps in ~/.clawdbot for every state directory belongs to each.
func TestOutsideOfAnotherStateDirectory(t *testing.T) {
	outsideTest{
		files: map[string]string{
			".clawdbot/identity/device.json": "{}", ".clawdbot/exec-approvals.json": "{}", ".clawdbot/memory/lancedb/x": "",
			".clawdbot/sandboxes/a/x": "", ".clawdbot/logs/commands.log": "", ".clawdbot/logs/gateway.log": "", ".clawdbot/clawdbot.json": "{}",
			".clawdbot-work/clawdbot.json": "{}", ".clawdbot-work/identity/device-auth.json": "{}", "clawd-work/x": "", "clawd/x": "",
		},
		state: ".clawdbot-work",
		want: `
			.clawdbot/identity/device.json device
			.clawdbot/exec-approvals.json device
			.clawdbot/memory/lancedb/ database
			.clawdbot/sandboxes/ sandbox
			.clawdbot/logs/commands.log log
			clawd-work/ workspace`,
	}.run(t)
}

// A file is read once, whatever names it has, the state directory is none of those, and
// what cannot be read or would be all a person has is said.
func TestOutsideNames(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs symbolic links")
	}
	for _, test := range []struct {
		name string
		outsideTest
	}{
		{"a link to a workspace, and the workspace", outsideTest{
			files: map[string]string{
				"real/x": "", "clawd": "->real",
				".clawdbot/clawdbot.json": `{ agents: { list: [{ id: "a", workspace: "~/clawd" }, { id: "b", workspace: "~/real" }] } }`,
			},
			want: `clawd/ -> real workspace`,
		}},
		{"a workspace in another", outsideTest{
			files: map[string]string{"clawd/b/x": "", ".clawdbot/clawdbot.json": `{ agents: { list: [{ id: "a" }, { id: "b", workspace: "~/clawd/b" }] } }`},
			want:  `clawd/ workspace`,
		}},
		{"a workspace where another is not walked", outsideTest{
			files: map[string]string{"clawd/node_modules/b/x": "", ".clawdbot/clawdbot.json": `{ agents: { list: [{ id: "a" }, { id: "b", workspace: "~/clawd/node_modules/b" }] } }`},
			want:  "clawd/ workspace\nclawd/node_modules/b/ workspace",
		}},
		{"a workspace of all that there is", outsideTest{
			files: map[string]string{".clawdbot/clawdbot.json": `{ agents: { defaults: { workspace: "~" } } }`, ".bashrc": ""},
			want:  "# ./ workspace\n.bashrc shell",
		}},
		{"a workspace in the state directory", outsideTest{
			files: map[string]string{".clawdbot/clawdbot.json": `{ agents: { defaults: { workspace: "~/.clawdbot/workspace" } } }`, ".clawdbot/workspace/x": ""},
		}},
		{"a folder of the state directory that lies elsewhere", outsideTest{
			files: map[string]string{".clawdbot/clawdbot.json": `{ logging: { file: "~/.clawdbot/logs/x.log" } }`, "disk/x.log": "", ".clawdbot/logs": "->../disk"},
			want:  `.clawdbot/logs/x.log -> disk/x.log log`,
		}},
		{"links to nothing and into the state directory", outsideTest{
			files: map[string]string{".clawdbot/x": "", ".bashrc": "->.clawdbot/x", ".zshrc": "->nothing", ".zshenv": "->.zshenv"},
			want:  `.zshenv shell`, // a loop, which reading it will say
		}},
		{"a history that was switched off", outsideTest{
			files: map[string]string{".bash_history": "->/dev/null", ".profile/x": ""},
			want:  "# .bash_history -> /dev/null history\n.profile/ shell",
		}},
		{"a file where a folder belongs", outsideTest{files: map[string]string{".codex": ""}}},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t) })
	}
}

// A log in the shared directory counts only as the gateway's when its owner made it.
func TestOutsideLogOfAnotherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root, to make another user's file")
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"state/": "", "logs/ours.log": "", "logs/theirs.log": ""})
	if err := os.Chown(filepath.Join(dir, "logs/theirs.log"), 65534, 65534); err != nil {
		t.Fatal(err)
	}
	files := Outside(OutsideQuery{
		Home: &Home{StateDir: filepath.Join(dir, "state"), ConfigPath: filepath.Join(dir, "state/clawdbot.json"), UserHome: dir},
		Env:  &Env{Dotenv: dotenv.Parse(nil)}, LogDirs: []string{filepath.Join(dir, "logs")},
	})
	if len(files) != 2 || files[0].Skip != "" || files[1].Skip == "" {
		t.Errorf("%+v", files)
	}
}

// A directory outside is read by the rules of its like in a state directory, and a state
// directory in it is left to its own walk.
func TestOutsideDirectory(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{"bot/.clawdbot/clawdbot.json": "{}", "bot/x": "", "agent/auth-profiles.json": "{}", "home/": ""})
	state := filepath.Join(root, "bot", ".clawdbot")
	tree := map[string]any{"agents": map[string]any{"list": []any{map[string]any{
		"id": "main", "workspace": filepath.Join(root, "bot"), "agentDir": filepath.Join(root, "agent"),
	}}}}
	files := Outside(OutsideQuery{
		Home:     &Home{StateDir: state, ConfigPath: filepath.Join(state, "clawdbot.json"), UserHome: filepath.Join(root, "home")},
		Resolved: Resolved{Tree: tree}, Env: &Env{Dotenv: dotenv.Parse(nil)}, LogDirs: []string{},
	})
	if len(files) != 2 {
		t.Fatalf("%+v", files)
	}
	agent, workspace := files[0], files[1]
	for _, test := range []struct {
		dir           OutsideFile
		rel, surface  string
		leftOut, file bool
	}{
		{dir: workspace, rel: ".", surface: "workspace"},
		{dir: workspace, rel: "x", surface: "workspace"},
		{dir: workspace, rel: ".env", surface: "workspace"},
		{dir: workspace, rel: "clawsecrets/x", surface: "workspace"},
		{dir: workspace, rel: "a/b.sqlite", surface: "database"},
		{dir: workspace, rel: ".git", leftOut: true},
		{dir: workspace, rel: "a/node_modules", leftOut: true},
		{dir: workspace, rel: ".clawdbot", leftOut: true},
		{dir: agent, rel: ".", surface: "settings"},
		{dir: agent, rel: "auth-profiles.json", surface: "auth-profile"},
		{dir: agent, rel: "models.json", surface: "generated"},
	} {
		place := test.dir.Classify(test.rel)
		if string(place.Surface) != test.surface || (place.Skip != "") != test.leftOut {
			t.Errorf("%s: got %+v", test.rel, place)
		}
	}
}

// Each path of the table stands for something that is known.
func TestNamedPathsAreKnown(t *testing.T) {
	for _, p := range namedPaths() {
		if place := Classify(p.inside); place.Surface == "unknown" || place.Skip != "" {
			t.Errorf("%s: %+v", p.pattern, place)
		}
	}
}

// What variables name is found, the gateway's own before the person's, with "~" and
// relative paths as the gateway takes them.
func TestOutsideOfVariables(t *testing.T) {
	files := map[string]string{
		".config/systemd/user/clawdbot-gateway.service": unitOfTest + "WorkingDirectory=@/srv\nEnvironment=HOME=@/bot CLAWDBOT_STATE_DIR=@/.clawdbot CLAWDBOT_OAUTH_DIR=~/oauth CLAWDBOT_RAW_STREAM_PATH=raw.jsonl\n",
		"srv/.env": "CLAWDBOT_PROFILE=dev\n", "srv/raw.jsonl": "", "srv/compose.yml": "", "bot/oauth/oauth.json": "{}", "bot/clawd-dev/x": "",
		"oauth/x": "", "person/x": "", "clawd-dev/x": "", "checkout/docker-compose.yml": "",
	}
	const gateways = `
		.config/systemd/user/clawdbot-gateway.service service
		srv/.env dotenv
		srv/raw.jsonl log
		bot/oauth/ credentials
		bot/clawd-dev/ workspace
	`
	getenv := map[string]string{"CLAWDBOT_OAUTH_DIR": "@/person", "CLAWDBOT_GIT_DIR": "@/checkout"}
	outsideTest{files: files, getenv: getenv, want: gateways + "srv/compose.yml service\ncheckout/docker-compose.yml service"}.run(t)
	outsideTest{files: files, getenv: getenv, explicit: true, want: gateways + "# srv/compose.yml service"}.run(t)
}

// The older versions of a config that lies elsewhere are beside it.
func TestOutsideConfig(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"state/": "", "home/": "", "etc/c.json": "{}", "etc/c.json.bak": "{}", "etc/c.json.7.x.tmp": "{}", "etc/c.jsonx": "{}"})
	files := Outside(OutsideQuery{
		Home: &Home{StateDir: filepath.Join(dir, "state"), ConfigPath: filepath.Join(dir, "etc/c.json"), UserHome: filepath.Join(dir, "home"), Explicit: true},
		Env:  &Env{Dotenv: dotenv.Parse(nil)}, LogDirs: []string{},
	})
	if len(files) != 2 || files[0].Surface != "backup" || files[0].Skip != "" || filepath.Base(files[1].Path) != "c.json.bak" {
		t.Errorf("%+v", files)
	}
}

// Packed backups are known by their names, where people and the product leave them.
func TestOutsideArchives(t *testing.T) {
	files := map[string]string{
		"clawdbot-backup-2026.tar.gz": "x", "2026-09-06T10-00-00Z-OpenClaw-Backup.tar.zst": "x", "backup-moltbot.zip": "x",
		"photos-backup.tar.gz": "x", "clawdbot-2026.1.24.tgz": "x", "clawdbot-backup.txt": "x", "old/clawdbot-backup.zip": "x",
	}
	const found = `
		2026-09-06T10-00-00Z-OpenClaw-Backup.tar.zst archive
		backup-moltbot.zip archive
		clawdbot-backup-2026.tar.gz archive
	`
	outsideTest{files: files, want: found}.run(t)
	outsideTest{files: files, explicit: true, want: strings.ReplaceAll(found, "\t\t", "\t\t# ")}.run(t)
}
