/*
 * A reader who has several reports over the same logs and reckons with all their tables by fields
 * together: linear programs over every combination of month, model and language, under all that
 * any of the reports shows. No number of few users lies closer than the rule allows. Judged report
 * by report, some would. Where logs grow in between, the reader knows which combinations did.
 * Populations of some reports have filters.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/made_ledger.h"
#include "tests/support/reader.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/told_tables.h"
#include "release/figure.h"
#include "release/gate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

struct seen_row {
    size_t report;
    bool has[ATOMS];
    bool shown, gone;
    uint64_t value;
    uint32_t users;
};

struct seen {
    struct seen_row *rows;
    size_t count, capacity;
    size_t reports;                   /* so far */
    uint32_t sizes[REPORTS][ATOMS];   /* conversations of each atom in a report */
    size_t variables[REPORTS][ATOMS]; /* of the reader: the same where nothing was added */
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

static void see_atoms(struct seen *seen, const struct made *made)
{
    size_t report = seen->reports++;
    for (uint32_t i = 0; i < made->wish.rows; i++)
        if (in_half_year(&made->rows[i]))
            seen->sizes[report][atom_of(&made->rows[i])]++;
    for (size_t atom = 0; atom < ATOMS; atom++) {
        seen->variables[report][atom] = report * ATOMS + atom;
        for (size_t before = report; before-- > 0;)
            if (seen->sizes[before][atom] == seen->sizes[report][atom])
                seen->variables[report][atom] = seen->variables[before][atom];
    }
}

static struct seen_row *add_seen(struct seen *seen)
{
    seen->rows = mem_grow(seen->rows, &seen->capacity, seen->count + 1, sizeof *seen->rows);
    assert_non_null(seen->rows);
    seen->rows[seen->count] = (struct seen_row){.shown = false};
    return &seen->rows[seen->count++];
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

static void see(struct seen *seen, const struct tally_table *table, const struct release *release,
                size_t number)
{
    for (size_t row = 0; row < table->row_count; row++) {
        struct seen_row *to = add_seen(seen);
        struct tally_cell cell = *tally_cell_at(table, row, 0);
        to->report = seen->reports - 1;
        to->shown = !gate_is_withheld(release, number, row, 0);
        to->gone = gate_is_gone(release, number, row);
        to->value = cell.value;
        to->users = cell.users;
        for (size_t atom = 0; atom < ATOMS; atom++) {
            to->has[atom] = in_population(table, atom);
            for (size_t i = 0; row + 1 < table->row_count && i < table->by_count; i++)
                to->has[atom] =
                    to->has[atom] &&
                    in_group(&table->by[i], table->key_values[row * table->key_count + i], atom);
        }
    }
}

/* ---- the reader ---- */

/* IN [VARIABLES] is then true of those of the reader that make a row. */
static const bool *variables_of(const struct seen *seen, const struct seen_row *row, bool *in)
{
    memset(in, 0, VARIABLES * sizeof *in);
    for (size_t atom = 0; atom < ATOMS; atom++)
        if (row->has[atom])
            in[seen->variables[row->report][atom]] = true;
    return in;
}

static struct reader *reader_of(const struct seen *seen)
{
    struct reader *reader = reader_new(VARIABLES);
    bool in[VARIABLES];
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_row *row = &seen->rows[i];
        /* Withheld is at least 1; of a row that is withheld whole nothing is known. */
        if (row->shown)
            reader_know_value(reader, variables_of(seen, row, in), (double)row->value);
        else if (!row->gone)
            reader_know_least(reader, variables_of(seen, row, in), 1);
    }
    return reader;
}

/* How many of the small figures the reader knows too well. */
static size_t count_leaks(const struct seen *seen, size_t *small)
{
    size_t leaks = 0;
    struct reader *reader = reader_of(seen);
    bool in[VARIABLES];
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_row *row = &seen->rows[i];
        if (!row->users || row->users >= MIN_USERS || row->gone)
            continue;
        ++*small;
        struct reader_range range = reader_range(reader, variables_of(seen, row, in));
        assert_true(isfinite(range.most));
        leaks += reader_range_tells(range, MIN_USERS);
    }
    reader_free(reader);
    return leaks;
}

/* ---- series of reports ---- */

struct sums {
    size_t leaks, small, shown, cells, together, changed, refused;
};

/* What a reader has of the reports so far. */
struct history {
    struct made_ledger ledger;
    struct seen seen;
    struct sums sums;
};

static void release_seen(struct history *h, const char *filters, struct tally *tally, size_t own,
                         const struct release *release)
{
    for (size_t i = 0; i < own; i++) {
        if (!tally->tables[i].by_count)
            continue;
        made_ledger_keep_table(&h->ledger, filters, &tally->tables[i], release, i);
        size_t first = h->seen.count;
        see(&h->seen, &tally->tables[i], release, i);
        for (size_t r = first; r < h->seen.count; r++)
            h->sums.shown += h->seen.rows[r].shown;
        h->sums.cells += h->seen.count - first;
    }
    if (h->ledger.remember) /* that of the population comes next */
        made_ledger_keep_table(&h->ledger, filters, &tally->tables[own], NULL, own);
    assert_int_equal(release_table_count(release), own);
}

static void report(const struct tally_source *source, struct history *h)
{
    struct tally tally;
    struct release *release;
    struct told_tables_count counts;
    struct error err = ERROR_INIT;
    struct gate_policy policy = {.min_users = MIN_USERS};
    tally_init(&tally);
    assert_ok(tally_run(source, &tally, &err), err);
    size_t own = tally.table_count;
    if (h->ledger.remember) {
        made_ledger_recall_tables(&h->ledger, source, &tally, &counts);
        h->sums.together += counts.together;
        h->sums.changed += counts.changed;
        assert_int_equal(counts.unlike + counts.left_out, 0);
    }
    made_check_relations(&tally);
    enum status status = gate_release(&tally, &policy, &release, &err);
    if (status == STATUS_REFUSED && h->ledger.remember) {
        h->sums.refused++; /* its population alone would tell */
    } else {
        assert_ok(status, err);
        release_seen(h, source->plan->filters_digest, &tally, own, release);
        release_free(release);
    }
    tally_release(&tally);
}

static void end(struct history *h)
{
    h->sums.leaks += count_leaks(&h->seen, &h->sums.small);
    made_ledger_clear(&h->ledger);
    free(h->seen.rows);
    memset(&h->seen, 0, sizeof h->seen);
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
        made_init(&made, &wish);
        made_open(&made);
        made_population(&made);
        const struct tally_source source = made_source(&made);
        for (size_t i = 0; i < 2; i++) {
            see_atoms(&histories[i].seen, &made);
            report(&source, &histories[i]);
        }
        made_release(&made);
    }
    for (size_t i = 0; i < 2; i++)
        end(&histories[i]);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    for (size_t s = 0; s < SERIES; s++) {
        struct history histories[2] = {{.ledger = {.remember = true, .min_users = MIN_USERS}},
                                       {.ledger = {.min_users = MIN_USERS}}};
        const struct sums *with = &histories[0].sums, *without = &histories[1].sums;
        for (unsigned i = 0; i < 10; i++)
            run(series[s], i, growth[s], histories);
        print_message("series %zu: %zu small figures, of which %zu follow (without a ledger %zu of "
                      "%zu); %zu of %zu figures shown (%zu); %zu tables judged again, %zu reports "
                      "refused\n",
                      s, with->small, with->leaks, without->leaks, without->small, with->shown,
                      with->cells, without->shown, with->together, with->refused);
        assert_int_equal(with->leaks, 0);
        assert_int_equal(with->changed, 0);
        assert_in_range(with->refused, 0, 10);
        assert_true(without->leaks > 5 && with->together > 20);
        assert_true(5 * with->shown > 2 * with->cells);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
