package corpus

import (
	"slices"
	"testing"

	"github.com/zricethezav/gitleaks/v8/detect"
)

// ruleOf says which rule of gitleaks must find a kind that is said to have one.
var ruleOf = map[string]string{
	"anthropic": "anthropic-api-key", "openai": "openai-api-key", "github": "github-pat",
	"github-fine-grained": "github-fine-grained-pat", "github-oauth": "github-oauth", "slack-bot": "slack-bot-token",
	"slack-app": "slack-app-token", "slack-user": "slack-user-token", "aws": "aws-access-token", "google": "gcp-api-key",
	"huggingface": "huggingface-access-token", "npm": "npm-access-token", "pypi": "pypi-upload-token",
	"stripe": "stripe-access-token", "sendgrid": "sendgrid-api-token", "twilio-key": "twilio-api-key",
	"perplexity": "perplexity-api-key", "linear": "linear-api-key", "notion": "notion-api-token",
	"digitalocean": "digitalocean-pat", "gitlab": "gitlab-pat", "databricks": "databricks-api-token",
	"shopify": "shopify-access-token", "pem": "private-key",
}

func TestKindsLookReal(t *testing.T) {
	detector, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		if want := ruleOf[k.name]; k.rule != (want != "") {
			t.Errorf("%s: has a rule of gitleaks is %v, the rule here is %q", k.name, k.rule, want)
		}
		for n := range 20 {
			var found []string
			for _, f := range detector.DetectString("value: \"" + k.value(1, n) + "\"\n") {
				found = append(found, f.RuleID)
			}
			if k.rule && !slices.Contains(found, ruleOf[k.name]) {
				t.Errorf("%s %d: found by %v, want %s", k.name, n, found, ruleOf[k.name])
			}
			if !k.rule && len(found) > 0 {
				t.Errorf("%s %d: found by %v, so it has a rule", k.name, n, found)
			}
		}
	}
}

func TestContextsExist(t *testing.T) {
	for _, k := range kinds {
		for _, name := range k.contexts {
			if contexts[name].write == nil {
				t.Errorf("%s: no context is named %s", k.name, name)
			}
		}
	}
}

func TestOfTheQuotedSizes(t *testing.T) {
	for _, want := range []Options{
		{Seed: 1, Bytes: 64 << 20, Files: 24, Secrets: 700},
		{Seed: 1, Bytes: 512 << 20, Files: 215, Secrets: 1400},
	} {
		if got := Of(want.Bytes); got != want {
			t.Errorf("Of(%d) is %+v, want %+v", want.Bytes, got, want)
		}
	}
}
