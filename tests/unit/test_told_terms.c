/*
 * A reader of several search term reports that have terms in common, of one report or of several
 * under one ledger: linear programs over the numbers of conversations that each combination of all
 * their terms has, under all that any of them shows. No number of few users lies closer than the
 * rule allows. Judged query by query, some would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/memory.h"
#include "queries/catalogue/catalogue.h"
#include "queries/terms_relations.h"
#include "queries/terms_shared.h"
#include "queries/told_answers.h"
#include "release/figure.h"
#include "release/gate.h"

#include <glpk.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A figure: the sum of the conversations of all combinations that it has. */
struct seen_sum {
    bool has[ATOMS];
    bool shown, known; /* known: withheld, and so not zero */
    uint64_t value;
    uint32_t users;
};

struct seen {
    struct seen_sum *items;
    size_t count, capacity;
};

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

static struct seen_sum *add_sum(struct seen *seen)
{
    seen->items = mem_grow(seen->items, &seen->capacity, seen->count + 1, sizeof *seen->items);
    assert_non_null(seen->items);
    seen->items[seen->count] = (struct seen_sum){.value = 0};
    return &seen->items[seen->count++];
}

/* Of rows of the population by their combination. */
struct truth {
    const struct made *made;
    bool *in;      /* [rows] */
    size_t *atoms; /* [rows] ATOMS: not in the population */
};

static void take_truth(const struct truth *truth, struct seen_sum *sum)
{
    for (uint32_t row = 0; row < truth->made->wish.rows; row++) {
        truth->in[row] = truth->atoms[row] < ATOMS && sum->has[truth->atoms[row]];
        sum->value += truth->in[row];
    }
    sum->users = made_count_users(truth->made, truth->in).support;
}

static void see_figure(struct seen_sum *sum, struct figure figure, bool gone)
{
    sum->shown = figure.state == FIGURE_EXACT;
    sum->known = !sum->shown && !gone;
    if (sum->shown)
        assert_int_equal(figure.value, sum->value);
}

static void see_terms(struct seen *seen, const struct truth *truth, const char *query,
                      const struct release *release, size_t number, const char *id)
{
    static const enum terms_column columns[] = {CONVERSATIONS, UNIQUE, ADDED};
    const struct figure_table *table = release_table_find(release, id);
    size_t terms = strlen(query);
    for (size_t row = 0; row < terms + 2; row++)
        for (size_t c = 0; c < sizeof columns / sizeof *columns && (row < terms || c < 1); c++) {
            struct seen_sum *sum = add_sum(seen);
            for (size_t s = 0; s < ATOMS; s++)
                sum->has[s] = row == terms          ? terms_of(query, terms, s) != 0
                              : row == terms + 1    ? terms_of(query, terms, s) == 0
                              : !has(s, query[row]) ? false
                              : c == 1              ? terms_of(query, terms, s) == (size_t)1 << row
                              : c == 2              ? terms_of(query, row, s) == 0
                                                    : true;
            take_truth(truth, sum);
            see_figure(sum, figure_at(table, row, columns[c]), gate_is_gone(release, number, row));
        }
}

static void see_pairs(struct seen *seen, const struct truth *truth, const char *query,
                      const struct release *release, size_t number, const char *id)
{
    const struct figure_table *table = release_table_find(release, id);
    size_t terms = strlen(query);
    for (size_t a = 0; a < terms; a++)
        for (size_t b = a + 1; b < terms; b++) {
            struct seen_sum *sum = add_sum(seen);
            bool listed = false;
            for (size_t s = 0; s < ATOMS; s++)
                sum->has[s] = has(s, query[a]) && has(s, query[b]);
            take_truth(truth, sum);
            for (size_t row = 0; row < figure_table_rows(table); row++) {
                const char *one = figure_key_value(table, row, 0);
                const char *other = figure_key_value(table, row, 1);
                if ((size_t)(one[1] - '1') != a || (size_t)(other[1] - '1') != b)
                    continue;
                listed = true;
                see_figure(sum, figure_at(table, row, 0), gate_is_gone(release, number, row));
            }
            if (!listed)
                see_figure(sum, (struct figure){.value = 0}, false);
        }
}

/* Which of some terms a conversation has, two or more. */
static void see_patterns(struct seen *seen, const struct truth *truth, const char *query)
{
    size_t terms = strlen(query);
    for (size_t bits = 1; bits < (size_t)1 << terms; bits++) {
        struct seen_sum sum = {.value = 0};
        bool any = false;
        for (size_t s = 0; s < ATOMS; s++)
            any |= sum.has[s] = terms_of(query, terms, s) == bits;
        if (!any || !(bits & (bits - 1)))
            continue;
        *add_sum(seen) = sum;
        take_truth(truth, &seen->items[seen->count - 1]);
    }
}

/* What no table tells: the query's patterns, and what a term shares. */
static void see_hidden(struct seen *seen, const struct truth *truth, const char *query)
{
    size_t terms = strlen(query);
    see_patterns(seen, truth, query);
    for (size_t term = 0; term < 2 * terms; term++) {
        struct seen_sum *sum = add_sum(seen);
        size_t own = (size_t)1 << term / 2, others = term % 2 ? own - 1 : ~own;
        for (size_t s = 0; s < ATOMS; s++)
            sum->has[s] = has(s, query[term / 2]) && terms_of(query, terms, s) & others;
        take_truth(truth, sum);
    }
}

/* ---- the reader ---- */

static glp_prob *reader_of(const struct seen *seen)
{
    glp_prob *program = glp_create_prob();
    glp_add_cols(program, ATOMS);
    for (int a = 1; a <= ATOMS; a++)
        glp_set_col_bnds(program, a, GLP_LO, 0, 0);
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_sum *sum = &seen->items[i];
        int index[ATOMS + 1], count = 0;
        double ones[ATOMS + 1];
        if (!sum->shown && !sum->known)
            continue;
        for (int s = 0; s < ATOMS; s++)
            if (sum->has[s]) {
                index[++count] = s + 1;
                ones[count] = 1;
            }
        int row = glp_add_rows(program, 1);
        glp_set_mat_row(program, row, count, index, ones);
        glp_set_row_bnds(program, row, sum->shown ? GLP_FX : GLP_LO,
                         sum->shown ? (double)sum->value : 1, (double)sum->value);
    }
    return program;
}

static double bound(glp_prob *program, const struct seen_sum *sum, int direction)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    glp_set_obj_dir(program, direction);
    for (int s = 0; s < ATOMS; s++)
        glp_set_obj_coef(program, s + 1, sum->has[s]);
    glp_std_basis(program);
    assert_int_equal(glp_simplex(program, &how), 0);
    if (glp_get_status(program) == GLP_UNBND)
        return 1e9;
    assert_int_equal(glp_get_status(program), GLP_OPT);
    return glp_get_obj_val(program);
}

static size_t count_leaks(const struct seen *seen, size_t *small)
{
    size_t leaks = 0;
    glp_prob *program = reader_of(seen);
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_sum *sum = &seen->items[i];
        if (!sum->users || sum->users >= MIN_USERS)
            continue;
        ++*small;
        double most = bound(program, sum, GLP_MAX), least = bound(program, sum, GLP_MIN);
        leaks += most < MIN_USERS - 1 - 1e-6 || most - least < MIN_USERS - 2 - 1e-6;
    }
    glp_delete_prob(program);
    return leaks;
}

/* ---- series of reports ---- */

/* All terms of several queries that depend on each other, one after another. */
static void see_together(struct seen *seen, const struct truth *truth, const char *const *queries,
                         size_t count)
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

struct sums {
    size_t leaks, small, shown, cells;
};

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
static void truth_init(struct truth *truth, const struct made *made)
{
    *truth = (struct truth){made, calloc(made->wish.rows, sizeof *truth->in),
                            calloc(made->wish.rows, sizeof *truth->atoms)};
    assert_true(truth->in && truth->atoms);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        bool in = population_has(&made->population, made->rows[row].part, made->rows[row].local);
        truth->atoms[row] = in ? 0 : ATOMS;
        struct made_hit hit;
        for (size_t t = 0; in && t < WORDS; t++)
            truth->atoms[row] |= (size_t)made_hit(made, made->plan.query_count - 1, t, row, &hit)
                                 << t;
    }
}

static void truth_release(struct truth *truth)
{
    free(truth->in);
    free(truth->atoms);
}

static void see_report(struct seen *seen, const struct truth *truth, const struct plan *plan,
                       const char *const queries[QUERIES], const struct tally *tally,
                       const struct release *release, struct sums *sums)
{
    for (size_t q = 0; q < QUERIES && queries[q]; q++) {
        struct terms_report report;
        size_t first = seen->count;
        assert_true(terms_report_find(&report, plan, q, tally));
        see_terms(seen, truth, queries[q], release, report.own, tally->tables[report.own].id);
        if (report.pairs != SIZE_MAX)
            see_pairs(seen, truth, queries[q], release, report.pairs,
                      tally->tables[report.pairs].id);
        for (size_t i = first; i < seen->count; i++, sums->cells++)
            sums->shown += seen->items[i].shown;
        see_hidden(seen, truth, queries[q]);
    }
}

/* Whose figure it is; SIZE_MAX for none's. */
static size_t query_of(const struct tally *tally, struct tally_place place)
{
    if (place.table != TALLY_HIDDEN)
        return tally->tables[place.table].query;
    for (size_t i = 0; i < tally->atoms_count; i++)
        if (place.row - tally->atoms[i].first < tally->atoms[i].count)
            return tally->atoms[i].query;
    return SIZE_MAX;
}

/* Leaves out the ties between figures of two queries. */
static void untie_queries(struct tally *tally)
{
    size_t kept = 0;
    for (size_t i = 0; i < tally->tie_count; i++) {
        const struct tally_tie *tie = &tally->ties[i];
        size_t query = SIZE_MAX;
        bool several = false;
        for (size_t k = 0; k < tie->count; k++) {
            size_t own = query_of(tally, tie->places[k]);
            several = several || (own != SIZE_MAX && query != SIZE_MAX && own != query);
            query = own != SIZE_MAX ? own : query;
        }
        if (!several)
            tally->ties[kept++] = *tie;
    }
    assert_true(kept < tally->tie_count);
    tally->tie_count = kept;
}

/* One report, judged with what ties its queries and without. */
static void run_within(const char *const queries[QUERIES], unsigned seed, struct sums sums[2])
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
    struct truth truth;
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
            untie_queries(&tally);
        assert_ok(gate_release(&tally, &policy, &release, &err), err);
        see_report(&seen, &truth, &mine, queries, &tally, release, &sums[i]);
        see_together(&seen, &truth, queries, QUERIES);
        sums[i].leaks += count_leaks(&seen, &sums[i].small);
        free(seen.items);
        release_free(release);
        tally_release(&tally);
    }
    truth_release(&truth);
    made_release(&made);
}

/* Whether nothing follows of COUNT reports' figures; *UNTIED: what would, were queries not tied. */
static void check_within(const struct series *all, size_t count, size_t *untied)
{
    size_t shown = 0, cells = 0;
    glp_term_out(GLP_OFF);
    for (size_t s = 0; s < count; s++) {
        struct sums sums[2] = {{.leaks = 0}};
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
    glp_free_env();
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

enum { KEPT_MAX = REPORTS * QUERIES };

struct history {
    bool remember;
    char *texts[KEPT_MAX];
    size_t count;
    struct seen seen;
    struct sums sums;
    size_t together, refused;
};

static const struct sha256 key = {{7}};
static const char filters[65] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/* As a scan would leave it for PLAN, whose queries all are in the catalogue. */
static struct scan_state state_of(const struct made *made, const struct plan *plan)
{
    struct scan_state state = made->state;
    char *dir = catalogue_part_dir(state.catalogue, state.logs.files[0].name, 0);
    state.query_count = plan->query_count;
    state.parts = mem_zalloc(1, sizeof *state.parts);
    assert_true(dir && state.parts);
    state.parts[0].hits_dirs = mem_zalloc(plan->query_count, sizeof(char *));
    for (size_t q = 0; q < plan->query_count; q++)
        state.parts[0].hits_dirs[q] =
            catalogue_segment_dir(dir, "hits", plan->queries[q].scan_digest);
    free(dir);
    return state;
}

static void release_state(struct scan_state *state)
{
    for (size_t q = 0; q < state->query_count; q++)
        free(state->parts[0].hits_dirs[q]);
    free(state->parts[0].hits_dirs);
    free(state->parts);
}

static void keep_query(struct history *h, const struct plan *plan, size_t number,
                       const struct tally *tally, const struct release *release)
{
    struct told_query told;
    struct arena arena = ARENA_INIT;
    struct buffer text;
    struct error err = ERROR_INIT;
    size_t tables[TOLD_QUERY_TABLES_MAX], too_large = 0;
    bool any;
    buffer_init(&text, TOLD_QUERY_TEXT_MAX);
    assert_ok(told_answers_of(&told, plan, number, tally, tables, &arena, &too_large, &any, &err),
              err);
    assert_true(any && !too_large);
    memset(told.report, 'a', 64);
    memcpy(told.filters, filters, 65);
    for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++) {
        for (size_t row = 0; row < told.tables[i].row_count; row++) {
            unsigned marks = 0;
            for (size_t c = 0; c < told.tables[i].columns; c++)
                marks |= gate_is_withheld(release, tables[i], row, c) ? 1u << c : 0;
            if (gate_is_gone(release, tables[i], row))
                marks = TOLD_ROW_GONE | ((1u << told.tables[i].columns) - 1);
            told.tables[i].rows[row].marks = (uint16_t)marks;
        }
        if (told.tables[i].columns)
            assert_ok(told_rows_hash(&tally->tables[tables[i]], &key, TOLD_MARKS_WIDE,
                                     told.tables[i].rows, &err),
                      err);
    }
    assert_ok(told_query_write(&told, &text, &err), err);
    assert_in_range(h->count, 0, KEPT_MAX - 1);
    h->texts[h->count++] = buffer_take(&text, NULL);
    arena_release(&arena);
}

static void recall(const struct history *h, struct told_plan *told)
{
    struct error err = ERROR_INIT;
    for (size_t i = 0; h->remember && i < h->count; i++) {
        bool valid;
        assert_ok(told_plan_take(told, i + 1, h->texts[i], &valid, &err), err);
        assert_true(valid);
    }
    assert_ok(told_plan_make(told, &err), err);
}

static void report(struct history *h, const struct made *made, const struct truth *truth,
                   const struct plan *own, const char *const queries[QUERIES])
{
    struct tally tally;
    struct told_plan told;
    struct told_answers_count counts;
    struct release *release;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct error err = ERROR_INIT;
    tally_init(&tally);
    assert_ok(told_plan_init(&told, own, filters, &err), err);
    recall(h, &told);
    struct scan_state state = state_of(made, &told.plan);
    const struct tally_source source = {own, &state, &made->catalogue, &made->population};
    assert_ok(tally_run(&source, &tally, &err), err);
    assert_ok(told_answers_add(&source, &told, UINT64_MAX, "other", &key, &tally, &counts, &err),
              err);
    assert_int_equal(counts.together, h->remember ? h->count : 0);
    h->together += counts.together;
    made_check_relations(&tally);
    enum status status = gate_release(&tally, &policy, &release, &err);
    if (status == STATUS_REFUSED && h->remember) {
        h->refused++;
    } else {
        assert_ok(status, err);
        see_report(&h->seen, truth, own, queries, &tally, release, &h->sums);
        for (size_t q = 0; q < own->query_count; q++)
            keep_query(h, own, q, &tally, release);
        release_free(release);
    }
    release_state(&state);
    told_plan_release(&told);
    tally_release(&tally);
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
    struct truth truth;
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
        h->sums.leaks += count_leaks(&h->seen, &h->sums.small);
        while (h->count)
            free(h->texts[--h->count]);
        free(h->seen.items);
        memset(&h->seen, 0, sizeof h->seen);
    }
    truth_release(&truth);
    made_release(&made);
}

static void check_series(const struct series *all, size_t count)
{
    size_t without = 0;
    glp_term_out(GLP_OFF);
    for (size_t s = 0; s < count; s++) {
        struct history h[2] = {{.remember = true}, {.remember = false}};
        for (unsigned i = 0; i < SEEDS; i++)
            run_series(&all[s], i, h);
        print_message("series %zu: %zu small figures, of which %zu follow (without a ledger %zu); "
                      "%zu of %zu figures shown (%zu); %zu queries judged again, %zu reports "
                      "refused\n",
                      s, h[0].sums.small, h[0].sums.leaks, h[1].sums.leaks, h[0].sums.shown,
                      h[0].sums.cells, h[1].sums.shown, h[0].together, h[0].refused);
        assert_int_equal(h[0].sums.leaks, 0);
        without += h[1].sums.leaks;
    }
    assert_true(without > 30);
    glp_free_env();
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
