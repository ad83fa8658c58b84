/* Cells of the hidden table of a core: see joint_cells.h. */
#include "queries/joint_cells.h"

#include "base/memory.h"
#include "queries/field_relation.h"

#include <stdlib.h>
#include <string.h>

/* Combinations that are looked at. */
enum { STEPS = 1 << 20 };

/* ---- pairs: the number of what came before, and what is added ---- */

enum status joint_pair_add(struct intern *pairs, uint32_t before, uint32_t last, uint32_t *number,
                           struct error *err)
{
    const uint32_t pair[2] = {before, last};
    TRY(intern_add(pairs, (const char *)pair, sizeof pair, number, err));
    ++*number;
    return STATUS_OK;
}

uint32_t joint_pair_find(const struct intern *pairs, uint32_t before, uint32_t last)
{
    const uint32_t pair[2] = {before, last};
    return intern_find(pairs, (const char *)pair, sizeof pair) + 1;
}

/* ---- families ---- */

/* A family of fields: its finest labels, and what label each field has for them. */
struct family {
    size_t number;            /* joint_family */
    struct plan_field finest; /* tells every field of it */
    struct intern labels;     /* of `finest` */
    struct told {             /* a field of some side */
        size_t side, field;   /* which of its fields */
        uint32_t *label; /* [labels.count] its label, INTERN_NONE where the side has no such row */
    } * told;
    size_t told_count;
};

struct search {
    struct joint_cells *cells;
    struct arena arena;
    struct family *families;
    size_t family_count, steps;
    uint32_t *paths; /* [family_count + 1][side_count] reached so far */
};

static const struct plan_field *field_of(const struct joint_side *side, size_t i)
{
    return &side->edge->table->by[side->edge->fields[i]];
}

static const char *label_at(const struct joint_side *side, size_t row, size_t i)
{
    const struct tally_table *table = side->edge->table;
    return table->key_values[row * table->key_count + side->edge->fields[i]];
}

static bool has_row(const struct joint_side *side, size_t row)
{
    return tally_cell_at(side->edge->table, row, 0)->value > 0;
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Makes the finest field tell FIELD, too: with the values or bounds of both. */
static enum status refine(struct search *s, struct plan_field *finest,
                          const struct plan_field *field, struct error *err)
{
    if (field_tells(finest, field))
        return STATUS_OK;
    if (field_tells(field, finest)) {
        *finest = *field;
        return STATUS_OK;
    }
    /* Months and weekdays without days; all values beside one that is never shown. */
    if (field->kind != PLAN_FIELD_STORED ||
        (!finest->bin_count && (!finest->values || !field->values))) {
        s->cells->left_out = true;
        return STATUS_OK;
    }
    size_t values = finest->value_count + field->value_count;
    double *bins = arena_zalloc(&s->arena, finest->bin_count + field->bin_count, sizeof *bins);
    char **texts = arena_zalloc(&s->arena, values, sizeof *texts);
    if (!bins || !texts)
        return error_nomem(err);
    struct plan_field both = *finest;
    both.bins = bins;
    both.bin_count = finest->bin_count;
    if (finest->bin_count) {
        memcpy(bins, finest->bins, finest->bin_count * sizeof *bins);
        for (size_t i = 0; i < field->bin_count; i++) {
            size_t k = 0;
            while (k < finest->bin_count && finest->bins[k] != field->bins[i])
                k++;
            if (k == finest->bin_count)
                bins[both.bin_count++] = field->bins[i];
        }
        qsort(bins, both.bin_count, sizeof *bins, by_number);
    }
    both.values = finest->bin_count ? NULL : texts;
    both.value_count = 0;
    for (size_t i = 0; i < values; i++) {
        char *text =
            i < finest->value_count ? finest->values[i] : field->values[i - finest->value_count];
        size_t k = 0;
        while (k < both.value_count && strcmp(texts[k], text) != 0)
            k++;
        if (k == both.value_count)
            texts[both.value_count++] = text;
    }
    *finest = both;
    return STATUS_OK;
}

static enum status find_families(struct search *s, struct error *err)
{
    size_t most = 0;
    for (size_t i = 0; i < s->cells->side_count; i++)
        most += s->cells->sides[i].edge->field_count;
    s->families = arena_zalloc(&s->arena, most, sizeof *s->families);
    if (!s->families)
        return error_nomem(err);
    for (size_t i = 0; i < s->cells->side_count; i++) {
        const struct joint_side *side = &s->cells->sides[i];
        for (size_t f = 0; f < side->edge->field_count; f++) {
            const struct plan_field *field = field_of(side, f);
            size_t number = joint_family(s->cells->edges, field), at = 0;
            while (at < s->family_count && s->families[at].number != number)
                at++;
            struct family *family = &s->families[at];
            if (at == s->family_count) {
                *family = (struct family){.number = number, .finest = *field};
                family->told = arena_zalloc(&s->arena, most, sizeof *family->told);
                if (!family->told)
                    return error_nomem(err);
                intern_init(&family->labels);
                s->family_count++;
            }
            TRY(refine(s, &family->finest, field, err));
            family->told[family->told_count++] = (struct told){i, f, NULL};
        }
    }
    return STATUS_OK;
}

/* ---- labels ---- */

/* Conversations without a value of a side's field. */
static uint64_t unknown_of(const struct joint_side *side, size_t field)
{
    uint64_t sum = 0;
    for (size_t row = 0; row + 1 < side->edge->table->row_count; row++)
        if (strcmp(label_at(side, row, field), "unknown") == 0)
            sum += tally_cell_at(side->edge->table, row, 0)->value;
    return sum;
}

static enum status add_text(struct intern *labels, const char *text, struct error *err)
{
    uint32_t number;
    return intern_add(labels, text, strlen(text), &number, err);
}

/* All labels that the finest field of a family may have. */
static enum status list_labels(struct search *s, struct family *family, struct error *err)
{
    const struct joint_side *sides = s->cells->sides;
    char text[FIELD_LABEL];
    for (size_t bin = 0; family->finest.bin_count && bin <= family->finest.bin_count; bin++) {
        field_bin_text(&family->finest, bin, text);
        TRY(add_text(&family->labels, text, err));
    }
    for (size_t i = 0; i < family->told_count; i++) {
        struct told told = family->told[i];
        const struct joint_side *side = &sides[told.side];
        const struct plan_field *field = field_of(side, told.field);
        if (unknown_of(side, told.field) !=
            unknown_of(&sides[family->told[0].side], family->told[0].field))
            s->cells->left_out = true; /* a value "unknown" that not all of them list */
        if (field->kind != PLAN_FIELD_STORED && !field_tells(field, &family->finest))
            continue;
        if (family->finest.bin_count) {
            TRY(add_text(&family->labels, "other", err));
            TRY(add_text(&family->labels, "unknown", err));
            continue;
        }
        const struct intern *own = &side->labels[told.field];
        for (size_t k = 0; k < own->count; k++)
            TRY(add_text(&family->labels, own->items[k].text, err));
    }
    return STATUS_OK;
}

static enum status map_labels(struct search *s, struct family *family, struct error *err)
{
    char text[FIELD_LABEL];
    for (size_t i = 0; i < family->told_count; i++) {
        struct told *told = &family->told[i];
        const struct joint_side *side = &s->cells->sides[told->side];
        told->label = arena_zalloc(&s->arena, family->labels.count, sizeof *told->label);
        if (!told->label)
            return error_nomem(err);
        for (size_t k = 0; k < family->labels.count; k++) {
            const char *label = field_label_in(field_of(side, told->field), &family->finest, true,
                                               family->labels.items[k].text, text);
            told->label[k] = intern_find(&side->labels[told->field], label, strlen(label));
        }
    }
    return STATUS_OK;
}

/* ---- sides ---- */

/* Numbers the labels and the paths of a side's rows. */
static enum status side_init(struct joint_side *side, const struct joint_edge *edge,
                             struct error *err)
{
    side->edge = edge;
    intern_init(&side->paths);
    side->labels = mem_zalloc(edge->field_count, sizeof *side->labels);
    side->class_of = mem_zalloc(edge->table->row_count, sizeof *side->class_of);
    for (size_t i = 0; side->labels && i < edge->field_count; i++)
        intern_init(&side->labels[i]);
    if (!side->labels || !side->class_of)
        return error_nomem(err);
    for (size_t row = 0; row + 1 < edge->table->row_count; row++) {
        uint32_t path = 0;
        for (size_t i = 0; has_row(side, row) && i < edge->field_count; i++) {
            const char *label = label_at(side, row, i);
            uint32_t number;
            TRY(intern_add(&side->labels[i], label, strlen(label), &number, err));
            TRY(joint_pair_add(&side->paths, path, number, &path, err));
        }
        side->class_of[row] = path;
    }
    return STATUS_OK;
}

static void side_release(struct joint_side *side)
{
    for (size_t i = 0; side->labels && i < side->edge->field_count; i++)
        intern_release(&side->labels[i]);
    free(side->labels);
    if (side->edge)
        intern_release(&side->paths);
    free(side->class_of);
}

/* ---- the search ---- */

static enum status add_cell(struct joint_cells *cells, const uint32_t *paths, struct error *err)
{
    uint32_t fold = 0;
    if (cells->count == JOINT_CELLS) {
        cells->left_out = true;
        return STATUS_OK;
    }
    if (cells->count == cells->capacity) {
        size_t capacity = 2 * cells->capacity + 64;
        uint32_t *fold_of = mem_resize(cells->fold_of, capacity, sizeof *fold_of);
        cells->fold_of = fold_of ? fold_of : cells->fold_of;
        uint32_t *classes =
            mem_resize(cells->classes, capacity * cells->side_count, sizeof *classes);
        cells->classes = classes ? classes : cells->classes;
        if (!fold_of || !classes)
            return error_nomem(err);
        cells->capacity = capacity;
    }
    for (size_t i = 0; i < cells->side_count; i++)
        TRY(joint_pair_add(&cells->folds, fold, paths[i], &fold, err));
    memcpy(cells->classes + cells->count * cells->side_count, paths,
           cells->side_count * sizeof *paths);
    cells->fold_of[cells->count++] = fold;
    return STATUS_OK;
}

/* The paths of all sides after label LABEL of a family; false if a side has no such row. */
static bool follow(const struct search *s, const struct family *family, size_t label,
                   uint32_t *paths)
{
    for (size_t i = 0; i < family->told_count; i++) {
        const struct told *told = &family->told[i];
        uint32_t *path = &paths[told->side];
        *path =
            told->label[label] == INTERN_NONE
                ? 0
                : joint_pair_find(&s->cells->sides[told->side].paths, *path, told->label[label]);
        if (*path == 0)
            return false;
    }
    return true;
}

static enum status search_from(struct search *s, size_t level, struct error *err)
{
    size_t sides = s->cells->side_count;
    uint32_t *paths = s->paths + level * sides;
    if (level == s->family_count)
        return add_cell(s->cells, paths, err);
    const struct family *family = &s->families[level];
    for (size_t label = 0; label < family->labels.count && !s->cells->left_out; label++) {
        if (++s->steps > STEPS)
            s->cells->left_out = true;
        memcpy(paths + sides, paths, sides * sizeof *paths);
        if (follow(s, family, label, paths + sides))
            TRY(search_from(s, level + 1, err));
    }
    return STATUS_OK;
}

static int by_family(const void *a, const void *b)
{
    const struct family *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static enum status find_cells(struct search *s, struct error *err)
{
    TRY(find_families(s, err));
    /* In the order in which sides have their fields. */
    qsort(s->families, s->family_count, sizeof *s->families, by_family);
    for (size_t i = 0; i < s->family_count; i++) {
        TRY(list_labels(s, &s->families[i], err));
        TRY(map_labels(s, &s->families[i], err));
    }
    s->paths =
        arena_zalloc(&s->arena, (s->family_count + 1) * s->cells->side_count, sizeof *s->paths);
    if (!s->paths)
        return error_nomem(err);
    return search_from(s, 0, err);
}

enum status joint_cells_init(struct joint_cells *cells, const struct joint_edges *edges,
                             size_t core, struct error *err)
{
    struct search search = {.cells = cells, .arena = ARENA_INIT};
    *cells = (struct joint_cells){.edges = edges};
    intern_init(&cells->folds);
    cells->sides = mem_zalloc(edges->count, sizeof *cells->sides);
    if (!cells->sides)
        return error_nomem(err);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < edges->count; i++)
        if (edges->items[i].field_count && edges->items[i].core == core)
            status = side_init(&cells->sides[cells->side_count++], &edges->items[i], err);
    if (status == STATUS_OK)
        status = find_cells(&search, err);
    for (size_t i = 0; i < search.family_count; i++)
        intern_release(&search.families[i].labels);
    arena_release(&search.arena);
    return status;
}

void joint_cells_release(struct joint_cells *cells)
{
    for (size_t i = 0; i < cells->side_count; i++)
        side_release(&cells->sides[i]);
    free(cells->sides);
    free(cells->fold_of);
    free(cells->classes);
    intern_release(&cells->folds);
    *cells = (struct joint_cells){.edges = NULL};
}
