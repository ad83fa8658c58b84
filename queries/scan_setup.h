/*
 * What the plan means for the readers below it: options of the log set, rules of words, names of
 * columns.
 */
#ifndef PROFFER_SCAN_SETUP_H
#define PROFFER_SCAN_SETUP_H

#include "base/error.h"
#include "queries/logs/log_set.h"
#include "queries/plan.h"
#include "queries/text/term.h"

#include <stddef.h>

struct scan_setup {
    struct log_options logs;
    struct field_maps maps;
    struct word_rules words;
    char **word_fields;       /* names that contains(field, x) may use */
    const char **field_names; /* columns of fields: FIELD_COUNT fixed ones, then the free ones */
    size_t field_count;
    const char *mark_names[ODDITY_COUNT]; /* columns of oddities */
    char **owned;                         /* strings made here */
    size_t owned_count;
};

/* Borrows PLAN, which must outlive it. Release also on failure. */
PROFFER_MUST_USE enum status scan_setup_init(struct scan_setup *setup, const struct plan *plan,
                                             struct error *err);
void scan_setup_release(struct scan_setup *setup);

#endif
