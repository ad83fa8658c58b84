/* Terms files: see term_list.h. */
#include "queries/text/term_list.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/text/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void term_list_init(struct term_list *list)
{
    *list = (struct term_list){.arena = ARENA_INIT};
}

void term_list_release(struct term_list *list)
{
    arena_release(&list->arena);
    free(list->items);
    term_list_init(list);
}

size_t term_name_length(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len &&
           ((text[n] >= 'A' && text[n] <= 'Z') ||
            (n && ((text[n] >= '0' && text[n] <= '9') || text[n] == '_' || text[n] == '-'))))
        n++;
    bool name = n >= 2 && n < len && text[n] == ':' && text[n - 1] >= '0' && text[n - 1] <= '9';
    return name ? n : 0;
}

static bool is_valid(const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t begin = at;
        if (fold_next(text, len, &at) == ' ' && text[begin] != ' ')
            return false;
    }
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static enum status add_term(struct term_list *list, const char *text, size_t len, size_t line,
                            const char *where, struct error *err)
{
    size_t name_len = term_name_length(text, len);
    const char *name = name_len ? arena_strndup(&list->arena, text, name_len)
                                : arena_printf(&list->arena, "T%zu", list->count + 1);
    size_t skip = name_len ? name_len + 1 : 0;
    while (skip < len && is_space(text[skip]))
        skip++;
    if (skip == len)
        return error_set(err, STATUS_PLAN, where, "the term %s is empty", name ? name : "");
    const char *source = arena_strndup(&list->arena, text + skip, len - skip);
    struct term_line *grown =
        mem_grow(list->items, &list->capacity, list->count + 1, sizeof *grown);
    if (grown)
        list->items = grown;
    if (!grown || !name || !source)
        return error_nomem(err);
    list->items[list->count++] = (struct term_line){name, source, len - skip, line};
    return STATUS_OK;
}

/* NAMES holds the names so far; their numbers are those of the terms. */
static enum status check_name(const struct term_list *list, struct intern *names, const char *where,
                              struct error *err)
{
    const struct term_line *term = &list->items[list->count - 1];
    uint32_t number;
    TRY(intern_add(names, term->name, strlen(term->name), &number, err));
    if (number + 1 == list->count)
        return STATUS_OK;
    return error_set(err, STATUS_PLAN, where, "the name %s is taken by line %zu", term->name,
                     list->items[number].line);
}

enum status term_list_read(struct term_list *list, const char *file, const char *text, size_t len,
                           struct error *err)
{
    struct intern names;
    intern_init(&names);
    enum status status = STATUS_OK;
    size_t at = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (size_t line = 1; at < len; line++) {
        const char *begin = text + at;
        const char *newline = memchr(begin, '\n', len - at);
        size_t length = newline ? (size_t)(newline - begin) : len - at;
        at += length + (newline != NULL);
        while (length && is_space(begin[length - 1]))
            length--;
        if (length == 0 || (begin[0] == '#' && (length == 1 || begin[1] == ' ')))
            continue;
        while (is_space(*begin)) {
            begin++;
            length--;
        }
        char where[512];
        snprintf(where, sizeof where, "%.480s:%zu", file, line);
        if (memchr(begin, '\r', length))
            status = error_set(err, STATUS_PLAN, where,
                               "a carriage return stands inside the line; lines end in a line feed "
                               "here, with or without a carriage return before it");
        else if (!is_valid(begin, length))
            status = error_set(err, STATUS_PLAN, where, "not valid UTF-8");
        if (status == STATUS_OK)
            status = add_term(list, begin, length, line, where, err);
        if (status == STATUS_OK)
            status = check_name(list, &names, where, err);
        if (status != STATUS_OK)
            break;
    }
    intern_release(&names);
    return status;
}
