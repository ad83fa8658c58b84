/* Differences of what is told, against naive sets. */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char plan[] = "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},"
                           "\"population\":{\"to\":\"2024-08-31\"},\"queries\":["
                           "{\"id\":\"two\",\"kind\":\"terms\",\"terms\":[\"a\",\"b\"]},"
                           "{\"id\":\"three\",\"kind\":\"terms\",\"terms\":[\"p\",\"q\",\"r\"]}],"
                           "\"release\":{\"min_users\":6}}";
enum { MIN_USERS = 6, SETS = 8 };

/* Everything; terms and any of the first query; of the second. */
static const struct {
    size_t query, slot, slots;
} sets[SETS] = {{SIZE_MAX, 0, 0}, {0, 0, 2}, {0, 1, 2}, {0, 2, 2},
                {1, 0, 3},        {1, 1, 3}, {1, 2, 3}, {1, 3, 3}};

static bool in_set(const struct made *made, size_t set, uint32_t row)
{
    struct made_hit hit;
    if (!population_has(&made->population, made->rows[row].part, made->rows[row].local))
        return false;
    if (sets[set].query == SIZE_MAX)
        return true;
    bool any = sets[set].slot == sets[set].slots;
    for (size_t slot = 0; slot < sets[set].slots; slot++)
        if ((any || slot == sets[set].slot) && made_hit(made, sets[set].query, slot, row, &hit))
            return true;
    return false;
}

/* Users and rows of A without B (B: SETS for all of A); *NESTED: B lies in A. */
static uint32_t between(const struct made *made, size_t a, size_t b, uint64_t *rows, bool *nested)
{
    bool *in = mem_zalloc(made->wish.rows, sizeof *in);
    assert_non_null(in);
    *rows = 0;
    *nested = true;
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        bool of_a = in_set(made, a, row), of_b = b < SETS && in_set(made, b, row);
        in[row] = of_a && !of_b;
        *rows += in[row];
        *nested = *nested && (of_a || !of_b);
    }
    uint32_t users = made_count_users(made, in).support;
    free(in);
    return users;
}

static bool noted(const struct tally *tally, const char *table, uint32_t row, uint32_t users,
                  uint64_t rows)
{
    for (size_t i = 0; i < tally->difference_count; i++) {
        const struct tally_difference *d = &tally->differences[i];
        if (strcmp(tally->tables[d->table].id, table) == 0 && d->row == row && d->users == users &&
            d->conversations == rows)
            return true;
    }
    return false;
}

/* Every nested pair with few users between is noted, once for each, and nothing else is. */
static size_t check_nested(const struct made *made, const struct tally *tally)
{
    size_t expected = 0, told = 0;
    for (size_t outer = 0; outer < SETS; outer++)
        for (size_t inner = 1; inner < SETS; inner++) {
            uint64_t rows, all;
            bool nested, none;
            uint32_t users = between(made, outer, inner, &rows, &nested);
            uint32_t own = between(made, inner, SETS, &all, &none);
            if (inner == outer || !nested || users == 0 || users >= MIN_USERS || own < MIN_USERS)
                continue;
            expected++;
            if (!noted(tally, made->plan.queries[sets[inner].query].id, (uint32_t)sets[inner].slot,
                       users, rows))
                fail_msg("%d users between set %d and set %d are not noted", (int)users, (int)outer,
                         (int)inner);
        }
    for (size_t i = 0; i < tally->difference_count; i++)
        told += !strstr(tally->tables[tally->differences[i].table].id, ".pairs");
    assert_int_equal(told, expected);
    return expected;
}

/* The same of pairs: each side less what both have. */
static size_t check_pairs(const struct made *made, const struct tally *tally)
{
    size_t expected = 0;
    for (size_t a = 1; a < SETS; a++)
        for (size_t b = 1; b < SETS; b++) {
            uint64_t rows, all;
            bool nested;
            if (a == b || sets[a].query != sets[b].query || sets[a].slot == sets[a].slots ||
                sets[b].slot == sets[b].slots)
                continue;
            uint32_t users = between(made, a, b, &rows, &nested);
            if (between(made, a, SETS, &all, &nested) < MIN_USERS || users == 0 ||
                users >= MIN_USERS)
                continue;
            bool found = false;
            for (size_t i = 0; i < tally->difference_count; i++)
                found = found || (strstr(tally->tables[tally->differences[i].table].id, ".pairs") &&
                                  tally->differences[i].users == users &&
                                  tally->differences[i].conversations == rows);
            assert_true(found);
            expected++;
        }
    return expected;
}

static void differences(void **state)
{
    (void)state;
    size_t nested = 0, pairs = 0;
    for (unsigned i = 0; i < 24; i++) {
        const struct made_wish wish = {.seed = 300 + i,
                                       .parts = 1 + i % 3,
                                       .rows = 60 + 20 * (i % 5),
                                       .users = 30,
                                       .hit_permille = i % 2 ? 970 : 700 + 10 * i,
                                       .gap_percent = i % 4,
                                       .plan = plan};
        struct made made;
        struct tally tally;
        made_ready(&made, &wish);
        made_tally(&made, &tally);
        nested += check_nested(&made, &tally);
        pairs += check_pairs(&made, &tally);
        tally_release(&tally);
        made_release(&made);
    }
    assert_true(nested > 10 && pairs > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(differences)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
