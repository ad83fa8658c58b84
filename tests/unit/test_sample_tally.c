/*
 * The tally of a relevance query: what labels say of a sample, samples restricted to a narrower
 * population, and all that must be refused; then coverage of the bounds over many draws.
 */
#include "tests/unit/sample_catalogue.h"

#include "base/civil.h"
#include "queries/sample.h"
#include "queries/tally_relevance.h"
#include "stats/exact_bound.h"

#include <stdlib.h>

static char *listed[] = {(char *)"business"};
static char *users[] = {(char *)"u3", (char *)"u1"};
static char *fewer_users[] = {(char *)"u1"};

static struct plan_filter not_business = {
    .exclude = true,
    .field = {.kind = PLAN_FIELD_STORED, .name = (char *)"account", .stored = 3},
    .values = listed,
    .value_count = 1};
static struct plan_filter not_users[2] = {
    {.exclude = true,
     .field = {.kind = PLAN_FIELD_STORED, .name = (char *)"user", .stored = SIZE_MAX},
     .values = users,
     .value_count = 2},
    {.exclude = true,
     .field = {.kind = PLAN_FIELD_STORED, .name = (char *)"account", .stored = 3},
     .values = listed,
     .value_count = 1}};

static void filter(struct made *made, struct plan_filter *filters, size_t count)
{
    made->plan.population.filters = filters;
    made->plan.population.filter_count = count;
    made_again(made);
}

static void frame_and_draw(struct made *made, uint64_t size, const char *seed,
                           struct sample *sample)
{
    struct error err = ERROR_INIT;
    struct frame frame;
    bool written;
    enum sample_outcome outcome;
    assert_ok(made_fix_frame(made, &frame, &written, &err), err);
    frame_release(&frame);
    struct sample_request request = {.frame_path = made->frame_path,
                                     .sample_path = made->sample_path,
                                     .labels_path = made->labels_path,
                                     .size = size,
                                     .seed = seed,
                                     .seed_source = "two dice",
                                     .seed_time = CIVIL_NONE};
    struct tally_source source = made_source(made);
    sample_init(sample);
    assert_ok(sample_fix(sample, &source, &request, &outcome, &err), err);
}

static enum status relevance_of(const struct made *made, struct tally *tally, struct error *err)
{
    struct tally_source source = made_source(made);
    return tally_relevance(&source, 0, tally, err);
}

static uint32_t number_of(const struct sample *sample, size_t i)
{
    return (uint32_t)strtoul(sample->ids.items[i].text + 1, NULL, 10);
}

static void expect_refused(const struct made *made, enum status wanted, const char *said)
{
    struct error err = ERROR_INIT;
    struct tally tally;
    tally_init(&tally);
    assert_int_equal(relevance_of(made, &tally, &err), wanted);
    if (!strstr(err.text, said))
        fail_msg("said: %s: %s\nexpected: %s", err.where, err.text, said);
    assert_int_equal(tally.sample_count, 0);
    tally_release(&tally);
}

static struct tally_sample tallied(const struct made *made, struct tally *tally)
{
    struct error err = ERROR_INIT;
    tally_init(tally);
    assert_ok(relevance_of(made, tally, &err), err);
    assert_int_equal(tally->sample_count, 1);
    return tally->samples[0];
}

static void without_files(void **state)
{
    (void)state;
    struct made made;
    struct sample sample;
    struct tally tally;
    struct error err = ERROR_INIT;
    made_init(&made, 2, (const uint32_t[]){60, 40}, plain_row);
    tally_init(&tally);
    assert_ok(relevance_of(&made, &tally, &err), err);
    assert_int_equal(tally.sample_count, 0);
    frame_and_draw(&made, 20, "s", &sample);
    struct tally_sample out = tallied(&made, &tally);
    assert_int_equal(out.whole.population, 100);
    assert_int_equal(out.frame, 100);
    assert_int_equal(out.whole.drawn, 20);
    assert_int_equal(out.frame_drawn, 20);
    assert_int_equal(out.whole.relevant, 0);
    assert_int_equal(out.whole.unreadable, 20);
    assert_int_equal(out.whole.missing, 20);
    assert_int_equal(out.reviewers, 0);
    assert_int_equal(out.rejected, 8);
    assert_string_equal(out.seed_source, "two dice");
    assert_string_equal(out.frame_digest, sample.frame_digest);
    assert_string_equal(out.sample_digest, sample.sha256);
    tally_release(&tally);
    sample_release(&sample);
    made_release(&made);
}

static void with_labels(void **state)
{
    (void)state;
    struct made made;
    struct sample sample;
    struct tally tally;
    bool seen[41] = {false}, seen_out[41] = {false};
    uint32_t distinct = 0, distinct_out = 0;
    made_init(&made, 2, (const uint32_t[]){60, 40}, plain_row);
    frame_and_draw(&made, 20, "s", &sample);
    FILE *file = fopen(made.labels_path, "w");
    assert_non_null(file);
    fprintf(file, "id,label,reviewer\n");
    for (size_t i = 0; i < 18; i++) { /* 8 relevant, 7 irrelevant, 2 unreadable, 1 differing */
        const char *label = i < 8 ? "yes" : i < 15 ? "no" : i < 17 ? "?" : "yes";
        fprintf(file, "%s,%s,X\n", sample.ids.items[i].text, label);
        uint32_t number = number_of(&sample, i), user = number % 13 ? number % 40 : 40;
        distinct += i < 8 && !seen[user];
        seen[user] = seen[user] || i < 8;
        bool out = i >= 8 && i < 15;
        distinct_out += out && !seen_out[user];
        seen_out[user] = seen_out[user] || out;
    }
    fprintf(file, "%s,no,Y\n", sample.ids.items[17].text);
    assert_int_equal(fclose(file), 0);
    struct tally_sample out = tallied(&made, &tally);
    assert_int_equal(out.whole.drawn, 20);
    assert_int_equal(out.whole.relevant, 8);
    assert_int_equal(out.whole.relevant_users, distinct);
    assert_int_equal(out.whole.irrelevant, 7);
    assert_int_equal(out.whole.irrelevant_users, distinct_out);
    assert_int_equal(out.whole.unreadable, 5);
    assert_int_equal(out.whole.missing, 2);
    assert_int_equal(out.whole.disagreements, 1);
    assert_int_equal(out.reviewers, 2);
    tally_release(&tally);

    test_write_text(made.labels_path, "id,label\nc999999,yes\n");
    expect_refused(&made, STATUS_INPUT, "\"c999999\" is not in the sample");
    sample_release(&sample);
    made_release(&made);
}

static void restricted(void **state)
{
    (void)state;
    struct made made;
    struct sample sample;
    struct tally tally;
    struct error err = ERROR_INIT;
    made_init(&made, 2, (const uint32_t[]){300, 200}, plain_row);
    made.plan.population.from = 19676;
    made.plan.population.to = 19700;
    filter(&made, NULL, 0);
    frame_and_draw(&made, 60, "s", &sample);
    uint64_t frame_count = made.population.conversations, inside = 0, relevant = 0;
    FILE *file = fopen(made.labels_path, "w");
    assert_non_null(file);
    fprintf(file, "id,label\n");
    for (size_t i = 0; i < 60; i++) {
        uint32_t number = number_of(&sample, i);
        bool is_inside = number % 10 != 0;
        inside += is_inside;
        relevant += is_inside && number % 3 == 0;
        fprintf(file, "%s,%d\n", sample.ids.items[i].text, number % 3 == 0);
    }
    assert_int_equal(fclose(file), 0);

    /* A filter more: the sample counts as far as it lies inside. */
    filter(&made, &not_business, 1);
    struct tally_sample out = tallied(&made, &tally);
    assert_int_equal(out.whole.population, made.population.conversations);
    assert_true(out.whole.population < frame_count);
    assert_int_equal(out.frame, frame_count);
    assert_int_equal(out.frame_drawn, 60);
    assert_int_equal(out.whole.drawn, inside);
    assert_int_equal(out.whole.relevant, relevant);
    assert_int_equal(out.whole.unreadable, 0);
    tally_release(&tally);

    /* A wider period: what could not be drawn is refused. */
    made.plan.population.to = 19701;
    filter(&made, NULL, 0);
    expect_refused(&made, STATUS_PLAN, "of the population are not in the frame");

    /* Without the frame's file, or with another's, nothing can be verified. */
    made.plan.population.to = 19699;
    filter(&made, NULL, 0);
    tally_init(&tally);
    assert_ok(relevance_of(&made, &tally, &err), err);
    tally_release(&tally);
    remove(made.frame_path);
    expect_refused(&made, STATUS_PLAN, "there is no frame");
    struct frame other;
    bool written;
    assert_ok(made_fix_frame(&made, &other, &written, &err), err);
    frame_release(&other);
    made.plan.population.to = 19698;
    filter(&made, NULL, 0);
    expect_refused(&made, STATUS_PLAN, "the sample was not drawn from the frame");
    sample_release(&sample);
    made_release(&made);
}

/* Lists of users are in a frame as digests, and must stand in the plan to be used again. */
static void user_lists(void **state)
{
    (void)state;
    struct made made;
    struct sample sample;
    struct tally tally;
    made_init(&made, 1, (const uint32_t[]){200}, plain_row);
    filter(&made, not_users, 1);
    frame_and_draw(&made, 30, "s", &sample);
    char *text = test_read(made.frame_path, NULL);
    assert_null(strstr(text, "u3"));
    assert_non_null(strstr(text, "\"field\": \"user\""));
    free(text);
    filter(&made, not_users, 2);
    struct tally_sample out = tallied(&made, &tally);
    assert_true(out.whole.drawn < 30);
    tally_release(&tally);

    struct plan_filter changed[2] = {not_users[0], not_users[1]};
    changed[0].values = fewer_users;
    changed[0].value_count = 1;
    filter(&made, changed, 2);
    expect_refused(&made, STATUS_PLAN,
                   "the frame was made with a list of values of \"user\" that the plan does not "
                   "have");
    sample_release(&sample);
    made_release(&made);
}

static void looks_refused(void **state)
{
    (void)state;
    struct made made;
    struct sample sample, larger;
    made_init(&made, 1, (const uint32_t[]){200}, plain_row);
    frame_and_draw(&made, 30, "s", &sample);
    test_write_text(made.labels_path, "id,label\n");
    frame_and_draw(&made, 50, "s", &larger);
    expect_refused(&made, STATUS_PLAN,
                   "looks: labels were read at 30 units before the sample grew to 50");
    /* A bound that holds at every look may be had all the same; Blaker's is for a fixed size. */
    struct tally tally;
    made.query.method = (char *)"blaker";
    expect_refused(&made, STATUS_PLAN, "looks: labels were read at 30 units");
    made.query.method = (char *)"anytime";
    made.query.prior[0] = made.query.prior[1] = 1;
    assert_int_equal(tallied(&made, &tally).whole.drawn, 50);
    tally_release(&tally);
    sample_release(&sample);
    sample_release(&larger);
    made_release(&made);
}

static void tampered_file(void **state)
{
    (void)state;
    struct made made;
    struct sample sample;
    made_init(&made, 1, (const uint32_t[]){200}, plain_row);
    frame_and_draw(&made, 30, "s", &sample);
    size_t len;
    char *text = test_read(made.sample_path, &len);
    char *id = strstr(text, sample.ids.items[3].text);
    assert_non_null(id);
    id[6] = id[6] == '9' ? '8' : (char)(id[6] + 1);
    test_write(made.sample_path, text, len);
    expect_refused(&made, STATUS_PLAN, "ids[3]");
    test_write_text(made.sample_path, "{ \"proffer_sample\": 1,, }");
    expect_refused(&made, STATUS_PLAN, "");
    free(text);
    sample_release(&sample);
    made_release(&made);
}

/*
 * 95 % bounds from (x, n, N) of real draws, restricted ones too, cover the truth at least 95 % of
 * the time. Fails only at 5.5 standard deviations below that.
 */
static void bounds_cover(void **state)
{
    (void)state;
    struct made made;
    struct error err = ERROR_INIT;
    const unsigned draws = test_short() ? 100 : 600;
    made_init(&made, 1, (const uint32_t[]){400}, plain_row);
    struct frame frame;
    assert_ok(made_frame(&made, &frame, &err), err);
    struct frame_units laid;
    const uint64_t size = 60;
    made_lay(&made, &laid);
    unsigned covered = 0, covered_inside = 0;
    for (unsigned i = 0; i < draws; i++) {
        struct sample sample;
        char seed[16];
        uint64_t x = 0, x_in = 0, n_in = 0;
        snprintf(seed, sizeof seed, "%u", i);
        sample_init(&sample);
        assert_ok(sample_draw(&sample, &laid, &frame, &(struct sample_amounts){.sizes = &size},
                              seed, "list", &err),
                  err);
        for (size_t j = 0; j < 60; j++) {
            uint32_t number = number_of(&sample, j);
            x += number % 20 == 7;
            n_in += number % 10 != 0;
            x_in += number % 20 == 7; /* all of them are inside */
        }
        uint64_t low = exact_bound_lower(400, 60, x, 0.025).value;
        uint64_t high = exact_bound_upper(400, 60, x, 0.025).value;
        covered += low <= 20 && 20 <= high;
        low = exact_bound_lower(360, n_in, x_in, 0.025).value;
        high = exact_bound_upper(360, n_in, x_in, 0.025).value;
        covered_inside += low <= 20 && 20 <= high;
        sample_release(&sample);
    }
    /* 0.95 n - 5.5 sqrt(0.0475 n) */
    unsigned least = test_short() ? 83 : 540;
    assert_true(covered >= least);
    assert_true(covered_inside >= least);
    frame_units_release(&laid);
    frame_release(&frame);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_files), cmocka_unit_test(with_labels),
        cmocka_unit_test(restricted),    cmocka_unit_test(user_lists),
        cmocka_unit_test(looks_refused), cmocka_unit_test(tampered_file),
        cmocka_unit_test(bounds_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
