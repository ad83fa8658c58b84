/* A set as a ledger keeps it: see remembered.h. */
#include "release/remembered.h"

#include "base/json_io.h"
#include "base/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_DIGITS = 12, SUM_DIGITS = 16, FORM = 2 };

void remembered_release(struct remembered *set)
{
    free(set->users);
    power_sums_release(&set->sums);
    *set = (struct remembered){.users = NULL};
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

void remembered_init_listed(struct remembered *set, uint64_t *users, size_t count)
{
    *set = (struct remembered){.users = users, .count = count};
    if (count)
        qsort(users, count, sizeof *users, compare_hashes);
}

enum status remembered_init_summed(struct remembered *set, uint32_t min_users, struct error *err)
{
    *set = (struct remembered){.users = NULL};
    return power_sums_init(&set->sums, power_sums_reach(min_users), err);
}

void remembered_add(struct remembered *set, uint64_t user)
{
    power_sums_add(&set->sums, user);
    set->count++;
}

/* ---- as text ---- */

enum status remembered_write(const struct remembered *set, struct buffer *text, struct error *err)
{
    if (set->users) {
        TRY(buffer_addf(text, err, "{\"users\":\""));
        for (size_t i = 0; i < set->count; i++)
            TRY(buffer_addf(text, err, "%012" PRIx64, set->users[i]));
    } else {
        TRY(buffer_addf(text, err, "{\"count\":%" PRIu64 ",\"form\":%d,\"sums\":\"", set->count,
                        FORM));
        for (size_t i = 0; i < 2 * (size_t)set->sums.reach + 2; i++)
            TRY(buffer_addf(text, err, "%016" PRIx64, set->sums.terms[i]));
    }
    return buffer_addf(text, err, "\"}");
}

/* Reads numbers of so many hexadecimal DIGITS each; false where TEXT has anything else. */
static bool read_numbers(const char *text, size_t digits, uint64_t *out)
{
    for (size_t i = 0; text[i]; i++) {
        const char *digit = strchr("0123456789abcdef", text[i]);
        if (!digit)
            return false;
        uint64_t value = i % digits ? out[i / digits] : 0;
        out[i / digits] = value << 4 | (uint64_t)(digit - "0123456789abcdef");
    }
    return true;
}

static enum status read_listed(struct remembered *set, const char *text, bool *valid,
                               struct error *err)
{
    size_t len = strlen(text);
    set->count = len / HASH_DIGITS;
    set->users = mem_zalloc(set->count + 1, sizeof *set->users);
    if (!set->users)
        return error_nomem(err);
    *valid = len % HASH_DIGITS == 0 && read_numbers(text, HASH_DIGITS, set->users);
    return STATUS_OK;
}

static enum status read_summed(struct remembered *set, const json_t *root, bool *valid,
                               struct error *err)
{
    const char *text = json_string_value(json_object_get(root, "sums"));
    json_int_t count = json_integer_value(json_object_get(root, "count"));
    size_t len = text ? strlen(text) : 0, pair = (size_t)2 * SUM_DIGITS;
    if (json_integer_value(json_object_get(root, "form")) != FORM || count <= 0 ||
        len % pair != 0 || len < pair * 2 || len > pair * (POWER_SUMS_REACH_MAX + 1))
        return STATUS_OK;
    set->count = (uint64_t)count;
    TRY(power_sums_init(&set->sums, (uint32_t)(len / pair - 1), err));
    *valid = read_numbers(text, SUM_DIGITS, set->sums.terms);
    for (size_t i = 0; i < len / SUM_DIGITS; i++)
        *valid = *valid && set->sums.terms[i] < POWER_SUMS_PRIME;
    *valid = *valid && set->sums.terms[0] == set->count;
    return STATUS_OK;
}

enum status remembered_read(struct remembered *set, const char *text, bool *valid,
                            struct error *err)
{
    json_t *root;
    *set = (struct remembered){.users = NULL};
    *valid = false;
    TRY(json_text_read(text, strlen(text), &root, NULL, err));
    const char *users = json_string_value(json_object_get(root, "users"));
    enum status status =
        users ? read_listed(set, users, valid, err) : read_summed(set, root, valid, err);
    json_decref(root);
    return status;
}

/* ---- comparing ---- */

/* Whether all of A are in B; both ascending. */
static bool within(const struct remembered *a, const struct remembered *b)
{
    size_t j = 0;
    for (size_t i = 0; i < a->count; i++, j++) {
        while (j < b->count && b->users[j] < a->users[i])
            j++;
        if (j == b->count || b->users[j] != a->users[i])
            return false;
    }
    return true;
}

bool remembered_same(const struct remembered *a, const struct remembered *b)
{
    if (a->count != b->count || !a->users != !b->users)
        return false;
    if (a->users)
        return memcmp(a->users, b->users, a->count * sizeof *a->users) == 0;
    uint32_t reach = a->sums.reach < b->sums.reach ? a->sums.reach : b->sums.reach;
    return memcmp(a->sums.terms, b->sums.terms, (2 * (size_t)reach + 2) * sizeof *a->sums.terms) ==
           0;
}

/* The sums of a listed set, so that it can be compared with a larger one. */
static enum status sum_up(struct remembered *set, uint32_t min_users, struct error *err)
{
    if (set->sums.terms)
        return STATUS_OK;
    TRY(power_sums_init(&set->sums, power_sums_reach(min_users), err));
    for (size_t i = 0; i < set->count; i++)
        power_sums_add(&set->sums, set->users[i]);
    return STATUS_OK;
}

static enum status summed_within(struct remembered *a, struct remembered *b, uint32_t between,
                                 uint32_t min_users, bool *holds, struct error *err)
{
    uint32_t apart;
    TRY(sum_up(a, min_users, err));
    TRY(sum_up(b, min_users, err));
    *holds = between > a->sums.reach || between > b->sums.reach;
    if (*holds)
        return STATUS_OK;
    TRY(power_sums_apart(&a->sums, &b->sums, &apart, err));
    *holds = apart <= between;
    return STATUS_OK;
}

enum status remembered_between(struct remembered *a, struct remembered *b, uint32_t min_users,
                               uint32_t *between, struct error *err)
{
    struct remembered *fewer = a->count < b->count ? a : b, *more = fewer == a ? b : a;
    uint64_t difference = more->count - fewer->count;
    bool holds;
    *between = 0;
    if (difference == 0 || difference >= min_users)
        return STATUS_OK;
    if (fewer->users && more->users)
        holds = within(fewer, more);
    else
        TRY(summed_within(fewer, more, (uint32_t)difference, min_users, &holds, err));
    if (holds)
        *between = (uint32_t)difference;
    return STATUS_OK;
}
