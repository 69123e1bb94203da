package rules

import (
	"slices"
	"testing"
)

func TestSecretKey(t *testing.T) {
	secret := []string{
		// Clawdbot's config, auth profiles, credentials and device files.
		"token", "password", "botToken", "appToken", "userToken", "pushToken", "controlToken", "accessToken",
		"channelAccessToken", "channelSecret", "webhookSecret", "signingSecret", "botSecret", "appPassword",
		"apiPassword", "privateKey", "apiKey", "authToken", "ngrokAuthToken", "openaiApiKey", "privateKeyPem",
		"private_key", "access_token", "refresh_token", "accessToken", "refreshToken",
		// The variables it reads, and those we make.
		"CLAWDBOT_GATEWAY_TOKEN", "CLAWDBOT_GATEWAY_PASSWORD", "CLAWDBOT_GATEWAY_REMOTE_TOKEN",
		"CLAWDBOT_HOOKS_TOKEN", "CLAWDBOT_GMAIL_PUSH_TOKEN", "CLAWDBOT_BROWSER_CONTROL_TOKEN",
		"TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN_ALICE", "TELEGRAM_WEBHOOK_SECRET", "DISCORD_BOT_TOKEN",
		"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "MSTEAMS_APP_PASSWORD", "BLUEBUBBLES_PASSWORD",
		"MATRIX_ACCESS_TOKEN", "MATRIX_PASSWORD", "LINE_CHANNEL_ACCESS_TOKEN", "LINE_CHANNEL_SECRET",
		"NEXTCLOUD_TALK_BOT_SECRET", "NOSTR_PRIVATE_KEY", "ZALO_BOT_TOKEN", "MEMORY_EMBEDDINGS_API_KEY",
		"BRAVE_API_KEY", "XI_API_KEY", "TWILIO_AUTH_TOKEN", "NGROK_AUTHTOKEN", "ANTHROPIC_OAUTH_TOKEN",
		"GITHUB_TOKEN", "GH_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "MY_VENDOR_KEY",
		// Headers and what plugins and skills call theirs.
		"Authorization", "x-api-key", "X-Auth-Token", "Cookie", "apikey", "APIKey", "api_key", "api-key", "APIKEY",
		"passwd", "DB_PASS", "smtpPwd", "passphrase", "clientSecret", "client_secret", "consumerKey", "secretKey",
		"SECRET_KEY_BASE", "encryptionKey", "encryptKey", "signing_key", "sharedSecret", "authTag", "credential",
		"credentials", "jwt", "token2", "oauth2Token", "resetToken", "passwordResetToken", "verificationToken",
		"bottoken", "mytoken", "tokenSecret", "Password", "PASSWORD", "basicAuth", "seedPhrase", "secrets", "apiKeys",
		"password_base64", "apiKeyFileSecret", "auth_key", "wifiPassword", "пароль_token",
	}
	harmless := []string{
		// Clawdbot's config.
		"sshIdentity", "keyPath", "certPath", "cdpUrl", "controlUrl", "tokenFile", "proxy", "webhookUrl",
		"userTokenReadOnly", "serviceAccountFile", "httpUrl", "authDir", "secretFile", "botSecretFile",
		"apiPasswordFile", "baseUrl", "headers", "primaryEnv", "setupCommand", "lastRunCommand", "tokens",
		"maxTokens", "publicKey", "sessionKey", "tokensBefore", "tokensAfter", "reserveTokensFloor",
		"softThresholdTokens", "contextTokens", "totalTokens", "auth", "mode", "env", "vars", "args", "authHeader",
		"auth-profiles", "provider", "lastGood", "order", "usageStats",
		// Judged by their path, not their name.
		"key", "code", "serviceAccount", "access", "refresh", "GOOGLE_CHAT_SERVICE_ACCOUNT", "TWILIO_ACCOUNT_SID",
		// About a secret, not one.
		"passwordFile", "MATRIX_PASSWORD_FILE", "tokenFingerprint", "tokenizer", "tokenize", "apiKeyEnv",
		"apiKeyEnvVar", "tokenEnv", "token_type", "tokenType", "tokenUrl", "token_uri", "tokenEndpoint",
		"tokenExpiresAt", "tokenTtl", "keyRef", "tokenRef", "secretRef", "secretName", "credentialsFile", "credentialsPath",
		"passwordHash", "passwordLength", "minPasswordLength", "cookieName", "accessKeyId", "AWS_ACCESS_KEY_ID",
		"apiKeyId", "hasToken", "requirePassword", "usePassword", "isSecret", "allowToken",
		"nextPageToken", "pageToken", "nextToken", "continuationToken", "syncToken", "cancelToken", "publicToken",
		"maxTokens", "max_tokens", "MAX_TOKENS", "inputTokens", "costPerToken", "eosToken", "stopToken",
		"timeToFirstToken", "tokenCount", "tokenBudget", "tokenLimit", "PUBLIC_KEY", "PRIMARY_KEY", "primaryKey",
		"foreignKey", "cacheKey", "idempotencyKey", "keyId", "keyFile", "keyboard", "monkey", "KEY", "pass", "pwd",
		"PWD", "OLDPWD", "passive", "compass", "secretary", "tokenised", "passwordless", "", "_", "123", "name", "model",
		"url", "id", "path", "keywords",
	}
	for want, names := range map[bool][]string{true: secret, false: harmless} {
		for _, name := range names {
			if got := SecretKey(name); got != want {
				t.Errorf("SecretKey(%q) = %t, want %t", name, got, want)
			}
		}
	}
}

func TestSplitWords(t *testing.T) {
	for name, want := range map[string][]string{
		"botToken":       {"bot", "token"},
		"BOT_TOKEN":      {"bot", "token"},
		"x-api-key":      {"x", "api", "key"},
		"APIToken":       {"api", "token"},
		"tokenURL":       {"token", "url"},
		"bottoken":       {"bot", "token"},
		"openaiapikey":   {"openai", "api", "key"},
		"oauth2Token3":   {"oauth", "token"},
		"a.b[0].token":   {"a", "b", "token"},
		"schlüsselToken": {"schlüssel", "token"},
		"":               nil,
		"__":             nil,
	} {
		if got := splitWords(name); !slices.Equal(got, want) {
			t.Errorf("splitWords(%q) = %q, want %q", name, got, want)
		}
	}
}

// FuzzSecretKey: any string gets an answer, and marks around a name change nothing.
func FuzzSecretKey(f *testing.F) {
	for _, name := range []string{"botToken", "x-api-key", "ÉToken", "\xff\x00token", "ǅToken"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := SecretKey(name)
		if again := SecretKey("_" + name + "__"); again != got {
			t.Errorf("SecretKey(%q) = %t, with underscores around it %t", name, got, again)
		}
	})
}
