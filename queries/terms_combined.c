/* Search term reports whose terms are made of the same words: see terms_combined.h. */
#include "queries/terms_combined.h"

#include "base/memory.h"
#include "queries/terms_core.h"
#include "queries/terms_patterns.h"

#include <stdlib.h>
#include <string.h>

/* Takes back what was done for the tally's own reports alone. */
static void undo(struct tally *tally)
{
    struct tally_terms_tied *tied = &tally->terms_tied;
    size_t after = tally->tie_count - tied->last_tie;
    if (tied->last_tie > tied->first_tie)
        memmove(tally->ties + tied->first_tie, tally->ties + tied->last_tie,
                after * sizeof *tally->ties);
    tally->tie_count -= tied->last_tie - tied->first_tie;
    for (uint32_t i = tied->first_hidden; i < tied->last_hidden; i++)
        tally->hidden[i] = (struct tally_cell){0, 0, 0};
    for (size_t i = tied->first_atoms; i < tied->last_atoms; i++)
        tally->atoms[i].count = 0;
    tally->terms_left_out = 0;
    *tied = (struct tally_terms_tied){.first_tie = 0};
}

/* Ties what CORE connects; MIXED: where not only search terms are. Marks in COVERED[reports] those
 * of which all that follows is tied. */
static enum status tie_core(const struct terms_core *core, const struct tally_source *source,
                            const struct terms_report *reports, bool mixed, bool *covered,
                            struct tally *tally, struct error *err)
{
    enum terms_patterns_tied tied;
    for (size_t i = 0; i < core->count; i++) {
        const struct connected_reports *of = &core->items[i];
        if (of->mixed != mixed)
            continue;
        TRY(terms_patterns_tie(of, source, tally, &tied, err));
        tally->terms_left_out += tied < TERMS_TIED;
        for (size_t k = 0; k < of->report_count; k++)
            covered[of->reports[k] - reports] = tied == TERMS_TIED;
    }
    return STATUS_OK;
}

/* Search terms alone that are not covered. */
static enum status tie_rest(const struct terms_wish *wished, const bool *covered,
                            const struct tally_source *source, struct tally *tally,
                            struct error *err)
{
    struct terms_core core = {.arena = ARENA_INIT};
    struct terms_wish rest = {.reports = mem_zalloc(wished->count, sizeof *rest.reports),
                              .own_counts = wished->own_counts};
    bool *done = mem_zalloc(wished->count, sizeof *done);
    enum status status = rest.reports && done ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < wished->count; i++) {
        if (covered[i] || wished->reports[i].way != SLOTS_TERMS)
            continue;
        rest.own += i < wished->own;
        rest.reports[rest.count++] = wished->reports[i];
    }
    if (status == STATUS_OK)
        status = terms_core_init(&core, source, &rest, err);
    if (status == STATUS_OK)
        status = tie_core(&core, source, rest.reports, false, done, tally, err);
    terms_core_release(&core);
    terms_wish_release(&rest);
    free(done);
    return status;
}

static enum status tie_mixed(const struct terms_wish *wished, const struct tally_source *source,
                             struct tally *tally, struct error *err)
{
    struct terms_core core;
    bool *covered = mem_zalloc(wished->count, sizeof *covered);
    if (!covered)
        return error_nomem(err);
    enum status status = terms_core_init(&core, source, wished, err);
    if (status == STATUS_OK)
        status = tie_core(&core, source, wished->reports, true, covered, tally, err);
    terms_core_release(&core);
    if (status == STATUS_OK)
        status = tie_rest(wished, covered, source, tally, err);
    free(covered);
    return status;
}

enum status terms_combine(const struct tally_source *source, const struct terms_wish *wished,
                          struct tally *tally, struct error *err)
{
    undo(tally);
    struct tally_terms_tied *tied = &tally->terms_tied;
    tied->first_tie = tally->tie_count;
    tied->first_hidden = (uint32_t)tally->hidden_count;
    tied->first_atoms = tally->atoms_count;
    enum status status = tie_mixed(wished, source, tally, err);
    tied->last_tie = tally->tie_count;
    tied->last_hidden = (uint32_t)tally->hidden_count;
    tied->last_atoms = tally->atoms_count;
    return status;
}

enum status terms_combine_own(const struct tally_source *source, struct tally *tally,
                              struct error *err)
{
    const struct told_wish population = told_wish_of_plan(source->plan);
    struct terms_wish wished = {.reports = NULL};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < source->plan->query_count; i++)
        status = terms_wish_add(&wished, source->plan, i, &population, true, tally, err);
    terms_wish_note(&wished, tally);
    if (status == STATUS_OK)
        status = terms_combine(source, &wished, tally, err);
    terms_wish_release(&wished);
    return status;
}
