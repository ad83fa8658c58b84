/* See fixed_bits.h. */
#include "tests/support/fixed_bits.h"

static enum status fill(void *context, void *out, size_t len, struct error *err)
{
    uint64_t *state = context;
    unsigned char *to = out;
    (void)err;
    for (size_t i = 0; i < len; i++) {
        static const uint64_t gamma = 0x9e3779b97f4a7c15;
        uint64_t z = (*state += gamma);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        to[i] = (unsigned char)((z ^ (z >> 31)) >> 24);
    }
    return STATUS_OK;
}

void fixed_bits(struct random_bits *bits, uint64_t *seed)
{
    *bits = (struct random_bits){.fill = fill, .context = seed};
}
