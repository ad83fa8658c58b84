/*
 * Random samples of a frame, drawn by tickets (ticket.h): in each stratum the units with the
 * smallest ones.
 *
 *     { "proffer_sample": 1, "frame": "digest", "unit": "conversation", "unit_id": "id",
 *       "by": "terms", "min_users": 11, "N": 700, "size": 50,
 *       "seed": "...", "seed_source": "...", "seed_time": "2025-02-01T12:00:00Z", "draw": 1,
 *       "strata": [ { "name": "found", "N": 71, "size": 20, "cut_off": "ticket of the last" },
 *                   ... ],
 *       "priors": [ { "query": "rel", "a": 1, "b": 10000 } ],
 *       "looks": [],
 *       "ids": [ "...", ... ] }           stratum after stratum, each in the order of its tickets
 *
 * A stratum may have a "share" instead of a size that was asked for: its sample is then every unit
 * whose ticket is among that share of all tickets that are smallest. That cut-off is known before
 * there are logs, and how many units are drawn follows from it: what noise is put on must be drawn
 * so where there are strata.
 *
 * Samples nest: a larger one of the same seed begins, in each stratum, with the smaller one, so one
 * can be extended. Where labels had been read before, the extension records a look at the size of
 * then, since a bound for a fixed size does not hold any more.
 *
 * The prior of a query that bounds at every look is fixed before the first label: the draw notes
 * it, and the labels are not read for another one.
 *
 * Whoever has the ids can check a sample: every ticket is at or under its stratum's cut-off, and
 * every unit of the frame whose ticket is at or under it is there. The file is internal: mode 0600.
 *
 * Drawing keeps the smallest tickets seen so far in a heap a thread and stratum, 40 bytes an entry.
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

struct sample_stratum {
    char *name;
    uint64_t count;        /* N_h */
    uint64_t size, first;  /* ids[first .. first + size - 1] are of this stratum */
    double share;          /* of all tickets; 0 where a size was asked for */
    struct sha256 cut_off; /* where size or share is not 0 */
};

struct sample_prior {
    char *query; /* its id */
    double a, b;
};

struct sample {
    char frame_digest[65];
    uint64_t frame_count; /* N */
    struct frame_basis basis;
    char *seed, *seed_source;
    int64_t seed_time; /* stated, seconds since 1970; CIVIL_NONE if none was */
    uint64_t draw;     /* which one of its frame: 1 is the first */
    struct sample_stratum *strata;
    size_t stratum_count;
    struct intern ids; /* count is the size of the sample */
    struct sample_prior *priors;
    size_t prior_count;
    uint64_t *looks; /* sizes at which labels were read before the sample grew; ascending */
    size_t look_count;
    char sha256[65]; /* of the file; "" before it was written or read */
};

void sample_init(struct sample *sample);
void sample_release(struct sample *sample);

/* How many of each stratum: [strata] either, the other is NULL. */
struct sample_amounts {
    const uint64_t *sizes;
    const double *shares; /* of all tickets, each above 1e-12 and at most 1 */
};

/*
 * Draws SIZES[stratum] units of each stratum of FRAME, which must be what is LAID. STATUS_PLAN:
 * another population, sizes of 0 in all or over N_h, shares that draw nothing, an empty seed or
 * seed source. SAMPLE is initialised; it holds nothing on failure.
 */
PROFFER_MUST_USE enum status sample_draw(struct sample *sample, const struct frame_units *laid,
                                         const struct frame *frame,
                                         const struct sample_amounts *amounts, const char *seed,
                                         const char *seed_source, struct error *err);

/*
 * Checks SAMPLE against the frame's units: STATUS_PLAN where an id is not in its stratum of the
 * frame, a ticket is over the cut-off or out of order, or a unit at or under the cut-off is
 * missing. PLACES, unless NULL, is [ids.count]: where each unit stands.
 */
PROFFER_MUST_USE enum status sample_check(const struct sample *sample,
                                          const struct frame_units *laid, struct unit_place *places,
                                          struct error *err);

/* Notes the prior of QUERY, unless one is noted already. */
PROFFER_MUST_USE enum status sample_note_prior(struct sample *sample, const char *query, double a,
                                               double b, struct error *err);

/* ---- the file: sample_file.c ---- */

PROFFER_MUST_USE enum status sample_write(struct sample *sample, const char *path,
                                          struct error *err);
/* Strict: STATUS_PLAN names the place. SAMPLE is initialised; release also on failure. */
PROFFER_MUST_USE enum status sample_read(struct sample *sample, const char *path,
                                         struct error *err);
PROFFER_MUST_USE enum status sample_parse(struct sample *sample, const char *name, const char *text,
                                          size_t len, struct error *err);

/* ---- draw as a whole: sample_fix.c ---- */

struct sample_request {
    const char *frame_path, *sample_path;
    const char *labels_path; /* or NULL; labels count as read if this file is there, or that of any
                              * query of the plan that names the sample */
    /*
     * Either SIZE units in all, divided by allocation.h in proportion to N_h or, with RATES, as
     * Neyman does; or SIZES: "200,1000,all", one a stratum in the frame's order; or SHARES of all
     * tickets, "0.01,0.2", one a stratum or one for all.
     */
    uint64_t size;
    const char *sizes, *shares, *rates; /* rates: "0.5,0.001", guesses of the shares relevant */
    const char *seed, *seed_source;
    int64_t seed_time; /* as stated, or CIVIL_NONE */
    /* What the caller takes the frame to be, or NULL. */
    const char *by, *unit;
};

enum sample_outcome { SAMPLE_DRAWN, SAMPLE_EXTENDED, SAMPLE_UNCHANGED };

/*
 * What `proffer draw` does: reads the frame, draws, notes the draw in the frame and writes the
 * sample with mode 0600. A sample that is there already is extended if it is of the same frame and
 * seed and no stratum shrinks (one of shares only while there are no labels), and left alone if all
 * sizes are the same; all else is STATUS_PLAN, and so are a seed that another sample of the frame
 * was drawn with, and a seed's stated time before the frame's or after now. SAMPLE is initialised;
 * release it also on failure.
 */
PROFFER_MUST_USE enum status sample_fix(struct sample *sample, const struct tally_source *source,
                                        const struct sample_request *request,
                                        enum sample_outcome *outcome, struct error *err);

#endif
