package gatewaytest

// object shortens the events below.
type object = map[string]any

// modelEvents holds, for each API, the stream that says modelReply: the shortest
// one that a client of that API takes for a finished answer.
var modelEvents = map[string][]map[string]any{
	AnthropicMessages: {
		{"type": "message_start", "message": object{
			"id": "msg_1", "type": "message", "role": "assistant", "model": "stand-in", "content": []any{},
			"stop_reason": nil, "stop_sequence": nil, "usage": object{"input_tokens": 1, "output_tokens": 1},
		}},
		{"type": "content_block_start", "index": 0, "content_block": object{"type": "text", "text": ""}},
		{"type": "content_block_delta", "index": 0, "delta": object{"type": "text_delta", "text": modelReply}},
		{"type": "content_block_stop", "index": 0},
		{"type": "message_delta", "delta": object{"stop_reason": "end_turn", "stop_sequence": nil}, "usage": object{"output_tokens": 5}},
		{"type": "message_stop"},
	},
	OpenAICompletions: {
		completionChunk(object{"role": "assistant", "content": modelReply}, nil),
		completionChunk(object{}, "stop"),
	},
	OpenAIResponses: {
		{"type": "response.created", "response": object{"id": "resp_1", "object": "response", "status": "in_progress", "output": []any{}}},
		{"type": "response.output_item.added", "output_index": 0, "item": responseMessage("in_progress")},
		{"type": "response.content_part.added", "item_id": "msg_1", "output_index": 0, "content_index": 0, "part": responseText("")},
		{"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": modelReply},
		{"type": "response.output_item.done", "output_index": 0, "item": responseMessage("completed", responseText(modelReply))},
		{"type": "response.completed", "response": object{
			"id": "resp_1", "object": "response", "status": "completed",
			"output": []any{responseMessage("completed", responseText(modelReply))},
			"usage":  object{"input_tokens": 1, "output_tokens": 5, "total_tokens": 6},
		}},
	},
}

func completionChunk(delta object, finish any) object {
	return object{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "stand-in",
		"choices": []any{object{"index": 0, "delta": delta, "finish_reason": finish}},
	}
}

func responseMessage(status string, content ...any) object {
	if content == nil {
		content = []any{}
	}
	return object{"id": "msg_1", "type": "message", "role": "assistant", "status": status, "content": content}
}

func responseText(text string) object {
	return object{"type": "output_text", "text": text, "annotations": []any{}}
}
