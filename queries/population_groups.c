/* Tables by population: see population_groups.h. */
#include "queries/population_groups.h"

#include "base/memory.h"
#include "queries/row_standing.h"
#include "queries/slice_users.h"

#include <stdlib.h>

static bool is_by_fields(const struct tally_table *table)
{
    return (table->by_count > 0 && table->row_count > 1) || table->told_before;
}

static void group(struct population_groups *groups, const struct tally *tally, size_t table)
{
    size_t g = 0;
    while (g < groups->count &&
           !standing_same(&tally->tables[groups->first[g]], &tally->tables[table]))
        g++;
    if (g == groups->count)
        groups->first[groups->count++] = table;
    groups->group_of[table] = g;
}

enum status population_groups_init(struct population_groups *groups,
                                   struct told_population *population, const struct tally *tally,
                                   struct error *err)
{
    uint32_t min_users = population->own->plan->release.min_users;
    *groups = (struct population_groups){.count = 0};
    groups->group_of = mem_zalloc(tally->table_count, sizeof *groups->group_of);
    groups->first = mem_zalloc(tally->table_count, sizeof *groups->first);
    if (!groups->group_of || !groups->first)
        return error_nomem(err);
    for (size_t i = 0; i < tally->table_count; i++) {
        groups->group_of[i] = NO_GROUP;
        if (is_by_fields(&tally->tables[i]))
            group(groups, tally, i);
    }
    groups->near = mem_zalloc(groups->count * groups->count, sizeof *groups->near);
    if (!groups->near)
        return error_nomem(err);
    for (size_t a = 0; a < groups->count; a++)
        for (size_t b = 0; b < a; b++) {
            bool *near = &groups->near[a * groups->count + b];
            TRY(slice_is_near(population, &tally->tables[groups->first[a]],
                              &tally->tables[groups->first[b]], min_users, near, err));
            groups->near[b * groups->count + a] = *near;
        }
    return STATUS_OK;
}

void population_groups_release(struct population_groups *groups)
{
    free(groups->group_of);
    free(groups->first);
    free(groups->near);
    *groups = (struct population_groups){.count = 0};
}

bool population_groups_near(const struct population_groups *groups, size_t a, size_t b)
{
    return groups->near[groups->group_of[a] * groups->count + groups->group_of[b]];
}
