/* Label files: any bytes give labels that add up, or an error that names the file. */
#include "queries/labels.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"a", "b", "c", "d,e", "f g", "\xC3\xA9"};
    struct error err = ERROR_INIT;
    struct intern ids;
    struct labels labels;
    uint32_t number;
    uint64_t disagreed = 0;
    intern_init(&ids);
    for (size_t i = 0; i < 6; i++)
        if (intern_add(&ids, names[i], strlen(names[i]), &number, &err) != STATUS_OK)
            abort();
    if (labels_parse(&labels, (const char *)data, size, "labels.csv", &ids, &err) == STATUS_OK) {
        for (size_t i = 0; i < labels.count; i++)
            disagreed += labels.units[i] == LABEL_DISAGREED;
        if (disagreed != labels.disagreed ||
            labels.agreement.agreed + labels.disagreed != labels.agreement.units ||
            labels.empty + labels.repeated > labels.rows)
            abort();
    } else if (err.code != STATUS_INPUT || strncmp(err.where, "labels.csv:", 11) != 0) {
        abort();
    }
    labels_release(&labels);
    intern_release(&ids);
    return 0;
}
