/* Progress on a terminal: after one second, with rate and, once that is steady, time left. */
#ifndef PROFFER_METER_H
#define PROFFER_METER_H

#include "base/progress.h"

#include <stdbool.h>
#include <stddef.h>
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
/*
 * The parts of it that need neither clock nor terminal. Times are milliseconds of any clock that
 * does not go back. meter_line writes the line of DONE of TOTAL bytes and ITEMS conversations, at
 * most COLUMNS - 1 letters, into LINE; false if it is too early for another one.
 */
void meter_start(struct meter *meter, int64_t now_ms);
bool meter_line(struct meter *meter, int64_t now_ms, int columns, const char *stage, uint64_t done,
                uint64_t total, uint64_t items, char *line, size_t size);

/* Wipes the line. */
void meter_end(struct meter *meter);

#endif
