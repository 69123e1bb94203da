package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// peer is a program to compare: how it is got, called and understood. To adapt to another
// command line, change the table.
type peer struct {
	name  string
	build build
	// args are its arguments. DIR stands for the corpus, OUT for a file that it should
	// write what it found to; without OUT that is its standard output.
	args []string
	// show is what to add so that it tells the secrets themselves, in a run that is not
	// measured. An empty list says that the measured runs tell them.
	show []string
	exit int // what it exits with when it has found something
	// found reads what it wrote. A nil list of values says that it tells none.
	found func(output []byte) (count int, values []string, err error)
	// most is the largest corpus in bytes that it is run on unless asked for; 0 is any.
	most     int64
	optional bool // run only when asked for
}

const usName = "clawsecrets"

var gitleaksArgs = []string{"dir", "DIR", "--no-banner", "--log-level", "error", "--exit-code", "0",
	"--max-target-megabytes", "0", "--report-format", "json", "--report-path", "OUT"}

// peers are the programs, ours first.
var peers = []peer{{
	name:  usName,
	build: goBuild,
	args:  []string{"scan", "--no-cache", "--format", "json", "DIR"},
	show:  []string{"--show-secrets=always"},
	exit:  1,
	found: clawsecretsFound,
}, {
	name:     usName + "-gitleaks-rules",
	build:    goBuild,
	args:     []string{"scan", "--no-cache", "--format", "json", "--gitleaks-rules-only", "DIR"},
	show:     []string{"--show-secrets=always"},
	exit:     1,
	found:    clawsecretsFound,
	optional: true,
}, {
	name:  "gitleaks-re2", // as released
	build: goInstall(gitleaks, "gore2regex"),
	args:  gitleaksArgs,
	found: gitleaksFound,
}, {
	name:  "gitleaks", // as go install makes it
	build: goInstall(gitleaks, ""),
	args:  gitleaksArgs,
	found: gitleaksFound,
	most:  64 << 20,
}, {
	name:  "rg", // a lower bound: it looks for prefixes and understands nothing
	build: inPath("rg", "install ripgrep: https://github.com/BurntSushi/ripgrep#installation"),
	args:  append([]string{"--no-ignore", "-F", "-c"}, patterns()...),
	found: rgFound,
}}

// patterns are the arguments that have rg look for the prefixes of twenty providers.
func patterns() []string {
	var args []string
	for _, prefix := range []string{"sk-ant-", "sk-proj-", "ghp_", "github_pat_", "gho_", "xoxb-", "xapp-", "xoxp-", "AKIA", "AIza",
		"hf_", "npm_", "pypi-AgE", "sk_live_", "SG.", "pplx-", "lin_api_", "ntn_", "dop_v1_", "glpat-"} {
		args = append(args, "-e", prefix)
	}
	return append(args, "DIR")
}

func names() []string {
	var all []string
	for _, p := range peers {
		all = append(all, p.name)
	}
	return all
}

// choose returns the peers to run.
func choose(o options) ([]peer, error) {
	var chosen []peer
	if o.peers == "" {
		for _, p := range peers {
			if !p.optional && (p.most == 0 || o.bytes <= p.most) {
				chosen = append(chosen, p)
			}
		}
		return chosen, nil
	}
	for name := range strings.SplitSeq(o.peers, ",") {
		i := slices.IndexFunc(peers, func(p peer) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no peer is named %q: there are %s", name, strings.Join(names(), ", "))
		}
		chosen = append(chosen, peers[i])
	}
	return chosen, nil
}

func clawsecretsFound(output []byte) (int, []string, error) {
	var report struct {
		Findings []struct{ Secret string }
	}
	err := json.Unmarshal(output, &report)
	values := []string{}
	for _, f := range report.Findings {
		values = append(values, f.Secret)
	}
	return len(values), values, err
}

func gitleaksFound(output []byte) (int, []string, error) {
	var findings []struct{ Secret string }
	err := json.Unmarshal(output, &findings)
	values := []string{}
	for _, f := range findings {
		values = append(values, f.Secret)
	}
	return len(values), values, err
}

// rgFound adds up lines of file:count, or of the count alone when there is one file.
func rgFound(output []byte) (int, []string, error) {
	sum := 0
	for line := range strings.Lines(string(output)) {
		line = strings.TrimSpace(line)
		n, err := strconv.Atoi(line[strings.LastIndexByte(line, ':')+1:])
		if err != nil {
			return 0, nil, fmt.Errorf("rg did not print counts")
		}
		sum += n
	}
	return sum, nil, nil
}
