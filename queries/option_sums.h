/*
 * What an option, or one of its parts, has in just some of several populations, and what of these
 * it has not: a sum of combinations of parts (tally_options.h), such as are possible, that is a
 * hidden figure of its own where few users have it. None of these combinations need follow where
 * all of them together do.
 */
#ifndef PROFFER_OPTION_SUMS_H
#define PROFFER_OPTION_SUMS_H

#include "base/error.h"
#include "queries/option_masks.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stddef.h>
#include <stdint.h>

/* Of so many at most. */
enum { OPTION_SUMS_MAX = 1024 };

struct option_sums {
    const struct tally_source *source;
    const struct option_masks *masks;
    const uint32_t *first; /* [OPTION_MEASURES] hidden figure of the first mask */
    const uint64_t *asked; /* [asked_count] masks of options, and of parts */
    size_t asked_count;
    const uint64_t *populations; /* [population_count] masks of days and filters, at most 64 */
    size_t population_count;
};

/* Hides them, and ties them to the masks. */
PROFFER_MUST_USE enum status option_sums_hide(const struct option_sums *sums, struct tally *tally,
                                              struct error *err);

#endif
