/* proffer ids: the ids behind a query. Internal: for production after a ruling. */
#include "cli/options.h"
#include "cli/pipeline.h"
#include "queries/query_hits.h"
#include "queries/question_set.h"

#include <stdio.h>
#include <string.h>

struct printer {
    const struct catalogue_part *part;
    uint64_t left;
};

static bool print_id(uint32_t row, void *context)
{
    struct printer *printer = context;
    char scratch[CATALOGUE_ID_MAX];
    if (!printer->left)
        return false;
    printer->left--;
    struct span id = catalogue_id(printer->part, row, scratch);
    fwrite(id.data, 1, id.len, stdout); /* checked when stdout is closed */
    putchar('\n');
    return true;
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
    struct printer printer = {.left = limit};
    enum status status = query_hits_open(&hits, &pipeline->state, query,
                                         (size_t)(query - pipeline->plan.queries), err);
    for (size_t p = 0; status == STATUS_OK && p < pipeline->catalogue.count; p++) {
        struct bitmap *left = bitmap_copy(pipeline->population.rows[p]);
        struct bitmap *selected = bitmap_new();
        status = left && selected ? select_rows(query, &hits, p, wanted, left, selected, err)
                                  : error_nomem(err);
        printer.part = &pipeline->catalogue.parts[p];
        if (status == STATUS_OK)
            bitmap_each(selected, print_id, &printer);
        bitmap_free(left);
        bitmap_free(selected);
    }
    query_hits_release(&hits);
    return status;
}

static enum status find_slot(const struct plan_query *query, const char *name, size_t *slot,
                             struct error *err)
{
    for (*slot = 0; *slot < query_term_slots(query); ++*slot) {
        const char *have =
            query->kind == QUERY_TOPICS ? query->topics[*slot].name : query->terms[*slot].name;
        if (strcmp(have, name) == 0)
            return STATUS_OK;
    }
    return error_set(err, STATUS_USAGE, query->id, "no term or topic \"%s\"", name);
}

enum status command_ids(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    enum status status = STATUS_OK;
    uint64_t limit;
    size_t slot = SIZE_MAX;
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    TRY_CLEANUP(options_number(arguments, OPTION_LIMIT, 1, UINT64_MAX, UINT64_MAX, &limit, err));
    const struct plan_query *query = plan_query_find(&pipeline.plan, arguments->words[1]);
    if (!query || !query_term_slots(query)) {
        status = error_set(err, STATUS_USAGE, "ids", "\"%s\" is no query with terms or topics",
                           arguments->words[1]);
        goto cleanup;
    }
    if (arguments->word_count > 2)
        TRY_CLEANUP(find_slot(query, arguments->words[2], &slot, err));
    TRY_CLEANUP(pipeline_scan(&pipeline, arguments, err));
    TRY_CLEANUP(pipeline_population(&pipeline, arguments, err));
    status = print_hits(&pipeline, query, slot, limit, err);
cleanup:
    pipeline_close(&pipeline);
    return status;
}
