package rules

import (
	"strings"
	"unicode"
)

// SecretKey reports whether a key with that name looks like it holds a secret:
// botToken, API_KEY, x-api-key, clientSecret. It is false for names that only speak
// about a secret: tokenFile, maxTokens, apiKeyEnv, publicKey.
//
// It judges the name alone. Names that hold a secret in one place and something
// harmless in another, such as key or code, are false: the path decides about those.
func SecretKey(name string) bool {
	words := splitWords(name)
	if len(words) == 0 || asksQuestion(words) {
		return false
	}
	for i := range words {
		length := secretNoun(words[i:], i > 0)
		if length == 0 || i > 0 && harmless(words[i-1]) {
			continue
		}
		if !anyWord(words[i+length:], speaksAbout) {
			return true
		}
	}
	return isCapitals(name) && isProviderKey(words)
}

// secretNoun returns how many of the words, from the first on, name a secret: 0, 1 or 2.
// Some words do so only as the end of a longer name.
func secretNoun(words []string, follows bool) int {
	switch words[0] {
	case "token", "password", "passwords", "passwd", "passphrase", "passcode", "secret", "secrets",
		"credential", "credentials", "creds", "authorization", "bearer", "cookie", "jwt", "psk", "mnemonic":
		return 1
	case "pass", "pwd": // alone a verdict and a directory
		if follows {
			return 1
		}
	}
	if len(words) > 1 && isSecretPair(words[0], words[1]) {
		return 2
	}
	return 0
}

// isSecretPair reports whether two words together name a secret.
func isSecretPair(first, second string) bool {
	switch second {
	case "key", "keys":
		switch first {
		case "access", "account", "admin", "api", "app", "auth", "client", "consumer", "deploy", "encrypt",
			"encryption", "hmac", "license", "master", "private", "shared", "signing", "ssh", "storage",
			"subscription", "webhook":
			return true
		}
	case "tag", "code":
		return first == "auth"
	case "auth":
		return first == "basic"
	case "phrase":
		return first == "pass" || first == "recovery" || first == "seed"
	}
	return false
}

// speaksAbout reports whether a word behind a secret's name makes it the name of
// something else: where the secret is, how long, how many.
func speaksAbout(word string) bool {
	switch word {
	case "algorithm", "at", "before", "after", "budget", "bytes", "cmd", "command", "count", "created", "date",
		"description", "dir", "directory", "enabled", "endpoint", "endpoints", "env", "exists", "expiration",
		"expires", "expiry", "field", "file", "files", "filename", "fingerprint", "format", "hash", "header",
		"help", "hint", "id", "ids", "index", "issuer", "kind", "label", "length", "lifetime", "limit",
		"location", "manager", "max", "min", "mode", "name", "names", "only", "optional", "param", "path",
		"paths", "placeholder", "policy", "prefix", "provider", "readonly", "ref", "refs", "required",
		"rotation", "scope", "scopes", "service", "size", "source", "status", "store", "timeout", "timestamp",
		"title", "ttl", "type", "updated", "uri", "url", "urls", "usage", "valid", "var", "variable",
		"version":
		return true
	}
	return false
}

// harmless reports whether a word before a secret's name makes it no secret: marks
// of a place in a list, parts of a text, and what is public by its own name.
func harmless(word string) bool {
	switch word {
	case "bos", "cache", "cached", "cancel", "cancellation", "completion", "continuation", "csrf", "cursor", "design", "end",
		"eos", "first", "input", "last", "max", "min", "next", "output", "pad", "page", "per", "prev",
		"previous", "prompt", "public", "resume", "special", "start", "stop", "sync", "total", "unk", "xsrf":
		return true
	}
	return false
}

// asksQuestion reports whether the name is one of a switch: hasToken, requirePassword.
func asksQuestion(words []string) bool {
	if len(words) < 2 {
		return false
	}
	switch words[0] {
	case "allow", "ask", "can", "disable", "enable", "has", "have", "hide", "is", "needs", "no", "require",
		"requires", "should", "show", "skip", "use", "uses", "without":
		return true
	}
	return false
}

// isProviderKey reports whether the words, of a name in capitals, end in KEY behind
// something that can own one: GROQ_KEY, but not PRIMARY_KEY.
func isProviderKey(words []string) bool {
	last := len(words) - 1
	if last < 1 || words[last] != "key" {
		return false
	}
	switch words[last-1] {
	case "cache", "foreign", "host", "idempotency", "index", "lock", "object", "partition", "primary", "public",
		"registry", "session", "sort", "unique":
		return false
	}
	return true
}

func anyWord(words []string, is func(string) bool) bool {
	for _, word := range words {
		if is(word) {
			return true
		}
	}
	return false
}

// isCapitals reports whether name has no small letter.
func isCapitals(name string) bool { return strings.IndexFunc(name, unicode.IsLower) < 0 }

// splitWords returns the words of a name in lower case, whichever way the name
// marks them: botToken, BOT_TOKEN, bot-token, APIToken, bottoken. Digits are dropped.
func splitWords(name string) []string {
	var words []string
	runes := []rune(name)
	start := -1
	end := func(at int) {
		if start >= 0 {
			words = appendParts(words, strings.ToLower(string(runes[start:at])))
		}
		start = -1
	}
	for i, char := range runes {
		switch {
		case !unicode.IsLetter(char):
			end(i)
			continue
		case start < 0:
		case unicode.IsUpper(char) && !unicode.IsUpper(runes[i-1]):
			end(i)
		case unicode.IsUpper(char) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			end(i) // the last capital of APIToken opens the next word
		}
		if start < 0 {
			start = i
		}
	}
	end(len(runes))
	return words
}

// appendParts appends a word, split before the noun it ends in: authtoken becomes
// auth and token, apikey api and key.
func appendParts(words []string, word string) []string {
	for _, ending := range [...]string{
		"token", "password", "passwd", "passphrase", "secret", "credential", "credentials",
		"apikey", "apikeys", "accesskey", "privatekey", "publickey", "secretkey", "sshkey",
	} {
		head, ok := strings.CutSuffix(word, ending)
		if !ok {
			continue
		}
		if head != "" {
			words = append(words, head)
		}
		if owner, ok := strings.CutSuffix(ending, "key"); ok {
			return append(words, owner, "key")
		}
		if owner, ok := strings.CutSuffix(ending, "keys"); ok {
			return append(words, owner, "keys")
		}
		return append(words, ending)
	}
	return append(words, word)
}
