/* What the table of completeness tells the size of: see told_records.h. */
#include "queries/told_records.h"

#include "base/civil.h"
#include "queries/odd_rows.h"
#include "queries/tally_run.h"

#include <stdio.h>
#include <string.h>

struct records {
    struct told_sets *sets;
    struct told_place place; /* its row is that of the set at hand */
    struct unit_set set;
};

/* The row of that reason; that of none if there is none. */
static uint32_t row_of(const struct tally_table *table, const char *reason)
{
    uint32_t row = 0;
    while (row < table->row_count && strcmp(table->key_values[row], reason) != 0)
        row++;
    return row;
}

static enum status put_odd(struct records *r, enum oddity oddity, struct error *err)
{
    for (size_t p = 0; p < r->set.parts; p++) {
        struct bitmap *rows;
        const uint32_t *counts;
        TRY(odd_rows_read(&r->sets->source->catalogue->parts[p], oddity, &rows, &counts, err));
        if (!rows)
            continue;
        bitmap_or(r->set.rows[p], rows);
        bitmap_and(r->set.rows[p], r->sets->units.rows[p]);
        bitmap_free(rows);
    }
    return STATUS_OK;
}

static void put_timeless(struct records *r)
{
    for (size_t p = 0; p < r->set.parts; p++) {
        const struct catalogue_part *part = &r->sets->source->catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++)
            if (part->time[row] == CIVIL_NONE &&
                population_has(r->sets->source->population, p, row))
                bitmap_add(r->set.rows[p], row);
    }
}

/* Records that were left out for that reason; IN_POPULATION: all that were accepted. */
static void put_left_out(struct records *r, size_t why)
{
    for (size_t p = 0; p < r->set.parts; p++) {
        const uint8_t *reasons = r->sets->source->population->reason_of[p];
        uint32_t rows = r->sets->source->catalogue->parts[p].rows;
        for (uint32_t row = 0; row < rows; row++)
            if (why == IN_POPULATION || reasons[row] == why)
                bitmap_add(r->set.rows[p], row);
    }
}

static enum status add_left_out(struct records *r, size_t why, struct error *err)
{
    enum status status = unit_set_init(&r->set, r->sets->source->catalogue, err);
    if (status == STATUS_OK) {
        put_left_out(r, why);
        status = told_sets_take(r->sets, &r->place, &r->set, err);
    }
    unit_set_release(&r->set);
    return status;
}

static size_t reasons_with_records(const struct records *r)
{
    const struct population *population = r->sets->source->population;
    size_t count = 0;
    for (size_t why = EXCLUDED_DUPLICATE; why < population->reason_count; why++)
        count += population->reasons[why].conversations > 0;
    return count;
}

/* All that was accepted, and the rows after it, a reason each. Where only one has records, what was
 * accepted is the population and that row, which are compared by themselves; as a set of its own
 * it would make what differs by the same users look told. */
static enum status add_sums(struct records *r, struct error *err)
{
    const struct tally_table *table = &r->sets->tally->tables[r->place.table];
    const struct population *population = r->sets->source->population;
    r->place.row = row_of(table, "accepted");
    if (r->place.row == table->row_count)
        return STATUS_OK;
    if (reasons_with_records(r) > 1)
        TRY(add_left_out(r, IN_POPULATION, err));
    for (size_t why = EXCLUDED_DUPLICATE; why < population->reason_count; why++) {
        if (!tally_completeness_lists(r->sets->source->plan, why))
            continue;
        r->place.row++;
        if (population->reasons[why].conversations)
            TRY(add_left_out(r, why, err));
    }
    return STATUS_OK;
}

/* ODDITY_COUNT: those without a time. */
static enum status add_row(struct records *r, enum oddity oddity, struct error *err)
{
    const struct tally_table *table = &r->sets->tally->tables[r->place.table];
    char reason[200] = "without a time";
    if (oddity != ODDITY_COUNT)
        snprintf(reason, sizeof reason, "with %s", conversation_oddities[oddity].title);
    r->place.row = row_of(table, reason);
    if (r->place.row == table->row_count || tally_cell_at(table, r->place.row, 0)->value == 0)
        return STATUS_OK;
    enum status status = unit_set_init(&r->set, r->sets->source->catalogue, err);
    if (status == STATUS_OK && oddity != ODDITY_COUNT)
        status = put_odd(r, oddity, err);
    else if (status == STATUS_OK)
        put_timeless(r);
    if (status == STATUS_OK)
        status = told_sets_take(r->sets, &r->place, &r->set, err);
    unit_set_release(&r->set);
    return status;
}

enum status told_records_add(struct told_sets *sets, struct error *err)
{
    struct records r = {.sets = sets, .place = {.query = SIZE_MAX, .column = {0, TOLD_NOWHERE}}};
    const struct tally *tally = sets->tally;
    while (r.place.table < tally->table_count &&
           strcmp(tally->tables[r.place.table].id, "completeness") != 0)
        r.place.table++;
    if (r.place.table < tally->table_count)
        TRY(add_sums(&r, err));
    for (int oddity = 0; r.place.table < tally->table_count && oddity <= ODDITY_COUNT; oddity++)
        TRY(add_row(&r, (enum oddity)oddity, err));
    return STATUS_OK;
}
