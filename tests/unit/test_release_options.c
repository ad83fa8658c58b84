/*
 * A reader of a report with several tables of the same conversations (terms and their pairs,
 * patterns, quarters, options made of terms and periods) who reckons with every combination of
 * them: linear programs under all that is shown. No number of few users lies closer than the rule
 * allows. Judged table by table, some would.
 */
#include "tests/support/made_atoms.h"
#include "tests/support/reader.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "release/figure.h"
#include "release/gate.h"

#include <math.h>
#include <string.h>

enum { MIN_USERS = 5, TERMS = 3, PATTERNS = 2, SEGMENTS = 5, QUARTERS = 4, OPTIONS = 6 };
enum { ATOMS = (1 << TERMS) * (1 << PATTERNS) * SEGMENTS };

static const char plan[] =
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},"
    "\"population\":{\"from\":\"2024-01-01\",\"to\":\"2024-12-31\"},\"queries\":["
    "{\"id\":\"t\",\"kind\":\"terms\",\"terms\":[\"a\",\"b\",\"c\"]},"
    "{\"id\":\"r\",\"kind\":\"regex\",\"patterns\":[\"d\",\"e\"]},"
    "{\"id\":\"q\",\"kind\":\"count\",\"by\":[\"quarter\"]},"
    "{\"id\":\"o\",\"kind\":\"proposals\",\"options\":["
    "{\"id\":\"A\",\"terms\":[\"T1\",\"T2\"]},"
    "{\"id\":\"B\",\"terms\":[\"T1\"],\"to\":\"2024-06-30\"},"
    "{\"id\":\"C\",\"terms\":[\"T1\"],\"from\":\"2024-07-01\"},"
    "{\"id\":\"D\",\"from\":\"2024-05-16\"},"
    "{\"id\":\"E\",\"terms\":[\"T2\",\"T3\"],\"from\":\"2024-07-01\"},"
    "{\"id\":\"F\",\"to\":\"2024-06-30\"}]}],"
    "\"release\":{\"min_users\":5}}";

/* ---- combinations: which terms, which patterns, when ---- */

struct atom {
    unsigned terms, patterns, segment; /* segments: Q1, Q2 to May 15, the rest of Q2, Q3, Q4 */
};

static struct atom atom_of(size_t number)
{
    return (struct atom){(unsigned)(number % (1 << TERMS)),
                         (unsigned)(number / (1 << TERMS) % (1 << PATTERNS)),
                         (unsigned)(number / ((1 << TERMS) * (1 << PATTERNS)))};
}

static unsigned quarter_of(unsigned segment)
{
    return segment < 2 ? segment : segment - 1;
}

static bool in_option(const struct atom *atom, size_t option)
{
    static const struct {
        unsigned terms, first, last; /* no terms: whatever hits */
    } options[OPTIONS] = {{3, 0, 4}, {1, 0, 2}, {1, 3, 4}, {0, 2, 4}, {6, 3, 4}, {0, 0, 2}};
    return (!options[option].terms || atom->terms & options[option].terms) &&
           atom->segment >= options[option].first && atom->segment <= options[option].last;
}

/* The figure of a table's row and column, or of what no table tells. */
enum what {
    TERM,
    UNIQUE_OF,
    ADDED_OF,
    ANY_TERM,
    NO_TERM,
    PAIR,
    PATTERN,
    ANY_PATTERN,
    QUARTER,
    OPTION,
    TOLD,
    COMBINATION = TOLD,
    BOTH_PATTERNS,
    ONE_PATTERN,
    KINDS
};

static bool is_in(const struct atom *atom, enum what what, size_t i)
{
    switch (what) {
    case TERM:
        return atom->terms >> i & 1;
    case UNIQUE_OF:
        return atom->terms == 1u << i;
    case ADDED_OF:
        return atom->terms >> i & 1 && !(atom->terms & ((1u << i) - 1));
    case ANY_TERM:
        return atom->terms;
    case NO_TERM:
        return !atom->terms;
    case PAIR: /* without term I */
        return (atom->terms | 1u << i) == (1 << TERMS) - 1;
    case PATTERN:
        return atom->patterns >> i & 1;
    case ANY_PATTERN:
        return atom->patterns;
    case QUARTER:
        return quarter_of(atom->segment) == i;
    case OPTION:
        return in_option(atom, i);
    case COMBINATION:
        return i > 0 && atom->terms == i;
    case BOTH_PATTERNS:
        return atom->patterns == 3;
    case ONE_PATTERN:
        return atom->patterns == 1u << i;
    case KINDS:
        break;
    }
    return false;
}

static const size_t counts[KINDS] = {
    [TERM] = TERMS,       [UNIQUE_OF] = TERMS, [ADDED_OF] = TERMS,   [ANY_TERM] = 1,
    [NO_TERM] = 1,        [PAIR] = TERMS,      [PATTERN] = PATTERNS, [ANY_PATTERN] = 1,
    [QUARTER] = QUARTERS, [OPTION] = OPTIONS,  [COMBINATION] = 8,    [BOTH_PATTERNS] = 1,
    [ONE_PATTERN] = 2};

/* ---- what the reader knows ---- */

/* The figure as it is told; of a pair that is not listed 0. */
static struct figure told(const struct release *release, enum what what, size_t i)
{
    static const struct {
        const char *table;
        size_t row, column;
    } places[TOLD] = {[TERM] = {"t", 0, 0},
                      [UNIQUE_OF] = {"t", 0, 5},
                      [ADDED_OF] = {"t", 0, 6},
                      [ANY_TERM] = {"t", TERMS, 0},
                      [NO_TERM] = {"t", TERMS + 1, 0},
                      [PATTERN] = {"r", 0, 0},
                      [ANY_PATTERN] = {"r", PATTERNS, 0},
                      [QUARTER] = {"q", 0, 0},
                      [OPTION] = {"o", 0, 0}};
    const struct figure_table *table =
        release_table_find(release, what == PAIR ? "t.pairs" : places[what].table);
    assert_non_null(table);
    if (what != PAIR)
        return figure_at(table, places[what].row + i, places[what].column);
    for (size_t row = 0; row < figure_table_rows(table); row++) {
        size_t a = (size_t)(figure_key_value(table, row, 0)[1] - '1');
        size_t b = (size_t)(figure_key_value(table, row, 1)[1] - '1');
        if (a != i && b != i)
            return figure_at(table, row, 0);
    }
    return (struct figure){.value = 0, .state = FIGURE_EXACT};
}

/* IN is then true of the combinations that make a figure. */
static const bool *atoms_of(enum what what, size_t i, bool in[ATOMS])
{
    for (size_t a = 0; a < ATOMS; a++) {
        struct atom atom = atom_of(a);
        in[a] = is_in(&atom, what, i);
    }
    return in;
}

static struct reader *reader_of(const struct release *release, uint64_t population)
{
    struct reader *reader = reader_new(ATOMS);
    bool in[ATOMS];
    memset(in, true, sizeof in);
    reader_know_value(reader, in, (double)population);
    for (enum what what = TERM; what < TOLD; what++)
        for (size_t i = 0; i < counts[what]; i++) {
            struct figure figure = told(release, what, i);
            if (figure.state == FIGURE_EXACT)
                reader_know_value(reader, atoms_of(what, i, in), (double)figure.value);
        }
    return reader;
}

/* ---- the truth ---- */

static void truth_init(struct made_atoms *truth, const struct made *made)
{
    made_atoms_init(truth, made, ATOMS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct made_hit hit;
        size_t terms = 0, patterns = 0;
        if (!population_has(&made->population, made->rows[row].part, made->rows[row].local))
            continue;
        for (unsigned t = 0; t < TERMS; t++)
            terms |= (size_t)made_hit(made, 0, t, row, &hit) << t;
        for (unsigned p = 0; p < PATTERNS; p++)
            patterns |= (size_t)made_hit(made, 1, p, row, &hit) << p;
        struct civil_date date = civil_from_days(civil_day_of(made->rows[row].time));
        unsigned quarter = (unsigned)(date.month - 1) / 3;
        bool early = date.month == 4 || (date.month == 5 && date.day < 16);
        size_t segment = quarter == 0 ? 0 : quarter == 1 ? (early ? 1 : 2) : quarter + 1;
        truth->of_row[row] = terms + (1 << TERMS) * (patterns + (1 << PATTERNS) * segment);
    }
}

/* How many numbers of few users the reader knows too well. */
static size_t count_leaks(const struct tally *tally, const struct made *made, size_t *small,
                          size_t *shown)
{
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release;
    struct error err = ERROR_INIT;
    size_t leaks = 0;
    assert_ok(gate_release(tally, &policy, &release, &err), err);
    struct reader *reader = reader_of(release, made->population.conversations);
    struct made_atoms truth;
    truth_init(&truth, made);
    for (enum what what = TERM; what < KINDS; what++)
        for (size_t i = 0; i < counts[what]; i++) {
            bool in[ATOMS];
            uint32_t users;
            (void)made_atoms_count(&truth, atoms_of(what, i, in), &users);
            *shown += what == OPTION && told(release, what, i).state == FIGURE_EXACT;
            if (users == 0 || users >= MIN_USERS)
                continue;
            ++*small;
            struct reader_range range = reader_range(reader, in);
            assert_true(isfinite(range.most));
            leaks += reader_range_tells(range, MIN_USERS);
        }
    made_atoms_release(&truth);
    reader_free(reader);
    release_free(release);
    return leaks;
}

static void nothing_follows_over_tables(void **state)
{
    (void)state;
    size_t small = 0, leaks = 0, apart = 0, shown = 0, rest = 0, runs = 60;
    for (unsigned i = 0; i < runs; i++) {
        const struct made_wish wish = {.seed = 1300 + i,
                                       .parts = 1,
                                       .rows = 120 + 60 * (i % 7),
                                       .users = i % 3 ? 150 : 40,
                                       .hit_permille = 30 + 41 * (i % 8),
                                       .plan = plan};
        struct made made;
        struct tally tally;
        made_ready(&made, &wish);
        made_tally(&made, &tally);
        leaks += count_leaks(&tally, &made, &small, &shown);
        tally.tie_count = 0;
        apart += count_leaks(&tally, &made, &rest, &rest);
        tally_release(&tally);
        made_release(&made);
    }
    print_message("%zu small numbers; %zu follow, %zu would table by table; %zu of %zu options "
                  "shown\n",
                  small, leaks, apart, shown, OPTIONS * runs);
    assert_int_equal(leaks, 0);
    assert_true(small > 100 && apart > 20 && 2 * shown > OPTIONS * runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
