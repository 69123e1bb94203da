package service

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// The list is what the product's buildLaunchAgentPlist returned, with fake secrets.
func TestParseLaunchAgentOfProduct(t *testing.T) {
	text, err := os.ReadFile("testdata/com.clawdbot.gateway.plist")
	if err != nil {
		t.Fatal(err)
	}
	agent, err := ParseLaunchAgent("/L/com.clawdbot.gateway.plist", text)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"MY_VENDOR_KEY":            "vk-FAKE-plain-in-env-vars",
		"FROMREF":                  `cfg <env> & "quoted" 'value' $HOME`,
		"HOME":                     "/Users/fake",
		"PATH":                     "/opt/homebrew/bin:/usr/bin:/bin",
		"CLAWDBOT_GATEWAY_PORT":    "18909",
		"CLAWDBOT_GATEWAY_TOKEN":   "FAKEb0c7de55a1refs-token-with-s-letters",
		"CLAWDBOT_LAUNCHD_LABEL":   "com.clawdbot.gateway",
		"CLAWDBOT_SERVICE_MARKER":  "clawdbot",
		"CLAWDBOT_SERVICE_KIND":    "gateway",
		"CLAWDBOT_SERVICE_VERSION": "2026.1.24-3",
	}
	if got := revealed(agent.Environment); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if line := agent.Environment["CLAWDBOT_GATEWAY_TOKEN"].Line; line != 40 {
		t.Errorf("token on line %d", line)
	}
	if agent.Label != "com.clawdbot.gateway" || len(agent.ProgramArguments) != 5 || !isGatewayCommand(agent.ProgramArguments) {
		t.Errorf("label %q, arguments %q", agent.Label, agent.ProgramArguments)
	}
}

func plistOf(body string) string { return `<plist version="1.0"><dict>` + body + "</dict></plist>" }

func TestParseLaunchAgent(t *testing.T) {
	const environment = "<key>EnvironmentVariables</key>"
	tests := []struct {
		name, text string
		want       map[string]string
	}{
		{"none", plistOf(""), map[string]string{}},
		{"one", plistOf(environment + "<dict><key>A</key><string>1</string></dict>"), map[string]string{"A": "1"}},
		{"empty", plistOf(environment + "<dict><key>A</key><string/></dict>"), map[string]string{"A": ""}},
		{"spaces stay", plistOf(environment + "<dict><key>A</key><string> 1\n</string></dict>"), map[string]string{"A": " 1\n"}},
		{"CDATA and comment", plistOf(environment + "<dict><key>A</key><string>a<!-- c --><![CDATA[<b>]]>c</string></dict>"), map[string]string{"A": "a<b>c"}},
		{"references", plistOf(environment + "<dict><key>A&amp;B</key><string>&#65;&#x42;</string></dict>"), map[string]string{"A&B": "AB"}},
		{"other types", plistOf(environment + "<dict><key>A</key><integer>1</integer><key>B</key><true/><key>C</key><string>c</string></dict>"), map[string]string{"C": "c"}},
		{"deeper", plistOf(environment + "<dict><key>A</key><dict><key>B</key><string>x</string></dict></dict>"), map[string]string{}},
		{"elsewhere", plistOf("<key>X</key><dict><key>A</key><string>1</string></dict>" + environment + "<array><string>2</string></array>"), map[string]string{}},
		{"twice, alike", plistOf(environment + "<dict><key>A</key><string>1</string><key>A</key><string>1</string></dict>"), map[string]string{"A": "1"}},
		{"twice", plistOf(environment + "<dict><key>A</key><string>1</string><key>A</key><string>2</string></dict>"), map[string]string{"A": "?"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			agent, err := ParseLaunchAgent("/x.plist", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := revealed(agent.Environment); !maps.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestParseLaunchAgentRest(t *testing.T) {
	agent, err := ParseLaunchAgent("/L/a.b.plist", []byte(plistOf(
		"<key>WorkingDirectory</key><string>/w d</string><key>ProgramArguments</key><array><string>a</string><string>b c</string></array>")))
	if err != nil {
		t.Fatal(err)
	}
	if agent.Label != "a.b" || agent.WorkingDirectory != "/w d" || !slices.Equal(agent.ProgramArguments, []string{"a", "b c"}) {
		t.Errorf("got label %q, directory %q, arguments %q", agent.Label, agent.WorkingDirectory, agent.ProgramArguments)
	}
}

func TestParseLaunchAgentRefused(t *testing.T) {
	const secretText = "FAKEsecret"
	for name, text := range map[string]string{
		"empty":         "",
		"binary":        "bplist00" + secretText,
		"not XML":       secretText,
		"not a list":    "<" + secretText + "/>",
		"cut off":       "<plist><dict><key>" + secretText,
		"wrong end":     "<plist><" + secretText + "></dict></plist>",
		"own entity":    plistOf("<string>&" + secretText + ";</string>"),
		"two roots":     plistOf("") + "<plist/>",
		"other charset": `<?xml version="1.0" encoding="` + secretText + `"?>` + plistOf(""),
		"deep":          strings.Repeat("<plist>", maxPlistDepth+1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseLaunchAgent("/x.plist", []byte(text))
			var refused *ServiceFileError
			if !errors.As(err, &refused) || refused.Line != 1 || strings.Contains(err.Error(), secretText) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// FuzzParseLaunchAgent: no input panics; an error comes without a list and with a
// line of the file.
func FuzzParseLaunchAgent(f *testing.F) {
	product, err := os.ReadFile("testdata/com.clawdbot.gateway.plist")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(product)
	f.Add([]byte("bplist00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		agent, err := ParseLaunchAgent("/x.plist", text)
		var refused *ServiceFileError
		if err != nil && (agent != nil || !errors.As(err, &refused) || refused.Line < 1 || refused.Line > strings.Count(string(text), "\n")+1) {
			t.Errorf("list %v with error %v", agent, err)
		}
	})
}
