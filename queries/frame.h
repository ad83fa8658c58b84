/*
 * The frame: the set that a sample is drawn from, fixed by a digest before the seed is known. Here
 * it is the population of a plan over a catalogue, one stratum ("all"), its unit the conversation.
 *
 *     { "proffer_frame": 1, "unit": "conversation", "unit_id": "id",
 *       "N": 700, "strata": [ { "name": "all", "N": 700 } ],
 *       "digest": "...", "catalogue": "...", "population": { ... } }
 *
 * The digest is over the units alone (see unit.h): a term added to the plan later leaves the frame
 * what it was. The catalogue's digest says what it was made from, and the population's filter
 * (frame_filter.h) lets it be made again, so that a narrower population can be shown to lie inside
 * it. The file is internal: mode 0600.
 */
#ifndef PROFFER_FRAME_H
#define PROFFER_FRAME_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/unit.h"

#include <stdbool.h>
#include <stdint.h>

struct frame {
    enum unit_naming naming;
    uint64_t count; /* N, at least 1 */
    char digest[65], catalogue_digest[65];
    char *filter; /* canonical text, compact JSON */
};

/*
 * The frame of POPULATION, which is PLAN's. CATALOGUE_DIGEST is 64 lower-case hex digits. An empty
 * population is STATUS_PLAN. Release also on failure.
 */
PROFFER_MUST_USE enum status frame_make(struct frame *frame, const struct population *population,
                                        const struct plan *plan, const char *catalogue_digest,
                                        struct error *err);
void frame_release(struct frame *frame);

PROFFER_MUST_USE enum status frame_write(const struct frame *frame, const char *path,
                                         struct error *err);

/* Strict: anything odd in the file is STATUS_PLAN naming the place. Release also on failure. */
PROFFER_MUST_USE enum status frame_read(struct frame *frame, const char *path, struct error *err);
PROFFER_MUST_USE enum status frame_parse(struct frame *frame, const char *name, const char *text,
                                         size_t len, struct error *err);

/* "<plan's file without .json>.frame.json"; the caller frees it. NULL without memory. */
char *frame_default_path(const struct plan *plan) __attribute__((warn_unused_result));

/*
 * What `proffer frame` does: fixes the frame of POPULATION in the file PATH. One of the same units
 * that is there already stays as it is (*WRITTEN false); another one is STATUS_PLAN, since samples
 * may hang on it. Release *FRAME also on failure.
 */
PROFFER_MUST_USE enum status frame_fix(struct frame *frame, const struct population *population,
                                       const struct plan *plan, const char *catalogue_digest,
                                       const char *path, bool *written, struct error *err);

/* The units of POPULATION, named as NAMING says. */
struct units frame_units(const struct population *population, enum unit_naming naming);

/* Whether POPULATION is the frame: the same units in the same order. */
PROFFER_MUST_USE enum status frame_matches(const char *digest, enum unit_naming naming,
                                           uint64_t count, const struct population *population,
                                           bool *matches, struct error *err);

/*
 * Makes the frame's rows again from its filter. STATUS_PLAN unless they have the frame's digest.
 * Release *ROWS also on failure.
 */
PROFFER_MUST_USE enum status frame_population(const struct frame *frame,
                                              const struct catalogue *catalogue,
                                              const struct plan *plan, struct population *rows,
                                              struct error *err);

#endif
