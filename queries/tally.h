/*
 * Tallies: exact, internal counts with what the gate needs to judge them. Nothing of report/ can
 * see this header; only release/gate turns a tally into figures.
 *
 *     table            key columns        count columns
 *     "volume"         month    model     conversations  exchanges  users  words
 *       row            2023-01  gpt-4     {value,users}  ...
 */
#ifndef PROFFER_TALLY_H
#define PROFFER_TALLY_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_field;
struct plan_filter;

struct tally_cell {
    uint64_t value;
    uint32_t users;   /* distinct users in this very figure; all unknown users together are one */
    uint64_t largest; /* of it, what one known user has at most; 0 where nobody counted */
};

enum tally_key_type { TALLY_KEY_STRING, TALLY_KEY_MONTH };

struct tally_key {
    const char *id, *title;
    enum tally_key_type type;
};

enum tally_column_flags {
    TALLY_USERS = 1, /* this column counts users: its value is at most any count of its row */
    TALLY_DETAIL = 2 /* a reader misses it least: withheld sooner for another cell's sake */
};

struct tally_column {
    const char *id, *title, *unit; /* unit: "conversations", "users", ... */
    unsigned flags;
};

/*
 * A linear relation among the values of a table that a reader knows to hold: the sum of
 * SIGN * value is 0, or at most 0. Examples: the rows of a partition add up to the total; the
 * users of a row are at most its conversations.
 */
struct tally_term {
    uint32_t row, column;
    int sign;
};

struct tally_relation {
    const struct tally_term *terms;
    size_t count;
    bool at_most; /* else equality */
};

/* A table of pairs of more terms would be read by nobody: none is made. Of more combinations of
 * terms than this, or of values of fields that are tied to each other (tally_joint.h), or of what
 * several queries find (slots_joint.h), it is not asked what follows of each; and of more works not
 * what each shares (overlap_unions.h). */
enum {
    TALLY_PAIR_TERMS = 200,
    TALLY_COMBINATIONS = 4096,
    TALLY_JOINT_BLOCK = 300,
    TALLY_SLOT_CELLS = 1024,
    TALLY_TERM_CELLS = 4096, /* patterns of terms of several queries (terms_combined.h) */
    TALLY_UNION_WORKS = 32,
    TALLY_SIDES_WORKS = 3 /* of more works not which go with which sides (works_combined.h) */
};

enum tally_row_flags {
    TALLY_KEEP = 1, /* a total that other answers need: never withheld for another cell's sake */
    TALLY_FREE = 2, /* counts no users (rejected records): always shown */
    TALLY_LESS = 4, /* a reader misses it least, as TALLY_DETAIL of columns */
    TALLY_TOLD = 8, /* told elsewhere: a reader knows it, whatever is withheld here */
    TALLY_MORE =
        16, /* a reader misses it most: withheld for another cell's sake where no other is */
    TALLY_BEFORE = 32, /* an earlier report withheld it for another cell's sake: so does this one
                         sooner */
    TALLY_GONE = 64, /* of an earlier report's table: it told nothing of it. No relation names it */
    TALLY_CHANGED = 128, /* of such a table: what it told of it is not so any more. A reader knows
                            it in that table's own sums, and no tie names it */
    TALLY_UNKNOWN = 256, /* of an earlier report's table of terms: of what it is now nothing was
                            told; it is what no table tells */
    TALLY_SIZED = 512, /* its number of conversations is told elsewhere, too, as a stratum's size */
    TALLY_UNLISTED = 1024 /* nothing is there, and no row says so: that there is one would tell of
                             a group of the population */
};

struct tally_table {
    const char *id; /* the query's id, or "completeness"; second tables "terms.pairs" */
    size_t query;   /* index in the plan, SIZE_MAX for none */
    const struct plan_field *by; /* [by_count] of a count by fields: what its rows are */
    size_t by_count;
    int64_t from, to; /* then: the days that were asked for, as in the plan's population */
    const struct plan_filter *filters; /* [filter_count] and its filters */
    size_t filter_count;
    /* Of a table that an earlier report told, and that this one does not tell: [row * column_count
     * + column] 1 where it was shown; and the lowest and highest min_users of the reports that told
     * it. Such tables come last. */
    unsigned char *told_before;
    uint32_t lowest_rule, highest_rule; /* 0 for none */
    /* Of this report's own table, as TOLD_BEFORE: where an earlier report showed the same figure;
     * or NULL. */
    unsigned char *known_before;
    bool own_total;   /* it is this report's population, told whatever is withheld */
    bool untold;      /* no answer shows it as a table: others are made of its figures */
    bool lists_found; /* its rows are those of which something is there (and the total): that a row
                         is there says that it is not zero */
    /* Where row_of is not NULL: sums of rows of table number `sum_of`, of each row of which it says
     * in which one it is. */
    size_t sum_of;
    const uint32_t *row_of;
    struct tally_key *keys;
    size_t key_count;
    struct tally_column *columns;
    size_t column_count;
    size_t row_count;
    const char **key_values;  /* [row * key_count + key] */
    struct tally_cell *cells; /* [row * column_count + column] */
    unsigned *row_flags;      /* [row] */
    struct tally_relation *relations;
    size_t relation_count, relation_capacity;
    bool spared; /* where not all can be told, other tables go before it */
    bool ties;   /* and this one before all others: it ties them to each other */
    uint32_t own_hidden, own_hidden_end; /* then: hidden figures that go with it */
};

/*
 * What the labels of drawn units show: of a whole sample, of one stratum of it, or of what a search
 * found or left behind in one.
 *
 * Where labels are checked (tally_sample.checked) the units that reviewers call irrelevant are
 * `cleared`; `relevant` and `unreadable` count what the checker says of all the others.
 */
struct tally_stratum {
    const char *name;
    bool found;                /* of a search: what it found; else what it left behind */
    uint64_t population;       /* N: units in the population */
    uint64_t drawn;            /* n: sampled units that are in the population */
    uint64_t relevant;         /* x */
    uint64_t unreadable;       /* labelled unreadable or in two ways, or without a label */
    uint64_t missing;          /* of the unreadable: without a label */
    uint64_t disagreements;    /* units with differing labels among reviewers */
    uint32_t relevant_users;   /* distinct users among the x and the overturned */
    uint64_t irrelevant;       /* units that are taken for irrelevant in the end */
    uint32_t irrelevant_users; /* distinct users among them */
    uint32_t users;            /* distinct users of its N units; of a search's parts only */
    uint64_t labelled, upheld; /* by reviewers called relevant; of these, by the checker too */
    uint64_t cleared, checked, overturned, unclear; /* see stats/two_phase.h */
};

/* Reviews of units that several reviewers labelled; categories: relevant, irrelevant, unreadable.
 */
enum { TALLY_CATEGORIES = 3 };
struct tally_agreement {
    uint64_t units, agreed;
    uint64_t reviews; /* of each such unit; 0 where they differ */
    uint64_t table[TALLY_CATEGORIES * TALLY_CATEGORIES]; /* of two reviewers: first, second */
    uint64_t of_category[TALLY_CATEGORIES];
    uint64_t same_pairs; /* over units and categories, n (n - 1) */
};

/*
 * What became of the labels of an earlier report: units by their label then and now; labels: none,
 * relevant, irrelevant, unreadable, differing among reviewers.
 */
enum { TALLY_LABELS = 5 };
struct tally_changes {
    bool compared;                               /* the plan names the earlier labels */
    uint64_t units[TALLY_LABELS * TALLY_LABELS]; /* [then][now] */
};

/*
 * Sums over drawn clusters where what was drawn is no unit of the answer but holds several (see
 * stats/cluster_share.h): y[0] takes no undecided element as relevant, y[1] all.
 */
struct tally_clusters {
    uint64_t clusters, drawn, m, mm;
    uint64_t y[2], yy[2], ym[2];
};

enum { TALLY_NO_SEARCH = -1 };

/* A drawn unit that a search found, and that labels decided. */
struct tally_found_unit {
    uint32_t unit, user; /* numbers; all unknown users have one */
    bool relevant;
};

/* A drawn unit and what labels say of it: a conversation, by its place in the catalogue, or a user,
 * by one of the conversations. */
struct tally_labelled_unit {
    uint32_t part, row, stratum;
    uint32_t user; /* number; all unknown users have one */
    bool known, irrelevant;
};

/* A labelled random sample, by a relevance query. */
struct tally_sample {
    size_t query;
    long search; /* TALLY_NO_SEARCH: the sample itself; else by what search number SEARCH of the
                    query (a relevance's only one, an option of proposals) found of it */
    const char *unit, *units; /* "conversation", "conversations" */
    struct tally_stratum whole;
    struct tally_stratum *strata; /* where there are several; all parts of a search */
    size_t stratum_count;
    /* Of a search: parts for each stratum of the draw, part after part; and which of them is
     * predicted to be what counts as relevant, SIZE_MAX for none. */
    size_t parts, predicted;
    /* Of a search: the figure of a table that says how many units it found (or left), if any. */
    struct {
        bool there;
        size_t table;
        uint32_t row, column;
    } found_at;
    /* Of a search: what each drawn unit that it found is by the labels of query `labels_of`. */
    const struct tally_found_unit *found_units; /* [found_count] ascending by unit */
    size_t found_count, labels_of;
    /* Of conversations and users: its drawn units; and the untold table of what labels say, if
     * there is one (tally_labels.h). */
    const struct tally_labelled_unit *labelled; /* [labelled_count] */
    size_t labelled_count;
    bool labels;
    size_t labels_table;
    bool differs; /* from another search's numbers relevant, by few users: its own are withheld */
    bool checked, check_all;
    const char *drawn_units;         /* "users": what was drawn, where it is not the unit */
    struct tally_clusters *clusters; /* then: [stratum_count], or one */
    uint64_t frame;                  /* units in the frame (>= population) */
    uint64_t frame_drawn;            /* units drawn from the frame */
    uint64_t rejected;               /* records that were rejected: nobody knows what they are */
    uint64_t reviewers;
    struct tally_agreement agreement;
    struct tally_changes changes;
    uint64_t draw;                       /* which draw of its frame */
    const char *seed_source, *seed_time; /* seed_time: as stated, or NULL */
    char frame_digest[65], sample_digest[65];
    char cut_off[65];     /* of a sample in one stratum, in hexadecimal: the largest ticket drawn */
    const double *shares; /* [strata of the draw] of all tickets; NULL where sizes were asked for */
    double check_share;   /* of the cleared, by tickets of the checks; 0 where it was not fixed */
    const char *by;       /* id of the query that makes the strata of the draw, or NULL */
};

/*
 * How the drawn units of a sample are spread over its population: by strata where the draw had
 * several, else by months. See tally_spread.h.
 */
struct tally_spread_row {
    const char *name;
    uint64_t population, drawn; /* population: of strata only; of months the table has it */
    uint32_t users;             /* distinct users of the population's; of strata only */
    uint32_t from, to;          /* the groups of its query that a stratum is: [from, to) */
};

struct tally_spread {
    size_t query;             /* the first one that names the sample */
    const char *unit, *units; /* that were drawn */
    bool by_design;           /* rows are the strata of the draw */
    struct tally_spread_row *rows;
    size_t count;               /* 0: the units have no months */
    uint64_t population, drawn; /* of all rows together */
    size_t table, column; /* of months: the rows of that table, but its last, and the units' column
                           */
    uint64_t frame, frame_drawn, draw;
    const char *by;        /* the query whose groups the strata are, or NULL */
    const uint64_t *sizes; /* [size_count] drawn from each stratum of the frame */
    size_t size_count;
    const char *seed_source, *seed_time; /* seed_time: as stated, or NULL */
    char frame_digest[65], sample_digest[65];
    /* Where the drawn units stand until all tables are there: [place_count] part and row. */
    uint64_t *places;
    size_t place_count;
};

/* A figure from which, taken from or with others, it follows how many conversations or users
 * something is about that concerns few users. */
struct tally_difference {
    size_t table;
    uint32_t row, column;
    uint32_t users;         /* of what lies between */
    uint64_t conversations; /* of the same; or users, where the column counts them */
};

/*
 * What a reader knows to hold among figures of several tables, told or not: as a relation of one
 * table. A hidden figure is one that no table tells but that follows from others, such as what two
 * terms share, or what lies between two sets of which one is within the other; it is a number of
 * conversations.
 */
#define TALLY_HIDDEN UINT32_MAX
struct tally_place {
    uint32_t table;       /* or TALLY_HIDDEN */
    uint32_t row, column; /* hidden: its number, and 0 */
    int sign;
};

struct tally_tie {
    const struct tally_place *places;
    size_t count;
    bool at_most; /* else equality */
};

/* Hidden figures of a query's combinations of terms: each of those that two terms or more hit
 * together and no other. Not all need be possible. */
#define TALLY_OF_SEVERAL (SIZE_MAX - 1)
struct tally_atoms {
    size_t query;   /* or TALLY_OF_SEVERAL: combinations of the terms of several */
    uint32_t first; /* hidden figure of the first */
    size_t count;
    const unsigned char **lists; /* numbers of terms; NULL for what is told to be impossible */
    size_t *lengths;
    /* What each term alone hits: this column of the first so many rows of a table. */
    uint32_t alone_table, alone_column, alone_count;
};

/* Hidden figures of a query's union (tally_unions.h): of each of its slots what it alone finds and
 * what it shares with others, one after another; and what several find. */
struct tally_union {
    size_t query;
    uint32_t first_alone, first_shared, several;
    size_t count;
};

/* What terms_combine added. */
struct tally_terms_tied {
    size_t first_tie, last_tie; /* of ties; last is one behind, here and below */
    uint32_t first_hidden, last_hidden;
    size_t first_atoms, last_atoms;
};

struct tally {
    struct arena arena; /* owns everything below */
    struct tally_table *tables;
    size_t table_count, table_capacity;
    struct tally_sample *samples;
    size_t sample_count, sample_capacity;
    struct tally_spread *spreads;
    size_t spread_count, spread_capacity;
    struct tally_cell *hidden;
    size_t hidden_count, hidden_capacity;
    struct tally_atoms *atoms;
    size_t atoms_count, atoms_capacity;
    struct tally_union *unions; /* of queries that have no atoms and no figures of what one alone
                                   finds */
    size_t union_count, union_capacity;
    struct tally_tie *ties;
    size_t tie_count, tie_capacity;
    size_t joint_left_out;  /* groups of tables by fields that say more together than is tied */
    size_t slices_left_out; /* pairs of tables of different populations of which not all is tied */
    size_t slots_left_out;  /* the same of queries that find some of the same in the text */
    struct tally_terms_tied terms_tied;
    size_t works_left_out;   /* overlap reports of several populations of which not all is tied */
    size_t options_left_out; /* the same of options */
    size_t terms_left_out;   /* connected search term reports that say more together than is tied */
    struct tally_difference *differences;
    size_t difference_count, difference_capacity;
    /* N and its exchanges, users and words, as the completeness table has them. */
    struct tally_cell population[4];
};

enum { TALLY_CONVERSATIONS, TALLY_EXCHANGES, TALLY_USERS_COLUMN, TALLY_WORDS };

void tally_init(struct tally *tally);
void tally_release(struct tally *tally);

/*
 * A new table with room for ROWS rows, all zero. Keys and columns are copied (shallow: their
 * strings must live as long as the tally). The pointer is valid until the next table is added.
 */
PROFFER_MUST_USE enum status tally_add_table(struct tally *tally, const char *id, size_t query,
                                             const struct tally_key *keys, size_t key_count,
                                             const struct tally_column *columns,
                                             size_t column_count, size_t rows,
                                             struct tally_table **table, struct error *err);

struct tally_cell *tally_cell_at(const struct tally_table *table, size_t row, size_t column);

/* Adds a relation (terms copied; none twice, each sign 1 or -1). */
PROFFER_MUST_USE enum status tally_relate(struct tally *tally, struct tally_table *table,
                                          const struct tally_term *terms, size_t count,
                                          bool at_most, struct error *err);

/* Adds a hidden figure. */
PROFFER_MUST_USE enum status tally_hide(struct tally *tally, struct tally_cell cell,
                                        uint32_t *number, struct error *err);
/* Adds room for COUNT combinations of QUERY, to be filled; valid until the next are added. */
PROFFER_MUST_USE enum status tally_add_atoms(struct tally *tally, size_t query, size_t count,
                                             struct tally_atoms **atoms, struct error *err);
/* Those of QUERY, or NULL. */
const struct tally_atoms *tally_atoms_find(const struct tally *tally, size_t query);

/* Notes a union; and finds that of QUERY, or NULL. */
PROFFER_MUST_USE enum status tally_add_union(struct tally *tally, const struct tally_union *of,
                                             struct error *err);
const struct tally_union *tally_union_find(const struct tally *tally, size_t query);

/* Ties figures (places copied; none twice, each sign 1 or -1). */
PROFFER_MUST_USE enum status tally_bind(struct tally *tally, const struct tally_place *places,
                                        size_t count, bool at_most, struct error *err);

PROFFER_MUST_USE enum status tally_add_difference(struct tally *tally,
                                                  const struct tally_difference *difference,
                                                  struct error *err);

/* In a table of labels (tally_labels.h): the row of stratum NUMBER of SAMPLE, or, as number
 * stratum_count, of all together. */
static inline size_t tally_labels_row(size_t number, bool irrelevant)
{
    return 2 * number + irrelevant;
}

/* Adds a spread (shallow, as a sample). */
PROFFER_MUST_USE enum status tally_add_spread(struct tally *tally,
                                              const struct tally_spread *spread, struct error *err);

/* Adds a sample (shallow: its texts and strata must live as long as the tally). */
PROFFER_MUST_USE enum status tally_add_sample(struct tally *tally,
                                              const struct tally_sample *sample, struct error *err);

#endif
