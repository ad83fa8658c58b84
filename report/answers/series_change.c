/*
 * Tables of what changed, one row a figure of each row of either report: see series_parts.h.
 *
 * Of exact figures the change is their difference, exact too. Of figures between ends it lies
 * between
 *
 *     low now - high then    and    high now - low then
 *
 * whenever both lie between their ends, so with at least 1 - (a1 + a2) where these miss with
 * chances a1 and a2 (Bonferroni), whether or not the two depend on each other. Where a figure is
 * withheld in either report the change is withheld: with the other figure it would tell it.
 */
#include "report/answers/series_parts.h"

#include <string.h>

/* Counts and shares have tables of their own: a column has one type. */
static const struct group {
    enum result_type type;
    const char *ending, *title, *change;
    double scale;
} groups[] = {
    {RESULT_COUNT, ".change", "change", "Change", 1},
    {RESULT_SHARE, ".share_change", "change of shares", "Change in percentage points", 100},
    {RESULT_NUMBER, ".change", "change", "Change", 1},
};

struct table {
    struct series *series;
    const struct series_pair *pair;
    const struct series_rows *rows;
    const struct group *group;
    struct result_table *out;
    bool bounded, levels;
    size_t withheld, unmatched;
};

/* What a report says of a figure. */
struct said {
    bool withheld, has_value, has_ends;
    double value, low, high;
};

static bool number_of(const struct result_table *table, size_t row, size_t column, bool *withheld,
                      double *number)
{
    if (column == SIZE_MAX || row == SIZE_MAX)
        return false;
    const struct result_value *value = result_value_at(table, row, column);
    *withheld = *withheld || value->kind == VALUE_WITHHELD;
    if (value->kind == VALUE_REAL)
        *number = value->real;
    else if (value->kind == VALUE_COUNT && value->count < UINT64_C(1) << 53)
        *number = (double)value->count;
    else
        return false;
    return true;
}

static struct said said_of(const struct series_pair *pair, const struct series_measure *m,
                           size_t side, size_t row)
{
    const struct result_table *table = pair->tables[side];
    const size_t *columns = m->columns[side];
    struct said s = {.withheld = false};
    s.has_value = number_of(table, row, columns[0], &s.withheld, &s.value);
    s.has_ends = number_of(table, row, columns[1], &s.withheld, &s.low);
    s.has_ends = number_of(table, row, columns[2], &s.withheld, &s.high) && s.has_ends;
    if (columns[0] == SIZE_MAX && s.has_ends && s.low == s.high) {
        s.has_value = true;
        s.value = s.low;
    }
    return s;
}

/* The level of both ends together; 0 if nothing can be said at it. */
static double joint_level(const struct table *t, const size_t rows[SIDES])
{
    double chance = 0;
    for (size_t side = 0; side < SIDES; side++) {
        double level = t->series->levels[side];
        bool unused = false;
        const struct result_table *table = t->pair->tables[side];
        if (t->pair->kind->flags & KIND_LEVEL &&
            !number_of(table, rows[side], series_column(table, "confidence"), &unused, &level))
            return 0;
        if (!(level > 0 && level < 1))
            return 0;
        chance += 1 - level;
    }
    return chance < 1 ? 1 - chance : 0;
}

const char *const series_direction_names[] = {
    [WENT_UP] = "higher",      [WENT_DOWN] = "lower", [STAYED] = "the same",
    [UNDECIDED] = "undecided", [HIDDEN] = "withheld",
};

static enum series_direction direction_of(double low, double high)
{
    return low > 0 ? WENT_UP : high < 0 ? WENT_DOWN : low == 0 && high == 0 ? STAYED : UNDECIDED;
}

/* Which way it went, as the last cell of a row. A share goes with its count, and is not told of in
 * the overview. */
static enum status put_direction(struct table *t, enum series_direction direction,
                                 struct error *err)
{
    t->series->directions[direction] += t->group->type != RESULT_SHARE;
    return result_put_text(t->series->answer->result, t->out, series_direction_names[direction],
                           err);
}

static enum status put_nulls(struct table *t, size_t count, bool withheld, struct error *err)
{
    struct result *result = t->series->answer->result;
    for (size_t i = 0; i < count; i++)
        TRY(withheld ? result_put_withheld(result, t->out, err)
                     : result_put_null(result, t->out, err));
    return STATUS_OK;
}

/* Change, its ends and their level, and which way it went. */
static enum status put_change(struct table *t, const struct series_measure *m,
                              const size_t rows[SIDES], bool comparable, struct error *err)
{
    struct result *result = t->series->answer->result;
    struct said then = said_of(t->pair, m, THEN, rows[THEN]);
    struct said now = said_of(t->pair, m, NOW, rows[NOW]);
    double scale = t->group->scale;
    size_t ends = t->bounded ? 2 : 0, levels = t->levels ? 1 : 0;
    if (comparable && (then.withheld || now.withheld)) {
        t->withheld++;
        TRY(put_nulls(t, 1 + ends, true, err));
        TRY(put_nulls(t, levels, false, err));
        return put_direction(t, HIDDEN, err);
    }
    double level = comparable && t->levels ? joint_level(t, rows) : 1;
    bool points = comparable && then.has_value && now.has_value;
    bool between = comparable && then.has_ends && now.has_ends && level > 0;
    if (t->bounded ? !between : !points)
        return put_nulls(t, 2 + ends + levels, false, err);
    double change = points ? scale * (now.value - then.value) : 0;
    double low = t->bounded ? scale * (now.low - then.high) : change;
    double high = t->bounded ? scale * (now.high - then.low) : change;
    if (points)
        TRY(result_put_real(result, t->out, change, err));
    else
        TRY(result_put_null(result, t->out, err));
    if (t->bounded) {
        TRY(result_put_real(result, t->out, low, err));
        TRY(result_put_real(result, t->out, high, err));
    }
    if (t->levels)
        TRY(result_put_real(result, t->out, level, err));
    return put_direction(t, direction_of(low, high), err);
}

static bool is_null(const struct table *t, const struct series_measure *m, const size_t rows[SIDES])
{
    for (size_t side = 0; side < SIDES; side++) {
        struct said s = said_of(t->pair, m, side, rows[side]);
        if (s.withheld || s.has_value || s.has_ends)
            return false;
    }
    return true;
}

static enum status put_row(struct table *t, const struct series_measure *m,
                           const size_t rows[SIDES], enum series_standing standing,
                           struct error *err)
{
    const struct series_pair *pair = t->pair;
    struct result *result = t->series->answer->result;
    size_t named = rows[NOW] == SIZE_MAX ? THEN : NOW;
    if (is_null(t, m, rows))
        return STATUS_OK;
    t->unmatched += standing == ROW_ADDED || standing == ROW_DROPPED;
    TRY(result_put_text(result, t->out, m->title, err));
    for (size_t k = 0; k < pair->key_count; k++)
        TRY(series_put(t->series, t->out, pair->tables[named], rows[named], pair->keys[named][k],
                       err));
    TRY(result_put_text(result, t->out, series_standing_names[standing], err));
    for (size_t side = 0; side < SIDES; side++)
        for (size_t e = 0; e < (t->bounded ? 3u : 1u); e++) {
            struct said s = said_of(pair, m, side, rows[side]);
            if (e == 0 && m->columns[side][0] == SIZE_MAX && s.has_value &&
                t->group->type == RESULT_NUMBER)
                TRY(result_put_real(result, t->out, s.value, err));
            else
                TRY(series_put(t->series, t->out, pair->tables[side], rows[side],
                               m->columns[side][e], err));
        }
    return put_change(t, m, rows, standing == ROW_SAME || standing == ROW_RENAMED, err);
}

/* A piece of time that one report alone has is in the table of the trend. */
static bool is_elsewhere(const struct series_pair *pair, size_t side, size_t row)
{
    return pair->by_time &&
           series_is_time(result_value_at(pair->tables[side], row, pair->keys[side][0]));
}

static enum status put_measure(struct table *t, const struct series_measure *m, struct error *err)
{
    const struct series_pair *pair = t->pair;
    for (size_t row = 0; row < pair->tables[NOW]->row_count; row++) {
        const size_t rows[SIDES] = {t->rows->other[NOW][row], row};
        if (rows[THEN] == SIZE_MAX && is_elsewhere(pair, NOW, row))
            continue;
        TRY(put_row(t, m, rows, t->rows->standing[row], err));
    }
    for (size_t row = 0; row < pair->tables[THEN]->row_count; row++) {
        const size_t rows[SIDES] = {row, SIZE_MAX};
        if (t->rows->other[THEN][row] != SIZE_MAX || is_elsewhere(pair, THEN, row))
            continue;
        TRY(put_row(t, m, rows, ROW_DROPPED, err));
    }
    return STATUS_OK;
}

/* ---- the table ---- */

static size_t make_columns(const struct table *t, struct result_column *columns)
{
    static const struct result_column said[] = {
        {"previous", "Previous", RESULT_COUNT, ""},
        {"previous_low", "Previous, low", RESULT_COUNT, ""},
        {"previous_high", "Previous, high", RESULT_COUNT, ""},
        {"present", "Present", RESULT_COUNT, ""},
        {"present_low", "Present, low", RESULT_COUNT, ""},
        {"present_high", "Present, high", RESULT_COUNT, ""},
    };
    const struct result_table *now = t->pair->tables[NOW];
    size_t count = 0;
    columns[count++] = (struct result_column){"figure", "Figure", RESULT_STRING, ""};
    for (size_t k = 0; k < t->pair->key_count; k++)
        columns[count++] = now->columns[t->pair->keys[NOW][k]];
    columns[count++] = (struct result_column){"standing", "Row", RESULT_STRING, ""};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (t->bounded || i % 3 == 0) {
            columns[count] = said[i];
            columns[count++].type = t->group->type;
        }
    const char *unit = t->group->scale > 1 ? "percentage points" : "";
    columns[count++] = (struct result_column){"change", t->group->change, RESULT_NUMBER, unit};
    if (t->bounded) {
        columns[count++] = (struct result_column){"change_low", "Change, low", RESULT_NUMBER, unit};
        columns[count++] =
            (struct result_column){"change_high", "Change, high", RESULT_NUMBER, unit};
    }
    if (t->levels)
        columns[count++] = (struct result_column){"level", "Level", RESULT_SHARE, ""};
    columns[count++] = (struct result_column){"direction", "Direction", RESULT_STRING, ""};
    return count;
}

static enum status note_method(const struct table *t, struct error *err)
{
    const char *text =
        t->pair->kind->flags & KIND_STATED
            ? "From the ranges that the plans of both reports state: the change lies between the "
              "differences of their opposite ends, if the stated figures lie in their ranges."
        : t->bounded
            ? "From the bounds of both reports: the change lies between (present low - previous "
              "high) and (present high - previous low) with at least the level in the row, which "
              "is 1 less the chances by which either report's bounds may miss (Bonferroni), "
              "whether or not the two depend on each other. Each row holds by itself."
            : "Present less previous, both exact as their reports count them.";
    t->out->method = result_text(t->series->answer->result, text);
    return t->out->method ? STATUS_OK : error_nomem(err);
}

static enum status note_what_is_odd(const struct table *t, struct error *err)
{
    struct result *result = t->series->answer->result;
    const struct result_table *now = t->pair->tables[NOW];
    if (t->pair->by_time)
        TRY(answer_note(t->series->answer, t->out,
                        result_printf(result,
                                      "Periods that only one of the reports has are in "
                                      "the table %s.trend.",
                                      now->id),
                        err));
    if (t->pair->other_terms)
        TRY(result_note(result, t->out,
                        "The lists of search terms differ. A term is compared where its expression "
                        "is the same, under whatever name; figures that depend on the other terms "
                        "are not.",
                        err));
    if (t->withheld)
        TRY(answer_note(t->series->answer, t->out,
                        result_printf(result,
                                      "Changes withheld: %zu. In one of the reports the figure is "
                                      "withheld, and with the other figure the change would tell "
                                      "it.",
                                      t->withheld),
                        err));
    if (t->unmatched && !(t->pair->kind->flags & KIND_STATED))
        TRY(result_note(result, t->out,
                        "Added, dropped: only one report has the row. Whether the other one would "
                        "have counted nothing there, or did not ask or tell, is not said.",
                        err));
    if (t->bounded && !(t->pair->kind->flags & KIND_STATED))
        TRY(result_note(result, t->out,
                        "Undecided: between the bounds are changes both ways, or none. It does not "
                        "mean that nothing changed.",
                        err));
    return STATUS_OK;
}

static enum status add_table(struct table *t, struct error *err)
{
    struct result_column columns[SERIES_KEYS + 16];
    const struct result_table *now = t->pair->tables[NOW];
    struct result *result = t->series->answer->result;
    TRY(series_table(t->series, now, t->group->ending, "change", t->group->title, columns,
                     make_columns(t, columns), &t->out, err));
    for (size_t i = 0; i < t->pair->measure_count; i++)
        if (t->pair->measures[i].type == t->group->type)
            TRY(put_measure(t, &t->pair->measures[i], err));
    if (t->out->row_count == 0) { /* neither report has such a figure; it is the last table */
        result->table_count--;
        return STATUS_OK;
    }
    TRY(note_method(t, err));
    TRY(note_what_is_odd(t, err));
    const char *derived = result_printf(
        result, "Derived from figures that stand released in the two reports, and from nothing "
                "else. Those of the previous one are taken as they stand in its file.");
    TRY(answer_note(t->series->answer, t->out, derived, err));
    if (t->pair->kind->flags & KIND_STATED)
        return STATUS_OK;
    const char *then = result_printf(result, "Population of the previous report: %s",
                                     t->pair->tables[THEN]->population);
    return answer_note(t->series->answer, t->out, then, err);
}

enum status series_change(struct series *series, const struct series_pair *pair,
                          const struct series_rows *rows, struct error *err)
{
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        struct table t = {.series = series, .pair = pair, .rows = rows, .group = &groups[g]};
        bool any = false;
        for (size_t i = 0; i < pair->measure_count; i++) {
            const struct series_measure *m = &pair->measures[i];
            if (m->type != t.group->type)
                continue;
            any = true;
            t.bounded = t.bounded || m->columns[NOW][1] != SIZE_MAX;
        }
        t.levels = t.bounded && !(pair->kind->flags & KIND_STATED);
        if (any)
            TRY(add_table(&t, err));
    }
    return STATUS_OK;
}
