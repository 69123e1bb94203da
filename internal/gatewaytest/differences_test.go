package gatewaytest

import "testing"

func TestDifferences(t *testing.T) {
	reply := func(change func(config map[string]any, r *OracleReply)) OracleReply {
		config := map[string]any{
			"plugins": map[string]any{}, "tools": map[string]any{"deny": []any{"exec"}},
			"models": map[string]any{"providers": map[string]any{"mock": map[string]any{"apiKey": "a", "baseUrl": "u"}}},
		}
		r := OracleReply{
			Config: config, Snapshot: Snapshot{Valid: true}, Env: map[string]string{"NAME": "value"},
			Credentials: map[string]map[string]Credential{"main": {"mock": {APIKey: "a", Source: "profile"}}},
			GatewayAuth: GatewayAuth{Mode: "token", Token: "t"},
		}
		change(config, &r)
		return r
	}
	provider := func(config map[string]any) map[string]any {
		return config["models"].(map[string]any)["providers"].(map[string]any)["mock"].(map[string]any)
	}
	tests := map[string]struct {
		change func(config map[string]any, r *OracleReply)
		want   int
	}{
		"nothing":               {func(map[string]any, *OracleReply) {}, 0},
		"a plugin":              {func(c map[string]any, _ *OracleReply) { c["plugins"] = nil }, 0},
		"a provider's key":      {func(c map[string]any, _ *OracleReply) { delete(provider(c), "apiKey") }, 0},
		"where a key is from":   {func(_ map[string]any, r *OracleReply) { r.Credentials["main"]["mock"] = Credential{APIKey: "a"} }, 0},
		"a new variable":        {func(_ map[string]any, r *OracleReply) { r.Env["OTHER"] = "x" }, 0},
		"a provider's address":  {func(c map[string]any, _ *OracleReply) { provider(c)["baseUrl"] = "v" }, 1},
		"a deny list":           {func(c map[string]any, _ *OracleReply) { delete(c, "tools") }, 1},
		"an empty config":       {func(_ map[string]any, r *OracleReply) { r.Config = map[string]any{} }, 1},
		"an invalid config":     {func(_ map[string]any, r *OracleReply) { r.Snapshot.Valid = false }, 1},
		"another token":         {func(_ map[string]any, r *OracleReply) { r.GatewayAuth.Token = "" }, 1},
		"another key":           {func(_ map[string]any, r *OracleReply) { r.Credentials["main"]["mock"] = Credential{APIKey: "b"} }, 1},
		"no key":                {func(_ map[string]any, r *OracleReply) { delete(r.Credentials["main"], "mock") }, 1},
		"one more provider":     {func(_ map[string]any, r *OracleReply) { r.Credentials["main"]["x"] = Credential{APIKey: "b"} }, 1},
		"one agent less":        {func(_ map[string]any, r *OracleReply) { delete(r.Credentials, "main") }, 1},
		"a variable is no more": {func(_ map[string]any, r *OracleReply) { delete(r.Env, "NAME") }, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before := reply(func(map[string]any, *OracleReply) {})
			got := before.Differences(reply(test.change))
			if len(got) != test.want {
				t.Errorf("%d differences, want %d: %q", len(got), test.want, got)
			}
			if provider(before.Config.(map[string]any))["apiKey"] != "a" {
				t.Error("what is compared was changed")
			}
		})
	}
}
