package service

import "slices"

// Removal is what has to go from a file so that it no longer sets a variable in one
// place; every other line and variable reads as before without it.
//
// Between Start and End stands nothing but the variable's name, its value and what
// the language of the file needs around them: no comment, no other word. What is
// left beside the value is therefore no secret.
type Removal struct {
	// The value, and where it is set. It is not known where it depends on a specifier
	// or on another variable.
	Assignment

	Start, End           int // bytes of the file
	ValueStart, ValueEnd int // the value as it is written there, quoted and escaped
}

// Removals returns what to take out of a file so that it no longer sets the
// variable: every assignment of it, also one that a later beats, in the order of the
// file and without overlap. It returns none where the file does not set it.
//
// The kind is that of the [Source] which the file is; the dialect depends on it.
// Its error is a *[ServiceFileError]: the file cannot be read to its end, or an
// assignment cannot be taken out without touching or guessing at something else.
//
// What else sets the variable is not looked at: a unit whose drop-in is relieved of
// it may set it too, and PassEnvironment= then takes the service manager's.
func Removals(kind, file string, data []byte, name string) ([]Removal, error) {
	language, ok := languageOf(kind)
	if !ok {
		return nil, &ServiceFileError{file, 0, "variables of a " + kind + " are not set in a file that could be changed"}
	}
	removals, err := language.find(file, data, name)
	if err != nil || len(removals) == 0 {
		return nil, err
	}
	if !language.proves(file, data, name, removals) {
		return nil, &ServiceFileError{file, removals[0].Line, "the variable cannot be taken out without changing what else the file says; take it out by hand"}
	}
	return removals, nil
}

// language is how files of a kind set variables.
type language struct {
	// find returns the removals, unproven.
	find func(file string, data []byte, name string) ([]Removal, error)
	// meaning returns all that a file says but for one variable, in order; false for
	// a file that is refused. Two files with the same meaning do the same.
	meaning func(data []byte, name string) ([]string, bool)
}

func languageOf(kind string) (language, bool) {
	switch kind {
	case SourceUnit, SourceDropIn:
		return language{unitRemovals, unitMeaning}, true
	case SourceEnvironmentFile:
		return language{envFileRemovals, envFileMeaning}, true
	case SourceEnvironmentD:
		return language{environmentDRemovals, envFileMeaning}, true
	case SourceServiceEnv, SourceWorkingDirectory:
		return language{dotenvRemovals, dotenvMeaning}, true
	case SourcePlist:
		return language{plistRemovals, plistMeaning}, true
	}
	return language{}, false
}

// proves reads the file as it would be, and reports whether it says the same as
// before without the variable.
func (l language) proves(file string, data []byte, name string, removals []Removal) bool {
	edited := without(data, removals)
	left, err := l.find(file, edited, name)
	if err != nil || len(left) > 0 {
		return false
	}
	before, ok := l.meaning(data, name)
	after, okAfter := l.meaning(edited, name)
	return ok && okAfter && slices.Equal(before, after)
}

// without returns data with the removals taken out.
func without(data []byte, removals []Removal) []byte {
	var out []byte
	done := 0
	for _, removal := range removals {
		out = append(out, data[done:removal.Start]...)
		done = removal.End
	}
	return append(out, data[done:]...)
}
