/* Hits of terms in a part: see hits.h. */
#include "queries/catalogue/hits.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SET_WAITING = 31 };
enum { SET_CONVERSATIONS, SET_EXCHANGES, SET_PROMPT_ONLY, SET_OUTPUT_ONLY, SET_COUNT };
static const char *const set_names[SET_COUNT] = {"conversations", "exchanges", "prompt_only",
                                                 "output_only"};

/* A set, and members that are not in its bitmap yet: a bitmap takes many at once much faster. */
struct growing_set {
    struct bitmap *bitmap; /* made at the first hit */
    uint32_t count, waiting[SET_WAITING];
};

struct term_hits {
    struct growing_set sets[SET_COUNT];
    uint32_t *turns, *occurrences;
    size_t count, turns_capacity, occurrences_capacity;
    uint64_t next_row; /* the least row that may come */
};

struct hits_builder {
    struct term_hits *terms;
    size_t count;
};

struct hits_builder *hits_builder_new(size_t terms)
{
    struct hits_builder *builder = mem_zalloc(1, sizeof *builder);
    if (!builder)
        return NULL;
    builder->count = terms;
    builder->terms = mem_zalloc(terms, sizeof *builder->terms);
    if (!builder->terms) {
        free(builder);
        return NULL;
    }
    return builder;
}

void hits_builder_free(struct hits_builder *builder)
{
    if (!builder)
        return;
    for (size_t i = 0; i < builder->count; i++) {
        for (size_t set = 0; set < SET_COUNT; set++)
            bitmap_free(builder->terms[i].sets[set].bitmap);
        free(builder->terms[i].turns);
        free(builder->terms[i].occurrences);
    }
    free(builder->terms);
    free(builder);
}

static enum status need_sets(struct term_hits *term, struct error *err)
{
    for (size_t set = 0; set < SET_COUNT; set++)
        if (!term->sets[set].bitmap && !(term->sets[set].bitmap = bitmap_new()))
            return error_nomem(err);
    return STATUS_OK;
}

static void settle(struct growing_set *set)
{
    bitmap_add_many(set->bitmap, set->waiting, set->count);
    set->count = 0;
}

static inline void add(struct growing_set *set, uint32_t value)
{
    if (set->count == SET_WAITING)
        settle(set);
    set->waiting[set->count++] = value;
}

enum status hits_builder_add(struct hits_builder *builder, size_t number, const struct hit_row *hit,
                             struct error *err)
{
    assert(number < builder->count && hit->row >= builder->terms[number].next_row);
    struct term_hits *term = &builder->terms[number];
    TRY(need_sets(term, err));
    uint32_t *turns = mem_grow(term->turns, &term->turns_capacity, term->count + 1, sizeof *turns);
    if (!turns)
        return error_nomem(err);
    term->turns = turns;
    uint32_t *occurrences = mem_grow(term->occurrences, &term->occurrences_capacity,
                                     term->count + 1, sizeof *occurrences);
    if (!occurrences)
        return error_nomem(err);
    term->occurrences = occurrences;
    turns[term->count] = hit->turns;
    occurrences[term->count++] = hit->occurrences;
    term->next_row = hit->row + 1ull;
    add(&term->sets[SET_CONVERSATIONS], hit->row);
    for (uint32_t i = 0; i < hit->exchange_count; i++)
        add(&term->sets[SET_EXCHANGES], hit->first_exchange + hit->exchanges[i]);
    if (hit->prompt_only)
        add(&term->sets[SET_PROMPT_ONLY], hit->row);
    if (hit->output_only)
        add(&term->sets[SET_OUTPUT_ONLY], hit->row);
    return STATUS_OK;
}

/* One kind of set for all terms: the bitmaps one after another, and where each begins. */
static enum status write_sets(struct hits_builder *builder, size_t set, struct segment_out *out,
                              struct error *err)
{
    enum status status = STATUS_OK;
    struct buffer bytes;
    buffer_init(&bytes, SIZE_MAX);
    uint64_t *offsets = mem_zalloc(builder->count + 1, sizeof *offsets);
    char *file = mem_printf("%s.roaring", set_names[set]);
    char *column = mem_printf("%s.offsets", set_names[set]);
    if (!offsets || !file || !column) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < builder->count; i++) {
        offsets[i] = bytes.len;
        TRY_CLEANUP(need_sets(&builder->terms[i], err));
        settle(&builder->terms[i].sets[set]);
        TRY_CLEANUP(bitmap_write(builder->terms[i].sets[set].bitmap, &bytes, err));
    }
    offsets[builder->count] = bytes.len;
    TRY_CLEANUP(segment_out_file(out, file, bytes.data ? bytes.data : "", bytes.len, err));
    TRY_CLEANUP(segment_out_column(out, column, NPY_U64, offsets, builder->count + 1, err));
cleanup:
    free(offsets);
    free(file);
    free(column);
    buffer_release(&bytes);
    return status;
}

/* One count a hit conversation, term after term. */
static enum status write_counts(struct hits_builder *builder, bool occurrences,
                                struct segment_out *out, struct error *err)
{
    size_t total = 0;
    for (size_t i = 0; i < builder->count; i++)
        total += builder->terms[i].count;
    uint32_t *all = mem_zalloc(total, sizeof *all);
    if (!all)
        return error_nomem(err);
    size_t at = 0;
    for (size_t i = 0; i < builder->count; i++) {
        const struct term_hits *term = &builder->terms[i];
        if (term->count)
            memcpy(all + at, occurrences ? term->occurrences : term->turns,
                   term->count * sizeof *all);
        at += term->count;
    }
    enum status status =
        segment_out_column(out, occurrences ? "occurrences" : "turns", NPY_U32, all, total, err);
    free(all);
    return status;
}

enum status hits_builder_write(struct hits_builder *builder, struct segment_out *out,
                               struct error *err)
{
    for (size_t set = 0; set < SET_COUNT; set++)
        TRY(write_sets(builder, set, out, err));
    uint64_t *starts = mem_zalloc(builder->count + 1, sizeof *starts);
    if (!starts)
        return error_nomem(err);
    for (size_t i = 0; i < builder->count; i++)
        starts[i + 1] = starts[i] + builder->terms[i].count;
    enum status status =
        segment_out_column(out, "starts", NPY_U64, starts, builder->count + 1, err);
    free(starts);
    TRY(status);
    TRY(write_counts(builder, false, out, err));
    return write_counts(builder, true, out, err);
}

static enum status read_set(struct segment *segment, size_t set, size_t terms, size_t term,
                            struct bitmap **out, struct error *err)
{
    char file[64], column[64];
    snprintf(file, sizeof file, "%s.roaring", set_names[set]);
    snprintf(column, sizeof column, "%s.offsets", set_names[set]);
    const void *bytes, *values;
    size_t len;
    TRY(segment_file(segment, file, &bytes, &len, err));
    TRY(segment_column(segment, column, NPY_U64, terms + 1, &values, NULL, err));
    const uint64_t *offsets = values;
    if (offsets[term] > offsets[term + 1] || offsets[term + 1] > len)
        return error_set(err, STATUS_INPUT, column, "offsets out of range");
    return bitmap_read((const char *)bytes + offsets[term], offsets[term + 1] - offsets[term], out,
                       err);
}

enum status hits_read(struct segment *segment, size_t terms, size_t term, struct hits *out,
                      struct error *err)
{
    assert(term < terms);
    enum status status = STATUS_OK;
    *out = (struct hits){NULL, NULL, NULL, NULL, NULL, NULL};
    struct bitmap **sets[SET_COUNT] = {&out->conversations, &out->exchanges, &out->prompt_only,
                                       &out->output_only};
    for (size_t set = 0; set < SET_COUNT; set++)
        TRY_CLEANUP(read_set(segment, set, terms, term, sets[set], err));
    const void *values, *turns, *occurrences;
    size_t total, same;
    TRY_CLEANUP(segment_column(segment, "starts", NPY_U64, terms + 1, &values, NULL, err));
    TRY_CLEANUP(segment_column(segment, "turns", NPY_U32, SIZE_MAX, &turns, &total, err));
    TRY_CLEANUP(segment_column(segment, "occurrences", NPY_U32, total, &occurrences, &same, err));
    const uint64_t *starts = values;
    if (starts[term] > total || starts[term + 1] > total ||
        starts[term] + bitmap_count(out->conversations) != starts[term + 1]) {
        status = error_set(err, STATUS_INPUT, "starts.npy", "it does not fit the conversations");
        goto cleanup;
    }
    out->turns = (const uint32_t *)turns + starts[term];
    out->occurrences = (const uint32_t *)occurrences + starts[term];
cleanup:
    if (status != STATUS_OK)
        hits_release(out);
    return status;
}

void hits_release(struct hits *hits)
{
    bitmap_free(hits->conversations);
    bitmap_free(hits->exchanges);
    bitmap_free(hits->prompt_only);
    bitmap_free(hits->output_only);
    *hits = (struct hits){NULL, NULL, NULL, NULL, NULL, NULL};
}
