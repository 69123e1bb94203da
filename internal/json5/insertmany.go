package json5

// NewMember is a member to be inserted: its name, and JSON5 text.
type NewMember struct{ Name, Value string }

// InsertMembers returns the one edit that does what [Node.InsertMember] would do
// member by member; edits of one place cannot be applied together.
func (n Node) InsertMembers(members ...NewMember) Edit {
	return n.insertEach(len(members), func(object Node, i int) Edit {
		return object.InsertMember(members[i].Name, members[i].Value)
	})
}

// AppendElements does for an array what [Node.InsertMembers] does for an object.
func (n Node) AppendElements(rawValues ...string) Edit {
	return n.insertEach(len(rawValues), func(array Node, i int) Edit {
		return array.AppendElement(rawValues[i])
	})
}

// insertEach inserts count items one after the other into a copy of the document,
// and returns the difference as one edit.
func (n Node) insertEach(count int, insert func(container Node, i int) Edit) Edit {
	if n.value == nil {
		return refused()
	}
	container := n
	for i := range count {
		source, err := Apply(container.doc.source, []Edit{insert(container, i)})
		if err != nil {
			return refused()
		}
		document, err := Parse(source)
		if err != nil {
			return refused()
		}
		container = document.startingAt(n.Start(), n.Kind())
	}
	return difference(n.doc.source, container.doc.source)
}

// difference returns the edit that turns one text into another.
func difference(from, to []byte) Edit {
	start := 0
	for start < len(from) && start < len(to) && from[start] == to[start] {
		start++
	}
	end := 0
	for end < len(from)-start && end < len(to)-start && from[len(from)-1-end] == to[len(to)-1-end] {
		end++
	}
	return Edit{start, len(from) - end, string(to[start : len(to)-end])}
}

// startingAt returns the node of a kind that starts at an offset, the zero Node if
// none does. An insertion does not move what starts before it.
func (d *Document) startingAt(offset int, kind Kind) (found Node) {
	d.Root().Walk(func(node Node) bool {
		if node.Start() == offset && node.Kind() == kind {
			found = node
		}
		return found.value == nil && node.Start() <= offset && offset < node.End()
	})
	return found
}
