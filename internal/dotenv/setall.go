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
	edited, err := f.withAll(assignments)
	if err == nil {
		*f = *edited
	}
	return err
}

// withAll returns the file with assignments made. Where they cannot be proven
// together, each half is tried: one odd value must not make a thousand others be
// proven one by one.
func (f *File) withAll(assignments []Assignment) (*File, error) {
	if edited, ok := f.appended(assignments); ok {
		return edited, nil
	}
	if len(assignments) <= 1 {
		edited := Parse(f.src)
		for _, a := range assignments {
			if err := edited.Set(a.Name, a.Value); err != nil {
				return nil, err
			}
		}
		return edited, nil
	}
	half := len(assignments) / 2
	edited, err := f.withAll(assignments[:half])
	if err != nil {
		return nil, err
	}
	return edited.withAll(assignments[half:])
}

// appended returns the file with new assignments in their best forms behind it, if
// both readers then read them as wanted and everything else as before.
func (f *File) appended(assignments []Assignment) (edited *File, ok bool) {
	gateway, second := f.Map(), readSecond(f.src)
	if second.failed != nil || len(assignments) == 0 {
		return nil, false
	}
	var lines []string
	for _, a := range assignments {
		_, known := gateway[a.Name]
		possible := forms(a.Value.Reveal())
		if known || !isVariableName(a.Name) || a.Value.IsZero() || len(possible) == 0 {
			return nil, false
		}
		lines = append(lines, a.Name+"="+possible[0])
		gateway[a.Name], second.values[a.Name] = a.Value.Reveal(), a.Value.Reveal()
	}
	edited = Parse([]byte(string(f.src) + f.newLines(lines...)))
	after := readSecond(edited.src)
	return edited, after.failed == nil && maps.Equal(edited.Map(), gateway) && maps.Equal(after.values, second.values)
}
