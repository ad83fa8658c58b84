/*
 * A reader of several reports that tell options of proposals, with terms and years that they are
 * made of: linear programs over the numbers of conversations of each combination of terms and half
 * year, under all that any of the reports shows. No number of few users lies closer than the rule
 * allows, whichever of the queries and reports tells of it. Judged report by report, some would.
 */
#include "tests/support/made_report.h"
#include "tests/support/support.h"
#include "tests/support/told_history.h"

#include "base/civil.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 3, OPTIONS = 4, LETTERS = 3, HALVES = 4 };
enum { ATOMS = (1 << LETTERS) * HALVES, PARTS_MAX = 24 };

/* The first and the last day of each half of 2023 and 2024. */
static const char *const firsts[] = {"2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01"};
static const char *const lasts[] = {"2023-06-30", "2023-12-31", "2024-06-30", "2024-12-31"};

/* A report: its term queries; whether years are counted; the halves of its population; options, as
 * "ab@02" (a or b, in halves 0 to 2), "a" or "@13", each of the last term query that has them. */
struct asked {
    const char *terms[2];
    bool years;
    const char *halves, *options[OPTIONS];
};

struct series {
    struct asked reports[REPORTS];
};

static const struct series all_series[] = {
    /* options of the same parts in two reports */
    {{{{"ab"}, false, "03", {"a@01", "b", "@23"}}, {{"ab"}, false, "03", {"a@23", "b@01", "ab"}}}},
    /* of other queries with the same terms */
    {{{{"abc"}, false, "03", {"ab@02", "c"}}, {{"ba"}, false, "03", {"ab", "b@02", "@33"}}}},
    /* of two queries of one report, and one beside years of an earlier report */
    {{{{"a", "ab"}, true, "03", {"b@01", "@02"}},
      {{"bc", "a"}, false, "03", {"@33", "b@23", "bc"}}}},
    /* of another population */
    {{{{"ab"}, false, "03", {"a@01", "@02"}},
      {{"a"}, true, "01", {"a", "a@11", "@11"}},
      {{"b"}, false, "12", {"b@11", "@22"}}}},
    {{{{"abc"}, true, "03", {"ac@12", "b"}},
      {{"ab"}, false, "12", {"a", "ab"}},
      {{"bc"}, false, "03", {"c@12", "bc", "@12"}}}},
};

/* ---- what is asked ---- */

struct condition {
    unsigned terms; /* 0: whatever hits */
    unsigned first, last;
};

static struct condition condition_of(const char *text)
{
    struct condition c = {0, 0, HALVES - 1};
    for (; *text && *text != '@'; text++)
        c.terms |= 1u << (*text - 'a');
    if (*text) {
        c.first = (unsigned)(text[1] - '0');
        c.last = (unsigned)(text[2] - '0');
    }
    return c;
}

static struct condition population_of(const struct asked *asked)
{
    return (struct condition){0, (unsigned)(asked->halves[0] - '0'),
                              (unsigned)(asked->halves[1] - '0')};
}

static bool meets(size_t atom, const struct condition *c)
{
    size_t terms = atom % (1 << LETTERS), half = atom / (1 << LETTERS);
    return (!c->terms || terms & c->terms) && half >= c->first && half <= c->last;
}

static size_t write_terms(char *text, size_t room, size_t number, const char *letters)
{
    size_t n =
        (size_t)snprintf(text, room, "{\"id\":\"t%zu\",\"kind\":\"terms\",\"terms\":[", number);
    for (size_t i = 0; letters[i]; i++)
        n += (size_t)snprintf(text + n, room - n, "%s\"W%c1: w%c\"", i ? "," : "", letters[i] - 32,
                              letters[i]);
    return n + (size_t)snprintf(text + n, room - n, "]},");
}

static size_t write_option(char *text, size_t room, const struct asked *asked, size_t number)
{
    struct condition c = condition_of(asked->options[number]);
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"%zu\"", number ? "," : "", number);
    size_t query = asked->terms[1] ? 1 : 0;
    for (const char *at = asked->options[number]; *at && *at != '@'; at++)
        if (!strchr(asked->terms[query], *at))
            query = 0;
    /* Options of one term take turns among the queries that have it. */
    if (asked->terms[1] && number % 2 == 0 && strchr(asked->terms[0], *asked->options[number]))
        query = 0;
    if (c.terms)
        n += (size_t)snprintf(text + n, room - n, ",\"query\":\"t%zu\",\"terms\":[", query);
    for (unsigned i = 0, any = 0; i < LETTERS; i++)
        if (c.terms >> i & 1)
            n += (size_t)snprintf(text + n, room - n, "%s\"W%c1\"", any++ ? "," : "", 'A' + i);
    if (c.terms)
        n += (size_t)snprintf(text + n, room - n, "]");
    if (c.first > 0)
        n += (size_t)snprintf(text + n, room - n, ",\"from\":\"%s\"", firsts[c.first]);
    if (c.last + 1 < HALVES)
        n += (size_t)snprintf(text + n, room - n, ",\"to\":\"%s\"", lasts[c.last]);
    return n + (size_t)snprintf(text + n, room - n, "}");
}

static void write_plan(char *text, size_t room, const struct asked *asked)
{
    struct condition in = population_of(asked);
    size_t n = (size_t)snprintf(text, room,
                                "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},"
                                "\"population\":{\"from\":\"%s\",\"to\":\"%s\"},\"queries\":[",
                                firsts[in.first], lasts[in.last]);
    for (size_t q = 0; q < 2 && asked->terms[q]; q++)
        n += write_terms(text + n, room - n, q, asked->terms[q]);
    if (asked->years)
        n += (size_t)snprintf(text + n, room - n,
                              "{\"id\":\"y\",\"kind\":\"count\",\"by\":[\"year\"]},");
    n += (size_t)snprintf(text + n, room - n, "{\"id\":\"o\",\"kind\":\"proposals\",\"options\":[");
    for (size_t i = 0; i < OPTIONS && asked->options[i]; i++)
        n += write_option(text + n, room - n, asked, i);
    snprintf(text + n, room - n, "]}],\"release\":{\"min_users\":5}}");
}

/* ---- what a reader knows ---- */

/* What meets C, and the report's population, at ROW of table ID. */
static void see(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                const struct condition *c, bool not, const struct release *release, const char *id,
                size_t row)
{
    const struct condition in = population_of(asked);
    struct seen_sum *sum = seen_add(seen, truth);
    size_t number = 0;
    while (strcmp(figure_table_id(release_table(release, number)), id) != 0)
        number++;
    for (size_t a = 0; a < ATOMS; a++)
        sum->has[a] = meets(a, &in) && meets(a, c) != not ;
    snprintf(sum->what, sizeof sum->what, "%s row %zu", id, row);
    seen_sum_count(sum, truth);
    seen_sum_tell(sum, figure_at(release_table(release, number), row, 0),
                  gate_is_gone(release, number, row));
}

static void see_report(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                       const struct release *release)
{
    const struct condition everything = {0, 0, HALVES - 1};
    for (size_t q = 0; q < 2 && asked->terms[q]; q++) {
        char id[] = {'t', (char)('0' + q), '\0'};
        struct condition any = condition_of(asked->terms[q]);
        size_t terms = strlen(asked->terms[q]);
        for (size_t i = 0; i < terms; i++) {
            const char letter[] = {asked->terms[q][i], '\0'};
            struct condition one = condition_of(letter);
            see(seen, truth, asked, &one, false, release, id, i);
        }
        see(seen, truth, asked, &any, false, release, id, terms);
        see(seen, truth, asked, &any, true, release, id, terms + 1);
    }
    const struct figure_table *years = asked->years ? release_table_find(release, "y") : NULL;
    for (size_t row = 0; years && row + 1 < figure_table_rows(years); row++) {
        unsigned year = figure_key_value(years, row, 0)[3] == '3' ? 0 : 1;
        const struct condition of = {0, 2 * year, 2 * year + 1};
        see(seen, truth, asked, &of, false, release, "y", row);
    }
    size_t options = 0;
    for (; options < OPTIONS && asked->options[options]; options++) {
        struct condition c = condition_of(asked->options[options]);
        see(seen, truth, asked, &c, false, release, "o", options);
    }
    see(seen, truth, asked, &everything, false, release, "o", options);
}

/* What no table tells: combinations of the parts of all options of one population. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth,
                       const struct series *series, const char *halves)
{
    struct condition parts[PARTS_MAX], in = {0, 0, 0};
    size_t count = 0, patterns[ATOMS];
    for (size_t r = 0; r < REPORTS && series->reports[r].halves; r++) {
        const struct asked *asked = &series->reports[r];
        if (strcmp(asked->halves, halves) != 0)
            continue;
        in = population_of(asked);
        for (size_t i = 0; i < OPTIONS && asked->options[i]; i++) {
            struct condition c = condition_of(asked->options[i]);
            parts[count++] = (struct condition){c.terms, 0, HALVES - 1};
            parts[count++] = (struct condition){0, c.first, c.last};
        }
    }
    for (size_t a = 0; a < ATOMS; a++) {
        patterns[a] = 0;
        for (size_t p = 0; p < count; p++)
            patterns[a] |= (size_t)meets(a, &parts[p]) << p;
    }
    for (size_t a = 0; a < ATOMS; a++) {
        size_t first = 0;
        while (patterns[first] != patterns[a] || !meets(first, &in))
            if (++first == ATOMS)
                break;
        if (first != a)
            continue;
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t b = 0; b < ATOMS; b++)
            sum->has[b] = meets(b, &in) && patterns[b] == patterns[a];
        snprintf(sum->what, sizeof sum->what, "combination %zx of %s", patterns[a], halves);
        seen_sum_count(sum, truth);
    }
}

/* ---- reports ---- */

/* Also the table of years. */
static void keep_years(struct made_ledger *ledger, const struct made_report *report)
{
    for (size_t i = 0; i < report->tally.table_count; i++) {
        const struct tally_table *table = &report->tally.tables[i];
        if (strcmp(table->id, "y") == 0 && !table->told_before)
            made_ledger_keep_table(ledger, report->source.plan->filters_digest, table,
                                   report->release, i);
    }
}

static void report(struct told_history *h, const struct made *made, const struct made_atoms *truth,
                   const struct plan *own, const struct asked *asked)
{
    struct made_report report;
    struct population population;
    struct error err = ERROR_INIT;
    assert_ok(population_init(&population, &made->catalogue, own, &err), err);
    made_report_init(&report, &h->ledger, made, own, &population);
    if (report.release) {
        size_t first = h->seen.count;
        see_report(&h->seen, truth, asked, report.release);
        seen_count_cells(&h->seen, first, &h->sums);
        assert_int_equal(made_report_keep_queries(&report, &h->ledger),
                         own->query_count - asked->years);
        keep_years(&h->ledger, &report);
    }
    made_report_release(&report);
    population_release(&population);
}

/* ---- series ---- */

/* Which combination each row has, by the query of all letters. */
static void truth_init(struct made_atoms *truth, const struct made *made)
{
    made_atoms_init(truth, made, ATOMS);
    made_atoms_by_slots(truth, 0, LETTERS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct civil_date date = civil_from_days(civil_day_of(made->rows[row].time));
        if (date.year < 2023)
            truth->of_row[row] = ATOMS;
        else
            truth->of_row[row] +=
                (1 << LETTERS) * (2 * (size_t)(date.year - 2023) + (size_t)(date.month > 6));
    }
}

static void write_all(char *text, size_t room, const struct series *series)
{
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    n += write_terms(text + n, room - n, 0, "abc");
    for (size_t r = 0, number = 1; r < REPORTS; r++)
        for (size_t q = 0; q < 2 && series->reports[r].terms[q]; q++)
            n += write_terms(text + n, room - n, number++, series->reports[r].terms[q]);
    snprintf(text + n - 1, room - n + 1, "],\"release\":{\"min_users\":5}}");
}

static void end_series(struct told_history *h, const struct made_atoms *truth,
                       const struct series *series)
{
    for (size_t r = 0; r < REPORTS && series->reports[r].halves; r++) {
        bool seen = false;
        for (size_t i = 0; i < r; i++)
            seen = seen || strcmp(series->reports[i].halves, series->reports[r].halves) == 0;
        if (!seen)
            see_hidden(&h->seen, truth, series, series->reports[r].halves);
    }
    told_history_end(h);
}

static void run_series(const struct series *series, const struct plan *plans, unsigned seed,
                       struct told_history histories[2])
{
    char text[4096];
    write_all(text, sizeof text, series);
    const struct made_wish wish = {.seed = 9300 + seed,
                                   .parts = 1,
                                   .rows = 100 + 50 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 40 + 37 * (seed % 9),
                                   .by_text = true,
                                   .plan = text};
    struct made made;
    struct made_atoms truth;
    made_ready(&made, &wish);
    truth_init(&truth, &made);
    for (size_t r = 0; r < REPORTS && series->reports[r].halves; r++)
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made, &truth, &plans[r], &series->reports[r]);
    for (size_t i = 0; i < 2; i++)
        end_series(&histories[i], &truth, series);
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    size_t without = 0, shown = 0, cells = 0, small = 0;
    unsigned runs = test_short() ? 12 : 30;
    const char *dir = test_dir();
    for (size_t s = 0; s < sizeof all_series / sizeof *all_series; s++) {
        const struct series *series = &all_series[s];
        struct told_history h[2];
        struct plan plans[REPORTS];
        struct error err = ERROR_INIT;
        size_t reports = 0;
        told_history_init(&h[0], true, MIN_USERS);
        told_history_init(&h[1], false, MIN_USERS);
        h[0].ledger.by_fields = true;
        for (; reports < REPORTS && series->reports[reports].halves; reports++) {
            char text[4096];
            write_plan(text, sizeof text, &series->reports[reports]);
            test_write_text(test_path(dir, "plan.json"), text);
            assert_ok(plan_read(&plans[reports], test_path(dir, "plan.json"), true, &err), err);
        }
        for (unsigned i = 0; i < runs; i++)
            run_series(series, plans, i, h);
        while (reports)
            plan_release(&plans[--reports]);
        told_history_print(&h[0], &h[1], s);
        assert_int_equal(h[0].sums.leaks, 0);
        without += h[1].sums.leaks;
        shown += h[0].sums.shown;
        cells += h[0].sums.cells;
        small += h[0].sums.small;
    }
    assert_true(small > 100 && 20 * without > small && 2 * shown > cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
