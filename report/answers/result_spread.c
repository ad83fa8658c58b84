/* Bounds of noisy cells as columns: see result.h. */
#include "base/buffer.h"
#include "base/memory.h"
#include "base/rounding.h"
#include "report/answers/result.h"

#include <stdlib.h>
#include <string.h>

/* What becomes of a column. */
enum fate { KEPT, BOUNDED, LEFT_OUT };

struct spreading {
    struct result *result;
    struct result_table *table;
    enum fate *fates;   /* [column_count] */
    size_t *places;     /* [column_count] of the kept ones, in the new table */
    size_t width, told; /* columns of the new table; figures' columns among the kept */
};

static bool is_figure(const struct result_column *column)
{
    return column->type == RESULT_COUNT || column->type == RESULT_SHARE ||
           column->type == RESULT_NUMBER;
}

static bool all_withheld(const struct result_table *table, size_t column)
{
    bool any = false;
    for (size_t row = 0; row < table->row_count; row++) {
        enum result_value_kind kind = result_value_at(table, row, column)->kind;
        if (kind != VALUE_WITHHELD && kind != VALUE_NULL)
            return false;
        any = any || kind == VALUE_WITHHELD;
    }
    return any;
}

static void decide(struct spreading *s)
{
    const struct result_table *table = s->table;
    for (size_t c = 0; c < table->column_count; c++)
        if (is_figure(&table->columns[c]) && all_withheld(table, c))
            s->fates[c] = LEFT_OUT;
    for (size_t i = 0; i < table->bound_count; i++)
        s->fates[table->bounds[i].cell % table->column_count] = BOUNDED;
    for (size_t c = 0; c < table->column_count; c++) {
        s->places[c] = s->width;
        s->width += s->fates[c] == BOUNDED ? 3 : s->fates[c] == KEPT;
        s->told += is_figure(&table->columns[c]) && s->fates[c] != LEFT_OUT;
    }
}

/* The names of what is left out, as a note. */
static enum status note_left_out(const struct spreading *s, struct error *err)
{
    struct buffer names;
    enum status status = STATUS_OK;
    buffer_init(&names, 1 << 16);
    for (size_t c = 0; c < s->table->column_count; c++)
        if (s->fates[c] == LEFT_OUT)
            TRY_CLEANUP(buffer_addf(&names, err, "%s%s", names.len ? ", " : "",
                                    s->table->columns[c].title));
    if (names.len) {
        const char *text = result_printf(s->result,
                                         "Not told with noise, for want of a bound on what one "
                                         "conversation adds: %s.",
                                         names.data);
        status = text ? result_note(s->result, s->table, text, err) : error_nomem(err);
    }
cleanup:
    buffer_release(&names);
    return status;
}

static enum status spread_columns(const struct spreading *s, struct result_column **out,
                                  struct error *err)
{
    struct result *result = s->result;
    struct result_column *to = arena_zalloc(&result->arena, s->width, sizeof *to);
    if (!to)
        return error_nomem(err);
    for (size_t c = 0; c < s->table->column_count; c++) {
        const struct result_column *from = &s->table->columns[c];
        if (s->fates[c] == LEFT_OUT)
            continue;
        to[s->places[c]] = *from;
        for (size_t e = 0; s->fates[c] == BOUNDED && e < 2; e++) {
            struct result_column *end = &to[s->places[c] + 1 + e];
            *end = *from;
            end->id = result_printf(result, e ? "%s_high" : "%s_low", from->id);
            end->title = result_printf(result, e ? "%s, high" : "%s, low", from->title);
            if (!end->id || !end->title)
                return error_nomem(err);
        }
    }
    *out = to;
    return STATUS_OK;
}

static void spread_values(const struct spreading *s, struct result_value *to)
{
    const struct result_table *table = s->table;
    size_t bound = 0, width = table->column_count;
    for (size_t cell = 0; cell < table->row_count * width; cell++) {
        size_t c = cell % width, row = cell / width;
        if (s->fates[c] == LEFT_OUT)
            continue;
        struct result_value *place = &to[row * s->width + s->places[c]];
        place[0] = table->values[cell];
        if (s->fates[c] != BOUNDED)
            continue;
        bool own = bound < table->bound_count && table->bounds[bound].cell == cell;
        struct result_value none = {.kind = place[0].kind == VALUE_WITHHELD ? VALUE_WITHHELD
                                                                            : VALUE_NULL};
        place[1] = own ? table->bounds[bound].low : none;
        place[2] = own ? table->bounds[bound].high : none;
        bound += own;
    }
}

/* What the noise means for who reads the table, with the level of its ends. */
static enum status note_noise(const struct spreading *s, struct error *err)
{
    const struct result_pairs *facts = &s->result->release;
    char level[ROUNDING_TEXT_SIZE] = "";
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].name, "confidence") == 0)
            rounding_percent_text(strtod(facts->items[i].value, NULL), ROUND_NEAREST, level);
    const char *ends = *level
                           ? result_printf(s->result,
                                           " Unless a column says another confidence, the number "
                                           "lies between low and high with %s, each figure by "
                                           "itself.",
                                           level)
                           : "";
    const char *note =
        ends ? result_printf(s->result,
                             "Each figure has noise of its own: figures need not add up nor fit "
                             "each other. What is said of sums is true of the numbers beneath.%s",
                             ends)
             : NULL;
    return note ? result_note(s->result, s->table, note, err) : error_nomem(err);
}

static enum status spread(struct spreading *s, struct error *err)
{
    struct result_table *table = s->table;
    struct result_column *columns = NULL;
    struct result_value *values = mem_zalloc(table->row_count * s->width + 1, sizeof *values);
    if (!values)
        return error_nomem(err);
    enum status status = note_left_out(s, err);
    if (status == STATUS_OK && table->bound_count)
        status = note_noise(s, err);
    if (status == STATUS_OK)
        status = spread_columns(s, &columns, err);
    if (status != STATUS_OK) {
        free(values);
        return status;
    }
    spread_values(s, values);
    free(table->values);
    free(table->bounds);
    table->values = values;
    table->bounds = NULL;
    table->bound_count = table->bound_capacity = 0;
    if (table->chart.kind != CHART_NONE) {
        if (s->fates[table->chart.category] == LEFT_OUT || s->fates[table->chart.value] == LEFT_OUT)
            table->chart.kind = CHART_NONE;
        table->chart.category = s->places[table->chart.category];
        table->chart.value = s->places[table->chart.value];
        if (table->chart.beside && s->fates[table->chart.beside] != LEFT_OUT)
            table->chart.beside = s->places[table->chart.beside];
        else
            table->chart.beside = 0;
    }
    table->columns = columns;
    table->column_count = table->filled = s->width;
    table->row_capacity = table->row_count;
    return STATUS_OK;
}

static enum status spread_table(struct result *result, struct result_table *table, bool *told,
                                struct error *err)
{
    struct spreading s = {.result = result, .table = table};
    enum status status = STATUS_OK;
    s.fates = mem_zalloc(table->column_count, sizeof *s.fates);
    s.places = mem_zalloc(table->column_count, sizeof *s.places);
    if (!s.fates || !s.places) {
        status = error_nomem(err);
    } else {
        decide(&s);
        *told = s.told > 0;
        if (*told)
            status = spread(&s, err);
    }
    free(s.fates);
    free(s.places);
    return status;
}

enum status result_spread(struct result *result, struct error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < result->table_count; i++) {
        struct result_table *table = result->tables[i];
        bool told;
        TRY(spread_table(result, table, &told, err));
        if (told) {
            result->tables[kept++] = table;
            continue;
        }
        free(table->values);
        table->values = NULL;
    }
    result->table_count = kept;
    return STATUS_OK;
}
