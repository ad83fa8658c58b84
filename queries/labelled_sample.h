/*
 * A sample of a relevance query with its labels: checked against its frame, laid over the
 * population, and counted.
 *
 * The sample is checked against its frame each time: every drawn unit has its ticket, none is left
 * out. Where the population is the frame, N is the frame's. Where it is narrower, the frame's rows
 * are made again from the file beside the plan, the population must lie inside them, and the sample
 * is restricted to it: given how many of a stratum's drawn units are inside, they are a simple
 * random sample of its part of the population, so bounds from (x, n, N) are exact. Users as units
 * must have all there that they have in the frame, but for what noise caps, which was labelled with
 * the rest. All else is STATUS_PLAN.
 *
 * A query may ask for a unit that the drawn ones hold: exchanges of drawn conversations, or
 * conversations or exchanges of drawn users. Labels are then of those elements, and sums over the
 * drawn clusters are tallied.
 *
 * Where labels are checked, the checker's labels must cover, of each stratum's units that reviewers
 * call irrelevant, those with the smallest tickets of the check's own seed: the plan's, or the
 * sample's with "/adjudication" after it. Where the plan says a share, they must cover all whose
 * tickets are in it and no others; one that they lack counts as undecided.
 */
#ifndef PROFFER_LABELLED_SAMPLE_H
#define PROFFER_LABELLED_SAMPLE_H

#include "base/error.h"
#include "queries/labels.h"
#include "queries/sample.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/unit_set.h"

#include <stdbool.h>
#include <stddef.h>

struct labelled_sample {
    const struct tally_source *source;
    const struct plan_query *query;
    struct sample sample;
    struct population frame; /* made again, where the population is not the frame */
    bool narrower;
    struct frame_units laid;                /* of the frame */
    struct units units;                     /* of the population; users: see above */
    struct unit_place *places;              /* [sample.ids.count] */
    struct labels labels, checks, previous; /* previous: of an earlier report; may be empty */
    /* Where the query's unit is not the drawn one: */
    bool clustered;
    struct units element_units;        /* of the frame's population */
    struct intern elements;            /* ids, cluster after cluster in the order of the sample */
    struct unit_place *element_places; /* [elements.count] */
    uint32_t *starts;                  /* [sample.ids.count + 1] where each cluster's begin */
};

/*
 * Of the relevance query NUMBER. *THERE is false while there is no sample file. STATUS_PLAN for a
 * sample or frame that does not fit, STATUS_INPUT for a label file that holds what it must not. A
 * sample that grew after its labels were read is refused but for the method that holds at every
 * look. Release also on failure.
 */
PROFFER_MUST_USE enum status labelled_sample_open(struct labelled_sample *labelled,
                                                  const struct tally_source *source, size_t number,
                                                  bool *there, struct error *err);
/* The same without its labels. */
PROFFER_MUST_USE enum status labelled_sample_find(struct labelled_sample *labelled,
                                                  const struct tally_source *source, size_t number,
                                                  bool *there, struct error *err);
void labelled_sample_release(struct labelled_sample *labelled);

/* The ids that labels are of: the drawn units', or their elements'. */
const struct intern *labelled_sample_ids(const struct labelled_sample *labelled);

/* Its seed for the tickets by which labels are checked; the caller frees it. NULL without memory.
 */
char *labelled_sample_check_seed(const struct plan_query *query, const struct sample *sample)
    __attribute__((warn_unused_result));

/*
 * Counts it into TALLY as sample SEARCH of query QUERY, split by FOUND unless that is NULL. Without
 * a label file every unit is missing. Units that reviewers differ about are among the unreadable
 * ones, since both are bounded both ways.
 */
PROFFER_MUST_USE enum status labelled_sample_tally(const struct labelled_sample *labelled,
                                                   const struct unit_set *found, size_t query,
                                                   long search, struct tally *tally,
                                                   struct error *err);

/*
 * The same for one label among many: WANTED counts as relevant, every other readable one as
 * irrelevant; split by the strata CROSS of the same units, of which the one with WANTED's name is
 * what is predicted to have it.
 */
struct label_wanted {
    unsigned label;
    const char *name;
};
PROFFER_MUST_USE enum status labelled_sample_tally_label(const struct labelled_sample *labelled,
                                                         const struct strata *cross,
                                                         const struct label_wanted *wanted,
                                                         size_t query, long search,
                                                         struct tally *tally, struct error *err);

#endif
