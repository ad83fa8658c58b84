/* A table judged again: what was found before spares all searches, and is not trusted. */
#include "release/known_moves.h"
#include "release/smallcell.h"
#include "tests/support/small_tables.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE = 12, TOTAL = SIDE * SIDE + 2 * SIDE, ROWS = TOTAL + 1, MIN_USERS = 11 };

/* SIDE by SIDE with margins, of which some cells are small. */
static struct tally_table *make_table(void)
{
    struct tally_table *table = tables_make(tables_both, 1, ROWS);
    for (uint32_t r = 0; r < SIDE; r++)
        for (uint32_t c = 0; c < SIDE; c++) {
            uint64_t value = tables_below(12) ? 11 + tables_below(200) : 1 + tables_below(10);
            uint32_t into[] = {r * SIDE + c, SIDE * SIDE + r, SIDE * SIDE + SIDE + c, TOTAL};
            for (size_t i = 0; i < 4; i++) {
                uint64_t sum = tally_cell_at(table, into[i], 0)->value + value;
                tables_set(table, into[i], 0, sum, sum);
            }
        }
    for (uint32_t row = SIDE * SIDE; row <= TOTAL; row++)
        table->row_flags[row] = TALLY_KEEP;
    for (uint32_t r = 0; r < SIDE; r++)
        tables_sum(table, r * SIDE, 1, SIDE, SIDE * SIDE + r, 0);
    for (uint32_t c = 0; c < SIDE; c++)
        tables_sum(table, c, SIDE, SIDE, SIDE * SIDE + SIDE + c, 0);
    return table;
}

static struct smallcell_work judge(const struct tally_table *table, struct known_moves *known,
                                   const uint32_t *nodes, unsigned char *flags)
{
    struct error err = ERROR_INIT;
    struct smallcell_work work = {.known = known, .nodes = nodes};
    assert_ok(smallcell_suppress(table, MIN_USERS, NULL, NULL, flags, &work, &err), err);
    return work;
}

/* From the last pattern: the same one, in one round and with little work. */
static void again_is_the_same(void **state)
{
    (void)state;
    tables_stream = 5;
    size_t seen = 0, programs[2] = {0}, work[2] = {0};
    for (int round = 0; round < 20; round++) {
        struct tally_table *table = make_table();
        struct known_moves known;
        unsigned char first[ROWS] = {0}, second[ROWS] = {0};
        uint32_t nodes[ROWS];
        for (uint32_t i = 0; i < ROWS; i++)
            nodes[i] = 7 * i + 3;
        known_moves_init(&known);
        struct smallcell_work before = judge(table, &known, nodes, first);
        for (size_t i = 0; i < ROWS; i++)
            second[i] = first[i] & SMALLCELL_WITHHELD ? SMALLCELL_AGAIN : 0;
        struct smallcell_work after = judge(table, &known, nodes, second);
        assert_memory_equal(first, second, sizeof first);
        assert_int_equal(after.rounds, before.primary > 0);
        seen += before.rounds > 1;
        programs[0] += before.programs;
        programs[1] += after.programs;
        work[0] += before.used;
        work[1] += after.used;
        known_moves_release(&known);
    }
    print_message("%zu programs, then %zu; work %zu, then %zu\n", programs[0], programs[1], work[0],
                  work[1]);
    assert_true(seen > 10);
    /* What cannot move is asked again, what moved is not. */
    assert_true(programs[1] < programs[0] && work[1] * 2 < work[0]);
}

/* Two variables of three that may share: y0 + y1 = 0 and y1 + y2 = 0, each down by at most ROOM. */
static void make_moves(struct moves *moves, struct arena *arena, int64_t room)
{
    struct error err = ERROR_INIT;
    static const struct moves_term terms[] = {{0, 1}, {1, 1}, {1, 1}, {2, 1}};
    arena_reset(arena, SIZE_MAX);
    assert_ok(moves_init(moves, arena, 3, 2, 4, &err), err);
    for (size_t v = 0; v < 3; v++) {
        moves->down[v] = room;
        moves->up[v] = MOVES_FAR;
    }
    moves->equality[0] = moves->equality[1] = true;
    moves->first[1] = 2;
    moves->first[2] = 4;
    memcpy(moves->terms, terms, sizeof terms);
    moves_prepare(moves);
}

static void known_moves_are_checked(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct known_moves known;
    struct moves moves;
    const uint32_t nodes[] = {40, 20, 30}, turned[] = {30, 20, 40}, other[] = {40, 20, 31};
    const uint32_t variables[] = {1, 2, 3};
    const size_t cells[] = {0, 1, 2};
    known_moves_init(&known);
    make_moves(&moves, &arena, 9);
    assert_ok(known_moves_begin(&known, nodes, 3, 1, &err), err);
    assert_false(known_moves_reach(&known, &moves, variables, 0, 5));
    assert_true(moves_find(&moves, 0, 5));
    assert_ok(known_moves_keep(&known, &moves, cells, 0, 5, &err), err);
    assert_true(known_moves_reach(&known, &moves, variables, 0, 5));
    assert_false(known_moves_reach(&known, &moves, variables, 0, 4));

    /* The rows in another order, and what else moves with it. */
    make_moves(&moves, &arena, 9);
    assert_ok(known_moves_begin(&known, turned, 3, 1, &err), err);
    assert_true(known_moves_reach(&known, &moves, variables, 2, 5));
    assert_int_equal(moves.highest[2], 5);
    assert_int_equal(moves.lowest[1], -5);
    assert_false(known_moves_reach(&known, &moves, variables, 0, 5));

    /* Less room; a row that is gone; a cell that is shown. */
    make_moves(&moves, &arena, 4);
    assert_ok(known_moves_begin(&known, nodes, 3, 1, &err), err);
    assert_false(known_moves_reach(&known, &moves, variables, 0, 5));
    known_moves_try(&known, &moves, variables);
    assert_int_equal(moves.highest[0], 0);
    make_moves(&moves, &arena, 9);
    assert_ok(known_moves_begin(&known, other, 3, 1, &err), err);
    assert_false(known_moves_reach(&known, &moves, variables, 0, 5));
    const uint32_t shown[] = {1, 0, 3};
    assert_ok(known_moves_begin(&known, nodes, 3, 1, &err), err);
    assert_false(known_moves_reach(&known, &moves, shown, 0, 5));
    known_moves_release(&known);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(again_is_the_same),
        cmocka_unit_test(known_moves_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
