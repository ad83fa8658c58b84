/* Suggestions by edit distance: see suggest.h. */
#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

enum { WORD_MAX = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t suggest_distance(const char *a, const char *b)
{
    size_t rows = strlen(a), columns = strlen(b);
    if (rows > WORD_MAX || columns > WORD_MAX)
        return SIZE_MAX;
    size_t lines[3][WORD_MAX + 1];
    size_t *before = lines[0], *above = lines[1], *line = lines[2];
    for (size_t j = 0; j <= columns; j++)
        above[j] = before[j] = j;
    for (size_t i = 1; i <= rows; i++) {
        line[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            char x = lower(a[i - 1]), y = lower(b[j - 1]);
            line[j] = least(above[j - 1] + (x != y), least(above[j], line[j - 1]) + 1);
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y)
                line[j] = least(line[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = above;
        above = line;
        line = oldest;
    }
    return above[columns];
}

void suggest_init(struct suggest *suggest, const char *word)
{
    /* A third of the letters may be wrong, at least one: more than that is another word. */
    size_t len = strlen(word);
    *suggest = (struct suggest){.word = word, .distance = (len / 3 ? len / 3 : 1) + 1};
}

static int begins(const char *text, const char *beginning)
{
    while (*beginning)
        if (lower(*text++) != lower(*beginning++))
            return 0;
    return 1;
}

void suggest_offer(struct suggest *suggest, const char *candidate)
{
    size_t distance = suggest_distance(suggest->word, candidate);
    size_t len = strlen(suggest->word);
    if (len >= 3 && strlen(candidate) > len && begins(candidate, suggest->word))
        distance = least(distance, 1);
    /* One letter has every other letter within one step. */
    if (distance >= len && distance > 0)
        return;
    if (distance < suggest->distance) {
        suggest->distance = distance;
        suggest->best = candidate;
    }
}

enum status suggest_hint(const struct suggest *suggest, struct error *err)
{
    if (!err)
        return STATUS_INTERNAL;
    if (suggest->best)
        error_hint(err, "did you mean \"%s\"?", suggest->best);
    return err->code;
}
