/* Sets as sums of powers: see power_sums.h. */
#include "release/power_sums.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

/* ---- modulo p ---- */

static uint64_t fold(uint64_t value)
{
    return value >= POWER_SUMS_PRIME ? value - POWER_SUMS_PRIME : value;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return fold(a + b);
}

static uint64_t minus(uint64_t a, uint64_t b)
{
    return fold(a + POWER_SUMS_PRIME - b);
}

static uint64_t times(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;
    return fold(((uint64_t)product & POWER_SUMS_PRIME) + (uint64_t)(product >> 61));
}

/* 1/A by Fermat: A to the p - 2. */
static uint64_t inverse(uint64_t a)
{
    uint64_t result = 1;
    for (uint64_t left = POWER_SUMS_PRIME - 2; left; left >>= 1) {
        if (left & 1)
            result = times(result, a);
        a = times(a, a);
    }
    return result;
}

/* ---- sums ---- */

static size_t term_count(uint32_t reach)
{
    return 2 * (size_t)reach + 2;
}

uint32_t power_sums_reach(uint32_t min_users)
{
    uint32_t most = min_users ? min_users - 1 : 0;
    if (most < POWER_SUMS_REACH_MIN)
        return POWER_SUMS_REACH_MIN;
    return most < POWER_SUMS_REACH_MAX ? most : POWER_SUMS_REACH_MAX;
}

enum status power_sums_init(struct power_sums *sums, uint32_t reach, struct error *err)
{
    *sums = (struct power_sums){mem_zalloc(term_count(reach), sizeof *sums->terms), reach};
    return sums->terms ? STATUS_OK : error_nomem(err);
}

void power_sums_release(struct power_sums *sums)
{
    free(sums->terms);
    *sums = (struct power_sums){NULL, 0};
}

void power_sums_add(struct power_sums *sums, uint64_t hash)
{
    uint64_t x = hash + 1, square = times(x, x), even = 1, odd = x; /* two chains at once */
    for (size_t j = 0; j < term_count(sums->reach); j += 2) {
        sums->terms[j] = plus(sums->terms[j], even);
        sums->terms[j + 1] = plus(sums->terms[j + 1], odd);
        even = times(even, square);
        odd = times(odd, square);
    }
}

/* ---- the shortest recurrence ---- */

struct recurrence {
    uint64_t *now, *before, *kept; /* [count + 1] coefficients, the first of which is 1 */
    size_t length;
};

/* By how much the recurrence misses the term at N. */
static uint64_t discrepancy(const struct recurrence *r, const uint64_t *terms, size_t n)
{
    uint64_t sum = terms[n];
    for (size_t i = 1; i <= r->length; i++)
        sum = plus(sum, times(r->now[i], terms[n - i]));
    return sum;
}

static void berlekamp_massey(struct recurrence *r, const uint64_t *terms, size_t count)
{
    uint64_t last = 1; /* the discrepancy when the length changed */
    size_t since = 1;
    r->now[0] = r->before[0] = 1;
    for (size_t n = 0; n < count; n++, since++) {
        uint64_t missed = discrepancy(r, terms, n);
        if (missed == 0)
            continue;
        bool longer = 2 * r->length <= n;
        uint64_t factor = times(missed, inverse(last));
        if (longer)
            memcpy(r->kept, r->now, (count + 1) * sizeof *r->kept);
        for (size_t i = since; i <= count; i++)
            r->now[i] = minus(r->now[i], times(factor, r->before[i - since]));
        if (!longer)
            continue;
        memcpy(r->before, r->kept, (count + 1) * sizeof *r->kept);
        r->length = n + 1 - r->length;
        last = missed;
        since = 0;
    }
}

enum status power_sums_apart(const struct power_sums *a, const struct power_sums *b,
                             uint32_t *members, struct error *err)
{
    uint32_t reach = a->reach < b->reach ? a->reach : b->reach;
    size_t count = term_count(reach);
    uint64_t *room = mem_zalloc(4 * (count + 1), sizeof *room);
    if (!room)
        return error_nomem(err);
    uint64_t *terms = room + 3 * (count + 1);
    struct recurrence r = {room, room + count + 1, room + 2 * (count + 1), 0};
    for (size_t i = 0; i < count; i++)
        terms[i] = minus(a->terms[i], b->terms[i]);
    berlekamp_massey(&r, terms, count);
    *members = (uint32_t)r.length;
    free(room);
    return STATUS_OK;
}
