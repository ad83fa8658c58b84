/*
 * Reading a form: see draft_form.h for what it may hold. One pass: text up to "{{", a place up to
 * "}}", and so on; then each `when` is looked at for its `end`, and each list and table for the
 * line that it has to itself.
 */
#include "report/draft_parts.h"

#include "base/digest.h"
#include "base/lines.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "report/text_width.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum status draft_fault(const struct draft_form *form, size_t at, struct error *err,
                        const char *format, ...)
{
    char where[sizeof err->where], text[sizeof err->text];
    size_t line = 1, column = 1;
    const char *byte = form->text, *end = form->text + at;
    while (byte < end) {
        bool ends = *byte == '\n';
        (void)utf8_next(&byte, form->text + form->len);
        line += ends;
        column = ends ? 1 : column + 1;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(where, sizeof where, "%s:%zu:%zu", form->path, line, column);
    return error_set(err, STATUS_PLAN, where, "%s", text);
}

static bool is_block(const struct draft_place *place)
{
    switch (place->verb) {
    case DRAFT_DEFINITIONS:
    case DRAFT_METHODS:
    case DRAFT_NOTES:
    case DRAFT_TABLE:
        return true;
    case DRAFT_SUMMARY:
    case DRAFT_RUN:
    case DRAFT_RELEASE:
        return !place->name.text;
    default:
        return false;
    }
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static bool is_control(const struct draft_place *place)
{
    return place->verb == DRAFT_WHEN || place->verb == DRAFT_OTHERWISE || place->verb == DRAFT_END;
}

/*
 * Has the place between FROM and TO its line to itself? *INDENT is what stands before it there, and
 * *AFTER the bytes after it, with the line's end.
 */
static bool stands_alone(const struct draft_form *form, size_t from, size_t to, size_t *indent,
                         size_t *after)
{
    size_t start = from, end = to;
    while (start > 0 && (form->text[start - 1] == ' ' || form->text[start - 1] == '\t'))
        start--;
    while (end < form->len && form->text[end] != '\n' && is_space(form->text[end]))
        end++;
    *indent = from - start;
    *after = end - to + (end < form->len);
    return (start == 0 || form->text[start - 1] == '\n') &&
           (end == form->len || form->text[end] == '\n');
}

static enum status add_piece(struct draft_form *form, size_t from, size_t to,
                             struct draft_place *place, struct error *err)
{
    struct draft_piece *grown =
        mem_grow(form->pieces, &form->piece_capacity, form->piece_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    form->pieces = grown;
    form->pieces[form->piece_count++] = (struct draft_piece){form->text + from, to - from, place};
    return STATUS_OK;
}

/* The place at AT, after text from *FROM; *FROM is moved to where text goes on. */
static enum status add_place(struct draft_form *form, size_t at, size_t *from, struct error *err)
{
    struct draft_place *place = arena_zalloc(&form->arena, 1, sizeof *place);
    if (!place)
        return error_nomem(err);
    size_t end, indent, after, text_end = at;
    place->at = at;
    TRY(draft_place_read(form, place, &end, err));
    bool alone = stands_alone(form, at, end, &indent, &after);
    place->block = is_block(place);
    if (place->block && !alone) {
        draft_fault(form, at, err, "a list or a table stands alone on a line");
        return error_hint(err, "give %s a line of its own", draft_verb_types[place->verb].usage);
    }
    if (place->block || (alone && is_control(place))) {
        place->indent = indent;
        text_end -= indent;
        end += after;
    }
    TRY(add_piece(form, *from, text_end, place, err));
    *from = end;
    return STATUS_OK;
}

/* Every `when` has its `end`, and none is in another. */
static enum status check_controls(const struct draft_form *form, struct error *err)
{
    const struct draft_place *open = NULL;
    bool otherwise = false;
    for (size_t i = 0; i < form->piece_count; i++) {
        const struct draft_place *place = form->pieces[i].place;
        if (!place || !is_control(place))
            continue;
        if (place->verb == DRAFT_WHEN && open) {
            draft_fault(form, place->at, err, "a \"when\" stands inside another");
            return error_hint(err, "write {{end}} before it");
        }
        if (place->verb != DRAFT_WHEN && (!open || (place->verb == DRAFT_OTHERWISE && otherwise))) {
            draft_fault(form, place->at, err, "\"%s\" belongs to no \"when\"",
                        draft_verb_types[place->verb].name);
            return error_hint(err, "{{when COLUMN of TABLE}} ... {{otherwise}} ... {{end}}");
        }
        otherwise = place->verb == DRAFT_OTHERWISE;
        open = place->verb == DRAFT_END ? NULL : place->verb == DRAFT_WHEN ? place : open;
    }
    if (!open)
        return STATUS_OK;
    draft_fault(form, open->at, err, "this \"when\" has no \"end\"");
    return error_hint(err, "write {{end}} where it ends");
}

/* Readers of Markdown must see what the author of the form saw. */
static enum status check_text(const struct draft_form *form, struct error *err)
{
    const char *at = form->text, *end = form->text + form->len;
    if (form->len > DRAFT_FORM_MAX)
        return draft_fault(form, 0, err, "the form is longer than %d bytes", DRAFT_FORM_MAX);
    while (at < end) {
        size_t from = (size_t)(at - form->text);
        uint32_t code = utf8_next(&at, end);
        if (code == UTF8_INVALID)
            return draft_fault(form, from, err, "this is no UTF-8");
        if (code != '\n' && code != '\r' && code != '\t' && text_code_steers(code))
            return draft_fault(form, from, err, "a character that steers the text, U+%04X",
                               (unsigned)code);
    }
    return STATUS_OK;
}

static enum status parse(struct draft_form *form, struct error *err)
{
    struct sha256 digest;
    size_t from = 0, at = 0;
    TRY(check_text(form, err));
    TRY(sha256_of(form->text, form->len, &digest, err));
    sha256_hex(&digest, form->sha256);
    while (at + 1 < form->len)
        if (form->text[at] == '{' && form->text[at + 1] == '{') {
            TRY(add_place(form, at, &from, err));
            at = from;
        } else {
            at++;
        }
    TRY(add_piece(form, from, form->len, NULL, err));
    return check_controls(form, err);
}

enum status draft_form_parse(const char *text, size_t len, const char *path,
                             struct draft_form **form, struct error *err)
{
    struct draft_form *made = mem_zalloc(1, sizeof *made);
    *form = NULL;
    if (!made)
        return error_nomem(err);
    made->len = len;
    made->path = arena_strndup(&made->arena, path, strlen(path));
    made->text = arena_strndup(&made->arena, text, len);
    enum status status = made->path && made->text ? parse(made, err) : error_nomem(err);
    if (status == STATUS_OK)
        *form = made;
    else
        draft_form_free(made);
    return status;
}

void draft_form_free(struct draft_form *form)
{
    if (!form)
        return;
    arena_release(&form->arena);
    free(form->pieces);
    free(form);
}

size_t draft_form_blanks(const struct draft_form *form)
{
    size_t count = 0;
    for (size_t i = 0; i < form->piece_count; i++)
        count += form->pieces[i].place && form->pieces[i].place->verb == DRAFT_BLANK;
    return count;
}
