/*
 * A reader of terms by quarters who reckons with every combination of terms in every quarter:
 * linear programs over the numbers of conversations that each has, under all that the report shows
 * (terms, pairs, terms by quarters). No row of few users lies closer than the rule allows; nor,
 * for a reader who knows that in a quarter one term hits all that another does, what lies between
 * the two. Judged table by table, or without the differences, some would.
 */
#include "tests/support/made_atoms.h"
#include "tests/support/reader.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "queries/field.h"
#include "queries/terms_by.h"
#include "queries/terms_relations.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { MIN_USERS = 5, TERMS_MOST = 3, COMBINATIONS = 1 << TERMS_MOST, GROUPS_MOST = 16 };
enum { NUMBERS = COMBINATIONS * GROUPS_MOST };

#define PLAN(terms)                                                                                \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":["                         \
    "{\"id\":\"t\",\"kind\":\"terms\",\"terms\":[" terms "],\"by\":[\"quarter\"]}],"               \
    "\"release\":{\"min_users\":5}}"

static const char *const plans[] = {PLAN("\"a\""), PLAN("\"a\",\"b\""), PLAN("\"a\",\"b\",\"c\"")};

struct report_reader {
    struct reader *knows;
    size_t terms, combinations, groups;
    const struct figure_table *report, *pairs, *by;
};

/* Which numbers a sum takes: combination + COMBINATIONS * group. */
struct sum {
    bool in[NUMBERS];
};

static bool has(size_t number, size_t term)
{
    return number % COMBINATIONS >> term & 1;
}

/* All numbers of a report's row and column, in one group or (SIZE_MAX) in all. */
static struct sum sum_of(const struct report_reader *r, size_t row, enum terms_column column,
                         size_t group)
{
    struct sum sum = {{false}};
    for (size_t s = 0; s < r->combinations; s++)
        for (size_t g = 0; g < r->groups; g++) {
            size_t low = s & (((size_t)1 << row) - 1);
            bool in = row == r->terms       ? s != 0
                      : row == r->terms + 1 ? s == 0
                      : row == r->terms + 2 ? true
                      : column == UNIQUE    ? s == (size_t)1 << row
                      : column == ADDED     ? has(s, row) && low == 0
                                            : has(s, row);
            sum.in[s + COMBINATIONS * g] = in && (group == SIZE_MAX || group == g);
        }
    return sum;
}

static void know(const struct report_reader *r, const struct sum *sum, struct figure figure)
{
    if (figure.state == FIGURE_EXACT)
        reader_know_value(r->knows, sum->in, (double)figure.value);
    else
        reader_know_least(r->knows, sum->in, 1);
}

static void know_report(const struct report_reader *r)
{
    static const enum terms_column columns[] = {CONVERSATIONS, UNIQUE, ADDED};
    for (size_t row = 0; row < r->terms + 3; row++)
        for (size_t c = 0; c < (row < r->terms ? 3 : 1); c++) {
            struct sum sum = sum_of(r, row, columns[c], SIZE_MAX);
            struct figure figure = figure_at(r->report, row, columns[c]);
            if (figure.state == FIGURE_EXACT || row < r->terms)
                know(r, &sum, figure);
        }
    for (size_t a = 0; a < r->terms; a++)
        for (size_t b = a + 1; b < r->terms; b++) {
            struct sum both = {{false}};
            struct figure figure = {.state = FIGURE_EXACT};
            char names[2][24];
            snprintf(names[0], sizeof names[0], "T%zu", a + 1);
            snprintf(names[1], sizeof names[1], "T%zu", b + 1);
            for (size_t i = 0; i < NUMBERS; i++)
                both.in[i] = has(i, a) && has(i, b);
            for (size_t row = 0; row < figure_table_rows(r->pairs); row++)
                if (strcmp(figure_key_value(r->pairs, row, 0), names[0]) == 0 &&
                    strcmp(figure_key_value(r->pairs, row, 1), names[1]) == 0)
                    figure = figure_at(r->pairs, row, 0);
            know(r, &both, figure);
        }
}

static void reader_init(struct report_reader *r, const struct release *release, size_t terms)
{
    *r = (struct report_reader){.terms = terms,
                                .combinations = (size_t)1 << terms,
                                .report = release_table_find(release, "t"),
                                .pairs = release_table_find(release, "t.pairs"),
                                .by = release_table_find(release, "t.by")};
    assert_true(r->report && r->by && (terms < 2 || r->pairs));
    r->groups = figure_table_rows(r->by) / terms;
    assert_true(r->groups <= GROUPS_MOST);
    r->knows = reader_new(NUMBERS);
    know_report(r);
    for (size_t row = 0; row < figure_table_rows(r->by); row++) {
        struct sum sum = sum_of(r, row / r->groups, CONVERSATIONS, row % r->groups);
        struct figure figure = figure_at(r->by, row, BY_CONVERSATIONS);
        /* Of a withheld table its zeros are withheld, too, and then no one knows. */
        if (figure.state == FIGURE_EXACT)
            know(r, &sum, figure);
    }
}

/* Does the reader know SUM, a number of few users, too well? */
static bool leaks(const struct report_reader *r, const struct sum *sum)
{
    return reader_range_tells(reader_range(r->knows, sum->in), MIN_USERS);
}

/* ---- the truth ---- */

struct truth {
    struct made_atoms numbers;
    size_t terms;
};

static void truth_init(struct truth *t, const struct made *made, const struct tally_source *source,
                       const struct tally *tally, size_t groups)
{
    const struct tally_table *by = &tally->tables[tally->table_count - 1];
    t->terms = source->plan->queries[0].term_count;
    made_atoms_init(&t->numbers, made, NUMBERS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct made_hit hit;
        char text[FIELD_DAY_TEXT] = "no time";
        size_t number = 0, group = 0;
        if (!population_has(&made->population, made->rows[row].part, made->rows[row].local))
            continue;
        for (size_t term = 0; term < t->terms; term++)
            number |= (size_t)made_hit(made, 0, term, row, &hit) << term;
        if (made->rows[row].time != CIVIL_NONE)
            field_day_text(PLAN_FIELD_QUARTER, civil_day_of(made->rows[row].time), text);
        while (group < groups && strcmp(by->key_values[2 * group + 1], text) != 0)
            group++;
        if (group < groups)
            t->numbers.of_row[row] = number + COMBINATIONS * group;
    }
}

static uint32_t users_of(const struct truth *t, const struct sum *sum)
{
    uint32_t users;
    (void)made_atoms_count(&t->numbers, sum->in, &users);
    return users;
}

static bool is_small(const struct truth *t, const struct sum *sum)
{
    uint32_t users = users_of(t, sum);
    return users > 0 && users < MIN_USERS;
}

/* ---- what follows ---- */

struct count {
    size_t small, leaks, nested, nested_leaks, shown;
};

static void count_rows(const struct report_reader *r, const struct truth *t, struct count *count)
{
    for (size_t row = 0; row < r->terms * r->groups; row++) {
        struct sum sum = sum_of(r, row / r->groups, CONVERSATIONS, row % r->groups);
        count->shown += figure_at(r->by, row, BY_CONVERSATIONS).state == FIGURE_EXACT &&
                        figure_at(r->by, row, BY_CONVERSATIONS).value > 0;
        if (!is_small(t, &sum))
            continue;
        count->small++;
        count->leaks += leaks(r, &sum);
    }
}

/* Terms of which in one group the inner one has all that the outer one has, but for few users'. The
 * reader knows so: the numbers of the inner one without the outer are 0. */
static void count_nested(const struct report_reader *r, const struct truth *t, struct count *count)
{
    for (size_t at = 0; at < r->terms * r->terms * r->groups; at++) {
        size_t inner = at % r->terms, outer = at / r->terms % r->terms;
        size_t group = at / r->terms / r->terms;
        struct sum without = {{false}}, between = {{false}};
        struct sum own = sum_of(r, inner, CONVERSATIONS, group);
        for (size_t s = 0; s < r->combinations; s++) {
            size_t i = s + COMBINATIONS * group;
            without.in[i] = has(s, inner) && !has(s, outer);
            between.in[i] = !has(s, inner) && has(s, outer);
        }
        if (inner == outer || users_of(t, &without) || !is_small(t, &between) ||
            users_of(t, &own) < MIN_USERS)
            continue;
        for (size_t i = 0; i < NUMBERS; i++)
            if (without.in[i])
                reader_know_none(r->knows, i, true);
        count->nested++;
        count->nested_leaks += leaks(r, &between);
        for (size_t i = 0; i < NUMBERS; i++)
            if (without.in[i])
                reader_know_none(r->knows, i, false);
    }
}

static void read_all(const struct tally *tally, const struct truth *truth, struct count *count)
{
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release;
    struct report_reader reader;
    struct error err = ERROR_INIT;
    assert_ok(gate_release(tally, &policy, &release, &err), err);
    reader_init(&reader, release, truth->terms);
    count_rows(&reader, truth, count);
    count_nested(&reader, truth, count);
    reader_free(reader.knows);
    release_free(release);
}

static void no_row_follows(void **state)
{
    (void)state;
    struct count judged = {0}, apart = {0}, undifferenced = {0};
    for (unsigned i = 0; i < 60; i++) {
        size_t terms = 1 + i % 3;
        static const unsigned permilles[] = {30, 80, 970, 200, 990, 60, 950, 400};
        const struct made_wish wish = {.seed = 900 + i,
                                       .parts = 1,
                                       .rows = 200 + 100 * (i % 5),
                                       .users = i % 4 ? 150 : 60,
                                       .hit_permille = permilles[i % 8],
                                       .plan = plans[i % 3]};
        struct made made;
        struct tally tally;
        struct truth truth;
        made_ready(&made, &wish);
        const struct tally_source source = made_source(&made);
        made_tally(&made, &tally);
        assert_true(tally.tie_count > 0);
        truth_init(&truth, &made, &source, &tally,
                   tally.tables[tally.table_count - 1].row_count / terms);
        read_all(&tally, &truth, &judged);
        size_t differences = tally.difference_count;
        tally.difference_count = 0;
        read_all(&tally, &truth, &undifferenced);
        tally.difference_count = differences;
        tally.tie_count = 0;
        read_all(&tally, &truth, &apart);
        made_atoms_release(&truth.numbers);
        tally_release(&tally);
        made_release(&made);
    }
    print_message("%zu rows of few users, %zu follow, %zu would table by table; %zu nested, %zu "
                  "follow, %zu would; %zu rows shown\n",
                  judged.small, judged.leaks, apart.leaks, judged.nested, judged.nested_leaks,
                  undifferenced.nested_leaks, judged.shown);
    assert_int_equal(judged.leaks, 0);
    assert_int_equal(judged.nested_leaks, 0);
    assert_true(judged.small > 100 && apart.leaks > 10);
    assert_true(judged.nested > 20 && undifferenced.nested_leaks > 10 && judged.shown > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_row_follows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
