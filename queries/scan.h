/*
 * The scan: the one loop that sees text. It brings the catalogue up to date with the logs and the
 * plan, part by part and query by query, reading only what is missing or stale.
 *
 *     part -> batches (in order, under its lock) -> fragments (any thread) -> columns (in order)
 *
 * A thread works on a part of its own while there are any left, then helps with open ones. The
 * bytes of a part do not depend on threads, order or machine.
 */
#ifndef PROFFER_SCAN_H
#define PROFFER_SCAN_H

#include "base/error.h"
#include "base/progress.h"
#include "queries/plan.h"
#include "queries/scan_setup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan_options {
    const char *catalogue;  /* folder; NULL: the plan's */
    unsigned threads;       /* 0: all processors */
    uint32_t shard, shards; /* parts whose ordinal mod SHARDS is SHARD; shards 0 or 1: all */
    bool rehash;            /* compare inputs by SHA-256 instead of size and time */
    uint64_t part_bytes;    /* 0: 1 GiB */
    bool need_words;        /* list the words that terms match (leaf_words.h), which costs time; parts
                             * where they are not listed count as stale */
    const struct progress *progress; /* or NULL */
};

struct scan_summary {
    size_t parts, scanned; /* parts of the log set; parts that were read now */
    uint64_t bytes;        /* read now */
};

/* The parts of a log set and where their segments are: what a scan made, what a tally reads. */
struct scan_part {
    char *base_dir;   /* of the base segment */
    char **hits_dirs; /* [query_count]; NULL for queries that need no text */
    bool base_ready;
    bool *hits_ready;  /* [query_count] */
    char **words_dirs; /* [query_count] of the words that terms match; NULL as above */
    bool *words_ready; /* [query_count] */
};

struct scan_state {
    char *catalogue;
    struct scan_setup setup;
    struct log_set logs;
    struct scan_part *parts; /* [logs.part_count] */
    size_t query_count;
    size_t stale; /* parts with anything missing */
};

/* Opens the log set and finds what is there and fresh. Release also on failure. */
PROFFER_MUST_USE enum status scan_state_init(struct scan_state *state, const struct plan *plan,
                                             const struct scan_options *options, struct error *err);
void scan_state_release(struct scan_state *state);

/*
 * Brings the catalogue up to date. With the plan's on_error "stop" the first rejected record of
 * the first such part is STATUS_INPUT naming file, offset and reason.
 */
PROFFER_MUST_USE enum status scan_run(struct scan_state *state, const struct plan *plan,
                                      const struct scan_options *options,
                                      struct scan_summary *summary, struct error *err);

#endif
