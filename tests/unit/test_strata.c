/*
 * Strata and units: every unit in one stratum, small ones joined, stratified samples that nest and
 * can be checked, ids of exchanges and users.
 */
#include "tests/unit/sample_catalogue.h"

#include "base/civil.h"
#include "queries/sample.h"
#include "queries/strata.h"
#include "queries/ticket.h"

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

/* ---- strata of the plan alone, drawn by shares ---- */

static char *listed[] = {(char *)"free", (char *)"gold"};
static struct plan_field few = {.kind = PLAN_FIELD_STORED,
                                .name = (char *)"account",
                                .stored = 3,
                                .values = listed,
                                .value_count = 2};

/* A plan with noise that puts accounts, of which two are listed, into strata. */
static void prepare_noisy(struct made *made)
{
    prepare(made, 2, (const uint32_t[]){130, 70});
    queries[1].by = &few;
    made->plan.release.noise.mechanism = (char *)"discrete-gaussian";
    made->plan.release.min_users = 11;
}

static enum status lay_by_plan(const struct made *made, size_t number, struct strata *strata,
                               struct error *err)
{
    struct tally_source source = made_source(made);
    struct units units;
    assert_ok(units_init(&units, &made->population, UNIT_CONVERSATION, UNIT_BY_ID, err), *err);
    enum status status = strata_by_plan(strata, &units, &source, number, err);
    units_release(&units);
    return status;
}

/* Which strata there are does not follow from the units: neither where some are gone, nor where a
 * period has none. */
static void strata_of_the_plan(void **state)
{
    (void)state;
    static const char *const names[] = {"free", "gold", "other", "unknown"};
    struct made made;
    struct error err = ERROR_INIT;
    struct strata strata;
    prepare_noisy(&made);
    char *free_ones[] = {(char *)"free"};
    struct plan_filter filter = {
        .exclude = true, .field = account, .values = free_ones, .value_count = 1};
    for (int pass = 0; pass < 2; pass++) {
        made.plan.population.filters = &filter;
        made.plan.population.filter_count = (size_t)pass;
        made_again(&made);
        assert_ok(lay_by_plan(&made, 1, &strata, &err), err);
        assert_int_equal(strata.count, 4);
        for (size_t h = 0; h < 4; h++)
            assert_string_equal(strata.items[h].name, names[h]);
        assert_int_equal(strata.items[0].count, pass ? 0 : 80);
        assert_int_equal(strata.items[1].count, 0);
        assert_int_equal(strata.items[2].count, 120);
        strata_release(&strata);
    }
    made.plan.population.filter_count = 0;
    /* Days: from the plan's first to its last; values that are not listed are none of the plan's.
     */
    made_again(&made);
    assert_int_equal(lay_by_plan(&made, 2, &strata, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "come from the logs"));
    strata_release(&strata);
    made.plan.population.from = 1700000000 / 86400 - 3;
    made.plan.population.to = 1700000000 / 86400 + 39;
    made_again(&made);
    assert_ok(lay_by_plan(&made, 2, &strata, &err), err);
    assert_int_equal(strata.count, 43);
    assert_string_equal(strata.items[0].name, "2023-11-11");
    assert_int_equal(strata.items[0].count, 0);
    assert_true(strata.items[3].count > 0);
    strata_release(&strata);
    queries[1].by = &account;
    assert_int_equal(lay_by_plan(&made, 1, &strata, &err), STATUS_PLAN);
    strata_release(&strata);
    made_release(&made);
}

static void fix_shares(const struct made *made, const char *shares, struct sample *sample,
                       enum sample_outcome wanted)
{
    struct sample_request request = {.frame_path = made->frame_path,
                                     .sample_path = made->sample_path,
                                     .labels_path = made->labels_path,
                                     .shares = shares,
                                     .seed = "dice",
                                     .seed_source = "a test",
                                     .seed_time = CIVIL_NONE};
    struct tally_source source = made_source(made);
    struct error err = ERROR_INIT;
    enum sample_outcome outcome;
    sample_init(sample);
    assert_ok(sample_fix(sample, &source, &request, &outcome, &err), err);
    assert_int_equal(outcome, wanted);
}

static void expect_no_shares(const struct made *made, const char *shares, const char *said)
{
    struct sample_request request = {.frame_path = made->frame_path,
                                     .sample_path = made->sample_path,
                                     .labels_path = made->labels_path,
                                     .shares = shares,
                                     .seed = "dice",
                                     .seed_source = "a test",
                                     .seed_time = CIVIL_NONE};
    struct tally_source source = made_source(made);
    struct error err = ERROR_INIT;
    struct sample sample;
    enum sample_outcome outcome;
    sample_init(&sample);
    assert_int_equal(sample_fix(&sample, &source, &request, &outcome, &err), STATUS_PLAN);
    if (!strstr(err.text, said))
        fail_msg("\"%s\" says \"%s\", not \"%s\"", shares, err.text, said);
    sample_release(&sample);
}

/* Drawn is what lies under the cut-offs, each unit whatever the others are. */
static void samples_by_shares(void **state)
{
    (void)state;
    static const double shares[] = {0.5, 0.1, 0.2, 1};
    struct made made;
    struct error err = ERROR_INIT;
    struct frame frame;
    struct sample sample, larger;
    struct strata strata;
    struct ticket_maker *maker;
    bool written;
    prepare_noisy(&made);
    struct tally_source source = made_source(&made);
    struct frame_request request = {.by = "accounts", .catalogue_digest = made_digest};
    assert_ok(frame_fix(&frame, &source, &request, made.frame_path, &written, &err), err);
    assert_true(frame.basis.all_groups && frame.stratum_count == 4 && frame.strata[1].count == 0);
    frame_release(&frame);
    expect_no_shares(&made, "0.5,0.1", "the frame has 4 strata");
    expect_no_shares(&made, "0.5,0.1,0,1", "above 0");
    expect_no_shares(&made, "1.01", "at most 1");
    expect_no_shares(&made, "1e-11", "draw no unit");
    fix_shares(&made, "0.5,0.1,0.2,1", &sample, SAMPLE_DRAWN);
    assert_ok(ticket_maker_new(&maker, "dice", &err), err);
    assert_ok(lay_by_plan(&made, 1, &strata, &err), err);
    size_t drawn = 0;
    for (size_t p = 0; p < 2; p++)
        for (uint32_t row = 0; row < made.catalogue.parts[p].rows; row++) {
            char id[16];
            struct sha256 ticket;
            snprintf(id, sizeof id, "c%06u", (uint32_t)p * 100000 + row);
            assert_ok(ticket_of(maker, id, 7, &ticket, &err), err);
            double place = (double)sha256_head(&ticket, 8) / 0x1p64;
            bool in = place < shares[strata_of(&strata, p, row)];
            assert_int_equal(intern_find(&sample.ids, id, 7) != INTERN_NONE, in);
            drawn += in;
        }
    assert_int_equal(drawn, sample.ids.count);
    assert_true(drawn > 30 && drawn < 100);
    ticket_maker_free(maker);
    strata_release(&strata);
    sample_release(&sample);
    /* What is on the disk is that, and is checked again. */
    sample_init(&sample);
    assert_ok(sample_read(&sample, made.sample_path, &err), err);
    assert_true(sample.basis.all_groups && sample.strata[2].share == 0.2);
    struct frame_units laid;
    assert_ok(frame_lay(&laid, &sample.basis, &source, &err), err);
    assert_ok(sample_check(&sample, &laid, NULL, &err), err);
    /* Another share has another cut-off: what is missing under it is missed. */
    sample.strata[2].share = 0.9;
    sample.strata[2].cut_off = ticket_of_share(0.9);
    assert_int_equal(sample_check(&sample, &laid, NULL, &err), STATUS_PLAN);
    frame_units_release(&laid);
    fix_shares(&made, "0.5,0.2,0.2,1", &larger, SAMPLE_EXTENDED); /* of nobody */
    assert_int_equal(larger.ids.count, sample.ids.count);
    sample_release(&larger);
    fix_shares(&made, "0.5,0.2,0.2,1", &larger, SAMPLE_UNCHANGED);
    sample_release(&larger);
    expect_no_shares(&made, "0.4,0.2,0.2,1", "cannot shrink");
    test_write_text(made.labels_path, "id,label\n");
    expect_no_shares(&made, "0.6,0.2,0.2,1", "labels are there");
    sample_release(&sample);
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
        cmocka_unit_test(strata_of_the_plan),
        cmocka_unit_test(samples_by_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
