/*
 * The gate with noise: see gate.h. For each item of the policy, in order: what the ledger has is
 * told again; else it is debited, the noise is drawn, and only then are the tally's cells looked
 * at, each once.
 */
#include "base/json_io.h"
#include "base/memory.h"
#include "release/figure_make.h"
#include "release/gate.h"
#include "release/ledger.h"
#include "release/noise_buying.h"
#include "stats/partition_selection.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct figure untold = {.value = 0, .state = FIGURE_WITHHELD};

static struct ledger_price price_of(const struct noise_item *item)
{
    return (struct ledger_price){item->cost, item->delta_cost};
}

enum status gate_quote(const struct gate_noise *noise, struct ledger_price *price,
                       struct error *err)
{
    *price = (struct ledger_price){0, 0};
    for (size_t i = 0; i < noise->policy->item_count; i++) {
        const struct noise_item *item = &noise->policy->items[i];
        struct ledger_figures figures;
        if (item->measure_count == 0)
            continue;
        TRY(ledger_find(noise->ledger, item->question, &figures, err));
        if (!figures.values) {
            price->rho += item->cost;
            price->delta += item->delta_cost;
        }
        ledger_figures_release(&figures);
    }
    return ledger_can_pay(noise->ledger, *price, err);
}

/* ---- buying ---- */

static uint64_t cell_value(const struct noise_cells *cells, size_t row, size_t measure)
{
    if (cells->parts)
        return noise_sample_value(cells->parts[row], cells->check_all, cells->columns[measure]);
    if (!cells->table)
        return cells->tally->population[cells->columns[measure]].value;
    return tally_cell_at(cells->table, row, cells->columns[measure])->value;
}

static enum status draw(const struct gate_noise *noise, const struct noise_item *item, size_t rows,
                        int64_t *values, struct error *err)
{
    for (size_t m = 0; m < item->measure_count; m++)
        TRY(noise->policy->mechanism->draw(item->measures[m].scale, noise->bits, values + m * rows,
                                           rows, err));
    return STATUS_OK;
}

/* Draws noise and adds the true values; the debit is there. */
static enum status fill(const struct gate_noise *noise, const struct noise_item *item,
                        const struct noise_cells *cells, struct ledger_figures *out,
                        struct error *err)
{
    out->count = cells->rows * item->measure_count;
    out->values = mem_zalloc(out->count + 1, sizeof *out->values);
    if (!out->values)
        return error_nomem(err);
    TRY(draw(noise, item, cells->rows, out->values, err));
    for (size_t i = 0; i < out->count; i++)
        if (__builtin_add_overflow(out->values[i],
                                   (int64_t)cell_value(cells, i % cells->rows, i / cells->rows),
                                   &out->values[i]))
            return error_set(err, STATUS_INTERNAL, item->id, "a figure beyond 64 bits");
    return STATUS_OK;
}

enum status noise_buy(const struct gate_noise *noise, const struct noise_item *item,
                      const struct noise_cells *cells, struct ledger_figures *out,
                      struct error *err)
{
    TRY(ledger_find(noise->ledger, item->question, out, err));
    if (out->values && out->count != cells->rows * item->measure_count)
        return error_set(err, STATUS_INTERNAL, item->id,
                         "the ledger has %zu figures of this question, not %zu", out->count,
                         cells->rows * item->measure_count);
    if (out->values)
        return STATUS_OK;
    TRY(ledger_debit(noise->ledger, item->question, item->title, price_of(item), err));
    TRY(fill(noise, item, cells, out, err));
    return ledger_store(noise->ledger, item->question, out, err);
}

static uint64_t not_below_zero(int64_t value)
{
    return value > 0 ? (uint64_t)value : 0;
}

static uint64_t end_of(int64_t value, int64_t half)
{
    int64_t end;
    if (__builtin_add_overflow(value, half, &end))
        end = half < 0 ? INT64_MIN : INT64_MAX;
    return not_below_zero(end);
}

struct figure noise_figure(int64_t value, const struct noise_measure *measure,
                           const struct noise_law *law)
{
    return (struct figure){.value = not_below_zero(value),
                           .state = FIGURE_NOISY,
                           .low = end_of(value, -measure->half_width),
                           .high = end_of(value, measure->half_width),
                           .wide_low = end_of(value, -measure->wide),
                           .wide_high = end_of(value, measure->wide),
                           .told = value,
                           .law = law};
}

enum status noise_copy_laws(struct release *release, const struct noise_item *item,
                            const struct noise_law **out, struct error *err)
{
    struct noise_law *laws = arena_zalloc(&release->arena, item->measure_count, sizeof *laws);
    *out = laws;
    for (size_t m = 0; laws && m < item->measure_count; m++)
        laws[m] = item->measures[m].law;
    return laws ? STATUS_OK : error_nomem(err);
}

/* ---- the population ---- */

static const struct {
    const char *column, *unit;
    size_t number;
} population_columns[] = {{"conversations", "conversations", TALLY_CONVERSATIONS},
                          {"conversations", "records", TALLY_CONVERSATIONS},
                          {"exchanges", "exchanges", TALLY_EXCHANGES},
                          {"users", "users", TALLY_USERS_COLUMN},
                          {"words", "words", TALLY_WORDS}};
enum { POPULATION_COLUMNS = sizeof population_columns / sizeof *population_columns };

static enum status release_population_noisy(struct release *release, const struct tally *tally,
                                            const struct gate_noise *noise, struct error *err)
{
    const struct noise_item *item = noise_item_find(noise->policy, "");
    struct noise_cells cells = {.tally = tally, .rows = 1};
    struct ledger_figures figures;
    for (size_t i = 0; i < 4; i++)
        release->population[i] = untold;
    if (!item || item->rows != 1)
        return error_set(err, STATUS_INTERNAL, NULL, "no noise is planned for the population");
    for (size_t m = 0; m < item->measure_count; m++)
        for (size_t i = 0; i < POPULATION_COLUMNS; i++)
            if (strcmp(item->measures[m].column, population_columns[i].column) == 0)
                cells.columns[m] = population_columns[i].number;
    const struct noise_law *laws;
    TRY(noise_copy_laws(release, item, &laws, err));
    enum status status = noise_buy(noise, item, &cells, &figures, err);
    for (size_t m = 0; status == STATUS_OK && m < item->measure_count; m++) {
        release->population[cells.columns[m]] =
            noise_figure(figures.values[m], &item->measures[m], &laws[m]);
        release->noisy_population[cells.columns[m]] =
            (struct noisy_number){figures.values[m], laws[m]};
    }
    ledger_figures_release(&figures);
    return status;
}

/* A total is the population's own number, told once. */
static struct figure total_of(const struct release *release, const struct noise_item *item,
                              const struct tally_column *column)
{
    if (item && !noise_measure_find(item, column->id))
        return untold; /* a column of which nothing else is told */
    for (size_t i = 0; column->unit && i < POPULATION_COLUMNS; i++)
        if (strcmp(column->unit, population_columns[i].unit) == 0 &&
            strcmp(column->id, column->unit) == 0)
            return release->population[population_columns[i].number];
    return untold;
}

/* ---- tables ---- */

static size_t column_of(const struct tally_table *table, const char *id)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

/* Rows with noise of their own come first; then the totals. */
static enum status check_shape(const struct tally_table *table, const struct noise_item *item,
                               struct error *err)
{
    size_t rows = 0;
    for (size_t row = 0; row < table->row_count; row++)
        rows += !(table->row_flags[row] & TALLY_KEEP);
    bool first = true;
    for (size_t row = 0; row < rows; row++)
        first = first && !(table->row_flags[row] & TALLY_KEEP);
    if (rows == item->rows && first)
        return STATUS_OK;
    return error_set(err, STATUS_INTERNAL, table->id,
                     "its rows depend on the logs: %zu instead of %zu", rows, (size_t)item->rows);
}

static enum status find_columns(const struct tally_table *from, const struct noise_item *item,
                                struct noise_cells *cells, struct error *err)
{
    for (size_t m = 0; m < item->measure_count; m++) {
        cells->columns[m] = column_of(from, item->measures[m].column);
        if (cells->columns[m] == SIZE_MAX)
            return error_set(err, STATUS_INTERNAL, from->id, "no column \"%s\"",
                             item->measures[m].column);
    }
    return STATUS_OK;
}

static enum status put_figures(struct release *release, struct figure_table *to,
                               const struct noise_item *item, const struct noise_cells *cells,
                               const int64_t *values, struct error *err)
{
    const struct noise_law *laws;
    TRY(noise_copy_laws(release, item, &laws, err));
    for (size_t m = 0; m < item->measure_count; m++)
        for (size_t row = 0; row < cells->rows; row++)
            to->figures[row * to->column_count + cells->columns[m]] =
                noise_figure(values[m * cells->rows + row], &item->measures[m], &laws[m]);
    return STATUS_OK;
}

/* Heads, and what follows from the population alone. */
static enum status begin_table(struct release *release, const struct tally_table *from,
                               const struct noise_item *item, struct figure_table **out,
                               struct error *err)
{
    struct figure_table *to = *out = &release->tables[release->table_count];
    TRY(release_copy_heads(release, to, from, err));
    for (size_t row = 0; row < from->row_count; row++)
        for (size_t c = 0; c < from->column_count; c++)
            to->figures[row * from->column_count + c] =
                from->row_flags[row] & TALLY_KEEP ? total_of(release, item, &from->columns[c])
                                                  : untold;
    release->table_count++;
    return STATUS_OK;
}

/* ---- groups that the plan does not list ---- */

/* A coin that is 1 with CHANCE, rounded down to 53 bits. */
static enum status throw_coin(struct random_bits *bits, double chance, bool *out, struct error *err)
{
    uint64_t draw;
    TRY(random_bytes(bits, &draw, sizeof draw, err));
    *out = chance >= 1 || (draw >> 11) < (uint64_t)(chance * 0x1p53);
    return STATUS_OK;
}

/* The view of TABLE with the rows that KEPT[row] says, and its totals. */
static enum status make_view(struct release *release, const struct tally_table *table,
                             const bool *kept, struct tally_table *view, size_t *rows,
                             struct error *err)
{
    struct arena *arena = &release->arena;
    size_t keys = table->key_count, columns = table->column_count, at = 0;
    *view = *table;
    view->key_values = arena_zalloc(arena, table->row_count * keys + 1, sizeof *view->key_values);
    view->cells = arena_zalloc(arena, table->row_count * columns, sizeof *view->cells);
    view->row_flags = arena_zalloc(arena, table->row_count, sizeof *view->row_flags);
    if (!view->key_values || !view->cells || !view->row_flags)
        return error_nomem(err);
    *rows = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        bool total = table->row_flags[row] & TALLY_KEEP;
        if (!total && !kept[row])
            continue;
        *rows += !total;
        view->row_flags[at] = table->row_flags[row];
        for (size_t k = 0; k < keys; k++)
            view->key_values[at * keys + k] = table->key_values[row * keys + k];
        memcpy(view->cells + at * columns, table->cells + row * columns,
               columns * sizeof *view->cells);
        at++;
    }
    view->row_count = at;
    return STATUS_OK;
}

/* Which rows are shown, by how many users each has; the debit is there. */
static enum status select_rows(const struct gate_noise *noise, const struct noise_item *item,
                               const struct tally_table *table, bool *kept, struct error *err)
{
    size_t users = column_of(table, "users");
    if (users == SIZE_MAX)
        return error_set(err, STATUS_INTERNAL, table->id, "no column of users");
    for (size_t row = 0; row < table->row_count; row++)
        TRY(throw_coin(noise->bits,
                       partition_keep(item->select_epsilon, item->select_delta,
                                      tally_cell_at(table, row, users)->value),
                       &kept[row], err));
    return STATUS_OK;
}

/* The keys of a view's rows as a JSON text; the caller frees it. */
static char *groups_text(const struct tally_table *view, size_t rows)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < rows * view->key_count; i++)
        if (json_array_append_new(list, json_string(view->key_values[i]))) {
            json_decref(list);
            list = NULL;
        }
    char *text = list ? json_text_make(list, JSON_COMPACT) : NULL;
    json_decref(list);
    return text;
}

/* Marks the rows of TABLE that TEXT names; STATUS_INTERNAL where one is not there. */
static enum status groups_read(const struct tally_table *table, const char *text, bool *kept,
                               struct error *err)
{
    size_t keys = table->key_count, row = 0;
    json_t *list;
    TRY(json_text_read(text, strlen(text), &list, NULL, err));
    for (size_t i = 0; i + keys <= json_array_size(list); i += keys) {
        bool same = false;
        for (; row < table->row_count && !same; row++) {
            same = true;
            for (size_t k = 0; same && k < keys; k++) {
                const char *name = json_string_value(json_array_get(list, i + k));
                same = name && strcmp(name, table->key_values[row * keys + k]) == 0;
            }
            kept[row] = same;
        }
        if (!same) {
            json_decref(list);
            return error_set(err, STATUS_INTERNAL, table->id, "the ledger names other groups");
        }
    }
    json_decref(list);
    return STATUS_OK;
}

/* Pays, selects and draws, or takes what the ledger has; KEPT[row] says what is shown. */
static enum status buy_selected(struct release *release, const struct gate_noise *noise,
                                const struct noise_item *item, struct noise_cells *cells,
                                bool *kept, struct tally_table *view, struct ledger_figures *out,
                                struct error *err)
{
    const struct tally_table *table = cells->table;
    TRY(ledger_find(noise->ledger, item->question, out, err));
    if (out->values) {
        TRY(groups_read(table, out->groups ? out->groups : "[]", kept, err));
        TRY(make_view(release, table, kept, view, &cells->rows, err));
        return out->count == cells->rows * item->measure_count
                   ? STATUS_OK
                   : error_set(err, STATUS_INTERNAL, item->id,
                               "the ledger has other figures of this question");
    }
    TRY(ledger_debit(noise->ledger, item->question, item->title, price_of(item), err));
    TRY(select_rows(noise, item, table, kept, err));
    TRY(make_view(release, table, kept, view, &cells->rows, err));
    cells->table = view;
    if (!(out->groups = groups_text(view, cells->rows)))
        return error_nomem(err);
    TRY(fill(noise, item, cells, out, err));
    return ledger_store(noise->ledger, item->question, out, err);
}

static enum status release_selected(struct release *release, const struct tally *tally,
                                    const struct tally_table *from, const struct gate_noise *noise,
                                    const struct noise_item *item, struct error *err)
{
    struct noise_cells cells = {.tally = tally, .table = from};
    struct ledger_figures figures = {.values = NULL};
    struct figure_table *to;
    struct tally_table view;
    enum status status = STATUS_OK;
    bool *kept = mem_zalloc(from->row_count, sizeof *kept);
    if (!kept)
        return error_nomem(err);
    TRY_CLEANUP(find_columns(from, item, &cells, err));
    TRY_CLEANUP(buy_selected(release, noise, item, &cells, kept, &view, &figures, err));
    TRY_CLEANUP(begin_table(release, &view, item, &to, err));
    status = put_figures(release, to, item, &cells, figures.values, err);
cleanup:
    ledger_figures_release(&figures);
    free(kept);
    return status;
}

static enum status release_noisy_table(struct release *release, const struct tally *tally,
                                       const struct tally_table *from,
                                       const struct gate_noise *noise, struct error *err)
{
    const struct noise_item *item = noise_item_find(noise->policy, from->id);
    struct figure_table *to;
    struct ledger_figures figures;
    if (item && item->selected)
        return release_selected(release, tally, from, noise, item, err);
    TRY(begin_table(release, from, item, &to, err));
    if (!item)
        return STATUS_OK;
    struct noise_cells cells = {.tally = tally, .table = from, .rows = item->rows};
    TRY(check_shape(from, item, err));
    TRY(find_columns(from, item, &cells, err));
    enum status status = noise_buy(noise, item, &cells, &figures, err);
    if (status == STATUS_OK)
        status = put_figures(release, to, item, &cells, figures.values, err);
    ledger_figures_release(&figures);
    return status;
}

/* ---- the door ---- */

enum status gate_release_noisy(struct release *release, const struct tally *tally,
                               const struct gate_policy *policy, struct error *err)
{
    const struct gate_noise *noise = policy->noise;
    struct ledger_price price;
    release->noisy = true;
    release->confidence = noise->policy->confidence;
    release->tables = arena_zalloc(&release->arena, tally->table_count, sizeof *release->tables);
    if (!release->tables)
        return error_nomem(err);
    TRY(gate_quote(noise, &price, err));
    TRY(release_population_noisy(release, tally, noise, err));
    for (size_t i = 0; i < tally->table_count; i++)
        TRY(release_noisy_table(release, tally, &tally->tables[i], noise, err));
    TRY(noise_release_samples(release, tally, noise, err));
    return gate_state_guarantee(release, noise, err);
}
