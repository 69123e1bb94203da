package main

import (
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// noteOthers prints a line for each Home of the person's other gateways, which a command
// on one Home leaves alone. It prints none where only results were asked for.
func noteOthers(io *ui.IO, s *session) {
	if s.flags.json || s.flags.quiet {
		return
	}
	names := newRulesMasker()
	for _, home := range s.others {
		where := ui.Clean(names.mask(shortPath(home)))
		if home.Resolved() {
			io.Printf("another gateway's Home: %s: run clawsecrets extract --state-dir %s\n", where, where)
		} else {
			io.Printf("another gateway's Home: %s (%s): clawsecrets scan shows what lies there, this version moves none of it\n", where, home.Product)
		}
	}
}

// gatewayName returns what a Home is called in output: "clawdbot 2026.1.24 in /home/u/.clawdbot".
func gatewayName(home *gateway.Home, names *nameMasker) string {
	name := string(home.Product)
	if home.Version != "" {
		name += " " + ui.Clean(home.Version)
	}
	return name + " in " + ui.Clean(names.mask(home.StateDir))
}

// shortPath returns the state directory as a person types it, with "~" where it lies in
// their home directory.
func shortPath(home *gateway.Home) string {
	if rel, err := filepath.Rel(home.UserHome, home.StateDir); err == nil && rel != "." && filepath.IsLocal(rel) {
		return "~/" + shellQuote(filepath.ToSlash(rel))
	}
	return shellQuote(home.StateDir)
}

// flagsOf returns the flags with which a command finds that Home: those that were given, if
// it finds it by them.
func flagsOf(g *global, home *gateway.Home) string {
	if found, err := gateway.Find(g.query()); err == nil && found.StateDir == home.StateDir {
		return homeFlags(g)
	}
	return " --state-dir " + ui.Clean(shortPath(home))
}

// canExtract reports whether something in a Home can move.
func canExtract(result *scan.Result, home *gateway.Home) bool {
	for _, f := range result.Findings {
		if f.Action == scan.Extract && home.Rel(f.File.Path) != f.File.Path {
			return true
		}
	}
	return false
}
