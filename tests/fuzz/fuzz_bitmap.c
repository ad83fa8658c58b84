/* Hostile bitmap bytes: refused, or a set on which everything works and that writes the same set.
 */
#include "queries/catalogue/bitmap.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool in_order(uint32_t value, void *context)
{
    uint64_t *least = context;
    if (value < *least)
        abort();
    *least = (uint64_t)value + 1;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bitmap *set, *back;
    if (size > 1 << 16 || bitmap_read(data, size, &set, NULL) != STATUS_OK)
        return 0;
    uint64_t least = 0, count = bitmap_count(set);
    bitmap_each(set, in_order, &least);
    struct bitmap *other = bitmap_new(), *copy = bitmap_copy(set);
    if (!other || !copy)
        abort();
    bitmap_add_range(other, 100, 70000);
    if (bitmap_and_count(set, other) > count)
        abort();
    bitmap_or(other, set);
    bitmap_andnot(other, copy);
    bitmap_and(copy, other);
    if (bitmap_count(copy) != 0)
        abort();
    struct buffer out;
    buffer_init(&out, 1 << 24);
    if (bitmap_write(set, &out, NULL) != STATUS_OK ||
        bitmap_read(out.data, out.len, &back, NULL) != STATUS_OK || !bitmap_equal(set, back) ||
        bitmap_count(back) != count)
        abort();
    bitmap_free(back);
    bitmap_free(set);
    bitmap_free(other);
    bitmap_free(copy);
    buffer_release(&out);
    return 0;
}
