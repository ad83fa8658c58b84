/*
 * "did you mean ...?": the candidate nearest to a word that was not understood.
 *
 * Nearness is the optimal string alignment distance (insertions, deletions, substitutions and
 * swaps of neighbours, each one step; Boytsov, "Indexing Methods for Approximate Dictionary
 * Searching", 2011, 2.1), letters compared without case. A candidate that the word begins, from
 * three letters on, is one step away. Words over 64 bytes get no suggestion.
 */
#ifndef PROFFER_SUGGEST_H
#define PROFFER_SUGGEST_H

#include "base/error.h"

#include <stddef.h>

struct suggest {
    const char *word, *best; /* best: NULL while nothing is near enough */
    size_t distance;
};

void suggest_init(struct suggest *suggest, const char *word);

/* CANDIDATE must outlive SUGGEST. Of two equally near ones the first stays. */
void suggest_offer(struct suggest *suggest, const char *candidate);

/* Adds the hint `did you mean "month"?` to ERR if something was near enough. */
enum status suggest_hint(const struct suggest *suggest, struct error *err);

/* The distance of two words; SIZE_MAX if either is over 64 bytes. */
size_t suggest_distance(const char *a, const char *b);

#endif
