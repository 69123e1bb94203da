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
	document, err := json5.Parse(index) // as the gateway does (config/sessions/store.js)
	if err != nil {
		return nil, fmt.Errorf("the index of sessions is broken at %w; repair it or move it away", err)
	}
	if document.Root().Kind() != json5.Object {
		return nil, errors.New("the index of sessions is no object; repair it or move it away")
	}
	names := map[string]bool{}
	for _, session := range document.Root().Members() {
		entry := map[string]json5.Node{}
		for _, member := range session.Value.Members() {
			entry[member.Name] = member.Value
		}
		if file := fileName(entry["sessionFile"]); file != "" {
			names[file] = true
		}
		if id := fileName(entry["sessionId"]); id != "" {
			names[id+".jsonl"] = true
			names[id+topicOf(entry["lastThreadId"])+".jsonl"] = true
		}
	}
	return names, nil
}

// topicOf returns what the topic of a conversation adds to the name of its file.
func topicOf(thread json5.Node) string {
	switch thread.Kind() {
	case json5.Number:
		return "-topic-" + string(thread.Raw())
	case json5.String:
		// Where the gateway's encodeURIComponent does otherwise, no topic has characters.
		return "-topic-" + strings.ReplaceAll(url.QueryEscape(thread.Text()), "+", "%20")
	}
	return ""
}

// fileName returns the last part of a path of any system.
func fileName(path json5.Node) string {
	text := strings.TrimSpace(path.Text())
	return text[strings.LastIndexAny(text, `/\`)+1:]
}
