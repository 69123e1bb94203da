package rules

// assignmentShapes returns the rules for a value given to a name that promises a
// secret. Gitleaks has one such rule, which wants noise and knows 1,400 words that
// must not be in it; these want a form instead.
func assignmentShapes() []shapeRule {
	return []shapeRule{{
		ID:          "env-secret",
		Description: "The value of an environment variable whose name says that it is a secret.",
		Keywords:    []string{"key", "token", "secret", "pass", "credential"},
		Regex: `(?:^|[^A-Za-z0-9_?&#])(?:[A-Z][A-Z0-9_]{0,48}|)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|CREDENTIALS?)["'` + "`" + `]?[ \t]{0,4}[:=][ \t]{0,4}` +
			`(?:"([^"\s\\]{12,250})"|'([^'\s\\]{12,250})'|([^\s"'` + "`" + `,;&|<>(){}\[\]\\]{12,250}))`,
		accept: envSecret,
		rank:   rankContext,
		sample: `[a-z]{6}[A-Z]{4}[0-9]{3}[a-zA-Z0-9]{9}|[0-9a-f]{32}`,
		yes: []string{`MY_SERVICE_TOKEN=§`, `export DB_PASSWORD="§"`, "A=1\nHOOK_SECRET=§\nB=2", `-e SOME_API_KEY=§ image`, `"VENDOR_API_KEY": "§",`, `ADMIN_KEY: '§'`,
			`env: SOME_TOKEN=§, OTHER=1`},
		no: []string{`MY_TOKEN=$OTHER_TOKEN_2`, `MY_TOKEN=${OTHER_TOKEN_2}`, `API_KEY=your-api-key-here-123`, `PUBLIC_KEY=§`, `MAX_TOKENS=100000000000`, `SESSION_KEY=agent:main:main:2024`,
			`API_KEY=process.env.OPENAI_API_KEY2`, `SSH_KEY=/home/user/.ssh/id_ed25519`, `TOKEN_URL=https://a.test/v1/token2`, `API_TOKEN=https://a.test/v1/token2`, `API_KEY=short1`, `MONKEY=§`, `API_KEY=my-project-key-2024`,
			`X_TOKEN=⟪[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}⟫`, `API_KEY=xxxxxxxxxxxxxxxx1`, `API_KEY=getSecret("name-of-it-2")`,
			`API_KEY="⟪[a-z]{6}⟫...⟪[a-z]{4}[0-9]{4}⟫"`},
	}, {
		ID:          "password-field",
		Description: "A password in a field or variable whose name says so.",
		Keywords:    []string{"pass", "secret", "token"},
		Regex: `(?i:passw(?:or|)d|passphrase|secret|token)["'` + "`" + `]{0,2}[ \t]{0,4}(?::=|=>|[:=])[ \t]{0,4}` +
			`(?:"([^"\s\\]{10,100})"|'([^'\s\\]{10,100})')`,
		accept: strongPassword,
		rank:   rankContext,
		sample: `[a-zA-Z]{6}[0-9]{3}[!#%?*+~^@]{2}[a-zA-Z0-9]{6}`,
		yes:    []string{`const adminPassword = "§";`, `{"provider":"x","adminPassword":"§","a":1}`, "  adminPassword: \"§\"\n", `client_secret => '§'`},
		no: []string{`"password": "⟪[a-z]{6} [a-z]{6}#1A⟫"`, `"password": "${⟪[A-Z]{6}⟫_1#a}"`, `"token": "https://a.test/#a1"`, `"password": "⟪[a-zA-Z]{12}⟫"`,
			`"csrfToken": "§"`, `"passwordHint": "§"`, `"token": "/a/b1#c⟪[a-z]{6}⟫"`, `password: "{{ .Values.a1 }}#xyz"`, `"password":"****#a1b2c3d4"`},
	}, {
		ID:          "hex-token-field",
		Description: "A long hexadecimal number in a field whose name says that it is a secret.",
		Keywords:    []string{"token", "secret", "password", "key"},
		Regex: `(?:[A-Za-z0-9](?:Token|Password|ApiKey|APIKey|_token|_password)|api_key|(?:client|app|webhook)_?[Ss]ecret)["'` + "`" + `]?[ \t]{0,4}[:=][ \t]{0,4}["'` + "`" + `]?` +
			`([0-9a-f]{32,128})`,
		accept: hexField,
		rank:   rankContext,
		sample: `[0-9a-f]{48}`,
		yes:    []string{`"gatewayToken":"§"`, `controlToken: "§",`, `hook_token=§)`, `const clientSecret = '§';`},
		no: []string{
			`"nextPageToken":"§"`, `"gatewayToken":"⟪[0-9a-f]{31}⟫"`, `"gatewayToken":"⟪[0-9a-f]{129}⟫"`, `"shared_secret":"§"`, `"tokenHash":"§"`,
			`"gatewayToken":"⟪0{48}⟫"`, `public_key = §`, `cache_key: §`,
		},
	}}
}
