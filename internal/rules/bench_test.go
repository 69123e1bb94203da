package rules

import "testing"

// configStrings returns 200 keys and values as a large gateway config has them: one
// in ten a secret of some provider, the rest switches, names, paths and URLs.
func configStrings(t testing.TB) [][2]string {
	t.Helper()
	g := newGenerator(7)
	harmless := []string{
		`enabled|mode|policy|agentId|sessionKey|model|primary|workspace|baseUrl|maxTokens|tokenFile|keyPath|name|allowFrom`,
		`[a-z]{4,12}|/home/[a-z]{5}/[a-z]{4,9}/[a-z]{3,8}\.json|https://[a-z]{5,9}\.example\.com/v1|anthropic/claude-[a-z]{4,8}-4|\+1555[0-9]{7}`,
	}
	secrets := [][2]string{
		{"token", `[0-9a-f]{48}`}, {"botToken", `[0-9]{10}:AA[A-Za-z0-9_-]{33}`}, {"apiKey", `sk-or-v1-[0-9a-f]{64}`},
		{"apiKey", `sk-ant-api03-[a-zA-Z0-9_-]{93}AA`}, {"botToken", `xoxb-[0-9]{12}-[0-9]{12}-[a-zA-Z0-9]{24}`},
		{"password", `[a-z]{4,9}[0-9]{2}`}, {"apiKey", `AIza[0-9A-Za-z_-]{35}`}, {"GROQ_API_KEY", `gsk_[A-Za-z0-9]{52}`},
	}
	pairs := make([][2]string, 200)
	for i := range pairs {
		pairs[i] = [2]string{g.matching(t, harmless[0]), g.matching(t, harmless[1])}
		if i%10 == 0 {
			secret := secrets[i/10%len(secrets)]
			pairs[i] = [2]string{secret[0], g.matching(t, secret[1])}
		}
	}
	return pairs
}

// BenchmarkColdConfig is what one run of the program pays for a config: reading the
// rules, compiling those that are needed, looking at 200 strings.
func BenchmarkColdConfig(b *testing.B) {
	pairs := configStrings(b)
	b.Run("rules", func(b *testing.B) {
		for b.Loop() {
			set := New(Options{})
			for _, pair := range pairs {
				set.FindValue(pair[0], pair[1])
			}
		}
	})
	b.Run("gitleaks", func(b *testing.B) {
		for b.Loop() {
			detector := oracle(b)
			for _, pair := range pairs {
				detector.DetectString(pair[0] + ` = "` + pair[1] + `"`)
			}
		}
	})
}
