/*
 * Pairwise overlap of terms: see tally_pairs.h.
 *
 * The conversations that two terms or more hit get a list of their terms each, one after another in
 * one array; then the population is walked user by user, and each pair in a list counts the row,
 * and its user when it sees the first of the user's rows. The work is the number of (row, pair) and
 * not of (term, term, row).
 */
#include "queries/tally_pairs.h"

#include "base/memory.h"

#include <stdlib.h>

struct pair {
    uint64_t conversations;
    uint32_t users;     /* unknown ones together one */
    uint32_t last_user; /* number + 1 of the user counted last */
};

struct pairs {
    const struct tally_source *source;
    size_t slots;
    uint64_t *start;     /* [rows + 1] where a row's list begins; while filling, where it goes on */
    uint8_t *lists;      /* slots, ascending within a list */
    struct pair *counts; /* [a * slots + b], a < b */
};

/* Only rows with two terms or more have a list. */
static uint64_t list_length(uint8_t times)
{
    return times > 1 ? times : 0;
}

static enum status make_lists(struct pairs *pairs, uint8_t *const *times, struct error *err)
{
    const struct catalogue *catalogue = pairs->source->catalogue;
    uint64_t total = 0;
    pairs->start = mem_zalloc(catalogue->rows + 1, sizeof *pairs->start);
    if (!pairs->start)
        return error_nomem(err);
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
            pairs->start[catalogue->parts[p].first_row + row] = total;
            total += list_length(times[p][row]);
        }
    pairs->start[catalogue->rows] = total;
    pairs->lists = mem_zalloc(total, sizeof *pairs->lists);
    return pairs->lists ? STATUS_OK : error_nomem(err);
}

struct filling {
    uint64_t *next;
    uint8_t *lists;
    const uint8_t *times, *reason_of;
    uint32_t rows;
    uint8_t slot;
};

static bool fill_row(uint32_t row, void *context)
{
    struct filling *filling = context;
    if (row < filling->rows && filling->reason_of[row] == IN_POPULATION && filling->times[row] > 1)
        filling->lists[filling->next[row]++] = filling->slot;
    return true;
}

static enum status fill_lists(struct pairs *pairs, const struct query_hits *hits,
                              uint8_t *const *times, struct error *err)
{
    const struct catalogue *catalogue = pairs->source->catalogue;
    for (size_t p = 0; p < catalogue->count; p++) {
        const struct catalogue_part *part = &catalogue->parts[p];
        for (size_t slot = 0; slot < pairs->slots; slot++) {
            struct hits found;
            TRY(query_hits_read(hits, p, slot, &found, err));
            struct filling filling = {.next = pairs->start + part->first_row,
                                      .lists = pairs->lists,
                                      .times = times[p],
                                      .reason_of = pairs->source->population->reason_of[p],
                                      .rows = part->rows,
                                      .slot = (uint8_t)slot};
            bitmap_each(found.conversations, fill_row, &filling);
            hits_release(&found);
        }
        /* Where each list goes on is now where the next one begins: step back. */
        for (uint32_t row = 0; row < part->rows; row++)
            pairs->start[part->first_row + row] -= list_length(times[p][row]);
    }
    return STATUS_OK;
}

static void count_row(struct pairs *pairs, uint32_t row, uint32_t user)
{
    const uint8_t *end = pairs->lists + pairs->start[row + 1ull];
    for (const uint8_t *a = pairs->lists + pairs->start[row]; a < end; a++)
        for (const uint8_t *b = a + 1; b < end; b++) {
            struct pair *pair = &pairs->counts[*a * pairs->slots + *b];
            pair->conversations++;
            pair->users += pair->last_user != user + 1;
            pair->last_user = user + 1;
        }
}

static enum status count_all(struct pairs *pairs, struct term_combinations *combinations,
                             struct error *err)
{
    const struct population *population = pairs->source->population;
    for (uint32_t user = 0; user <= pairs->source->catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint32_t row = population->by_user[i];
            size_t count = pairs->start[row + 1ull] - pairs->start[row];
            count_row(pairs, row, user);
            if (combinations && count)
                TRY(term_combinations_add(combinations, pairs->lists + pairs->start[row], count,
                                          user, err));
        }
    return STATUS_OK;
}

static enum status write_table(const struct pairs *pairs, size_t number, struct tally *tally,
                               struct error *err)
{
    static const struct tally_key keys[] = {{"term", "Term", TALLY_KEY_STRING},
                                            {"other", "Other term", TALLY_KEY_STRING}};
    static const struct tally_column both[] = {
        {"conversations", "Conversations", "conversations", 0}};
    const struct plan_query *query = &pairs->source->plan->queries[number];
    size_t rows = 0, row = 0, slots = pairs->slots;
    for (size_t i = 0; i < slots * slots; i++)
        rows += pairs->counts[i].conversations > 0;
    struct tally_table *table;
    const char *id = arena_printf(&tally->arena, "%s.pairs", query->id);
    if (!id)
        return error_nomem(err);
    TRY(tally_add_table(tally, id, number, keys, 2, both, 1, rows, &table, err));
    table->lists_found = true;
    for (size_t i = 0; i < slots * slots; i++) {
        if (!pairs->counts[i].conversations)
            continue;
        table->row_flags[row] |= TALLY_LESS;
        table->key_values[2 * row] = query->terms[i / slots].name;
        table->key_values[2 * row + 1] = query->terms[i % slots].name;
        *tally_cell_at(table, row++, 0) =
            (struct tally_cell){pairs->counts[i].conversations, pairs->counts[i].users, 0};
    }
    return STATUS_OK;
}

enum status tally_pairs(const struct tally_source *source, size_t query,
                        const struct query_hits *hits, uint8_t *const *times,
                        struct term_combinations *combinations, struct tally *tally,
                        struct error *err)
{
    enum status status = STATUS_OK;
    struct pairs pairs = {.source = source, .slots = hits->slots};
    pairs.counts = mem_zalloc(pairs.slots * pairs.slots, sizeof *pairs.counts);
    if (!pairs.counts) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(make_lists(&pairs, times, err));
    TRY_CLEANUP(fill_lists(&pairs, hits, times, err));
    TRY_CLEANUP(count_all(&pairs, combinations, err));
    status = write_table(&pairs, query, tally, err);
cleanup:
    free(pairs.start);
    free(pairs.lists);
    free(pairs.counts);
    return status;
}
