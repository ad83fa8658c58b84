/* Answers with noise: ends beside each figure. */
#include "tests/unit/answers_tree.h"

#include "stats/noisy_share.h"

/* With noise each figure has its ends beside it, a share those of a quotient, and a column in which
 * nothing is told is gone. */
static void noisy_figures_have_ends(void **state)
{
    (void)state;
    static const uint64_t values[] = {50,   FAKE_WITHHELD, 40, 600, 3, FAKE_WITHHELD, 3, 9,
                                      1000, FAKE_WITHHELD, 90, 5000};
    static const char *const keys[] = {"2023-01", "2023-02", "total"};
    const struct figure_table tables[] = {{.id = "completeness",
                                           .query = SIZE_MAX,
                                           .keys = {"reason"},
                                           .key_count = 1,
                                           .columns = {"records", "items"},
                                           .column_count = 2,
                                           .row_count = 1,
                                           .key_values = (const char *const[]){"population"},
                                           .values = (const uint64_t[]){1000, 0}},
                                          {.id = "volume",
                                           .query = 0,
                                           .keys = {"month"},
                                           .key_count = 1,
                                           .month = true,
                                           .columns = {"conversations", "turns", "users", "words"},
                                           .column_count = 4,
                                           .row_count = 3,
                                           .key_values = keys,
                                           .values = values}};
    struct release release = {
        .tables = tables, .table_count = 2, .population = {1000, FAKE_WITHHELD, 90, 5000}};
    (void)release;
    const struct result_table *table;
    struct result own;
    struct error err = ERROR_INIT;
    static const struct result_column columns[] = {{"month", "Month", RESULT_MONTH, ""},
                                                   {"n", "N", RESULT_COUNT, "conversations"},
                                                   {"turns", "Turns", RESULT_COUNT, "turns"},
                                                   {"share", "Share", RESULT_SHARE, ""},
                                                   {"note", "Note", RESULT_STRING, ""}};
    struct result_table *made;
    fake_noisy = true;
    result_init(&own);
    struct answer answer = {.release = &release, .result = &own, .population = "p"};
    assert_ok(answer_table(&answer, "t", "count", "T", "conversations", "Exact counts of it.",
                           columns, 5, &made, &err),
              err);
    struct figure n = release_population(&release);
    for (size_t row = 0; row < 3; row++) {
        assert_ok(result_put_text(&own, made, keys[row], &err), err);
        struct figure f = figure_at(&tables[1], row, 0);
        assert_ok(answer_put_figure(&answer, made, f, &err), err);
        assert_ok(answer_put_figure(&answer, made, figure_at(&tables[1], row, 1), &err), err);
        assert_ok(answer_put_share(&answer, made, f, n, &err), err);
        assert_ok(result_put_text(&own, made, row ? NULL : "first", &err), err);
    }
    made->chart = (struct result_chart){CHART_COLUMN, 0, 3, 0, 2, "C", "c", 0};
    /* A table of which nothing is told. */
    assert_ok(
        answer_table(&answer, "empty", "count", "E", "turns", "m", columns + 1, 2, &made, &err),
        err);
    for (int i = 0; i < 2; i++)
        assert_ok(result_put_withheld(&own, made, &err), err);
    assert_ok(result_spread(&own, &err), err);
    fake_noisy = false;
    assert_int_equal(own.table_count, 1);
    table = own.tables[0];
    static const char *const ids[] = {"month", "n",         "n_low",      "n_high",
                                      "share", "share_low", "share_high", "note"};
    assert_int_equal(table->column_count, 8);
    for (size_t c = 0; c < 8; c++)
        assert_string_equal(table->columns[c].id, ids[c]);
    assert_string_equal(table->columns[2].title, "N, low");
    assert_string_equal(table->method, "Counts with noise, over the capped population of it.");
    assert_int_equal(table->chart.value, 4);
    assert_int_equal(result_value_at(table, 0, 1)->count, 50);
    assert_int_equal(result_value_at(table, 0, 2)->count, 45);
    assert_int_equal(result_value_at(table, 0, 3)->count, 55);
    assert_int_equal(result_value_at(table, 1, 2)->count, 0);
    assert_near(result_value_at(table, 0, 4)->real, 0.05);
    assert_near(result_value_at(table, 0, 5)->real, 44. / 1006);
    assert_near(result_value_at(table, 0, 6)->real, 56. / 994);
    assert_near(result_value_at(table, 2, 6)->real, 1); /* no share is above 1 */
    assert_string_equal(result_value_at(table, 0, 7)->text, "first");
    assert_int_equal(result_value_at(table, 1, 7)->kind, VALUE_NULL);
    assert_non_null(strstr(table->notes[0], "Turns"));
    result_release(&own);
}

/* Where two figures have noise of their own laws, their share is bounded by both laws; the same
 * figure twice is not. */
static void test_share_of_two_noises(void **state)
{
    (void)state;
    static const struct result_column columns[] = {{"share", "Share", RESULT_SHARE, ""}};
    static const struct noise_law laws[] = {{NOISE_LAW_GAUSSIAN, 90}, {NOISE_LAW_LAPLACE, 5}};
    struct release release = {0};
    struct result own;
    struct result_table *made;
    struct error err = ERROR_INIT;
    struct noise_tails tails[2];
    double low, high;
    fake_noisy = true;
    result_init(&own);
    struct answer answer = {.release = &release, .result = &own, .population = "p"};
    assert_ok(
        answer_table(&answer, "t", "count", "T", "conversations", "m", columns, 1, &made, &err),
        err);
    struct figure part = {.value = 60, .state = FIGURE_NOISY, .told = 60, .law = &laws[0]};
    struct figure whole = {.value = 400, .state = FIGURE_NOISY, .told = 400, .law = &laws[1]};
    part.wide_low = 40, part.wide_high = 80, whole.wide_low = 380, whole.wide_high = 420;
    for (int i = 0; i < 2; i++) /* the second time from what is kept */
        assert_ok(answer_put_share(&answer, made, part, whole, &err), err);
    assert_ok(answer_put_share(&answer, made, whole, whole, &err), err);
    assert_int_equal(answer.tail_count, 2);
    /* Others push these two out, the whole's first: it is made again in the place of the part's. */
    struct noise_law others[ANSWER_TAILS];
    for (int i = 0; i < ANSWER_TAILS; i++) {
        struct figure other = part;
        others[i] = (struct noise_law){NOISE_LAW_LAPLACE, 10 + i};
        other.law = &others[i];
        assert_ok(answer_put_share(&answer, made, part, other, &err), err);
    }
    assert_ok(answer_put_share(&answer, made, part, whole, &err), err);
    for (int i = 0; i < 2; i++)
        assert_ok(noise_tails_init(&tails[i], laws[i], &own.arena, &err), err);
    struct noisy_share share = {60, 400, &tails[0], &tails[1]};
    assert_ok(noisy_share_interval(&share, release_confidence(&release), &low, &high, &err), err);
    assert_ok(result_spread(&own, &err), err);
    fake_noisy = false;
    const struct result_table *table = own.tables[0];
    static const size_t same[] = {0, 1, 3 + ANSWER_TAILS};
    for (size_t i = 0; i < 3; i++) {
        assert_near(result_value_at(table, same[i], 1)->real, low);
        assert_near(result_value_at(table, same[i], 2)->real, high);
    }
    assert_near(result_value_at(table, 2, 1)->real, 380. / 420);
    assert_near(result_value_at(table, 2, 2)->real, 1);
    result_release(&own);
}

/* Sentences say between which ends a noisy figure lies, and name no highest one that may be none. */
static void test_noisy_words(void **state)
{
    (void)state;
    struct release release = {0};
    struct result own;
    result_init(&own);
    struct answer answer = {.release = &release, .result = &own, .population = "p"};
    answer.n = (struct figure){.value = 400, .state = FIGURE_NOISY, .low = 390, .high = 1410};
    answer.n.wide_low = 380, answer.n.wide_high = 1420;
    struct figure part = {.value = 60, .state = FIGURE_NOISY, .low = 50, .high = 70};
    part.wide_low = 40, part.wide_high = 80;
    assert_string_equal(answer_figure_words(&answer, part), "about 60 [50 to 70]");
    assert_string_equal(answer_population_words(&answer), "about 400 [390 to 1,410]");
    /* 40 of 1420 and 80 of 380, rounded outward. */
    assert_string_equal(answer_part_words(&answer, part, answer.n), " (2.81 % to 21.1 %)");
    assert_string_equal(answer_highest_words(&answer, "May", part),
                        " Of the figures shown, the highest is May, with about 60 [50 to 70] (2.81 "
                        "% to 21.1 %).");
    part.low = 0;
    assert_string_equal(answer_highest_words(&answer, "May", part),
                        " No figure shown stands out from the noise.");
    assert_false(answer.no_memory);
    answer.n = (struct figure){.value = 5000};
    part = (struct figure){.value = 60};
    assert_string_equal(answer_highest_words(&answer, "May", part),
                        " Of the figures shown, the highest is May, with 60 (1.2 %).");
    assert_string_equal(answer_population_words(&answer), "the 5,000");
    result_release(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noisy_figures_have_ends),
        cmocka_unit_test(test_share_of_two_noises),
        cmocka_unit_test(test_noisy_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
