package rules

// loginShapes returns the rules for what a login leaves: signed tokens and sessions.
func loginShapes() []shapeRule {
	// A payload has no usual length: 2,000 characters are nothing special.
	const webTokenForm = `eyJ[A-Za-z0-9_-]{14,}\.eyJ[A-Za-z0-9_-]{14,}\.[A-Za-z0-9_-]{20,}`
	// {"alg":"HS256","typ":"JWT"} and its members the other way round, {"iss":"…
	const (
		header  = `(?:eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9|eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9)`
		payload = `eyJpc3MiOi[A-Za-z0-9_-]{60,200}`
	)
	return []shapeRule{{
		ID:          "json-web-token",
		Description: "A signed JSON Web Token: whoever has it is, to the service that issued it, its owner until it expires.",
		Keywords:    []string{"eyj"},
		Regex:       token(webTokenForm),
		accept:      webToken,
		rank:        rankShape,
		// {"alg":"HS256"} and {"sub":"1234"}
		sample: `eyJhbGciOiJIUzI1NiJ9\.eyJzdWIiOiIxMjM0In0\.[A-Za-z0-9_-]{43}`,
		yes:    []string{`§`, `MINIMAX_API_KEY=§`, `Authorization: Bearer §`},
		no: []string{`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.⟪[A-Za-z0-9]{8}⟫`, `eyJhbGciOiJIUzI1NiJ9`,
			// {"alg":"none"} is not signed, {"text":"hello world"} is no token.
			`eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0In0.⟪[A-Za-z0-9]{43}⟫`, `eyJ0ZXh0IjoiaGVsbG8gd29ybGQifQ.eyJzdWIiOiIxMjM0In0.⟪[A-Za-z0-9]{43}⟫`,
			`eyJ⟪[A-Za-z0-9]{30}\.[A-Za-z0-9]{30}⟫`, `x§`},
	}, {
		ID:          "home-assistant-token",
		Description: "A Home Assistant token, which lasts ten years: whoever has it controls the home.",
		Keywords:    []string{"eyjpc3mioi"},
		Regex:       token(header + `\.` + payload + `\.[A-Za-z0-9_-]{43}`),
		accept:      homeAssistantToken,
		rank:        rankShape,
		// {"iss":"0123…","iat":1700000000,"exp":2015000000} with an issuer of digits.
		sample: `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.eyJpc3MiOiIx(?:[MNO]DEy){10}MSIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoyMDE1MDAwMDAwfQ\.[A-Za-z0-9_-]{43}`,
		yes:    []string{`§`, `HASS_TOKEN=§`, `"Authorization": "Bearer §"`},
		no: []string{`eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2V4YW1wbGUuY29tIiwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjIwMTUwMDAwMDB9.⟪[A-Za-z0-9_-]{43}⟫`,
			`eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOi⟪[A-Za-z0-9_-]{80}\.[A-Za-z0-9_-]{43}⟫`, `eyJpc3MiOi⟪[A-Za-z0-9_-]{80}⟫`},
	}, {
		ID:          "copilot-session-token",
		Description: "A GitHub Copilot session token: whoever has it spends its owner's subscription for half an hour.",
		Keywords:    []string{"tid="},
		Regex:       token(`tid=[0-9a-f]{32};[A-Za-z0-9_.:;=-]{20,500}:[0-9a-f]{64}`),
		accept:      tokenEnds,
		rank:        rankShape,
		sample:      `tid=[0-9a-f]{32};exp=1893456000;sku=copilot_individual;proxy-ep=proxy\.test;8kp=1:[0-9a-f]{64}`,
		yes:         []string{`"token":"§"`, `Authorization: Bearer §`, `got §, expires soon`},
		no:          []string{`tid=⟪[0-9a-f]{32}⟫`, `tid=42;exp=1`, `tid=⟪[0-9a-f]{32}⟫;exp=1893456000;sku=copilot_individual`},
	}}
}
