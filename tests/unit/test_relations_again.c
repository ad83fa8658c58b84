/*
 * Relations of a pass that shows fewer sets than the one before: those that a search finds; and
 * when they must be looked for.
 */
#include "tests/support/support.h"

#include "base/memory.h"
#include "cli/relations_again.h"

#include <stdlib.h>

enum { MIN_USERS = 5, SETS = 30, MEMBERS = 24 };

/* The N-th number of a fixed stream (splitmix64). */
static uint64_t number_at(uint64_t n)
{
    uint64_t z = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static struct set_sums sums[SETS];

/* Sets of neighbouring users, of whom many differ by few; no two the same. */
static void make_sums(uint64_t seed)
{
    struct error err = ERROR_INIT;
    for (unsigned s = 0; s < SETS; s++) {
        unsigned first = (unsigned)(number_at(seed * 100 + s) % 3) * 8;
        assert_ok(set_sums_init(&sums[s], SET_SUMS_GROUPS_MIN, &err), err);
        for (unsigned u = first; u < first + MIN_USERS + s % MEMBERS; u++)
            set_sums_add(&sums[s], number_at(9000 + u) >> 16, 1 + s / MEMBERS);
    }
}

static int by_sums(const void *a, const void *b)
{
    return shown_sets_compare(a, b);
}

/* Those of SETS that MASK has, in the order that they are listed in; every third one is closed. */
static void show(struct shown_sets *d, uint64_t mask, size_t closed)
{
    d->all = mem_zalloc(SETS, sizeof *d->all);
    d->start = mem_zalloc(SETS + 1, sizeof *d->start);
    d->sums = mem_zalloc(SETS, sizeof *d->sums);
    d->open = mem_zalloc(SETS, sizeof *d->open);
    d->new = mem_zalloc(SETS, sizeof *d->new);
    d->asked = mem_zalloc(SETS, sizeof *d->asked);
    d->width = mem_zalloc(SETS, sizeof *d->width);
    assert_true(d->all && d->start && d->sums && d->open && d->new && d->asked && d->width);
    d->count = d->all_count = 0;
    for (size_t s = 0; s < SETS; s++)
        if (mask >> s & 1)
            d->all[d->all_count++] = (struct shown){&sums[s], NULL, s};
    qsort(d->all, d->all_count, sizeof *d->all, by_sums);
    for (size_t i = 0; i < d->all_count; i++) {
        if (i && shown_sets_compare(&d->all[i - 1], &d->all[i]) == 0)
            continue;
        d->start[d->count] = i;
        d->sums[d->count] = d->all[i].sums;
        d->new[d->count] = d->open[d->count] = d->all[i].number % 3 != closed;
        d->count++;
    }
    d->start[d->count] = d->all_count;
}

static void search(const struct shown_sets *d, struct set_relations *relations)
{
    struct error err = ERROR_INIT;
    assert_ok(set_relations_find(relations, d->sums, d->new, d->count, SETS_OF_CONVERSATIONS,
                                 MIN_USERS, SET_RELATIONS_WORK, &err),
              err);
}

static void same(const struct set_relations *a, const struct set_relations *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->open, b->open);
    assert_int_equal(a->compared, b->compared);
    for (size_t r = 0; r < a->count; r++) {
        bool found = false;
        for (size_t k = 0; k < b->count && !found; k++) {
            found = a->items[r].count == b->items[k].count &&
                    a->items[r].between == b->items[k].between &&
                    a->items[r].users == b->items[k].users;
            for (size_t i = 0; found && i < a->items[r].count; i++)
                found = a->items[r].sets[i] == b->items[k].sets[i];
        }
        assert_true(found);
    }
}

/* What FIRST showed, and then SECOND: whether it is known; counts what is found then. */
static bool look_twice(uint64_t first, uint64_t second, size_t closed, size_t *count)
{
    struct relations_found before = {.relations = {.items = NULL}};
    struct shown_sets d;
    struct set_relations all, again = {.items = NULL}, expected;
    struct error err = ERROR_INIT;
    bool known;
    show(&d, first, 3);
    search(&d, &all);
    assert_ok(relations_found_take(&before, &d, &all, &err), err);
    show(&d, second, closed);
    search(&d, &expected);
    assert_ok(relations_again(&before, &d, &again, &known, &err), err);
    if (known)
        same(&again, &expected);
    *count += expected.count;
    set_relations_release(&all);
    set_relations_release(&again);
    set_relations_release(&expected);
    shown_sets_release(&d);
    relations_found_release(&before);
    return known;
}

static void fewer_sets(void **state)
{
    (void)state;
    size_t found = 0, fewer = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        make_sums(seed);
        uint64_t all = number_at(seed + 500) & ((UINT64_C(1) << SETS) - 1);
        uint64_t some = all & (number_at(seed + 700) | number_at(seed + 900));
        assert_true(look_twice(all, all, 3, &found));
        assert_true(look_twice(all, some, 3, &fewer));
        /* One more than were shown is looked for. */
        uint64_t missing = ~all & ((UINT64_C(1) << SETS) - 1);
        assert_false(look_twice(all, some | (missing & -missing), 3, &fewer));
        for (size_t s = 0; s < SETS; s++)
            set_sums_release(&sums[s]);
    }
    assert_true(found > 100 && fewer > 50);
}

/* What could not be withheld then, but now: its relations were not asked for. */
static void opened(void **state)
{
    (void)state;
    struct relations_found before = {.relations = {.items = NULL}};
    struct shown_sets d;
    struct set_relations relations;
    struct error err = ERROR_INIT;
    bool known;
    make_sums(1);
    for (size_t closed = 0; closed <= 1; closed++) {
        show(&d, (UINT64_C(1) << SETS) - 1, closed);
        search(&d, &relations);
        assert_ok(relations_found_take(&before, &d, &relations, &err), err);
        set_relations_release(&relations);
        relations = (struct set_relations){.items = NULL};
        show(&d, (UINT64_C(1) << SETS) - 1, 0);
        assert_ok(relations_again(&before, &d, &relations, &known, &err), err);
        assert_int_equal(known, closed == 0);
        set_relations_release(&relations);
        shown_sets_release(&d);
    }
    /* Nothing was looked for before the first pass. */
    relations_found_release(&before);
    show(&d, 7, 3);
    assert_ok(relations_again(&before, &d, &relations, &known, &err), err);
    assert_false(known);
    shown_sets_release(&d);
    for (size_t s = 0; s < SETS; s++)
        set_sums_release(&sums[s]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fewer_sets), cmocka_unit_test(opened)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
