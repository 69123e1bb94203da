// Package search finds secrets in files of any size. It owns how a file is read: in blocks
// that begin and end with a line, over all cores, in memory that does not grow with the
// file; and how text is unwrapped: JSON strings, base64 and percent-encoding, one within
// the other, each secret with the bytes of the file that hold it.
//
// It knows rules, but no gateway: what kind of file it reads, and what a secret in it
// means, is the caller's business. It writes nothing but its cache.
package search
