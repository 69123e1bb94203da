package dotenv

import (
	"maps"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Assignment is a name and the value that it is to have.
type Assignment struct {
	Name  string
	Value secret.Value
}

// SetAll does what [File.Set] does for one assignment after the other, and leaves
// the file as it was after an error. Names that the file does not have yet cost one
// proof together instead of one each.
func (f *File) SetAll(assignments []Assignment) error {
	if edited, ok := f.appended(assignments); ok {
		*f = *edited
		return nil
	}
	edited := Parse(f.src)
	for _, a := range assignments {
		if err := edited.Set(a.Name, a.Value); err != nil {
			return err
		}
	}
	*f = *edited
	return nil
}

// appended returns the file with new assignments in their best forms behind it, if
// both readers then read them as wanted and everything else as before.
func (f *File) appended(assignments []Assignment) (edited *File, ok bool) {
	gateway, second := f.Map(), readSecond(f.src)
	if second.failed != nil {
		return nil, false
	}
	text := f
	for _, a := range assignments {
		_, known := gateway[a.Name]
		possible := forms(a.Value.Reveal())
		if known || !isVariableName(a.Name) || a.Value.IsZero() || len(possible) == 0 {
			return nil, false
		}
		text = &File{src: text.assignment(a.Name, possible[0]).apply(text.src)}
		gateway[a.Name], second.values[a.Name] = a.Value.Reveal(), a.Value.Reveal()
	}
	edited = Parse(text.src)
	after := readSecond(edited.src)
	return edited, after.failed == nil && maps.Equal(edited.Map(), gateway) && maps.Equal(after.values, second.values)
}
