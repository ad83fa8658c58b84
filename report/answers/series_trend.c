/*
 * A count by time over both reports: see series_parts.h.
 *
 * Days, months, quarters and years are texts whose order is that of time, so that the two tables
 * are merged as they stand. A previous report that was one of a series brings its own trend, so
 * that a series grows by each report.
 */
#include "report/answers/series_parts.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { EARLIER = SIDES, SOURCES };
static const char *const source_names[SOURCES] = {
    [THEN] = "previous report", [NOW] = "this report", [EARLIER] = "earlier report"};

/* A piece of time in one table. */
struct point {
    const struct result_table *table;
    const char *when;
    size_t row, source, columns[3];
};

struct trend {
    struct series *series;
    const struct series_pair *pair;
    struct result_table *out;
    bool bounded;
    struct point *points;
    size_t count, both, differing;
};

static int compare(const void *a, const void *b)
{
    const struct point *left = a, *right = b;
    int order = strcmp(left->when, right->when);
    /* Of one piece of time this report's comes first, the oldest last. */
    static const int rank[SOURCES] = {[NOW] = 0, [THEN] = 1, [EARLIER] = 2};
    if (order == 0)
        order = rank[left->source] - rank[right->source];
    return order ? order : (left->row > right->row) - (left->row < right->row);
}

/* The points of TABLE, whose figure is in the columns ID, ID_low and ID_high. */
static void collect(struct trend *t, const struct result_table *table, size_t key, size_t source,
                    const size_t columns[3])
{
    for (size_t row = 0; row < table->row_count; row++) {
        const struct result_value *when = result_value_at(table, row, key);
        if (!series_is_time(when))
            continue;
        struct point *to = &t->points[t->count++];
        *to = (struct point){.table = table, .when = when->text, .row = row, .source = source};
        memcpy(to->columns, columns, sizeof to->columns);
    }
}

/* The trend that the previous report has of the same question, or NULL. */
static const struct result_table *earlier_trend(const struct trend *t, size_t *key,
                                                size_t columns[3])
{
    static const char *const ids[] = {"conversations", "conversations_low", "conversations_high"};
    const struct result_table *now = t->pair->tables[NOW];
    const struct result *then = t->series->reports[THEN];
    size_t len = strlen(now->id);
    for (size_t i = 0; i < then->table_count; i++) {
        const struct result_table *table = then->tables[i];
        if (strcmp(table->kind, "trend") != 0 || strcmp(table->question, now->question) != 0 ||
            strncmp(table->id, now->id, len) != 0 || strcmp(table->id + len, ".trend") != 0)
            continue;
        *key = series_column(table, now->columns[t->pair->keys[NOW][0]].id);
        for (size_t e = 0; e < 3; e++)
            columns[e] = series_column(table, ids[e]);
        bool ends = columns[1] != SIZE_MAX && columns[2] != SIZE_MAX;
        if (*key != SIZE_MAX && columns[0] != SIZE_MAX && ends == t->bounded)
            return table;
    }
    return NULL;
}

static bool same_figure(const struct point *a, const struct point *b)
{
    const struct result_value *left = result_value_at(a->table, a->row, a->columns[0]);
    const struct result_value *right = result_value_at(b->table, b->row, b->columns[0]);
    return left->kind == right->kind && (left->kind != VALUE_COUNT || left->count == right->count);
}

static bool is_first(const struct trend *t, size_t at)
{
    return at == 0 || strcmp(t->points[at - 1].when, t->points[at].when) != 0;
}

/*
 * The point after AT, if it is another report's of the same time; or NULL. What the previous report
 * says itself is in its trend, too.
 */
static const struct point *other_of(const struct trend *t, size_t at)
{
    const struct point *p = &t->points[at];
    if (at + 1 == t->count || strcmp(p->when, p[1].when) != 0 || p->source == p[1].source)
        return NULL;
    return p->source == THEN ? NULL : &p[1];
}

/* The point AT and, where another report has one of the same time, what that report says. */
static enum status put_point(struct trend *t, size_t at, struct error *err)
{
    struct result *result = t->series->answer->result;
    const struct point *p = &t->points[at], *other = other_of(t, at);
    size_t ends = t->bounded ? 3 : 1;
    TRY(result_put_text(result, t->out, p->when, err));
    for (size_t e = 0; e < ends; e++)
        TRY(series_put(t->series, t->out, p->table, p->row, p->columns[e], err));
    TRY(result_put_text(result, t->out, source_names[p->source], err));
    if (!t->both)
        return STATUS_OK;
    for (size_t e = 0; e < ends; e++)
        if (other)
            TRY(series_put(t->series, t->out, other->table, other->row, other->columns[e], err));
        else
            TRY(result_put_null(result, t->out, err));
    if (!other)
        return result_put_null(result, t->out, err);
    bool same = same_figure(p, other);
    t->differing += !same;
    return result_put_text(result, t->out, same ? "equal" : "different", err);
}

static enum status add_rows(struct trend *t, struct error *err)
{
    for (size_t i = 0; i < t->count; i++)
        if (is_first(t, i))
            TRY(put_point(t, i, err));
    return STATUS_OK;
}

static enum status add_table(struct trend *t, struct error *err)
{
    static const struct result_column own[] = {
        {"", "", RESULT_MONTH, ""},
        {"conversations", "Conversations", RESULT_COUNT, "conversations"},
        {"conversations_low", "Conversations, low", RESULT_COUNT, "conversations"},
        {"conversations_high", "Conversations, high", RESULT_COUNT, "conversations"},
        {"source", "Taken from", RESULT_STRING, ""},
        {"also", "In an earlier report, too", RESULT_COUNT, "conversations"},
        {"also_low", "In an earlier report, low", RESULT_COUNT, "conversations"},
        {"also_high", "In an earlier report, high", RESULT_COUNT, "conversations"},
        {"agreement", "The two figures", RESULT_STRING, ""},
    };
    struct result_column columns[sizeof own / sizeof *own];
    size_t count = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        bool end = i == 2 || i == 3 || i == 6 || i == 7;
        if ((end && !t->bounded) || (i > 4 && !t->both))
            continue;
        columns[count] = own[i];
        if (i == 0)
            columns[count] = t->pair->tables[NOW]->columns[t->pair->keys[NOW][0]];
        count++;
    }
    return series_table(t->series, t->pair->tables[NOW], ".trend", "trend",
                        "trend over this and earlier reports", columns, count, &t->out, err);
}

static enum status add_notes(struct trend *t, struct error *err)
{
    struct answer *answer = t->series->answer;
    struct result *result = answer->result;
    t->out->method = result_text(
        result, t->bounded ? "Each figure with the bounds and at the level of its own report."
                           : "Figures as their reports tell them.");
    if (!t->out->method)
        return error_nomem(err);
    TRY(answer_note(answer, t->out,
                    result_printf(result, "Population of the previous report: %s",
                                  t->pair->tables[THEN]->population),
                    err));
    if (t->both)
        TRY(answer_note(answer, t->out,
                        result_printf(result,
                                      "%zu periods are in two reports; for %zu of them the "
                                      "figures differ.%s",
                                      t->both, t->differing,
                                      !t->differing ? ""
                                      : t->series->noisy
                                          ? " Each report adds noise of its own, so that they may "
                                            "differ where the logs do not."
                                          : " Then the logs, or what is withheld, are not what "
                                            "they were: records that came late, were removed or "
                                            "are read anew. This report's figure is shown first."),
                        err));
    return result_note(result, t->out,
                       "A first or last period may be cut by the dates of its report. Derived from "
                       "figures that stand released in the reports, and from nothing else.",
                       err);
}

static enum status set_chart(struct trend *t, struct error *err)
{
    struct result *result = t->series->answer->result;
    const struct result_column *key = &t->out->columns[0];
    if (t->out->row_count < 2)
        return STATUS_OK;
    const char *title =
        result_printf(result, "Conversations by %s, this and earlier reports", key->id);
    const char *alt = result_printf(result,
                                    "A line of the conversations of each of %zu periods, in order "
                                    "of time%s.",
                                    t->out->row_count, t->bounded ? ", with their bounds" : "");
    if (!title || !alt)
        return error_nomem(err);
    t->out->chart = (struct result_chart){CHART_LINE, 0, 1, 0, t->out->row_count, title, alt, 0};
    return STATUS_OK;
}

static void sort(struct trend *t)
{
    if (t->count)
        qsort(t->points, t->count, sizeof *t->points, compare);
    for (size_t i = 0; i < t->count; i++)
        t->both += is_first(t, i) && other_of(t, i) != NULL;
}

static enum status make(struct trend *t, const struct series_measure *m, struct error *err)
{
    size_t earlier_key, earlier_columns[3];
    const struct result_table *earlier = earlier_trend(t, &earlier_key, earlier_columns);
    size_t most = 1;
    for (size_t side = 0; side < SIDES; side++)
        most += t->pair->tables[side]->row_count;
    t->points = mem_zalloc(most + (earlier ? earlier->row_count : 0), sizeof *t->points);
    if (!t->points)
        return error_nomem(err);
    for (size_t side = 0; side < SIDES; side++)
        collect(t, t->pair->tables[side], t->pair->keys[side][0], side, m->columns[side]);
    if (earlier)
        collect(t, earlier, earlier_key, EARLIER, earlier_columns);
    sort(t);
    TRY(add_table(t, err));
    TRY(add_rows(t, err));
    TRY(add_notes(t, err));
    return set_chart(t, err);
}

enum status series_trend(struct series *series, const struct series_pair *pair, struct error *err)
{
    if (!pair->by_time)
        return STATUS_OK;
    for (size_t i = 0; i < pair->measure_count; i++) {
        const struct series_measure *m = &pair->measures[i];
        if (m->type != RESULT_COUNT || m->columns[NOW][0] == SIZE_MAX ||
            strcmp(pair->tables[NOW]->columns[m->columns[NOW][0]].id, "conversations") != 0)
            continue;
        struct trend t = {
            .series = series, .pair = pair, .bounded = m->columns[NOW][1] != SIZE_MAX};
        enum status status = make(&t, m, err);
        free(t.points);
        return status;
    }
    return STATUS_OK;
}
