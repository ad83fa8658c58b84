/*
 * A released sample as relevance and claim read it.
 */
#ifndef PROFFER_ANSWER_SAMPLE_H
#define PROFFER_ANSWER_SAMPLE_H

#include "report/answers/answer.h"
#include "stats/design.h"
#include "stats/interval.h"
#include "stats/search_quality.h"

/* The query's unit is not the one that was drawn: only an approximate share can be told. */
#define ANSWER_CLUSTERED(sample) ((sample)->figures && (sample)->figures->drawn_units)

enum answer_sample_state {
    SAMPLE_NONE,     /* not drawn or not labelled */
    SAMPLE_WITHHELD, /* a number that the estimate needs is withheld */
    SAMPLE_THERE
};

struct answer_sample {
    enum answer_sample_state state;
    const struct figure_sample *figures; /* NULL for SAMPLE_NONE */
    /* For SAMPLE_THERE, in the result's arena: */
    struct design design;
    struct sample_counts counts; /* of the whole, checked labels taken as they came out */
};

/* The sample of the relevance query at index QUERY of the plan, with the design that it asks for.
 */
PROFFER_MUST_USE enum status answer_sample_of(const struct answer *answer, size_t query,
                                              struct answer_sample *sample, struct error *err);

/*
 * The designs of the two parts that search SEARCH of query QUERY makes of the sample of the
 * relevance query OF.
 */
struct answer_search {
    enum answer_sample_state state;
    struct design found, left;
    uint64_t found_drawn, found_relevant, left_drawn, left_relevant;
};
PROFFER_MUST_USE enum status answer_search_of(const struct answer *answer, size_t query,
                                              long search, size_t of, struct answer_search *out,
                                              struct error *err);

/* All parts of search SEARCH of query QUERY as one design, by the methods that this query asks for.
 */
PROFFER_MUST_USE enum status answer_parts_of(const struct answer *answer, size_t query, long search,
                                             enum answer_sample_state *state, struct design *out,
                                             struct error *err);

/* "conversations", as the sample has its units, or FALLBACK where there is no sample. */
const char *answer_units(const struct answer_sample *sample, const char *fallback);

/* Whether the bound is that of one stratum with labels as given, for which a claim has a test. */
bool answer_is_simple(const struct answer_sample *sample);

/* Notes on TABLE: what to do where there is no sample; else where it is from. */
PROFFER_MUST_USE enum status answer_sample_notes(struct answer *answer, struct result_table *table,
                                                 const struct answer_sample *sample,
                                                 struct error *err);

/* Columns with "conversations" replaced by the sample's units, in the result's arena. */
PROFFER_MUST_USE enum status answer_unit_columns(const struct answer *answer, const char *units,
                                                 const struct result_column *columns, size_t count,
                                                 struct result_column **out, struct error *err);

/* The sum of two figures; withheld if either is. */
struct figure answer_sum(struct figure a, struct figure b);

/* The point, low and high end of a ratio; null where it is not defined. */
PROFFER_MUST_USE enum status answer_put_ratio(struct answer *answer, struct result_table *table,
                                              const struct ratio_bounds *ratio, struct error *err);

/* null for SAMPLE_NONE, withheld for SAMPLE_WITHHELD; not to be called for SAMPLE_THERE. */
PROFFER_MUST_USE enum status answer_put_absent(struct answer *answer, struct result_table *table,
                                               const struct answer_sample *sample,
                                               struct error *err);

/* The interval method that the relevance query, or a claim's, asks for; the default without one. */
const struct interval_method *answer_interval_method(const struct plan_query *query);

/* What the labels of a relevance query are of in a release with noise, where the plan says so, and
 * how many of them the capped population has. */
struct answer_noisy_units {
    const char *one, *many; /* "user", "users" */
    struct figure population;
};
struct answer_noisy_units answer_noisy_units(const struct answer *answer, size_t query);

/* answer_noisy_claim.c: a claim in a release with noise; TEXT: "at least 99.99 % irrelevant". */
PROFFER_MUST_USE enum status answer_noisy_claim(struct answer *answer, size_t query,
                                                const char *text, struct error *err);

/* answer_noisy_search.c: the table "ID.search" of a release with noise. */
PROFFER_MUST_USE enum status answer_noisy_search(struct answer *answer, size_t query,
                                                 struct error *err);

/* answer_noisy_relevance.c: a relevance query of a release with noise. */
PROFFER_MUST_USE enum status answer_noisy_relevance(struct answer *answer, size_t query,
                                                    struct error *err);

/* answer_coverage.c: among the methods, how often bounds hold where they do so least. */
PROFFER_MUST_USE enum status answer_coverage(struct answer *answer, struct error *err);

/* Whether that method is the one that holds at every look. */
bool answer_is_anytime(const struct plan_query *query);

#endif
