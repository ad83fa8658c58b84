/* The distinct leaves of a term set: see pattern_set.h. Looking them up is in pattern_walk.c. */
#include "queries/text/pattern_set.h"

#include "base/memory.h"
#include "queries/text/term_tree.h"

#include <libstemmer.h>

#include <stdlib.h>
#include <string.h>

void pattern_set_init(struct pattern_set *set)
{
    memset(set, 0, sizeof *set);
    intern_init(&set->keys);
    intern_init(&set->literals);
    intern_init(&set->stems);
    nfa_init(&set->nfa);
}

void pattern_set_release(struct pattern_set *set)
{
    intern_release(&set->keys);
    intern_release(&set->literals);
    intern_release(&set->stems);
    nfa_release(&set->nfa);
    free(set->literal_patterns);
    free(set->stem_patterns);
    free(set->ranges);
    free(set->regexes);
    free(set->regex_patterns);
    regex_set_free(set->regex_set);
    memset(set, 0, sizeof *set);
}

/* Notes that the string NUMBER of an intern table stands for PATTERN. */
static enum status note_pattern(uint32_t **patterns, size_t *capacity, uint32_t number,
                                uint32_t pattern, struct error *err)
{
    uint32_t *grown = mem_grow(*patterns, capacity, (size_t)number + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    *patterns = grown;
    grown[number] = pattern;
    return STATUS_OK;
}

static enum status add_stem(struct pattern_set *set, const struct term_leaf *leaf,
                            uint32_t *pattern, struct error *err)
{
    struct sb_stemmer *stemmer = sb_stemmer_new("english", "UTF_8");
    if (!stemmer)
        return error_nomem(err);
    const sb_symbol *stem =
        sb_stemmer_stem(stemmer, (const sb_symbol *)leaf->word, (int)leaf->word_len);
    enum status status = STATUS_OK;
    size_t before = set->stems.count;
    uint32_t number = 0;
    if (!stem)
        status = error_nomem(err);
    else
        status = intern_add(&set->stems, (const char *)stem, (size_t)sb_stemmer_length(stemmer),
                            &number, err);
    sb_stemmer_delete(stemmer);
    TRY(status);
    if (set->stems.count == before) {
        *pattern = set->stem_patterns[number]; /* another word of the same stem */
        return STATUS_OK;
    }
    return note_pattern(&set->stem_patterns, &set->stem_capacity, number, *pattern, err);
}

static enum status add_regex(struct pattern_set *set, const struct term_leaf *leaf,
                             uint32_t pattern, struct error *err)
{
    struct regex *grown =
        mem_grow(set->regexes, &set->regex_capacity, set->regex_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    set->regexes = grown;
    grown[set->regex_count] = (struct regex){leaf->word, leaf->word_len, TERM_REGEX_FLAGS};
    return note_pattern(&set->regex_patterns, &set->regex_patterns_capacity,
                        (uint32_t)set->regex_count++, pattern, err);
}

enum status pattern_set_add(struct pattern_set *set, const struct term_leaf *leaf, uint32_t *number,
                            struct error *err)
{
    char *key = malloc(leaf->len + 1);
    if (!key)
        return error_nomem(err);
    key[0] = (char)('0' + (int)leaf->kind);
    memcpy(key + 1, leaf->text, leaf->len);
    size_t before = set->keys.count;
    enum status status = intern_add(&set->keys, key, leaf->len + 1, number, err);
    free(key);
    TRY(status);
    if (leaf->kind == LEAF_STEM)
        return add_stem(set, leaf, number, err);
    if (set->keys.count == before)
        return STATUS_OK;
    switch (leaf->kind) {
    case LEAF_LITERAL: {
        uint32_t literal;
        TRY(intern_add(&set->literals, leaf->word, leaf->word_len, &literal, err));
        return note_pattern(&set->literal_patterns, &set->literal_capacity, literal, *number, err);
    }
    case LEAF_WILD:
    case LEAF_FUZZY:
        return nfa_add(&set->nfa, leaf, *number, err);
    case LEAF_RANGE: {
        struct pattern_range *grown =
            mem_grow(set->ranges, &set->range_capacity, set->range_count + 1, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        set->ranges = grown;
        set->ranges[set->range_count++] = (struct pattern_range){leaf->low, leaf->high, *number};
        return STATUS_OK;
    }
    case LEAF_REGEX:
        return add_regex(set, leaf, *number, err);
    default:
        return STATUS_OK;
    }
}

static int by_low(const void *a, const void *b)
{
    const struct pattern_range *left = a, *right = b;
    return (left->low > right->low) - (left->low < right->low);
}

enum status pattern_set_finish(struct pattern_set *set, struct error *err)
{
    if (set->range_count)
        qsort(set->ranges, set->range_count, sizeof *set->ranges, by_low);
    if (set->regex_count == 0)
        return STATUS_OK;
    enum status status = regex_set_new(&set->regex_set, set->regexes, set->regex_count, NULL, err);
    return status == STATUS_OK ? status : error_within(err, "regular expressions of terms");
}
