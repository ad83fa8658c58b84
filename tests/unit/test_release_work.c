/* Tables of differing shapes that are hard to protect: each ends within the work that it is given,
 * as counted, and says so. What that takes is printed, not tested: set against a fixed computation,
 * since machines differ.
 */
#include "queries/tally.h"
#include "release/attacker.h"
#include "release/smallcell.h"
#include "tests/support/small_tables.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct error err;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A fixed computation, for comparison. */
static double measure_machine(void)
{
    static double row[512], other[512];
    double start = seconds();
    for (size_t i = 0; i < 512; i++)
        row[i] = (double)i;
    for (size_t round = 0; round < 400000; round++)
        for (size_t i = 0; i < 512; i++)
            other[i] = other[i] * 0.5 + row[i];
    assert_true(other[511] > 0);
    return seconds() - start;
}

/* ---- shapes ---- */

static uint64_t small_or_zero(uint64_t odds)
{
    return tables_below(odds) ? 1 + tables_below(6) : tables_below(2) ? 0 : 11 + tables_below(40);
}

/* Sums of COUNT rows into one more, all told, in column 0. */
static void add_up(struct tally_table *table, const uint32_t *rows, uint32_t count, uint32_t total)
{
    struct tally_term *terms = calloc(count + 1, sizeof *terms);
    uint64_t sum = 0;
    assert_non_null(terms);
    for (uint32_t i = 0; i < count; i++) {
        terms[i] = (struct tally_term){rows[i], 0, 1};
        sum += tally_cell_at(table, rows[i], 0)->value;
    }
    terms[count] = (struct tally_term){total, 0, -1};
    tables_set(table, total, 0, sum, sum);
    table->row_flags[total] = TALLY_KEEP;
    tables_relate(table, terms, count + 1, false);
    free(terms);
}

/* SIDE^FIELDS combinations, with all sums over one field: margins that share cells FIELDS deep. */
static struct tally_table *cube(uint32_t side, uint32_t fields, uint64_t odds)
{
    uint32_t cells = 1, at, rows[64];
    for (uint32_t f = 0; f < fields; f++)
        cells *= side;
    struct tally_table *table = tables_make(tables_both, 1, cells + fields * (cells / side));
    for (uint32_t i = 0; i < cells; i++) {
        uint64_t value = small_or_zero(odds);
        tables_set(table, i, 0, value, value);
    }
    at = cells;
    for (uint32_t step = 1; step < cells; step *= side)
        for (uint32_t i = 0; i < cells; i++) {
            if (i / step % side)
                continue;
            for (uint32_t k = 0; k < side; k++)
                rows[k] = i + k * step;
            add_up(table, rows, side, at++);
        }
    return table;
}

/* CELLS figures and SUMS of LENGTH of them, drawn at random: nothing but halves and thirds. */
static struct tally_table *random_sums(uint32_t cells, uint32_t sums, uint32_t length)
{
    struct tally_table *table = tables_make(tables_both, 1, cells + sums);
    uint32_t *rows = calloc(cells, sizeof *rows);
    assert_non_null(rows);
    for (uint32_t i = 0; i < cells; i++) {
        uint64_t value = small_or_zero(8);
        tables_set(table, i, 0, value, value);
        rows[i] = i;
    }
    for (uint32_t s = 0; s < sums; s++) {
        for (uint32_t i = 0; i < length; i++) {
            uint32_t other = i + (uint32_t)tables_below(cells - i), row = rows[i];
            rows[i] = rows[other];
            rows[other] = row;
        }
        add_up(table, rows, length, cells + s);
    }
    free(rows);
    return table;
}

/* Every combination of SETS sets, none of them told, and how many are in each set and each two. */
static struct tally_table *combinations(uint32_t sets, uint64_t odds)
{
    uint32_t cells = 1u << sets, at = cells, *rows = calloc(cells, sizeof *rows);
    struct tally_table *table = tables_make(tables_both, 1, cells + sets * (sets + 1) / 2);
    assert_non_null(rows);
    for (uint32_t i = 0; i < cells; i++) {
        uint64_t value = small_or_zero(odds);
        tables_set(table, i, 0, value, value);
    }
    for (uint32_t a = 0; a < sets; a++)
        for (uint32_t b = 0; b <= a; b++) {
            uint32_t count = 0;
            for (uint32_t i = 0; i < cells; i++)
                if (i >> a & 1 && i >> b & 1)
                    rows[count++] = i;
            add_up(table, rows, count, at++);
        }
    free(rows);
    return table;
}

/* M x N with its margins, which are kept. */
static struct tally_table *margins(uint32_t m, uint32_t n, uint64_t odds)
{
    uint32_t *rows = calloc(m > n ? m : n, sizeof *rows);
    struct tally_table *table = tables_make(tables_both, 1, m * n + m + n);
    assert_non_null(rows);
    for (uint32_t i = 0; i < m * n; i++) {
        uint64_t value = small_or_zero(odds);
        tables_set(table, i, 0, value, value);
    }
    for (uint32_t r = 0; r < m; r++) {
        for (uint32_t c = 0; c < n; c++)
            rows[c] = r * n + c;
        add_up(table, rows, n, m * n + r);
    }
    for (uint32_t c = 0; c < n; c++) {
        for (uint32_t r = 0; r < m; r++)
            rows[r] = r * n + c;
        add_up(table, rows, m, m * n + m + c);
    }
    free(rows);
    return table;
}

static struct tally_table *cube_small(void)
{
    return cube(8, 3, 12);
}

static struct tally_table *cube_large(void)
{
    return cube(20, 3, 20);
}

static struct tally_table *cube_deep(void)
{
    return cube(6, 4, 20);
}

static struct tally_table *sums_short(void)
{
    return random_sums(2000, 900, 6);
}

static struct tally_table *sums_long(void)
{
    return random_sums(1500, 250, 300);
}

static struct tally_table *sums_many(void)
{
    return random_sums(20000, 4000, 40);
}

static struct tally_table *sets_of_ten(void)
{
    return combinations(10, 30);
}

static struct tally_table *sets_of_twelve(void)
{
    return combinations(12, 60);
}

static struct tally_table *margins_wide(void)
{
    return margins(300, 300, 40);
}

static const struct shape {
    const char *name;
    struct tally_table *(*make)(void);
    bool hidden; /* the first 2^k rows are told by no table */
} shapes[] = {{"8 x 8 x 8, sums over each field", cube_small, false},
              {"20 x 20 x 20, sums over each field", cube_large, false},
              {"6 x 6 x 6 x 6, sums over each field", cube_deep, false},
              {"900 random sums of 6 of 2,000", sums_short, false},
              {"250 random sums of 300 of 1,500", sums_long, false},
              {"4,000 random sums of 40 of 20,000", sums_many, false},
              {"10 sets, each two told", sets_of_ten, true},
              {"12 sets, each two told", sets_of_twelve, true},
              {"300 x 300 with margins", margins_wide, false}};

static void judge(const struct shape *shape, size_t limit, double unit)
{
    tables_stream = 23;
    struct tally_table *table = shape->make();
    unsigned char *flags = calloc(table->row_count * table->column_count + 1, 1);
    struct smallcell_work work = {.limit = limit};
    assert_non_null(flags);
    for (size_t i = 0; shape->hidden && !(table->row_flags[i] & TALLY_KEEP); i++)
        flags[i] = SMALLCELL_HIDDEN;
    double start = seconds();
    enum status status = smallcell_suppress(table, 11, NULL, NULL, flags, &work, &err);
    double took = seconds() - start;
    assert_true(status == STATUS_OK || status == STATUS_REFUSED);
    print_message("%-36s %s %6zu small %6zu withheld %4zu rounds %5zu programs %12zu work %6.3f s "
                  "%5.2f times the fixed computation\n",
                  shape->name, status == STATUS_OK ? "solved  " : "given up", work.primary,
                  work.withheld, work.rounds, work.programs, work.used, took, took / unit);
    free(flags);
    /* What was begun within it, as one program of a large system, may end. */
    assert_true(work.used <= limit + ATTACKER_WORK / 8);
}

static void each_shape_ends(void **state)
{
    (void)state;
    double unit = measure_machine();
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        judge(&shapes[i], test_short() ? ATTACKER_WORK / 8 : ATTACKER_WORK, unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_shape_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
