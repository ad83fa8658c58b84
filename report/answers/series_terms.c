/* Search terms that were added, dropped, renamed or rewritten: see series_parts.h. */
#include "report/answers/series_parts.h"

static const struct result_column columns[] = {
    {"term", "Term", RESULT_STRING, ""},
    {"standing", "What became of it", RESULT_STRING, ""},
    {"previous_name", "Name in the previous report", RESULT_STRING, ""},
    {"previous_query", "Query in the previous report", RESULT_STRING, ""},
    {"query", "Query in this report", RESULT_STRING, ""},
};

struct revised {
    struct series *series;
    const struct series_pair *pair;
    struct result_table *out;
    size_t query[SIDES];
    size_t counts[ROW_DROPPED + 1];
};

static enum status put_row(struct revised *r, const size_t rows[SIDES],
                           enum series_standing standing, struct error *err)
{
    const struct series_pair *pair = r->pair;
    const struct result_table *then = pair->tables[THEN], *now = pair->tables[NOW];
    size_t named = rows[NOW] == SIZE_MAX ? THEN : NOW;
    r->counts[standing]++;
    TRY(series_put(r->series, r->out, pair->tables[named], rows[named], pair->keys[named][0], err));
    TRY(result_put_text(r->series->answer->result, r->out, series_standing_names[standing], err));
    TRY(series_put(r->series, r->out, then, rows[THEN], pair->keys[THEN][0], err));
    TRY(series_put(r->series, r->out, then, rows[THEN], r->query[THEN], err));
    return series_put(r->series, r->out, now, rows[NOW], r->query[NOW], err);
}

static enum status put_rows(struct revised *r, const struct series_rows *rows, size_t *same,
                            struct error *err)
{
    const struct result_table *then = r->pair->tables[THEN], *now = r->pair->tables[NOW];
    for (size_t row = 0; row < now->row_count; row++) {
        const size_t both[SIDES] = {rows->other[NOW][row], row};
        enum series_standing standing = rows->standing[row];
        if (standing == ROW_SAME)
            *same += result_value_at(now, row, r->query[NOW])->kind == VALUE_TEXT;
        else if (standing != ROW_OTHERS)
            TRY(put_row(r, both, standing, err));
    }
    for (size_t row = 0; row < then->row_count; row++) {
        const size_t both[SIDES] = {row, SIZE_MAX};
        if (rows->other[THEN][row] == SIZE_MAX)
            TRY(put_row(r, both, ROW_DROPPED, err));
    }
    return STATUS_OK;
}

enum status series_terms(struct series *series, const struct series_pair *pair,
                         const struct series_rows *rows, struct error *err)
{
    struct revised r = {.series = series, .pair = pair};
    struct result *result = series->answer->result;
    size_t same = 0;
    for (size_t side = 0; side < SIDES; side++)
        r.query[side] = series_column(pair->tables[side], "query");
    if (!pair->other_terms || r.query[THEN] == SIZE_MAX || r.query[NOW] == SIZE_MAX)
        return STATUS_OK;
    TRY(series_table(series, pair->tables[NOW], ".revised", "revised",
                     "terms since the previous report", columns, sizeof columns / sizeof *columns,
                     &r.out, err));
    r.out->method = "Terms of both reports, matched by expression, then by name.";
    TRY(put_rows(&r, rows, &same, err));
    return answer_note(series->answer, r.out,
                       result_printf(result,
                                     "Terms unchanged, not listed: %zu. Added: %zu, dropped: %zu, "
                                     "renamed: %zu, rewritten under the same name: %zu.",
                                     same, r.counts[ROW_ADDED], r.counts[ROW_DROPPED],
                                     r.counts[ROW_RENAMED], r.counts[ROW_CHANGED]),
                       err);
}
