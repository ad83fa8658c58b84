/*
 * Words of a term. The text is cut at the operators * ? = ~ %; each piece is folded as messages
 * are, and its code points go through the same rules as a message's, with * ? = % counting as
 * characters of the word that they touch. So nytimes.com becomes two leaves, and so does don't.
 */
#include "queries/text/term_word.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "queries/text/pattern_set.h"

#include <stdlib.h>
#include <string.h>

/* The word being put together. */
struct draft {
    struct buffer text; /* with operators */
    bool open, single;  /* a word is open; it is a character that is a word */
    bool wild, closed;  /* has * ? =; nothing may follow (after ~) */
    uint32_t points;    /* code points so far, operators left out */
    uint32_t fixed, edits;
    size_t at; /* where it begins in the text */
};

unsigned word_rules_flags(const struct word_rules *rules)
{
    const char *alphabet = rules && rules->alphabet ? rules->alphabet : "";
    return (strchr(alphabet, '-') ? (unsigned)FOLD_HYPHEN : 0) |
           (strchr(alphabet, '\'') ? (unsigned)FOLD_APOSTROPHE : 0);
}

void term_words_release(struct term_words *words)
{
    free(words->leaves);
    fold_buffer_release(&words->fold);
}

static enum status add_leaf(struct term_words *words, const struct term_leaf *leaf,
                            struct error *err)
{
    struct term_leaf *grown =
        mem_grow(words->leaves, &words->capacity, words->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    words->leaves = grown;
    words->leaves[words->count++] = *leaf;
    return STATUS_OK;
}

/* Whether folding changes nothing in WORD, which was folded in pieces. */
static enum status is_folded(const char *word, size_t len, bool *same, struct error *err)
{
    struct fold_buffer fold = FOLD_BUFFER_INIT;
    enum status status = fold_text(word, len, &fold, err);
    size_t at = 0, i = 0;
    *same = true;
    while (status == STATUS_OK && *same && at < len) {
        int32_t point = fold_next(word, len, &at);
        *same = i < fold.count && fold.points[i++] == point;
    }
    *same &= i == fold.count;
    fold_buffer_release(&fold);
    return status;
}

/* "ba%n%ana" as "ba%%nana": all edits at the first. */
static enum status make_fuzzy(struct term_words *words, struct draft *draft, size_t to,
                              struct term_leaf *leaf, struct error *err)
{
    if (draft->points == 0)
        return words->fail(words->context, draft->at, to - draft->at, NULL,
                           "% needs a word around it");
    if (draft->edits > TERM_EDITS_MAX)
        return words->fail(words->context, draft->at, to - draft->at, NULL,
                           "more than 5 edits (%) in one word");
    if (draft->points > TERM_FUZZY_POINTS_MAX)
        return words->fail(words->context, draft->at, to - draft->at, NULL,
                           "a word with % may have at most 64 characters");
    char *text = arena_alloc(words->arena, draft->text.len + 1);
    char *word = arena_alloc(words->arena, draft->text.len + 1);
    if (!text || !word)
        return error_nomem(err);
    size_t n = 0, w = 0;
    bool put = false;
    for (size_t i = 0; i < draft->text.len; i++) {
        char c = draft->text.data[i];
        if (c != '%') {
            text[n++] = word[w++] = c;
        } else if (!put) {
            memset(text + n, '%', draft->edits);
            n += draft->edits;
            put = true;
        }
    }
    text[n] = word[w] = '\0';
    bool whole;
    TRY(is_folded(word, w, &whole, err));
    if (!whole)
        return words->fail(words->context, draft->at, to - draft->at, NULL,
                           "% cannot stand between characters that combine");
    if (w && strspn(word, "0123456789") == w)
        words->warn(words->context, draft->at, to - draft->at,
                    "% is no percent sign here: it matches all words that differ by an edit");
    leaf->kind = LEAF_FUZZY;
    leaf->text = text;
    leaf->len = n;
    leaf->word = word;
    leaf->word_len = w;
    leaf->fixed = draft->fixed;
    leaf->edits = draft->edits;
    return STATUS_OK;
}

/* A character of a script without spaces is a word: what an operator at it reaches is less than
 * users of other languages would think. */
static void warn_single(struct term_words *words, const struct draft *draft, size_t to)
{
    words->warn(words->context, draft->at, to - draft->at,
                "each character of this script is a word: * ? = ~ % reach no further than it");
}

/* Ends the open word, if there is one. TO is where it ends in the text. */
static enum status end_word(struct term_words *words, struct draft *draft, size_t to, bool quoted,
                            struct error *err)
{
    if (!draft->open)
        return STATUS_OK;
    struct term_leaf leaf = {.kind = LEAF_LITERAL};
    if (draft->single && (draft->wild || draft->edits || draft->closed))
        warn_single(words, draft, to);
    if (draft->edits && draft->wild)
        return words->fail(words->context, draft->at, to - draft->at, NULL,
                           "one word cannot have both % and * ? =");
    if (draft->edits) {
        TRY(make_fuzzy(words, draft, to, &leaf, err));
    } else {
        leaf.text = arena_strndup(words->arena, draft->text.data, draft->text.len);
        if (!leaf.text)
            return error_nomem(err);
        leaf.len = draft->text.len;
        leaf.word = leaf.text;
        leaf.word_len = leaf.len;
        if (draft->wild) {
            leaf.kind = LEAF_WILD;
            if (leaf.text[0] == '*')
                words->warn(words->context, draft->at, to - draft->at,
                            "a word that begins with * can match very many words");
        } else if (draft->closed) {
            leaf.kind = LEAF_STEM;
            leaf.word_len = leaf.len - 1;
            leaf.word = arena_strndup(words->arena, leaf.text, leaf.word_len);
            if (!leaf.word)
                return error_nomem(err);
        } else if (!quoted && strcmp(leaf.text, "xfirstword") == 0) {
            leaf.kind = LEAF_FIRST;
        } else if (!quoted && strcmp(leaf.text, "xlastword") == 0) {
            leaf.kind = LEAF_LAST;
        }
    }
    buffer_reset(&draft->text);
    draft->open = draft->single = draft->wild = draft->closed = false;
    draft->points = draft->fixed = draft->edits = 0;
    return add_leaf(words, &leaf, err);
}

static void open_word(struct draft *draft, size_t at)
{
    if (!draft->open)
        draft->at = at;
    draft->open = true;
}

static enum status add_point(struct term_words *words, struct draft *draft, int32_t c, size_t at,
                             bool quoted, struct error *err)
{
    enum fold_kind kind = fold_kind(c, words->flags);
    if (kind == KIND_SEPARATOR || (kind == KIND_MARK && !draft->open))
        return end_word(words, draft, at, quoted, err);
    if (kind == KIND_SINGLE && draft->open && draft->points == 0)
        warn_single(words, draft, at);
    if (kind == KIND_SINGLE || (kind == KIND_LETTER && draft->single))
        TRY(end_word(words, draft, at, quoted, err));
    if (draft->closed)
        return words->fail(words->context, at, 1, NULL, "~ stands at the end of a word only");
    open_word(draft, at);
    draft->single |= kind == KIND_SINGLE;
    draft->points++;
    char bytes[4];
    return buffer_add(&draft->text, bytes, fold_put(c, bytes), err);
}

static bool all_digits(const struct buffer *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
    return text->len > 0;
}

static bool read_number(const char *text, size_t len, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < len; i++) {
        if (*value >= 100000000000000000u)
            return false;
        *value = *value * 10 + (uint64_t)(text[i] - '0');
    }
    return len > 0;
}

static bool is_digit_in(const char *text, size_t len, size_t at)
{
    return at < len && text[at] >= '0' && text[at] <= '9';
}

/* Is the point or comma at AT one within a number? */
static bool is_number_mark(const char *text, size_t len, size_t at)
{
    return at > 0 && at < len && (text[at] == '.' || text[at] == ',') &&
           is_digit_in(text, len, at - 1) && is_digit_in(text, len, at + 1);
}

/* 12~~24, with the 12 in DRAFT and *AT at the first ~. */
static enum status add_range(struct term_words *words, struct draft *draft, const char *text,
                             size_t len, size_t *at, struct error *err)
{
    size_t begin = draft->at, from = *at + 2, to = from;
    while (to < len && text[to] >= '0' && text[to] <= '9')
        to++;
    struct term_leaf leaf = {.kind = LEAF_RANGE};
    bool ends = true;
    if (to < len) {
        size_t peek = to;
        int32_t next = fold_next(text, len, &peek);
        ends = !strchr("*?=~%", next < 0x80 && next > 0 ? (int)next : ' ') &&
               fold_kind(fold_plain(next), words->flags) == KIND_SEPARATOR;
    }
    /* "1,000~~2,000" would be the words 1 and 000 around a range that nobody meant. */
    size_t low_from = *at;
    while (low_from > 0 && is_digit_in(text, len, low_from - 1))
        low_from--;
    if (is_number_mark(text, len, to) || (low_from && is_number_mark(text, len, low_from - 1)))
        return words->fail(words->context, low_from, to - low_from, "1000~~2000",
                           "the numbers of a range are whole ones, without points and commas");
    if (!all_digits(&draft->text) || draft->wild || draft->edits || !ends || to == from)
        return words->fail(words->context, begin, to - begin, "12~~24",
                           "a range is two whole numbers with ~~ between them");
    if (!read_number(draft->text.data, draft->text.len, &leaf.low) ||
        !read_number(text + from, to - from, &leaf.high))
        return words->fail(words->context, begin, to - begin, NULL,
                           "a number of a range may have at most 18 digits");
    if (leaf.low > leaf.high) {
        char hint[64];
        snprintf(hint, sizeof hint, "%llu~~%llu", (unsigned long long)leaf.high,
                 (unsigned long long)leaf.low);
        return words->fail(words->context, begin, to - begin, hint,
                           "a range that begins above its end matches nothing");
    }
    char *form = arena_printf(words->arena, "%llu~~%llu", (unsigned long long)leaf.low,
                              (unsigned long long)leaf.high);
    if (!form)
        return error_nomem(err);
    leaf.text = leaf.word = form;
    leaf.len = leaf.word_len = strlen(form);
    buffer_reset(&draft->text);
    draft->open = draft->single = false;
    draft->points = 0;
    *at = to;
    return add_leaf(words, &leaf, err);
}

/* The operator at *AT, which moves past it. */
static enum status add_operator(struct term_words *words, struct draft *draft, const char *text,
                                size_t len, size_t *at, struct error *err)
{
    char c = text[*at];
    if (c == '~') {
        if (draft->open && *at + 1 < len && text[*at + 1] == '~')
            return add_range(words, draft, text, len, at, err);
        if (!draft->open || draft->points == 0)
            return words->fail(words->context, *at, 1, NULL, "~ needs a word before it");
        if (draft->wild || draft->edits || draft->closed)
            return words->fail(words->context, *at, 1, NULL,
                               "~ cannot stand with * ? = % in one word");
        if (draft->text.len > WORD_STEM_MAX)
            return words->fail(words->context, draft->at, *at - draft->at, NULL,
                               "a word with ~ may have at most 255 bytes");
        draft->closed = true;
    } else {
        if (draft->closed)
            return words->fail(words->context, *at, 1, NULL, "~ stands at the end of a word only");
        open_word(draft, *at);
        if (c == '%') {
            if (draft->edits++ == 0)
                draft->fixed = draft->points;
        } else {
            draft->wild = true;
            if (c == '*' && draft->text.len && draft->text.data[draft->text.len - 1] == '*') {
                *at += 1;
                return STATUS_OK;
            }
        }
    }
    *at += 1;
    return buffer_add(&draft->text, &c, 1, err);
}

/* "##" and a regular expression. It is compiled to see whether it can be. */
static enum status add_regex(struct term_words *words, const char *text, size_t len,
                             struct error *err)
{
    struct term_leaf leaf = {.kind = LEAF_REGEX, .len = len, .word_len = len - 2};
    leaf.text = arena_strndup(words->arena, text, len);
    if (!leaf.text)
        return error_nomem(err);
    leaf.word = leaf.text + 2;
    if (leaf.word_len == 0)
        return words->fail(words->context, 0, len, NULL, "a regular expression follows ##");
    const char *blank = memchr(leaf.word, ' ', leaf.word_len);
    if (blank)
        words->warn(words->context, (size_t)(blank - leaf.text), 1,
                    "the expression is matched with one word at a time, in which no blank stands");
    const struct regex regex = {leaf.word, leaf.word_len, TERM_REGEX_FLAGS};
    struct regex_set *set = NULL;
    struct regex_fault fault = {0, SIZE_MAX};
    struct error why = ERROR_INIT;
    enum status status = regex_set_new(&set, &regex, 1, &fault, &why);
    regex_set_free(set);
    if (status == STATUS_PLAN) {
        size_t at = fault.offset < leaf.word_len ? fault.offset + 2 : 0;
        char said[sizeof why.text + 24];
        snprintf(said, sizeof said, "regular expression: %s", why.text);
        return words->fail(words->context, at, at ? 1 : len, NULL, said);
    }
    if (status != STATUS_OK) {
        if (err)
            *err = why;
        return status;
    }
    return add_leaf(words, &leaf, err);
}

enum status term_words_add(struct term_words *words, const char *text, size_t len, bool quoted,
                           struct error *err)
{
    if (quoted && len >= 2 && memcmp(text, "##", 2) == 0)
        return add_regex(words, text, len, err);
    struct draft draft = {.at = 0};
    buffer_init(&draft.text, (size_t)64 << 20);
    enum status status = STATUS_OK;
    size_t at = 0;
    while (at < len) {
        size_t to = at;
        while (to < len && (text[to] == '\0' || !strchr("*?=~%", text[to])))
            to++;
        if (to == at) {
            TRY_CLEANUP(add_operator(words, &draft, text, len, &at, err));
            continue;
        }
        TRY_CLEANUP(fold_text(text + at, to - at, &words->fold, err));
        for (size_t i = 0; i < words->fold.count; i++)
            TRY_CLEANUP(add_point(words, &draft, words->fold.points[i], at, quoted, err));
        at = to;
    }
    TRY_CLEANUP(end_word(words, &draft, len, quoted, err));
cleanup:
    buffer_release(&draft.text);
    return status;
}

static enum status silent_fail(void *context, size_t at, size_t len, const char *hint,
                               const char *text)
{
    (void)context, (void)at, (void)len, (void)hint, (void)text;
    return STATUS_PLAN;
}

static void silent_warn(void *context, size_t at, size_t len, const char *text)
{
    (void)context, (void)at, (void)len, (void)text;
}

enum status term_single_word(const char *text, size_t len, unsigned flags, struct arena *arena,
                             char **word, size_t *word_len, struct error *err)
{
    struct term_words words = {
        .fail = silent_fail, .warn = silent_warn, .arena = arena, .flags = flags};
    *word = NULL;
    *word_len = 0;
    enum status status = term_words_add(&words, text, len, true, err);
    if (status == STATUS_OK && words.count == 1 && words.leaves[0].kind == LEAF_LITERAL) {
        *word_len = words.leaves[0].word_len;
        *word = arena_strndup(arena, words.leaves[0].word, words.leaves[0].word_len);
        if (!*word)
            status = error_nomem(err);
    }
    if (status == STATUS_PLAN)
        status = STATUS_OK;
    term_words_release(&words);
    return status;
}
