/* Joint tables: see tally_joint.h. */
#include "queries/tally_joint.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

size_t tally_joint_member(const struct tally_joint *joint, size_t number)
{
    size_t i = 0;
    while (i < joint->count && joint->members[i] != number)
        i++;
    return i;
}

/* Where the columns of member NUMBER are in the joint table. */
static enum status find_columns(struct tally *tally, struct tally_joint *joint, size_t number,
                                struct error *err)
{
    const struct tally_table *from = &tally->tables[joint->members[number]];
    const struct tally_table *to = &joint->table;
    uint32_t *columns = arena_zalloc(&tally->arena, from->column_count, sizeof *columns);
    if (!columns)
        return error_nomem(err);
    joint->columns[number] = columns;
    for (size_t c = 0; c < from->column_count; c++) {
        while (columns[c] < to->column_count &&
               strcmp(to->columns[columns[c]].id, from->columns[c].id) != 0)
            columns[c]++;
        if (columns[c] == to->column_count)
            return error_set(err, STATUS_INTERNAL, from->id, "no column \"%s\" in \"%s\"",
                             from->columns[c].id, to->id);
    }
    return STATUS_OK;
}

static void copy_rows(const struct tally *tally, struct tally_joint *joint, size_t number)
{
    const struct tally_table *from = &tally->tables[joint->members[number]];
    for (size_t row = 0; row < from->row_count; row++) {
        joint->table.row_flags[joint->first[number] + row] = from->row_flags[row];
        for (size_t c = 0; c < from->column_count; c++)
            *tally_cell_at(&joint->table, joint->first[number] + row, joint->columns[number][c]) =
                *tally_cell_at(from, row, c);
    }
}

/* The relations of a member, with their cells where they stand in the joint table. */
static enum status carry_relations(struct tally *tally, struct tally_joint *joint, size_t number,
                                   struct error *err)
{
    const struct tally_table *from = &tally->tables[joint->members[number]];
    for (size_t r = 0; r < from->relation_count; r++) {
        const struct tally_relation *relation = &from->relations[r];
        struct tally_term *terms = mem_zalloc(relation->count, sizeof *terms);
        if (!terms)
            return error_nomem(err);
        for (size_t k = 0; k < relation->count; k++)
            terms[k] = (struct tally_term){joint->first[number] + relation->terms[k].row,
                                           joint->columns[number][relation->terms[k].column],
                                           relation->terms[k].sign};
        enum status status =
            tally_relate(tally, &joint->table, terms, relation->count, relation->at_most, err);
        free(terms);
        TRY(status);
    }
    return STATUS_OK;
}

static enum status make_room(struct tally *tally, struct tally_joint **joint, struct error *err)
{
    if (tally->joint_count == tally->joint_capacity) {
        size_t capacity = tally->joint_capacity ? 2 * tally->joint_capacity : 4;
        struct tally_joint *grown = arena_zalloc(&tally->arena, capacity, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        if (tally->joint_count)
            memcpy(grown, tally->joints, tally->joint_count * sizeof *grown);
        tally->joints = grown;
        tally->joint_capacity = capacity;
    }
    *joint = &tally->joints[tally->joint_count++];
    return STATUS_OK;
}

static enum status make_table(struct tally *tally, struct tally_joint *joint, size_t rows,
                              struct error *err)
{
    const struct tally_table *model = &tally->tables[joint->members[0]];
    struct tally_table *table = &joint->table;
    *table = (struct tally_table){.id = model->id,
                                  .query = model->query,
                                  .columns = model->columns,
                                  .column_count = model->column_count,
                                  .row_count = rows};
    table->cells = arena_zalloc(&tally->arena, rows * table->column_count, sizeof *table->cells);
    table->row_flags = arena_zalloc(&tally->arena, rows, sizeof *table->row_flags);
    if (!table->cells || !table->row_flags)
        return error_nomem(err);
    for (size_t i = 0; i < joint->count; i++) {
        TRY(find_columns(tally, joint, i, err));
        copy_rows(tally, joint, i);
        TRY(carry_relations(tally, joint, i, err));
    }
    return STATUS_OK;
}

enum status tally_join(struct tally *tally, const size_t *members, size_t count, size_t hidden,
                       struct tally_joint **joint, struct error *err)
{
    size_t rows = 0;
    struct tally_joint *made = NULL;
    TRY(make_room(tally, &made, err));
    *made = (struct tally_joint){.count = count, .spared = count};
    made->members = arena_zalloc(&tally->arena, count, sizeof *made->members);
    made->first = arena_zalloc(&tally->arena, count, sizeof *made->first);
    made->columns = arena_zalloc(&tally->arena, count, sizeof *made->columns);
    if (!made->members || !made->first || !made->columns)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        made->members[i] = members[i];
        made->first[i] = (uint32_t)rows;
        rows += tally->tables[members[i]].row_count;
    }
    made->hidden = (uint32_t)rows;
    *joint = made;
    return make_table(tally, made, rows + hidden, err);
}
