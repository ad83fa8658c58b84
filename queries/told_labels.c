/* What labelled samples tell the size of: see told_labels.h. */
#include "queries/told_labels.h"

#include "base/memory.h"
#include "queries/tally_labels.h"

#include <stdlib.h>
#include <string.h>

struct labels {
    struct told_sets *sets;
    const struct tally_sample *sample;
    struct told_place place; /* its row is that of the set at hand */
    bool users;              /* as units */
    struct unit_set *rows;   /* [row_count] of the table */
    size_t row_count;
};

/* All conversations of the unit's user. */
static void add_user(const struct labels *l, struct unit_set *set,
                     const struct tally_labelled_unit *unit)
{
    const struct tally_source *source = l->sets->source;
    const struct population *population = source->population;
    uint64_t from = population->user_start[unit->user];
    uint64_t to = population->user_start[unit->user + 1ull];
    for (uint64_t i = from; i < to; i++) {
        uint32_t row;
        const struct catalogue_part *part =
            population_part(source->catalogue, population->by_user[i], &row);
        bitmap_add(set->rows[part - source->catalogue->parts], row);
    }
}

static void add_unit(const struct labels *l, size_t row, const struct tally_labelled_unit *unit)
{
    if (l->users && unit->known)
        add_user(l, &l->rows[row], unit);
    else
        bitmap_add(l->rows[row].rows[unit->part], unit->row);
}

static enum status add_sample(struct labels *l, struct error *err)
{
    const struct tally_table *table = &l->sets->tally->tables[l->sample->labels_table];
    for (size_t row = 0; row < l->row_count; row++)
        TRY(unit_set_init(&l->rows[row], l->sets->source->catalogue, err));
    for (size_t i = 0; i < l->sample->labelled_count; i++) {
        const struct tally_labelled_unit *unit = &l->sample->labelled[i];
        size_t row = tally_labels_row(unit->stratum, unit->irrelevant);
        if (table->row_flags[row] & TALLY_TOLD)
            continue;
        add_unit(l, tally_labels_row(l->sample->stratum_count, unit->irrelevant), unit);
        if (l->sample->stratum_count)
            add_unit(l, row, unit);
    }
    for (size_t row = 0; row < l->row_count; row++) {
        l->place.row = (uint32_t)row;
        if (!(table->row_flags[row] & TALLY_TOLD))
            TRY(told_sets_take(l->sets, &l->place, &l->rows[row], err));
    }
    return STATUS_OK;
}

enum status told_labels_add(struct told_sets *sets, struct error *err)
{
    for (size_t i = 0; i < sets->tally->sample_count; i++) {
        struct labels l = {.sets = sets, .sample = &sets->tally->samples[i]};
        if (!l.sample->labels)
            continue;
        l.users = strcmp(l.sample->units, unit_plurals[UNIT_USER]) == 0;
        l.place = (struct told_place){.table = l.sample->labels_table, .query = l.sample->query};
        l.place.column[TOLD_CONVERSATIONS] = l.users ? TOLD_NOWHERE : 0;
        l.place.column[TOLD_USERS] = l.users ? 0 : TOLD_NOWHERE;
        l.row_count = 2 * (l.sample->stratum_count + 1);
        l.rows = mem_zalloc(l.row_count, sizeof *l.rows);
        enum status status = l.rows ? add_sample(&l, err) : error_nomem(err);
        for (size_t row = 0; l.rows && row < l.row_count; row++)
            unit_set_release(&l.rows[row]);
        free(l.rows);
        TRY(status);
    }
    return STATUS_OK;
}
