/*
 * Forms of drafts: Markdown with places that a report fills.
 *
 *     1.  I am {{blank name and position}}.
 *     2.  It finds {{value conversations of options where option = A}} conversations.
 *     {{table options with option, conversations}}
 *
 *     {{title}} {{matter}} {{confidentiality}} {{date}}  what the plan says
 *     {{form}}                   the form's own name and digest
 *     {{summary}}                a list of the answers, a line each; {{summary QUERY}} those of one
 *     {{definitions}} {{methods}}   lists
 *     {{run}}                    a list of versions and digests; {{run NAME}} one of them
 *     {{release}}                a list of what the policy says; {{release NAME}} one fact
 *     {{title of TABLE}} {{unit of TABLE}} {{population of TABLE}} {{method of TABLE}}
 *     {{notes of TABLE}}         a list
 *     {{value COLUMN of TABLE}}  a cell of the first row, or of the first one where
 *     {{value COLUMN of TABLE where COLUMN = VALUE and COLUMN = VALUE}}
 *     {{table TABLE}}            the table; {{table TABLE with COLUMN, COLUMN}} some of its
 *                                columns; with `where` as above at the end, some of its rows
 *     {{blank TEXT}}             what a person must state: **[ to be stated: TEXT ]**
 *     {{when COLUMN of TABLE}} ... {{otherwise}} ... {{end}}
 *                                one or the other, as any such cell holds a value or none does
 *
 * A name with blanks, = or , in it stands in double quotes, "" in it for one of them. Lists and
 * tables stand alone on a line; what stands before them on it indents every line of theirs. A
 * `when` holds no other. Everything else is kept as it is.
 */
#ifndef PROFFER_DRAFT_FORM_H
#define PROFFER_DRAFT_FORM_H

#include "base/error.h"
#include "report/answers/result.h"

#include <stddef.h>

struct draft_form;

enum { DRAFT_FORM_MAX = 1 << 20 }; /* bytes */

/*
 * Parses TEXT, LEN bytes, of a file named PATH. STATUS_PLAN with PATH:line:column (in characters,
 * from 1) and a hint for a mistake, too long a text, or one that is not UTF-8 or holds controls or
 * bidirectional overrides.
 */
PROFFER_MUST_USE enum status draft_form_parse(const char *text, size_t len, const char *path,
                                              struct draft_form **form, struct error *err);

/* Frees FORM, which may be NULL. */
void draft_form_free(struct draft_form *form);

/*
 * Each name in FORM is one of OUTLINE, whose tables need no rows: STATUS_PLAN with the name's
 * place, and the nearest name as hint, for one that is not.
 */
PROFFER_MUST_USE enum status draft_form_check(const struct draft_form *form,
                                              const struct result *outline, struct error *err);

/* Places that a person fills, all of them, whichever way each `when` goes. */
size_t draft_form_blanks(const struct draft_form *form);

#endif
