package dotenv

import "maps"

// DeleteAll does what [File.Delete] does for each of names, and costs one proof where
// all of them can go at once. Where they cannot, each half is tried. Names that keep
// each other from going one by one may go together.
func (f *File) DeleteAll(names []string) {
	if f.deletedTogether(names) {
		return
	}
	if len(names) <= 1 {
		for _, name := range names {
			f.Delete(name)
		}
		return
	}
	half := len(names) / 2
	f.DeleteAll(names[:half])
	f.DeleteAll(names[half:])
}

// deletedTogether takes the lines of names out of the file, if both readers then read
// every other name as before, and none of these.
func (f *File) deletedTogether(names []string) bool {
	gone := map[string]bool{}
	for _, name := range names {
		gone[name] = true
	}
	isGone := func(name, _ string) bool { return gone[name] }
	gateway, second := f.Map(), readSecond(f.src)
	maps.DeleteFunc(gateway, isGone)
	maps.DeleteFunc(second.values, isGone)
	edited := Parse(f.withoutLines(gone, ""))
	if !maps.Equal(edited.Map(), gateway) {
		return false
	}
	after := readSecond(edited.src)
	if second.failed == nil && (after.failed != nil || !maps.Equal(after.values, second.values)) {
		return false
	}
	*f = *edited
	return true
}
