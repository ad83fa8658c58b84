/* Terms as functions of their parts: see term_parts.h. */
#include "queries/text/term_parts.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "queries/text/matcher.h"
#include "queries/text/term_tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Larger terms are one part. Texts are cut where they are longer. */
enum { NODES_MAX = 4096, TEXT_MAX_BYTES = 1 << 16 };

void term_parts_release(struct term_parts *p)
{
    intern_release(&p->forms);
    arena_release(&p->arena);
    free(p->plain);
    *p = (struct term_parts){.arena = ARENA_INIT};
}

/* ---- texts ---- */

/* A word that the leaf should match. */
static enum status put_leaf(struct buffer *out, const struct term_leaf *leaf)
{
    if (leaf->kind == LEAF_RANGE)
        return buffer_addf(out, NULL, "%" PRIu64 " ", leaf->low);
    if (leaf->kind == LEAF_REGEX || leaf->kind == LEAF_FIRST || leaf->kind == LEAF_LAST)
        return STATUS_OK;
    for (size_t i = 0; i < leaf->word_len; i++) {
        char c = leaf->word[i];
        if (leaf->kind == LEAF_WILD && c == '*')
            continue;
        if (leaf->kind == LEAF_WILD && (c == '?' || c == '='))
            c = c == '?' ? 'a' : '1';
        TRY(buffer_add(out, &c, 1, NULL));
    }
    return buffer_add(out, " ", 1, NULL);
}

static enum status put_text(struct buffer *out, const struct term_node *node)
{
    if (node->kind == TERM_WORDS) {
        for (uint32_t i = 0; i < node->count; i++)
            TRY(put_leaf(out, &node->leaves[i]));
        return STATUS_OK;
    }
    uint32_t count = node->kind == TERM_OR || node->kind == TERM_NOT_NEAR ? 1 : node->count;
    for (uint32_t i = 0; i < count; i++)
        TRY(put_text(out, node->children[i]));
    return STATUS_OK;
}

static bool is_plain(const struct term_node *node)
{
    if (node->kind != TERM_WORDS)
        return false;
    for (uint32_t i = 0; i < node->count; i++)
        if (node->leaves[i].kind != LEAF_LITERAL || node->leaves[i].noise)
            return false;
    return true;
}

/* ---- formulas ---- */

struct making {
    struct term_parts *parts;
    char **texts; /* [part] */
    size_t text_capacity;
    size_t nodes; /* of the term at hand */
    struct error *err;
};

static enum status add_part(struct making *m, const struct term_node *node, uint32_t *number)
{
    struct term_parts *p = m->parts;
    size_t before = p->forms.count;
    char *form = term_node_form(node);
    if (!form)
        return error_nomem(m->err);
    enum status status = intern_add(&p->forms, form, strlen(form), number, m->err);
    free(form);
    TRY(status);
    if (p->forms.count == before)
        return STATUS_OK;
    bool *plain = mem_grow(p->plain, &p->part_capacity, before + 1, sizeof *plain);
    if (!plain)
        return error_nomem(m->err);
    p->plain = plain;
    plain[before] = is_plain(node);
    char **texts = mem_grow(m->texts, &m->text_capacity, before + 1, sizeof *texts);
    if (!texts)
        return error_nomem(m->err);
    m->texts = texts;
    struct buffer out;
    buffer_init(&out, TEXT_MAX_BYTES);
    status = put_text(&out, node);
    texts[before] = arena_strndup(&p->arena, status == STATUS_OK && out.len ? out.data : "",
                                  status == STATUS_OK ? out.len : 0);
    buffer_release(&out);
    return texts[before] ? STATUS_OK : error_nomem(m->err);
}

static bool is_boolean(const struct term_node *node)
{
    return node->kind == TERM_AND || node->kind == TERM_OR || node->kind == TERM_NOT;
}

static enum status make_formula(struct making *m, const struct term_node *node, bool *spans,
                                struct term_formula **out)
{
    struct arena *arena = &m->parts->arena;
    struct term_formula *made = *out = arena_zalloc(arena, 1, sizeof *made);
    if (!made)
        return error_nomem(m->err);
    if (!is_boolean(node) || ++m->nodes > NODES_MAX) {
        m->parts->unclear = m->parts->unclear || is_boolean(node);
        return add_part(m, node, &made->part);
    }
    made->kind = node->kind == TERM_AND  ? FORMULA_AND
                 : node->kind == TERM_OR ? FORMULA_OR
                                         : FORMULA_NOT;
    *spans = *spans || made->kind != FORMULA_OR;
    made->count = node->count;
    made->children = arena_zalloc(arena, node->count, sizeof(struct term_formula *));
    if (!made->children)
        return error_nomem(m->err);
    for (uint32_t i = 0; i < node->count; i++)
        TRY(make_formula(m, node->children[i], spans, &made->children[i]));
    return STATUS_OK;
}

static enum status add_term(struct making *m, size_t i, const char *form,
                            const struct word_rules *rules)
{
    struct term *term = NULL;
    m->nodes = 0;
    TRY(term_parse(form, strlen(form), rules, &term, NULL, m->err));
    enum status status = make_formula(m, term->root, &m->parts->spans[i], &m->parts->formulas[i]);
    term_free(term);
    return status;
}

/* ---- which parts texts have ---- */

struct trying {
    struct term_parts *parts;
    struct term **terms; /* [part] */
    struct term_set *set;
    struct matcher *matcher;
};

static enum status compile(struct trying *t, const struct word_rules *rules, struct error *err)
{
    size_t count = t->parts->forms.count;
    t->terms = mem_zalloc(count, sizeof *t->terms);
    t->set = term_set_new(rules);
    if (!t->terms || !t->set)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        struct intern_text form = t->parts->forms.items[i];
        uint32_t number;
        TRY(term_parse(form.text, form.len, rules, &t->terms[i], NULL, err));
        TRY(term_set_add(t->set, t->terms[i], WITHIN_CONVERSATION, &number, err));
    }
    TRY(term_set_compile(t->set, err));
    t->matcher = matcher_new(t->set);
    return t->matcher ? STATUS_OK : error_nomem(err);
}

static enum status try_text(struct trying *t, const char *text, enum text_side side,
                            struct part_text *out, struct error *err)
{
    uint64_t words = 0;
    const struct text_hit *hits;
    TRY(matcher_begin(t->matcher, NULL, err));
    TRY(matcher_turn(t->matcher, side, 0, (struct span){text, strlen(text)}, &words, err));
    TRY(matcher_end(t->matcher, &hits, &out->count, err));
    out->parts = arena_zalloc(&t->parts->arena, out->count, sizeof *out->parts);
    if (!out->parts)
        return error_nomem(err);
    for (size_t i = 0; i < out->count; i++)
        out->parts[i] = hits[i].number;
    return STATUS_OK;
}

static enum status try_all(struct making *m, const struct word_rules *rules, struct error *err)
{
    static const enum text_side sides[] = {SIDE_PROMPT, SIDE_OUTPUT};
    struct term_parts *p = m->parts;
    struct trying t = {.parts = p};
    struct part_text none;
    enum status status = STATUS_OK;
    p->texts = arena_zalloc(&p->arena, 2 * p->forms.count, sizeof *p->texts);
    if (!p->texts)
        return error_nomem(err);
    TRY_CLEANUP(compile(&t, rules, err));
    for (size_t side = 0; side < 2; side++) {
        TRY_CLEANUP(try_text(&t, "", sides[side], &none, err));
        p->unclear = p->unclear || none.count;
        for (size_t i = 0; i < p->forms.count; i++)
            TRY_CLEANUP(try_text(&t, m->texts[i], sides[side], &p->texts[p->text_count++], err));
    }
cleanup:
    matcher_free(t.matcher);
    term_set_free(t.set);
    for (size_t i = 0; t.terms && i < p->forms.count; i++)
        term_free(t.terms[i]);
    free(t.terms);
    return status;
}

enum status term_parts_init(struct term_parts *p, const char *const *forms, size_t count,
                            const struct word_rules *rules, struct error *err)
{
    struct making m = {.parts = p, .err = err};
    enum status status = STATUS_OK;
    *p = (struct term_parts){.arena = ARENA_INIT, .count = count};
    intern_init(&p->forms);
    p->formulas = arena_zalloc(&p->arena, count, sizeof *p->formulas);
    p->spans = arena_zalloc(&p->arena, count, sizeof *p->spans);
    if (!p->formulas || !p->spans)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        if (forms[i])
            TRY_CLEANUP(add_term(&m, i, forms[i], rules));
    status = try_all(&m, rules, err);
cleanup:
    free(m.texts);
    return status;
}
