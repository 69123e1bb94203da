package service

import (
	"slices"
	"testing"
)

func TestReload(t *testing.T) {
	const agent = "/Users/jo doe/Library/LaunchAgents/com.clawdbot.gateway.plist"
	for _, test := range []struct {
		name    string
		sources []Source
		want    []string
	}{
		{"nothing", nil, nil},
		{"files read at each start", []Source{{Kind: SourceEnvironmentFile}, {Kind: SourceServiceEnv}, {Kind: SourceProcess}, {Kind: SourceWorkingDirectory}, {Kind: SourceLaunchctl}}, nil},
		{"one manager", []Source{{Kind: SourceDropIn}, {Kind: SourceUnit}}, []string{"systemctl --user daemon-reload"}},
		{"both managers", []Source{{Kind: SourceUnit, System: true}, {Kind: SourceUnit}, {Kind: SourceDropIn, System: true}},
			[]string{"systemctl daemon-reload", "systemctl --user daemon-reload"}},
		{"environment.d", []Source{{Kind: SourceEnvironmentD}, {Kind: SourceEnvironmentD}},
			[]string{"systemctl restart user@501.service  # ends all that this user's service manager runs"}},
		{"agent", []Source{{Kind: SourcePlist, Path: agent, Label: "com.clawdbot.it's"}}, []string{
			`launchctl bootout 'gui/501/com.clawdbot.it'\''s'`,
			"launchctl bootstrap gui/501 '" + agent + "'"}},
		{"daemon without a label", []Source{{Kind: SourcePlist, Path: "/Library/LaunchDaemons/com.clawdbot.work.plist", System: true}}, []string{
			"launchctl bootout system/com.clawdbot.work",
			"launchctl bootstrap system /Library/LaunchDaemons/com.clawdbot.work.plist"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Reload(test.sources, 501); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// What is found of a service knows enough to be loaded anew.
func TestReloadOfFoundServices(t *testing.T) {
	const start = "ExecStart=/bin/node /clawdbot/dist/entry.js gateway\n"
	home := newTestHome(t, map[string]string{
		userUnits + "clawdbot-gateway.service":                       "[Service]\n" + start,
		userUnits + "clawdbot-gateway.service.d/a.conf":              "[Service]\nEnvironment=A=1\n",
		"etc/systemd/system/clawdbot-gateway.service":                "[Service]\nEnvironment=HOME=@HOME\n" + start,
		"Library/LaunchAgents/com.clawdbot.gateway.plist":            plistOf("<key>Label</key><string>com.clawdbot.own</string>"),
		"Library/LaunchAgents/com.steipete.clawdbot.gateway.plist.x": "no list",
	})
	sources, _, err := Environment(home.query)
	if err != nil {
		t.Fatal(err)
	}
	plist := home.query.LaunchAgentsDir + "/com.clawdbot.gateway.plist"
	want := []string{
		"systemctl --user daemon-reload", "systemctl daemon-reload",
		"launchctl bootout gui/501/com.clawdbot.own", "launchctl bootstrap gui/501 " + plist,
	}
	if got := Reload(sources, 501); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
