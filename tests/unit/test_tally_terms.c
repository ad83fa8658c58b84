/* Search terms and topics against naive sets. */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/field.h"
#include "queries/query_terms.h"

#include <stdlib.h>
#include <string.h>

#define HEAD                                                                                       \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},"                                      \
    "\"population\":{\"to\":\"2024-08-31\"},\"queries\":["
#define TAIL  "],\"release\":{\"unit\":\"user\",\"min_users\":0}}"
#define RULES "\"taxonomy\":\"usage.json\""

static const char taxonomy[] =
    "{\"proffer_taxonomy\":1,\"title\":\"Uses\",\"groups\":[{\"name\":\"A\",\"topics\":["
    "{\"name\":\"x\",\"term\":\"x\"},{\"name\":\"never\"}]},"
    "{\"name\":\"B\",\"topics\":["
    "{\"name\":\"y\",\"term\":\"y\"},{\"name\":\"z\",\"term\":\"z\"}]}]}";
static const char plan[] =
    HEAD "{\"id\":\"one\",\"kind\":\"terms\",\"terms\":[\"a\"]},"
         "{\"id\":\"two\",\"kind\":\"terms\",\"terms\":[\"a\",\"b\"]},"
         "{\"id\":\"six\",\"kind\":\"terms\",\"terms\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]},"
         "{\"id\":\"first\",\"kind\":\"topics\"," RULES "},"
         "{\"id\":\"all\",\"kind\":\"topics\",\"assign\":\"all\"," RULES "},"
         "{\"id\":\"months\",\"kind\":\"terms\",\"terms\":[\"a\",\"b\",\"c\"],\"by\":[\"month\"]},"
         "{\"id\":\"cross\",\"kind\":\"terms\",\"terms\":[\"a\"],"
         "\"by\":[\"quarter\",\"language\"]}" TAIL;

static const struct made_wish wishes[] = {
    {.seed = 51,
     .parts = 3,
     .rows = 800,
     .users = 60,
     .hit_permille = 150,
     .gap_percent = 8,
     .again_percent = 10,
     .plan = plan,
     .taxonomy = taxonomy},
    {.seed = 52,
     .parts = 2,
     .rows = 500,
     .users = 300,
     .hit_permille = 10,
     .gap_percent = 30,
     .again_percent = 10,
     .plan = plan,
     .taxonomy = taxonomy},
    {.seed = 53,
     .parts = 4,
     .rows = 300,
     .users = 9,
     .hit_permille = 1000,
     .gap_percent = 5,
     .plan = plan,
     .taxonomy = taxonomy},
    {.seed = 54,
     .parts = 1,
     .rows = 100,
     .users = 9,
     .hit_permille = 0,
     .plan = plan,
     .taxonomy = taxonomy},
    {.seed = 55,
     .parts = 2,
     .rows = 200,
     .users = 20,
     .hit_permille = 700,
     .gap_percent = 100,
     .plan = plan,
     .taxonomy = taxonomy},
};
enum { WISHES = sizeof wishes / sizeof *wishes };

/* A set of rows being counted. */
struct naive {
    const struct made *made;
    bool *in;
    uint64_t value;
};

static void check_cell(struct naive *set, const struct tally_table *table, size_t row,
                       const char *column)
{
    for (size_t c = 0; c < table->column_count; c++) {
        if (strcmp(table->columns[c].id, column) != 0)
            continue;
        const struct tally_cell *cell = tally_cell_at(table, row, c);
        struct made_users users = made_count_users(set->made, set->in);
        uint64_t expected = strcmp(column, "users") == 0 ? users.counted : set->value;
        if (cell->value != expected || cell->users != users.support)
            fail_msg("%s, row %zu, %s: %d of %d users, not %d of %d", table->id, row, column,
                     (int)cell->value, (int)cell->users, (int)expected, (int)users.support);
        if (strcmp(column, "conversations") == 0 && cell->largest &&
            cell->largest != made_largest(set->made, set->in, NULL))
            fail_msg("%s, row %zu: one user has %d, not %d", table->id, row, (int)cell->largest,
                     (int)made_largest(set->made, set->in, NULL));
        memset(set->in, 0, set->made->wish.rows * sizeof *set->in);
        set->value = 0;
        return;
    }
    fail_msg("no column \"%s\"", column);
}

static bool inside(const struct made *made, uint32_t row)
{
    return population_has(&made->population, made->rows[row].part, made->rows[row].local);
}

static void add(struct naive *set, uint32_t row, uint64_t value)
{
    set->in[row] = set->in[row] || value;
    set->value += value;
}

/* How many of the slots FROM to TO - 1 hit a row. */
static size_t hit_by(const struct made *made, size_t query, size_t from, size_t to, uint32_t row)
{
    size_t count = 0;
    struct made_hit hit;
    for (size_t slot = from; slot < to; slot++)
        count += made_hit(made, query, slot, row, &hit);
    return count;
}

static uint32_t hit_exchanges(const struct made *made, size_t query, size_t slots, uint32_t row)
{
    uint32_t mask = 0;
    struct made_hit hit;
    for (size_t slot = 0; slot < slots; slot++)
        if (made_hit(made, query, slot, row, &hit))
            mask |= hit.exchanges;
    return mask;
}

static void check_term(struct naive *set, const struct tally_table *table, size_t query,
                       size_t slot, size_t slots)
{
    static const char *const ids[] = {"conversations",       "users",
                                      "exchanges",           "turns",
                                      "occurrences",         "unique_conversations",
                                      "added_conversations", "prompt_only",
                                      "output_only"};
    for (size_t column = 0; column < sizeof ids / sizeof *ids; column++) {
        for (uint32_t row = 0; row < set->made->wish.rows; row++) {
            struct made_hit hit;
            if (!inside(set->made, row) || !made_hit(set->made, query, slot, row, &hit))
                continue;
            const uint64_t values[] = {1,
                                       1,
                                       (uint64_t)__builtin_popcount(hit.exchanges),
                                       hit.turns,
                                       hit.occurrences,
                                       hit_by(set->made, query, 0, slots, row) == 1,
                                       hit_by(set->made, query, 0, slot, row) == 0,
                                       hit.prompt_only,
                                       hit.output_only};
            add(set, row, values[column]);
        }
        check_cell(set, table, slot, ids[column]);
    }
}

static void check_ends(struct naive *set, const struct tally_table *table, size_t query,
                       size_t slots)
{
    static const char *const columns[] = {"conversations", "users", "exchanges"};
    for (size_t end = 0; end < 3; end++)
        for (size_t column = 0; column < 3; column++) {
            for (uint32_t row = 0; row < set->made->wish.rows; row++) {
                if (!inside(set->made, row))
                    continue;
                uint32_t mask = hit_exchanges(set->made, query, slots, row);
                uint64_t exchanges = (uint64_t)__builtin_popcount(mask);
                uint64_t all = set->made->rows[row].exchanges;
                const uint64_t rows[] = {mask > 0, mask == 0, 1};
                const uint64_t counts[] = {exchanges, all - exchanges, all};
                add(set, row, column == 2 ? counts[end] : rows[end]);
            }
            check_cell(set, table, slots + end, columns[column]);
        }
    assert_string_equal(table->key_values[slots], "any term");
    assert_string_equal(table->key_values[slots + 1], "no term");
    assert_string_equal(table->key_values[slots + 2], "all conversations");
    assert_int_equal(table->row_flags[slots + 2], TALLY_KEEP);
}

static void check_pairs(struct naive *set, const struct tally_table *table, size_t query,
                        size_t slots)
{
    const struct plan_query *asked = &set->made->plan.queries[query];
    size_t at = 0;
    for (size_t a = 0; a < slots; a++)
        for (size_t b = a + 1; b < slots; b++) {
            for (uint32_t row = 0; row < set->made->wish.rows; row++)
                if (inside(set->made, row) && hit_by(set->made, query, a, a + 1, row) &&
                    hit_by(set->made, query, b, b + 1, row))
                    add(set, row, 1);
            if (!set->value)
                continue;
            assert_true(at < table->row_count);
            assert_string_equal(table->key_values[2 * at], asked->terms[a].name);
            assert_string_equal(table->key_values[2 * at + 1], asked->terms[b].name);
            check_cell(set, table, at++, "conversations");
        }
    assert_int_equal(table->row_count, at);
}

static bool in_group(const struct made_row *row, const struct plan_field *field, const char *name)
{
    char text[FIELD_DAY_TEXT];
    if (strcmp(field->name, "language") == 0)
        return strcmp(name, row->language < 0 ? "unknown" : made_languages[row->language]) == 0;
    if (row->time == CIVIL_NONE)
        return strcmp(name, "no time") == 0;
    field_day_text(field->kind, civil_day_of(row->time), text);
    return strcmp(name, text) == 0;
}

/* Terms by fields: each row recounted, and all of a term's rows are the term's own. */
static void check_by(struct naive *set, const struct tally_table *table,
                     const struct tally_table *own, size_t query, size_t slots)
{
    static const char *const ids[] = {"conversations", "users"};
    const struct plan_query *asked = &set->made->plan.queries[query];
    size_t keys = asked->by_count + 1, groups = table->row_count / slots;
    assert_int_equal(table->key_count, keys);
    assert_int_equal(table->row_count, slots * groups);
    for (size_t at = 0; at < table->row_count; at++) {
        const char **names = &table->key_values[at * keys];
        assert_string_equal(names[0], asked->terms[at / groups].name);
        assert_int_equal(table->row_flags[at], TALLY_LESS);
        for (size_t k = 1; k < keys; k++) /* the same groups in the same order for each term */
            assert_string_equal(names[k], table->key_values[at % groups * keys + k]);
        for (size_t column = 0; column < 2; column++) {
            for (uint32_t row = 0; row < set->made->wish.rows; row++) {
                bool in = inside(set->made, row) &&
                          hit_by(set->made, query, at / groups, at / groups + 1, row);
                for (size_t k = 1; in && k < keys; k++)
                    in = in_group(&set->made->rows[row], &asked->by[k - 1], names[k]);
                add(set, row, in);
            }
            check_cell(set, table, at, ids[column]);
        }
    }
    for (size_t slot = 0; slot < slots; slot++) {
        uint64_t sum = 0;
        for (size_t group = 0; group < groups; group++)
            sum += tally_cell_at(table, slot * groups + group, 0)->value;
        assert_int_equal(sum, tally_cell_at(own, slot, 0)->value);
    }
}

static void check_terms(struct made *made, size_t query)
{
    struct error err = ERROR_INIT;
    struct tally tally;
    size_t slots = made->plan.queries[query].term_count;
    struct naive set = {made, mem_zalloc(made->wish.rows, sizeof *set.in), 0};
    const struct tally_source source = made_source(made);
    assert_non_null(set.in);
    tally_init(&tally);
    assert_ok(tally_terms(&source, query, &tally, &err), err);
    bool by = made->plan.queries[query].by_count > 0;
    assert_int_equal(tally.table_count, (slots > 1 ? 2 : 1) + by);
    assert_int_equal(tally.tables[0].row_count, slots + 3);
    for (size_t slot = 0; slot < slots; slot++)
        check_term(&set, &tally.tables[0], query, slot, slots);
    check_ends(&set, &tally.tables[0], query, slots);
    if (slots > 1)
        check_pairs(&set, &tally.tables[1], query, slots);
    if (by)
        check_by(&set, &tally.tables[tally.table_count - 1], &tally.tables[0], query, slots);
    made_check_relations(&tally);
    assert_true(tally.tables[0].relation_count > 0);
    tally_release(&tally);
    free(set.in);
}

/* Does topic SLOT count a row? SLOTS is "none of these", SLOTS + 1 the total. */
static bool topic_has(const struct made *made, size_t query, size_t slot, size_t slots,
                      uint32_t row)
{
    if (!inside(made, row))
        return false;
    if (slot == slots + 1)
        return true;
    if (slot == slots)
        return hit_by(made, query, 0, slots, row) == 0;
    return hit_by(made, query, slot, slot + 1, row) &&
           (made->plan.queries[query].multi_label || hit_by(made, query, 0, slot, row) == 0);
}

static void check_topics(struct made *made, size_t query)
{
    struct error err = ERROR_INIT;
    struct tally tally;
    static const char *const names[] = {"x", "never", "y", "z", "none of these", "total"};
    static const char *const ids[] = {"conversations", "exchanges", "users", "words"};
    size_t slots = made->plan.queries[query].topic_count;
    struct naive set = {made, mem_zalloc(made->wish.rows, sizeof *set.in), 0};
    const struct tally_source source = made_source(made);
    assert_non_null(set.in);
    assert_int_equal(slots, 4);
    tally_init(&tally);
    assert_ok(tally_topics(&source, query, &tally, &err), err);
    const struct tally_table *table = &tally.tables[0];
    assert_int_equal(table->row_count, slots + 2);
    assert_int_equal(table->key_count, 2);
    for (size_t slot = 0; slot < slots + 2; slot++) {
        assert_string_equal(table->key_values[2 * slot + 1], names[slot]);
        for (size_t column = 0; column < 4; column++) {
            for (uint32_t row = 0; row < made->wish.rows; row++) {
                const uint64_t values[] = {1, made->rows[row].exchanges, 1, made->rows[row].words};
                if (!topic_has(made, query, slot, slots, row))
                    continue;
                set.in[row] = true;
                set.value += values[column];
            }
            check_cell(&set, table, slot, ids[column]);
        }
    }
    assert_int_equal(table->row_flags[slots + 1], TALLY_KEEP);
    made_check_relations(&tally);
    tally_release(&tally);
    free(set.in);
}

static void test_terms_and_topics(void **state)
{
    (void)state;
    for (size_t w = 0; w < WISHES; w++) {
        struct made made;
        made_init(&made, &wishes[w]);
        made_open(&made);
        made_population(&made);
        for (size_t q = 0; q < made.plan.query_count; q++)
            (made.plan.queries[q].kind == QUERY_TERMS ? check_terms : check_topics)(&made, q);
        made_release(&made);
    }
}

/* A damaged hits file ends in an error. */
static void test_damaged(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct made made;
    struct tally tally;
    made_init(&made, &wishes[0]);
    made_open(&made);
    made_population(&made);
    const struct tally_source source = made_source(&made);
    test_write_text(test_path(made.state.parts[1].hits_dirs[2], "exchanges.roaring"), "x");
    test_write_text(test_path(made.state.parts[2].hits_dirs[3], "segment.json"), "{}");
    tally_init(&tally);
    assert_int_equal(tally_terms(&source, 2, &tally, &err), STATUS_INPUT);
    assert_int_equal(tally_topics(&source, 3, &tally, &err), STATUS_INPUT);
    tally_release(&tally);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms_and_topics),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
