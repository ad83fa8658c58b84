/*
 * Which reports are connected: see terms_core.h. Terms of equal form are one (terms_forms.h); two
 * depend on each other where they have a group of parts in common (text/term_logic.h).
 */
#include "queries/terms_core.h"

#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/query_terms.h"
#include "queries/terms_forms.h"

#include <stdlib.h>
#include <string.h>

struct finding {
    struct terms_core *core;
    const struct tally_source *source;
    const struct terms_wish *wished;
    const struct terms_report *reports;
    size_t count;
    struct terms_forms forms;
    uint32_t *parent; /* [count] of reports, joined */
    struct error *err;
};

void terms_core_release(struct terms_core *core)
{
    arena_release(&core->arena);
    *core = (struct terms_core){.arena = ARENA_INIT};
}

static uint32_t root_of(uint32_t *parent, uint32_t number)
{
    while (parent[number] != number)
        number = parent[number] = parent[parent[number]];
    return number;
}

/* ---- reports ---- */

/* Joins the reports that have a form, and those of forms with a group in common: these depend on
 * each other. */
static enum status join_reports(struct finding *f)
{
    struct terms_forms *all = &f->forms;
    uint32_t groups = 0;
    for (size_t form = 0; form < all->names.count; form++)
        for (size_t i = 0; i < all->lists[form].count; i++)
            groups = all->lists[form].groups[i] < groups ? groups : all->lists[form].groups[i] + 1;
    uint32_t *first = mem_zalloc(all->names.count, sizeof *first); /* report + 1 */
    uint32_t *owner = mem_zalloc(groups, sizeof *owner);           /* form + 1 */
    for (uint32_t i = 0; first && owner && i < f->count; i++)
        for (uint32_t slot = 0; slot < query_term_slots(f->reports[i].query); slot++) {
            uint32_t form = all->form_of[i][slot];
            if (form == CORE_NONE)
                continue;
            if (!first[form])
                first[form] = i + 1;
            f->parent[root_of(f->parent, i)] = root_of(f->parent, first[form] - 1);
        }
    for (uint32_t form = 0; first && owner && form < all->names.count; form++)
        for (size_t i = 0; i < all->lists[form].count; i++) {
            uint32_t *other = &owner[all->lists[form].groups[i]];
            if (*other) {
                all->depends[form] = all->depends[*other - 1] = true;
                f->parent[root_of(f->parent, first[form] - 1)] =
                    root_of(f->parent, first[*other - 1] - 1);
            }
            *other = *other ? *other : form + 1;
        }
    enum status status = first && owner ? STATUS_OK : error_nomem(f->err);
    free(first);
    free(owner);
    return status;
}

/* ---- options ---- */

/* The report that has query NUMBER, or their count. */
static size_t report_of(const struct finding *f, size_t number)
{
    size_t i = 0;
    while (i < f->count && f->reports[i].number != number)
        i++;
    return i;
}

/* The root of the reports that OPTION's terms and topics are of; CORE_NONE where it asks for none,
 * for something else, or for several that nothing else connects. */
static uint32_t root_of_option(const struct finding *f, const struct plan_option *option)
{
    uint32_t roots[2] = {CORE_NONE, CORE_NONE};
    const struct {
        size_t query, count;
    } asks[] = {{option->terms_query, option->term_count},
                {option->topics_query, option->topic_count}};
    for (size_t i = 0; i < 2; i++) {
        size_t report = asks[i].count ? report_of(f, asks[i].query) : 0;
        if (option->overlap_words || (asks[i].count && report == f->count))
            return CORE_NONE;
        if (asks[i].count)
            roots[i] = root_of(f->parent, (uint32_t)report);
    }
    if (roots[0] == CORE_NONE)
        return roots[1];
    return roots[1] == CORE_NONE || roots[1] == roots[0] ? roots[0] : CORE_NONE;
}

/* What is asked for of such reports is a term of theirs. */
static void mark_options(struct finding *f)
{
    for (size_t i = 0; i < f->wished->option_count; i++) {
        const struct plan_option *option = f->wished->options[i].option;
        if (root_of_option(f, option) == CORE_NONE || !option->term_count)
            continue;
        size_t report = report_of(f, option->terms_query);
        for (size_t k = 0; k < option->term_count; k++) {
            uint32_t form = f->forms.form_of[report][option->terms[k]];
            if (form != CORE_NONE)
                f->forms.whole[form] = true;
        }
    }
}

static enum status list_options(struct finding *f, uint32_t root, struct connected_reports *to)
{
    size_t count = f->wished->option_count;
    to->options = arena_zalloc(&f->core->arena, count + 1, sizeof(struct terms_option *));
    if (!to->options)
        return error_nomem(f->err);
    for (size_t i = 0; i < count; i++)
        if (root_of_option(f, f->wished->options[i].option) == root)
            to->options[to->option_count++] = &f->wished->options[i];
    to->mixed = to->mixed || to->option_count;
    return STATUS_OK;
}

/* ---- which are to be judged together ---- */

static bool is_core(const struct finding *f, uint32_t form)
{
    return form != CORE_NONE &&
           (f->forms.depends[form] || f->forms.whole[form] || f->forms.reports[form] > 1);
}

/* Is all that report A has in common with those in IN in common with B? */
static bool is_ear(const struct finding *f, uint64_t in, size_t a, size_t b)
{
    for (uint32_t slot = 0; slot < query_term_slots(f->reports[a].query); slot++) {
        uint32_t form = f->forms.form_of[a][slot];
        uint64_t others = form == CORE_NONE ? 0 : f->forms.in[form] & in & ~(UINT64_C(1) << a);
        if (others && !(others >> b & 1))
            return false;
    }
    return true;
}

/* Are there reports left of ROOT's when all are taken away that have in common with others no more
 * than with one of these (the reduction of Graham, and of Yu and Ozsoyoglu)? */
static bool has_ring(const struct finding *f, uint32_t root)
{
    uint64_t in = 0;
    for (uint32_t i = 0; i < f->count && i < FORMS_REPORTS; i++)
        in |= (uint64_t)(root_of(f->parent, i) == root) << i;
    for (bool more = true; more;) {
        more = false;
        for (size_t a = 0; a < FORMS_REPORTS; a++)
            for (size_t b = 0; in >> a & 1 && b < FORMS_REPORTS; b++)
                if (in >> b & 1 && a != b && is_ear(f, in, a, b)) {
                    in &= ~(UINT64_C(1) << a);
                    more = true;
                }
    }
    return __builtin_popcountll(in) > 2;
}

/* Has an option of some days only such terms? Groups by fields of just these tell of it, too. */
static bool has_part(const struct finding *f, uint32_t root)
{
    for (size_t i = 0; i < f->wished->option_count; i++)
        if (f->wished->options[i].part && root_of_option(f, f->wished->options[i].option) == root)
            return true;
    return false;
}

/* Is there something that nothing else ties? Of equal slots of other queries slots_joint.h does. */
static bool is_needed(const struct finding *f, uint32_t root)
{
    size_t reports = 0;
    const struct terms_report *by = NULL;
    const struct terms_report *first = NULL;
    bool own = false, depends = false, others = false; /* others: by other fields as well */
    bool filtered = false;                             /* populations with several filters */
    bool mixed = false, found_depends = false;
    for (uint32_t i = 0; i < f->count; i++) {
        const struct terms_report *report = &f->reports[i];
        if (root_of(f->parent, i) != root)
            continue;
        reports++;
        own = own || i < f->wished->own;
        first = first ? first : report;
        filtered = filtered || !plan_filters_same(first->filters, first->filter_count,
                                                  report->filters, report->filter_count);
        if (report->by != SIZE_MAX) {
            others = others || (by && !fields_same(by->query->by, by->query->by_count,
                                                   report->query->by, report->query->by_count));
            by = report;
        }
        for (uint32_t slot = 0; slot < query_term_slots(report->query); slot++) {
            uint32_t form = f->forms.form_of[i][slot];
            depends = depends || (form != CORE_NONE && f->forms.depends[form]);
            found_depends = found_depends || (form != CORE_NONE && f->forms.depends[form] &&
                                              report->way != SLOTS_TERMS);
        }
        mixed = mixed || report->way != SLOTS_TERMS;
    }
    own = own || (by && f->wished->own_counts); /* which are groups like others */
    if (by && has_part(f, root))
        return own;
    if (mixed) /* rows of the first that finds are a partition, whatever they find */
        return own && found_depends && (reports > 1 || first->way != SLOTS_FIRST);
    return own && ((depends && (reports > 1 || by)) || others || filtered ||
                   (reports > 2 && has_ring(f, root)));
}

static enum status list_terms(struct finding *f, uint32_t root, struct connected_reports *to)
{
    struct arena *arena = &f->core->arena;
    struct terms_forms *all = &f->forms;
    uint32_t *number_of = arena_zalloc(arena, all->names.count + 1, sizeof *number_of); /* + 1 */
    to->reports = arena_zalloc(arena, f->count, sizeof *to->reports);
    to->term_of = arena_zalloc(arena, f->count, sizeof *to->term_of);
    to->terms = arena_zalloc(arena, all->names.count + 1, sizeof *to->terms);
    if (!number_of || !to->reports || !to->term_of || !to->terms)
        return error_nomem(f->err);
    for (uint32_t i = 0; i < f->count; i++) {
        const struct plan_query *query = f->reports[i].query;
        if (root_of(f->parent, i) != root)
            continue;
        uint32_t *term_of = arena_zalloc(arena, query_term_slots(query) + 1, sizeof *term_of);
        if (!term_of)
            return error_nomem(f->err);
        for (uint32_t slot = 0; slot < query_term_slots(query); slot++) {
            uint32_t form = all->form_of[i][slot];
            term_of[slot] = CORE_NONE;
            if (!is_core(f, form))
                continue;
            if (!number_of[form]) {
                to->terms[to->term_count++] = (struct core_term){
                    all->forms[form], (enum term_within)query->within, to->report_count, slot};
                number_of[form] = (uint32_t)to->term_count;
            }
            term_of[slot] = number_of[form] - 1;
        }
        to->mixed = to->mixed || f->reports[i].way != SLOTS_TERMS;
        to->term_of[to->report_count] = term_of;
        to->reports[to->report_count++] = &f->reports[i];
    }
    return STATUS_OK;
}

static enum status list_all(struct finding *f, uint32_t root, struct connected_reports *to)
{
    TRY(list_terms(f, root, to));
    return list_options(f, root, to);
}

enum status terms_core_init(struct terms_core *core, const struct tally_source *source,
                            const struct terms_wish *wished, struct error *err)
{
    size_t count = wished->count;
    struct finding f = {.core = core,
                        .source = source,
                        .wished = wished,
                        .reports = wished->reports,
                        .count = count,
                        .err = err};
    enum status status = STATUS_OK;
    *core = (struct terms_core){.arena = ARENA_INIT};
    core->items = arena_zalloc(&core->arena, count + 1, sizeof *core->items);
    f.parent = mem_zalloc(count, sizeof *f.parent);
    if (!core->items || !f.parent)
        TRY_CLEANUP(error_nomem(err));
    bool any = count > 1;
    for (uint32_t i = 0; i < count; i++) {
        f.parent[i] = i;
        any = any || wished->reports[i].by != SIZE_MAX || wished->reports[i].way != SLOTS_TERMS;
    }
    if (!any)
        goto cleanup;
    TRY_CLEANUP(terms_forms_init(&f.forms, f.reports, count, &source->state->setup.words,
                                 &core->arena, err));
    TRY_CLEANUP(join_reports(&f));
    mark_options(&f);
    for (uint32_t i = 0; i < count; i++) {
        if (root_of(f.parent, i) == i && is_needed(&f, i))
            TRY_CLEANUP(list_all(&f, i, &core->items[core->count++]));
    }
cleanup:
    terms_forms_release(&f.forms);
    free(f.parent);
    return status;
}
