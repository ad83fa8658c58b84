/*
 * The term language (dtSearch-like): parse tree, normal form, lints, and sets of terms compiled to
 * be matched together. Grammar: see term_parse.c. TERM_LANGUAGE_VERSION is printed in every report.
 */
#ifndef PROFFER_TERM_H
#define PROFFER_TERM_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TERM_LANGUAGE_VERSION "1"

/* The span over which AND, OR and NOT are decided. */
enum term_within { WITHIN_TURN, WITHIN_EXCHANGE, WITHIN_CONVERSATION };

/* What words are: the plan's alphabet and noise words. All text is UTF-8. */
struct word_rules {
    const char *alphabet; /* extra word characters, each one of - and ' ; "" by default */
    char *const *noise;   /* noise words as written in the plan */
    size_t noise_count;
    char *const *fields; /* names that contains(field, x) may use beside prompt, output, ... */
    size_t field_count;
};

struct term; /* an immutable parse tree */

enum { TERM_WARNINGS_MAX = 8 };

/* Why a term did not parse, or what is odd about it. Columns are bytes from 0 into the source. */
struct term_note {
    size_t at, len;
    char text[240];
};

/*
 * Parses SOURCE (LEN bytes). On a mistake in it returns STATUS_PLAN, with err->text saying in which
 * column (in characters, from 1) and what, err->hint the rewrite where there is one, and NOTE (may
 * be NULL) the place in bytes. *OUT is freed by
 * term_free.
 */
PROFFER_MUST_USE enum status term_parse(const char *source, size_t len,
                                        const struct word_rules *rules, struct term **out,
                                        struct term_note *note, struct error *err);
void term_free(struct term *term);

/* The parsed form, fully parenthesised, canonical: equal for equal trees. The caller frees it. */
char *term_normal_form(const struct term *term) __attribute__((warn_unused_result));

/* Warnings found while parsing (curly quotes, a leading *, AND mixed with OR, noise only, ...). */
size_t term_warning_count(const struct term *term);
const struct term_note *term_warning(const struct term *term, size_t i);

/* The leaves (single-word patterns) of a term in order, each as written in normal form. */
size_t term_leaf_count(const struct term *term);
const char *term_leaf_text(const struct term *term, size_t i);
/* True for a place that is no word: xfirstword, xlastword. */
bool term_leaf_is_virtual(const struct term *term, size_t i);

/*
 * What a leaf that is no plain word matches, in words: `every word within 2 edits of "organize"`.
 * At most SIZE bytes with the NUL; the length, 0 for a plain word.
 */
size_t term_leaf_meaning(const struct term *term, size_t i, char *text, size_t size);

/* A mark under the place of NOTE in SOURCE: two lines, as errors show it. The caller frees it. */
char *term_caret(const char *source, size_t len, const struct term_note *note)
    __attribute__((warn_unused_result));

/* ---- sets of terms, compiled once, shared read-only by all threads ---- */

struct term_set;

struct term_set *term_set_new(const struct word_rules *rules) __attribute__((warn_unused_result));
void term_set_free(struct term_set *set);

/*
 * Adds TERM (not owned; must outlive the set) with its span; *NUMBER counts from 0 in order of
 * adding. No more can be added once compiled.
 */
PROFFER_MUST_USE enum status term_set_add(struct term_set *set, const struct term *term,
                                          enum term_within within, uint32_t *number,
                                          struct error *err);
PROFFER_MUST_USE enum status term_set_compile(struct term_set *set, struct error *err);
size_t term_set_count(const struct term_set *set);

/* How many patterns the terms of a compiled set have together. */
size_t term_set_pattern_count(const struct term_set *set);
/*
 * Tells a compiled set how often each of its patterns occurs in a sample of the text that is to
 * come (COUNTS[term_set_pattern_count]), so that it looks for what is rare there. What terms match
 * does not depend on it, how long that takes does. No matcher has the set. On failure the set can
 * only be freed.
 */
PROFFER_MUST_USE enum status term_set_weigh(struct term_set *set, const uint64_t *counts,
                                            struct error *err);

#endif
