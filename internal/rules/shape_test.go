package rules

import (
	"strings"
	"testing"
)

// sample is a text for a shape rule: the secret is an expression from which one is
// generated, and stands in the text in place of §.
type sample struct{ secret, text string }

// samples are what a shape rule finds and what it leaves alone, by ID. A false
// positive may be found by another rule.
type samples struct{ truePositives, falsePositives []sample }

func shapeSamples() map[string]samples {
	const (
		telegram   = `[0-9]{8,10}:AA[A-Za-z0-9_-]{33}`
		oauth      = `sk-ant-oat01-[A-Za-z0-9_-]{93}AA`
		refresh    = `sk-ant-ort01-[A-Za-z0-9_-]{93}AA`
		openRouter = `sk-or-v1-[0-9a-f]{64}`
		groq       = `gsk_[A-Za-z0-9]{52}`
		xai        = `xai-[A-Za-z0-9]{80}`
		// MTIzNDU2Nzg5MDEyMzQ1Njc4 is 123456789012345678.
		discord = `MTIzNDU2Nzg5MDEyMzQ1Njc4\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{38}`
		random  = `[A-Za-z0-9]{24}`
	)
	return map[string]samples{
		"telegram-bot-token": {
			truePositives: append(anywhere(telegram),
				sample{telegram, `https://api.example.com/bot§/getMe`}),
			falsePositives: []sample{
				{`[0-9]{8,10}:AA[A-Za-z0-9_-]{32}`, `§`},
				{`[0-9]{8,10}:AA[A-Za-z0-9_-]{34}`, `§`},
				{`[0-9]{8,10}:[a-z][A-Za-z0-9_-]{34}`, `§`},
				{`[0-9]{13,20}:AA[A-Za-z0-9_-]{33}`, `§`},
				{`[0-9]{2}:[0-9]{2}:[0-9]{2}`, `at §`},
			},
		},
		"anthropic-oauth-token": {
			truePositives:  anywhere(oauth),
			falsePositives: []sample{{`[A-Za-z]{8}`, `sk-ant-oat01-§`}, {refresh, `§`}, {oauth, `a-§`}},
		},
		"anthropic-refresh-token": {
			truePositives:  anywhere(refresh),
			falsePositives: []sample{{`[A-Za-z]{8}`, `sk-ant-ort01-§`}, {oauth, `§`}},
		},
		"openrouter-api-key": {
			truePositives:  anywhere(openRouter),
			falsePositives: []sample{{`sk-or-v1-[0-9a-f]{63}`, `§`}, {`sk-or-v1-[0-9a-f]{65}`, `§`}, {openRouter, `di§`}},
		},
		"groq-api-key": {
			truePositives:  anywhere(groq),
			falsePositives: []sample{{`gsk_[A-Za-z0-9]{40}`, `§`}, {`gsk_[A-Za-z0-9]{53}`, `§`}, {`gsk_[a-z]{4}_[a-z]{8}`, `§`}},
		},
		"xai-api-key": {
			truePositives:  anywhere(xai),
			falsePositives: []sample{{`xai-[a-z]{4,8}-[a-z]{4}`, `§`}, {`xai-[A-Za-z0-9]{79}`, `§`}, {`xai-[A-Za-z0-9]{81}`, `§`}},
		},
		"discord-bot-token": {
			truePositives: append(anywhere(discord), sample{discord, `Authorization: Bot §`}),
			falsePositives: []sample{
				{`MTIzNDU2Nzg5MDEyMzQ1Njc4\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{20}`, `§`},
				// "12hello world, hello" is no number.
				{`MTJoZWxsbyB3b3JsZCwgaGVsbG8\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{38}`, `§`},
				{`eyJ[A-Za-z0-9]{21}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{38}`, `§`},
				{`MTIzNDU2Nzg5MDEyMzQ1Njc4\.[A-Za-z0-9_-]{7}\.[A-Za-z0-9_-]{38}`, `§`},
			},
		},
		"url-password": {
			truePositives: []sample{
				{random, `postgres://app:§@db.example.com:5432/app`},
				{`[a-z]{6}[0-9]`, `redis://:§@localhost:6379`},
				{random, `proxy = "http://user%40example.com:§@proxy.example.com"`},
				{`[a-z]{5}@[a-z]{5}`, `mongodb+srv://app:§@cluster.example.net/?retryWrites=true`},
				{random, `{\"url\":\"wss://bot:§@gateway.example.com\"}`},
				{`[a-z]{6}`, `https://app@server:§@db.example.com`},
			},
			falsePositives: []sample{
				{`[a-z]{6}`, `https://example.com:8080/§@v2`},
				{`[a-z]{6}`, `https://§@example.com`},
				{`[A-Z]{6}_[A-Z]{4}`, `postgres://app:${§}@db`},
				{`[A-Z]{6}_[A-Z]{4}`, `postgres://app:$§@db`},
				{`password|secret|changeme|\*\*\*`, `postgres://app:§@db`},
				{`[a-z]{6}`, `postgres://app:<§>@db`},
				{`[a-z]{6}`, `see http://a.example.com: write to §@example.com`},
			},
		},
		"authorization-header": {
			truePositives: []sample{
				{random, `Authorization: Bearer §`},
				{random, `"authorization": "Bearer §"`},
				{random, `-H \"Authorization: Bearer §\"`},
				{`[a-z]{8}[0-9]`, `AUTHORIZATION=bearer §`},
				{random, `headers = { 'Authorization': 'Token §' }`},
			},
			falsePositives: []sample{
				{`[A-Z]{6}_[A-Z]{5}`, `Authorization: Bearer $§`},
				{`[A-Z]{6}_[A-Z]{5}`, `Authorization: Bearer ${§}`},
				{`your-api-token|YOUR_TOKEN|xxxxxxxxxxxx`, `Authorization: Bearer §`},
				{`[a-z]{6}`, `Authorization: Bearer <§>`},
				{`[a-z]{3,5}`, `Authorization: Bearer §`},
				{random, `the Bearer §`},
			},
		},
		"url-query-token": {
			truePositives: []sample{
				{`[0-9a-f]{48}`, `http://127.0.0.1:18789/?token=§`},
				{`[0-9a-f]{48}`, `/chat?session=main&token=§&v=1`},
				{`[0-9a-f]{48}`, `{\"url\":\"/?a=b\u0026gatewayToken=§\"}`},
				{`AIza[0-9A-Za-z_-]{35}`, `https://example.com/v1?key=§&alt=sse`},
				{random, `https://example.com/v1?a=1&amp;api_key=§`},
				{`[a-z]{5}[0-9]{2}`, `https://example.com/login?password=§#top`},
			},
			falsePositives: []sample{
				{random, `https://example.com/list?pageToken=§`},
				{random, `https://example.com/list?next_page_token=§`},
				{`[a-z]{4,8}`, `https://example.com/list?key=§`},
				{`[A-Z]{6}`, `https://example.com/?token=$§`},
				{`[a-z]{6}`, `https://example.com/?token=<§>`},
				{`[a-z]{1,5}`, `https://example.com/?token=§`},
				{`your_token|YOUR-API-KEY|changeme`, `https://example.com/?token=§`},
			},
		},
	}
}

// anywhere returns the places in which a token that shows by itself whose it is has
// to be found.
func anywhere(secret string) []sample {
	var all []sample
	for _, text := range []string{
		`§`, `key = "§"`, `{"a":"§"}`, `{\"a\":\"§\"}`, `{\\\"a\\\":\\\"§\\\"}`, `first line\n§\nlast`, `a\t§`,
		`say §, and (§).`, `KEY=§`, "`§`", `?key=§&a=b`, "line\n§\nline", `Bearer §`, `/§/`, `it is §.`,
		"§,§", "§ § §",
	} {
		all = append(all, sample{secret, text})
	}
	return all
}

// fill generates the secret and puts it into the text.
func (s sample) fill(t testing.TB, g generator) (text, secret string) {
	secret = g.matching(t, s.secret)
	return strings.ReplaceAll(s.text, "§", secret), secret
}

func TestShapeRules(t *testing.T) {
	all := shapeSamples()
	for _, shape := range shapeRules() {
		t.Run(shape.ID, func(t *testing.T) {
			own := all[shape.ID]
			if len(own.truePositives) < 3 || len(own.falsePositives) < 2 {
				t.Fatalf("%d true and %d false positives are too few", len(own.truePositives), len(own.falsePositives))
			}
			g := newGenerator(uint64(len(shape.ID)))
			for range 20 {
				for _, s := range own.truePositives {
					text, secret := s.fill(t, g)
					if got, want := shapeFinds(t, shape, text), strings.Count(text, secret); got[secret] != want || len(got) != 1 {
						t.Errorf("in %q\n got %v, want %q %d times", text, got, secret, want)
					}
				}
				for _, s := range own.falsePositives {
					text, _ := s.fill(t, g)
					if got := shapeFinds(t, shape, text); len(got) > 0 {
						t.Errorf("in %q\n got %v, want nothing", text, got)
					}
				}
			}
		})
		delete(all, shape.ID)
	}
	for id := range all {
		t.Errorf("samples for %s, which is no rule", id)
	}
}

// shapeFinds returns what one shape rule alone finds in text, and how often.
func shapeFinds(t *testing.T, shape shapeRule, text string) map[string]int {
	t.Helper()
	set := &Set{shapes: []shapeRule{shape}}
	set.load.Do(func() {
		set.rules = []*rule{shape.rule()}
		set.index()
	})
	secrets := map[string]int{}
	for _, m := range set.Find(text) {
		if m.Rule != shape.ID || m.Detector != DetectorShape {
			t.Errorf("match of %s by %s, want %s", m.Rule, m.Detector, shape.ID)
		}
		secrets[text[m.Start:m.End]]++
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
	return secrets
}

func TestShapeRulesAreDescribed(t *testing.T) {
	set, ids := New(), map[string]bool{}
	for _, r := range libraryConfig(t).Rules {
		ids[r.ID] = true
	}
	for _, shape := range shapeRules() {
		if ids[shape.ID] {
			t.Errorf("two rules are called %s", shape.ID)
		}
		ids[shape.ID] = true
		if got, ok := set.Rule(shape.ID); !ok || got.Description != shape.Description || got.Detector != DetectorShape {
			t.Errorf("Rule(%q) = %+v, %t", shape.ID, got, ok)
		}
		if shape.Description == "" || shape.rank == rankProvider || shape.accept == nil || len(shape.Keywords) == 0 {
			t.Errorf("%s lacks a field", shape.ID)
		}
		for _, keyword := range shape.Keywords {
			if keyword != strings.ToLower(keyword) {
				t.Errorf("%s: keyword %q is not in lower case", shape.ID, keyword)
			}
		}
	}
	if _, ok := set.Rule("no-such-rule"); ok {
		t.Error("there is a rule no-such-rule")
	}
}
