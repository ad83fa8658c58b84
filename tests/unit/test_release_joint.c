/*
 * A reader of counts by fields who reckons with how all their fields go together: linear programs
 * over the numbers of conversations of every combination of values that could occur, under all that
 * the report shows. No number of few users, told or not, lies closer than the rule allows. Judged
 * by what any two tables have in common, some would.
 */
#include "tests/support/made_atoms.h"
#include "tests/support/reader.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/intern.h"
#include "base/memory.h"
#include "queries/field.h"
#include "release/figure.h"
#include "release/gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5, TABLES_MOST = 4, KEY = 512, ATOMS_MOST = 4000 };

#define PLAN(queries)                                                                              \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"],\"fields\":{\"tier\":\"/tier\"}},"      \
    "\"population\":{\"from\":\"2023-01-01\",\"to\":\"2023-12-31\"},\"queries\":[" queries         \
    "],\"release\":{\"min_users\":5}}"
#define COUNT(id, by) "{\"id\":\"" id "\",\"kind\":\"count\",\"by\":[" by "]}"
#define QUARTER       "\"quarter\""
#define MONTH         "\"month\""
#define LANGUAGE      "\"language\""
#define MODEL         "\"model\""
#define MODELS(some)  "{\"field\":\"model\",\"values\":[" some "]}"
#define TIER          "{\"field\":\"tier\",\"values\":[\"free\",\"plus\",\"team\"]}"
#define TIERS(bounds) "{\"field\":\"tier\",\"bins\":[" bounds "]}"

static const struct {
    const char *name, *plan;
    unsigned numbers; /* of tiers */
    bool cycle;       /* of which nothing less than the tables together tells */
} plans[] = {
    {"three fields, by two each",
     PLAN(COUNT("a", QUARTER "," MODEL) "," COUNT("b", QUARTER
                                                  "," LANGUAGE) "," COUNT("c", MODEL "," LANGUAGE)),
     0, true},
    {"months and quarters",
     PLAN(COUNT("a", MONTH "," TIER) "," COUNT("b", QUARTER "," LANGUAGE) "," COUNT("c", TIER
                                                                                    "," LANGUAGE)),
     0, true},
    {"a chain", PLAN(COUNT("a", QUARTER "," MODEL) "," COUNT("b", QUARTER "," LANGUAGE)), 0, false},
    {"a ring of four",
     PLAN(COUNT("a", QUARTER "," TIER) "," COUNT("b", TIER "," LANGUAGE) "," COUNT(
         "c", LANGUAGE
         "," MODELS("\"o1\",\"gpt-4\"")) "," COUNT("d", MODELS("\"o1\",\"gpt-4\"") "," QUARTER)),
     0, true},
    {"lists of values",
     PLAN(COUNT("a", MONTH "," MODELS("\"o1\",\"gpt-4\"")) "," COUNT(
         "b", MODELS("\"gpt-4\",\"gpt-3.5\",\"claude-2\"") "," MONTH)),
     0, true},
    {"bins", PLAN(COUNT("a", MONTH "," TIERS("5,20")) "," COUNT("b", TIERS("6,20,37") "," MONTH)),
     40, true},
};
enum { PLANS = sizeof plans / sizeof *plans };

/* ---- combinations of rows ---- */

struct truth {
    const struct made *made;
    const struct tally *tally;
    size_t tables, first;              /* tally tables of the queries begin there */
    struct intern labels[TABLES_MOST]; /* keys of each table's rows, in their order */
    struct intern atoms;               /* combinations of rows, one of each table */
    struct made_atoms of;              /* by row of the catalogue */
    bool *in;                          /* [atoms] room for atoms_of */
};

static const char *stored_label(const struct plan_field *field, const char *value, char *text)
{
    if (!value)
        return "unknown";
    if (field->bins) {
        double number = strtod(value, NULL);
        size_t bin = 0;
        while (bin < field->bin_count && number >= field->bins[bin])
            bin++;
        if (bin == 0)
            snprintf(text, 64, "below %.15g", field->bins[0]);
        else if (bin < field->bin_count)
            snprintf(text, 64, "%.15g to below %.15g", field->bins[bin - 1], field->bins[bin]);
        else
            snprintf(text, 64, "%.15g or more", field->bins[bin - 1]);
        return text;
    }
    bool shown = !field->values && strlen(value) <= 64;
    for (const char *c = value; shown && *c; c++)
        shown = *c >= ' ' && *c < 0x7F;
    for (size_t i = 0; !shown && field->values && i < field->value_count; i++)
        shown = strcmp(field->values[i], value) == 0;
    return shown ? value : "other";
}

/* What a conversation could be: its day and the values of its fields. */
struct kind {
    int64_t time;
    int model, language, tier;
};

static void add_label(const struct plan_field *field, const struct kind *kind, unsigned numbers,
                      char *key, size_t *len)
{
    char text[64] = "no time", number[16];
    const char *label = text;
    snprintf(number, sizeof number, "%d", kind->tier);
    if (field->kind != PLAN_FIELD_STORED) {
        if (kind->time != CIVIL_NONE)
            field_day_text(field->kind, civil_day_of(kind->time), text);
    } else {
        const char *value = strcmp(field->name, "model") == 0
                                ? (kind->model < 0 ? NULL : made_models[kind->model])
                            : strcmp(field->name, "language") == 0
                                ? (kind->language < 0 ? NULL : made_languages[kind->language])
                            : kind->tier < 0 ? NULL
                            : numbers        ? number
                                             : made_tiers[kind->tier];
        label = stored_label(field, value, text);
    }
    memcpy(key + *len, label, strlen(label) + 1);
    *len += strlen(label) + 1;
}

/* The number of a kind's combination of rows; UINT32_MAX if a table has no such row. */
static uint32_t atom_of(struct truth *t, const struct kind *kind)
{
    uint32_t rows[TABLES_MOST], atom;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < t->tables; i++) {
        const struct plan_query *query = &t->made->plan.queries[i];
        char key[KEY];
        size_t len = 0;
        for (size_t f = 0; f < query->by_count; f++)
            add_label(&query->by[f], kind, t->made->wish.tier_numbers, key, &len);
        rows[i] = intern_find(&t->labels[i], key, len);
        if (rows[i] == INTERN_NONE ||
            !tally_cell_at(&t->tally->tables[t->first + i], rows[i], 0)->value)
            return UINT32_MAX;
    }
    assert_ok(intern_add(&t->atoms, (const char *)rows, t->tables * sizeof *rows, &atom, &err),
              err);
    return atom;
}

static void list_rows(struct truth *t)
{
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < t->tables; i++) {
        const struct tally_table *table = &t->tally->tables[t->first + i];
        intern_init(&t->labels[i]);
        for (size_t row = 0; row + 1 < table->row_count; row++) {
            char key[KEY];
            size_t len = 0;
            uint32_t number;
            for (size_t f = 0; f < table->key_count; f++) {
                const char *label = table->key_values[row * table->key_count + f];
                memcpy(key + len, label, strlen(label) + 1);
                len += strlen(label) + 1;
            }
            assert_ok(intern_add(&t->labels[i], key, len, &number, &err), err);
            assert_int_equal(number, row);
        }
    }
}

/* Every combination that could occur. */
static void list_atoms(struct truth *t)
{
    int tiers = t->made->wish.tier_numbers ? (int)t->made->wish.tier_numbers : MADE_TIERS;
    for (int month = 0; month <= 12; month++)
        for (int model = -1; model < MADE_MODELS; model++)
            for (int language = -1; language < MADE_LANGUAGES; language++)
                for (int tier = -1; tier < tiers; tier++) {
                    struct kind kind = {CIVIL_NONE, model, language, tier};
                    if (month)
                        kind.time = civil_days((struct civil_date){2023, month, 15}) * 86400;
                    (void)atom_of(t, &kind);
                }
    assert_in_range(t->atoms.count, 1, ATOMS_MOST);
}

static void truth_init(struct truth *t, const struct made *made, const struct tally *tally)
{
    *t = (struct truth){.made = made, .tally = tally, .tables = made->plan.query_count, .first = 1};
    intern_init(&t->atoms);
    list_rows(t);
    list_atoms(t);
    size_t could = t->atoms.count;
    made_atoms_init(&t->of, made, could);
    t->in = mem_zalloc(could, sizeof *t->in);
    assert_non_null(t->in);
    for (uint32_t i = 0; i < made->wish.rows; i++) {
        const struct made_row *row = &made->rows[i];
        struct kind kind = {row->time, row->model, row->language, row->tier};
        if (population_has(&made->population, row->part, row->local)) {
            t->of.of_row[i] = atom_of(t, &kind);
            assert_true(t->of.of_row[i] < could);
        }
    }
}

static void truth_release(struct truth *t)
{
    for (size_t i = 0; i < t->tables; i++)
        intern_release(&t->labels[i]);
    intern_release(&t->atoms);
    made_atoms_release(&t->of);
    free(t->in);
}

static uint32_t row_of(const struct truth *t, size_t atom, size_t table)
{
    uint32_t rows[TABLES_MOST];
    memcpy(rows, t->atoms.items[atom].text, t->tables * sizeof *rows);
    return rows[table];
}

/* ---- the reader ---- */

/* Which are of ROW of TABLE, or the one atom ROW where TABLE is the number of tables; until it is
 * asked again. */
static const bool *atoms_of(const struct truth *t, size_t table, size_t row)
{
    for (size_t a = 0; a < t->atoms.count; a++)
        t->in[a] = table == t->tables ? a == row : row_of(t, a, table) == row;
    return t->in;
}

static struct reader *reader_of(const struct truth *t, const struct release *release, size_t column)
{
    struct reader *reader = reader_new(t->atoms.count);
    for (size_t i = 0; i < t->tables; i++) {
        const struct figure_table *table = release_table_find(release, t->made->plan.queries[i].id);
        assert_non_null(table);
        for (size_t row = 0; row + 1 < figure_table_rows(table); row++) {
            struct figure figure = figure_at(table, row, column);
            const bool *in = atoms_of(t, i, row);
            if (!memchr(in, true, t->atoms.count))
                continue;
            if (figure.state == FIGURE_EXACT)
                reader_know_value(reader, in, (double)figure.value);
            else
                reader_know_least(reader, in, 1);
        }
    }
    /* N is known. */
    memset(t->in, true, t->atoms.count * sizeof *t->in);
    reader_know_value(reader, t->in,
                      column ? (double)t->made->population.exchange_count
                             : (double)t->made->population.conversations);
    return reader;
}

static uint32_t users_of(const struct truth *t, size_t table, size_t row)
{
    uint32_t users;
    (void)made_atoms_count(&t->of, atoms_of(t, table, row), &users);
    return users;
}

struct count {
    size_t small, leaks, hidden, hidden_leaks, shown, rows;
};

/* By the numbers of conversations or (COLUMN 1) of exchanges. */
static void read_column(const struct truth *truth, const struct release *release, size_t column,
                        struct count *count)
{
    struct reader *reader = reader_of(truth, release, column);
    for (size_t table = 0; table <= truth->tables; table++) {
        bool told = table < truth->tables;
        size_t rows =
            told ? truth->tally->tables[truth->first + table].row_count - 1 : truth->atoms.count;
        const struct figure_table *figures =
            told ? release_table_find(release, truth->made->plan.queries[table].id) : NULL;
        for (size_t row = 0; row < rows; row++) {
            if (told && !column) {
                count->rows++;
                count->shown += figure_at(figures, row, 0).state == FIGURE_EXACT;
            }
            uint32_t users = users_of(truth, table, row);
            if (users == 0 || users >= MIN_USERS)
                continue;
            struct reader_range range = reader_range(reader, atoms_of(truth, table, row));
            assert_true(isfinite(range.most));
            *(told ? &count->small : &count->hidden) += 1;
            *(told ? &count->leaks : &count->hidden_leaks) +=
                reader_range_tells(range, MIN_USERS);
        }
    }
    reader_free(reader);
}

static void read_all(const struct tally *tally, const struct made *made, struct count count[2])
{
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release;
    struct error err = ERROR_INIT;
    struct truth truth;
    assert_ok(gate_release(tally, &policy, &release, &err), err);
    truth_init(&truth, made, tally);
    for (size_t column = 0; column < 2; column++)
        read_column(&truth, release, column, &count[column]);
    truth_release(&truth);
    release_free(release);
}

static void count_one(size_t p, unsigned i, struct count judged[2], struct count apart[2])
{
    const struct made_wish wish = {.seed = 4100 + 100 * i,
                                   .parts = 1,
                                   .rows = 80 + 60 * (i % 6),
                                   .users = i % 3 ? 400 : 120,
                                   .lumps = i % 2 ? 6 + 4 * (i % 3) : 0,
                                   .tier_numbers = plans[p].numbers,
                                   .plan = plans[p].plan};
    struct made made;
    struct tally tally;
    made_ready(&made, &wish);
    made_tally(&made, &tally);
    assert_int_equal(tally.joint_left_out, 0);
    assert_true((tally.hidden_count > 0) == plans[p].cycle);
    read_all(&tally, &made, judged);
    /* Without what ties hidden figures: what any two tables have in common alone. */
    size_t kept = 0;
    for (size_t tie = 0; tie < tally.tie_count; tie++) {
        bool hidden = false;
        for (size_t k = 0; k < tally.ties[tie].count; k++)
            hidden |= tally.ties[tie].places[k].table == TALLY_HIDDEN;
        if (!hidden)
            tally.ties[kept++] = tally.ties[tie];
    }
    tally.tie_count = kept;
    tally.hidden_count = 0;
    read_all(&tally, &made, apart);
    tally_release(&tally);
    made_release(&made);
}

static void nothing_follows(void **state)
{
    (void)state;
    /* Some of them are logs of which too much would follow. */
    static const unsigned logs[] = {0, 5, 9, 15, 19, 21, 25, 29};
    size_t rows = 0, combinations = 0;
    for (size_t p = 0; p < PLANS; p++) {
        struct count judged[2] = {{0}}, apart[2] = {{0}};
        for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
            count_one(p, logs[i], judged, apart);
        for (size_t c = 0; c < 2; c++) {
            print_message("%s, %s: %zu rows of few users, %zu follow (%zu would, pair by pair); "
                          "%zu combinations of few users, %zu follow (%zu would)\n",
                          plans[p].name, c ? "exchanges" : "conversations", judged[c].small,
                          judged[c].leaks, apart[c].leaks, judged[c].hidden, judged[c].hidden_leaks,
                          apart[c].hidden_leaks);
            assert_int_equal(judged[c].leaks, 0);
        }
        print_message("%zu of %zu rows shown (%zu would be)\n", judged[0].shown, judged[0].rows,
                      apart[0].shown);
        assert_int_equal(judged[0].hidden_leaks, 0);
        assert_true(judged[0].small > 50 && judged[0].hidden > 50 && judged[0].shown > 20);
        /* Of a chain nothing more follows than by what two tables have in common. */
        if (!plans[p].cycle)
            assert_int_equal(judged[0].shown, apart[0].shown);
        rows += apart[0].leaks;
        combinations += apart[0].hidden_leaks;
    }
    assert_true(rows > 0 && combinations > 8);
}

static bool states(const struct release *release, const char *words)
{
    for (size_t i = 0; release_statement(release, i); i++)
        if (strstr(release_statement(release, i), words))
            return true;
    return false;
}

/* More combinations than are judged: nothing is made of them, and the report says so. Where each
 * table is by days, each day's are few. */
static void many_combinations(void **state)
{
    (void)state;
    static const struct {
        const char *plan;
        bool judged;
    } counts[] = {
        {PLAN(COUNT("a", "\"day\"," TIER) "," COUNT("b", "\"day\"," LANGUAGE) "," COUNT(
             "c", TIER "," LANGUAGE)),
         false},
        {PLAN(COUNT("a", "\"day\"," TIER "," MODEL) "," COUNT(
             "b", "\"day\"," LANGUAGE "," MODEL) "," COUNT("c", "\"day\"," TIER "," LANGUAGE)),
         true},
    };
    for (size_t i = 0; i < 2; i++) {
        const struct made_wish wish = {
            .seed = 77, .parts = 1, .rows = 4000, .users = 900, .plan = counts[i].plan};
        struct gate_policy policy = {.min_users = MIN_USERS};
        struct release *release;
        struct made made;
        struct tally tally;
        struct error err = ERROR_INIT;
        made_ready(&made, &wish);
        made_tally(&made, &tally);
        assert_int_equal(tally.joint_left_out, !counts[i].judged);
        assert_true((tally.hidden_count > 300) == counts[i].judged);
        tally.table_count = i ? 1 : tally.table_count; /* words alone */
        tally.tie_count = tally.hidden_count = 0;
        assert_ok(gate_release(&tally, &policy, &release, &err), err);
        assert_true(states(release, "Not decided in this report") == !counts[i].judged);
        assert_true(states(release, "up to 300 combinations of values"));
        release_free(release);
        tally_release(&tally);
        made_release(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows),
                                       cmocka_unit_test(many_combinations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
