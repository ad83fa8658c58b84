/*
 * A reader of several reports of identifiers, patterns, topics by rules and search terms that find
 * some of the same, of one report or of several under one ledger, of the same period or of two:
 * linear programs over the numbers of conversations by period and by all that is found in them,
 * under all that any report shows. No number of few users lies closer than the rule allows. Judged
 * query by query, some would.
 */
#include "tests/support/query_series.h"
#include "tests/support/slot_queries.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "queries/terms_relations.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { LETTERS = SLOT_QUERIES_LETTERS, PATTERNS = 1 << LETTERS, RUNS = 12 };
/* Of all days, and of the last of them alone. */
enum { PERIODS = 2, ATOMS = PATTERNS * PERIODS };

static const char *const dates[PERIODS] = {"2022-12-01", "2023-12-01"};

/* Queries as slot_queries.h has them. A report of which the first begins with '2' is of the later
 * period. */
static const struct query_series within[] = {
    {{{"iab", "iabc"}}},   {{{"pabc", "pabd"}}}, {{{"fab", "fba"}}},
    {{{"fabcd", "facd"}}}, {{{"fabc", "mab"}}},  {{{"mabc", "mbcd", "fca"}}},
};

static const struct query_series within_with_terms[] = {{{{"tab", "mabc"}}}, {{{"fabc", "tbc"}}}};

static const struct query_series under_a_ledger[] = {
    {{{"iab"}, {"iabc"}}},
    {{{"iabc"}, {"iabd"}, {"icd"}}},
    {{{"pab"}, {"pba", "pbc"}, {"pabc"}}},
    {{{"fab"}, {"fba"}}},
    {{{"fabcd"}, {"facd"}, {"fbad"}}},
    {{{"mabc"}, {"fab"}, {"mbd"}}},
    {{{"tab"}, {"mabc"}}},
    {{{"tabc"}, {"fcba"}, {"tac"}}},
    {{{"iab"}, {"2iab"}}},
    {{{"2fabc"}, {"fabc"}, {"2facb"}}},
    {{{"2mab"}, {"tab"}}},
    {{{"2iabc"}, {"iab"}, {"2iac"}}},
};

/* ---- what a reader knows ---- */

static bool in_period(size_t atom, bool later)
{
    return !later || atom >= PATTERNS;
}

static struct seen_sum *see_row(struct seen *seen, const struct made_atoms *truth,
                                const char *query, bool later, enum slot_row which, size_t slot)
{
    struct seen_sum *sum = seen_add(seen, truth);
    for (size_t atom = 0; atom < ATOMS; atom++)
        sum->has[atom] =
            in_period(atom, later) && slot_row_has(which, query, atom % PATTERNS, slot);
    seen_sum_count(sum, truth);
    return sum;
}

static void see_query(struct seen *seen, const struct made_atoms *truth, const char *query,
                      bool later, const struct tally_table *own, size_t number,
                      const struct release *release)
{
    const struct figure_table *table = release_table_find(release, own->id);
    size_t slots = strlen(query + 1);
    bool terms = query[0] == 't';
    for (size_t row = 0; row < own->row_count; row++) {
        enum slot_row which = slot_row_of(query, row, own->row_count);
        seen_sum_tell(see_row(seen, truth, query, later, which, row), figure_at(table, row, 0),
                      gate_is_gone(release, number, row));
        static const struct {
            enum slot_row which;
            enum terms_column column;
        } more[] = {{SLOT_ROW_ALONE, UNIQUE}, {SLOT_ROW_ADDED, ADDED}};
        for (size_t i = 0; terms && row < slots && i < 2; i++)
            seen_sum_tell(see_row(seen, truth, query, later, more[i].which, row),
                          figure_at(table, row, more[i].column),
                          gate_is_gone(release, number, row));
    }
}

/* What no table tells of a query alone. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth, const char *query,
                       bool later)
{
    for (size_t slot = 0; query[0] != 'f' && query[1 + slot]; slot++) {
        see_row(seen, truth, query, later, SLOT_ROW_ALONE, slot);
        see_row(seen, truth, query, later, SLOT_ROW_SHARED, slot);
    }
    if (query[0] != 'f')
        see_row(seen, truth, query, later, SLOT_ROW_SEVERAL, 0);
}

/* ---- reports ---- */

static bool is_later(const char *query)
{
    return query[0] == '2';
}

static const char *plain(const char *query)
{
    return is_later(query) ? query + 1 : query;
}

static void write_plan(char *text, size_t room, const char *dir, const char *const *queries)
{
    const char *own[QUERY_SERIES_REPORTS * QUERY_SERIES_QUERIES + 2];
    size_t count = 0;
    for (; queries[count]; count++)
        own[count] = plain(queries[count]);
    own[count] = NULL;
    slot_queries_plan(text, room, dir, dates[0], "2024-11-30", own);
}

/* The kind by which all letters are asked for as QUERY asks for some: the same text is found. */
static const char *all_of(const char *query)
{
    return plain(query)[0] == 'i' ? "iabcde" : "tabcde";
}

static int64_t later_from(void)
{
    int64_t day;
    assert_true(civil_parse_date(dates[1], strlen(dates[1]), &day));
    return day;
}

static void narrow(struct plan *plan, const char *const *queries)
{
    if (is_later(queries[0]))
        plan->population.from = later_from();
}

static void make(struct made *made, struct made_atoms *truth, const char *const *queries,
                 const char *plan, unsigned seed)
{
    (void)queries;
    query_series_make_words(made, plan, seed, 6);
    made_atoms_init(truth, made, ATOMS);
    made_atoms_by_slots(truth, made->plan.query_count - 1, LETTERS);
    for (uint32_t row = 0; row < made->wish.rows; row++)
        if (truth->of_row[row] < ATOMS && made->rows[row].time >= later_from() * 86400)
            truth->of_row[row] += PATTERNS;
}

static void see_report(struct seen *seen, const struct made_atoms *truth,
                       const struct query_report *told, const char *const *queries,
                       struct seen_totals *sums)
{
    bool later = is_later(queries[0]);
    for (size_t q = 0; queries[q]; q++) {
        size_t first = seen->count, table = slot_queries_table(told->source->plan, q, told->tally);
        see_query(seen, truth, plain(queries[q]), later, &told->tally->tables[table], table,
                  told->release);
        seen_count_cells(seen, first, sums);
        see_hidden(seen, truth, plain(queries[q]), later);
    }
}

/* What no table tells of all queries together. */
static void see_atoms(struct seen *seen, const struct made_atoms *truth, const char *const *queries)
{
    bool periods = false;
    for (; *queries; queries++)
        periods = periods || is_later(*queries);
    for (size_t atom = 0; atom < (periods ? ATOMS : PATTERNS); atom++) {
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t other = 0; other < ATOMS; other++)
            sum->has[other] = periods ? other == atom : other % PATTERNS == atom;
        seen_sum_count(sum, truth);
    }
}

/* Whether a hidden figure is none of a query alone. */
static bool is_joint(const struct tally *tally, uint32_t number)
{
    for (size_t i = 0; i < tally->union_count; i++) {
        const struct tally_union *of = &tally->unions[i];
        if (number == of->several || number == of->several - 1 || number == of->several + 1 ||
            number - of->first_shared < of->count || number - of->first_alone < of->count)
            return false;
    }
    for (size_t i = 0; i < tally->atoms_count; i++)
        if (number - tally->atoms[i].first < tally->atoms[i].count)
            return false;
    return true;
}

static size_t query_of(const struct tally *tally, struct tally_place place)
{
    if (place.table == TALLY_HIDDEN && is_joint(tally, place.row))
        return MADE_TIES_SEVERAL;
    return made_ties_table_query(tally, place);
}

static const struct query_series_kind slots = {.name = "queries",
                                               .write_plan = write_plan,
                                               .all_of = all_of,
                                               .make = make,
                                               .narrow = narrow,
                                               .see_report = see_report,
                                               .see_hidden = see_atoms,
                                               .query_of = query_of};

static void nothing_follows_within_a_report(void **state)
{
    (void)state;
    struct query_series_kind with_terms = slots;
    struct seen_totals sums[2] = {{.leaks = 0}}, more[2] = {{.leaks = 0}};
    with_terms.name = "with terms";
    with_terms.query_of = NULL;
    query_series_within(&slots, within, sizeof within / sizeof *within, 7200, RUNS, sums);
    assert_int_equal(sums[0].leaks, 0);
    assert_true(sums[1].leaks > 20 && 2 * sums[0].shown > sums[0].cells);
    query_series_within(&with_terms, within_with_terms,
                        sizeof within_with_terms / sizeof *within_with_terms, 7200, RUNS, more);
    assert_int_equal(more[0].leaks, 0);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    struct seen_totals sums[2] = {{.leaks = 0}};
    query_series_told(&slots, under_a_ledger, sizeof under_a_ledger / sizeof *under_a_ledger, 8300,
                      RUNS, sums);
    assert_int_equal(sums[0].leaks, 0);
    assert_true(sums[1].leaks > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_within_a_report),
                                       cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
