/*
 * What the slots of several queries look for, each once: terms and topics by rules by their form;
 * whether AND and NOT are decided over a turn or a conversation makes another one of it. Patterns
 * and kinds of identifiers have none, but such patterns as are a word.
 */
#ifndef PROFFER_TERMS_FORMS_H
#define PROFFER_TERMS_FORMS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/terms_shared.h"
#include "queries/text/term_logic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of more reports it is not noted which have a form. */
enum { FORMS_REPORTS = 64 };

#define CORE_NONE UINT32_MAX

struct terms_forms {
    struct intern names; /* the form, and a letter for its span; or what else is found */
    const char **forms;  /* [names.count] NULL for what is found otherwise */
    size_t *reports;     /* [names.count] how many have it */
    size_t *last_report; /* [names.count] + 1 */
    uint64_t *in;        /* [names.count] which have it, as bits, of the first FORMS_REPORTS */
    bool *depends;       /* [names.count] on one of another form: all false at first */
    bool *whole;         /* [names.count] of a report of which each slot counts */
    struct term_group_list *lists; /* [names.count] of what it is made */
    uint32_t *numbers;             /* of LISTS */
    uint32_t **form_of;            /* [report][slot] or CORE_NONE */
    size_t total, report_count;
};

/* Of REPORTS[COUNT]; texts are in ARENA. Release also on failure. */
PROFFER_MUST_USE enum status terms_forms_init(struct terms_forms *forms,
                                              const struct terms_report *reports, size_t count,
                                              const struct word_rules *rules, struct arena *arena,
                                              struct error *err);
void terms_forms_release(struct terms_forms *forms);

#endif
