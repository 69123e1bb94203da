package rules

// googleShapes returns the rules for Google's credentials. The key of a service
// account is a PEM block in JSON, which gitleaks' rule for private keys finds.
func googleShapes() []shapeRule {
	return []shapeRule{{
		ID:          "google-api-key",
		Description: "A Google API key: whoever has it spends its owner's credit, with Gemini, Maps and others.",
		Keywords:    []string{"aiza", "aq.ab8rn6"},
		Regex:       token(`AIza[A-Za-z0-9_-]{35}|AQ\.Ab8RN6[A-Za-z0-9_-]{40,60}`),
		accept:      mixedCase,
		rank:        rankShape,
		sample:      `AIza[A-Za-z0-9_-]{35}|AQ\.Ab8RN6[A-Za-z0-9_-]{44}`,
		yes:         []string{`§`, `https://example.com/v1?key=§&alt=sse`, `GEMINI_API_KEY=§`},
		no:          []string{`AIza...`, `AIzaSy⟪X{33}⟫`, `AIza⟪[A-Za-z0-9_-]{34}⟫`, `AIza⟪[A-Za-z0-9_-]{36}⟫`, `AIzaSyAbCd…wxyz`},
	}, {
		ID:          "google-client-secret",
		Description: "The secret of a Google OAuth client: whoever has it poses as the application.",
		Keywords:    []string{"gocspx-"},
		Regex:       token(`GOCSPX-[A-Za-z0-9_-]{28}`),
		accept:      issued,
		rank:        rankShape,
		yes:         []string{`§`, `"client_secret":"§","redirect_uris":["http://localhost"]`, `GOOGLE_CLIENT_SECRET=§`},
		no:          []string{`GOCSPX-...`, `GOCSPX-⟪x{28}⟫`, `GOCSPX-⟪[A-Za-z0-9]{20}⟫`, `GOCSPX-⟪[A-Za-z0-9]{29}⟫`},
	}, {
		ID:          "google-refresh-token",
		Description: "A Google OAuth refresh token: whoever has it gets new access tokens until the login is revoked.",
		Keywords:    []string{"1//0"},
		Regex:       token(`1//0[A-Za-z0-9_-]{60,200}`),
		accept:      issuedMixed,
		rank:        rankShape,
		sample:      `1//0[0-9][A-Za-z0-9_-]{98}`,
		yes:         []string{`§`, `"refresh_token": "§",`, `&refresh_token=§&`},
		no:          []string{`1//0...`, `1//0⟪[a-z]{20}⟫`, `⟪[a-z]{4}⟫1//0⟪[A-Za-z0-9]{98}⟫`, `1//0⟪x{98}⟫`},
	}, {
		ID:          "google-access-token",
		Description: "A Google OAuth access token: whoever has it acts as its owner for an hour.",
		Keywords:    []string{"ya29."},
		Regex:       token(`ya29\.[A-Za-z0-9_-]{60,}`),
		accept:      issuedMixed,
		rank:        rankShape,
		sample:      `ya29\.a0A[A-Za-z0-9_-]{200}`,
		yes:         []string{`§`, `Authorization: Bearer §`, `"access_token":"§","expires_in":3599`},
		no:          []string{`ya29.`, `ya29.⟪[a-z]{12}⟫`, `ya29.⟪x{100}⟫`, `kya29.⟪[A-Za-z0-9]{100}⟫`},
	}}
}
