package extract

import "fmt"

// Refusal is a reason not to write: something is not as it was when it was read,
// or when it was written last.
type Refusal struct {
	Why   string
	cause error
}

func (r *Refusal) Error() string { return r.Why }

// Unwrap returns what the reason is an instance of, nil if it is none.
func (r *Refusal) Unwrap() error { return r.cause }

func refuse(format string, args ...any) error { return &Refusal{Why: fmt.Sprintf(format, args...)} }
