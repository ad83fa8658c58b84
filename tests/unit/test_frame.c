/* Frames: their files, their digest, ids that two users share, and what a file must not hold. */
#include "tests/unit/sample_catalogue.h"

#include "base/civil.h"
#include "queries/frame.h"
#include "queries/sample.h"
#include "queries/ticket.h"

#include <stdlib.h>
#include <sys/stat.h>

static void shared_id_row(size_t part, uint32_t row, struct made_row *out, char scratch[static 256])
{
    plain_row(part, row, out, scratch);
    static const char *const users[] = {"a/b", "a", "%", NULL};
    snprintf(scratch, 64, "%s", row % 4 == 1 ? "b/c0" : row % 4 == 0 ? "c0" : "same");
    if (row >= 4)
        snprintf(scratch, 64, "other%u", row);
    out->user = users[row % 4];
}

static void frame_file(void **state)
{
    (void)state;
    struct made made;
    struct frame frame, back;
    struct error err = ERROR_INIT;
    struct stat info;
    bool written;
    made_init(&made, 2, (const uint32_t[]){30, 20}, plain_row);
    assert_ok(made_fix_frame(&made, &frame, &written, &err), err);
    assert_true(written);
    assert_int_equal(frame.count, 50);
    assert_int_equal(frame.basis.naming, UNIT_BY_ID);
    assert_int_equal(stat(made.frame_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    char *path = frame_default_path(&made.plan);
    assert_string_equal(path, made.frame_path);
    free(path);
    assert_ok(frame_read(&back, made.frame_path, &err), err);
    assert_string_equal(back.digest, frame.digest);
    assert_string_equal(back.catalogue_digest, made_digest);
    assert_string_equal(back.filter, frame.filter);
    assert_string_equal(back.filter, "{\"filters\":[],\"from\":null,\"to\":null}");
    frame_release(&back);

    /* The same again changes nothing; another population is refused. */
    assert_ok(made_fix_frame(&made, &back, &written, &err), err);
    assert_false(written);
    frame_release(&back);
    made.plan.population.to = 19690;
    made_again(&made);
    assert_int_equal(made_fix_frame(&made, &back, &written, &err), STATUS_PLAN);
    frame_release(&back);
    frame_release(&frame);
    made_release(&made);
}

/* The digest is what its description says, over ids in catalogue order. */
static void frame_digest(void **state)
{
    (void)state;
    struct made made;
    struct frame frame;
    struct error err = ERROR_INIT;
    made_init(&made, 1, (const uint32_t[]){3}, plain_row);
    assert_ok(made_frame(&made, &frame, &err), err);
    static const char text[] =
        "proffer frame 1\0conversation\0id\0c000000\0c000001\0c000002"; /* and its own NUL */
    struct sha256 value;
    char hex[65];
    assert_ok(sha256_of(text, sizeof text, &value, &err), err);
    sha256_hex(&value, hex);
    assert_string_equal(frame.digest, hex);
    frame_release(&frame);
    made.plan.population.to = 0;
    made_again(&made);
    assert_int_equal(made_frame(&made, &frame, &err), STATUS_PLAN);
    frame_release(&frame);
    made_release(&made);
}

static void frame_of_shared_ids(void **state)
{
    (void)state;
    struct made made;
    struct frame frame;
    struct error err = ERROR_INIT;
    made_init(&made, 1, (const uint32_t[]){6}, shared_id_row);
    assert_ok(made_frame(&made, &frame, &err), err);
    assert_int_equal(frame.basis.naming, UNIT_BY_USER_AND_ID);
    struct units units;
    assert_ok(units_init(&units, &made.population, UNIT_CONVERSATION, frame.basis.naming, &err),
              err);
    static const char *const expected[] = {"a%2Fb/c0", "a/b/c0", "%25/same", "/same"};
    for (uint32_t row = 0; row < 4; row++) {
        char scratch[UNIT_ID_MAX];
        struct span id = unit_id(&units, 0, row, scratch);
        assert_int_equal(id.len, strlen(expected[row]));
        assert_memory_equal(id.data, expected[row], id.len);
    }
    units_release(&units);
    frame_release(&frame);
    made_release(&made);
}

static void expect_bad_frame(const char *text, const char *said)
{
    struct frame frame;
    struct error err = ERROR_INIT;
    assert_int_equal(frame_parse(&frame, "f.json", text, strlen(text), &err), STATUS_PLAN);
    if (strcmp(err.text, said) != 0)
        fail_msg("%s\n  said:     %s: %s\n  expected: %s", text, err.where, err.text, said);
    frame_release(&frame);
}

static void frame_strict(void **state)
{
    (void)state;
#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FRAME(unit_id, n, strata, digest, population)                                              \
    "{\"proffer_frame\": 1, \"unit\": \"conversation\", \"unit_id\": \"" unit_id "\", \"N\": " n   \
    ", \"strata\": " strata ", \"digest\": \"" digest                                              \
    "\", \"fixed\": \"2025-01-31T12:00:00Z\", \"draws\": [], \"catalogue\": \"\", "                \
    "\"population\": " population "}"
#define ALL  "[{\"name\": \"all\", \"N\": 7}]"
#define NONE "{\"from\": null, \"to\": null, \"filters\": []}"
    struct frame frame;
    struct error err = ERROR_INIT;
    static const char good[] = FRAME("id", "7", ALL, HEX, NONE);
    assert_ok(frame_parse(&frame, "f.json", good, strlen(good), &err), err);
    frame_release(&frame);
    expect_bad_frame("{}", "the key \"proffer_frame\" is missing");
    expect_bad_frame(FRAME("ids", "7", ALL, HEX, NONE), "\"ids\" is none of \"id\", \"user/id\"");
    expect_bad_frame(FRAME("id", "0", ALL, HEX, NONE), "must be at least 1");
    expect_bad_frame(FRAME("id", "8", ALL, HEX, NONE),
                     "the strata hold fewer units than the frame");
    expect_bad_frame(FRAME("id", "7", "[]", HEX, NONE), "there must be 1 to 255 strata");
    expect_bad_frame(FRAME("id", "6", ALL, HEX, NONE), "the strata hold more units than the frame");
    expect_bad_frame(
        FRAME("id", "7", "[{\"name\": \"a\", \"N\": 3}, {\"name\": \"b\", \"N\": 4}]", HEX, NONE),
        "there are 2 strata, but no \"by\" that made them");
    expect_bad_frame(FRAME("id", "7", ALL, "0123", NONE),
                     "must be 64 lower-case hexadecimal digits");
    expect_bad_frame(FRAME("id", "7", ALL, HEX, "{\"from\": null, \"to\": null}"),
                     "the key \"filters\" is missing");
    expect_bad_frame(FRAME("id", "7", ALL, HEX, "{\"from\": \"x\", \"to\": null, \"filters\": []}"),
                     "\"x\" is no date");
    expect_bad_frame(FRAME("id", "7", ALL, HEX,
                           "{\"from\": null, \"to\": null, \"filters\": [{\"exclude\": true, "
                           "\"field\": \"user\"}]}"),
                     "needs either \"in\", or \"count\" and \"sha256\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_file),
        cmocka_unit_test(frame_digest),
        cmocka_unit_test(frame_of_shared_ids),
        cmocka_unit_test(frame_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
