package corpus

// The records of a transcript, in the order of fields in which the gateway writes them.

type sessionRecord struct {
	Type      string `json:"type"`
	Version   int    `json:"version"`
	ID        string `json:"id"`
	Timestamp string `json:"timestamp"`
	Cwd       string `json:"cwd"`
}

// node is what the records behind the first one have: they form a tree.
type node struct {
	ID        string  `json:"id"`
	ParentID  *string `json:"parentId"`
	Timestamp string  `json:"timestamp"`
}

type modelChange struct {
	Type string `json:"type"`
	node
	Provider string `json:"provider"`
	ModelID  string `json:"modelId"`
}

type thinkingLevelChange struct {
	Type string `json:"type"`
	node
	ThinkingLevel string `json:"thinkingLevel"`
}

type customRecord struct {
	Type       string `json:"type"`
	CustomType string `json:"customType"`
	Data       any    `json:"data"`
	node
}

type cacheTTL struct {
	Timestamp int64  `json:"timestamp"`
	Provider  string `json:"provider"`
	ModelID   string `json:"modelId"`
}

type compactionRecord struct {
	Type string `json:"type"`
	node
	Summary          string `json:"summary"`
	FirstKeptEntryID string `json:"firstKeptEntryId"`
	TokensBefore     int    `json:"tokensBefore"`
	FromHook         bool   `json:"fromHook"`
}

type messageRecord struct {
	Type string `json:"type"`
	node
	Message any `json:"message"`
}

type userMessage struct {
	Role      string `json:"role"`
	Content   []any  `json:"content"`
	Timestamp int64  `json:"timestamp"`
}

type assistantMessage struct {
	Role       string `json:"role"`
	Content    []any  `json:"content"`
	API        string `json:"api"`
	Provider   string `json:"provider"`
	Model      string `json:"model"`
	Usage      usage  `json:"usage"`
	StopReason string `json:"stopReason"`
	Timestamp  int64  `json:"timestamp"`
}

type toolResult struct {
	Role       string   `json:"role"`
	ToolCallID string   `json:"toolCallId"`
	ToolName   string   `json:"toolName"`
	Content    []any    `json:"content"`
	Details    *details `json:"details,omitempty"`
	IsError    bool     `json:"isError"`
	Timestamp  int64    `json:"timestamp"`
}

// details repeat what a command printed.
type details struct {
	Status     string `json:"status"`
	ExitCode   int    `json:"exitCode"`
	DurationMs int    `json:"durationMs"`
	Aggregated string `json:"aggregated"`
	Cwd        string `json:"cwd"`
}

type usage struct {
	Input       int  `json:"input"`
	Output      int  `json:"output"`
	CacheRead   int  `json:"cacheRead"`
	CacheWrite  int  `json:"cacheWrite"`
	TotalTokens int  `json:"totalTokens"`
	Cost        cost `json:"cost"`
}

type cost struct {
	Input      float64 `json:"input"`
	Output     float64 `json:"output"`
	CacheRead  float64 `json:"cacheRead"`
	CacheWrite float64 `json:"cacheWrite"`
	Total      float64 `json:"total"`
}

type textBlock struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type thinkingBlock struct {
	Type              string `json:"type"`
	Thinking          string `json:"thinking"`
	ThinkingSignature string `json:"thinkingSignature,omitempty"`
}

type imageBlock struct {
	Type     string `json:"type"`
	Data     string `json:"data"`
	MimeType string `json:"mimeType"`
}

type toolCallBlock struct {
	Type      string    `json:"type"`
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Arguments arguments `json:"arguments"`
}

type arguments struct {
	Command string `json:"command,omitempty"`
	Path    string `json:"path,omitempty"`
	Content string `json:"content,omitempty"`
}
