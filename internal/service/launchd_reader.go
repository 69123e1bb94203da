package service

import (
	"encoding/xml"
	"errors"
	"io"
)

// maxPlistDepth is far beyond what a property list of a service needs.
const maxPlistDepth = 64

var errPlist = errors.New("not a well-formed XML property list; correct it, or have the product install its service again")

// plistReader walks the list's elements and keeps the few that matter. A value's
// place is the keys of the dicts around it; in an array it is the array's.
type plistReader struct {
	decoder   *xml.Decoder
	agent     *LaunchAgent
	variables []plistVariable // of EnvironmentVariables, in order
	open      []plistElement
	root      bool // a plist element was seen
}

type plistElement struct {
	plistPlace
	name     string
	line     int
	text     []byte
	nested   bool       // has an element in it
	key      string     // of a dict: the last key read
	keyPlace plistPlace // where that stands
}

// plistPlace is where an element stands in the file, from tag to tag, and what is
// between its tags.
type plistPlace struct{ start, innerStart, innerEnd, end int }

// plistVariable is a key of EnvironmentVariables and a string that follows it.
type plistVariable struct {
	name  string
	key   plistPlace
	value plistElement
}

func (r *plistReader) read() error {
	for {
		before := int(r.decoder.InputOffset())
		token, err := r.decoder.Token()
		if err == io.EOF && r.root && len(r.open) == 0 {
			return nil
		}
		if err != nil {
			return errPlist
		}
		after := int(r.decoder.InputOffset())
		switch token := token.(type) {
		case xml.StartElement:
			err = r.start(token.Name.Local, before, after)
		case xml.EndElement:
			r.end(before, after)
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

func (r *plistReader) start(name string, before, after int) error {
	if len(r.open) == 0 {
		if name != "plist" || r.root {
			return errPlist
		}
		r.root = true
	}
	if len(r.open) == maxPlistDepth {
		return errors.New("elements are nested too deeply for a service's property list")
	}
	if n := len(r.open); n > 0 {
		r.open[n-1].nested = true
	}
	line, _ := r.decoder.InputPos()
	r.open = append(r.open, plistElement{name: name, line: line, plistPlace: plistPlace{start: before, innerStart: after}})
	return nil
}

func (r *plistReader) end(before, after int) {
	last := len(r.open) - 1
	element := r.open[last]
	element.innerEnd, element.end = before, after
	r.open = r.open[:last]
	if element.name == "key" && last > 0 {
		r.open[last-1].key = string(element.text)
		r.open[last-1].keyPlace = element.plistPlace
	}
	if element.name == "string" {
		r.value(element)
	}
}
