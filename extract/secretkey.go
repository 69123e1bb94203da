package extract

import (
	"slices"
	"strconv"

	"github.com/clawsecrets/clawsecrets/internal/json5"
)

// publicPath returns a config path that a variable can be named after, since names are no
// secrets: a key that is one is replaced by its position in its object, counted from 1.
// node is where the path leads to, in the file that has it; a position that is not known,
// as it is in the file that includes that one, is 0.
func (p *planner) publicPath(path []string, node json5.Node) []string {
	path = slices.Clone(path)
	for i := len(path) - 1; i >= 0; i-- {
		container, index, ok := node.Parent()
		if !ok {
			index = -1
		}
		if p.secretKey(path[i]) {
			path[i] = strconv.Itoa(index + 1)
		}
		node = container
	}
	return path
}

func (p *planner) secretKey(key string) bool { return len(p.inNames.Find(key)) > 0 }
