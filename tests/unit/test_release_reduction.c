/*
 * Moves with fewer variables say what all of them say: of small systems every move is tried. What
 * holds of the variables that are left is completed to a move, and no other one is lost; weights go
 * back to relations of which the same sum follows.
 */
#include "release/moves.h"
#include "release/reduction.h"
#include "tests/support/small_tables.h"
#include "tests/support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VARIABLES = 5, RELATIONS = 7, TERMS = 3, WIDE = 5, POINTS = 3125 /* WIDE ^ VARIABLES */ };

static struct error err;

static void make_moves(struct moves *moves, struct arena *arena)
{
    size_t relations = 2 + tables_below(RELATIONS - 1), at = 0;
    arena_reset(arena, SIZE_MAX);
    assert_ok(moves_init(moves, arena, VARIABLES, relations, RELATIONS * TERMS, &err), err);
    for (size_t v = 0; v < VARIABLES; v++) {
        moves->down[v] = (int64_t)tables_below(3);
        moves->up[v] = (int64_t)tables_below(WIDE - (uint64_t)moves->down[v]);
    }
    for (size_t r = 0; r < relations; r++) {
        size_t first = tables_below(VARIABLES), count = 2 + tables_below(TERMS - 1);
        bool order = tables_below(2);
        moves->equality[r] = tables_below(3) == 0;
        moves->slack[r] = moves->equality[r] ? 0 : (int64_t)tables_below(3);
        for (size_t i = 0; i < count; i++)
            moves->terms[at++] = (struct moves_term){(uint32_t)((first + i) % VARIABLES),
                                                     (order ? i > 0 : tables_below(2)) ? -1 : 1};
        moves->first[r + 1] = at;
    }
    moves_prepare(moves);
}

static void point_of(size_t number, const struct moves *moves, int64_t *y)
{
    for (size_t v = 0; v < VARIABLES; v++, number /= WIDE)
        y[v] = (int64_t)(number % WIDE) - moves->down[v];
}

static bool is_left(const struct reduction *reduction, size_t v)
{
    return !reduction->relation_of[v] && !reduction->is_between[v];
}

/* Y without what was taken out, as a number. */
static size_t number_of(const struct reduction *reduction, const struct moves *moves,
                        const int64_t *y)
{
    size_t number = 0;
    for (size_t v = VARIABLES; v-- > 0;)
        number = number * WIDE + (is_left(reduction, v) ? (size_t)(y[v] + moves->down[v]) : 0);
    return number;
}

static bool holds(const struct reduction *reduction, const struct moves *moves, const int64_t *y)
{
    for (size_t v = 0; v < VARIABLES; v++)
        if (is_left(reduction, v) && (y[v] < moves->least[v] || y[v] > moves->most[v]))
            return false;
    for (size_t r = 0; r < reduction->relation_count; r++) {
        const struct reduced_relation *relation = &reduction->relations[r];
        double sum = 0;
        for (size_t i = 0; !relation->idle && i < relation->count; i++) {
            assert_true(is_left(reduction, relation->terms[i].other));
            sum += relation->terms[i].factor * (double)y[relation->terms[i].other];
        }
        if (!relation->idle && (sum < relation->least - 1e-9 || sum > relation->most + 1e-9))
            return false;
    }
    return true;
}

/* How many moves there are, of what is left; every one of these must be one of all. */
static size_t check_points(struct reduction *reduction, struct moves *moves)
{
    static bool wanted[POINTS], found[POINTS];
    int64_t y[VARIABLES];
    size_t count = 0;
    memset(wanted, 0, sizeof wanted);
    memset(found, 0, sizeof found);
    for (size_t number = 0; number < POINTS; number++) {
        point_of(number, moves, y);
        bool moved = false; /* what cannot */
        for (size_t v = 0; v < VARIABLES; v++)
            moved |= y[v] < moves->least[v] || y[v] > moves->most[v];
        if (moved)
            continue;
        if (moves_accept(moves, y))
            wanted[number_of(reduction, moves, y)] = true;
        if (!holds(reduction, moves, y))
            continue;
        found[number_of(reduction, moves, y)] = true;
        reduction_complete(reduction, y);
        assert_true(moves_accept(moves, y));
    }
    assert_memory_equal(wanted, found, sizeof wanted);
    for (size_t number = 0; number < POINTS; number++)
        count += found[number];
    return count;
}

static void check_weights(struct reduction *reduction, const struct moves *moves)
{
    double weights[RELATIONS] = {0}, sums[VARIABLES] = {0}; /* of what moves at all */
    for (size_t r = 0; r < reduction->relation_count; r++) {
        const struct reduced_relation *relation = &reduction->relations[r];
        weights[r] = (double)tables_below(5) - 2;
        for (size_t i = 0; i < relation->count; i++)
            sums[relation->terms[i].other] += weights[r] * relation->terms[i].factor;
        if (relation->solved)
            sums[relation->solved - 1] += weights[r] * relation->own;
    }
    reduction_take_back(reduction, weights);
    for (size_t r = 0; r < moves->relation_count; r++)
        for (size_t i = moves->first[r]; i < moves->first[r + 1]; i++)
            sums[moves->terms[i].other] -= weights[r] * moves->terms[i].sign;
    for (size_t v = 0; v < VARIABLES; v++)
        assert_true(fabs(sums[v]) < 1e-9 || (!moves->least[v] && !moves->most[v]));
}

static void nothing_is_lost(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    struct reduction reduction;
    struct moves moves;
    size_t left = 0, solved = 0, between = 0, idle = 0, points = 0;
    tables_stream = 3;
    reduction_init(&reduction);
    for (int round = 0; round < (test_short() ? 300 : 3000); round++) {
        make_moves(&moves, &arena);
        uint32_t asked = tables_below(2) ? UINT32_MAX : (uint32_t)tables_below(VARIABLES);
        bool kept[VARIABLES] = {false};
        kept[tables_below(VARIABLES)] = tables_below(2);
        assert_ok(reduction_make(&reduction, &moves, kept, asked, &err), err);
        assert_true(asked == UINT32_MAX ||
                    (is_left(&reduction, asked) && reduction_has(&reduction, asked)));
        for (size_t v = 0; v < VARIABLES; v++)
            assert_false(kept[v] && reduction.is_between[v]);
        points += check_points(&reduction, &moves);
        check_weights(&reduction, &moves);
        for (size_t v = 0; v < VARIABLES; v++) {
            left += is_left(&reduction, v);
            solved += reduction.relation_of[v] > 0;
            between += reduction.is_between[v];
        }
        for (size_t r = 0; r < moves.relation_count; r++)
            idle += reduction.relations[r].idle;
    }
    print_message("variables: %zu left, %zu solved, %zu between others; %zu idle relations; %zu "
                  "moves\n",
                  left, solved, between, idle, points);
    assert_true(left > 100 && solved > 100 && between > 100 && idle > 100 && points > 1000);
    reduction_release(&reduction);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
