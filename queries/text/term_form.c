/*
 * The normal form: fully parenthesised, connectors in capitals, words folded, a phrase in quotes.
 * It parses to the tree that it came from.
 */
#include "base/buffer.h"
#include "base/memory.h"
#include "queries/text/fold.h"
#include "queries/text/term_tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { FORM_MAX = 1 << 28 };

/* A single word that would be read as something else without quotes. */
static bool needs_quotes(const struct term_leaf *leaf)
{
    static const char *const reserved[] = {"and",      "or",         "not",
                                           "contains", "xfirstword", "xlastword"};
    for (size_t i = 0; leaf->kind == LEAF_LITERAL && i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(leaf->text, reserved[i]) == 0)
            return true;
    return false;
}

static bool is_virtual(const struct term_leaf *leaf)
{
    return leaf->kind == LEAF_FIRST || leaf->kind == LEAF_LAST;
}

/* Words side by side share quotes; a regular expression has its own, and a virtual word none. */
static enum status put_words(struct buffer *out, const struct term_node *node)
{
    bool open = false;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct term_leaf *leaf = &node->leaves[i];
        bool alone = leaf->kind == LEAF_REGEX;
        bool quoted = !alone && !is_virtual(leaf) && (node->count > 1 || needs_quotes(leaf));
        if (open && !quoted)
            TRY(buffer_add(out, "\"", 1, NULL));
        if (i)
            TRY(buffer_add(out, " ", 1, NULL));
        if (alone || (!open && quoted))
            TRY(buffer_add(out, "\"", 1, NULL));
        open = quoted;
        TRY(buffer_add(out, leaf->text, leaf->len, NULL));
        if (alone)
            TRY(buffer_add(out, "\"", 1, NULL));
    }
    return open ? buffer_add(out, "\"", 1, NULL) : STATUS_OK;
}

static enum status put_node(struct buffer *out, const struct term_node *node)
{
    switch (node->kind) {
    case TERM_WORDS:
        return put_words(out, node);
    case TERM_CONTAINS:
        TRY(buffer_addf(out, NULL, "contains(%s, ", node->name));
        TRY(put_node(out, node->children[0]));
        return buffer_add(out, ")", 1, NULL);
    case TERM_NOT:
        TRY(buffer_add(out, "(NOT ", 5, NULL));
        TRY(put_node(out, node->children[0]));
        return buffer_add(out, ")", 1, NULL);
    default:
        break;
    }
    TRY(buffer_add(out, "(", 1, NULL));
    for (uint32_t i = 0; i < node->count; i++) {
        if (i && (node->kind == TERM_AND || node->kind == TERM_OR))
            TRY(buffer_addf(out, NULL, " %s ", node->kind == TERM_AND ? "AND" : "OR"));
        else if (i)
            TRY(buffer_addf(out, NULL, " %s/%u ",
                            node->kind == TERM_NEAR  ? "w"
                            : node->kind == TERM_PRE ? "pre"
                                                     : "not w",
                            (unsigned)node->distance));
        TRY(put_node(out, node->children[i]));
    }
    return buffer_add(out, ")", 1, NULL);
}

char *term_node_form(const struct term_node *node)
{
    struct buffer out;
    buffer_init(&out, FORM_MAX);
    char *text = put_node(&out, node) == STATUS_OK ? buffer_take(&out, NULL) : NULL;
    buffer_release(&out);
    return text;
}

char *term_normal_form(const struct term *term)
{
    return term_node_form(term->root);
}

size_t term_warning_count(const struct term *term)
{
    return term->warning_count;
}

const struct term_note *term_warning(const struct term *term, size_t i)
{
    return &term->warnings[i];
}

size_t term_leaf_count(const struct term *term)
{
    return term->leaf_count;
}

const char *term_leaf_text(const struct term *term, size_t i)
{
    return term->leaves[i]->text;
}

bool term_leaf_is_virtual(const struct term *term, size_t i)
{
    return is_virtual(term->leaves[i]);
}

static int meaning_of_fuzzy(const struct term_leaf *leaf, char *text, size_t size)
{
    char fixed[64] = "";
    if (leaf->fixed == 1)
        snprintf(fixed, sizeof fixed, ", its first character unchanged");
    else if (leaf->fixed)
        snprintf(fixed, sizeof fixed, ", its first %" PRIu32 " characters unchanged", leaf->fixed);
    return snprintf(text, size, "every word within %" PRIu32 " edit%s of \"%.*s\"%s", leaf->edits,
                    leaf->edits == 1 ? "" : "s", (int)leaf->word_len, leaf->word, fixed);
}

size_t term_leaf_meaning(const struct term *term, size_t i, char *text, size_t size)
{
    const struct term_leaf *leaf = term->leaves[i];
    int len = 0;
    switch (leaf->kind) {
    case LEAF_LITERAL:
        if (leaf->noise)
            len = snprintf(text, size, "inside a phrase any one word: it is a noise word");
        break;
    case LEAF_WILD:
        len = snprintf(text, size,
                       "every word of this form (* any characters or none, ? one character, = one "
                       "digit)");
        break;
    case LEAF_FUZZY:
        len = meaning_of_fuzzy(leaf, text, size);
        break;
    case LEAF_STEM:
        len = snprintf(text, size, "every word with the English stem of \"%.*s\"",
                       (int)leaf->word_len, leaf->word);
        break;
    case LEAF_RANGE:
        len = snprintf(text, size, "every whole number from %" PRIu64 " to %" PRIu64, leaf->low,
                       leaf->high);
        break;
    case LEAF_REGEX:
        len = snprintf(text, size,
                       "every word that the regular expression matches from its first character to "
                       "its last, in either case");
        break;
    case LEAF_FIRST:
        len = snprintf(text, size, "the place before the first word of a turn");
        break;
    case LEAF_LAST:
        len = snprintf(text, size, "the place after the last word of a turn");
        break;
    }
    return len > 0 ? (size_t)len : 0;
}

/* Only so much of a long source is shown. */
enum { CARET_BEFORE = 60, CARET_AFTER = 60 };

/* The code point that stands for POINT: a space for what would move or turn the line. */
static int32_t shown_point(int32_t point)
{
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return ' ';
    default:
        return point;
    }
}

static enum status put_shown(struct buffer *out, int32_t point)
{
    char bytes[4];
    return buffer_add(out, bytes, fold_put(shown_point(point), bytes), NULL);
}

static enum status put_times(struct buffer *out, const char *mark, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(buffer_add(out, mark, 1, NULL));
    return STATUS_OK;
}

/* The places of the bytes from FROM to TO. */
static size_t shown_places(const char *source, size_t from, size_t to)
{
    size_t places = 0;
    while (from < to)
        places += (size_t)utf8proc_charwidth(shown_point(fold_next(source, to, &from)));
    return places;
}

char *term_caret(const char *source, size_t len, const struct term_note *note)
{
    size_t at = note->at < len ? note->at : len;
    size_t from = at > CARET_BEFORE ? at - CARET_BEFORE : 0;
    size_t to = len - at > CARET_AFTER ? at + CARET_AFTER : len;
    while (from < at && ((unsigned char)source[from] & 0xC0) == 0x80)
        from++;
    while (to > at && to < len && ((unsigned char)source[to] & 0xC0) == 0x80)
        to--;
    size_t end = note->len < to - at ? at + note->len : to;
    size_t marks = shown_places(source, at, end);
    struct buffer out;
    buffer_init(&out, 4096);
    enum status status = STATUS_OK;
    for (size_t i = from; i < to && status == STATUS_OK;)
        status = put_shown(&out, fold_next(source, to, &i));
    if (status == STATUS_OK)
        status = buffer_add(&out, "\n", 1, NULL);
    if (status == STATUS_OK)
        status = put_times(&out, " ", shown_places(source, from, at));
    if (status == STATUS_OK)
        status = put_times(&out, "^", marks ? marks : 1);
    char *text = status == STATUS_OK ? buffer_take(&out, NULL) : NULL;
    buffer_release(&out);
    return text;
}
