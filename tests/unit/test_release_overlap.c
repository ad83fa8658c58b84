/*
 * A reader of an overlap report who reckons with every conversation's sides, lengths and works at
 * once: linear programs under all that is shown of runs and works. No number of few users that two
 * works, two sides or two lengths have together or apart lies closer than the rule allows, but for
 * one in some hundreds that hangs on how long the runs of which work on which side are
 * (works_combined.h). Judged table by table, one in four would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/reader.h"
#include "tests/support/support.h"

#include "base/memory.h"
#include "queries/catalogue/overlap_rows.h"
#include "queries/overlap_relations.h"
#include "queries/overlap_sides.h"
#include "release/figure.h"
#include "release/gate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5, WORKS = 2, SIDES = OVERLAP_ROWS_SIDES, BINS = 2, LEVELS = BINS + 1 };
enum { PIECES = LEVELS * LEVELS * LEVELS, ATOMS = PIECES * PIECES * LEVELS, ARCHETYPES = 9 };
static const uint32_t words_of[LEVELS] = {0, 15, 30}; /* bins: 12 to 24, 25 or more */

/* ---- combinations: each work's longest piece by side, and the longest supplied run ---- */

/* Levels: 0 none, 1 and 2 the bins. */
struct atom {
    unsigned piece[WORKS][SIDES], supplied;
};

static struct atom atom_of(size_t number)
{
    struct atom atom = {.supplied = (unsigned)(number % LEVELS)};
    number /= LEVELS;
    for (size_t w = 0; w < WORKS; w++)
        for (size_t side = 0; side < SIDES; side++, number /= LEVELS)
            atom.piece[w][side] = (unsigned)(number % LEVELS);
    return atom;
}

static unsigned most(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static unsigned best_of(const struct atom *atom, size_t w)
{
    return most(most(atom->piece[w][0], atom->piece[w][1]), atom->piece[w][2]);
}

/* The longest run of a view. */
static unsigned run_of(const struct atom *atom, size_t view)
{
    if (view == VIEW_ANYWHERE)
        return most(best_of(atom, 0), best_of(atom, 1));
    return view == VIEW_SUPPLIED
               ? atom->supplied
               : most(atom->piece[0][view - VIEW_PROMPT], atom->piece[1][view - VIEW_PROMPT]);
}

/* A run that was supplied is a piece that was; the longest of all runs is a piece, too. */
static bool is_possible(const struct atom *atom)
{
    unsigned runs =
        most(most(run_of(atom, VIEW_PROMPT), atom->supplied), run_of(atom, VIEW_ORIGINATED));
    return atom->supplied <= most(atom->piece[0][1], atom->piece[1][1]) &&
           runs == run_of(atom, VIEW_ANYWHERE);
}

static size_t sides_of(const struct atom *atom, unsigned level)
{
    size_t mask = 0;
    for (size_t side = 0; side < SIDES; side++)
        mask |= (size_t)(run_of(atom, VIEW_PROMPT + side) >= level) << side;
    return mask;
}

static size_t work_sides(const struct atom *atom, size_t w)
{
    size_t mask = 0;
    for (size_t side = 0; side < SIDES; side++)
        mask |= (size_t)(atom->piece[w][side] > 0) << side;
    return mask;
}

/* Columns of the table of works that count conversations. */
static const uint32_t columns[] = {WORK_CONVERSATIONS, WORK_PROMPT, WORK_SUPPLIED, WORK_ORIGINATED,
                                   WORK_BINS};
enum { COLUMNS = sizeof columns / sizeof *columns };

static bool in_work(const struct atom *atom, size_t w, size_t column)
{
    if (columns[column] == WORK_CONVERSATIONS)
        return best_of(atom, w) > 0;
    return columns[column] == WORK_BINS ? best_of(atom, w) > 1
                                        : atom->piece[w][columns[column] - WORK_PROMPT] > 0;
}

/* Figures of tables, and what no table tells. */
enum what { RUN, WORK, TOLD, ALONE = TOLD, BOTH, WITH_SIDES, WORK_SIDES, SHORTER, KINDS };

static const size_t counts[KINDS] = {[RUN] = OVERLAP_VIEWS * (BINS + 2),
                                     [WORK] = WORKS * COLUMNS,
                                     [ALONE] = WORKS * COLUMNS,
                                     [BOTH] = COLUMNS,
                                     [WITH_SIDES] = BINS * (SIDE_MASKS - 1),
                                     [WORK_SIDES] = WORKS * (SIDE_MASKS - 1),
                                     [SHORTER] = WORKS};

static bool is_in(const struct atom *atom, enum what what, size_t i)
{
    size_t w = i % WORKS, c = i / WORKS;
    switch (what) {
    case RUN: {
        unsigned run = run_of(atom, i / (BINS + 2));
        size_t row = i % (BINS + 2);
        return row < BINS ? run == row + 1 : row == BINS ? run > 0 : run == 0;
    }
    case WORK:
        return in_work(atom, w, c);
    case ALONE:
        return in_work(atom, w, c) && !in_work(atom, !w, c);
    case BOTH:
        return in_work(atom, 0, i) && in_work(atom, 1, i);
    case WITH_SIDES:
        return sides_of(atom, 1 + (unsigned)(i / (SIDE_MASKS - 1))) == 1 + i % (SIDE_MASKS - 1);
    case WORK_SIDES:
        return work_sides(atom, w) == 1 + c;
    case SHORTER:
        return best_of(atom, i) == 1;
    case KINDS:
        break;
    }
    return false;
}

/* ---- logs ---- */

/* Which combination each row has: a few are frequent, others rare. */
static void choose_atoms(uint64_t seed, struct atom *of_row, uint32_t rows)
{
    struct atom archetypes[ARCHETYPES] = {{.supplied = 0}};
    uint64_t random = seed;
    for (size_t i = 1; i < ARCHETYPES; i++)
        do {
            struct atom *atom = &archetypes[i];
            for (size_t w = 0; w < WORKS; w++)
                for (size_t side = 0; side < SIDES; side++) {
                    unsigned level = (unsigned)(made_random(&random) >> 40) % 6;
                    atom->piece[w][side] = level < LEVELS ? level : 0;
                }
            atom->supplied = most(atom->piece[0][1], atom->piece[1][1]);
            if (made_random(&random) >> 62 == 0)
                atom->supplied = 0;
        } while (!is_possible(&archetypes[i]));
    for (uint32_t row = 0; row < rows; row++) {
        double u = (double)(made_random(&random) >> 11) / (double)(1ull << 53);
        of_row[row] = archetypes[(size_t)(u * u * ARCHETYPES)];
    }
}

static struct span work_id(const void *context, uint32_t work)
{
    (void)context;
    return (struct span){work ? "b" : "a", 1};
}

static void write_shares(struct made *made, const struct atom *of_row)
{
    struct error err = ERROR_INIT;
    struct overlap_builder *builder = overlap_builder_new();
    struct segment_out *out;
    assert_non_null(builder);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        const struct atom *atom = &of_row[row];
        struct overlap_row_exchange exchange = {.exchange = made->rows[row].first_exchange};
        assert_ok(overlap_builder_row(builder, 100, 100, &err), err);
        if (!run_of(atom, VIEW_ANYWHERE))
            continue;
        for (size_t side = 0; side < SIDES; side++)
            exchange.longest[side] = exchange.covered[side] =
                words_of[run_of(atom, VIEW_PROMPT + side)];
        assert_ok(overlap_builder_exchange(builder, &exchange, &err), err);
        for (uint32_t w = 0; w < WORKS; w++) {
            uint32_t longest[SIDES];
            for (size_t side = 0; side < SIDES; side++)
                longest[side] = words_of[atom->piece[w][side]];
            if (best_of(atom, w))
                assert_ok(overlap_builder_work(builder, w, longest, &err), err);
        }
    }
    char *dir = mem_strdup(test_path(made->dir, "shares"));
    assert_non_null(dir);
    made->state.parts[0].hits_dirs[0] = dir;
    made->state.parts[0].hits_ready[0] = true;
    assert_ok(segment_out_open(&out, dir, &err), err);
    assert_ok(overlap_builder_write(builder, work_id, NULL, out, &err), err);
    json_t *meta = json_pack("{s:{s:i}}", "works", "works", WORKS);
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
    overlap_builder_free(builder);
}

/* ---- the reader ---- */

static struct figure told(const struct release *release, enum what what, size_t i)
{
    const struct figure_table *table = release_table_find(release, what == RUN ? "o" : "o.works");
    assert_non_null(table);
    if (what == RUN)
        return figure_at(table, i, RUN_CONVERSATIONS);
    for (size_t row = 0; row < figure_table_rows(table); row++)
        if (strcmp(figure_key_value(table, row, 0), i % WORKS ? "b" : "a") == 0)
            return figure_at(table, row, columns[i / WORKS]);
    return (struct figure){.value = 0, .state = FIGURE_EXACT};
}

/* IN [count] is then true of the atoms that make a figure. */
static const bool *atoms_of(const struct atom *atoms, size_t count, enum what what, size_t i,
                            bool *in)
{
    for (size_t a = 0; a < count; a++)
        in[a] = is_in(&atoms[a], what, i);
    return in;
}

struct outcome {
    size_t small, leaks, shown, figures;
};

static void ask(const struct tally *tally, const struct made *made, const struct atom *of_row,
                const struct atom *atoms, size_t count, struct outcome *outcome)
{
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release;
    struct error err = ERROR_INIT;
    assert_ok(gate_release(tally, &policy, &release, &err), err);
    struct reader *reader = reader_new(count);
    bool *of = calloc(count, sizeof *of), *in = calloc(made->wish.rows, sizeof *in);
    assert_true(of && in);
    memset(of, true, count * sizeof *of);
    reader_know_value(reader, of, (double)made->wish.rows);
    for (enum what what = RUN; what < TOLD; what++)
        for (size_t i = 0; i < counts[what]; i++) {
            struct figure figure = told(release, what, i);
            outcome->figures++;
            if (figure.state != FIGURE_EXACT)
                continue;
            outcome->shown++;
            reader_know_value(reader, atoms_of(atoms, count, what, i, of), (double)figure.value);
        }
    reader_reckon_on(reader);
    for (enum what what = RUN; what < KINDS; what++)
        for (size_t i = 0; i < counts[what]; i++) {
            for (uint32_t row = 0; row < made->wish.rows; row++)
                in[row] = is_in(&of_row[row], what, i);
            uint32_t users = made_count_users(made, in).support;
            if (users == 0 || users >= MIN_USERS)
                continue;
            outcome->small++;
            struct reader_range range = reader_range(reader, atoms_of(atoms, count, what, i, of));
            assert_true(isfinite(range.most));
            bool leak = reader_range_tells(range, MIN_USERS);
            if (leak && getenv("LEAKS"))
                print_message("seed %u kind %d %zu: %u users, %g to %g\n",
                              (unsigned)made->wish.seed, (int)what, i, users, range.least,
                              range.most);
            outcome->leaks += leak;
        }
    free(in);
    free(of);
    reader_free(reader);
    release_free(release);
}

static void nothing_follows_of_works_and_sides(void **state)
{
    (void)state;
    struct outcome joint = {0}, apart = {0};
    struct atom *atoms = calloc(ATOMS, sizeof *atoms);
    size_t count = 0, runs = getenv("SHORT") ? 120 : 400;
    char plan[600];
    const char *dir = test_dir();
    assert_non_null(atoms);
    for (size_t i = 0; i < ATOMS; i++) {
        struct atom atom = atom_of(i);
        if (is_possible(&atom))
            atoms[count++] = atom;
    }
    test_write_text(test_path(dir, "work.txt"), "one two three");
    snprintf(plan, sizeof plan,
             "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[{\"id\":\"o\","
             "\"kind\":\"overlap\",\"works\":[\"%s\"],\"bins\":[25]}],\"release\":{\"min_users\":"
             "5}}",
             test_path(dir, "work.txt"));
    for (unsigned i = 0; i < runs; i++) {
        const struct made_wish wish = {.seed = 2100 + i,
                                       .parts = 1,
                                       .rows = 60 + 40 * (i % 7),
                                       .users = i % 3 ? 200 : 60,
                                       .plan = plan};
        struct made made;
        struct tally tally;
        struct atom *of_row = calloc(wish.rows, sizeof *of_row);
        assert_non_null(of_row);
        choose_atoms(wish.seed, of_row, wish.rows);
        made_init(&made, &wish);
        write_shares(&made, of_row);
        made_open(&made);
        made_population(&made);
        made_tally(&made, &tally);
        ask(&tally, &made, of_row, atoms, count, &joint);
        tally.tie_count = 0;
        ask(&tally, &made, of_row, atoms, count, &apart);
        tally_release(&tally);
        made_release(&made);
        free(of_row);
    }
    print_message("%zu small numbers; %zu follow, %zu would table by table; %zu of %zu figures "
                  "shown, %zu would\n",
                  joint.small, joint.leaks, apart.leaks, joint.shown, joint.figures, apart.shown);
    assert_true(500 * joint.leaks <= joint.small && 5 * apart.leaks > joint.small);
    assert_true(joint.small > runs && 3 * joint.shown > 2 * joint.figures);
    free(atoms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_of_works_and_sides)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
