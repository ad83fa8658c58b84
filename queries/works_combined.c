/* Overlap reports of several populations, judged as margins of one table: see works_combined.h. */
#include "queries/works_combined.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/overlap_relations.h"
#include "queries/works_cells.h"
#include "queries/works_sums.h"

#include <stdlib.h>
#include <string.h>

enum { ALL_VIEWS = (1 << OVERLAP_VIEWS) - 1 };

struct combining {
    const struct tally_source *source;
    const struct works_report *reports; /* [count] */
    size_t count, own;
    size_t *group_of; /* [count] a report of its group, the same for all of it */
    size_t group;     /* at hand */
    struct works_judged judged;
    struct tally *tally;
    struct error *err;
};

/* ---- groups ---- */

static size_t group(const struct combining *c, size_t report)
{
    while (c->group_of[report] != report)
        report = c->group_of[report];
    return report;
}

/* Joins the reports that have a file of works in common. */
static enum status find_groups(struct combining *c)
{
    struct intern files;
    size_t *first = NULL, capacity = 0;
    enum status status = STATUS_OK;
    intern_init(&files);
    for (size_t i = 0; i < c->count; i++)
        c->group_of[i] = i;
    for (size_t i = 0; status == STATUS_OK && i < c->count; i++)
        for (size_t f = 0; status == STATUS_OK && f < c->reports[i].query->work_file_count; f++) {
            const char *digest = c->reports[i].query->work_files[f].sha256;
            uint32_t number;
            size_t before = files.count;
            TRY_CLEANUP(intern_add(&files, digest, strlen(digest), &number, c->err));
            size_t *grown = mem_grow(first, &capacity, files.count, sizeof *first);
            if (!grown)
                TRY_CLEANUP(error_nomem(c->err));
            first = grown;
            if (files.count > before)
                first[number] = i;
            c->group_of[group(c, i)] = group(c, first[number]);
        }
cleanup:
    intern_release(&files);
    free(first);
    return status;
}

/* ---- what is judged together ---- */

static bool same_population(const struct told_wish *wish, const struct works_report *report)
{
    return wish->from == report->from && wish->to == report->to &&
           plan_filters_same(wish->filters, wish->filter_count, report->filters,
                             report->filter_count);
}

static size_t put_population(struct works_judged *j, const struct works_report *report)
{
    size_t i = 0;
    while (i < j->population_count && !same_population(&j->populations[i], report))
        i++;
    if (i == j->population_count && i < WORKS_POPULATIONS_MAX)
        j->populations[j->population_count++] =
            (struct told_wish){report->from, report->to, report->filters, report->filter_count};
    return i;
}

/* Of the same works and words, whichever population it is of. */
static bool same_question(const struct plan_query *a, const struct plan_query *b)
{
    bool same = strcmp(a->scan_digest, b->scan_digest) == 0 && a->bin_count == b->bin_count;
    for (size_t i = 0; same && i < a->bin_count; i++)
        same = a->bins[i] == b->bins[i];
    return same;
}

static size_t put_question(struct works_judged *j, const struct plan *plan, size_t number)
{
    size_t i = 0;
    while (i < j->query_count &&
           !same_question(&plan->queries[j->queries[i]], &plan->queries[number]))
        i++;
    if (i == j->query_count)
        j->queries[j->query_count++] = number;
    return i;
}

/* The reports of a group; *NEEDED is false where nothing else has to tie them. */
static enum status take_group(struct combining *c, bool *needed)
{
    struct works_judged *j = &c->judged;
    bool own = false;
    j->reports = mem_zalloc(c->count, sizeof *j->reports);
    j->queries = mem_zalloc(c->count, sizeof *j->queries);
    j->populations = mem_zalloc(WORKS_POPULATIONS_MAX, sizeof *j->populations);
    if (!j->reports || !j->queries || !j->populations)
        return error_nomem(c->err);
    for (size_t i = 0; i < c->count; i++) {
        if (group(c, i) != c->group)
            continue;
        size_t population = put_population(j, &c->reports[i]);
        if (population == WORKS_POPULATIONS_MAX) {
            c->tally->works_left_out++;
            continue;
        }
        own = own || i < c->own;
        j->reports[j->report_count++] = (struct works_member){
            &c->reports[i], population, put_question(j, c->source->plan, c->reports[i].number)};
    }
    *needed = own && j->population_count > 1;
    return STATUS_OK;
}

static void release_group(struct works_judged *j)
{
    free(j->reports);
    free(j->queries);
    free(j->populations);
    *j = (struct works_judged){.report_count = 0};
}

/* ---- by how much ---- */

/* Judges the group's figures by what WISH tells apart; *DONE is false where that is too much. */
static enum status judge(struct combining *c, struct works_wish wish, bool *done)
{
    struct works_judged *j = &c->judged;
    wish.populations = j->populations;
    wish.population_count = j->population_count;
    wish.queries = j->queries;
    wish.query_count = j->query_count;
    j->wish = wish;
    return works_judge(j, c->source, c->tally, done, c->err);
}

/* Names of works that reports of several populations have; of more than fit *ALL is false. */
static enum status list_works(struct combining *c, char **names, size_t *count, bool *all)
{
    struct intern seen;
    enum status status = STATUS_OK;
    size_t *reports = NULL, capacity = 0;
    intern_init(&seen);
    *count = 0;
    *all = true;
    for (size_t i = 0; i < c->judged.report_count; i++) {
        size_t number = c->judged.reports[i].report->works;
        const struct tally_table *table = number == SIZE_MAX ? NULL : &c->tally->tables[number];
        for (size_t row = 0; table && row < table->row_count; row++) {
            char *name;
            uint32_t at;
            TRY_CLEANUP(works_row_name(table, row, &name, c->err));
            size_t before = seen.count;
            status = intern_add(&seen, name, strlen(name), &at, c->err);
            free(name);
            TRY_CLEANUP(status);
            size_t *grown = mem_grow(reports, &capacity, seen.count, sizeof *reports);
            if (!grown)
                TRY_CLEANUP(error_nomem(c->err));
            reports = grown;
            reports[at] = seen.count > before ? 1 : reports[at] + 1;
        }
    }
    for (size_t i = 0; i < seen.count; i++) {
        if (reports[i] < 2)
            continue;
        *all = *all && *count < TALLY_UNION_WORKS;
        if (*count == TALLY_UNION_WORKS)
            continue;
        names[*count] = mem_zalloc(seen.items[i].len + 1, 1);
        if (!names[*count])
            TRY_CLEANUP(error_nomem(c->err));
        memcpy(names[(*count)++], seen.items[i].text, seen.items[i].len);
    }
cleanup:
    intern_release(&seen);
    free(reports);
    return status;
}

/* Each work alone. */
static enum status judge_works(struct combining *c, bool exchanges, bool *done)
{
    char *names[TALLY_UNION_WORKS];
    size_t count = 0;
    enum status status = list_works(c, names, &count, done);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        bool one;
        status = judge(
            c, (struct works_wish){.works = true, .work = names[i], .exchanges = exchanges}, &one);
        *done = *done && one;
    }
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    return status;
}

static enum status judge_units(struct combining *c, bool exchanges)
{
    bool done, works;
    TRY(judge(c, (struct works_wish){.views = ALL_VIEWS, .works = true, .exchanges = exchanges},
              &done));
    if (done)
        return STATUS_OK;
    TRY(judge_works(c, exchanges, &works));
    TRY(judge(c, (struct works_wish){.views = ALL_VIEWS, .exchanges = exchanges}, &done));
    bool each = true;
    for (unsigned view = 0; view < OVERLAP_VIEWS && !done; view++) {
        bool one;
        TRY(judge(c, (struct works_wish){.views = 1u << view, .exchanges = exchanges}, &one));
        each = each && one;
    }
    c->tally->works_left_out += !each || !works;
    return STATUS_OK;
}

enum status works_combine_own(const struct tally_source *source, struct tally *tally,
                              struct error *err)
{
    struct combining c = {.source = source, .tally = tally, .err = err};
    enum status status = STATUS_OK;
    size_t group_of = 0;
    for (size_t i = 0; status == STATUS_OK && i < source->plan->query_count; i++) {
        struct works_report report;
        bool needed, done;
        if (!works_report_find(&report, source, i, tally))
            continue;
        c.reports = &report;
        c.count = c.own = 1;
        c.group_of = &group_of;
        status = take_group(&c, &needed);
        if (status == STATUS_OK)
            status = judge(&c, (struct works_wish){.views = ALL_VIEWS, .works = true, .any = true},
                           &done);
        release_group(&c.judged);
    }
    return status;
}

enum status works_combine(const struct tally_source *source, const struct works_report *reports,
                          size_t count, size_t own, struct tally *tally, struct error *err)
{
    struct combining c = {.source = source,
                          .reports = reports,
                          .count = count,
                          .own = own,
                          .tally = tally,
                          .err = err};
    enum status status = STATUS_OK;
    c.group_of = mem_zalloc(count + 1, sizeof *c.group_of);
    if (!c.group_of)
        return error_nomem(err);
    TRY_CLEANUP(find_groups(&c));
    for (c.group = 0; c.group < count; c.group++) {
        bool needed = false;
        if (group(&c, c.group) == c.group)
            TRY_CLEANUP(take_group(&c, &needed));
        if (needed)
            TRY_CLEANUP(judge_units(&c, false));
        if (needed)
            TRY_CLEANUP(judge_units(&c, true));
        release_group(&c.judged);
    }
cleanup:
    release_group(&c.judged);
    free(c.group_of);
    return status;
}
