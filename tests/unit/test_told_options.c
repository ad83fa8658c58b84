/*
 * A reader of several reports that tell options of proposals, with terms and years that they are
 * made of: linear programs over the numbers of conversations of each combination of terms and half
 * year, under all that any of the reports shows. No number of few users lies closer than the rule
 * allows, whichever of the queries and reports tells of it. Judged report by report, some would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/told_answers.h"
#include "queries/told_tables.h"
#include "release/figure.h"
#include "release/gate.h"

#include <glpk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 3, OPTIONS = 4, LETTERS = 3, HALVES = 4 };
enum { ATOMS = (1 << LETTERS) * HALVES, PARTS_MAX = 24 };

/* The first and the last day of each half of 2023 and 2024. */
static const char *const firsts[] = {"2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01"};
static const char *const lasts[] = {"2023-06-30", "2023-12-31", "2024-06-30", "2024-12-31"};

/* A report: its term queries; whether years are counted; the halves of its population; options, as
 * "ab@02" (a or b, in halves 0 to 2), "a" or "@13", each of the last term query that has them. */
struct asked {
    const char *terms[2];
    bool years;
    const char *halves, *options[OPTIONS];
};

struct series {
    struct asked reports[REPORTS];
};

static const struct series all_series[] = {
    /* options of the same parts in two reports */
    {{{{"ab"}, false, "03", {"a@01", "b", "@23"}}, {{"ab"}, false, "03", {"a@23", "b@01", "ab"}}}},
    /* of other queries with the same terms */
    {{{{"abc"}, false, "03", {"ab@02", "c"}}, {{"ba"}, false, "03", {"ab", "b@02", "@33"}}}},
    /* of two queries of one report, and one beside years of an earlier report */
    {{{{"a", "ab"}, true, "03", {"b@01", "@02"}},
      {{"bc", "a"}, false, "03", {"@33", "b@23", "bc"}}}},
    /* of another population */
    {{{{"ab"}, false, "03", {"a@01", "@02"}},
      {{"a"}, true, "01", {"a", "a@11", "@11"}},
      {{"b"}, false, "12", {"b@11", "@22"}}}},
    {{{{"abc"}, true, "03", {"ac@12", "b"}},
      {{"ab"}, false, "12", {"a", "ab"}},
      {{"bc"}, false, "03", {"c@12", "bc", "@12"}}}},
};

/* ---- what is asked ---- */

struct condition {
    unsigned terms; /* 0: whatever hits */
    unsigned first, last;
};

static struct condition condition_of(const char *text)
{
    struct condition c = {0, 0, HALVES - 1};
    for (; *text && *text != '@'; text++)
        c.terms |= 1u << (*text - 'a');
    if (*text) {
        c.first = (unsigned)(text[1] - '0');
        c.last = (unsigned)(text[2] - '0');
    }
    return c;
}

static struct condition population_of(const struct asked *asked)
{
    return (struct condition){0, (unsigned)(asked->halves[0] - '0'),
                              (unsigned)(asked->halves[1] - '0')};
}

static bool meets(size_t atom, const struct condition *c)
{
    size_t terms = atom % (1 << LETTERS), half = atom / (1 << LETTERS);
    return (!c->terms || terms & c->terms) && half >= c->first && half <= c->last;
}

static size_t write_terms(char *text, size_t room, size_t number, const char *letters)
{
    size_t n =
        (size_t)snprintf(text, room, "{\"id\":\"t%zu\",\"kind\":\"terms\",\"terms\":[", number);
    for (size_t i = 0; letters[i]; i++)
        n += (size_t)snprintf(text + n, room - n, "%s\"W%c1: w%c\"", i ? "," : "", letters[i] - 32,
                              letters[i]);
    return n + (size_t)snprintf(text + n, room - n, "]},");
}

static size_t write_option(char *text, size_t room, const struct asked *asked, size_t number)
{
    struct condition c = condition_of(asked->options[number]);
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"%zu\"", number ? "," : "", number);
    size_t query = asked->terms[1] ? 1 : 0;
    for (const char *at = asked->options[number]; *at && *at != '@'; at++)
        if (!strchr(asked->terms[query], *at))
            query = 0;
    /* Options of one term take turns among the queries that have it. */
    if (asked->terms[1] && number % 2 == 0 && strchr(asked->terms[0], *asked->options[number]))
        query = 0;
    if (c.terms)
        n += (size_t)snprintf(text + n, room - n, ",\"query\":\"t%zu\",\"terms\":[", query);
    for (unsigned i = 0, any = 0; i < LETTERS; i++)
        if (c.terms >> i & 1)
            n += (size_t)snprintf(text + n, room - n, "%s\"W%c1\"", any++ ? "," : "", 'A' + i);
    if (c.terms)
        n += (size_t)snprintf(text + n, room - n, "]");
    if (c.first > 0)
        n += (size_t)snprintf(text + n, room - n, ",\"from\":\"%s\"", firsts[c.first]);
    if (c.last + 1 < HALVES)
        n += (size_t)snprintf(text + n, room - n, ",\"to\":\"%s\"", lasts[c.last]);
    return n + (size_t)snprintf(text + n, room - n, "}");
}

static void write_plan(char *text, size_t room, const struct asked *asked)
{
    struct condition in = population_of(asked);
    size_t n = (size_t)snprintf(text, room,
                                "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},"
                                "\"population\":{\"from\":\"%s\",\"to\":\"%s\"},\"queries\":[",
                                firsts[in.first], lasts[in.last]);
    for (size_t q = 0; q < 2 && asked->terms[q]; q++)
        n += write_terms(text + n, room - n, q, asked->terms[q]);
    if (asked->years)
        n += (size_t)snprintf(text + n, room - n,
                              "{\"id\":\"y\",\"kind\":\"count\",\"by\":[\"year\"]},");
    n += (size_t)snprintf(text + n, room - n, "{\"id\":\"o\",\"kind\":\"proposals\",\"options\":[");
    for (size_t i = 0; i < OPTIONS && asked->options[i]; i++)
        n += write_option(text + n, room - n, asked, i);
    snprintf(text + n, room - n, "]}],\"release\":{\"min_users\":5}}");
}

/* ---- what a reader knows ---- */

/* A figure: the sum of the conversations of all combinations that it has. */
struct seen_sum {
    bool has[ATOMS];
    bool shown, known; /* known: withheld, and so not zero */
    uint64_t value;
    uint32_t users;
    char what[40]; /* for messages */
};

struct seen {
    struct seen_sum *items;
    size_t count, capacity;
};

/* Of rows by their combination; ATOMS: of no half. */
struct truth {
    const struct made *made;
    bool *in;      /* [rows] */
    size_t *atoms; /* [rows] */
};

static struct seen_sum *add_sum(struct seen *seen)
{
    seen->items = mem_grow(seen->items, &seen->capacity, seen->count + 1, sizeof *seen->items);
    assert_non_null(seen->items);
    seen->items[seen->count] = (struct seen_sum){.value = 0};
    return &seen->items[seen->count++];
}

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

/* What meets C, and the report's population, at ROW of table ID. */
static void see(struct seen *seen, const struct truth *truth, const struct asked *asked,
                const struct condition *c, bool not, const struct release *release, const char *id,
                size_t row)
{
    const struct condition in = population_of(asked);
    struct seen_sum *sum = add_sum(seen);
    size_t number = 0;
    while (strcmp(figure_table_id(release_table(release, number)), id) != 0)
        number++;
    for (size_t a = 0; a < ATOMS; a++)
        sum->has[a] = meets(a, &in) && meets(a, c) != not ;
    snprintf(sum->what, sizeof sum->what, "%s row %zu", id, row);
    take_truth(truth, sum);
    see_figure(sum, figure_at(release_table(release, number), row, 0),
               gate_is_gone(release, number, row));
}

static void see_report(struct seen *seen, const struct truth *truth, const struct asked *asked,
                       const struct release *release)
{
    const struct condition everything = {0, 0, HALVES - 1};
    for (size_t q = 0; q < 2 && asked->terms[q]; q++) {
        char id[] = {'t', (char)('0' + q), '\0'};
        struct condition any = condition_of(asked->terms[q]);
        size_t terms = strlen(asked->terms[q]);
        for (size_t i = 0; i < terms; i++) {
            const char letter[] = {asked->terms[q][i], '\0'};
            struct condition one = condition_of(letter);
            see(seen, truth, asked, &one, false, release, id, i);
        }
        see(seen, truth, asked, &any, false, release, id, terms);
        see(seen, truth, asked, &any, true, release, id, terms + 1);
    }
    const struct figure_table *years = asked->years ? release_table_find(release, "y") : NULL;
    for (size_t row = 0; years && row + 1 < figure_table_rows(years); row++) {
        unsigned year = figure_key_value(years, row, 0)[3] == '3' ? 0 : 1;
        const struct condition of = {0, 2 * year, 2 * year + 1};
        see(seen, truth, asked, &of, false, release, "y", row);
    }
    size_t options = 0;
    for (; options < OPTIONS && asked->options[options]; options++) {
        struct condition c = condition_of(asked->options[options]);
        see(seen, truth, asked, &c, false, release, "o", options);
    }
    see(seen, truth, asked, &everything, false, release, "o", options);
}

/* What no table tells: combinations of the parts of all options of one population. */
static void see_hidden(struct seen *seen, const struct truth *truth, const struct series *series,
                       const char *halves)
{
    struct condition parts[PARTS_MAX], in = {0, 0, 0};
    size_t count = 0, patterns[ATOMS];
    for (size_t r = 0; r < REPORTS && series->reports[r].halves; r++) {
        const struct asked *asked = &series->reports[r];
        if (strcmp(asked->halves, halves) != 0)
            continue;
        in = population_of(asked);
        for (size_t i = 0; i < OPTIONS && asked->options[i]; i++) {
            struct condition c = condition_of(asked->options[i]);
            parts[count++] = (struct condition){c.terms, 0, HALVES - 1};
            parts[count++] = (struct condition){0, c.first, c.last};
        }
    }
    for (size_t a = 0; a < ATOMS; a++) {
        patterns[a] = 0;
        for (size_t p = 0; p < count; p++)
            patterns[a] |= (size_t)meets(a, &parts[p]) << p;
    }
    for (size_t a = 0; a < ATOMS; a++) {
        size_t first = 0;
        while (patterns[first] != patterns[a] || !meets(first, &in))
            if (++first == ATOMS)
                break;
        if (first != a)
            continue;
        struct seen_sum *sum = add_sum(seen);
        for (size_t b = 0; b < ATOMS; b++)
            sum->has[b] = meets(b, &in) && patterns[b] == patterns[a];
        snprintf(sum->what, sizeof sum->what, "combination %zx of %s", patterns[a], halves);
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
        for (int a = 0; a < ATOMS; a++)
            if (sum->has[a]) {
                index[++count] = a + 1;
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
    for (int a = 0; a < ATOMS; a++)
        glp_set_obj_coef(program, a + 1, sum->has[a]);
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
        bool leak = most < MIN_USERS - 1 - 1e-6 || most - least < MIN_USERS - 2 - 1e-6;
        if (leak && getenv("LEAKS"))
            print_message("%s: %u users, %g to %g\n", sum->what, (unsigned)sum->users, least, most);
        leaks += leak;
    }
    glp_delete_prob(program);
    return leaks;
}

/* ---- reports ---- */

struct history {
    bool remember;
    char *texts[REPORTS * 3];
    size_t count;
    char *tables[REPORTS];
    size_t table_count;
    struct seen seen;
    size_t leaks, small, shown, cells, together, refused;
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
        if (plan->queries[q].scan_digest[0])
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

static unsigned marks_of(const struct release *release, size_t table, size_t row, size_t columns)
{
    unsigned marks = 0;
    for (size_t c = 0; c < columns; c++)
        marks |= gate_is_withheld(release, table, row, c) ? 1u << c : 0;
    return gate_is_gone(release, table, row) ? TOLD_ROW_GONE | ((1u << columns) - 1) : marks;
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
    if (!any)
        return;
    memset(told.report, 'a', 64);
    memcpy(told.filters, filters, 65);
    for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++) {
        for (size_t row = 0; row < told.tables[i].row_count; row++)
            told.tables[i].rows[row].marks =
                (uint16_t)marks_of(release, tables[i], row, told.tables[i].columns);
        if (told.tables[i].columns)
            assert_ok(told_rows_hash(&tally->tables[tables[i]], &key, TOLD_MARKS_WIDE,
                                     told.tables[i].rows, &err),
                      err);
    }
    assert_ok(told_query_write(&told, &text, &err), err);
    h->texts[h->count++] = buffer_take(&text, NULL);
    arena_release(&arena);
}

/* Also the table of years. */
static void keep_years(struct history *h, const struct plan *plan, const struct tally *tally,
                       const struct release *release)
{
    for (size_t i = 0; i < tally->table_count; i++) {
        const struct tally_table *table = &tally->tables[i];
        struct told_table told = {.from = plan->population.from,
                                  .to = plan->population.to,
                                  .min_users = MIN_USERS,
                                  .by = (struct plan_field *)table->by,
                                  .by_count = table->by_count,
                                  .columns = table->column_count,
                                  .row_count = table->row_count};
        struct told_row rows[8] = {{.label = 0}};
        struct buffer text;
        struct error err = ERROR_INIT;
        if (strcmp(table->id, "y") != 0 || table->told_before)
            continue;
        memset(told.report, 'a', 64);
        memcpy(told.filters, filters, 65);
        told.rows = rows;
        for (size_t row = 0; row < table->row_count; row++)
            rows[row].marks = (uint16_t)marks_of(release, i, row, table->column_count);
        assert_ok(told_rows_hash(table, &key, TOLD_MARKS_NARROW, rows, &err), err);
        buffer_init(&text, TOLD_TABLE_TEXT_MAX);
        assert_ok(told_table_write(&told, &text, &err), err);
        h->tables[h->table_count++] = buffer_take(&text, NULL);
    }
}

static void recall(const struct history *h, const struct tally_source *source,
                   struct told_plan *told, struct told_table *tables, struct arena *arena)
{
    struct error err = ERROR_INIT;
    bool valid;
    for (size_t i = 0; h->remember && i < h->count; i++) {
        assert_ok(told_plan_take(told, i + 1, h->texts[i], &valid, &err), err);
        assert_true(valid);
    }
    for (size_t i = 0; h->remember && i < h->table_count; i++) {
        assert_ok(told_table_read(&tables[i], h->tables[i], source->plan, arena, &valid, &err),
                  err);
        assert_true(valid);
    }
    assert_ok(told_plan_make(told, &err), err);
}

static void report(struct history *h, const struct made *made, const struct truth *truth,
                   const struct plan *own, const struct asked *asked)
{
    struct tally tally;
    struct told_plan told;
    struct told_answers_count counts;
    struct told_tables_count table_counts;
    struct told_table tables[REPORTS];
    struct release *release;
    struct population population;
    struct arena arena = ARENA_INIT;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct error err = ERROR_INIT;
    tally_init(&tally);
    assert_ok(population_init(&population, &made->catalogue, own, &err), err);
    assert_ok(told_plan_init(&told, own, filters, &err), err);
    struct tally_source source = {own, NULL, &made->catalogue, &population};
    recall(h, &source, &told, tables, &arena);
    struct scan_state state = state_of(made, &told.plan);
    source.state = &state;
    assert_ok(tally_run(&source, &tally, &err), err);
    if (h->remember)
        assert_ok(told_tables_add(&source, tables, h->table_count, filters, &key, &tally,
                                  &table_counts, &err),
                  err);
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
        size_t first = h->seen.count;
        see_report(&h->seen, truth, asked, release);
        for (size_t i = first; i < h->seen.count; i++, h->cells++)
            h->shown += h->seen.items[i].shown;
        for (size_t q = 0; q < own->query_count; q++)
            keep_query(h, own, q, &tally, release);
        keep_years(h, own, &tally, release);
        release_free(release);
    }
    release_state(&state);
    told_plan_release(&told);
    tally_release(&tally);
    population_release(&population);
    arena_release(&arena);
}

/* ---- series ---- */

/* Which combination each row has, by the query of all letters. */
static void truth_init(struct truth *truth, const struct made *made)
{
    *truth = (struct truth){made, calloc(made->wish.rows, sizeof *truth->in),
                            calloc(made->wish.rows, sizeof *truth->atoms)};
    assert_true(truth->in && truth->atoms);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct civil_date date = civil_from_days(civil_day_of(made->rows[row].time));
        struct made_hit hit;
        truth->atoms[row] = ATOMS;
        if (date.year < 2023)
            continue;
        truth->atoms[row] =
            (1 << LETTERS) * (2 * (size_t)(date.year - 2023) + (size_t)(date.month > 6));
        for (size_t t = 0; t < LETTERS; t++)
            truth->atoms[row] |= (size_t)made_hit(made, 0, t, row, &hit) << t;
    }
}

static void write_all(char *text, size_t room, const struct series *series)
{
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    n += write_terms(text + n, room - n, 0, "abc");
    for (size_t r = 0, number = 1; r < REPORTS; r++)
        for (size_t q = 0; q < 2 && series->reports[r].terms[q]; q++)
            n += write_terms(text + n, room - n, number++, series->reports[r].terms[q]);
    snprintf(text + n - 1, room - n + 1, "],\"release\":{\"min_users\":5}}");
}

static void end_series(struct history *h, const struct truth *truth, const struct series *series)
{
    for (size_t r = 0; r < REPORTS && series->reports[r].halves; r++) {
        bool seen = false;
        for (size_t i = 0; i < r; i++)
            seen = seen || strcmp(series->reports[i].halves, series->reports[r].halves) == 0;
        if (!seen)
            see_hidden(&h->seen, truth, series, series->reports[r].halves);
    }
    h->leaks += count_leaks(&h->seen, &h->small);
    while (h->count)
        free(h->texts[--h->count]);
    while (h->table_count)
        free(h->tables[--h->table_count]);
    free(h->seen.items);
    memset(&h->seen, 0, sizeof h->seen);
}

static void run_series(const struct series *series, const struct plan *plans, unsigned seed,
                       struct history histories[2])
{
    char text[4096];
    write_all(text, sizeof text, series);
    const struct made_wish wish = {.seed = 9300 + seed,
                                   .parts = 1,
                                   .rows = 100 + 50 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 40 + 37 * (seed % 9),
                                   .by_text = true,
                                   .plan = text};
    struct made made;
    struct truth truth;
    made_init(&made, &wish);
    made_open(&made);
    made_population(&made);
    truth_init(&truth, &made);
    for (size_t r = 0; r < REPORTS && series->reports[r].halves; r++)
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made, &truth, &plans[r], &series->reports[r]);
    for (size_t i = 0; i < 2; i++)
        end_series(&histories[i], &truth, series);
    free(truth.in);
    free(truth.atoms);
    made_release(&made);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    size_t without = 0, shown = 0, cells = 0, small = 0;
    unsigned runs = test_short() ? 12 : 30;
    const char *dir = test_dir();
    glp_term_out(GLP_OFF);
    for (size_t s = 0; s < sizeof all_series / sizeof *all_series; s++) {
        const struct series *series = &all_series[s];
        struct history h[2] = {{.remember = true}, {.remember = false}};
        struct plan plans[REPORTS];
        struct error err = ERROR_INIT;
        size_t reports = 0;
        for (; reports < REPORTS && series->reports[reports].halves; reports++) {
            char text[4096];
            write_plan(text, sizeof text, &series->reports[reports]);
            test_write_text(test_path(dir, "plan.json"), text);
            assert_ok(plan_read(&plans[reports], test_path(dir, "plan.json"), true, &err), err);
        }
        for (unsigned i = 0; i < runs; i++)
            run_series(series, plans, i, h);
        while (reports)
            plan_release(&plans[--reports]);
        print_message("series %zu: %zu small figures, of which %zu follow (without a ledger %zu); "
                      "%zu of %zu figures shown (%zu); %zu queries judged again, %zu reports "
                      "refused\n",
                      s, h[0].small, h[0].leaks, h[1].leaks, h[0].shown, h[0].cells, h[1].shown,
                      h[0].together, h[0].refused);
        assert_int_equal(h[0].leaks, 0);
        without += h[1].leaks;
        shown += h[0].shown;
        cells += h[0].cells;
        small += h[0].small;
    }
    assert_true(small > 100 && 20 * without > small && 2 * shown > cells);
    glp_free_env();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
