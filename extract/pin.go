package extract

import (
	"encoding/json"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
)

// pins plans what keeps the gateway from rewriting its config, with every
// reference in it, at its next start: the plugins that it would switch on are
// named as enabled beforehand. It is needed wherever the config holds references.
func (p *planner) pins() {
	p.closeEdits()
	view, env := p.result.View, p.result.Env
	after := env.With(p.added())
	pins := view.Pins(p.result.Resolved, after)
	if len(pins) == 0 || p.result.Config.Main == nil || len(p.result.References) == 0 && len(p.Moves) == 0 {
		return
	}
	document, err := p.result.Config.Main.Document()
	if err != nil {
		return
	}
	p.Pins = pins
	p.edit(p.result.Config.Main).add(pinEdits(document, pins)...)
	p.edit(p.result.Config.Main).close()
	p.ignore = append(p.ignore, []string{"plugins"})
}

func (p *planner) closeEdits() {
	for _, edits := range p.edits {
		edits.close()
	}
}

// added returns what the plan adds to the .env.
func (p *planner) added() map[string]string {
	added := map[string]string{}
	for _, m := range p.Moves {
		added[m.Name] = m.Value.Reveal()
	}
	return added
}

// pinEdits returns the edits that name the pins in the main config. Whatever part
// of plugins.entries an include holds is merged with it by the gateway.
func pinEdits(document *json5.Document, pins []gateway.Pin) []json5.Edit {
	plugins, ok := document.At("/plugins")
	if !ok || plugins.Kind() != json5.Object {
		return []json5.Edit{document.Root().InsertMember("plugins", missingPlugins(pins))}
	}
	var edits []json5.Edit
	entries, hasEntries := document.At("/plugins/entries")
	allow, hasAllow := document.At("/plugins/allow")
	var members []json5.NewMember
	if hasEntries {
		edits = append(edits, entryEdits(entries, pins)...)
	} else if missing := missingEntries(pins); missing != "{}" {
		members = append(members, json5.NewMember{Name: "entries", Value: missing})
	}
	if lacking := disallowed(pins); len(lacking) > 0 && hasAllow {
		edits = append(edits, allow.AppendElements(lacking...))
	} else if len(lacking) > 0 {
		members = append(members, json5.NewMember{Name: "allow", Value: list(lacking)})
	}
	if len(members) > 0 {
		edits = append(edits, plugins.InsertMembers(members...))
	}
	return edits
}

// entryEdits names pins in an existing plugins.entries.
func entryEdits(entries json5.Node, pins []gateway.Pin) []json5.Edit {
	var edits []json5.Edit
	var fresh []json5.NewMember
	for _, pin := range pins {
		if !pin.Enable {
			continue
		}
		entry, ok := entries.Document().At(entries.Pointer() + "/" + json5.EscapePointer(pin.Plugin))
		if ok && entry.Kind() == json5.Object {
			if enabled, has := entries.Document().At(entry.Pointer() + "/enabled"); has {
				edits = append(edits, json5.Edit{Start: enabled.Start(), End: enabled.End(), Text: "true"})
			} else {
				edits = append(edits, entry.InsertMember("enabled", "true"))
			}
			continue
		}
		fresh = append(fresh, json5.NewMember{Name: pin.Plugin, Value: "{ \"enabled\": true }"})
	}
	if len(fresh) > 0 {
		edits = append(edits, entries.InsertMembers(fresh...))
	}
	return edits
}

func missingPlugins(pins []gateway.Pin) string {
	plugins := map[string]json.RawMessage{}
	if entries := missingEntries(pins); entries != "{}" {
		plugins["entries"] = json.RawMessage(entries)
	}
	if lacking := disallowed(pins); len(lacking) > 0 {
		plugins["allow"] = json.RawMessage(list(lacking))
	}
	return indented(plugins)
}

func missingEntries(pins []gateway.Pin) string {
	entries := map[string]map[string]bool{}
	for _, pin := range pins {
		if pin.Enable {
			entries[pin.Plugin] = map[string]bool{"enabled": true}
		}
	}
	return indented(entries)
}

// disallowed returns the plugins that plugins.allow lacks, as JSON strings.
func disallowed(pins []gateway.Pin) []string {
	var names []string
	for _, pin := range pins {
		if pin.Allow {
			names = append(names, indented(pin.Plugin))
		}
	}
	return names
}

func list(rawStrings []string) string {
	raw := make([]json.RawMessage, len(rawStrings))
	for i, s := range rawStrings {
		raw[i] = json.RawMessage(s)
	}
	return indented(raw)
}

// indented marshals plain names and booleans, which cannot fail.
func indented(value any) string {
	text, _ := json.MarshalIndent(value, "", "  ")
	return string(text)
}
