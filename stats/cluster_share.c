/* Shares from clusters: see cluster_share.h. */
#include "stats/cluster_share.h"

#include "stats/interval_approximate.h"

#include <math.h>

/* The variance of a stratum's part of the linearised total; *DEGREES grows. */
static enum status variance_of(const struct cluster_sums *s, double share, double whole,
                               double *variance, double *degrees, struct error *err)
{
    double n = (double)s->drawn, fraction = n / (double)s->clusters;
    *variance = 0;
    *degrees += n - 1;
    if (s->drawn == s->clusters)
        return STATUS_OK;
    if (s->drawn < 2)
        return error_set(err, STATUS_PLAN, NULL,
                         "a stratum has only one drawn, which shows no variance");
    double scale = (double)s->clusters / n / whole;
    double sum = (double)s->y - share * (double)s->m;
    double squares = (double)s->yy - 2 * share * (double)s->ym + share * share * (double)s->mm;
    double spread = squares - sum * sum / n;
    *variance = (1 - fraction) * n / (n - 1) * scale * scale * (spread > 0 ? spread : 0);
    return STATUS_OK;
}

enum status cluster_share(const struct cluster_sums *strata, size_t count, double confidence,
                          struct cluster_share *out, struct error *err)
{
    double above = 0, below = 0, variance = 0, degrees = 0;
    uint64_t elements = 0;
    for (size_t h = 0; h < count; h++) {
        if (strata[h].drawn == 0)
            continue;
        double weight = (double)strata[h].clusters / (double)strata[h].drawn;
        above += weight * (double)strata[h].y;
        below += weight * (double)strata[h].m;
        elements += strata[h].m;
    }
    if (elements < 2)
        return error_set(err, STATUS_PLAN, NULL, "fewer than two elements were drawn");
    double share = above / below;
    for (size_t h = 0; h < count; h++) {
        double own;
        if (strata[h].drawn == 0)
            continue;
        TRY(variance_of(&strata[h], share, below, &own, &degrees, err));
        variance += own;
    }
    struct cluster_share r = {.share = share, .se = sqrt(variance), .degrees = degrees};
    TRY(interval_korn_graubard(share, r.se, elements, degrees < 1 ? 1 : degrees, confidence, &r.low,
                               &r.high, &r.effective, err));
    *out = r;
    return STATUS_OK;
}
