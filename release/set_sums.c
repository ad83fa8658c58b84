/* Sets as sums by groups of users: see set_sums.h. */
#include "release/set_sums.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { SUM_DIGITS = 16 };

uint32_t set_sums_groups(uint32_t min_users)
{
    uint32_t groups = SET_SUMS_GROUPS_MIN;
    while (groups < SET_SUMS_GROUPS_MAX && groups / 8 < min_users)
        groups *= 2;
    return groups;
}

enum status set_sums_init(struct set_sums *sums, uint32_t groups, struct error *err)
{
    *sums = (struct set_sums){mem_zalloc(groups + 1ull, sizeof *sums->groups), groups, 0, false};
    return sums->groups ? STATUS_OK : error_nomem(err);
}

void set_sums_release(struct set_sums *sums)
{
    free(sums->groups);
    *sums = (struct set_sums){.groups = NULL};
}

/* ---- adding ---- */

/* The N-th number that follows from a hash (splitmix64: G. L. Steele, D. Lea, C. H. Flood, Fast
 * splittable pseudorandom number generators, OOPSLA 2014). */
static uint64_t mixed(uint64_t hash, uint64_t n)
{
    uint64_t z = hash + n * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;
    return set_sums_plus((uint64_t)product & SET_SUMS_PRIME,
                         set_sums_plus((uint64_t)(product >> 61), 0));
}

void set_sums_add(struct set_sums *sums, uint64_t hash, uint64_t weight)
{
    uint64_t factor = mixed(hash, 1) % (SET_SUMS_PRIME - 1) + 1;
    uint64_t *group = &sums->groups[mixed(hash, 2) & (sums->count - 1)];
    *group = set_sums_plus(*group, weight == 1 ? factor : times(factor, weight));
    sums->total += weight;
}

void set_sums_add_unknown(struct set_sums *sums, uint64_t weight)
{
    uint64_t *group = &sums->groups[sums->count];
    *group = set_sums_plus(*group, weight);
    sums->total += weight;
}

void set_sums_fold(struct set_sums *sums, uint32_t groups)
{
    if (groups >= sums->count)
        return;
    for (uint32_t g = groups; g < sums->count; g++)
        sums->groups[g & (groups - 1)] =
            set_sums_plus(sums->groups[g & (groups - 1)], sums->groups[g]);
    sums->groups[groups] = sums->groups[sums->count];
    sums->count = groups;
}

int set_sums_compare(const struct set_sums *a, const struct set_sums *b)
{
    for (uint32_t g = 0; g < a->count; g++)
        if (a->groups[g] != b->groups[g])
            return a->groups[g] < b->groups[g] ? -1 : 1;
    return (a->groups[a->count] > b->groups[b->count]) -
           (a->groups[a->count] < b->groups[b->count]);
}

bool set_sums_same_known(const struct set_sums *a, const struct set_sums *b)
{
    return a->count == b->count && memcmp(a->groups, b->groups, a->count * sizeof *a->groups) == 0;
}

/* ---- as text ---- */

enum status set_sums_write(const struct set_sums *sums, struct buffer *text, struct error *err)
{
    TRY(buffer_addf(text, err, "{\"groups\":%" PRIu32 ",\"sums\":\"", sums->count));
    for (uint32_t g = 0; g <= sums->count; g++)
        TRY(buffer_addf(text, err, "%016" PRIx64, sums->groups[g]));
    return buffer_addf(text, err, "\",\"total\":%" PRIu64 "}", sums->total);
}

static bool read_sum(const char *digits, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < SUM_DIGITS; i++) {
        const char *digit = strchr("0123456789abcdef", digits[i]);
        if (!digit || !*digit)
            return false;
        *out = *out << 4 | (uint64_t)(digit - "0123456789abcdef");
    }
    return *out < SET_SUMS_PRIME;
}

enum status set_sums_read(struct set_sums *sums, const json_t *object, bool *valid,
                          struct error *err)
{
    const char *text = json_string_value(json_object_get(object, "sums"));
    json_int_t groups = json_integer_value(json_object_get(object, "groups"));
    json_int_t total = json_integer_value(json_object_get(object, "total"));
    *sums = (struct set_sums){.groups = NULL};
    *valid = false;
    if (!text || groups < SET_SUMS_GROUPS_MIN || groups > SET_SUMS_GROUPS_MAX ||
        (groups & (groups - 1)) || total <= 0 || strlen(text) != SUM_DIGITS * ((size_t)groups + 1))
        return STATUS_OK;
    TRY(set_sums_init(sums, (uint32_t)groups, err));
    sums->total = (uint64_t)total;
    *valid = true;
    for (size_t g = 0; g <= sums->count; g++)
        *valid = *valid && read_sum(text + g * SUM_DIGITS, &sums->groups[g]);
    *valid = *valid && sums->groups[sums->count] <= sums->total;
    return STATUS_OK;
}
