/*
 * A reader of several search term reports that have terms in common, of one report or of several
 * under one ledger: linear programs over the numbers of conversations that each combination of all
 * their terms has, under all that any of them shows. No number of few users lies closer than the
 * rule allows. Judged query by query, some would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/made_report.h"
#include "tests/support/made_ties.h"
#include "tests/support/seen_sums.h"
#include "tests/support/support.h"

#include "queries/terms_relations.h"
#include "queries/terms_shared.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 3, QUERIES = 3, WORDS = 5, ATOMS = 1 << WORDS, SEEDS = 30 };

/* Series of reports; of each the queries, and of each its terms, a letter each: a word, or of words
 * what is below. */
struct series {
    const char *reports[REPORTS][QUERIES];
};

static const struct series within[] = {
    {{{"ab", "abc"}}},         {{{"abc", "abd"}}},        {{{"abc", "cba"}}},
    {{{"abcd", "bce", "ab"}}}, {{{"abd", "bce", "cad"}}}, /* in a ring */
};

static const struct series under_a_ledger[] = {
    {{{"ab"}, {"abc"}}},
    {{{"abc"}, {"abd"}, {"ab"}}},
    {{{"abcd"}, {"dcba"}, {"abcd"}}},
    {{{"abc", "de"}, {"cde"}, {"abcde"}}},
};

/* Terms made of the same words. */
static const struct series combined[] = {
    {{{"ax", "by"}}},
    {{{"xyb", "za"}}},
    {{{"cyxa", "bc", "b"}}},
    {{{"abc", "uv"}}},
};

static const struct series combined_alone[] = {{{{"cyxa"}}}};

static const struct series combined_under_a_ledger[] = {
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

/* ---- series of reports ---- */

/* All terms of several queries that depend on each other, one after another. */
static void see_together(struct seen *seen, const struct made_atoms *truth,
                         const char *const *queries, size_t count)
{
    char all[REPORTS * QUERIES * 5 + 1] = "";
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        for (const char *c = queries[i]; c && *c; c++)
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

static void write_plan(char *text, size_t room, const char *const *queries)
{
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    for (size_t q = 0; queries[q]; q++)
        n += write_query(text + n, room - n, q, queries[q]);
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

/* Which combination each row has, by one query that asks for all letters. */
static void truth_init(struct made_atoms *truth, const struct made *made)
{
    made_atoms_init(truth, made, ATOMS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        bool in = population_has(&made->population, made->rows[row].part, made->rows[row].local);
        truth->of_row[row] = in ? 0 : ATOMS;
        struct made_hit hit;
        for (size_t t = 0; in && t < WORDS; t++)
            truth->of_row[row] |= (size_t)made_hit(made, made->plan.query_count - 1, t, row, &hit)
                                  << t;
    }
}

static void see_report(struct seen *seen, const struct made_atoms *truth, const struct plan *plan,
                       const char *const queries[QUERIES], const struct tally *tally,
                       const struct release *release, struct seen_totals *sums)
{
    for (size_t q = 0; q < QUERIES && queries[q]; q++) {
        struct terms_report report;
        size_t first = seen->count;
        assert_true(terms_report_find(&report, plan, q, tally));
        see_terms(seen, truth, queries[q], release, report.own, tally->tables[report.own].id);
        if (report.pairs != SIZE_MAX)
            see_pairs(seen, truth, queries[q], release, report.pairs,
                      tally->tables[report.pairs].id);
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

/* One report, judged with what ties its queries and without. */
static void run_within(const char *const queries[QUERIES], unsigned seed,
                       struct seen_totals sums[2])
{
    const char *asked[QUERIES + 2] = {queries[0], queries[1], queries[2]};
    char plan[2048];
    size_t own = 0;
    while (own < QUERIES && asked[own])
        own++;
    asked[own] = "abcde";
    write_plan(plan, sizeof plan, asked);
    const struct made_wish wish = {.seed = 5200 + seed,
                                   .parts = 1,
                                   .rows = 300 + 100 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 60 + 37 * (seed % 9),
                                   .by_text = true,
                                   .plan = plan};
    struct made made;
    struct made_atoms truth;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct error err = ERROR_INIT;
    made_init(&made, &wish);
    made_open(&made);
    made_population(&made);
    truth_init(&truth, &made);
    struct plan mine = made.plan;
    mine.query_count = own;
    struct tally_source source = made_source(&made);
    source.plan = &mine;
    for (size_t i = 0; i < 2; i++) {
        struct tally tally;
        struct release *release;
        struct seen seen = {.items = NULL};
        tally_init(&tally);
        assert_ok(tally_run(&source, &tally, &err), err);
        made_check_relations(&tally);
        if (i && queries[1])
            made_ties_leave_out(&tally, query_of);
        assert_ok(gate_release(&tally, &policy, &release, &err), err);
        see_report(&seen, &truth, &mine, queries, &tally, release, &sums[i]);
        see_together(&seen, &truth, queries, QUERIES);
        seen_count_leaks(&seen, MIN_USERS, &sums[i]);
        seen_release(&seen);
        release_free(release);
        tally_release(&tally);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

/* Whether nothing follows of COUNT reports' figures; *UNTIED: what would, were queries not tied. */
static void check_within(const struct series *all, size_t count, size_t *untied)
{
    size_t shown = 0, cells = 0;
    for (size_t s = 0; s < count; s++) {
        struct seen_totals sums[2] = {{.leaks = 0}};
        for (unsigned i = 0; i < SEEDS; i++)
            run_within(all[s].reports[0], i, sums);
        print_message("queries %zu: %zu small figures, of which %zu follow (untied %zu); %zu of "
                      "%zu figures shown (%zu)\n",
                      s, sums[0].small, sums[0].leaks, sums[1].leaks, sums[0].shown, sums[0].cells,
                      sums[1].shown);
        assert_int_equal(sums[0].leaks, 0);
        *untied += sums[1].leaks;
        shown += sums[0].shown;
        cells += sums[0].cells;
    }
    assert_true(2 * shown > cells);
}

static void nothing_follows_within_a_report(void **state)
{
    (void)state;
    size_t untied = 0;
    check_within(within, sizeof within / sizeof *within, &untied);
    assert_true(untied > 50);
}

static void nothing_follows_of_combined_terms(void **state)
{
    (void)state;
    size_t untied = 0;
    check_within(combined, sizeof combined / sizeof *combined, &untied);
    assert_true(untied > 50);
    check_within(combined_alone, sizeof combined_alone / sizeof *combined_alone, &untied);
}

/* ---- under a ledger ---- */

/* Reports with a ledger or without. */
struct history {
    struct made_ledger ledger;
    struct seen seen;
    struct seen_totals sums;
};

static void report(struct history *h, const struct made *made, const struct made_atoms *truth,
                   const struct plan *own, const char *const queries[QUERIES])
{
    struct made_report report;
    made_report_init(&report, &h->ledger, made, own, &made->population);
    if (report.release) {
        see_report(&h->seen, truth, own, queries, &report.tally, report.release, &h->sums);
        assert_int_equal(made_report_keep_queries(&report, &h->ledger), own->query_count);
    }
    made_report_release(&report);
}

/* All queries of a series, each once, and that of all letters: what the catalogue has. */
static void write_all(char *text, size_t room, const struct series *series)
{
    const char *all[REPORTS * QUERIES + 2] = {NULL};
    size_t count = 0;
    for (size_t r = 0; r < REPORTS; r++)
        for (size_t q = 0; q < QUERIES && series->reports[r][q]; q++)
            all[count++] = series->reports[r][q];
    all[count] = "abcde";
    write_plan(text, room, all);
}

/* One series over one set of logs, with a ledger and without. */
static void run_series(const struct series *series, unsigned seed, struct history histories[2])
{
    char text[4096];
    write_all(text, sizeof text, series);
    const struct made_wish wish = {.seed = 6300 + seed,
                                   .parts = 1,
                                   .rows = 300 + 100 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 60 + 37 * (seed % 9),
                                   .by_text = true,
                                   .plan = text};
    struct made made;
    struct made_atoms truth;
    made_init(&made, &wish);
    made_open(&made);
    made_population(&made);
    truth_init(&truth, &made);
    struct plan own = made.plan;
    for (size_t r = 0; r < REPORTS && series->reports[r][0]; r++, own.queries += own.query_count) {
        own.query_count = 0;
        while (own.query_count < QUERIES && series->reports[r][own.query_count])
            own.query_count++;
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made, &truth, &own, series->reports[r]);
    }
    for (size_t i = 0; i < 2; i++) {
        struct history *h = &histories[i];
        see_together(&h->seen, &truth, series->reports[0], REPORTS * QUERIES);
        seen_count_leaks(&h->seen, MIN_USERS, &h->sums);
        seen_release(&h->seen);
        made_ledger_clear(&h->ledger);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void check_series(const struct series *all, size_t count)
{
    size_t without = 0;
    for (size_t s = 0; s < count; s++) {
        struct history h[2] = {{.ledger = {.remember = true, .min_users = MIN_USERS}},
                               {.ledger = {.min_users = MIN_USERS}}};
        for (unsigned i = 0; i < SEEDS; i++)
            run_series(&all[s], i, h);
        print_message("series %zu: %zu small figures, of which %zu follow (without a ledger %zu); "
                      "%zu of %zu figures shown (%zu); %zu queries judged again, %zu reports "
                      "refused\n",
                      s, h[0].sums.small, h[0].sums.leaks, h[1].sums.leaks, h[0].sums.shown,
                      h[0].sums.cells, h[1].sums.shown, h[0].ledger.together, h[0].ledger.refused);
        assert_int_equal(h[0].sums.leaks, 0);
        without += h[1].sums.leaks;
    }
    assert_true(without > 30);
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
