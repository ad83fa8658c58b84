/*
 * What must occur in a conversation for a term to be worth a look: for terms, for the phrases in
 * them, and for the words of these phrases.
 */
#ifndef PROFFER_TERM_TRIGGERS_H
#define PROFFER_TERM_TRIGGERS_H

#include "queries/text/term_set.h"

/* Fills what SET says by pattern, and its lists of what has none. Release in any case. */
PROFFER_MUST_USE enum status term_triggers_find(struct term_set *set, struct error *err);
void term_triggers_release(struct term_set *set);

#endif
