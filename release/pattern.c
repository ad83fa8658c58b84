/* A suppression pattern in the making: see pattern.h. */
#include "release/pattern.h"

#include "release/moves.h"
#include "release/smallcell.h"

static void withhold_one(struct pattern *pattern, size_t cell)
{
    const struct grid *grid = &pattern->grid;
    pattern->flags[cell] |= SMALLCELL_WITHHELD;
    pattern->withheld++;
    for (size_t i = grid->cell_first[cell]; i < grid->cell_first[cell + 1]; i++)
        pattern->withheld_in[grid->cell_terms[i].other]++;
}

uint64_t pattern_rule(const struct pattern *pattern, size_t cell)
{
    return pattern->flags[cell] & SMALLCELL_BEFORE ? pattern->lowest_rule : pattern->min_users;
}

enum status pattern_init(struct pattern *pattern, struct arena *arena,
                         const struct tally_table *table, uint32_t min_users,
                         const struct smallcell_demand *demands, unsigned char *flags,
                         struct error *err)
{
    *pattern = (struct pattern){
        .row_flags = table->row_flags,
        .min_users = min_users,
        .lowest_rule =
            table->lowest_rule && table->lowest_rule < min_users ? table->lowest_rule : min_users,
        .highest_rule = table->highest_rule > min_users ? table->highest_rule : min_users,
        .flags = flags};
    TRY(grid_init(&pattern->grid, arena, table, err));
    const struct grid *grid = &pattern->grid;
    pattern->withheld_in = arena_zalloc(arena, grid->relation_count, sizeof *pattern->withheld_in);
    pattern->seen = arena_zalloc(arena, 2 * grid->cell_count, sizeof *pattern->seen);
    pattern->relation_seen =
        arena_zalloc(arena, grid->relation_count, sizeof *pattern->relation_seen);
    pattern->queue = arena_zalloc(arena, 2 * grid->cell_count, sizeof *pattern->queue);
    pattern->weight = arena_zalloc(arena, grid->cell_count, sizeof *pattern->weight);
    if (!pattern->weight || !pattern->withheld_in || !pattern->seen || !pattern->relation_seen ||
        !pattern->queue)
        return error_nomem(err);
    for (size_t cell = 0; cell < grid->cell_count; cell++) {
        bool shown =
            flags[cell] & SMALLCELL_FIXED || pattern->row_flags[cell / grid->columns] & TALLY_FREE;
        flags[cell] &= SMALLCELL_FIXED | SMALLCELL_HIDDEN | SMALLCELL_BEFORE | SMALLCELL_AGAIN;
        bool asked = demands && demands[cell].width && grid->users[cell];
        bool small = grid->users[cell] && grid->users[cell] < pattern_rule(pattern, cell);
        if (!shown && (asked || small)) {
            flags[cell] |= SMALLCELL_PRIMARY;
            pattern->primary++;
        }
    }
    for (size_t cell = 0; cell < grid->cell_count; cell++)
        if (flags[cell] & (SMALLCELL_HIDDEN | SMALLCELL_BEFORE))
            withhold_one(pattern, cell);
        else if (flags[cell] & SMALLCELL_PRIMARY)
            pattern_withhold(pattern, cell);
    for (size_t cell = 0; cell < grid->cell_count; cell++) {
        if (flags[cell] & SMALLCELL_AGAIN && pattern_may_withhold(pattern, cell, true))
            pattern_withhold(pattern, cell);
        flags[cell] &= (unsigned char)~SMALLCELL_AGAIN;
    }
    return STATUS_OK;
}

bool pattern_may_withhold(const struct pattern *pattern, size_t cell, bool keep)
{
    unsigned row = pattern->row_flags[cell / pattern->grid.columns];
    return pattern->grid.value[cell] &&
           !(pattern->flags[cell] & (SMALLCELL_WITHHELD | SMALLCELL_FIXED)) &&
           !(row & TALLY_FREE) && (keep || !(row & TALLY_KEEP));
}

void pattern_withhold(struct pattern *pattern, size_t cell)
{
    const struct grid *grid = &pattern->grid;
    size_t row = cell / grid->columns;
    for (size_t mate = row * grid->columns; mate < (row + 1) * grid->columns; mate++)
        if (grid->users[mate] == grid->users[cell] && pattern_may_withhold(pattern, mate, true))
            withhold_one(pattern, mate);
}

int64_t pattern_floor(const struct pattern *pattern, size_t cell)
{
    const struct grid *grid = &pattern->grid;
    size_t row = cell / grid->columns;
    int64_t least = (int64_t)(pattern->flags[cell] & SMALLCELL_BEFORE ? pattern->highest_rule
                                                                      : pattern->min_users);
    if (pattern->flags[cell] & SMALLCELL_HIDDEN)
        return 0;
    if (pattern->flags[cell] & SMALLCELL_PRIMARY)
        return 1;
    for (size_t mate = row * grid->columns; mate < (row + 1) * grid->columns; mate++)
        if (!(pattern->flags[mate] & SMALLCELL_WITHHELD) && grid->users[mate] &&
            grid->users[mate] <= grid->users[cell])
            return least < grid->value[cell] ? least : grid->value[cell];
    return 1;
}

/* Withholds the cells of one relation and queues them. */
static bool sweep_relation(struct pattern *pattern, size_t relation, bool keep, size_t *count)
{
    const struct grid *grid = &pattern->grid;
    bool news = false;
    pattern->looked += grid->first[relation + 1] - grid->first[relation];
    for (size_t i = grid->first[relation]; i < grid->first[relation + 1]; i++) {
        uint32_t cell = grid->terms[i].other;
        if (pattern_may_withhold(pattern, cell, keep)) {
            pattern_withhold(pattern, cell);
            news = true;
        }
        if (pattern->flags[cell] & SMALLCELL_WITHHELD &&
            pattern->seen[2 * cell] != pattern->stamp) {
            pattern->seen[2 * cell] = pattern->stamp;
            pattern->queue[(*count)++].cell = cell;
        }
    }
    return news;
}

bool pattern_withhold_component(struct pattern *pattern, size_t cell, bool keep)
{
    const struct grid *grid = &pattern->grid;
    bool news = false;
    size_t count = 0;
    pattern->stamp++;
    pattern->seen[2 * cell] = pattern->stamp;
    pattern->queue[count++].cell = (uint32_t)cell;
    for (size_t next = 0; next < count; next++) {
        uint32_t at = pattern->queue[next].cell;
        for (size_t i = grid->cell_first[at]; i < grid->cell_first[at + 1]; i++) {
            uint32_t relation = grid->cell_terms[i].other;
            if (pattern->relation_seen[relation] == pattern->stamp)
                continue;
            pattern->relation_seen[relation] = pattern->stamp;
            news |= sweep_relation(pattern, relation, keep, &count);
        }
    }
    pattern->queue_count = count;
    return news;
}
