/* Tables of populations that share a part: see tally_slices.h. */
#include "queries/tally_slices.h"

#include "base/memory.h"
#include "queries/linked_classes.h"
#include "queries/slice_users.h"
#include "queries/tally_ties.h"

#include <stdlib.h>

/* Differences of so many times min_users are large; of more pairs of rows nothing is said of users.
 */
enum { LARGE = 8, USER_PAIRS_MAX = 1 << 16 };
enum { CONVERSATIONS }; /* column of every table by fields */
#define ALL_CLASSES UINT32_MAX

/* What rows of one table have more than rows of the other that lie within them. */
struct slack {
    size_t side;    /* of the rows within */
    uint32_t class; /* or ALL_CLASSES */
    bool total[2];  /* [side] it is that table's total */
    uint64_t value;
    uint32_t users;
};

struct slices {
    struct tally *tally;
    struct told_population *population;
    const struct population_groups *groups;
    size_t counted; /* pairs */
    uint64_t large;
    uint32_t min_users;
    struct linked_classes classes; /* of the pair at hand */
    bool hides; /* one of them is this report's, and they are not nearly the same */
    struct slack *items;
    size_t count, capacity;
    struct places places;
};

/* ---- the rows of a slack ---- */

/* Rows that come into question: NUMBER to END of a list, or of all rows. */
struct range {
    const uint32_t *list; /* or NULL */
    size_t number, end;
};

static struct range range_of(const struct slices *s, const struct slack *slack, size_t side)
{
    const struct linked_classes *linked = &s->classes;
    size_t rows = linked->tables[side]->row_count;
    if (slack->total[side])
        return (struct range){NULL, rows - 1, rows};
    if (slack->class == ALL_CLASSES)
        return (struct range){NULL, 0, rows - 1};
    return (struct range){linked->by_class[side], linked->class_row[side][slack->class],
                          linked->class_row[side][slack->class + 1]};
}

/* The next row of the slack; false where there is none. */
static bool next(const struct slices *s, const struct slack *slack, size_t side,
                 struct range *range, size_t *row)
{
    while (range->number < range->end) {
        *row = range->list ? range->list[range->number] : range->number;
        range->number++;
        enum standing standing = s->classes.standing[side][*row];
        if (slack->total[side] || standing == STANDS_INSIDE ||
            (side != slack->side && standing == STANDS_ASTRIDE))
            return true;
    }
    return false;
}

/* The sum of their figures; *KNOWN is false where a row among them is tied to nothing, or where
 * there is none. */
static uint64_t sum_of(const struct slices *s, const struct slack *slack, size_t side, bool *known)
{
    struct range range = range_of(s, slack, side);
    uint64_t sum = 0;
    bool any = false;
    for (size_t row; next(s, slack, side, &range, &row); any = true) {
        *known = *known && !linked_is_untied(&s->classes, side, row);
        sum += tally_cell_at(s->classes.tables[side], row, CONVERSATIONS)->value;
    }
    *known = *known && any;
    return sum;
}

static enum status add_rows(struct slices *s, const struct slack *slack, size_t side,
                            uint32_t column, int sign, struct error *err)
{
    struct range range = range_of(s, slack, side);
    for (size_t row; next(s, slack, side, &range, &row);)
        TRY(places_add(&s->places, linked_place(&s->classes, side, row, column, sign), err));
    return STATUS_OK;
}

/* ---- finding ---- */

static enum status note(struct slices *s, struct slack slack, struct error *err)
{
    bool known = true;
    uint64_t inner = sum_of(s, &slack, slack.side, &known);
    uint64_t outer = sum_of(s, &slack, !slack.side, &known);
    if (!known || outer < inner || outer - inner >= s->large)
        return STATUS_OK;
    struct slack *grown = mem_grow(s->items, &s->capacity, s->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    s->items = grown;
    slack.value = outer - inner;
    slack.users = (uint32_t)slack.value;
    grown[s->count++] = slack;
    return STATUS_OK;
}

/* Whether rows of a side that lie so, but for its total, have any conversations. */
static bool any_that(const struct slices *s, size_t side, enum standing standing)
{
    const struct tally_table *table = s->classes.tables[side];
    for (size_t row = 0; row + 1 < table->row_count; row++)
        if (s->classes.standing[side][row] == standing &&
            tally_cell_at(table, row, CONVERSATIONS)->value)
            return true;
    return false;
}

/* The total of table PART and the rows of the other one. Where these are all that it has, it is a
 * matter of two populations' sizes. */
static enum status find_total(struct slices *s, size_t part, struct error *err)
{
    const struct linked_classes *linked = &s->classes;
    size_t whole = !part;
    bool contained = linked->standing[part][linked->tables[part]->row_count - 1] == STANDS_INSIDE;
    bool astride = any_that(s, whole, STANDS_ASTRIDE), out = any_that(s, whole, STANDS_OUTSIDE);
    struct slack within = {.side = whole, .class = ALL_CLASSES, .total = {false, false}};
    within.total[part] = true;
    if ((astride || out) && (astride || !contained) && any_that(s, whole, STANDS_INSIDE))
        TRY(note(s, within, err));
    struct slack around = {.side = part, .class = ALL_CLASSES, .total = {false, false}};
    around.total[part] = true;
    if (contained && astride && out)
        TRY(note(s, around, err));
    return STATUS_OK;
}

static enum status find(struct slices *s, struct error *err)
{
    const struct linked_classes *linked = &s->classes;
    s->count = 0;
    for (uint32_t class = 0; linked->common_count && class < linked->classes.count; class ++)
        for (size_t side = 0; side < 2; side++)
            if (linked->parted[class] && !linked->apart[class])
                TRY(note(s, (struct slack){.side = side, .class = class}, err));
    for (size_t side = 0; side < 2; side++)
        TRY(find_total(s, side, err));
    return STATUS_OK;
}

/* ---- counting users ---- */

static bool is_alike(const struct slack *a, const struct slack *b)
{
    return a->side == b->side && a->total[0] == b->total[0] && a->total[1] == b->total[1];
}

/* Counts the users of all slacks that are like SLACK: each row is in one of them at most. */
static enum status count_alike(struct slices *s, const struct slack *slack, struct error *err)
{
    enum status status = STATUS_OK;
    const struct tally_table *inner = s->classes.tables[slack->side];
    const struct tally_table *outer = s->classes.tables[!slack->side];
    struct slice_rows within = {.table = inner, .total = slack->total[slack->side]};
    struct slice_rows around = {.table = outer, .total = slack->total[!slack->side]};
    uint32_t *slack_of = mem_zalloc(outer->row_count, sizeof *slack_of);
    bool *left_out = mem_zalloc(inner->row_count, sizeof *left_out);
    uint32_t *users = mem_zalloc(s->count, sizeof *users);
    if (!slack_of || !left_out || !users)
        TRY_CLEANUP(error_nomem(err));
    for (size_t i = 0; i < s->count; i++) {
        if (!is_alike(&s->items[i], slack))
            continue;
        struct range outside = range_of(s, &s->items[i], !slack->side);
        struct range inside = range_of(s, &s->items[i], slack->side);
        for (size_t row; next(s, &s->items[i], !slack->side, &outside, &row);)
            slack_of[row] = (uint32_t)i + 1;
        for (size_t row; next(s, &s->items[i], slack->side, &inside, &row);)
            left_out[row] = true;
    }
    TRY_CLEANUP(
        slice_users(s->population, &around, slack_of, &within, left_out, s->count, users, err));
    for (size_t i = 0; i < s->count; i++)
        if (is_alike(&s->items[i], slack))
            s->items[i].users = users[i];
cleanup:
    free(slack_of);
    free(left_out);
    free(users);
    return status;
}

/* Where they may be fewer than conversations, and that matters. */
static enum status count_users(struct slices *s, struct error *err)
{
    bool asked = false;
    for (size_t i = 0; i < s->count; i++)
        asked = asked || s->items[i].value >= s->min_users;
    if (!s->hides || !asked)
        return STATUS_OK;
    if (s->counted == SLICE_PAIRS_MAX) {
        s->tally->slices_left_out++;
        return STATUS_OK;
    }
    s->counted++;
    for (size_t i = 0; i < s->count; i++) {
        bool first = true;
        for (size_t before = 0; first && before < i; before++)
            first = !is_alike(&s->items[before], &s->items[i]);
        if (first)
            TRY(count_alike(s, &s->items[i], err));
    }
    return STATUS_OK;
}

/* ---- ties ---- */

static enum status tie_at_most(struct slices *s, const struct slack *slack, uint32_t column,
                               struct error *err)
{
    TRY(add_rows(s, slack, slack->side, column, 1, err));
    TRY(add_rows(s, slack, !slack->side, column, -1, err));
    return places_bind_held(&s->places, s->tally, true, err);
}

static enum status tie_hidden(struct slices *s, const struct slack *slack, struct error *err)
{
    uint32_t number;
    TRY(tally_hide(s->tally, (struct tally_cell){slack->value, slack->users, 0}, &number, err));
    TRY(add_rows(s, slack, slack->side, CONVERSATIONS, 1, err));
    TRY(add_rows(s, slack, !slack->side, CONVERSATIONS, -1, err));
    TRY(places_add(&s->places, (struct tally_place){TALLY_HIDDEN, number, 0, 1}, err));
    return places_bind_held(&s->places, s->tally, false, err);
}

/* No row has more users than all rows around it. */
static enum status tie_users(struct slices *s, const struct slack *slack, uint32_t column,
                             struct error *err)
{
    struct range inside = range_of(s, slack, slack->side);
    struct range around = range_of(s, slack, !slack->side);
    if ((uint64_t)(inside.end - inside.number) * (around.end - around.number) > USER_PAIRS_MAX)
        return STATUS_OK;
    for (size_t row; next(s, slack, slack->side, &inside, &row);) {
        TRY(places_add(&s->places, linked_place(&s->classes, slack->side, row, column, 1), err));
        TRY(add_rows(s, slack, !slack->side, column, -1, err));
        TRY(places_bind_held(&s->places, s->tally, true, err));
    }
    return STATUS_OK;
}

static enum status tie(struct slices *s, const struct slack *slack, bool hide, struct error *err)
{
    const struct tally_table *table = s->classes.tables[slack->side];
    TRY(hide ? tie_hidden(s, slack, err) : tie_at_most(s, slack, CONVERSATIONS, err));
    if (table->column_count != s->classes.tables[!slack->side]->column_count)
        return STATUS_OK;
    for (uint32_t column = CONVERSATIONS + 1; column < table->column_count; column++)
        TRY(table->columns[column].flags & TALLY_USERS ? tie_users(s, slack, column, err)
                                                       : tie_at_most(s, slack, column, err));
    return STATUS_OK;
}

static enum status tie_all(struct slices *s, struct error *err)
{
    size_t hidden = 0;
    bool left_out = false;
    for (size_t i = 0; i < s->count; i++) {
        bool hide = s->hides && s->items[i].value;
        left_out = left_out || (hide && hidden == TALLY_JOINT_BLOCK);
        hide = hide && hidden < TALLY_JOINT_BLOCK;
        hidden += hide;
        TRY(tie(s, &s->items[i], hide, err));
    }
    s->tally->slices_left_out += left_out;
    return STATUS_OK;
}

/* ---- all tables ---- */

static bool is_own(const struct tally_table *table)
{
    return !table->told_before || table->own_total;
}

static enum status tie_pair(struct slices *s, size_t a, size_t b, struct error *err)
{
    const struct tally_table *tables[] = {&s->tally->tables[a], &s->tally->tables[b]};
    const struct linked_rows rows[] = {
        {tables[0], a, 0, a, (uint32_t)tables[0]->row_count - 1, NULL},
        {tables[1], b, 0, b, (uint32_t)tables[1]->row_count - 1, NULL}};
    enum status status = STATUS_OK;
    uint32_t rule = tables[1]->highest_rule;
    s->large = LARGE * (uint64_t)(rule > s->min_users ? rule : s->min_users);
    s->hides = (is_own(tables[0]) || is_own(tables[1])) && !population_groups_near(s->groups, a, b);
    TRY_CLEANUP(linked_classes_init(&s->classes, &rows[0], &rows[1], err));
    TRY_CLEANUP(find(s, err));
    TRY_CLEANUP(count_users(s, err));
    TRY_CLEANUP(tie_all(s, err));
cleanup:
    linked_classes_release(&s->classes);
    return status;
}

enum status tally_slices(struct told_population *population, const struct population_groups *groups,
                         struct tally *tally, size_t first, struct error *err)
{
    const struct plan *plan = population->own->plan;
    struct slices s = {.tally = tally,
                       .population = population,
                       .groups = groups,
                       .min_users = plan->release.min_users};
    enum status status = STATUS_OK;
    for (size_t a = 0; ties_matter(plan) && a < tally->table_count; a++) {
        if (groups->group_of[a] == NO_GROUP)
            continue;
        for (size_t b = a < first ? first : a + 1; b < tally->table_count; b++)
            if (groups->group_of[b] != NO_GROUP && groups->group_of[a] != groups->group_of[b])
                TRY_CLEANUP(tie_pair(&s, a, b, err));
    }
cleanup:
    free(s.items);
    places_release(&s.places);
    return status;
}
