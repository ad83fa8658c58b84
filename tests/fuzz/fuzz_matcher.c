/*
 * Fuzzes the matcher against the slow evaluator. The input is lines: terms up to an empty line,
 * then turns; the first byte of a turn chooses side and exchange.
 */
#include "tests/support/term_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TERMS = 4 };

static void fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    abort();
}

static void must(enum status status)
{
    if (status != STATUS_OK)
        fail("the matcher failed");
}

/* The next line of what is left. */
static struct span next_line(const char **at, const char *end)
{
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    struct span line = {*at, (size_t)((newline ? newline : end) - *at)};
    *at = newline ? newline + 1 : end;
    return line;
}

static void run(struct term *const *terms, size_t count, const enum term_within *within,
                struct random_conversation *conversation)
{
    struct error err = ERROR_INIT;
    struct term_set *set = term_set_new(&random_rules[0]);
    for (size_t i = 0; i < count; i++) {
        uint32_t number;
        must(term_set_add(set, terms[i], within[i], &number, &err));
    }
    must(term_set_compile(set, &err));
    struct matcher *matcher = matcher_new(set);
    const struct text_hit *hits;
    size_t hit_count;
    for (int times = 0; times < 2; times++) {
        must(matcher_begin(matcher, conversation->fields, &err));
        for (size_t t = 0; t < conversation->as.turn_count; t++) {
            const struct reference_turn *turn = &conversation->turns[t];
            uint64_t words = 0;
            must(matcher_turn(matcher, turn->side, turn->exchange, turn->text, &words, &err));
        }
        must(matcher_end(matcher, &hits, &hit_count, &err));
        compare_hits((const struct term *const *)terms, within, count, &random_rules[0],
                     conversation, hits, hit_count, fail);
    }
    matcher_free(matcher);
    term_set_free(set);
}

/* The slow evaluator wants valid UTF-8 and few marks on one letter, and no regular expression,
 * which it would read in another dialect. */
static bool is_fair(const char *text, size_t len)
{
    size_t high = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '#' && i + 1 < len && text[i + 1] == '#')
            return false;
        high = (unsigned char)text[i] >= 0x80 ? high + 1 : 0;
        if (high > 120)
            return false;
    }
    struct error err = ERROR_INIT;
    struct term *term = NULL;
    char *quoted = malloc(len + 2);
    if (!quoted)
        return false;
    memcpy(quoted, text, len);
    enum status status = term_parse(quoted, len, &random_rules[0], &term, NULL, &err);
    term_free(term);
    free(quoted);
    return status == STATUS_OK || !strstr(err.text, "UTF-8");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096 || !is_fair((const char *)data, size))
        return 0;
    const char *at = (const char *)data, *end = at + size;
    struct term *terms[TERMS];
    enum term_within within[TERMS];
    size_t count = 0;
    while (at < end) {
        struct span line = next_line(&at, end);
        if (line.len == 0)
            break;
        struct error err = ERROR_INIT;
        if (count < TERMS && line.len < 300 &&
            term_parse(line.data, line.len, &random_rules[0], &terms[count], NULL, &err) ==
                STATUS_OK) {
            within[count] = (enum term_within)(line.len % 3);
            if (term_leaf_count(terms[count]) > 30)
                term_free(terms[count]);
            else
                count++;
        }
    }
    static struct random_conversation conversation;
    conversation.fields[0] = conversation.fields[1] = SPAN_NONE;
    size_t turns = 0;
    uint32_t exchange = 0;
    while (at < end && turns < 8) {
        struct span line = next_line(&at, end);
        if (line.len == 0 || (unsigned char)line.data[0] >= 0x80 || line.len > 500)
            continue;
        struct span text = {line.data + 1, line.len - 1};
        if (line.data[0] == '#') {
            conversation.fields[0] = text;
            continue;
        }
        exchange += line.data[0] >> 2 & 1;
        conversation.turns[turns++] =
            (struct reference_turn){(enum text_side)(line.data[0] & 3), exchange, text};
    }
    conversation.as =
        (struct reference_conversation){conversation.fields, 2, conversation.turns, turns};
    run(terms, count, within, &conversation);
    for (size_t i = 0; i < count; i++)
        term_free(terms[i]);
    return 0;
}
