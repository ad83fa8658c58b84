/* Random terms and conversations: see term_random.h. */
#include "tests/support/term_random.h"

#include "tests/support/text_random.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char the[] = "the", of[] = "Of", title[] = "title", tags[] = "tags";
static char *const noise[] = {the, of};
static char *const fields[] = {title, tags};

const struct word_rules random_rules[2] = {
    {.alphabet = "", .noise = noise, .noise_count = 2, .fields = fields, .field_count = 2},
    {.alphabet = "-", .noise = noise, .noise_count = 2, .fields = fields, .field_count = 2},
};

static const char *const words[] = {"apple",
                                    "pear",
                                    "plum",
                                    "Apples",
                                    "applied",
                                    "the",
                                    "of",
                                    "12",
                                    "015",
                                    "24",
                                    "don't",
                                    "e-mail",
                                    "na\xC3\xAFve",
                                    "\xE6\x9D\xB1",
                                    "\xE6\x9D\xB1\xE4\xBA\xAC",
                                    "pears",
                                    "plums",
                                    "a",
                                    "b",
                                    "relational",
                                    "relate"};

static const char *const patterns[] = {
    "app*",      "*le",   "p?ar",   "1=",         "==",        "pl*m",   "*",     "apply~",
    "relating~", "p%ear", "%%plum", "pea%r",      "10~~20",    "0~~100", "*a*",   "?",
    "ap%%ple",   "\xE6*", "na?ve",  "xfirstword", "xlastword", "e-m*",   "pears~"};

static const char *pick(uint64_t *state, const char *const *from, size_t count)
{
    return from[random_below(state, (uint32_t)count)];
}

struct writer {
    char *out;
    size_t n, size;
    uint64_t *state;
};

__attribute__((format(printf, 2, 3))) static void put(struct writer *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(w->out + w->n, w->size - w->n, format, args);
    va_end(args);
    if (n > 0 && w->n + (size_t)n < w->size)
        w->n += (size_t)n;
    else
        w->out[w->n] = '\0';
}

static const char *const expressions[] = {
    "##ap+le?s?", "##p(ear|lum)s?", "##[a-e]",  "##.",     "##..",
    "##P.*",      "##na.ve",        "##[0-9]+", "##.*t.*",
};

static void put_word(struct writer *w)
{
    if (random_below(w->state, 4) == 0)
        put(w, "%s", pick(w->state, patterns, sizeof patterns / sizeof *patterns));
    else
        put(w, "%s", pick(w->state, words, sizeof words / sizeof *words));
}

static void put_phrase(struct writer *w)
{
    if (random_below(w->state, 24) == 0) {
        put(w, "%s\"%s\"%s", random_below(w->state, 2) ? "" : "apple ",
            pick(w->state, expressions, sizeof expressions / sizeof *expressions),
            random_below(w->state, 3) ? "" : " pear");
        return;
    }
    uint32_t shape = random_below(w->state, 8), count = 2 + random_below(w->state, 2);
    if (shape > 2)
        count = 1;
    put(w, "%s", shape == 0 ? "\"" : "");
    for (uint32_t i = 0; i < count; i++) {
        put(w, "%s", i ? " " : "");
        put_word(w);
    }
    put(w, "%s", shape == 0 ? "\"" : "");
}

static void put_term(struct writer *w, int depth, bool positional)
{
    uint32_t distance = 1 + random_below(w->state, 6);
    uint32_t shape = depth <= 0 ? 0 : random_below(w->state, positional ? 8 : 12);
    static const char *const connectors[] = {"w/", "pre/", "not w/", "W/"};
    static const char *const places[] = {"prompt", "output", "system", "Tool", "title", "tags"};
    switch (shape) {
    case 3:
    case 4:
    case 5:
        put(w, "(");
        put_term(w, depth - 1, random_below(w->state, 8) != 0);
        put(w, " %s%u ", pick(w->state, connectors, 4), (unsigned)distance);
        put_term(w, depth - 1, true);
        put(w, ")");
        break;
    case 6:
        put(w, "contains(%s, ", pick(w->state, places, 6));
        put_term(w, depth - 1, positional);
        put(w, ")");
        break;
    case 7:
    case 8:
        put(w, "(");
        put_term(w, depth - 1, positional);
        put(w, " OR ");
        put_term(w, depth - 1, positional);
        put(w, ")");
        break;
    case 9:
    case 10:
        put(w, "(");
        put_term(w, depth - 1, false);
        put(w, random_below(w->state, 3) ? " AND " : " and not ");
        put_term(w, depth - 1, false);
        put(w, ")");
        break;
    case 11:
        put(w, "(NOT ");
        put_term(w, depth - 1, false);
        put(w, ")");
        break;
    default:
        put_phrase(w);
    }
}

void random_term(uint64_t *state, char *out, size_t size)
{
    struct writer w = {out, 0, size, state};
    out[0] = '\0';
    put_term(&w, (int)random_below(state, 5), false);
}

void random_phrases(uint64_t *state, char *out, size_t size)
{
    struct writer w = {out, 0, size, state};
    uint32_t count = 2 + random_below(state, 3);
    out[0] = '\0';
    put(&w, "\"");
    for (uint32_t i = 0; i < count; i++) {
        bool wild = random_below(state, 40) == 0;
        put(&w, "%s%s", i ? " " : "",
            wild ? pick(state, patterns, sizeof patterns / sizeof *patterns)
                 : pick(state, words, random_below(state, 4) ? 7 : sizeof words / sizeof *words));
    }
    put(&w, "\"");
}

/* The same words in other letters, and one that folding changes. */
static const char *const variants[] = {
    "APPLE",
    "pe\302\255ar", /* a soft hyphen */
    "Pl\303\274m",
    "appl\303\251",
    "apple\302\255",
    "theapplepearplumapplesappliedtheofapplepearplumapplesappliedtheofapplepearplum",
};

static struct span put_text(uint64_t *state, struct random_conversation *out, uint32_t max_words)
{
    static const char *const between[] = {" ", " ", " ", " ", ". ", ", ", "\n", " - ", "-", "/"};
    struct writer w = {out->text + out->used, 0, sizeof out->text - out->used, state};
    uint32_t count = random_below(state, max_words + 1);
    for (uint32_t i = 0; i < count; i++) {
        if (random_below(state, 12) == 0)
            put(&w, "%s", pick(state, variants, sizeof variants / sizeof *variants));
        else
            put(&w, "%s",
                pick(state, words, random_below(state, 3) ? 7 : sizeof words / sizeof *words));
        put(&w, "%s", pick(state, between, sizeof between / sizeof *between));
    }
    if (random_below(state, 10) == 0 && w.size - w.n > 200)
        w.n += random_text(state, random_below(state, 20), w.out + w.n);
    struct span text = {w.out, w.n};
    out->used += w.n + 1;
    return text;
}

void random_conversation(uint64_t *state, struct random_conversation *out)
{
    out->used = 0;
    uint32_t turns = random_below(state, 7), exchange = random_below(state, 2) * 3;
    for (size_t i = 0; i < 2; i++) {
        out->fields[i] = SPAN_NONE;
        if (random_below(state, 2))
            out->fields[i] = put_text(state, out, 4);
    }
    for (uint32_t i = 0; i < turns; i++) {
        exchange += i ? random_below(state, 2) : 0;
        out->turns[i] = (struct reference_turn){(enum text_side)random_below(state, 4), exchange,
                                                put_text(state, out, 12)};
        if (random_below(state, 3))
            out->turns[i].side = i % 2 ? SIDE_OUTPUT : SIDE_PROMPT;
    }
    out->as = (struct reference_conversation){out->fields, 2, out->turns, turns};
}

static bool same_hit(const struct text_hit *a, const struct text_hit *b)
{
    return a->turns == b->turns && a->occurrences == b->occurrences &&
           a->prompt_only == b->prompt_only && a->output_only == b->output_only &&
           a->exchange_count == b->exchange_count &&
           (a->exchange_count == 0 ||
            memcmp(a->exchanges, b->exchanges, a->exchange_count * sizeof *a->exchanges) == 0);
}

static void describe(char *out, size_t size, const struct term *term, enum term_within within,
                     const struct random_conversation *conversation, const struct text_hit *found,
                     const struct text_hit *expected)
{
    static const struct text_hit none = {0};
    struct writer w = {out, 0, size, NULL};
    char *form = term_normal_form(term);
    put(&w, "%s within %d\n", form ? form : "?", (int)within);
    free(form);
    for (size_t i = 0; i < 2; i++)
        if (conversation->fields[i].data)
            put(&w, "field %zu: %.*s\n", i, (int)conversation->fields[i].len,
                conversation->fields[i].data);
    for (size_t i = 0; i < conversation->as.turn_count; i++)
        put(&w, "side %d exchange %u: %.*s\n", (int)conversation->turns[i].side,
            (unsigned)conversation->turns[i].exchange, (int)conversation->turns[i].text.len,
            conversation->turns[i].text.data);
    const struct text_hit *both[2] = {found ? found : &none, expected ? expected : &none};
    for (size_t i = 0; i < 2; i++)
        put(&w, "%s: hit %d turns %u occurrences %u prompt %d output %d exchanges %u\n",
            i ? "expected" : "found", i ? expected != NULL : found != NULL,
            (unsigned)both[i]->turns, (unsigned)both[i]->occurrences, both[i]->prompt_only,
            both[i]->output_only, (unsigned)both[i]->exchange_count);
}

void compare_hits(const struct term *const *terms, const enum term_within *within, size_t count,
                  const struct word_rules *rules, const struct random_conversation *conversation,
                  const struct text_hit *hits, size_t hit_count, void (*fail)(const char *message))
{
    size_t next = 0;
    for (size_t t = 0; t < count; t++) {
        struct text_hit expected;
        bool expect = reference_evaluate(terms[t], within[t], rules, &conversation->as, &expected);
        const struct text_hit *found = NULL;
        if (next < hit_count && hits[next].number == t)
            found = &hits[next++];
        if (expect != (found != NULL) || (expect && !same_hit(found, &expected))) {
            static char message[32768];
            describe(message, sizeof message, terms[t], within[t], conversation, found,
                     expect ? &expected : NULL);
            fail(message);
        }
        if (expect)
            free((void *)(uintptr_t)expected.exchanges);
    }
    if (next != hit_count)
        fail("hits of terms that are not there or not in order");
}
