/* What slots look for, each once: see terms_forms.h. */
#include "queries/terms_forms.h"

#include "base/memory.h"
#include "queries/query_terms.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct terms_forms *all;
    const struct terms_report *reports;
    const struct word_rules *rules;
    struct arena *arena;
    struct error *err;
};

/* Words and phrases, and any of several, are found whatever the span is. */
static bool has_span(const char *form)
{
    return strstr(form, " AND ") || strstr(form, "(NOT ");
}

static enum status normal_form(struct reading *r, const char *word, size_t len, const char **form)
{
    struct term *term = NULL;
    struct error ignored = ERROR_INIT;
    if (term_parse(word, len, r->rules, &term, NULL, &ignored) != STATUS_OK)
        return STATUS_OK;
    char *text = term_normal_form(term);
    *form = text ? arena_strndup(r->arena, text, strlen(text)) : NULL;
    term_free(term);
    free(text);
    return *form ? STATUS_OK : error_nomem(r->err);
}

/* The form of a pattern that is a word, and its ends if it says so: whoever reads it takes it for
 * that word. */
static enum status pattern_form(struct reading *r, const char *pattern, const char **form)
{
    static const char end[] = "\\b";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *word = pattern + (strncmp(pattern, end, 2) == 0 ? 2 : 0);
    size_t len = strspn(word, letters);
    bool ends = word[len] == '\0' || strcmp(word + len, end) == 0;
    return len && ends ? normal_form(r, word, len, form) : STATUS_OK;
}

/* Its NAME and its FORM; no name where it finds nothing. */
static enum status name_slot(struct reading *r, const struct plan_query *query, uint32_t slot,
                             const char **name, const char **form)
{
    const struct plan_term *term = query_term(query, slot);
    const char *what = query->kind == QUERY_IDENTIFIERS ? term->name : term->parsed;
    struct arena *arena = r->arena;
    *name = *form = NULL;
    if (!what || term->problem)
        return STATUS_OK;
    if (query->kind == QUERY_IDENTIFIERS) {
        *name = arena_printf(arena, "i%d %s", query->examples, what);
    } else if (query->kind == QUERY_REGEX) {
        *name = arena_printf(arena, "r%d%d %s", query->ignore_case, query->unicode_classes, what);
        TRY(pattern_form(r, what, form));
    } else {
        *form = what;
        *name = arena_printf(arena, "%d%s", has_span(what) ? (int)query->within : 9, what);
    }
    return *name ? STATUS_OK : error_nomem(r->err);
}

static enum status add_form(struct reading *r, size_t report, uint32_t slot)
{
    struct terms_forms *all = r->all;
    const char *name, *form;
    uint32_t *number = &all->form_of[report][slot];
    *number = CORE_NONE;
    TRY(name_slot(r, r->reports[report].query, slot, &name, &form));
    if (!name)
        return STATUS_OK;
    TRY(intern_add(&all->names, name, strlen(name), number, r->err));
    all->forms[*number] = form;
    all->whole[*number] = all->whole[*number] || r->reports[report].way != SLOTS_TERMS;
    all->reports[*number] += all->last_report[*number] != report + 1;
    all->last_report[*number] = report + 1;
    all->in[*number] |= report < FORMS_REPORTS ? UINT64_C(1) << report : 0;
    return STATUS_OK;
}

enum status terms_forms_init(struct terms_forms *all, const struct terms_report *reports,
                             size_t count, const struct word_rules *rules, struct arena *arena,
                             struct error *err)
{
    struct reading reading = {all, reports, rules, arena, err}, *r = &reading;
    *all = (struct terms_forms){.report_count = count};
    intern_init(&all->names);
    for (size_t i = 0; i < all->report_count; i++)
        all->total += query_term_slots(r->reports[i].query);
    all->forms = mem_zalloc(all->total, sizeof *all->forms);
    all->reports = mem_zalloc(all->total, sizeof *all->reports);
    all->last_report = mem_zalloc(all->total, sizeof *all->last_report);
    all->in = mem_zalloc(all->total, sizeof *all->in);
    all->depends = mem_zalloc(all->total, sizeof *all->depends);
    all->whole = mem_zalloc(all->total, sizeof *all->whole);
    all->lists = mem_zalloc(all->total, sizeof *all->lists);
    all->form_of = mem_zalloc(all->report_count, sizeof *all->form_of);
    if (!all->forms || !all->reports || !all->last_report || !all->in || !all->depends ||
        !all->whole || !all->lists || !all->form_of)
        return error_nomem(r->err);
    for (size_t i = 0; i < all->report_count; i++) {
        uint32_t slots = (uint32_t)query_term_slots(r->reports[i].query);
        all->form_of[i] = mem_zalloc(slots, sizeof **all->form_of);
        if (!all->form_of[i])
            return error_nomem(r->err);
        for (uint32_t slot = 0; slot < slots; slot++)
            TRY(add_form(r, i, slot));
    }
    return term_groups_find(all->forms, all->names.count, r->rules, all->lists, &all->numbers,
                            r->err);
}

void terms_forms_release(struct terms_forms *all)
{
    for (size_t i = 0; all->form_of && i < all->report_count; i++)
        free(all->form_of[i]);
    free(all->form_of);
    free(all->forms);
    free(all->reports);
    free(all->last_report);
    free(all->in);
    free(all->depends);
    free(all->whole);
    free(all->lists);
    free(all->numbers);
    intern_release(&all->names);
    *all = (struct terms_forms){.forms = NULL};
}
