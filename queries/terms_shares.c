/* Tying a report's combinations of terms to patterns: see terms_tying.h. */
#include "base/memory.h"
#include "queries/combination_sums.h"
#include "queries/terms_tying.h"

#include <stdlib.h>
#include <string.h>

/* Adding figures of a report by which core terms they have. */
struct adding {
    struct terms_tying *t;
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
static enum status add_cells(struct adding *a)
{
    const struct terms_tying *t = a->t;
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
        if (any && terms_cells_in_period(&t->cells, cell, t->period_of[a->report]))
            status = combination_sums_add(&a->sums, a->pattern, t->of->term_count, place, t->err);
    }
    free(own);
    return status;
}

enum status terms_tie_combinations(struct terms_tying *t, size_t report,
                                   const struct tally_atoms *atoms)
{
    struct adding a = {.t = t, .report = report};
    enum status status = STATUS_OK;
    combination_sums_init(&a.sums);
    a.pattern = mem_zalloc(t->of->term_count + 1, 1);
    if (!a.pattern)
        TRY_CLEANUP(error_nomem(t->err));
    TRY_CLEANUP(combination_each(atoms, add_combination, &a, t->err));
    TRY_CLEANUP(add_cells(&a));
    status = combination_sums_bind(&a.sums, &t->places, t->tally, t->err);
cleanup:
    combination_sums_release(&a.sums);
    free(a.pattern);
    return status;
}
