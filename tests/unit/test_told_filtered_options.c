/*
 * A reader of several reports that tell options of proposals, of populations that leave out
 * different models: linear programs over the numbers of conversations of each combination of terms,
 * model and half of the time, under all that any of the reports shows. No number of few users lies
 * closer than the rule allows, not even one of a model by itself, of which no report tells. Judged
 * report by report, some would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/made_filters.h"
#include "tests/support/made_report.h"
#include "tests/support/seen_sums.h"
#include "tests/support/support.h"
#include "tests/support/told_history.h"

#include "base/civil.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 4, OPTIONS = 3, LETTERS = 2, TERMS = 1 << LETTERS };
enum { TIMES = 2, ATOMS = TERMS * TIMES * MADE_GROUPS };

/* A report: groups of models that it leaves out; terms of its query; whether years are counted;
 * options, as "ab" (a or b), "a@" (a, since 2024) or "@". */
struct asked {
    const char *left_out, *terms;
    bool years;
    const char *options[OPTIONS];
};

static const struct asked all_series[][REPORTS] = {
    /* the same options; of three populations, and of all that these have */
    {{"01", "ab", false, {"ab", "a"}},
     {"12", "ab", false, {"ab", "a"}},
     {"02", "ab", false, {"ab", "a"}},
     {"", "ab", false, {"ab", "a"}}},
    /* one in the other */
    {{"", "ab", false, {"a@", "@"}}, {"0", "ab", false, {"a@", "@"}}},
    /* terms of one and options of another */
    {{"0", "a", true, {"@"}}, {"", "ab", false, {"ab", "b@"}}, {"1", "b", false, {"b", "b@"}}},
    /* days of one and counts of another */
    {{"01", "a", true, {"a"}}, {"", "a", false, {"@"}}, {"2", "ba", true, {"a@", "ab"}}},
};
enum { SERIES = sizeof all_series / sizeof *all_series };

/* ---- combinations: terms, whether since 2024, group ---- */

struct condition {
    unsigned terms; /* 0: whatever hits */
    bool late;
};

static struct condition condition_of(const char *text)
{
    struct condition c = {0, false};
    for (; *text; text++) {
        c.late = c.late || *text == '@';
        c.terms |= *text == '@' ? 0 : 1u << (*text - 'a');
    }
    return c;
}

static bool is_late(size_t atom)
{
    return atom / TERMS % TIMES;
}

static bool meets(size_t atom, const struct condition *c)
{
    return (!c->terms || atom % TERMS & c->terms) && (!c->late || is_late(atom));
}

static bool is_in(size_t atom, const struct asked *asked)
{
    return made_group_is_in(atom / (TERMS * TIMES), asked->left_out);
}

/* ---- plans ---- */

static size_t write_terms(char *text, size_t room, size_t number, const char *letters)
{
    size_t n =
        (size_t)snprintf(text, room, "{\"id\":\"t%zu\",\"kind\":\"terms\",\"terms\":[", number);
    for (size_t i = 0; letters[i]; i++)
        n += (size_t)snprintf(text + n, room - n, "%s\"W%c1: w%c\"", i ? "," : "", letters[i] - 32,
                              letters[i]);
    return n + (size_t)snprintf(text + n, room - n, "]}");
}

static size_t write_option(char *text, size_t room, const struct asked *asked, size_t number)
{
    struct condition c = condition_of(asked->options[number]);
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"%zu\"", number ? "," : "", number);
    if (c.terms)
        n += (size_t)snprintf(text + n, room - n, ",\"query\":\"t0\",\"terms\":[");
    for (unsigned i = 0, any = 0; i < LETTERS; i++)
        if (c.terms >> i & 1)
            n += (size_t)snprintf(text + n, room - n, "%s\"W%c1\"", any++ ? "," : "", 'A' + i);
    if (c.terms)
        n += (size_t)snprintf(text + n, room - n, "]");
    if (c.late)
        n += (size_t)snprintf(text + n, room - n, ",\"from\":\"2024-01-01\"");
    return n + (size_t)snprintf(text + n, room - n, "}");
}

static void write_plan(char *text, size_t room, const struct asked *asked)
{
    size_t n =
        (size_t)snprintf(text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},");
    n += made_filters_write(text + n, room - n, asked->left_out);
    n += (size_t)snprintf(text + n, room - n, "\"queries\":[");
    n += write_terms(text + n, room - n, 0, asked->terms);
    if (asked->years)
        n += (size_t)snprintf(text + n, room - n,
                              ",{\"id\":\"y\",\"kind\":\"count\",\"by\":[\"year\"]}");
    n +=
        (size_t)snprintf(text + n, room - n, ",{\"id\":\"o\",\"kind\":\"proposals\",\"options\":[");
    for (size_t i = 0; i < OPTIONS && asked->options[i]; i++)
        n += write_option(text + n, room - n, asked, i);
    snprintf(text + n, room - n, "]}],\"release\":{\"min_users\":5}}");
}

/* ---- what a reader knows ---- */

/* What meets C (NOT: does not), and the report's population, at ROW of table ID. */
static void see(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                const struct condition *c, bool not, const struct release *release, const char *id,
                size_t row)
{
    struct seen_sum *sum = seen_add(seen, truth);
    size_t number = 0;
    while (strcmp(figure_table_id(release_table(release, number)), id) != 0)
        number++;
    for (size_t a = 0; a < ATOMS; a++)
        sum->has[a] = is_in(a, asked) && meets(a, c) != not ;
    snprintf(sum->what, sizeof sum->what, "-%s: %s row %u", asked->left_out, id, (unsigned)row);
    seen_sum_count(sum, truth);
    seen_sum_tell(sum, figure_at(release_table(release, number), row, 0),
                  gate_is_gone(release, number, row));
}

/* The rows of years: those before 2024 together, if all of them are shown. */
static void see_years(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                      const struct release *release)
{
    const struct figure_table *years = release_table_find(release, "y");
    const struct condition late = {0, true};
    for (size_t row = 0; row + 1 < figure_table_rows(years); row++)
        if (strcmp(figure_key_value(years, row, 0), "2024") == 0)
            see(seen, truth, asked, &late, false, release, "y", row);
}

static void see_report(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                       const struct release *release)
{
    const struct condition everything = {0, false}, any = condition_of(asked->terms);
    size_t terms = strlen(asked->terms), options = 0;
    for (size_t i = 0; i < terms; i++) {
        const char letter[] = {asked->terms[i], '\0'};
        const struct condition one = condition_of(letter);
        see(seen, truth, asked, &one, false, release, "t0", i);
    }
    see(seen, truth, asked, &any, false, release, "t0", terms);
    see(seen, truth, asked, &any, true, release, "t0", terms + 1);
    if (asked->years)
        see_years(seen, truth, asked, release);
    for (; options < OPTIONS && asked->options[options]; options++) {
        const struct condition c = condition_of(asked->options[options]);
        see(seen, truth, asked, &c, false, release, "o", options);
    }
    see(seen, truth, asked, &everything, false, release, "o", options);
}

/* What no table tells: what each option of each report has in each group by itself. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth, const struct asked *asked)
{
    for (size_t r = 0; r < REPORTS && asked[r].terms; r++)
        for (size_t i = 0; i < OPTIONS && asked[r].options[i]; i++)
            for (size_t group = 0; group < MADE_GROUPS; group++) {
                const struct condition c = condition_of(asked[r].options[i]);
                struct seen_sum *sum = seen_add(seen, truth);
                for (size_t a = 0; a < ATOMS; a++)
                    sum->has[a] = a / (TERMS * TIMES) == group && meets(a, &c);
                snprintf(sum->what, sizeof sum->what, "%s in %u", asked[r].options[i],
                         (unsigned)group);
                seen_sum_count(sum, truth);
            }
}

/* ---- reports ---- */

static void report(struct told_history *h, const struct made *made, const struct made_atoms *truth,
                   const struct plan *own, const struct asked *asked)
{
    struct made_report report;
    struct population population;
    struct error err = ERROR_INIT;
    assert_ok(population_init(&population, &made->catalogue, own, &err), err);
    made_report_init(&report, &h->ledger, made, own, &population);
    assert_int_equal(report.tally.options_left_out, 0);
    if (report.release) {
        size_t first = h->seen.count;
        see_report(&h->seen, truth, asked, report.release);
        seen_count_cells(&h->seen, first, &h->sums);
        assert_int_equal(made_report_keep_queries(&report, &h->ledger), 2);
        for (size_t i = 0; i < report.tally.table_count; i++) {
            const struct tally_table *table = &report.tally.tables[i];
            if (strcmp(table->id, "y") == 0 && !table->told_before)
                made_ledger_keep_table(&h->ledger, own->filters_digest, table, report.release, i);
        }
    }
    made_report_release(&report);
    population_release(&population);
}

/* ---- series ---- */

/* Which combination each row has, by the query of all letters. */
static void truth_init(struct made_atoms *truth, const struct made *made)
{
    made_atoms_init(truth, made, ATOMS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct civil_date date = civil_from_days(civil_day_of(made->rows[row].time));
        struct made_hit hit;
        size_t *atom = &truth->of_row[row];
        *atom = TERMS * (TIMES * made_group(&made->rows[row]) + (size_t)(date.year >= 2024));
        for (size_t t = 0; t < LETTERS; t++)
            *atom |= (size_t)made_hit(made, 0, t, row, &hit) << t;
    }
}

static void write_all(char *text, size_t room, const struct asked *series)
{
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    n += write_terms(text + n, room - n, 0, "ab");
    for (size_t r = 0; r < REPORTS && series[r].terms; r++) {
        n += (size_t)snprintf(text + n, room - n, ",");
        n += write_terms(text + n, room - n, r + 1, series[r].terms);
    }
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

static void run_series(const struct asked *series, const struct plan *plans, unsigned seed,
                       struct told_history histories[2])
{
    char text[4096];
    write_all(text, sizeof text, series);
    const struct made_wish wish = {.seed = 6400 + seed,
                                   .parts = 1,
                                   .rows = 100 + 50 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 40 + 37 * (seed % 9),
                                   .by_text = true,
                                   .plan = text};
    struct made made;
    struct made_atoms truth;
    made_init(&made, &wish);
    made_open(&made);
    made_population(&made);
    truth_init(&truth, &made);
    for (size_t r = 0; r < REPORTS && series[r].terms; r++)
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made, &truth, &plans[r], &series[r]);
    for (size_t i = 0; i < 2; i++) {
        struct told_history *h = &histories[i];
        see_hidden(&h->seen, &truth, series);
        told_history_end(h);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_over_populations(void **state)
{
    (void)state;
    size_t without = 0, shown = 0, cells = 0, small = 0;
    unsigned runs = test_short() ? 9 : 27;
    const char *dir = test_dir();
    for (size_t s = 0; s < SERIES; s++) {
        struct told_history h[2];
        struct plan plans[REPORTS];
        struct error err = ERROR_INIT;
        size_t reports = 0;
        told_history_init(&h[0], true, MIN_USERS);
        told_history_init(&h[1], false, MIN_USERS);
        h[0].ledger.by_fields = true;
        for (; reports < REPORTS && all_series[s][reports].terms; reports++) {
            char text[4096];
            write_plan(text, sizeof text, &all_series[s][reports]);
            test_write_text(test_path(dir, "plan.json"), text);
            assert_ok(plan_read(&plans[reports], test_path(dir, "plan.json"), true, &err), err);
        }
        for (unsigned i = 0; i < runs; i++)
            run_series(all_series[s], plans, i, h);
        while (reports)
            plan_release(&plans[--reports]);
        told_history_print(&h[0], &h[1], s);
        assert_int_equal(h[0].sums.leaks, 0);
        without += h[1].sums.leaks;
        shown += h[0].sums.shown;
        cells += h[0].sums.cells;
        small += h[0].sums.small;
    }
    assert_true(small > 50 && 20 * without > small && 2 * shown > cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_populations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
