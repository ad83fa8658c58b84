/* Tying connected reports to the patterns of their terms: see terms_combined.h. */
#include "queries/terms_patterns.h"

#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/linked_classes.h"
#include "queries/terms_tying.h"

#include <stdlib.h>
#include <string.h>

/* ---- what cells tell apart ---- */

/* Its number; that of none where there is none. */
static size_t find_period(const struct terms_tying *t, const struct cells_period *period)
{
    size_t i = 0;
    while (i < t->wish.period_count &&
           (t->periods[i].from != period->from || t->periods[i].to != period->to ||
            !plan_filters_same(t->periods[i].filters, t->periods[i].filter_count, period->filters,
                               period->filter_count)))
        i++;
    return i;
}

static size_t add_period(struct terms_tying *t, int64_t from, int64_t to,
                         const struct plan_filter *filters, size_t filter_count)
{
    const struct cells_period period = {from, to, filters, filter_count};
    size_t number = find_period(t, &period);
    if (number == t->wish.period_count)
        t->periods[t->wish.period_count++] = period;
    return number;
}

/* The number of the groups by these fields; where there are none yet, ADD makes some. SIZE_MAX. */
static size_t find_groups(struct terms_tying *t, const struct cells_groups *of, bool add)
{
    size_t i = 0;
    while (i < t->wish.group_count &&
           (t->groups[i].period != of->period ||
            !fields_same(t->groups[i].by, t->groups[i].by_count, of->by, of->by_count)))
        i++;
    if (i == t->wish.group_count && (!add || i == CELLS_GROUPS_MAX))
        return SIZE_MAX;
    if (i == t->wish.group_count)
        t->groups[t->wish.group_count++] = *of;
    return i;
}

static size_t report_groups(struct terms_tying *t, size_t report)
{
    const struct plan_query *query = t->of->reports[report]->query;
    const struct cells_groups of = {query->by, query->by_count, t->period_of[report], query->id};
    return t->of->reports[report]->by == SIZE_MAX ? SIZE_MAX : find_groups(t, &of, true);
}

/* Of a count by fields, made of conversations that cells count; SIZE_MAX: it is none, or there is
 * no room for it. */
static size_t count_groups(struct terms_tying *t, size_t number, bool add)
{
    const struct tally_table *table = &t->tally->tables[number];
    const struct cells_period period = {table->from, table->to, table->filters,
                                        table->filter_count};
    const struct cells_groups of = {table->by, table->by_count, find_period(t, &period), table->id};
    return !table->by_count || table->untold || of.period == t->wish.period_count
               ? SIZE_MAX
               : find_groups(t, &of, add);
}

/* Those of this report, or those of earlier ones. */
static void add_counts(struct terms_tying *t, bool earlier)
{
    for (size_t i = 0; t->own_groups && i < t->tally->table_count; i++)
        if (!t->tally->tables[i].told_before == !earlier)
            (void)count_groups(t, i, true);
}

static enum status make_wish(struct terms_tying *t)
{
    size_t reports = t->of->report_count, options = t->of->option_count;
    t->terms = mem_zalloc(t->of->term_count, sizeof *t->terms);
    t->periods = mem_zalloc(reports + options, sizeof *t->periods);
    t->period_of = mem_zalloc(reports, sizeof *t->period_of);
    t->option_period = mem_zalloc(options, sizeof *t->option_period);
    t->groups = mem_zalloc(CELLS_GROUPS_MAX, sizeof *t->groups);
    t->groups_of = mem_zalloc(reports, sizeof *t->groups_of);
    if (!t->terms || !t->periods || !t->period_of || !t->option_period || !t->groups ||
        !t->groups_of)
        return error_nomem(t->err);
    for (size_t i = 0; i < t->of->term_count; i++)
        t->terms[i] = (struct cells_term){t->of->reports[t->of->terms[i].report]->number,
                                          t->of->terms[i].slot};
    for (size_t i = 0; i < reports; i++) {
        const struct terms_report *report = t->of->reports[i];
        t->period_of[i] =
            add_period(t, report->from, report->to, report->filters, report->filter_count);
        t->groups_of[i] = report_groups(t, i);
    }
    for (size_t i = 0; i < options; i++) {
        const struct terms_option *of = t->of->options[i];
        t->option_period[i] = add_period(t, of->from, of->to, of->filters, of->filter_count);
    }
    t->own_groups = t->wish.group_count;
    add_counts(t, false);
    t->now_groups = t->wish.group_count;
    add_counts(t, true);
    t->wish.terms = t->terms;
    t->wish.term_count = t->of->term_count;
    t->wish.periods = t->periods;
    t->wish.groups = t->groups;
    return STATUS_OK;
}

/* ---- cells that occur, and others that could ---- */

static enum status find_possible(struct terms_tying *t)
{
    return terms_possible_init(&t->possible, t->of->terms, t->of->term_count,
                               &t->source->state->setup.words, TALLY_TERM_CELLS, t->err);
}

/* What the cells that occur have besides terms: each once, as the end of a key. */
static enum status list_ends(const struct terms_tying *t, struct intern *ends)
{
    size_t terms = t->cells.terms, size = terms_cells_key_size(&t->cells);
    uint32_t number;
    for (size_t i = 0; i < t->cells.keys.count; i++)
        TRY(intern_add(ends, t->cells.keys.items[i].text + terms, size - terms, &number, t->err));
    return STATUS_OK;
}

/* Each possible pattern with each of what else there is, if there is room for them; *WHOLE says so.
 */
static enum status complete(struct terms_tying *t, bool *whole)
{
    struct intern ends;
    size_t terms = t->cells.terms, size = terms_cells_key_size(&t->cells);
    char *key = mem_zalloc(size + 1, 1);
    intern_init(&ends);
    enum status status = key ? list_ends(t, &ends) : error_nomem(t->err);
    size_t patterns = terms_possible_count(&t->possible);
    *whole = patterns && patterns * ends.count <= TALLY_TERM_CELLS;
    for (size_t i = 0; *whole && i < patterns; i++) {
        terms_possible_key(&t->possible, i, key);
        for (size_t e = 0; status == STATUS_OK && e < ends.count; e++) {
            memcpy(key + terms, ends.items[e].text, size - terms);
            status = terms_cells_have(&t->cells, key, t->err);
        }
    }
    intern_release(&ends);
    free(key);
    return status;
}

/* Without groups but the first so many. *DONE: there is room for the cells. Where some reports are
 * of no search terms, so many are asked for that other cells must be known to be possible, too. */
static enum status count_with(struct terms_tying *t, size_t groups, bool *done)
{
    bool whole = false;
    terms_cells_release(&t->cells);
    t->wish.group_count = groups;
    TRY(terms_cells_count(&t->cells, &t->wish, t->source, TALLY_TERM_CELLS, t->err));
    if (!t->cells.too_many)
        TRY(complete(t, &whole));
    *done = !t->cells.too_many && (whole || !t->of->mixed);
    return STATUS_OK;
}

/* With groups, those of all counts, of this report's, or only their own, where there is room for
 * them. */
static enum status count_cells(struct terms_tying *t, enum terms_patterns_tied *tied)
{
    const size_t groups[] = {t->wish.group_count, t->now_groups, t->own_groups, 0};
    bool done = false;
    *tied = TERMS_NOT_TIED;
    for (size_t i = 0; !done && i < sizeof groups / sizeof *groups; i++) {
        if (i && groups[i] == groups[i - 1])
            continue;
        TRY(count_with(t, groups[i], &done));
        *tied = !done                        ? TERMS_NOT_TIED
                : groups[i] >= t->own_groups ? TERMS_TIED
                                             : TERMS_TIED_BUT_GROUPS;
    }
    for (size_t i = 0; *tied == TERMS_TIED_BUT_GROUPS && i < t->of->report_count; i++)
        t->groups_of[i] = SIZE_MAX;
    return STATUS_OK;
}

/* ---- cells as hidden figures ---- */

/* Sets that cells are, for the gate's search (release/cubes.h): of parts, where these are known,
 * else of terms, and of what else the cell has. All have number 0 besides, since a set that has
 * nothing is none. */
enum {
    SETS_PARTS = 1,
    SETS_OTHERS = SETS_PARTS + LOGIC_PARTS,
    SETS_ENDS = SETS_OTHERS + POSSIBLE_OTHERS,
    SETS_MAX = 256
};

static enum status list_set(const struct terms_tying *t, uint32_t cell, uint32_t end,
                            const unsigned char **list, size_t *length)
{
    unsigned char made[LOGIC_PARTS + POSSIBLE_OTHERS + 2] = {0};
    size_t count = 1;
    const struct possible_sets sets =
        terms_possible_sets(&t->possible, t->cells.keys.items[cell].text);
    if (!sets.known || SETS_ENDS + end >= SETS_MAX)
        return STATUS_OK; /* it occurs, and is not known to be possible; or there are too many */
    for (unsigned i = 0; i < LOGIC_PARTS; i++)
        if (sets.parts >> i & 1)
            made[count++] = (unsigned char)(SETS_PARTS + i);
    for (unsigned i = 0; i < POSSIBLE_OTHERS; i++)
        if (sets.others >> i & 1)
            made[count++] = (unsigned char)(SETS_OTHERS + i);
    made[count++] = (unsigned char)(SETS_ENDS + end);
    *length = count;
    *list = (const unsigned char *)arena_strndup(&t->tally->arena, (const char *)made, count);
    return *list ? STATUS_OK : error_nomem(t->err);
}

static enum status hide_cells(struct terms_tying *t)
{
    size_t terms = t->cells.terms, size = terms_cells_key_size(&t->cells);
    struct intern ends;
    struct tally_atoms *atoms;
    enum status status = STATUS_OK;
    intern_init(&ends);
    for (uint32_t cell = 0, number; cell < t->cells.keys.count; cell++) {
        const struct tally_cell figure = {t->cells.values[cell], t->cells.users[cell], 0};
        TRY_CLEANUP(tally_hide(t->tally, figure, &number, t->err));
        t->first = cell ? t->first : number;
    }
    TRY_CLEANUP(list_ends(t, &ends));
    TRY_CLEANUP(tally_add_atoms(t->tally, TALLY_OF_SEVERAL, t->cells.keys.count, &atoms, t->err));
    atoms->first = t->first;
    atoms->alone_table = TALLY_HIDDEN - 1;
    for (uint32_t cell = 0; cell < t->cells.keys.count; cell++) {
        uint32_t end = intern_find(&ends, t->cells.keys.items[cell].text + terms, size - terms);
        TRY_CLEANUP(list_set(t, cell, end, &atoms->lists[cell], &atoms->lengths[cell]));
    }
cleanup:
    intern_release(&ends);
    return status;
}

/* ---- ties ---- */

/* Counts by fields: all that is in a group. */
static enum status tie_counts(struct terms_tying *t)
{
    for (size_t i = 0; t->wish.group_count && i < t->tally->table_count; i++) {
        size_t groups = count_groups(t, i, false);
        for (uint32_t row = 0; groups != SIZE_MAX && row + 1 < t->tally->tables[i].row_count;
             row++) {
            if (t->tally->tables[i].row_flags[row] & LINKED_UNTIED)
                continue;
            TRY(terms_tying_add(t, i, row, 0, 1));
            for (uint32_t cell = 0; cell < t->cells.keys.count; cell++)
                if (terms_cells_group(&t->cells, cell, groups) == row)
                    TRY(terms_tying_add_cell(t, cell));
            TRY(places_bind_held(&t->places, t->tally, false, t->err));
        }
    }
    return STATUS_OK;
}

/* Do no terms exclude or imply each other? */
static bool is_free(const struct terms_tying *t)
{
    return t->of->term_count < 32 && t->of->mixed && !t->of->option_count && !t->wish.group_count &&
           t->possible.complete &&
           terms_possible_count(&t->possible) == (size_t)1 << t->of->term_count;
}

enum status terms_patterns_tie(const struct connected_reports *of,
                               const struct tally_source *source, struct tally *tally,
                               enum terms_patterns_tied *tied, struct error *err)
{
    struct terms_tying t = {.of = of, .source = source, .tally = tally, .err = err};
    enum status status = STATUS_OK;
    *tied = TERMS_NOT_TIED;
    intern_init(&t.cells.keys);
    intern_init(&t.possible.words.bits);
    TRY_CLEANUP(make_wish(&t));
    TRY_CLEANUP(find_possible(&t));
    if (is_free(&t)) {
        *tied = TERMS_FREE;
        goto cleanup;
    }
    TRY_CLEANUP(count_cells(&t, tied));
    if (*tied == TERMS_NOT_TIED)
        goto cleanup;
    TRY_CLEANUP(hide_cells(&t));
    for (size_t i = 0; i < of->report_count; i++)
        TRY_CLEANUP(of->reports[i]->way == SLOTS_TERMS ? terms_tie_rows(&t, i)
                                                       : terms_tie_found(&t, i));
    TRY_CLEANUP(terms_tie_options(&t));
    status = tie_counts(&t);
cleanup:
    places_release(&t.places);
    terms_possible_release(&t.possible);
    terms_cells_release(&t.cells);
    free(t.terms);
    free(t.periods);
    free(t.period_of);
    free(t.option_period);
    free(t.groups);
    free(t.groups_of);
    return status;
}
