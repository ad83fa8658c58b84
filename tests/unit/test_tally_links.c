/*
 * Counts that fit together, judged together: a reader who adds and subtracts over all of them
 * derives no withheld figure of few users. Judged apart, that reader would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/memory.h"
#include "release/figure.h"
#include "release/gate.h"
#include "release/smallcell.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5 };

static const char plan[] =
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},"
    "\"population\":{\"from\":\"2023-01-01\",\"to\":\"2024-12-31\"},\"queries\":["
    "{\"id\":\"quarters\",\"kind\":\"count\",\"by\":[\"quarter\"]},"
    "{\"id\":\"months\",\"kind\":\"count\",\"by\":[\"month\"]},"
    "{\"id\":\"years\",\"kind\":\"count\",\"by\":[\"year\",\"language\"]},"
    "{\"id\":\"cross\",\"kind\":\"count\",\"by\":[\"month\",\"language\"]},"
    "{\"id\":\"models\",\"kind\":\"count\",\"by\":[\"model\"]}],"
    "\"release\":{\"min_users\":5}}";

/*
 * The reader: of every sum in which one number alone is missing, that one. Returns how many
 * withheld cells of few users are derived. KNOWN[cell].
 */
static size_t derive(const struct tally_table *table, bool *known)
{
    size_t derived = 0;
    for (bool news = true; news;) {
        news = false;
        for (size_t r = 0; r < table->relation_count; r++) {
            const struct tally_relation *relation = &table->relations[r];
            size_t missing = 0, which = 0;
            for (size_t i = 0; !relation->at_most && i < relation->count; i++) {
                size_t cell =
                    relation->terms[i].row * table->column_count + relation->terms[i].column;
                missing += !known[cell];
                which = known[cell] ? which : cell;
            }
            if (missing != 1)
                continue;
            known[which] = news = true;
            uint64_t users =
                smallcell_users(table, which / table->column_count, which % table->column_count);
            derived += users > 0 && users < MIN_USERS;
        }
    }
    return derived;
}

/* What the gate shows of the joint's members, or what it would if each were alone. */
static void look(const struct tally *tally, const struct tally_joint *joint, bool together,
                 bool *known)
{
    struct tally apart = *tally;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct release *release;
    struct error err = ERROR_INIT;
    apart.joint_count = together ? tally->joint_count : 0;
    assert_ok(gate_release(&apart, &policy, &release, &err), err);
    for (size_t i = 0; i < joint->count; i++) {
        const struct tally_table *table = &tally->tables[joint->members[i]];
        const struct figure_table *figures = release_table_find(release, table->id);
        for (size_t row = 0; row < table->row_count; row++)
            for (size_t c = 0; c < table->column_count; c++)
                known[(joint->first[i] + row) * table->column_count + c] =
                    figure_at(figures, row, c).state == FIGURE_EXACT;
    }
    release_free(release);
}

static void together(void **state)
{
    (void)state;
    size_t apart = 0, withheld = 0;
    for (unsigned i = 0; i < 12; i++) {
        const struct made_wish wish = {.seed = 900 + i,
                                       .parts = 2,
                                       /* The first is so sparse that not all can be told. */
                                       .rows = i == 0 ? 240 : 2400 + 600 * (i % 4),
                                       .users = i == 0 ? 60 : 300,
                                       .gap_percent = i % 3,
                                       .plan = plan};
        struct made made;
        struct tally tally;
        struct error err = ERROR_INIT;
        made_init(&made, &wish);
        made_open(&made);
        made_population(&made);
        const struct tally_source source = made_source(&made);
        tally_init(&tally);
        assert_ok(tally_run(&source, &tally, &err), err);
        /* All but the table by model, which no other one refines. */
        assert_int_equal(tally.joint_count, 1);
        assert_int_equal(tally.joints[0].count, 4);
        const struct tally_joint *joint = &tally.joints[0];
        size_t cells = joint->table.row_count * joint->table.column_count;
        bool *known = mem_zalloc(cells, sizeof *known);
        assert_non_null(known);
        struct tally alone = {.tables = (struct tally_table[]){joint->table}, .table_count = 1};
        made_check_relations(&alone);
        look(&tally, joint, true, known);
        for (size_t cell = 0; cell < cells; cell++)
            withheld += !known[cell];
        assert_int_equal(derive(&joint->table, known), 0);
        look(&tally, joint, false, known);
        apart += derive(&joint->table, known);
        free(known);
        tally_release(&tally);
        made_release(&made);
    }
    assert_true(withheld > 50 && apart > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
