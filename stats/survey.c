/*
 * Survey estimators: see survey.h. Every estimate becomes a total of linearised values, whose
 * variance is summed over observations in the order of stratum, cluster and member.
 */
#include "stats/survey.h"

#include "base/memory.h"
#include "stats/level.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* ---- order ---- */

static uint32_t code(const uint32_t *codes, size_t i, uint32_t fallback)
{
    return codes ? codes[i] : fallback;
}

static int compare_observations(const void *a, const void *b, void *context)
{
    const struct survey_design *d = context;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    uint32_t left[3] = {code(d->stratum, x, 0), code(d->cluster, x, (uint32_t)x),
                        code(d->member, x, (uint32_t)x)};
    uint32_t right[3] = {code(d->stratum, y, 0), code(d->cluster, y, (uint32_t)y),
                         code(d->member, y, (uint32_t)y)};
    for (size_t i = 0; i < 3; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

static enum status check_design(const struct survey_design *d, struct error *err)
{
    if (d->count == 0)
        return error_set(err, STATUS_PLAN, NULL, "there are no observations");
    if (d->count > UINT32_MAX)
        return error_set(err, STATUS_PLAN, NULL, "there are more than 2^32 observations");
    for (size_t i = 0; i < d->count; i++) {
        if (!(d->weights[i] > 0) || isinf(d->weights[i]))
            return error_set(err, STATUS_PLAN, NULL,
                             "the weight of observation %zu is %g and must be above 0", i + 1,
                             d->weights[i]);
        if (d->clusters && (!(d->clusters[i] >= 1) || isinf(d->clusters[i])))
            return error_set(err, STATUS_PLAN, NULL,
                             "the population of observation %zu's stratum is %g", i + 1,
                             d->clusters[i]);
        if (d->member && (!(d->members[i] >= 1) || isinf(d->members[i])))
            return error_set(err, STATUS_PLAN, NULL,
                             "the population of observation %zu's cluster is %g", i + 1,
                             d->members[i]);
    }
    return STATUS_OK;
}

static enum status check_values(const double *values, size_t count, const char *what,
                                struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return error_set(err, STATUS_PLAN, NULL, "%s %zu is not finite", what, i + 1);
    return STATUS_OK;
}

/* ---- variance ---- */

struct walk {
    const struct survey_design *design;
    const double *z;     /* [count] linearised values, weights in them */
    const size_t *order; /* [count] */
};

/* End of the run of observations from FROM that agree in CODES (each its own without). */
static size_t run_end(const struct walk *w, const uint32_t *codes, size_t from, size_t end)
{
    size_t to = from + 1;
    if (!codes)
        return to;
    while (to < end && codes[w->order[to]] == codes[w->order[from]])
        to++;
    return to;
}

/* Sum and sum of squares about the mean of the totals of runs. */
struct spread {
    size_t count;
    double mean, squares;
};

static void spread_add(struct spread *s, double total)
{
    s->count++;
    double off = total - s->mean;
    s->mean += off / (double)s->count;
    s->squares += off * (total - s->mean);
}

static double run_total(const struct walk *w, size_t from, size_t to)
{
    double total = 0;
    for (size_t i = from; i < to; i++)
        total += w->z[w->order[i]];
    return total;
}

/* (1 - f) n/(n - 1) times the squares; *FRACTION is n/N. */
static enum status stage(const struct spread *s, const double *population, size_t first,
                         const char *what, double *variance, double *fraction, struct error *err)
{
    double n = (double)s->count;
    *fraction = population ? n / population[first] : 0;
    if (*fraction > 1 + 1e-12)
        return error_set(err, STATUS_PLAN, NULL, "%zu are drawn of a %s of %g", s->count, what,
                         population[first]);
    *variance = 0;
    if (*fraction >= 1)
        return STATUS_OK;
    if (s->count < 2)
        return error_set(err, STATUS_PLAN, NULL, "a %s has only one drawn, which shows no variance",
                         what);
    *variance = (1 - *fraction) * n / (n - 1) * s->squares;
    return STATUS_OK;
}

static enum status stratum_variance(const struct walk *w, size_t from, size_t end, double *variance,
                                    size_t *clusters, struct error *err)
{
    const struct survey_design *d = w->design;
    struct spread first = {0};
    double within = 0, fraction;
    for (size_t at = from, to; at < end; at = to) {
        to = run_end(w, d->cluster, at, end);
        spread_add(&first, run_total(w, at, to));
        if (!d->member)
            continue;
        struct spread second = {0};
        double own, ignored;
        for (size_t i = at, next; i < to; i = next) {
            next = run_end(w, d->member, i, to);
            spread_add(&second, run_total(w, i, next));
        }
        TRY(stage(&second, d->members, w->order[at], "cluster", &own, &ignored, err));
        within += own;
    }
    TRY(stage(&first, d->clusters, w->order[from], "stratum", variance, &fraction, err));
    *variance += fraction * within;
    *clusters = first.count;
    return STATUS_OK;
}

/* The variance of the total of Z. */
static enum status variance_of(const struct survey_design *d, const double *z, double *variance,
                               double *degrees, struct error *err)
{
    enum status status = STATUS_OK;
    size_t *order = mem_zalloc(d->count, sizeof *order);
    if (!order)
        return error_nomem(err);
    for (size_t i = 0; i < d->count; i++)
        order[i] = i;
    qsort_r(order, d->count, sizeof *order, compare_observations, (void *)(uintptr_t)d);
    struct walk w = {d, z, order};
    *variance = *degrees = 0;
    for (size_t from = 0, to; from < d->count; from = to) {
        double own;
        size_t clusters;
        to = d->stratum ? run_end(&w, d->stratum, from, d->count) : d->count;
        TRY_CLEANUP(stratum_variance(&w, from, to, &own, &clusters, err));
        *variance += own;
        *degrees += (double)clusters - 1;
    }
cleanup:
    free(order);
    return status;
}

static enum status finish(const struct survey_design *d, double value, double *z,
                          struct survey_estimate *out, struct error *err)
{
    double variance = 0, degrees = 0;
    TRY(variance_of(d, z, &variance, &degrees, err));
    *out = (struct survey_estimate){value, sqrt(variance), degrees};
    return STATUS_OK;
}

/* ---- estimators ---- */

static double in_domain(const bool *used, size_t i)
{
    return !used || used[i] ? 1 : 0;
}

/* Room for linearised values, after the checks that all estimators need. */
static enum status begin(const struct survey_design *d, const double *values, const bool *used,
                         double **z, struct error *err)
{
    TRY(check_design(d, err));
    for (size_t i = 0; i < d->count; i++)
        if (in_domain(used, i) > 0)
            TRY(check_values(&values[i], 1, "a value: observation", err));
    *z = mem_zalloc(d->count, sizeof **z);
    return *z ? STATUS_OK : error_nomem(err);
}

enum status survey_total(const struct survey_design *d, const double *values, const bool *used,
                         struct survey_estimate *out, struct error *err)
{
    double *z, total = 0;
    TRY(begin(d, values, used, &z, err));
    for (size_t i = 0; i < d->count; i++)
        if (in_domain(used, i) > 0)
            total += z[i] = d->weights[i] * values[i];
    enum status status = finish(d, total, z, out, err);
    free(z);
    return status;
}

enum status survey_ratio(const struct survey_design *d, const double *values, const double *sizes,
                         const bool *used, struct survey_estimate *out, struct error *err)
{
    double *z, above = 0, below = 0;
    enum status status = STATUS_OK;
    TRY(begin(d, values, used, &z, err));
    for (size_t i = 0; i < d->count; i++) {
        if (in_domain(used, i) == 0)
            continue;
        TRY_CLEANUP(check_values(&sizes[i], 1, "a size: observation", err));
        above += d->weights[i] * values[i];
        below += d->weights[i] * sizes[i];
    }
    if (!(below > 0)) {
        status =
            error_set(err, STATUS_PLAN, NULL, "the sizes add up to %g: there is no ratio", below);
        goto cleanup;
    }
    double ratio = above / below;
    for (size_t i = 0; i < d->count; i++)
        if (in_domain(used, i) > 0)
            z[i] = d->weights[i] * (values[i] - ratio * sizes[i]) / below;
    status = finish(d, ratio, z, out, err);
cleanup:
    free(z);
    return status;
}

enum status survey_mean(const struct survey_design *d, const double *values, const bool *used,
                        struct survey_estimate *out, struct error *err)
{
    double *ones = mem_zalloc(d->count, sizeof *ones);
    if (!ones)
        return error_nomem(err);
    for (size_t i = 0; i < d->count; i++)
        ones[i] = 1;
    enum status status = survey_ratio(d, values, ones, used, out, err);
    free(ones);
    return status;
}

enum status survey_difference(const struct survey_design *d, const double *values,
                              const double *scores, double score_total, struct survey_estimate *out,
                              struct error *err)
{
    double *z, total = score_total;
    enum status status = STATUS_OK;
    TRY(begin(d, values, NULL, &z, err));
    TRY_CLEANUP(check_values(scores, d->count, "score", err));
    TRY_CLEANUP(check_values(&score_total, 1, "the total of scores", err));
    for (size_t i = 0; i < d->count; i++)
        total += z[i] = d->weights[i] * (values[i] - scores[i]);
    status = finish(d, total, z, out, err);
cleanup:
    free(z);
    return status;
}

/* A = sum w x x', and the right sides sum w x y and T - sum w x. */
struct normal {
    gsl_matrix *a;
    gsl_vector *xy, *gap, *slope, *lambda;
};

static void normal_release(struct normal *n)
{
    gsl_matrix_free(n->a);
    gsl_vector_free(n->xy);
    gsl_vector_free(n->gap);
    gsl_vector_free(n->slope);
    gsl_vector_free(n->lambda);
}

static void fill(const struct normal *n, const struct survey_design *d, const double *values,
                 const double *x, size_t p, const double *totals)
{
    for (size_t j = 0; j < p; j++)
        gsl_vector_set(n->gap, j, totals[j]);
    for (size_t i = 0; i < d->count; i++)
        for (size_t j = 0; j < p; j++) {
            double wx = d->weights[i] * x[i * p + j];
            *gsl_vector_ptr(n->xy, j) += wx * values[i];
            *gsl_vector_ptr(n->gap, j) -= wx;
            for (size_t k = 0; k < p; k++)
                *gsl_matrix_ptr(n->a, j, k) += wx * x[i * p + k];
        }
}

enum status survey_regression(const struct survey_design *d, const double *values,
                              const double *auxiliaries, size_t p, const double *totals,
                              struct survey_estimate *out, struct error *err)
{
    double *z, total = 0;
    enum status status = STATUS_OK;
    struct normal n = {NULL, NULL, NULL, NULL, NULL};
    TRY(begin(d, values, NULL, &z, err));
    if (p == 0 || p > 1000) {
        status = error_set(err, STATUS_PLAN, NULL, "there must be 1 to 1,000 auxiliaries");
        goto cleanup;
    }
    TRY_CLEANUP(check_values(auxiliaries, d->count * p, "auxiliary", err));
    TRY_CLEANUP(check_values(totals, p, "the total of auxiliary", err));
    n = (struct normal){gsl_matrix_calloc(p, p), gsl_vector_calloc(p), gsl_vector_calloc(p),
                        gsl_vector_calloc(p), gsl_vector_calloc(p)};
    if (!n.a || !n.xy || !n.gap || !n.slope || !n.lambda) {
        status = error_nomem(err);
        goto cleanup;
    }
    fill(&n, d, values, auxiliaries, p, totals);
    if (gsl_linalg_cholesky_decomp1(n.a) != 0 || gsl_linalg_cholesky_solve(n.a, n.xy, n.slope) ||
        gsl_linalg_cholesky_solve(n.a, n.gap, n.lambda)) {
        status = error_set(err, STATUS_PLAN, NULL, "the auxiliaries depend on each other");
        goto cleanup;
    }
    for (size_t i = 0; i < d->count; i++) {
        double g = 1, fitted = 0;
        for (size_t j = 0; j < p; j++) {
            g += auxiliaries[i * p + j] * gsl_vector_get(n.lambda, j);
            fitted += auxiliaries[i * p + j] * gsl_vector_get(n.slope, j);
        }
        total += d->weights[i] * g * values[i];
        z[i] = d->weights[i] * g * (values[i] - fitted);
    }
    status = finish(d, total, z, out, err);
cleanup:
    normal_release(&n);
    free(z);
    return status;
}

enum status survey_post_stratified(const struct survey_design *d, const double *values,
                                   const uint32_t *groups, const double *sizes, size_t group_count,
                                   struct survey_estimate *out, struct error *err)
{
    double *z, *weight = NULL, *sum = NULL, total = 0;
    enum status status = STATUS_OK;
    TRY(begin(d, values, NULL, &z, err));
    weight = mem_zalloc(group_count, sizeof *weight);
    sum = mem_zalloc(group_count, sizeof *sum);
    if (!weight || !sum) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < d->count; i++) {
        if (groups[i] >= group_count) {
            status =
                error_set(err, STATUS_PLAN, NULL, "observation %zu is in group %" PRIu32 " of %zu",
                          i + 1, groups[i], group_count);
            goto cleanup;
        }
        weight[groups[i]] += d->weights[i];
        sum[groups[i]] += d->weights[i] * values[i];
    }
    for (size_t g = 0; g < group_count; g++) {
        if (!(sizes[g] >= 0) || isinf(sizes[g]) || (sizes[g] > 0 && weight[g] == 0)) {
            status =
                error_set(err, STATUS_PLAN, NULL,
                          "group %zu of size %g has no observation or no such size", g, sizes[g]);
            goto cleanup;
        }
        total += weight[g] > 0 ? sizes[g] * sum[g] / weight[g] : 0;
    }
    for (size_t i = 0; i < d->count; i++) {
        size_t g = groups[i];
        z[i] = d->weights[i] * sizes[g] / weight[g] * (values[i] - sum[g] / weight[g]);
    }
    status = finish(d, total, z, out, err);
cleanup:
    free(weight);
    free(sum);
    free(z);
    return status;
}

enum status survey_bounds(const struct survey_estimate *estimate, double confidence, double *low,
                          double *high, struct error *err)
{
    TRY(level_check(confidence, err));
    if (!(estimate->degrees >= 1))
        return error_set(err, STATUS_PLAN, NULL, "too few units were drawn for a standard error");
    double half = gsl_cdf_tdist_Qinv(level_alpha(confidence) / 2, estimate->degrees) * estimate->se;
    *low = estimate->value - half;
    *high = estimate->value + half;
    return STATUS_OK;
}
