package rules

// keyShapes returns the rules for private keys that gitleaks' own rule, which wants a
// whole PEM block, does not see.
func keyShapes() []shapeRule {
	return []shapeRule{{
		ID:          "private-key-start",
		Description: "The first lines of a private key whose end is cut off: with some kinds of keys that is enough to have it.",
		Keywords:    []string{"private key"},
		// Without header lines before the text: a key that has them is encrypted, and of no
		// use in part. A backslash and a letter is a line break in JSON.
		Regex:  `(-----BEGIN (?:[A-Z0-9]{2,12} |)PRIVATE KEY(?: BLOCK|)-----(?:[ \t\r\n]|\\[nr]){1,12}(?:[A-Za-z0-9+/=\r\n]|\\[nr]){64,})`,
		accept: keyText,
		rank:   rankShape,
		sample: "-----BEGIN (?:RSA |EC |OPENSSH |)PRIVATE " + "KEY-----\n[A-Za-z0-9+/]{64}\n[A-Za-z0-9+/]{40}",
		yes:    []string{`cut off: "§…"`, "$ head -3 id_rsa\n§ $", `"privateKey": "§"`, `§[truncated]`},
		no: []string{"-----BEGIN PRIVATE " + "KEY-----\n...\n-----END PRIVATE " + "KEY-----", "-----BEGIN PUBLIC " + "KEY-----\n⟪[A-Za-z0-9+/]{200}⟫",
			"-----BEGIN PRIVATE " + "KEY-----\n⟪x{200}⟫", "-----BEGIN RSA PRIVATE " + "KEY-----\n⟪[A-Za-z]{20}⟫"},
	}}
}
