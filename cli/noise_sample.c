/* Samples under noise: see noise_sample.h. */
#include "cli/noise_sample.h"

#include "base/file.h"
#include "queries/noise_shape.h"
#include "queries/sample.h"

#include <inttypes.h>
#include <string.h>

static enum status refuse(const struct plan_query *query, const char *what, const char *hint,
                          struct error *err)
{
    (void)error_set(err, STATUS_REFUSED, query->sample_path,
                    "no noise can be put on the sample of \"%s\": %s", query->id, what);
    (void)error_hint(err, "%s", hint);
    return STATUS_REFUSED;
}

/* How many strata the plan makes by the query that the sample names; 0 if it makes none. */
static uint64_t strata_of_plan(const struct plan *plan, const char *by)
{
    for (size_t i = 0; i < plan->query_count; i++)
        if (strcmp(plan->queries[i].id, by) == 0)
            return noise_shape_strata(plan, i);
    return 0;
}

static enum status check_strata(const struct plan *plan, const struct plan_query *query,
                                const struct sample *sample, struct error *err)
{
    static const char again[] =
        "fix a frame with this plan (proffer frame PLAN --by QUERY) and draw "
        "from it by --shares; or ask it in a plan without noise, whose report "
        "says so";
    if (!sample->basis.all_groups)
        return refuse(
            query,
            "which strata there are was seen in the logs, since empty and small ones were "
            "left out or joined",
            again, err);
    if (sample->strata[0].share == 0)
        return refuse(
            query,
            "so many units were drawn of each stratum, so that the cut-offs tell how large "
            "the strata are",
            again, err);
    uint64_t own = strata_of_plan(plan, sample->basis.by);
    if (own == sample->stratum_count)
        return STATUS_OK;
    return refuse(
        query,
        own ? "its strata are not those that the plan makes: another period or other values"
            : "its strata do not follow from the plan alone",
        again, err);
}

enum status noise_sample_strata(const struct plan *plan, size_t number, uint64_t *strata,
                                struct error *err)
{
    const struct plan_query *query = &plan->queries[number];
    struct sample sample;
    *strata = 1;
    if (query->kind != QUERY_RELEVANCE || !file_exists(query->sample_path))
        return STATUS_OK;
    sample_init(&sample);
    enum status status = sample_read(&sample, query->sample_path, err);
    if (status == STATUS_OK && sample.basis.kind != UNIT_CONVERSATION)
        status =
            refuse(query, "what was drawn is other units than conversations",
                   "draw one of conversations, without \"--unit\", from a frame of its own; or "
                   "ask it in a plan without noise, whose report says so",
                   err);
    if (status == STATUS_OK && sample.basis.by) {
        status = check_strata(plan, query, &sample, err);
        *strata = sample.stratum_count;
    }
    if (status == STATUS_OK && query->check_share > 0 && sample.strata[0].share == 0)
        status = refuse(query, "labels are checked by a share, and the sample was drawn by size",
                        "draw it by --shares; or check \"of_irrelevant\": \"all\"", err);
    sample_release(&sample);
    return status;
}
