//go:build !unix

package gitobjects

import "errors"

func makePipe(string) error { return errors.ErrUnsupported }
