package extract

import (
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
)

// removeProfile takes a profile out of its store, with the store's own order,
// last-good and usage entries for it. The store itself stays: without one an agent
// would inherit main's anew.
func (p *planner) removeProfile(c candidate) {
	store := c.agent.Store
	object, index, ok := memberOf(c.profile.Node)
	if !ok {
		return
	}
	p.edit(store).remove(object, index)
	document, err := store.Document()
	if err != nil {
		return
	}
	id := c.profile.ID
	p.removeMembers(store, document, "/usageStats", func(m json5.Member) bool { return m.Name == id })
	p.removeMembers(store, document, "/lastGood", func(m json5.Member) bool { return m.Value.Text() == id })
	p.removeFromOrders(store, document, "/order", id)
}

// removeMentions takes moved profiles out of the config's auth.profiles and
// auth.order. Where those stand in a file that is not ours they stay: the gateway
// passes over profiles that do not exist.
func (p *planner) removeMentions(candidates []candidate) {
	for _, file := range p.result.Config.Files {
		document, err := file.Document()
		if err != nil || unwritable(file) != "" {
			continue
		}
		for _, c := range candidates {
			id := c.profile.ID
			p.removeMembers(file, document, "/auth/profiles", func(m json5.Member) bool { return m.Name == id && plainMention(m) })
			p.removeFromOrders(file, document, "/auth/order", id)
			p.ignore = append(p.ignore, []string{"auth", "profiles", id})
		}
	}
	p.ignore = append(p.ignore, []string{"auth", "order"})
}

func (p *planner) removeMembers(file *gateway.File, document *json5.Document, pointer string, match func(json5.Member) bool) {
	object, ok := document.At(pointer)
	if !ok || object.Kind() != json5.Object {
		return
	}
	for i, member := range object.Members() {
		if match(member) && removable(object, i) {
			p.edit(file).remove(object, i)
		}
	}
}

// plainMention reports whether what the config says of a profile is what the gateway
// knows (config/zod-schema.js): anything else could be a secret of its own.
func plainMention(m json5.Member) bool {
	return onlyStrings(m.Value, "provider", "mode", "email")
}

// onlyStrings reports whether an object has no other members than some strings, each
// at most once.
func onlyStrings(object json5.Node, names ...string) bool {
	return !slices.ContainsFunc(object.Members(), func(m json5.Member) bool {
		return m.Shadowed || m.Value.Kind() != json5.String || !slices.Contains(names, m.Name)
	})
}

// removeFromOrders takes id out of every list of an order object; a list that
// would be left empty goes altogether, since an empty order means no profile.
func (p *planner) removeFromOrders(file *gateway.File, document *json5.Document, pointer, id string) {
	order, ok := document.At(pointer)
	if !ok || order.Kind() != json5.Object {
		return
	}
	for i, member := range order.Members() {
		elements := member.Value.Elements()
		named := func(n json5.Node) bool { return n.Kind() == json5.String && n.Text() == id }
		if !slices.ContainsFunc(elements, named) {
			continue
		}
		if !slices.ContainsFunc(elements, func(n json5.Node) bool { return !named(n) }) {
			if removable(order, i) {
				p.edit(file).remove(order, i)
			}
			continue
		}
		for j, element := range elements {
			if named(element) && removable(member.Value, j) {
				p.edit(file).remove(member.Value, j)
			}
		}
	}
}
