/* proffer scan and proffer merge: building the catalogue, whole or in shards. */
#include "cli/pipeline.h"

#include <inttypes.h>
#include <stdio.h>

enum status command_scan(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    enum status status = STATUS_OK;
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    pipeline_warn(&pipeline, arguments);
    TRY_CLEANUP(pipeline_scan(&pipeline, arguments, err));
    if (!arguments->values[OPTION_SHARD])
        TRY_CLEANUP(pipeline_population(&pipeline, arguments, err));
    if (!arguments->values[OPTION_QUIET])
        printf("%zu of %zu parts scanned, %" PRIu64 " bytes read, catalogue %s\n",
               pipeline.scanned.scanned, pipeline.state.logs.part_count, pipeline.scanned.bytes,
               pipeline.state.catalogue);
cleanup:
    pipeline_close(&pipeline);
    return status;
}

enum status command_merge(const struct arguments *arguments, struct error *err)
{
    size_t copied = 0;
    TRY(manifest_merge(arguments->words[0], arguments->words + 1, (size_t)arguments->word_count - 1,
                       &copied, err));
    if (!arguments->values[OPTION_QUIET])
        printf("%zu %s copied into %s\n", copied, copied == 1 ? "segment" : "segments",
               arguments->words[0]);
    return STATUS_OK;
}
