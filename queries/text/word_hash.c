/* Hashes of words: see word_hash.h. */
#include "queries/text/word_hash.h"

#include <errno.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum status word_key_draw(struct word_key *key, struct error *err)
{
    ssize_t got = getrandom(key, sizeof *key, 0);
    if (got != (ssize_t)sizeof *key)
        return error_errno(err, STATUS_INTERNAL, got < 0 ? errno : EIO, NULL,
                           "cannot get randomness");
    key->low |= 1;
    key->high |= 1;
    return STATUS_OK;
}

uint64_t word_hash(const struct word_key *key, const char *word, size_t len)
{
    if (len > WORD_HASH_SHORT)
        return XXH3_64bits_withSeed(word, len, key->low ^ key->high);
    uint64_t halves[2] = {0, 0};
    if (len)
        memcpy(halves, word, len);
    return word_hash_short(key, word_hash_small(halves[0]), word_hash_small(halves[1]));
}
