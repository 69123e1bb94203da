package gateway

import "strconv"

// object is a JSON object whose keys keep their order.
type object struct {
	keys   []string
	values map[string]any
}

func newObject() *object { return &object{values: map[string]any{}} }

func (o *object) set(key string, value any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// merge is deepMerge of the product's config/includes.js: lists are joined,
// objects are merged key by key, of anything else the overlay wins. It takes both
// trees over: each include has made its own, and copying the base for each of a
// thousand overlays would take for ever.
func merge(base, overlay any) any {
	switch over := overlay.(type) {
	case []any:
		if under, ok := base.([]any); ok {
			return append(under, over...)
		}
	case *object:
		under, ok := base.(*object)
		if !ok {
			return overlay
		}
		for _, key := range over.keys {
			value := over.values[key]
			if covered, exists := under.values[key]; exists {
				value = merge(covered, value)
			}
			under.set(key, value)
		}
		return under
	}
	return overlay
}

// plain converts a merged tree to maps, lists and scalars; text gives the string
// that a leaf stands for.
func plain(tree any, text func(*Leaf) string) any {
	switch value := tree.(type) {
	case *object:
		out := make(map[string]any, len(value.keys))
		for _, key := range value.keys {
			out[key] = plain(value.values[key], text)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = plain(item, text)
		}
		return out
	case *Leaf:
		return text(value)
	default:
		return value
	}
}

// Lookup returns what stands at path in a tree of maps and lists, nil if nothing
// does.
func Lookup(tree any, path ...string) any {
	for _, token := range path {
		switch value := tree.(type) {
		case map[string]any:
			tree = value[token]
		case []any:
			index, err := strconv.Atoi(token)
			if err != nil || index < 0 || index >= len(value) {
				return nil
			}
			tree = value[index]
		default:
			return nil
		}
	}
	return tree
}

// text returns the string at path, "" if there is none.
func text(tree any, path ...string) string {
	s, _ := Lookup(tree, path...).(string)
	return s
}

// members returns the object at path, nil if there is none.
func members(tree any, path ...string) map[string]any {
	m, _ := Lookup(tree, path...).(map[string]any)
	return m
}
