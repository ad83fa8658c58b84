/*
 * A reader of several reports of identifiers, patterns, topics by rules and search terms under one
 * ledger, of populations that filters on languages leave: linear programs over the numbers of
 * conversations by language and by all that is found in them, under all that any report shows. No
 * number of few users lies closer than the rule allows. Judged apart, some would: three reports
 * that leave out two of three languages each tell, less one of all, of what they all have twice.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/made_report.h"
#include "tests/support/query_series.h"
#include "tests/support/seen_sums.h"
#include "tests/support/slot_queries.h"
#include "tests/support/support.h"
#include "tests/support/told_history.h"

#include "queries/field.h"
#include "queries/terms_relations.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

/* A group is a language, or none. */
enum { MIN_USERS = 5, REPORTS = 4, LETTERS = 3, PATTERNS = 1 << LETTERS, GROUPS = 4 };
enum { ATOMS = PATTERNS * GROUPS };

/* What a report asks for: identifiers, patterns, topics of which the first or every match counts,
 * terms, a letter each; and the languages that its filter leaves out, a bit each. */
struct asked {
    const char *query;
    unsigned without;
};

static const struct asked series[][REPORTS] = {
    {{"iab", 3}, {"iab", 6}, {"iab", 5}, {"iab", 0}},
    {{"iabc", 3}, {"iab", 6}, {"iac", 5}, {"ica", 0}},
    {{"pab", 1}, {"pba", 2}, {"pb", 3}, {"pabc", 0}},
    {{"fab", 3}, {"fba", 6}, {"fab", 5}, {"fab", 0}},
    {{"mab", 3}, {"fab", 6}, {"mba", 5}, {"mab", 0}},
    {{"tab", 3}, {"mab", 6}, {"tb", 5}, {"mab", 0}},
    {{"mabc", 4}, {"tab", 0}, {"mabc", 1}, {"mabc", 0}},
    {{"iab", 1}, {"iab", 3}, {"iab", 2}, {"iab", 0}},
};
enum { SERIES = sizeof series / sizeof *series };

static const char *taxonomies; /* their folder */

/* ---- what a reader knows ---- */

static bool is_left(size_t atom, unsigned without)
{
    return !(without >> atom / PATTERNS & 1);
}

/* What such a row counts of what WITHOUT leaves and BUT does not. */
static struct seen_sum *see(struct seen *seen, const struct made_atoms *truth, const char *query,
                            unsigned without, unsigned but, enum slot_row which, size_t slot)
{
    struct seen_sum *sum = seen_add(seen, truth);
    for (size_t atom = 0; atom < ATOMS; atom++)
        sum->has[atom] = is_left(atom, without) && !(but && is_left(atom, but)) &&
                         slot_row_has(which, query, atom % PATTERNS, slot);
    seen_sum_count(sum, truth);
    return sum;
}

static void see_table(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                      const struct tally_table *own, size_t number, const struct release *release)
{
    const struct figure_table *table = release_table_find(release, own->id);
    const char *query = asked->query;
    size_t slots = strlen(query + 1);
    for (size_t row = 0; row < own->row_count; row++) {
        bool gone = gate_is_gone(release, number, row);
        enum slot_row which = slot_row_of(query, row, own->row_count);
        seen_sum_tell(see(seen, truth, query, asked->without, 0, which, row),
                      figure_at(table, row, 0), gone);
        if (query[0] != 't' || row >= slots)
            continue;
        seen_sum_tell(see(seen, truth, query, asked->without, 0, SLOT_ROW_ALONE, row),
                      figure_at(table, row, UNIQUE), gone);
        seen_sum_tell(see(seen, truth, query, asked->without, 0, SLOT_ROW_ADDED, row),
                      figure_at(table, row, ADDED), gone);
    }
}

/* What no table tells of a query alone; and what it has more than a report of the same before it.
 */
static void see_hidden(struct seen *seen, const struct made_atoms *truth,
                       const struct asked *reports, size_t number)
{
    const struct asked *asked = &reports[number];
    if (asked->query[0] == 'f')
        return;
    for (size_t slot = 0; asked->query[1 + slot]; slot++)
        for (enum slot_row which = SLOT_ROW_ALONE; which <= SLOT_ROW_SHARED; which++) {
            see(seen, truth, asked->query, asked->without, 0, which, slot);
            for (size_t i = 0; i < number; i++)
                if (strcmp(reports[i].query, asked->query) == 0 &&
                    (reports[i].without & asked->without) == asked->without)
                    see(seen, truth, asked->query, asked->without, reports[i].without, which, slot);
        }
    see(seen, truth, asked->query, asked->without, 0, SLOT_ROW_SEVERAL, 0);
}

/* Whether languages A and B are in the same of the reports. */
static bool are_alike(const struct asked *reports, size_t a, size_t b)
{
    for (size_t i = 0; i < REPORTS; i++)
        if ((reports[i].without >> a ^ reports[i].without >> b) & 1)
            return false;
    return true;
}

/* What is asked for in any report, of languages that no report tells apart. */
static void see_cells(struct seen *seen, const struct made_atoms *truth,
                      const struct asked *reports)
{
    size_t letters = 0;
    for (size_t i = 0; i < REPORTS; i++)
        for (const char *c = reports[i].query + 1; *c; c++)
            letters |= (size_t)1 << (*c - 'a');
    for (size_t cell = 0; cell < ATOMS; cell++) {
        if (cell % PATTERNS & ~letters)
            continue;
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t atom = 0; atom < ATOMS; atom++)
            sum->has[atom] = (atom & letters) == cell % PATTERNS &&
                             are_alike(reports, atom / PATTERNS, cell / PATTERNS);
        seen_sum_count(sum, truth);
    }
}

/* ---- plans ---- */

/* One query a report, and one of all letters: what the catalogue has. */
static void write_plan(char *text, size_t room, const struct asked *reports)
{
    const char *queries[REPORTS + 2] = {NULL};
    for (size_t i = 0; i < REPORTS; i++)
        queries[i] = reports[i].query;
    queries[REPORTS] = reports[0].query[0] == 'i' ? "iabc" : "tabc";
    slot_queries_plan(text, room, taxonomies, NULL, NULL, queries);
}

/* A filter that leaves out languages. */
struct leaving {
    struct plan_filter filter;
    char *values[GROUPS], texts[GROUPS][16];
};

static void leave_out(struct leaving *leaving, struct plan *plan, unsigned without)
{
    *leaving = (struct leaving){.filter = {.exclude = true}};
    (void)field_find(plan->logs.fields, plan->logs.field_count, "language", &leaving->filter.field);
    leaving->filter.values = leaving->values;
    for (size_t i = 0; i < MADE_LANGUAGES; i++)
        if (without >> i & 1) {
            char *text = leaving->texts[leaving->filter.value_count];
            snprintf(text, sizeof *leaving->texts, "%s", made_languages[i]);
            leaving->values[leaving->filter.value_count++] = text;
        }
    plan->population.filters = &leaving->filter;
    plan->population.filter_count = without != 0;
    memset(plan->filters_digest, '0' + (int)without, sizeof plan->filters_digest - 1);
}

/* ---- series of reports ---- */

static size_t group_of(const struct made_row *row)
{
    return row->language < 0 ? GROUPS - 1 : (size_t)row->language;
}

/* A report of a series. */
struct number {
    const struct made_atoms *truth;
    const struct asked *reports;
    size_t number;
};

static void see_report(struct told_history *h, const struct made_report *report,
                       const void *context)
{
    const struct number *of = context;
    size_t first = h->seen.count,
           table = slot_queries_table(report->source.plan, 0, &report->tally);
    assert_int_equal(report->tally.slots_left_out, 0);
    see_table(&h->seen, of->truth, &of->reports[of->number], &report->tally.tables[table], table,
              report->release);
    seen_count_cells(&h->seen, first, &h->sums);
    see_hidden(&h->seen, of->truth, of->reports, of->number);
}

static void truth_init(struct made_atoms *truth, const struct made *made)
{
    made_atoms_init(truth, made, ATOMS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        const struct made_row *at = &made->rows[row];
        struct made_hit hit;
        if (!population_has(&made->population, at->part, at->local))
            continue;
        truth->of_row[row] = PATTERNS * group_of(at);
        for (size_t t = 0; t < LETTERS; t++)
            truth->of_row[row] += (size_t)made_hit(made, REPORTS, t, row, &hit) << t;
    }
}

static void run_series(const struct asked *reports, unsigned seed, struct told_history histories[2])
{
    char text[8192];
    struct made made;
    struct made_atoms truth;
    struct leaving leaving;
    write_plan(text, sizeof text, reports);
    query_series_make_words(&made, text, 5100 + seed, 15);
    truth_init(&truth, &made);
    struct plan own = made.plan;
    own.query_count = 1;
    for (size_t r = 0; r < REPORTS; r++, own.queries++) {
        const struct number number = {&truth, reports, r};
        leave_out(&leaving, &own, reports[r].without);
        for (size_t i = 0; i < 2; i++)
            told_history_report(&histories[i], &made, &own, see_report, &number);
    }
    for (size_t i = 0; i < 2; i++) {
        struct told_history *h = &histories[i];
        see_cells(&h->seen, &truth, reports);
        told_history_end(h);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_over_filters(void **state)
{
    (void)state;
    size_t without = 0, leaks = 0;
    for (size_t s = 0; s < SERIES; s++) {
        struct told_history h[2];
        told_history_init(&h[0], true, MIN_USERS);
        told_history_init(&h[1], false, MIN_USERS);
        for (unsigned i = 0; i < 10; i++)
            run_series(series[s], i, h);
        told_history_print(&h[0], &h[1], s);
        leaks += h[0].sums.leaks;
        without += h[1].sums.leaks;
    }
    assert_int_equal(leaks, 0);
    assert_true(without > 30);
}

/* ---- more kinds than cells are made of ---- */

enum { MANY = 12 };

/* What a kind, or any (MANY), has in each language, is all that a reader of its rows can ask. */
static void see_many(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                     size_t row, const struct release *release)
{
    struct seen_sum *sum = seen_add(seen, truth);
    for (size_t group = 0; group < GROUPS; group++)
        sum->has[group] = !(asked->without >> group & 1);
    seen_sum_count(sum, truth);
    seen_sum_tell(sum, figure_at(release_table_find(release, "q0"), row, 0), false);
}

static void run_many(const struct asked *reports, unsigned seed, bool remember,
                     struct seen_totals *sums)
{
    static const char text[] =
        "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[{\"id\":\"q0\","
        "\"kind\":\"identifiers\",\"kinds\":[\"email\",\"phone\",\"ssn\",\"card\",\"iban\","
        "\"ipv4\",\"ipv6\",\"aws_key\",\"llm_key\",\"jwt\",\"slack_token\",\"google_key\"]}],"
        "\"release\":{\"min_users\":5}}";
    struct made made;
    struct made_atoms truth[MANY + 1];
    struct seen seen[MANY + 1] = {{.items = NULL}};
    struct made_ledger ledger = {.remember = remember, .min_users = MIN_USERS};
    struct leaving leaving;
    struct error err = ERROR_INIT;
    query_series_make_words(&made, text, 6200 + seed, 15);
    for (size_t slot = 0; slot <= MANY; slot++) {
        made_atoms_init(&truth[slot], &made, GROUPS);
        for (uint32_t row = 0; row < made.wish.rows; row++) {
            struct made_hit hit;
            for (size_t t = 0; t < MANY; t++)
                if ((slot == MANY || slot == t) && made_hit(&made, 0, t, row, &hit) &&
                    population_has(&made.population, made.rows[row].part, made.rows[row].local))
                    truth[slot].of_row[row] = group_of(&made.rows[row]);
        }
    }
    struct plan own = made.plan;
    for (size_t r = 0; r < REPORTS; r++) {
        struct population population;
        struct made_report report;
        leave_out(&leaving, &own, reports[r].without);
        assert_ok(population_init(&population, &made.catalogue, &own, &err), err);
        made_report_init(&report, &ledger, &made, &own, &population);
        assert_int_equal(report.tally.slots_left_out, 0);
        assert_non_null(report.release);
        for (size_t slot = 0; slot <= MANY; slot++)
            see_many(&seen[slot], &truth[slot], &reports[r], slot, report.release);
        assert_int_equal(made_report_keep_queries(&report, &ledger), 1);
        made_report_release(&report);
        population_release(&population);
    }
    for (size_t slot = 0; slot <= MANY; slot++) {
        seen_count_cells(&seen[slot], 0, sums);
        for (size_t group = 0; group < GROUPS; group++) {
            struct seen_sum *sum = seen_add(&seen[slot], &truth[slot]);
            for (size_t other = 0; other < GROUPS; other++)
                sum->has[other] = are_alike(reports, group, other);
            seen_sum_count(sum, &truth[slot]);
        }
        seen_count_leaks(&seen[slot], MIN_USERS, sums);
        seen_release(&seen[slot]);
        made_atoms_release(&truth[slot]);
    }
    made_ledger_clear(&ledger);
    made_release(&made);
}

static void many_kinds_do_not_follow(void **state)
{
    (void)state;
    struct seen_totals sums[2] = {{.leaks = 0}};
    static const size_t which[] = {0, 7};
    for (unsigned i = 0; i < 8; i++)
        for (size_t k = 0; k < 2; k++)
            run_many(series[which[i % 2]], i, k == 0, &sums[k]);
    print_message("many kinds: %zu small figures, of which %zu follow (without a ledger %zu); %zu "
                  "of %zu figures shown (%zu)\n",
                  sums[0].small, sums[0].leaks, sums[1].leaks, sums[0].shown, sums[0].cells,
                  sums[1].shown);
    assert_int_equal(sums[0].leaks, 0);
    assert_true(sums[1].leaks > 10 && 3 * sums[0].shown > sums[1].shown);
}

static int set_up(void **state)
{
    (void)state;
    taxonomies = test_dir();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup(nothing_follows_over_filters, set_up),
                                       cmocka_unit_test_setup(many_kinds_do_not_follow, set_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
