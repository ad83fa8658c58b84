/*
 * Simple random samples of a frame, drawn by tickets (ticket.h): the n units with the smallest
 * ones.
 *
 *     { "proffer_sample": 1, "frame": "digest", "N": 700, "size": 50,
 *       "unit": "conversation", "unit_id": "id", "seed": "...", "seed_source": "...",
 *       "cut_off": "ticket of the last", "looks": [],
 *       "ids": [ "...", ... ] }                          in the order of their tickets
 *
 * Samples nest: a larger one of the same seed begins with the smaller one, so one can be extended.
 * Where labels had been read before, the extension records a look at the size of then, since a
 * bound for a fixed size does not hold any more.
 *
 * Whoever has the ids can check a sample: every ticket is at or under the cut-off, and every unit
 * of the frame whose ticket is at or under it is there. The file is internal: mode 0600.
 *
 * Drawing keeps the n smallest tickets seen so far in a heap a thread, 40 bytes an entry.
 */
#ifndef PROFFER_SAMPLE_H
#define PROFFER_SAMPLE_H

#include "base/digest.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/frame.h"
#include "queries/unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample {
    char frame_digest[65];
    uint64_t frame_count; /* N */
    enum unit_naming naming;
    char *seed, *seed_source;
    struct sha256 cut_off;
    struct intern ids; /* item i has the i-th smallest ticket; count is the size */
    uint64_t *looks;   /* sizes at which labels were read before the sample grew; ascending */
    size_t look_count;
    char sha256[65]; /* of the file; "" before it was written or read */
};

void sample_init(struct sample *sample);
void sample_release(struct sample *sample);

/*
 * Draws SIZE units of FRAME, which must be POPULATION's. STATUS_PLAN: another population, a size of
 * 0 or over N, an empty seed or seed source. SAMPLE is initialised; it holds nothing on failure.
 */
PROFFER_MUST_USE enum status sample_draw(struct sample *sample, const struct population *population,
                                         const struct frame *frame, uint64_t size, const char *seed,
                                         const char *seed_source, struct error *err);

/*
 * Checks SAMPLE against the frame's units: STATUS_PLAN where an id is not in the frame, a ticket is
 * over the cut-off or out of order, or a unit at or under the cut-off is missing. ROWS, unless
 * NULL, is [ids.count]: the row of each unit over the whole catalogue.
 */
PROFFER_MUST_USE enum status sample_check(const struct sample *sample, const struct units *units,
                                          uint64_t *rows, struct error *err);

/* ---- the file: sample_file.c ---- */

PROFFER_MUST_USE enum status sample_write(struct sample *sample, const char *path,
                                          struct error *err);
/* Strict: STATUS_PLAN names the place. SAMPLE is initialised; release also on failure. */
PROFFER_MUST_USE enum status sample_read(struct sample *sample, const char *path,
                                         struct error *err);
PROFFER_MUST_USE enum status sample_parse(struct sample *sample, const char *name, const char *text,
                                          size_t len, struct error *err);

struct sample_request {
    const char *frame_path, *sample_path;
    const char *labels_path; /* or NULL; if the file is there, its labels count as read */
    uint64_t size;
    const char *seed, *seed_source;
};

enum sample_outcome { SAMPLE_DRAWN, SAMPLE_EXTENDED, SAMPLE_UNCHANGED };

/*
 * What `proffer draw` does: reads the frame, draws, and writes the sample with mode 0600. A sample
 * that is there already is extended if it is of the same frame and seed and the size is larger, and
 * left alone if the size is the same; all else is STATUS_PLAN. SAMPLE is initialised; release it
 * also on failure.
 */
PROFFER_MUST_USE enum status sample_fix(struct sample *sample, const struct population *population,
                                        const struct sample_request *request,
                                        enum sample_outcome *outcome, struct error *err);

#endif
