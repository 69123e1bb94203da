package gateway

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// The lists of names in this package are those of the product's package.
func TestReservedNamesAreTheProducts(t *testing.T) {
	installation := gatewaytest.Product(t)
	name := regexp.MustCompile(`\bCLAWDBOT_[A-Z0-9_]*[A-Z0-9]\b`)
	found := map[string]bool{}
	for _, folder := range []string{"dist", "extensions", "skills"} {
		root := filepath.Join(installation.Modules, "clawdbot", folder)
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !slices.Contains([]string{".js", ".ts", ".mjs"}, filepath.Ext(path)) || !entry.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			for _, match := range name.FindAllString(string(text), -1) {
				found[match] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, reserved := range ReservedNames() {
		if !found[reserved] {
			t.Errorf("%s is reserved and the product does not know it", reserved)
		}
		delete(found, reserved)
	}
	for name := range found {
		t.Errorf("the product knows %s, which is not reserved", name)
	}
	t.Logf("%d names", len(ReservedNames()))
}

func TestSubstitute(t *testing.T) {
	env := map[string]string{"A": "1", "B_2": "two", "EMPTY": "", "NESTED": "x${A}y"}
	lookup := func(name string) (string, bool) { value, ok := env[name]; return value, ok }
	for _, test := range []struct {
		text, want string
		missing    []string
	}{
		{text: "plain", want: "plain"},
		{text: "${A}", want: "1"},
		{text: "x${A}y${B_2}z", want: "x1ytwoz"},
		{text: "$${A}", want: "${A}"},
		{text: "$$${A}", want: "$${A}"},
		{text: "$$$${A}", want: "$$${A}"},
		{text: "$${A}${A}", want: "${A}1"},
		{text: "$A ${a} ${1A} ${ A } ${A:-x} ${A", want: "$A ${a} ${1A} ${ A } ${A:-x} ${A"},
		{text: "$${lower}", want: "$${lower}"},
		{text: "${NESTED}", want: "x${A}y"},
		{text: "${UNSET}${EMPTY}", want: "", missing: []string{"UNSET", "EMPTY"}},
		{text: "${A${A}}", want: "${A1}"},
	} {
		got, missing := Substitute(test.text, lookup)
		if got != test.want || !slices.Equal(missing, test.missing) {
			t.Errorf("%s: got %s, missing %v", test.text, got, missing)
		}
	}
}

func TestPathTable(t *testing.T) {
	table := NewPathTable(ClawdbotPaths())
	for _, test := range []struct {
		path     []string
		variable string
		known    bool
	}{
		{[]string{"gateway", "auth", "token"}, "CLAWDBOT_GATEWAY_TOKEN", true},
		{[]string{"channels", "telegram", "botToken"}, "TELEGRAM_BOT_TOKEN", true},
		{[]string{"channels", "telegram", "accounts", "default", "botToken"}, "", true},
		{[]string{"channels", "telegram", "accounts", "my.bot", "botToken"}, "", true},
		{[]string{"models", "providers", "z.ai", "apiKey"}, "", true},
		{[]string{"agents", "list", "3", "memorySearch", "remote", "apiKey"}, "", true},
		{[]string{"gateway", "auth", "mode"}, "", false},
		{[]string{"gateway", "auth"}, "", false},
	} {
		place, known := table.Find(test.path)
		if known != test.known || place.Variable != test.variable {
			t.Errorf("%v: got %q, %v", test.path, place.Variable, known)
		}
	}
}
