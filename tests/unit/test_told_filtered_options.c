/*
 * A reader of several reports that tell options of proposals, of populations that leave out
 * different models: linear programs over the numbers of conversations of each combination of terms,
 * model and half of the time, under all that any of the reports shows. No number of few users lies
 * closer than the rule allows, not even one of a model by itself, of which no report tells. Judged
 * report by report, some would.
 */
#include "tests/support/made_filters.h"
#include "tests/support/option_queries.h"
#include "tests/support/support.h"
#include "tests/support/told_series.h"

#include <stdio.h>
#include <string.h>

enum { OPTIONS = 3, LETTERS = 2, TIMES = 2, KINDS = TIMES << LETTERS };
enum { ATOMS = KINDS * MADE_GROUPS };

static const char *const firsts[TIMES] = {"1970-01-01", "2024-01-01"};
static const char *const lasts[TIMES] = {"2023-12-31", "2024-12-31"};
static const struct option_times times = {LETTERS, TIMES, firsts, lasts};

/* A report: groups of models that it leaves out; terms of its query; whether years are counted;
 * options, as "ab" (a or b), "a@11" (a, since 2024) or "@11". */
struct asked {
    const char *left_out, *terms;
    bool years;
    const char *options[OPTIONS];
};

static const struct asked all_series[][TOLD_SERIES_REPORTS] = {
    /* the same options; of three populations, and of all that these have */
    {{"01", "ab", false, {"ab", "a"}},
     {"12", "ab", false, {"ab", "a"}},
     {"02", "ab", false, {"ab", "a"}},
     {"", "ab", false, {"ab", "a"}}},
    /* one in the other */
    {{"", "ab", false, {"a@11", "@11"}}, {"0", "ab", false, {"a@11", "@11"}}},
    /* terms of one and options of another */
    {{"0", "a", true, {"@11"}},
     {"", "ab", false, {"ab", "b@11"}},
     {"1", "b", false, {"b", "b@11"}}},
    /* days of one and counts of another */
    {{"01", "a", true, {"a"}}, {"", "a", false, {"@11"}}, {"2", "ba", true, {"a@11", "ab"}}},
};
enum { SERIES = sizeof all_series / sizeof *all_series };

static size_t reports(size_t series)
{
    size_t count = 0;
    while (count < TOLD_SERIES_REPORTS && all_series[series][count].terms)
        count++;
    return count;
}

/* ---- plans and logs ---- */

static void write_plan(char *text, size_t room, const char *dir, size_t series, size_t number)
{
    const struct asked *asked = &all_series[series][number];
    (void)dir;
    size_t n =
        (size_t)snprintf(text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},");
    n += made_filters_write(text + n, room - n, asked->left_out);
    n += (size_t)snprintf(text + n, room - n, "\"queries\":[");
    n += option_write_terms(text + n, room - n, 0, asked->terms);
    if (asked->years)
        n += (size_t)snprintf(text + n, room - n,
                              "{\"id\":\"y\",\"kind\":\"count\",\"by\":[\"year\"]},");
    n += (size_t)snprintf(text + n, room - n, "{\"id\":\"o\",\"kind\":\"proposals\",\"options\":[");
    for (size_t i = 0; i < OPTIONS && asked->options[i]; i++)
        n += option_write(text + n, room - n, &times, i, asked->options[i], 0);
    snprintf(text + n, room - n, "]}],\"release\":{\"min_users\":5}}");
}

static void make(struct made *made, struct made_atoms *truth, const char *dir, size_t series,
                 unsigned seed)
{
    const char *letters[TOLD_SERIES_REPORTS + 2] = {"ab"};
    char text[4096];
    (void)dir;
    for (size_t r = 0; r < reports(series); r++)
        letters[r + 1] = all_series[series][r].terms;
    option_write_catalogue(text, sizeof text, letters);
    told_series_make(made, text, seed, 6400);
    option_atoms(&times, truth, made, ATOMS);
    for (uint32_t row = 0; row < made->wish.rows; row++)
        truth->of_row[row] += KINDS * made_group(&made->rows[row]);
}

/* ---- what a reader knows ---- */

static void see_report(struct seen *seen, const struct made_atoms *truth,
                       const struct made_report *report, size_t series, size_t number)
{
    const struct asked *asked = &all_series[series][number];
    const struct figure_table *years =
        asked->years ? release_table_find(report->release, "y") : NULL;
    const struct option_made late = option_read(&times, "@11");
    bool in[ATOMS];
    const struct option_reader reader = {&times, seen, truth, report->release, in};
    assert_int_equal(report->tally.options_left_out, 0);
    for (size_t a = 0; a < ATOMS; a++)
        in[a] = made_group_is_in(a / KINDS, asked->left_out);
    option_see_terms(&reader, 0, asked->terms);
    for (size_t row = 0; years && row + 1 < figure_table_rows(years); row++)
        if (strcmp(figure_key_value(years, row, 0), "2024") == 0)
            option_see(&reader, &late, false, "y", row);
    option_see_all(&reader, asked->options, OPTIONS);
}

/* What no table tells: what each option of each report has in each group by itself. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth, size_t series)
{
    for (size_t r = 0; r < reports(series); r++)
        for (size_t i = 0; i < OPTIONS && all_series[series][r].options[i]; i++)
            for (size_t group = 0; group < MADE_GROUPS; group++) {
                const char *option = all_series[series][r].options[i];
                const struct option_made made = option_read(&times, option);
                struct seen_sum *sum = seen_add(seen, truth);
                for (size_t a = 0; a < ATOMS; a++)
                    sum->has[a] = a / KINDS == group && option_meets(&times, a, &made);
                snprintf(sum->what, sizeof sum->what, "%s in %u", option, (unsigned)group);
                seen_sum_count(sum, truth);
            }
}

static const struct told_series_kind kind = {.reports = reports,
                                             .by_fields = true,
                                             .write_plan = write_plan,
                                             .make = make,
                                             .see_report = see_report,
                                             .see_hidden = see_hidden};

static void nothing_follows_over_populations(void **state)
{
    (void)state;
    told_series_hold(&kind, SERIES, 0, test_short() ? 9 : 27, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_populations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
