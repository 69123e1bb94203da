package extract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// A variable is named after the position of a key that is a secret, not after the key.
func TestVariableOfASecretKey(t *testing.T) {
	one, two := fixture.Secret(6, "github", "one"), fixture.Secret(6, "anthropic", "two")
	value, other := fixture.Secret(6, "vendor", "value"), fixture.Secret(6, "vendor", "other")
	for _, test := range []struct {
		config, include string
		want            []string
	}{
		{`{skills:{entries:{plain:{}, '` + one + `':{apiKey:'` + value + `'}}}}`, "", []string{"CLAWDBOT_SKILLS_2_API_KEY"}},
		{`{skills:{entries:{'x-` + one + `':{apiKey:'` + value + `'}, '` + two + `':{apiKey:'` + other + `'}}}}`, "",
			[]string{"CLAWDBOT_SKILLS_1_API_KEY", "CLAWDBOT_SKILLS_2_API_KEY"}},
		// The value of one place is the key of another.
		{`{gateway:{auth:{password:'hunter22!'}}, skills:{entries:{'hunter22!':{apiKey:'` + value + `'}}}}`, "",
			[]string{"CLAWDBOT_GATEWAY_PASSWORD", "CLAWDBOT_SKILLS_1_API_KEY"}},
		// The key stands in the file that includes the one with the value.
		{`{skills:{entries:{'` + one + `':{$include:'./more.json'}}}}`, `{apiKey:'` + value + `'}`, []string{"CLAWDBOT_SKILLS_0_API_KEY"}},
		{`{skills:{entries:{'plain':{apiKey:'` + value + `'}}}}`, "", []string{"CLAWDBOT_SKILLS_PLAIN_API_KEY"}},
	} {
		dir := state(t, map[string]string{"clawdbot.json": test.config, "more.json": test.include})
		var names []string
		for _, m := range plan(t, dir).Moves {
			names = append(names, m.Name)
			if strings.Contains(m.Name, strings.ToUpper(one[4:])) || strings.Contains(m.Name, "HUNTER") {
				t.Errorf("%s tells the key", m.Name)
			}
		}
		if !slices.Equal(names, test.want) {
			t.Errorf("got %v, want %v", names, test.want)
		}
	}
}
