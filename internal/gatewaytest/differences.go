package gatewaytest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Differences compares what the product makes of a Home before and after secrets
// moved to variables, and returns one line, without values, for whatever is not the
// same; none if the product works with the same configuration, sends the same
// credentials and checks its callers in the same way.
//
// It leaves out what such a move changes on purpose without altering any of that:
// which plugins are named as enabled (the gateway enables them all the same), the
// keys of providers, compared as what is sent, and the profiles that they come from.
func (before OracleReply) Differences(after OracleReply) []string {
	var differences []string
	differ := func(format string, args ...any) {
		differences = append(differences, fmt.Sprintf(format, args...))
	}
	if before.Snapshot.Valid != after.Snapshot.Valid {
		differ("the config was valid: %v, and is now: %v", before.Snapshot.Valid, after.Snapshot.Valid)
	}
	was, is := stripped(before.Config), stripped(after.Config)
	if !reflect.DeepEqual(was, is) {
		differ("the config differs at %s", firstDifference(was, is, ""))
	}
	if before.GatewayAuth != after.GatewayAuth {
		differ("the gateway's own authentication differs")
	}
	for _, agent := range keysOfBoth(before.Credentials, after.Credentials) {
		had, has := before.Credentials[agent], after.Credentials[agent]
		for _, provider := range keysOfBoth(had, has) {
			if had[provider].APIKey != has[provider].APIKey {
				differ("agent %s sends something else to %s: from %q, then from %q", agent, provider, had[provider].Source, has[provider].Source)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before.Env)) {
		if after.Env[name] != before.Env[name] {
			differ("the environment has another %s", name)
		}
	}
	return differences
}

// stripped returns a config without what moves change on purpose. The config itself
// stays as it is.
func stripped(config any) any {
	root := clone(config)
	delete(root, "plugins")
	delete(root, "auth")
	if _, ok := root["models"].(map[string]any); !ok {
		return root
	}
	models := clone(root["models"])
	root["models"] = models
	if _, ok := models["providers"].(map[string]any); !ok {
		return root
	}
	providers := clone(models["providers"])
	models["providers"] = providers
	for id, provider := range providers {
		if _, ok := provider.(map[string]any); ok {
			block := clone(provider)
			delete(block, "apiKey") // compared as what is sent, in Credentials
			providers[id] = block
		}
	}
	return root
}

// clone returns a copy, one level deep, of an object; an empty one of anything else.
func clone(object any) map[string]any {
	copied := map[string]any{}
	fields, _ := object.(map[string]any)
	maps.Copy(copied, fields)
	return copied
}

func keysOfBoth[V any](a, b map[string]V) []string {
	return slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for _, m := range []map[string]V{a, b} {
			for key := range m {
				if !yield(key) {
					return
				}
			}
		}
	}))
}

// firstDifference returns the dotted path of a value that differs.
func firstDifference(a, b any, path string) string {
	x, ok := a.(map[string]any)
	y, both := b.(map[string]any)
	if !ok || !both {
		return path
	}
	for _, key := range keysOfBoth(x, y) {
		if !reflect.DeepEqual(x[key], y[key]) {
			return firstDifference(x[key], y[key], path+"."+key)
		}
	}
	return path
}
