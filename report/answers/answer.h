/*
 * What the answers share: the run at hand, and the few ways in which figures become cells and
 * words. Internal to report/answers.
 */
#ifndef PROFFER_ANSWER_H
#define PROFFER_ANSWER_H

#include "base/error.h"
#include "base/rounding.h"
#include "queries/plan.h"
#include "release/figure.h"
#include "report/answers/result.h"
#include "stats/noise_tails.h"

enum { ANSWER_TAILS = 64 };

struct answer {
    const struct plan *plan;
    const struct release *release;
    struct result *result;
    const char *population; /* in words */
    struct figure n;        /* conversations of the population */
    bool no_memory;         /* some words could not be made */
    /* Tails of laws of noise that shares have asked for, the last ones. */
    struct noise_tails tails[ANSWER_TAILS];
    size_t tail_count;
};

/* One row a query kind. */
struct answer_type {
    enum query_kind kind;
    /* Adds the tables and the summary line of the query at index QUERY of the plan. */
    enum status (*make)(struct answer *answer, size_t query, struct error *err);
};

extern const struct answer_type answer_types[QUERY_KIND_COUNT];

PROFFER_MUST_USE enum status answer_count(struct answer *answer, size_t query, struct error *err);
PROFFER_MUST_USE enum status answer_terms(struct answer *answer, size_t query, struct error *err);
PROFFER_MUST_USE enum status answer_topics(struct answer *answer, size_t query, struct error *err);
PROFFER_MUST_USE enum status answer_relevance(struct answer *answer, size_t query,
                                              struct error *err);
PROFFER_MUST_USE enum status answer_claim(struct answer *answer, size_t query, struct error *err);
PROFFER_MUST_USE enum status answer_overlap(struct answer *answer, size_t query, struct error *err);
PROFFER_MUST_USE enum status answer_found(struct answer *answer, size_t query, struct error *err);
PROFFER_MUST_USE enum status answer_proposals(struct answer *answer, size_t query,
                                              struct error *err);
PROFFER_MUST_USE enum status answer_completeness(struct answer *answer, struct error *err);

/* "ID.spread": how the sample that query QUERY is the first to name is spread over months or
 * strata. */
PROFFER_MUST_USE enum status answer_spread(struct answer *answer, size_t query, struct error *err);
/* "redraw": what it takes to draw each sample again. */
PROFFER_MUST_USE enum status answer_redraw(struct answer *answer, struct error *err);
/* "claims": all claims side by side, where there are several. After their own tables. */
PROFFER_MUST_USE enum status answer_claims(struct answer *answer, struct error *err);

/* Definitions and methods, as far as the plan's queries need them. */
PROFFER_MUST_USE enum status answer_texts(struct answer *answer, struct error *err);

/* What the plan states for the cover. */
PROFFER_MUST_USE enum status answer_cover(struct answer *answer, struct error *err);

/*
 * Last of all: the name of this run, 16 hexadecimal digits of SHA-256 over what it was made from
 * and what it tells. The same run has the same one.
 */
PROFFER_MUST_USE enum status answer_run_id(struct answer *answer, struct error *err);

/* "Accepted conversations from 2022-12-01 to 2024-11-30 (UTC, both included), ..."; NULL without
 * memory. Names no user and no record. */
const char *answer_population(struct result *result, const struct plan *plan);

/* "2022-12-01" of days since 1970; NULL without memory. */
const char *answer_day_words(struct result *result, int64_t days);

/* result_table_add with the population put in, and METHOD. */
PROFFER_MUST_USE enum status answer_table(struct answer *answer, const char *id, const char *kind,
                                          const char *title, const char *unit, const char *method,
                                          const struct result_column *columns, size_t count,
                                          struct result_table **table, struct error *err);

/* The figures of a query; STATUS_INTERNAL if the gate has none. */
PROFFER_MUST_USE enum status answer_figures(const struct answer *answer, const char *id,
                                            const struct figure_table **figures, struct error *err);

/* The key columns of FIGURES into COLUMNS, which has room for them. */
void answer_key_columns(const struct figure_table *figures, struct result_column *columns);
PROFFER_MUST_USE enum status answer_put_keys(struct answer *answer, struct result_table *table,
                                             const struct figure_table *figures, size_t row,
                                             struct error *err);

/* A count, or withheld. */
PROFFER_MUST_USE enum status answer_put_figure(struct answer *answer, struct result_table *table,
                                               struct figure figure, struct error *err);
/* PART / WHOLE, of which it is a part; withheld if either is; null of nothing. With noise it has
 * ends at the release's confidence: see stats/noisy_share.h. */
PROFFER_MUST_USE enum status answer_put_share(struct answer *answer, struct result_table *table,
                                              struct figure part, struct figure whole,
                                              struct error *err);

/* Notes that figures are withheld in FIGURES, if any are. */
PROFFER_MUST_USE enum status answer_note_withheld(struct answer *answer, struct result_table *table,
                                                  const struct figure_table *figures,
                                                  struct error *err);

/* A line of the summary; TEXT may be NULL for lack of memory. */
PROFFER_MUST_USE enum status answer_summary(struct answer *answer, const char *id, const char *text,
                                            struct error *err);
/* A note from result_printf; TEXT may be NULL for lack of memory. */
PROFFER_MUST_USE enum status answer_note(struct answer *answer, struct result_table *table,
                                         const char *text, struct error *err);

/*
 * Words, in the result's arena, never NULL: without memory they are "?",
 * no_memory is set, and answers_make fails. A share has three significant
 * digits of itself or of what it lacks to the whole, whichever is finer; bounds are rounded outward
 * so that the words claim no more than the number.
 */
const char *answer_count_words(struct answer *answer, uint64_t count); /* "12,345" */
/* "12,345", "(withheld)", or with noise "about 12,345 [12,300 to 12,390]". */
const char *answer_figure_words(struct answer *answer, struct figure figure);
const char *answer_population_words(struct answer *answer); /* "the 12,345", or as above */
const char *answer_share_words(struct answer *answer, double share,
                               enum rounding rounding); /* "0.0124 %" */
/* " (12.3 %)", with noise " (12.1 % to 12.6 %)", or "" where there is no share to tell. */
const char *answer_part_words(struct answer *answer, struct figure part, struct figure whole);
/* The highest of a table's figures, as a sentence after a blank: what NAME has of the population.
 * With noise only where it is above none. */
const char *answer_highest_words(struct answer *answer, const char *name, struct figure figure);

#endif
