/* proffer draw: a simple or stratified random sample of the frame, by tickets. */
#include "base/civil.h"
#include "base/file.h"
#include "cli/options.h"
#include "cli/pipeline.h"
#include "queries/frame.h"
#include "queries/sample.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sample and labels that the plan's relevance queries name, if they agree on them. */
static enum status find_paths(const struct plan *plan, struct sample_request *request,
                              struct error *err)
{
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        if (!query->sample_path)
            continue;
        if (request->sample_path && strcmp(request->sample_path, query->sample_path) != 0) {
            enum status status =
                error_set(err, STATUS_PLAN, plan->path, "its queries name different samples");
            error_hint(err, "say which one with --output FILE");
            return status;
        }
        request->sample_path = query->sample_path;
        request->labels_path = query->labels_path;
    }
    if (!request->sample_path) {
        enum status status = error_set(err, STATUS_PLAN, plan->path, "no query names a sample");
        error_hint(err, "say where to write it with --output FILE");
        return status;
    }
    return STATUS_OK;
}

static enum status check_needed(const struct arguments *arguments, struct error *err)
{
    static const enum option_id needed[] = {OPTION_SIZE, OPTION_SEED, OPTION_SEED_SOURCE};
    bool shares = arguments->values[OPTION_SHARES];
    if (shares && (arguments->values[OPTION_SIZE] || arguments->values[OPTION_SIZES] ||
                   arguments->values[OPTION_RATES]))
        return error_set(err, STATUS_USAGE, "draw",
                         "--shares says how much is drawn: --size, --sizes and --rates do not go "
                         "with it");
    if (arguments->values[OPTION_SIZES] &&
        (arguments->values[OPTION_SIZE] || arguments->values[OPTION_RATES]))
        return error_set(err, STATUS_USAGE, "draw",
                         "--sizes says all sizes: --size and --rates do not go with it");
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!arguments->values[needed[i]] &&
            !(needed[i] == OPTION_SIZE && (shares || arguments->values[OPTION_SIZES]))) {
            const struct option_type *type = &option_types[needed[i]];
            return error_set(err, STATUS_USAGE, "draw", "%s %s is missing: %s", type->name,
                             type->argument, type->summary);
        }
    return STATUS_OK;
}

static enum status read_time(const char *text, int64_t *seconds, struct error *err)
{
    *seconds = CIVIL_NONE;
    if (!text || civil_parse_time(text, strlen(text), seconds))
        return STATUS_OK;
    (void)error_set(err, STATUS_USAGE, "draw", "--seed-time \"%s\" is no time", text);
    return error_hint(err, "write it as 2025-01-31T12:00:00Z");
}

/* With noise a sample in strata has cut-offs that are known before the logs are. */
static enum status check_noise(const struct plan *plan, const struct sample_request *request,
                               struct error *err)
{
    bool noisy = plan->release.noise.mechanism != NULL;
    struct frame frame = {.filter = NULL};
    if (!noisy && request->shares) {
        (void)error_set(err, STATUS_PLAN, plan->path,
                        "--shares goes with noise, and there is none");
        return error_hint(err, "--size and --sizes draw so many; the report says how");
    }
    if (!noisy || request->shares || !file_exists(request->frame_path))
        return STATUS_OK;
    enum status status = frame_read(&frame, request->frame_path, err);
    if (status == STATUS_OK && frame.basis.by) {
        status =
            error_set(err, STATUS_PLAN, request->frame_path,
                      "with noise a sample in strata is drawn by shares: cut-offs by sizes would "
                      "tell how large the strata are");
        error_hint(err,
                   "--shares 0.01,0.2 (one a stratum in the frame's order, or one for all) draws "
                   "every unit whose ticket is in that share of all tickets");
    }
    frame_release(&frame);
    return status;
}

/* What would come as a surprise only after the labels are paid for. */
static void warn(const struct sample *sample, const struct plan *plan)
{
    bool large = false;
    for (size_t h = 0; h < sample->stratum_count; h++)
        large = large || sample->strata[h].size > sample->strata[h].count / 10;
    if (plan->release.min_users > 1 && large && !plan->release.noise.mechanism)
        fprintf(stderr,
                "warning: this is more than a tenth of %s, where fewer than %" PRIu32
                " users of relevant units are withheld, and the bounds with them "
                "(release.min_users)\n",
                sample->stratum_count > 1 ? "a stratum" : "the frame", plan->release.min_users);
    if (sample->look_count)
        fprintf(stderr,
                "warning: labels were there before the sample grew (at %" PRIu64
                " units): a bound for a fixed size does not hold, and proffer run takes the sample "
                "only for the method \"anytime\"\n",
                sample->looks[0]);
}

static void print_sample(const struct sample *sample, const char *outcome, const char *path)
{
    printf("%s: %zu of %" PRIu64 " %s\n", outcome, sample->ids.count, sample->frame_count,
           unit_plurals[sample->basis.kind]);
    for (size_t h = 0; sample->stratum_count > 1 && h < sample->stratum_count; h++)
        printf("        %s: %" PRIu64 " of %" PRIu64 "\n", sample->strata[h].name,
               sample->strata[h].size, sample->strata[h].count);
    printf("frame:  %s\n"
           "sample: %s (internal: it names records)\n",
           sample->frame_digest, path);
}

/* Strata and users as units need the population by user. */
static enum status group_if_needed(struct pipeline *pipeline, const char *frame_path,
                                   struct error *err)
{
    struct frame frame;
    if (!file_exists(frame_path))
        return STATUS_OK; /* sample_fix says so */
    enum status status = frame_read(&frame, frame_path, err);
    if (status == STATUS_OK && (frame.basis.by || frame.basis.kind == UNIT_USER))
        status = population_group_users(&pipeline->population, err);
    frame_release(&frame);
    return status;
}

enum status command_draw(const struct arguments *arguments, struct error *err)
{
    static const char *const outcomes[] = {
        [SAMPLE_DRAWN] = "drawn", [SAMPLE_EXTENDED] = "extended", [SAMPLE_UNCHANGED] = "unchanged"};
    struct pipeline pipeline;
    struct sample sample;
    struct sample_request request = {.sample_path = arguments->values[OPTION_OUTPUT],
                                     .seed = arguments->values[OPTION_SEED],
                                     .seed_source = arguments->values[OPTION_SEED_SOURCE],
                                     .sizes = arguments->values[OPTION_SIZES],
                                     .rates = arguments->values[OPTION_RATES],
                                     .shares = arguments->values[OPTION_SHARES],
                                     .by = arguments->values[OPTION_BY],
                                     .unit = arguments->values[OPTION_UNIT]};
    enum sample_outcome outcome;
    enum status status = STATUS_OK;
    char *frame_path = NULL;
    TRY(check_needed(arguments, err));
    TRY(options_number(arguments, OPTION_SIZE, 1, UINT32_MAX, 0, &request.size, err));
    TRY(read_time(arguments->values[OPTION_SEED_TIME], &request.seed_time, err));
    sample_init(&sample);
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    if (!request.sample_path)
        TRY_CLEANUP(find_paths(&pipeline.plan, &request, err));
    request.frame_path = arguments->values[OPTION_FRAME];
    if (!request.frame_path &&
        !(request.frame_path = frame_path = frame_default_path(&pipeline.plan))) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(check_noise(&pipeline.plan, &request, err));
    TRY_CLEANUP(pipeline_scan(&pipeline, arguments, err));
    TRY_CLEANUP(pipeline_population_rows(&pipeline, arguments, err));
    TRY_CLEANUP(group_if_needed(&pipeline, request.frame_path, err));
    struct tally_source source = pipeline_source(&pipeline);
    TRY_CLEANUP(sample_fix(&sample, &source, &request, &outcome, err));
    if (!arguments->values[OPTION_QUIET])
        print_sample(&sample, outcomes[outcome], request.sample_path);
    if (!arguments->values[OPTION_QUIET])
        warn(&sample, &pipeline.plan);
cleanup:
    sample_release(&sample);
    free(frame_path);
    pipeline_close(&pipeline);
    return status;
}
