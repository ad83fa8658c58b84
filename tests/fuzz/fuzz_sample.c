/* Frame and sample files: any bytes are read strictly or refused; what is read is sound. */
#include "queries/frame.h"
#include "queries/sample.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_frame(const char *text, size_t len)
{
    struct error err = ERROR_INIT;
    struct frame frame;
    struct plan plan;
    memset(&plan, 0, sizeof plan);
    if (frame_parse(&frame, "frame.json", text, len, &err) == STATUS_OK) {
        if (frame.count == 0 || strlen(frame.digest) != 64 || !frame.filter)
            abort();
        /* A catalogue without parts holds no frame, but its filter is read again. */
        struct catalogue none = {.parts = NULL};
        struct population rows;
        struct frame_units laid;
        const struct tally_source source = {.plan = &plan, .catalogue = &none};
        if (frame_restore(&frame, &source, &rows, &laid, &err) == STATUS_OK)
            abort();
        frame_units_release(&laid);
        population_release(&rows);
    } else if (err.code != STATUS_PLAN) {
        abort();
    }
    frame_release(&frame);
}

static void try_sample(const char *text, size_t len)
{
    struct error err = ERROR_INIT;
    struct sample sample;
    sample_init(&sample);
    if (sample_parse(&sample, "sample.json", text, len, &err) == STATUS_OK) {
        if (sample.ids.count == 0 || sample.ids.count > sample.frame_count || !sample.seed)
            abort();
        /* Nothing can be a sample of no units. */
        struct catalogue none = {.parts = NULL};
        struct frame_units laid = {.units = {.catalogue = &none}};
        if (sample_check(&sample, &laid, NULL, &err) == STATUS_OK)
            abort();
    } else if (err.code != STATUS_PLAN) {
        abort();
    }
    sample_release(&sample);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_frame((const char *)data, size);
    try_sample((const char *)data, size);
    return 0;
}
