/*
 * Search term reports whose terms are made of the same words, such as "a" and "b" beside "a OR b"
 * and "a AND NOT b": in one report or over several under a ledger, and the groups of such terms by
 * fields; also those of equal terms by different fields. Topics by such rules, and patterns that
 * are words, are terms, too, and what else the same queries look for (slots_query.h). Each of their
 * figures is a sum over patterns: which of these terms a conversation has, in which of the reports'
 * periods and in which group of the tables by fields it is. How many have each pattern
 * (terms_cells.h) becomes a hidden figure, and the reports' combinations of terms (terms_joint.h)
 * and groups are tied to the patterns that they are made of. The gate so judges what follows for
 * all of them together, and for patterns of few users themselves.
 *
 * The patterns are those that occur, and where there is room others that could: of those it is
 * known that a conversation could have them (text/term_logic.h).
 *
 * Where there are groups, patterns tell apart those of counts by fields beside them, too, if there
 * is room, of this report and then of earlier ones (of the same populations): all conversations of
 * a group are the sum of its patterns.
 *
 * Which terms: those that depend on another one of other form, and those that several reports have.
 * The others say nothing of other reports. Reports are taken together as far as they are connected
 * by such terms; where that is by equal terms alone, of which no two reports have groups by
 * different fields, of populations with the same filters, and without a ring, what terms_shared.h
 * ties is all that follows, and nothing is done here.
 *
 * Of other queries than search terms each slot is asked for, since a topic counts where none before
 * it is found, and a row any that is found. They are judged if they are connected by more than
 * equal slots, for which slots_joint.h does, and if all possible patterns are few enough; else
 * search terms are judged without them. Options of proposals that ask for terms or topics of some
 * days are sums of patterns, too, where there are groups by fields of these terms.
 *
 * Of connected reports with more than TALLY_TERM_CELLS patterns nothing is made, or nothing of
 * their groups, and the tally counts them (terms_left_out).
 */
#ifndef PROFFER_TERMS_COMBINED_H
#define PROFFER_TERMS_COMBINED_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/terms_wish.h"

/*
 * Ties what is WISHED of SOURCE's plan: such as some of this report are connected with, or where it
 * counts by fields. What is hidden of unions is there (tally_unions.h). What an earlier call did is
 * undone.
 */
PROFFER_MUST_USE enum status terms_combine(const struct tally_source *source,
                                           const struct terms_wish *wished, struct tally *tally,
                                           struct error *err);

/* Those of SOURCE's plan alone. */
PROFFER_MUST_USE enum status terms_combine_own(const struct tally_source *source,
                                               struct tally *tally, struct error *err);

#endif
