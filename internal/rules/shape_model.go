package rules

// modelShapes returns the rules for the keys of those who make models. The forms are
// those that the providers' keys have had since 2024, as betterleaks, TruffleHog and
// Kingfisher describe them; lengths are given some room where a provider has changed
// them before.
func modelShapes() []shapeRule {
	return []shapeRule{{
		ID:          "anthropic-key",
		Description: "An Anthropic API or admin key: whoever has it spends its owner's credit, or manages the organisation.",
		Keywords:    []string{"sk-ant-api", "sk-ant-admin"},
		Regex:       token(`sk-ant-(?:api|admin)[0-9]{2}-[A-Za-z0-9_-]{80,120}`),
		accept:      issued,
		rank:        rankShape,
		sample:      `sk-ant-(?:api03|admin01)-[A-Za-z0-9_-]{93}AA`,
		yes:         []string{`§`, `x-api-key: §`, `https://§:x@proxy.test/`},
		no:          []string{`sk-ant-api03-...`, `sk-ant-api03-⟪x{95}⟫`, `sk-ant-api03-⟪[A-Za-z0-9]{20}⟫`, `sk-ant-ap…wxyz`, `task-ant-api03-⟪[A-Za-z0-9_-]{93}⟫AA`},
	}, {
		ID:          "anthropic-oauth-token",
		Description: "An Anthropic OAuth access or setup token: whoever has it spends its owner's subscription.",
		Keywords:    []string{"sk-ant-oat"},
		// No scanner has a rule for it; the form is that of API keys.
		Regex:  token(`sk-ant-oat[0-9]{2}-[A-Za-z0-9_-]{60,160}`),
		accept: issued,
		rank:   rankShape,
		sample: `sk-ant-oat01-[A-Za-z0-9_-]{93}AA`,
		yes:    []string{`§`, `ANTHROPIC_OAUTH_TOKEN=§`, `claude setup-token printed §, which lasts a year`},
		no:     []string{`sk-ant-oat01-⟪[A-Za-z]{8}⟫`, `sk-ant-ort01-⟪[A-Za-z0-9_-]{95}⟫`, `a-§`, `sk-ant-oat01-⟪(?:abcdefghij){8}⟫`},
	}, {
		ID:          "anthropic-refresh-token",
		Description: "An Anthropic OAuth refresh token: whoever has it gets new access tokens until the login is revoked.",
		Keywords:    []string{"sk-ant-ort"},
		Regex:       token(`sk-ant-ort[0-9]{2}-[A-Za-z0-9_-]{60,160}`),
		accept:      issued,
		rank:        rankShape,
		sample:      `sk-ant-ort01-[A-Za-z0-9_-]{93}AA`,
		yes:         []string{`§`, `"refreshToken":"§","expiresAt":1780000000000`, `refresh §;`},
		no:          []string{`sk-ant-ort01-⟪[A-Za-z]{8}⟫`, `sk-ant-oat01-⟪[A-Za-z0-9_-]{95}⟫`, `sk-ant-ort01-${TOKEN}`, `x§`},
	}, {
		ID:          "anthropic-session-key",
		Description: "A claude.ai session cookie: whoever has it is logged in as its owner.",
		Keywords:    []string{"sk-ant-sid"},
		Regex:       token(`sk-ant-sid[0-9]{2}-[A-Za-z0-9_-]{60,160}`),
		accept:      issued,
		rank:        rankShape,
		sample:      `sk-ant-sid01-[A-Za-z0-9_-]{86}-[A-Za-z0-9_-]{6}AA`,
		yes:         []string{`§`, `Cookie: sessionKey=§; lastActiveOrg=1`, `curl -b sessionKey=§ https://claude.test`},
		no:          []string{`sk-ant-sid01-...`, `sk-ant-sid01-⟪[A-Za-z]{20}⟫`, `sk-ant-sid01-⟪x{95}⟫`},
	}, {
		ID:          "openai-key",
		Description: "An OpenAI API key: whoever has it spends its owner's credit.",
		Keywords:    []string{"t3blbkfj", "sk-proj-", "sk-svcacct-", "sk-admin-"},
		// T3BlbkFJ is "OpenAI" in base64; keys without it have been seen, which are as long.
		Regex: before + `(sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80}|` +
			`sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{90,180})`,
		accept: issued,
		rank:   rankShape,
		sample: `sk-(?:(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{74}T3BlbkFJ[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58}T3BlbkFJ[A-Za-z0-9_-]{58}|` +
			`[A-Za-z0-9_-]{20}T3BlbkFJ[A-Za-z0-9_-]{20}|[A-Za-z0-9_-]{124})|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})`,
		yes: []string{`§`, `OPENAI_API_KEY=§`, `{"openai":{"apiKey":"§"}}`},
		no: []string{
			`sk-proj-...`, `sk-proj-⟪x{48}⟫T3BlbkFJ⟪x{48}⟫`, `sk-⟪[A-Za-z0-9]{20}⟫T3BlbkFJ`, `T3BlbkFJ`, `sk-proj-⟪[a-z]{4}⟫-⟪[a-z]{9}⟫`,
			`task-⟪[A-Za-z0-9]{20}⟫T3BlbkFJ⟪[A-Za-z0-9]{20}⟫`,
		},
	}, {
		ID:          "chatgpt-refresh-token",
		Description: "An OAuth refresh token of a ChatGPT login, as Codex keeps it: whoever has it gets new access tokens.",
		Keywords:    []string{"rt_"},
		Regex:       token(`rt_[A-Za-z0-9_-]{40,120}(?:\.[A-Za-z0-9_-]{30,80}|)`),
		accept:      issuedMixed,
		rank:        rankShape,
		sample:      `rt_[A-Za-z0-9_-]{90}|rt_[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}`,
		yes:         []string{`§`, `"refresh_token": "§"`, `refresh: §,`},
		no:          []string{`rt_⟪[a-z]{5}⟫_⟪[a-z]{8}⟫`, `start_⟪[A-Za-z0-9]{90}⟫`, `rt_⟪[a-z]{60}⟫`, `rt_⟪x{60}⟫1`},
	}, {
		ID:          "xai-api-key",
		Description: "An xAI API key: whoever has it spends its owner's credit.",
		Keywords:    []string{"xai-"},
		Regex:       token(`xai-[A-Za-z0-9]{70,120}`),
		accept:      issued,
		rank:        rankShape,
		sample:      `xai-[A-Za-z0-9]{80}`,
		yes:         []string{`§`, `XAI_API_KEY=§`, `"xai":{"apiKey":"§"}`},
		no:          []string{`xai-⟪[a-z]{4,8}-[a-z]{4}⟫`, `xai-⟪[A-Za-z0-9]{60}⟫`, `xai-⟪[A-Za-z0-9]{121}⟫`, `xai-⟪x{80}⟫`, `maxai-⟪[A-Za-z0-9]{80}⟫`},
	}, {
		ID:          "kimi-code-key",
		Description: "A Kimi Code key: whoever has it spends its owner's subscription.",
		Keywords:    []string{"sk-kimi-"},
		Regex:       token(`sk-kimi-[A-Za-z0-9]{48,80}`),
		accept:      issued,
		rank:        rankShape,
		sample:      `sk-kimi-[A-Za-z0-9]{64}`,
		yes:         []string{`§`, `KIMICODE_API_KEY="§"`, `--key §`},
		no:          []string{`sk-kimi-your-key-here`, `sk-kimi-⟪[A-Za-z0-9]{12}⟫`, `sk-kimi-⟪x{64}⟫`},
	}, {
		ID:          "minimax-api-key",
		Description: "A MiniMax API or subscription key: whoever has it spends its owner's credit.",
		Keywords:    []string{"sk-api-", "sk-cp-"},
		Regex:       token(`sk-(?:api|cp)-[A-Za-z0-9_-]{80,140}`),
		accept:      issuedMixed,
		rank:        rankShape,
		sample:      `sk-(?:api|cp)-[A-Za-z0-9_-]{119}`,
		yes:         []string{`§`, `MINIMAX_API_KEY=§`, `Authorization: Bearer §`},
		no:          []string{`sk-cp-xxx`, `sk-api-⟪[A-Za-z0-9]{30}⟫`, `sk-api-⟪x{119}⟫`, `task-api-⟪[A-Za-z0-9_-]{119}⟫`},
	}, {
		ID:          "sk-api-key",
		Description: "An API key in the form that Moonshot, DeepSeek, Qwen and many gateways took over: whoever has it spends its owner's credit.",
		Keywords:    []string{"sk-"},
		// Without a dash behind sk-, which keeps the class names of style sheets out.
		Regex:  token(`sk-[A-Za-z0-9]{32,100}`),
		accept: modelKey,
		rank:   rankShape,
		sample: `sk-(?:[A-Za-z0-9]{48}|[0-9a-f]{32}|[A-Za-z0-9]{64})`,
		yes:    []string{`§`, `MOONSHOT_API_KEY=§`, `"deepseek":{"apiKey":"§"}`},
		no: []string{`sk-...`, `sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`, `sk-⟪[A-Za-z0-9]{24}⟫`, `sk-⟪[a-z]{40}⟫`, `desk-⟪[a-f0-9]{40}⟫`,
			`sk-⟪[A-Za-z0-9]{20}⟫T3BlbkFJ⟪[A-Za-z0-9]{20}⟫`, `sk-1234567890abcdef1234567890abcdef1234567890abcdef`, `sk-abcdefghijklmnopqrstuvwxyz0123456789`},
	}}
}
