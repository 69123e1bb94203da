package main

import (
	"strings"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// The JSON that verify prints.
type (
	jsonVerification struct {
		Schema     int           `json:"schema"`
		Gateway    jsonGateway   `json:"gateway"`
		References int           `json:"references"`
		Problems   []jsonProblem `json:"problems"`
	}
	jsonProblem struct {
		Where   string `json:"where"`
		What    string `json:"what"`
		Type    string `json:"type"`
		Warning bool   `json:"warning"`
	}
)

// printVerification prints what is wrong, and for each what to type.
func printVerification(io *ui.IO, o *verifyOptions, session *session, found *verified) error {
	home, names := session.view.Home, found.names
	problems := []jsonProblem{}
	for _, p := range found.Problems {
		problems = append(problems, jsonProblem{
			Where: names.mask(p.Where), What: names.mask(p.What),
			Type: names.mask(whatToType(o.global, p)), Warning: p.Warning,
		})
	}
	if o.json {
		return printJSON(io, jsonVerification{
			Schema: 1, Gateway: gatewayReport(home, names), References: found.References, Problems: problems,
		})
	}
	if !o.quiet {
		printGateway(io, home, names)
	}
	for _, p := range problems {
		mark := io.Paint(ui.Red, "wrong")
		if p.Warning {
			mark = io.Paint(ui.Yellow, "note ")
		}
		io.Printf("%s  %s  %s\n       %s\n", mark, ui.Clean(p.Where), ui.Clean(p.What), ui.Clean(p.Type))
	}
	if !found.Failed() && !o.quiet {
		io.Printf("%s\n", io.Paint(ui.Green, "Everything is as it should be: "+plural(found.References, "reference resolves", "references resolve")+"."))
	}
	return nil
}

// whatToType returns a problem's command, ready to be pasted, and what else there is to do.
func whatToType(g *global, p extract.Problem) string {
	if len(p.Command) == 0 {
		return p.Do
	}
	words := make([]string, len(p.Command))
	for i, word := range p.Command {
		words[i] = shellQuote(word)
	}
	command := strings.Join(words, " ")
	if p.Command[0] == "clawsecrets" {
		command += homeFlags(g)
	}
	if p.Do == "" {
		return command
	}
	return command + "; " + p.Do
}
