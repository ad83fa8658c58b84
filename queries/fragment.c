/* One batch of records as rows and hits: see fragment.h. */
#include "queries/fragment.h"
#include "queries/logs/exchange.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct fragment *fragment_new(uint64_t sequence)
{
    struct fragment *fragment = mem_zalloc(1, sizeof *fragment);
    if (fragment)
        fragment->sequence = sequence;
    return fragment;
}

void fragment_free(struct fragment *fragment)
{
    if (!fragment)
        return;
    arena_release(&fragment->arena);
    free(fragment->rows);
    free(fragment->hits);
    free(fragment->overlaps);
    free(fragment->rejects);
    free(fragment);
}

static struct span keep(struct fragment *fragment, struct span text, bool *failed)
{
    if (!text.data)
        return SPAN_NONE;
    char *copy = arena_strndup(&fragment->arena, text.data, text.len);
    if (!copy)
        *failed = true;
    return (struct span){copy, text.len};
}

static enum status add_row(struct fragment *fragment, const struct conversation *conversation,
                           size_t field_count, struct part_row *counted, struct error *err)
{
    bool failed = false;
    struct part_row *rows =
        mem_grow(fragment->rows, &fragment->capacity, fragment->count + 1, sizeof *rows);
    struct span *fields = arena_zalloc(&fragment->arena, field_count, sizeof *fields);
    uint32_t *marks = arena_zalloc(&fragment->arena, ODDITY_COUNT, sizeof *marks);
    if (rows)
        fragment->rows = rows;
    if (!rows || !fields || !marks)
        return error_nomem(err);
    memcpy(marks, conversation->oddities, ODDITY_COUNT * sizeof *marks);
    for (size_t i = 0; i < field_count; i++)
        fields[i] = keep(fragment, conversation->fields[i], &failed);
    counted->id = keep(fragment, conversation->id, &failed);
    counted->user = keep(fragment, conversation->user, &failed);
    counted->time = conversation->time;
    counted->fields = fields;
    counted->marks = marks;
    if (failed)
        return error_nomem(err);
    rows[fragment->count++] = *counted;
    return STATUS_OK;
}

static enum status add_hits(struct fragment *fragment, const struct hit_list *list,
                            struct error *err)
{
    if (!list->count)
        return STATUS_OK;
    struct fragment_hit *grown = mem_grow(fragment->hits, &fragment->hit_capacity,
                                          fragment->hit_count + list->count, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    fragment->hits = grown;
    for (size_t i = 0; i < list->count; i++) {
        const struct text_hit *found = &list->hits[i];
        struct fragment_hit *hit = &grown[fragment->hit_count];
        uint32_t *exchanges =
            arena_alloc(&fragment->arena, found->exchange_count * sizeof *exchanges);
        if (!exchanges)
            return error_nomem(err);
        if (found->exchange_count)
            memcpy(exchanges, found->exchanges, found->exchange_count * sizeof *exchanges);
        *hit = (struct fragment_hit){(uint32_t)fragment->count, list->refs[found->number], *found};
        hit->hit.exchanges = exchanges;
        fragment->hit_count++;
    }
    return STATUS_OK;
}

static enum status keep_items(struct fragment *fragment, const void *items, size_t count,
                              size_t size, const void **out, struct error *err)
{
    void *copy = arena_zalloc(&fragment->arena, count, size);
    if (!copy)
        return error_nomem(err);
    if (count)
        memcpy(copy, items, count * size);
    *out = copy;
    return STATUS_OK;
}

static enum status add_overlap(struct fragment *fragment, const struct overlap_result *result,
                               struct error *err)
{
    struct fragment_overlap *grown = mem_grow(fragment->overlaps, &fragment->overlap_capacity,
                                              fragment->overlap_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    fragment->overlaps = grown;
    struct fragment_overlap *overlap = &grown[fragment->overlap_count++];
    *overlap = (struct fragment_overlap){(uint32_t)fragment->count, *result};
    struct overlap_found *found = &overlap->result.found;
    if (!found->exchange_count)
        return STATUS_OK;
    const void *exchanges = NULL, *works = NULL;
    TRY(keep_items(fragment, found->exchanges, found->exchange_count, sizeof *found->exchanges,
                   &exchanges, err));
    TRY(keep_items(fragment, found->works, found->work_count, sizeof *found->works, &works, err));
    found->exchanges = exchanges;
    found->works = works;
    return STATUS_OK;
}

static enum status add_reject(struct fragment *fragment, uint64_t offset, enum rejection why,
                              struct error *err)
{
    struct fragment_reject *grown = mem_grow(fragment->rejects, &fragment->reject_capacity,
                                             fragment->reject_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    fragment->rejects = grown;
    grown[fragment->reject_count++] = (struct fragment_reject){offset, why};
    return STATUS_OK;
}

static enum status add_conversation(struct fragment *fragment,
                                    const struct conversation *conversation, uint64_t offset,
                                    struct text_reader *texts, size_t field_count,
                                    struct error *err)
{
    static const enum text_side sides[ROLE_COUNT] = {[ROLE_USER] = SIDE_PROMPT,
                                                     [ROLE_ASSISTANT] = SIDE_OUTPUT,
                                                     [ROLE_SYSTEM] = SIDE_SYSTEM,
                                                     [ROLE_TOOL] = SIDE_TOOL};
    struct exchange_counter exchanges = {0, false};
    uint64_t words = 0;
    struct hit_list lists[FINDER_COUNT];
    TRY(text_reader_begin(texts, conversation->fields, err));
    for (size_t i = 0; i < conversation->turn_count; i++) {
        const struct turn *turn = &conversation->turns[i];
        TRY(text_reader_turn(texts, sides[turn->role],
                             exchange_counter_next(&exchanges, turn->role), turn->text, &words,
                             err));
    }
    TRY(text_reader_end(texts, lists, err));
    struct part_row counted = {.offset = offset,
                               .turns = (uint32_t)conversation->turn_count,
                               .exchanges = exchanges.count,
                               .words = words < UINT32_MAX ? (uint32_t)words : UINT32_MAX};
    for (size_t i = 0; i < FINDER_COUNT; i++)
        TRY(add_hits(fragment, &lists[i], err));
    size_t overlaps;
    const struct overlap_result *results = text_reader_overlaps(texts, &overlaps);
    for (size_t i = 0; i < overlaps; i++)
        TRY(add_overlap(fragment, &results[i], err));
    return add_row(fragment, conversation, field_count, &counted, err);
}

enum status fragment_fill(struct fragment *fragment, struct log_batch *batch,
                          const struct format_type *format, struct record_reader *reader,
                          struct text_reader *texts, size_t field_count, struct error *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct log_record *record = &batch->records[i];
        struct conversation conversation;
        enum rejection why = record->why;
        if (why == REJECT_NONE)
            TRY(record_read(reader, format, batch->data + record->at, record->len, &conversation,
                            &why, err));
        if (why != REJECT_NONE)
            TRY(add_reject(fragment, record->offset, why, err));
        else
            TRY(add_conversation(fragment, &conversation, record->offset, texts, field_count, err));
    }
    return STATUS_OK;
}
