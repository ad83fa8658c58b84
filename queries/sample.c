/* Drawing samples and checking them: see sample.h. */
#include "queries/sample.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "queries/ticket.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

void sample_init(struct sample *sample)
{
    *sample = (struct sample){.seed = NULL};
    intern_init(&sample->ids);
}

void sample_release(struct sample *sample)
{
    free(sample->seed);
    free(sample->seed_source);
    free(sample->looks);
    intern_release(&sample->ids);
    *sample = (struct sample){.seed = NULL};
}

/* One ticket maker a worker. */
static enum status makers_new(struct ticket_maker **makers, unsigned count, const char *seed,
                              struct error *err)
{
    for (unsigned i = 0; i < count; i++)
        TRY(ticket_maker_new(&makers[i], seed, err));
    return STATUS_OK;
}

static void makers_free(struct ticket_maker **makers, unsigned count)
{
    for (unsigned i = 0; makers && i < count; i++)
        ticket_maker_free(makers[i]);
    free(makers);
}

/* ---- drawing ---- */

struct entry {
    struct sha256 ticket;
    uint32_t part, row;
};

struct heap {
    struct entry *entries; /* the largest first */
    size_t count, capacity;
};

struct drawing {
    const struct units *units;
    size_t size;
    struct ticket_maker **makers; /* [workers] */
    struct heap *heaps;           /* [workers] */
};

/* Ties of tickets are broken by unit id, for what it is worth: they mean equal ids. */
static int compare_entries(const void *a, const void *b, void *context)
{
    const struct units *units = context;
    const struct entry *left = a, *right = b;
    int order = ticket_compare(&left->ticket, &right->ticket);
    if (order != 0)
        return order;
    char scratch_left[UNIT_ID_MAX], scratch_right[UNIT_ID_MAX];
    struct span x = unit_id(units, left->part, left->row, scratch_left);
    struct span y = unit_id(units, right->part, right->row, scratch_right);
    order = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);
    return order ? order : (x.len > y.len) - (x.len < y.len);
}

static bool entry_above(const struct drawing *d, const struct entry *a, const struct entry *b)
{
    return compare_entries(a, b, (void *)(uintptr_t)d->units) > 0;
}

static void sift_up(const struct drawing *d, struct heap *heap, size_t at)
{
    struct entry moving = heap->entries[at];
    while (at > 0 && entry_above(d, &moving, &heap->entries[(at - 1) / 2])) {
        heap->entries[at] = heap->entries[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->entries[at] = moving;
}

static void sift_down(const struct drawing *d, struct heap *heap)
{
    struct entry moving = heap->entries[0];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count &&
            entry_above(d, &heap->entries[child + 1], &heap->entries[child]))
            child++;
        if (!entry_above(d, &heap->entries[child], &moving))
            break;
        heap->entries[at] = heap->entries[child];
        at = child;
    }
    heap->entries[at] = moving;
}

/* Keeps ENTRY if it is among the smallest so far. */
static enum status heap_offer(const struct drawing *d, struct heap *heap, const struct entry *entry,
                              struct error *err)
{
    if (heap->count == d->size) {
        if (entry_above(d, &heap->entries[0], entry)) {
            heap->entries[0] = *entry;
            sift_down(d, heap);
        }
        return STATUS_OK;
    }
    struct entry *grown = mem_grow(heap->entries, &heap->capacity, heap->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    heap->entries = grown;
    heap->entries[heap->count++] = *entry;
    sift_up(d, heap, heap->count - 1);
    return STATUS_OK;
}

static enum status offer_unit(void *context, unsigned worker, size_t part, uint32_t row,
                              struct span id, struct error *err)
{
    struct drawing *d = context;
    struct entry entry = {.part = (uint32_t)part, .row = row};
    TRY(ticket_of(d->makers[worker], id.data, id.len, &entry.ticket, err));
    return heap_offer(d, &d->heaps[worker], &entry, err);
}

/* The ids of the entries, in order. */
static enum status name_units(struct sample *sample, const struct units *units,
                              const struct heap *drawn, struct error *err)
{
    char scratch[UNIT_ID_MAX];
    for (size_t i = 0; i < drawn->count; i++) {
        const struct entry *entry = &drawn->entries[i];
        struct span id = unit_id(units, entry->part, entry->row, scratch);
        uint32_t number;
        TRY(intern_add(&sample->ids, id.data, id.len, &number, err));
        if (number != i)
            return error_set(err, STATUS_PLAN, NULL,
                             "two units of the frame have the same id: the frame is not as "
                             "proffer makes it");
        sample->cut_off = entry->ticket;
    }
    return STATUS_OK;
}

/* Several heaps only while they are small. */
static unsigned draw_workers(uint64_t size)
{
    enum { HEAPS_MAX = 48 << 20 };
    unsigned workers = parallel_processors();
    while (workers > 1 && size > HEAPS_MAX / sizeof(struct entry) / workers)
        workers--;
    return workers;
}

static enum status draw_units(struct sample *sample, const struct units *units, uint64_t size,
                              struct error *err)
{
    enum status status = STATUS_OK;
    unsigned workers = draw_workers(size);
    struct drawing d = {.units = units, .size = (size_t)size};
    d.makers = mem_zalloc(workers, sizeof *d.makers);
    d.heaps = mem_zalloc(workers, sizeof *d.heaps);
    if (!d.makers || !d.heaps) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(makers_new(d.makers, workers, sample->seed, err));
    TRY_CLEANUP(units_each(units, workers, offer_unit, &d, err));
    struct heap *all = &d.heaps[0];
    for (unsigned i = 1; i < workers; i++)
        for (size_t j = 0; j < d.heaps[i].count; j++)
            TRY_CLEANUP(heap_offer(&d, all, &d.heaps[i].entries[j], err));
    if (all->count != size) {
        status =
            error_set(err, STATUS_INTERNAL, NULL, "the population has fewer rows than it says");
        goto cleanup;
    }
    qsort_r(all->entries, all->count, sizeof *all->entries, compare_entries,
            (void *)(uintptr_t)units);
    status = name_units(sample, units, all, err);
cleanup:
    for (unsigned i = 0; d.heaps && i < workers; i++)
        free(d.heaps[i].entries);
    free(d.heaps);
    makers_free(d.makers, workers);
    return status;
}

static bool blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static enum status check_request(const struct population *population, const struct frame *frame,
                                 uint64_t size, const char *seed, const char *seed_source,
                                 struct error *err)
{
    bool matches;
    if (blank(seed))
        return error_set(err, STATUS_PLAN, "seed", "must not be empty");
    if (blank(seed_source)) {
        error_set(err, STATUS_PLAN, "seed source", "must not be empty");
        return error_hint(err, "say where the seed comes from, such as dice thrown before both "
                               "parties, or a beacon's round and time");
    }
    TRY(frame_matches(frame->digest, frame->naming, frame->count, population, &matches, err));
    if (!matches) {
        error_set(err, STATUS_PLAN, NULL,
                  "the population is not the frame: %" PRIu64 " conversations now, %" PRIu64
                  " in the frame%s",
                  population->conversations, frame->count,
                  population->conversations == frame->count ? ", and not the same ones" : "");
        return error_hint(err, "the logs or the plan's population changed since the frame was "
                               "fixed; fix a new one before drawing");
    }
    if (size == 0)
        return error_set(err, STATUS_PLAN, "size", "must be at least 1");
    if (size > frame->count || size > UINT32_MAX - 1)
        return error_set(err, STATUS_PLAN, "size",
                         "%" PRIu64 " units cannot be drawn from %" PRIu64, size, frame->count);
    return STATUS_OK;
}

enum status sample_draw(struct sample *sample, const struct population *population,
                        const struct frame *frame, uint64_t size, const char *seed,
                        const char *seed_source, struct error *err)
{
    TRY(check_request(population, frame, size, seed, seed_source, err));
    enum status status = STATUS_OK;
    struct units units = frame_units(population, frame->naming);
    memcpy(sample->frame_digest, frame->digest, sizeof sample->frame_digest);
    sample->frame_count = frame->count;
    sample->naming = frame->naming;
    sample->seed = mem_strdup(seed);
    sample->seed_source = mem_strdup(seed_source);
    if (!sample->seed || !sample->seed_source) {
        status = error_nomem(err);
        goto cleanup;
    }
    status = draw_units(sample, &units, size, err);
cleanup:
    if (status != STATUS_OK) {
        sample_release(sample);
        sample_init(sample);
    }
    return status;
}

/* ---- checking ---- */

struct checking {
    const struct sample *sample;
    const struct units *units;
    struct ticket_maker **makers; /* [workers] */
    atomic_uchar *found;          /* [ids.count] */
    uint64_t *rows;               /* or NULL */
    atomic_uint_fast64_t missing; /* at or under the cut-off, not in the sample */
    atomic_uint_fast64_t doubled; /* units of the frame with the same id */
};

static enum status check_unit(void *context, unsigned worker, size_t part, uint32_t row,
                              struct span id, struct error *err)
{
    struct checking *c = context;
    struct sha256 ticket;
    TRY(ticket_of(c->makers[worker], id.data, id.len, &ticket, err));
    if (ticket_compare(&ticket, &c->sample->cut_off) > 0)
        return STATUS_OK;
    uint32_t number = intern_find(&c->sample->ids, id.data, id.len);
    if (number == INTERN_NONE) {
        atomic_fetch_add(&c->missing, 1);
        return STATUS_OK;
    }
    if (atomic_exchange(&c->found[number], 1))
        atomic_fetch_add(&c->doubled, 1);
    else if (c->rows)
        c->rows[number] = c->units->catalogue->parts[part].first_row + row;
    return STATUS_OK;
}

/* Without the frame: tickets ascend and end at the cut-off. */
static enum status check_order(const struct sample *sample, struct ticket_maker *maker,
                               struct error *err)
{
    struct sha256 last, ticket;
    for (size_t i = 0; i < sample->ids.count; i++) {
        const struct intern_text *id = &sample->ids.items[i];
        TRY(ticket_of(maker, id->text, id->len, &ticket, err));
        if (ticket_compare(&ticket, &sample->cut_off) > 0)
            return error_set(err, STATUS_PLAN, NULL,
                             "the ticket of ids[%zu] is over the cut-off: it was not drawn with "
                             "this seed",
                             i);
        if (i > 0 && ticket_compare(&ticket, &last) <= 0)
            return error_set(err, STATUS_PLAN, NULL, "ids[%zu] is not in the order of tickets", i);
        last = ticket;
    }
    if (sample->ids.count == 0 || ticket_compare(&last, &sample->cut_off) != 0)
        return error_set(err, STATUS_PLAN, NULL, "the cut-off is not the ticket of the last id");
    return STATUS_OK;
}

static enum status judge(const struct checking *c, struct error *err)
{
    uint64_t strangers = 0, missing = c->missing, doubled = c->doubled;
    for (size_t i = 0; i < c->sample->ids.count; i++)
        strangers += !c->found[i];
    if (strangers)
        return error_set(err, STATUS_PLAN, NULL, "%" PRIu64 " of the %zu ids are not in the frame",
                         strangers, c->sample->ids.count);
    if (missing)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " units with tickets at or under the cut-off are not in the "
                         "sample",
                         missing);
    if (doubled)
        return error_set(err, STATUS_PLAN, NULL, "units of the frame have the same id");
    return STATUS_OK;
}

enum status sample_check(const struct sample *sample, const struct units *units, uint64_t *rows,
                         struct error *err)
{
    enum status status = STATUS_OK;
    unsigned workers = parallel_processors();
    struct checking c = {.sample = sample, .units = units, .rows = rows};
    c.makers = mem_zalloc(workers, sizeof *c.makers);
    c.found = mem_zalloc(sample->ids.count, sizeof *c.found);
    if (!c.makers || !c.found) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(makers_new(c.makers, workers, sample->seed, err));
    TRY_CLEANUP(check_order(sample, c.makers[0], err));
    TRY_CLEANUP(units_each(units, workers, check_unit, &c, err));
    status = judge(&c, err);
cleanup:
    makers_free(c.makers, workers);
    free(c.found);
    return status;
}
