/* proffer frame: fixes what samples are drawn from, before any seed is known. */
#include "queries/frame.h"

#include "cli/options.h"
#include "cli/pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status read_unit(const struct arguments *arguments, enum unit_kind *kind,
                             struct error *err)
{
    const char *text = arguments->values[OPTION_UNIT];
    *kind = UNIT_CONVERSATION;
    if (!text)
        return STATUS_OK;
    for (size_t i = 0; unit_kinds[i]; i++)
        if (strcmp(unit_kinds[i], text) == 0) {
            *kind = (enum unit_kind)i;
            return STATUS_OK;
        }
    (void)error_set(err, STATUS_USAGE, "frame", "\"%s\" is no unit", text);
    return error_hint(err, "the units are conversation, exchange and user");
}

static void print_frame(const struct frame *frame, const char *path, bool written)
{
    const char *units = unit_plurals[frame->basis.kind];
    if (frame->stratum_count == 1)
        printf("N:      %" PRIu64 " %s, one stratum\n", frame->count, units);
    else
        printf("N:      %" PRIu64 " %s, %zu strata\n", frame->count, units, frame->stratum_count);
    for (size_t h = 0; frame->stratum_count > 1 && h < frame->stratum_count; h++)
        printf("        %s: %" PRIu64 "\n", frame->strata[h].name, frame->strata[h].count);
    printf("digest: %s\n"
           "frame:  %s%s\n",
           frame->digest, path, written ? "" : " (unchanged)");
}

enum status command_frame(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    struct frame frame = {.count = 0};
    struct frame_request request = {.by = arguments->values[OPTION_BY]};
    enum status status = STATUS_OK;
    char *own_path = NULL;
    const char *path = arguments->values[OPTION_OUTPUT];
    bool written = false;
    TRY(read_unit(arguments, &request.kind, err));
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    TRY_CLEANUP(pipeline_scan(&pipeline, arguments, err));
    TRY_CLEANUP(pipeline_population_rows(&pipeline, arguments, err));
    if (request.by || request.kind == UNIT_USER)
        TRY_CLEANUP(population_group_users(&pipeline.population, err));
    if (!path && !(path = own_path = frame_default_path(&pipeline.plan))) {
        status = error_nomem(err);
        goto cleanup;
    }
    struct tally_source source = pipeline_source(&pipeline);
    request.catalogue_digest = pipeline.digests.catalogue;
    TRY_CLEANUP(frame_fix(&frame, &source, &request, path, &written, err));
    if (!arguments->values[OPTION_QUIET])
        print_frame(&frame, path, written);
cleanup:
    frame_release(&frame);
    free(own_path);
    pipeline_close(&pipeline);
    return status;
}
