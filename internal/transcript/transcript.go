// Package transcript owns the format of the gateway's session transcripts, as far as
// blotting text out of them must know it: which bytes of a record may be replaced,
// what else must go with them, and whether a session is still being written.
//
// A transcript is JSON Lines: a header, then one record a line, which form a tree by
// id and parentId. What is said here was read in pi-coding-agent and pi-ai 0.49.3
// (core/session-manager.js, providers/*.js) and in clawdbot 2026.1.24 (agents/,
// config/sessions/), and is held against them by the tests.
//
// The package must not know what a secret is, and never writes.
package transcript

import (
	"path/filepath"
	"strings"
)

// Span is a stretch of bytes, Start included and End not.
type Span struct{ Start, End int }

// archived is what the gateway appends to a transcript's name, before a time, when a
// session is deleted, reset, compacted or imported into a database.
var archived = [...]string{".deleted.", ".reset.", ".bak.", ".imported-"}

// IsTranscript reports whether a file of that name, in a folder of sessions, is a
// transcript: *.jsonl, or what the gateway made of one. Its lock is none.
func IsTranscript(name string) bool {
	_, rest, ok := strings.Cut(filepath.Base(name), ".jsonl")
	if !ok || strings.HasSuffix(rest, lockSuffix) {
		return false
	}
	for _, suffix := range archived {
		if after, ok := strings.CutPrefix(rest, suffix); ok && after != "" {
			return true
		}
	}
	return rest == ""
}
