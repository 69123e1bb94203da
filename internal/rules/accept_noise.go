package rules

import "strings"

// isMadeUp reports whether a person, not a generator, wrote the token: one character
// over and over, the alphabet, a word again and again. In a token of twenty random
// characters none of these happens in a lifetime of scans.
func isMadeUp(token string) bool {
	return longestRun(token, 0) >= 6 || longestRun(token, 1) >= 11 || isPeriodic(token, 10) ||
		strings.Contains(token, "EXAMPLE") || strings.Contains(token, "example")
}

// longestRun returns the length of the longest run in which every character is the
// one before plus step; 0 follows 9.
func longestRun(text string, step byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		follows := i > 0 && (text[i] == text[i-1]+step || step == 1 && text[i-1] == '9' && text[i] == '0')
		if !follows {
			run = 0
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// isPeriodic reports whether the last 24 characters repeat something of that length at most.
func isPeriodic(text string, longest int) bool {
	if len(text) < 24 {
		return false
	}
	tail := text[len(text)-24:]
	for period := 1; period <= longest; period++ {
		if tail[period:] == tail[:len(tail)-period] {
			return true
		}
	}
	return false
}

// isMixed reports whether value has digits as well as letters.
func isMixed(value string) bool {
	digits, letters := 0, 0
	for i := range len(value) {
		switch {
		case isDigit(value[i]):
			digits++
		case isAlphanumeric(value[i]):
			letters++
		}
	}
	return digits > 0 && letters > 0
}

// isWords reports whether value consists of words as people and programs write them:
// process.env.API_KEY2, my-key-2024, tokenFromV2. A word is letters with at most four
// digits behind; capitals within are rarer than in noise.
func isWords(value string) bool {
	for _, word := range strings.FieldsFunc(value, func(char rune) bool { return char < 0x80 && !isAlphanumeric(byte(char)) }) {
		letters := strings.TrimRight(word, "0123456789")
		if len(word)-len(letters) > 4 || strings.ContainsAny(letters, "0123456789") || len(letters) > 24 || turns(letters) > len(letters)/4 {
			return false
		}
	}
	return true
}

// turns returns how often a capital follows a small letter.
func turns(letters string) int {
	count := 0
	for i := 1; i < len(letters); i++ {
		if isUpper(letters[i]) && isLower(letters[i-1]) {
			count++
		}
	}
	return count
}

// isUUID reports whether value has the form of a UUID: an identifier, as a rule.
func isUUID(value string) bool {
	if len(value) != 36 {
		return false
	}
	for i := range len(value) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (value[i] == '-') || !dash && !isHex(value[i]) {
			return false
		}
	}
	return true
}

func isHex(char byte) bool { return isDigit(char) || 'a' <= char|0x20 && char|0x20 <= 'f' }
