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

/* Units of one kind that were drawn, or conversations whose users were. */
static enum status check_units(const struct plan_query *query, const struct sample *sample,
                               struct error *err)
{
    static const char new_frame[] = "fix a frame of the query's unit (proffer frame PLAN --unit "
                                    "UNIT) and draw from it";
    enum unit_kind drawn = sample->basis.kind;
    const char *unit = query->unit ? query->unit : unit_kinds[UNIT_CONVERSATION];
    if (drawn == UNIT_EXCHANGE)
        return refuse(query,
                      "what was drawn is exchanges, and one user can have any number of them",
                      "draw conversations or users; or ask it in a plan without noise, whose "
                      "report says so",
                      err);
    if (drawn == UNIT_USER && !query->unit)
        return refuse(query, "users were drawn, and the plan does not say what labels are of",
                      "say it with \"unit\": \"user\", or \"conversation\" for those of drawn "
                      "users",
                      err);
    if (strcmp(unit, unit_kinds[drawn]) == 0)
        return STATUS_OK;
    if (drawn != UNIT_USER)
        return refuse(query, "its unit is the conversation, and the query's is the user", new_frame,
                      err);
    if (query->has_search || query->check_path || sample->basis.by || sample->strata[0].share == 0)
        return refuse(query,
                      "users were drawn and labels are of their conversations, which takes noise "
                      "if all users were drawn by one share, without strata, search or "
                      "adjudication",
                      "draw by --shares from a frame without \"--by\"; or a sample of the "
                      "conversations themselves",
                      err);
    return STATUS_OK;
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
    if (status == STATUS_OK)
        status = check_units(query, &sample, err);
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
