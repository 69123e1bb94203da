package rules

import "strings"

// meantHeader is [meant] for the token of a header: a name in capitals stands for one.
func meantHeader(text string, start, end int) bool {
	value := strings.TrimRight(text[start:end], ".")
	return meant(text, start, end) && !isVariableName(strings.ReplaceAll(value, "-", "_")) && !isElided(value) && !isStandardExample(value)
}

// meantQuery is [meant] for the value in a query, which must not hold a piece of a
// program that builds the URL.
func meantQuery(text string, start, end int) bool {
	value := text[start:end]
	return meant(text, start, end) && !strings.ContainsAny(value, "${}*") && !isVariableName(value) && !isShortWord(value) &&
		(isPasswordName(nameBefore(text, start)) || !isWords(value)) && !isStandardExample(value)
}

// isShortWord reports whether value is a word of small letters: what logs are full of.
func isShortWord(value string) bool {
	return len(value) < 12 && strings.Trim(value, "abcdefghijklmnopqrstuvwxyz") == ""
}

// isPasswordName reports whether a value of that name may well be words.
func isPasswordName(name string) bool { return strings.Contains(strings.ToLower(name), "pass") }

// isStandardExample reports whether value is a token that the standards of OAuth show
// (RFC 6749 and 6750, OpenID Connect Core), and every manual after them.
func isStandardExample(value string) bool {
	switch value {
	case "2YotnFZFEjr1zCsicMWpAA", "mF_9.B5f-4.1JqM", "SlAV32hkKG", "h480djs93hd8", "tGzv3JOkF0XG5Qx2TlKWIA",
		"SplxlOBeZQQYbYS6WxSbIA", "czZCaGRSa3F0MzpnWDFmQmF0M2JW", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "YWxhZGRpbjpvcGVuc2VzYW1l":
		return true
	}
	return false
}

// urlPassword is [meant] for a password in a URL, which manuals show in capitals or
// with a letter or three. One that is the name of its user keeps nobody out.
func urlPassword(text string, start, end int) bool {
	value := text[start:end]
	return len(value) > 3 && meant(text, start, end) && !isVariableName(value) && !strings.ContainsAny(value, "${}<>|") &&
		!strings.HasSuffix(text[:start], "://"+value+":")
}

// meantValue reports whether the value behind a name that promises a secret is one:
// noise, and nothing that a program or a person writes in words.
func meantValue(text string, start, end int) bool {
	value := text[start:end]
	return isProtective(text, start, end) && !isWords(value)
}

// isProtective reports whether the value could keep somebody out, and does not say
// where the secret is instead.
func isProtective(text string, start, end int) bool {
	value := text[start:end]
	return meant(text, start, end) && isMixed(value) && !isMadeUp(value) && !isUUID(value) && !isPlace(value)
}

// isPlace reports whether value says where something is: a path, a URL, a variable.
func isPlace(value string) bool {
	return strings.Contains(value, "://") || strings.HasPrefix(value, "/") || strings.HasPrefix(value, "~") ||
		strings.HasPrefix(value, ".") || strings.HasPrefix(value, "$") || strings.HasPrefix(value, "@") || strings.Contains(value, "...")
}

// envSecret is [meantValue] behind a variable whose name is that of a secret; only a
// password may be words.
func envSecret(text string, start, end int) bool {
	if end < len(text) && (text[end] == '(' || text[end] == '[' || text[end] == '{') {
		return false // a call, an element, an expression
	}
	name := nameBefore(text, start)
	if !SecretKey(name) {
		return false
	}
	if isPasswordName(name) {
		return isProtective(text, start, end)
	}
	return meantValue(text, start, end)
}

// strongPassword is [isProtective] for a value with a character that no identifier has: what
// consists of letters and digits alone is another rule's.
func strongPassword(text string, start, end int) bool {
	value := text[start:end]
	special := strings.ContainsFunc(value, func(char rune) bool {
		return char >= 0x80 || !isAlphanumeric(byte(char)) && !strings.ContainsRune("_.-=/:", char)
	})
	return special && SecretKey(nameBefore(text, start)) && isProtective(text, start, end) &&
		!strings.ContainsAny(value, "<>{}()[]|;,") && !strings.Contains(value, "${")
}

// hexField is [issuedMixed] behind a field whose name is that of a secret. Names in
// capitals are another rule's, and so are headers.
func hexField(text string, start, end int) bool {
	name := nameBefore(text, start)
	return !isCapitals(name) && !strings.Contains(name, "-") && SecretKey(name) && issuedMixed(text, start, end)
}

// nameBefore returns the name that the value at start is given to: name=, "name": ",
// name = '.
func nameBefore(text string, start int) string {
	end := len(strings.TrimRight(text[:start], " \t:=>\"'`\\"))
	begin := end
	for begin > 0 && (isAlphanumeric(text[begin-1]) || text[begin-1] == '_' || text[begin-1] == '-') && end-begin < 64 {
		begin--
	}
	return text[begin:end]
}
