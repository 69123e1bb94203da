package scan

import (
	"context"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
)

// Options narrow a scan. The zero value scans everything.
type Options struct {
	Only, Skip []string // globs over File.Rel and config paths
	// Rules is a user's own configuration of rules, nil for the default rules.
	Rules *rules.UserConfig
	// GitleaksOnly applies the rules of gitleaks alone, to lines as they are, to compare.
	GitleaksOnly bool
	// Known are values to find wherever they stand, beside those that the scan finds at known
	// places. They are searched where Everywhere is set.
	Known []rules.Known
	// Everywhere, if set, makes the scan read all places, not only the live files and
	// their copies in the state directory.
	Everywhere *Everywhere
}

// strict reports whether a Home that the product would not read is an error.
func (o Options) strict() bool { return o.Everywhere == nil || o.Everywhere.Strict }

// Home scans a gateway's Home: its config with includes, the agents' auth stores,
// the credentials folder, the .env, backups and generated copies of the config,
// device and node tokens; with options.Everywhere also all else in the state directory
// and what belongs to it outside. What it leaves out on purpose is named in the coverage.
// An error means that nothing can be said of the Home at all: its config or an
// auth store is not what the product would read. With options.Everywhere that is no error:
// it is named in the coverage as unread, and the rest is scanned. When ctx is done, what was found so far
// is returned with its error.
func Home(ctx context.Context, view *gateway.View, options Options) (*Result, error) {
	s := newScanner(view, options)
	rest := s.rest
	if options.Everywhere != nil {
		rest = func() error { return s.everywhere(ctx) }
	}
	for _, step := range append(s.live(), rest) {
		if err := ctx.Err(); err != nil {
			return s.result, err
		}
		if err := step(); err != nil && ctx.Err() == nil {
			return nil, err
		}
	}
	if err := s.finish(); err != nil {
		return nil, err
	}
	return s.result, ctx.Err()
}

// live returns the steps that read what the gateway uses, for what it means.
func (s *scanner) live() []func() error {
	return []func() error{s.config, s.environment, s.agents, s.dotenv}
}

// finish relates the findings to one another. It fails where a rule cannot be used: that
// finds nothing, and "nothing found" would be a lie.
func (s *scanner) finish() error {
	if err := s.judge.rules.Err(); err != nil {
		return err
	}
	s.findCopies()
	s.findReuse()
	s.sort()
	return nil
}

type scanner struct {
	judge   *judge
	result  *Result
	options Options
	seen    map[*gateway.File]bool
	named   map[namedAt]bool
	settled map[*gateway.File]gateway.Place // what files are by where they lie, save what is read for its meaning
	broken  map[string]bool                 // files that an error was recorded for, by what they are shown as
	reach   *reach
	// absolute is set where the files of the Home are shown with absolute names.
	absolute bool
	// positions finds lines and columns, by file.
	positions map[*gateway.File]func(offset int) (line, column int)
}

func newScanner(view *gateway.View, options Options) *scanner {
	judge := newJudge(options)
	return &scanner{
		judge: judge, options: options, reach: newReach(),
		result: &Result{View: view, References: map[string]int{}, rules: judge.rules},
	}
}

// count adds a file to the coverage, once.
func (s *scanner) count(file *gateway.File) {
	if s.seen == nil {
		s.seen = map[*gateway.File]bool{}
	}
	if !s.seen[file] {
		s.seen[file] = true
		s.result.Coverage.Files++
		s.result.Coverage.Bytes += int64(len(file.Data))
	}
}

func (s *scanner) config() error {
	config, err := s.result.View.LoadConfig()
	if err != nil {
		return s.orUnread(s.result.View.Home.ConfigPath, err)
	}
	s.result.Config = config
	for _, file := range config.Files {
		s.count(file)
		s.beside(file)
	}
	done := map[place]bool{}
	for _, leaf := range config.Leaves {
		for _, name := range gateway.References(leaf.Text) {
			s.result.References[name]++
		}
		// An include that is mounted twice is one place in one file.
		if at := (place{leaf.File, leaf.Node.Start()}); !done[at] {
			done[at] = true
			s.leaf(leaf)
		}
	}
	return nil
}

type place struct {
	file  *gateway.File
	start int
}

func (s *scanner) leaf(leaf *gateway.Leaf) {
	known, _ := s.judge.paths.Find(leaf.Path)
	for _, v := range s.judge.config(leaf.Path, leaf.Text) {
		f := s.found(leaf.File, leaf.Node, v)
		if f == nil {
			continue
		}
		f.Leaf, f.Env = leaf, known.Variable
		if leaf.File.Outside() {
			f.Action, f.Note = Keep, "the file lies outside the state directory"
		}
		s.weigh(f, known.MinLength)
	}
}

func (s *scanner) environment() error {
	env, err := s.result.View.LoadEnv()
	if err != nil {
		if s.options.strict() {
			return err
		}
		_ = s.orUnread(s.result.View.Home.EnvPath(), err)
		env = s.outerEnvironment()
	}
	s.result.Env = env
	if s.result.Config != nil {
		s.result.Resolved = s.result.Config.Resolve(env)
	}
	return nil
}

// outerEnvironment returns the gateway's environment without the .env of the state
// directory, as far as it is known.
func (s *scanner) outerEnvironment() *gateway.Env {
	view := s.result.View
	env, err := view.With(map[string][]byte{view.Home.EnvPath(): nil}).LoadEnv()
	if err != nil {
		env = &gateway.Env{Dotenv: dotenv.Parse(nil)}
	}
	env.File = nil
	return env
}

// sort orders the findings by file and place.
func (s *scanner) sort() {
	slices.SortStableFunc(s.result.Findings, func(a, b *Finding) int {
		if a.File.Rel != b.File.Rel {
			return compareFiles(a.File, b.File)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}

// compareFiles orders by surface, the config first, and then by name.
func compareFiles(a, b *gateway.File) int {
	if rank := surfaceRank(a.Surface) - surfaceRank(b.Surface); rank != 0 {
		return rank
	}
	if a.Rel < b.Rel {
		return -1
	}
	return 1
}

func surfaceRank(surface gateway.Surface) int {
	order := []gateway.Surface{"config", "include", "auth-profile", "credentials", "device", "generated", "backup", "dotenv"}
	if i := slices.Index(order, surface); i >= 0 {
		return i
	}
	return len(order)
}
