package scan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/gitobjects"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// commits is what objects of a repository hold: for each value a hit, and the objects.
type commits map[string]*committed

type committed struct {
	search.Hit
	objects map[string]bool // by id
}

func (c commits) add(id string, hit search.Hit) {
	value := hit.Value.Reveal()
	if c[value] == nil {
		c[value] = &committed{hit, map[string]bool{}}
	}
	c[value].objects[id] = true
}

// ids returns the objects that hold something.
func (c commits) ids() []string {
	all := map[string]bool{}
	for _, committed := range c {
		maps.Copy(all, committed.objects)
	}
	return slices.Sorted(maps.Keys(all))
}

// findings returns one finding for each value and path, however many versions of the file
// hold it; what no commit leads to has the path "".
func (c commits) findings(file *gateway.File, places map[string]gitobjects.Place) []*Finding {
	type version struct {
		id string
		gitobjects.Place
	}
	var found []*Finding
	for _, value := range slices.Sorted(maps.Keys(c)) {
		var versions []version
		for id := range c[value].objects {
			versions = append(versions, version{id, places[id]})
		}
		slices.SortFunc(versions, func(a, b version) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Commit, b.Commit), cmp.Compare(a.id, b.id))
		})
		for len(versions) > 0 {
			first := versions[0]
			more := slices.IndexFunc(versions, func(v version) bool { return v.Path != first.Path || (v.Commit == "") != (first.Commit == "") })
			if more < 0 {
				more = len(versions)
			}
			found = append(found, &Finding{
				Rule: c[value].Rule, Detector: Known, Value: c[value].Value, Note: whereCommitted(first.Place, more-1),
				Location: Location{File: file, Pointer: first.id},
			})
			versions = versions[more:]
		}
	}
	return found
}

// whereCommitted says where an object is, and how many others are like it.
func whereCommitted(place gitobjects.Place, others int) string {
	var where string
	switch {
	case place.Commit == "":
		where = "in an object that no branch, tag or reflog leads to"
	case place.Path == "":
		where = "in the message of commit " + place.Commit
	default:
		where = fmt.Sprintf("in %s, commit %s", place.Path, place.Commit)
	}
	switch {
	case others == 1:
		return where + ", and in 1 other object"
	case others > 1:
		return fmt.Sprintf("%s, and in %d other objects", where, others)
	}
	return where
}
