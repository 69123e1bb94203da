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
	sources := []string{"", "A=1", "A=1\n", "A=1\r\nB=2\r\n", "A=1\r", "A=1\r\nB=2\r", "A=1\r\nB=2\nC=3\r", "A=1\r\nB=2", "\ufeff", "# it's a comment\n", "K0=old\n", "A='open\n", "\ufeffA=1\n", "A=\"x\" # say \"\n"}
	for _, source := range sources {
		for first := range values {
			var assignments []Assignment
			one := Parse([]byte(source))
			var want error
			for i, value := range append(values[first:], values[:first]...)[:4] {
				a := Assignment{fmt.Sprintf("K%d", i%3), secret.New(value)} // one of them twice
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

// Nothing to set is no change, also where the file cannot be proven.
func TestSetAllOfNothing(t *testing.T) {
	for _, source := range []string{"", "A=1", "A='open\n"} {
		file := Parse([]byte(source))
		if err := file.SetAll(nil); err != nil || string(file.Bytes()) != source {
			t.Errorf("%q becomes %q, %v", source, file.Bytes(), err)
		}
	}
}
