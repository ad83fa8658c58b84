/* The gate: what passes, what is withheld, what is refused, and what is said about it. */
#include "release/figure.h"
#include "release/gate.h"
#include "tests/support/support.h"

#include <string.h>

static struct error err;
static struct tally tally;

static const struct tally_key keys[] = {{"month", "Month", TALLY_KEY_MONTH},
                                        {"model", "Model", TALLY_KEY_STRING}};
static const struct tally_column columns[] = {
    {"conversations", "Conversations", "conversations", 0},
    {"users", "Users", "users", TALLY_USERS}};

/* Rows of two keys, a total that equals the population, and a relation of sums. */
static struct tally_table *volume(const uint64_t (*rows)[2], uint32_t count)
{
    static const char *const months[] = {"2023-01", "2023-02", "2023-03", "2023-04"};
    struct tally_table *table;
    tally_release(&tally);
    assert_ok(tally_add_table(&tally, "volume", 3, keys, 2, columns, 2, count + 1, &table, &err),
              err);
    struct tally_term terms[8];
    uint64_t sum[2] = {0};
    for (uint32_t row = 0; row < count; row++) {
        table->key_values[row * 2] = months[row];
        table->key_values[row * 2 + 1] = "small";
        for (uint32_t column = 0; column < 2; column++) {
            *tally_cell_at(table, row, column) =
                (struct tally_cell){rows[row][column], (uint32_t)rows[row][1], 0};
            sum[column] += rows[row][column];
        }
        terms[row] = (struct tally_term){row, 0, 1};
    }
    terms[count] = (struct tally_term){count, 0, -1};
    *tally_cell_at(table, count, 0) = (struct tally_cell){sum[0], (uint32_t)sum[1], 0};
    *tally_cell_at(table, count, 1) = (struct tally_cell){sum[1], (uint32_t)sum[1], 0};
    table->row_flags[count] = TALLY_KEEP;
    assert_ok(tally_relate(&tally, table, terms, count + 1, false, &err), err);
    tally.population[TALLY_CONVERSATIONS] = *tally_cell_at(table, count, 0);
    tally.population[TALLY_EXCHANGES] = (struct tally_cell){3 * sum[0], (uint32_t)sum[1], 0};
    tally.population[TALLY_USERS_COLUMN] = *tally_cell_at(table, count, 1);
    tally.population[TALLY_WORDS] = (struct tally_cell){500 * sum[0], (uint32_t)sum[1], 0};
    return table;
}

static struct release *released(uint32_t min_users)
{
    struct release *release;
    const struct gate_policy policy = {.min_users = min_users};
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    assert_int_equal(release_min_users(release), min_users);
    return release;
}

static const uint64_t months[4][2] = {{5, 4}, {0, 0}, {60, 40}, {35, 30}};

static void figures(void **state)
{
    (void)state;
    volume(months, 4);
    struct release *release = released(11);
    tally_release(&tally); /* not needed any more */
    assert_int_equal(release_table_count(release), 1);
    const struct figure_table *table = release_table_find(release, "volume");
    assert_ptr_equal(table, release_table(release, 0));
    assert_null(release_table_find(release, "other"));
    assert_string_equal(figure_table_id(table), "volume");
    assert_int_equal(figure_table_query(table), 3);
    assert_int_equal(figure_table_rows(table), 5);
    assert_int_equal(figure_table_keys(table), 2);
    assert_int_equal(figure_table_columns(table), 2);
    assert_string_equal(figure_key_id(table, 0), "month");
    assert_string_equal(figure_key_title(table, 1), "Model");
    assert_true(figure_key_is_month(table, 0));
    assert_false(figure_key_is_month(table, 1));
    assert_string_equal(figure_key_value(table, 2, 0), "2023-03");
    assert_string_equal(figure_key_value(table, 4, 0), "");
    assert_string_equal(figure_column_id(table, 1), "users");
    assert_string_equal(figure_column_title(table, 0), "Conversations");
    assert_string_equal(figure_column_unit(table, 0), "conversations");
    assert_int_equal(figure_column_find(table, "users"), 1);
    assert_int_equal(figure_column_find(table, "nothing"), SIZE_MAX);
    /* January is small; April, the smaller of the two others, goes with it. */
    static const bool withheld[] = {true, false, false, true, false};
    for (size_t row = 0; row < 5; row++)
        for (size_t column = 0; column < 2; column++) {
            struct figure figure = figure_at(table, row, column);
            assert_int_equal(figure.state, withheld[row] ? FIGURE_WITHHELD : FIGURE_EXACT);
            if (row < 4)
                assert_int_equal(figure.value, withheld[row] ? 0 : months[row][column]);
        }
    assert_int_equal(figure_at(table, 4, 0).value, 100);
    assert_int_equal(figure_table_withheld(table), 4);
    assert_int_equal(release_withheld(release), 4);
    assert_int_equal(release_population(release).value, 100);
    assert_int_equal(release_population_exchanges(release).value, 300);
    assert_int_equal(release_population_users(release).value, 74);
    assert_int_equal(release_population_words(release).value, 50000);
    release_free(release);
}

/* What an earlier report withheld for another figure's sake goes before what is smaller, unless it
 * must stay or is no help; it is known which rows went so, and which for their own. */
static void rows_that_went_before(void **state)
{
    (void)state;
    struct tally_table *table = volume(months, 4);
    for (unsigned before = 0; before < 3; before++) {
        /* April, which went already; March; and February, which has nothing to withhold. */
        static const uint32_t marked[] = {3, 2, 1}, gone[] = {3, 2, 3};
        for (uint32_t row = 0; row < 4; row++)
            table->row_flags[row] = row == marked[before] ? TALLY_BEFORE : 0;
        struct release *release = released(11);
        const struct figure_table *told = release_table_find(release, "volume");
        for (uint32_t row = 0; row < 5; row++) {
            bool withheld = row == 0 || row == gone[before];
            assert_int_equal(figure_at(told, row, 0).state,
                             withheld ? FIGURE_WITHHELD : FIGURE_EXACT);
            assert_int_equal(gate_is_complement(release, 0, row), row == gone[before]);
        }
        release_free(release);
    }
    /* A row that readers miss most goes last all the same. */
    table->row_flags[2] = TALLY_BEFORE | TALLY_MORE;
    table->row_flags[1] = 0;
    struct release *release = released(11);
    assert_false(gate_is_complement(release, 0, 2));
    assert_true(gate_is_complement(release, 0, 3));
    release_free(release);
}

/* A cell that is one user's for the most part goes, with one that hides a tenth of it at least; and
 * so does a count of few conversations, where the rules say so. */
static void one_user_and_few_conversations(void **state)
{
    (void)state;
    static const uint64_t rows[4][2] = {{100, 40}, {80, 30}, {12, 12}, {300, 90}};
    struct gate_policy policy = {.min_users = 5, .dominance = 0.5};
    struct release *release;
    struct tally_table *table = volume(rows, 4);
    tally_cell_at(table, 0, 0)->largest = 50; /* just half: no more than that */
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    assert_int_equal(release_withheld(release), 0);
    release_free(release);
    tally_cell_at(table, 0, 0)->largest = 51;
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    const struct figure_table *told = release_table_find(release, "volume");
    assert_int_equal(figure_at(told, 0, 0).state, FIGURE_WITHHELD);
    assert_int_equal(figure_at(told, 3, 0).state, FIGURE_EXACT);
    /* 12 conversations leave 11 to move, and a tenth of 100 are 10. */
    assert_int_equal(figure_at(told, 2, 0).state, FIGURE_WITHHELD);
    bool said = false;
    for (size_t i = 0; release_statement(release, i); i++)
        said = said || strstr(release_statement(release, i), "one user has more than 50 %");
    assert_true(said);
    release_free(release);
    /* Turned off by a share of 0, and where nothing is withheld anyway. */
    policy.dominance = 0;
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    assert_int_equal(release_withheld(release), 0);
    release_free(release);
    policy = (struct gate_policy){.min_users = 0, .dominance = 0.5};
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    assert_int_equal(release_withheld(release), 0);
    release_free(release);
    /* 12 users with 12 conversations are many users and few conversations. */
    policy = (struct gate_policy){.min_users = 5, .min_conversations = 15, .preset = "clio"};
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    told = release_table_find(release, "volume");
    assert_int_equal(figure_at(told, 2, 0).state, FIGURE_WITHHELD);
    assert_int_equal(figure_at(told, 1, 0).state, FIGURE_WITHHELD); /* the smallest of the others */
    assert_int_equal(figure_at(told, 0, 0).state, FIGURE_EXACT);
    release_free(release);
    tally_release(&tally);
}

static void without_minimum_all_pass(void **state)
{
    (void)state;
    for (uint32_t min_users = 0; min_users < 2; min_users++) {
        volume(months, 4);
        struct release *release = released(min_users);
        const struct figure_table *table = release_table(release, 0);
        for (size_t row = 0; row < 4; row++)
            for (size_t column = 0; column < 2; column++) {
                assert_int_equal(figure_at(table, row, column).state, FIGURE_EXACT);
                assert_int_equal(figure_at(table, row, column).value, months[row][column]);
            }
        assert_int_equal(release_withheld(release), 0);
        assert_non_null(strstr(release_statement(release, 0), "Counts are exact: no noise was"));
        assert_non_null(strstr(release_statement(release, 0), "no figure was withheld"));
        release_free(release);
    }
}

static void statements(void **state)
{
    (void)state;
    volume(months, 4);
    struct release *release = released(11);
    const char *banner = release_statement(release, 0);
    assert_memory_equal(banner, "Counts are exact: no noise was added.", 37);
    assert_non_null(strstr(banner, "1 to 10 users"));
    assert_non_null(strstr(banner, "no formal guarantee"));
    bool count = false, checked = false, limits = false;
    for (size_t i = 1; release_statement(release, i); i++) {
        const char *text = release_statement(release, i);
        count |= strstr(text, "4 figures are withheld") != NULL;
        checked |= strstr(text, "all tables together") != NULL;
        limits |= strstr(text, "Not decided") != NULL && strstr(text, "other releases") != NULL;
    }
    assert_true(count && checked && limits);
    release_free(release);
}

/* A number of few users follows from a table that ties others to each other: nothing of that one is
 * told, and the others are judged as if it were not there. */
static void what_ties_goes_first(void **state)
{
    (void)state;
    static const uint64_t rows[3][2] = {{4, 4}, {40, 30}, {50, 40}};
    uint32_t hidden;
    struct tally_table *table;
    volume(rows, 3);
    assert_ok(tally_add_table(&tally, "options", 4, keys, 2, columns, 2, 2, &table, &err), err);
    *tally_cell_at(table, 0, 0) = (struct tally_cell){40, 30, 0};
    *tally_cell_at(table, 1, 0) = (struct tally_cell){98, 0, 0}; /* the total and four */
    table->row_flags[1] = TALLY_FREE;
    table->ties = true;
    assert_ok(tally_hide(&tally, (struct tally_cell){4, 4, 0}, &hidden, &err), err);
    table->own_hidden_end = 1;
    const struct tally_place ties[3][3] = {
        {{1, 0, 0, 1}, {0, 1, 0, -1}},
        {{TALLY_HIDDEN, hidden, 0, 1}, {0, 0, 0, -1}},
        {{TALLY_HIDDEN, hidden, 0, 1}, {0, 3, 0, 1}, {1, 1, 0, -1}},
    };
    for (size_t i = 0; i < 3; i++)
        assert_ok(tally_bind(&tally, ties[i], i < 2 ? 2 : 3, false, &err), err);
    struct release *release = released(11);
    const struct figure_table *volume = release_table_find(release, "volume");
    assert_int_equal(figure_at(volume, 0, 0).state, FIGURE_WITHHELD);
    assert_int_equal(figure_at(volume, 1, 0).state + figure_at(volume, 2, 0).state,
                     FIGURE_WITHHELD + FIGURE_EXACT);
    assert_int_equal(figure_at(volume, 3, 0).state, FIGURE_EXACT);
    assert_int_equal(figure_at(release_table_find(release, "options"), 0, 0).state,
                     FIGURE_WITHHELD);
    release_free(release);
}

/* One row that is not zero, and a total that is N: refused. Not N: the total goes. */
static void lone_row(void **state)
{
    (void)state;
    struct release *release;
    const struct gate_policy policy = {.min_users = 11};
    static const uint64_t rows[3][2] = {{40, 4}, {0, 0}, {0, 0}};
    struct tally_table *table = volume(rows, 3);
    *tally_cell_at(table, 3, 0) = (struct tally_cell){40, 30, 0};
    *tally_cell_at(table, 3, 1) = (struct tally_cell){30, 30, 0};
    tally.population[TALLY_CONVERSATIONS] = (struct tally_cell){40, 30, 0};
    tally.population[TALLY_USERS_COLUMN] = (struct tally_cell){30, 30, 0};
    assert_int_equal(gate_release(&tally, &policy, &release, &err), STATUS_REFUSED);
    assert_null(release);
    assert_string_equal(err.where, "volume");
    assert_non_null(strstr(err.hint, "coarser"));
    tally.population[TALLY_CONVERSATIONS] = (struct tally_cell){1000, 300, 0};
    release = released(11);
    const struct figure_table *out = release_table(release, 0);
    assert_int_equal(figure_at(out, 0, 0).state, FIGURE_WITHHELD);
    assert_int_equal(figure_at(out, 3, 0).state, FIGURE_WITHHELD);
    assert_int_equal(figure_at(out, 1, 0).state, FIGURE_EXACT);
    release_free(release);
}

static void small_population(void **state)
{
    (void)state;
    struct release *release;
    const struct gate_policy policy = {.min_users = 11};
    static const uint64_t rows[1][2] = {{900, 1}};
    volume(rows, 1);
    assert_int_equal(gate_release(&tally, &policy, &release, &err), STATUS_REFUSED);
    assert_null(strstr(err.text, "900"));
    assert_non_null(strstr(err.hint, "min_users"));
    release_free(released(0));
    /* 500 unknown users are one user. */
    tally.population[TALLY_USERS_COLUMN] = (struct tally_cell){500, 1, 0};
    assert_int_equal(gate_release(&tally, &policy, &release, &err), STATUS_REFUSED);
    static const uint64_t none[1][2] = {{0, 0}};
    volume(none, 1);
    release = released(11);
    assert_int_equal(release_population(release).value, 0);
    assert_int_equal(release_population(release).state, FIGURE_EXACT);
    release_free(release);
}

static void samples(void **state)
{
    (void)state;
    static const struct {
        uint64_t population, drawn, relevant;
        uint32_t users;
        bool withheld;
    } cases[] = {
        {1000, 100, 3, 3, false},  {1000, 101, 3, 3, true},     {1000, 1000, 3, 3, true},
        {1000, 1000, 0, 0, false}, {1000, 1000, 50, 11, false}, {1000, 1000, 50, 10, true},
        {1000, 1000, 50, 0, true}, {15, 1, 1, 1, false},        {15, 2, 1, 1, true},
        {1000, 1000, 5, 50, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        volume(months, 4);
        struct tally_sample sample = {.query = 7,
                                      .search = TALLY_NO_SEARCH,
                                      .whole = {.population = cases[i].population,
                                                .drawn = cases[i].drawn,
                                                .relevant = cases[i].relevant,
                                                .relevant_users = cases[i].users,
                                                .unreadable = 2,
                                                .missing = 1,
                                                .disagreements = 4},
                                      .frame = 2000,
                                      .frame_drawn = 200,
                                      .rejected = 9,
                                      .reviewers = 2,
                                      .seed_source = "a lottery"};
        memset(sample.frame_digest, 'f', 64);
        assert_ok(tally_add_sample(&tally, &sample, &err), err);
        struct release *release = released(11);
        tally_release(&tally);
        assert_null(release_sample_find(release, 6, FIGURE_NO_SEARCH));
        const struct figure_sample *out = release_sample_find(release, 7, FIGURE_NO_SEARCH);
        assert_non_null(out);
        assert_int_equal(out->whole.relevant.state,
                         cases[i].withheld ? FIGURE_WITHHELD : FIGURE_EXACT);
        assert_int_equal(out->whole.relevant.value, cases[i].withheld ? 0 : cases[i].relevant);
        assert_int_equal(out->whole.drawn.value, cases[i].drawn);
        assert_int_equal(out->whole.population.value, cases[i].population);
        assert_int_equal(out->whole.unreadable.state, out->whole.relevant.state);
        assert_int_equal(out->whole.unreadable.value, cases[i].withheld ? 0 : 2);
        assert_int_equal(out->whole.missing.value, cases[i].withheld ? 0 : 1);
        assert_int_equal(out->frame.value, 2000);
        assert_int_equal(out->frame_drawn.value, 200);
        assert_int_equal(out->rejected.value, 9);
        assert_int_equal(out->whole.disagreements.value, 4);
        assert_int_equal(out->reviewers.value, 2);
        assert_string_equal(out->seed_source, "a lottery");
        assert_int_equal(strlen(out->frame_digest), 64);
        assert_int_equal(release_withheld(release), 4 + cases[i].withheld);
        release_free(release);
    }
}

/*
 * Strata: one of a tenth or less is shown whatever it holds, a small number above that hides the
 * stratum and the sum, a stratum (or a part of a search) of too few users hides all.
 */
static void strata(void **state)
{
    (void)state;
    static const struct {
        long search;
        struct tally_stratum first;
        bool first_shown, sizes_shown;
    } cases[] = {
        {TALLY_NO_SEARCH,
         {.population = 500, .users = 90, .drawn = 50, .relevant = 3, .relevant_users = 3},
         true,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500, .users = 90, .drawn = 51, .relevant = 3, .relevant_users = 3},
         false,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500, .users = 90, .drawn = 51, .relevant = 30, .relevant_users = 11},
         true,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500, .users = 90, .drawn = 51, .overturned = 3, .relevant_users = 3},
         false,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500, .users = 90, .drawn = 51, .irrelevant = 3, .irrelevant_users = 3},
         true,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500,
          .users = 90,
          .drawn = 51,
          .relevant = 48,
          .relevant_users = 40,
          .irrelevant = 3,
          .irrelevant_users = 3},
         false,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500,
          .users = 90,
          .drawn = 51,
          .relevant = 11,
          .relevant_users = 11,
          .irrelevant = 40,
          .irrelevant_users = 11},
         true,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500,
          .users = 90,
          .drawn = 50,
          .relevant = 47,
          .relevant_users = 40,
          .irrelevant = 3,
          .irrelevant_users = 3},
         true,
         true},
        {TALLY_NO_SEARCH,
         {.population = 500, .users = 10, .drawn = 5, .relevant = 0},
         false,
         false},
        {0,
         {.population = 500, .users = 90, .drawn = 51, .relevant = 3, .relevant_users = 3},
         false,
         false},
        {0,
         {.population = 500, .users = 90, .drawn = 50, .relevant = 3, .relevant_users = 3},
         true,
         true},
        {0, {.population = 0, .users = 0}, true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        volume(months, 4);
        struct tally_stratum parts[2] = {
            cases[i].first,
            {.population = 9000, .users = 800, .drawn = 100, .relevant = 2, .relevant_users = 2}};
        parts[0].name = "a";
        parts[1].name = "b";
        struct tally_sample sample = {
            .query = 7,
            .search = cases[i].search,
            .whole = {.population = 9500, .drawn = 150, .relevant = 5, .relevant_users = 5},
            .strata = parts,
            .stratum_count = 2,
            .seed_source = "s"};
        assert_ok(tally_add_sample(&tally, &sample, &err), err);
        struct release *release = released(11);
        tally_release(&tally);
        const struct figure_sample *out = release_sample_find(release, 7, cases[i].search);
        assert_non_null(out);
        assert_int_equal(out->stratum_count, 2);
        assert_int_equal(out->strata[0].relevant.state == FIGURE_EXACT, cases[i].first_shown);
        assert_int_equal(out->strata[1].relevant.state == FIGURE_EXACT, cases[i].sizes_shown);
        assert_int_equal(out->whole.relevant.state == FIGURE_EXACT, cases[i].first_shown);
        assert_int_equal(out->whole.cleared.state, out->whole.relevant.state);
        for (size_t h = 0; h < 2; h++) {
            assert_int_equal(out->strata[h].population.state == FIGURE_EXACT, cases[i].sizes_shown);
            assert_int_equal(out->strata[h].drawn.state == FIGURE_EXACT, cases[i].sizes_shown);
        }
        release_free(release);
    }
}

static void wrong_tally(void **state)
{
    (void)state;
    struct release *release;
    const struct gate_policy policy = {.min_users = 11};
    struct tally_table *table = volume(months, 4);
    tally_cell_at(table, 2, 0)->value++;
    assert_int_equal(gate_release(&tally, &policy, &release, &err), STATUS_INTERNAL);
    assert_null(release);
    assert_non_null(strstr(err.text, "does not hold"));
    tally_release(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures),
        cmocka_unit_test(rows_that_went_before),
        cmocka_unit_test(one_user_and_few_conversations),
        cmocka_unit_test(without_minimum_all_pass),
        cmocka_unit_test(statements),
        cmocka_unit_test(what_ties_goes_first),
        cmocka_unit_test(lone_row),
        cmocka_unit_test(small_population),
        cmocka_unit_test(samples),
        cmocka_unit_test(strata),
        cmocka_unit_test(wrong_tally),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
