/* Moves that were found, for the next judging: see known_moves.h. */
#include "release/known_moves.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* STEPS_MAX: kept at most, 64 MB; later ones are not. STEPS: of one move. */
enum { STEPS_MAX = 4000000, STEPS = 1024 };

/* What a move is known by. */
struct question {
    uint32_t node, column;
    int64_t delta;
};

void known_moves_init(struct known_moves *known)
{
    *known = (struct known_moves){.items = NULL};
    intern_init(&known->questions);
}

void known_moves_release(struct known_moves *known)
{
    intern_release(&known->questions);
    free(known->items);
    free(known->steps);
    free(known->places);
    *known = (struct known_moves){.items = NULL};
}

enum status known_moves_begin(struct known_moves *known, const uint32_t *nodes, size_t rows,
                              size_t columns, struct error *err)
{
    size_t most = known->place_count;
    for (size_t i = 0; i < rows; i++)
        if (nodes[i] != UINT32_MAX && nodes[i] >= most)
            most = (size_t)nodes[i] + 1;
    if (most > known->place_count) {
        struct known_node *grown = mem_resize(known->places, most, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        memset(grown + known->place_count, 0, (most - known->place_count) * sizeof *grown);
        known->places = grown;
        known->place_count = most;
    }
    known->table++;
    for (uint32_t i = 0; i < rows; i++)
        if (nodes[i] != UINT32_MAX) {
            known->places[nodes[i]].table = known->table;
            known->places[nodes[i]].row = i;
        }
    known->nodes = nodes;
    known->row_count = rows;
    known->columns = columns;
    return STATUS_OK;
}

/* The steps as those of the table's variables; 0 where one of its cells does not move. */
static size_t translate(const struct known_moves *known, const struct known_move *move,
                        const uint32_t *variable_of, struct moves_step *steps)
{
    for (size_t i = 0; i < move->count; i++) {
        struct known_step from = known->steps[move->first + i];
        const struct known_node *place = &known->places[from.node];
        if (place->table != known->table || from.column >= known->columns)
            return 0;
        uint32_t variable = variable_of[place->row * known->columns + from.column];
        if (!variable)
            return 0;
        steps[i] = (struct moves_step){variable - 1, from.delta};
    }
    return move->count;
}

static bool make(struct known_moves *known, struct known_move *move, struct moves *moves,
                 const uint32_t *variable_of)
{
    struct moves_step steps[STEPS];
    size_t count = translate(known, move, variable_of, steps);
    if (count && moves_complete(moves, steps, count))
        move->proved = known->table;
    return move->proved == known->table;
}

void known_moves_try(struct known_moves *known, struct moves *moves, const uint32_t *variable_of)
{
    for (size_t row = 0; row < known->row_count; row++) {
        if (known->nodes[row] == UINT32_MAX)
            continue;
        for (uint32_t i = known->places[known->nodes[row]].newest; i; i = known->items[i - 1].next)
            (void)make(known, &known->items[i - 1], moves, variable_of);
    }
}

static struct question ask(const struct known_moves *known, size_t cell, int64_t delta)
{
    return (struct question){known->nodes[cell / known->columns], (uint32_t)(cell % known->columns),
                             delta};
}

/* Is that what the steps move the cell by? */
static bool answers(const struct known_moves *known, const struct known_move *move,
                    struct question question)
{
    int64_t sum = 0;
    for (size_t i = 0; i < move->count; i++) {
        struct known_step step = known->steps[move->first + i];
        if (step.node == question.node && step.column == question.column)
            sum += step.delta;
    }
    return sum == question.delta;
}

bool known_moves_reach(struct known_moves *known, struct moves *moves, const uint32_t *variable_of,
                       size_t cell, int64_t delta)
{
    struct question question = ask(known, cell, delta);
    uint32_t number = intern_find(&known->questions, (const char *)&question, sizeof question);
    if (number == INTERN_NONE)
        return false;
    struct known_move *move = &known->items[number];
    return answers(known, move, question) &&
           (move->proved == known->table || make(known, move, moves, variable_of));
}

enum status known_moves_keep(struct known_moves *known, const struct moves *moves,
                             const size_t *cell_of, size_t cell, int64_t delta, struct error *err)
{
    struct question question = ask(known, cell, delta);
    size_t count = moves->found_count;
    if (!count || count > STEPS || known->step_count + count > STEPS_MAX)
        return STATUS_OK;
    if (question.node == UINT32_MAX)
        return STATUS_OK;
    for (size_t i = 0; i < count; i++)
        if (known->nodes[cell_of[moves->trail[i].variable] / known->columns] == UINT32_MAX)
            return STATUS_OK;
    struct known_step *steps =
        mem_grow(known->steps, &known->step_capacity, known->step_count + count, sizeof *steps);
    if (!steps)
        return error_nomem(err);
    known->steps = steps;
    for (size_t i = 0; i < count; i++) {
        size_t at = cell_of[moves->trail[i].variable];
        steps[known->step_count + i] =
            (struct known_step){known->nodes[at / known->columns], (uint32_t)(at % known->columns),
                                moves->trail[i].delta};
    }
    size_t before = known->questions.count;
    uint32_t number;
    TRY(intern_add(&known->questions, (const char *)&question, sizeof question, &number, err));
    struct known_move *items =
        mem_grow(known->items, &known->capacity, known->questions.count, sizeof *items);
    if (!items)
        return error_nomem(err);
    known->items = items;
    struct known_node *place = &known->places[question.node];
    bool is_new = number == before;
    known->items[number] = (struct known_move){known->step_count, count, known->table,
                                               is_new ? place->newest : items[number].next};
    if (is_new)
        place->newest = number + 1;
    known->step_count += count;
    return STATUS_OK;
}
