package rules

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// telegramToken reports whether the token is not the one of Telegram's own manual,
// and whole.
func telegramToken(text string, start, end int) bool {
	bot, _, _ := strings.Cut(text[start:end], ":")
	return issued(text, start, end) && bot != "110201543" && longestRun(bot, 1) < len(bot)
}

// discordToken reports whether the text before the first dot is a Discord number in
// base64, which no other kind of token has there.
func discordToken(text string, start, end int) bool {
	if !issued(text, start, end) {
		return false
	}
	head, _, _ := strings.Cut(text[start:end], ".")
	number, err := base64.RawStdEncoding.DecodeString(head)
	if err != nil {
		return false
	}
	for _, digit := range number {
		if !isDigit(digit) {
			return false
		}
	}
	return true
}

// claims is what the rules look at in a JSON Web Token.
type claims struct {
	Algorithm string `json:"alg"`
	Issuer    string `json:"iss"`
	Name      string `json:"name"`
	IssuedAt  int64  `json:"iat"`
	Expires   int64  `json:"exp"`
}

// webToken reports whether the token is a signed JSON Web Token. The one that manuals
// show is John Doe's.
func webToken(text string, start, end int) bool {
	header, payload, ok := webTokenParts(text, start, end)
	return ok && header.Algorithm != "" && header.Algorithm != "none" && payload.Name != "John Doe" &&
		!payload.isHomeAssistant()
}

// homeAssistantToken reports whether the token is one that Home Assistant issues.
func homeAssistantToken(text string, start, end int) bool {
	header, payload, ok := webTokenParts(text, start, end)
	return ok && header.Algorithm == "HS256" && payload.isHomeAssistant()
}

// isHomeAssistant reports whether the issuer is a refresh token's number, which is 16
// bytes in hexadecimal digits.
func (c claims) isHomeAssistant() bool {
	return len(c.Issuer) == 32 && strings.Trim(c.Issuer, "0123456789abcdef") == "" && c.IssuedAt > 0 && c.Expires > c.IssuedAt
}

func webTokenParts(text string, start, end int) (header, payload claims, ok bool) {
	if !tokenEnds(text, start, end) {
		return header, payload, false
	}
	parts := strings.Split(text[start:end], ".")
	if len(parts) != 3 {
		return header, payload, false
	}
	return header, payload, decodeJSON(parts[0], &header) && decodeJSON(parts[1], &payload)
}

// decodeJSON decodes an object in base64. A member of another type than expected is
// none of ours.
func decodeJSON(encoded string, into *claims) bool {
	decoded, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !json.Valid(decoded) {
		return false
	}
	var wrongType *json.UnmarshalTypeError
	err = json.Unmarshal(decoded, into)
	return err == nil || errors.As(err, &wrongType)
}

// basicPassword reports whether the text is name:password in base64, and the password
// one that somebody meant.
func basicPassword(text string, start, end int) bool {
	if !base64Ends(text, start, end) || isStandardExample(text[start:end]) {
		return false
	}
	decoded, err := base64.StdEncoding.DecodeString(text[start:end])
	if err != nil {
		return false
	}
	for _, char := range decoded {
		if char < ' ' || char > '~' {
			return false
		}
	}
	_, password, found := strings.Cut(string(decoded), ":")
	return found && len(password) >= 4 && meant(password, 0, len(password))
}
