/*
 * How samples are spread: rows add up to sample and population; what the count by month withholds
 * is withheld here, and nothing withheld there follows from strata that are told.
 */
#include "tests/unit/sample_catalogue.h"

#include "base/civil.h"
#include "queries/sample.h"
#include "queries/tally_links.h"
#include "queries/tally_relevance.h"
#include "queries/tally_run.h"
#include "queries/tally_spread.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdlib.h>

enum { MIN_USERS = 11, REL = 0, VOLUME = 1, OTHER = 2 };

/* Conversations of 2023-01, ..., and of how many users. */
static const uint32_t months[][2] = {{6, 3}, {80, 40}, {40, 30}, {50, 35}, {300, 60}};
enum { MONTHS = sizeof months / sizeof *months, ROWS = 476 };

static uint32_t month_of(uint32_t row, uint32_t *within)
{
    uint32_t month = 0;
    while (row >= months[month][0])
        row -= months[month++][0];
    *within = row;
    return month;
}

static void month_row(size_t part, uint32_t row, struct made_row *out, char scratch[static 256])
{
    uint32_t within, month = month_of(row, &within);
    (void)part;
    snprintf(scratch, 64, "c%06u", row);
    snprintf(scratch + 64, 64, "u%u-%u", month, within % months[month][1]);
    *out = (struct made_row){.id = scratch,
                             .user = scratch + 64,
                             .time = 86400 *
                                     (civil_days((struct civil_date){2023, (int)month + 1, 5}))};
}

struct all {
    struct made made;
    struct plan_query queries[3];
    struct plan_field month;
    struct tally tally;
    struct release *release;
};

static void all_init(struct all *all, bool with_count)
{
    made_init(&all->made, 1, (const uint32_t[]){ROWS}, month_row);
    all->month = (struct plan_field){.kind = PLAN_FIELD_MONTH, .name = (char *)"month"};
    all->queries[REL] = all->made.query;
    all->queries[VOLUME] = (struct plan_query){.id = (char *)"volume",
                                               .kind = QUERY_COUNT,
                                               .by = &all->month,
                                               .by_count = with_count ? 1 : 0};
    all->queries[OTHER] = all->made.query;
    all->queries[OTHER].id = (char *)"other";
    all->made.plan.queries = all->queries;
    all->made.plan.query_count = 3;
    all->made.plan.release.min_users = MIN_USERS;
}

static void all_draw(struct all *all, const char *by, uint64_t size, const char *sizes)
{
    struct error err = ERROR_INIT;
    struct tally_source source = made_source(&all->made);
    struct frame frame;
    struct sample sample;
    bool written;
    enum sample_outcome outcome;
    struct frame_request request = {.by = by, .catalogue_digest = made_digest};
    assert_ok(frame_fix(&frame, &source, &request, all->made.frame_path, &written, &err), err);
    frame_release(&frame);
    struct sample_request draw = {.frame_path = all->made.frame_path,
                                  .sample_path = all->made.sample_path,
                                  .labels_path = all->made.labels_path,
                                  .size = size,
                                  .sizes = sizes,
                                  .seed = "s",
                                  .seed_source = "two dice",
                                  .seed_time = CIVIL_NONE};
    sample_init(&sample);
    assert_ok(sample_fix(&sample, &source, &draw, &outcome, &err), err);
    sample_release(&sample);
}

static void all_run(struct all *all)
{
    struct error err = ERROR_INIT;
    struct tally_source source = made_source(&all->made);
    struct gate_policy policy = {.min_users = MIN_USERS};
    tally_init(&all->tally);
    for (size_t i = 0; i < 4; i++)
        all->tally.population[i] = (struct tally_cell){ROWS, 168, 0};
    for (size_t i = 0; i < all->made.plan.query_count; i++)
        assert_ok(i == VOLUME ? tally_count(&source, i, &all->tally, &err)
                              : tally_relevance(&source, i, &all->tally, &err),
                  err);
    assert_ok(tally_spread_tables(&source, &all->tally, &err), err);
    assert_ok(tally_links(&all->tally, 0, &err), err);
    assert_ok(gate_release(&all->tally, &policy, &all->release, &err), err);
    /* The other query has the same sample. */
    assert_int_equal(release_spread_count(all->release), 1);
    assert_null(release_spread_find(all->release, OTHER));
}

static void all_release(struct all *all)
{
    release_free(all->release);
    tally_release(&all->tally);
    made_release(&all->made);
}

static bool is_withheld(struct figure figure)
{
    return figure.state == FIGURE_WITHHELD;
}

/* Months that are withheld in the count are here, drawn ones too, and the other way round. */
static void by_month(void **state)
{
    (void)state;
    struct all all;
    all_init(&all, true);
    all_draw(&all, NULL, 90, NULL);
    all_run(&all);
    const struct figure_spread *spread = release_spread_find(all.release, REL);
    const struct figure_table *volume = release_table_find(all.release, "volume");
    uint64_t drawn = 0, exact = 0, hidden = 0;
    assert_false(spread->by_design);
    assert_int_equal(spread->count, MONTHS);
    assert_int_equal(spread->population.value, ROWS);
    assert_int_equal(spread->drawn.value, 90);
    for (size_t i = 0; i < MONTHS; i++) {
        const struct tally_spread_row *own = &all.tally.spreads[0].rows[i];
        struct figure told = figure_at(volume, i, figure_column_find(volume, "conversations"));
        assert_int_equal(spread->rows[i].population.state, told.state);
        assert_int_equal(spread->rows[i].population.value, told.value);
        assert_int_equal(spread->rows[i].drawn.state, told.state);
        assert_int_equal(spread->rows[i].drawn.value, is_withheld(told) ? 0 : own->drawn);
        assert_true(is_withheld(told) || told.value == months[i][0]);
        hidden += is_withheld(told);
        drawn += own->drawn;
        exact += is_withheld(told) ? 0 : own->drawn;
    }
    assert_int_equal(drawn, 90);
    assert_true(is_withheld(spread->rows[0].drawn) && hidden >= 2 && hidden < MONTHS);
    assert_true(exact > 0 && exact < 90);
    all_release(&all);
}

/* Which months the drawn units are of, against their ids. */
static void drawn_months(void **state)
{
    (void)state;
    struct all all;
    struct sample sample;
    struct error err = ERROR_INIT;
    uint64_t wanted[MONTHS] = {0};
    all_init(&all, true);
    all_draw(&all, NULL, 90, NULL);
    all_run(&all);
    sample_init(&sample);
    assert_ok(sample_read(&sample, all.made.sample_path, &err), err);
    for (size_t i = 0; i < sample.ids.count; i++) {
        uint32_t within;
        wanted[month_of((uint32_t)strtoul(sample.ids.items[i].text + 1, NULL, 10), &within)]++;
    }
    for (size_t i = 0; i < MONTHS; i++)
        assert_int_equal(all.tally.spreads[0].rows[i].drawn, wanted[i]);
    sample_release(&sample);
    all_release(&all);
}

/* Without a count by month in the plan: an untold table of the same numbers. */
static void without_a_count(void **state)
{
    (void)state;
    struct all all;
    all_init(&all, false);
    all_draw(&all, NULL, 90, NULL);
    all_run(&all);
    const struct figure_spread *spread = release_spread_find(all.release, REL);
    assert_int_equal(spread->count, MONTHS);
    assert_true(is_withheld(spread->rows[0].population) && is_withheld(spread->rows[0].drawn));
    assert_int_equal(spread->rows[4].population.value, 300);
    /* What is withheld counts once a figure that the report lacks: of the spread, not of the table
     * that nobody shows. */
    size_t hidden = 0;
    for (size_t i = 0; i < MONTHS; i++)
        hidden += is_withheld(spread->rows[i].population);
    assert_int_equal(release_withheld(all.release), 2 * hidden);
    all_release(&all);
}

/*
 * The first month is of 3 users, so the frame joins it with the second. The strata are told; so
 * what is withheld with the first month must be the second, although the third is smaller.
 */
static void strata_are_known(void **state)
{
    (void)state;
    struct all all;
    all_init(&all, true);
    all_draw(&all, "volume", 0, "10,10,10,30");
    all_run(&all);
    const struct figure_spread *spread = release_spread_find(all.release, REL);
    const struct figure_table *volume = release_table_find(all.release, "volume");
    size_t column = figure_column_find(volume, "conversations");
    static const uint64_t sizes[] = {86, 40, 50, 300}, drawn[] = {10, 10, 10, 30};
    assert_true(spread->by_design);
    assert_int_equal(spread->count, 4);
    assert_string_equal(spread->by, "volume");
    for (size_t h = 0; h < 4; h++) {
        assert_int_equal(spread->rows[h].population.state, FIGURE_EXACT);
        assert_int_equal(spread->rows[h].population.value, sizes[h]);
        assert_int_equal(spread->rows[h].drawn.value, drawn[h]);
        assert_int_equal(spread->sizes[h], drawn[h]);
    }
    for (size_t i = 0; i < MONTHS; i++)
        assert_int_equal(is_withheld(figure_at(volume, i, column)), i < 2);
    all_release(&all);
    /* Without strata the third month is the one that goes with the first. */
    all_init(&all, true);
    all_draw(&all, NULL, 90, NULL);
    all_run(&all);
    volume = release_table_find(all.release, "volume");
    assert_false(is_withheld(figure_at(volume, 1, column)));
    all_release(&all);
}

/* A population inside the frame: rows are of it alone; a stratum of few users hides them all. */
static void narrower(void **state)
{
    (void)state;
    static char *users[20];
    static char names[20][8];
    struct all all;
    struct plan_filter filter = {
        .exclude = true,
        .field = {.kind = PLAN_FIELD_STORED, .name = (char *)"user", .stored = SIZE_MAX},
        .values = users};
    for (size_t i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "u2-%zu", i); /* 20 of 30 users of the third month */
        users[i] = names[i];
    }
    for (size_t few = 0; few < 2; few++) {
        all_init(&all, true);
        all_draw(&all, "volume", 0, "10,40,10,30");
        filter.value_count = few ? 20 : 10;
        all.made.plan.population.filters = &filter;
        all.made.plan.population.filter_count = 1;
        made_again(&all.made);
        all_run(&all);
        const struct figure_spread *spread = release_spread_find(all.release, REL);
        /* Users 0 to 9 of the third month have two conversations each, the others one. */
        assert_int_equal(spread->population.value, ROWS - (few ? 30 : 20));
        assert_int_equal(spread->drawn.value, 90 - (few ? 30 : 20));
        assert_int_equal(is_withheld(spread->rows[1].population), few);
        assert_int_equal(is_withheld(spread->rows[3].drawn), few);
        assert_int_equal(spread->sizes == NULL, few);
        if (!few)
            assert_int_equal(spread->rows[1].drawn.value, 20);
        all_release(&all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_month),        cmocka_unit_test(drawn_months),
        cmocka_unit_test(without_a_count), cmocka_unit_test(strata_are_known),
        cmocka_unit_test(narrower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
