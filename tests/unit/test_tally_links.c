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
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"population\":{"                      \
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
                                           .plan = plans[p]};
            struct made made;
            struct tally tally;
            struct error err = ERROR_INIT;
            made_init(&made, &wish);
            made_open(&made);
            made_population(&made);
            const struct tally_source source = made_source(&made);
            tally_init(&tally);
            assert_ok(tally_run(&source, &tally, &err), err);
            made_check_relations(&tally);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
