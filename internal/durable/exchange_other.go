//go:build !linux && !darwin

package durable

import "os"

// exchange is not to be had here.
func exchange(*os.File, string, *os.File, string) error { return ErrNoExchange }

// renameNew is not to be had here; a hard link serves instead.
func renameNew(*os.File, string, *os.File, string) error { return ErrNoExchange }
