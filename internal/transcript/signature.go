package transcript

import (
	"bytes"
	"encoding/json"
)

// bedrockAPI is the api of a message that came through Amazon Bedrock. There pi-ai
// 0.49.3 sends a thought without a signature as a thought (amazon-bedrock.js), which
// Bedrock refuses from then on ("thinking.signature: Field required", pi's issue 2063):
// the whole block must go.
const bedrockAPI = "bedrock-converse-stream"

// isSignature reports whether a member of a block can sign the block:
//
//   - thinkingSignature signs a thought, for Anthropic and Bedrock, who refuse one whose
//     text has changed. Without it anthropic.js sends the thought as text, and
//     google-shared.js sends it unsigned.
//   - textSignature and thoughtSignature sign a text and a call for Google, who asks for
//     signed parts to come back as they were. Without them google-shared.js sends the
//     part unsigned, for Gemini 3 a call as text.
//   - signature and thought_signature are taken for the same by clawdbot
//     (pi-embedded-runner/google.js, pi-embedded-helpers/bootstrap.js).
//
// A redacted thought of Anthropic's, which has no text, is not stored by anthropic.js.
func isSignature(name []byte) bool {
	switch string(name) {
	case "thinkingSignature", "textSignature", "thoughtSignature", "signature", "thought_signature":
		return true
	}
	return false
}

// signatureKind is what stands where a signature does.
type signatureKind int

const (
	nothing signatureKind = iota
	// opaque text is a signature, and not true any more when what it signs changes.
	opaque
	// encoded is an item of OpenAI's as JSON, with its text once more, and perhaps with
	// encrypted content: openai-responses.js and openai-codex-responses.js send it back
	// instead of the thought, openai-completions.js ("reasoning.encrypted") with a call.
	// It signs nothing and stays.
	encoded
	// label is no signature either: the id of OpenAI's message (openai-responses.js), or
	// the name of the field that the thought came in and goes back in, without which some
	// providers refuse a call (openai-completions.js).
	label
)

// kindOf returns what the inside of a signature's string is.
func kindOf(content []byte) signatureKind {
	value := bytes.Trim(decoded(content), " \t\r\n")
	switch {
	case len(value) == 0:
		return nothing
	case value[0] == '{' && json.Valid(value):
		return encoded
	case bytes.HasPrefix(value, []byte("msg_")):
		return label
	}
	switch string(value) {
	case "reasoning_content", "reasoning", "reasoning_text":
		return label
	}
	return opaque
}
