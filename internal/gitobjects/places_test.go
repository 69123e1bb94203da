package gitobjects

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestPlaces(t *testing.T) {
	folder := newRepository(t)
	first, removed := commit(t, folder, "a/.env", "KEY="+secret("removed"), "first")
	second, kept := commit(t, folder, "a b/ключ\x1b.txt", "kept", "second")
	_, gone := commit(t, folder, "a/.env", "KEY=new", "third")
	reflog, amended := commit(t, folder, "c", "amended away", "fourth")
	commit(t, folder, "c", "instead", "fourth", "--amend")
	git(t, folder, "", "checkout", "-q", "-b", "side", first)
	side, onSide := commit(t, folder, "side", "on a side", "side")
	git(t, folder, "", "checkout", "-q", "main")
	git(t, folder, "", "merge", "-q", "--no-commit", "side")
	merge, inMerge := commit(t, folder, "only in the merge", "evil", "merge")
	dangling := git(t, folder, "dangling", "hash-object", "-w", "--stdin")
	git(t, folder, "", "tag", "-a", "v1", "-m", "a tag", first)
	gitDir, _ := Repository(folder)

	want := map[string]Place{
		removed: {first, "a/.env"}, kept: {merge, "a b/ключ?.txt"}, gone: {merge, "a/.env"}, amended: {reflog, "c"},
		onSide: {merge, "side"}, inMerge: {merge, "only in the merge"}, second: {second, ""}, side: {side, ""},
	}
	ids := []string{dangling, "no id"}
	for id := range maps.Keys(want) {
		ids = append(ids, id)
	}
	got, err := Places(t.Context(), gitDir, ids)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("%d places, want %d", len(got), len(want))
	}
	for id, place := range want {
		// The oldest commit that has a file may be any that git lists before the others.
		if in := git(t, folder, "", "rev-parse", got[id].Commit); got[id].Path != place.Path || in != place.Commit && id != removed {
			t.Errorf("%s is in %s under %q, want %s and %q", id, in, got[id].Path, place.Commit, place.Path)
		}
		if place.Path != "" && place.Path != "a b/ключ?.txt" && git(t, folder, "", "rev-parse", got[id].Commit+":"+place.Path) != id {
			t.Errorf("%s is not in %s", id, got[id].Commit)
		}
	}
	// All that is asked for is known early: git is not asked for the rest.
	if got, err := Places(t.Context(), gitDir, []string{inMerge}); err != nil || len(got) != 1 {
		t.Errorf("one id: %v, error %v", got, err)
	}
	if got, err := Places(t.Context(), gitDir, nil); err != nil || len(got) != 0 {
		t.Errorf("no ids: %v, error %v", got, err)
	}
}

// What is missing does not keep what is there from being found.
func TestPlacesIncomplete(t *testing.T) {
	folder := newRepository(t)
	first, blob := commit(t, folder, "a", "a", "first")
	_, missing := commit(t, folder, "b", "b", "second")
	second, last := commit(t, folder, "c", "c", "third")
	gitDir, _ := Repository(folder)
	remove := func(id string) { must(0, os.Remove(filepath.Join(gitDir, "objects", id[:2], id[2:]))) }

	remove(missing)
	write(t, filepath.Join(gitDir, "refs/heads/broken"), "0123456789012345678901234567890123456789\n")
	ids := []string{blob, last, missing, "no id"}
	got, err := Places(t.Context(), gitDir, ids)
	if err != nil || got[blob].Path != "a" || got[last].Commit != second[:12] {
		t.Errorf("without a blob: %v, error %v", got, err)
	}
	remove(first)
	got, err = Places(t.Context(), gitDir, ids)
	if !errors.Is(err, ErrIncomplete) || got[last].Path != "c" {
		t.Errorf("without a commit: %v, error %v", got, err)
	}
}
