/*
 * A reader of several search term reports that have terms in common, of one report or of several
 * under one ledger: linear programs over the numbers of conversations that each combination of all
 * their terms has, under all that any of them shows. No number of few users lies closer than the
 * rule allows. Judged query by query, some would.
 */
#include "tests/support/query_series.h"
#include "tests/support/support.h"

#include "queries/terms_relations.h"
#include "queries/terms_shared.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { WORDS = 5, ATOMS = 1 << WORDS, RUNS = 30 };

/* Of each query its terms, a letter each: a word, or of words what is below. */
static const struct query_series within[] = {
    {{{"ab", "abc"}}},         {{{"abc", "abd"}}},        {{{"abc", "cba"}}},
    {{{"abcd", "bce", "ab"}}}, {{{"abd", "bce", "cad"}}}, /* in a ring */
};

static const struct query_series under_a_ledger[] = {
    {{{"ab"}, {"abc"}}},
    {{{"abc"}, {"abd"}, {"ab"}}},
    {{{"abcd"}, {"dcba"}, {"abcd"}}},
    {{{"abc", "de"}, {"cde"}, {"abcde"}}},
};

/* Terms made of the same words. */
static const struct query_series combined[] = {
    {{{"ax", "by"}}},
    {{{"xyb", "za"}}},
    {{{"cyxa", "bc", "b"}}},
    {{{"abc", "uv"}}},
};

static const struct query_series combined_alone[] = {{{{"cyxa"}}}};

static const struct query_series combined_under_a_ledger[] = {
    {{{"bc", "cyxa"}, {"cyv"}, {"ab"}}},
    {{{"zb"}, {"ya"}, {"xc"}}},
};

/* What letters stand for that are no word's; see has(). */
static const struct {
    char letter;
    const char *term;
} made_of[] = {{'u', "wb OR wa"},
               {'v', "(wa OR wb) AND NOT wc"},
               {'x', "wa OR wb"},
               {'y', "wa AND wb"},
               {'z', "wa AND NOT wb"}};

/* ---- what a reader knows ---- */

static bool has(size_t atom, char letter)
{
    bool a = atom & 1, b = atom & 2, c = atom & 4;
    switch (letter) {
    case 'u':
    case 'x':
        return a || b;
    case 'y':
        return a && b;
    case 'z':
        return a && !b;
    case 'v':
        return (a || b) && !c;
    default:
        return atom >> (letter - 'a') & 1;
    }
}

/* Which terms of QUERY, those before term END, an atom has, as bits. */
static size_t terms_of(const char *query, size_t end, size_t atom)
{
    size_t bits = 0;
    for (size_t i = 0; i < end; i++)
        bits |= (size_t)has(atom, query[i]) << i;
    return bits;
}

static void see_terms(struct seen *seen, const struct made_atoms *truth, const char *query,
                      const struct release *release, size_t number, const char *id)
{
    static const enum terms_column columns[] = {CONVERSATIONS, UNIQUE, ADDED};
    const struct figure_table *table = release_table_find(release, id);
    size_t terms = strlen(query);
    for (size_t row = 0; row < terms + 2; row++)
        for (size_t c = 0; c < sizeof columns / sizeof *columns && (row < terms || c < 1); c++) {
            struct seen_sum *sum = seen_add(seen, truth);
            for (size_t s = 0; s < ATOMS; s++)
                sum->has[s] = row == terms          ? terms_of(query, terms, s) != 0
                              : row == terms + 1    ? terms_of(query, terms, s) == 0
                              : !has(s, query[row]) ? false
                              : c == 1              ? terms_of(query, terms, s) == (size_t)1 << row
                              : c == 2              ? terms_of(query, row, s) == 0
                                                    : true;
            seen_sum_count(sum, truth);
            seen_sum_tell(sum, figure_at(table, row, columns[c]),
                          gate_is_gone(release, number, row));
        }
}

static void see_pairs(struct seen *seen, const struct made_atoms *truth, const char *query,
                      const struct release *release, size_t number, const char *id)
{
    const struct figure_table *table = release_table_find(release, id);
    size_t terms = strlen(query);
    for (size_t a = 0; a < terms; a++)
        for (size_t b = a + 1; b < terms; b++) {
            struct seen_sum *sum = seen_add(seen, truth);
            bool listed = false;
            for (size_t s = 0; s < ATOMS; s++)
                sum->has[s] = has(s, query[a]) && has(s, query[b]);
            seen_sum_count(sum, truth);
            for (size_t row = 0; row < figure_table_rows(table); row++) {
                const char *one = figure_key_value(table, row, 0);
                const char *other = figure_key_value(table, row, 1);
                if ((size_t)(one[1] - '1') != a || (size_t)(other[1] - '1') != b)
                    continue;
                listed = true;
                seen_sum_tell(sum, figure_at(table, row, 0), gate_is_gone(release, number, row));
            }
            if (!listed)
                seen_sum_tell(sum, (struct figure){.value = 0}, false);
        }
}

/* Which of some terms a conversation has, two or more. */
static void see_patterns(struct seen *seen, const struct made_atoms *truth, const char *query)
{
    size_t terms = strlen(query);
    for (size_t bits = 1; bits < (size_t)1 << terms; bits++) {
        size_t any = 0;
        for (size_t s = 0; s < ATOMS; s++)
            any += terms_of(query, terms, s) == bits;
        if (!any || !(bits & (bits - 1)))
            continue;
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t s = 0; s < ATOMS; s++)
            sum->has[s] = terms_of(query, terms, s) == bits;
        seen_sum_count(sum, truth);
    }
}

/* What no table tells: the query's patterns, and what a term shares. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth, const char *query)
{
    size_t terms = strlen(query);
    see_patterns(seen, truth, query);
    for (size_t term = 0; term < 2 * terms; term++) {
        struct seen_sum *sum = seen_add(seen, truth);
        size_t own = (size_t)1 << term / 2, others = term % 2 ? own - 1 : ~own;
        for (size_t s = 0; s < ATOMS; s++)
            sum->has[s] = has(s, query[term / 2]) && terms_of(query, terms, s) & others;
        seen_sum_count(sum, truth);
    }
}

/* ---- reports ---- */

/* All terms of several queries that depend on each other, one after another. */
static void see_together(struct seen *seen, const struct made_atoms *truth,
                         const char *const *queries)
{
    char all[WORDS + sizeof made_of / sizeof *made_of + 1] = "";
    size_t len = 0;
    for (; *queries; queries++)
        for (const char *c = *queries; *c; c++)
            if (!strchr(all, *c))
                all[len++] = *c;
    if (strpbrk(all, "uvxyz"))
        see_patterns(seen, truth, all);
}

static size_t write_query(char *text, size_t room, size_t number, const char *query)
{
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"q%zu\",\"kind\":\"terms\",\"terms\":[",
                                number ? "," : "", number);
    for (size_t i = 0; query[i]; i++) {
        char word[] = {'w', query[i], 0};
        const char *term = word;
        for (size_t k = 0; k < sizeof made_of / sizeof *made_of; k++)
            term = made_of[k].letter == query[i] ? made_of[k].term : term;
        n += (size_t)snprintf(text + n, room - n, "%s\"%s\"", i ? "," : "", term);
    }
    return n + (size_t)snprintf(text + n, room - n, "]}");
}

static void write_plan(char *text, size_t room, const char *dir, const char *const *queries)
{
    (void)dir;
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    for (size_t q = 0; queries[q]; q++)
        n += write_query(text + n, room - n, q, queries[q]);
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

static const char *all_of(const char *query)
{
    (void)query;
    return "abcde";
}

static void make(struct made *made, struct made_atoms *truth, const char *const *queries,
                 const char *plan, unsigned seed)
{
    (void)queries;
    query_series_make_words(made, plan, seed, 0);
    made_atoms_init(truth, made, ATOMS);
    made_atoms_by_slots(truth, made->plan.query_count - 1, WORDS);
}

static void see_report(struct seen *seen, const struct made_atoms *truth,
                       const struct query_report *told, const char *const *queries,
                       struct seen_totals *sums)
{
    for (size_t q = 0; queries[q]; q++) {
        struct terms_report report;
        size_t first = seen->count;
        assert_true(terms_report_find(&report, told->source->plan, q, told->tally));
        see_terms(seen, truth, queries[q], told->release, report.own,
                  told->tally->tables[report.own].id);
        if (report.pairs != SIZE_MAX)
            see_pairs(seen, truth, queries[q], told->release, report.pairs,
                      told->tally->tables[report.pairs].id);
        seen_count_cells(seen, first, sums);
        see_hidden(seen, truth, queries[q]);
    }
}

/* Whose figure a place is; of hidden ones, the combinations of a query's terms are its own. */
static size_t query_of(const struct tally *tally, struct tally_place place)
{
    for (size_t i = 0; place.table == TALLY_HIDDEN && i < tally->atoms_count; i++)
        if (place.row - tally->atoms[i].first < tally->atoms[i].count)
            return tally->atoms[i].query;
    return made_ties_table_query(tally, place);
}

static const struct query_series_kind terms = {.name = "queries",
                                               .write_plan = write_plan,
                                               .all_of = all_of,
                                               .make = make,
                                               .see_report = see_report,
                                               .see_hidden = see_together,
                                               .query_of = query_of};

/* Nothing follows of COUNT reports' figures, which are shown by half; how much would, were queries
 * not tied. */
static size_t check_within(const struct query_series *all, size_t count)
{
    struct seen_totals sums[2] = {{.leaks = 0}};
    query_series_within(&terms, all, count, 5229, RUNS, sums);
    assert_int_equal(sums[0].leaks, 0);
    assert_true(2 * sums[0].shown > sums[0].cells);
    return sums[1].leaks;
}

static void nothing_follows_within_a_report(void **state)
{
    (void)state;
    assert_true(check_within(within, sizeof within / sizeof *within) > 50);
}

static void nothing_follows_of_combined_terms(void **state)
{
    (void)state;
    assert_true(check_within(combined, sizeof combined / sizeof *combined) > 50);
    (void)check_within(combined_alone, sizeof combined_alone / sizeof *combined_alone);
}

static void check_series(const struct query_series *all, size_t count)
{
    struct seen_totals sums[2] = {{.leaks = 0}};
    query_series_told(&terms, all, count, 6300, RUNS, sums);
    assert_int_equal(sums[0].leaks, 0);
    assert_true(sums[1].leaks > 30);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    check_series(under_a_ledger, sizeof under_a_ledger / sizeof *under_a_ledger);
}

static void nothing_follows_of_combined_terms_over_reports(void **state)
{
    (void)state;
    check_series(combined_under_a_ledger,
                 sizeof combined_under_a_ledger / sizeof *combined_under_a_ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_follows_within_a_report),
        cmocka_unit_test(nothing_follows_of_combined_terms),
        cmocka_unit_test(nothing_follows_over_reports),
        cmocka_unit_test(nothing_follows_of_combined_terms_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
