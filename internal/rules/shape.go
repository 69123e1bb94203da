package rules

// shapeRule is a rule of our own, for a token that gitleaks has no rule for, or
// finds only beside a name.
//
// The expression's first group that took part is the secret. What may stand before
// it is part of the expression; what may stand behind it is tested by accept, because
// an expression that consumed the next character would miss a second token right there.
type shapeRule struct {
	ID          string
	Description string
	Keywords    []string // lower case; one of them is in every text that matches
	Regex       string
	accept      func(text string, start, end int) bool
	rank        rank
}

func (s shapeRule) rule() *rule {
	return &rule{
		id:          s.ID,
		description: s.Description,
		detector:    DetectorShape,
		rank:        s.rank,
		keywords:    s.Keywords,
		regex:       lazyRegexp{source: s.Regex},
		accept:      s.accept,
	}
}

// before is what may stand before a token: the beginning, anything that is no
// character of a token, or the escape of a line break or tab, as in JSON within JSON.
const before = `(?:^|[^0-9A-Za-z_-]|\\[nrt])`

// shapeRules returns our own rules.
func shapeRules() []shapeRule {
	return append(providerShapes(), contextShapes()...)
}

// providerShapes returns the rules for tokens that show by themselves whose they are.
func providerShapes() []shapeRule {
	return []shapeRule{{
		ID:          "telegram-bot-token",
		Description: "A Telegram bot token: whoever has it reads and writes as the bot.",
		Keywords:    []string{":aa"},
		// The number of the bot, then 35 characters, of which the first two are always AA.
		// In the API's URLs the word bot stands right before it.
		Regex:  `(?:^|[^0-9A-Za-z_-]|\\[nrt]|bot)([0-9]{6,12}:AA[A-Za-z0-9_-]{33})`,
		accept: tokenEnds,
		rank:   rankShape,
	}, {
		ID:          "anthropic-oauth-token",
		Description: "An Anthropic OAuth access or setup token: it spends the subscription of its owner.",
		Keywords:    []string{"sk-ant-oat"},
		Regex:       before + `(sk-ant-oat[0-9]{2}-[A-Za-z0-9_-]{60,})`,
		accept:      tokenEnds,
		rank:        rankShape,
	}, {
		ID:          "anthropic-refresh-token",
		Description: "An Anthropic OAuth refresh token: it buys new access tokens until the login is revoked.",
		Keywords:    []string{"sk-ant-ort"},
		Regex:       before + `(sk-ant-ort[0-9]{2}-[A-Za-z0-9_-]{60,})`,
		accept:      tokenEnds,
		rank:        rankShape,
	}, {
		ID:          "openrouter-api-key",
		Description: "An OpenRouter API key: it spends the credit of its owner.",
		Keywords:    []string{"sk-or-v1-"},
		Regex:       before + `(sk-or-v1-[0-9a-f]{64})`,
		accept:      tokenEnds,
		rank:        rankShape,
	}, {
		ID:          "groq-api-key",
		Description: "A Groq API key: it spends the credit of its owner.",
		Keywords:    []string{"gsk_"},
		Regex:       before + `(gsk_[A-Za-z0-9]{52})`,
		accept:      tokenEnds,
		rank:        rankShape,
	}, {
		ID:          "xai-api-key",
		Description: "An xAI API key: it spends the credit of its owner.",
		Keywords:    []string{"xai-"},
		Regex:       before + `(xai-[A-Za-z0-9]{80})`,
		accept:      tokenEnds,
		rank:        rankShape,
	}, {
		ID:          "discord-bot-token",
		Description: "A Discord bot token: whoever has it reads and writes as the bot.",
		// The first part is the bot's number in base64. Two decimal digits in base64 begin
		// with one of these pairs.
		Keywords: []string{"md", "mt", "mj", "mz", "nd", "nt", "nj", "nz", "od", "ot"},
		Regex:    before + `([MNO][DTjz][A-Za-z0-9]{21,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})`,
		accept:   discordToken,
		rank:     rankShape,
	}}
}

// contextShapes returns the rules for places where a secret stands, whatever it
// looks like. A placeholder there is no finding.
func contextShapes() []shapeRule {
	return []shapeRule{{
		ID:          "url-password",
		Description: "A password within a URL.",
		Keywords:    []string{"://"},
		// Up to the last @ of the authority: people write passwords unescaped.
		Regex:  `(?i)[a-z][a-z0-9+.-]*://[^\s/?#"'<>` + "`" + `:\\]*:([^\s/?#"'<>` + "`" + `\\]+)@[^\s@/?#"'<>` + "`" + `\\]`,
		accept: meant,
		rank:   rankContext,
	}, {
		ID:          "authorization-header",
		Description: "A token in an Authorization header.",
		Keywords:    []string{"authorization"},
		Regex: `(?i)authorization[\\"'` + "`" + `]*[ \t]*[:=][ \t]*[\\"'` + "`" + `]*` +
			`(?:bearer|bot|token)[ \t]+([0-9a-z._~+/=-]{8,})`,
		accept: meant,
		rank:   rankContext,
	}, {
		ID:          "url-query-token",
		Description: "A token in the query of a URL, which browsers, proxies and logs keep.",
		Keywords:    []string{"token=", "key=", "secret=", "password=", "passwd="},
		// The last alternative asks for more: what is called just key is often short and harmless.
		Regex: `(?i)(?:[?&]|&amp;|\\u0026)(?:` +
			`(?:(?:(?:access|auth|bot|client|gateway|id|push|refresh|session|user)[_-]?)?token|api[_-]?key|` +
			`(?:(?:app|client|shared)[_-]?)?secret|passw(?:or)?d)=([^\s&#"'<>` + "`" + `\\]{6,})|` +
			`key=([0-9a-z_-]{24,}))`,
		accept: meant,
		rank:   rankContext,
	}}
}
