/* proffer ids: the ids behind a query. Internal: for production after a ruling. */
#include "cli/options.h"
#include "cli/pipeline.h"
#include "queries/query_hits.h"
#include "queries/query_overlap.h"
#include "queries/question_set.h"
#include "queries/sample.h"

#include "base/file.h"
#include "base/suggest.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An id in a line of its own. One with control characters, or that looks like a JSON text, is
 * written as a JSON text, so that no id can pass for two or for another. */
static enum status print_text(const char *text, size_t len, struct error *err)
{
    bool plain = len > 0 && text[0] != '"';
    for (size_t i = 0; plain && i < len; i++)
        plain = (unsigned char)text[i] >= ' ' && text[i] != 0x7F;
    if (plain) {
        fwrite(text, 1, len, stdout); /* checked when stdout is closed */
    } else {
        json_t *string = json_stringn_nocheck(text, len);
        char *quoted = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
        json_decref(string);
        if (!quoted)
            return error_nomem(err);
        fputs(quoted, stdout);
        free(quoted);
    }
    putchar('\n');
    return STATUS_OK;
}

/* ---- hits ---- */

struct printer {
    const struct catalogue_part *part;
    uint64_t left;
    enum status status;
    struct error *err;
};

static bool print_id(uint32_t row, void *context)
{
    struct printer *printer = context;
    char scratch[CATALOGUE_ID_MAX];
    if (!printer->left)
        return false;
    printer->left--;
    struct span id = catalogue_id(printer->part, row, scratch);
    printer->status = print_text(id.data, id.len, printer->err);
    return printer->status == STATUS_OK;
}

/* The rows of one part that the query selects, from its hits. */
static enum status select_rows(const struct plan_query *query, const struct query_hits *hits,
                               size_t p, size_t wanted, struct bitmap *left,
                               struct bitmap *selected, struct error *err)
{
    bool first_wins = query->kind == QUERY_TOPICS && !query->multi_label;
    for (size_t slot = 0; slot < query_term_slots(query); slot++) {
        struct hits found;
        TRY(query_hits_read(hits, p, slot, &found, err));
        bitmap_and(found.conversations, left);
        if (first_wins)
            bitmap_andnot(left, found.conversations);
        if (wanted == SIZE_MAX || wanted == slot)
            bitmap_or(selected, found.conversations);
        hits_release(&found);
    }
    return STATUS_OK;
}

static enum status print_hits(const struct pipeline *pipeline, const struct plan_query *query,
                              size_t wanted, uint64_t limit, struct error *err)
{
    struct query_hits hits;
    struct printer printer = {.left = limit, .err = err};
    enum status status = query_hits_open(&hits, &pipeline->state, query,
                                         (size_t)(query - pipeline->plan.queries), err);
    for (size_t p = 0; status == STATUS_OK && p < pipeline->catalogue.count; p++) {
        struct bitmap *left = bitmap_copy(pipeline->population.rows[p]);
        struct bitmap *selected = bitmap_new();
        status = left && selected ? select_rows(query, &hits, p, wanted, left, selected, err)
                                  : error_nomem(err);
        printer.part = &pipeline->catalogue.parts[p];
        if (status == STATUS_OK) {
            bitmap_each(selected, print_id, &printer);
            status = printer.status;
        }
        bitmap_free(left);
        bitmap_free(selected);
    }
    query_hits_release(&hits);
    return status;
}

/* ---- works ---- */

/* Does the exchange at AT share a run with the work WANTED (NULL: with any)? */
static bool has_work(const struct overlap_rows *rows, size_t at, const char *wanted)
{
    for (uint64_t i = rows->starts[at]; wanted && i < rows->starts[at + 1]; i++) {
        if (rows->work[i] == OVERLAP_ROWS_COMMON)
            continue;
        uint64_t from = rows->ids.offsets[rows->work[i]];
        uint64_t len = rows->ids.offsets[rows->work[i] + 1ull] - from;
        if (strlen(wanted) == len && memcmp(rows->ids.bytes + from, wanted, len) == 0)
            return true;
    }
    return !wanted;
}

static enum status print_overlap(const struct pipeline *pipeline, const struct plan_query *query,
                                 const char *wanted, uint64_t limit, struct error *err)
{
    struct query_overlap overlap;
    struct printer printer = {.left = limit, .err = err};
    enum status status = query_overlap_open(&overlap, &pipeline->state, &pipeline->catalogue,
                                            (size_t)(query - pipeline->plan.queries), err);
    for (size_t p = 0; status == STATUS_OK && p < pipeline->catalogue.count; p++) {
        struct overlap_cursor cursor = {.at = 0};
        uint32_t last = UINT32_MAX;
        bool more = true;
        printer.part = &pipeline->catalogue.parts[p];
        while (more && query_overlap_next(&overlap.rows[p], printer.part, &cursor)) {
            if (cursor.row == last || !population_has(&pipeline->population, p, cursor.row) ||
                !has_work(&overlap.rows[p], cursor.at, wanted))
                continue;
            last = cursor.row;
            more = print_id(cursor.row, &printer);
        }
        status = printer.status;
    }
    query_overlap_release(&overlap);
    return status;
}

/* ---- samples ---- */

static enum status print_sample(const struct plan_query *query, uint64_t limit, struct error *err)
{
    struct sample sample;
    enum status status = STATUS_OK;
    sample_init(&sample);
    if (!query->sample_path) {
        status = error_set(err, STATUS_PLAN, query->id, "the query names no sample");
        goto cleanup;
    }
    status = sample_read(&sample, query->sample_path, err);
    if (status != STATUS_OK && !file_exists(query->sample_path))
        error_hint(err, "proffer draw makes it");
    if (status != STATUS_OK)
        goto cleanup;
    for (size_t i = 0; status == STATUS_OK && i < sample.ids.count && i < limit; i++)
        status = print_text(sample.ids.items[i].text, sample.ids.items[i].len, err);
cleanup:
    sample_release(&sample);
    return status;
}

/* ---- what was asked for ---- */

static enum status find_query(const struct plan *plan, const char *id,
                              const struct plan_query **out, struct error *err)
{
    struct suggest suggest;
    suggest_init(&suggest, id);
    *out = plan_query_find(plan, id);
    if (*out && (query_reads_text(*out) || (*out)->kind == QUERY_RELEVANCE))
        return STATUS_OK;
    if (*out) {
        (void)error_set(err, STATUS_USAGE, "ids",
                        "\"%s\" is a query by fields of the log or a claim", id);
        error_hint(err,
                   "ids are known of terms, of topics by rules, of overlap, of identifiers, of "
                   "regular expressions and of samples");
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < plan->query_count; i++)
        suggest_offer(&suggest, plan->queries[i].id);
    (void)error_set(err, STATUS_USAGE, "ids", "no query \"%s\" in \"%s\"", id, plan->path);
    suggest_hint(&suggest, err);
    return STATUS_USAGE;
}

static enum status find_slot(const struct plan_query *query, const char *name, size_t *slot,
                             struct error *err)
{
    struct suggest suggest;
    suggest_init(&suggest, name);
    for (*slot = 0; *slot < query_term_slots(query); ++*slot) {
        const struct plan_term *term = query_term(query, *slot);
        suggest_offer(&suggest, query_slot_name(query, *slot));
        if (strcmp(query_slot_name(query, *slot), name) != 0)
            continue;
        if (term->problem)
            return error_set(err, STATUS_PLAN, query->id, "%s %s does not parse: %s",
                             query->kind == QUERY_REGEX ? "pattern" : "term", name, term->problem);
        return STATUS_OK;
    }
    (void)error_set(err, STATUS_USAGE, query->id, "no term, topic, kind or pattern \"%s\"", name);
    suggest_hint(&suggest, err);
    return STATUS_USAGE;
}

enum status command_ids(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    const struct plan_query *query;
    enum status status = STATUS_OK;
    uint64_t limit;
    size_t slot = SIZE_MAX;
    TRY(options_number(arguments, OPTION_LIMIT, 1, UINT64_MAX, UINT64_MAX, &limit, err));
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    TRY_CLEANUP(find_query(&pipeline.plan, arguments->words[1], &query, err));
    if (arguments->word_count > 2 && query->kind != QUERY_OVERLAP)
        TRY_CLEANUP(find_slot(query, arguments->words[2], &slot, err));
    if (query->kind == QUERY_RELEVANCE) {
        status = print_sample(query, limit, err);
        goto cleanup;
    }
    TRY_CLEANUP(pipeline_scan(&pipeline, arguments, err));
    TRY_CLEANUP(pipeline_population(&pipeline, arguments, err));
    status = query->kind == QUERY_OVERLAP
                 ? print_overlap(&pipeline, query,
                                 arguments->word_count > 2 ? arguments->words[2] : NULL, limit, err)
                 : print_hits(&pipeline, query, slot, limit, err);
cleanup:
    pipeline_close(&pipeline);
    return status;
}
