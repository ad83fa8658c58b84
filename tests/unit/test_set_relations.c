/*
 * Sets as sums by groups of users, against plain sets: which two or three of them leave few users
 * when they are added and subtracted; sums as text, whole and damaged.
 */
#include "tests/support/support.h"

#include "base/memory.h"
#include "release/set_relations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5, USERS = 60, SETS = 40 };

/* The N-th number of a fixed stream (splitmix64). */
static uint64_t number_at(uint64_t n)
{
    uint64_t z = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t hash_of(unsigned user)
{
    return number_at(1000 + user) >> 16;
}

/* ---- sets with many parts in common: conversations USERS * turn + user, of four turns ---- */

enum { ROWS = 4 * USERS, BLOCK = 4 };

struct plain {
    bool in[ROWS];
};

static struct set_sums sums_of(const struct plain *set, enum set_relations_of of, uint32_t groups)
{
    struct set_sums sums;
    struct error err = ERROR_INIT;
    assert_ok(set_sums_init(&sums, groups, &err), err);
    for (unsigned user = 0; user < USERS; user++) {
        uint64_t weight = 0;
        for (unsigned row = user; row < ROWS; row += USERS)
            weight += set->in[row];
        if (weight)
            set_sums_add(&sums, hash_of(user), of == SETS_OF_USERS ? 1 : weight);
    }
    return sums;
}

static unsigned users_of(const bool *in)
{
    unsigned users = 0;
    for (unsigned user = 0; user < USERS; user++) {
        bool any = false;
        for (unsigned row = user; row < ROWS; row += USERS)
            any = any || in[row];
        users += any;
    }
    return users;
}

/* Of the first sets a block of users each with some of their turns; of the others two earlier ones
 * joined, cut, or one less the other. */
static void make_sets(struct plain *sets, uint64_t seed)
{
    for (unsigned s = 0; s < SETS; s++)
        for (unsigned row = 0; row < ROWS; row++) {
            uint64_t dice = number_at(seed * 4096 + s);
            unsigned block = row % USERS / BLOCK, turn = row / USERS;
            const struct plain *a = &sets[dice / 8 % (s ? s : 1)];
            const struct plain *b = &sets[dice / 4096 % (s ? s : 1)];
            bool own = number_at(seed * 7 + s * 131 + block) % 3 == 0 && turn <= dice % 4;
            sets[s].in[row] = s < 12          ? own
                              : dice % 3 == 0 ? a->in[row] || b->in[row]
                              : dice % 3 == 1 ? a->in[row] && b->in[row]
                                              : a->in[row] && !b->in[row];
        }
}

/* Whether what is left of A and B (NULL: none) less U, or of U less these, is a set of few users;
 * of users where OF says so. */
static bool leaves_few(const struct plain *a, const struct plain *b, const struct plain *u,
                       enum set_relations_of of)
{
    int sign = 0;
    bool left[ROWS] = {false};
    for (unsigned row = 0; row < ROWS; row++) {
        int sum = 0;
        bool in[3] = {a->in[row], b && b->in[row], u->in[row]};
        if (of == SETS_OF_USERS && row >= USERS)
            continue;
        for (unsigned other = row; of == SETS_OF_USERS && other < ROWS; other += USERS) {
            in[0] = in[0] || a->in[other];
            in[1] = in[1] || (b && b->in[other]);
            in[2] = in[2] || u->in[other];
        }
        sum = in[0] + in[1] - in[2];
        if (sum > 1 || sum < -1 || (sum && sign && sum != sign))
            return false;
        sign = sum ? sum : sign;
        left[row] = sum != 0;
    }
    unsigned users = users_of(left);
    return users > 0 && users < MIN_USERS;
}

static bool was_found(const struct set_relations *relations, size_t a, size_t b, size_t u)
{
    for (size_t i = 0; i < relations->count; i++) {
        const size_t *sets = relations->items[i].sets;
        if (b == SIZE_MAX ? relations->items[i].count == SET_RELATION_PAIR &&
                                ((sets[0] == a && sets[1] == u) || (sets[0] == u && sets[1] == a))
                          : relations->items[i].count == SET_RELATION_TRIPLE && sets[2] == u &&
                                ((sets[0] == a && sets[1] == b) || (sets[0] == b && sets[1] == a)))
            return true;
    }
    return false;
}

struct trial {
    struct plain sets[SETS];
    struct set_sums sums[SETS];
    const struct set_sums *list[SETS];
    bool open[SETS];
    size_t kept, number[SETS];
    struct set_relations relations;
    size_t pairs, triples;
};

/* Sets of enough users, no two the same. */
static void start(struct trial *t, uint64_t seed, enum set_relations_of of)
{
    make_sets(t->sets, seed);
    t->kept = 0;
    for (size_t s = 0; s < SETS; s++) {
        bool take = users_of(t->sets[s].in) >= MIN_USERS;
        t->sums[s] = sums_of(&t->sets[s], of, SET_SUMS_GROUPS_MAX);
        for (size_t k = 0; k < t->kept; k++)
            take = take && set_sums_compare(t->list[k], &t->sums[s]) != 0;
        if (!take)
            continue;
        t->list[t->kept] = &t->sums[s];
        t->open[t->kept] = number_at(seed * 31 + s) % 2;
        t->number[t->kept++] = s;
    }
}

static void check_all(struct trial *t, enum set_relations_of of)
{
    size_t expected = 0;
    for (size_t a = 0; a < t->kept; a++)
        for (size_t u = 0; u < t->kept; u++)
            for (size_t b = a; b < t->kept; b++) {
                const struct plain *second = b == a ? NULL : &t->sets[t->number[b]];
                if (u == a || u == b || !(t->open[a] || t->open[u] || t->open[b]) ||
                    !leaves_few(&t->sets[t->number[a]], second, &t->sets[t->number[u]], of) ||
                    (!second && u < a))
                    continue;
                expected++;
                *(second ? &t->triples : &t->pairs) += 1;
                if (!was_found(&t->relations, a, second ? b : SIZE_MAX, u))
                    fail_msg("sets %d, %d and %d are missing", (int)a, (int)b, (int)u);
            }
    assert_true(t->relations.count >= expected);
    for (size_t i = 0; i < t->relations.count; i++) {
        const struct set_relation *r = &t->relations.items[i];
        bool triple = r->count == SET_RELATION_TRIPLE;
        assert_true(r->users > 0 && r->users < MIN_USERS && r->between >= r->users);
        if (!leaves_few(&t->sets[t->number[r->sets[0]]],
                        triple ? &t->sets[t->number[r->sets[1]]] : NULL,
                        &t->sets[t->number[r->sets[r->count - 1]]], of) &&
            of == SETS_OF_USERS)
            fail_msg("sets of users that leave no few are found");
    }
}

static void run(enum set_relations_of of, size_t least_pairs, size_t least_triples)
{
    static struct trial t;
    struct error err = ERROR_INIT;
    t.pairs = t.triples = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        start(&t, seed, of);
        assert_ok(set_relations_find(&t.relations, t.list, t.open, t.kept, of, MIN_USERS,
                                     SET_RELATIONS_WORK, &err),
                  err);
        assert_true(t.relations.open == t.relations.compared);
        check_all(&t, of);
        set_relations_release(&t.relations);
        for (size_t s = 0; s < SETS; s++)
            set_sums_release(&t.sums[s]);
    }
    if (t.pairs < least_pairs || t.triples < least_triples)
        fail_msg("only %d pairs and %d triples", (int)t.pairs, (int)t.triples);
}

static void conversations(void **state)
{
    (void)state;
    run(SETS_OF_CONVERSATIONS, 20, 20);
}

static void users(void **state)
{
    (void)state;
    run(SETS_OF_USERS, 20, 20);
}

/* ---- many sets ---- */

enum { MANY = 900 };

/* Users 40 i to 40 i + 39 each; and at the end a union of two of them less three users of each. */
static void among_many(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct set_sums *sums = mem_zalloc(MANY, sizeof *sums);
    const struct set_sums **list = mem_zalloc(MANY, sizeof *list);
    bool *open = mem_zalloc(MANY, sizeof *open);
    struct set_relations relations;
    assert_true(sums && list && open);
    for (unsigned i = 0; i < MANY; i++) {
        assert_ok(set_sums_init(&sums[i], SET_SUMS_GROUPS_MIN, &err), err);
        for (unsigned user = 0; i + 1 < MANY && user < 40; user++)
            set_sums_add(&sums[i], hash_of(40 * i + user), 1 + user % 3);
        for (unsigned user = 3; i + 1 == MANY && user < 40; user++) {
            set_sums_add(&sums[i], hash_of(40 * 17 + user), 1 + user % 3);
            set_sums_add(&sums[i], hash_of(40 * 500 + user), 1 + user % 3);
        }
        list[i] = &sums[i];
        open[i] = true;
    }
    assert_ok(set_relations_find(&relations, list, open, MANY, SETS_OF_CONVERSATIONS, 11,
                                 SET_RELATIONS_WORK, &err),
              err);
    assert_int_equal(relations.count, 1);
    assert_true(was_found(&relations, 17, 500, MANY - 1));
    assert_int_equal(relations.items[0].between, 12);
    assert_int_equal(relations.items[0].users, 6);
    assert_true(relations.items[0].both);
    set_relations_release(&relations);
    /* Without work nothing is begun, and that is told. */
    assert_ok(set_relations_find(&relations, list, open, MANY, SETS_OF_CONVERSATIONS, 11, 1, &err),
              err);
    assert_int_equal(relations.open, MANY);
    assert_int_equal(relations.compared, 1);
    set_relations_release(&relations);
    for (unsigned i = 0; i < MANY; i++)
        set_sums_release(&sums[i]);
    free(sums);
    free(list);
    free(open);
}

/* ---- unknown users ---- */

static struct set_sums some(unsigned from, unsigned to, uint64_t unknown)
{
    struct set_sums sums;
    struct error err = ERROR_INIT;
    assert_ok(set_sums_init(&sums, SET_SUMS_GROUPS_MIN, &err), err);
    for (unsigned user = from; user < to; user++)
        set_sums_add(&sums, hash_of(user), 1);
    if (unknown)
        set_sums_add_unknown(&sums, unknown);
    return sums;
}

/* Set 0 lies in set 1; the groups in which they differ, and the figure; 0 where that is not few. */
static uint32_t pair(struct set_sums a, struct set_sums b, enum set_relations_of of,
                     uint64_t *between)
{
    struct error err = ERROR_INIT;
    struct set_relations relations;
    const struct set_sums *list[] = {&a, &b};
    const bool open[] = {true, false};
    assert_ok(
        set_relations_find(&relations, list, open, 2, of, MIN_USERS, SET_RELATIONS_WORK, &err),
        err);
    uint32_t users = relations.count ? relations.items[0].users : 0;
    *between = relations.count ? relations.items[0].between : 0;
    set_relations_release(&relations);
    set_sums_release(&a);
    set_sums_release(&b);
    return users;
}

static void unknown_users_are_one(void **state)
{
    (void)state;
    uint64_t between;
    assert_int_equal(pair(some(0, 30, 5), some(0, 33, 25), SETS_OF_CONVERSATIONS, &between), 4);
    assert_int_equal(between, 23);
    assert_int_equal(pair(some(0, 30, 5), some(0, 33, 25), SETS_OF_USERS, &between), 4);
    assert_int_equal(pair(some(0, 30, 5), some(0, 35, 5), SETS_OF_USERS, &between), 0);
    assert_int_equal(pair(some(0, 30, 5), some(0, 30, 5), SETS_OF_USERS, &between), 0);
    /* Two came and two went, two came and one went: no set holds the other. */
    assert_int_equal(pair(some(0, 30, 0), some(2, 32, 0), SETS_OF_USERS, &between), 0);
    assert_int_equal(pair(some(0, 30, 0), some(1, 32, 0), SETS_OF_USERS, &between), 0);
    /* Of whom only known users are known, these alone are compared. */
    struct set_sums known = some(0, 30, 0);
    known.known_only = true;
    assert_int_equal(pair(known, some(0, 33, 25), SETS_OF_USERS, &between), 3);
    assert_int_equal(between, 3);
    known = some(0, 30, 0);
    known.known_only = true;
    assert_int_equal(pair(known, some(0, 30, 25), SETS_OF_USERS, &between), 0);
}

/* ---- as text ---- */

static bool reads(const char *text, struct set_sums *out)
{
    bool valid;
    json_t *root;
    struct error err = ERROR_INIT;
    assert_ok(json_text_read(text, strlen(text), &root, NULL, &err), err);
    assert_ok(set_sums_read(out, root, &valid, &err), err);
    json_decref(root);
    return valid;
}

static void as_text(void **state)
{
    (void)state;
    struct buffer text;
    struct error err = ERROR_INIT;
    struct set_sums sums = some(0, 300, 7), again;
    buffer_init(&text, 1 << 20);
    assert_ok(set_sums_write(&sums, &text, &err), err);
    assert_true(reads(text.data, &again));
    assert_int_equal(set_sums_compare(&sums, &again), 0);
    assert_int_equal(again.total, 307);
    set_sums_release(&again);
    for (char *at = strstr(text.data, "sums\":\"") + 7; at < text.data + 60; at++) {
        char kept = *at;
        *at = 'g';
        assert_false(reads(text.data, &again));
        set_sums_release(&again);
        *at = kept;
    }
    char *first = strstr(text.data, "sums\":\"") + 7;
    memcpy(first, "ffffffffffffffff", 16); /* not below p */
    assert_false(reads(text.data, &again));
    set_sums_release(&again);
    static const char *const bad[] = {"{}", "[]", "{\"groups\":128,\"sums\":\"\",\"total\":3}",
                                      "{\"groups\":-128,\"sums\":\"00\",\"total\":3}",
                                      "{\"groups\":9000000000000,\"sums\":\"00\",\"total\":3}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(reads(bad[i], &again));
        set_sums_release(&again);
    }
    set_sums_release(&sums);
    buffer_release(&text);
}

/* Fewer groups are sums of more, as if they had been so from the start. */
static void folded(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct set_sums fine, coarse = some(0, 300, 7);
    assert_ok(set_sums_init(&fine, SET_SUMS_GROUPS_MAX, &err), err);
    for (unsigned user = 0; user < 300; user++)
        set_sums_add(&fine, hash_of(user), 1);
    set_sums_add_unknown(&fine, 7);
    set_sums_fold(&fine, SET_SUMS_GROUPS_MIN);
    assert_int_equal(set_sums_compare(&fine, &coarse), 0);
    assert_int_equal(set_sums_groups(11), 128);
    assert_int_equal(set_sums_groups(100), 1024);
    assert_int_equal(set_sums_groups(1000000), SET_SUMS_GROUPS_MAX);
    set_sums_release(&fine);
    set_sums_release(&coarse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversations), cmocka_unit_test(users),
        cmocka_unit_test(among_many),    cmocka_unit_test(unknown_users_are_one),
        cmocka_unit_test(as_text),       cmocka_unit_test(folded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
