/*
 * The parts of the series, one file each; nobody but these and answers.c includes this.
 *
 *     series_kinds.c    which tables can be compared, by which rows and figures, and why not
 *     series_rows.c     rows of both reports, matched
 *     series_change.c   a table of changes
 *     series_terms.c    search terms that came, went or were rewritten
 *     series_risks.c    stated risks, side by side
 *     series_trend.c    a count by time over both reports
 *     series_words.c    what is said of it in words
 *     answer_series.c   all of it, in order
 */
#ifndef PROFFER_SERIES_PARTS_H
#define PROFFER_SERIES_PARTS_H

#include "report/answers/answer.h"
#include "report/answers/answers.h"

enum { THEN, NOW, SIDES };
enum { SERIES_KEYS = 8, SERIES_MEASURES = 16 };

enum series_direction { WENT_UP, WENT_DOWN, STAYED, UNDECIDED, HIDDEN, DIRECTIONS };
extern const char *const series_direction_names[];

struct series {
    struct answer *answer;
    const struct result *reports[SIDES];
    const char *digest;   /* of the earlier report's file */
    const char *unlike;   /* why no figure of the logs can be compared; NULL: they can */
    double levels[SIDES]; /* at which the bounds of noisy figures hold; 0: unknown */
    bool noisy;
    struct result_table *overview;
    size_t compared, not_compared;
    size_t directions[DIRECTIONS]; /* of the changes of the table at hand, but of shares */
};

enum series_kind_flags {
    KIND_EXACT = 1,  /* a figure without bounds is an exact one where there is no noise */
    KIND_LEVEL = 2,  /* bounds hold at what the column `confidence` says */
    KIND_STATED = 4, /* stated in the plan: asks nothing of the logs */
    KIND_TERMS = 8,  /* rows are search terms, and some figures depend on the whole list */
    KIND_RISKS = 16  /* rows are judgements: there are no figures */
};

/* One row a kind of table. */
struct series_kind {
    const char *kind;
    unsigned flags;
    const char *keys[3];     /* columns that tell rows apart; none: all texts before the figures */
    const char *measures[8]; /* figures; none: all */
    const char *never;       /* why its figures are not compared; NULL: they are */
};

/* The row for a table; NULL for tables of the series themselves. */
const struct series_kind *series_kind_of(const struct result_table *table);

/* A figure in both tables: column of its value, low and high end; SIZE_MAX where there is none. */
struct series_measure {
    const char *title, *unit;
    enum result_type type;
    size_t columns[SIDES][3];
};

/* Two tables of one id, and what they have in common. */
struct series_pair {
    const struct series_kind *kind;
    const struct result_table *tables[SIDES];
    size_t keys[SIDES][SERIES_KEYS], key_count;
    struct series_measure measures[SERIES_MEASURES];
    size_t measure_count;
    bool by_time;     /* rows are days, months, quarters or years, and a total */
    bool other_terms; /* the lists of search terms differ */
};

/* Fills PAIR. *WHY is NULL, or says why the two cannot be compared. */
void series_pair_init(const struct series *series, const struct result_table *then,
                      const struct result_table *now, struct series_pair *pair, const char **why);

/* The column of that id, or SIZE_MAX. */
size_t series_column(const struct result_table *table, const char *id);

/* True of "2024-07", "2024-Q3": a row that is a piece of time. */
bool series_is_time(const struct result_value *value);

enum series_standing {
    ROW_SAME,
    ROW_RENAMED, /* the same search under another name */
    ROW_CHANGED, /* another search under the same name */
    ROW_OTHERS,  /* over another list of terms */
    ROW_ADDED,
    ROW_DROPPED
};
extern const char *const series_standing_names[];

/* Rows of both tables, matched. */
struct series_rows {
    size_t *other[SIDES]; /* of each row of a side the row of the other one, or SIZE_MAX */
    enum series_standing *standing; /* of each row of now */
    bool doubled;                   /* two rows of a table have the same keys */
};
PROFFER_MUST_USE enum status series_rows_init(struct series_rows *rows, struct series_pair *pair,
                                              struct error *err);
void series_rows_release(struct series_rows *rows);

/* The tables of changes of counts, of shares and of stated numbers, as far as there are any. */
PROFFER_MUST_USE enum status series_change(struct series *series, const struct series_pair *pair,
                                           const struct series_rows *rows, struct error *err);
PROFFER_MUST_USE enum status series_terms(struct series *series, const struct series_pair *pair,
                                          const struct series_rows *rows, struct error *err);
PROFFER_MUST_USE enum status series_risks(struct series *series, const struct series_pair *pair,
                                          const struct series_rows *rows, struct error *err);
PROFFER_MUST_USE enum status series_trend(struct series *series, const struct series_pair *pair,
                                          struct error *err);

/* A table of the series; its id is that of NOW with ENDING. */
PROFFER_MUST_USE enum status series_table(struct series *series, const struct result_table *now,
                                          const char *ending, const char *kind,
                                          const char *title_ending,
                                          const struct result_column *columns, size_t count,
                                          struct result_table **table, struct error *err);

/* A copy of the value at that place; COLUMN may be SIZE_MAX, which is null. */
PROFFER_MUST_USE enum status series_put(struct series *series, struct result_table *table,
                                        const struct result_table *from, size_t row, size_t column,
                                        struct error *err);

/* Words; NULL without memory. The title of another report, without what would turn or hide text
 * around it, and cut. */
const char *series_title(struct result *result, const struct result *report);
/* "see usage.change: 1 higher, 51 undecided" */
const char *series_see_words(const struct series *series, const struct result_table *now,
                             bool other_terms);
/* " Conversations of the population: 787 then, 803 now, 16 more.", or "" */
const char *series_population_words(const struct series *series);

/* What changed since the earlier report of RUN, if there is one. */
PROFFER_MUST_USE enum status answer_series(struct answer *answer, const struct answers_run *run,
                                           struct error *err);

#endif
