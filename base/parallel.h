/* Worker threads that run one function side by side. */
#ifndef PROFFER_PARALLEL_H
#define PROFFER_PARALLEL_H

#include "base/error.h"

/* How many processors this process may use, at least 1. */
unsigned parallel_processors(void);

/*
 * Runs WORK(CONTEXT, worker) for worker = 0 .. COUNT-1, the last on the calling thread, and waits
 * for all. Returns the failure of the lowest-numbered worker that failed, with its error in ERR.
 * When a thread cannot be made, the work of fewer threads is done: WORK must share out its jobs
 * itself and return when none are left.
 */
PROFFER_MUST_USE enum status
parallel_run(unsigned count, enum status (*work)(void *context, unsigned worker, struct error *err),
             void *context, struct error *err);

#endif
