package gateway

import "strings"

// ProviderID normalises a provider's name as the product does
// (agents/model-selection.js).
func ProviderID(name string) string {
	switch id := strings.ToLower(strings.TrimSpace(name)); id {
	case "z.ai", "z-ai":
		return "zai"
	case "opencode-zen":
		return "opencode"
	case "qwen":
		return "qwen-portal"
	default:
		return id
	}
}

// ProviderVariables returns the variables that the product reads a provider's
// credential from, first wins (resolveEnvApiKey in agents/model-auth.js), nil for
// a provider that has none: any custom one, and openai-codex, google-gemini-cli,
// google-antigravity, copilot-proxy, ollama, lmstudio, minimax-cn.
func ProviderVariables(provider string) []string {
	switch ProviderID(provider) {
	case "github-copilot":
		return []string{"COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"}
	case "anthropic":
		return []string{"ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"}
	case "chutes":
		return []string{"CHUTES_OAUTH_TOKEN", "CHUTES_API_KEY"}
	case "zai":
		return []string{"ZAI_API_KEY", "Z_AI_API_KEY"}
	case "opencode":
		return []string{"OPENCODE_API_KEY", "OPENCODE_ZEN_API_KEY"}
	case "qwen-portal":
		return []string{"QWEN_OAUTH_TOKEN", "QWEN_PORTAL_API_KEY"}
	}
	if name := providerVariable(ProviderID(provider)); name != "" {
		return []string{name}
	}
	return nil
}

func providerVariable(id string) string {
	switch id {
	case "google":
		return "GEMINI_API_KEY"
	case "vercel-ai-gateway":
		return "AI_GATEWAY_API_KEY"
	case "kimi-code":
		return "KIMICODE_API_KEY"
	case "openai", "groq", "deepgram", "cerebras", "xai", "openrouter", "moonshot",
		"minimax", "synthetic", "venice", "mistral":
		return strings.ToUpper(id) + "_API_KEY"
	}
	return ""
}

// APIKeyVariable returns the variable that holds a provider's API key, as opposed
// to an OAuth token: the one that an api_key profile can move to. It is "" where
// the provider has none.
func APIKeyVariable(provider string) string {
	for _, name := range ProviderVariables(provider) {
		if strings.HasSuffix(name, "_API_KEY") {
			return name
		}
	}
	return ""
}

// EnvCredential returns what the product would take for a provider from the
// environment, to which the config's env block adds what is not set.
func (e *Env) EnvCredential(provider string, exported map[string]string) string {
	for _, name := range ProviderVariables(provider) {
		if found, _ := e.Lookup(name); !blank(found) {
			return strings.TrimSpace(found)
		}
		if !blank(exported[name]) {
			return strings.TrimSpace(exported[name])
		}
	}
	return ""
}

// knownProviders returns the providers that have a variable.
func knownProviders() []string {
	return []string{
		"anthropic", "cerebras", "chutes", "deepgram", "github-copilot", "google", "groq", "kimi-code",
		"minimax", "mistral", "moonshot", "openai", "opencode", "openrouter", "qwen-portal", "synthetic",
		"venice", "vercel-ai-gateway", "xai", "zai",
	}
}
