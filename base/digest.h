/*
 * SHA-256 (FIPS 180-4) by libcrypto, as a stream and at once.
 */
#ifndef PROFFER_DIGEST_H
#define PROFFER_DIGEST_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    unsigned char bytes[32];
};

struct digest; /* a running SHA-256 */

struct digest *digest_new(void) __attribute__((warn_unused_result)); /* NULL without memory */
void digest_free(struct digest *digest);
PROFFER_MUST_USE enum status digest_add(struct digest *digest, const void *bytes, size_t len,
                                        struct error *err);
/* Adds TEXT with its NUL, so that ("ab","c") and ("a","bc") differ. */
PROFFER_MUST_USE enum status digest_add_text(struct digest *digest, const char *text,
                                             struct error *err);
/* TO becomes what FROM is now: for many values whose input begins alike. */
PROFFER_MUST_USE enum status digest_copy(struct digest *to, const struct digest *from,
                                         struct error *err);
/* The value so far; nothing may be added afterwards, except after digest_copy to it. */
PROFFER_MUST_USE enum status digest_end(struct digest *digest, struct sha256 *out,
                                        struct error *err);

PROFFER_MUST_USE enum status sha256_of(const void *bytes, size_t len, struct sha256 *out,
                                       struct error *err);

/* SHA-256 of LEN bytes of a file from START on, or of what there is of them; UINT64_MAX: to its
 * end. */
PROFFER_MUST_USE enum status sha256_of_file(const char *path, uint64_t start, uint64_t len,
                                            struct sha256 *out, struct error *err);

/* 64 lower-case hexadecimal digits and a NUL into TEXT[65]. */
void sha256_hex(const struct sha256 *value, char text[static 65]);

/* The first BYTES, at most 8, as a number: the first one is the highest. */
uint64_t sha256_head(const struct sha256 *value, size_t bytes);

#endif
