/*
 * One-dimensional NumPy arrays, format version 1.0 (NEP 1), little-endian: so that an expert can
 * open the catalogue's columns with public tools.
 *
 *     \x93NUMPY 1 0 | header length u16 | {'descr': '<u4', 'fortran_order': False, 'shape': (n,), }
 *     padded with spaces and a newline to a multiple of 64 bytes | n values
 */
#ifndef PROFFER_NPY_H
#define PROFFER_NPY_H

#include "base/error.h"

#include <stddef.h>

enum npy_type { NPY_U8, NPY_U32, NPY_U64, NPY_I64 };

/* Bytes of one value. */
size_t npy_size(enum npy_type type);

enum { NPY_HEADER_MAX = 128 };

/* Writes the header of COUNT values into HEADER; returns its length. */
size_t npy_header(enum npy_type type, size_t count, char header[static NPY_HEADER_MAX]);

/*
 * Checks the LEN bytes of a file as an array of TYPE; *VALUES points into it, *COUNT values.
 * Anything else is STATUS_INPUT naming NAME.
 */
PROFFER_MUST_USE enum status npy_read(const void *bytes, size_t len, enum npy_type type,
                                      const char *name, const void **values, size_t *count,
                                      struct error *err);

#endif
