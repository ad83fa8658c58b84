/* Recall, precision and the rest: see search_quality.h. */
#include "stats/search_quality.h"

#include <math.h>

bool design_estimate(const struct design *design, double *relevant)
{
    *relevant = 0;
    for (size_t h = 0; h < design->count; h++) {
        const struct sample_counts *s = &design->strata[h].counts;
        const struct label_check *c = &design->strata[h].check;
        if (s->population == 0)
            continue;
        if (s->drawn == 0 || s->unreadable)
            return false;
        double seen = (double)s->relevant;
        if (design->checked && c->cleared) {
            if (c->checked == 0 || c->unclear || (c->all && c->checked < c->cleared))
                return false;
            seen += (double)c->cleared * (double)c->overturned / (double)c->checked;
        }
        *relevant += (double)s->population * seen / (double)s->drawn;
    }
    return true;
}

static uint64_t units_of(const struct design *design)
{
    uint64_t units = 0;
    for (size_t h = 0; h < design->count; h++)
        units += design->strata[h].counts.population;
    return units;
}

static enum status set_of(const struct design *design, double confidence, struct interval *out,
                          struct error *err)
{
    *out = (struct interval){0, 0};
    if (design->count == 0)
        return STATUS_OK;
    return design_interval(design, confidence, out, err);
}

static struct ratio_bounds ratio(bool defined, bool has_point, double point, double low,
                                 double high)
{
    if (!defined)
        return (struct ratio_bounds){.defined = false};
    return (struct ratio_bounds){true, has_point && !isnan(point), has_point ? point : 0, low,
                                 high};
}

/* PART of WHOLE; WHOLE 0 takes the value of the limit, AT_NONE. */
static double share(double part, double whole, double at_none)
{
    return whole > 0 ? part / whole : at_none;
}

enum status search_quality_bounds(const struct design *found, const struct design *left,
                                  double confidence, struct search_quality *out, struct error *err)
{
    bool both = design_uncertain(found) && design_uncertain(left);
    double each = both ? sqrt(confidence) : confidence;
    double k_found, k_left;
    struct search_quality q = {.found_units = units_of(found), .left_units = units_of(left)};
    TRY(set_of(found, each, &q.found, err));
    TRY(set_of(left, each, &q.left, err));
    bool found_point = design_estimate(found, &k_found),
         left_point = design_estimate(left, &k_left);
    bool points = found_point && left_point;
    double nf = (double)q.found_units, nl = (double)q.left_units;
    double fl = (double)q.found.low, fh = (double)q.found.high;
    double ll = (double)q.left.low, lh = (double)q.left.high;
    q.recall = ratio(fh + lh > 0, points, share(k_found, k_found + k_left, NAN),
                     share(fl, fl + lh, fl + lh > 0 ? 0 : 1), share(fh, fh + ll, 1));
    q.precision =
        ratio(nf > 0, found_point, share(k_found, nf, 0), share(fl, nf, 0), share(fh, nf, 0));
    q.elusion = ratio(nl > 0, left_point, share(k_left, nl, 0), share(ll, nl, 0), share(lh, nl, 0));
    q.f1 = ratio(nf + fh + lh > 0, points, share(2 * k_found, nf + k_found + k_left, 0),
                 share(2 * fl, nf + fl + lh, 0), share(2 * fh, nf + fh + ll, 0));
    q.prevalence = ratio(nf + nl > 0, points, share(k_found + k_left, nf + nl, 0),
                         share(fl + ll, nf + nl, 0), share(fh + lh, nf + nl, 0));
    *out = q;
    return STATUS_OK;
}
