/*
 * A reader of several reports that tell options of proposals, with terms and years that they are
 * made of: linear programs over the numbers of conversations of each combination of terms and half
 * year, under all that any of the reports shows. No number of few users lies closer than the rule
 * allows, whichever of the queries and reports tells of it. Judged report by report, some would.
 */
#include "tests/support/option_queries.h"
#include "tests/support/support.h"
#include "tests/support/told_series.h"

#include <stdio.h>
#include <string.h>

enum { OPTIONS = 4, LETTERS = 3, HALVES = 4 };
enum { ATOMS = HALVES << LETTERS, PARTS_MAX = 24 };

/* Halves of 2023 and 2024. */
static const char *const firsts[] = {"2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01"};
static const char *const lasts[] = {"2023-06-30", "2023-12-31", "2024-06-30", "2024-12-31"};
static const struct option_times times = {LETTERS, HALVES, firsts, lasts};

/* A report: its term queries; whether years are counted; the halves of its population; options, as
 * "ab@02" (a or b, in halves 0 to 2), "a" or "@13", each of the last term query that has them. */
struct asked {
    const char *terms[2];
    bool years;
    const char *halves, *options[OPTIONS];
};

static const struct asked all_series[][TOLD_SERIES_REPORTS] = {
    /* options of the same parts in two reports */
    {{{"ab"}, false, "03", {"a@01", "b", "@23"}}, {{"ab"}, false, "03", {"a@23", "b@01", "ab"}}},
    /* of other queries with the same terms */
    {{{"abc"}, false, "03", {"ab@02", "c"}}, {{"ba"}, false, "03", {"ab", "b@02", "@33"}}},
    /* of two queries of one report, and one beside years of an earlier report */
    {{{"a", "ab"}, true, "03", {"b@01", "@02"}}, {{"bc", "a"}, false, "03", {"@33", "b@23", "bc"}}},
    /* of another population */
    {{{"ab"}, false, "03", {"a@01", "@02"}},
     {{"a"}, true, "01", {"a", "a@11", "@11"}},
     {{"b"}, false, "12", {"b@11", "@22"}}},
    {{{"abc"}, true, "03", {"ac@12", "b"}},
     {{"ab"}, false, "12", {"a", "ab"}},
     {{"bc"}, false, "03", {"c@12", "bc", "@12"}}},
};

enum { SERIES = sizeof all_series / sizeof *all_series };

static size_t reports(size_t series)
{
    size_t count = 0;
    while (count < TOLD_SERIES_REPORTS && all_series[series][count].halves)
        count++;
    return count;
}

/* ---- plans and logs ---- */

static struct option_made population_of(const struct asked *asked)
{
    return (struct option_made){0, (unsigned)(asked->halves[0] - '0'),
                                (unsigned)(asked->halves[1] - '0')};
}

/* The last term query that has an option's terms. */
static size_t query_of(const struct asked *asked, size_t number)
{
    const char *option = asked->options[number];
    size_t query = asked->terms[1] ? 1 : 0;
    for (const char *at = option; *at && *at != '@'; at++)
        if (!strchr(asked->terms[query], *at))
            query = 0;
    /* Options of one term take turns among the queries that have it. */
    return number % 2 == 0 && strchr(asked->terms[0], *option) ? 0 : query;
}

static void write_plan(char *text, size_t room, const char *dir, size_t series, size_t number)
{
    const struct asked *asked = &all_series[series][number];
    const struct option_made in = population_of(asked);
    (void)dir;
    size_t n = (size_t)snprintf(text, room,
                                "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},"
                                "\"population\":{\"from\":\"%s\",\"to\":\"%s\"},\"queries\":[",
                                firsts[in.first], lasts[in.last]);
    for (size_t q = 0; q < 2 && asked->terms[q]; q++)
        n += option_write_terms(text + n, room - n, q, asked->terms[q]);
    if (asked->years)
        n += (size_t)snprintf(text + n, room - n,
                              "{\"id\":\"y\",\"kind\":\"count\",\"by\":[\"year\"]},");
    n += (size_t)snprintf(text + n, room - n, "{\"id\":\"o\",\"kind\":\"proposals\",\"options\":[");
    for (size_t i = 0; i < OPTIONS && asked->options[i]; i++)
        n += option_write(text + n, room - n, &times, i, asked->options[i], query_of(asked, i));
    snprintf(text + n, room - n, "]}],\"release\":{\"min_users\":5}}");
}

static void make(struct made *made, struct made_atoms *truth, const char *dir, size_t series,
                 unsigned seed)
{
    const char *letters[2 * TOLD_SERIES_REPORTS + 2] = {"abc"};
    char text[4096];
    (void)dir;
    for (size_t r = 0, count = 1; r < reports(series); r++)
        for (size_t q = 0; q < 2 && all_series[series][r].terms[q]; q++)
            letters[count++] = all_series[series][r].terms[q];
    option_write_catalogue(text, sizeof text, letters);
    told_series_make(made, text, seed, 9300);
    option_atoms(&times, truth, made, ATOMS);
}

/* ---- what a reader knows ---- */

static void see_report(struct seen *seen, const struct made_atoms *truth,
                       const struct made_report *report, size_t series, size_t number)
{
    const struct asked *asked = &all_series[series][number];
    const struct figure_table *years =
        asked->years ? release_table_find(report->release, "y") : NULL;
    const struct option_made population = population_of(asked);
    bool in[ATOMS];
    const struct option_reader reader = {&times, seen, truth, report->release, in};
    for (size_t a = 0; a < ATOMS; a++)
        in[a] = option_meets(&times, a, &population);
    for (size_t q = 0; q < 2 && asked->terms[q]; q++)
        option_see_terms(&reader, q, asked->terms[q]);
    for (size_t row = 0; years && row + 1 < figure_table_rows(years); row++) {
        unsigned year = figure_key_value(years, row, 0)[3] == '3' ? 0 : 1;
        const struct option_made of = {0, 2 * year, 2 * year + 1};
        option_see(&reader, &of, false, "y", row);
    }
    option_see_all(&reader, asked->options, OPTIONS);
}

/* What no table tells: combinations of the parts of all options of one population. */
static void see_combinations(struct seen *seen, const struct made_atoms *truth, size_t series,
                             const char *halves)
{
    struct option_made parts[PARTS_MAX], in = {0, 0, 0};
    size_t count = 0, patterns[ATOMS];
    for (size_t r = 0; r < reports(series); r++) {
        const struct asked *asked = &all_series[series][r];
        if (strcmp(asked->halves, halves) != 0)
            continue;
        in = population_of(asked);
        for (size_t i = 0; i < OPTIONS && asked->options[i]; i++) {
            const struct option_made c = option_read(&times, asked->options[i]);
            parts[count++] = (struct option_made){c.terms, 0, HALVES - 1};
            parts[count++] = (struct option_made){0, c.first, c.last};
        }
    }
    for (size_t a = 0; a < ATOMS; a++) {
        patterns[a] = 0;
        for (size_t p = 0; p < count; p++)
            patterns[a] |= (size_t)option_meets(&times, a, &parts[p]) << p;
    }
    for (size_t a = 0; a < ATOMS; a++) {
        size_t first = 0;
        while (patterns[first] != patterns[a] || !option_meets(&times, first, &in))
            if (++first == ATOMS)
                break;
        if (first != a)
            continue;
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t b = 0; b < ATOMS; b++)
            sum->has[b] = option_meets(&times, b, &in) && patterns[b] == patterns[a];
        snprintf(sum->what, sizeof sum->what, "combination %zx of %s", patterns[a], halves);
        seen_sum_count(sum, truth);
    }
}

static void see_hidden(struct seen *seen, const struct made_atoms *truth, size_t series)
{
    const struct asked *asked = all_series[series];
    for (size_t r = 0; r < reports(series); r++) {
        bool done = false;
        for (size_t i = 0; i < r; i++)
            done = done || strcmp(asked[i].halves, asked[r].halves) == 0;
        if (!done)
            see_combinations(seen, truth, series, asked[r].halves);
    }
}

static const struct told_series_kind kind = {.reports = reports,
                                             .by_fields = true,
                                             .write_plan = write_plan,
                                             .make = make,
                                             .see_report = see_report,
                                             .see_hidden = see_hidden};

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    told_series_hold(&kind, SERIES, 0, test_short() ? 12 : 30, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
