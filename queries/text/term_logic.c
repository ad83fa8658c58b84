/* Which of several terms a conversation can have together: see term_logic.h. */
#include "queries/text/term_logic.h"

#include "base/memory.h"
#include "queries/text/term_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- groups of parts: those that some text has together ---- */

static uint32_t root_of(uint32_t *parent, uint32_t part)
{
    while (parent[part] != part)
        part = parent[part] = parent[parent[part]];
    return part;
}

/* GROUP_OF[parts]: a part of its group, the same for all of it. */
static void find_groups(const struct term_parts *p, uint32_t *group_of)
{
    uint32_t count = (uint32_t)p->forms.count;
    for (uint32_t i = 0; i < count; i++)
        group_of[i] = i;
    for (size_t t = 0; t < p->text_count; t++)
        for (size_t i = 0; i < p->texts[t].count; i++) {
            uint32_t own = root_of(group_of, (uint32_t)(t % count));
            group_of[root_of(group_of, p->texts[t].parts[i])] = own;
        }
    for (uint32_t i = 0; i < count; i++)
        group_of[i] = root_of(group_of, i);
}

static size_t count_parts(const struct term_formula *f)
{
    size_t count = f->kind == FORMULA_PART;
    for (uint32_t i = 0; f->kind != FORMULA_PART && i < f->count; i++)
        count += count_parts(f->children[i]);
    return count;
}

static size_t count_nodes(const struct term_formula *f)
{
    size_t count = 1;
    for (uint32_t i = 0; f->kind != FORMULA_PART && i < f->count; i++)
        count += count_nodes(f->children[i]);
    return count;
}

static uint32_t *list_groups(const struct term_formula *f, const uint32_t *group_of, uint32_t *out)
{
    if (f->kind == FORMULA_PART) {
        *out = group_of[f->part];
        return out + 1;
    }
    for (uint32_t i = 0; i < f->count; i++)
        out = list_groups(f->children[i], group_of, out);
    return out;
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

enum status term_groups_find(const char *const *forms, size_t count, const struct word_rules *rules,
                             struct term_group_list *lists, uint32_t **numbers, struct error *err)
{
    struct term_parts p;
    enum status status = STATUS_OK;
    uint32_t *group_of = NULL;
    size_t total = 0;
    *numbers = NULL;
    TRY_CLEANUP(term_parts_init(&p, forms, count, rules, err));
    group_of = mem_zalloc(p.forms.count, sizeof *group_of);
    for (size_t i = 0; i < count; i++)
        total += p.formulas[i] ? count_parts(p.formulas[i]) : 0;
    *numbers = mem_zalloc(total, sizeof **numbers);
    if (!group_of || !*numbers)
        TRY_CLEANUP(error_nomem(err));
    find_groups(&p, group_of);
    uint32_t *at = *numbers;
    for (size_t i = 0; i < count; i++) {
        uint32_t *end = p.formulas[i] ? list_groups(p.formulas[i], group_of, at) : at;
        lists[i] = (struct term_group_list){at, 0};
        qsort(at, (size_t)(end - at), sizeof *at, compare_numbers);
        size_t kept = 0;
        for (size_t k = 0; k < (size_t)(end - at); k++)
            if (!kept || at[kept - 1] != at[k])
                at[kept++] = at[k];
        lists[i].count = kept;
        at = end;
    }
cleanup:
    free(group_of);
    term_parts_release(&p);
    return status;
}

/* ---- parts of one place become one ---- */

struct logic {
    struct term_parts parts;
    uint32_t part_count;                 /* with those made here, which come last */
    uint32_t *group_of, *total;          /* [most] of parts; [most] of groups: in how many places */
    bool *itself;                        /* [most] of parts: a text is known that has it */
    uint32_t *bit_of;                    /* [most] of parts that are left; UINT32_MAX */
    uint64_t masks[2 * LOGIC_PARTS + 1]; /* of what is left: what a text has */
    size_t mask_count, bit_count;
    bool too_many;
    uint64_t *sets; /* [set_count] which parts a conversation can have */
    size_t set_count;
};

static void count_places(struct logic *l, const struct term_formula *f)
{
    if (f->kind == FORMULA_PART)
        l->total[l->group_of[f->part]]++;
    for (uint32_t i = 0; f->kind != FORMULA_PART && i < f->count; i++)
        count_places(l, f->children[i]);
}

/* Makes F a part of its own, of which it is known whether a text has it. */
static void become_part(struct logic *l, struct term_formula *f, bool itself)
{
    uint32_t part = l->part_count++;
    l->group_of[part] = part;
    l->total[part] = 1;
    l->itself[part] = itself;
    *f = (struct term_formula){.kind = FORMULA_PART, .part = part};
}

/* How many children of F are parts of GROUP. */
static uint32_t count_children(const struct logic *l, const struct term_formula *f, uint32_t group)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->count; i++)
        count += f->children[i]->kind == FORMULA_PART && l->group_of[f->children[i]->part] == group;
    return count;
}

/* The children of F whose groups stand nowhere else become one. */
static void join_children(struct logic *l, struct term_formula *f)
{
    struct term_formula *one = NULL;
    uint32_t kept = 0;
    bool any = false, all = true;
    for (uint32_t i = 0; i < f->count; i++) {
        struct term_formula *child = f->children[i];
        uint32_t group = child->kind == FORMULA_PART ? l->group_of[child->part] : UINT32_MAX;
        if (group != UINT32_MAX) /* of a part, the number of children has no other meaning */
            child->count = count_children(l, f, group) == l->total[group];
    }
    for (uint32_t i = 0; i < f->count; i++) {
        struct term_formula *child = f->children[i];
        if (child->kind != FORMULA_PART || !child->count) {
            f->children[kept++] = child;
            continue;
        }
        any = any || l->itself[child->part];
        all = all && l->itself[child->part];
        if (!one)
            f->children[kept++] = one = child;
    }
    if (!one)
        return;
    become_part(l, one, f->kind == FORMULA_OR ? any : all);
    f->count = kept;
    if (kept == 1)
        *f = *one;
}

static void contract(struct logic *l, struct term_formula *f)
{
    if (f->kind == FORMULA_PART)
        return;
    for (uint32_t i = 0; i < f->count; i++)
        contract(l, f->children[i]);
    if (f->kind != FORMULA_NOT) {
        join_children(l, f);
        return;
    }
    const struct term_formula *child = f->children[0];
    if (child->kind == FORMULA_PART && l->total[l->group_of[child->part]] == 1 &&
        l->itself[child->part])
        become_part(l, f, true); /* it can be had or not, whatever else there is */
}

/* ---- what texts have of what is left ---- */

static void number_parts(struct logic *l, const struct term_formula *f)
{
    if (f->kind == FORMULA_PART && l->bit_of[f->part] == UINT32_MAX) {
        l->too_many = l->too_many || l->bit_count == LOGIC_PARTS;
        l->bit_of[f->part] = l->too_many ? 0 : (uint32_t)l->bit_count++;
    }
    for (uint32_t i = 0; f->kind != FORMULA_PART && i < f->count; i++)
        number_parts(l, f->children[i]);
}

static void add_mask(struct logic *l, uint64_t mask)
{
    for (size_t i = 0; i < l->mask_count; i++)
        if (l->masks[i] == mask)
            return;
    if (mask && l->mask_count < sizeof l->masks / sizeof *l->masks)
        l->masks[l->mask_count++] = mask;
}

static void find_masks(struct logic *l)
{
    uint32_t old = (uint32_t)l->parts.forms.count;
    for (uint32_t part = old; part < l->part_count; part++)
        if (l->bit_of[part] != UINT32_MAX && l->itself[part])
            add_mask(l, UINT64_C(1) << l->bit_of[part]);
    for (size_t t = 0; t < l->parts.text_count; t++) {
        const struct part_text *text = &l->parts.texts[t];
        uint64_t mask = 0;
        for (size_t i = 0; i < text->count; i++)
            if (l->bit_of[text->parts[i]] != UINT32_MAX)
                mask |= UINT64_C(1) << l->bit_of[text->parts[i]];
        add_mask(l, mask);
    }
}

/* All unions of masks. */
static enum status find_sets(struct logic *l, struct error *err)
{
    struct intern seen;
    enum status status = STATUS_OK;
    uint32_t number;
    intern_init(&seen);
    l->sets = mem_zalloc(LOGIC_SETS, sizeof *l->sets);
    if (!l->sets)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(intern_add(&seen, (const char *)&l->sets[0], sizeof *l->sets, &number, err));
    l->set_count = 1;
    for (size_t m = 0; m < l->mask_count; m++)
        for (size_t i = 0, count = l->set_count; i < count; i++) {
            uint64_t set = l->sets[i] | l->masks[m];
            if (l->set_count == LOGIC_SETS) {
                l->too_many = true;
                goto cleanup;
            }
            TRY_CLEANUP(intern_add(&seen, (const char *)&set, sizeof set, &number, err));
            if (number == l->set_count)
                l->sets[l->set_count++] = set;
        }
cleanup:
    intern_release(&seen);
    return status;
}

static enum status make_room(struct logic *l, struct error *err)
{
    size_t most = l->parts.forms.count + 1;
    for (size_t i = 0; i < l->parts.count; i++)
        most += l->parts.formulas[i] ? count_nodes(l->parts.formulas[i]) : 0;
    l->group_of = mem_zalloc(most, sizeof *l->group_of);
    l->total = mem_zalloc(most, sizeof *l->total);
    l->itself = mem_zalloc(most, sizeof *l->itself);
    l->bit_of = mem_zalloc(most, sizeof *l->bit_of);
    if (!l->group_of || !l->total || !l->itself || !l->bit_of)
        return error_nomem(err);
    memset(l->bit_of, 0xFF, most * sizeof *l->bit_of);
    l->part_count = (uint32_t)l->parts.forms.count;
    find_groups(&l->parts, l->group_of);
    for (size_t t = 0; t < l->parts.text_count; t++)
        for (size_t i = 0; i < l->parts.texts[t].count; i++)
            l->itself[l->parts.texts[t].parts[i]] = true;
    return STATUS_OK;
}

static void logic_release(struct logic *l)
{
    free(l->group_of);
    free(l->total);
    free(l->itself);
    free(l->bit_of);
    free(l->sets);
    term_parts_release(&l->parts);
}

/* ---- patterns ---- */

void term_patterns_release(struct term_patterns *patterns)
{
    intern_release(&patterns->bits);
    free(patterns->parts);
    *patterns = (struct term_patterns){.terms = 0};
}

static bool holds(const struct logic *l, const struct term_formula *f, uint64_t set)
{
    if (!f)
        return false;
    if (f->kind == FORMULA_PART)
        return set >> l->bit_of[f->part] & 1;
    if (f->kind == FORMULA_NOT)
        return !holds(l, f->children[0], set);
    bool all = f->kind == FORMULA_AND;
    for (uint32_t i = 0; i < f->count; i++)
        if (holds(l, f->children[i], set) != all)
            return !all;
    return all;
}

static enum status add_pattern(struct term_patterns *patterns, const unsigned char *bits,
                               uint64_t parts, struct error *err)
{
    uint32_t number;
    size_t before = patterns->bits.count;
    TRY(intern_add(&patterns->bits, (const char *)bits, patterns->terms, &number, err));
    if (patterns->bits.count == before)
        return STATUS_OK;
    uint64_t *grown = mem_grow(patterns->parts, &patterns->capacity, before + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    patterns->parts = grown;
    grown[number] = parts;
    return STATUS_OK;
}

/* Conversations of several spans: what any two possible ones have together. */
static enum status join_spans(struct term_patterns *patterns, size_t most, struct error *err)
{
    size_t singles = patterns->bits.count;
    for (size_t i = 0; i < patterns->bits.count; i++)
        for (size_t k = 0; k < singles && patterns->bits.count <= most; k++) {
            unsigned char bits[LOGIC_TERMS];
            for (size_t t = 0; t < patterns->terms; t++)
                bits[t] = (unsigned char)(patterns->bits.items[i].text[t] |
                                          patterns->bits.items[k].text[t]);
            TRY(add_pattern(patterns, bits, patterns->parts[i] | patterns->parts[k], err));
        }
    return STATUS_OK;
}

/* The span over which the terms' AND and NOT are decided; whether it is the same for all. */
static enum term_within span_of(const struct term_parts *p, const enum term_within *within,
                                bool *alike, bool *turns)
{
    enum term_within span = WITHIN_CONVERSATION;
    bool any = false;
    *alike = true;
    *turns = false;
    for (size_t i = 0; i < p->count; i++) {
        if (!p->spans[i])
            continue;
        *alike = *alike && (!any || span == within[i]);
        *turns = *turns || within[i] == WITHIN_TURN;
        span = within[i];
        any = true;
    }
    return span;
}

static bool all_plain(const struct term_parts *p)
{
    for (size_t i = 0; i < p->forms.count; i++)
        if (!p->plain[i])
            return false;
    return true;
}

static void prepare(struct logic *l)
{
    for (size_t i = 0; i < l->parts.count; i++)
        if (l->parts.formulas[i])
            count_places(l, l->parts.formulas[i]);
    for (size_t i = 0; i < l->parts.count; i++)
        if (l->parts.formulas[i])
            contract(l, l->parts.formulas[i]);
    for (size_t i = 0; i < l->parts.count; i++)
        if (l->parts.formulas[i])
            number_parts(l, l->parts.formulas[i]);
}

enum status term_patterns_init(struct term_patterns *patterns, const char *const *forms,
                               const enum term_within *within, size_t count,
                               const struct word_rules *rules, size_t most, struct error *err)
{
    struct logic l = {.sets = NULL};
    enum status status = STATUS_OK;
    bool alike, turns;
    *patterns = (struct term_patterns){.terms = count};
    intern_init(&patterns->bits);
    if (count > LOGIC_TERMS)
        return STATUS_OK;
    TRY_CLEANUP(term_parts_init(&l.parts, forms, count, rules, err));
    enum term_within span = span_of(&l.parts, within, &alike, &turns);
    /* That texts stand side by side in one turn and have no more together is known of words. */
    if (l.parts.unclear || ((turns || !alike) && !all_plain(&l.parts)))
        goto cleanup;
    TRY_CLEANUP(make_room(&l, err));
    prepare(&l);
    if (!l.too_many) {
        find_masks(&l);
        TRY_CLEANUP(find_sets(&l, err));
    }
    if (l.too_many)
        goto cleanup;
    for (size_t i = 0; i < l.set_count && patterns->bits.count <= most; i++) {
        unsigned char bits[LOGIC_TERMS];
        for (size_t t = 0; t < count; t++)
            bits[t] = holds(&l, l.parts.formulas[t], l.sets[i]);
        TRY_CLEANUP(add_pattern(patterns, bits, l.sets[i], err));
    }
    if (alike && span != WITHIN_CONVERSATION)
        TRY_CLEANUP(join_spans(patterns, most, err));
    patterns->complete = patterns->bits.count <= most;
cleanup:
    logic_release(&l);
    return status;
}
