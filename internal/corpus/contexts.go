package corpus

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// host is the part of a transcript that a context belongs in.
type host int

const (
	inTalk    host = iota // what the user or the agent says
	inCommand             // what the agent runs
	inResult              // what a tool printed
)

// context is what stands around a secret.
type context struct {
	host  host
	write func(k kind, secret string) string
}

// inContext returns the text with the secret in that context, and where it goes.
func inContext(name string, k kind, value string) (string, host) {
	if k.around != "" {
		value = fmt.Sprintf(k.around, value)
	}
	c := contexts[name]
	return c.write(k, strings.TrimSpace(value)), c.host
}

var contexts = map[string]context{
	"prose": {inTalk, func(k kind, v string) string {
		return "By the way, the new " + k.name + " one is " + v + " and it works since this morning."
	}},
	"backticks": {inTalk, func(_ kind, v string) string { return "Use `" + v + "` for that, please." }},
	"export": {inCommand, func(k kind, v string) string {
		return "export " + k.env + "=" + shellQuoted(v) + " && npm run start"
	}},
	"header": {inCommand, func(k kind, v string) string {
		return `curl -sS -H "Authorization: Bearer ` + v + `" https://api.` + k.name + `.test/v1/models`
	}},
	"shell json": {inCommand, func(k kind, v string) string {
		return `curl -sS https://api.` + k.name + `.test/v1/config -d '` + object(k, v) + `'`
	}},
	"userinfo": {inCommand, func(_ kind, v string) string {
		return "git clone https://oauth2:" + v + "@git.example.com/sam/clawd.git"
	}},
	"dotenv": {inResult, func(k kind, v string) string {
		return "PORT=8080\n" + k.env + "=" + dotenvQuoted(v) + "\nLOG_LEVEL=info"
	}},
	"json": {inResult, object},
	"json in json": {inResult, func(k kind, v string) string {
		return `{"content":[{"type":"text","text":` + quote(object(k, v)) + `}],"isError":false}`
	}},
	"query":         {inResult, func(k kind, v string) string { return "GET " + k.query(v, "&") + " 200" }},
	"escaped query": {inResult, func(k kind, v string) string { return `{"url":"` + k.query(v, `\u0026`) + `","status":200}` }},
	"alone":         {inResult, func(_ kind, v string) string { return v }},
	"source": {inResult, func(k kind, v string) string {
		return "const " + k.field() + " = \"" + v + "\";\nexport default " + k.field() + ";"
	}},
	"yaml": {inResult, func(k kind, v string) string {
		return "providers:\n  " + k.name + ":\n    " + k.field() + ": " + yamlQuoted(v) + "\n    enabled: true"
	}},
	"tab": {inResult, func(k kind, v string) string { return k.name + "\t" + v + "\t2026-01-20" }},
	"base64": {inResult, func(k kind, v string) string {
		if slices.Contains(k.contexts, "alone") || k.name == "pem" {
			return "kind: Secret\ndata:\n  " + k.field() + ": " + base64.StdEncoding.EncodeToString([]byte(v))
		}
		file := k.env + "=" + dotenvQuoted(v) + "\n" // a random text needs its name
		return "kind: Secret\ndata:\n  .env: " + base64.StdEncoding.EncodeToString([]byte(file))
	}},
	"pem": {inResult, func(_ kind, v string) string { return v }},
}

func object(k kind, v string) string {
	return `{"provider":"` + k.name + `","` + k.field() + `":` + quote(v) + `,"enabled":true}`
}

// query returns a URL that hands the secret over, and one more thing behind separator.
func (k kind) query(v, separator string) string {
	if k.url != "" {
		return fmt.Sprintf(k.url, v)
	}
	name := "key"
	if strings.HasSuffix(k.env, "TOKEN") {
		name = "token"
	}
	return "https://api." + k.name + ".test/v1/stream?" + name + "=" + v + separator + "alt=sse"
}

// field returns the variable's name as a program would write it: GITHUB_TOKEN is githubToken.
func (k kind) field() string {
	words := strings.Split(strings.ToLower(k.env), "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// quote returns text as a JSON string, as JavaScript writes it.
func quote(text string) string {
	var quoted strings.Builder
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always has a JSON form
	return strings.TrimSuffix(quoted.String(), "\n")
}

// special are the characters that make people use quotes.
const special = " !#$%&*?~^=\n"

func shellQuoted(v string) string {
	if strings.ContainsAny(v, special) {
		return "'" + v + "'"
	}
	return v
}

func dotenvQuoted(v string) string {
	if strings.Contains(v, "\n") {
		return quote(v)
	}
	return shellQuoted(v)
}

func yamlQuoted(v string) string {
	if strings.ContainsAny(v, special) || strings.ContainsAny(v[:1], "-@%+") {
		return quote(v)
	}
	return v
}
