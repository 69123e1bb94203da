package extract

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// quarantineName is the name of the quarantine in the state directory.
const quarantineName = Folder + "/quarantine.env"

// Quarantine holds what was taken out of transcripts, logs and backups and stands
// nowhere else: values that no config needs any more, and the wrapped forms of values
// that an undo puts back as they stood. The gateway never loads it.
//
// An entry's name is made of its fingerprint, so that one run after another gives the
// same text the same name, and so that the receipt, which is signed, vouches for it.
type Quarantine struct {
	entries map[string]quarantined // by ID
	fresh   []string               // the IDs that were added, in order
	was     *durable.Snapshot
}

// quarantined is one entry.
type quarantined struct {
	text secret.Value
	rule string // that found it, "" for a wrapped form
}

// ReceiptEntry is an entry of the quarantine as the receipt names it.
type ReceiptEntry struct {
	ID   string `json:"id"`
	Rule string `json:"rule,omitempty"`
}

const (
	entryPrefix = "Q_"
	// asBase64 ends the name of an entry whose text has no form that every .env
	// reader reads alike.
	asBase64 = ".base64"

	quarantineHead = "# Taken out of transcripts, logs and backups by clawsecrets. No gateway reads this file.\n" +
		"# clawsecrets extract --undo puts it all back; --forget deletes it.\n"
)

func entryID(key secret.Key, text secret.Value) string {
	return entryPrefix + strings.ToUpper(key.Fingerprint(text))
}

// loadQuarantine reads the entries that the receipt vouches for. An entry that is
// missing or says something else is left out: what needs it then cannot be undone.
func loadQuarantine(state *durable.Dir, key secret.Key, receipt *Receipt) (*Quarantine, error) {
	q := &Quarantine{entries: map[string]quarantined{}, was: state.Absent(quarantineName)}
	was, err := state.Read(quarantineName)
	if errors.Is(err, fs.ErrNotExist) {
		return q, nil
	}
	if err != nil {
		return nil, err
	}
	q.was = was
	texts := readEntries(was.Data)
	for _, entry := range receipt.Quarantine {
		if text := texts[entry.ID]; !text.IsZero() && entryID(key, text) == entry.ID {
			q.entries[entry.ID] = quarantined{text, entry.Rule}
		}
	}
	return q, nil
}

func readEntries(data []byte) map[string]secret.Value {
	texts := map[string]secret.Value{}
	for _, entry := range dotenv.Parse(data).Entries() {
		id, encoded := strings.CutSuffix(entry.Name, asBase64)
		text := entry.Value
		if encoded {
			decoded, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				continue
			}
			text = string(decoded)
		}
		texts[id] = secret.New(text)
	}
	return texts
}

// add puts a text in quarantine and returns its ID. rule is "" for a wrapped form; a
// text that is there as a value stays one.
func (q *Quarantine) add(key secret.Key, text secret.Value, rule string) (id string) {
	id = entryID(key, text)
	held, ok := q.entries[id]
	if !ok {
		q.fresh = append(q.fresh, id)
	}
	if !ok || held.rule == "" {
		q.entries[id] = quarantined{text, rule}
	}
	return id
}

// forget takes out what was added after the first n entries: nothing needs it.
func (q *Quarantine) forget(n int) {
	for _, id := range q.fresh[n:] {
		delete(q.entries, id)
	}
	q.fresh = q.fresh[:n]
}

// ruleOf returns the rule that a value was quarantined under, "" if it was not.
func (q *Quarantine) ruleOf(key secret.Key, value secret.Value) string {
	return q.entries[entryID(key, value)].rule
}

// receiptEntries returns what the receipt says of the entries, sorted.
func (q *Quarantine) receiptEntries() []ReceiptEntry {
	var entries []ReceiptEntry
	for _, id := range slices.Sorted(maps.Keys(q.entries)) {
		entries = append(entries, ReceiptEntry{id, q.entries[id].rule})
	}
	return entries
}

// Known returns the values, for a scan that looks for them.
func (q *Quarantine) Known() []rules.Known {
	var known []rules.Known
	for _, id := range slices.Sorted(maps.Keys(q.entries)) {
		if entry := q.entries[id]; entry.rule != "" {
			known = append(known, rules.Known{Rule: entry.rule, Value: entry.text.Reveal()})
		}
	}
	return known
}

// encode returns the file, its entries sorted.
func (q *Quarantine) encode() []byte {
	var b strings.Builder
	b.WriteString(quarantineHead)
	for _, id := range slices.Sorted(maps.Keys(q.entries)) {
		text := q.entries[id].text.Reveal()
		if quoted, err := dotenv.Quote(text); err == nil {
			fmt.Fprintf(&b, "%s=%s\n", id, quoted)
		} else {
			fmt.Fprintf(&b, "%s%s=%s\n", id, asBase64, base64.StdEncoding.EncodeToString([]byte(text)))
		}
	}
	return []byte(b.String())
}

// write makes the quarantine durable, and reads it back.
func (q *Quarantine) write(state *durable.Dir) error {
	if len(q.entries) == 0 {
		return nil
	}
	if err := state.Replace(q.was, q.encode()); err != nil {
		return err
	}
	back, err := state.Read(quarantineName)
	if err != nil {
		return err
	}
	texts := readEntries(back.Data)
	for id, entry := range q.entries {
		if !texts[id].Equal(entry.text) {
			return fmt.Errorf("%s: %s: %w", filepath.Join(state.Path(), quarantineName), id, ErrDamaged)
		}
	}
	return nil
}
