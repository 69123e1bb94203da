package rules

import "strings"

// tokenEnds reports whether the token ends at end: what follows is no character
// that would make it longer.
func tokenEnds(text string, _, end int) bool {
	if end == len(text) {
		return true
	}
	next := text[end]
	return !isAlphanumeric(next) && next != '_' && next != '-'
}

// base64Ends is [tokenEnds] for a token in base64.
func base64Ends(text string, start, end int) bool {
	return tokenEnds(text, start, end) && (end == len(text) || !strings.ContainsRune("+/=", rune(text[end])))
}

// issued reports whether the token is whole and somebody could have been given it: it
// is not one that a manual shows.
func issued(text string, start, end int) bool {
	return tokenEnds(text, start, end) && isIssued(text[start:end])
}

// issuedMixed is [issued] for a token without an unmistakable form: it has to have
// both digits and letters, which few names have that long, and no order at all.
func issuedMixed(text string, start, end int) bool {
	value := text[start:end]
	return issued(text, start, end) && isMixed(value) && !isPeriodic(value, 16)
}

// issuedBase64 is [issued] for a token in base64.
func issuedBase64(text string, start, end int) bool {
	return base64Ends(text, start, end) && isIssued(text[start:end])
}

func isIssued(token string) bool { return Weak(token, 0) == None && !isMadeUp(token) }

// meant reports whether the secret is one that somebody meant: no placeholder,
// nothing that is masked already, and no variable of a shell or template.
func meant(text string, start, end int) bool {
	value := text[start:end]
	return Weak(value, 0) == None && !isVariable(value)
}

// isVariable reports whether value is nothing but the name of a variable, as a
// shell, a template or a format string writes it.
func isVariable(value string) bool {
	for _, marks := range [...][2]string{{"${", "}"}, {"$(", ")"}, {"{", "}"}, {"%7B", "%7D"}} {
		if len(value) > len(marks[0])+len(marks[1]) &&
			strings.HasPrefix(value, marks[0]) && strings.HasSuffix(value, marks[1]) {
			return true
		}
	}
	if name, ok := strings.CutPrefix(value, "%"); ok {
		name, ok = strings.CutSuffix(name, "%")
		return ok && isVariableName(name) || name == "s" || name == "v" || name == "q"
	}
	name, ok := strings.CutPrefix(value, "$")
	return ok && isVariableName(name)
}

// isVariableName reports whether name is in the capitals that the names of
// variables are in. Small letters are not enough: "$ecret" is a password.
func isVariableName(name string) bool {
	for i := range len(name) {
		if char := name[i]; char != '_' && !isUpper(char) && (i == 0 || !isDigit(char)) {
			return false
		}
	}
	return name != ""
}

func isDigit(char byte) bool { return '0' <= char && char <= '9' }

func isUpper(char byte) bool { return 'A' <= char && char <= 'Z' }

func isLower(char byte) bool { return 'a' <= char && char <= 'z' }

func isAlphanumeric(char byte) bool { return isDigit(char) || isUpper(char) || isLower(char) }

// modelKey is [issuedMixed], but for keys that OpenAI issued, which are another rule's.
func modelKey(text string, start, end int) bool {
	return issuedMixed(text, start, end) && !strings.Contains(text[start:end], "T3BlbkFJ")
}

// mixedCase is [issued] for a token in which small letters, capitals and digits stand
// in no order; in thirty characters there may be no digit.
func mixedCase(text string, start, end int) bool {
	value := text[start:end]
	return issued(text, start, end) && bothCases(value) && (isMixed(value) || turns(value) > len(value)/8)
}

func bothCases(value string) bool {
	return strings.ToLower(value) != value && strings.ToUpper(value) != value
}

// mixedLetters is [issued] for a token whose body need not have a digit: it has to
// have both small and capital letters.
func mixedLetters(text string, start, end int) bool {
	_, body, _ := strings.Cut(text[start:end], "_")
	return issued(text, start, end) && bothCases(body)
}

// awsSecret is [issuedBase64] for forty characters behind a name: forty hexadecimal
// digits are a hash, and no secret is without digits or in one letter case.
func awsSecret(text string, start, end int) bool {
	value := text[start:end]
	return issuedBase64(text, start, end) && isMixed(value) && bothCases(value)
}

// keyText reports whether the text of a key is long enough, and none that a manual shows.
func keyText(text string, start, end int) bool {
	body := text[start:end]
	if _, behind, found := strings.Cut(body, "KEY-----"); found {
		body = behind
	}
	return len(body) >= 64 && !isMadeUp(strings.TrimRight(body, "=\\nr\r\n"))
}

// veniceKey is [mixedCase], but for keys whose prefix makes them another rule's.
func veniceKey(text string, start, end int) bool {
	return mixedCase(text, start, end) && !strings.HasPrefix(text[start:end], "VENICE")
}
