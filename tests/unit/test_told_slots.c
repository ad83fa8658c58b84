/*
 * A reader of several reports of identifiers, patterns, topics by rules and search terms that find
 * some of the same, of one report or of several under one ledger, of the same period or of two:
 * linear programs over the numbers of conversations by period and by all that is found in them,
 * under all that any report shows. No number of few users lies closer than the rule allows. Judged
 * query by query, some would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/made_report.h"
#include "tests/support/made_ties.h"
#include "tests/support/seen_sums.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "queries/query_terms.h"
#include "queries/terms_relations.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 3, QUERIES = 3, LETTERS = 5, PATTERNS = 1 << LETTERS };
/* Of all days, and of the last of them alone. */
enum { PERIODS = 2, ATOMS = PATTERNS * PERIODS };

static const char *const dates[PERIODS] = {"2022-12-01", "2023-12-01"};

/* Queries by their kind and what they ask for, a letter each: identifiers, patterns, topics of
 * which the first or every match counts, terms. A report of which the first begins with '2' is of
 * the later period. */
struct series {
    const char *reports[REPORTS][QUERIES];
};

static const struct series within[] = {
    {{{"iab", "iabc"}}},   {{{"pabc", "pabd"}}}, {{{"fab", "fba"}}},
    {{{"fabcd", "facd"}}}, {{{"fabc", "mab"}}},  {{{"mabc", "mbcd", "fca"}}},
};

static const struct series within_with_terms[] = {{{{"tab", "mabc"}}}, {{{"fabc", "tbc"}}}};

static const struct series under_a_ledger[] = {
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

static bool has(size_t atom, char letter)
{
    return atom >> (letter - 'a') & 1;
}

static bool in_period(size_t atom, bool later)
{
    return !later || atom >= PATTERNS;
}

enum which { OF_SLOT, OF_ANY, OF_NONE, OF_ALL, OF_ALONE, OF_SHARED, OF_SEVERAL, OF_ADDED };

/* Whether ATOM is counted in such a row of a query of LETTERS, SLOT being its own. */
static bool is_in(size_t atom, const char *letters, bool first, enum which which, size_t slot)
{
    size_t count = 0, before = 0;
    for (size_t i = 0; letters[i]; i++) {
        count += has(atom, letters[i]);
        before += i < slot && has(atom, letters[i]);
    }
    bool found = slot < strlen(letters) && has(atom, letters[slot]);
    switch (which) {
    case OF_SLOT:
        return found && !(first && before);
    case OF_ADDED:
        return found && !before;
    case OF_ANY:
        return count > 0;
    case OF_NONE:
        return count == 0;
    case OF_ALL:
        return true;
    case OF_ALONE:
        return found && count == 1;
    case OF_SHARED:
        return found && count > 1;
    case OF_SEVERAL:
        return count > 1;
    }
    return false;
}

static struct seen_sum *see_row(struct seen *seen, const struct made_atoms *truth,
                                const char *query, bool later, enum which which, size_t slot)
{
    struct seen_sum *sum = seen_add(seen, truth);
    for (size_t atom = 0; atom < ATOMS; atom++)
        sum->has[atom] =
            in_period(atom, later) && is_in(atom, query + 1, query[0] == 'f', which, slot);
    seen_sum_count(sum, truth);
    return sum;
}

static void see_query(struct seen *seen, const struct made_atoms *truth, const char *query,
                      bool later, const struct tally_table *own, size_t number,
                      const struct release *release)
{
    const struct figure_table *table = release_table_find(release, own->id);
    size_t slots = strlen(query + 1);
    bool terms = query[0] == 't', topics = query[0] == 'f' || query[0] == 'm';
    for (size_t row = 0; row < own->row_count; row++) {
        enum which which = row < slots                 ? OF_SLOT
                           : row == own->row_count - 1 ? OF_ALL
                           : row > slots || topics     ? OF_NONE
                                                       : OF_ANY;
        seen_sum_tell(see_row(seen, truth, query, later, which, row), figure_at(table, row, 0),
                   gate_is_gone(release, number, row));
        static const struct {
            enum which which;
            enum terms_column column;
        } more[] = {{OF_ALONE, UNIQUE}, {OF_ADDED, ADDED}};
        for (size_t i = 0; terms && row < slots && i < 2; i++)
            seen_sum_tell(see_row(seen, truth, query, later, more[i].which, row),
                       figure_at(table, row, more[i].column), gate_is_gone(release, number, row));
    }
}

/* What no table tells of a query alone. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth, const char *query,
                       bool later)
{
    for (size_t slot = 0; query[0] != 'f' && query[1 + slot]; slot++) {
        see_row(seen, truth, query, later, OF_ALONE, slot);
        see_row(seen, truth, query, later, OF_SHARED, slot);
    }
    if (query[0] != 'f')
        see_row(seen, truth, query, later, OF_SEVERAL, 0);
}

/* And of all of them together. */
static void see_atoms(struct seen *seen, const struct made_atoms *truth, bool periods)
{
    for (size_t atom = 0; atom < (periods ? ATOMS : PATTERNS); atom++) {
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t other = 0; other < ATOMS; other++)
            sum->has[other] = periods ? other == atom : other % PATTERNS == atom;
        seen_sum_count(sum, truth);
    }
}

/* ---- plans ---- */

static const char *const kinds[LETTERS] = {"email", "phone", "card", "ipv4", "ssn"};

static size_t write_list(char *text, size_t room, const char *what, const char *letters, bool kind)
{
    size_t n = (size_t)snprintf(text, room, ",\"%s\":[", what);
    for (size_t i = 0; letters[i]; i++)
        n += kind ? (size_t)snprintf(text + n, room - n, "%s\"%s\"", i ? "," : "",
                                     kinds[letters[i] - 'a'])
                  : (size_t)snprintf(text + n, room - n, "%s\"w%c\"", i ? "," : "", letters[i]);
    return n + (size_t)snprintf(text + n, room - n, "]");
}

/* Writes a taxonomy into DIR, by the query's own name. */
static void write_taxonomy(const char *dir, const char *query)
{
    char text[1024];
    size_t n = (size_t)snprintf(text, sizeof text,
                                "{\"proffer_taxonomy\":1,\"title\":\"t\",\"assign\":\"%s\","
                                "\"topics\":[",
                                query[0] == 'f' ? "first" : "all");
    for (size_t i = 1; query[i]; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"name\":\"%c\",\"term\":\"w%c\"}",
                              i > 1 ? "," : "", query[i], query[i]);
    snprintf(text + n, sizeof text - n, "]}");
    test_write_text(test_path(dir, query), text);
}

static size_t write_query(char *text, size_t room, const char *dir, size_t number,
                          const char *query)
{
    static const char *const names = "ipfmt";
    static const char *const as[] = {"identifiers", "regex", "topics", "topics", "terms"};
    size_t kind = (size_t)(strchr(names, query[0]) - names);
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"q%zu\",\"kind\":\"%s\"", number ? "," : "",
                                number, as[kind]);
    static const char *const lists[] = {"kinds", "patterns", NULL, NULL, "terms"};
    if (lists[kind]) {
        n += write_list(text + n, room - n, lists[kind], query + 1, kind == 0);
    } else {
        write_taxonomy(dir, query);
        n += (size_t)snprintf(text + n, room - n, ",\"taxonomy\":\"%s\"", test_path(dir, query));
    }
    return n + (size_t)snprintf(text + n, room - n, "}");
}

static const char *plain(const char *query)
{
    return query[0] == '2' ? query + 1 : query;
}

static void write_plan(char *text, size_t room, const char *dir, const char *const *queries)
{
    size_t n = (size_t)snprintf(
        text, room,
        "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"population\":{\"from\":\"%s\","
        "\"to\":\"2024-11-30\"},\"queries\":[",
        dates[0]);
    for (size_t q = 0; queries[q]; q++)
        n += write_query(text + n, room - n, dir, q, plain(queries[q]));
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

/* The kind by which all letters are asked for as QUERY asks for some: the same text is found. */
static const char *all_letters(const char *query)
{
    return plain(query)[0] == 'i' ? "iabcde" : "tabcde";
}

static int64_t later_from;
static const char *taxonomies; /* their folder */

/* ---- series of reports ---- */

static void truth_init(struct made_atoms *truth, const struct made *made)
{
    made_atoms_init(truth, made, ATOMS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        const struct made_row *at = &made->rows[row];
        bool in = population_has(&made->population, at->part, at->local);
        truth->of_row[row] = in ? 0 : ATOMS;
        struct made_hit hit;
        for (size_t t = 0; in && t < LETTERS; t++)
            truth->of_row[row] |= (size_t)made_hit(made, made->plan.query_count - 1, t, row, &hit)
                                  << t;
        if (in && at->time >= later_from * 86400)
            truth->of_row[row] += PATTERNS;
    }
}

/* The table of query NUMBER of PLAN. */
static size_t table_of(const struct plan *plan, size_t number, const struct tally *tally)
{
    size_t tables[TOLD_QUERY_TABLES_MAX];
    const struct told_kind *kind = told_kind_find(plan->queries[number].kind);
    assert_true(told_kind_tables(kind, plan, number, tally, tables));
    return tables[0];
}

static void see_report(struct seen *seen, const struct made_atoms *truth, const struct plan *plan,
                       const char *const queries[QUERIES], const struct tally *tally,
                       const struct release *release, struct seen_totals *sums)
{
    bool later = queries[0][0] == '2';
    for (size_t q = 0; q < QUERIES && queries[q]; q++) {
        size_t first = seen->count, table = table_of(plan, q, tally);
        see_query(seen, truth, plain(queries[q]), later, &tally->tables[table], table, release);
        seen_count_cells(seen, first, sums);
        see_hidden(seen, truth, plain(queries[q]), later);
    }
}

static void make(struct made *made, struct made_atoms *truth, const char *plan, unsigned seed)
{
    const struct made_wish wish = {.seed = seed,
                                   .parts = 1,
                                   .rows = 300 + 100 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 60 + 37 * (seed % 9),
                                   .by_text = true,
                                   .gap_percent = 6,
                                   .again_percent = 5,
                                   .plan = plan};
    made_init(made, &wish);
    made_open(made);
    made_population(made);
    truth_init(truth, made);
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

/* One report, judged with what ties its queries and, if it has no terms, without. */
static void run_within(const char *const queries[QUERIES], unsigned seed, size_t times,
                       struct seen_totals sums[2])
{
    const char *asked[QUERIES + 2] = {queries[0], queries[1], queries[2]};
    char plan[4096];
    size_t own = 0;
    while (own < QUERIES && asked[own])
        own++;
    asked[own] = all_letters(queries[0]);
    write_plan(plan, sizeof plan, taxonomies, asked);
    struct made made;
    struct made_atoms truth;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct error err = ERROR_INIT;
    make(&made, &truth, plan, 7200 + seed);
    struct plan mine = made.plan;
    mine.query_count = own;
    struct tally_source source = made_source(&made);
    source.plan = &mine;
    for (size_t i = 0; i < times; i++) {
        struct tally tally;
        struct release *release;
        struct seen seen = {.items = NULL};
        tally_init(&tally);
        assert_ok(tally_run(&source, &tally, &err), err);
        made_check_relations(&tally);
        assert_int_equal(tally.slots_left_out, 0);
        if (i)
            made_ties_leave_out(&tally, query_of);
        assert_ok(gate_release(&tally, &policy, &release, &err), err);
        see_report(&seen, &truth, &mine, queries, &tally, release, &sums[i]);
        see_atoms(&seen, &truth, false);
        seen_count_leaks(&seen, MIN_USERS, &sums[i]);
        seen_release(&seen);
        release_free(release);
        tally_release(&tally);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_within_a_report(void **state)
{
    (void)state;
    size_t untied = 0, shown = 0, cells = 0;
    for (size_t s = 0; s < sizeof within / sizeof *within; s++) {
        struct seen_totals sums[2] = {{.leaks = 0}};
        for (unsigned i = 0; i < 12; i++)
            run_within(within[s].reports[0], i, 2, sums);
        print_message("queries %zu: %zu small figures, of which %zu follow (untied %zu); %zu of "
                      "%zu figures shown (%zu)\n",
                      s, sums[0].small, sums[0].leaks, sums[1].leaks, sums[0].shown, sums[0].cells,
                      sums[1].shown);
        assert_int_equal(sums[0].leaks, 0);
        untied += sums[1].leaks;
        shown += sums[0].shown;
        cells += sums[0].cells;
    }
    assert_true(untied > 20 && 2 * shown > cells);
    for (size_t s = 0; s < sizeof within_with_terms / sizeof *within_with_terms; s++) {
        struct seen_totals sums[2] = {{.leaks = 0}};
        for (unsigned i = 0; i < 12; i++)
            run_within(within_with_terms[s].reports[0], i, 1, sums);
        print_message("with terms %zu: %zu small figures, of which %zu follow; %zu of %zu figures "
                      "shown\n",
                      s, sums[0].small, sums[0].leaks, sums[0].shown, sums[0].cells);
        assert_int_equal(sums[0].leaks, 0);
    }
}

/* ---- under a ledger ---- */

/* Reports with a ledger or without. */
struct history {
    struct made_ledger ledger;
    struct seen seen;
    struct seen_totals sums;
};

static void report(struct history *h, const struct made *made, const struct made_atoms *truth,
                   const struct plan *own, const struct population *population,
                   const char *const queries[QUERIES])
{
    struct made_report report;
    made_report_init(&report, &h->ledger, made, own, population);
    assert_int_equal(report.tally.slots_left_out, 0);
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
    all[count] = all_letters(all[0]);
    write_plan(text, room, taxonomies, all);
}

/* One series over one set of logs, with a ledger and without. */
static void run_series(const struct series *series, unsigned seed, struct history histories[2])
{
    char text[8192];
    struct made made;
    struct made_atoms truth;
    bool periods = false;
    struct error err = ERROR_INIT;
    write_all(text, sizeof text, series);
    make(&made, &truth, text, 8300 + seed);
    struct plan own = made.plan;
    for (size_t r = 0; r < REPORTS && series->reports[r][0]; r++, own.queries += own.query_count) {
        struct population population;
        bool later = series->reports[r][0][0] == '2';
        periods = periods || later;
        own.query_count = 0;
        while (own.query_count < QUERIES && series->reports[r][own.query_count])
            own.query_count++;
        own.population.from = later ? later_from : made.plan.population.from;
        assert_ok(population_init(&population, &made.catalogue, &own, &err), err);
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made, &truth, &own, &population, series->reports[r]);
        population_release(&population);
    }
    for (size_t i = 0; i < 2; i++) {
        struct history *h = &histories[i];
        see_atoms(&h->seen, &truth, periods);
        seen_count_leaks(&h->seen, MIN_USERS, &h->sums);
        seen_release(&h->seen);
        made_ledger_clear(&h->ledger);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    size_t without = 0, leaks = 0;
    for (size_t s = 0; s < sizeof under_a_ledger / sizeof *under_a_ledger; s++) {
        struct history h[2] = {{.ledger = {.remember = true, .min_users = MIN_USERS}},
                               {.ledger = {.min_users = MIN_USERS}}};
        for (unsigned i = 0; i < 12; i++)
            run_series(&under_a_ledger[s], i, h);
        print_message("series %zu: %zu small figures, of which %zu follow (without a ledger %zu); "
                      "%zu of %zu figures shown (%zu); %zu queries judged again, %zu reports "
                      "refused\n",
                      s, h[0].sums.small, h[0].sums.leaks, h[1].sums.leaks, h[0].sums.shown,
                      h[0].sums.cells, h[1].sums.shown, h[0].ledger.together, h[0].ledger.refused);
        leaks += h[0].sums.leaks;
        without += h[1].sums.leaks;
    }
    assert_int_equal(leaks, 0);
    assert_true(without > 30);
}

/* ---- more kinds than cells are made of ---- */

enum { MANY = 12, MANY_REPORTS = 3 };

/* What reports show of each slot, and of any of them, SIZE_MAX where nothing; and the users of what
 * each finds on the days that a report has and one before it has not. */
struct many {
    size_t shown[MANY_REPORTS][MANY + 1];
    uint32_t users[MANY_REPORTS][MANY_REPORTS][MANY + 1];
    struct population populations[MANY_REPORTS];
};

static bool is_there(const struct many *many, size_t number, const struct made_row *row)
{
    return population_has(&many->populations[number], row->part, row->local);
}

static void count_others(struct many *many, const struct made_atoms *truth, const struct made *made,
                         size_t before, size_t number)
{
    for (size_t slot = 0; slot <= MANY; slot++) {
        for (uint32_t row = 0; row < made->wish.rows; row++) {
            struct made_hit hit;
            bool found = false;
            for (size_t t = 0; t < MANY; t++)
                found = found || ((slot == MANY || slot == t) && made_hit(made, 0, t, row, &hit));
            truth->in[row] = found && is_there(many, number, &made->rows[row]) &&
                             !is_there(many, before, &made->rows[row]);
        }
        many->users[before][number][slot] = made_count_users(made, truth->in).support;
    }
}

static void keep_shown(struct history *h, struct many *many, size_t number,
                       const struct release *release)
{
    const struct figure_table *table = release_table_find(release, "q0");
    for (size_t row = 0; row <= MANY; row++) {
        struct figure figure = figure_at(table, row, 0);
        many->shown[number][row] = figure.state == FIGURE_EXACT ? (size_t)figure.value : SIZE_MAX;
        h->sums.shown += figure.state == FIGURE_EXACT;
    }
}

static void report_many(struct history *h, struct many *many, const struct made *made,
                        const struct plan *own, size_t number)
{
    struct made_report report;
    made_report_init(&report, &h->ledger, made, own, &many->populations[number]);
    assert_int_equal(report.tally.slots_left_out, 0);
    assert_non_null(report.release);
    keep_shown(h, many, number, report.release);
    assert_int_equal(made_report_keep_queries(&report, &h->ledger), 1);
    made_report_release(&report);
}

/* Each of some days more. */
static void run_many(unsigned seed, bool remember, size_t *follow, size_t *small, size_t *shown)
{
    static const char text[] =
        "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"population\":{\"from\":"
        "\"2022-12-01\",\"to\":\"2024-11-30\"},\"queries\":[{\"id\":\"q0\",\"kind\":"
        "\"identifiers\",\"kinds\":[\"email\",\"phone\",\"ssn\",\"card\",\"iban\",\"ipv4\","
        "\"ipv6\",\"aws_key\",\"llm_key\",\"jwt\",\"slack_token\",\"google_key\"]}],"
        "\"release\":{\"min_users\":5}}";
    struct made made;
    struct made_atoms truth;
    struct many many;
    struct history h = {.ledger = {.remember = remember, .min_users = MIN_USERS}};
    struct error err = ERROR_INIT;
    make(&made, &truth, text, 9400 + seed);
    struct plan own = made.plan;
    for (size_t i = 0; i < MANY_REPORTS; i++) {
        own.population.from =
            made.plan.population.from + (int64_t)((MANY_REPORTS - 1 - i) * (25 + seed % 3 * 15));
        assert_ok(population_init(&many.populations[i], &made.catalogue, &own, &err), err);
        report_many(&h, &many, &made, &own, i);
        for (size_t before = 0; before < i; before++)
            count_others(&many, &truth, &made, before, i);
    }
    for (size_t i = 0; i < MANY_REPORTS; i++)
        for (size_t before = 0; before < i; before++)
            for (size_t slot = 0; slot <= MANY; slot++) {
                uint32_t users = many.users[before][i][slot];
                *small += users && users < MIN_USERS;
                *follow += users && users < MIN_USERS && many.shown[before][slot] != SIZE_MAX &&
                           many.shown[i][slot] != SIZE_MAX;
            }
    *shown += h.sums.shown;
    made_ledger_clear(&h.ledger);
    for (size_t i = 0; i < MANY_REPORTS; i++)
        population_release(&many.populations[i]);
    made_atoms_release(&truth);
    made_release(&made);
}

static void other_days_do_not_follow(void **state)
{
    (void)state;
    size_t follow[2] = {0}, small[2] = {0}, shown[2] = {0};
    for (unsigned i = 0; i < 12; i++)
        for (size_t k = 0; k < 2; k++)
            run_many(i, k == 0, &follow[k], &small[k], &shown[k]);
    print_message("many kinds: %zu small figures of other days, of which %zu follow (without a "
                  "ledger %zu); %zu figures shown (%zu)\n",
                  small[0], follow[0], follow[1], shown[0], shown[1]);
    assert_int_equal(follow[0], 0);
    assert_true(follow[1] > 10 && 2 * shown[0] > shown[1]);
}

/* ---- rows that are the same ---- */

static bool is_tied(const struct tally *tally, const size_t tables[2], const size_t rows[2],
                    const size_t columns[2])
{
    for (size_t i = 0; i < tally->tie_count; i++) {
        const struct tally_tie *tie = &tally->ties[i];
        size_t found = 0;
        for (size_t k = 0; k < tie->count && tie->count == 2 && !tie->at_most; k++)
            for (size_t side = 0; side < 2; side++)
                found += tie->places[k].table == tables[side] && tie->places[k].row == rows[side] &&
                         tie->places[k].column == columns[side];
        if (found == 2)
            return true;
    }
    return false;
}

/* Of figures other than conversations the reader above knows nothing: each is tied for itself. */
static void the_same_rows_are_tied(void **state)
{
    (void)state;
    static const char *const asked[] = {"fab", "mba", "tab", "iab", "iba", "pab", "mab", NULL};
    static const struct {
        size_t queries[2], rows[2], columns[2];
        bool tied;
    } pairs[] = {
        {{0, 1}, {0, 1}, {0, 0}, true}, /* a topic by first match, and by every match */
        {{0, 1}, {0, 1}, {1, 1}, true},
        {{0, 1}, {0, 1}, {2, 2}, true},
        {{0, 1}, {0, 1}, {3, 3}, true},
        {{0, 1}, {1, 0}, {0, 0}, false}, /* the second one is what the first one leaves */
        {{0, 1}, {2, 2}, {3, 3}, true},  /* none of these */
        {{0, 2}, {0, 0}, {0, CONVERSATIONS}, true},
        {{0, 2}, {0, 0}, {2, USERS}, true},
        {{0, 2}, {0, 0}, {1, EXCHANGES}, false}, /* those of the conversations, those found */
        {{0, 2}, {1, 1}, {0, ADDED}, true},
        {{0, 2}, {2, 3}, {2, USERS}, true}, /* no term */
        {{1, 2}, {0, 1}, {0, CONVERSATIONS}, true},
        {{1, 6}, {0, 1}, {0, 0}, true},
        {{3, 4}, {0, 1}, {0, 0}, true}, /* kinds of identifiers */
        {{3, 4}, {0, 1}, {1, 1}, true},
        {{3, 4}, {0, 1}, {2, 2}, true},
        {{3, 4}, {0, 1}, {3, 3}, true},
        {{3, 4}, {0, 1}, {4, 4}, true},
        {{3, 4}, {2, 2}, {1, 1}, true}, /* any of them */
        {{3, 4}, {2, 2}, {3, 3}, true},
        {{3, 4}, {0, 0}, {0, 0}, false},
        {{2, 5}, {0, 0}, {CONVERSATIONS, 0}, false}, /* a pattern is no term */
    };
    char plan[4096];
    struct made made;
    struct tally tally;
    struct error err = ERROR_INIT;
    write_plan(plan, sizeof plan, taxonomies, asked);
    const struct made_wish wish = {.seed = 11,
                                   .parts = 2,
                                   .rows = 300,
                                   .users = 60,
                                   .hit_permille = 200,
                                   .by_text = true,
                                   .gap_percent = 6,
                                   .again_percent = 5,
                                   .plan = plan};
    made_init(&made, &wish);
    made_open(&made);
    made_population(&made);
    struct tally_source source = made_source(&made);
    tally_init(&tally);
    assert_ok(tally_run(&source, &tally, &err), err);
    made_check_relations(&tally);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const size_t tables[] = {table_of(&made.plan, pairs[i].queries[0], &tally),
                                 table_of(&made.plan, pairs[i].queries[1], &tally)};
        if (is_tied(&tally, tables, pairs[i].rows, pairs[i].columns) != pairs[i].tied)
            fail_msg("pair %zu is%s tied", i, pairs[i].tied ? " not" : "");
    }
    tally_release(&tally);
    made_release(&made);
}

static int set_up(void **state)
{
    (void)state;
    taxonomies = test_dir();
    return civil_parse_date(dates[1], strlen(dates[1]), &later_from) ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_follows_within_a_report, set_up),
        cmocka_unit_test_setup(nothing_follows_over_reports, set_up),
        cmocka_unit_test(other_days_do_not_follow),
        cmocka_unit_test_setup(the_same_rows_are_tied, set_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
