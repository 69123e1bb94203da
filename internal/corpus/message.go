package corpus

// The messages of a turn.

// printed are the classes of what tools print, as often as they are here.
var printed = []string{"shell", "shell", "shell", "go", "go", "ts", "ts", "ts", "py", "diff", "diff", "stack", "yaml", "lock",
	"api", "api", "api", "api", "api", "api", "api", "api", "pretty", "pretty", "pretty", "pretty", "markdown", "mail", "sums", "logline", "webline", "grepline"}

func (s *session) oneOf(classes []string) string { return classes[s.below(len(classes))] }

func (s *session) message(content any) {
	s.emit(messageRecord{"message", s.node(), content})
}

func (s *session) userMessage() {
	text := s.say("ask", 0)
	if s.percent(50) {
		text += "\n" + s.say(s.oneOf(printed), s.skewed(400, 6400))
	}
	content := []any{textBlock{"text", s.plant(inTalk, text)}}
	s.message(userMessage{"user", content, s.clock.UnixMilli()})
}

// answer is what the agent says at the end.
func (s *session) answer() {
	text := s.plant(inTalk, s.say("answer", s.skewed(400, 3200)))
	s.message(s.assistant(append(s.thought(), textBlock{"text", text}), "stop"))
}

// toolUse is a call of a tool and what came back.
func (s *session) toolUse() {
	call := toolCallBlock{"toolCall", "toolu_01" + string(s.appendFrom(nil, 22, idChars)), "exec", arguments{}}
	switch s.below(5) {
	case 0:
		call.Name, call.Arguments.Path = "read", s.say("path", 0)
	case 1:
		call.Name, call.Arguments.Path = "write", s.say("path", 0)
		call.Arguments.Content = s.say(s.oneOf(printed), s.skewed(800, 8000))
	default:
		call.Arguments.Command = s.plant(inCommand, s.say("command", 0))
	}
	s.message(s.assistant(append(s.thought(), call), "toolUse"))
	s.toolResult(call)
}

func (s *session) toolResult(call toolCallBlock) {
	result := toolResult{Role: "toolResult", ToolCallID: call.ID, ToolName: call.Name}
	if image := s.image(); image != "" {
		result.Content = []any{textBlock{"text", "MEDIA:/tmp/" + s.say("path", 0)}, imageBlock{"image", image, "image/png"}}
		result.Timestamp = s.clock.UnixMilli()
		s.message(result)
		return
	}
	size := s.skewed(800, 5000)
	if s.below(400) == 0 {
		size *= 10 // somebody printed a whole log
	}
	if call.Name == "write" {
		size = 0
	}
	text := s.plant(inResult, s.say(s.oneOf(printed), size))
	if call.Name == "exec" {
		result.Details = &details{"completed", s.below(20) / 19, s.skewed(5, 20_000), text, cwd}
	}
	result.Content = []any{textBlock{"text", text}}
	result.Timestamp = s.clock.UnixMilli()
	s.message(result)
}

// thought returns a thinking block, or none.
func (s *session) thought() []any {
	if !s.percent(80) {
		return nil
	}
	block := thinkingBlock{"thinking", s.say("thought", s.skewed(300, 1200)), ""}
	if s.signatures*1000 < s.size*signatureShare {
		block.ThinkingSignature = s.base64(s.skewed(150, 1200) * 4)
		s.signatures += int64(len(block.ThinkingSignature))
	}
	return []any{block}
}

// image returns a picture in base64 when it is time for the next one and there is room.
// Near the end the next one gets smaller.
func (s *session) image() string {
	size := int64(s.nextImage)
	if s.size+size > s.limit {
		s.nextImage = max(s.nextImage/8*4, 16_000)
		return ""
	}
	if (s.images+size/2)*1000 >= s.size*imageShare {
		return ""
	}
	s.images += size
	s.nextImage = s.imageSize()
	return s.base64(int(size))
}

// imageSize is up to what the largest record has room for.
func (s *session) imageSize() int { return s.skewed(4000, 88_700) * 4 }

func (s *session) assistant(content []any, stop string) assistantMessage {
	u := usage{Input: s.below(40), Output: s.between(20, 4000), CacheRead: s.between(10_000, 150_000), CacheWrite: s.below(9000)}
	u.TotalTokens = u.Input + u.Output + u.CacheRead + u.CacheWrite
	const million = 1e6
	u.Cost = cost{Input: float64(u.Input) * 5 / million, Output: float64(u.Output) * 25 / million,
		CacheRead: float64(u.CacheRead) / 2 / million, CacheWrite: float64(u.CacheWrite) * 6.25 / million}
	u.Cost.Total = u.Cost.Input + u.Cost.Output + u.Cost.CacheRead + u.Cost.CacheWrite
	return assistantMessage{"assistant", content, "anthropic-messages", provider, model, u, stop, s.clock.UnixMilli()}
}
