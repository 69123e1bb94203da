package transcript

import "slices"

// place is what an object or array is to the gateway. Only where it is one of these do
// the names of members mean anything: "id" among the arguments of a tool is text.
type place int

const (
	elsewhere   place = iota
	inRecord          // the record itself
	inData            // what a record of a "custom" type holds
	inMessage         // what was said
	inContent         // the blocks of a message
	inBlock           // one of them
	inSignature       // a signature that is JSON
)

// scope is where a walk is.
type scope struct {
	place place
	block *block // which it is a part of, nil outside
}

// block is one of a message's blocks: a text, a thought, a call of a tool, an image.
type block struct {
	item
	thinks     bool    // it is a thought
	changed    bool    // something in it is replaced
	signatures []*item // those that would not be true any more
}

// child returns the scope of what is in a member, or in an element if name is empty.
func (s scope) child(name []byte) scope {
	is := func(p place, member string) bool { return s.place == p && string(name) == member }
	switch {
	case s.place == inContent:
		return scope{inBlock, &block{}}
	case is(inRecord, "message"):
		return scope{inMessage, nil}
	case is(inMessage, "content"), is(inRecord, "content"): // that of a custom_message
		return scope{inContent, nil}
	case is(inRecord, "data"):
		return scope{inData, nil}
	case s.place == inSignature:
		return s
	}
	return scope{elsewhere, s.block}
}

// links reports whether a member links records to one another, or decides how the
// gateway reads them and to whom it sends them.
func (p place) links(name []byte) bool { return slices.Contains(p.linking(), string(name)) }

func (p place) linking() []string {
	switch p {
	case inRecord:
		return []string{
			"type", "id", "parentId", "timestamp", "firstKeptEntryId", "fromId", "targetId",
			"provider", "modelId", "customType", "thinkingLevel",
		}
	case inData: // of a model-snapshot
		return []string{"provider", "modelApi", "modelId"}
	case inMessage:
		return []string{
			"role", "toolCallId", "toolUseId", "toolName", "api", "provider", "model",
			"customType", "stopReason", "timestamp",
		}
	case inBlock:
		return []string{"type", "id", "name", "mimeType"}
	case inSignature: // what an OpenAI item is known by, and what nobody else can make
		return []string{"type", "id", "status", "format", "encrypted_content", "data"}
	}
	return nil
}
