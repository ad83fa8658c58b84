/* Moves among combinations of sets: each keeps every set, what two share, what is in one alone and
 * what is in one and none before it; and they go far where combinations next to them are few. */
#include "release/cubes.h"
#include "tests/support/support.h"

#include <string.h>

enum { SETS = 8, ALL = 1 << SETS, ROUNDS = 60 };

struct problem {
    struct arena arena;
    struct moves moves;
    struct cubes cubes;
    unsigned char members[ALL][SETS];
    struct cube_set sets[ALL];
    uint32_t variable_of[ALL];
    int64_t count[ALL];
};

static unsigned next_random(unsigned *state)
{
    *state = *state * 1103515245 + 12345;
    return *state >> 16 & 0x7FFF;
}

/* What the relations of a search term report sum up: by number, the combinations with a set, with
 * two, and with a set and one before it. */
static bool is_in(unsigned relation, unsigned combination)
{
    unsigned pairs = SETS * SETS;
    if (relation >= pairs) {
        unsigned set = relation - pairs;
        return combination >> set & 1 && combination & ((1u << set) - 1);
    }
    unsigned a = relation / SETS, b = relation % SETS;
    return a <= b && combination >> a & 1 && combination >> b & 1;
}

static void problem_init(struct problem *p, unsigned *state, unsigned sparse)
{
    enum { RELATIONS = SETS * SETS + SETS };
    struct error err = ERROR_INIT;
    size_t terms = 0, at = 0, variables = 0;
    *p = (struct problem){.arena = ARENA_INIT};
    for (unsigned c = 0; c < ALL; c++) {
        unsigned far = (unsigned)__builtin_popcount(c) > SETS / 2 ? 6 : 60;
        if (__builtin_popcount(c) < 2 || next_random(state) % 100 < sparse)
            continue;
        p->count[c] = next_random(state) % far;
        for (unsigned set = 0; set < SETS; set++)
            if (c >> set & 1)
                p->members[c][p->sets[c].count++] = (unsigned char)set;
        p->sets[c].members = p->members[c];
        p->variable_of[c] = (uint32_t)++variables;
    }
    for (unsigned r = 0; r < RELATIONS; r++)
        for (unsigned c = 0; c < ALL; c++)
            terms += p->variable_of[c] && is_in(r, c);
    assert_ok(moves_init(&p->moves, &p->arena, variables, RELATIONS, terms, &err), err);
    for (unsigned c = 0; c < ALL; c++)
        if (p->variable_of[c]) {
            p->moves.down[p->variable_of[c] - 1] = p->count[c];
            p->moves.up[p->variable_of[c] - 1] = MOVES_FAR;
        }
    for (unsigned r = 0; r < RELATIONS; r++) {
        p->moves.equality[r] = true;
        for (unsigned c = 0; c < ALL; c++)
            if (p->variable_of[c] && is_in(r, c))
                p->moves.terms[at++] = (struct moves_term){p->variable_of[c] - 1, 1};
        p->moves.first[r + 1] = at;
    }
    moves_prepare(&p->moves);
    assert_ok(cubes_init(&p->cubes, p->sets, ALL, 1, &err), err);
}

static void problem_release(struct problem *p)
{
    cubes_release(&p->cubes);
    arena_release(&p->arena);
}

/* The last move by its own steps, by nothing but the relations' meaning. */
static void check_steps(const struct problem *p, unsigned combination, int64_t delta)
{
    int64_t moved[ALL] = {0};
    for (size_t i = 0; i < p->cubes.step_count; i++)
        moved[p->cubes.steps[i].variable] += p->cubes.steps[i].delta;
    for (unsigned r = 0; r < SETS * SETS + SETS; r++) {
        int64_t sum = 0;
        for (unsigned c = 0; c < ALL; c++)
            sum += p->variable_of[c] && is_in(r, c) ? moved[p->variable_of[c] - 1] : 0;
        assert_int_equal(sum, 0);
    }
    for (unsigned c = 0; c < ALL; c++)
        if (p->variable_of[c])
            assert_true(p->count[c] + moved[p->variable_of[c] - 1] >= 0);
    assert_int_equal(moved[p->variable_of[combination] - 1], delta);
}

static void each_move_holds(void **state)
{
    (void)state;
    static struct problem p;
    unsigned seed = 1, asked = 0, found = 0, searched = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        problem_init(&p, &seed, round % 3 * 15);
        for (unsigned c = 0; c < ALL; c++) {
            int64_t delta = c % 2 ? 9 : p.count[c] < 3 ? -p.count[c] : -3;
            if (!p.variable_of[c] || delta == 0)
                continue;
            asked++;
            if (cubes_reach(&p.cubes, &p.moves, p.variable_of, c, delta)) {
                found++;
                check_steps(&p, c, delta);
                int64_t far = delta > 0 ? p.moves.highest[p.variable_of[c] - 1]
                                        : p.moves.lowest[p.variable_of[c] - 1];
                assert_true(delta > 0 ? far >= delta : far <= delta);
            }
            for (size_t v = 0; v < p.moves.variable_count; v++)
                assert_int_equal(p.moves.y[v], 0);
            if (round == 0)
                searched += moves_find(&p.moves, p.variable_of[c] - 1, delta);
        }
        problem_release(&p);
    }
    print_message("# %u moves of %u found by cubes; in the first round %u by search\n", found,
                  asked, searched);
    assert_true(found > asked / 10 * 9);
}

/* Where nothing but zeros is around, there is nothing to move. */
static void nothing_is_made_up(void **state)
{
    (void)state;
    static struct problem p;
    unsigned seed = 2;
    problem_init(&p, &seed, 0);
    for (size_t v = 0; v < p.moves.variable_count; v++)
        p.moves.down[v] = p.moves.least[v] = 0;
    for (unsigned c = 0; c < ALL; c++)
        if (p.variable_of[c])
            assert_false(cubes_reach(&p.cubes, &p.moves, p.variable_of, c, 1));
    /* Rows that are no combination, or do not move. */
    assert_false(cubes_reach(&p.cubes, &p.moves, p.variable_of, 1, 1));
    memset(p.variable_of, 0, sizeof p.variable_of);
    assert_false(cubes_reach(&p.cubes, &p.moves, p.variable_of, 7, 1));
    problem_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_move_holds),
        cmocka_unit_test(nothing_is_made_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
