/*
 * Reports of more kinds of identifiers than cells are made of, each of some days more than the one
 * before: what each kind finds on the other days is the difference of two figures. Of few users
 * none follows under a ledger. Without one, some would.
 */
#include "tests/support/made_report.h"
#include "tests/support/query_series.h"
#include "tests/support/support.h"
#include "tests/support/told_history.h"

#include "release/figure.h"

enum { MIN_USERS = 5, KINDS = 12, REPORTS = 3 };

/* What reports show of each slot, and of any of them, SIZE_MAX where nothing; and the users of what
 * each finds on the days that a report has and one before it has not. */
struct many {
    size_t shown[REPORTS][KINDS + 1];
    uint32_t users[REPORTS][REPORTS][KINDS + 1];
    struct population populations[REPORTS];
};

static bool is_there(const struct many *many, size_t number, const struct made_row *row)
{
    return population_has(&many->populations[number], row->part, row->local);
}

static void count_others(struct many *many, const struct made_atoms *truth, const struct made *made,
                         size_t before, size_t number)
{
    for (size_t slot = 0; slot <= KINDS; slot++) {
        for (uint32_t row = 0; row < made->wish.rows; row++) {
            struct made_hit hit;
            bool found = false;
            for (size_t t = 0; t < KINDS; t++)
                found = found || ((slot == KINDS || slot == t) && made_hit(made, 0, t, row, &hit));
            truth->in[row] = found && is_there(many, number, &made->rows[row]) &&
                             !is_there(many, before, &made->rows[row]);
        }
        many->users[before][number][slot] = made_count_users(made, truth->in).support;
    }
}

static void keep_shown(struct told_history *h, struct many *many, size_t number,
                       const struct release *release)
{
    const struct figure_table *table = release_table_find(release, "q0");
    for (size_t row = 0; row <= KINDS; row++) {
        struct figure figure = figure_at(table, row, 0);
        many->shown[number][row] = figure.state == FIGURE_EXACT ? (size_t)figure.value : SIZE_MAX;
        h->sums.shown += figure.state == FIGURE_EXACT;
    }
}

static void report_many(struct told_history *h, struct many *many, const struct made *made,
                        const struct plan *own, size_t number)
{
    struct made_report report;
    made_report_init(&report, &h->ledger, made, own, &many->populations[number]);
    assert_int_equal(report.tally.slots_left_out, 0);
    assert_non_null(report.release);
    keep_shown(h, many, number, report.release);
    assert_int_equal(made_report_keep_queries(&report, &h->ledger), 1);
    made_report_release(&report);
}

/* Each of some days more. */
static void run_many(unsigned seed, bool remember, size_t *follow, size_t *small, size_t *shown)
{
    static const char text[] =
        "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"population\":{\"from\":"
        "\"2022-12-01\",\"to\":\"2024-11-30\"},\"queries\":[{\"id\":\"q0\",\"kind\":"
        "\"identifiers\",\"kinds\":[\"email\",\"phone\",\"ssn\",\"card\",\"iban\",\"ipv4\","
        "\"ipv6\",\"aws_key\",\"llm_key\",\"jwt\",\"slack_token\",\"google_key\"]}],"
        "\"release\":{\"min_users\":5}}";
    struct made made;
    struct made_atoms truth;
    struct many many;
    struct told_history h;
    struct error err = ERROR_INIT;
    told_history_init(&h, remember, MIN_USERS);
    query_series_make_words(&made, text, 9400 + seed, 6);
    made_atoms_init(&truth, &made, 0);
    struct plan own = made.plan;
    for (size_t i = 0; i < REPORTS; i++) {
        own.population.from =
            made.plan.population.from + (int64_t)((REPORTS - 1 - i) * (25 + seed % 3 * 15));
        assert_ok(population_init(&many.populations[i], &made.catalogue, &own, &err), err);
        report_many(&h, &many, &made, &own, i);
        for (size_t before = 0; before < i; before++)
            count_others(&many, &truth, &made, before, i);
    }
    for (size_t i = 0; i < REPORTS; i++)
        for (size_t before = 0; before < i; before++)
            for (size_t slot = 0; slot <= KINDS; slot++) {
                uint32_t users = many.users[before][i][slot];
                *small += users && users < MIN_USERS;
                *follow += users && users < MIN_USERS && many.shown[before][slot] != SIZE_MAX &&
                           many.shown[i][slot] != SIZE_MAX;
            }
    *shown += h.sums.shown;
    made_ledger_clear(&h.ledger);
    for (size_t i = 0; i < REPORTS; i++)
        population_release(&many.populations[i]);
    made_atoms_release(&truth);
    made_release(&made);
}

static void other_days_do_not_follow(void **state)
{
    (void)state;
    size_t follow[2] = {0}, small[2] = {0}, shown[2] = {0};
    for (unsigned i = 0; i < 12; i++)
        for (size_t k = 0; k < 2; k++)
            run_many(i, k == 0, &follow[k], &small[k], &shown[k]);
    print_message("many kinds: %zu small figures of other days, of which %zu follow (without a "
                  "ledger %zu); %zu figures shown (%zu)\n",
                  small[0], follow[0], follow[1], shown[0], shown[1]);
    assert_int_equal(follow[0], 0);
    assert_true(follow[1] > 10 && 2 * shown[0] > shown[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(other_days_do_not_follow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
