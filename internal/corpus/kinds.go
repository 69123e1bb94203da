package corpus

import (
	"fmt"
	"math"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// kind is one kind of secret.
type kind struct {
	name string
	rule bool   // gitleaks knows it by its look
	env  string // the variable that people keep it in
	make func(r noise) string
	// contexts are the names of those it is planted in.
	contexts []string
	// url is what stands in the query contexts instead of a query, with a %s.
	url string
	// around is what stands around it in every context, with a %s.
	around string
}

// value returns secret number n of the kind. Rules want some entropy, which a random
// value lacks now and then.
func (k kind) value(seed uint64, n int) string {
	for try := uint64(0); ; try++ {
		var value string
		if k.make != nil {
			value = k.make(newNoise(seed^uint64(n)<<32, try))
		} else {
			value = fixture.Secret(seed, k.name, fmt.Sprint("corpus ", n, try))
		}
		if entropy(value) >= 3.6 {
			return value
		}
	}
}

// entropy is Shannon's, in bits a character.
func entropy(text string) float64 {
	var counts [256]int
	for i := range len(text) {
		counts[text[i]]++
	}
	var bits float64
	for _, count := range counts {
		if count > 0 {
			p := float64(count) / float64(len(text))
			bits -= float64(p * math.Log2(p)) // not fused, so that all machines agree
		}
	}
	return bits
}

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alnum  = digits + lower + upper
)

// token returns what makes a prefix and n characters of alphabet.
func token(prefix string, n int, alphabet string) func(noise) string {
	return func(r noise) string { return prefix + r.text(n, alphabet) }
}

// text returns n characters of any alphabet.
func (r noise) text(n int, alphabet string) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[r.below(len(alphabet))]
	}
	return string(text)
}

func slackUser(r noise) string {
	id := func() string { return "-1" + r.text(11, digits) }
	return "xoxp" + id() + id() + id() + "-" + r.text(32, hexDigits)
}

var (
	everywhere = []string{"prose", "export", "dotenv", "json", "json in json", "header", "query", "escaped query",
		"alone", "source", "yaml", "backticks", "tab", "userinfo", "base64", "shell json"}
	// named are the contexts in which a name says that a random text is a secret. Nothing
	// says so of one in backticks: no scanner is expected to find that.
	named  = []string{"export", "dotenv", "json", "json in json", "query", "source", "yaml", "base64", "shell json", "backticks"}
	quotes = []string{"export", "dotenv", "json", "json in json", "source", "yaml", "base64", "shell json"}
	urls   = []string{"prose", "export", "dotenv", "json", "json in json", "alone", "source", "yaml", "backticks", "tab", "base64", "shell json"}
	noURL  = []string{"prose", "export", "dotenv", "json", "json in json", "header", "query", "escaped query",
		"alone", "source", "yaml", "backticks", "tab", "base64", "shell json"}
	armour = []string{"pem", "json", "json in json", "dotenv", "base64"}
)

// kinds are 31 of providers, then a private key, the password of a database, and two that
// only their surroundings tell. Those without make come from package fixture.
var kinds = []kind{
	{name: "anthropic", rule: true, env: "ANTHROPIC_API_KEY", contexts: everywhere},
	{name: "openai", rule: true, env: "OPENAI_API_KEY", contexts: everywhere},
	{name: "github", rule: true, env: "GITHUB_TOKEN", contexts: everywhere},
	{name: "github-fine-grained", rule: true, env: "GH_TOKEN", contexts: everywhere, make: token("github_pat_", 82, alnum)},
	{name: "github-oauth", rule: true, env: "GITHUB_OAUTH_TOKEN", contexts: everywhere},
	{name: "slack-bot", rule: true, env: "SLACK_BOT_TOKEN", contexts: everywhere},
	{name: "slack-app", rule: true, env: "SLACK_APP_TOKEN", contexts: everywhere},
	{name: "slack-user", rule: true, env: "SLACK_USER_TOKEN", contexts: everywhere, make: slackUser},
	{name: "aws", rule: true, env: "AWS_ACCESS_KEY_ID", contexts: everywhere, make: token("AKIA", 16, upper+"234567")},
	{name: "google", rule: true, env: "GEMINI_API_KEY", contexts: everywhere},
	{name: "huggingface", rule: true, env: "HF_TOKEN", contexts: everywhere, make: token("hf_", 34, lower+upper)},
	{name: "npm", rule: true, env: "NPM_TOKEN", contexts: everywhere, make: token("npm_", 36, alnum)},
	{name: "pypi", rule: true, env: "PYPI_TOKEN", contexts: everywhere, make: token("pypi-"+"AgEIcHlwaS5vcmc", 120, alnum+"-_")},
	{name: "stripe", rule: true, env: "STRIPE_SECRET_KEY", contexts: everywhere, make: token("sk_"+"live_", 24, alnum)},
	{name: "sendgrid", rule: true, env: "SENDGRID_API_KEY", contexts: everywhere, make: token("SG.", 66, alnum)},
	{name: "twilio-key", rule: true, env: "TWILIO_API_KEY", contexts: everywhere, make: token("SK", 32, hexDigits)},
	{name: "perplexity", rule: true, env: "PERPLEXITY_API_KEY", contexts: everywhere},
	{name: "linear", rule: true, env: "LINEAR_API_KEY", contexts: everywhere, make: token("lin_api_", 40, alnum)},
	{name: "notion", rule: true, env: "NOTION_API_KEY", contexts: everywhere},
	{name: "digitalocean", rule: true, env: "DIGITALOCEAN_TOKEN", contexts: everywhere, make: token("dop_v1_", 64, hexDigits)},
	{name: "gitlab", rule: true, env: "GITLAB_TOKEN", contexts: everywhere, make: token("glpat-", 20, alnum+"-_")},
	{name: "databricks", rule: true, env: "DATABRICKS_TOKEN", contexts: everywhere, make: token("dapi", 32, hexDigits)},
	{name: "shopify", rule: true, env: "SHOPIFY_ACCESS_TOKEN", contexts: everywhere, make: token("shpat_", 32, hexDigits)},

	{name: "anthropic-oauth", env: "ANTHROPIC_OAUTH_TOKEN", contexts: everywhere},
	{name: "openrouter", env: "OPENROUTER_API_KEY", contexts: everywhere},
	{name: "groq", env: "GROQ_API_KEY", contexts: everywhere},
	{name: "xai", env: "XAI_API_KEY", contexts: everywhere, make: token("xai-", 80, alnum)},
	{name: "discord", env: "DISCORD_BOT_TOKEN", contexts: everywhere},
	{name: "telegram", env: "BOT_TOKEN", contexts: noURL, url: "https://api.telegram.org/bot%s/getMe?timeout=5"},
	{name: "brave", env: "BRAVE_API_KEY", contexts: named},
	{name: "elevenlabs", env: "ELEVENLABS_API_KEY", contexts: named},

	{name: "pem", rule: true, env: "SSH_PRIVATE_KEY", contexts: armour},
	{name: "url-password", env: "DATABASE_URL", contexts: urls, around: "postgres://app:%s@db.internal:5432/app"},
	{name: "hex", env: "GATEWAY_TOKEN", contexts: named},
	{name: "password", env: "ADMIN_PASSWORD", contexts: quotes},
}
