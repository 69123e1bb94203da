package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// KeySize is the length of a [Key] in bytes.
const KeySize = 32

// Key is the per-user key under which values are fingerprinted and our own
// state is signed. It lives outside every Home, so that an agent which can write
// in a Home can neither guess a short password from its fingerprint nor forge a
// receipt.
type Key [KeySize]byte

// Fingerprint names a value without giving it away: HMAC-SHA-256 under the key,
// the first 16 hex digits. A bare hash would do for long tokens, but the hash of
// a short password can be guessed.
func (k Key) Fingerprint(v Value) string {
	return k.MAC([]byte(v.Reveal()))[:16]
}

// MAC returns the HMAC-SHA-256 of data under the key, in 64 hex digits.
func (k Key) MAC(data []byte) string {
	mac := k.NewMAC()
	_, _ = mac.Write(data) // never fails, see hash.Hash
	return mac.Sum()
}

// MAC computes an HMAC-SHA-256 of what is written to it, for data that comes in parts.
type MAC struct{ hash hash.Hash }

// NewMAC begins an HMAC under the key.
func (k Key) NewMAC() MAC { return MAC{hmac.New(sha256.New, k[:])} }

// Write adds a part; it never fails.
func (m MAC) Write(part []byte) (int, error) { return m.hash.Write(part) }

// Sum returns what [Key.MAC] returns for all that was written so far.
func (m MAC) Sum() string { return hex.EncodeToString(m.hash.Sum(nil)) }

// Verify reports whether mac is what [Key.MAC] returns for data.
func (k Key) Verify(data []byte, mac string) bool {
	return hmac.Equal([]byte(k.MAC(data)), []byte(mac))
}

// String returns a placeholder: a key is as secret as the values it names.
func (k Key) String() string { return "[key]" }

// GoString returns the placeholder, for %#v.
func (k Key) GoString() string { return "[key]" }
