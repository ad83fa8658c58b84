/* `draw` as a whole: see sample.h. */
#include "base/civil.h"
#include "base/file.h"
#include "base/json_read.h"
#include "base/memory.h"
#include "queries/sample.h"
#include "stats/allocation.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- how many in each stratum ---- */

/* The next item of a list with commas, without blanks around it; false at the end. */
static bool next_item(const char **at, char item[static 64])
{
    if (!*at)
        return false;
    const char *end = strchr(*at, ',');
    size_t len = end ? (size_t)(end - *at) : strlen(*at), used = 0;
    for (size_t i = 0; i < len && used < 63; i++)
        if ((*at)[i] != ' ')
            item[used++] = (*at)[i];
    item[used] = '\0';
    *at = end ? end + 1 : NULL;
    return true;
}

static enum status wrong_number(const struct frame *frame, const char *what, size_t given,
                                struct error *err)
{
    error_set(err, STATUS_PLAN, what, "%zu given, and the frame has %zu strata", given,
              frame->stratum_count);
    return error_hint(err, "one a stratum with commas between them, in the order in which `proffer "
                           "frame` lists the strata");
}

static enum status read_sizes(const struct frame *frame, const char *text, uint64_t *sizes,
                              struct error *err)
{
    char item[64];
    size_t count = 0;
    for (const char *at = text; next_item(&at, item); count++) {
        char *end;
        if (count >= frame->stratum_count)
            continue;
        errno = 0;
        sizes[count] =
            strcmp(item, "all") == 0 ? frame->strata[count].count : strtoull(item, &end, 10);
        if (strcmp(item, "all") != 0 && (errno || *end || item[0] < '0' || item[0] > '9'))
            return error_set(err, STATUS_PLAN, "sizes", "\"%s\" is neither a number nor \"all\"",
                             json_show(item).text);
    }
    return count == frame->stratum_count ? STATUS_OK : wrong_number(frame, "sizes", count, err);
}

static enum status read_rates(const struct frame *frame, const char *text, double *rates,
                              struct error *err)
{
    char item[64];
    size_t count = 0;
    for (const char *at = text; next_item(&at, item); count++) {
        char *end;
        if (count >= frame->stratum_count)
            continue;
        rates[count] = strtod(item, &end);
        if (*end || end == item || !isfinite(rates[count]))
            return error_set(err, STATUS_PLAN, "rates", "\"%s\" is no number",
                             json_show(item).text);
    }
    return count == frame->stratum_count ? STATUS_OK : wrong_number(frame, "rates", count, err);
}

/* One a stratum, or one for all. */
static enum status read_shares(const struct frame *frame, const char *text, double *shares,
                               struct error *err)
{
    char item[64];
    size_t count = 0;
    for (const char *at = text; next_item(&at, item); count++) {
        char *end;
        double share = strtod(item, &end);
        if (*end || end == item || !(share >= 1e-12 && share <= 1))
            return error_set(err, STATUS_PLAN, "shares",
                             "\"%s\" is no number above 0 and at most 1", json_show(item).text);
        if (count < frame->stratum_count)
            shares[count] = share;
    }
    for (size_t h = 1; count == 1 && h < frame->stratum_count; h++)
        shares[h] = shares[0];
    return count == 1 || count == frame->stratum_count ? STATUS_OK
                                                       : wrong_number(frame, "shares", count, err);
}

static enum status allocate(const struct frame *frame, const struct sample_request *request,
                            uint64_t *sizes, struct error *err)
{
    if (request->sizes)
        return read_sizes(frame, request->sizes, sizes, err);
    if (frame->stratum_count == 1) {
        sizes[0] = request->size;
        return STATUS_OK;
    }
    double weights[STRATA_MAX], rates[STRATA_MAX];
    uint64_t limits[STRATA_MAX];
    for (size_t h = 0; h < frame->stratum_count; h++) {
        limits[h] = frame->strata[h].count;
        weights[h] = (double)limits[h];
    }
    if (request->rates) {
        TRY(read_rates(frame, request->rates, rates, err));
        TRY(allocation_neyman(limits, rates, frame->stratum_count, weights, err));
    }
    return allocation_divide(weights, limits, frame->stratum_count, request->size, sizes, err);
}

/* ---- what may be drawn ---- */

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum status check_frame(const struct frame *frame, const struct sample_request *request,
                               struct error *err)
{
    const char *by = frame->basis.by;
    if (request->unit && strcmp(request->unit, unit_kinds[frame->basis.kind]) != 0)
        return error_set(err, STATUS_PLAN, request->frame_path,
                         "the frame's unit is the %s, not the %s", unit_kinds[frame->basis.kind],
                         json_show(request->unit).text);
    if (request->by && (!by || strcmp(request->by, by) != 0)) {
        error_set(err, STATUS_PLAN, request->frame_path,
                  "the frame's strata are made by %s%s%s, "
                  "not by \"%s\"",
                  by ? "\"" : "nothing: it has one", by ? by : "", by ? "\"" : "",
                  json_show(request->by).text);
        return error_hint(err, "strata are fixed with the frame: proffer frame PLAN --by QUERY");
    }
    if (request->seed_time != CIVIL_NONE && request->seed_time < frame->fixed) {
        char fixed[CIVIL_TIME_TEXT], stated[CIVIL_TIME_TEXT];
        civil_time_text(frame->fixed, fixed);
        civil_time_text(request->seed_time, stated);
        error_set(err, STATUS_PLAN, "seed time",
                  "the seed is of %s, before the frame was fixed at %s", stated, fixed);
        return error_hint(err, "whoever knew the seed could have chosen the frame; take a seed "
                               "that nobody knew when the frame was fixed");
    }
    int64_t now = civil_now();
    if (request->seed_time != CIVIL_NONE && request->seed_time > now) {
        char clock[CIVIL_TIME_TEXT], stated[CIVIL_TIME_TEXT];
        civil_time_text(now, clock);
        civil_time_text(request->seed_time, stated);
        error_set(err, STATUS_PLAN, "seed time",
                  "the seed is of %s, and this machine's clock says %s", stated, clock);
        return error_hint(err, "nobody knows a seed before its time: state the time at which it "
                               "was made, in UTC, or set the clock right");
    }
    const char *name = file_name(request->sample_path);
    for (size_t i = 0; i < frame->draw_count; i++)
        if (strcmp(frame->draws[i].seed, request->seed) == 0 &&
            strcmp(frame->draws[i].sample, name) != 0) {
            error_set(err, STATUS_PLAN, request->frame_path,
                      "the seed was used for the sample \"%s\" of this frame already",
                      frame->draws[i].sample);
            return error_hint(err, "the same seed draws the same units again: extend that sample, "
                                   "or take a seed that is new to this frame");
        }
    return STATUS_OK;
}

/* Which draw of the frame this is, and how large it was when it was noted; 0: new. */
static uint64_t find_draw(const struct frame *frame, const struct sample_request *request,
                          uint64_t *number)
{
    const char *name = file_name(request->sample_path);
    for (size_t i = 0; i < frame->draw_count; i++)
        if (strcmp(frame->draws[i].seed, request->seed) == 0 &&
            strcmp(frame->draws[i].sample, name) == 0) {
            *number = i + 1;
            return frame->draws[i].size;
        }
    *number = frame->draw_count + 1;
    return 0;
}

/* ---- a sample that is there ---- */

/* Shares may grow as long as there are no labels: what comes out of a look is for sizes alone. */
static enum status check_shares(const struct sample *there, const struct frame *frame,
                                const struct sample_request *request, const double *shares,
                                bool labelled, struct error *err)
{
    for (size_t h = 0; h < frame->stratum_count; h++) {
        if (shares[h] < there->strata[h].share)
            return error_set(err, STATUS_PLAN, request->sample_path,
                             "the share of the stratum \"%s\" cannot shrink from %g to %g",
                             there->strata[h].name, there->strata[h].share, shares[h]);
        if (labelled && shares[h] > there->strata[h].share)
            return error_set(err, STATUS_PLAN, request->sample_path,
                             "labels are there: a sample of shares cannot grow any more");
    }
    return STATUS_OK;
}

/* Whether the sample that is there may become one of REQUEST's. */
static enum status check_existing(const struct sample *there, const struct frame *frame,
                                  const struct sample_request *request,
                                  const struct sample_amounts *amounts, bool labelled,
                                  struct error *err)
{
    const char *path = request->sample_path;
    uint64_t size = 0;
    if (strcmp(there->frame_digest, frame->digest) != 0 || there->basis.kind != frame->basis.kind ||
        there->basis.naming != frame->basis.naming ||
        there->stratum_count != frame->stratum_count) {
        error_set(err, STATUS_PLAN, path, "a sample of another frame is here already");
        return error_hint(err, "name another file for the new sample, or remove this one");
    }
    if (strcmp(there->seed, request->seed) != 0) {
        error_set(err, STATUS_PLAN, path,
                  "a sample of this frame was drawn with another seed already");
        return error_hint(err, "a second seed for the same frame is a second try; use the first "
                               "seed, or fix a new frame");
    }
    if (strcmp(there->seed_source, request->seed_source) != 0) {
        error_set(err, STATUS_PLAN, path,
                  "the sample names another source of the same seed: \"%s\"",
                  json_show(there->seed_source).text);
        return error_hint(err, "give the source as it stands there");
    }
    if (request->seed_time != CIVIL_NONE && request->seed_time != there->seed_time) {
        error_set(err, STATUS_PLAN, path, "the sample states another time of the same seed");
        return error_hint(err, "give --seed-time as at the first draw, or leave it out");
    }
    if ((amounts->shares != NULL) != (there->strata[0].share > 0))
        return error_set(err, STATUS_PLAN, path, "a sample of %s cannot become one of %s",
                         amounts->shares ? "sizes" : "shares",
                         amounts->shares ? "shares" : "sizes");
    if (amounts->shares)
        return check_shares(there, frame, request, amounts->shares, labelled, err);
    const uint64_t *sizes = amounts->sizes;
    for (size_t h = 0; h < frame->stratum_count; h++) {
        size += sizes[h];
        if (frame->stratum_count > 1 && sizes[h] < there->strata[h].size)
            return error_set(err, STATUS_PLAN, path,
                             "the sample has %" PRIu64 " units of the stratum \"%s\" and cannot "
                             "shrink to %" PRIu64,
                             there->strata[h].size, there->strata[h].name, sizes[h]);
    }
    if (size < there->ids.count)
        return error_set(err, STATUS_PLAN, path,
                         "the sample has %zu units and cannot shrink to %" PRIu64, there->ids.count,
                         size);
    return STATUS_OK;
}

/* Each stratum of the larger sample must begin with that of the smaller one, or the latter was
 * tampered with. */
static enum status check_nested(const struct sample *small, const struct sample *large,
                                const char *path, struct error *err)
{
    for (size_t h = 0; h < small->stratum_count; h++) {
        const struct sample_stratum *from = &small->strata[h], *to = &large->strata[h];
        for (size_t i = 0; i < from->size; i++) {
            const struct intern_text *a = &small->ids.items[from->first + i];
            const struct intern_text *b = &large->ids.items[to->first + i];
            if (a->len != b->len || memcmp(a->text, b->text, a->len) != 0)
                return error_set(err, STATUS_PLAN, path,
                                 "ids[%zu] is not what its seed draws: the sample was changed",
                                 (size_t)from->first + i);
        }
        if (from->size && from->size == to->size && from->share == to->share &&
            memcmp(&from->cut_off, &to->cut_off, sizeof from->cut_off) != 0)
            return error_set(err, STATUS_PLAN, path,
                             "the cut-off is not what its seed draws: the sample was changed");
    }
    return STATUS_OK;
}

/* The looks of BEFORE, and one at SIZE units where it is not 0. */
static enum status keep_looks(struct sample *sample, const struct sample *before, uint64_t size,
                              struct error *err)
{
    sample->looks = mem_zalloc(before->look_count + 1, sizeof *sample->looks);
    if (!sample->looks)
        return error_nomem(err);
    for (size_t i = 0; i < before->look_count; i++)
        sample->looks[sample->look_count++] = before->looks[i];
    if (size)
        sample->looks[sample->look_count++] = size;
    return STATUS_OK;
}

static bool names_sample(const struct plan_query *query, const struct sample_request *request)
{
    return query->sample_path &&
           strcmp(file_name(query->sample_path), file_name(request->sample_path)) == 0;
}

/* Whether labels are there: the request's, or those of any query of the plan that names the sample,
 * however it was named on the command line. */
static bool has_labels(const struct plan *plan, const struct sample_request *request)
{
    if (request->labels_path && file_exists(request->labels_path))
        return true;
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        if (names_sample(query, request) && query->labels_path && file_exists(query->labels_path))
            return true;
    }
    return false;
}

/*
 * Those noted before stay what they are. A query that came to the plan later has its prior noted
 * too, as long as there are no labels.
 */
static enum status note_priors(struct sample *sample, const struct sample *before,
                               const struct plan *plan, const struct sample_request *request,
                               bool labelled, struct error *err)
{
    for (size_t i = 0; i < before->prior_count; i++)
        TRY(sample_note_prior(sample, before->priors[i].query, before->priors[i].a,
                              before->priors[i].b, err));
    for (size_t i = 0; !labelled && i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        if (query->kind == QUERY_RELEVANCE && query->method &&
            strcmp(query->method, "anytime") == 0 && names_sample(query, request))
            TRY(sample_note_prior(sample, query->id, query->prior[0], query->prior[1], err));
    }
    return STATUS_OK;
}

/* ---- all of it ---- */

static enum status draw_over(struct sample *sample, const struct tally_source *source,
                             struct frame *frame, const struct sample_request *request,
                             const struct sample_amounts *amounts, struct error *err)
{
    struct frame_units laid;
    enum status status = frame_lay(&laid, &frame->basis, source, err);
    if (status == STATUS_OK)
        status =
            sample_draw(sample, &laid, frame, amounts, request->seed, request->seed_source, err);
    frame_units_release(&laid);
    return status;
}

enum status sample_fix(struct sample *sample, const struct tally_source *source,
                       const struct sample_request *request, enum sample_outcome *outcome,
                       struct error *err)
{
    enum status status = STATUS_OK;
    struct frame frame = {.filter = NULL};
    struct sample there;
    uint64_t sizes[STRATA_MAX];
    double shares[STRATA_MAX];
    struct sample_amounts amounts = {.sizes = sizes};
    sample_init(&there);
    bool exists = file_exists(request->sample_path);
    bool labelled = has_labels(source->plan, request);
    *outcome = exists ? SAMPLE_EXTENDED : SAMPLE_DRAWN;
    if (!file_exists(request->frame_path)) {
        status = error_set(err, STATUS_PLAN, request->frame_path, "there is no frame");
        error_hint(err, "fix it with `proffer frame` before the seed is known");
        goto cleanup;
    }
    TRY_CLEANUP(frame_read(&frame, request->frame_path, err));
    TRY_CLEANUP(check_frame(&frame, request, err));
    if (request->shares) {
        amounts = (struct sample_amounts){.shares = shares};
        TRY_CLEANUP(read_shares(&frame, request->shares, shares, err));
    } else {
        TRY_CLEANUP(allocate(&frame, request, sizes, err));
    }
    if (exists) {
        TRY_CLEANUP(sample_read(&there, request->sample_path, err));
        TRY_CLEANUP(check_existing(&there, &frame, request, &amounts, labelled, err));
    }
    TRY_CLEANUP(draw_over(sample, source, &frame, request, &amounts, err));
    uint64_t before = find_draw(&frame, request, &sample->draw);
    sample->seed_time = exists ? there.seed_time : request->seed_time;
    bool grown = true;
    if (exists) {
        TRY_CLEANUP(check_nested(&there, sample, request->sample_path, err));
        grown = sample->ids.count > there.ids.count;
        for (size_t h = 0; h < sample->stratum_count; h++)
            grown = grown || sample->strata[h].share > there.strata[h].share;
        before = there.ids.count;
        sample->draw = there.draw;
    }
    /* A sample whose file was lost was looked at all the same. */
    bool looked = labelled && before && before < sample->ids.count;
    TRY_CLEANUP(keep_looks(sample, &there, looked ? before : 0, err));
    TRY_CLEANUP(note_priors(sample, &there, source->plan, request, labelled, err));
    if (!grown) {
        *outcome = SAMPLE_UNCHANGED;
        memcpy(sample->sha256, there.sha256, sizeof sample->sha256);
        goto cleanup;
    }
    TRY_CLEANUP(frame_note_draw(&frame, request->seed, file_name(request->sample_path),
                                sample->ids.count, err));
    TRY_CLEANUP(frame_write(&frame, request->frame_path, err));
    status = sample_write(sample, request->sample_path, err);
cleanup:
    sample_release(&there);
    frame_release(&frame);
    return status;
}
