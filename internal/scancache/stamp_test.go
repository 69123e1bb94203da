package scancache

import (
	"os"
	"testing"
	"time"
)

func TestMayContinue(t *testing.T) {
	was := stamp{device: 1, inode: 2, size: 3, mtime: 4, ctime: 5}
	for name, test := range map[string]struct {
		now  stamp
		want bool
	}{
		"unchanged":         {was, true},
		"grown":             {stamp{1, 2, 4, 5, 6}, true},
		"grown, same times": {stamp{1, 2, 4, 4, 5}, true},
		"shrunk":            {stamp{1, 2, 2, 5, 6}, false},
		"mtime":             {stamp{1, 2, 3, 5, 5}, false},
		"ctime":             {stamp{1, 2, 3, 4, 6}, false},
		"device":            {stamp{9, 2, 3, 4, 5}, false},
		"device, grown":     {stamp{9, 2, 4, 5, 6}, false},
		"inode":             {stamp{1, 9, 3, 4, 5}, false},
		"inode, grown":      {stamp{1, 9, 4, 5, 6}, false},
	} {
		if test.now.mayContinue(was) != test.want {
			t.Errorf("%s: want %v", name, test.want)
		}
	}
}

// Both times have to be older than what a clock can tell apart.
func TestSettled(t *testing.T) {
	opened := time.Unix(1_000_000, 0)
	old, young := opened.Add(-granularity-1).UnixNano(), opened.Add(-granularity).UnixNano()
	for s, want := range map[stamp]bool{
		{mtime: old, ctime: old}:                              true,
		{mtime: young, ctime: old}:                            false,
		{mtime: old, ctime: young}:                            false,
		{mtime: opened.Add(time.Hour).UnixNano(), ctime: old}: false,
	} {
		if s.settled(opened) != want {
			t.Errorf("%+v: want %v", s, want)
		}
	}
}

func TestOnlyRegularFilesHaveAStamp(t *testing.T) {
	info, err := os.Stat(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := stampOf(info); ok {
		t.Error("a directory has one")
	}
}
