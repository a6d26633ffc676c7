package ingest

import "time"

// SetUpkeepPeriod shortens the pause after which workers that have nothing to do look around.
func (q *Queue) SetUpkeepPeriod(period time.Duration) { q.period = period }
