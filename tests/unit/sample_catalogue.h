/*
 * Catalogues made for tests of frames and samples, without logs: parts of rows, a plan with one
 * relevance query, and the population of both.
 */
#ifndef PROFFER_TEST_SAMPLE_CATALOGUE_H
#define PROFFER_TEST_SAMPLE_CATALOGUE_H

#include "tests/support/support.h"

#include "base/file.h"
#include "queries/catalogue/settle.h"
#include "queries/frame.h"
#include "queries/plan.h"
#include "queries/population.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct made_row {
    const char *id; /* NULL: none */
    size_t id_len;  /* 0: strlen */
    const char *user;
    int64_t time;
    const char *account;
};

/* Row ROW of part PART into *OUT; SCRATCH holds its strings. */
typedef void made_row_of(size_t part, uint32_t row, struct made_row *out, char scratch[static 256]);

struct made {
    const char *dir;
    struct catalogue catalogue;
    struct population population;
    struct plan plan;
    struct plan_query query;
    char plan_path[300], sample_path[300], labels_path[300], frame_path[300];
};

static const char *const made_digest =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static void made_write_part(const char *path, size_t part, uint32_t rows, made_row_of *row_of,
                            uint64_t rejected)
{
    static const char *const fields[] = {"model", "country", "language", "account"};
    struct error err = ERROR_INIT;
    struct part_builder *builder = part_builder_new(fields, 4, NULL, 0);
    struct segment_out *out = NULL;
    char name[32];
    assert_non_null(builder);
    for (uint32_t row = 0; row < rows; row++) {
        struct made_row made = {.time = 1700000000};
        char scratch[256];
        row_of(part, row, &made, scratch);
        struct span values[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
        if (made.account)
            values[3] = (struct span){made.account, strlen(made.account)};
        size_t id_len = made.id && !made.id_len ? strlen(made.id) : made.id_len;
        struct part_row in = {.offset = row * 100,
                              .id = {made.id, id_len},
                              .user = {made.user, made.user ? strlen(made.user) : 0},
                              .time = made.time,
                              .turns = 2,
                              .exchanges = 1,
                              .words = 10,
                              .fields = values};
        assert_ok(part_builder_add(builder, &in, &err), err);
    }
    snprintf(name, sizeof name, "logs/%zu.jsonl", part);
    json_t *meta =
        json_pack("{s:{s:s, s:n, s:i}, s:{s:I, s:i}}", "input", "name", name, "sha256", "start", 0,
                  "rejected", "bad_json", (json_int_t)rejected, "too_deep", 1);
    assert_non_null(meta);
    assert_ok(segment_out_open(&out, path, &err), err);
    assert_ok(part_builder_write(builder, out, &err), err);
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
    part_builder_free(builder);
}

/* PARTS parts of ROWS[part] rows; each has 3 + 1 rejected records. The plan has no filter. */
static void made_init(struct made *made, size_t parts, const uint32_t *rows, made_row_of *row_of)
{
    static const char *const fields[] = {"model", "country", "language", "account"};
    struct error err = ERROR_INIT;
    char *paths[16];
    *made = (struct made){.dir = test_dir()};
    for (size_t i = 0; i < parts; i++) {
        paths[i] = malloc(300);
        assert_non_null(paths[i]);
        snprintf(paths[i], 300, "%s/part-%zu", made->dir, i);
        made_write_part(paths[i], i, rows[i], row_of, 3);
    }
    assert_ok(catalogue_open(&made->catalogue, paths, parts, fields, 4, &err), err);
    char settled[300];
    snprintf(settled, sizeof settled, "%s/settled", made->dir);
    assert_ok(settle_open(&made->catalogue, settled, true, &err), err);
    for (size_t i = 0; i < parts; i++)
        free(paths[i]);
    snprintf(made->plan_path, sizeof made->plan_path, "%s/plan.json", made->dir);
    snprintf(made->frame_path, sizeof made->frame_path, "%s/plan.frame.json", made->dir);
    snprintf(made->sample_path, sizeof made->sample_path, "%s/sample.json", made->dir);
    snprintf(made->labels_path, sizeof made->labels_path, "%s/labels.csv", made->dir);
    static char id[] = "rel";
    made->query = (struct plan_query){.id = id,
                                      .kind = QUERY_RELEVANCE,
                                      .sample_path = made->sample_path,
                                      .labels_path = made->labels_path,
                                      .confidence = 0.95};
    made->plan.path = made->plan_path;
    made->plan.queries = &made->query;
    made->plan.query_count = 1;
    made->plan.population.from = INT64_MIN;
    made->plan.population.to = INT64_MAX;
    assert_ok(population_init(&made->population, &made->catalogue, &made->plan, &err), err);
}

/* The population again, after a change of the plan's filter. */
static inline void made_again(struct made *made)
{
    struct error err = ERROR_INIT;
    population_release(&made->population);
    assert_ok(population_init(&made->population, &made->catalogue, &made->plan, &err), err);
}

static inline struct tally_source made_source(const struct made *made)
{
    return (struct tally_source){&made->plan, NULL, &made->catalogue, &made->population};
}

/* Conversations in one stratum, named by id, laid over the population; release them. */
static inline void made_lay(const struct made *made, struct frame_units *laid)
{
    static const struct frame_basis plain = {.kind = UNIT_CONVERSATION};
    struct error err = ERROR_INIT;
    struct tally_source source = made_source(made);
    assert_ok(frame_lay(laid, &plain, &source, &err), err);
}

static inline enum status made_frame(const struct made *made, struct frame *frame,
                                     struct error *err)
{
    struct tally_source source = made_source(made);
    struct frame_request request = {.catalogue_digest = made_digest};
    return frame_make(frame, &source, &request, err);
}

static inline enum status made_fix_frame(const struct made *made, struct frame *frame,
                                         bool *written, struct error *err)
{
    struct tally_source source = made_source(made);
    struct frame_request request = {.catalogue_digest = made_digest};
    return frame_fix(frame, &source, &request, made->frame_path, written, err);
}

static void made_release(struct made *made)
{
    population_release(&made->population);
    catalogue_close(&made->catalogue);
}

/* "c000123" of user u0 .. u39, one row in ten a business account, days from 2023-11-14 on. */
static inline void plain_row(size_t part, uint32_t row, struct made_row *out,
                             char scratch[static 256])
{
    static const char *const accounts[] = {"free", "plus", "business"};
    uint32_t number = (uint32_t)part * 100000 + row;
    snprintf(scratch, 64, "c%06u", number);
    snprintf(scratch + 64, 64, "u%u", number % 40);
    *out = (struct made_row){.id = scratch,
                             .user = number % 13 ? scratch + 64 : NULL,
                             .time = 1700000000 + (int64_t)number % 30 * 86400,
                             .account = accounts[number % 10 == 0 ? 2 : number % 2]};
}

#endif
