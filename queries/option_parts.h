/*
 * What the options of proposals are made of: parts, each a condition that some option has (hit by
 * one of these terms; of one of these topics; a run of so many words; a period). An option is the
 * conversations that have all of its parts. Equal conditions of several options are one part, also
 * where they name several queries (option_alike.h).
 *
 * Which parts a conversation may have together, as the plan alone tells: with a term it has every
 * part that names the term, with a run every part of as many words or fewer, and it has one time.
 */
#ifndef PROFFER_OPTION_PARTS_H
#define PROFFER_OPTION_PARTS_H

#include "base/error.h"
#include "queries/option_alike.h"
#include "queries/plan.h"
#include "queries/told_sets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is counted of conversations that options have. */
enum option_measure { MEASURE_CONVERSATIONS, MEASURE_EXCHANGES, MEASURE_WORDS, OPTION_MEASURES };

struct option_part {
    enum option_part_kind kind;
    struct plan_option option;         /* that has this condition alone; shares the plan's arrays */
    const struct plan_filter *filters; /* [filter_count] of PART_FILTERS */
    size_t filter_count;
    struct unit_set set;
    uint32_t hidden[OPTION_MEASURES]; /* figures of the tally */
};

/* So many parts fit into a mask. Beyond that, and beyond TALLY_COMBINATIONS of parts that occur, it
 * is not asked what they have in common. */
enum { OPTION_PARTS_MAX = 64 };

/* How a query of the plan takes part: its tables are there; and they are of these days, which lie
 * in those of the plan's population, and of these filters, which are its, or it has none. */
struct option_source {
    bool used;
    int64_t from, to;
    const struct plan_filter *filters; /* [filter_count] */
    size_t filter_count;
};

struct option_parts {
    const struct plan *plan;
    struct option_part *items; /* [count] */
    size_t count, capacity;
};

/* The parts of all options of SETS' plan, as OF[query] says; and the days, and the filters, of all
 * such queries, where these are not the population's. An option's days lie in its query's. Release
 * also on failure. */
PROFFER_MUST_USE enum status option_parts_init(struct option_parts *parts,
                                               const struct told_sets *sets,
                                               const struct option_source *of, struct error *err);
void option_parts_release(struct option_parts *parts);

/* The query that a terms, topics or overlap part asks: the first that it was found with. */
size_t option_part_query(const struct option_part *part);

/* The part of just these days, or of these filters, or the number of parts. */
size_t option_parts_period(const struct option_parts *parts, int64_t from, int64_t to);
size_t option_parts_filters(const struct option_parts *parts, const struct plan_filter *filters,
                            size_t count);

/* The parts of OPTION as numbers, at most 4. */
size_t option_parts_of(const struct option_parts *parts, const struct plan_option *option,
                       size_t numbers[static 4]);

/* Masks of parts that a conversation may have together, but for filters; none where there are more
 * than MOST. The caller frees them. */
PROFFER_MUST_USE enum status option_parts_masks(const struct option_parts *parts, size_t most,
                                                uint64_t **masks, size_t *count, struct error *err);

#endif
