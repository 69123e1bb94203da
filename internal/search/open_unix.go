//go:build unix

package search

import (
	"os"
	"syscall"
)

// openFile opens a file to read. A pipe or a terminal does not make it wait.
func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
}
