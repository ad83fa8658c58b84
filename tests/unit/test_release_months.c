/*
 * A report each month over a period that grows: what KINDS kinds find, each alone or with others,
 * all reports under one ledger. Each shows nearly all that is neither small itself nor tells by how
 * few it grew, within the work that is allowed; and a reader of all of them, who reckons with all
 * that ties them, comes no closer to a small number than the rule allows.
 */
#include "release/attacker.h"
#include "release/smallcell.h"
#include "tests/support/reader.h"
#include "tests/support/small_tables.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS = 10, MONTHS = 12, EACH = 120, MIN_USERS = 11, PARTS = 2 * KINDS + 2 };
enum { ALONE = 0, SHARED = KINDS, SEVERAL = 2 * KINDS }; /* there are two of the last */
enum { ANY = KINDS, COLUMNS = 2, ROWS_MOST = 4 * MONTHS * (PARTS + KINDS + 1) };

static struct error err;

/* Of the days that each month adds. */
struct month {
    uint64_t alone[KINDS], shared[KINDS], several;
};

/* What was told of each month's report: ANY is what any kind finds. */
struct told {
    bool shown[MONTHS][KINDS + 1][COLUMNS];
};

/* A conversation each of so many users; kinds are frequent or rare. */
static void make_months(struct month *months)
{
    memset(months, 0, MONTHS * sizeof *months);
    for (size_t m = 0; m < MONTHS; m++)
        for (size_t i = 0; i < EACH; i++) {
            size_t kind = tables_below(KINDS), other = tables_below(KINDS);
            kind = tables_below(1 + kind), other = tables_below(1 + other);
            if (kind == other || tables_below(3)) {
                months[m].alone[kind]++;
                continue;
            }
            months[m].several++;
            months[m].shared[kind]++;
            months[m].shared[other]++;
        }
}

/* Sums of months FROM up to END. */
static struct month add_months(const struct month *months, size_t from, size_t end)
{
    struct month sum = {.several = 0};
    for (size_t m = from; m < end; m++) {
        sum.several += months[m].several;
        for (size_t k = 0; k < KINDS; k++) {
            sum.alone[k] += months[m].alone[k];
            sum.shared[k] += months[m].shared[k];
        }
    }
    return sum;
}

/* ---- the table of all reports so far ---- */

struct series {
    struct tally_table *table;
    unsigned char flags[ROWS_MOST * COLUMNS];
    size_t rows; /* used so far */
};

static uint32_t add_row(struct series *s, uint64_t value, bool hidden)
{
    assert_true(s->rows < ROWS_MOST);
    tables_set(s->table, s->rows, 0, value, value);
    if (hidden)
        s->flags[s->rows * COLUMNS] = SMALLCELL_HIDDEN;
    else
        tables_set(s->table, s->rows, 1, value, value);
    return (uint32_t)s->rows++;
}

static void relate(struct series *s, const uint32_t *rows, size_t count, uint32_t column,
                   bool at_most)
{
    struct tally_term terms[PARTS];
    for (size_t i = 0; i < count; i++) /* the first is the sum of the others, or at most that */
        terms[i] = (struct tally_term){rows[i], column, i ? -1 : 1};
    tables_relate(s->table, terms, count, at_most);
}

/* The union of TOLD[KINDS + 1]: its hidden figures, PARTS of them from *FIRST on. */
static void unite(struct series *s, const struct month *of, const uint32_t *told, uint32_t *first)
{
    uint32_t all[PARTS];
    *first = (uint32_t)s->rows;
    for (size_t k = 0; k < KINDS; k++)
        (void)add_row(s, of->alone[k], true);
    for (size_t k = 0; k < KINDS; k++)
        (void)add_row(s, of->shared[k], true);
    for (size_t i = 0; i < 2; i++)
        (void)add_row(s, of->several, true);
    all[0] = told[ANY];
    all[KINDS + 1] = *first + SEVERAL;
    for (uint32_t k = 0; k < KINDS; k++) {
        const uint32_t split[] = {told[k], *first + ALONE + k, *first + SHARED + k};
        const uint32_t within[] = {*first + SHARED + k, *first + SEVERAL};
        relate(s, split, 3, 0, false);
        relate(s, within, 2, 0, true);
        all[1 + k] = *first + ALONE + k;
    }
    relate(s, all, KINDS + 2, 0, false);
    const uint32_t same[] = {*first + SEVERAL, *first + SEVERAL + 1};
    relate(s, same, 2, 0, false);
    struct tally_term twice[KINDS + 2] = {{same[0], 0, 1}, {same[1], 0, 1}};
    for (uint32_t k = 0; k < KINDS; k++)
        twice[2 + k] = (struct tally_term){*first + SHARED + k, 0, -1};
    tables_relate(s->table, twice, KINDS + 2, true);
}

/* Rows of each report, what is hidden of each period and of the days between any two. */
static void make_table(struct series *s, const struct month *months, size_t reports,
                       const struct told *told)
{
    uint32_t rows[MONTHS][KINDS + 1], parts[MONTHS];
    memset(s, 0, sizeof *s);
    s->table = tables_make(tables_both, COLUMNS, ROWS_MOST);
    s->table->lowest_rule = s->table->highest_rule = MIN_USERS;
    for (size_t m = 0; m < reports; m++) {
        struct month sum = add_months(months, 0, m + 1);
        uint64_t any = sum.several;
        for (uint32_t k = 0; k < KINDS; k++) {
            rows[m][k] = add_row(s, sum.alone[k] + sum.shared[k], false);
            any += sum.alone[k];
        }
        rows[m][ANY] = add_row(s, any, false);
        for (size_t k = 0; k <= KINDS; k++) {
            const struct tally_term users[] = {{rows[m][k], 1, 1}, {rows[m][k], 0, -1}};
            tables_relate(s->table, users, 2, true);
            for (size_t c = 0; m + 1 < reports && c < COLUMNS; c++)
                s->flags[rows[m][k] * COLUMNS + c] =
                    told->shown[m][k][c] ? SMALLCELL_FIXED : SMALLCELL_BEFORE;
        }
    }
    for (size_t m = 0; m < reports; m++) {
        struct month sum = add_months(months, 0, m + 1);
        unite(s, &sum, rows[m], &parts[m]);
        for (size_t before = 0; before < m; before++) {
            struct month rest = add_months(months, before + 1, m + 1);
            uint32_t own[KINDS + 1], first;
            uint64_t any = rest.several;
            for (size_t k = 0; k < KINDS; k++)
                any += rest.alone[k];
            for (size_t k = 0; k <= KINDS; k++) {
                own[k] = add_row(s, k < KINDS ? rest.alone[k] + rest.shared[k] : any, true);
                const uint32_t sums[] = {rows[m][k], rows[before][k], own[k]};
                const uint32_t users[] = {rows[before][k], rows[m][k]};
                relate(s, sums, 3, 0, false);
                relate(s, users, 2, 1, true);
            }
            if (before + 1 < m)
                continue;
            unite(s, &rest, own, &first);
            for (uint32_t i = 0; i < PARTS - 1; i++) {
                const uint32_t sums[] = {parts[m] + i, parts[before] + i, first + i};
                relate(s, sums, 3, 0, false);
            }
        }
    }
}

/* ---- a reader of all reports ---- */

static size_t count_leaks(const struct series *s)
{
    size_t cells = s->rows * COLUMNS, leaks = 0;
    struct reader *reader = reader_new(cells);
    double *factors = calloc(cells, sizeof *factors);
    bool *in = calloc(cells, sizeof *in);
    assert_true(factors && in);
    for (size_t r = 0; r < s->table->relation_count; r++) {
        const struct tally_relation *relation = &s->table->relations[r];
        memset(factors, 0, cells * sizeof *factors);
        for (size_t i = 0; i < relation->count; i++)
            factors[relation->terms[i].row * COLUMNS + relation->terms[i].column] +=
                relation->terms[i].sign;
        reader_know_relation(reader, factors, relation->at_most);
    }
    for (size_t cell = 0; cell < cells; cell++) {
        in[cell] = true;
        if (!(s->flags[cell] & SMALLCELL_WITHHELD))
            reader_know_value(reader, in, (double)s->table->cells[cell].value);
        else if (!(s->flags[cell] & SMALLCELL_HIDDEN))
            reader_know_least(reader, in, 1);
        in[cell] = false;
    }
    reader_reckon_on(reader);
    for (size_t cell = 0; cell < cells; cell++) {
        uint64_t value = s->table->cells[cell].value;
        in[cell] = true;
        leaks += value && value < MIN_USERS && !(s->flags[cell] & SMALLCELL_HIDDEN) &&
                 !(s->flags[cell] & SMALLCELL_WITHHELD);
        if (value && value < MIN_USERS && s->flags[cell] & SMALLCELL_WITHHELD)
            leaks += reader_range_tells(reader_range(reader, in), MIN_USERS);
        in[cell] = false;
    }
    reader_free(reader);
    free(factors);
    free(in);
    return leaks;
}

/* ---- */

static bool is_small(uint64_t value)
{
    return value && value < MIN_USERS;
}

/* Figures of month NUMBER that are small, or are by few more than those of the month before. */
static size_t count_needed(const struct month *months, size_t number)
{
    struct month all = add_months(months, 0, number + 1);
    const struct month *last = &months[number];
    size_t needed = 0;
    for (size_t k = 0; k < KINDS; k++)
        needed +=
            is_small(all.alone[k] + all.shared[k]) || is_small(last->alone[k] + last->shared[k]);
    return COLUMNS * needed;
}

/* Judges the report of month NUMBER after those before it; how many figures it withholds. */
static size_t report(struct series *s, const struct month *months, size_t number, struct told *told,
                     struct smallcell_work *work)
{
    size_t withheld = 0;
    make_table(s, months, number + 1, told);
    *work = (struct smallcell_work){.limit = ATTACKER_WORK / 2};
    assert_ok(smallcell_suppress(s->table, MIN_USERS, NULL, NULL, s->flags, work, &err), err);
    size_t first = number * (KINDS + 1); /* rows of reports come before all else */
    for (size_t k = 0; k <= KINDS; k++)
        for (size_t c = 0; c < COLUMNS; c++) {
            bool hides = s->flags[(first + k) * COLUMNS + c] & SMALLCELL_WITHHELD;
            told->shown[number][k][c] = !hides;
            withheld += hides;
        }
    return withheld;
}

static void growing_periods(void **state)
{
    (void)state;
    struct month months[MONTHS];
    struct series *s = calloc(1, sizeof *s);
    assert_non_null(s);
    tables_stream = 29;
    size_t all = 0, needed = 0, reports = test_short() ? 6 : MONTHS;
    for (size_t round = 0; round < (test_short() ? 1 : 3); round++) {
        struct told told = {0};
        struct smallcell_work work;
        make_months(months);
        for (size_t m = 0; m < reports; m++) {
            size_t withheld = report(s, months, m, &told, &work), small = count_needed(months, m);
            print_message("month %zu: %zu withheld, %zu of them small; %zu small in all, %zu "
                          "programs, %zu work\n",
                          m + 1, withheld, small, work.primary, work.programs, work.used);
            assert_false(work.whole);
            assert_true(8 * work.used < ATTACKER_WORK);
            assert_int_equal(count_leaks(s), 0);
            all += withheld;
            needed += small;
        }
    }
    assert_true(needed > 0 && all <= 2 * needed);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(growing_periods)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
