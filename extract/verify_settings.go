package extract

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// settingEdits collects edits of the config's log settings, in the files that hold them.
type settingEdits struct {
	scanned *scan.Result
	edits   map[*gateway.File]*fileEdits
}

func newSettingEdits(scanned *scan.Result) *settingEdits {
	return &settingEdits{scanned, map[*gateway.File]*fileEdits{}}
}

// add adds an edit of a file, and reports whether the file can be written.
func (s *settingEdits) add(file *gateway.File, edit json5.Edit) bool {
	if unwritable(file) != "" {
		return false
	}
	if s.edits[file] == nil {
		s.edits[file] = &fileEdits{file: file, removed: map[int]*removal{}}
	}
	s.edits[file].add(edit)
	return true
}

// setMode sets logging.redactSensitive where the config says otherwise.
func (s *settingEdits) setMode(mode string) bool {
	leaf := s.leaf("logging", "redactSensitive")
	return leaf != nil && s.add(leaf.File, leaf.Node.SetString(mode))
}

// addPatterns adds patterns to logging.redactPatterns, with those that the gateway has by
// itself where the config has none: it would forget them.
func (s *settingEdits) addPatterns(present, fresh []string) bool {
	if leaf := s.leaf("logging", "redactPatterns", "*"); leaf != nil {
		list, _, ok := leaf.Node.Parent()
		return ok && s.add(leaf.File, list.AppendElements(rawStrings(fresh)...))
	}
	main := s.scanned.Config.Main
	if main == nil || len(present) > 0 {
		return false
	}
	document, err := main.Document()
	if err != nil {
		return false
	}
	all := rawStrings(append(defaultPatterns(), fresh...))
	if list, ok := document.At("/logging/redactPatterns"); ok {
		return list.Kind() == json5.Array && s.add(main, list.AppendElements(all...))
	}
	if logging, ok := document.At("/logging"); ok {
		return logging.Kind() == json5.Object && s.add(main, logging.InsertMember("redactPatterns", rawList(all)))
	}
	root := document.Root()
	return root.Kind() == json5.Object && s.add(main, root.InsertMember("logging", indented(map[string]json.RawMessage{"redactPatterns": json.RawMessage(rawList(all))})))
}

// leaf returns the last string that the config has at a path, nil for none; "*" is any
// element.
func (s *settingEdits) leaf(path ...string) *gateway.Leaf {
	for _, leaf := range slices.Backward(s.scanned.Config.Leaves) {
		same := func(a, b string) bool { return a == b || b == "*" }
		if leaf.Live && slices.EqualFunc(leaf.Path, path, same) {
			return leaf
		}
	}
	return nil
}

// changes returns the files as the edits make them, with what undoes it.
func (s *settingEdits) changes() ([]*Change, error) {
	var changes []*Change
	for _, file := range s.scanned.Config.Files {
		edits, ok := s.edits[file]
		if !ok {
			continue
		}
		edits.close()
		change, err := edits.change(nil, slices.Concat(s.scanned.Findings, s.scanned.LeftOut))
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// rawStrings returns strings as JSON, one each, with <, > and & as they are.
func rawStrings(list []string) []string {
	raw := make([]string, len(list))
	for i, text := range list {
		raw[i] = strings.TrimSuffix(strings.TrimPrefix(jsonText([]string{text}), "["), "]")
	}
	return raw
}

func rawList(raw []string) string { return "[\n  " + strings.Join(raw, ",\n  ") + "\n]" }

// FixSettings writes the settings that a verification has found to be missing, and records
// how to undo it as an extract does. The Home must be opened to be written to. The gateway may
// be running: it reads these settings anew each time, and nothing else changes. Where two
// files cannot be exchanged in one step the error is then durable.ErrNoExchange.
func (v *Verification) FixSettings(ctx context.Context, scanned *scan.Result, key secret.Key) error {
	if len(v.Settings) == 0 {
		return nil
	}
	state := scanned.View.State()
	unlock, err := lockHome(ctx, state)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	receipt, was, err := loadReceipt(state, key)
	if err != nil {
		return err
	}
	receipt.add(&Plan{Changes: v.Settings, scanned: scanned}, key)
	text, err := receipt.encode(key)
	if err != nil {
		return err
	}
	if err := state.Replace(was, text); err != nil {
		return err
	}
	for _, change := range v.Settings {
		if err := change.File.Dir.Replace(change.File.Snapshot, change.New); err != nil {
			return err
		}
	}
	return nil
}
