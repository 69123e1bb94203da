package rules

import "strings"

// amend returns what has a say beside gitleaks' own rule of that ID where ours run with it,
// nil if nothing has. Two of them take much for a secret that is none: in transcripts,
// nearly all that they find by mistake comes from them.
func amend(id string) func(text string, start, end int) bool {
	switch id {
	case "generic-api-key":
		return promising
	case "sourcegraph-access-token":
		return func(text string, start, end int) bool {
			// The third form is any 40 hexadecimal digits, as every commit has them.
			return strings.HasPrefix(strings.ToLower(text[start:end]), "sgp_")
		}
	}
	return nil
}

// promising reports whether a value that the generic rule has found stands under a name
// that promises a secret, as a whole: cache_key does not, nor does oauth2 in
// "golang.org/x/oauth2 v0.13.0 h1:…", nor the host of a URL. The rule is content with the
// word anywhere within twenty characters.
func promising(text string, start, end int) bool {
	value := text[start:end]
	before := strings.TrimRight(text[:start], " \t\"'`")
	if strings.HasSuffix(before, "\n") {
		return false // NAME= with nothing behind it, and the next line
	}
	return !isUUID(value) && !isPlace(value) && !isAssignment(value) && promisingName(text[:start])
}

// isAssignment reports whether value is itself a name with its value: A_NAME=value.
func isAssignment(value string) bool {
	name, _, ok := strings.Cut(value, "=")
	return ok && isVariableName(name)
}

// promisingName reports whether text ends with the name of a secret, behind which only the
// marks of an assignment stand: api_key = ", api key: ", --token=, credentials.apiKey: .
func promisingName(text string) bool {
	const marks = " \t\r\n\"'`=:>|?,\\"
	text = strings.TrimRight(text, marks)
	name := lastName(text)
	if SecretKey(name) {
		return true
	}
	// In words: an API key is …; the access token for staging: …
	rest := strings.TrimRight(strings.TrimSuffix(text, name), " \t")
	for words := 0; words < 3 && rest != "" && name != ""; words++ {
		previous := lastName(rest)
		if SecretKey(previous) || SecretKey(previous+"_"+name) {
			return true
		}
		if previous == "" {
			return false
		}
		rest, name = strings.TrimRight(strings.TrimSuffix(rest, previous), " \t"), previous
	}
	return strings.EqualFold(lastName(text), "key") && !strings.HasSuffix(text, "."+lastName(text))
}

// lastName returns the letters, digits, underscores and dashes that text ends with.
func lastName(text string) string {
	begin := len(text)
	for begin > 0 && (isAlphanumeric(text[begin-1]) || text[begin-1] == '_' || text[begin-1] == '-') && len(text)-begin < 64 {
		begin--
	}
	return text[begin:]
}
