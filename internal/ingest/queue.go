package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"clearwell/internal/fault"
	"clearwell/internal/library"
)

// maxAttempts and longestPause bound how long trouble outside the file (an embedder that is down, a
// database that restarts) is waited out: about 40 minutes, then the revision fails with the reason.
const (
	maxAttempts  = 45
	longestPause = time.Minute
)

// publishArgs is the job that takes one revision through the pipeline.
type publishArgs struct {
	RevisionID int64 `json:"revision_id"`
}

// Kind implements river.JobArgs.
func (publishArgs) Kind() string { return "publish_revision" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (publishArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: maxAttempts} }

// Queue is the River client: the way to queue jobs, and to work them once Work is called.
type Queue struct {
	client   *river.Client[pgx.Tx]
	pool     *pgxpool.Pool
	library  *library.Store
	clientID string
	log      *slog.Logger
	pipeline *Pipeline // nil where jobs are only inserted
	// sharpening is held by whoever makes windows: two would make the same ones.
	sharpening sync.Mutex
	isSigned   atomic.Bool                 // no revision of an older library lacks its signature
	changed    chan struct{}               // a publication happened: the statistics may be stale
	quiet      func(context.Context) error // nil: nothing waits for a quiet moment
	period     time.Duration               // of the upkeep when nothing is published
	running    sync.WaitGroup
	cancel     context.CancelFunc
}

// NewQueue returns the queue. With a pipeline it can work jobs, at most workers at a time; with nil it
// can only insert them.
func NewQueue(pool *pgxpool.Pool, lib *library.Store, pipeline *Pipeline, workers int, log *slog.Logger) (*Queue, error) {
	q := &Queue{pool: pool, library: lib, pipeline: pipeline, log: log, clientID: clientID(), changed: make(chan struct{}, 1), period: upkeepPeriod}
	config := &river.Config{ID: q.clientID, Logger: slog.New(quiet{log.Handler()}), JobTimeout: time.Hour}
	if pipeline != nil {
		config.Workers = river.NewWorkers()
		river.AddWorker(config.Workers, &worker{queue: q})
		config.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}}
		config.FetchCooldown = 20 * time.Millisecond // an upload should not wait for the next round
		config.FetchPollInterval = 500 * time.Millisecond
	}
	var err error
	if q.client, err = river.NewClient(riverpgxv5.New(pool), config); err != nil {
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	return q, nil
}

func clientID() string {
	host, _ := os.Hostname() // only a name for people; "" will do
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), uuid.NewString()[:8])
}

// OnQuiet has the workers run fn whenever nothing was published for a while; call it before Work. It is for what
// follows the library at a distance and costs some seconds.
func (q *Queue) OnQuiet(fn func(context.Context) error) { q.quiet = fn }

// Work starts the workers and the upkeep. They run until Stop.
func (q *Queue) Work(ctx context.Context) error {
	ctx, q.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := q.showLife(ctx); err != nil {
		return err
	}
	if err := q.client.Start(ctx); err != nil {
		return fmt.Errorf("start workers: %w", err)
	}
	q.running.Go(func() { q.keepUp(ctx) })
	return nil
}

// Stop ends the workers: jobs that run get until ctx's deadline, then they are cancelled; they are
// taken up again by the next start.
func (q *Queue) Stop(ctx context.Context) error {
	err := q.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = q.client.StopAndCancel(last)
	}
	q.cancel()
	q.running.Wait()
	if err != nil {
		return fmt.Errorf("stop workers: %w", err)
	}
	return nil
}

// worker is what River calls for each job.
type worker struct {
	river.WorkerDefaults[publishArgs]
	queue *Queue
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[publishArgs]) error {
	err := w.queue.pipeline.Run(ctx, job.Args.RevisionID)
	if err == nil {
		w.queue.noteChange()
		return nil
	}
	if errors.Is(err, errWait) {
		return river.JobSnooze(waitPause)
	}
	code, message := fault.CodeOf(err), fault.MessageOf(err)
	filing := context.WithoutCancel(ctx) // the reason must be filed also when the job was cancelled
	switch {
	case isFinal(err):
		w.queue.log.Info("revision failed", "revision_id", job.Args.RevisionID, "code", code, "error", err)
		return w.queue.pipeline.library.Stop(filing, job.Args.RevisionID, library.Failed, code, message)
	case job.Attempt >= job.MaxAttempts:
		w.queue.log.Error("revision given up", "revision_id", job.Args.RevisionID, "code", code, "error", err)
		return w.queue.pipeline.library.Stop(filing, job.Args.RevisionID, library.Failed, code, message)
	case ctx.Err() != nil:
		return err // we are stopping: the next start goes on
	}
	w.queue.log.Warn("revision is tried again", "revision_id", job.Args.RevisionID, "attempt", job.Attempt, "code", code, "error", err)
	return errors.Join(err, w.queue.pipeline.library.NoteTrouble(filing, job.Args.RevisionID, code, message))
}

// waitPause is how long a revision waits for another one to be read.
const waitPause = 200 * time.Millisecond

// NextRetry implements river.Worker: quickly at first, then once a minute.
func (w *worker) NextRetry(job *river.Job[publishArgs]) time.Time {
	pause := time.Second << min(job.Attempt-1, 6)
	return time.Now().Add(min(pause, longestPause))
}

// Timeout implements river.Worker: a file has its own limits; this one is for what hangs despite them.
func (w *worker) Timeout(*river.Job[publishArgs]) time.Duration { return time.Hour }

func (q *Queue) noteChange() {
	select {
	case q.changed <- struct{}{}:
	default: // noted already
	}
}

// Upkeep runs shortly after publications, and now and then in any case.
const (
	upkeepPause  = time.Second
	upkeepPeriod = 30 * time.Second
)

// signOlder files signatures of what an older library holds, until none is missing: every revision since then
// brings its own.
func (q *Queue) signOlder(ctx context.Context) error {
	if q.isSigned.Load() {
		return nil
	}
	n, err := q.library.SignMissing(ctx, signedAtOnce)
	if err == nil && n < signedAtOnce {
		q.isSigned.Store(true)
	}
	return err
}

// signedAtOnce bounds how many revisions of an older library one upkeep reads anew: a few seconds' worth.
const signedAtOnce = 500

// keepUp brings statistics up to date, moves what has ended to history, and takes up the jobs of
// workers that died.
func (q *Queue) keepUp(ctx context.Context) {
	for {
		isIdle := false
		select {
		case <-ctx.Done():
			return
		case <-q.changed:
			select { // let a run of publications pass before counting
			case <-ctx.Done():
				return
			case <-time.After(upkeepPause):
			}
		case <-time.After(q.period):
			isIdle = true
		}
		err := q.upkeep(ctx, isIdle, sharpenStretch)
		if err == nil && isIdle && q.quiet != nil {
			err = q.quiet(ctx)
		}
		if err != nil && ctx.Err() == nil {
			q.log.Warn("upkeep failed, tried again later", "error", err)
		}
	}
}

// Upkeep does at once, and to the end, what the workers do from time to time.
func (q *Queue) Upkeep(ctx context.Context) error { return q.upkeep(ctx, true, 0) }

func (q *Queue) upkeep(ctx context.Context, isIdle bool, stretch time.Duration) error {
	if _, err := q.library.Recount(ctx, isIdle); err != nil {
		return err
	}
	if _, err := q.library.MoveEnded(ctx); err != nil {
		return err
	}
	if err := q.signOlder(ctx); err != nil {
		return err
	}
	if _, err := q.library.DropHistory(ctx); err != nil {
		return err
	}
	if err := q.rescue(ctx); err != nil {
		return err
	}
	return q.sharpen(ctx, stretch)
}

// lifeClass marks the advisory locks by which worker processes show that they live ("clwl").
const lifeClass = 0x636c776c

// showLife takes an advisory lock on a connection of its own, first taking up what dead workers left,
// and keeps it, reconnecting when the database restarts.
func (q *Queue) showLife(ctx context.Context) error {
	conn, err := q.holdLifeLock(ctx)
	if err != nil {
		return err
	}
	if err := q.rescue(ctx); err != nil {
		conn.Close(ctx)
		return err
	}
	q.running.Go(func() {
		for {
			_, err := conn.WaitForNotification(ctx) // none is sent: returns when the connection or ctx ends
			conn.Close(context.WithoutCancel(ctx))
			for err != nil {
				if ctx.Err() != nil {
					return
				}
				select {
				case <-ctx.Done():
					return
				case <-time.After(time.Second):
				}
				conn, err = q.holdLifeLock(ctx)
			}
		}
	})
	return nil
}

func (q *Queue) holdLifeLock(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, q.pool.Config().ConnConfig.Copy())
	if err != nil {
		return nil, fmt.Errorf("connect for the life lock: %w", err)
	}
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1, hashtext($2))`, lifeClass, q.clientID); err != nil {
		conn.Close(ctx)
		return nil, fmt.Errorf("take the life lock: %w", err)
	}
	return conn, nil
}

// rescue makes the running jobs of dead workers available at once. River's own rescue waits for an hour,
// since it can't know who lives; the advisory locks do.
func (q *Queue) rescue(ctx context.Context) error {
	tag, err := q.pool.Exec(ctx, `
		update river_job j set state = 'available', scheduled_at = now()
		where j.state = 'running' and j.attempted_by[array_upper(j.attempted_by, 1)] <> $2
			and not exists (
				select from pg_locks l
				where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = $1::bigint::oid
					and l.objid = (hashtext(j.attempted_by[array_upper(j.attempted_by, 1)])::bigint & 4294967295)::oid
					and l.database = (select oid from pg_database where datname = current_database()))`,
		int64(lifeClass), q.clientID)
	if err != nil {
		return fmt.Errorf("take up orphaned jobs: %w", err)
	}
	if n := tag.RowsAffected(); n > 0 {
		q.log.Info("took up the jobs of a worker that died", "jobs", n)
	}
	return nil
}

// quiet keeps River's routine messages out of the log.
type quiet struct{ slog.Handler }

// Enabled implements slog.Handler.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}
