package rules

// The rules in this file know a place where a secret stands, whatever it looks like.

// headerShapes returns the rules for the headers of HTTP.
func headerShapes() []shapeRule {
	const quote = "[\\\\\"'`]{0,4}"
	return []shapeRule{{
		ID:          "authorization-header",
		Description: "A token in an Authorization header.",
		Keywords:    []string{"authorization"},
		Regex:       `(?i)authorization` + quote + `[ \t]{0,8}[:=][ \t]{0,8}` + quote + `(?:bearer|bot|token)[ \t]{1,8}([0-9a-z._~+/=-]{8,})`,
		accept:      meantHeader,
		rank:        rankContext,
		sample:      `[A-Za-z0-9]{24}`,
		yes: []string{
			`Authorization: Bearer §`, `"authorization": "Bearer §"`, `-H \"Authorization: Bearer §\"`, `AUTHORIZATION=bearer §`,
			`headers = { 'Authorization': 'Token §' }`,
		},
		no: []string{`Authorization: Bearer $⟪[A-Z]{6}_[A-Z]{5}⟫`, `Authorization: Bearer ${⟪[A-Z]{6}_[A-Z]{5}⟫}`,
			`Authorization: Bearer ⟪your-api-token|YOUR_TOKEN|xxxxxxxxxxxx|OAUTH-TOKEN|ACCESS_TOKEN⟫`,
			`Authorization: Bearer <⟪[a-z]{6}⟫>`, `Authorization: Bearer ⟪[a-z]{3,5}⟫`, `the Bearer §`, `Authorization: Bearer sk-ant…wxyz`, `Authorization: Bearer mF_9.B5f-4.1JqM`},
	}, {
		ID:          "basic-auth-header",
		Description: "A name and a password in an Authorization header.",
		Keywords:    []string{"authorization"},
		Regex:       `(?i)authorization` + quote + `[ \t]{0,8}[:=][ \t]{0,8}` + quote + `basic[ \t]{1,8}([0-9a-z+/]{8,400}={0,2})`,
		accept:      basicPassword,
		rank:        rankContext,
		// user:…, with a password of digits and letters.
		sample: `dXNlcjpw(?:Y[Tj]dr|ZDdr){4}`,
		yes:    []string{`Authorization: Basic §`, `"authorization":"Basic §"`, `curl -H 'Authorization: Basic §' https://a.test`},
		no: []string{`Authorization: Basic ⟪[A-Z]{12}⟫`, `Authorization: Basic realm`, `Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==`,
			// user:password
			`Authorization: Basic dXNlcjpwYXNzd29yZA==`},
	}, {
		ID:          "api-key-header",
		Description: "A key or token in a header made for it.",
		Keywords:    []string{"key", "token"},
		Regex: `(?i)(?:^|[^0-9a-z_-])(?:x-[a-z0-9-]{0,30}(?:key|token|secret)|xi-api-key|api-key|private-token|job-token)` + quote + `[ \t]{0,8}[:=][ \t]{0,8}` + quote +
			`([0-9a-z._~+/=-]{16,})`,
		accept: meantValue,
		rank:   rankContext,
		sample: `[A-Za-z0-9]{32}`,
		yes:    []string{`x-api-key: §`, `"X-Gateway-Token": "§"`, `-H 'api-key: §'`, `X-Subscription-Token: §,`},
		no: []string{
			`x-api-key: $API_KEY`, `x-api-key: YOUR_API_KEY_GOES_HERE`, `x-api-key: process.env.MY_API_KEY2`, `x-request-id: §`,
			`x-api-key-name: §`, `x-api-key: <key>`,
		},
	}}
}
