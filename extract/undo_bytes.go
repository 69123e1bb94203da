package extract

import (
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
)

// old returns the bytes that a file had before the first step, or that it has them
// already. A crash may have kept any number of the last steps from happening. Where
// the .env was edited by hand since, only our own lines go.
func (u *undoer) old(recorded *ReceiptFile, data []byte) (old []byte, done bool, err error) {
	present := u.key.MAC(data)
	for n := len(recorded.Steps); n >= 0; n-- {
		if recorded.after(n) == present {
			return u.reverse(recorded, n, data)
		}
	}
	if recorded == u.receipt.Env {
		return u.withoutOurLines(data), false, nil
	}
	return nil, false, changedSince(recorded)
}

// reverse undoes the first n steps, the last first.
func (u *undoer) reverse(recorded *ReceiptFile, n int, data []byte) (old []byte, done bool, err error) {
	for i := n - 1; i >= 0; i-- {
		if data, err = u.undo(recorded.Steps[i].Undo, data); err != nil {
			return nil, false, err
		}
		if u.key.MAC(data) != recorded.Steps[i].Was {
			return nil, false, refuse("%s cannot be put back byte for byte: the .env holds other values than were moved", recorded.Path)
		}
	}
	return data, n == 0, nil
}

func (u *undoer) undo(edits []inverse, data []byte) ([]byte, error) {
	var out []byte
	at := 0
	for _, edit := range edits {
		if edit.Start < at || edit.End < edit.Start || edit.End > len(data) {
			return nil, ErrForged
		}
		out = append(out, data[at:edit.Start]...)
		for _, piece := range edit.Was {
			text, err := u.fill(piece)
			if err != nil {
				return nil, err
			}
			out = append(out, text...)
		}
		at = edit.End
	}
	return append(out, data[at:]...), nil
}

// fill returns the text of a piece, a hole filled from the .env.
func (u *undoer) fill(p piece) (string, error) {
	if p.Name == "" {
		return p.Text, nil
	}
	if strings.HasPrefix(p.Name, entryPrefix) {
		return u.quarantined(p.Name)
	}
	value, ok := u.values.Get(p.Name)
	if !ok {
		return "", refuse("%s is no longer in the .env, so that what it stood for cannot be put back", p.Name)
	}
	if p.Quote == "" {
		return value, nil
	}
	return quoted(value, p.Quote)
}

// quarantined returns the text of an entry of the quarantine.
func (u *undoer) quarantined(id string) (string, error) {
	entry, ok := u.quarantine.entries[id]
	if !ok {
		return "", refuse("%s is no longer in the quarantine, so that what it stood for cannot be put back", id)
	}
	return entry.text.Reveal(), nil
}

func (u *undoer) withoutOurLines(data []byte) []byte {
	var added []string
	for _, name := range u.receipt.Names {
		if name.Added {
			added = append(added, name.Name)
		}
	}
	file := dotenv.Parse(data)
	file.DeleteAll(added)
	return file.Bytes()
}
