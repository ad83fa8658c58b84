/* The tally of a relevance query: see tally_relevance.h. */
#include "queries/tally_relevance.h"

#include "base/file.h"
#include "base/memory.h"
#include "queries/frame.h"
#include "queries/labels.h"
#include "queries/sample.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct relevance {
    const struct plan *plan;
    const struct plan_query *query;
    const struct population *population;
    struct sample sample;
    struct population frame; /* made again, where the population is not the frame */
    bool narrower;
    uint64_t *rows; /* [sample.ids.count] */
    struct labels labels;
};

static void relevance_release(struct relevance *r)
{
    sample_release(&r->sample);
    population_release(&r->frame);
    labels_release(&r->labels);
    free(r->rows);
}

static enum status check_looks(const struct relevance *r, struct error *err)
{
    const char *method = r->query->method;
    if (r->sample.look_count == 0 || (method && strcmp(method, "anytime") == 0))
        return STATUS_OK;
    error_set(err, STATUS_PLAN, r->query->sample_path,
              "looks: labels were read at %" PRIu64 " units before the sample grew to %zu, and a "
              "bound for a fixed size does not hold after that",
              r->sample.looks[0], r->sample.ids.count);
    error_hint(err,
               "\"method\": \"anytime\" in the plan bounds it all the same, wider; a bound for "
               "a fixed size needs a sample of its own, with a seed of its own");
    return STATUS_PLAN;
}

static enum status check_inside(const struct relevance *r, struct error *err)
{
    const struct population *inner = r->population;
    uint64_t outside = inner->conversations;
    for (size_t p = 0; p < inner->catalogue->count; p++)
        outside -= bitmap_and_count(inner->rows[p], r->frame.rows[p]);
    if (outside == 0)
        return STATUS_OK;
    error_set(err, STATUS_PLAN, r->query->sample_path,
              "%" PRIu64 " of the %" PRIu64 " conversations of the population are not in the frame "
              "that the sample was drawn from",
              outside, inner->conversations);
    error_hint(err, "a sample says nothing of what could not be drawn: narrow the population, or "
                    "fix a new frame and draw from it");
    return STATUS_PLAN;
}

/* The rows of the sample's frame: the population's own, or made again from the frame's file. */
static enum status find_frame(struct relevance *r, struct error *err)
{
    enum status status = STATUS_OK;
    const struct sample *sample = &r->sample;
    struct frame frame = {.filter = NULL};
    bool matches;
    TRY(frame_matches(sample->frame_digest, sample->naming, sample->frame_count, r->population,
                      &matches, err));
    if (matches)
        return STATUS_OK;
    r->narrower = true;
    char *path = frame_default_path(r->plan);
    if (!path)
        return error_nomem(err);
    if (!file_exists(path)) {
        status =
            error_set(err, STATUS_PLAN, r->query->sample_path,
                      "the sample was drawn from another set than the population, and there is "
                      "no frame \"%s\" to compare with",
                      path);
        goto cleanup;
    }
    TRY_CLEANUP(frame_read(&frame, path, err));
    if (strcmp(frame.digest, sample->frame_digest) != 0 || frame.naming != sample->naming ||
        frame.count != sample->frame_count) {
        status = error_set(err, STATUS_PLAN, r->query->sample_path,
                           "the sample was not drawn from the frame \"%s\"", path);
        error_hint(err, "draw a sample from this frame into a new file");
        goto cleanup;
    }
    status = frame_population(&frame, r->population->catalogue, r->plan, &r->frame, err);
    if (status != STATUS_OK) {
        error_within(err, path);
        goto cleanup;
    }
    status = check_inside(r, err);
cleanup:
    frame_release(&frame);
    free(path);
    return status;
}

/* Records of all parts that were rejected, whatever the reason. */
static uint64_t count_rejected(const struct catalogue *catalogue)
{
    uint64_t rejected = 0;
    for (size_t p = 0; p < catalogue->count; p++) {
        const json_t *reasons = json_object_get(segment_meta(catalogue->parts[p].base), "rejected");
        /* Jansson's iterator takes a pointer to a value that it does not change. */
        json_t *object = (json_t *)(uintptr_t)reasons;
        for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
            rejected += (uint64_t)json_integer_value(json_object_iter_value(at));
    }
    return rejected;
}

static enum status count_units(const struct relevance *r, struct tally_sample *out,
                               struct error *err)
{
    const struct catalogue *catalogue = r->population->catalogue;
    struct user_counter users;
    TRY(user_counter_init(&users, catalogue->users, err));
    for (size_t i = 0; i < r->sample.ids.count; i++) {
        uint32_t row;
        const struct catalogue_part *part = population_part(catalogue, r->rows[i], &row);
        if (!bitmap_contains(r->population->rows[part - catalogue->parts], row))
            continue;
        enum label label = r->labels.units ? (enum label)r->labels.units[i] : LABEL_MISSING;
        out->drawn++;
        switch (label) {
        case LABEL_RELEVANT:
            out->relevant++;
            user_counter_add(&users, catalogue_user(part, row));
            break;
        case LABEL_IRRELEVANT:
            break;
        case LABEL_MISSING:
            out->missing++;
            out->unreadable++;
            break;
        case LABEL_UNREADABLE:
            out->unreadable++;
            break;
        case LABEL_DISAGREED:
            out->disagreements++;
            out->unreadable++;
            break;
        }
    }
    out->relevant_users = user_counter_support(&users);
    user_counter_release(&users);
    return STATUS_OK;
}

static enum status read_sample(struct relevance *r, struct error *err)
{
    const struct plan_query *query = r->query;
    TRY(sample_read(&r->sample, query->sample_path, err));
    TRY(check_looks(r, err));
    TRY(find_frame(r, err));
    r->rows = mem_zalloc(r->sample.ids.count, sizeof *r->rows);
    if (!r->rows)
        return error_nomem(err);
    struct units units = frame_units(r->narrower ? &r->frame : r->population, r->sample.naming);
    enum status status = sample_check(&r->sample, &units, r->rows, err);
    if (status != STATUS_OK) {
        error_within(err, query->sample_path);
        return status;
    }
    if (query->labels_path && file_exists(query->labels_path))
        return labels_read(&r->labels, query->labels_path, NULL, &r->sample.ids, err);
    return STATUS_OK;
}

enum status tally_relevance(const struct plan *plan, size_t query,
                            const struct population *population, struct tally *tally,
                            struct error *err)
{
    enum status status = STATUS_OK;
    struct relevance r = {.plan = plan, .query = &plan->queries[query], .population = population};
    if (!r.query->sample_path || !file_exists(r.query->sample_path))
        return STATUS_OK;
    sample_init(&r.sample);
    struct tally_sample out = {.query = query, .population = population->conversations};
    TRY_CLEANUP(read_sample(&r, err));
    out.frame = r.sample.frame_count;
    out.frame_drawn = r.sample.ids.count;
    out.rejected = count_rejected(population->catalogue);
    out.reviewers = r.labels.reviewers;
    TRY_CLEANUP(count_units(&r, &out, err));
    out.seed_source =
        arena_strndup(&tally->arena, r.sample.seed_source, strlen(r.sample.seed_source));
    if (!out.seed_source) {
        status = error_nomem(err);
        goto cleanup;
    }
    memcpy(out.frame_digest, r.sample.frame_digest, sizeof out.frame_digest);
    memcpy(out.sample_digest, r.sample.sha256, sizeof out.sample_digest);
    status = tally_add_sample(tally, &out, err);
cleanup:
    relevance_release(&r);
    return status;
}
