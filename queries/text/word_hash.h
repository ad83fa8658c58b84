/*
 * The hash of a word, for what compares texts word by word: 64 bits of the folded word under a
 * secret key, so that nobody can write words that collide. Two different words agree with
 * probability about 2^-64; a run of words that is reported wrongly would need such a pair at one of
 * its places.
 *
 * A word of at most 16 bytes is hashed as two numbers of 8 bytes with zeros after it, in which bit
 * 0x20 of each ASCII byte is set: of the characters that words are made of, that puts capitals and
 * small letters together and no others, so that a word of ASCII need not be folded first. The two
 * numbers are mixed by one multiplication to 128 bits (as in Wang Yi's wyhash, public domain). A
 * longer word is hashed by XXH3.
 */
#ifndef PROFFER_WORD_HASH_H
#define PROFFER_WORD_HASH_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { WORD_HASH_SHORT = 16 };

struct word_key {
    uint64_t low, high; /* both odd */
};

/* A key from the operating system's randomness. */
PROFFER_MUST_USE enum status word_key_draw(struct word_key *key, struct error *err);

__extension__ typedef unsigned __int128 word_product;

/* LOW and HIGH as above, small letters made. */
static inline uint64_t word_hash_short(const struct word_key *key, uint64_t low, uint64_t high)
{
    word_product product = (word_product)(low ^ key->low) * (high ^ key->high);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Sets bit 0x20 of the bytes below 0x80 of X that are not zero. */
static inline uint64_t word_hash_small(uint64_t x)
{
    const uint64_t top = 0x8080808080808080u;
    uint64_t filled = ((x & ~top) + ~top) & ~x & top; /* 0x80 where a byte is 0x01 to 0x7F */
    return x | filled >> 2;
}

/* The hash of a folded word of any length. */
uint64_t word_hash(const struct word_key *key, const char *word, size_t len);

#endif
