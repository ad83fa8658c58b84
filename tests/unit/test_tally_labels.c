/*
 * What labels say of samples as figures of a table: its rows, what of them is no cell, what one
 * user has of them, and how they add up.
 */
#include "tests/support/support.h"

#include "queries/tally_labels.h"

enum { CENSUS, SPARSE, NONE, STRATA };

/* Of 30 drawn units 12 are relevant, 15 irrelevant; of a sparse stratum 20 of 1,000 are drawn; of
 * the last all are, and none is relevant. */
static struct tally_stratum strata[STRATA] = {
    [CENSUS] = {.population = 30,
                .drawn = 30,
                .relevant = 11,
                .overturned = 1,
                .irrelevant = 15,
                .unreadable = 3,
                .relevant_users = 9,
                .irrelevant_users = 14},
    [SPARSE] = {.population = 1000,
                .drawn = 20,
                .relevant = 2,
                .irrelevant = 18,
                .relevant_users = 2,
                .irrelevant_users = 18},
    [NONE] = {.population = 10, .drawn = 10, .irrelevant = 10, .irrelevant_users = 3}};

/* User 7 has three irrelevant units of the census and one of the sparse stratum, and one that is
 * left; nobody knows whose the four of 99 are. */
static const struct tally_labelled_unit units[] = {
    {.stratum = CENSUS, .user = 7, .known = true, .irrelevant = true},
    {.stratum = CENSUS, .user = 99, .irrelevant = true},
    {.stratum = SPARSE, .user = 7, .known = true, .irrelevant = true},
    {.stratum = CENSUS, .user = 7, .known = true},
    {.stratum = CENSUS, .user = 99, .irrelevant = true},
    {.stratum = CENSUS, .user = 7, .known = true, .irrelevant = true},
    {.stratum = CENSUS, .user = 99, .irrelevant = true},
    {.stratum = CENSUS, .user = 8, .known = true},
    {.stratum = CENSUS, .user = 99, .irrelevant = true},
    {.stratum = CENSUS, .user = 8, .known = true},
    {.stratum = CENSUS, .user = 7, .known = true, .irrelevant = true}};

static struct tally_sample sample_of(size_t count)
{
    struct tally_sample sample = {.search = TALLY_NO_SEARCH,
                                  .units = "conversations",
                                  .labelled = units,
                                  .labelled_count = sizeof units / sizeof *units};
    sample.whole = strata[CENSUS];
    if (count == 0) {
        sample.labelled_count = 1;
        return sample;
    }
    sample.strata = strata;
    sample.stratum_count = count;
    for (size_t h = 1; h < count; h++) {
        sample.whole.population += strata[h].population;
        sample.whole.drawn += strata[h].drawn;
        sample.whole.relevant += strata[h].relevant;
        sample.whole.irrelevant += strata[h].irrelevant;
    }
    return sample;
}

static const struct tally_table *tabled(struct tally *tally, const struct tally_sample *sample)
{
    struct error err = ERROR_INIT;
    tally_init(tally);
    assert_ok(tally_add_sample(tally, sample, &err), err);
    assert_ok(tally_labels(tally, &err), err);
    if (!tally->samples[0].labels)
        return NULL;
    assert_int_equal(tally->table_count, tally->samples[0].labels_table + 1);
    return &tally->tables[tally->samples[0].labels_table];
}

static void expect(const struct tally_table *table, size_t number, bool irrelevant, uint64_t value,
                   uint32_t users, uint64_t largest, unsigned flags)
{
    size_t row = tally_labels_row(number, irrelevant);
    const struct tally_cell *cell = tally_cell_at(table, row, 0);
    assert_int_equal(cell->value, value);
    assert_int_equal(cell->users, users);
    assert_int_equal(cell->largest, largest);
    assert_int_equal(table->row_flags[row], flags);
}

static void whole(void **state)
{
    (void)state;
    struct tally tally;
    struct tally_sample sample = sample_of(0);
    struct tally_labelled_unit all[sizeof units / sizeof *units];
    sample.labelled_count = sizeof units / sizeof *units;
    for (size_t i = 0; i < sample.labelled_count; i++) {
        all[i] = units[i];
        all[i].stratum = 0;
    }
    sample.labelled = all;
    const struct tally_table *table = tabled(&tally, &sample);
    assert_non_null(table);
    assert_int_equal(table->row_count, 2);
    assert_true(table->untold);
    expect(table, 0, false, 15, 9, 2, 0);
    expect(table, 0, true, 15, 14, 4, 0);
    assert_int_equal(table->relation_count, 0);
    tally_release(&tally);
}

static void by_strata(void **state)
{
    (void)state;
    struct tally tally;
    const struct tally_sample sample = sample_of(STRATA);
    const struct tally_table *table = tabled(&tally, &sample);
    assert_non_null(table);
    assert_int_equal(table->row_count, 8);
    expect(table, CENSUS, false, 15, 9, 2, 0);
    expect(table, CENSUS, true, 15, 14, 3, 0);
    expect(table, SPARSE, false, 2, 2, 0, TALLY_TOLD);
    expect(table, SPARSE, true, 18, 18, 1, TALLY_TOLD);
    expect(table, NONE, false, 0, 0, 0, TALLY_TOLD);
    expect(table, NONE, true, 10, 3, 0, TALLY_TOLD);
    /* All cells together: the census alone. */
    expect(table, STRATA, false, 15, 9, 2, 0);
    expect(table, STRATA, true, 15, 14, 3, 0);
    assert_int_equal(table->relation_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct tally_relation *relation = &table->relations[i];
        assert_int_equal(relation->count, 2);
        assert_false(relation->at_most);
        assert_int_equal(relation->terms[0].row, tally_labels_row(CENSUS, i == 0));
        assert_int_equal(relation->terms[1].row, tally_labels_row(STRATA, i == 0));
        assert_int_equal(relation->terms[0].sign, -relation->terms[1].sign);
    }
    tally_release(&tally);
}

/* Exchanges have no list; where no stratum is a cell, or none has anything relevant, there is no
 * table. */
static void without(void **state)
{
    (void)state;
    struct tally tally;
    struct tally_sample sample = sample_of(0);
    sample.labelled = NULL;
    assert_null(tabled(&tally, &sample));
    tally_release(&tally);
    sample = sample_of(0);
    sample.whole.population = 300;
    assert_null(tabled(&tally, &sample));
    tally_release(&tally);
    sample.whole.population = 299;
    assert_non_null(tabled(&tally, &sample));
    tally_release(&tally);
    sample.whole.relevant = sample.whole.overturned = 0;
    assert_null(tabled(&tally, &sample));
    tally_release(&tally);
    sample = sample_of(2);
    sample.strata = &strata[SPARSE];
    assert_null(tabled(&tally, &sample));
    tally_release(&tally);
}

/* What a search found and left adds up to the sample. */
static void of_a_search(void **state)
{
    (void)state;
    struct tally tally;
    struct error err = ERROR_INIT;
    static const struct tally_found_unit found[1];
    static struct tally_stratum parts[2] = {
        {.population = 20, .drawn = 20, .relevant = 10, .irrelevant = 10, .found = true},
        {.population = 10, .drawn = 10, .relevant = 2, .irrelevant = 5}};
    struct tally_sample sample = sample_of(0), search = sample_of(0);
    search.search = 0;
    search.found_units = found;
    search.strata = parts;
    search.stratum_count = 2;
    tally_init(&tally);
    assert_ok(tally_add_sample(&tally, &sample, &err), err);
    assert_ok(tally_add_sample(&tally, &search, &err), err);
    search.labels_of = 1; /* another query's labels */
    assert_ok(tally_add_sample(&tally, &search, &err), err);
    assert_ok(tally_labels(&tally, &err), err);
    assert_int_equal(tally.table_count, 3);
    assert_int_equal(tally.tie_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct tally_tie *tie = &tally.ties[i];
        assert_int_equal(tie->count, 2);
        assert_int_equal(tie->places[0].table + tie->places[1].table, 1);
        assert_int_equal(tie->places[0].sign, -tie->places[1].sign);
    }
    tally_release(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole), cmocka_unit_test(by_strata),
                                       cmocka_unit_test(without), cmocka_unit_test(of_a_search)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
