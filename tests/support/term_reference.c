/* The slow evaluator: see term_reference.h. Nothing here is fast on purpose. */
#include "tests/support/term_reference.h"

#include "queries/text/fold.h"
#include "queries/text/term_tree.h"

#include <libstemmer.h>
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static void *must(void *block)
{
    if (!block)
        abort();
    return block;
}

static bool has(const char *alphabet, char c)
{
    return alphabet && strchr(alphabet, c);
}

/* 0 separates, 1 is a word character, 2 a mark, 3 a word by itself. */
static int kind_of(int32_t c, const struct word_rules *rules)
{
    const char *alphabet = rules ? rules->alphabet : NULL;
    if (c == '_' || (c == '-' && has(alphabet, '-')) || (c == '\'' && has(alphabet, '\'')))
        return 1;
    const char *category = utf8proc_category_string(c);
    if (category[0] == 'M')
        return 2;
    if (category[0] != 'L' && category[0] != 'N')
        return 0;
    return fold_kind(c, 0) == KIND_SINGLE ? 3 : 1;
}

static int32_t plain(int32_t c)
{
    static const int32_t singles[] = {0x2018, 0x2019, 0x201A, 0x201B};
    for (size_t i = 0; i < 4; i++)
        if (c == singles[i])
            return '\'';
    return c >= 0x2010 && c <= 0x2015 ? '-' : c;
}

char *reference_words(const char *text, size_t len, const struct word_rules *rules, size_t *count)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t folded_len = utf8proc_map(
        (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &folded,
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (folded_len < 0)
        abort();
    char *out = must(malloc((size_t)folded_len * 2 + 8));
    size_t n = 0;
    int last = 0; /* kind of the word that is open, 0 if none */
    *count = 0;
    for (utf8proc_ssize_t at = 0; at < folded_len;) {
        int32_t c;
        at += utf8proc_iterate(folded + at, folded_len - at, &c);
        c = plain(c);
        int kind = kind_of(c, rules);
        bool joins = last && (kind == 2 || (kind == 1 && last == 1));
        if (last && !joins) {
            out[n++] = '\0';
            last = 0;
        }
        if (!joins && (kind == 1 || kind == 3)) {
            ++*count;
            last = kind;
            joins = true;
        }
        if (joins)
            n += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)out + n);
    }
    out[n] = '\0';
    free(folded);
    return out;
}

/* ---- words against leaves -----------------------------------------------------------------------
 */

static size_t decode(const char *text, size_t len, int32_t *points)
{
    size_t n = 0;
    for (size_t at = 0; at < len;)
        points[n++] = fold_next(text, len, &at);
    return n;
}

static bool glob(const int32_t *p, size_t pn, const int32_t *w, size_t wn)
{
    if (pn == 0)
        return wn == 0;
    if (*p == '*') {
        for (size_t i = 0; i <= wn; i++)
            if (glob(p + 1, pn - 1, w + i, wn - i))
                return true;
        return false;
    }
    if (wn == 0)
        return false;
    bool fits =
        *p == '?' || (*p == '=' && strcmp(utf8proc_category_string(*w), "Nd") == 0) || *p == *w;
    return fits && glob(p + 1, pn - 1, w + 1, wn - 1);
}

static size_t edits(const int32_t *a, size_t an, const int32_t *b, size_t bn)
{
    size_t *row = must(calloc(bn + 1, sizeof *row));
    for (size_t j = 0; j <= bn; j++)
        row[j] = j;
    for (size_t i = 1; i <= an; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= bn; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            corner = row[j];
            row[j] = best;
        }
    }
    size_t result = row[bn];
    free(row);
    return result;
}

static bool same_stem(const char *a, const char *b)
{
    if (strlen(b) > WORD_STEM_MAX)
        return false;
    struct sb_stemmer *stemmer = must(sb_stemmer_new("english", "UTF_8"));
    const char *stem =
        must((void *)(uintptr_t)sb_stemmer_stem(stemmer, (const sb_symbol *)a, (int)strlen(a)));
    char *first = must(strdup(stem));
    stem = must((void *)(uintptr_t)sb_stemmer_stem(stemmer, (const sb_symbol *)b, (int)strlen(b)));
    bool same = strcmp(first, stem) == 0;
    free(first);
    sb_stemmer_delete(stemmer);
    return same;
}

static bool in_range(const struct term_leaf *leaf, const char *word)
{
    if (strspn(word, "0123456789") != strlen(word))
        return false;
    while (word[0] == '0' && word[1])
        word++;
    if (strlen(word) > 18)
        return false;
    uint64_t value = strtoull(word, NULL, 10);
    return value >= leaf->low && value <= leaf->high;
}

/* By the C library, in its own dialect: the tests' expressions mean the same in both. */
static bool fits_regex(const struct term_leaf *leaf, const char *word)
{
    static struct {
        char *pattern;
        regex_t compiled;
    } known[64];
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        abort();
    size_t i = 0;
    while (i < 64 && known[i].pattern && strcmp(known[i].pattern, leaf->word) != 0)
        i++;
    if (i == 64)
        abort();
    if (!known[i].pattern) {
        char anchored[256];
        snprintf(anchored, sizeof anchored, "^(%s)$", leaf->word);
        known[i].pattern = must(strdup(leaf->word));
        if (regcomp(&known[i].compiled, anchored, REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0)
            abort();
    }
    return regexec(&known[i].compiled, word, 0, NULL, 0) == 0;
}

static bool leaf_matches(const struct term_leaf *leaf, const char *word)
{
    if (leaf->kind == LEAF_LITERAL)
        return strcmp(leaf->word, word) == 0;
    if (leaf->kind == LEAF_STEM)
        return same_stem(leaf->word, word);
    if (leaf->kind == LEAF_RANGE)
        return in_range(leaf, word);
    if (leaf->kind == LEAF_REGEX)
        return fits_regex(leaf, word);
    if (leaf->kind != LEAF_WILD && leaf->kind != LEAF_FUZZY)
        return false;
    int32_t *p = must(malloc((leaf->word_len + 1) * sizeof *p));
    int32_t *w = must(malloc((strlen(word) + 1) * sizeof *w));
    size_t pn = decode(leaf->word, leaf->word_len, p), wn = decode(word, strlen(word), w);
    bool fits;
    if (leaf->kind == LEAF_WILD) {
        fits = glob(p, pn, w, wn);
    } else {
        size_t fixed = leaf->fixed;
        fits = wn >= fixed && (fixed == 0 || memcmp(p, w, fixed * sizeof *p) == 0) &&
               edits(p + fixed, pn - fixed, w + fixed, wn - fixed) <= leaf->edits;
    }
    free(p);
    free(w);
    return fits;
}

/* ---- intervals ----------------------------------------------------------------------------------
 */

struct stretch {
    size_t turn, first, last; /* positions: 0 is before the first word */
};

struct stretches {
    struct stretch *items;
    size_t count;
};

static void add(struct stretches *list, struct stretch item)
{
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(&list->items[i], &item, sizeof item) == 0)
            return;
    list->items = must(realloc(list->items, (list->count + 1) * sizeof item));
    list->items[list->count++] = item;
}

struct reading {
    const char **words; /* words[1 .. count] */
    char *block;
    size_t count;
    unsigned place;
    uint32_t exchange;
};

struct reference {
    const struct term *term;
    struct reading *readings; /* fields, then turns */
    size_t count, fields;
};

static bool item_at(const struct term_leaf *leaf, bool phrase, const struct reading *reading,
                    size_t position)
{
    if (leaf->kind == LEAF_FIRST)
        return position == 0;
    if (leaf->kind == LEAF_LAST)
        return position == reading->count + 1;
    if (position == 0 || position > reading->count)
        return false;
    return (phrase && leaf->noise) || leaf_matches(leaf, reading->words[position]);
}

static bool apart_within(struct stretch a, struct stretch b, size_t distance, bool ordered)
{
    if (a.turn != b.turn)
        return false;
    if (a.last < b.first)
        return b.first - a.last <= distance;
    return !ordered && b.last < a.first && a.first - b.last <= distance;
}

static bool close_to(struct stretch a, struct stretch b, size_t distance)
{
    bool overlap = a.turn == b.turn && a.first <= b.last && b.first <= a.last;
    return overlap || apart_within(a, b, distance, false);
}

static struct stretches positions(const struct reference *ref, const struct term_node *node,
                                  const uint64_t *places)
{
    struct stretches out = {0}, a = {0}, b = {0};
    switch (node->kind) {
    case TERM_WORDS:
        for (size_t t = 0; t < ref->count; t++) {
            uint64_t allowed = places ? *places : PLACES_TURNS;
            const struct reading *reading = &ref->readings[t];
            if (!(allowed >> reading->place & 1))
                continue;
            for (size_t p = 0; p + node->count <= reading->count + 2; p++) {
                bool all = true;
                for (size_t i = 0; i < node->count && all; i++)
                    all = item_at(&node->leaves[i], node->count > 1, reading, p + i);
                if (all)
                    add(&out, (struct stretch){t, p, p + node->count - 1});
            }
        }
        return out;
    case TERM_CONTAINS: {
        uint64_t inner = (places ? *places : UINT64_MAX) & (uint64_t)1 << node->place;
        return positions(ref, node->children[0], &inner);
    }
    case TERM_OR:
        for (uint32_t c = 0; c < node->count; c++) {
            a = positions(ref, node->children[c], places);
            for (size_t i = 0; i < a.count; i++)
                add(&out, a.items[i]);
            free(a.items);
        }
        return out;
    default:
        break;
    }
    a = positions(ref, node->children[0], places);
    b = positions(ref, node->children[1], places);
    for (size_t i = 0; i < a.count; i++) {
        bool alone = true;
        for (size_t j = 0; j < b.count; j++) {
            struct stretch x = a.items[i], y = b.items[j];
            alone &= !close_to(x, y, node->distance);
            if (node->kind != TERM_NOT_NEAR &&
                apart_within(x, y, node->distance, node->kind == TERM_PRE))
                add(&out, (struct stretch){x.turn, x.first < y.first ? x.first : y.first,
                                           x.last > y.last ? x.last : y.last});
        }
        if (node->kind == TERM_NOT_NEAR && alone)
            add(&out, a.items[i]);
    }
    free(a.items);
    free(b.items);
    return out;
}

/* ---- spans --------------------------------------------------------------------------------------
 */

static bool in_span(const struct reference *ref, size_t turn, enum term_within within, size_t span)
{
    if (turn < ref->fields || within == WITHIN_CONVERSATION)
        return true;
    return within == WITHIN_TURN ? turn == span
                                 : ref->readings[turn].exchange == ref->readings[span].exchange;
}

/* Whether NODE holds in the span that the turn SPAN lies in. */
static bool holds(const struct reference *ref, const struct term_node *node,
                  enum term_within within, size_t span)
{
    if (node->kind == TERM_NOT)
        return !holds(ref, node->children[0], within, span);
    if (node->kind == TERM_AND || node->kind == TERM_OR) {
        for (uint32_t i = 0; i < node->count; i++)
            if (holds(ref, node->children[i], within, span) == (node->kind == TERM_OR))
                return node->kind == TERM_OR;
        return node->kind == TERM_AND;
    }
    struct stretches found = positions(ref, node, NULL);
    bool any = false;
    for (size_t i = 0; i < found.count; i++)
        any |= in_span(ref, found.items[i].turn, within, span);
    free(found.items);
    return any;
}

static void gather(const struct reference *ref, const struct term_node *node, struct stretches *out)
{
    if (node->kind == TERM_NOT)
        return;
    if (node->kind == TERM_AND || node->kind == TERM_OR) {
        for (uint32_t i = 0; i < node->count; i++)
            gather(ref, node->children[i], out);
        return;
    }
    struct stretches found = positions(ref, node, NULL);
    for (size_t i = 0; i < found.count; i++)
        if (found.items[i].turn >= ref->fields)
            add(out, found.items[i]);
    free(found.items);
}

static void count_hits(const struct reference *ref, const struct stretches *all,
                       const bool *satisfied, enum term_within within, struct text_hit *hit)
{
    bool *turn_hit = must(calloc(ref->count + 1, 1));
    bool prompts_only = true, outputs_only = true;
    for (size_t i = 0; i < all->count; i++) {
        struct stretch x = all->items[i];
        if (!satisfied[x.turn])
            continue;
        bool maximal = true;
        for (size_t j = 0; j < all->count; j++) {
            struct stretch y = all->items[j];
            maximal &= j == i || y.turn != x.turn || y.first > x.first || y.last < x.last;
        }
        if (!maximal)
            continue;
        hit->occurrences++;
        turn_hit[x.turn] = true;
        prompts_only &= ref->readings[x.turn].place == SIDE_PROMPT;
        outputs_only &= ref->readings[x.turn].place == SIDE_OUTPUT;
    }
    hit->prompt_only = hit->occurrences && prompts_only;
    hit->output_only = hit->occurrences && outputs_only;
    uint32_t *exchanges = must(calloc(ref->count + 1, sizeof *exchanges));
    for (size_t t = ref->fields; t < ref->count; t++) {
        hit->turns += turn_hit[t];
        bool listed = within == WITHIN_CONVERSATION ? turn_hit[t] : satisfied[t];
        uint32_t exchange = ref->readings[t].exchange;
        if (listed && (hit->exchange_count == 0 || exchanges[hit->exchange_count - 1] != exchange))
            exchanges[hit->exchange_count++] = exchange;
    }
    hit->exchanges = exchanges;
    free(turn_hit);
}

static void read_text(struct reading *reading, struct span text, const struct word_rules *rules)
{
    reading->block = reference_words(text.data, text.len, rules, &reading->count);
    reading->words = must((void *)calloc(reading->count + 1, sizeof *reading->words));
    const char *word = reading->block;
    for (size_t i = 1; i <= reading->count; i++) {
        reading->words[i] = word;
        word += strlen(word) + 1;
    }
}

bool reference_evaluate(const struct term *term, enum term_within within,
                        const struct word_rules *rules,
                        const struct reference_conversation *conversation, struct text_hit *hit)
{
    struct reference ref = {.term = term};
    ref.readings = must(
        calloc(conversation->field_count + conversation->turn_count + 1, sizeof *ref.readings));
    for (size_t i = 0; i < conversation->field_count; i++) {
        if (!conversation->fields[i].data)
            continue;
        struct reading *reading = &ref.readings[ref.count++];
        reading->place = PLACE_FIELDS + (unsigned)i;
        read_text(reading, conversation->fields[i], rules);
    }
    ref.fields = ref.count;
    for (size_t i = 0; i < conversation->turn_count; i++) {
        struct reading *reading = &ref.readings[ref.count++];
        reading->place = conversation->turns[i].side;
        reading->exchange = conversation->turns[i].exchange;
        read_text(reading, conversation->turns[i].text, rules);
    }

    bool any = false;
    bool *satisfied = must(calloc(ref.count + 1, 1));
    if (within == WITHIN_CONVERSATION && ref.count == ref.fields)
        any = holds(&ref, term->root, within, 0);
    for (size_t t = ref.fields; t < ref.count; t++)
        any |= satisfied[t] = holds(&ref, term->root, within, t);
    *hit = (struct text_hit){0};
    if (any) {
        struct stretches all = {0};
        gather(&ref, term->root, &all);
        count_hits(&ref, &all, satisfied, within, hit);
        free(all.items);
    }
    free(satisfied);
    for (size_t i = 0; i < ref.count; i++) {
        free((void *)ref.readings[i].words);
        free(ref.readings[i].block);
    }
    free(ref.readings);
    return any;
}
