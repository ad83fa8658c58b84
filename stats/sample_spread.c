/* Spread of a sample over groups: see sample_spread.h. */
#include "stats/sample_spread.h"

#include "base/memory.h"
#include "stats/hypergeometric.h"
#include "stats/multiple_tests.h"

#include <math.h>
#include <stdlib.h>

static enum status check(uint64_t population, uint64_t drawn, const struct spread_group *groups,
                         size_t count, double confidence, struct error *err)
{
    if (!(confidence > 0 && confidence < 1))
        return error_set(err, STATUS_PLAN, NULL, "the confidence must lie between 0 and 1");
    if (drawn == 0 || drawn > population || population > HYPERGEOMETRIC_POPULATION_MAX)
        return error_set(err, STATUS_PLAN, NULL, "so many cannot be drawn");
    for (size_t i = 0; i < count; i++)
        if (groups[i].population > population || groups[i].drawn > groups[i].population ||
            groups[i].drawn > drawn || drawn - groups[i].drawn > population - groups[i].population)
            return error_set(err, STATUS_PLAN, NULL, "so many of a group cannot be drawn");
    return STATUS_OK;
}

static void judge(const struct hypergeometric *h, uint64_t drawn, double each_tail,
                  struct spread_of_group *out)
{
    double low = hypergeometric_tail_low(h, drawn), high = hypergeometric_tail_high(h, drawn);
    out->expected = (double)h->drawn * ((double)h->relevant / (double)h->population);
    out->low = hypergeometric_quantile(h, each_tail);
    out->high = hypergeometric_quantile(h, 1 - each_tail);
    out->p = fmin(1, 2 * fmin(low, high));
}

/* Holm's values of the groups that are not empty, into OUT; the least of them. */
static enum status together(const struct spread_group *groups, size_t count, size_t full,
                            struct spread_of_group *out, double *least, struct error *err)
{
    double *p = mem_zalloc(full, sizeof *p);
    size_t used = 0;
    *least = 1;
    if (!p)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        if (groups[i].population)
            p[used++] = out[i].p;
    enum status status = used ? holm_adjust(p, used, p, err) : STATUS_OK;
    used = 0;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        out[i].p_together = groups[i].population ? p[used++] : 1;
        *least = fmin(*least, out[i].p_together);
    }
    free(p);
    return status;
}

enum status sample_spread(uint64_t population, uint64_t drawn, const struct spread_group *groups,
                          size_t count, double confidence, struct spread_of_group *out,
                          struct spread_fit *fit, struct error *err)
{
    size_t full = 0;
    *fit = (struct spread_fit){.p = 1};
    TRY(check(population, drawn, groups, count, confidence, err));
    for (size_t i = 0; i < count; i++)
        full += groups[i].population > 0;
    for (size_t i = 0; i < count; i++) {
        const struct hypergeometric h = {population, groups[i].population, drawn};
        out[i] = (struct spread_of_group){.p = 1, .p_together = 1};
        if (groups[i].population == 0)
            continue;
        judge(&h, groups[i].drawn, (1 - confidence) / 2 / (double)full, &out[i]);
        double apart = (double)groups[i].drawn - out[i].expected;
        fit->pearson += apart * apart / out[i].expected;
        fit->dissimilarity += fabs(apart) / (double)drawn / 2;
    }
    if (population > 1 && full > 0)
        fit->pearson_mean =
            (double)(full - 1) * (double)(population - drawn) / (double)(population - 1);
    return together(groups, count, full, out, &fit->p, err);
}
