/* Tying the rows of a report to the patterns of its terms: see terms_tying.h. */
#include "queries/query_terms.h"
#include "queries/slots_counted.h"
#include "queries/terms_by.h"
#include "queries/terms_relations.h"
#include "queries/terms_tying.h"

enum status terms_tying_add(struct terms_tying *t, size_t table, size_t row, uint32_t column,
                            int sign)
{
    const struct tally_place place = {(uint32_t)table, (uint32_t)row, column, sign};
    return places_add(&t->places, place, t->err);
}

enum status terms_tying_add_cell(struct terms_tying *t, uint32_t cell)
{
    return terms_tying_add(t, TALLY_HIDDEN, t->first + cell, 0, -1);
}

enum status terms_tying_bind(struct terms_tying *t)
{
    return places_bind(&t->places, t->tally, false, t->err);
}

/* Adds the cells of report REPORT's period that have the terms A and B (CORE_NONE: no matter), and
 * are in row ROW of its table by fields (UINT32_MAX: no matter). */
static enum status add_cells(struct terms_tying *t, size_t report, uint32_t a, uint32_t b,
                             uint32_t row)
{
    for (uint32_t cell = 0; cell < t->cells.keys.count; cell++)
        if (terms_cells_in_period(&t->cells, cell, t->period_of[report]) &&
            (a == CORE_NONE || terms_cells_has_term(&t->cells, cell, a)) &&
            (b == CORE_NONE || terms_cells_has_term(&t->cells, cell, b)) &&
            (row == UINT32_MAX || terms_cells_group(&t->cells, cell, t->groups_of[report]) == row))
            TRY(terms_tying_add_cell(t, cell));
    return STATUS_OK;
}

/* All conversations of the period: the last row. */
static enum status tie_total(struct terms_tying *t, size_t report)
{
    const struct terms_report *of = t->of->reports[report];
    TRY(terms_tying_add(t, of->own, query_term_slots(of->query) + 2, CONVERSATIONS, 1));
    TRY(add_cells(t, report, CORE_NONE, CORE_NONE, UINT32_MAX));
    return terms_tying_bind(t);
}

/* Terms and pairs of a report whose combinations are not known. */
static enum status tie_terms(struct terms_tying *t, size_t report)
{
    const struct terms_report *of = t->of->reports[report];
    for (uint32_t slot = 0; slot < of->query->term_count; slot++) {
        if (t->of->term_of[report][slot] == CORE_NONE)
            continue;
        TRY(terms_tying_add(t, of->own, slot, CONVERSATIONS, 1));
        TRY(add_cells(t, report, t->of->term_of[report][slot], CORE_NONE, UINT32_MAX));
        TRY(terms_tying_bind(t));
    }
    return STATUS_OK;
}

static enum status tie_groups(struct terms_tying *t, size_t report)
{
    const struct terms_report *of = t->of->reports[report];
    if (t->groups_of[report] == SIZE_MAX)
        return STATUS_OK;
    uint32_t slots = (uint32_t)of->query->term_count;
    uint32_t groups = (uint32_t)t->tally->tables[of->by].row_count / slots;
    for (uint32_t row = 0; row < slots * groups; row++) {
        /* One that cells do not tell apart is in some of its group all the same. */
        uint32_t term = t->of->term_of[report][row / groups];
        TRY(terms_tying_add(t, of->by, row, BY_CONVERSATIONS, 1));
        TRY(add_cells(t, report, term, CORE_NONE, row % groups));
        TRY(places_bind(&t->places, t->tally, term == CORE_NONE, t->err));
    }
    return STATUS_OK;
}

enum status terms_tie_rows(struct terms_tying *t, size_t report)
{
    const struct tally_atoms *atoms = tally_atoms_find(t->tally, t->of->reports[report]->number);
    TRY(tie_total(t, report));
    TRY(atoms ? terms_tie_combinations(t, report, atoms) : tie_terms(t, report));
    return tie_groups(t, report);
}

/* ---- other queries than search terms ---- */

/* Does CELL count there? A slot of which the first one counts finds no more than one. */
static bool counts(const struct terms_tying *t, size_t report, uint32_t cell,
                   enum slots_counted what, size_t slot)
{
    const struct terms_report *of = t->of->reports[report];
    size_t found = 0;
    bool own = false;
    for (size_t i = 0; i < query_term_slots(of->query); i++) {
        uint32_t term = t->of->term_of[report][i];
        if (term == CORE_NONE || !terms_cells_has_term(&t->cells, cell, term) ||
            (found && of->way == SLOTS_FIRST))
            continue;
        found++;
        own = own || i == slot;
    }
    return slots_counts(what, found, own);
}

static enum status tie_counted(struct terms_tying *t, size_t report, enum slots_counted what,
                               size_t slot)
{
    for (uint32_t cell = 0; cell < t->cells.keys.count; cell++)
        if (terms_cells_in_period(&t->cells, cell, t->period_of[report]) &&
            counts(t, report, cell, what, slot))
            TRY(terms_tying_add_cell(t, cell));
    return terms_tying_bind(t);
}

static enum status tie_union(struct terms_tying *t, size_t report, const struct tally_union *of)
{
    for (uint32_t slot = 0; slot < of->count; slot++) {
        TRY(terms_tying_add(t, TALLY_HIDDEN, of->first_alone + slot, 0, 1));
        TRY(tie_counted(t, report, OF_ALONE, slot));
        TRY(terms_tying_add(t, TALLY_HIDDEN, of->first_shared + slot, 0, 1));
        TRY(tie_counted(t, report, OF_SHARED, slot));
    }
    TRY(terms_tying_add(t, TALLY_HIDDEN, of->several, 0, 1));
    return tie_counted(t, report, OF_SEVERAL, 0);
}

enum status terms_tie_found(struct terms_tying *t, size_t report)
{
    const struct terms_report *of = t->of->reports[report];
    const struct tally_union *sets = tally_union_find(t->tally, of->number);
    size_t slots = query_term_slots(of->query);
    for (size_t row = 0; row < slots + 2; row++) {
        TRY(terms_tying_add(t, of->own, row, 0, 1));
        TRY(tie_counted(t, report, slots_row_counts(of->query, slots, row), row));
    }
    return sets && sets->count == slots ? tie_union(t, report, sets) : STATUS_OK;
}

/* ---- options ---- */

/* Does CELL have any of the option's terms, as its query looks for them, and any of its topics? */
static bool asks_for(const struct terms_tying *t, uint32_t cell, size_t query,
                     const uint32_t *slots, size_t count)
{
    size_t report = 0;
    while (count && t->of->reports[report]->number != query)
        report++;
    for (size_t i = 0; i < count; i++)
        if (counts(t, report, cell, OF_SLOT, slots[i]))
            return true;
    return count == 0;
}

enum status terms_tie_options(struct terms_tying *t)
{
    for (size_t i = 0; i < t->of->option_count; i++) {
        const struct terms_option *of = t->of->options[i];
        const struct plan_option *asked = of->option;
        TRY(terms_tying_add(t, of->table, of->row, 0, 1));
        for (uint32_t cell = 0; cell < t->cells.keys.count; cell++)
            if (terms_cells_in_period(&t->cells, cell, t->option_period[i]) &&
                asks_for(t, cell, asked->terms_query, asked->terms, asked->term_count) &&
                asks_for(t, cell, asked->topics_query, asked->topics, asked->topic_count))
                TRY(terms_tying_add_cell(t, cell));
        TRY(terms_tying_bind(t));
    }
    return STATUS_OK;
}
