package rules

// chatShapes returns the rules for what a gateway talks to people with: the tokens of
// bots, and keys that are an identity.
func chatShapes() []shapeRule {
	return []shapeRule{{
		ID:          "telegram-bot-token",
		Description: "A Telegram bot token: whoever has it reads and writes as the bot.",
		Keywords:    []string{":aa"},
		// The number of the bot, then 35 characters, of which the first two are always AA.
		// In the API's URLs the word bot stands right before it.
		Regex:  `(?:^|[^0-9A-Za-z_-]|\\[nrt]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\x1b\[[0-9;]{0,12}m|bot)([0-9]{6,12}:AA[A-Za-z0-9_-]{33})`,
		accept: telegramToken,
		rank:   rankShape,
		sample: `[5-8][0-9]{8,9}:AA[A-Za-z0-9_-]{33}`,
		yes:    []string{`§`, `https://api.example.com/bot§/getMe`, `"botToken":"§"`},
		no: []string{`⟪[0-9]{8,10}:AA[A-Za-z0-9_-]{32}⟫`, `⟪[0-9]{8,10}:AA[A-Za-z0-9_-]{34}⟫`, `⟪[0-9]{8,10}:[a-z][A-Za-z0-9_-]{34}⟫`,
			`⟪[0-9]{13,20}:AA[A-Za-z0-9_-]{33}⟫`, `at ⟪[0-9]{2}:[0-9]{2}:[0-9]{2}⟫`, `123456789:AA⟪x{33}⟫`, `123456:AA⟪[A-Za-z0-9_-]{33}⟫`},
	}, {
		ID:          "discord-bot-token",
		Description: "A Discord bot token: whoever has it reads and writes as the bot.",
		// The first part is the bot's number in base64, where three decimal digits become
		// four characters out of few.
		Keywords: []string{"md", "mt", "mj", "mz", "nd", "nt", "nj", "nz", "od", "ot"},
		Regex:    token(`[MNO][DTjz][AEIMQUYcgk][w-z0-5][A-Za-z0-9]{19,24}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}`),
		accept:   discordToken,
		rank:     rankShape,
		// MTIzNDU2Nzg5MDEyMzQ1Njc4 is 123456789012345678.
		sample: `MTIzNDU2Nzg5MDEyMzQ1Njc4\.G[A-Za-z0-9_-]{5}\.[A-Za-z0-9_-]{38}`,
		yes:    []string{`§`, `Authorization: Bot §`, `client.login('§')`},
		no: []string{`MTIzNDU2Nzg5MDEyMzQ1Njc4.⟪[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{20}⟫`,
			// "12hello world, hello" is no number.
			`MTJoZWxsbyB3b3JsZCwgaGVsbG8.⟪[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{38}⟫`, `eyJ⟪[A-Za-z0-9]{21}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{38}⟫`,
			`MTIzNDU2Nzg5MDEyMzQ1Njc4.⟪[A-Za-z0-9_-]{7}\.[A-Za-z0-9_-]{38}⟫`, `MTIzNDU2Nzg5MDEyMzQ1Njc4.GxxxxX.⟪x{38}⟫`},
	}, {
		ID:          "discord-webhook",
		Description: "A Discord webhook: whoever has it writes to the channel.",
		Keywords:    []string{"webhooks/"},
		Regex:       `(?i:discord(?:app|)\.com/api/(?:v[0-9]{1,2}/|)webhooks/[0-9]{17,20}/)([A-Za-z0-9_-]{60,80})`,
		accept:      issued,
		rank:        rankShape,
		sample:      `[A-Za-z0-9_-]{68}`,
		yes: []string{
			`https://discord.com/api/webhooks/⟪[0-9]{18}⟫/§`, `<https://discordapp.com/api/v10/webhooks/⟪[0-9]{19}⟫/§>`,
			`POST https://discord.com/api/webhooks/⟪[0-9]{19}⟫/§?wait=true, then`,
		},
		no: []string{
			`https://discord.com/api/webhooks/123/abc`, `https://discord.com/api/webhooks/⟪[0-9]{18}⟫/<token>`,
			`https://discord.com/api/webhooks/⟪[0-9]{18}⟫/⟪x{68}⟫`,
		},
	}, {
		ID:          "matrix-access-token",
		Description: "A Matrix access token: whoever has it reads and writes as the user.",
		Keywords:    []string{"syt_", "mat_", "mct_"},
		// Synapse: syt_, the user's name in base64, 20 characters, a checksum of 6
		// (synapse pull request 5588). The Matrix Authentication Service has mat_ and mct_.
		Regex:  token(`(?:syt_[A-Za-z0-9_=-]{2,80}_[A-Za-z0-9]{20}|m[ac]t_[A-Za-z0-9]{30})_[A-Za-z0-9]{6}`),
		accept: mixedLetters,
		rank:   rankShape,
		sample: `(?:syt_Ym90_[A-Za-z]{20}|syt_Y2xhd2Q_[A-Za-z]{20}|m[ac]t_[A-Za-z0-9]{30})_[A-Za-z0-9]{6}`,
		yes:    []string{`§`, `MATRIX_ACCESS_TOKEN=§`, `"accessToken":"§"`},
		no:     []string{`syt_⟪[a-z]{8}⟫`, `syt_xxxx_⟪x{20}⟫_xxxxxx`, `mat_⟪[a-z]{30}_[a-z]{6}⟫`, `format_⟪[A-Za-z0-9]{30}_[A-Za-z0-9]{6}⟫`},
	}, {
		ID:          "nostr-secret-key",
		Description: "A Nostr secret key: whoever has it is its owner, for good: it cannot be replaced.",
		Keywords:    []string{"nsec1"},
		Regex:       token(`nsec1[02-9ac-hj-np-z]{58}`),
		accept:      issuedMixed,
		rank:        rankShape,
		yes:         []string{`§`, `NOSTR_PRIVATE_KEY=§`, `nostr:§`},
		no:          []string{`npub1⟪[02-9ac-hj-np-z]{58}⟫`, `nsec1⟪[02-9ac-hj-np-z]{57}⟫`, `nsec1...`, `x§`, `nsec1⟪q{58}⟫`},
	}, {
		ID:          "line-channel-token",
		Description: "A LINE channel access token: whoever has it sends messages as the bot.",
		Keywords:    []string{"1o/w1cdnyilfu="},
		// Every long-lived token, 172 characters of base64, ends in the same 22.
		Regex:  token(`[A-Za-z0-9+/]{100,150}dB04t89/1O/w1cDnyilFU=`),
		accept: issued,
		rank:   rankShape,
		sample: `[A-Za-z0-9+/]{150}dB04t89/1O/w1cDnyilFU=`,
		yes:    []string{`KEY=§`, `LINE_CHANNEL_ACCESS_TOKEN=§`, `LineBotApi('§')`, `"channelAccessToken":"§"`, `say §, and §.`},
		no:     []string{`dB04t89/1O/w1cDnyilFU=`, `⟪[A-Za-z0-9+/]{40}⟫dB04t89/1O/w1cDnyilFU=`, `⟪x{150}⟫dB04t89/1O/w1cDnyilFU=`},
	}}
}
