/*
 * Sets that a ledger keeps: what lies between two of them, in both forms and across them; records
 * that are damaged; and the sums of powers that stand for large ones.
 */
#include "tests/support/support.h"

#include "base/memory.h"
#include "release/ledger.h"
#include "release/remembered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char question[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/* The N-th hash of 48 bits of a fixed stream (splitmix64): no two of a test's are the same. */
static uint64_t hash_at(uint64_t n)
{
    uint64_t z = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) >> 16;
}

/* ---- sums of powers ---- */

static struct power_sums sums_of(uint64_t from, uint64_t to, uint32_t reach)
{
    struct power_sums sums;
    struct error err = ERROR_INIT;
    assert_ok(power_sums_init(&sums, reach, &err), err);
    for (uint64_t i = from; i < to; i++)
        power_sums_add(&sums, hash_at(i));
    return sums;
}

static uint32_t apart(const struct power_sums *a, const struct power_sums *b)
{
    uint32_t members;
    struct error err = ERROR_INIT;
    assert_ok(power_sums_apart(a, b, &members, &err), err);
    return members;
}

/* Of members 1 and 3 with hashes 0 and 2: 2, 4, 10, 28. */
static void sums_are_of_powers(void **state)
{
    (void)state;
    struct power_sums sums = sums_of(0, 0, 1);
    power_sums_add(&sums, 0);
    power_sums_add(&sums, 2);
    const uint64_t expected[] = {2, 4, 10, 28};
    assert_memory_equal(sums.terms, expected, sizeof expected);
    power_sums_release(&sums);
    /* 2^61 is 1 modulo p: the 62nd power of 2 is 2. */
    sums = sums_of(0, 0, 31);
    power_sums_add(&sums, 1);
    assert_true(sums.terms[60] == UINT64_C(1) << 60 && sums.terms[61] == 1 && sums.terms[62] == 2);
    power_sums_release(&sums);
}

/* Two runs of hashes differ in what only one of them has: all such up to one beyond the reach. */
static void differences_are_counted(void **state)
{
    (void)state;
    enum { MEMBERS = 1000, REACH = 31 };
    struct power_sums all = sums_of(40, MEMBERS, REACH);
    for (uint64_t left = 0; left <= 40; left += 1 + left / 8)
        for (uint64_t more = 0; more <= 40; more += 1 + more / 8) {
            struct power_sums other = sums_of(40 - left, MEMBERS - more, REACH);
            uint32_t found = apart(&all, &other);
            if (left + more <= REACH + 1)
                assert_int_equal(found, left + more);
            else
                assert_true(found > REACH);
            power_sums_release(&other);
        }
    /* The smaller reach of two counts. */
    struct power_sums few = sums_of(45, MEMBERS, 3), many = sums_of(39, MEMBERS, 3);
    assert_true(apart(&all, &few) > 3);
    assert_int_equal(apart(&many, &all), 1);
    power_sums_release(&few);
    power_sums_release(&many);
    power_sums_release(&all);
}

static void reaches_follow_the_rule(void **state)
{
    (void)state;
    assert_int_equal(power_sums_reach(0), 31);
    assert_int_equal(power_sums_reach(11), 31);
    assert_int_equal(power_sums_reach(33), 32);
    assert_int_equal(power_sums_reach(256), 255);
    assert_int_equal(power_sums_reach(1000000), 255);
}

/* ---- sets ---- */

/* Hashes FROM to TO but one, SKIP, in the form that so many have. */
static struct remembered set_without(uint64_t from, uint64_t to, uint64_t skip, uint32_t min_users)
{
    struct remembered set;
    struct error err = ERROR_INIT;
    uint64_t *users = NULL;
    size_t count = 0;
    bool listed = to - from <= REMEMBERED_LISTED_MAX;
    if (listed)
        users = mem_zalloc(to - from + 1, sizeof *users);
    else
        assert_ok(remembered_init_summed(&set, min_users, &err), err);
    for (uint64_t i = from; i < to; i++) {
        if (i == skip)
            continue;
        if (listed)
            users[count++] = hash_at(i);
        else
            remembered_add(&set, hash_at(i));
    }
    if (listed)
        remembered_init_listed(&set, users, count);
    return set;
}

static struct remembered set_of(uint64_t from, uint64_t to)
{
    return set_without(from, to, UINT64_MAX, 11);
}

static uint32_t between(struct remembered *a, struct remembered *b, uint32_t min_users)
{
    uint32_t one, other;
    struct error err = ERROR_INIT;
    assert_ok(remembered_between(a, b, min_users, &one, &err), err);
    assert_ok(remembered_between(b, a, min_users, &other, &err), err);
    assert_int_equal(one, other);
    return one;
}

/* By its own record; the caller releases it. */
static struct remembered reread(const struct remembered *set, size_t *bytes)
{
    struct remembered again;
    struct buffer text;
    struct error err = ERROR_INIT;
    bool valid;
    buffer_init(&text, 1 << 22);
    assert_ok(remembered_write(set, &text, &err), err);
    assert_ok(remembered_read(&again, text.data, &valid, &err), err);
    assert_true(valid);
    assert_true(again.count == set->count && !again.users == !set->users);
    *bytes = text.len;
    buffer_release(&text);
    return again;
}

/* What few users came or went is seen where a set holds the other, and nowhere else. */
static void check_between(uint64_t members)
{
    static const struct {
        uint64_t came;
        uint32_t min_users, told;
    } cases[] = {{0, 11, 0},   {1, 11, 1},   {10, 11, 10}, {11, 11, 0},
                 {11, 12, 11}, {31, 32, 31}, {3, 3, 0},    {3, 4, 3}};
    size_t bytes;
    struct remembered now = set_of(0, members), then = reread(&now, &bytes);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct remembered grown = set_of(0, members + cases[i].came);
        assert_int_equal(between(&then, &grown, cases[i].min_users), cases[i].told);
        remembered_release(&grown);
        /* One of the earlier ones is gone, one more came: neither set holds the other. */
        grown = set_without(0, members + cases[i].came + 1, members / 2, 11);
        assert_true(grown.count == members + cases[i].came);
        assert_int_equal(between(&then, &grown, cases[i].min_users), 0);
        remembered_release(&grown);
    }
    remembered_release(&now);
    remembered_release(&then);
}

static void listed_sets(void **state)
{
    (void)state;
    check_between(1);
    check_between(20000);
}

static struct remembered listed(size_t count, const uint64_t *hashes)
{
    struct remembered set;
    uint64_t *users = mem_zalloc(count + 1, sizeof *users);
    memcpy(users, hashes, count * sizeof *users);
    remembered_init_listed(&set, users, count);
    return set;
}

/* Each of two users of one hash counts, so that no user is hidden behind another. */
static void users_that_share_a_hash(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        uint64_t hashes[6];
        uint32_t between;
    } others[] = {{4, {5, 7, 3, 7}, 0},    {5, {9, 7, 3, 7, 5}, 1}, {3, {7, 5, 3}, 1},
                  {5, {3, 7, 5, 7, 7}, 1}, {5, {3, 3, 5, 7, 9}, 0}, {6, {3, 5, 5, 7, 7, 9}, 2}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct remembered set = listed(4, (const uint64_t[]){7, 3, 5, 7});
        struct remembered other = listed(others[i].count, others[i].hashes);
        assert_int_equal(set.count, 4);
        assert_int_equal(between(&set, &other, 11), others[i].between);
        remembered_release(&set);
        remembered_release(&other);
    }
    /* A set that is listed, and a larger one of the same users and ten more. */
    struct remembered few = set_of(0, REMEMBERED_LISTED_MAX), many;
    struct error err = ERROR_INIT;
    few.users[1] = few.users[0];
    assert_ok(remembered_init_summed(&many, 11, &err), err);
    for (size_t i = 0; i < few.count; i++)
        remembered_add(&many, few.users[i]);
    for (uint64_t i = 0; i < 10; i++)
        remembered_add(&many, hash_at(REMEMBERED_LISTED_MAX + i));
    struct remembered again = listed(few.count, few.users);
    assert_int_equal(between(&again, &many, 11), 10);
    remembered_release(&few);
    remembered_release(&again);
    remembered_release(&many);
}

static void large_sets(void **state)
{
    (void)state;
    size_t bytes;
    check_between(REMEMBERED_LISTED_MAX + 1);
    /* However many users they have, their records have one size. */
    struct remembered set = set_of(0, 300000), again = reread(&set, &bytes);
    assert_true(bytes < 1100);
    assert_int_equal(between(&set, &again, 11), 0);
    assert_memory_equal(set.sums.terms, again.sums.terms, 64 * sizeof *set.sums.terms);
    remembered_release(&set);
    remembered_release(&again);
}

/* A set that is listed and one that has grown beyond that. */
static void across_forms(void **state)
{
    (void)state;
    check_between(REMEMBERED_LISTED_MAX);
    check_between(REMEMBERED_LISTED_MAX - 4);
}

/* Sums for 11 users reach 31; what is larger is withheld without looking. */
static void beyond_the_reach(void **state)
{
    (void)state;
    struct remembered then = set_of(0, 250000), other = set_without(1000, 251032, UINT64_MAX, 40),
                      near = set_without(1000, 251031, UINT64_MAX, 40);
    assert_int_equal(between(&then, &other, 40), 32);
    assert_int_equal(between(&then, &near, 40), 0);
    assert_int_equal(between(&then, &other, 32), 0);
    remembered_release(&then);
    remembered_release(&other);
    remembered_release(&near);
}

/* ---- records ---- */

static bool is_record(const char *text)
{
    struct remembered set;
    struct error err = ERROR_INIT;
    bool valid;
    assert_ok(remembered_read(&set, text, &valid, &err), err);
    remembered_release(&set);
    return valid;
}

static void damaged_records(void **state)
{
    (void)state;
#define ZEROS "0000000000000000"
#define SUMS                                                                                       \
    "0000000000000002000000000000000400000000000000"                                               \
    "0a000000000000001c"
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"{\"users\":\"\"}", true},
        {"{\"users\":\"0000000000010000000000ff\"}", true},
        {"{\"users\":\"00000000000\"}", false},
        {"{\"users\":\"0000000000010000000000f\"}", false},
        {"{\"users\":\"0000000000FF\"}", false},
        {"{\"users\":\"00000000 0ff\"}", false},
        {"{\"users\":7}", false},
        {"{}", false},
        {"[]", false},
        {"", false},
        {"{\"users\":\"", false},
        {"{\"count\":2,\"form\":2,\"sums\":\"" SUMS "\"}", true},
        {"{\"count\":3,\"form\":2,\"sums\":\"" SUMS "\"}", false},
        {"{\"count\":0,\"form\":2,\"sums\":\"" ZEROS ZEROS ZEROS ZEROS "\"}", false},
        {"{\"count\":-2,\"form\":2,\"sums\":\"" SUMS "\"}", false},
        {"{\"count\":2,\"form\":3,\"sums\":\"" SUMS "\"}", false},
        {"{\"count\":2,\"sums\":\"" SUMS "\"}", false},
        {"{\"count\":2,\"form\":2,\"sums\":\"0000000000000002" ZEROS "\"}", false},
        {"{\"count\":2,\"form\":2,\"sums\":\"" SUMS ZEROS "\"}", false},
        {"{\"count\":2,\"form\":2,\"sums\":\"" SUMS ZEROS "000000000000000\"}", false},
        {"{\"count\":2,\"form\":2,\"sums\":\"" SUMS ZEROS "1ffffffffffffffe\"}", true},
        {"{\"count\":2,\"form\":2,\"sums\":\"" SUMS ZEROS "1fffffffffffffff\"}", false},
        {"{\"count\":2,\"form\":2,\"sums\":\"\"}", false},
        {"{\"count\":2,\"form\":2}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (is_record(cases[i].text) != cases[i].valid)
            fail_msg("%s", cases[i].text);
}

/* A record of the first form, as it was ever written, against a set of today. */
static void the_first_form(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct remembered then;
    bool valid;
    assert_ok(remembered_read(&then, "{\"users\":\"0000000000050000000000ff123456789abc\"}", &valid,
                              &err),
              err);
    assert_true(valid && then.count == 3);
    uint64_t *users = mem_zalloc(5, sizeof *users);
    users[0] = UINT64_C(0x123456789abc);
    users[1] = 0xff;
    users[2] = 5;
    users[3] = 6;
    struct remembered now;
    remembered_init_listed(&now, users, 4);
    assert_int_equal(between(&then, &now, 2), 1);
    remembered_release(&now);
    remembered_release(&then);
}

/* In a ledger's file: no digit of a large set's sums can be changed, nor the record cut. */
static void edits_are_seen(void **state)
{
    (void)state;
    const char *path = test_path(test_dir(), "sums.db");
    static const struct ledger_terms terms = {.matter = "example"};
    struct error err = ERROR_INIT;
    struct ledger *ledger;
    struct remembered set = set_of(0, REMEMBERED_LISTED_MAX + 1);
    struct buffer text;
    buffer_init(&text, 1 << 16);
    assert_ok(remembered_write(&set, &text, &err), err);
    assert_ok(ledger_open(path, &terms, &ledger, &err), err);
    assert_ok(ledger_record(ledger, "record", question, text.data, &err), err);
    ledger_close(ledger);
    assert_ok(ledger_look(path, &ledger, &err), err);
    ledger_close(ledger);
    for (size_t cut = 0; cut < 2; cut++) {
        size_t len;
        char *data = test_read(path, &len), *at = NULL, *tail = text.data + text.len - 66;
        for (size_t i = 0; !at && i + 64 <= len; i++)
            if (memcmp(data + i, tail, 64) == 0)
                at = data + i;
        assert_non_null(at);
        if (cut)
            memset(at, ' ', 64);
        else
            at[63] = at[63] == '0' ? '1' : '0';
        const char *changed = test_path(test_dir(), "changed-sums.db");
        test_write(changed, data, len);
        free(data);
        assert_int_equal(ledger_look(changed, &ledger, &err), STATUS_REFUSED);
        assert_non_null(strstr(err.text, "its hash does not follow"));
    }
    buffer_release(&text);
    remembered_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_of_powers),
        cmocka_unit_test(differences_are_counted),
        cmocka_unit_test(reaches_follow_the_rule),
        cmocka_unit_test(listed_sets),
        cmocka_unit_test(users_that_share_a_hash),
        cmocka_unit_test(large_sets),
        cmocka_unit_test(across_forms),
        cmocka_unit_test(beyond_the_reach),
        cmocka_unit_test(damaged_records),
        cmocka_unit_test(the_first_form),
        cmocka_unit_test(edits_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
