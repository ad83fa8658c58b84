/*
 * Sensitivities by enumeration: log sets and all their neighbours, which lack one user's
 * conversations, scanned, capped and tallied; no column may change by more than the rule says that
 * its noise was made for, and some must change by just that.
 */
#include "tests/support/support.h"

#include "base/file.h"
#include "base/memory.h"
#include "queries/catalogue/settle.h"
#include "queries/noise_shape.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/scan.h"
#include "queries/tally_run.h"
#include "release/mechanism.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    CAP = 3,
    EXCHANGES = 2,
    WORDS = 9,
    USERS = 9,
    HEAVY = 0,
    SPREAD = 1,
    MIXED = 2,
    QUERIES = 9,
    TERMS = 4
};

static const char plan_text[] =
    "{\"proffer\":1,\"matter\":\"m\",\"logs\":{\"paths\":[\"logs/*.jsonl\"],\"digest\":\"none\"},"
    "\"population\":{\"from\":\"2024-01-01\",\"to\":\"2024-03-31\"},\"queries\":["
    "{\"id\":\"months\",\"kind\":\"count\",\"by\":[\"month\",{\"field\":\"account\",\"values\":["
    "\"a\","
    "\"b\"]}]},"
    "{\"id\":\"days\",\"kind\":\"count\",\"by\":[\"weekday\"]},"
    "{\"id\":\"first\",\"kind\":\"topics\",\"taxonomy\":\"t.json\"},"
    "{\"id\":\"all\",\"kind\":\"topics\",\"taxonomy\":\"t.json\",\"assign\":\"all\"},"
    "{\"id\":\"terms\",\"kind\":\"terms\",\"terms\":[\"apple\",\"pear*\",\"apple w/3 "
    "plum\",\"plum\"],\"by\":[\"month\",{\"field\":\"account\",\"values\":[\"a\",\"b\"]}]},"
    "{\"id\":\"found\",\"kind\":\"identifiers\"},"
    "{\"id\":\"regex\",\"kind\":\"regex\",\"patterns\":[\"app\",\"e\"]},"
    "{\"id\":\"works\",\"kind\":\"overlap\",\"works\":[\"w/"
    "*.txt\"],\"min_words\":4,\"bins\":[6,8]},"
    "{\"id\":\"options\",\"kind\":\"proposals\",\"options\":[{\"id\":\"A\",\"terms\":[\"T1\"]},"
    "{\"id\":\"B\",\"terms\":[\"T2\",\"T4\"],\"topics\":[\"x\"],\"query\":\"all\"},{\"id\":\"C\","
    "\"from\":\"2024-02-01\"}]}],"
    "\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{\"rho\":"
    "1,"
    "\"delta\":1e-9},\"per_user\":{\"conversations\":3},\"per_conversation\":{\"exchanges\":2,"
    "\"words\":9,\"occurrences\":2},\"ledger\":\"l.db\"}}";
static const char taxonomy[] = "{\"proffer_taxonomy\":1,\"topics\":[{\"name\":\"x\",\"term\":"
                               "\"apple\"},{\"name\":\"y\",\"term\":"
                               "\"pear\"},{\"name\":\"z\",\"term\":\"plum\"}]}";
static const char work[] = "apple pear plum one two three four five six seven eight nine ten";

/* ---- logs ---- */

static unsigned next(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}

static void write_text(FILE *f, unsigned *state, bool heavy)
{
    static const char *const words[] = {"apple", "pear",  "plum",        "pears", "one",
                                        "two",   "three", "a@mail.org ", "four",  "x"};
    if (heavy) {
        fputs("apple pear plum one two three four five six x a@mail.org +442079460000", f);
        return;
    }
    for (unsigned i = 0, n = next(state) % 7; i < n; i++)
        fprintf(f, "%s%s", i ? " " : "", words[next(state) % 10]);
}

/* One record. The heavy user's are all alike and touch all that can be touched; another one's have
 * the same text, spread over months and accounts; a third one's
 * have it or no term. */
static void write_record(FILE *f, unsigned user, unsigned number, unsigned *state)
{
    static const char *const accounts[] = {"a", "b", "c"};
    bool spread = user == SPREAD, heavy = user <= MIXED;
    bool no_term = user == MIXED && number % 2;
    unsigned month = spread ? number % 3 : heavy ? 1 : next(state) % 3;
    unsigned account = spread ? number / 3 % 3 : heavy ? 0 : next(state) % 3;
    fputs("{", f);
    if (heavy || next(state) % 3)
        fprintf(f, "\"id\":\"%u-%u\",", user, number);
    fprintf(f, "\"user\":\"u%u\",\"account\":\"%s\",\"created\":\"2024-%02u-%02uT10:00:00Z\",",
            user, accounts[account], month + 1, heavy ? 5 : 1 + next(state) % 28);
    fputs("\"messages\":[", f);
    for (unsigned i = 0, n = heavy ? 3 : 1 + next(state) % 3; i < n; i++) {
        fprintf(f, "%s{\"role\":\"user\",\"content\":\"", i ? "," : "");
        if (no_term)
            fputs("one x", f);
        else
            write_text(f, state, heavy);
        fputs("\"},{\"role\":\"assistant\",\"content\":\"", f);
        if (no_term)
            fputs("one x", f);
        else
            write_text(f, state, heavy);
        fputs("\"}", f);
    }
    fputs("]}\n", f);
}

/* Each user's records are the same whoever else is there; MISSING's are left out. */
static void write_logs(const char *dir, unsigned seed, unsigned missing)
{
    FILE *files[2];
    assert_int_equal(mkdir(test_path(dir, "logs"), 0700) == 0 || errno == EEXIST, 1);
    for (unsigned i = 0; i < 2; i++) {
        char name[16];
        snprintf(name, sizeof name, "logs/%u.jsonl", i);
        files[i] = fopen(test_path(dir, name), "w");
        assert_non_null(files[i]);
    }
    for (unsigned number = 0; number < 12; number++)
        for (unsigned user = 0; user < USERS; user++) {
            unsigned state = seed + user * 1000 + number * 7919;
            unsigned count = user <= MIXED ? 12 : next(&state) % 8;
            if (user != missing && number < count)
                write_record(files[next(&state) % 2], user, number, &state);
        }
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(fclose(files[i]), 0);
}

/* ---- from logs to a tally ---- */

struct job {
    struct plan plan;
    struct scan_state state;
    struct catalogue catalogue;
    struct population population;
    struct tally tally;
};

static void job_run(struct job *job, const char *dir)
{
    struct error err = ERROR_INIT;
    struct scan_options options = {.threads = 1};
    struct scan_summary summary;
    struct scan_state *state = &job->state;
    char *paths[16];
    tally_init(&job->tally);
    assert_ok(dir_remove(test_path(dir, "catalogue"), &err), err);
    assert_ok(plan_read(&job->plan, test_path(dir, "plan.json"), true, &err), err);
    assert_ok(scan_state_init(state, &job->plan, &options, &err), err);
    assert_ok(scan_run(state, &job->plan, &options, &summary, &err), err);
    for (size_t i = 0; i < state->logs.part_count; i++)
        paths[i] = state->parts[i].base_dir;
    assert_ok(catalogue_open(&job->catalogue, paths, state->logs.part_count,
                             state->setup.field_names, state->setup.field_count, &err),
              err);
    assert_ok(settle_open(&job->catalogue, state->catalogue, true, &err), err);
    assert_ok(population_init(&job->population, &job->catalogue, &job->plan, &err), err);
    assert_ok(catalogue_clamp(&job->catalogue, EXCHANGES, 0, WORDS, &err), err);
    assert_ok(population_cap(&job->population, CAP, "a secret", &err), err);
    struct tally_source source = {&job->plan, state, &job->catalogue, &job->population};
    assert_ok(tally_run(&source, &job->tally, &err), err);
}

static void job_release(struct job *job)
{
    tally_release(&job->tally);
    population_release(&job->population);
    catalogue_close(&job->catalogue);
    scan_state_release(&job->state);
    plan_release(&job->plan);
}

static const struct tally_table *table_of(const struct job *job, const char *id)
{
    for (size_t i = 0; i < job->tally.table_count; i++)
        if (strcmp(job->tally.tables[i].id, id) == 0)
            return &job->tally.tables[i];
    fail_msg("no table %s", id);
    return NULL;
}

/* ---- changes against sensitivities ---- */

/* How close to its bounds a column came: the largest part of L1 and of L2 squared. */
struct closeness {
    double l1, l2;
};
static struct closeness closest[QUERIES + 2][NOISE_COLUMNS_MAX];
enum { POPULATION = QUERIES, TERMS_BY };

static void compare_values(const char *id, const struct noise_column *column, uint64_t rows,
                           const uint64_t *a, const uint64_t *b, struct closeness *seen)
{
    struct sensitivity s;
    struct error err = ERROR_INIT;
    uint64_t l1 = 0, l2 = 0;
    assert_ok(column->users ? sensitivity_of_users(CAP, column->touches, rows, &s, &err)
                            : sensitivity_of_sums(CAP, column->touches, column->clamp, &s, &err),
              err);
    for (uint64_t i = 0; i < rows; i++) {
        uint64_t change = a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
        l1 += change;
        l2 += change * change;
    }
    if (l1 > s.l1 || l2 > s.l2_squared)
        fail_msg("%s.%s changes by L1 %d, L2 squared %d, not %d and %d at most", id, column->id,
                 (int)l1, (int)l2, (int)s.l1, (int)s.l2_squared);
    double part1 = (double)l1 / (double)s.l1, part2 = (double)l2 / (double)s.l2_squared;
    seen->l1 = part1 > seen->l1 ? part1 : seen->l1;
    seen->l2 = part2 > seen->l2 ? part2 : seen->l2;
}

static void compare_tables(const struct job *all, const struct job *without, const char *id,
                           struct noise_shape shape, size_t number)
{
    const struct tally_table *a = table_of(all, id), *b = table_of(without, id);
    uint64_t left[256], right[256];
    size_t totals = number != TERMS_BY;
    assert_true(shape.column_count >= 2 && shape.rows <= 256);
    /* The public shape: as many rows as told, the same keys, totals last. */
    assert_int_equal(a->row_count, shape.rows + totals);
    assert_int_equal(b->row_count, shape.rows + totals);
    for (size_t k = 0; k < a->row_count * a->key_count; k++)
        assert_string_equal(a->key_values[k], b->key_values[k]);
    for (size_t row = 0; row < a->row_count; row++)
        assert_int_equal((a->row_flags[row] & TALLY_KEEP) > 0, row == shape.rows);
    for (size_t c = 0; c < shape.column_count; c++) {
        size_t at = 0;
        while (at < a->column_count && strcmp(a->columns[at].id, shape.columns[c].id) != 0)
            at++;
        assert_true(at < a->column_count);
        for (size_t row = 0; row < shape.rows; row++) {
            left[row] = tally_cell_at(a, row, at)->value;
            right[row] = tally_cell_at(b, row, at)->value;
        }
        compare_values(id, &shape.columns[c], shape.rows, left, right, &closest[number][c]);
    }
}

static void compare_populations(const struct job *all, const struct job *without)
{
    static const char *const ids[] = {"conversations", "exchanges", "users", "words"};
    struct noise_shape shape = noise_shape_population(&all->plan);
    for (size_t c = 0; c < shape.column_count; c++)
        for (size_t i = 0; i < 4; i++)
            if (strcmp(ids[i], shape.columns[c].id) == 0)
                compare_values("population", &shape.columns[c], 1, &all->tally.population[i].value,
                               &without->tally.population[i].value, &closest[POPULATION][c]);
}

static void write_questions(const char *dir)
{
    assert_int_equal(mkdir(test_path(dir, "w"), 0700), 0);
    test_write_text(test_path(dir, "plan.json"), plan_text);
    test_write_text(test_path(dir, "t.json"), taxonomy);
    test_write_text(test_path(dir, "w/one.txt"), work);
}

static void neighbours(void **state)
{
    (void)state;
    const char *dir = test_dir();
    write_questions(dir);
    for (unsigned seed = 1; seed <= 4; seed++) {
        struct job all, without;
        write_logs(dir, seed, USERS);
        job_run(&all, dir);
        assert_int_equal(all.plan.query_count, QUERIES);
        for (unsigned user = 0; user < USERS; user++) {
            write_logs(dir, seed, user);
            job_run(&without, dir);
            compare_populations(&all, &without);
            for (size_t q = 0; q < QUERIES; q++)
                compare_tables(&all, &without, all.plan.queries[q].id,
                               noise_shape_query(&all.plan, q), q);
            compare_tables(&all, &without, "terms.by", noise_shape_terms_by(&all.plan, TERMS),
                           TERMS_BY);
            job_release(&without);
        }
        job_release(&all);
    }
}

/* The bounds are no looser than need be: the heavy user reaches them, so that a cap or clamp that
 * is off by one would have shown. */
static void bounds_are_reached(void **state)
{
    (void)state;
    static const struct {
        size_t query;
        const char *column;
    } reached[] = {{0, "conversations"}, {0, "exchanges"},     {0, "words"},
                   {1, "conversations"}, {2, "conversations"}, {3, "conversations"},
                   {3, "words"},         {4, "conversations"}, {4, "users"},
                   {6, "conversations"}, {6, "users"},         {4, "occurrences"},
                   {6, "occurrences"},   {8, "conversations"}, {8, "words"},
                   {8, "exchanges"},     {8, "users"},         {TERMS_BY, "conversations"},
                   {TERMS_BY, "users"}};
    const char *dir = test_dir();
    struct plan plan;
    struct error err = ERROR_INIT;
    write_questions(dir);
    assert_ok(plan_read(&plan, test_path(dir, "plan.json"), true, &err), err);
    for (size_t i = 0; i < sizeof reached / sizeof *reached; i++) {
        struct noise_shape shape = reached[i].query == TERMS_BY
                                       ? noise_shape_terms_by(&plan, TERMS)
                                       : noise_shape_query(&plan, reached[i].query);
        for (size_t c = 0; c < shape.column_count; c++)
            if (strcmp(shape.columns[c].id, reached[i].column) == 0 &&
                (closest[reached[i].query][c].l1 != 1 || closest[reached[i].query][c].l2 != 1))
                fail_msg("%s.%s: L1 %g, L2 squared %g of the bound",
                         reached[i].query == TERMS_BY ? "terms.by"
                                                      : plan.queries[reached[i].query].id,
                         reached[i].column, closest[reached[i].query][c].l1,
                         closest[reached[i].query][c].l2);
    }
    for (size_t c = 0; c < noise_shape_population(&plan).column_count; c++)
        assert_true(closest[POPULATION][c].l1 == 1);
    plan_release(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(neighbours),
                                       cmocka_unit_test(bounds_are_reached)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
