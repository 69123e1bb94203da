package transcript

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/json5"
)

// Current returns the file names of the transcripts that conversations go on in, from
// the bytes of the sessions.json that lies beside them. It names every file that a
// conversation may be in (config/sessions/paths.js), also where there is none.
//
// The error says what is wrong with the index, and quotes none of it.
func Current(index []byte) (map[string]bool, error) {
	names := map[string]bool{}
	err := eachSession(index, func(key string, entry map[string]json5.Node) {
		if file := fileName(entry["sessionFile"]); file != "" {
			names[file] = true
		}
		if id := fileName(entry["sessionId"]); id != "" {
			for _, topic := range []string{"", topicOf(entry["lastThreadId"]), topicOfKey(key)} {
				names[id+topic+".jsonl"] = true
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return names, nil
}

// Paths returns what an index of sessions says where transcripts lie, as it says it: such a
// path may lead out of the folder of the index, may be relative to wherever the gateway was
// started, and may be one of another system. Errors are as those of [Current].
func Paths(index []byte) (paths []string, err error) {
	err = eachSession(index, func(_ string, entry map[string]json5.Node) {
		if path := strings.TrimSpace(entry["sessionFile"].Text()); path != "" {
			paths = append(paths, path)
		}
	})
	return paths, err
}

// eachSession calls visit with every conversation of an index, by its key.
func eachSession(index []byte, visit func(key string, entry map[string]json5.Node)) error {
	document, err := json5.Parse(index) // as the gateway does (config/sessions/store.js)
	if err != nil {
		return fmt.Errorf("the index of sessions is broken at %w; repair it or move it away", err)
	}
	if document.Root().Kind() != json5.Object {
		return errors.New("the index of sessions is no object; repair it or move it away")
	}
	for _, session := range document.Root().Members() {
		entry := map[string]json5.Node{}
		for _, member := range session.Value.Members() {
			entry[member.Name] = member.Value
		}
		visit(session.Name, entry)
	}
	return nil
}

// topicOf returns what the topic of a conversation adds to the name of its file.
func topicOf(thread json5.Node) string {
	switch thread.Kind() {
	case json5.Number:
		return "-topic-" + string(thread.Raw())
	case json5.String:
		return topicSuffix(thread.Text())
	}
	return ""
}

// topicOfKey is topicOf for the topic that the key of a conversation ends in
// (sessions/session-key-utils.js): not every entry repeats it.
func topicOfKey(key string) string {
	for _, marker := range []string{":topic:", ":thread:"} {
		if at := strings.LastIndex(key, marker); at >= 0 {
			return topicSuffix(key[at+len(marker):])
		}
	}
	return ""
}

func topicSuffix(topic string) string {
	// Where the gateway's encodeURIComponent does otherwise, no topic has characters.
	return "-topic-" + strings.ReplaceAll(url.QueryEscape(topic), "+", "%20")
}

// fileName returns the last part of a path of any system.
func fileName(path json5.Node) string {
	text := strings.TrimSpace(path.Text())
	return text[strings.LastIndexAny(text, `/\`)+1:]
}
