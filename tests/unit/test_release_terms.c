/*
 * A reader of a search term report who reckons with every combination of terms: linear programs
 * over the numbers of conversations that each combination has, under all that the report shows. No
 * number of few users lies closer than the rule allows, told or not. Judged table by table, some
 * would.
 */
#include "tests/support/made_atoms.h"
#include "tests/support/reader.h"
#include "tests/support/support.h"

#include "queries/terms_relations.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { MIN_USERS = 5, TERMS_MOST = 5, COMBINATIONS = 1 << TERMS_MOST };

#define PLAN(terms)                                                                                \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":["                         \
    "{\"id\":\"t\",\"kind\":\"terms\",\"terms\":[" terms "]}],\"release\":{\"min_users\":5}}"

static const char *const plans[] = {PLAN("\"a\",\"b\""), PLAN("\"a\",\"b\",\"c\""),
                                    PLAN("\"a\",\"b\",\"c\",\"d\""),
                                    PLAN("\"a\",\"b\",\"c\",\"d\",\"e\"")};

/* A number that is the sum of the combinations for which IN holds. */
struct sum {
    bool in[COMBINATIONS];
};

struct report_reader {
    struct reader *knows;
    size_t terms, combinations;
    const struct figure_table *report, *pairs;
};

/* ---- which combinations make a figure ---- */

static bool has(size_t combination, size_t term)
{
    return combination >> term & 1;
}

static bool begins_with(size_t combination, size_t term)
{
    return has(combination, term) && (combination & (((size_t)1 << term) - 1)) == 0;
}

/* The figure of ROW and COLUMN of a report of so many terms. */
static struct sum sum_of(size_t terms, size_t row, enum terms_column column)
{
    struct sum sum = {{false}};
    for (size_t s = 0; s < (size_t)1 << terms; s++)
        sum.in[s] = row == terms       ? s != 0
                    : row == terms + 1 ? s == 0
                    : row == terms + 2 ? true
                    : column == UNIQUE ? s == (size_t)1 << row
                    : column == ADDED  ? begins_with(s, row)
                                       : has(s, row);
    return sum;
}

/* ---- what the reader knows ---- */

static void know_figure(const struct report_reader *reader, const struct sum *sum,
                        struct figure figure)
{
    if (figure.state == FIGURE_EXACT)
        reader_know_value(reader->knows, sum->in, (double)figure.value);
    else
        reader_know_least(reader->knows, sum->in, 1);
}

static void know_pairs(const struct report_reader *reader)
{
    for (size_t a = 0; a < reader->terms; a++)
        for (size_t b = a + 1; b < reader->terms; b++) {
            struct sum both = {{false}};
            char names[2][24];
            bool listed = false;
            snprintf(names[0], sizeof names[0], "T%zu", a + 1);
            snprintf(names[1], sizeof names[1], "T%zu", b + 1);
            for (size_t s = 0; s < reader->combinations; s++)
                both.in[s] = has(s, a) && has(s, b);
            for (size_t row = 0; row < figure_table_rows(reader->pairs); row++) {
                if (strcmp(figure_key_value(reader->pairs, row, 0), names[0]) != 0 ||
                    strcmp(figure_key_value(reader->pairs, row, 1), names[1]) != 0)
                    continue;
                listed = true;
                know_figure(reader, &both, figure_at(reader->pairs, row, 0));
            }
            if (!listed)
                reader_know_value(reader->knows, both.in, 0);
        }
}

static void reader_init(struct report_reader *reader, const struct release *release, size_t terms)
{
    static const enum terms_column columns[] = {CONVERSATIONS, UNIQUE, ADDED};
    *reader = (struct report_reader){.terms = terms,
                                     .combinations = (size_t)1 << terms,
                                     .report = release_table_find(release, "t"),
                                     .pairs = release_table_find(release, "t.pairs")};
    assert_true(reader->report && reader->pairs);
    reader->knows = reader_new(reader->combinations);
    for (size_t row = 0; row < terms + 3; row++)
        for (size_t c = 0; c < sizeof columns / sizeof *columns && (row < terms || c < 1); c++) {
            struct sum sum = sum_of(terms, row, columns[c]);
            struct figure figure = figure_at(reader->report, row, columns[c]);
            /* Of a withheld table its zeros are withheld, too, and then no one knows. */
            if (figure.state == FIGURE_EXACT || row < terms)
                know_figure(reader, &sum, figure);
        }
    know_pairs(reader);
}

/* ---- the truth ---- */

static void truth_init(struct made_atoms *truth, const struct made *made, size_t terms)
{
    made_atoms_init(truth, made, (size_t)1 << terms);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct made_hit hit;
        if (!population_has(&made->population, made->rows[row].part, made->rows[row].local))
            continue;
        truth->of_row[row] = 0;
        for (size_t t = 0; t < terms; t++)
            truth->of_row[row] |= (size_t)made_hit(made, 0, t, row, &hit) << t;
    }
}

/* Is SUM a number of 1 to MIN_USERS - 1 users? */
static bool is_small(const struct made_atoms *truth, const struct sum *sum)
{
    uint32_t users;
    (void)made_atoms_count(truth, sum->in, &users);
    return users > 0 && users < MIN_USERS;
}

/* How many numbers of few users the reader knows too well. */
static size_t count_leaks(const struct report_reader *reader, const struct made_atoms *truth,
                          size_t *small)
{
    size_t leaks = 0,
           kinds = reader->combinations + 2 * reader->terms + reader->terms * reader->terms;
    for (size_t k = 0; k < kinds; k++) {
        struct sum sum = {{false}};
        size_t of = k - reader->combinations, term = of % reader->terms, other = of / reader->terms;
        for (size_t s = 0; s < reader->combinations; s++)
            sum.in[s] = k < reader->combinations ? s == k && (s & (s - 1))
                        : other == 0             ? has(s, term) && s != (size_t)1 << term
                        : other == 1             ? has(s, term) && !begins_with(s, term)
                                     : term < other - 2 && has(s, term) && has(s, other - 2);
        if (!is_small(truth, &sum))
            continue;
        ++*small;
        leaks += reader_range_tells(reader_range(reader->knows, sum.in), MIN_USERS);
    }
    return leaks;
}

static size_t leaks_of(const struct tally *tally, const struct made_atoms *truth, size_t terms,
                       size_t *small, size_t *shown)
{
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release;
    struct report_reader reader;
    struct error err = ERROR_INIT;
    assert_ok(gate_release(tally, &policy, &release, &err), err);
    reader_init(&reader, release, terms);
    for (size_t row = 0; row < terms; row++)
        *shown += figure_at(reader.report, row, CONVERSATIONS).state == FIGURE_EXACT;
    size_t leaks = count_leaks(&reader, truth, small);
    reader_free(reader.knows);
    release_free(release);
    return leaks;
}

static void no_combination_follows(void **state)
{
    (void)state;
    size_t small = 0, leaks = 0, apart = 0, shown = 0, rest = 0, of = 0;
    for (unsigned i = 0; i < 60; i++) {
        size_t terms = 2 + i % 4;
        const struct made_wish wish = {.seed = 700 + i,
                                       .parts = 1,
                                       .rows = 300 + 100 * (i % 7),
                                       .users = i % 3 ? 150 : 60,
                                       .hit_permille = 40 + 37 * (i % 9),
                                       .plan = plans[i % 4]};
        struct made made;
        struct tally tally;
        struct made_atoms truth;
        made_ready(&made, &wish);
        made_tally(&made, &tally);
        truth_init(&truth, &made, terms);
        assert_true(tally.tie_count > 0);
        leaks += leaks_of(&tally, &truth, terms, &small, &shown);
        of += terms;
        tally.tie_count = 0;
        apart += leaks_of(&tally, &truth, terms, &rest, &rest);
        made_atoms_release(&truth);
        tally_release(&tally);
        made_release(&made);
    }
    print_message(
        "%zu small numbers; %zu follow, %zu would table by table; %zu of %zu terms shown\n", small,
        leaks, apart, shown, of);
    assert_int_equal(leaks, 0);
    assert_true(small > 50 && apart > 20 && 2 * shown > of);
}

/* With more combinations than are kept, and with more terms than make pairs: what is related then
 * holds on the numbers, and the gate finds a pattern. */
static void no_combinations_kept(void **state)
{
    (void)state;
    static const struct {
        unsigned terms, permille;
    } cases[] = {{14, 500}, {TALLY_PAIR_TERMS + 1, 20}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char plan[8192];
        int n = snprintf(plan, sizeof plan,
                         "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":["
                         "{\"id\":\"t\",\"kind\":\"terms\",\"terms\":[");
        for (unsigned t = 0; t < cases[i].terms; t++)
            n += snprintf(plan + n, sizeof plan - (size_t)n, "%s\"w%u\"", t ? "," : "", t);
        snprintf(plan + n, sizeof plan - (size_t)n, "]}],\"release\":{\"min_users\":5}}");
        const struct made_wish wish = {.seed = 800 + i,
                                       .parts = 1,
                                       .rows = 9000,
                                       .users = 3000,
                                       .hit_permille = cases[i].permille,
                                       .plan = plan};
        struct made made;
        struct tally tally;
        struct release *release;
        struct error err = ERROR_INIT;
        struct gate_policy policy = {.min_users = MIN_USERS};
        made_ready(&made, &wish);
        made_tally(&made, &tally);
        assert_true(tally.hidden_count >= 3 * cases[i].terms);
        assert_ok(gate_release(&tally, &policy, &release, &err), err);
        release_free(release);
        tally_release(&tally);
        made_release(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_combination_follows),
                                       cmocka_unit_test(no_combinations_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
