//go:build !unix

package transcript

// processAlive says yes when in doubt: then age alone decides.
func processAlive(int) bool { return true }
