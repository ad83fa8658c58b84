/*
 * Which reports are connected by terms that depend on each other, and by which: see
 * terms_combined.h.
 */
#ifndef PROFFER_TERMS_CORE_H
#define PROFFER_TERMS_CORE_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/tally_source.h"
#include "queries/terms_forms.h"
#include "queries/terms_wish.h"
#include "queries/text/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A term of several reports' that others depend on, by where it stands first. */
struct core_term {
    const char *form; /* normal form; NULL: it is found otherwise than by words */
    enum term_within within;
    size_t report; /* index of connected_reports.reports */
    uint32_t slot;
};

/* Reports that are to be judged together. */
struct connected_reports {
    const struct terms_report **reports; /* [report_count] */
    size_t report_count;
    struct core_term *terms; /* [term_count] */
    size_t term_count;
    uint32_t **term_of;                  /* [report][slot] its number among terms, or CORE_NONE */
    const struct terms_option **options; /* [option_count] that ask for nothing else */
    size_t option_count;
    bool mixed; /* some report is of no search terms, or there are options */
};

struct terms_core {
    struct arena arena; /* owns what items point to */
    struct connected_reports *items;
    size_t count;
};

/* Of what is WISHED, which must live as long; as terms_combine. Of those that are of no search
 * terms every slot is a term. Release also on failure. */
PROFFER_MUST_USE enum status terms_core_init(struct terms_core *core,
                                             const struct tally_source *source,
                                             const struct terms_wish *wished, struct error *err);
void terms_core_release(struct terms_core *core);

#endif
