/* What conversations can have together: see terms_possible.h. */
#include "queries/terms_possible.h"

#include <string.h>

void terms_possible_release(struct terms_possible *p)
{
    term_patterns_release(&p->words);
}

enum status terms_possible_init(struct terms_possible *p, const struct core_term *terms,
                                size_t count, const struct word_rules *rules, size_t most,
                                struct error *err)
{
    const char *forms[LOGIC_TERMS];
    enum term_within within[LOGIC_TERMS];
    size_t known = count <= LOGIC_TERMS ? count : 0, others = 0;
    *p = (struct terms_possible){.complete = known == count, .terms = count};
    for (size_t i = 0; i < known; i++) {
        forms[i] = terms[i].form;
        within[i] = terms[i].within;
        if (!forms[i] && others < POSSIBLE_OTHERS)
            p->others[others] = (uint32_t)i;
        others += !forms[i];
    }
    p->complete = p->complete && others <= POSSIBLE_OTHERS;
    p->other_count = p->complete ? others : 0;
    TRY(term_patterns_init(&p->words, forms, within, known, rules, p->complete ? most >> others : 0,
                           err));
    p->complete = p->complete && p->words.complete;
    return STATUS_OK;
}

size_t terms_possible_count(const struct terms_possible *p)
{
    return p->complete ? p->words.bits.count << p->other_count : 0;
}

void terms_possible_key(const struct terms_possible *p, size_t i, char *key)
{
    memcpy(key, p->words.bits.items[i >> p->other_count].text, p->words.terms);
    for (size_t k = 0; k < p->other_count; k++)
        key[p->others[k]] = (char)(i >> k & 1);
}

struct possible_sets terms_possible_sets(const struct terms_possible *p, const char *key)
{
    struct possible_sets sets = {.known = true};
    char words[LOGIC_TERMS];
    if (!p->complete) {
        for (size_t i = 0; i < p->terms && i < LOGIC_PARTS; i++)
            sets.parts |= (uint64_t)(key[i] != 0) << i;
        return sets;
    }
    memcpy(words, key, p->words.terms);
    for (size_t k = 0; k < p->other_count; k++) {
        sets.others |= (uint64_t)(key[p->others[k]] != 0) << k;
        words[p->others[k]] = 0;
    }
    uint32_t pattern = intern_find(&p->words.bits, words, p->words.terms);
    sets.known = pattern != INTERN_NONE;
    sets.parts = sets.known ? p->words.parts[pattern] : 0;
    return sets;
}
