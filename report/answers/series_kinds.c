/*
 * Which tables of two reports can be compared, by which rows and figures: see series_parts.h.
 *
 * Compared are figures of one meaning only. Both reports must have been released by the same rules,
 * with the same term language and filters of the population; both tables must ask the same, as
 * their digests tell, in the same unit. Whatever differs is named instead of a number.
 */
#include "report/answers/series_parts.h"

#include <ctype.h>
#include <string.h>

static const struct series_kind kinds[] = {
    {"completeness", KIND_EXACT, {"reason"}, {"records", "items"}, NULL},
    {"count", KIND_EXACT, {NULL}, {NULL}, NULL},
    {"terms", KIND_EXACT | KIND_TERMS, {"term"}, {NULL}, NULL},
    {"topics", KIND_EXACT, {"group", "topic"}, {NULL}, NULL},
    {"overlap", KIND_EXACT, {NULL}, {NULL}, NULL},
    {"identifiers", KIND_EXACT, {"kind"}, {NULL}, NULL},
    {"regex", KIND_EXACT, {"pattern"}, {NULL}, NULL},
    {"proposals",
     KIND_EXACT,
     {"option"},
     {"conversations", "exchanges", "users", "words", "share", "left"},
     NULL},
    {"relevance", KIND_LEVEL, {"unit", "stratum"}, {"prevalence", "count"}, NULL},
    {"search", KIND_LEVEL, {"search", "measure"}, {"value"}, NULL},
    {"assumptions", KIND_STATED, {"assumption", "unit"}, {""}, NULL},
    {"risks", KIND_STATED | KIND_RISKS, {"risk"}, {NULL}, NULL},
    {"claim",
     0,
     {NULL},
     {NULL},
     "a verdict is no figure; the estimate that it rests on is compared"},
    {"claims", 0, {NULL}, {NULL}, "it repeats the claims' own tables"},
    {"burden", 0, {NULL}, {NULL}, "it follows from figures that are compared in their own tables"},
};
static const struct series_kind others = {
    "", 0, {NULL}, {NULL}, "it describes one sample or its reviewers, not the logs"};

/* Tables that the series itself makes. */
static const char *const own_kinds[] = {"series", "change", "trend", "revised"};

const struct series_kind *series_kind_of(const struct result_table *table)
{
    for (size_t i = 0; i < sizeof own_kinds / sizeof *own_kinds; i++)
        if (strcmp(table->kind, own_kinds[i]) == 0)
            return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(table->kind, kinds[i].kind) == 0)
            return &kinds[i];
    return &others;
}

size_t series_column(const struct result_table *table, const char *id)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].id, id) == 0)
            return c;
    return SIZE_MAX;
}

bool series_is_time(const struct result_value *value)
{
    return value->kind == VALUE_TEXT && isdigit((unsigned char)value->text[0]);
}

static bool is_text(const struct result_column *column)
{
    return column->type == RESULT_STRING || column->type == RESULT_MONTH;
}

/* ---- keys ---- */

/* The texts before the first figure. */
static size_t leading_texts(const struct result_table *table, size_t *keys)
{
    size_t count = 0;
    while (count < table->column_count && count < SERIES_KEYS && is_text(&table->columns[count])) {
        keys[count] = count;
        count++;
    }
    return count;
}

static bool find_keys(struct series_pair *pair)
{
    const struct series_kind *kind = pair->kind;
    const struct result_table *now = pair->tables[NOW];
    bool pairs = kind->flags & KIND_TERMS && strchr(now->id, '.');
    if (pairs || !kind->keys[0])
        pair->key_count = leading_texts(now, pair->keys[NOW]);
    else
        for (size_t i = 0; i < sizeof kind->keys / sizeof *kind->keys && kind->keys[i]; i++) {
            size_t column = series_column(now, kind->keys[i]);
            if (column != SIZE_MAX && is_text(&now->columns[column]))
                pair->keys[NOW][pair->key_count++] = column;
        }
    for (size_t i = 0; i < pair->key_count; i++) {
        size_t other = series_column(pair->tables[THEN], now->columns[pair->keys[NOW][i]].id);
        if (other == SIZE_MAX || !is_text(&pair->tables[THEN]->columns[other]))
            return false;
        pair->keys[THEN][i] = other;
    }
    return true;
}

static bool is_by_time(const struct series_pair *pair)
{
    static const char *const fields[] = {"day", "month", "quarter", "year"};
    if (pair->key_count != 1)
        return false;
    const char *id = pair->tables[NOW]->columns[pair->keys[NOW][0]].id;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(id, fields[i]) == 0)
            return true;
    return false;
}

/* ---- figures ---- */

/* Columns of value, low and high end of the figure ID; "" has only ends. */
static void find_columns(const struct result_table *table, const char *id, size_t columns[3])
{
    static const char *const endings[] = {"", "_low", "_high"};
    size_t len = strlen(id);
    for (size_t e = 0; e < 3; e++) {
        columns[e] = SIZE_MAX;
        for (size_t c = 0; c < table->column_count; c++) {
            const char *name = table->columns[c].id;
            const char *rest = strncmp(name, id, len) == 0 ? name + len : NULL;
            const char *wanted = len == 0 && e > 0 ? endings[e] + 1 : endings[e];
            if (rest && *name && strcmp(rest, wanted) == 0)
                columns[e] = c;
        }
    }
}

static bool same_type(const struct series_pair *pair, const struct series_measure *measure)
{
    for (size_t e = 0; e < 3; e++) {
        size_t then = measure->columns[THEN][e], now = measure->columns[NOW][e];
        if ((then == SIZE_MAX) != (now == SIZE_MAX))
            return false;
        if (now != SIZE_MAX && (pair->tables[THEN]->columns[then].type != measure->type ||
                                pair->tables[NOW]->columns[now].type != measure->type))
            return false;
    }
    return true;
}

/* Adds the figure ID if both tables have it, with bounds where it is no exact one. */
static void add_measure(const struct series *series, struct series_pair *pair, const char *id)
{
    struct series_measure m;
    for (size_t side = 0; side < SIDES; side++)
        find_columns(pair->tables[side], id, m.columns[side]);
    const size_t *own = m.columns[NOW];
    bool bounded = own[1] != SIZE_MAX && own[2] != SIZE_MAX;
    size_t first = own[0] != SIZE_MAX ? own[0] : own[1];
    if (first == SIZE_MAX || pair->measure_count == SERIES_MEASURES)
        return;
    const struct result_column *column = &pair->tables[NOW]->columns[first];
    m.title = own[0] != SIZE_MAX ? column->title : *id ? "Number" : "Stated";
    if (own[0] == SIZE_MAX && *id)
        m.title = strcmp(id, "prevalence") == 0 ? "Prevalence" : "Number relevant";
    m.unit = column->unit;
    m.type = column->type;
    if (is_text(column) || column->type == RESULT_VERDICT || !same_type(pair, &m))
        return;
    unsigned flags = pair->kind->flags;
    bool has_level = flags & (KIND_LEVEL | KIND_STATED) || series->noisy;
    bool exact = flags & KIND_EXACT && !series->noisy && own[0] != SIZE_MAX;
    if (bounded ? !has_level : !exact)
        return;
    pair->measures[pair->measure_count++] = m;
}

/* Is COLUMN the low or high end of another one? */
static bool is_end(const struct result_table *table, size_t column)
{
    const char *id = table->columns[column].id;
    for (size_t c = 0; c < table->column_count; c++) {
        size_t len = strlen(table->columns[c].id);
        if (strncmp(id, table->columns[c].id, len) == 0 &&
            (strcmp(id + len, "_low") == 0 || strcmp(id + len, "_high") == 0))
            return true;
    }
    return false;
}

static bool of_whole_list(const char *id)
{
    return strncmp(id, "unique_", strlen("unique_")) == 0 ||
           strncmp(id, "added_", strlen("added_")) == 0;
}

static void find_measures(const struct series *series, struct series_pair *pair)
{
    const struct series_kind *kind = pair->kind;
    const struct result_table *now = pair->tables[NOW];
    for (size_t i = 0; i < sizeof kind->measures / sizeof *kind->measures && kind->measures[i]; i++)
        add_measure(series, pair, kind->measures[i]);
    for (size_t c = 0; !kind->measures[0] && c < now->column_count; c++) {
        bool share = now->columns[c].type == RESULT_SHARE;
        bool skipped = is_text(&now->columns[c]) || is_end(now, c) || (share && pair->by_time) ||
                       (pair->other_terms && of_whole_list(now->columns[c].id));
        if (!skipped)
            add_measure(series, pair, now->columns[c].id);
    }
}

/* ---- what must be alike ---- */

static bool same_cell(const struct result_table *a, const struct result_table *b, size_t row,
                      const char *id)
{
    size_t columns[2] = {series_column(a, id), series_column(b, id)};
    if (columns[0] == SIZE_MAX || columns[1] == SIZE_MAX)
        return false;
    const struct result_value *left = result_value_at(a, row, columns[0]);
    const struct result_value *right = result_value_at(b, row, columns[1]);
    if (left->kind != right->kind)
        return false;
    return left->kind != VALUE_TEXT || strcmp(left->text, right->text) == 0;
}

static bool same_terms(const struct result_table *then, const struct result_table *now)
{
    if (!then || !now || then->row_count != now->row_count)
        return false;
    for (size_t row = 0; row < now->row_count; row++)
        if (!same_cell(then, now, row, "term") || !same_cell(then, now, row, "parsed"))
            return false;
    return true;
}

/* Of terms.pairs the table of its terms; of this one itself. */
static const struct result_table *terms_table(const struct result *report,
                                              const struct result_table *table)
{
    const char *dot = strchr(table->id, '.');
    if (!dot)
        return table;
    size_t len = (size_t)(dot - table->id);
    for (size_t i = 0; i < report->table_count; i++)
        if (strlen(report->tables[i]->id) == len &&
            strncmp(report->tables[i]->id, table->id, len) == 0)
            return report->tables[i];
    return NULL;
}

static const char *unlike(const struct series *series, struct series_pair *pair)
{
    const struct result_table *then = pair->tables[THEN], *now = pair->tables[NOW];
    if (strcmp(then->kind, now->kind) != 0)
        return "the previous report has a table of another kind under this id";
    if (pair->kind->never)
        return pair->kind->never;
    if (!(pair->kind->flags & KIND_STATED) && series->unlike)
        return series->unlike;
    if (strcmp(then->unit, now->unit) != 0)
        return "the unit is another one";
    if (*now->question && !*then->question)
        return "the previous report does not tell what its query asked";
    if (strcmp(then->question, now->question) != 0)
        return "the question is another one";
    if (pair->kind->flags & KIND_TERMS) {
        pair->other_terms = !same_terms(terms_table(series->reports[THEN], then),
                                        terms_table(series->reports[NOW], now));
        if (pair->other_terms && strchr(now->id, '.'))
            return "the search terms are other ones";
    }
    return NULL;
}

void series_pair_init(const struct series *series, const struct result_table *then,
                      const struct result_table *now, struct series_pair *pair, const char **why)
{
    *pair = (struct series_pair){.kind = series_kind_of(now), .tables = {then, now}};
    *why = unlike(series, pair);
    if (*why)
        return;
    if (!find_keys(pair)) {
        *why = "its rows are named by other columns";
        return;
    }
    pair->by_time = is_by_time(pair);
    find_measures(series, pair);
    if (pair->measure_count == 0 && !(pair->kind->flags & KIND_RISKS))
        *why = "it has no figure in both reports that is exact or has bounds of a stated level";
}
