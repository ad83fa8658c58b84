/* Tying a report's combinations of terms to patterns: see terms_tying.h. */
#include "base/memory.h"
#include "queries/terms_tying.h"

#include <stdlib.h>
#include <string.h>

/* A figure of a report by which core terms it has. */
struct share {
    uint32_t pattern;
    struct tally_place place;
};

struct shares {
    struct intern patterns; /* [of->term_count] bytes */
    struct share *items;
    size_t count, capacity;
};

static enum status add_share(struct terms_tying *t, struct shares *shares, const char *pattern,
                             struct tally_place place)
{
    struct share *grown =
        mem_grow(shares->items, &shares->capacity, shares->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(t->err);
    shares->items = grown;
    grown[shares->count].place = place;
    return intern_add(&shares->patterns, pattern, t->of->term_count,
                      &grown[shares->count++].pattern, t->err);
}

/* Adds the combination LIST[COUNT] of a report's terms unless it has no core term. */
static enum status add_combination(struct terms_tying *t, size_t report, const unsigned char *list,
                                   size_t count, struct tally_place place, struct shares *shares)
{
    bool any = false;
    char *pattern = mem_zalloc(t->of->term_count + 1, 1);
    if (!pattern)
        return error_nomem(t->err);
    for (size_t i = 0; i < count; i++) {
        uint32_t term = t->of->term_of[report][list[i]];
        if (term == CORE_NONE)
            continue;
        pattern[term] = 1;
        any = true;
    }
    enum status status = any ? add_share(t, shares, pattern, place) : STATUS_OK;
    free(pattern);
    return status;
}

/* The cells by which of the report's own core terms they have. */
static enum status add_cell_shares(struct terms_tying *t, size_t report, struct shares *shares)
{
    enum status status = STATUS_OK;
    char *own = mem_zalloc(t->of->term_count + 1, 1);
    char *pattern = mem_zalloc(t->of->term_count + 1, 1);
    if (!own || !pattern)
        TRY_CLEANUP(error_nomem(t->err));
    for (size_t slot = 0; slot < t->of->reports[report]->query->term_count; slot++)
        if (t->of->term_of[report][slot] != CORE_NONE)
            own[t->of->term_of[report][slot]] = 1;
    for (uint32_t cell = 0; cell < t->cells.keys.count; cell++) {
        bool any = false;
        for (size_t i = 0; i < t->of->term_count; i++) {
            pattern[i] = (char)(own[i] && terms_cells_has_term(&t->cells, cell, i));
            any = any || pattern[i];
        }
        const struct tally_place place = {TALLY_HIDDEN, t->first + cell, 0, -1};
        if (any && terms_cells_in_period(&t->cells, cell, t->period_of[report]))
            TRY_CLEANUP(add_share(t, shares, pattern, place));
    }
cleanup:
    free(own);
    free(pattern);
    return status;
}

static int compare_shares(const void *a, const void *b)
{
    const struct share *left = a, *right = b;
    if (left->pattern != right->pattern)
        return left->pattern < right->pattern ? -1 : 1;
    const struct tally_place *l = &left->place, *r = &right->place;
    if (l->table != r->table)
        return l->table < r->table ? -1 : 1;
    return (l->row > r->row) - (l->row < r->row);
}

enum status terms_tie_combinations(struct terms_tying *t, size_t report,
                                   const struct tally_atoms *atoms)
{
    struct shares shares = {.items = NULL};
    enum status status = STATUS_OK;
    intern_init(&shares.patterns);
    for (uint32_t slot = 0; slot < atoms->alone_count; slot++) {
        const unsigned char list[] = {(unsigned char)slot};
        const struct tally_place place = {atoms->alone_table, slot, atoms->alone_column, 1};
        TRY_CLEANUP(add_combination(t, report, list, 1, place, &shares));
    }
    for (size_t i = 0; i < atoms->count; i++) {
        const struct tally_place place = {TALLY_HIDDEN, (uint32_t)(atoms->first + i), 0, 1};
        if (atoms->lists[i])
            TRY_CLEANUP(
                add_combination(t, report, atoms->lists[i], atoms->lengths[i], place, &shares));
    }
    TRY_CLEANUP(add_cell_shares(t, report, &shares));
    if (shares.count)
        qsort(shares.items, shares.count, sizeof *shares.items, compare_shares);
    for (size_t i = 0; i < shares.count; i++) {
        TRY_CLEANUP(places_add(&t->places, shares.items[i].place, t->err));
        if (i + 1 == shares.count || shares.items[i + 1].pattern != shares.items[i].pattern)
            TRY_CLEANUP(terms_tying_bind(t));
    }
cleanup:
    intern_release(&shares.patterns);
    free(shares.items);
    return status;
}
