package extract

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// TestQuarantine: whatever a value is made of, it is read back, and only by whom the
// receipt vouches for.
func TestQuarantine(t *testing.T) {
	dir, state := openState(t)
	key := secret.Key{1}
	q := &Quarantine{entries: map[string]quarantined{}, was: state.Absent(quarantineName)}
	texts := []string{"plain-value", "two\nlines", `quotes ' " and ` + "`", "\x00\x01binary", "ends\\", "'", " spaced ", "#hash", "ünï😀", "a=b=c=", "${NAME}"}
	var ids []string
	for _, text := range texts {
		ids = append(ids, q.add(key, secret.New(text), "a-rule"))
	}
	if err := q.write(state); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, quarantineName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the quarantine has mode %v, %v", info.Mode(), err)
	}
	receipt := &Receipt{Quarantine: q.receiptEntries()[1:]}
	again, err := loadQuarantine(state, key, receipt)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		vouched := id != q.receiptEntries()[0].ID
		if got := again.entries[id].text.Reveal(); vouched != (got == texts[i]) {
			t.Errorf("%s: vouched for: %v, read back: %v", id, vouched, got == texts[i])
		}
	}
	if got := len(again.Known()); got != len(texts)-1 {
		t.Errorf("%d values are known, want %d", got, len(texts)-1)
	}
}

// TestQuarantineForged: text that somebody has put under an entry's name is not taken.
func TestQuarantineForged(t *testing.T) {
	dir, state := openState(t)
	key := secret.Key{2}
	id := entryID(key, secret.New("the true one"))
	if err := os.WriteFile(filepath.Join(dir, quarantineName), []byte(id+"=another\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	q, err := loadQuarantine(state, key, &Receipt{Quarantine: []ReceiptEntry{{ID: id}}})
	if err != nil || len(q.entries) != 0 {
		t.Errorf("a forged entry is taken: %d entries, %v", len(q.entries), err)
	}
}

// openState returns a state directory with our folder in it.
func openState(t *testing.T) (path string, state *durable.Dir) {
	t.Helper()
	path = t.TempDir()
	if err := os.Mkdir(filepath.Join(path, Folder), 0o700); err != nil {
		t.Fatal(err)
	}
	state, err := durable.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = state.Close() })
	return path, state
}

// TestQuarantineEmpty: where nothing is quarantined there is no file.
func TestQuarantineEmpty(t *testing.T) {
	dir := t.TempDir()
	state, err := durable.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer state.Close()
	q, err := loadQuarantine(state, secret.Key{}, &Receipt{})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.write(state); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, Folder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder was made for nothing: %v", err)
	}
	if strings.Contains(quarantineHead, "=") {
		t.Error("the head reads as an assignment")
	}
}
