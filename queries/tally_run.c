/* All tallies of a plan: see tally_run.h. */
#include "queries/tally_run.h"

#include "queries/options_shared.h"
#include "queries/slots_shared.h"
#include "queries/tally_differences.h"
#include "queries/tally_joint.h"
#include "queries/tally_labels.h"
#include "queries/tally_links.h"
#include "queries/tally_options.h"
#include "queries/tally_proposals.h"
#include "queries/tally_relevance.h"
#include "queries/tally_searches.h"
#include "queries/tally_spread.h"
#include "queries/tally_ties.h"
#include "queries/tally_unions.h"
#include "queries/tally_within.h"
#include "queries/terms_combined.h"
#include "queries/terms_shared.h"
#include "queries/told_sets.h"
#include "queries/works_combined.h"
#include "queries/works_shared.h"

/* A claim is about another query's sample and has nothing of its own to count. */
static enum status tally_nothing(const struct tally_source *source, size_t query,
                                 struct tally *tally, struct error *err)
{
    (void)source;
    (void)query;
    (void)tally;
    (void)err;
    return STATUS_OK;
}

static enum status (*const kinds[QUERY_KIND_COUNT])(const struct tally_source *source, size_t query,
                                                    struct tally *tally, struct error *err) = {
    [QUERY_COUNT] = tally_count,         [QUERY_TERMS] = tally_terms,
    [QUERY_TOPICS] = tally_topics,       [QUERY_RELEVANCE] = tally_relevance,
    [QUERY_CLAIM] = tally_nothing,       [QUERY_OVERLAP] = tally_overlap,
    [QUERY_IDENTIFIERS] = tally_found,   [QUERY_REGEX] = tally_found,
    [QUERY_PROPOSALS] = tally_proposals,
};

/* What a reader could reckon with over all tables. */
static enum status tie_all(const struct tally_source *source, struct tally *tally,
                           struct error *err)
{
    struct told_sets sets;
    enum status status = STATUS_OK;
    bool too_many;
    TRY(tally_links(tally, 0, err));
    TRY(tally_within(source, tally, 0, err));
    TRY(tally_joint(source, tally, err));
    TRY(terms_share_all(source->plan, tally, err));
    TRY(tally_labels(tally, err));
    TRY(works_share_all(source, tally, err));
    TRY(works_combine_own(source, tally, err));
    TRY_CLEANUP(told_sets_init(&sets, source, tally, err));
    TRY_CLEANUP(tally_unions(&sets, tally, err));
    TRY_CLEANUP(slots_share(source, tally, err));
    TRY_CLEANUP(terms_combine_own(source, tally, err));
    TRY_CLEANUP(tally_options(&sets, tally, NULL, &too_many, err));
    TRY_CLEANUP(options_share_all(source->plan, tally, err));
    TRY_CLEANUP(tally_searches(tally, source->plan->release.min_users, err));
    status = tally_differences(&sets, tally, err);
cleanup:
    told_sets_release(&sets);
    return status;
}

enum status tally_run(const struct tally_source *source, struct tally *tally, struct error *err)
{
    const struct population *population = source->population;
    uint32_t users = population->users_support;
    const uint64_t totals[] = {[TALLY_CONVERSATIONS] = population->conversations,
                               [TALLY_EXCHANGES] = population->exchange_count,
                               [TALLY_USERS_COLUMN] = population->users,
                               [TALLY_WORDS] = population->words};
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
        tally->population[i] = (struct tally_cell){totals[i], users, 0};
    TRY(tally_completeness(source, tally, err));
    for (size_t i = 0; i < source->plan->query_count; i++)
        TRY(kinds[source->plan->queries[i].kind](source, i, tally, err));
    TRY(tally_spread_tables(source, tally, err));
    return ties_matter(source->plan) ? tie_all(source, tally, err) : STATUS_OK;
}
