package gateway

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/json5"
)

// maxIncludeDepth is MAX_INCLUDE_DEPTH of the product's config/includes.js.
const maxIncludeDepth = 10

// The product has no limit on how often files are included, nor on how much that
// makes: ten small files that include each other ten times over would keep it, and
// us, busy for ever. No real config comes near these.
const (
	maxIncludes = 1_000
	maxValues   = 1_000_000
)

// Config is the gateway's config as its files make it: the main file, what it
// includes, and every string in them with the place where it stands. References
// are not substituted yet; [Config.Resolve] does that.
type Config struct {
	Main *File
	// Files holds the main file and then each included one, once, in the order in
	// which the product reads them.
	Files []*File
	// Leaves holds every string value of every file, duplicates included.
	Leaves []*Leaf
	merged any
}

// Leaf is one string value at one place of the merged config. An included file
// that is mounted twice gives two leaves for one node.
type Leaf struct {
	File *File
	Node json5.Node
	// Text is the decoded string, references unsubstituted.
	Text string
	// Path is where the string stands in the merged config; elements of arrays
	// are decimal indexes.
	Path []string
	// Live is set when the merged config holds this very string; a leaf is not
	// live when a later duplicate key or a sibling of the include overrides it.
	Live bool
}

// Pattern returns the path in the product's notation: gateway.auth.token.
func (l *Leaf) Pattern() string { return strings.Join(l.Path, ".") }

// LoadConfig reads the config and its includes as the product does
// (config/io.js, config/includes.js). A Home without a config file has an empty
// one. What the product would refuse is an error here: text that is not JSON5, an
// include that is missing, circular or nested deeper than ten; so is a config of more
// than 1,000 includes, or of more than a million values: it would never end.
func (v *View) LoadConfig() (*Config, error) {
	c := &Config{}
	main, err := v.Read(v.Home.ConfigPath, Surface("config"))
	if err == nil && main == nil {
		err = danglingLink(v.Home.ConfigPath)
	}
	if err != nil || main == nil {
		return c, err
	}
	c.Main = main
	l := loader{view: v, config: c, files: map[string]*File{main.Path: main}}
	document, err := main.Document()
	if err != nil {
		return nil, err
	}
	c.Files = append(c.Files, main)
	c.merged, err = l.value(document.Root(), main, nil, []string{filepath.Clean(main.Path)})
	if err != nil {
		return nil, err
	}
	markLive(c.merged, nil)
	if version, ok := Lookup(c.Raw(), "meta", "lastTouchedVersion").(string); ok {
		v.Home.Version = version
	}
	return c, nil
}

// danglingLink refuses a config that is a symbolic link to nothing. The gateway
// takes that for no config; a person whose dotfiles are not mounted does not.
func danglingLink(path string) error {
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return nil
	}
	return &FileError{Path: path, Problem: "is a symbolic link that leads to no file: mend it, or remove it if there is no config"}
}

type loader struct {
	view   *View
	config *Config
	files  map[string]*File // by cleaned path, each parsed once
	// included counts the includes that were followed; from is the one that is being
	// followed now, nil in the main file.
	included int
	from     *mount
	values   int // converted so far
}

// mount is one include: the file that is included, and the place that asks for it.
type mount struct {
	file *File
	node json5.Node
}

// value converts a node of file to a tree of *object, []any, *Leaf and plain
// values, with includes resolved. chain holds the files that led here.
func (l *loader) value(node json5.Node, file *File, path, chain []string) (any, error) {
	if err := l.count(node, file); err != nil {
		return nil, err
	}
	switch node.Kind() {
	case json5.Object:
		return l.object(node, file, path, chain)
	case json5.Array:
		list := []any{}
		for i, element := range node.Elements() {
			item, err := l.value(element, file, append(path, strconv.Itoa(i)), chain)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		return list, nil
	case json5.String:
		return l.leaf(node, file, path), nil
	default:
		return node.Decode(), nil
	}
}

// leaf records a string. The path is copied: its array is used for what comes next.
func (l *loader) leaf(node json5.Node, file *File, path []string) *Leaf {
	leaf := &Leaf{File: file, Node: node, Text: node.Text(), Path: slices.Clone(path)}
	l.config.Leaves = append(l.config.Leaves, leaf)
	return leaf
}

// count refuses a config that grows beyond all bounds, at the include that is one too
// many.
func (l *loader) count(node json5.Node, file *File) error {
	if l.values++; l.values <= maxValues {
		return nil
	}
	if l.from != nil {
		file, node = l.from.file, l.from.node
	}
	return file.errorAt(node, fmt.Sprintf("the config grows to more than %d values here, which is too much to look at: take something out", maxValues))
}

func (l *loader) object(node json5.Node, file *File, path, chain []string) (any, error) {
	own := newObject()
	var include *json5.Node
	for _, member := range node.Members() {
		if member.Shadowed {
			if err := l.shadowed(member, file, append(path, member.Name)); err != nil {
				return nil, err
			}
			continue
		}
		if member.Name == "$include" {
			include = &member.Value
			continue
		}
		value, err := l.value(member.Value, file, append(path, member.Name), chain)
		if err != nil {
			return nil, err
		}
		own.set(member.Name, value)
	}
	if include == nil {
		return own, nil
	}
	included, err := l.include(*include, file, path, chain)
	if err != nil || len(own.keys) == 0 {
		return included, err
	}
	if _, ok := included.(*object); !ok {
		return nil, file.errorAt(*include, "keys beside $include need an included object")
	}
	return merge(included, own), nil
}

// shadowed records the strings of a member that a later duplicate overrides: the
// product never sees them, but they are in the file.
func (l *loader) shadowed(member json5.Member, file *File, path []string) error {
	var err error
	outer := member.Value.Pointer()
	member.Value.Walk(func(node json5.Node) bool {
		if err = l.count(node, file); err == nil && node.Kind() == json5.String {
			inner := strings.TrimPrefix(node.Pointer(), outer)
			l.leaf(node, file, append(path, pointerTokens(inner)...))
		}
		return err == nil
	})
	return err
}

func (l *loader) include(node json5.Node, file *File, path, chain []string) (any, error) {
	switch node.Kind() {
	case json5.String:
		return l.load(node, file, path, chain)
	case json5.Array:
		var merged any = newObject()
		for _, element := range node.Elements() {
			if element.Kind() != json5.String {
				return nil, file.errorAt(element, "an $include list holds file names only")
			}
			loaded, err := l.load(element, file, path, chain)
			if err != nil {
				return nil, err
			}
			merged = merge(merged, loaded)
		}
		return merged, nil
	default:
		return nil, file.errorAt(node, "$include takes a file name or a list of them")
	}
}

// load reads one included file and converts it where it is mounted.
func (l *loader) load(node json5.Node, from *File, path, chain []string) (any, error) {
	target := node.Text()
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(from.Path), target)
	}
	target = filepath.Clean(target)
	if slices.Contains(chain, target) {
		return nil, from.errorAt(node, "this $include is circular")
	}
	if len(chain) > maxIncludeDepth {
		return nil, from.errorAt(node, fmt.Sprintf("$include is nested deeper than %d", maxIncludeDepth))
	}
	if l.included++; l.included > maxIncludes {
		return nil, from.errorAt(node, fmt.Sprintf("this is one $include too many: %d were followed before it. Do files include each other over and over?", maxIncludes))
	}
	file, seen := l.files[target]
	if !seen {
		var err error
		if file, err = l.view.Read(target, "include"); err != nil {
			return nil, err
		}
		if file == nil {
			return nil, from.errorAt(node, "the included file does not exist")
		}
		l.files[target] = file
		l.config.Files = append(l.config.Files, file)
	}
	document, err := file.Document()
	if err != nil {
		return nil, err
	}
	outer := l.from
	l.from = &mount{from, node}
	value, err := l.value(document.Root(), file, path, append(slices.Clone(chain), target))
	l.from = outer
	return value, err
}

// markLive sets Live and the final Path of every leaf that the merged tree holds. The
// array of path is used for one leaf after the other.
func markLive(tree any, path []string) {
	switch value := tree.(type) {
	case *object:
		for _, key := range value.keys {
			markLive(value.values[key], append(path, key))
		}
	case []any:
		for i, item := range value {
			markLive(item, append(path, strconv.Itoa(i)))
		}
	case *Leaf:
		value.Live = true
		if !slices.Equal(value.Path, path) {
			value.Path = slices.Clone(path)
		}
	}
}

func pointerTokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens
}
