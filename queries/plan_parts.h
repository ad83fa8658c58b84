/*
 * The parts that plan_read puts a plan together from, one file each; nobody else includes this.
 *
 * They run in this order, as each needs what came before: logs, words, population,
 * assumptions, risks, queries, release, report, digests. All fill reader->plan and report into
 * reader->err.
 */
#ifndef PROFFER_PLAN_PARTS_H
#define PROFFER_PLAN_PARTS_H

#include "base/json_keys.h"
#include "queries/plan.h"
#include "queries/text/term.h"

struct plan_reader {
    struct plan *plan;
    bool strict;
    struct word_rules rules; /* after plan_read_words */
    size_t warning_capacity;
    struct error *err;
};

enum {
    PLAN_FILE_MAX = 16 << 20,       /* bytes of a plan or taxonomy */
    PLAN_VALUES_FILE_MAX = 1 << 28, /* of an in_file */
    PLAN_BY_MAX = 8,                /* fields of one table */
    PLAN_QUERIES_MAX = 1000,
    PLAN_LABELLED_TOPICS_MAX = 200
};

/* The error for a field of that NAME at NODE, with the nearest one as hint; IDENTITY: id and user
 * are among the candidates. */
enum status plan_unknown_field(struct plan_reader *reader, const struct json_node *node,
                               const char *name, bool identity);

/* plan_logs.c */
PROFFER_MUST_USE enum status plan_read_logs(struct plan_reader *reader,
                                            const struct json_node *node);
PROFFER_MUST_USE enum status plan_read_words(struct plan_reader *reader,
                                             const struct json_node *root);

/* plan_population.c */
PROFFER_MUST_USE enum status plan_read_population(struct plan_reader *reader,
                                                  const struct json_node *root);

/* plan_values.c: lists of values, in the plan or in a file of one a line; none twice. */
PROFFER_MUST_USE enum status plan_read_values(struct plan_reader *reader,
                                              const struct json_node *list, char ***values,
                                              size_t *count);
PROFFER_MUST_USE enum status plan_read_values_file(struct plan_reader *reader,
                                                   const struct json_node *file, char ***values,
                                                   size_t *count);
/* Every value is one that FIELD can have. PLACE is the list or file named. */
PROFFER_MUST_USE enum status plan_check_values(struct plan_reader *reader,
                                               const struct json_node *place,
                                               const struct plan_field *field, char *const *values,
                                               size_t count);

/* plan_assumptions.c */
PROFFER_MUST_USE enum status plan_read_assumptions(struct plan_reader *reader,
                                                   const struct json_node *root);

/* plan_risks.c */
PROFFER_MUST_USE enum status plan_read_risks(struct plan_reader *reader,
                                             const struct json_node *root);

/* plan_queries.c */
PROFFER_MUST_USE enum status plan_read_queries(struct plan_reader *reader,
                                               const struct json_node *list);

/* plan_by.c: the `by` of a count (ONE false: a list) or of topics (ONE: a single field). */
PROFFER_MUST_USE enum status plan_read_by(struct plan_reader *reader, const struct json_node *node,
                                          bool one, struct plan_query *query);

/* plan_terms.c */
PROFFER_MUST_USE enum status
plan_read_terms(struct plan_reader *reader, const struct json_node *node, struct plan_query *query);
/*
 * Parses SOURCE into TERM, whose name is set: fills source, parsed, warnings and problem. A term
 * that does not parse is no failure; NOTE and WHY (may be NULL) then say what is wrong with it.
 */
PROFFER_MUST_USE enum status plan_parse_term(struct plan_reader *reader, const char *source,
                                             size_t len, struct plan_term *term, struct error *why);

/* plan_works.c: the works, min_words and bins of an overlap query. */
PROFFER_MUST_USE enum status
plan_read_works(struct plan_reader *reader, const struct json_node *node, struct plan_query *query);

/* plan_identifiers.c: the kinds of an identifiers query. */
PROFFER_MUST_USE enum status plan_read_identifiers(struct plan_reader *reader,
                                                   const struct json_node *node,
                                                   struct plan_query *query);

/* plan_patterns.c: the patterns of a regex query, compiled to see whether they can be. */
PROFFER_MUST_USE enum status plan_read_patterns(struct plan_reader *reader,
                                                const struct json_node *node,
                                                struct plan_query *query);

/* plan_relevance.c, plan_proposals.c: a query; then, when all are read, what it says of others. */
PROFFER_MUST_USE enum status plan_read_relevance(struct plan_reader *reader,
                                                 const struct json_node *node,
                                                 struct plan_query *query);
PROFFER_MUST_USE enum status plan_join_relevance(struct plan_reader *reader,
                                                 const struct json_node *node,
                                                 struct plan_query *query);
PROFFER_MUST_USE enum status plan_read_proposals(struct plan_reader *reader,
                                                 const struct json_node *node,
                                                 struct plan_query *query);
PROFFER_MUST_USE enum status plan_join_proposals(struct plan_reader *reader,
                                                 const struct json_node *node,
                                                 struct plan_query *query);
/* Leaves *CONFIDENCE alone where the query states none. */
PROFFER_MUST_USE enum status plan_read_confidence(struct plan_reader *reader,
                                                  const struct json_node *node, size_t index,
                                                  double *confidence);
/* MADE, which may be NULL for lack of memory, unless the query has a title. */
PROFFER_MUST_USE enum status plan_set_title(struct plan_reader *reader, struct plan_query *query,
                                            char *made);
/* The query that NODE names, of one of KINDS (bits 1 << enum query_kind); errors call such a one
 * WHAT ("relevance query") and say KINDS_WORDS of another one. */
PROFFER_MUST_USE enum status plan_find_query(struct plan_reader *reader,
                                             const struct json_node *node, unsigned kinds,
                                             const char *what, const char *kinds_words,
                                             size_t *index);

/* plan_release.c */
PROFFER_MUST_USE enum status plan_read_release(struct plan_reader *reader,
                                               const struct json_node *root);
/* plan_noise.c: release.noise and what goes with it; before it, json_check of RELEASE. */
PROFFER_MUST_USE enum status plan_read_noise(struct plan_reader *reader,
                                             const struct json_node *release);
/* ... and, when all is read, whether noise can be put on what the plan asks. */
PROFFER_MUST_USE enum status plan_check_noise(struct plan_reader *reader,
                                              const struct json_node *root);
PROFFER_MUST_USE enum status plan_read_report(struct plan_reader *reader,
                                              const struct json_node *root);
/* plan_cover.c: what REPORT, the object, states for the cover. */
PROFFER_MUST_USE enum status plan_read_cover(struct plan_reader *reader,
                                             const struct json_node *report);

/* plan_digest.c: fills scan_digest of the plan and of each query; plan_question.c: question_digest.
 */
PROFFER_MUST_USE enum status plan_digest(struct plan_reader *reader);
PROFFER_MUST_USE enum status plan_digest_query(const struct plan *plan, struct plan_query *query,
                                               struct error *err);
PROFFER_MUST_USE enum status plan_question_digests(struct plan_reader *reader);

/* plan_read.c: what the parts share */

/* TEXT as a path from the plan's folder, in the plan's arena. */
PROFFER_MUST_USE enum status plan_path(struct plan_reader *reader, const char *text, char **out);
/* The member KEY as such a path; NULL if null or absent without default. */
PROFFER_MUST_USE enum status plan_get_path(struct plan_reader *reader, const struct json_node *node,
                                           const struct json_table *table, const char *key,
                                           char **out);
/* One more line in plan->warnings. */
PROFFER_MUST_USE enum status plan_warn(struct plan_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A failure to read a file that the plan names at NODE: the plan is wrong, not the logs. */
enum status plan_file_fault(const struct json_node *node, enum status status, struct error *err);

#endif
