/*
 * Rows of two tables, matched by the texts that name them: see series_parts.h.
 *
 * Search terms are matched in three passes, each over what the one before left: by name and
 * expression; by expression alone, where it occurs once on either side (terms numbered by line
 * move when a line is put in); by name alone, which is a term that was rewritten.
 */
#include "report/answers/series_parts.h"

#include "base/buffer.h"
#include "base/intern.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 1 << 24 };

const char *const series_standing_names[] = {
    [ROW_SAME] = "in both",          [ROW_RENAMED] = "renamed", [ROW_CHANGED] = "rewritten",
    [ROW_OTHERS] = "of other terms", [ROW_ADDED] = "added",     [ROW_DROPPED] = "dropped",
};

struct pass {
    struct series_rows *rows;
    const struct series_pair *pair;
    const size_t *columns[SIDES];
    size_t count;
    bool filled; /* only rows whose keys are all texts */
    enum series_standing standing;
    struct intern keys;
    struct buffer key;
    size_t *first[SIDES]; /* by number of a key: its row + 1; 0 for none */
    bool *twice;          /* by number of a key: in two rows of a side */
};

/* The key of ROW into PASS->key; false if the pass passes it over. */
static bool key_of(struct pass *pass, size_t side, size_t row, enum status *status,
                   struct error *err)
{
    const struct result_table *table = pass->pair->tables[side];
    *status = STATUS_OK;
    buffer_reset(&pass->key);
    for (size_t i = 0; i < pass->count; i++) {
        const struct result_value *value = result_value_at(table, row, pass->columns[side][i]);
        bool text = value->kind == VALUE_TEXT;
        if (pass->filled && !text)
            return false;
        *status = buffer_addf(&pass->key, err, "%c%s", text ? '=' : '-', text ? value->text : "");
        if (*status == STATUS_OK)
            *status = buffer_add(&pass->key, "", 1, err);
        if (*status != STATUS_OK)
            return false;
    }
    return true;
}

static enum status note_rows(struct pass *pass, size_t side, struct error *err)
{
    const struct result_table *table = pass->pair->tables[side];
    for (size_t row = 0; row < table->row_count; row++) {
        enum status status;
        uint32_t number;
        if (pass->rows->other[side][row] != SIZE_MAX)
            continue;
        bool has = key_of(pass, side, row, &status, err);
        TRY(status);
        if (!has)
            continue;
        TRY(intern_add(&pass->keys, pass->key.data ? pass->key.data : "", pass->key.len, &number,
                       err));
        if (pass->first[side][number])
            pass->twice[number] = true;
        else
            pass->first[side][number] = row + 1;
    }
    return STATUS_OK;
}

/* Matches what is left; *DOUBLED if a key stands in two rows of a table. */
static enum status run_pass(struct pass *pass, bool *doubled, struct error *err)
{
    size_t most = pass->pair->tables[THEN]->row_count + pass->pair->tables[NOW]->row_count + 1;
    enum status status = STATUS_OK;
    intern_init(&pass->keys);
    buffer_init(&pass->key, KEY_MAX);
    pass->first[THEN] = mem_zalloc(most, sizeof *pass->first[THEN]);
    pass->first[NOW] = mem_zalloc(most, sizeof *pass->first[NOW]);
    pass->twice = mem_zalloc(most, sizeof *pass->twice);
    *doubled = false;
    if (!pass->first[THEN] || !pass->first[NOW] || !pass->twice) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(note_rows(pass, THEN, err));
    TRY_CLEANUP(note_rows(pass, NOW, err));
    for (size_t i = 0; i < pass->keys.count; i++) {
        size_t then = pass->first[THEN][i], now = pass->first[NOW][i];
        *doubled = *doubled || pass->twice[i];
        if (pass->twice[i] || !then || !now)
            continue;
        pass->rows->other[THEN][then - 1] = now - 1;
        pass->rows->other[NOW][now - 1] = then - 1;
        pass->rows->standing[now - 1] = pass->standing;
    }
cleanup:
    intern_release(&pass->keys);
    buffer_release(&pass->key);
    for (size_t side = 0; side < SIDES; side++)
        free(pass->first[side]);
    free(pass->twice);
    return status;
}

/* "any term" and "no term" are of the terms that there are. */
static void mark_others(struct series_rows *rows, const struct series_pair *pair)
{
    const struct result_table *now = pair->tables[NOW];
    size_t term = series_column(now, "term");
    for (size_t row = 0; term != SIZE_MAX && row < now->row_count; row++) {
        const struct result_value *name = result_value_at(now, row, term);
        if (name->kind == VALUE_TEXT &&
            (strcmp(name->text, "any term") == 0 || strcmp(name->text, "no term") == 0))
            rows->standing[row] = ROW_OTHERS;
    }
}

static enum status match_terms(struct series_rows *rows, const struct series_pair *pair,
                               struct error *err)
{
    size_t columns[SIDES][2];
    bool doubled;
    for (size_t side = 0; side < SIDES; side++) {
        columns[side][0] = pair->keys[side][0];
        columns[side][1] = series_column(pair->tables[side], "parsed");
        if (columns[side][1] == SIZE_MAX)
            columns[side][1] = columns[side][0];
    }
    struct pass both = {.rows = rows,
                        .pair = pair,
                        .columns = {columns[THEN], columns[NOW]},
                        .count = 2,
                        .standing = ROW_SAME};
    TRY(run_pass(&both, &rows->doubled, err));
    struct pass expression = {.rows = rows,
                              .pair = pair,
                              .columns = {columns[THEN] + 1, columns[NOW] + 1},
                              .count = 1,
                              .filled = true,
                              .standing = ROW_RENAMED};
    TRY(run_pass(&expression, &doubled, err));
    struct pass name = {.rows = rows,
                        .pair = pair,
                        .columns = {columns[THEN], columns[NOW]},
                        .count = 1,
                        .standing = ROW_CHANGED};
    TRY(run_pass(&name, &doubled, err));
    if (pair->other_terms)
        mark_others(rows, pair);
    return STATUS_OK;
}

enum status series_rows_init(struct series_rows *rows, struct series_pair *pair, struct error *err)
{
    *rows = (struct series_rows){.doubled = false};
    for (size_t side = 0; side < SIDES; side++) {
        size_t count = pair->tables[side]->row_count;
        rows->other[side] = mem_zalloc(count, sizeof *rows->other[side]);
        if (!rows->other[side])
            return error_nomem(err);
        for (size_t row = 0; row < count; row++)
            rows->other[side][row] = SIZE_MAX;
    }
    rows->standing = mem_zalloc(pair->tables[NOW]->row_count, sizeof *rows->standing);
    if (!rows->standing)
        return error_nomem(err);
    for (size_t row = 0; row < pair->tables[NOW]->row_count; row++)
        rows->standing[row] = ROW_ADDED;
    if (pair->kind->flags & KIND_TERMS && !strchr(pair->tables[NOW]->id, '.'))
        return match_terms(rows, pair, err);
    struct pass all = {.rows = rows,
                       .pair = pair,
                       .columns = {pair->keys[THEN], pair->keys[NOW]},
                       .count = pair->key_count,
                       .standing = ROW_SAME};
    return run_pass(&all, &rows->doubled, err);
}

void series_rows_release(struct series_rows *rows)
{
    for (size_t side = 0; side < SIDES; side++)
        free(rows->other[side]);
    free(rows->standing);
    *rows = (struct series_rows){.doubled = false};
}
