/*
 * Strata and units: every unit in one stratum, small ones joined, stratified samples that nest and
 * can be checked, ids of exchanges and users.
 */
#include "tests/unit/sample_catalogue.h"

#include "base/civil.h"
#include "queries/sample.h"
#include "queries/strata.h"

#include <stdlib.h>

static struct plan_field account = {
    .kind = PLAN_FIELD_STORED, .name = (char *)"account", .stored = 3};
static struct plan_field day = {.kind = PLAN_FIELD_DAY, .name = (char *)"day"};
static struct plan_query queries[3];

static void prepare(struct made *made, size_t parts, const uint32_t *rows)
{
    made_init(made, parts, rows, plain_row);
    queries[0] = made->query;
    queries[1] = (struct plan_query){
        .id = (char *)"accounts", .kind = QUERY_COUNT, .by = &account, .by_count = 1};
    queries[2] =
        (struct plan_query){.id = (char *)"days", .kind = QUERY_COUNT, .by = &day, .by_count = 1};
    made->plan.queries = queries;
    made->plan.query_count = 3;
}

/* Distinct users of each stratum, the slow way; plain_row has 40 users and unknown ones. */
static uint32_t users_in(const struct made *made, const struct strata *strata, uint32_t stratum,
                         uint64_t *units)
{
    bool seen[41] = {false};
    uint32_t users = 0;
    *units = 0;
    for (size_t p = 0; p < made->catalogue.count; p++)
        for (uint32_t row = 0; row < made->catalogue.parts[p].rows; row++) {
            uint32_t number = (uint32_t)p * 100000 + row;
            uint32_t user = number % 13 ? number % 40 : 40;
            if (strata_of(strata, p, row) != stratum)
                continue;
            ++*units;
            users += !seen[user];
            seen[user] = true;
        }
    return users;
}

static void by_account(void **state)
{
    (void)state;
    struct made made;
    struct error err = ERROR_INIT;
    struct units units;
    struct strata strata;
    prepare(&made, 2, (const uint32_t[]){130, 70});
    struct tally_source source = made_source(&made);
    assert_ok(units_init(&units, &made.population, UNIT_CONVERSATION, UNIT_BY_ID, &err), err);
    assert_ok(strata_by(&strata, &units, &source, 1, 0, &err), err);
    assert_int_equal(strata.count, 3);
    for (size_t p = 0; p < 2; p++)
        for (uint32_t row = 0; row < made.catalogue.parts[p].rows; row++) {
            uint32_t number = (uint32_t)p * 100000 + row;
            const char *expected = number % 10 == 0 ? "business" : number % 2 ? "plus" : "free";
            assert_string_equal(strata.items[strata_of(&strata, p, row)].name, expected);
        }
    assert_int_equal(strata.items[0].count + strata.items[1].count + strata.items[2].count, 200);
    assert_int_equal(strata.items[0].count, 20);
    strata_release(&strata);
    units_release(&units);
    made_release(&made);
}

static void small_ones_joined(void **state)
{
    (void)state;
    struct made made;
    struct error err = ERROR_INIT;
    struct units units;
    prepare(&made, 2, (const uint32_t[]){130, 70});
    struct tally_source source = made_source(&made);
    assert_ok(units_init(&units, &made.population, UNIT_CONVERSATION, UNIT_BY_ID, &err), err);
    size_t last = 1000;
    for (uint32_t least = 0; least <= 60; least += 6) {
        struct strata strata;
        uint64_t all = 0, here;
        assert_ok(strata_by(&strata, &units, &source, 2, least, &err), err);
        assert_true(strata.count <= last);
        last = strata.count;
        for (uint32_t h = 0; h < strata.count; h++) {
            uint32_t users = users_in(&made, &strata, h, &here);
            assert_true(users >= least || strata.count == 1);
            assert_int_equal(here, strata.items[h].count);
            assert_true(here > 0);
            all += here;
            assert_true(strata.items[h].to > strata.items[h].from);
            assert_int_equal(strata.items[h].from, h ? strata.items[h - 1].to : 0);
        }
        assert_int_equal(strata.items[strata.count - 1].to, 30);
        assert_int_equal(all, 200);
        if (least == 0)
            assert_int_equal(strata.count, 30);
        if (least == 12)
            assert_non_null(strstr(strata.items[0].name, "2023-11-14 + 2023-11-15"));
        strata_release(&strata);
    }
    assert_int_equal(last, 1); /* no 60 users anywhere */
    units_release(&units);
    made_release(&made);
}

static void fix(const struct made *made, const struct sample_request *request,
                enum sample_outcome wanted)
{
    struct error err = ERROR_INIT;
    struct tally_source source = made_source(made);
    struct sample sample;
    enum sample_outcome outcome;
    sample_init(&sample);
    assert_ok(sample_fix(&sample, &source, request, &outcome, &err), err);
    assert_int_equal(outcome, wanted);
    sample_release(&sample);
}

static void stratified_samples(void **state)
{
    (void)state;
    struct made made;
    struct error err = ERROR_INIT;
    struct frame frame, back;
    bool written;
    prepare(&made, 2, (const uint32_t[]){130, 70});
    struct tally_source source = made_source(&made);
    struct frame_request frame_request = {.by = "accounts", .catalogue_digest = made_digest};
    assert_ok(frame_fix(&frame, &source, &frame_request, made.frame_path, &written, &err), err);
    struct sample_request request = {.frame_path = made.frame_path,
                                     .sample_path = made.sample_path,
                                     .sizes = "all, 10,0",
                                     .seed = "s",
                                     .seed_source = "dice",
                                     .seed_time = frame.fixed};
    fix(&made, &request, SAMPLE_DRAWN);
    request.sizes = "20,15,5";
    fix(&made, &request, SAMPLE_EXTENDED);
    fix(&made, &request, SAMPLE_UNCHANGED);
    assert_ok(frame_read(&back, made.frame_path, &err), err);
    assert_int_equal(back.draw_count, 1);
    assert_int_equal(back.draws[0].size, 40);
    assert_int_equal(back.stratum_count, 3);
    assert_string_equal(back.strata[2].name, frame.strata[2].name);
    assert_string_equal(back.basis.by, "accounts");
    assert_int_equal(back.fixed, frame.fixed);

    /* What was written is what the frame's units have. */
    struct sample sample;
    struct frame_units laid;
    struct unit_place places[40];
    sample_init(&sample);
    assert_ok(sample_read(&sample, made.sample_path, &err), err);
    assert_int_equal(sample.stratum_count, 3);
    assert_int_equal(sample.strata[1].first, 20);
    assert_ok(frame_lay(&laid, &sample.basis, &source, &err), err);
    assert_ok(sample_check(&sample, &laid, places, &err), err);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal(strata_of(&laid.strata, places[i].part, places[i].row), i < 20   ? 0
                                                                                 : i < 35 ? 1
                                                                                          : 2);
    /* A cut-off that reaches further leaves a unit out. */
    memset(sample.strata[2].cut_off.bytes, 0xFF, 32);
    assert_int_equal(sample_check(&sample, &laid, NULL, &err), STATUS_PLAN);
    frame_units_release(&laid);
    sample_release(&sample);
    frame_release(&back);
    frame_release(&frame);
    made_release(&made);
}

static void ids_of_units(void **state)
{
    (void)state;
    struct made made;
    struct error err = ERROR_INIT;
    struct units units;
    char scratch[UNIT_ID_MAX];
    prepare(&made, 1, (const uint32_t[]){80});
    assert_ok(units_init(&units, &made.population, UNIT_EXCHANGE, UNIT_BY_ID, &err), err);
    assert_int_equal(units.count, 80);
    struct span id = unit_id(&units, 0, 17, scratch);
    assert_memory_equal(id.data, "c000017#1", 9);
    assert_int_equal(id.len, 9);
    units_release(&units);
    /* 40 users, less those whose every row is one of the unknown; and each unknown by itself. */
    assert_ok(units_init(&units, &made.population, UNIT_USER, UNIT_BY_ID, &err), err);
    uint64_t expected = made.population.users;
    assert_int_equal(units.count, expected);
    id = unit_id(&units, 0, 0, scratch);
    assert_memory_equal(id.data, "/c000000", 8);
    id = unit_id(&units, 0, 1, scratch);
    assert_int_equal(id.len, 2);
    assert_memory_equal(id.data, "u1", 2);
    bool unique;
    assert_ok(units_unique(&units, &unique, &err), err);
    assert_true(unique);
    units_release(&units);
    made_release(&made);
}

static void refused(void **state)
{
    (void)state;
    struct made made;
    struct error err = ERROR_INIT;
    struct units units;
    struct strata strata;
    prepare(&made, 1, (const uint32_t[]){80});
    struct tally_source source = made_source(&made);
    assert_ok(units_init(&units, &made.population, UNIT_USER, UNIT_BY_ID, &err), err);
    assert_int_equal(strata_by(&strata, &units, &source, 1, 0, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "users cannot be stratified by it"));
    strata_release(&strata);
    assert_int_equal(strata_by(&strata, &units, &source, 0, 0, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "puts units into no strata"));
    strata_release(&strata);
    units_release(&units);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_account),
        cmocka_unit_test(small_ones_joined),
        cmocka_unit_test(stratified_samples),
        cmocka_unit_test(ids_of_units),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
