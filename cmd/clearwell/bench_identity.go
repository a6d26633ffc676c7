package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"clearwell/internal/inference"
	"clearwell/internal/library"
	"clearwell/internal/likeness"
	"clearwell/internal/postgres"
)

// identityReport is what it costs to find out whose revision a file is, and to keep history.
type identityReport struct {
	Documents     int              `json:"documents"`
	Passages      int              `json:"passages"`
	LoadPerSecond float64          `json:"loaded_documents_per_second"`
	CheckP50      float64          `json:"identity_check_p50_ms"`
	CheckP95      float64          `json:"identity_check_p95_ms"`
	LookupP50     float64          `json:"bare_lookup_p50_ms"`
	LookupP95     float64          `json:"bare_lookup_p95_ms"`
	CheckRatio    float64          `json:"identity_check_to_bare_lookup"`
	Kinds         []identityTiming `json:"kinds"`
	PublishP50    float64          `json:"publish_p50_ms"`
	PublishP95    float64          `json:"publish_p95_ms"`
	HistoryBytes  int64            `json:"history_bytes"`
	HistoryTables map[string]int64 `json:"history_bytes_by_table"`
	OriginalBytes int64            `json:"history_originals_bytes"`
	HistoryRatio  float64          `json:"history_to_originals"`
	LibraryRatio  float64          `json:"library_to_originals"`
}

// identityTiming is one kind of arrival: how long its check took at the 95th percentile, and what it came to.
type identityTiming struct {
	Kind     string         `json:"kind"`
	P95      float64        `json:"p95_ms"`
	Verdicts map[string]int `json:"verdicts"`
}

const (
	identityCollection = "bench"
	identityDimension  = 384 // that of the built-in model, so that sizes are real
	identityBatch      = 100 // documents that share transactions while the library is filled
	identityChecks     = 500
	historyRevisions   = 3   // further ones of a document
	historyDocuments   = 300 // at most, and not more than one in a hundred
)

// identityBench is a library of made-up documents on a scratch database.
type identityBench struct {
	pool      *pgxpool.Pool
	store     *library.Store
	report    identityReport
	published []time.Duration
	originals int64 // bytes that were filed
}

// measureIdentity fills a scratch library with n documents through its own doors, with made-up vectors, and
// measures checks of identity, publications and the size of history.
func measureIdentity(ctx context.Context, cfg *config, log *slog.Logger, n int) (report identityReport, err error) {
	db, err := postgres.Open(ctx, cfg.database(false), log)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pool, drop, err := postgres.Scratch(ctx, db, "identity")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	if err := postgres.Migrate(ctx, pool); err != nil {
		return report, err
	}
	b := &identityBench{pool: pool, store: library.New(pool), report: identityReport{Documents: n}}
	for _, step := range []func(context.Context) error{b.fill, b.check, b.keepHistory} {
		if err := step(ctx); err != nil {
			return report, err
		}
	}
	b.report.PublishP50, b.report.PublishP95 = quantile(b.published, .5), quantile(b.published, .95)
	return b.report, nil
}

// fill files the documents, some batches at a time. It does not wait for the disk, and builds the index of
// vectors at the end; what is measured afterwards does as the service does.
func (b *identityBench) fill(ctx context.Context) error {
	if err := b.set(ctx, `set synchronous_commit = off`, `set gin_pending_list_limit = '64MB'`, `set maintenance_work_mem = '1GB'`); err != nil {
		return err
	}
	started := time.Now()
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(ingestWorkers)
	if err := b.openIndex(ctx); err != nil {
		return err
	}
	if _, err := b.pool.Exec(ctx, `drop index passages_embedding`); err != nil {
		return fmt.Errorf("drop the index of vectors: %w", err)
	}
	for first := 0; first < b.report.Documents; first += identityBatch {
		var drafts []draft
		for n := first; n < min(first+identityBatch, b.report.Documents); n++ {
			drafts = append(drafts, draftOf(n))
		}
		for _, d := range drafts {
			b.originals += int64(len(d.text))
		}
		group.Go(func() error { return b.file(inner, drafts) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	b.report.LoadPerSecond = float64(b.report.Documents) / time.Since(started).Seconds()
	if err := b.openIndex(ctx); err != nil {
		return err
	}
	if err := b.set(ctx, `reset synchronous_commit`, `reset gin_pending_list_limit`, `reset maintenance_work_mem`); err != nil {
		return err
	}
	if _, err := b.pool.Exec(ctx, `vacuum analyze`); err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	sizes, err := b.sizes(ctx)
	b.report.LibraryRatio = float64(sum(sizes)) / float64(b.originals)
	if err == nil {
		b.report.Passages, err = b.store.CountPassages(ctx)
	}
	return err
}

func (b *identityBench) openIndex(ctx context.Context) error {
	return b.store.OpenIndex(ctx, inference.Model{Name: "bench", Dimension: identityDimension})
}

// set changes settings of the scratch database for all its connections.
func (b *identityBench) set(ctx context.Context, settings ...string) error {
	var name string
	if err := b.pool.QueryRow(ctx, `select current_database()`).Scan(&name); err != nil {
		return fmt.Errorf("name the database: %w", err)
	}
	for _, setting := range settings {
		if _, err := b.pool.Exec(ctx, `alter database `+pgx.Identifier{name}.Sanitize()+` `+setting); err != nil {
			return fmt.Errorf("change a setting: %w", err)
		}
	}
	b.pool.Reset()
	return nil
}

// arrived is a draft that was received.
type arrived struct {
	draft
	rev library.Revision
}

// file takes drafts from arrival to publication, with the doors that the pipeline uses.
func (b *identityBench) file(ctx context.Context, drafts []draft) error {
	all, err := b.receive(ctx, drafts)
	if err != nil {
		return err
	}
	err = postgres.InTx(ctx, b.pool, func(tx pgx.Tx) error {
		for i := range all {
			rev, verdict, err := library.Identify(ctx, tx, all[i].rev, all[i].reading())
			if err != nil || verdict != library.GoOn {
				return errors.Join(err, fmt.Errorf("a document with a key of its own came to verdict %d", verdict))
			}
			all[i].rev = rev
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := b.stage(ctx, a); err != nil {
			return err
		}
	}
	return postgres.InTx(ctx, b.pool, func(tx pgx.Tx) error {
		for _, a := range all {
			if _, err := library.Publish(ctx, tx, a.rev.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *identityBench) receive(ctx context.Context, drafts []draft) ([]arrived, error) {
	all := make([]arrived, len(drafts))
	err := postgres.InTx(ctx, b.pool, func(tx pgx.Tx) error {
		for i, d := range drafts {
			rev, _, err := b.store.Receive(ctx, tx, d.arrival())
			if err != nil {
				return err
			}
			all[i] = arrived{d, rev}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].rev, _, err = b.store.Start(ctx, all[i].rev.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (b *identityBench) stage(ctx context.Context, a arrived) error {
	missing, err := b.store.Stage(ctx, a.rev, a.staging())
	if err != nil || len(missing) == 0 {
		return err
	}
	vectors := make([][]float32, len(missing))
	for i, m := range missing {
		vectors[i] = madeUpVector(m.Text)
	}
	return b.store.SetEmbeddings(ctx, a.rev, missing, vectors)
}

// publish is timed, in a transaction of its own.
func (b *identityBench) publish(ctx context.Context, rev library.Revision) error {
	started := time.Now()
	err := postgres.InTx(ctx, b.pool, func(tx pgx.Tx) error {
		_, err := library.Publish(ctx, tx, rev.ID)
		return err
	})
	b.published = append(b.published, time.Since(started))
	return err
}

// check lets files without a key arrive: new ones, renamed revisions, near-duplicates and copies. What may go
// on is published.
func (b *identityBench) check(ctx context.Context) error {
	var checks, lookups []time.Duration
	byKind := make(map[string][]time.Duration)
	verdicts := make(map[string]map[string]int)
	for i := range identityChecks {
		d := arrivalKinds[i%len(arrivalKinds)].draft(i, b.report.Documents)
		lookup, err := b.lookUp(ctx, d)
		if err != nil {
			return err
		}
		kind := arrivalKinds[i%len(arrivalKinds)].name
		took, verdict, err := b.checkOne(ctx, d)
		if err != nil {
			return fmt.Errorf("check %s: %w", kind, err)
		}
		checks, lookups, byKind[kind] = append(checks, took), append(lookups, lookup), append(byKind[kind], took)
		if verdicts[kind] == nil {
			verdicts[kind] = make(map[string]int)
		}
		verdicts[kind][verdict]++
	}
	for _, kind := range arrivalKinds {
		b.report.Kinds = append(b.report.Kinds, identityTiming{kind.name, p95(byKind[kind.name]), verdicts[kind.name]})
	}
	b.report.CheckP50, b.report.CheckP95 = quantile(checks, .5), p95(checks)
	b.report.LookupP50, b.report.LookupP95 = quantile(lookups, .5), p95(lookups)
	b.report.CheckRatio = b.report.CheckP50 / b.report.LookupP50
	return nil
}

func (b *identityBench) checkOne(ctx context.Context, d draft) (took time.Duration, outcome string, err error) {
	all, err := b.receive(ctx, []draft{d})
	if err != nil {
		return 0, "", err
	}
	a := all[0]
	verdict := library.GoOn
	started := time.Now()
	err = postgres.InTx(ctx, b.pool, func(tx pgx.Tx) (err error) {
		a.rev, verdict, err = library.Identify(ctx, tx, a.rev, a.reading())
		return err
	})
	took = time.Since(started)
	if err != nil || verdict != library.GoOn {
		return took, string(a.rev.Status), err
	}
	if err := b.stage(ctx, a); err != nil {
		return took, "", err
	}
	return took, string(a.rev.IdentifiedBy), b.publish(ctx, a.rev)
}

// lookUp is what a check can't do without: the signature's index, by hand.
func (b *identityBench) lookUp(ctx context.Context, d draft) (time.Duration, error) {
	var collection int64
	if err := b.pool.QueryRow(ctx, `select id from collections where name = $1`, identityCollection).Scan(&collection); err != nil {
		return 0, fmt.Errorf("find the collection: %w", err)
	}
	bands := likeness.Sign(d.text).Bands(collection)
	started := time.Now()
	_, err := b.pool.Exec(ctx, `select revision_id from signatures where bands && $1::int[]`, bands)
	return time.Since(started), err
}

// keepHistory publishes further revisions of some documents, from later and later dates, and measures how the
// tables of history grow. The hot table is not among them: it loses what it gains.
func (b *identityBench) keepHistory(ctx context.Context) error {
	before, err := b.sizes(ctx)
	if err != nil {
		return err
	}
	for n := 0; n < b.report.Documents; n += max(100, b.report.Documents/historyDocuments) {
		d := draftOf(n)
		for edit := range historyRevisions {
			d = d.edited(edit + 1)
			d.from = d.from.AddDate(0, 1, 0)
			b.report.OriginalBytes += int64(len(d.text))
			if err := b.revise(ctx, d); err != nil {
				return fmt.Errorf("revise %s: %w", d.key, err)
			}
		}
	}
	after, err := b.sizes(ctx)
	b.report.HistoryTables = make(map[string]int64)
	for table, size := range after {
		if grown := size - before[table]; grown > 0 && table != "passages" {
			b.report.HistoryTables[table] = grown
		}
	}
	b.report.HistoryBytes = sum(b.report.HistoryTables)
	b.report.HistoryRatio = float64(b.report.HistoryBytes) / float64(max(b.report.OriginalBytes, 1))
	return err
}

// revise publishes a draft as the next revision of its document.
func (b *identityBench) revise(ctx context.Context, d draft) error {
	all, err := b.receive(ctx, []draft{d})
	if err != nil {
		return err
	}
	a := all[0]
	err = postgres.InTx(ctx, b.pool, func(tx pgx.Tx) (err error) {
		a.rev, _, err = library.Identify(ctx, tx, a.rev, a.reading())
		return err
	})
	if err != nil {
		return err
	}
	if err := b.stage(ctx, a); err != nil {
		return err
	}
	return b.publish(ctx, a.rev)
}

// sizes are the bytes of each table with its indexes, once it is swept.
func (b *identityBench) sizes(ctx context.Context) (map[string]int64, error) {
	if _, err := b.pool.Exec(ctx, `vacuum`); err != nil {
		return nil, fmt.Errorf("vacuum: %w", err)
	}
	rows, err := b.pool.Query(ctx, `
		select relname, pg_total_relation_size(oid) from pg_class
		where relkind = 'r' and relnamespace = 'public'::regnamespace`)
	if err != nil {
		return nil, fmt.Errorf("measure the tables: %w", err)
	}
	sizes := make(map[string]int64)
	var name string
	var size int64
	_, err = pgx.ForEachRow(rows, []any{&name, &size}, func() error {
		sizes[name] = size
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("measure the tables: %w", err)
	}
	return sizes, nil
}

func sum(sizes map[string]int64) (total int64) {
	for _, size := range sizes {
		total += size
	}
	return total
}

func (r identityReport) print() {
	fmt.Printf("\n%d documents, %d passages (loaded at %.0f documents/s; with index and originals %.1f × the originals' bytes)\n\n",
		r.Documents, r.Passages, r.LoadPerSecond, r.LibraryRatio)
	fmt.Printf("identity check ÷ bare lookup         %4.1f   (p50 %.1f ÷ %.1f ms; p95 %.1f and %.1f ms)\n",
		r.CheckRatio, r.CheckP50, r.LookupP50, r.CheckP95, r.LookupP95)
	for _, k := range r.Kinds {
		fmt.Printf("  %-34s p95 %.1f ms, came to %s\n", k.Kind, k.P95, strings.TrimPrefix(fmt.Sprint(k.Verdicts), "map"))
	}
	fmt.Printf("publish                              p50 %.1f ms, p95 %.1f ms\n", r.PublishP50, r.PublishP95)
	fmt.Printf("history ÷ its originals              %4.1f   (%d ÷ %d KiB of plain text)\n", r.HistoryRatio, r.HistoryBytes>>10, r.OriginalBytes>>10)
	for _, table := range slices.SortedFunc(maps.Keys(r.HistoryTables), func(a, b string) int { return cmp.Compare(r.HistoryTables[b], r.HistoryTables[a]) }) {
		fmt.Printf("  %-34s %5.2f\n", table, float64(r.HistoryTables[table])/float64(max(r.OriginalBytes, 1)))
	}
}
