/*
 * Topics by rules (first match wins, or every match) or by a field that the log carries. "None of
 * these" always has its row.
 */
#include "base/file.h"
#include "base/memory.h"
#include "queries/labelled_sample.h"
#include "queries/query_hits.h"
#include "queries/tally_count.h"
#include "queries/tally_spread.h"

#include <stdlib.h>
#include <string.h>

static const struct tally_column columns[] = {
    {"conversations", "Conversations", "conversations", 0},
    {"exchanges", "Exchanges", "exchanges", 0},
    {"users", "Users", "users", TALLY_USERS},
    {"words", "Words", "words", 0},
};
enum { CONVERSATIONS, EXCHANGES, USERS, WORDS, COLUMNS };

struct topics {
    const struct tally_source *source;
    const struct plan_query *query;
    struct query_hits hits;
    struct bitmap **left; /* [parts] population rows that no topic has taken yet */
    struct user_counter users;
};

struct sums {
    uint64_t conversations, exchanges, words;
    struct user_counter *users;
    const struct catalogue_part *part;
};

static bool add_row(uint32_t row, void *context)
{
    struct sums *sums = context;
    sums->conversations++;
    sums->exchanges += sums->part->exchanges[row];
    sums->words += sums->part->words[row];
    user_counter_add(sums->users, catalogue_user(sums->part, row));
    return true;
}

static void fill_row(const struct tally_table *table, size_t row, const struct sums *sums)
{
    uint32_t users = user_counter_support(sums->users);
    const uint64_t values[COLUMNS] = {sums->conversations, sums->exchanges,
                                      user_counter_value(sums->users), sums->words};
    for (size_t column = 0; column < COLUMNS; column++)
        *tally_cell_at(table, row, column) = (struct tally_cell){values[column], users, 0};
    tally_cell_at(table, row, CONVERSATIONS)->largest = sums->users->most;
}

/* Counts one topic; what it takes is no longer left. */
static enum status count_topic(struct topics *topics, size_t slot, const struct tally_table *table,
                               struct error *err)
{
    struct sums sums = {.users = &topics->users};
    user_counter_reset(&topics->users);
    for (size_t p = 0; p < topics->source->catalogue->count; p++) {
        struct hits hits;
        TRY(query_hits_read(&topics->hits, p, slot, &hits, err));
        sums.part = &topics->source->catalogue->parts[p];
        bitmap_and(hits.conversations, topics->query->multi_label
                                           ? topics->source->population->rows[p]
                                           : topics->left[p]);
        bitmap_each(hits.conversations, add_row, &sums);
        bitmap_andnot(topics->left[p], hits.conversations);
        hits_release(&hits);
    }
    fill_row(table, slot, &sums);
    return STATUS_OK;
}

static enum status relate(struct tally *tally, struct tally_table *table, bool partition,
                          struct error *err)
{
    uint32_t total = (uint32_t)table->row_count - 1;
    struct tally_term *terms = mem_zalloc(table->row_count, sizeof *terms);
    if (!terms)
        return error_nomem(err);
    enum status status = STATUS_OK;
    for (uint32_t column = 0; status == STATUS_OK && column < COLUMNS; column++) {
        bool users = columns[column].flags & TALLY_USERS;
        /* Every row adds up to at least the total; without a partition that is all one knows. */
        for (uint32_t row = 0; row <= total; row++)
            terms[row] = (struct tally_term){row, column, row == total ? 1 : -1};
        status = tally_relate(tally, table, terms, table->row_count, users || !partition, err);
    }
    for (uint32_t row = 0; status == STATUS_OK && row < total; row++) {
        const struct tally_term at_most[] = {{row, USERS, 1}, {row, CONVERSATIONS, -1}};
        status = tally_relate(tally, table, at_most, 2, true, err);
        for (uint32_t column = 0; status == STATUS_OK && column < COLUMNS; column++) {
            const struct tally_term within[] = {{row, column, 1}, {total, column, -1}};
            status = tally_relate(tally, table, within, 2, true, err);
        }
    }
    free(terms);
    return status;
}

static enum status write_table(struct topics *topics, size_t number, struct tally *tally,
                               struct error *err)
{
    static const struct tally_key keys[] = {{"group", "Group", TALLY_KEY_STRING},
                                            {"topic", "Topic", TALLY_KEY_STRING}};
    const struct plan_query *query = topics->query;
    const struct population *population = topics->source->population;
    bool grouped = false;
    for (size_t i = 0; i < query->topic_count; i++)
        grouped |= query->topics[i].group && query->topics[i].group[0];
    size_t key_count = grouped ? 2 : 1, rows = query->topic_count + 2;
    struct tally_table *table;
    TRY(tally_add_table(tally, query->id, number, keys + 2 - key_count, key_count, columns, COLUMNS,
                        rows, &table, err));
    for (size_t i = 0; i < rows; i++) {
        const char *name = i < query->topic_count ? query->topics[i].name
                           : i == rows - 1        ? "total"
                                                  : "none of these";
        if (grouped)
            table->key_values[i * key_count] =
                i < query->topic_count ? query->topics[i].group : name;
        table->key_values[i * key_count + key_count - 1] = name;
    }
    for (size_t i = 0; i < query->topic_count; i++)
        TRY(count_topic(topics, i, table, err));

    struct sums none = {.users = &topics->users};
    user_counter_reset(&topics->users);
    for (size_t p = 0; p < topics->source->catalogue->count; p++) {
        none.part = &topics->source->catalogue->parts[p];
        bitmap_each(topics->left[p], add_row, &none);
    }
    fill_row(table, rows - 2, &none);
    const uint64_t totals[COLUMNS] = {population->conversations, population->exchange_count,
                                      population->users, population->words};
    for (size_t column = 0; column < COLUMNS; column++)
        *tally_cell_at(table, rows - 1, column) =
            (struct tally_cell){totals[column], population->users_support, 0};
    table->row_flags[rows - 1] |= TALLY_KEEP;
    return relate(tally, table, !query->multi_label, err);
}

static enum status tally_rules(const struct tally_source *source, size_t number,
                               struct tally *tally, struct error *err)
{
    enum status status = STATUS_OK;
    size_t parts = source->catalogue->count;
    struct topics topics = {.source = source, .query = &source->plan->queries[number]};
    topics.left = mem_zalloc(parts, sizeof *topics.left);
    if (!topics.left)
        return error_nomem(err);
    TRY_CLEANUP(user_counter_init(&topics.users, source->catalogue->users, err));
    TRY_CLEANUP(query_hits_open(&topics.hits, source->state, topics.query, number, err));
    for (size_t p = 0; p < parts; p++)
        if (!(topics.left[p] = bitmap_copy(source->population->rows[p]))) {
            status = error_nomem(err);
            goto cleanup;
        }
    status = write_table(&topics, number, tally, err);
cleanup:
    for (size_t p = 0; p < parts; p++)
        bitmap_free(topics.left[p]);
    free(topics.left);
    query_hits_release(&topics.hits);
    user_counter_release(&topics.users);
    return status;
}

/*
 * What a labelled sample says of each topic: its conversations among those of every topic that the
 * rules assigned. The rules' topics, small ones joined, are strata after the draw.
 */
static enum status tally_labels(const struct tally_source *source, size_t number,
                                struct tally *tally, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    size_t count = query->topic_count + 1;
    enum status status = STATUS_OK;
    struct labelled_sample labelled;
    struct strata predicted = {.arena = ARENA_INIT};
    const char **names = NULL;
    bool there;
    TRY_CLEANUP(labelled_sample_find(&labelled, source, number, &there, err));
    if (there)
        TRY_CLEANUP(tally_spread_note(&labelled, number, tally, err));
    if (!there || !file_exists(query->labels_path))
        goto cleanup;
    names = mem_zalloc(count, sizeof *names);
    if (!names) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++)
        names[i] = i < query->topic_count ? query->topics[i].name : "none of these";
    struct label_vocabulary vocabulary = {names, count};
    TRY_CLEANUP(labels_read_categories(&labelled.labels, query->labels_path, &labelled.sample.ids,
                                       &vocabulary, err));
    TRY_CLEANUP(strata_by(&predicted, &labelled.units, source, number,
                          source->plan->release.min_users, err));
    for (size_t i = 0; i < count; i++) {
        /* As strata.h names them. */
        struct label_wanted wanted = {LABEL_FIRST_CATEGORY + (unsigned)i,
                                      i < query->topic_count ? names[i] : "none"};
        TRY_CLEANUP(labelled_sample_tally_label(&labelled, &predicted, &wanted, number, (long)i,
                                                tally, err));
    }
cleanup:
    strata_release(&predicted);
    labelled_sample_release(&labelled);
    free(names);
    return status;
}

enum status tally_topics(const struct tally_source *source, size_t query, struct tally *tally,
                         struct error *err)
{
    const struct plan_query *asked = &source->plan->queries[query];
    static const struct tally_key keys[] = {{"topic", "Topic", TALLY_KEY_STRING}};
    if (asked->topic_count) {
        TRY(tally_rules(source, query, tally, err));
        return asked->sample_path ? tally_labels(source, query, tally, err) : STATUS_OK;
    }
    return tally_cross(source, asked->id, query, asked->by, asked->by_count, keys, tally, err);
}
