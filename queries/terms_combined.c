/* Search term reports whose terms are made of the same words: see terms_combined.h. */
#include "queries/terms_combined.h"

#include "queries/terms_core.h"
#include "queries/terms_patterns.h"

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

enum status terms_combine(const struct tally_source *source, const struct terms_report *reports,
                          size_t count, size_t own, struct tally *tally, struct error *err)
{
    struct terms_core core;
    enum status status = STATUS_OK;
    undo(tally);
    struct tally_terms_tied *tied = &tally->terms_tied;
    tied->first_tie = tally->tie_count;
    tied->first_hidden = (uint32_t)tally->hidden_count;
    tied->first_atoms = tally->atoms_count;
    TRY_CLEANUP(terms_core_init(&core, source, reports, count, own, err));
    for (size_t i = 0; i < core.count; i++)
        TRY_CLEANUP(terms_patterns_tie(&core.items[i], source, tally, err));
cleanup:
    terms_core_release(&core);
    tied->last_tie = tally->tie_count;
    tied->last_hidden = (uint32_t)tally->hidden_count;
    tied->last_atoms = tally->atoms_count;
    return status;
}
