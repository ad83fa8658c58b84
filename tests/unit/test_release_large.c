/* Large tables: the pattern stays lean, keeps the totals, and comes in time (printed, not tested).
 */
#include "queries/tally.h"
#include "release/smallcell.h"
#include "tests/support/small_tables.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <time.h>

static struct error err;

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* ROWS rows and a total, three or more columns, one small row in ODDS. */
static void flat(uint32_t rows, uint64_t odds, uint32_t extra)
{
    struct tally_column columns[12] = {tables_words[0], tables_words[1]};
    for (uint32_t i = 0; i < extra; i++)
        columns[2 + i] = tables_words[2];
    struct tally_table *table = tables_make(columns, 2 + extra, rows + 1);
    uint64_t sums[12] = {0};
    for (uint32_t row = 0; row < rows; row++) {
        uint64_t users = tables_below(odds) ? 11 + tables_below(500) : 1 + tables_below(10);
        uint64_t conversations = users + tables_below(3 * users);
        tables_set(table, row, 0, conversations, users);
        tables_set(table, row, 1, users, users);
        sums[0] += conversations;
        sums[1] += users;
        for (uint32_t i = 0; i < extra; i++) {
            uint64_t count = conversations + tables_below(100 * conversations);
            tables_set(table, row, 2 + i, count, users);
            sums[2 + i] += count;
            struct tally_term terms[2] = {{row, 0, 1}, {row, 2 + i, -1}};
            tables_relate(table, terms, 2, true);
        }
        struct tally_term terms[2] = {{row, 1, 1}, {rows, 1, -1}};
        tables_relate(table, terms, 2, true);
    }
    sums[1] = sums[1] * 3 / 4 > 520 ? sums[1] * 3 / 4 : sums[1];
    for (uint32_t column = 0; column < 2 + extra; column++)
        tables_set(table, rows, column, sums[column], sums[1]);
    table->row_flags[rows] = TALLY_KEEP;
    for (uint32_t column = 0; column < 2 + extra; column++)
        if (column != 1)
            tables_sum(table, 0, 1, rows, rows, column);
    tables_users(table);
    tables_union(table, rows, 1);
    unsigned char *flags = calloc((size_t)(rows + 1) * (2 + extra), 1);
    assert_non_null(flags);
    struct smallcell_work work = {.limit = 0};
    struct timespec start;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, &work, &err), err);
    print_message(
        "%u x %u: %zu small, %zu withheld, %zu rounds, %zu programs, %.3f s of processor\n", rows,
        2 + extra, work.primary, work.withheld, work.rounds, work.programs, seconds_since(&start));
    assert_true(work.withheld >= work.primary);
    assert_true(work.withheld <= work.primary + 4 * (2 + extra));
    free(flags);
}

static void large_tables(void **state)
{
    (void)state;
    tables_stream = 15;
    flat(1000, 300, 8);
    flat(1000, 3, 8);
    if (test_short())
        return;
    flat(40000, 12, 2);
    flat(40000, 10000, 2);
}

/* M x N with margins and a grand total. */
static void margins(uint32_t m, uint32_t n, uint64_t odds)
{
    uint32_t total = m * n + m + n;
    struct tally_table *table = tables_make(tables_both, 1, total + 1);
    for (uint32_t r = 0; r < m; r++)
        for (uint32_t c = 0; c < n; c++) {
            uint64_t value = tables_below(odds) ? 11 + tables_below(300) : tables_below(11);
            uint32_t into[] = {r * n + c, m * n + r, m * n + m + c, total};
            for (size_t i = 0; i < 4; i++) {
                uint64_t sum = tally_cell_at(table, into[i], 0)->value + value;
                tables_set(table, into[i], 0, sum, sum);
            }
        }
    for (uint32_t row = m * n; row <= total; row++)
        table->row_flags[row] = TALLY_KEEP;
    for (uint32_t r = 0; r < m; r++)
        tables_sum(table, r * n, 1, n, m * n + r, 0);
    for (uint32_t c = 0; c < n; c++)
        tables_sum(table, c, n, m, m * n + m + c, 0);
    tables_sum(table, m * n, 1, m, total, 0);
    tables_sum(table, m * n + m, 1, n, total, 0);
    unsigned char *flags = calloc(total + 1, 1);
    assert_non_null(flags);
    struct smallcell_work work = {.limit = 0};
    struct timespec start;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, &work, &err), err);
    size_t kept = 0;
    for (uint32_t row = m * n; row <= total; row++)
        kept += flags[row] & SMALLCELL_WITHHELD && !(flags[row] & SMALLCELL_PRIMARY);
    print_message("%u x %u with margins: %zu small, %zu withheld (%zu margins), %zu rounds, "
                  "%zu programs, %.3f s of processor\n",
                  m, n, work.primary, work.withheld, kept, work.rounds, work.programs,
                  seconds_since(&start));
    assert_int_equal(kept, 0);
    free(flags);
}

static void large_margins(void **state)
{
    (void)state;
    tables_stream = 16;
    margins(24, 30, 100);
    margins(24, 30, 4);
    margins(60, 100, 100);
    if (!test_short())
        margins(200, 200, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_tables),
        cmocka_unit_test(large_margins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
