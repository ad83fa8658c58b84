/* Numbers relevant by several searches: see tally_searches.h. */
#include "queries/tally_searches.h"

#include "base/memory.h"

#include <stdlib.h>

/* Users of units that one of two searches found and the other did not, by what units are. */
struct between {
    uint32_t *users[2]; /* [count] irrelevant, relevant */
    size_t count[2];
};

static int compare_users(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static size_t distinct(uint32_t *users, size_t count)
{
    size_t found = 0;
    if (count)
        qsort(users, count, sizeof *users, compare_users);
    for (size_t i = 0; i < count; i++)
        found += i == 0 || users[i] != users[i - 1];
    return found;
}

/* What A found and B (NULL: nothing) did not. */
static void subtract(const struct tally_sample *a, const struct tally_sample *b,
                     struct between *out)
{
    out->count[0] = out->count[1] = 0;
    for (size_t i = 0, j = 0; i < a->found_count; i++) {
        const struct tally_found_unit *unit = &a->found_units[i];
        while (b && j < b->found_count && b->found_units[j].unit < unit->unit)
            j++;
        if (!b || j == b->found_count || b->found_units[j].unit != unit->unit)
            out->users[unit->relevant][out->count[unit->relevant]++] = unit->user;
    }
}

/* Is more than a tenth drawn of what it found? */
static bool is_cell(const struct tally_sample *sample)
{
    uint64_t population = 0, drawn = 0;
    for (size_t i = 0; i < sample->stratum_count; i++)
        if (sample->strata[i].found) {
            population += sample->strata[i].population;
            drawn += sample->strata[i].drawn;
        }
    return drawn > population / 10;
}

/* What lies between is part of what OUTER found, and told as freely as that is. */
static bool comparable(const struct tally_sample *inner, const struct tally_sample *outer)
{
    return inner->found_units && outer->found_units && inner->labels_of == outer->labels_of &&
           is_cell(outer);
}

static bool is_few(size_t users, uint32_t min_users)
{
    return users > 0 && users < min_users;
}

/* INNER's numbers, if its relevant units are among OUTER's, and these are told. */
static void compare(struct tally_sample *inner, const struct tally_sample *outer,
                    uint32_t min_users, struct between *room)
{
    subtract(outer, NULL, room);
    if (is_few(distinct(room->users[1], room->count[1]), min_users))
        return;
    subtract(inner, outer, room);
    if (room->count[1])
        return;
    bool within = room->count[0] == 0;
    subtract(outer, inner, room);
    if (room->count[1] && (is_few(distinct(room->users[1], room->count[1]), min_users) ||
                           (within && is_few(distinct(room->users[0], room->count[0]), min_users))))
        inner->differs = true;
}

enum status tally_searches(struct tally *tally, uint32_t min_users, struct error *err)
{
    size_t most = 0;
    for (size_t i = 0; i < tally->sample_count; i++)
        most = tally->samples[i].found_count > most ? tally->samples[i].found_count : most;
    struct between room = {{mem_zalloc(most, sizeof(uint32_t)), mem_zalloc(most, sizeof(uint32_t))},
                           {0, 0}};
    enum status status = room.users[0] && room.users[1] ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < tally->sample_count; i++)
        for (size_t j = 0; j < tally->sample_count; j++)
            if (i != j && comparable(&tally->samples[i], &tally->samples[j]))
                compare(&tally->samples[i], &tally->samples[j], min_users, &room);
    free(room.users[0]);
    free(room.users[1]);
    return status;
}
