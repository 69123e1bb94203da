package rules

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// TestKindsOfGitleaksAreFoundEverywhere is about tokens that we have no rule for,
// because gitleaks' own asks for nothing behind them.
func TestKindsOfGitleaksAreFoundEverywhere(t *testing.T) {
	kinds := map[string]string{
		"GitHub":            `gh[pousr]_[A-Za-z0-9]{36}`,
		"GitHub, fine":      `github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}`,
		"GitLab":            `glpat-[A-Za-z0-9]{20}`,
		"Slack bot":         `xoxb-1[0-9]{11}-1[0-9]{12}-[A-Za-z0-9]{24}`,
		"Slack user":        `xoxp-1[0-9]{11}-1[0-9]{11}-1[0-9]{12}-[0-9a-f]{32}`,
		"Slack application": `xapp-1-A[A-Z0-9]{10}-1[0-9]{12}-[0-9a-f]{64}`,
		"PyPI":              `pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{150}`,
		"Linear":            `lin_api_[A-Za-z0-9]{40}`,
		"age":               `AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}`,
	}
	g, set := newGenerator(5), New(Options{})
	for kind, form := range kinds {
		for _, example := range everywhere {
			secret := g.matching(t, form)
			text := strings.ReplaceAll(example, "§", secret)
			if matches := set.Find(text); !covers(text, secret, matches) {
				t.Errorf("%s in %q: found %q", kind, text, found(text, matches))
			}
		}
	}
}

func TestPrivateKeysAreFound(t *testing.T) {
	g, set := newGenerator(6), New(Options{})
	body := func(lines int) string {
		var text strings.Builder
		for range lines {
			text.WriteString(g.matching(t, `[A-Za-z0-9+/]{64}`) + "\n")
		}
		return text.String()
	}
	for _, test := range []struct{ kind, head, body string }{
		{"PKCS #8", "PRIVATE KEY", body(1)},
		{"PKCS #8, encrypted", "ENCRYPTED PRIVATE KEY", body(4)},
		{"RSA", "RSA PRIVATE KEY", body(25)},
		{"RSA, encrypted", "RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n" + body(25)},
		{"EC", "EC PRIVATE KEY", body(3)},
		{"OpenSSH", "OPENSSH PRIVATE KEY", body(6)},
		{"PGP", "PGP PRIVATE KEY BLOCK", "Version: GnuPG v2\n\n" + body(30) + "=abcd\n"},
	} {
		block := fmt.Sprintf("-----BEGIN %s-----\n%s-----END %[1]s-----", test.head, test.body)
		for name, secret := range map[string]string{
			"as it is": block, "with escapes": strings.ReplaceAll(block, "\n", `\n`), "as in Windows": strings.ReplaceAll(block, "\n", "\r\n"),
		} {
			text := `{"type":"service_account","private_key":"` + secret + `\n","client_email":"a@b.test"}`
			if matches := set.Find(text); !covers(text, secret, matches) {
				t.Errorf("%s %s: found %d matches, none of the whole key", test.kind, name, len(matches))
			}
		}
	}
}

// TestHarmless runs all our rules over what looks like a secret at first sight.
func TestHarmless(t *testing.T) {
	g := newGenerator(7)
	uuid := `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`
	image := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(g.matching(t, `[ -~]{800}`), 4)))
	set := New(Options{})
	for _, example := range []string{
		`commit ⟪[0-9a-f]{40}⟫`, `index ⟪[0-9a-f]{7}⟫..⟪[0-9a-f]{7}⟫ 100644`, `"id":"⟪` + uuid + `⟫"`, `"sessionKey":"agent:main:⟪` + uuid + `⟫"`,
		`"integrity": "sha512-⟪[A-Za-z0-9+/]{86}⟫=="`, `"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz#⟪[0-9a-f]{40}⟫"`,
		`github.com/a/b v1.2.3 h1:⟪[A-Za-z0-9+/]{43}⟫=`, `image@sha256:⟪[0-9a-f]{64}⟫`, `data:image/png;base64,` + image,
		`"toolCallId":"toolu_01⟪[A-Za-z0-9]{22}⟫"`, `"id":"msg_01⟪[A-Za-z0-9]{22}⟫"`, `"id":"call_⟪[A-Za-z0-9]{24}⟫"`, `"id":"chatcmpl-⟪[A-Za-z0-9]{29}⟫"`,
		`req_⟪[A-Za-z0-9]{24}⟫`, `"thinkingSignature":"⟪[A-Za-z0-9+/]{400}⟫=="`, `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI⟪[A-Za-z0-9+/]{43}⟫ a@b`,
		`export OPENAI_API_KEY=sk-...`, `ANTHROPIC_API_KEY=sk-ant-api03-…`, `GROQ_API_KEY=gsk_your_key_here`, `token: ${TELEGRAM_BOT_TOKEN}`, `TOKEN=$(openssl rand -hex 32)`,
		`API_KEY=xxxxxxxxxxxxxxxxxxxxxxxx`, `"apiKey": "YOUR_API_KEY"`, `"token": "[redacted:TELEGRAM_BOT_TOKEN]"`, `"apiKey":"__OPENCLAW_REDACTED__"`, `sk-or-v1…wxyz`, `Bearer ***`,
		`"key":"abc123...xyz9"`, `const TOKEN_LIMIT = 200000000000`, `KEY=value`, `X_KEY="${Y_KEY:-default1234567}"`, `process.env.DISCORD_BOT_TOKEN_2`,
		`https://user:pass@example.com/`, `https://a.test/#section?key=⟪[a-z]{24}⟫`, `s3://bucket/key=2024/part-⟪[0-9]{5}⟫`, `.sk-fading-circle .sk-circle12:before`,
		`task-⟪[a-z0-9]{40}⟫`, `Authorization: Bearer <token>`, `AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`, `ETag: "⟪[0-9a-f]{32}⟫"`,
		`telegram:group:-100⟪[0-9]{10}⟫`, `discord:channel:⟪[0-9]{19}⟫`, `2026-01-24T10:11:12.123Z`, `primaryKey: ⟪[0-9a-f]{64}⟫`, `PUBLIC_KEY=⟪[A-Za-z0-9+/]{43}⟫=`, `npub1⟪[02-9ac-hj-np-z]{58}⟫`,
	} {
		for range 20 {
			text := g.expand(t, example, "")
			for _, m := range set.Find(text) {
				if m.Detector == DetectorShape {
					t.Errorf("%s finds %q in %.300q", m.Rule, text[m.Start:m.End], text)
				}
			}
		}
	}
}

// FuzzShapeRules: whatever the text, no rule of ours stumbles, and none takes for a
// secret what is a placeholder or masked.
func FuzzShapeRules(f *testing.F) {
	g := newGenerator(8)
	for _, shape := range shapeRules() {
		for _, example := range append(shape.yes, shape.no...) {
			f.Add(g.expand(f, example, shape.secret(f, g)))
		}
	}
	set := New(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range set.Find(text) {
			if secret := text[m.Start:m.End]; m.Detector == DetectorShape && Weak(secret, 0) != None && !strings.Contains(secret, "PRIVATE KEY") {
				t.Errorf("%s finds %q, which is %s", m.Rule, secret, Weak(secret, 0).Reason())
			}
		}
		if err := set.Err(); err != nil {
			t.Fatal(err)
		}
	})
}
