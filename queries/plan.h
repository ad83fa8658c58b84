/*
 * The plan: what to ask, of which logs, under which release policy. Read from JSON, checked as a
 * whole before anything else happens; afterwards plain data that everyone may read.
 *
 * templates/plan.schema.json says the same for people and editors. This header includes nothing of
 * the logs, the text engine or the catalogue, because report/answers sees it.
 */
#ifndef PROFFER_PLAN_H
#define PROFFER_PLAN_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A figure that no log holds: as stated, from low to high (equal for one value), 0 to 1e15. */
struct plan_assumption {
    char *id, *title, *unit, *source, *period;
    double low, high;
};

/* A risk as whoever files the report judges it. */
struct plan_risk {
    char *id, *title, *measure, *source;
    const char *likelihood, *severity; /* of plan_risk_levels */
};
/* "negligible" to "maximum", then NULL: the four levels of CNIL's and ISO/IEC 27005's method. */
extern const char *const plan_risk_levels[];

enum query_kind {
    QUERY_COUNT,
    QUERY_TERMS,
    QUERY_TOPICS,
    QUERY_RELEVANCE,
    QUERY_CLAIM,
    QUERY_OVERLAP,
    QUERY_IDENTIFIERS,
    QUERY_REGEX,
    QUERY_PROPOSALS
};
enum { QUERY_KIND_COUNT = 9 };

struct query_type {
    const char *name;    /* "count" */
    const char *summary; /* one line for help */
    bool scans;          /* needs text: shapes the scan */
};
extern const struct query_type query_types[QUERY_KIND_COUNT];

/* A field that conversations can be counted by or filtered on. */
enum plan_field_kind {
    PLAN_FIELD_DAY,
    PLAN_FIELD_MONTH,
    PLAN_FIELD_QUARTER,
    PLAN_FIELD_YEAR,
    PLAN_FIELD_WEEKDAY,
    PLAN_FIELD_STORED /* model, country, language, account, or a free field: see `stored` */
};

struct plan_field {
    enum plan_field_kind kind;
    char *name;    /* "month", "model", "tier" */
    size_t stored; /* 0 model, 1 country, 2 language, 3 account, 4... free fields in plan order */
    char **values; /* listed values; others count as `other`. NULL: every value has its row */
    size_t value_count;
    double *bins; /* [bin_count] ascending bounds of a field of numbers, instead of values: a number
                     is below the first, from one to below the next, or from the last on */
    size_t bin_count;
};

/* What the logs had when an earlier report was made (told_logs.h): a bit for each row of the
 * catalogue, from the lowest of the first word on. */
struct plan_extent {
    const uint64_t *bits; /* [words] */
    size_t words;
};

/* population.include / exclude: `field` is, or is not, one of the values. */
struct plan_filter {
    bool exclude;
    struct plan_field field; /* or user/id: then stored is SIZE_MAX and the name says which */
    char **values;
    size_t value_count;
    const struct plan_extent *extent; /* or NULL; of no plan: what it had is left (by no values) */
};

/* Are they written alike: the same field and values in the same order? */
bool plan_filter_same(const struct plan_filter *a, const struct plan_filter *b);
bool plan_filters_same(const struct plan_filter *a, size_t a_count, const struct plan_filter *b,
                       size_t b_count);
/* Has whatever passes A passed B, as they are written: are all of B's among A's? */
bool plan_filters_within(const struct plan_filter *a, size_t a_count, const struct plan_filter *b,
                         size_t b_count);
/* Whether the logs had in B all that they had in A; NULL is none. */
bool plan_extent_within(const struct plan_extent *a, const struct plan_extent *b);

enum plan_within { PLAN_TURN, PLAN_EXCHANGE, PLAN_CONVERSATION }; /* as enum term_within */

struct plan_term {
    char *name;    /* "T1" */
    char *source;  /* as written */
    char *parsed;  /* normal form; NULL if it does not parse */
    char *problem; /* why it does not parse, with place and hint; NULL if it does */
    char **warnings;
    size_t warning_count;
};

struct plan_topic {
    char *group; /* "" if the taxonomy has none */
    char *name;
    struct plan_term term; /* source NULL: no rule, never assigned */
};

/* Text that stands at more places of the works than this is common text, which is no one work's. */
enum { OVERLAP_COMMON_PLACES = 64 };

/* Bins that runs are told in, at most, the first one among them. */
enum { PLAN_BINS_MAX = 21 };

/* A file of works at issue. */
struct plan_work_file {
    char *path, *name; /* to open; as the plan's folder sees it */
    uint64_t size;
    int64_t mtime_ns; /* when sha256 was computed */
    char sha256[65];
};

/* A kind of identifier that is asked for, as queries/text knows it. */
struct plan_identifier {
    uint32_t kind;                        /* enum identifier_kind */
    bool shape_only;                      /* told by its pattern alone */
    const char *title, *checked, *source; /* what is checked, by which public rules */
};

/* One option of proposals: conversations that meet every condition that it has. */
struct plan_option {
    char *id, *title;
    size_t terms_query; /* with terms: hit by one of them */
    uint32_t *terms;    /* [term_count] numbers of terms; term_count 0: no such condition */
    size_t term_count;
    size_t topics_query; /* with topics: of one of them */
    uint32_t *topics;
    size_t topic_count;
    size_t overlap_query;   /* with words: a run of so many with a work, or more */
    uint32_t overlap_words; /* 0: no such condition */
    int64_t from, to;       /* days since 1970, both included; INT64_MIN / INT64_MAX if open */
};

struct plan_query {
    /* Of one that is counted of several populations: number + 1 of the query whose hits it has; 0:
     * its own */
    size_t hits_of;
    char *id;
    enum query_kind kind;
    char *title;     /* from the plan, else made from kind and id */
    uint32_t weight; /* of its share of the noise budget; 1 by default */

    /* count: fields in order, possibly none. topics by a field: exactly one. terms: the fields of a
     * second table, possibly none. */
    struct plan_field *by;
    size_t by_count;

    /* terms; of identifiers one a kind, named after it; of regex one a pattern */
    struct plan_term *terms;
    size_t term_count;
    enum plan_within within; /* also of topics */

    /* topics by rules; topic_count 0 means by field */
    struct plan_topic *topics;
    size_t topic_count;
    bool multi_label; /* else the first match wins */
    char *taxonomy_title, *taxonomy_source;

    /* identifiers */
    struct plan_identifier *identifiers; /* [term_count] */
    bool examples;                       /* also what is set aside for examples */

    /* regex */
    bool ignore_case, unicode_classes;

    /* relevance */
    char *definition;
    char *sample_path, *labels_path; /* joined to the plan's folder */
    double confidence;               /* also of claim */
    char *method;     /* of interval.h, an exact one; also of claim, which follows its relevance */
    double prior[2];  /* of the anytime method: Beta(prior[0], prior[1]) */
    char *unit;       /* that must have been drawn; NULL: whichever was */
    unsigned combine; /* of strata: enum design_combination of stats/design.h */
    bool has_search;  /* judge the hits of query `search` */
    size_t search;
    char *previous_path;           /* the labels of an earlier report, or NULL */
    char *check_path, *check_seed; /* the checker's labels; the seed only if the plan has one */
    char *usual_check_path;        /* where they are looked for if the plan names none; or NULL */
    bool check_all;                /* all units labelled irrelevant are checked, too */
    double check_share;            /* or those with tickets in this share of all; 0: a number */

    /* claim; proposals, where has_of */
    bool has_of;
    size_t of; /* index of the relevance query */

    /* proposals */
    struct plan_option *options;
    size_t option_count;
    bool has_burden;
    size_t pace, rate; /* indexes of assumptions; pace is above 0 */

    /* claim */
    char *at_least; /* decimal text of the share irrelevant, e.g. "0.9999", exact as written */

    /* overlap */
    struct plan_work_file *work_files; /* ascending by name */
    size_t work_file_count;
    uint32_t min_words;
    uint32_t *bins; /* [bin_count] least words of each; the first is min_words */
    size_t bin_count;

    /* SHA-256 (hex) over what shapes its scan; "" for kinds that need none. A change of id, title
     * or of anything else leaves it alone. */
    char scan_digest[65];

    /* SHA-256 (hex) over all that its answer depends on but the logs: kind, what is asked, scan,
     * population. */
    char question_digest[65];

    /* The same without dates, filters and, of terms, the terms: equal in two periods of a series
     * that ask the same. */
    char asked_digest[65];
};

/* The number of the query whose hits a scan has for QUERY, which has NUMBER. */
static inline size_t plan_query_scanned(const struct plan_query *query, size_t number)
{
    return query->hits_of ? query->hits_of - 1 : number;
}

struct plan_field_map {
    char *name, *pointer;
    char **values; /* of a free field that is counted by; NULL otherwise */
    size_t value_count;
};

/* Noise on what leaves, and what a user can contribute to it. Numbers are decimal texts, exact as
 * written, from 1e-12 to 1,000,000. */
struct plan_noise {
    const char *mechanism; /* "discrete-gaussian", "discrete-laplace"; NULL: none */
    char *amount;          /* rho, or epsilon of Laplace, that this plan may spend */
    char *budget;          /* of the matter */
    bool budget_is_epsilon;
    char *delta;                      /* of the budget, above 0 and below 1 */
    uint32_t conversations;           /* of a user that count; the smallest cap tickets */
    uint32_t exchanges, turns, words; /* of a conversation that count; 0: not told */
    uint32_t occurrences;             /* the same of one term, kind or pattern in it */
    uint32_t weight;                  /* of the population's own numbers */
    char *select_epsilon,
        *select_delta; /* for showing groups that the plan does not list; or NULL */
    char **invariants; /* what leaves exact all the same, in words */
    size_t invariant_count;
};

/*
 * What the report's cover says of the matter, as stated. A text of "" and a caption without lines
 * are blanks that someone is to fill in; NULL and not has_caption: the cover has no such line.
 */
struct plan_cover {
    bool has_caption;
    char **caption; /* lines */
    size_t caption_count;
    char *offered_as;   /* as what, under which rule */
    char *inspection;   /* how what lies under the report can be inspected */
    char *stamp_prefix; /* of the stamp on each printed page; NULL: none */
    uint32_t stamp_first, stamp_digits;
};

struct plan {
    struct arena arena; /* owns all strings and arrays below */
    char *path, *dir;   /* of the plan's file; dir is what relative paths start from */
    char sha256[65];    /* of the plan's file */
    char *title, *matter;

    struct {
        char **paths; /* as written */
        size_t path_count;
        char *format;
        bool stop_on_error; /* on_error: stop; else count */
        size_t max_record;  /* bytes; default 64 MiB */
        bool digest;        /* sha256; else none */
        struct plan_field_map *fields;
        size_t field_count;
        char **expected; /* file names expected in the log set (optional) */
        size_t expected_count;
    } logs;
    char *catalogue; /* folder, joined; default "catalogue" beside the plan */

    struct {
        int64_t from, to; /* days since 1970, both included; INT64_MIN / INT64_MAX if open */
        struct plan_filter *filters;
        size_t filter_count;
    } population;

    struct {
        char *alphabet; /* "" by default */
        char **noise;
        size_t noise_count;
    } words;

    struct plan_assumption *assumptions;
    size_t assumption_count;
    struct plan_risk *risks;
    size_t risk_count;

    struct plan_query *queries;
    size_t query_count;

    struct {
        const char *preset; /* NULL: rules of the plan's own */
        uint32_t min_users; /* 0: nothing is withheld */
        uint32_t min_conversations;
        double dominance; /* 0: no such rule */
        char *ledger;     /* joined, or NULL */
        struct plan_noise noise;
    } release;

    struct {
        char *dir;                      /* joined */
        char *xlsx, *json, *csv, *page; /* inside dir, joined; csv is a folder; NULL: not written */
        char *draft, *draft_form;       /* inside dir; joined to the plan's folder: both or none */
        char *confidentiality;
        char *date;     /* "2025-01-31" from the plan, or NULL */
        char *previous; /* joined: an earlier report.json to compare with, or NULL */
        struct plan_cover cover;
    } report;

    /* SHA-256 (hex) over what shapes the base columns of the scan: fields, format, max_record,
     * alphabet. */
    char scan_digest[65];

    char population_digest[65]; /* over what makes the population, but the logs */
    char filters_digest[65];    /* over its filters alone */

    /* "queries[1]: term T3: ...", "terms.txt:5: term T3: ...": what `check` and `run` tell on
     * stderr. */
    char **warnings;
    size_t warning_count;
};

/*
 * Reads and checks the plan with all files that it names as questions (terms, taxonomies, value
 * lists). STATUS_PLAN names the place: `plan.json: queries[3].by[0]: unknown field "mnth"` with a
 * hint (did you mean "month"?). A term that does not parse is not an error here, unless STRICT:
 * it becomes a row with a status. The logs are not touched. *PLAN must be released also on failure.
 */
PROFFER_MUST_USE enum status plan_read(struct plan *plan, const char *path, bool strict,
                                       struct error *err);
void plan_release(struct plan *plan);

/* The first query that names the same sample file as query QUERY does; QUERY if it names none. */
size_t plan_sample_query(const struct plan *plan, size_t query);

/* The query of that id, or NULL. */
const struct plan_query *plan_query_find(const struct plan *plan, const char *id);

#endif
