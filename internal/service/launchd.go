package service

import (
	"bytes"
	"encoding/xml"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// LaunchAgent is what a launchd property list says about a service.
type LaunchAgent struct {
	Path             string
	Label            string                // the file's base name when the list has none
	Environment      map[string]Assignment // EnvironmentVariables
	WorkingDirectory string                // "" when it does not set one: launchd uses /
	ProgramArguments []string              // may hold a secret, never print it
}

// ParseLaunchAgent reads a property list in XML. Values are kept as they are:
// launchd does not trim them, the product's own reader does. Keys of other types
// than launchd.plist(5) gives them are ignored, as launchd does.
//
// Its error is a *ServiceFileError and never says what stands there. A binary list is one that
// cannot be read: it has to be converted first.
func ParseLaunchAgent(file string, text []byte) (*LaunchAgent, error) {
	list, err := readPlist(file, text)
	if err != nil {
		return nil, err
	}
	return list.agent, nil
}

// readPlist is [ParseLaunchAgent] with the places of what it read.
func readPlist(file string, text []byte) (*plistReader, error) {
	if bytes.HasPrefix(text, []byte("bplist")) {
		return nil, &ServiceFileError{file, 1, "a binary property list; convert it with plutil -convert xml1, then run again"}
	}
	reader := &plistReader{decoder: xml.NewDecoder(bytes.NewReader(text)), agent: &LaunchAgent{
		Path: file, Label: strings.TrimSuffix(filepath.Base(file), ".plist"),
		Environment: map[string]Assignment{},
	}}
	if err := reader.read(); err != nil {
		line, _ := reader.decoder.InputPos()
		return nil, &ServiceFileError{file, line, err.Error()}
	}
	return reader, nil
}

func (r *plistReader) value(element plistElement) {
	switch text := string(element.text); r.place() {
	case "plist dict:Label":
		r.agent.Label = text
	case "plist dict:WorkingDirectory":
		r.agent.WorkingDirectory = text
	case "plist dict:ProgramArguments array":
		r.agent.ProgramArguments = append(r.agent.ProgramArguments, text)
	case "plist dict:EnvironmentVariables dict":
		dict := &r.open[len(r.open)-1]
		name := dict.key
		if name == "" {
			return
		}
		r.variables = append(r.variables, plistVariable{name, dict.keyPlace, element})
		set := Assignment{Value: secret.New(text), Path: r.agent.Path, Line: element.line}
		if held, twice := r.agent.Environment[name]; twice && (held.Unknown || !held.Value.Equal(set.Value)) {
			// Which of two values counts is launchd's secret.
			set = Assignment{Unknown: true, Path: r.agent.Path, Line: element.line}
		}
		r.agent.Environment[name] = set
	}
}

// place names the elements that are open: "plist dict:ProgramArguments array".
// The key of the innermost dict is left out. Deeper places than those looked for
// are "".
func (r *plistReader) place() string {
	if len(r.open) < 2 || len(r.open) > 3 {
		return ""
	}
	place := "plist " + r.open[1].name + ":" + r.open[1].key
	if len(r.open) == 3 {
		place += " " + r.open[2].name
	}
	return place
}
