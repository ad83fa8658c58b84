/*
 * What a labelled random sample shows of a relevance query (labelled_sample.h), and of the search
 * that the query is to be judged by, if it names one.
 */
#ifndef PROFFER_TALLY_RELEVANCE_H
#define PROFFER_TALLY_RELEVANCE_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stddef.h>

/*
 * Adds the sample of query QUERY (a relevance query of the plan) to TALLY, and once more split by
 * what its search found; nothing while there is no sample file. Errors as of labelled_sample_open.
 */
PROFFER_MUST_USE enum status tally_relevance(const struct tally_source *source, size_t query,
                                             struct tally *tally, struct error *err);

#endif
