package dotenv

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// DeleteAll takes away what Delete takes away name by name, and leaves the same rest.
// Only where Delete leaves one of the names it may take away more.
func TestDeleteAllIsDeleteOneByOne(t *testing.T) {
	for _, source := range []string{
		"", "A=1\n", "A=1\nB=2\nC=3\n", "A=1\r\nB=2\r\n# c\r\nC=3", "export A=1 # x\nB='2' C=3\nD=4\n",
		"A=1\nA=2\nB=3\n", "A='x\nB=2\n'\nC=3\n", "A=\nB=1\n", "D=$A\nA=1\nB=2\n", "words\nA=1\nB=2\n", "A=\"\nB=1\n", "\ufeffA=1\nB=2\n",
		"A=1\u2028B=2\nC=3\n", "B:\nA=1\nC=x\n",
	} {
		for names := range strings.SplitSeq("A|B|A B|C B A|A Z C|Z|", "|") {
			one, all := Parse([]byte(source)), Parse([]byte(source))
			for _, name := range strings.Fields(names) {
				one.Delete(name)
			}
			all.DeleteAll(strings.Fields(names))
			left := func(f *File) (count int) {
				for _, name := range strings.Fields(names) {
					if _, ok := f.Get(name); ok {
						count++
					}
				}
				return count
			}
			if string(one.Bytes()) != string(all.Bytes()) && left(all) >= left(one) {
				t.Errorf("%q without %s: one by one %q, together %q", source, names, one.Bytes(), all.Bytes())
			}
		}
	}
}

// Whatever the file: names that are not to go read as before.
func FuzzDeleteAll(f *testing.F) {
	for _, seed := range []string{"A=1\nB=2\nC=3\n", "A='\nB=\"\nC=3'\n", "A=1\u2028B=2\r\nC=\nD=$A\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		file := Parse([]byte(source))
		before, second := file.Map(), readSecond(file.src)
		file.DeleteAll([]string{"A", "B"})
		after := file.Map()
		for _, values := range []map[string]string{before, after, second.values} {
			maps.DeleteFunc(values, func(name, _ string) bool { return slices.Contains([]string{"A", "B"}, name) })
		}
		if !maps.Equal(before, after) {
			t.Errorf("%q becomes %q", source, file.Bytes())
		}
		now := readSecond(file.src)
		maps.DeleteFunc(now.values, func(name, _ string) bool { return slices.Contains([]string{"A", "B"}, name) })
		if second.failed == nil && (now.failed != nil || !maps.Equal(second.values, now.values)) {
			t.Errorf("the second reader: %q becomes %q", source, file.Bytes())
		}
	})
}
