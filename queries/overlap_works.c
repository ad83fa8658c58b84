/*
 * Works read: see overlap_works.h. Texts are taken a few megabytes at a time; their words are found
 * side by side on all processors and then numbered in the order of the works.
 */
#include "queries/overlap_works.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "queries/text/matcher.h"
#include "queries/work_texts.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_BYTES = 8 << 20, BATCH_WORKS = 4096 };

struct batch_work {
    size_t at, len; /* in the batch's bytes */
    uint64_t *hashes;
    size_t count;
};

struct reading {
    struct overlap_works *works;
    struct work_texts *texts;
    unsigned threads;
    struct matcher **matchers; /* [threads] */
    struct buffer bytes;
    struct batch_work items[BATCH_WORKS];
    size_t count;
    atomic_size_t next;
};

/* ---- batches ---- */

static enum status take_text(struct reading *reading, struct span id, struct span text,
                             struct error *err)
{
    uint32_t number;
    struct intern *ids = &reading->works->ids;
    size_t before = ids->count;
    TRY(intern_add(ids, id.data, id.len, &number, err));
    if (number < before) {
        (void)error_set(err, STATUS_INPUT, NULL, "%s: another work has the id \"%.*s\" already",
                        work_texts_place(reading->texts), (int)id.len, id.data);
        return error_hint(err, "a .txt file's id is its name without the folder");
    }
    reading->items[reading->count++] =
        (struct batch_work){.at = reading->bytes.len, .len = text.len};
    return buffer_add(&reading->bytes, text.data, text.len, err);
}

static enum status fill_batch(struct reading *reading, bool *end, struct error *err)
{
    buffer_reset(&reading->bytes);
    reading->count = 0;
    for (*end = false; reading->count < BATCH_WORKS && reading->bytes.len < BATCH_BYTES;) {
        struct span id, text;
        TRY(work_texts_next(reading->texts, &id, &text, end, err));
        if (*end)
            return STATUS_OK;
        TRY(take_text(reading, id, text, err));
    }
    return STATUS_OK;
}

static enum status find_words(struct matcher *matcher, const struct reading *reading,
                              struct batch_work *item, struct error *err)
{
    uint64_t words = 0;
    struct span text = {item->len ? reading->bytes.data + item->at : "", item->len};
    TRY(matcher_begin(matcher, NULL, err));
    TRY(matcher_turn(matcher, SIDE_PROMPT, 0, text, &words, err));
    const uint64_t *hashes = matcher_hashes(matcher, &item->count);
    item->hashes = mem_zalloc(item->count, sizeof *item->hashes);
    if (!item->hashes)
        return error_nomem(err);
    if (item->count)
        memcpy(item->hashes, hashes, item->count * sizeof *hashes);
    return STATUS_OK;
}

static enum status find_all_words(void *context, unsigned worker, struct error *err)
{
    struct reading *reading = context;
    for (size_t i; (i = atomic_fetch_add(&reading->next, 1)) < reading->count;)
        TRY(find_words(reading->matchers[worker], reading, &reading->items[i], err));
    return STATUS_OK;
}

static enum status add_batch(struct reading *reading, struct error *err)
{
    atomic_store(&reading->next, 0);
    enum status status = parallel_run(reading->threads, find_all_words, reading, err);
    for (size_t i = 0; i < reading->count; i++) {
        struct batch_work *item = &reading->items[i];
        if (status == STATUS_OK)
            status = works_index_add(reading->works->index, item->hashes, item->count, err);
        free(item->hashes);
    }
    return status;
}

/* ---- all works ---- */

static enum status read_works(struct reading *reading, const struct plan_query *query,
                              const struct word_rules *rules, const struct word_key *key,
                              struct error *err)
{
    reading->texts = work_texts_new(query);
    reading->matchers = mem_zalloc(reading->threads, sizeof *reading->matchers);
    if (!reading->texts || !reading->matchers)
        return error_nomem(err);
    for (unsigned i = 0; i < reading->threads; i++) {
        if (!(reading->matchers[i] = matcher_new_counting(rules)))
            return error_nomem(err);
        TRY(matcher_keep_hashes(reading->matchers[i], key, err));
    }
    for (bool end = false; !end;) {
        TRY(fill_batch(reading, &end, err));
        TRY(add_batch(reading, err));
    }
    return works_index_finish(reading->works->index, reading->threads, err);
}

enum status overlap_works_read(struct overlap_works **works, const struct plan_query *query,
                               const struct word_rules *rules, const struct word_key *key,
                               unsigned threads, struct error *err)
{
    enum status status = STATUS_OK;
    struct overlap_works *made = mem_zalloc(1, sizeof *made);
    struct reading *reading = mem_zalloc(1, sizeof *reading);
    *works = NULL;
    if (!made || !reading) {
        free(reading);
        free(made);
        return error_nomem(err);
    }
    intern_init(&made->ids);
    buffer_init(&reading->bytes, (size_t)WORK_TEXT_MAX + 2 * BATCH_BYTES);
    reading->works = made;
    reading->threads = threads ? threads : parallel_processors();
    made->index = works_index_new(query->min_words);
    if (!made->index) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(read_works(reading, query, rules, key, err));
    *works = made;
    made = NULL;
cleanup:
    for (unsigned i = 0; reading->matchers && i < reading->threads; i++)
        matcher_free(reading->matchers[i]);
    free(reading->matchers);
    work_texts_free(reading->texts);
    buffer_release(&reading->bytes);
    free(reading);
    overlap_works_free(made);
    return status;
}

void overlap_works_free(struct overlap_works *works)
{
    if (!works)
        return;
    works_index_free(works->index);
    intern_release(&works->ids);
    free(works);
}

/* ---- of a plan ---- */

enum status work_shelf_init(struct work_shelf *shelf, const struct plan *plan, unsigned threads,
                            struct error *err)
{
    *shelf = (struct work_shelf){.threads = threads, .query_count = plan->query_count};
    shelf->works = mem_zalloc(plan->query_count, sizeof *shelf->works);
    if (!shelf->works)
        return error_nomem(err);
    return word_key_draw(&shelf->key, err);
}

void work_shelf_release(struct work_shelf *shelf)
{
    for (size_t i = 0; shelf->works && i < shelf->query_count; i++)
        overlap_works_free(shelf->works[i]);
    free(shelf->works);
    *shelf = (struct work_shelf){.works = NULL};
}

enum status work_shelf_get(struct work_shelf *shelf, const struct plan *plan, size_t number,
                           const struct word_rules *rules, const struct overlap_works **works,
                           struct error *err)
{
    /* Queries that differ in their bins alone ask the same of the text. */
    const char *digest = plan->queries[number].scan_digest;
    size_t at = number;
    for (size_t q = 0; q < number; q++)
        if (shelf->works[q] && strcmp(plan->queries[q].scan_digest, digest) == 0)
            at = q;
    if (!shelf->works[at])
        TRY(overlap_works_read(&shelf->works[at], &plan->queries[at], rules, &shelf->key,
                               shelf->threads, err));
    *works = shelf->works[at];
    return STATUS_OK;
}
