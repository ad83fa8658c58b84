/* Estimates with the help of predictions: see answer_assisted.h. */
#include "report/answers/answer_assisted.h"

#include "base/memory.h"
#include "stats/survey.h"

#include <stdlib.h>

/* A drawn unit each: [count]. */
struct observations {
    size_t count, strata, parts;
    double *weights, *values, *scores, *units; /* units: N of its stratum */
    uint32_t *stratum, *group;
    double predicted; /* units in all that the rule predicts */
    double population;
};

static void observations_free(struct observations *o)
{
    free(o->weights);
    free(o->values);
    free(o->scores);
    free(o->units);
    free(o->stratum);
    free(o->group);
}

static enum status observations_alloc(struct observations *o, struct error *err)
{
    o->weights = mem_zalloc(o->count, sizeof *o->weights);
    o->values = mem_zalloc(o->count, sizeof *o->values);
    o->scores = mem_zalloc(o->count, sizeof *o->scores);
    o->units = mem_zalloc(o->count, sizeof *o->units);
    o->stratum = mem_zalloc(o->count, sizeof *o->stratum);
    o->group = mem_zalloc(o->count, sizeof *o->group);
    return o->weights && o->values && o->scores && o->units && o->stratum && o->group
               ? STATUS_OK
               : error_nomem(err);
}

/* All values are relevant (HIGH) or irrelevant where a label is undecided. */
static void fill(struct observations *o, const struct figure_sample *f, bool high)
{
    size_t at = 0;
    o->predicted = o->population = 0;
    for (size_t h = 0; h < o->strata; h++) {
        const struct figure_stratum *parts = &f->strata[h * o->parts];
        double units = 0, drawn = 0;
        for (size_t g = 0; g < o->parts; g++) {
            units += (double)parts[g].population.value;
            drawn += (double)parts[g].drawn.value;
        }
        o->population += units;
        o->predicted += (double)parts[f->predicted].population.value;
        for (size_t g = 0; g < o->parts; g++) {
            uint64_t relevant = parts[g].relevant.value + (high ? parts[g].unreadable.value : 0);
            for (uint64_t i = 0; i < parts[g].drawn.value; i++, at++) {
                o->weights[at] = units / drawn;
                o->values[at] = i < relevant;
                o->scores[at] = g == f->predicted;
                o->units[at] = units;
                o->stratum[at] = (uint32_t)h;
                o->group[at] = (uint32_t)g;
            }
        }
    }
}

static enum status post_stratified(const struct observations *o, const struct figure_sample *f,
                                   const struct survey_design *design, struct survey_estimate *out,
                                   struct error *err)
{
    double *sizes = mem_zalloc(o->parts, sizeof *sizes);
    if (!sizes)
        return error_nomem(err);
    for (size_t i = 0; i < o->strata * o->parts; i++)
        sizes[i % o->parts] += (double)f->strata[i].population.value;
    enum status status =
        survey_post_stratified(design, o->values, o->group, sizes, o->parts, out, err);
    free(sizes);
    return status;
}

/* Both ends of undecided labels: OUT[0] takes none as relevant. */
static enum status estimate(struct observations *o, const struct figure_sample *f,
                            enum assisted_estimator estimator, struct survey_estimate out[2],
                            struct error *err)
{
    TRY(observations_alloc(o, err));
    for (int high = 0; high < 2; high++) {
        fill(o, f, high);
        struct survey_design design = {
            .count = o->count, .weights = o->weights, .stratum = o->stratum, .clusters = o->units};
        TRY(estimator == ASSISTED_DIFFERENCE
                ? survey_difference(&design, o->values, o->scores, o->predicted, &out[high], err)
                : post_stratified(o, f, &design, &out[high], err));
    }
    return STATUS_OK;
}

static double within(double share)
{
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

enum status answer_assisted_share(const struct figure_sample *f, enum assisted_estimator estimator,
                                  double confidence, struct ratio_bounds *out, struct error *err)
{
    struct observations o = {.parts = f->parts};
    struct survey_estimate ends[2];
    struct error none = ERROR_INIT;
    double low, high, unused;
    *out = (struct ratio_bounds){.defined = false};
    if (f->predicted >= f->parts || f->checked)
        return STATUS_OK;
    o.strata = f->stratum_count / o.parts;
    for (size_t i = 0; i < f->stratum_count; i++)
        o.count += f->strata[i].drawn.value;
    enum status status = estimate(&o, f, estimator, ends, &none);
    observations_free(&o);
    if (status == STATUS_PLAN)
        return STATUS_OK; /* a stratum or group with too few drawn: no standard error */
    if (status != STATUS_OK)
        return error_nomem(err);
    if (!(ends[0].se > 0 && ends[1].se > 0))
        return STATUS_OK;
    TRY(survey_bounds(&ends[0], confidence, &low, &unused, err));
    TRY(survey_bounds(&ends[1], confidence, &unused, &high, err));
    out->defined = true;
    out->has_point = f->whole.unreadable.value == 0;
    out->point = within(ends[0].value / o.population);
    out->low = within(low / o.population);
    out->high = within(high / o.population);
    return STATUS_OK;
}

enum status answer_note_assisted(struct answer *answer, struct result_table *table,
                                 struct error *err)
{
    return result_note(
        answer->result, table,
        "Approximate: estimates that take what is known of every unit to help. The difference "
        "estimator adds to the predicted number the mean of label less prediction in the sample "
        "(Särndal, Swensson and Wretman 1992, 6.3); the post-stratified one weights each predicted "
        "group's labels by its size (7.6). Bounds are those of Student's t on the standard error "
        "and can miss more often than stated where few labels differ from what is predicted; they "
        "are empty where none does or a group has fewer than two labels.",
        err);
}
