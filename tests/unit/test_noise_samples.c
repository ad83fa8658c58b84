/*
 * Sensitivities of labelled samples by enumeration: the sample and its labels stay as they were
 * drawn, and of all neighbours, which lack one user's conversations, what was drawn, what of it is
 * relevant and unreadable, and how large a search's two parts are may change by no more than the
 * rule says that their noise was made for; some change by just that.
 */
#include "tests/unit/sample_catalogue.h"

#include "base/civil.h"
#include "queries/labelled_sample.h"
#include "queries/noise_shape.h"
#include "queries/sample.h"
#include "queries/ticket.h"
#include "release/mechanism.h"

#include <math.h>
#include <stdlib.h>

enum { CAP = 4, USERS = 40, DRAWN = 420, MEASURES = 8, PLAIN = 4, STRATA = 5, ROWS = 3 * STRATA };

/* Rows: the whole sample, or its strata; what a search found of each, what it left. */
static const char *const ids[MEASURES] = {"drawn",   "relevant", "unreadable", "population",
                                          "cleared", "checked",  "overturned", "unclear"};
struct numbers {
    uint64_t values[MEASURES][ROWS]; /* in the order of ids */
    size_t strata;
};

/* Strata that the plan makes; of some there is no conversation. */
static char *listed[] = {(char *)"free", (char *)"plus", (char *)"gold"};
static struct plan_field accounts = {.kind = PLAN_FIELD_STORED,
                                     .name = (char *)"account",
                                     .stored = 3,
                                     .values = listed,
                                     .value_count = 3};
static struct plan_query queries[2];

static uint32_t number_of(const char *id)
{
    return (uint32_t)strtoul(id + 1, NULL, 10);
}

static void put_label(FILE *file, const char *id)
{
    uint32_t number = number_of(id);
    fprintf(file, "%s,%s\n", id, number % 40 == 7 ? "?" : number % 5 ? "yes" : "no");
}

/* Of the drawn units; or, of users that were drawn, of their conversations where the query asks for
 * these. */
static void put_labels(const struct made *made, const struct sample *sample)
{
    bool clusters = sample->basis.kind == UNIT_USER && strcmp(made->query.unit, "user") != 0;
    FILE *file = fopen(made->labels_path, "w");
    assert_non_null(file);
    fputs("id,label\n", file);
    for (size_t i = 0; i < sample->ids.count && !clusters; i++)
        put_label(file, sample->ids.items[i].text);
    for (size_t p = 0; p < made->catalogue.count && clusters; p++)
        for (uint32_t row = 0; row < made->catalogue.parts[p].rows; row++) {
            struct made_row r = {.user = NULL};
            char scratch[256], unit[512];
            plain_row(p, row, &r, scratch);
            snprintf(unit, sizeof unit, "%s%s", r.user ? r.user : "/", r.user ? "" : r.id);
            if (intern_find(&sample->ids, unit, strlen(unit)) != INTERN_NONE)
                put_label(file, r.id);
        }
    assert_int_equal(fclose(file), 0);
}

/* Units of KIND, by size from one stratum; or by SHARES, from the plan's strata where there are
 * several. */
static void frame_and_draw(struct made *made, enum unit_kind kind, const char *shares)
{
    struct error err = ERROR_INIT;
    struct frame frame;
    struct sample sample;
    bool written;
    enum sample_outcome outcome;
    struct tally_source over = made_source(made);
    bool strata = shares && strchr(shares, ',');
    struct frame_request by = {
        .kind = kind, .by = strata ? "accounts" : NULL, .catalogue_digest = made_digest};
    assert_ok(frame_fix(&frame, &over, &by, made->frame_path, &written, &err), err);
    frame_release(&frame);
    struct sample_request request = {.frame_path = made->frame_path,
                                     .sample_path = made->sample_path,
                                     .labels_path = made->labels_path,
                                     .size = DRAWN,
                                     .shares = shares,
                                     .seed = "a seed",
                                     .seed_source = "dice",
                                     .seed_time = CIVIL_NONE};
    struct tally_source source = made_source(made);
    sample_init(&sample);
    assert_ok(sample_fix(&sample, &source, &request, &outcome, &err), err);
    put_labels(made, &sample);
    sample_release(&sample);
}

/* What a checker says: as the reviewers, but of their irrelevant ones, of which those with tickets
 * in the plan's share are checked. */
static void check_labels(const struct made *made)
{
    struct error err = ERROR_INIT;
    struct sample sample;
    struct ticket_maker *maker;
    struct sha256 ticket, cut_off = ticket_of_share(queries[0].check_share);
    FILE *file = fopen(queries[0].check_path, "w");
    assert_non_null(file);
    fputs("id,label\n", file);
    sample_init(&sample);
    assert_ok(sample_read(&sample, made->sample_path, &err), err);
    assert_ok(ticket_maker_new(&maker, "a seed/adjudication", &err), err);
    for (size_t i = 0; i < sample.ids.count; i++) {
        const struct intern_text *id = &sample.ids.items[i];
        uint32_t number = number_of(id->text);
        assert_ok(ticket_of(maker, id->text, id->len, &ticket, &err), err);
        bool cleared = number % 40 != 7 && number % 5 == 0;
        if (cleared && ticket_compare(&ticket, &cut_off) > 0)
            continue;
        fprintf(file, "%s,%s\n", id->text,
                !cleared            ? (number % 40 == 7 ? "?" : "yes")
                : number % 40 == 5  ? "yes"
                : number % 40 == 15 ? "?"
                                    : "no");
    }
    ticket_maker_free(maker);
    sample_release(&sample);
    assert_int_equal(fclose(file), 0);
}

static void take(struct numbers *out, size_t row, const struct tally_stratum *stratum)
{
    const uint64_t values[] = {stratum->drawn,      stratum->relevant, stratum->unreadable,
                               stratum->population, stratum->cleared,  stratum->checked,
                               stratum->overturned, stratum->unclear};
    for (size_t m = 0; m < MEASURES; m++)
        out->values[m][row] = values[m];
}

/* A search that finds what all of a user's conversations have in common, or not. */
static void find(struct unit_set *found, const struct made *made)
{
    for (size_t p = 0; p < made->catalogue.count; p++)
        for (uint32_t row = 0; row < made->catalogue.parts[p].rows; row++)
            if (row % 40 < 20 || row % 3 == 0)
                bitmap_add(found->rows[p], row);
}

static struct numbers numbers_without(struct made *made, int missing)
{
    char name[16];
    char *list[] = {name};
    struct plan_filter filter = {
        .exclude = true,
        .field = {.kind = PLAN_FIELD_STORED, .name = (char *)"user", .stored = SIZE_MAX},
        .values = list,
        .value_count = 1};
    struct numbers out;
    struct error err = ERROR_INIT;
    struct labelled_sample labelled;
    struct unit_set found;
    struct tally tally;
    bool there;
    snprintf(name, sizeof name, "u%d", missing);
    made->plan.population.filters = &filter;
    made->plan.population.filter_count = missing >= 0;
    made_again(made);
    assert_ok(population_cap(&made->population, CAP, "a secret", &err), err);
    struct tally_source source = made_source(made);
    tally_init(&tally);
    assert_ok(labelled_sample_open(&labelled, &source, 0, &there, &err), err);
    assert_true(there);
    assert_ok(unit_set_init(&found, &made->catalogue, &err), err);
    find(&found, made);
    assert_ok(labelled_sample_tally(&labelled, NULL, 0, TALLY_NO_SEARCH, &tally, &err), err);
    const struct tally_sample *whole = &tally.samples[0], *search = &tally.samples[1];
    out.strata = whole->stratum_count ? whole->stratum_count : 1;
    take(&out, 0, &whole->whole);
    if (!labelled.clustered) {
        assert_ok(labelled_sample_tally(&labelled, &found, 0, 0, &tally, &err), err);
        whole = &tally.samples[0], search = &tally.samples[1];
        assert_int_equal(search->stratum_count, 2 * out.strata);
    }
    for (size_t h = 0; h < out.strata && !labelled.clustered; h++) {
        assert_true(search->strata[2 * h].found && !search->strata[2 * h + 1].found);
        take(&out, h, whole->stratum_count ? &whole->strata[h] : &whole->whole);
        take(&out, out.strata + 2 * h, &search->strata[2 * h]);
        take(&out, out.strata + 2 * h + 1, &search->strata[2 * h + 1]);
    }
    unit_set_release(&found);
    labelled_sample_release(&labelled);
    tally_release(&tally);
    made->plan.population.filters = NULL;
    made->plan.population.filter_count = 0;
    return out;
}

/* How close the change comes to the sensitivity of COLUMN, of ROWS rows from FIRST on: L1, L2
 * squared. */
static void compare(const struct noise_column *column, const struct numbers *a,
                    const struct numbers *b, size_t first, size_t rows, double closest[2])
{
    struct sensitivity s;
    struct error err = ERROR_INIT;
    uint64_t l1 = 0, l2 = 0;
    size_t m = 0;
    while (m < MEASURES && strcmp(ids[m], column->id) != 0)
        m++;
    assert_true(m < MEASURES);
    uint64_t each = column->once ? 1 : CAP;
    assert_ok(sensitivity_of_sums(each, column->touches, column->clamp, &s, &err), err);
    for (size_t row = first; row < first + rows; row++) {
        uint64_t left = a->values[m][row], right = b->values[m][row];
        uint64_t change = left > right ? left - right : right - left;
        l1 += change;
        l2 += change * change;
    }
    if (l1 > s.l1 || l2 > s.l2_squared)
        fail_msg("%s changes by L1 %d, L2 squared %d", column->id, (int)l1, (int)l2);
    closest[0] = fmax(closest[0], (double)l1 / (double)s.l1);
    closest[1] = fmax(closest[1], (double)l2 / (double)s.l2_squared);
}

/* One stratum: the sample's shape, and its search's, without each user. */
static void compare_all(struct made *made, const struct numbers *all,
                        const struct noise_shape *whole, const struct noise_shape *search,
                        double closest[2][PLAIN][2])
{
    for (int user = 0; user < USERS; user++) {
        struct numbers without = numbers_without(made, user);
        for (size_t c = 0; c < whole->column_count; c++)
            compare(&whole->columns[c], all, &without, 0, 1, closest[0][c]);
        for (size_t c = 0; c < search->column_count; c++)
            compare(&search->columns[c], all, &without, 1, 2, closest[1][c]);
    }
}

static void neighbours(void **state)
{
    (void)state;
    struct made made;
    double closest[2][PLAIN][2] = {{{0}}};
    made_init(&made, 2, (const uint32_t[]){300, 200}, plain_row);
    frame_and_draw(&made, UNIT_CONVERSATION, NULL);
    made.query.has_search = true; /* for the shape; the parts are made here */
    struct noise_shape whole = noise_shape_query(&made.plan, 0);
    struct noise_shape search = noise_shape_search(&made.plan, 0, 1);
    assert_int_equal(whole.column_count, 3);
    assert_int_equal(whole.rows, 1);
    assert_int_equal(search.column_count, 4);
    assert_int_equal(search.rows, 2);
    made.query.has_search = false;
    assert_int_equal(noise_shape_search(&made.plan, 0, 1).column_count, 0);
    struct numbers all = numbers_without(&made, -1);
    assert_int_equal(all.values[0][0], all.values[0][1] + all.values[0][2]);
    compare_all(&made, &all, &whole, &search, closest);
    /* A rule that is off by one would have shown. */
    for (size_t c = 0; c < 3; c++)
        assert_true(closest[0][c][0] == 1 && closest[0][c][1] == 1);
    for (size_t c = 0; c < PLAIN; c++)
        assert_true(closest[1][c][0] == 1 && closest[1][c][1] == 1);
    made_release(&made);
}

/* Strata and cut-offs are the same of all neighbours, and each conversation is in one stratum. */
static void compare_strata(bool checked)
{
    struct made made;
    char checks[340];
    double closest[2][MEASURES][2] = {{{0}}};
    made_init(&made, 2, (const uint32_t[]){300, 200}, plain_row);
    queries[0] = made.query;
    queries[1] = (struct plan_query){
        .id = (char *)"accounts", .kind = QUERY_COUNT, .by = &accounts, .by_count = 1};
    made.plan.queries = queries;
    made.plan.query_count = 2;
    made.plan.release.noise.mechanism = (char *)"discrete-gaussian";
    assert_int_equal(noise_shape_strata(&made.plan, 1), STRATA);
    assert_int_equal(noise_shape_strata(&made.plan, 0), 0);
    frame_and_draw(&made, UNIT_CONVERSATION, "0.9,1,0.5,0.95,0.5");
    if (checked) {
        snprintf(checks, sizeof checks, "%s.checked", made.labels_path);
        queries[0].check_path = checks;
        queries[0].check_share = 0.97;
        check_labels(&made);
    }
    size_t columns = checked ? MEASURES : PLAIN;
    queries[0].has_search = true; /* for the shape; the parts are made here */
    struct noise_shape whole = noise_shape_sample(&made.plan, 0, STRATA);
    struct noise_shape search = noise_shape_search(&made.plan, 0, STRATA);
    assert_int_equal(whole.column_count, columns);
    assert_int_equal(whole.rows, STRATA);
    assert_int_equal(search.column_count, columns);
    assert_int_equal(search.rows, 2 * STRATA);
    queries[0].has_search = false;
    struct numbers all = numbers_without(&made, -1);
    assert_int_equal(all.strata, STRATA);
    for (int user = 0; user < USERS; user++) {
        struct numbers without = numbers_without(&made, user);
        assert_int_equal(without.strata, STRATA);
        for (size_t c = 0; c < columns; c++) {
            compare(&whole.columns[c], &all, &without, 0, STRATA, closest[0][c]);
            compare(&search.columns[c], &all, &without, STRATA, 2 * STRATA, closest[1][c]);
        }
    }
    for (size_t c = 0; c < columns; c++)
        for (size_t i = 0; i < 2; i++)
            if (closest[i][c][0] != 1 || closest[i][c][1] != 1)
                fail_msg("%s: L1 %g, L2 squared %g of the bound", whole.columns[c].id,
                         closest[i][c][0], closest[i][c][1]);
    made_release(&made);
}

static void neighbours_in_strata(void **state)
{
    (void)state;
    compare_strata(false);
}

/* Whether a label is checked does not depend on other labels. */
static void neighbours_with_checks(void **state)
{
    (void)state;
    compare_strata(true);
}

/* Users as units: one adds 1 to one row. */
static void neighbours_of_users(void **state)
{
    (void)state;
    static char unit[] = "user";
    struct made made;
    double closest[2][PLAIN][2] = {{{0}}};
    made_init(&made, 2, (const uint32_t[]){300, 200}, plain_row);
    made.query.unit = unit;
    made.plan.release.noise.mechanism = (char *)"discrete-gaussian";
    frame_and_draw(&made, UNIT_USER, "0.8");
    made.query.has_search = true;
    struct noise_shape whole = noise_shape_query(&made.plan, 0);
    struct noise_shape search = noise_shape_search(&made.plan, 0, 1);
    made.query.has_search = false;
    struct numbers all = numbers_without(&made, -1);
    assert_true(all.values[0][0] > USERS / 2 && all.values[0][0] < USERS);
    assert_int_equal(all.values[3][0], USERS);
    compare_all(&made, &all, &whole, &search, closest);
    for (size_t c = 0; c < 3; c++)
        assert_true(closest[0][c][0] == 1 && closest[1][c][1] == 1);
    made_release(&made);
}

/* Conversations of drawn users: those that the cap leaves, though more were labelled. */
static void neighbours_of_drawn_users(void **state)
{
    (void)state;
    static char unit[] = "conversation";
    struct made made;
    double closest[PLAIN][2] = {{0}};
    made_init(&made, 2, (const uint32_t[]){300, 200}, plain_row);
    made.query.unit = unit;
    made.plan.release.noise.mechanism = (char *)"discrete-gaussian";
    frame_and_draw(&made, UNIT_USER, "0.8");
    struct noise_shape whole = noise_shape_query(&made.plan, 0);
    struct numbers all = numbers_without(&made, -1);
    assert_true(all.values[0][0] > CAP * USERS / 2 && all.values[0][0] < CAP * USERS);
    assert_int_equal(all.values[0][0] % CAP, 0);
    for (int user = 0; user < USERS; user++) {
        struct numbers without = numbers_without(&made, user);
        for (size_t c = 0; c < whole.column_count; c++)
            compare(&whole.columns[c], &all, &without, 0, 1, closest[c]);
    }
    for (size_t c = 0; c < 2; c++) /* drawn, relevant */
        assert_true(closest[c][0] == 1 && closest[c][1] == 1);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours), cmocka_unit_test(neighbours_in_strata),
        cmocka_unit_test(neighbours_with_checks), cmocka_unit_test(neighbours_of_users),
        cmocka_unit_test(neighbours_of_drawn_users)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
