package rules

// urlShapes returns the rules for URLs.
func urlShapes() []shapeRule {
	return []shapeRule{{
		ID:          "url-password",
		Description: "A password within a URL.",
		Keywords:    []string{"://"},
		// Up to the last @ of the authority: people write passwords unescaped.
		Regex:  `(?i)[a-z][a-z0-9+.-]{1,24}://[^\s/?#"'<>` + "`" + `:\\]{0,120}:([^\s/?#"'<>` + "`" + `\\]{1,250})@[^\s@/?#"'<>` + "`" + `\\]`,
		accept: urlPassword,
		rank:   rankContext,
		sample: `[A-Za-z0-9]{24}|[a-z]{6}[0-9]|[a-z]{5}@[a-z]{6}|p[a-z]{7}`,
		yes: []string{`postgres://app:§@db.example.com:5432/app`, `proxy = "http://user%40example.com:§@proxy.example.com"`,
			`redis://:§@localhost:6379`, `{\"url\":\"wss://bot:§@gateway.example.com\"}`, `mongodb+srv://app:§@cluster.example.net/?retryWrites=true`,
			`see amqp://a:§@mq.example.com, or (https://app@server:§@db.example.com).`},
		no: []string{`https://example.com:8080/§@v2`, `https://§@example.com`, `postgres://app:${⟪[A-Z]{6}_[A-Z]{4}⟫}@db`, `postgres://app:$⟪[A-Z]{6}_[A-Z]{4}⟫@db`,
			`postgres://app:⟪password|secret|changeme|\*\*\*|PASSWORD|<pass>|pw⟫@db`, `see http://a.example.com: write to §@example.com`, `postgres://user:%s@host`,
			`postgres://postgres:postgres@localhost`},
	}, {
		ID:          "url-query-token",
		Description: "A token in the query of a URL, which browsers, proxies and logs keep.",
		Keywords:    []string{"token=", "key=", "secret=", "password=", "passwd="},
		// The last alternative asks for more: what is called just key is often short and harmless.
		Regex: `(?i)(?:[?&#]|&amp;|\\u0026)(?:` +
			`(?:(?:(?:access|auth|bot|client|gateway|id|push|refresh|session|user)[_-]?|)token|api[_-]?key|` +
			`(?:(?:app|client|shared)[_-]?|)secret|passw(?:or|)d)=([^\s&#"'<>` + "`" + `\\()\[\],;|]{6,})|` +
			`key=([0-9a-z_-]{24,200}))`,
		accept: meantQuery,
		rank:   rankContext,
		sample: `[0-9a-f]{48}|[A-Za-z0-9]{24}`,
		yes: []string{`http://127.0.0.1:18789/?token=§`, `/chat?session=main&token=§&v=1`, `{\"url\":\"/?a=b\u0026gatewayToken=§\"}`,
			`https://example.com/v1?key=§&alt=sse`, `https://example.com/v1?a=1&amp;api_key=§`, `https://example.com/login?password=§#top`,
			`http://127.0.0.1:18789/#token=§`, `https://example.com/login?password=§`, `(open /?token=§, then …)`},
		no: []string{`https://example.com/list?pageToken=§`, `https://example.com/list?next_page_token=§`, `https://example.com/list?key=⟪[a-z]{4,8}⟫`,
			`https://example.com/?token=$⟪[A-Z]{6}⟫`, `https://example.com/?token=<⟪[a-z]{6}⟫>`, `https://example.com/?token=⟪[a-z]{1,5}⟫`,
			`https://example.com/?token=⟪your_token|YOUR-API-KEY|changeme⟫`,
			`/?token=${encodeURIComponent(token)}`, `/?token={token}`, `/?token=mytoken`},
	}}
}
