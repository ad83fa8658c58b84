/*
 * Reading one record: parse, repair lone surrogates, let the format read the turns, then look up
 * the fields. See record.h.
 */
#include "queries/logs/record.h"

#include "base/civil.h"
#include "queries/logs/format.h"
#include "queries/logs/message.h"
#include "queries/logs/record_map.h"

#include <stdlib.h>
#include <string.h>

const struct rejection_type record_rejections[REJECT_COUNT] = {
    [REJECT_NONE] = {"none", "not rejected"},
    [REJECT_INVALID_JSON] = {"invalid_json", "not valid JSON"},
    [REJECT_INVALID_UTF8] = {"invalid_utf8", "not valid UTF-8"},
    [REJECT_TOO_LONG] = {"too_long", "longer than max_record"},
    [REJECT_TOO_DEEP] = {"too_deep", "nested more than 1,024 deep"},
    [REJECT_NO_MESSAGES] = {"no_messages", "no conversation in the expected format"},
    [REJECT_ID_TOO_LONG] = {"id_too_long", "id or user longer than 256 bytes"},
    [REJECT_TRUNCATED] = {"truncated", "cut off by the end of the input or a broken compression"},
};

enum { ARENA_KEPT = 4 << 20 };

struct record_reader {
    struct dom_parser *parser;
    size_t max_record;
    const struct field_maps *maps;
    const char *mapped[SLOT_COUNT]; /* the plan's pointers, or NULL */
    struct arena arena;
    struct turn_builder builder;
    struct dom_node root; /* of the last record */
};

static const char *const slot_names[SLOT_COUNT] = {"id",      "user",     "time",   "model",
                                                   "country", "language", "account"};

struct record_reader *record_reader_new(size_t max_record, const struct field_maps *maps)
{
    struct record_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    turn_builder_init(&reader->builder, &reader->arena);
    reader->max_record = max_record;
    reader->maps = maps;
    for (size_t i = 0; maps && i < maps->count; i++) {
        const char *name =
            strcmp(maps->items[i].name, "created") == 0 ? "time" : maps->items[i].name;
        for (int slot = 0; slot < SLOT_COUNT; slot++)
            if (strcmp(slot_names[slot], name) == 0)
                reader->mapped[slot] = maps->items[i].pointer;
    }
    reader->parser = dom_parser_new(max_record, RECORD_DEPTH_MAX);
    if (!reader->parser) {
        record_reader_free(reader);
        return NULL;
    }
    return reader;
}

void record_reader_free(struct record_reader *reader)
{
    if (!reader)
        return;
    dom_parser_free(reader->parser);
    turn_builder_release(&reader->builder);
    arena_release(&reader->arena);
    free(reader);
}

/* The value of four hexadecimal digits, or -1. */
static long hex4(const char *text)
{
    long value = 0;
    for (int i = 0; i < 4; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/*
 * Turns the escapes of lone surrogates into \uFFFD, which is as long, and counts them. Backslashes
 * stand only in strings in valid JSON, so quotes need no look.
 */
static uint32_t repair_surrogates(char *text, size_t len)
{
    uint32_t repaired = 0;
    char *end = text + len, *at = text;
    while ((at = memchr(at, '\\', (size_t)(end - at)))) {
        long unit = end - at >= 6 && at[1] == 'u' ? hex4(at + 2) : -1;
        if (unit < 0xD800 || unit > 0xDFFF) {
            at += end - at >= 2 ? 2 : 1;
            continue;
        }
        long low =
            unit < 0xDC00 && end - at >= 12 && at[6] == '\\' && at[7] == 'u' ? hex4(at + 8) : -1;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            at += 12;
            continue;
        }
        memcpy(at, "\\uFFFD", 6);
        repaired++;
        at += 6;
    }
    return repaired;
}

static enum status parse(struct record_reader *reader, char *text, size_t len,
                         struct dom_node *root, uint32_t *repaired, enum rejection *why,
                         struct error *err)
{
    *repaired = 0;
    *why = REJECT_NONE;
    if (len > reader->max_record) {
        *why = REJECT_TOO_LONG;
        return STATUS_OK;
    }
    enum dom_result result = dom_parse(reader->parser, text, len, root);
    if (result == DOM_BAD_STRING && (*repaired = repair_surrogates(text, len)) > 0)
        result = dom_parse(reader->parser, text, len, root);
    switch (result) {
    case DOM_OK:
        break;
    case DOM_NO_MEMORY:
        return error_nomem(err);
    case DOM_BAD_UTF8:
        *why = REJECT_INVALID_UTF8;
        break;
    case DOM_TOO_DEEP:
        *why = REJECT_TOO_DEEP;
        break;
    case DOM_BAD_JSON:
    case DOM_BAD_STRING:
        *why = REJECT_INVALID_JSON;
        break;
    }
    return STATUS_OK;
}

/* The first of the slot's pointers (the plan's alone, if it has one) that leads to a value. */
static struct dom_node slot_node(const struct record_reader *reader,
                                 const struct format_type *format, enum format_slot slot,
                                 struct dom_node root, const char **used)
{
    const char *const mapped[] = {reader->mapped[slot], NULL};
    const char *const *pointer = mapped[0] ? mapped : format->pointers[slot];
    for (; *pointer; pointer++) {
        struct dom_node node = dom_pointer(root, *pointer);
        enum dom_type type = dom_type(node);
        if (type != DOM_ABSENT && type != DOM_NULL) {
            *used = *pointer;
            return node;
        }
    }
    *used = NULL;
    return DOM_NONE;
}

void record_map_of(const struct record_reader *reader, const struct format_type *format,
                   struct record_map *map)
{
    map->root = reader->root;
    for (int slot = 0; slot < SLOT_COUNT; slot++)
        (void)slot_node(reader, format, (enum format_slot)slot, map->root, &map->pointers[slot]);
}

static void read_slot(struct record_reader *reader, const struct format_type *format,
                      enum format_slot slot, struct dom_node root, struct span *out)
{
    const char *used = NULL;
    scalar_text(&reader->arena, slot_node(reader, format, slot, root, &used), out,
                &reader->builder.no_memory);
}

static void read_slots(struct record_reader *reader, const struct format_type *format,
                       struct dom_node root, struct conversation *out)
{
    struct turn_builder *builder = &reader->builder;
    const char *used = NULL;
    read_slot(reader, format, SLOT_ID, root, &out->id);
    read_slot(reader, format, SLOT_USER, root, &out->user);
    out->time = message_time(builder, slot_node(reader, format, SLOT_TIME, root, &used));
    for (int i = 0; i < FIELD_COUNT; i++) {
        enum format_slot slot = (enum format_slot)(SLOT_MODEL + i);
        if (slot == SLOT_MODEL && builder->model.len && !reader->mapped[slot])
            out->fields[i] = builder->model;
        else
            read_slot(reader, format, slot, root, &out->fields[i]);
    }
    const struct field_maps *maps = reader->maps;
    for (size_t f = 0; maps && f < maps->free_count && f < FIELD_FREE_MAX; f++)
        for (size_t i = 0; i < maps->count; i++)
            if (strcmp(maps->items[i].name, maps->free_names[f]) == 0)
                scalar_text(&reader->arena, dom_pointer(root, maps->items[i].pointer),
                            &out->fields[FIELD_COUNT + f], &builder->no_memory);
}

enum status record_read(struct record_reader *reader, const struct format_type *format, char *text,
                        size_t len, struct conversation *out, enum rejection *why,
                        struct error *err)
{
    struct turn_builder *builder = &reader->builder;
    struct dom_node root = DOM_NONE;
    uint32_t repaired = 0;
    *out = (struct conversation){.time = CIVIL_NONE};
    arena_reset(&reader->arena, ARENA_KEPT);
    turn_builder_reset(builder);
    TRY(parse(reader, text, len, &root, &repaired, why, err));
    if (*why != REJECT_NONE)
        return STATUS_OK;
    reader->root = root;
    bool fits = dom_type(root) == DOM_OBJECT && format->read(builder, root);
    if (fits && !builder->no_memory)
        read_slots(reader, format, root, out);
    if (builder->no_memory)
        return error_nomem(err);
    if (!fits || builder->count == 0) {
        *why = REJECT_NO_MESSAGES;
        return STATUS_OK;
    }
    if (out->id.len > RECORD_ID_MAX || out->user.len > RECORD_ID_MAX) {
        *why = REJECT_ID_TOO_LONG;
        return STATUS_OK;
    }
    out->turns = builder->turns;
    out->turn_count = builder->count;
    for (size_t i = 0; i < builder->count && out->time == CIVIL_NONE; i++)
        out->time = builder->turns[i].time;
    memcpy(out->oddities, builder->oddities, sizeof out->oddities);
    out->oddities[ODDITY_REPAIRED_SURROGATE] = repaired;
    return STATUS_OK;
}

enum status record_detect(struct record_reader *reader, char *text, size_t len,
                          const struct format_type **format, struct error *err)
{
    struct dom_node root = DOM_NONE;
    uint32_t repaired = 0;
    enum rejection why = REJECT_NONE;
    *format = NULL;
    TRY(parse(reader, text, len, &root, &repaired, &why, err));
    if (why == REJECT_NONE)
        *format = format_detect(root);
    return STATUS_OK;
}
