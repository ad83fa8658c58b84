/*
 * What an option, or one of its parts, has in just some of several populations, and what of these
 * it has not: a sum of combinations of parts (tally_options.h), such as are possible, that is a
 * hidden figure of its own where few users have it. None of these combinations need follow where
 * all of them together do.
 */
#ifndef PROFFER_OPTION_SUMS_H
#define PROFFER_OPTION_SUMS_H

#include "base/error.h"
#include "queries/option_parts.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/term_combinations.h"

#include <stddef.h>
#include <stdint.h>

/* Of so many at most. */
enum { OPTION_SUMS_MAX = 1024 };

struct option_sums {
    const struct tally_source *source;
    const struct term_combinations *masks; /* lists are masks of parts */
    uint64_t *const *sums; /* [OPTION_MEASURES][masks] exchanges, words; else NULL */
    const uint32_t *first; /* [OPTION_MEASURES] hidden figure of the first mask */
    uint32_t *users;       /* [masks * (min_users - 1)] of masks of fewer users, which these are */
    const uint64_t *asked; /* [asked_count] masks of options, and of parts */
    size_t asked_count;
    const uint64_t *populations; /* [population_count] masks of days and filters, at most 64 */
    size_t population_count;
};

/* Lists the users of masks of few, as MASK_OF [rows of the catalogue] has them. */
PROFFER_MUST_USE enum status option_sums_users(struct option_sums *sums, const uint64_t *mask_of,
                                               struct error *err);

/* Hides them, and ties them to the masks. */
PROFFER_MUST_USE enum status option_sums_hide(const struct option_sums *sums, struct tally *tally,
                                              struct error *err);

#endif
