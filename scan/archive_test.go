package scan_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/scan"
)

// member is a file in an archive.
type member struct{ name, content string }

func tarOf(t *testing.T, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		if err := w.WriteHeader(&tar.Header{Name: m.name, Size: int64(len(m.content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t *testing.T, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		file, err := w.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(m.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The members of archives are searched, for what is known and by the rules, and each secret
// is named once a member.
func TestArchives(t *testing.T) {
	known, byRule := "hunter"+"2x", fixture.Secret(everywhereSeed, "github", "in an archive")
	members := []member{
		{"state/clawdbot.json", `{"password": "` + known + `"}`},
		{"state/agents/main/sessions/a.jsonl", strings.Repeat(`{"text":"`+known+` and `+byRule+"\"}\n", 3)},
		{"state/notes.txt", "nothing"},
	}
	want := []string{
		"credential state/agents/main/sessions/a.jsonl 1:10", "credential state/clawdbot.json 1:15",
		"github-pat state/agents/main/sessions/a.jsonl 1:23",
	}
	whole := gzipOf(t, tarOf(t, members...))
	for path, c := range map[string]struct {
		data []byte
		want []string
	}{
		".clawdbot/old.tar.gz":               {whole, want},
		".clawdbot/old.tgz":                  {whole, want},
		".clawdbot/old.tar":                  {tarOf(t, members...), want},
		".clawdbot/media/inbound/old.zip":    {zipOf(t, members...), want},
		"clawdbot-backup-2026.zip":           {zipOf(t, members...), want},
		".clawdbot/logs/gateway.log.1.gz":    {gzipOf(t, []byte("up\nwith "+known+"\n")), []string{"credential  2:6"}},
		"clawd/all.tar.gz":                   {whole, want},
		".clawdbot/media/inbound/letter.odt": {zipOf(t, member{"content.xml", "<p>" + byRule + "</p>"}), []string{"github-pat content.xml 1:4"}},
		".clawdbot/not-one.gz":               {[]byte("a text with " + known + "\n"), []string{"credential  1:13"}},
	} {
		p := newPerson(t)
		p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
		p.write(t, path, c.data)
		result := p.scan(t, scan.Options{})
		var got []string
		for _, f := range p.at(result, path) {
			got = append(got, strings.Join([]string{f.Rule, f.Pointer, place(f)}, " "))
			surface := "archive"
			if strings.HasSuffix(path, ".odt") {
				surface = "media"
			}
			if string(f.File.Surface) != surface || f.Action != scan.Delete || f.Value.Reveal() != known && f.Value.Reveal() != byRule {
				t.Errorf("%s: %s, %s", path, f.File.Surface, f.Action)
			}
			if (f.Start != 0 || f.End != 0) != strings.HasSuffix(path, "not-one.gz") {
				t.Errorf("%s: bytes %d to %d of the archive", path, f.Start, f.End)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", path, got, c.want)
		}
		if class := p.skipped(result, path); class != "" {
			t.Errorf("%s: is %s", path, class)
		}
	}
}

// Text of UTF-16 in an archive is read as it is outside of one.
func TestWideTextInArchives(t *testing.T) {
	known := "hunter" + "2x"
	wide := "\xff\xfe"
	for _, char := range "a first line\nthe password is " + known + "\n" {
		wide += string([]byte{byte(char), 0})
	}
	for path, data := range map[string][]byte{
		".clawdbot/a.tar.gz": gzipOf(t, tarOf(t, member{"x.txt", wide})), ".clawdbot/a.zip": zipOf(t, member{"x.txt", wide}), ".clawdbot/a.gz": gzipOf(t, []byte(wide)),
	} {
		p := newPerson(t)
		p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
		p.write(t, path, data)
		if found := p.at(p.scan(t, scan.Options{}), path); len(found) != 1 || place(found[0]) != "2:17" {
			t.Errorf("%s: %d findings", path, len(found))
		}
	}
}

// What an archive says beside the contents of its files is searched, too.
func TestLabelsOfArchives(t *testing.T) {
	known, byRule := "hunter"+"2x", fixture.Secret(everywhereSeed, "github", "in a label")
	text := known + " " + byRule
	var tarred, zipped, gzipped bytes.Buffer
	tw := tar.NewWriter(&tarred)
	for _, header := range []*tar.Header{
		{Name: "folder " + text + "/", Typeflag: tar.TypeDir, Mode: 0o700},
		{Name: "link", Linkname: "to/" + text, Typeflag: tar.TypeSymlink},
		{Name: "commented", PAXRecords: map[string]string{"comment": text}, Typeflag: tar.TypeReg},
	} {
		if err := tw.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
	}
	zw := zip.NewWriter(&zipped)
	for _, header := range []*zip.FileHeader{{Name: "a " + text}, {Name: "b", Comment: text}} {
		if _, err := zw.CreateHeader(header); err != nil {
			t.Fatal(err)
		}
	}
	gw := gzip.NewWriter(&gzipped)
	gw.Name, gw.Comment = known, byRule
	for _, err := range []error{tw.Close(), zw.SetComment(text), zw.Close(), gw.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, c := range map[string]struct {
		data []byte
		want []string
	}{
		".clawdbot/a.tar": {tarred.Bytes(), []string{"commented", "folder " + text, "link"}},
		".clawdbot/a.tgz": {gzipOf(t, tarred.Bytes()), []string{"commented", "folder " + text, "link"}},
		".clawdbot/a.zip": {zipped.Bytes(), []string{"", "a " + text, "b"}},
		".clawdbot/a.gz":  {gzipped.Bytes(), []string{""}},
	} {
		p := newPerson(t)
		p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
		p.write(t, path, c.data)
		got := map[string][]string{}
		for _, f := range p.at(p.scan(t, scan.Options{}), path) {
			got[f.Value.Reveal()] = append(got[f.Value.Reveal()], f.Pointer)
			if f.Line != 0 || f.Start != 0 || f.Action != scan.Delete {
				t.Errorf("%s: %s, %s", path, place(f), f.Action)
			}
		}
		for _, value := range []string{known, byRule} {
			if slices.Sort(got[value]); !slices.Equal(got[value], c.want) {
				t.Errorf("%s: got %q, want %q", path, got[value], c.want)
			}
		}
	}
}

// A zip archive is searched where something stands before it, and that is searched, too.
func TestZipBehindAProgram(t *testing.T) {
	known, other := "hunter"+"2x", fixture.Secret(everywhereSeed, "github", "before the archive")
	program := "#!/usr/bin/env python3\n# " + other + "\n"
	for _, path := range []string{".clawdbot/tools/run", ".clawdbot/media/inbound/app.pyz", ".clawdbot/old.zip", ".clawdbot/notes.json"} {
		p := newPerson(t)
		p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
		var b bytes.Buffer
		b.WriteString(program)
		w := zip.NewWriter(&b)
		file, err := w.Create("__main__.py")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(strings.Repeat("print('"+known+"')\n", 9))); err != nil {
			t.Fatal(err)
		}
		if err := cmp.Or(w.SetComment("a comment"), w.Close()); err != nil {
			t.Fatal(err)
		}
		p.write(t, path, b.Bytes())
		result := p.scan(t, scan.Options{})
		var got []string
		for _, f := range p.at(result, path) {
			got = append(got, f.Rule+" "+f.Pointer)
		}
		slices.Sort(got)
		if want := []string{"credential __main__.py", "github-pat "}; !slices.Equal(got, want) || result.Coverage.Unread() {
			t.Errorf("%s: got %q, %v", path, got, result.Coverage.Skipped)
		}
	}
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{}`))
	p.write(t, ".clawdbot/none.bin", []byte("text\nPK\x05\x06\x00\x00\x00\x00"+strings.Repeat("\x01", 12)+"\x00\x00"))
	if class := p.skipped(p.scan(t, scan.Options{}), ".clawdbot/none.bin"); class != "unread" {
		t.Errorf("a damaged archive behind a text: %q", class)
	}
}

// What cannot be read of an archive is said.
func TestDamagedArchive(t *testing.T) {
	known := "hunter" + "2x"
	noise := fixture.Secret(everywhereSeed, "hex", "noise")
	whole := gzipOf(t, tarOf(t, member{"a.txt", known + "\n"}, member{"b.txt", strings.Repeat(noise, 10_000)}))
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
	p.write(t, ".clawdbot/old.tar.gz", whole[:len(whole)-200])
	p.write(t, ".clawdbot/picture.png", []byte("\x89PNG\r\n\x1a\n"+known))
	result := p.scan(t, scan.Options{})
	if class := p.skipped(result, ".clawdbot/old.tar.gz"); class != "unread" || len(p.at(result, ".clawdbot/old.tar.gz")) != 1 {
		t.Errorf("%q, %d findings", class, len(p.at(result, ".clawdbot/old.tar.gz")))
	}
	if class := p.skipped(result, ".clawdbot/picture.png"); class != "excluded" || len(p.at(result, ".clawdbot/picture.png")) != 0 {
		t.Errorf("a picture: %q", class)
	}
}
