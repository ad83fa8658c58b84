/* Sorting the suffixes of a text of numbers, in linear time whatever the text is. */
#ifndef PROFFER_SUFFIX_SORT_H
#define PROFFER_SUFFIX_SORT_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* A longer text cannot be sorted. */
#define SUFFIX_MAX (UINT32_MAX - 1)

/*
 * ORDER[COUNT] becomes the beginnings of the suffixes of TEXT[COUNT] in ascending order, where a
 * suffix that ends comes before one that goes on. All numbers of TEXT are below ALPHABET. Takes 4
 * bytes for each of the alphabet and a few bits for each number beside the two arrays.
 */
PROFFER_MUST_USE enum status suffix_sort(const uint32_t *text, size_t count, size_t alphabet,
                                         uint32_t *order, struct error *err);

#endif
