package gateway

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A config that includes its way beyond all bounds is refused at the include that is
// one too many, soon and with little memory.
func TestBombsAreRefused(t *testing.T) {
	list := func(name string, times int) string {
		return `{ "$include": [` + strings.TrimSuffix(strings.Repeat(`"`+name+`",`, times), ",") + `] }`
	}
	levels := map[string]string{"clawdbot.json": list("1.json", 10)}
	for i := 1; i < 10; i++ {
		levels[fmt.Sprintf("%d.json", i)] = list(fmt.Sprintf("%d.json", i+1), 10)
	}
	levels["10.json"] = `{ "a": ["x"] }`
	strings100k := `[` + strings.Repeat(`"x",`, 99_998) + `"x"]` // and the list
	for _, test := range []struct {
		name   string
		files  map[string]string
		wrong  string // file, line and column; "" for none
		leaves int
	}{
		{"ten levels of ten", levels, "9.json:1:56", 0},
		{"a thousand includes", map[string]string{"clawdbot.json": list("a.json", 1000), "a.json": `{ "a": ["x"] }`}, "", 1000},
		{"one more", map[string]string{"clawdbot.json": list("a.json", 1001), "a.json": `{ "a": ["x"] }`}, "clawdbot.json:1:9016", 0},
		{"nine times a hundred thousand", map[string]string{"clawdbot.json": list("a.json", 9), "a.json": `{ "a": ` + strings100k + ` }`}, "", 9 * 99_999},
		{
			"ten times, some of it overridden", map[string]string{"clawdbot.json": list("a.json", 10), "a.json": `{ "a": ["y"], "a": ` + strings100k + ` }`},
			"clawdbot.json:1:97", 0,
		},
		{"without includes", map[string]string{"clawdbot.json": "{\n\"a\": [" + strings.Repeat(`1,`, 999_998) + "\n2,\n3] }"}, "clawdbot.json:3:1", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			state := t.TempDir()
			for name, text := range test.files {
				if err := os.WriteFile(filepath.Join(state, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			config, err := openTest(t, state).LoadConfig()
			var refused *FileError
			switch {
			case test.wrong == "" && err != nil:
				t.Fatal(err)
			case test.wrong == "":
				if len(config.Leaves) != test.leaves {
					t.Errorf("%d strings, want %d", len(config.Leaves), test.leaves)
				}
			case !errors.As(err, &refused):
				t.Fatalf("not refused: %v", err)
			default:
				got := fmt.Sprintf("%s:%d:%d", filepath.Base(refused.Path), refused.Line, refused.Column)
				if got != test.wrong {
					t.Errorf("refused at %s, want %s: %s", got, test.wrong, refused.Problem)
				}
			}
		})
	}
}

// Every string has the path at which it stands in the end, though one path after the
// other is made in the same array.
func TestPathsOfLeaves(t *testing.T) {
	state := t.TempDir()
	for name, text := range map[string]string{
		"clawdbot.json": `{ a: { b: { c: "1", d: ["2", "3"] }, x: "4" }, $include: ["i.json", "j.json"], a: { b: "5", "/~": [["6"]] }, z: "7" }`,
		"i.json":        `{ l: ["8", { m: "9" }], z: "10" }`,
		"j.json":        `{ l: ["11", { m: "12" }], n: { $include: "k.json" } }`,
		"k.json":        `{ o: { p: "13", p: "14" } }`,
	} {
		if err := os.WriteFile(filepath.Join(state, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, err := openTest(t, state).LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, leaf := range config.Leaves {
		got[leaf.Text] = fmt.Sprintf("%s %v", strings.Join(leaf.Path, " "), leaf.Live)
	}
	want := map[string]string{
		"1": "a b c false", "2": "a b d 0 false", "3": "a b d 1 false", "4": "a x false", "5": "a b true", "6": "a /~ 0 0 true",
		"7": "z true", "8": "l 0 true", "9": "l 1 m true", "10": "z false", "11": "l 2 true", "12": "l 3 m true",
		"13": "n o p false", "14": "n o p true",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}
