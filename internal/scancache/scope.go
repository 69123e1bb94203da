package scancache

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// schema is the version of the cache file and of what the seals cover. A file of
// another one is not read.
const schema = 2

// Scope names all that the findings of a scan depend on besides the files. Entries
// of one scope mean nothing in another.
type Scope string

// NewScope returns the scope of a scan with that version of the rules, whatever
// tells it from others, and with those known values. They are given as fingerprints
// under the user's key (see [secret.Key.Fingerprint]), in any order.
func NewScope(rules string, known []string) Scope {
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	parts := make([]string, 0, 1+len(known))
	for _, part := range append([]string{rules}, known...) {
		parts = append(parts, strconv.Quote(part)) // so that no two lists read the same
	}
	return Scope(strings.Join(parts, " "))
}

// key returns the key under which a cache of this scope is signed and sealed. The
// scope itself is written nowhere: a file of another one has the wrong signature.
func (s Scope) key(user secret.Key) secret.Key {
	mac := user.MAC([]byte("clawsecrets scan cache " + strconv.Itoa(schema) + "\n" + string(s)))
	return secret.Key(fromHex(mac))
}

// fromHex returns the 32 bytes of a MAC that [secret.Key.MAC] made.
func fromHex(mac string) [secret.KeySize]byte {
	var raw [secret.KeySize]byte
	_, _ = hex.Decode(raw[:], []byte(mac)) // 64 hex digits, by contract
	return raw
}
