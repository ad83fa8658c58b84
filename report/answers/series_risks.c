/* Stated risks of two reports, side by side: see series_parts.h. */
#include "report/answers/series_parts.h"

#include <string.h>

static const struct result_column columns[] = {
    {"risk", "Risk", RESULT_STRING, ""},
    {"standing", "Row", RESULT_STRING, ""},
    {"previous_likelihood", "Likelihood, previous", RESULT_STRING, ""},
    {"likelihood", "Likelihood, present", RESULT_STRING, ""},
    {"previous_severity", "Severity, previous", RESULT_STRING, ""},
    {"severity", "Severity, present", RESULT_STRING, ""},
    {"judgement", "The judgement", RESULT_STRING, ""},
};

struct sides {
    struct series *series;
    const struct series_pair *pair;
    struct result_table *out;
    size_t levels[SIDES][2]; /* columns of likelihood and severity */
};

static bool differ(const struct sides *s, const size_t rows[SIDES], size_t level)
{
    const struct result_value *then =
        result_value_at(s->pair->tables[THEN], rows[THEN], s->levels[THEN][level]);
    const struct result_value *now =
        result_value_at(s->pair->tables[NOW], rows[NOW], s->levels[NOW][level]);
    return then->kind != now->kind ||
           (now->kind == VALUE_TEXT && strcmp(then->text, now->text) != 0);
}

static enum status put_row(struct sides *s, const size_t rows[SIDES], enum series_standing standing,
                           struct error *err)
{
    struct result *result = s->series->answer->result;
    const struct series_pair *pair = s->pair;
    size_t named = rows[NOW] == SIZE_MAX ? THEN : NOW;
    TRY(series_put(s->series, s->out, pair->tables[named], rows[named], pair->keys[named][0], err));
    TRY(result_put_text(result, s->out, series_standing_names[standing], err));
    for (size_t level = 0; level < 2; level++)
        for (size_t side = 0; side < SIDES; side++)
            TRY(series_put(s->series, s->out, pair->tables[side], rows[side],
                           s->levels[side][level], err));
    if (standing != ROW_SAME)
        return result_put_null(result, s->out, err);
    bool other = differ(s, rows, 0) || differ(s, rows, 1);
    return result_put_text(result, s->out, other ? "another one" : "the same", err);
}

enum status series_risks(struct series *series, const struct series_pair *pair,
                         const struct series_rows *rows, struct error *err)
{
    struct sides s = {.series = series, .pair = pair};
    for (size_t side = 0; side < SIDES; side++) {
        s.levels[side][0] = series_column(pair->tables[side], "likelihood");
        s.levels[side][1] = series_column(pair->tables[side], "severity");
        if (s.levels[side][0] == SIZE_MAX || s.levels[side][1] == SIZE_MAX)
            return STATUS_OK;
    }
    TRY(series_table(series, pair->tables[NOW], ".change", "change", "change", columns,
                     sizeof columns / sizeof *columns, &s.out, err));
    s.out->method = "As both plans state them; nothing here is computed from the logs.";
    for (size_t row = 0; row < pair->tables[NOW]->row_count; row++) {
        const size_t both[SIDES] = {rows->other[NOW][row], row};
        TRY(put_row(&s, both, rows->standing[row], err));
    }
    for (size_t row = 0; row < pair->tables[THEN]->row_count; row++) {
        const size_t both[SIDES] = {row, SIZE_MAX};
        if (rows->other[THEN][row] == SIZE_MAX)
            TRY(put_row(&s, both, ROW_DROPPED, err));
    }
    return STATUS_OK;
}
