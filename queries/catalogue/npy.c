/* NumPy arrays: see npy.h. */
#include "queries/catalogue/npy.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *descr;
    size_t size;
} types[] = {
    [NPY_U8] = {"|u1", 1}, [NPY_U32] = {"<u4", 4}, [NPY_U64] = {"<u8", 8}, [NPY_I64] = {"<i8", 8}};

size_t npy_size(enum npy_type type)
{
    return types[type].size;
}

size_t npy_header(enum npy_type type, size_t count, char header[static NPY_HEADER_MAX])
{
    char dict[NPY_HEADER_MAX];
    int used =
        snprintf(dict, sizeof dict, "{'descr': '%s', 'fortran_order': False, 'shape': (%zu,), }",
                 types[type].descr, count);
    size_t total = (10 + (size_t)used + 1 + 63) / 64 * 64;
    memset(header, ' ', total);
    memcpy(header, "\x93NUMPY\x01\x00", 8);
    header[8] = (char)((total - 10) & 0xFF);
    header[9] = (char)((total - 10) >> 8);
    memcpy(header + 10, dict, (size_t)used);
    header[total - 1] = '\n';
    return total;
}

enum status npy_read(const void *bytes, size_t len, enum npy_type type, const char *name,
                     const void **values, size_t *count, struct error *err)
{
    /* The files are ours: the count follows from the length, and the header must be just the one
     * that we would have written for it. */
    char header[NPY_HEADER_MAX];
    const unsigned char *raw = bytes;
    if (len >= 64) {
        size_t head = 10 + (size_t)raw[8] + ((size_t)raw[9] << 8);
        if (head <= NPY_HEADER_MAX && head <= len && (len - head) % types[type].size == 0) {
            *count = (len - head) / types[type].size;
            *values = raw + head;
            if (npy_header(type, *count, header) == head && memcmp(header, raw, head) == 0)
                return STATUS_OK;
        }
    }
    return error_set(err, STATUS_INPUT, name, "not a whole NumPy array of type %s",
                     types[type].descr);
}
