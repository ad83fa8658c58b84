/* proffer frame: fixes what samples are drawn from, before any seed is known. */
#include "queries/frame.h"

#include "cli/pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum status command_frame(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    struct frame frame = {.count = 0};
    enum status status = STATUS_OK;
    char *own_path = NULL;
    const char *path = arguments->values[OPTION_OUTPUT];
    bool written = false;
    TRY_CLEANUP(pipeline_open(&pipeline, arguments, err));
    if (!path && !(path = own_path = frame_default_path(&pipeline.plan))) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(frame_fix(&frame, &pipeline.population, &pipeline.plan, pipeline.digests.catalogue,
                          path, &written, err));
    if (!arguments->values[OPTION_QUIET])
        printf("N:      %" PRIu64 " conversations, one stratum\n"
               "digest: %s\n"
               "frame:  %s%s\n",
               frame.count, frame.digest, path, written ? "" : " (unchanged)");
cleanup:
    frame_release(&frame);
    free(own_path);
    pipeline_close(&pipeline);
    return status;
}
