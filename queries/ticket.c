/*
 * Tickets: see ticket.h. The 64 hex digits of the seed are one block of SHA-256, so they are
 * digested once and every ticket goes on from there.
 */
#include "queries/ticket.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ticket_maker {
    struct digest *seeded, *work;
};

enum status ticket_maker_new(struct ticket_maker **maker, const char *seed, struct error *err)
{
    enum status status = STATUS_OK;
    struct sha256 value;
    char hex[65];
    *maker = NULL;
    struct ticket_maker *made = mem_zalloc(1, sizeof *made);
    if (!made)
        return error_nomem(err);
    made->seeded = digest_new();
    made->work = digest_new();
    if (!made->seeded || !made->work) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(sha256_of(seed, strlen(seed), &value, err));
    sha256_hex(&value, hex);
    TRY_CLEANUP(digest_add(made->seeded, hex, 64, err));
    *maker = made;
    made = NULL;
cleanup:
    ticket_maker_free(made);
    return status;
}

void ticket_maker_free(struct ticket_maker *maker)
{
    if (!maker)
        return;
    digest_free(maker->seeded);
    digest_free(maker->work);
    free(maker);
}

enum status ticket_of(struct ticket_maker *maker, const char *id, size_t len, struct sha256 *ticket,
                      struct error *err)
{
    TRY(digest_copy(maker->work, maker->seeded, err));
    TRY(digest_add(maker->work, id, len, err));
    return digest_end(maker->work, ticket, err);
}

struct sha256 ticket_of_share(double share)
{
    __extension__ typedef unsigned __int128 wide;
    struct sha256 ticket;
    /* The first eight bytes are below share 2^64, the others whatever they are. */
    uint64_t head = (uint64_t)((wide)ldexp(share, 64) - 1);
    memset(ticket.bytes, 0xff, sizeof ticket.bytes);
    for (size_t i = 0; i < 8; i++)
        ticket.bytes[i] = (unsigned char)(head >> (56 - 8 * i));
    return ticket;
}

int ticket_compare(const struct sha256 *a, const struct sha256 *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}
