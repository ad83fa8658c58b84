/* The tally of a relevance query: see tally_relevance.h. */
#include "queries/tally_relevance.h"

#include "base/file.h"
#include "queries/labelled_sample.h"
#include "queries/tally_spread.h"

static enum status tally_search(const struct labelled_sample *labelled, size_t query,
                                struct tally *tally, struct error *err)
{
    const struct tally_source *source = labelled->source;
    size_t search = source->plan->queries[query].search;
    struct unit_set found;
    enum status status = unit_set_init(&found, source->catalogue, err);
    if (status == STATUS_OK)
        status = unit_set_add(&found, &labelled->units, source, search, UNIT_SET_ANY_SLOT, 0, err);
    if (status == STATUS_OK)
        status = labelled_sample_tally(labelled, &found, query, 0, tally, err);
    unit_set_release(&found);
    return status;
}

enum status tally_relevance(const struct tally_source *source, size_t query, struct tally *tally,
                            struct error *err)
{
    const struct plan *plan = source->plan;
    struct labelled_sample labelled;
    bool there;
    /* With noise a sample without labels, or checks of them, would be paid for and say nothing. */
    const char *checks = plan->queries[query].check_path;
    if (plan->release.noise.mechanism &&
        (!file_exists(plan->queries[query].labels_path) || (checks && !file_exists(checks))))
        return STATUS_OK;
    enum status status = labelled_sample_open(&labelled, source, query, &there, err);
    if (status == STATUS_OK && there)
        status = tally_spread_note(&labelled, query, tally, err);
    if (status == STATUS_OK && there)
        status = labelled_sample_tally(&labelled, NULL, query, TALLY_NO_SEARCH, tally, err);
    if (status == STATUS_OK && there && source->plan->queries[query].has_search)
        status = tally_search(&labelled, query, tally, err);
    labelled_sample_release(&labelled);
    return status;
}
