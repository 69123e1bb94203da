package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Folder is where we keep what is ours, in the state directory.
const Folder = "clawsecrets"

// receiptName is the receipt's name in the state directory.
const receiptName = Folder + "/receipt.json"

// Receipt says what was done to a Home: enough to undo it byte for byte, and no
// value. Where a secret stood, it names the variable that holds it now. It is
// written before anything else, so it may name steps that a crash kept from
// happening.
type Receipt struct {
	Schema  int             `json:"schema"`
	Product gateway.Product `json:"product"`
	// Names are the variables that hold moved values, sorted.
	Names []ReceiptName `json:"names"`
	// Files are the files that were written, in the order of writing.
	Files []*ReceiptFile `json:"files"`
	// Env is what was done to the .env.
	Env *ReceiptFile `json:"env,omitempty"`
	// Quarantine names what the quarantine holds, sorted.
	Quarantine []ReceiptEntry `json:"quarantine,omitempty"`
}

// ReceiptName is one variable.
type ReceiptName struct {
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"`
	// Added is set when the .env did not have the variable before.
	Added bool `json:"added,omitempty"`
}

// ReceiptFile is one file with the steps that led to its present bytes.
type ReceiptFile struct {
	// Path is relative to the state directory; absolute for a config, a log or a
	// service's file, which lie elsewhere.
	Path string `json:"path"`
	// Copy is set for a file that nothing is resolved from: an undo leaves one that is
	// gone or was written anew, and keeps what was appended to one that grew.
	Copy bool `json:"copy,omitempty"`
	// Service is set for a copy that a service reads: it must be as it was left.
	Service bool `json:"service,omitempty"`
	// Generated is set for a file that the gateway writes anew whenever it needs to:
	// an undo leaves one that has changed.
	Generated bool `json:"generated,omitempty"`
	// Mode are the permission bits that the file had, where they were changed too;
	// in octal, "0644".
	Mode  string `json:"mode,omitempty"`
	Steps []step `json:"steps"`
}

// step is one rewrite of a file. Was and Now are HMACs of the bytes.
type step struct {
	Was string `json:"was"`
	Now string `json:"now"`
	// WasSize and NowSize are how many bytes that is, of a copy.
	WasSize int64 `json:"was_size,omitempty"`
	NowSize int64 `json:"now_size,omitempty"`
	// Created is set when there was no file before.
	Created bool      `json:"created,omitempty"`
	Undo    []inverse `json:"undo"`
	// prefix is the HMAC of as many bytes of the file as the step before had left.
	prefix string
}

// sealed is the receipt as it is stored: the body and its HMAC under the person's
// key, which lies outside the Home, so that whoever can write here cannot steer
// an undo.
type sealed struct {
	Body json.RawMessage `json:"receipt"`
	MAC  string          `json:"mac"`
}

// ErrForged says that a receipt was not written by us with this person's key.
var ErrForged = errors.New("it was not written with your key: it was changed, made by another user, or your key is gone. To go on without being able to undo, move it away")

// loadReceipt reads the receipt of a Home, with its snapshot for a rewrite; an
// empty one where there is none.
func loadReceipt(state *durable.Dir, key secret.Key) (*Receipt, *durable.Snapshot, error) {
	was, err := state.Read(receiptName)
	if errors.Is(err, fs.ErrNotExist) {
		return &Receipt{Schema: 1, Product: gateway.Clawdbot}, state.Absent(receiptName), nil
	}
	if err != nil {
		return nil, nil, notFolder(state, err)
	}
	var stored sealed
	if err := json.Unmarshal(was.Data, &stored); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", receiptPath(state), ErrForged)
	}
	compact, err := compacted(stored.Body)
	if err != nil || !key.Verify(compact, stored.MAC) {
		return nil, nil, fmt.Errorf("%s: %w", receiptPath(state), ErrForged)
	}
	// Decoded from the very bytes that were signed: in the stored text a key could
	// stand twice.
	var body Receipt
	if err := json.Unmarshal(compact, &body); err != nil || body.Schema != 1 {
		return nil, nil, fmt.Errorf("%s: written by a newer version; use that one", receiptPath(state))
	}
	return &body, was, nil
}

func receiptPath(state *durable.Dir) string { return filepath.Join(state.Path(), receiptName) }

// compacted returns a body as it is signed: without white space between its parts.
func compacted(body json.RawMessage) ([]byte, error) {
	var text bytes.Buffer
	if err := json.Compact(&text, body); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// encode returns the sealed receipt as it is stored.
func (r *Receipt) encode(key secret.Key) ([]byte, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	compact, err := compacted(body)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(sealed{compact, key.MAC(compact)})
	return append(text, '\n'), err
}

// write replaces the receipt of a Home.
func (r *Receipt) write(state *durable.Dir, key secret.Key) error {
	_, was, err := loadReceipt(state, key)
	if err != nil {
		return err
	}
	text, err := r.encode(key)
	if err != nil {
		return err
	}
	return state.Replace(was, text)
}

// add records a plan. A file whose present bytes are those that the receipt already
// leads to gets a further step; any other starts anew, since what it was before was
// overwritten by somebody else.
func (r *Receipt) add(p *Plan, key secret.Key) {
	for _, change := range p.Changes {
		file := r.addStep(&r.Files, change.File.Rel, step{
			Was: key.MAC(change.File.Data), Now: key.MAC(change.New), Undo: change.undo,
		})
		file.Generated = change.File.Surface == "generated"
		file.noteMode(change.loose(), change.File.Snapshot.Mode)
	}
	if p.Env != nil {
		r.addEnv(p.Env, key)
	}
	for _, rewrite := range p.Rewrites {
		r.addCopy(rewrite)
	}
	if p.quarantine != nil {
		r.Quarantine = p.quarantine.receiptEntries()
	}
	r.addNames(p, key)
}

func (r *Receipt) addCopy(rewrite *Rewrite) {
	var file *ReceiptFile
	for _, step := range rewrite.steps {
		file = r.addStep(&r.Files, rewrite.File.Rel, step)
	}
	file.Copy, file.Service = true, rewrite.service
	file.noteMode(rewrite.loose(), rewrite.was.Mode)
}

// noteMode records the permission bits of a file that is tightened. What a run before
// has recorded stays: a crash may have come right after the mode was changed.
func (f *ReceiptFile) noteMode(loose bool, mode fs.FileMode) {
	if loose {
		f.Mode = fmt.Sprintf("%04o", mode.Perm())
	}
}

// copy returns what was recorded of a copy, nil if nothing was.
func (r *Receipt) copy(path string) *ReceiptFile {
	i := slices.IndexFunc(r.Files, func(f *ReceiptFile) bool { return f.Copy && f.Path == path })
	if i < 0 {
		return nil
	}
	return r.Files[i]
}

// addNames records the variables of a plan among those that were recorded before.
func (r *Receipt) addNames(p *Plan, key secret.Key) {
	names := map[string]ReceiptName{}
	for _, known := range r.Names {
		names[known.Name] = known
	}
	for _, m := range p.Moves {
		names[m.Name] = ReceiptName{Name: m.Name, Fingerprint: key.Fingerprint(m.Value), Added: names[m.Name].Added}
	}
	if p.Env != nil {
		for _, name := range p.Env.Added {
			if added, ok := names[name]; ok {
				added.Added = true
				names[name] = added
			}
		}
	}
	r.Names = slices.SortedFunc(maps.Values(names), func(a, b ReceiptName) int { return strings.Compare(a.Name, b.Name) })
}

func (r *Receipt) addStep(files *[]*ReceiptFile, path string, s step) *ReceiptFile {
	i := slices.IndexFunc(*files, func(f *ReceiptFile) bool { return f.Path == path })
	if i < 0 {
		*files = append(*files, &ReceiptFile{Path: path, Steps: []step{s}})
		return (*files)[len(*files)-1]
	}
	file := (*files)[i]
	for n := range file.Steps {
		if file.Steps[n].Was == s.Was { // planned before, and never done or undone since
			file.Steps = append(file.Steps[:n], s)
			return file
		}
	}
	if now := file.Steps[len(file.Steps)-1].Now; now == s.Was || now == s.prefix {
		file.Steps = append(file.Steps, s)
		return file
	}
	file.Steps = []step{s}
	return file
}

func (r *Receipt) addEnv(env *EnvChange, key secret.Key) {
	var files []*ReceiptFile
	if r.Env != nil {
		files = append(files, r.Env)
	}
	r.addStep(&files, ".env", step{
		Was: key.MAC(env.Was.Data), Now: key.MAC(env.New), Created: env.Was.Absent,
		Undo: insertion(env.Was.Data, env.New),
	})
	r.Env = files[0]
	r.Env.noteMode(env.loose(), env.Was.Mode)
}

// insertion returns the inverse of lines put into a file in one place: bytes to
// take out, which are never recorded.
func insertion(was, now []byte) []inverse {
	start := 0
	for start < len(was) && was[start] == now[start] {
		start++
	}
	return []inverse{{Start: start, End: start + len(now) - len(was)}}
}
