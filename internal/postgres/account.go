package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"clearwell/internal/fault"
)

// account is the unprivileged user that runs the server for root, since Postgres refuses to be root.
type account struct {
	name     string
	uid, gid uint32
}

// accountFor returns whom to run the server as: nil, which is ourselves, unless we are root. Root
// uses the owner of an existing cluster, and for a new one the user clearwell, or else nobody.
func accountFor(pgdata string) (*account, error) {
	info, err := os.Stat(pgdata)
	exists := err == nil
	if os.Geteuid() != 0 {
		if exists && ownerOf(info) != os.Geteuid() {
			return nil, fault.Newf(fault.Forbidden, "data_folder_denied",
				"The database in %s belongs to user %d: run Clearwell as that user, or give another folder with --data.",
				filepath.Dir(pgdata), ownerOf(info))
		}
		return nil, nil
	}
	if exists {
		st := info.Sys().(*syscall.Stat_t)
		return &account{name: "user " + strconv.Itoa(int(st.Uid)), uid: st.Uid, gid: st.Gid}, nil
	}
	for _, name := range []string{"clearwell", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		return parseAccount(found)
	}
	return nil, fault.Newf(fault.Unavailable, "account_missing",
		"Postgres does not run as root, and there is no user clearwell or nobody to run it as: make one with `useradd --system clearwell`.")
}

func parseAccount(u *user.User) (*account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err, err2); err != nil {
		return nil, fmt.Errorf("reading the ids of user %s: %w", u.Username, err)
	}
	return &account{name: u.Username, uid: uint32(uid), gid: uint32(gid)}, nil
}

// checkTraversal makes sure that the account can reach the programs and the data, because what
// Postgres itself says when it can't is hard to read.
func (c *cluster) checkTraversal() error {
	for _, path := range []string{filepath.Join(c.install, "bin"), c.data} {
		blocked, err := c.account.blockedAt(path)
		if err != nil {
			return fmt.Errorf("checking the way to %s: %w", path, err)
		}
		if blocked != "" {
			return fault.Newf(fault.Forbidden, "folder_not_traversable",
				"Postgres runs as %s here, since it refuses to be root, and that user can't enter %s: choose a folder outside of it, for example under /var/lib/clearwell, or run as an ordinary user.",
				c.account.name, blocked)
		}
	}
	return nil
}

// blockedAt returns the first folder on the way to path, itself included, that a may not enter; "" if none.
func (a *account) blockedAt(path string) (string, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	if up := filepath.Dir(path); up != path {
		if blocked, err := a.blockedAt(up); blocked != "" || err != nil {
			return blocked, err
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !a.mayEnter(info) {
		return path, nil
	}
	return "", nil
}

func (a *account) mayEnter(info fs.FileInfo) bool {
	st := info.Sys().(*syscall.Stat_t)
	switch {
	case a.uid == 0:
		return true
	case st.Uid == a.uid:
		return info.Mode()&0o100 != 0
	case st.Gid == a.gid:
		return info.Mode()&0o010 != 0
	}
	return info.Mode()&0o001 != 0
}

func ownerOf(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }
