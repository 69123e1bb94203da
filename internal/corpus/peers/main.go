// Command peers measures clawsecrets beside other scanners on a generated corpus: whole
// processes, side by side on one machine, and what each of them finds of what is planted.
//
//	go run ./internal/corpus/peers -bytes 64MB
//
// It builds what it compares, in pinned versions, which takes a minute the first time.
// With -keep the corpus and the programs stay for the next time: empty that directory when
// package corpus has changed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
)

type options struct {
	bytes int64
	runs  int
	peers string
	keep  string
	one   bool
	json  bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	work := o.keep
	if work == "" {
		if work, err = os.MkdirTemp("", "peers-"); err != nil {
			return err
		}
		defer os.RemoveAll(work)
	}
	if work, err = filepath.Abs(work); err != nil {
		return err
	}
	dir, manifest, err := makeCorpus(work, o)
	if err != nil {
		return err
	}
	chosen, err := choose(o)
	if err != nil {
		return err
	}
	runners, missing := prepare(ctx, work, dir, chosen)
	measure(ctx, o.runs, runners)
	r := newReport(o.runs, manifest, runners, missing)
	if o.json {
		return r.json(os.Stdout)
	}
	return r.text(os.Stdout)
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("peers", flag.ExitOnError)
	o.bytes = 64 << 20
	flags.Func("bytes", "`SIZE` of the corpus, such as 64MB (default) or 512MB", func(text string) (err error) {
		o.bytes, err = parseSize(text)
		return err
	})
	flags.IntVar(&o.runs, "runs", 3, "`N` runs of each program, taking turns; the median counts")
	flags.StringVar(&o.peers, "peers", "", "comma-separated `LIST` of what to run: "+strings.Join(names(), ", ")+
		"\n(default: all but those that are slow on a corpus of that size)")
	flags.StringVar(&o.keep, "keep", "", "work in `DIR` and keep corpus and programs there for the next time")
	flags.BoolVar(&o.one, "one", false, "put the whole corpus into one file")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	_ = flags.Parse(args) // exits
	if o.runs < 1 || flags.NArg() > 0 {
		return o, fmt.Errorf("-runs must be positive, and there are no arguments")
	}
	return o, nil
}

func parseSize(text string) (int64, error) {
	number, found := strings.CutSuffix(strings.ToUpper(text), "MB")
	n, err := strconv.ParseInt(number, 10, 32)
	if !found || err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a size such as 64MB", text)
	}
	return n << 20, nil
}

// makeCorpus returns the corpus in the working directory, which it writes unless it is
// there already.
func makeCorpus(work string, o options) (string, *corpus.Manifest, error) {
	want := corpus.Of(o.bytes)
	dir := filepath.Join(work, fmt.Sprintf("corpus-%dMB", o.bytes>>20))
	manifest, err := corpus.Load(corpus.ManifestPath(dir))
	if err != nil || manifest.Options != want {
		if manifest, err = corpus.Write(dir, want); err != nil {
			return "", nil, err
		}
		if err := manifest.Save(corpus.ManifestPath(dir)); err != nil {
			return "", nil, err
		}
	}
	if !o.one {
		return dir, manifest, nil
	}
	joined := dir + "-one"
	if err := os.RemoveAll(joined); err != nil {
		return "", nil, err
	}
	manifest, err = corpus.Join(dir, joined, manifest)
	return joined, manifest, err
}
