/*
 * Rows of two queries that are the same conversations are tied to each other in each column that
 * says the same of them; others are not.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/slot_queries.h"
#include "tests/support/support.h"

#include "queries/terms_relations.h"

static bool is_tied(const struct tally *tally, const size_t tables[2], const size_t rows[2],
                    const size_t columns[2])
{
    for (size_t i = 0; i < tally->tie_count; i++) {
        const struct tally_tie *tie = &tally->ties[i];
        size_t found = 0;
        for (size_t k = 0; k < tie->count && tie->count == 2 && !tie->at_most; k++)
            for (size_t side = 0; side < 2; side++)
                found += tie->places[k].table == tables[side] && tie->places[k].row == rows[side] &&
                         tie->places[k].column == columns[side];
        if (found == 2)
            return true;
    }
    return false;
}

/* Of figures other than conversations the reader above knows nothing: each is tied for itself. */
static void the_same_rows_are_tied(void **state)
{
    (void)state;
    static const char *const asked[] = {"fab", "mba", "tab", "iab", "iba", "pab", "mab", NULL};
    static const struct {
        size_t queries[2], rows[2], columns[2];
        bool tied;
    } pairs[] = {
        {{0, 1}, {0, 1}, {0, 0}, true}, /* a topic by first match, and by every match */
        {{0, 1}, {0, 1}, {1, 1}, true},
        {{0, 1}, {0, 1}, {2, 2}, true},
        {{0, 1}, {0, 1}, {3, 3}, true},
        {{0, 1}, {1, 0}, {0, 0}, false}, /* the second one is what the first one leaves */
        {{0, 1}, {2, 2}, {3, 3}, true},  /* none of these */
        {{0, 2}, {0, 0}, {0, CONVERSATIONS}, true},
        {{0, 2}, {0, 0}, {2, USERS}, true},
        {{0, 2}, {0, 0}, {1, EXCHANGES}, false}, /* those of the conversations, those found */
        {{0, 2}, {1, 1}, {0, ADDED}, true},
        {{0, 2}, {2, 3}, {2, USERS}, true}, /* no term */
        {{1, 2}, {0, 1}, {0, CONVERSATIONS}, true},
        {{1, 6}, {0, 1}, {0, 0}, true},
        {{3, 4}, {0, 1}, {0, 0}, true}, /* kinds of identifiers */
        {{3, 4}, {0, 1}, {1, 1}, true},
        {{3, 4}, {0, 1}, {2, 2}, true},
        {{3, 4}, {0, 1}, {3, 3}, true},
        {{3, 4}, {0, 1}, {4, 4}, true},
        {{3, 4}, {2, 2}, {1, 1}, true}, /* any of them */
        {{3, 4}, {2, 2}, {3, 3}, true},
        {{3, 4}, {0, 0}, {0, 0}, false},
        {{2, 5}, {0, 0}, {CONVERSATIONS, 0}, false}, /* a pattern is no term */
    };
    char plan[4096];
    struct made made;
    struct tally tally;
    slot_queries_plan(plan, sizeof plan, test_dir(), "2022-12-01", "2024-11-30", asked);
    const struct made_wish wish = {.seed = 11,
                                   .parts = 2,
                                   .rows = 300,
                                   .users = 60,
                                   .hit_permille = 200,
                                   .by_text = true,
                                   .gap_percent = 6,
                                   .again_percent = 5,
                                   .plan = plan};
    made_ready(&made, &wish);
    made_tally(&made, &tally);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const size_t tables[] = {slot_queries_table(&made.plan, pairs[i].queries[0], &tally),
                                 slot_queries_table(&made.plan, pairs[i].queries[1], &tally)};
        if (is_tied(&tally, tables, pairs[i].rows, pairs[i].columns) != pairs[i].tied)
            fail_msg("pair %zu is%s tied", i, pairs[i].tied ? " not" : "");
    }
    tally_release(&tally);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_rows_are_tied)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
