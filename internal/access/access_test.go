package access_test

import (
	"testing"

	"clearwell/internal/access"
)

func TestRightsFollowRoleAndCollections(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		who            access.Principal
		read, write    bool // in "hr"
		readElsewhere  bool
		writeElsewhere bool
	}{
		"nobody":               {who: access.Principal{}},
		"reader of all":        {who: access.Principal{Role: access.Reader}, read: true, readElsewhere: true},
		"reader of hr":         {who: access.Principal{Role: access.Reader, Collections: []string{"hr"}}, read: true},
		"reader of none":       {who: access.Principal{Role: access.Reader, Collections: []string{}}},
		"editor of hr":         {who: access.Principal{Role: access.Editor, Collections: []string{"hr"}}, read: true, write: true},
		"admin of all":         {who: access.Principal{Role: access.Admin}, read: true, write: true, readElsewhere: true, writeElsewhere: true},
		"admin of hr":          {who: access.Principal{Role: access.Admin, Collections: []string{"hr"}}, read: true, write: true},
		"Clearwell itself":     {who: access.System("test"), read: true, write: true, readElsewhere: true, writeElsewhere: true},
		"an unknown role":      {who: access.Principal{Role: "owner"}, read: true, readElsewhere: true},
		"collections, no role": {who: access.Principal{Collections: []string{"hr"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := [4]bool{tt.who.MayRead("hr"), tt.who.MayWrite("hr"), tt.who.MayRead("legal"), tt.who.MayWrite("legal")}
			want := [4]bool{tt.read, tt.write, tt.readElsewhere, tt.writeElsewhere}
			if got != want {
				t.Errorf("read, write, read elsewhere, write elsewhere: %v, want %v", got, want)
			}
		})
	}
}
