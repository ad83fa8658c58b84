/* What was odd in a part: see odd_rows.h. */
#include "queries/odd_rows.h"

#include <stdio.h>

enum status odd_rows_read(const struct catalogue_part *part, enum oddity oddity,
                          struct bitmap **rows, const uint32_t **counts, struct error *err)
{
    char file[80], column[80];
    const void *bytes, *values;
    size_t len;
    *rows = NULL;
    snprintf(file, sizeof file, "odd.%s.roaring", conversation_oddities[oddity].name);
    snprintf(column, sizeof column, "odd.%s.counts", conversation_oddities[oddity].name);
    if (!segment_has(part->base, file))
        return STATUS_OK;
    TRY(segment_file(part->base, file, &bytes, &len, err));
    TRY(bitmap_read(bytes, len, rows, err));
    enum status status =
        segment_column(part->base, column, NPY_U32, bitmap_count(*rows), &values, NULL, err);
    if (status == STATUS_OK) {
        *counts = values;
        return STATUS_OK;
    }
    bitmap_free(*rows);
    *rows = NULL;
    return status;
}
