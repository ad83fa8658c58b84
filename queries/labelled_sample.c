/* Opening samples with labels: see labelled_sample.h. */
#include "queries/labelled_sample.h"

#include "base/file.h"
#include "base/memory.h"
#include "queries/labelled_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void labelled_sample_release(struct labelled_sample *l)
{
    sample_release(&l->sample);
    frame_units_release(&l->laid);
    units_release(&l->units);
    population_release(&l->frame);
    labels_release(&l->labels);
    labels_release(&l->checks);
    labels_release(&l->previous);
    free(l->places);
    units_release(&l->element_units);
    intern_release(&l->elements);
    free(l->element_places);
    free(l->starts);
    *l = (struct labelled_sample){.source = NULL};
}

static enum status check_looks(const struct labelled_sample *l, struct error *err)
{
    const char *method = l->query->method;
    if (l->sample.look_count == 0 || (method && strcmp(method, "anytime") == 0))
        return STATUS_OK;
    error_set(err, STATUS_PLAN, l->query->sample_path,
              "looks: labels were read at %" PRIu64 " units before the sample grew to %zu, and a "
              "bound for a fixed size does not hold after that",
              l->sample.looks[0], l->sample.ids.count);
    error_hint(err,
               "\"method\": \"anytime\" in the plan bounds it all the same, wider; a bound for "
               "a fixed size needs a sample of its own, with a seed of its own");
    return STATUS_PLAN;
}

/* How a sample of shares is drawn again is told only where its cut-offs are. */
static enum status check_shares(const struct labelled_sample *l, struct error *err)
{
    if (l->sample.strata[0].share == 0 || l->source->plan->release.noise.mechanism)
        return STATUS_OK;
    error_set(err, STATUS_PLAN, l->query->sample_path,
              "it was drawn by shares, for a report with noise");
    return error_hint(err, "draw one with --size or --sizes for a report without");
}

/* The prior of a bound at every look is the one that the draw noted, or the even one. */
static enum status check_prior(const struct labelled_sample *l, struct error *err)
{
    const struct plan_query *query = l->query;
    double a = 1, b = 1;
    if (!query->method || strcmp(query->method, "anytime") != 0)
        return STATUS_OK;
    for (size_t i = 0; i < l->sample.prior_count; i++)
        if (strcmp(l->sample.priors[i].query, query->id) == 0) {
            a = l->sample.priors[i].a;
            b = l->sample.priors[i].b;
        }
    if (query->prior[0] == a && query->prior[1] == b)
        return STATUS_OK;
    error_set(err, STATUS_PLAN, query->sample_path,
              "the plan's prior of \"%s\" is Beta(%.15g, %.15g), and Beta(%.15g, %.15g) was fixed "
              "when the sample was drawn",
              query->id, query->prior[0], query->prior[1], a, b);
    return error_hint(err, "a prior is fixed before the first label; put it into the plan before "
                           "proffer draw, or leave it as it was then (the even one where none was "
                           "noted)");
}

/* Whether the query's unit is the drawn one, or one that it holds. */
static enum status check_unit(struct labelled_sample *l, struct error *err)
{
    enum unit_kind drawn = l->sample.basis.kind;
    const char *asked = l->query->unit;
    if (!asked || strcmp(asked, unit_kinds[drawn]) == 0)
        return STATUS_OK;
    bool relevance = l->query->kind == QUERY_RELEVANCE;
    l->clustered = relevance && ((drawn == UNIT_CONVERSATION && strcmp(asked, "exchange") == 0) ||
                                 (drawn == UNIT_USER && strcmp(asked, "user") != 0));
    if (l->clustered && !l->query->check_path && !l->query->has_search)
        return STATUS_OK;
    if (l->clustered)
        error_set(err, STATUS_PLAN, l->query->sample_path,
                  "%ss were drawn, and the query's unit is the %s: labels cannot be checked and no "
                  "search judged then",
                  unit_kinds[drawn], asked);
    else
        error_set(err, STATUS_PLAN, l->query->sample_path,
                  "its unit is the %s, and the query's is the %s", unit_kinds[drawn], asked);
    return error_hint(err,
                      "bounds are exact only for the unit that was drawn: fix a frame of %ss "
                      "(proffer frame PLAN --unit %s) and draw from it",
                      asked, asked);
}

/* ---- the frame ---- */

static enum status check_inside(const struct labelled_sample *l, struct error *err)
{
    const struct units *inner = &l->units, *outer = &l->laid.units;
    uint64_t outside = inner->count;
    for (size_t p = 0; p < inner->catalogue->count; p++)
        outside -= bitmap_and_count(inner->rows[p], outer->rows[p]);
    if (outside == 0)
        return STATUS_OK;
    error_set(err, STATUS_PLAN, l->query->sample_path,
              "%" PRIu64 " of the %" PRIu64 " %s of the population are not in the frame that the "
              "sample was drawn from",
              outside, inner->count, unit_plurals[inner->kind]);
    return error_hint(err, "a sample says nothing of what could not be drawn: narrow the "
                           "population, or fix a new frame and draw from it");
}

/* The frame's users who are in the population, with all that is theirs: a label says nothing of a
 * part of it. What is capped was labelled, too. */
static enum status find_users(struct labelled_sample *l, struct error *err)
{
    if (population_keeps_users(l->source->population, &l->frame)) {
        units_release(&l->units);
        return units_init_users(&l->units, &l->frame, l->source->population, l->sample.basis.naming,
                                err);
    }
    error_set(err, STATUS_PLAN, l->query->sample_path,
              "the population is not the frame that the sample was drawn from, and a user's label "
              "says nothing of a part of the user's conversations");
    return error_hint(err, "fix a frame of the users of this population and draw from it");
}

/* The frame made again from its file, which is beside the plan. */
static enum status restore_frame(struct labelled_sample *l, const char *path, struct error *err)
{
    enum status status = STATUS_OK;
    const struct sample *sample = &l->sample;
    struct frame frame = {.filter = NULL};
    if (!file_exists(path))
        return error_set(err, STATUS_PLAN, l->query->sample_path,
                         "the sample was drawn from another set than the population, and there is "
                         "no frame \"%s\" to compare with",
                         path);
    TRY_CLEANUP(frame_read(&frame, path, err));
    if (strcmp(frame.digest, sample->frame_digest) != 0 ||
        frame.basis.naming != sample->basis.naming || frame.basis.kind != sample->basis.kind ||
        frame.count != sample->frame_count) {
        status = error_set(err, STATUS_PLAN, l->query->sample_path,
                           "the sample was not drawn from the frame \"%s\"", path);
        error_hint(err, "draw a sample from this frame into a new file");
        goto cleanup;
    }
    frame_units_release(&l->laid);
    status = frame_restore(&frame, l->source, &l->frame, &l->laid, err);
    if (status != STATUS_OK) {
        error_within(err, path);
        goto cleanup;
    }
    status = l->units.kind == UNIT_USER ? find_users(l, err) : check_inside(l, err);
cleanup:
    frame_release(&frame);
    return status;
}

/* The sample's frame: the population itself, or made again from the frame's file. */
static enum status find_frame(struct labelled_sample *l, struct error *err)
{
    const struct sample *sample = &l->sample;
    bool matches = false;
    enum status status = frame_lay(&l->laid, &sample->basis, l->source, err);
    if (status == STATUS_OK)
        status = frame_matches(&l->laid, sample->frame_digest, sample->frame_count, &matches, err);
    if (status != STATUS_OK) {
        error_within(err, l->query->sample_path);
        return status;
    }
    TRY(units_init(&l->units, l->source->population, sample->basis.kind, sample->basis.naming,
                   err));
    if (matches)
        return STATUS_OK;
    l->narrower = true;
    char *path = frame_default_path(l->source->plan);
    if (!path)
        return error_nomem(err);
    status = restore_frame(l, path, err);
    free(path);
    return status;
}

/* ---- opening ---- */

enum status labelled_sample_find(struct labelled_sample *l, const struct tally_source *source,
                                 size_t number, bool *there, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    *l = (struct labelled_sample){
        .source = source, .query = query, .laid = {.strata = {.arena = ARENA_INIT}}};
    sample_init(&l->sample);
    intern_init(&l->elements);
    *there = query->sample_path && file_exists(query->sample_path);
    if (!*there)
        return STATUS_OK;
    TRY(sample_read(&l->sample, query->sample_path, err));
    TRY(check_looks(l, err));
    TRY(check_shares(l, err));
    TRY(check_prior(l, err));
    TRY(check_unit(l, err));
    TRY(find_frame(l, err));
    l->places = mem_zalloc(l->sample.ids.count, sizeof *l->places);
    if (!l->places)
        return error_nomem(err);
    enum status status = sample_check(&l->sample, &l->laid, l->places, err);
    if (status != STATUS_OK)
        error_within(err, query->sample_path);
    return status == STATUS_OK && l->clustered ? labelled_list_elements(l, err) : status;
}

enum status labelled_sample_open(struct labelled_sample *l, const struct tally_source *source,
                                 size_t number, bool *there, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    TRY(labelled_sample_find(l, source, number, there, err));
    if (*there && query->labels_path && file_exists(query->labels_path))
        TRY(labels_read(&l->labels, query->labels_path, NULL, labelled_sample_ids(l), err));
    if (*there && query->previous_path)
        TRY(labels_read(&l->previous, query->previous_path, NULL, labelled_sample_ids(l), err));
    if (!query->check_path || !l->labels.units)
        return STATUS_OK;
    if (!file_exists(query->check_path)) {
        l->checks.units = mem_zalloc(l->sample.ids.count, sizeof *l->checks.units);
        return l->checks.units ? STATUS_OK : error_nomem(err);
    }
    TRY(labels_read(&l->checks, query->check_path, NULL, &l->sample.ids, err));
    return query->check_share > 0 ? labelled_check_share(l, err) : labelled_check_order(l, err);
}

const struct intern *labelled_sample_ids(const struct labelled_sample *l)
{
    return l->clustered ? &l->elements : &l->sample.ids;
}
