package dotenv

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// SetAll gives the file that Set gives one by one, or the same refusal.
func TestSetAllIsSetOneByOne(t *testing.T) {
	values := []string{"plain", "two words", "it's", "a\nb", `back\slash`, `ends\`, "x#y", "", "naïve", `"quoted"`}
	sources := []string{"", "A=1", "A=1\n", "A=1\r\nB=2\r\n", "# it's a comment\n", "K0=old\n", "A='open\n", "\ufeffA=1\n", "A=\"x\" # say \"\n"}
	for _, source := range sources {
		for first := range values {
			var assignments []Assignment
			one := Parse([]byte(source))
			var want error
			for i, value := range append(values[first:], values[:first]...)[:3] {
				a := Assignment{fmt.Sprintf("K%d", i), secret.New(value)}
				assignments = append(assignments, a)
				if want == nil {
					want = one.Set(a.Name, a.Value)
				}
			}
			all := Parse([]byte(source))
			got := all.SetAll(assignments)
			switch {
			case (got == nil) != (want == nil):
				t.Errorf("%q, %d: SetAll says %v, Set %v", source, first, got, want)
			case got != nil && string(all.Bytes()) != source:
				t.Errorf("%q, %d: changed in spite of %v", source, first, got)
			case got == nil && !bytes.Equal(all.Bytes(), one.Bytes()):
				t.Errorf("%q, %d: SetAll gives %q, Set %q", source, first, all.Bytes(), one.Bytes())
			}
		}
	}
}
