//go:build linux

package faulttest

import (
	"io/fs"
	"maps"
	"testing"
)

// The judgement sees what it is there to see.
func TestTree(t *testing.T) {
	const staging = "agents/.x.clawsecrets-ABCDEFGH.tmp"
	before := tree{
		".": {mode: fs.ModeDir | 0o700}, "agents": {mode: fs.ModeDir | 0o755},
		"agents/x": {0o644, "old"}, "y": {0o600, "old"},
	}
	after := maps.Clone(before)
	after["agents/x"] = entry{0o644, "new"}
	tests := map[string]struct {
		change           func(tree)
		between, exposed int
	}{
		"nothing":            {func(tree) {}, 0, 0},
		"new":                {func(t tree) { t["agents/x"] = after["agents/x"] }, 0, 0},
		"half":               {func(t tree) { t["agents/x"] = entry{0o644, "ne"} }, 1, 0},
		"gone":               {func(t tree) { delete(t, "y") }, 1, 0},
		"another mode":       {func(t tree) { t["agents/x"] = entry{0o600, "old"} }, 1, 0},
		"readable by others": {func(t tree) { t["y"] = entry{0o644, "old"} }, 1, 1},
		"one too many":       {func(t tree) { t["z"] = entry{0o600, "old"} }, 1, 0},
		"staged": {func(t tree) {
			t[staging] = entry{mode: fs.ModeDir | 0o700}
			t[staging+"/incoming"] = entry{0o644, "ne"}
		}, 0, 0},
		"staged where all can look": {func(t tree) {
			t[staging] = entry{mode: fs.ModeDir | 0o755}
			t[staging+"/incoming"] = entry{0o644, "ne"}
		}, 0, 2},
		"staged and readable": {func(t tree) {
			t[staging] = entry{mode: fs.ModeDir | 0o711}
			t[staging+"/incoming"] = entry{0o644, "ne"}
		}, 0, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			now := maps.Clone(before)
			test.change(now)
			if found := now.between(before, after); len(found) != test.between {
				t.Errorf("not old or new: %v", found)
			}
			if found := now.exposed(before); len(found) != test.exposed {
				t.Errorf("exposed: %v", found)
			}
			if same := len(before.differences(now)) == 0; same != (name == "nothing") {
				t.Errorf("is the same: %v", same)
			}
		})
	}
}
