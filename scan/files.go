package scan

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
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
	_, err = file.Document()
	switch {
	case err == nil:
		s.strings(file)
	case isLive(file.Surface): // broken: nothing can be taken out of it
		s.lines(file, file.Data, Keep, "")
	default:
		s.lines(file, file.Data, "", "")
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
		if isConfig(file) && !marked(node.Text()[schemeLength(node.Text()):]) {
			found = s.judge.config(pathOf(node), node.Text())
		}
		if len(found) == 0 && profileField(key) && plausible(node.Text()) && !marked(node.Text()[schemeLength(node.Text()):]) {
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
