/*
 * Random bits from the operating system (getrandom(2)), fetched in blocks. Tests put a fixed stream
 * in its place.
 */
#ifndef PROFFER_RANDOM_BITS_H
#define PROFFER_RANDOM_BITS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { RANDOM_BLOCK = 4096 };

struct random_bits {
    /* NULL: the operating system. Fills OUT[len]. */
    enum status (*fill)(void *context, void *out, size_t len, struct error *err);
    void *context;
    unsigned char block[RANDOM_BLOCK];
    size_t left; /* unused bytes at the end of the block */
    uint64_t coins;
    unsigned coin_count; /* unused bits in `coins` */
};

/* The bits of the operating system. Wipe when done. */
void random_bits_init(struct random_bits *bits);
void random_bits_wipe(struct random_bits *bits);

/* LEN bytes; STATUS_INTERNAL where the source fails. */
PROFFER_MUST_USE enum status random_bytes(struct random_bits *bits, void *out, size_t len,
                                          struct error *err);
/* 0 or 1 */
PROFFER_MUST_USE enum status random_coin(struct random_bits *bits, unsigned *out,
                                         struct error *err);

#endif
