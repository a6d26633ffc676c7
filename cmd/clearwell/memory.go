package main

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// processMiB is the resident memory of a process; 0 where /proc doesn't tell.
func processMiB(pid int) float64 {
	return procField(filepath.Join("/proc", strconv.Itoa(pid), "status"), "VmRSS:")
}

// postgresMiB is the memory of a Postgres on this machine: the proportional share of every process of
// the server, so that shared buffers count once. ok is false when the server is elsewhere.
func postgresMiB(ctx context.Context, pool *pgxpool.Pool) (mib float64, ok bool) {
	var data string
	if err := pool.QueryRow(ctx, `select current_setting('data_directory')`).Scan(&data); err != nil {
		return 0, false
	}
	file, err := os.Open(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0, false
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	if !lines.Scan() {
		return 0, false
	}
	postmaster := lines.Text()
	statuses, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, false
	}
	for _, path := range statuses {
		pid := filepath.Base(filepath.Dir(path))
		if pid == postmaster || parentOf(path) == postmaster {
			mib += procField(filepath.Join("/proc", pid, "smaps_rollup"), "Pss:")
		}
	}
	return mib, mib > 0
}

// parentOf reads the fourth field of /proc/PID/stat, after the command in parentheses.
func parentOf(path string) string {
	stat, err := os.ReadFile(path)
	if err != nil {
		return "" // it has ended
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		return ""
	}
	return fields[1]
}

// procField reads a "Name: 123 kB" line of a /proc file, in MiB.
func procField(path, name string) float64 {
	body, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(body)) {
		fields := strings.Fields(line)
		if len(fields) >= 2 && fields[0] == name {
			kib, _ := strconv.ParseFloat(fields[1], 64) // 0 if it is none
			return kib / 1024
		}
	}
	return 0
}
