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
		for _, v := range s.judge.variable(entry.Name, entry.Value) {
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
	for _, written := range writtenInDotenv(entry.Value[v.from:v.to]) {
		i := bytes.LastIndex(text, []byte(written.text)) // behind the name, which it may be a part of
		if i < len(entry.Name) {
			continue
		}
		passed := text[:i]
		if feed := bytes.LastIndexByte(passed, '\n'); feed >= 0 {
			at.Line += bytes.Count(passed, []byte("\n"))
			at.Column, passed = 1, passed[feed+1:]
		}
		at.Column += utf8.RuneCount(passed)
		at.Start, at.End, at.Layers = entry.Start+i, entry.Start+i+len(written.text), written.layers
		break
	}
	return at
}

type written struct{ text, layers string }

// writtenInDotenv returns how a value may be written in a .env: as it reads, or with its line
// ends as escapes, which a search takes for those of JSON.
func writtenInDotenv(value string) []written {
	ways := []written{{text: value}}
	if strings.ContainsAny(value, "\r\n") && !strings.Contains(value, `\`) {
		ways = append(ways, written{strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(value), "j"})
	}
	return ways
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
		switch place := gateway.Classify(rel); {
		case place.Skip != "":
			s.skip(rel, "excluded", place.Skip)
		case !isNarrow(place.Surface, rel):
			s.skip(rel, "excluded", "neither config nor credentials: this version does not read it")
		default:
			s.file(name, rel, place)
		}
		return nil
	})
}

// file scans one further file by the names of its keys, and returns it; nil if it cannot be
// read or an earlier step has.
func (s *scanner) file(name, rel string, place gateway.Place) *gateway.File {
	file, err := s.result.View.Read(name, place.Surface)
	if err != nil {
		s.skip(rel, "unread", cause(err))
		return nil
	}
	if file == nil || s.seen[file] {
		return nil
	}
	s.count(file)
	s.settle(file, place)
	if _, err := file.Document(); err != nil {
		s.lines(file, file.Data, "")
	} else {
		s.strings(file)
	}
	return file
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
		if isConfig(file) && !marked(node.Text()) {
			found = s.judge.config(pathOf(node), node.Text())
		}
		if len(found) == 0 && profileField(key) && plausible(node.Text()) && !marked(node.Text()) {
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

// isConfig reports whether a file is a config that is not the gateway's own, or a copy of one:
// what its places mean is known all the same.
func isConfig(file *gateway.File) bool {
	return file.Surface == "config" || file.Surface == "backup" && gateway.IsConfigCopy(path.Base(filepath.ToSlash(file.Path)))
}

// pathOf returns the keys and indexes that lead to a node.
func pathOf(node json5.Node) []string {
	tokens := strings.Split(node.Pointer(), "/")[1:]
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens
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
	if s.options.strict() {
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

// isNarrow reports whether a file is read when not everything is.
func isNarrow(surface gateway.Surface, rel string) bool {
	switch surface {
	case "config", "backup", "credentials", "device", "auth-profile", "generated", "dotenv":
		return true
	}
	return strings.HasSuffix(rel, ".json") || strings.HasSuffix(rel, ".json5")
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
