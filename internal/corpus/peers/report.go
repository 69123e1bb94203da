package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"text/tabwriter"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
)

// report is what -json prints. Its keys are only ever added to.
type report struct {
	Go, System string
	Cores      int
	Runs       int
	Bytes      int64
	Files      int
	Peers      []row
	Missing    []string // what could not be compared, and why
}

// row has the medians of a peer.
type row struct {
	Name         string
	Wall, CPU    float64 // seconds
	MBPerSecond  float64 // of wall time; a MB is 10^6 bytes
	Peak         int64   // bytes
	TimesOurs    float64 // how often as long it took as clawsecrets; 0 when that did not run
	Findings     int
	UnplantedPer float64  // MB, of different values
	Quality      *quality // nil when it tells no values
}

func newReport(runs int, m *corpus.Manifest, runners []*runner, missing []error) report {
	r := report{Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(),
		Runs: runs, Bytes: m.Bytes(), Files: len(m.Files)}
	for _, err := range missing {
		r.Missing = append(r.Missing, err.Error())
	}
	megabytes := float64(m.Bytes()) / 1e6
	var ours float64
	for _, peer := range runners {
		if peer.err != nil {
			r.Missing = append(r.Missing, fmt.Sprintf("%s: %v", peer.name, peer.err))
			continue
		}
		used := peer.median()
		line := row{Name: peer.name, Wall: used.wall.Seconds(), CPU: used.cpu.Seconds(), Peak: used.peak, Findings: peer.count}
		line.MBPerSecond = megabytes / line.Wall
		if peer.name == usName {
			ours = line.Wall
		}
		if peer.values != nil {
			q := judge(m.Planted, peer.values)
			line.Quality, line.UnplantedPer = &q, float64(q.Unplanted)/megabytes
		}
		r.Peers = append(r.Peers, line)
	}
	for i := range r.Peers {
		if ours > 0 {
			r.Peers[i].TimesOurs = r.Peers[i].Wall / ours
		}
	}
	return r
}

func (r report) json(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "\t")
	return encoder.Encode(r)
}

func (r report) text(w io.Writer) error {
	fmt.Fprintf(w, "%s on %s, %d cores; %.1f MB in %d files; median of %d runs\n\n",
		r.Go, r.System, r.Cores, float64(r.Bytes)/1e6, r.Files, r.Runs)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "program\twall s\tMB/s\tCPU s\tpeak MiB\t× ours\tfindings\t")
	for _, p := range r.Peers {
		fmt.Fprintf(table, "%s\t%.3f\t%.1f\t%.3f\t%d\t%.2f\t%d\t\n", p.Name, p.Wall, p.MBPerSecond, p.CPU, p.Peak>>20, p.TimesOurs, p.Findings)
	}
	fmt.Fprintln(table)
	fmt.Fprintln(table, "program\trecall, exact\tnear\tkinds with a gitleaks rule\tunplanted\tper MB\t")
	for _, p := range r.Peers {
		if q := p.Quality; q != nil {
			fmt.Fprintf(table, "%s\t%.1f %%\t%.1f %%\t%.1f %%\t%d\t%.2f\t\n", p.Name,
				percent(q.Exact, q.Planted), percent(q.Near, q.Planted), 100*q.Known, q.Unplanted, p.UnplantedPer)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, p := range r.Peers {
		if p.Quality == nil || len(p.Quality.Missed) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s, recall of the kinds below 1:\n", p.Name)
		for _, kind := range slices.Sorted(maps.Keys(p.Quality.Missed)) {
			fmt.Fprintf(w, "  %.2f %s\n", p.Quality.Missed[kind], kind)
		}
	}
	for _, why := range r.Missing {
		fmt.Fprintln(w, "\nnot compared:", why)
	}
	return nil
}

func percent(part, of int) float64 { return 100 * float64(part) / float64(max(1, of)) }
