/* Random bits: see random_bits.h. */
#include "release/random_bits.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

void random_bits_init(struct random_bits *bits)
{
    *bits = (struct random_bits){.fill = NULL};
}

void random_bits_wipe(struct random_bits *bits)
{
    explicit_bzero(bits, sizeof *bits);
}

static enum status fill_from_system(void *out, size_t len, struct error *err)
{
    unsigned char *at = out;
    while (len) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_set(err, STATUS_INTERNAL, NULL, "no random bytes from the system: %s",
                             strerror(errno));
        at += got;
        len -= (size_t)got;
    }
    return STATUS_OK;
}

static enum status refill(struct random_bits *bits, struct error *err)
{
    TRY(bits->fill ? bits->fill(bits->context, bits->block, sizeof bits->block, err)
                   : fill_from_system(bits->block, sizeof bits->block, err));
    bits->left = sizeof bits->block;
    return STATUS_OK;
}

enum status random_bytes(struct random_bits *bits, void *out, size_t len, struct error *err)
{
    unsigned char *to = out;
    while (len) {
        if (bits->left == 0)
            TRY(refill(bits, err));
        size_t take = len < bits->left ? len : bits->left;
        unsigned char *from = bits->block + sizeof bits->block - bits->left;
        memcpy(to, from, take);
        memset(from, 0, take); /* no bit is used twice, nor kept */
        bits->left -= take;
        to += take;
        len -= take;
    }
    return STATUS_OK;
}

enum status random_coin(struct random_bits *bits, unsigned *out, struct error *err)
{
    if (bits->coin_count == 0) {
        TRY(random_bytes(bits, &bits->coins, sizeof bits->coins, err));
        bits->coin_count = 64;
    }
    *out = (unsigned)(bits->coins & 1);
    bits->coins >>= 1;
    bits->coin_count--;
    return STATUS_OK;
}
