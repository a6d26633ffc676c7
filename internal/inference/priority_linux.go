package inference

import "golang.org/x/sys/unix"

// niceness of the threads that embed passages. A thread at normal priority gets 28 times the share of one at 15, so a question
// hardly notices a batch; at 19 a busy machine would starve ingestion.
const niceness = 15

// lowerThreadPriority lowers the calling thread's priority; Linux keeps one for each thread. Without privileges there is no way back.
func lowerThreadPriority() error {
	return unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), niceness)
}
