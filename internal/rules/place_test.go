package rules

import (
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// A place is known to be excepted once the file holds what a rule of gitleaks would match.
func TestExcepted(t *testing.T) {
	set := New(Options{})
	key := "token = " + fixture.Secret(1, "github", "lock")
	for _, test := range []struct {
		path, text string
		want       bool
	}{
		{"web/package-lock.json", key, true},
		{"web/package-lock.json", "nothing", false},
		{"web/package.json", key, false},
	} {
		place, err := set.Place(test.path)
		if err != nil {
			t.Fatal(err)
		}
		_ = set.Finder().Find([]byte(test.text), place)
		if got := place.Excepted(); got != test.want {
			t.Errorf("%s with %d bytes: %v", test.path, len(test.text), got)
		}
	}
	var none *Place
	if none.Excepted() {
		t.Error("no place is excepted")
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
}
