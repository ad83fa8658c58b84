/* Progress on a terminal: after one second, with rate and, once that is steady, time left. */
#ifndef PROFFER_METER_H
#define PROFFER_METER_H

#include "base/progress.h"

#include <stdbool.h>
#include <stdint.h>

struct meter {
    struct progress progress; /* give this to the job */
    int64_t started_ms;
    _Atomic int64_t next_ms;
    /* At the line before: to tell whether the rate is steady. */
    _Atomic int64_t last_ms;
    _Atomic uint64_t last_done;
    _Atomic double pace; /* bytes a second of late, smoothed; 0 before the first line */
    _Atomic bool shown;
    bool on;
};

/* Shows nothing if QUIET or if stderr is no terminal. */
void meter_init(struct meter *meter, bool quiet);
/* Wipes the line. */
void meter_end(struct meter *meter);

#endif
