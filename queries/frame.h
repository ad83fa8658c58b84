/*
 * The frame: the set that a sample is drawn from, fixed by a digest before the seed is known: the
 * units of a plan's population over a catalogue, in one stratum ("all") or in those that a query of
 * the plan makes (strata.h).
 *
 *     { "proffer_frame": 1, "unit": "conversation", "unit_id": "id", "by": "terms",
 *       "min_users": 11, "groups": "shown", "N": 700,
 *       "strata": [ { "name": "found", "N": 71 }, { "name": "not found", "N": 629 } ],
 *       "digest": "...", "fixed": "2025-01-31T12:00:00Z", "catalogue": "...",
 *       "population": { ... },
 *       "draws": [ { "seed": "...", "sample": "sample.json", "size": 50 } ] }
 *
 * "groups" is "all" where the plan has noise: strata are then all that the plan can make.
 *
 * The digest is over the units and their strata alone (see unit.h): a term added to the plan later
 * leaves a frame in one stratum what it was. The catalogue's digest says what it was made from, and
 * the population's filter (frame_filter.h) lets it be made again, so that a narrower population can
 * be shown to lie inside it. Every draw is noted, so that a frame tells how often it was tried. The
 * file is internal: mode 0600.
 */
#ifndef PROFFER_FRAME_H
#define PROFFER_FRAME_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/strata.h"
#include "queries/tally_source.h"
#include "queries/unit.h"

#include <stdbool.h>
#include <stdint.h>

/* What makes units and strata out of a population. */
struct frame_basis {
    enum unit_kind kind;
    enum unit_naming naming;
    char *by;           /* id of the query that makes strata; NULL: one stratum */
    uint32_t min_users; /* at which small strata were joined; 0 without strata */
    bool all_groups;    /* strata are those of the plan, empty or not, and none was joined */
};

/* How strata came to be, in files: "shown", "all". */
extern const char *const frame_groups[];

/* That basis laid over a population: every unit with its stratum. */
struct frame_units {
    struct units units;
    struct strata strata;
};

/*
 * SOURCE's population must outlive them. STATUS_PLAN where the plan lacks the query or it makes no
 * strata. Release also on failure.
 */
PROFFER_MUST_USE enum status frame_lay(struct frame_units *laid, const struct frame_basis *basis,
                                       const struct tally_source *source, struct error *err);
void frame_units_release(struct frame_units *laid);

/* Whether these are the COUNT units, in their strata, of that DIGEST. */
PROFFER_MUST_USE enum status frame_matches(const struct frame_units *laid, const char *digest,
                                           uint64_t count, bool *matches, struct error *err);

struct frame_stratum {
    char *name;
    uint64_t count; /* N_h, at least 1 but of all groups */
};

struct frame_draw {
    char *seed, *sample; /* the sample's file name without its folder */
    uint64_t size;
};

struct frame {
    struct frame_basis basis;
    uint64_t count; /* N, at least 1 */
    struct frame_stratum *strata;
    size_t stratum_count;
    char digest[65], catalogue_digest[65];
    int64_t fixed; /* when, in seconds since 1970 */
    char *filter;  /* canonical text, compact JSON */
    struct frame_draw *draws;
    size_t draw_count;
};

struct frame_request {
    enum unit_kind kind;
    const char *by;               /* id of a query, or NULL */
    const char *catalogue_digest; /* 64 lower-case hex digits, or "" */
};

/* The frame of SOURCE's population. An empty one is STATUS_PLAN. Release also on failure. */
PROFFER_MUST_USE enum status frame_make(struct frame *frame, const struct tally_source *source,
                                        const struct frame_request *request, struct error *err);
void frame_release(struct frame *frame);

/* Notes a draw: a new one, or the size of one that is there. */
PROFFER_MUST_USE enum status frame_note_draw(struct frame *frame, const char *seed,
                                             const char *sample, uint64_t size, struct error *err);

/* "<plan's file without .json>.frame.json"; the caller frees it. NULL without memory. */
char *frame_default_path(const struct plan *plan) __attribute__((warn_unused_result));

/*
 * What `proffer frame` does: fixes the frame in the file PATH. One of the same units and strata
 * that is there already stays as it is (*WRITTEN false); another one is STATUS_PLAN, since samples
 * may hang on it. Release *FRAME also on failure.
 */
PROFFER_MUST_USE enum status frame_fix(struct frame *frame, const struct tally_source *source,
                                       const struct frame_request *request, const char *path,
                                       bool *written, struct error *err);

/*
 * Makes the frame again from its filter: its POPULATION, and its units LAID over that. STATUS_PLAN
 * unless they have the frame's digest. Release both also on failure.
 */
PROFFER_MUST_USE enum status frame_restore(const struct frame *frame,
                                           const struct tally_source *source,
                                           struct population *population, struct frame_units *laid,
                                           struct error *err);

/* ---- the file: frame_file.c ---- */

PROFFER_MUST_USE enum status frame_write(const struct frame *frame, const char *path,
                                         struct error *err);

/* Strict: anything odd in the file is STATUS_PLAN naming the place. Release also on failure. */
PROFFER_MUST_USE enum status frame_read(struct frame *frame, const char *path, struct error *err);
PROFFER_MUST_USE enum status frame_parse(struct frame *frame, const char *name, const char *text,
                                         size_t len, struct error *err);

#endif
