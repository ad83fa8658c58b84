/*
 * A reader who has several reports over the same logs and reckons with all their tables by fields
 * together: linear programs over every combination of month, model and language, under all that
 * any of the reports shows. No number of few users lies closer than the rule allows. Judged report
 * by report, some would. Where logs grow in between, the reader knows which combinations did.
 * Populations of some reports have filters.
 */
#include "tests/support/made_report.h"
#include "tests/support/support.h"
#include "tests/support/told_history.h"

#include "base/civil.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 3 };
enum { MONTHS = 6, MODELS = 4, LANGUAGES = 3, ATOMS = MONTHS * MODELS * LANGUAGES };
enum { VARIABLES = REPORTS * ATOMS };

#define OF(more, to, queries)                                                                      \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"population\":{"                      \
    "\"from\":\"2024-01-01\",\"to\":\"" to "\"" more "},\"queries\":[" queries                     \
    "],\"release\":{\"min_users\":5}}"
#define PLAN(to, queries)     OF("", to, queries)
#define FILTER(how, field, v) ",\"" how "\":[{\"field\":\"" field "\",\"in\":[" v "]}]"
#define ONLY(field, v)        FILTER("include", field, v)
#define BUT(field, v)         FILTER("exclude", field, v)
#define JUNE                  "2024-06-30"
#define COUNT(id, by)         "{\"id\":\"" id "\",\"kind\":\"count\",\"by\":[" by "]}"
#define LISTED(one)           "{\"field\":\"model\",\"values\":[\"gpt-4\",\"" one "\"]}"
#define MODEL                 "{\"field\":\"model\",\"values\":[\"gpt-4\",\"o1\",\"gpt-3.5\"]}"
#define LANGUAGE              "{\"field\":\"language\",\"values\":[\"en\",\"de\"]}"
#define MONTH                 "\"month\""
#define QUARTER               "\"quarter\""

/* Each a series of reports. */
static const char *const series[][REPORTS] = {
    {PLAN(JUNE, COUNT("a", MONTH "," MODEL)), PLAN(JUNE, COUNT("b", QUARTER "," MODEL)),
     PLAN(JUNE, COUNT("c", MONTH))},
    {PLAN(JUNE, COUNT("a", MONTH "," MODEL)), PLAN(JUNE, COUNT("b", MONTH "," MODEL "," LANGUAGE)),
     PLAN(JUNE, COUNT("c", QUARTER "," MODEL))},
    {PLAN(JUNE, COUNT("a", MONTH "," LISTED("o1"))), PLAN(JUNE, COUNT("b", MONTH "," MODEL)),
     PLAN(JUNE, COUNT("c", LISTED("gpt-3.5") "," MONTH))},
    {PLAN(JUNE, COUNT("a", LANGUAGE "," QUARTER) "," COUNT("b", QUARTER "," MODEL)),
     PLAN(JUNE, COUNT("c", MONTH "," MODEL)), PLAN(JUNE, COUNT("d", LANGUAGE "," MONTH))},
    /* Another period: the months that both have are the same. */
    {PLAN(JUNE, COUNT("a", MONTH "," MODEL)), PLAN("2024-04-30", COUNT("b", MONTH "," LANGUAGE)),
     PLAN("2024-04-30", COUNT("c", MONTH "," MODEL "," LANGUAGE))},
    /* As the first, of logs that grow. */
    {PLAN(JUNE, COUNT("a", MONTH "," MODEL)), PLAN(JUNE, COUNT("b", QUARTER "," MODEL)),
     PLAN(JUNE, COUNT("c", LANGUAGE "," MODEL "," MONTH))},
    /* Without a model, which the first one withholds in some months; of one of them alone. */
    {PLAN(JUNE, COUNT("a", MONTH "," MODEL)), OF(BUT("model", "\"o1\""), JUNE, COUNT("b", MONTH)),
     OF(ONLY("model", "\"gpt-4\""), JUNE, COUNT("c", MONTH "," LANGUAGE))},
    /* The slices first, and then the whole. */
    {OF(ONLY("model", "\"o1\""), JUNE, COUNT("a", MONTH "," LANGUAGE)),
     OF(BUT("model", "\"o1\""), JUNE, COUNT("b", LANGUAGE "," MONTH)),
     PLAN(JUNE, COUNT("c", MONTH "," MODEL "," LANGUAGE))},
    /* Slices of which neither is in the other, by what they share. */
    {OF(ONLY("language", "\"en\",\"de\""), JUNE, COUNT("a", MONTH "," MODEL)),
     OF(BUT("model", "\"gpt-3.5\""), JUNE, COUNT("b", MONTH "," LANGUAGE)),
     PLAN(JUNE, COUNT("c", MONTH "," MODEL) "," COUNT("d", MONTH "," LANGUAGE))},
    /* By fields of the calendar, and two filters at once. */
    {PLAN(JUNE, COUNT("a", MONTH "," MODEL)),
     OF(ONLY("month", "\"2024-01\",\"2024-02\",\"2024-04\""), JUNE, COUNT("b", QUARTER "," MODEL)),
     OF(BUT("month", "\"2024-05\"") ONLY("model", "\"gpt-4\",\"o1\""), JUNE,
        COUNT("c", QUARTER "," LISTED("o1")))},
    /* And of another period. */
    {PLAN(JUNE, COUNT("a", MONTH "," LANGUAGE)),
     OF(BUT("language", "\"de\""), "2024-04-30", COUNT("b", MONTH "," MODEL)),
     OF(ONLY("language", "\"de\""), JUNE, COUNT("c", MONTH "," MODEL))},
};
/* By how many conversations the logs grow from report to report. */
static const unsigned growth[] = {0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0};
enum { SERIES = sizeof series / sizeof *series };

/* ---- what a report tells ---- */

/* What a reader has of the reports so far, sums of VARIABLES. */
struct history {
    struct told_history told;
    size_t reports;
    uint32_t sizes[REPORTS][ATOMS];   /* conversations of each atom in a report */
    size_t variables[REPORTS][ATOMS]; /* the same where nothing was added */
};

static size_t atom_of(const struct made_row *row)
{
    static const size_t models[MADE_MODELS] = {1, 0, 2, 3, 3, 3, 3};
    struct civil_date date = civil_from_days(civil_day_of(row->time));
    return (size_t)date.month - 1 + MONTHS * (models[row->model] + MODELS * (size_t)row->language);
}

/* Whatever the report's own period. */
static bool in_half_year(const struct made_row *row)
{
    struct civil_date date = civil_from_days(civil_day_of(row->time));
    return date.year == 2024 && date.month <= MONTHS;
}

static void see_atoms(struct history *h, const struct made *made)
{
    size_t report = h->reports++;
    for (uint32_t i = 0; i < made->wish.rows; i++)
        if (in_half_year(&made->rows[i]))
            h->sizes[report][atom_of(&made->rows[i])]++;
    for (size_t atom = 0; atom < ATOMS; atom++) {
        h->variables[report][atom] = report * ATOMS + atom;
        for (size_t before = report; before-- > 0;)
            if (h->sizes[before][atom] == h->sizes[report][atom])
                h->variables[report][atom] = h->variables[before][atom];
    }
}

static bool is_listed(const struct plan_field *field, const char *text)
{
    for (size_t i = 0; i < field->value_count; i++)
        if (strcmp(field->values[i], text) == 0)
            return true;
    return false;
}

/* Is the atom in the group of that label? */
static bool in_group(const struct plan_field *field, const char *label, size_t atom)
{
    static const char *const models[MODELS] = {"gpt-4", "o1", "gpt-3.5", "other"};
    static const char *const languages[LANGUAGES] = {"en", "de", "other"};
    int month = (int)(atom % MONTHS) + 1;
    char text[16];
    if (field->kind == PLAN_FIELD_MONTH) {
        snprintf(text, sizeof text, "2024-%02d", month);
        return strcmp(text, label) == 0;
    }
    if (field->kind == PLAN_FIELD_QUARTER) {
        snprintf(text, sizeof text, "2024-Q%d", (month - 1) / 3 + 1);
        return strcmp(text, label) == 0;
    }
    const char *own = strcmp(field->name, "model") == 0 ? models[atom / MONTHS % MODELS]
                                                        : languages[atom / MONTHS / MODELS];
    return strcmp(is_listed(field, own) ? own : "other", label) == 0;
}

/* Is the value of a field that is listed, as a filter lists it, the atom's? */
static bool is_one_of(const struct plan_filter *filter, size_t atom)
{
    bool any = false;
    for (size_t i = 0; i < filter->value_count; i++) {
        const struct plan_field one = {.kind = filter->field.kind,
                                       .name = filter->field.name,
                                       .values = &filter->values[i],
                                       .value_count = 1};
        any = any || in_group(&one, filter->values[i], atom);
    }
    return any;
}

static bool in_population(const struct tally_table *table, size_t atom)
{
    struct civil_date last = civil_from_days(table->to);
    bool in = (int)(atom % MONTHS) < last.month;
    for (size_t i = 0; i < table->filter_count; i++)
        in = in && is_one_of(&table->filters[i], atom) != table->filters[i].exclude;
    return in;
}

static bool in_row(const struct tally_table *table, size_t row, size_t atom)
{
    bool in = in_population(table, atom);
    for (size_t i = 0; row + 1 < table->row_count && i < table->by_count; i++)
        in = in && in_group(&table->by[i], table->key_values[row * table->key_count + i], atom);
    return in;
}

static void see(struct history *h, const struct tally_table *table, const struct release *release,
                size_t number)
{
    const struct made_atoms variables = {.count = VARIABLES};
    for (size_t row = 0; row < table->row_count; row++) {
        struct seen_sum *sum = seen_add(&h->told.seen, &variables);
        const struct tally_cell *cell = tally_cell_at(table, row, 0);
        bool gone = gate_is_gone(release, number, row);
        sum->shown = !gate_is_withheld(release, number, row, 0);
        sum->known = !sum->shown && !gone;
        sum->value = cell->value;
        sum->users = gone ? 0 : cell->users; /* a row that is not told has no number to follow */
        for (size_t atom = 0; atom < ATOMS; atom++)
            if (in_row(table, row, atom))
                sum->has[h->variables[h->reports - 1][atom]] = true;
    }
}

/* ---- series of reports ---- */

static void see_report(struct history *h, const struct made_report *report)
{
    struct told_history *told = &h->told;
    const char *filters = report->source.plan->filters_digest;
    for (size_t i = 0; i < report->own; i++) {
        const struct tally_table *table = &report->tally.tables[i];
        size_t first = told->seen.count;
        if (!table->by_count)
            continue;
        made_ledger_keep_table(&told->ledger, filters, table, report->release, i);
        see(h, table, report->release, i);
        seen_count_cells(&told->seen, first, &told->sums);
    }
    if (told->ledger.remember) /* that of the population comes next */
        made_ledger_keep_table(&told->ledger, filters, &report->tally.tables[report->own], NULL,
                               report->own);
    assert_int_equal(release_table_count(report->release), report->own);
}

static void report(struct history *h, const struct made *made)
{
    struct made_report report;
    see_atoms(h, made);
    made_report_init(&report, &h->told.ledger, made, &made->plan, &made->population);
    h->told.ledger.together += report.told_tables.together;
    assert_int_equal(report.told_tables.changed, 0);
    assert_int_equal(report.told_tables.unlike + report.told_tables.left_out, 0);
    if (report.release) /* else its population alone would tell */
        see_report(h, &report);
    made_report_release(&report);
}

static void end(struct history *h)
{
    told_history_end(&h->told);
    *h = (struct history){.told = h->told};
}

/* One series over one set of logs, with a ledger and without. */
static void run(const char *const plans[REPORTS], unsigned seed, unsigned grown,
                struct history histories[2])
{
    for (size_t r = 0; r < REPORTS; r++) {
        const struct made_wish wish = {.seed = 4100 + seed,
                                       .parts = 1,
                                       .rows = (seed % 2 ? 700 : 1500) + 400 * (seed % 5) +
                                               grown * (unsigned)r,
                                       .users = seed % 3 ? 120 : 50,
                                       .plan = plans[r]};
        struct made made;
        made_ready(&made, &wish);
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made);
        made_release(&made);
    }
    for (size_t i = 0; i < 2; i++)
        end(&histories[i]);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    for (size_t s = 0; s < SERIES; s++) {
        struct history histories[2] = {{.reports = 0}};
        const struct told_history *told = &histories[0].told, *alone = &histories[1].told;
        const struct seen_totals *with = &told->sums, *without = &alone->sums;
        told_history_init(&histories[0].told, true, MIN_USERS);
        told_history_init(&histories[1].told, false, MIN_USERS);
        histories[0].told.ledger.by_fields = true;
        for (unsigned i = 0; i < 10; i++)
            run(series[s], i, growth[s], histories);
        told_history_print(told, alone, s);
        assert_int_equal(with->leaks, 0);
        assert_int_equal(with->unbounded + without->unbounded, 0);
        assert_in_range(told->ledger.refused, 0, 10);
        assert_true(without->leaks > 5 && told->ledger.together > 20);
        assert_true(5 * with->shown > 2 * with->cells);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
