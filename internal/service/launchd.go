package service

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// maxPlistDepth is far beyond what a property list of a service needs.
const maxPlistDepth = 64

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
	if bytes.HasPrefix(text, []byte("bplist")) {
		return nil, &ServiceFileError{file, 1, "a binary property list; convert it with plutil -convert xml1, then run again"}
	}
	agent := &LaunchAgent{
		Path: file, Label: strings.TrimSuffix(filepath.Base(file), ".plist"),
		Environment: map[string]Assignment{},
	}
	reader := plistReader{decoder: xml.NewDecoder(bytes.NewReader(text)), agent: agent}
	if err := reader.read(); err != nil {
		line, _ := reader.decoder.InputPos()
		return nil, &ServiceFileError{file, line, err.Error()}
	}
	return agent, nil
}

var errPlist = errors.New("not a well-formed XML property list; correct it, or have the product install its service again")

// plistReader walks the list's elements and keeps the few that matter. A value's
// place is the keys of the dicts around it; in an array it is the array's.
type plistReader struct {
	decoder *xml.Decoder
	agent   *LaunchAgent
	open    []plistElement
	root    bool // a plist element was seen
}

type plistElement struct {
	name string
	key  string // of a dict: the last key read
	line int
	text []byte
}

func (r *plistReader) read() error {
	for {
		token, err := r.decoder.Token()
		if err == io.EOF && r.root && len(r.open) == 0 {
			return nil
		}
		if err != nil {
			return errPlist
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = r.start(token.Name.Local)
		case xml.EndElement:
			r.end()
		case xml.CharData:
			if n := len(r.open); n > 0 {
				r.open[n-1].text = append(r.open[n-1].text, token...)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (r *plistReader) start(name string) error {
	if len(r.open) == 0 {
		if name != "plist" || r.root {
			return errPlist
		}
		r.root = true
	}
	if len(r.open) == maxPlistDepth {
		return errors.New("elements are nested too deeply for a service's property list")
	}
	line, _ := r.decoder.InputPos()
	r.open = append(r.open, plistElement{name: name, line: line})
	return nil
}

func (r *plistReader) end() {
	last := len(r.open) - 1
	element := r.open[last]
	r.open = r.open[:last]
	if element.name == "key" && last > 0 {
		r.open[last-1].key = string(element.text)
	}
	if element.name == "string" {
		r.value(element)
	}
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
		name := r.open[len(r.open)-1].key
		if name == "" {
			return
		}
		set := Assignment{Value: secret.New(text), Path: r.agent.Path, Line: element.line}
		if held, twice := r.agent.Environment[name]; twice && !held.Value.Equal(set.Value) {
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
