/* Hits, columns, users and duplicates of random catalogues against naive computations. */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/file.h"
#include "base/memory.h"
#include "queries/catalogue/hits.h"
#include "queries/catalogue/settle.h"
#include "queries/query_hits.h"

#include <stdlib.h>
#include <string.h>

static const char plan[] =
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"],"
    "\"fields\":{\"tier\":{\"pointer\":\"/tier\",\"values\":[\"free\",\"plus\"]}}},"
    "\"queries\":[{\"id\":\"terms\",\"kind\":\"terms\",\"terms\":[\"a\",\"b\",\"c\",\"d\"]}],"
    "\"release\":{\"unit\":\"user\",\"min_users\":0}}";

static const struct made_wish wishes[] = {
    {.seed = 1, .parts = 1, .rows = 1, .users = 1, .hit_permille = 1000, .plan = plan},
    {.seed = 2,
     .parts = 3,
     .rows = 900,
     .users = 20,
     .hit_permille = 300,
     .gap_percent = 10,
     .again_percent = 30,
     .plan = plan},
    {.seed = 3,
     .parts = 7,
     .rows = 900,
     .users = 400,
     .hit_permille = 30,
     .gap_percent = 50,
     .again_percent = 50,
     .same_input = true,
     .plan = plan},
    {.seed = 4,
     .parts = 2,
     .rows = 300,
     .users = 2,
     .gap_percent = 70,
     .again_percent = 90,
     .no_digest = true,
     .plan = plan},
    {.seed = 5,
     .parts = 2,
     .rows = 200,
     .users = 9,
     .gap_percent = 100,
     .same_input = true,
     .plan = plan},
};
enum { WISHES = sizeof wishes / sizeof *wishes };

static void check_text(struct span got, const char *expected)
{
    assert_int_equal(got.len, strlen(expected));
    assert_memory_equal(got.data, expected, got.len);
}

static void check_field(const struct catalogue_field *field, uint32_t row, const char *expected)
{
    uint32_t code = field->codes[row];
    if (!expected) {
        assert_int_equal(code, PART_NO_CODE);
        return;
    }
    uint64_t from = field->dictionary.offsets[code], to = field->dictionary.offsets[code + 1];
    check_text((struct span){field->dictionary.bytes + from, to - from}, expected);
}

static void check_sorted(const struct segment_strings *dictionary)
{
    for (size_t i = 1; i < dictionary->count; i++) {
        size_t a = dictionary->offsets[i] - dictionary->offsets[i - 1];
        size_t b = dictionary->offsets[i + 1] - dictionary->offsets[i];
        int order = memcmp(dictionary->bytes + dictionary->offsets[i - 1],
                           dictionary->bytes + dictionary->offsets[i], a < b ? a : b);
        assert_true(order < 0 || (order == 0 && a < b));
    }
}

static void check_rows(const struct made *made)
{
    uint64_t rows = 0;
    for (size_t p = 0; p < made->catalogue.count; p++) {
        assert_int_equal(made->catalogue.parts[p].first_row, rows);
        rows += made->catalogue.parts[p].rows;
        check_sorted(&made->catalogue.parts[p].user.dictionary);
        check_sorted(&made->catalogue.parts[p].fields[FIELD_MODEL].dictionary);
    }
    assert_int_equal(rows, made->wish.rows);
    for (uint32_t i = 0; i < made->wish.rows; i++) {
        const struct made_row *row = &made->rows[i];
        const struct catalogue_part *part = &made->catalogue.parts[row->part];
        char scratch[CATALOGUE_ID_MAX], user[32];
        snprintf(user, sizeof user, "user %d", (int)row->user);
        check_text(catalogue_id(part, row->local, scratch), row->id);
        check_field(&part->user, row->local, row->user < 0 ? NULL : user);
        check_field(&part->fields[FIELD_MODEL], row->local,
                    row->model < 0 ? NULL : made_models[row->model]);
        check_field(&part->fields[FIELD_COUNT], row->local,
                    row->tier < 0 ? NULL : made_tiers[row->tier]);
        assert_int_equal(part->time[row->local], row->time);
        assert_int_equal(part->offset[row->local], row->offset);
        assert_int_equal(part->turns[row->local], row->turns);
        assert_int_equal(part->exchanges[row->local], row->exchanges);
        assert_int_equal(part->words[row->local], row->words);
        assert_int_equal(part->first_exchange[row->local], row->first_exchange);
    }
}

/* Users have one number each over all parts; duplicates are those of the quadratic search. */
static void check_settled(const struct made *made)
{
    int64_t *named = mem_zalloc((size_t)made->catalogue.users + 1, sizeof *named);
    uint64_t seen = 0;
    assert_non_null(named);
    for (uint32_t i = 0; i < made->wish.rows; i++) {
        const struct made_row *row = &made->rows[i];
        const struct catalogue_part *part = &made->catalogue.parts[row->part];
        uint32_t user = catalogue_user(part, row->local);
        assert_int_equal(user == PART_NO_CODE, row->user < 0);
        if (row->user >= 0) {
            assert_true(user < made->catalogue.users);
            assert_true(!named[user] || named[user] == row->user + 1);
            seen += !named[user];
            named[user] = row->user + 1;
        }
        assert_int_equal(bitmap_contains(part->duplicates, row->local), made_duplicate(made, i));
    }
    assert_int_equal(seen, made->catalogue.users);
    for (uint32_t a = 0; a < made->catalogue.users; a++)
        for (uint32_t b = 0; b < a; b++)
            assert_int_not_equal(named[a], named[b]);
    free(named);
}

static void test_settle(void **state)
{
    (void)state;
    for (size_t i = 0; i < WISHES; i++) {
        struct made made;
        made_init(&made, &wishes[i]);
        made_open(&made);
        check_rows(&made);
        check_settled(&made);
        made_release(&made);
    }
}

/* The second opening reads what the first one settled, also without leave to write. */
static void test_settled_again(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct made made;
    made_init(&made, &wishes[1]);
    char *paths[] = {made.state.parts[0].base_dir, made.state.parts[1].base_dir,
                     made.state.parts[2].base_dir};
    struct catalogue *catalogue = &made.catalogue;
    for (int round = 0; round < 2; round++) {
        assert_ok(catalogue_open(catalogue, paths, 3, made.state.setup.field_names,
                                 made.state.setup.field_count, &err),
                  err);
        if (!round)
            assert_int_equal(settle_open(catalogue, made.state.catalogue, false, &err),
                             STATUS_INPUT);
        assert_ok(settle_open(catalogue, made.state.catalogue, !round, &err), err);
        check_settled(&made);
        catalogue_close(catalogue);
    }
    /* Other parts, another settlement: the old one goes. */
    assert_ok(catalogue_open(catalogue, paths, 2, made.state.setup.field_names,
                             made.state.setup.field_count, &err),
              err);
    assert_int_equal(settle_open(catalogue, made.state.catalogue, false, &err), STATUS_INPUT);
    assert_ok(settle_open(catalogue, made.state.catalogue, true, &err), err);
    catalogue_close(catalogue);
    assert_ok(catalogue_open(catalogue, paths, 3, made.state.setup.field_names,
                             made.state.setup.field_count, &err),
              err);
    assert_int_equal(settle_open(catalogue, made.state.catalogue, false, &err), STATUS_INPUT);
    catalogue_close(catalogue);

    /* While another process writes, nothing is settled. */
    int lock;
    assert_ok(catalogue_lock(made.state.catalogue, &lock, &err), err);
    assert_ok(catalogue_open(catalogue, paths, 3, made.state.setup.field_names,
                             made.state.setup.field_count, &err),
              err);
    assert_int_equal(settle_open(catalogue, made.state.catalogue, true, &err), STATUS_INPUT);
    catalogue_close(catalogue);
    catalogue_unlock(lock);
    made_release(&made);
}

static void test_no_parts(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct catalogue catalogue;
    assert_ok(catalogue_open(&catalogue, NULL, 0, NULL, 0, &err), err);
    assert_ok(settle_open(&catalogue, test_path(test_dir(), "catalogue"), true, &err), err);
    assert_int_equal(catalogue.rows, 0);
    assert_int_equal(catalogue.users, 0);
    catalogue_close(&catalogue);
    char *paths[] = {(char *)(uintptr_t) "/nowhere"};
    assert_int_equal(catalogue_open(&catalogue, paths, 1, NULL, 0, &err), STATUS_INPUT);
}

/* Long file names without digests: ids of rows without one stay apart. */
static void test_long_names(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const char *dir = test_dir();
    char *paths[2];
    struct catalogue catalogue;
    char name[400];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < 2; i++) {
        struct part_builder *builder = part_builder_new(NULL, 0, NULL, 0);
        struct part_row row = {.time = 1, .turns = 1, .exchanges = 1};
        struct segment_out *out;
        name[sizeof name - 2] = (char)('a' + i);
        json_t *meta = json_pack("{s:{s:s}}", "input", "name", name);
        paths[i] = (char *)(uintptr_t)test_path(dir, i ? "b" : "a");
        assert_ok(part_builder_add(builder, &row, &err), err);
        assert_ok(segment_out_open(&out, paths[i], &err), err);
        assert_ok(part_builder_write(builder, out, &err), err);
        assert_ok(segment_out_commit(out, meta, &err), err);
        json_decref(meta);
        part_builder_free(builder);
    }
    assert_ok(catalogue_open(&catalogue, paths, 2, NULL, 0, &err), err);
    assert_ok(settle_open(&catalogue, test_path(dir, "catalogue"), true, &err), err);
    assert_int_equal(bitmap_count(catalogue.parts[1].duplicates), 0);
    catalogue_close(&catalogue);
}

static void check_hits(const struct made *made, size_t part, size_t slot, const struct hits *hits)
{
    uint64_t count = 0, exchanges = 0, prompts = 0, outputs = 0;
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        const struct made_row *from = &made->rows[row];
        struct made_hit hit;
        if (from->part != part)
            continue;
        bool is = made_hit(made, 0, slot, row, &hit);
        assert_int_equal(bitmap_contains(hits->conversations, from->local), is);
        if (!is)
            continue;
        assert_int_equal(hits->turns[count], hit.turns);
        assert_int_equal(hits->occurrences[count++], hit.occurrences);
        assert_int_equal(bitmap_contains(hits->prompt_only, from->local), hit.prompt_only);
        assert_int_equal(bitmap_contains(hits->output_only, from->local), hit.output_only);
        prompts += hit.prompt_only;
        outputs += hit.output_only;
        for (uint32_t i = 0; i < from->exchanges; i++) {
            bool in = hit.exchanges >> i & 1;
            exchanges += in;
            assert_int_equal(bitmap_contains(hits->exchanges, from->first_exchange + i), in);
        }
    }
    assert_int_equal(bitmap_count(hits->conversations), count);
    assert_int_equal(bitmap_count(hits->exchanges), exchanges);
    assert_int_equal(bitmap_count(hits->prompt_only), prompts);
    assert_int_equal(bitmap_count(hits->output_only), outputs);
}

static void test_hits(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < WISHES; i++) {
        struct made made;
        struct query_hits all;
        made_init(&made, &wishes[i]);
        assert_ok(query_hits_open(&all, &made.state, &made.plan.queries[0], 0, &err), err);
        for (size_t part = 0; part < made.wish.parts; part++)
            for (size_t slot = 0; slot < 4; slot++) {
                struct hits hits;
                assert_ok(query_hits_read(&all, part, slot, &hits, &err), err);
                check_hits(&made, part, slot, &hits);
                hits_release(&hits);
            }
        /* A segment of four terms is none of three. */
        struct hits wrong;
        assert_int_equal(hits_read(all.segments[0], 3, 0, &wrong, &err), STATUS_INPUT);
        query_hits_release(&all);
        made_release(&made);
    }
}

/* The same catalogue twice has the same bytes. */
static void test_same_bytes(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct made a, b;
    made_init(&a, &wishes[1]);
    made_init(&b, &wishes[1]);
    made_open(&a);
    made_open(&b);
    for (size_t p = 0; p < a.catalogue.count; p++) {
        assert_string_equal(segment_content(a.catalogue.parts[p].base),
                            segment_content(b.catalogue.parts[p].base));
        struct segment *x, *y;
        assert_ok(segment_open(&x, a.state.parts[p].hits_dirs[0], &err), err);
        assert_ok(segment_open(&y, b.state.parts[p].hits_dirs[0], &err), err);
        assert_string_equal(segment_content(x), segment_content(y));
        segment_close(x);
        segment_close(y);
    }
    assert_string_equal(segment_content(a.catalogue.settled), segment_content(b.catalogue.settled));
    made_release(&a);
    made_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settle),   cmocka_unit_test(test_settled_again),
        cmocka_unit_test(test_no_parts), cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_hits),     cmocka_unit_test(test_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
