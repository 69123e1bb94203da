package extract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// What beats the .env is named with its line, whether it has the same value now or another.
func TestShadows(t *testing.T) {
	token, other := fixture.Secret(7, "hex", "token"), fixture.Secret(7, "hex", "other")
	const (
		unit  = ".config/systemd/user/clawdbot-gateway.service"
		exec  = "[Service]\nExecStart=/usr/bin/node /x/clawdbot/dist/entry.js gateway\n"
		same  = " itself, so that a change in .env has no effect"
		takes = " to something else than the .env does, and the gateway takes this one"
	)
	base := func(further map[string]string) map[string]string {
		files := map[string]string{
			".clawdbot/clawdbot.json": `{ gateway: { auth: { token: '${CLAWDBOT_GATEWAY_TOKEN}' } }, hooks: { token: '${HOOKS}' } }`,
			".clawdbot/.env":          "CLAWDBOT_GATEWAY_TOKEN=" + token + "\nHOOKS=" + fixture.Secret(7, "hex", "hooks") + "\nCOLOUR=blue\n",
		}
		for name, text := range further {
			files[name] = text
		}
		return files
	}
	for _, test := range []struct {
		name    string
		files   map[string]string
		process map[string]string
		want    []string // parts of lines, one line each, and no other lines
	}{
		{"nothing", nil, nil, nil},
		{"a unit with the same value", map[string]string{unit: exec + "Environment=CLAWDBOT_GATEWAY_TOKEN=" + token + "\n"}, nil,
			[]string{"wrong ~/" + unit + ":3: sets CLAWDBOT_GATEWAY_TOKEN" + same + " (clawsecrets extract --service; clawdbot gateway install --force only writes it there again"}},
		{"a unit with another value", map[string]string{unit: exec + "Environment=CLAWDBOT_GATEWAY_TOKEN=" + other + "\n"}, nil,
			[]string{"wrong ~/" + unit + ":3: sets CLAWDBOT_GATEWAY_TOKEN" + takes}},
		{"a unit with a variable that only the .env has", map[string]string{unit: exec + "Environment=HOOKS=" + fixture.Secret(7, "hex", "hooks") + "\n"}, nil,
			[]string{"wrong ~/" + unit + ":3: sets HOOKS" + same + " (clawsecrets extract --service; or clawdbot gateway install --force, which writes the file without it"}},
		{"a unit that sets it to nothing", map[string]string{unit: exec + "Environment=CLAWDBOT_GATEWAY_TOKEN=\n"}, nil,
			[]string{"wrong clawdbot.json:1:29: gateway.auth.token refers to CLAWDBOT_GATEWAY_TOKEN, which is not set", "wrong ~/" + unit + ":3: sets CLAWDBOT_GATEWAY_TOKEN" + takes}},
		{"a unit with something that is no secret", map[string]string{unit: exec + "Environment=COLOUR=blue\n"}, nil, nil},
		{"a unit with another such thing", map[string]string{unit: exec + "Environment=COLOUR=red\n"}, nil,
			[]string{"wrong ~/" + unit + ":3: sets COLOUR" + takes}},
		{"a unit that only systemd can read", map[string]string{unit: exec + "Environment=HOOKS=%m\n"}, nil,
			[]string{"wrong ~/" + unit + ": sets HOOKS to something that only the service manager knows"}},
		{"a drop-in", map[string]string{unit: exec, unit + ".d/keys.conf": "[Service]\nEnvironment=HOOKS=" + other + "\n"}, nil,
			[]string{"wrong ~/" + unit + ".d/keys.conf:2: sets HOOKS" + takes + " (; delete the line, then restart the gateway)"}},
		{"a drop-in with the same value", map[string]string{unit: exec, unit + ".d/keys.conf": "[Service]\nEnvironment=CLAWDBOT_GATEWAY_TOKEN=" + token + "\n"}, nil,
			[]string{"wrong ~/" + unit + ".d/keys.conf:2: sets CLAWDBOT_GATEWAY_TOKEN" + same + " (clawsecrets extract --service; or delete the line"}},
		{"a drop-in with another secret", map[string]string{unit: exec, unit + ".d/keys.conf": "[Service]\nEnvironment=CLAWDBOT_GATEWAY_TOKEN=" + other + "\n"}, nil,
			[]string{"wrong ~/" + unit + ".d/keys.conf:2: sets CLAWDBOT_GATEWAY_TOKEN" + takes + " (; CLAWDBOT_GATEWAY_TOKEN has another value in .env: which of them is right only you can tell; remove the other one, then restart"}},
		{"a token in the command line", map[string]string{unit: "[Service]\nExecStart=/usr/bin/node /x/clawdbot/dist/entry.js gateway --token " + token + "\n"}, nil,
			[]string{"wrong ~/" + unit + ":2:67: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (; it is set for a service: take it out there, and install the service again)"}},
		{"the gateway's environment file with another secret", map[string]string{".clawdbot/gateway.systemd.env": "CLAWDBOT_GATEWAY_TOKEN=" + other + "\n", unit: exec + "EnvironmentFile=@/.clawdbot/gateway.systemd.env\n"}, nil,
			[]string{"wrong ~/.clawdbot/gateway.systemd.env:1: sets CLAWDBOT_GATEWAY_TOKEN" + takes + " (; CLAWDBOT_GATEWAY_TOKEN has another value in .env"}},
		{"an environment file with the same value", map[string]string{unit: exec + "EnvironmentFile=@/gateway.env\n", "gateway.env": "CLAWDBOT_GATEWAY_TOKEN=" + token + "\n"}, nil,
			[]string{"wrong ~/gateway.env:1: sets CLAWDBOT_GATEWAY_TOKEN" + same + " (; ~/gateway.env is a file of yours, which other programs may read: take the variable out there"}},
		{"an environment file", map[string]string{unit: exec + "EnvironmentFile=@/gateway.env\n", "gateway.env": "#\nHOOKS=" + other + "\n"}, nil,
			[]string{"wrong ~/gateway.env:2: sets HOOKS" + takes + " (; delete the line"}},
		{"environment.d", map[string]string{unit: exec, ".config/environment.d/keys.conf": "HOOKS=" + other + "\n"}, nil,
			[]string{"wrong ~/.config/environment.d/keys.conf:1: sets HOOKS" + takes + " (; delete the line"}},
		{"service-env", map[string]string{".clawdbot/service-env/gateway.env": "HOOKS=" + fixture.Secret(7, "hex", "hooks") + "\n"}, nil,
			[]string{"wrong ~/.clawdbot/service-env/gateway.env:1: sets HOOKS" + same + " (clawsecrets extract --service"}},
		{"a property list", map[string]string{"Library/LaunchAgents/com.clawdbot.gateway.plist": `<plist version="1.0"><dict>
			<key>ProgramArguments</key><array><string>/usr/bin/node</string><string>/x/clawdbot/dist/entry.js</string><string>gateway</string></array>
			<key>EnvironmentVariables</key><dict><key>HOOKS</key><string>` + other + `</string></dict></dict></plist>`}, nil,
			[]string{"wrong ~/Library/LaunchAgents/com.clawdbot.gateway.plist:3: sets HOOKS" + takes + " (; take the variable out; or clawdbot gateway install --force"}},
		{"the working directory", map[string]string{unit: exec + "WorkingDirectory=@/work\n", "work/.env": "HOOKS=" + other + "\n"}, nil,
			[]string{"wrong ~/work/.env:1: sets HOOKS" + takes + " (; delete the line"}},
		{"the service reads the .env itself", map[string]string{unit: exec + "EnvironmentFile=@/.clawdbot/.env\n"},
			map[string]string{"CLAWDBOT_GATEWAY_TOKEN": token}, nil},
		{"a process that was started before the .env changed", map[string]string{unit: exec + "EnvironmentFile=@/.clawdbot/.env\n"},
			map[string]string{"CLAWDBOT_GATEWAY_TOKEN": other},
			[]string{"wrong process 4711: was started with another CLAWDBOT_GATEWAY_TOKEN than the .env has, and uses that one (; restart the gateway"}},
		{"a process from a shell", nil, map[string]string{"CLAWDBOT_GATEWAY_TOKEN": token},
			[]string{"wrong process 4711: was started with CLAWDBOT_GATEWAY_TOKEN in its environment, so that a change in .env has no effect (; restart the gateway"}},
		{"a process that repeats its unit", map[string]string{unit: exec + "Environment=CLAWDBOT_GATEWAY_TOKEN=" + token + "\n"},
			map[string]string{"CLAWDBOT_GATEWAY_TOKEN": token},
			[]string{"wrong ~/" + unit + ":3: sets CLAWDBOT_GATEWAY_TOKEN" + same}},
		{"a process that is older than its unit", map[string]string{unit: exec + "Environment=CLAWDBOT_GATEWAY_TOKEN=" + token + "\n"},
			map[string]string{"CLAWDBOT_GATEWAY_TOKEN": other},
			[]string{"wrong process 4711: was started with another", "wrong ~/" + unit + ":3: sets"}},
		{"compose", map[string]string{"docker-compose.yml": "services: {}\n", ".env": "A=1\nHOOKS=" + fixture.Secret(7, "hex", "hooks") + "\n"}, nil,
			[]string{"wrong ~/.env:2: sets HOOKS" + same + " (; delete the line, then make the container anew: docker compose up -d)"}},
		{"compose with another value", map[string]string{"clawdbot/compose.yaml": "services: {}\n", "clawdbot/.env": "HOOKS=" + other + "\n"}, nil,
			[]string{"wrong ~/clawdbot/.env:1: sets HOOKS" + takes}},
		{"a .env that no compose file stands beside", map[string]string{".env": "A=1\nGATEWAY_TOKEN=" + token + "\n"}, nil,
			[]string{"note ~/.env:2:15: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			scanned := looked(t, person(t, base(test.files)))
			if test.process != nil {
				scanned.Env.Sources = slices.Concat([]service.Source{process(test.process)}, scanned.Env.Sources)
			}
			lines := slices.Collect(strings.Lines(problems(t, scanned)))
			if len(lines) != len(test.want) {
				t.Fatalf("got %d lines:\n%s", len(lines), strings.Join(lines, ""))
			}
			for i, want := range test.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("got  %swant %s", lines[i], want)
				}
			}
		})
	}
}

// A source that cannot be read is one line, not one for each variable.
func TestShadowsUnreadable(t *testing.T) {
	scanned := looked(t, person(t, map[string]string{
		".clawdbot/clawdbot.json": "{}", ".clawdbot/.env": "A_TOKEN=" + fixture.Secret(7, "hex", "a") + "\nB_TOKEN=" + fixture.Secret(7, "hex", "b") + "\n",
	}))
	scanned.Env.Sources = append(scanned.Env.Sources, service.Source{Kind: service.SourceProcess, PID: 4711, Unreadable: "permission denied"})
	if got, want := problems(t, scanned), "wrong process 4711: sets variables for the gateway and cannot be read: permission denied (; make it readable, or run clawsecrets as the gateway's user)\n"; got != want {
		t.Errorf("got %s", got)
	}
}
