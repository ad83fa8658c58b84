/*
 * Counts that fit together, judged together: a reader who adds and subtracts over all of them
 * derives no withheld figure of few users. Judged apart, that reader would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/memory.h"
#include "queries/tally_ties.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5 };

#define PLAN(queries)                                                                              \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"],\"fields\":{\"tier\":\"/tier\"}},"      \
    "\"population\":{"                                                                             \
    "\"from\":\"2023-01-01\",\"to\":\"2024-12-31\"},\"queries\":[" queries                         \
    "],\"release\":{\"min_users\":5}}"
#define COUNT(id, by) "{\"id\":\"" id "\",\"kind\":\"count\",\"by\":[" by "]}"
#define MONTH         "\"month\""
#define QUARTER       "\"quarter\""
#define YEAR          "\"year\""
#define WEEKDAY       "\"weekday\""
#define MODEL         "\"model\""
#define LANGUAGE      "\"language\""
#define LISTED(one)   "{\"field\":\"model\",\"values\":[\"gpt-4\",\"" one "\"]}"
#define TOPICS        "{\"id\":\"t\",\"kind\":\"topics\",\"by\":[\"language\"]}"

#define BINS(bounds) "{\"field\":\"tier\",\"bins\":[" bounds "]}"
#define UNKNOWN      "{\"field\":\"model\",\"values\":[\"unknown\",\"gpt-4\"]}"

static const char *const plans[] = {
    /* Each follows from a finer one, but that by model. */
    PLAN(COUNT("a", QUARTER) "," COUNT("b", MONTH) "," COUNT("c", YEAR "," LANGUAGE) "," COUNT(
        "d", MONTH "," LANGUAGE) "," COUNT("e", MODEL)),
    /* None follows from another, but margins do: quarters and languages. */
    PLAN(COUNT("a", MONTH "," MODEL) "," COUNT("b", QUARTER "," LANGUAGE) "," COUNT("c", LANGUAGE
                                                                                    "," WEEKDAY)),
    /* One field with different values listed; topics by a field beside counts. */
    PLAN(COUNT("a", LISTED("o1")) "," COUNT(
        "b", QUARTER "," LISTED("gpt-3.5")) "," TOPICS "," COUNT("c", LANGUAGE "," QUARTER)),
    /* Bounds of one field in bins among another's; records without a value, listed or not. */
    PLAN(COUNT("a", MONTH "," BINS("3,8,30")) "," COUNT("b", BINS("8")) "," COUNT(
        "c", QUARTER "," BINS("8,30")) "," COUNT("d", UNKNOWN) "," COUNT("e", MODEL)),
};

struct reader {
    const struct tally *tally;
    bool *known[16]; /* [table][cell] */
    bool *hidden;    /* [hidden figure] */
};

static bool *known_at(const struct reader *reader, struct tally_place place)
{
    return place.table == TALLY_HIDDEN
               ? &reader->hidden[place.row]
               : &reader->known[place.table]
                               [place.row * reader->tally->tables[place.table].column_count +
                                place.column];
}

static bool is_small(const struct reader *reader, struct tally_place place)
{
    struct tally_cell cell = *tally_place_cell(reader->tally, place);
    uint64_t users = cell.users && cell.users < cell.value ? cell.users : cell.value;
    return users > 0 && users < MIN_USERS;
}

/* Of a sum in which one number alone is missing, that one. True if it is news. */
static bool derive(const struct reader *reader, const struct tally_place *places, size_t count,
                   size_t *derived)
{
    size_t missing = 0, which = 0;
    for (size_t i = 0; i < count; i++)
        if (!*known_at(reader, places[i])) {
            missing++;
            which = i;
        }
    if (missing != 1)
        return false;
    *known_at(reader, places[which]) = true;
    *derived += is_small(reader, places[which]);
    return true;
}

/* How many withheld cells of few users are derived. */
static size_t derive_all(const struct reader *reader)
{
    const struct tally *tally = reader->tally;
    size_t derived = 0;
    for (bool news = true; news;) {
        news = false;
        for (uint32_t t = 0; t < tally->table_count; t++)
            for (size_t r = 0; r < tally->tables[t].relation_count; r++) {
                const struct tally_relation *relation = &tally->tables[t].relations[r];
                struct tally_place *places = mem_zalloc(relation->count, sizeof *places);
                for (size_t i = 0; i < relation->count; i++)
                    places[i] = (struct tally_place){t, relation->terms[i].row,
                                                     relation->terms[i].column, 1};
                news |= !relation->at_most && derive(reader, places, relation->count, &derived);
                free(places);
            }
        for (size_t i = 0; i < tally->tie_count; i++)
            news |= !tally->ties[i].at_most &&
                    derive(reader, tally->ties[i].places, tally->ties[i].count, &derived);
    }
    return derived;
}

/* What the gate shows, or would if each table were alone; what a reader derives of it. */
static size_t look(const struct tally *tally, bool together, size_t *withheld)
{
    struct tally apart = *tally;
    struct reader reader = {.tally = tally};
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release;
    struct error err = ERROR_INIT;
    apart.tie_count = together ? tally->tie_count : 0;
    assert_ok(gate_release(&apart, &policy, &release, &err), err);
    assert_in_range(tally->table_count, 1, 16);
    reader.hidden = mem_zalloc(tally->hidden_count, sizeof *reader.hidden);
    for (size_t t = 0; t < tally->table_count; t++) {
        const struct tally_table *table = &tally->tables[t];
        const struct figure_table *figures = release_table_find(release, table->id);
        bool *known = reader.known[t] = mem_zalloc(table->row_count * table->column_count, 1);
        for (size_t row = 0; row < table->row_count; row++)
            for (size_t c = 0; c < table->column_count; c++, known++) {
                *known = figure_at(figures, row, c).state == FIGURE_EXACT;
                *withheld += !*known;
            }
    }
    size_t derived = derive_all(&reader);
    for (size_t t = 0; t < tally->table_count; t++)
        free(reader.known[t]);
    free(reader.hidden);
    release_free(release);
    return derived;
}

static void together(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof plans / sizeof *plans; p++) {
        size_t derived = 0, apart = 0, withheld = 0, alone = 0;
        for (unsigned i = 0; i < 12; i++) {
            const struct made_wish wish = {.seed = 900 + i,
                                           .parts = 2,
                                           /* The first is so sparse that not all can be told. */
                                           .rows = i == 0 ? 240 : 2400 + 600 * (i % 4),
                                           .users = i == 0 ? 60 : 300,
                                           .gap_percent = i % 3,
                                           .tier_numbers = 40,
                                           .plan = plans[p]};
            struct made made;
            struct tally tally;
            made_ready(&made, &wish);
            made_tally(&made, &tally);
            assert_true(tally.tie_count > 0);
            derived += look(&tally, true, &withheld);
            apart += look(&tally, false, &alone);
            tally_release(&tally);
            made_release(&made);
        }
        print_message("plan %zu: %zu withheld, %zu would be table by table, and %zu follow\n", p,
                      withheld, alone, apart);
        assert_int_equal(derived, 0);
        assert_true(withheld > 50 && apart > 10);
    }
}

/* Two rows of which the second has more. */
static struct tally_table *two_rows(struct tally *tally)
{
    static const struct tally_key key = {"what", "What", TALLY_KEY_STRING};
    static const struct tally_column column = {"conversations", "Conversations", "conversations",
                                               0};
    struct tally_table *table;
    struct error err = ERROR_INIT;
    assert_ok(tally_add_table(tally, "two", 0, &key, 1, &column, 1, 2, &table, &err), err);
    for (size_t row = 0; row < 2; row++) {
        table->key_values[row] = row ? "b" : "a";
        *tally_cell_at(table, row, 0) = (struct tally_cell){2 + row, 2, 0};
    }
    return table;
}

/* A tie that does not hold is an error, wherever it comes from. */
static void false_ties(void **state)
{
    (void)state;
    static const struct tally_place all[] = {{0, 0, 0, 1}, {0, 1, 0, -1}};
    struct places places = {.items = NULL};
    struct tally tally;
    struct error err = ERROR_INIT;
    tally_init(&tally);
    (void)two_rows(&tally);
    for (size_t i = 0; i < 2; i++)
        assert_ok(places_add(&places, all[i], &err), err);
    assert_int_equal(places_bind(&places, &tally, false, &err), STATUS_INTERNAL);
    assert_non_null(strstr(err.text, "does not hold"));
    assert_int_equal(tally.tie_count, 0);
    for (size_t i = 0; i < 2; i++)
        assert_ok(places_add(&places, all[i], &err), err);
    assert_ok(places_bind(&places, &tally, true, &err), err);
    assert_int_equal(tally.tie_count, 1);

    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release = NULL;
    err = (struct error)ERROR_INIT;
    assert_ok(tally_bind(&tally, all, 2, false, &err), err);
    assert_int_equal(gate_release(&tally, &policy, &release, &err), STATUS_INTERNAL);
    assert_non_null(strstr(err.text, "does not hold"));
    release_free(release);
    places_release(&places);
    tally_release(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(together), cmocka_unit_test(false_ties)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
