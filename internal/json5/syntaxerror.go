package json5

import "fmt"

// SyntaxError says where a text stops being JSON5, and what is wrong there.
type SyntaxError struct {
	Line    int    // from 1
	Column  int    // from 1, in characters
	Problem string // never quotes the text, which may hold secrets
}

// Error returns "line:column: problem", ready to follow a file name and a colon.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Problem)
}

func newSyntaxError(src []byte, offset int, problem string) *SyntaxError {
	line, column := position(src, offset)
	return &SyntaxError{line, column, problem}
}
