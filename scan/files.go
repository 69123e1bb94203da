package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

func (s *scanner) agents() error {
	agents, err := s.result.View.LoadAgents(s.result.Resolved)
	if err != nil {
		return s.orUnread(filepath.Join(s.result.View.Home.StateDir, "agents"), err)
	}
	s.result.Agents = agents
	for _, agent := range agents {
		if agent.Store == nil {
			continue
		}
		s.count(agent.Store)
		s.strings(agent.Store)
	}
	return nil
}

func (s *scanner) dotenv() error {
	file := s.result.Env.File
	if file == nil {
		return nil
	}
	s.count(file)
	for _, entry := range s.result.Env.Dotenv.Entries() {
		for _, v := range s.judge.value(entry.Name, entry.Value) {
			s.assigned(file, entry, v, Keep)
		}
	}
	s.dotenvComments(file)
	return nil
}

// assigned records a part of an assignment's value, with the action that fits its file.
func (s *scanner) assigned(file *gateway.File, entry dotenv.Entry, v verdict, action Action) {
	f := s.record(&Finding{
		Rule: v.rule, Detector: v.detector, Env: entry.Name, Action: action,
		Value:    secret.New(entry.Value[v.from:v.to]),
		Location: assignedAt(file, entry, v),
	})
	if f == nil {
		return
	}
	if s.named == nil {
		s.named = map[namedAt]bool{}
	}
	s.named[namedAt{file, f.Line, f.Value.Reveal()}] = true
	s.weigh(f, 0)
}

// assignedAt returns where a part of an assignment's value stands: all of the assignment
// where it is not written as it reads.
func assignedAt(file *gateway.File, entry dotenv.Entry, v verdict) Location {
	text := file.Data[entry.Start:entry.End]
	at := Location{
		File: file, Line: entry.Line, Column: entry.Column, From: v.from, To: v.to,
		Start: entry.Start, End: entry.End,
	}
	if i := bytes.Index(text, []byte(entry.Value[v.from:v.to])); i >= 0 {
		at.Column += utf8.RuneCount(text[:i])
		at.Start, at.End = entry.Start+i, entry.Start+i+v.to-v.from
	}
	return at
}

// dotenvComments records what the rules find between the assignments.
func (s *scanner) dotenvComments(file *gateway.File) {
	text := bytes.Clone(file.Data)
	for _, entry := range s.result.Env.Dotenv.Entries() {
		for i := entry.Start; i < entry.End; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	s.lines(file, text, "in a comment: delete the comment")
}

// rest walks the state directory for what the steps before did not read.
func (s *scanner) rest() error {
	home := s.result.View.Home
	return filepath.WalkDir(home.StateDir, func(name string, entry fs.DirEntry, err error) error {
		rel := filepath.ToSlash(home.Rel(name))
		if err != nil {
			s.skip(rel, "unread", cause(err))
			return nil
		}
		if entry.IsDir() {
			if why := excludedDir(rel); why != "" {
				s.skip(rel+"/", "excluded", why)
				return filepath.SkipDir
			}
			return nil
		}
		surface, why := surfaceOf(rel)
		if surface == "" {
			s.skip(rel, "excluded", why)
			return nil
		}
		s.file(name, rel, surface)
		return nil
	})
}

// file scans one further file, unless an earlier step has.
func (s *scanner) file(name, rel string, surface gateway.Surface) {
	file, err := s.result.View.Read(name, surface)
	if err != nil {
		s.skip(rel, "unread", cause(err))
		return
	}
	if file == nil || s.seen[file] {
		return
	}
	s.count(file)
	if _, err := file.Document(); err != nil {
		s.lines(file, file.Data, "")
		return
	}
	s.strings(file)
}

// strings records the secrets among the strings of a JSON file that is no config.
func (s *scanner) strings(file *gateway.File) {
	document, err := file.Document()
	if err != nil {
		s.skip(file.Rel, "unread", cause(err))
		return
	}
	s.beside(file)
	document.Root().Walk(func(node json5.Node) bool {
		if node.Kind() != json5.String {
			return true
		}
		key := keyOf(node)
		found := s.judge.value(key, node.Text())
		if len(found) == 0 && profileField(key) && plausible(node.Text()) {
			found = []verdict{s.judge.whole(node.Text(), ByKey)}
		}
		for _, v := range found {
			if f := s.found(file, node, v); f != nil {
				s.weigh(f, 0)
			}
		}
		return true
	})
}

// keyOf returns the name that a string stands under. Baileys writes the bytes of a
// key as {"type": "Buffer", "data": …}: there it is the name of that object.
func keyOf(node json5.Node) string {
	path := strings.Split(node.Pointer(), "/")
	if last := len(path) - 1; last > 1 && path[last] == "data" {
		path = path[:last]
	}
	return lastKey(path)
}

// profileField reports whether a key of an auth store, a device file or a
// credentials file holds a credential (agents/auth-profiles/store.js,
// infra/device-identity.js, Baileys).
func profileField(key string) bool {
	switch key {
	case "key", "token", "access", "refresh", "private", "privateKeyPem", "privKey", "advSecretKey", "code":
		return true
	}
	return rules.SecretKey(key)
}

// skip names what is not read. What an error was recorded for is named already.
func (s *scanner) skip(rel, class, why string) {
	if !s.broken[rel] {
		s.result.Coverage.Skipped = append(s.result.Coverage.Skipped, Skipped{File: rel, Class: class, Why: why})
	}
}

// orUnread returns the error of a step, unless everything is scanned: then it is recorded,
// for path where the error names no file.
func (s *scanner) orUnread(path string, err error) error {
	if s.options.Everywhere == nil {
		return err
	}
	why := cause(err)
	if file, ok := errors.AsType[*gateway.FileError](err); ok {
		path = file.Path
		if file.Line > 0 {
			why = fmt.Sprintf("line %d, column %d: %s", file.Line, file.Column, file.Problem)
		}
	}
	rel := filepath.ToSlash(s.result.View.Home.Rel(path))
	s.result.Coverage.Skipped = append(s.result.Coverage.Skipped, Skipped{rel, "unread", why, err})
	if s.broken == nil {
		s.broken = map[string]bool{}
	}
	s.broken[rel] = true
	return nil
}

// excludedDir returns why a directory of the Home is not read.
func excludedDir(rel string) string {
	base := path.Base(rel)
	switch {
	case base == "clawsecrets" && !strings.Contains(rel, "/"):
		return "our own receipts"
	case base == "sessions" || strings.HasPrefix(base, "sessions.legacy"):
		return "transcripts: this version does not read them"
	case base == "node_modules" || base == ".git":
		return "other people's files"
	}
	if strings.Contains(rel, "/") {
		return ""
	}
	switch base {
	case "logs", "media", "browser", "memory", "cron", "sandboxes", "sandbox", "extensions", "plugins",
		"skills", "hooks", "tools", "workspace", "canvas":
		return base + ": this version does not read it"
	}
	return ""
}

// surfaceOf returns the kind of a file that is to be read, or why it is not.
func surfaceOf(rel string) (surface gateway.Surface, why string) {
	base := path.Base(rel)
	dir, _, _ := strings.Cut(rel, "/")
	switch {
	case strings.HasPrefix(base, "clawdbot.json."), strings.HasSuffix(base, ".bak"):
		return "backup", ""
	case dir == "credentials":
		return "credentials", ""
	case dir == "devices", dir == "identity", dir == "nodes", rel == "node.json", rel == "exec-approvals.json":
		return "device", ""
	case dir == "gateway" && strings.HasSuffix(base, ".pem"):
		return "device", ""
	case base == "auth.json", base == "auth-profiles.json":
		return "auth-profile", ""
	case base == "models.json":
		return "generated", ""
	case rel == ".env":
		return "dotenv", ""
	case strings.HasSuffix(base, ".json") || strings.HasSuffix(base, ".json5"):
		return "settings", ""
	}
	return "", "neither config nor credentials: this version does not read it"
}

func cause(err error) string {
	var file *gateway.FileError
	if errors.As(err, &file) {
		return file.Problem
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return "cannot be read"
}
