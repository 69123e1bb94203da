package durable

import "os"

// hooks let a test stand between this package and the operating system. Every
// operation that changes something, or on whose answer a change depends, passes
// through here; without hooks it just happens.
type hooks struct {
	around func(op string, call func() error) error
	write  func(file *os.File, data []byte) error
}

func (h *hooks) do(op string, call func() error) error {
	if h.around == nil {
		return call()
	}
	return h.around(op, call)
}

func (h *hooks) writeAll(file *os.File, data []byte) error {
	if h.write != nil {
		return h.write(file, data)
	}
	_, err := file.Write(data)
	return err
}
