/* Tying connected search term reports to the patterns of their terms: see terms_combined.h. */
#include "queries/terms_patterns.h"

#include "base/memory.h"
#include "queries/combination_sums.h"
#include "queries/linked_classes.h"
#include "queries/tally_ties.h"
#include "queries/terms_by.h"
#include "queries/terms_cells.h"
#include "queries/terms_relations.h"
#include "queries/terms_wish.h"
#include "queries/text/term_logic.h"

#include <stdlib.h>
#include <string.h>

struct tying {
    const struct connected_reports *of;
    const struct tally_source *source;
    struct tally *tally;
    struct terms_wish wish;
    struct terms_cells cells;
    struct term_patterns possible;
    uint32_t first; /* hidden figure of the first cell */
    struct places places;
    struct error *err;
};

/* ---- cells that occur, and others that could ---- */

static enum status find_possible(struct tying *t)
{
    const char *forms[LOGIC_TERMS];
    enum term_within within[LOGIC_TERMS];
    size_t count = t->of->term_count <= LOGIC_TERMS ? t->of->term_count : 0;
    for (size_t i = 0; i < count; i++) {
        forms[i] = t->of->terms[i].form;
        within[i] = t->of->terms[i].within;
    }
    return term_patterns_init(&t->possible, forms, within, count, &t->source->state->setup.words,
                              count == t->of->term_count ? TALLY_TERM_CELLS : 0, t->err);
}

/* What the cells that occur have besides terms: each once, as the end of a key. */
static enum status list_ends(const struct tying *t, struct intern *ends)
{
    size_t terms = t->cells.terms, size = terms_cells_key_size(&t->cells);
    uint32_t number;
    for (size_t i = 0; i < t->cells.keys.count; i++)
        TRY(intern_add(ends, t->cells.keys.items[i].text + terms, size - terms, &number, t->err));
    return STATUS_OK;
}

/* Each possible pattern with each of what else there is, if there is room for them. */
static enum status complete(struct tying *t)
{
    struct intern ends;
    size_t terms = t->cells.terms, size = terms_cells_key_size(&t->cells);
    char *key = mem_zalloc(size + 1, 1);
    intern_init(&ends);
    enum status status = key ? list_ends(t, &ends) : error_nomem(t->err);
    size_t patterns = t->possible.complete ? t->possible.bits.count : 0;
    if (patterns * ends.count > TALLY_TERM_CELLS)
        patterns = 0;
    for (size_t i = 0; i < patterns; i++)
        for (size_t e = 0; status == STATUS_OK && e < ends.count; e++) {
            memcpy(key, t->possible.bits.items[i].text, terms);
            memcpy(key + terms, ends.items[e].text, size - terms);
            status = terms_cells_have(&t->cells, key, t->err);
        }
    intern_release(&ends);
    free(key);
    return status;
}

static enum status count_again(struct tying *t, size_t groups)
{
    terms_cells_release(&t->cells);
    terms_wish_keep_groups(&t->wish, groups);
    return terms_cells_count(&t->cells, &t->wish.cells, t->source, TALLY_TERM_CELLS, t->err);
}

/* With groups, those of all counts, of this report's, or only their own, where there is room for
 * them. */
static enum status count_cells(struct tying *t)
{
    bool left_out = false;
    TRY(terms_cells_count(&t->cells, &t->wish.cells, t->source, TALLY_TERM_CELLS, t->err));
    if (t->cells.too_many && t->wish.cells.group_count > t->wish.now_groups)
        TRY(count_again(t, t->wish.now_groups));
    if (t->cells.too_many && t->wish.cells.group_count > t->wish.own_groups)
        TRY(count_again(t, t->wish.own_groups));
    if (t->cells.too_many && t->wish.own_groups) {
        left_out = true;
        TRY(count_again(t, 0));
    }
    t->tally->terms_left_out += left_out || t->cells.too_many;
    return t->cells.too_many ? STATUS_OK : complete(t);
}

/* ---- cells as hidden figures ---- */

/* Sets that cells are, for the gate's search (release/cubes.h): of parts, where these are known,
 * else of terms, and of what else the cell has. All have number 0 besides, since a set that has
 * nothing is none. */
enum { SETS_PARTS = 1, SETS_ENDS = SETS_PARTS + LOGIC_PARTS, SETS_MAX = 256 };

static enum status list_set(const struct tying *t, uint32_t cell, uint32_t end,
                            const unsigned char **list, size_t *length)
{
    unsigned char made[LOGIC_PARTS + 2] = {0};
    size_t count = 1;
    struct intern_text key = t->cells.keys.items[cell];
    uint64_t parts = 0;
    if (t->possible.complete) {
        uint32_t pattern = intern_find(&t->possible.bits, key.text, t->cells.terms);
        if (pattern == INTERN_NONE)
            return STATUS_OK; /* it occurs, and is not known to be possible */
        parts = t->possible.parts[pattern];
    }
    for (size_t i = 0; !t->possible.complete && i < t->cells.terms && i < LOGIC_PARTS; i++)
        parts |= (uint64_t)(key.text[i] != 0) << i;
    for (unsigned i = 0; i < LOGIC_PARTS; i++)
        if (parts >> i & 1)
            made[count++] = (unsigned char)(SETS_PARTS + i);
    if (SETS_ENDS + end >= SETS_MAX)
        return STATUS_OK;
    made[count++] = (unsigned char)(SETS_ENDS + end);
    *length = count;
    *list = (const unsigned char *)arena_strndup(&t->tally->arena, (const char *)made, count);
    return *list ? STATUS_OK : error_nomem(t->err);
}

static enum status hide_cells(struct tying *t)
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

static enum status add_place(struct tying *t, size_t table, size_t row, uint32_t column, int sign)
{
    const struct tally_place place = {(uint32_t)table, (uint32_t)row, column, sign};
    return places_add(&t->places, place, t->err);
}

static enum status add_cell(struct tying *t, uint32_t cell)
{
    return add_place(t, TALLY_HIDDEN, t->first + cell, 0, -1);
}

static enum status bind(struct tying *t)
{
    return places_bind(&t->places, t->tally, false, t->err);
}

/* Adds the cells of report REPORT's period that have the terms A and B (CORE_NONE: no matter), and
 * are in row ROW of its table by fields (UINT32_MAX: no matter). */
static enum status add_cells(struct tying *t, size_t report, uint32_t a, uint32_t b, uint32_t row)
{
    for (uint32_t cell = 0; cell < t->cells.keys.count; cell++)
        if (terms_cells_in_period(&t->cells, cell, t->wish.period_of[report]) &&
            (a == CORE_NONE || terms_cells_has_term(&t->cells, cell, a)) &&
            (b == CORE_NONE || terms_cells_has_term(&t->cells, cell, b)) &&
            (row == UINT32_MAX ||
             terms_cells_group(&t->cells, cell, t->wish.groups_of[report]) == row))
            TRY(add_cell(t, cell));
    return STATUS_OK;
}

/* All conversations of the period. */
static enum status tie_total(struct tying *t, size_t report)
{
    const struct terms_report *of = t->of->reports[report];
    TRY(add_place(t, of->own, of->query->term_count + 2, CONVERSATIONS, 1));
    TRY(add_cells(t, report, CORE_NONE, CORE_NONE, UINT32_MAX));
    return bind(t);
}

/* Terms and pairs of a report whose combinations are not known. */
static enum status tie_terms(struct tying *t, size_t report)
{
    const struct terms_report *of = t->of->reports[report];
    for (uint32_t slot = 0; slot < of->query->term_count; slot++) {
        if (t->of->term_of[report][slot] == CORE_NONE)
            continue;
        TRY(add_place(t, of->own, slot, CONVERSATIONS, 1));
        TRY(add_cells(t, report, t->of->term_of[report][slot], CORE_NONE, UINT32_MAX));
        TRY(bind(t));
    }
    return STATUS_OK;
}

static enum status tie_groups(struct tying *t, size_t report)
{
    const struct terms_report *of = t->of->reports[report];
    if (t->wish.groups_of[report] == SIZE_MAX)
        return STATUS_OK;
    uint32_t slots = (uint32_t)of->query->term_count;
    uint32_t groups = (uint32_t)t->tally->tables[of->by].row_count / slots;
    for (uint32_t row = 0; row < slots * groups; row++) {
        uint32_t term = t->of->term_of[report][row / groups];
        if (term == CORE_NONE)
            continue;
        TRY(add_place(t, of->by, row, BY_CONVERSATIONS, 1));
        TRY(add_cells(t, report, term, CORE_NONE, row % groups));
        TRY(bind(t));
    }
    return STATUS_OK;
}

/* Counts by fields: all that is in a group. */
static enum status tie_counts(struct tying *t)
{
    for (size_t i = 0; t->wish.cells.group_count && i < t->tally->table_count; i++) {
        size_t groups = terms_wish_groups(&t->wish, t->tally, i);
        for (uint32_t row = 0; groups != SIZE_MAX && row + 1 < t->tally->tables[i].row_count;
             row++) {
            if (t->tally->tables[i].row_flags[row] & LINKED_UNTIED)
                continue;
            TRY(add_place(t, i, row, 0, 1));
            for (uint32_t cell = 0; cell < t->cells.keys.count; cell++)
                if (terms_cells_group(&t->cells, cell, groups) == row)
                    TRY(add_cell(t, cell));
            TRY(places_bind_held(&t->places, t->tally, false, t->err));
        }
    }
    return STATUS_OK;
}

/* Adding figures of a report by which core terms they have. */
struct adding {
    struct tying *t;
    size_t report;
    struct combination_sums sums;
    char *pattern; /* [of->term_count] */
};

/* Unless it has no core term. */
static enum status add_combination(void *context, const unsigned char *list, size_t count,
                                   struct tally_place place, struct error *err)
{
    struct adding *a = context;
    size_t terms = a->t->of->term_count;
    bool any = false;
    memset(a->pattern, 0, terms);
    for (size_t i = 0; i < count; i++) {
        uint32_t term = a->t->of->term_of[a->report][list[i]];
        if (term == CORE_NONE)
            continue;
        a->pattern[term] = 1;
        any = true;
    }
    return any ? combination_sums_add(&a->sums, a->pattern, terms, place, err) : STATUS_OK;
}

/* The cells by which of the report's own core terms they have. */
static enum status add_cell_combinations(struct adding *a)
{
    const struct tying *t = a->t;
    enum status status = STATUS_OK;
    char *own = mem_zalloc(t->of->term_count + 1, 1);
    if (!own)
        return error_nomem(t->err);
    for (size_t slot = 0; slot < t->of->reports[a->report]->query->term_count; slot++)
        if (t->of->term_of[a->report][slot] != CORE_NONE)
            own[t->of->term_of[a->report][slot]] = 1;
    for (uint32_t cell = 0; status == STATUS_OK && cell < t->cells.keys.count; cell++) {
        bool any = false;
        for (size_t i = 0; i < t->of->term_count; i++) {
            a->pattern[i] = (char)(own[i] && terms_cells_has_term(&t->cells, cell, i));
            any = any || a->pattern[i];
        }
        const struct tally_place place = {TALLY_HIDDEN, t->first + cell, 0, -1};
        if (any && terms_cells_in_period(&t->cells, cell, t->wish.period_of[a->report]))
            status = combination_sums_add(&a->sums, a->pattern, t->of->term_count, place, t->err);
    }
    free(own);
    return status;
}

static enum status tie_combinations(struct tying *t, size_t report, const struct tally_atoms *atoms)
{
    struct adding a = {.t = t, .report = report};
    enum status status = STATUS_OK;
    combination_sums_init(&a.sums);
    a.pattern = mem_zalloc(t->of->term_count + 1, 1);
    if (!a.pattern)
        TRY_CLEANUP(error_nomem(t->err));
    TRY_CLEANUP(combination_each(atoms, add_combination, &a, t->err));
    TRY_CLEANUP(add_cell_combinations(&a));
    status = combination_sums_bind(&a.sums, &t->places, t->tally, t->err);
cleanup:
    combination_sums_release(&a.sums);
    free(a.pattern);
    return status;
}

static enum status tie_report(struct tying *t, size_t report)
{
    const struct tally_atoms *atoms = tally_atoms_find(t->tally, t->of->reports[report]->number);
    TRY(tie_total(t, report));
    TRY(atoms ? tie_combinations(t, report, atoms) : tie_terms(t, report));
    return tie_groups(t, report);
}

enum status terms_patterns_tie(const struct connected_reports *of,
                               const struct tally_source *source, struct tally *tally,
                               struct error *err)
{
    struct tying t = {.of = of, .source = source, .tally = tally, .err = err};
    enum status status = STATUS_OK;
    intern_init(&t.cells.keys);
    intern_init(&t.possible.bits);
    TRY_CLEANUP(terms_wish_init(&t.wish, of, tally, err));
    TRY_CLEANUP(find_possible(&t));
    TRY_CLEANUP(count_cells(&t));
    if (t.cells.too_many)
        goto cleanup;
    TRY_CLEANUP(hide_cells(&t));
    for (size_t i = 0; i < of->report_count; i++)
        TRY_CLEANUP(tie_report(&t, i));
    status = tie_counts(&t);
cleanup:
    places_release(&t.places);
    term_patterns_release(&t.possible);
    terms_cells_release(&t.cells);
    terms_wish_release(&t.wish);
    return status;
}
