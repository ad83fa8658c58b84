/* Drawing samples and checking them: see sample.h. */
#include "queries/sample.h"

#include "base/civil.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "queries/ticket.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

void sample_init(struct sample *sample)
{
    *sample = (struct sample){.seed_time = CIVIL_NONE, .draw = 1};
    intern_init(&sample->ids);
}

void sample_release(struct sample *sample)
{
    for (size_t h = 0; h < sample->stratum_count; h++)
        free(sample->strata[h].name);
    free(sample->strata);
    free(sample->basis.by);
    free(sample->seed);
    free(sample->seed_source);
    free(sample->looks);
    for (size_t i = 0; i < sample->prior_count; i++)
        free(sample->priors[i].query);
    free(sample->priors);
    intern_release(&sample->ids);
    *sample = (struct sample){.seed = NULL};
}

enum status sample_note_prior(struct sample *sample, const char *query, double a, double b,
                              struct error *err)
{
    for (size_t i = 0; i < sample->prior_count; i++)
        if (strcmp(sample->priors[i].query, query) == 0)
            return STATUS_OK;
    struct sample_prior *grown = mem_zalloc(sample->prior_count + 1, sizeof *grown);
    char *copy = mem_strdup(query);
    if (!grown || !copy) {
        free(grown);
        free(copy);
        return error_nomem(err);
    }
    for (size_t i = 0; i < sample->prior_count; i++)
        grown[i] = sample->priors[i];
    grown[sample->prior_count++] = (struct sample_prior){copy, a, b};
    free(sample->priors);
    sample->priors = grown;
    return STATUS_OK;
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
    const struct frame_units *laid;
    struct sample_amounts amounts;
    struct sha256 *cut_offs;      /* [strata] of shares; else NULL */
    struct ticket_maker **makers; /* [workers] */
    struct heap *heaps;           /* [workers * strata] */
};

/* How many of a stratum are kept at most. */
static uint64_t most_of(const struct drawing *d, size_t stratum)
{
    return d->cut_offs ? UINT32_MAX : d->amounts.sizes[stratum];
}

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
    return compare_entries(a, b, (void *)(uintptr_t)&d->laid->units) > 0;
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

/* Keeps ENTRY if it is among the SIZE smallest so far. */
static enum status heap_offer(const struct drawing *d, struct heap *heap, uint64_t size,
                              const struct entry *entry, struct error *err)
{
    if (heap->count == size) {
        if (size && entry_above(d, &heap->entries[0], entry)) {
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
    uint32_t stratum = strata_of(&d->laid->strata, part, row);
    struct entry entry = {.part = (uint32_t)part, .row = row};
    if (most_of(d, stratum) == 0)
        return STATUS_OK;
    TRY(ticket_of(d->makers[worker], id.data, id.len, &entry.ticket, err));
    if (d->cut_offs && ticket_compare(&entry.ticket, &d->cut_offs[stratum]) > 0)
        return STATUS_OK;
    return heap_offer(d, &d->heaps[worker * d->laid->strata.count + stratum], most_of(d, stratum),
                      &entry, err);
}

/* The ids of the entries, in order. */
static enum status name_units(struct sample *sample, const struct units *units,
                              struct sample_stratum *stratum, const struct heap *drawn,
                              struct error *err)
{
    char scratch[UNIT_ID_MAX];
    stratum->first = sample->ids.count;
    stratum->size = drawn->count;
    for (size_t i = 0; i < drawn->count; i++) {
        const struct entry *entry = &drawn->entries[i];
        struct span id = unit_id(units, entry->part, entry->row, scratch);
        uint32_t number;
        TRY(intern_add(&sample->ids, id.data, id.len, &number, err));
        if (number != stratum->first + i)
            return error_set(err, STATUS_PLAN, NULL,
                             "two units of the frame have the same id: the frame is not as "
                             "proffer makes it");
        stratum->cut_off = entry->ticket;
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

/* The heaps of all workers joined, ordered and named, stratum after stratum. */
static enum status join_heaps(struct sample *sample, const struct drawing *d, unsigned workers,
                              struct error *err)
{
    size_t strata = d->laid->strata.count;
    const struct units *units = &d->laid->units;
    for (size_t h = 0; h < strata; h++) {
        struct heap *all = &d->heaps[h];
        for (unsigned i = 1; i < workers; i++) {
            struct heap *other = &d->heaps[i * strata + h];
            for (size_t j = 0; j < other->count; j++)
                TRY(heap_offer(d, all, most_of(d, h), &other->entries[j], err));
        }
        if (!d->cut_offs && all->count != d->amounts.sizes[h])
            return error_set(err, STATUS_INTERNAL, NULL,
                             "the population has fewer rows than it says");
        if (all->count)
            qsort_r(all->entries, all->count, sizeof *all->entries, compare_entries,
                    (void *)(uintptr_t)units);
        TRY(name_units(sample, units, &sample->strata[h], all, err));
        if (!d->cut_offs)
            continue;
        sample->strata[h].share = d->amounts.shares[h];
        sample->strata[h].cut_off = d->cut_offs[h];
    }
    if (sample->ids.count == 0)
        return error_set(err, STATUS_PLAN, "shares", "they draw no unit at all");
    return STATUS_OK;
}

/* How many units will be drawn, or about so many. */
static uint64_t expect_size(const struct frame_units *laid, const struct sample_amounts *amounts)
{
    double size = 0;
    for (size_t h = 0; h < laid->strata.count; h++)
        size += amounts->shares ? amounts->shares[h] * (double)laid->strata.items[h].count
                                : (double)amounts->sizes[h];
    return (uint64_t)size;
}

static enum status draw_units(struct sample *sample, const struct frame_units *laid,
                              const struct sample_amounts *amounts, struct error *err)
{
    enum status status = STATUS_OK;
    unsigned workers = draw_workers(expect_size(laid, amounts));
    size_t heaps = workers * laid->strata.count;
    struct drawing d = {.laid = laid, .amounts = *amounts};
    if (amounts->shares) {
        d.cut_offs = mem_zalloc(laid->strata.count, sizeof *d.cut_offs);
        if (!d.cut_offs)
            return error_nomem(err);
        for (size_t h = 0; h < laid->strata.count; h++)
            d.cut_offs[h] = ticket_of_share(amounts->shares[h]);
    }
    d.makers = mem_zalloc(workers, sizeof *d.makers);
    d.heaps = mem_zalloc(heaps, sizeof *d.heaps);
    if (!d.makers || !d.heaps) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(makers_new(d.makers, workers, sample->seed, err));
    TRY_CLEANUP(units_each(&laid->units, workers, offer_unit, &d, err));
    status = join_heaps(sample, &d, workers, err);
cleanup:
    for (size_t i = 0; d.heaps && i < heaps; i++)
        free(d.heaps[i].entries);
    free(d.heaps);
    free(d.cut_offs);
    makers_free(d.makers, workers);
    return status;
}

static bool blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static enum status check_shares(const struct frame *frame, const double *shares, struct error *err)
{
    double size = 0;
    for (size_t h = 0; h < frame->stratum_count; h++) {
        if (!(shares[h] >= 1e-12 && shares[h] <= 1))
            return error_set(err, STATUS_PLAN, "shares", "must be above 0 and at most 1");
        size += shares[h] * (double)frame->strata[h].count;
    }
    if (size > UINT32_MAX / 2)
        return error_set(err, STATUS_PLAN, "shares", "draw more units than a sample holds");
    return STATUS_OK;
}

static enum status check_sizes(const struct frame *frame, const uint64_t *sizes, struct error *err)
{
    uint64_t size = 0;
    for (size_t h = 0; h < frame->stratum_count; h++) {
        const struct frame_stratum *stratum = &frame->strata[h];
        if (sizes[h] > stratum->count)
            return error_set(err, STATUS_PLAN, "size",
                             "%" PRIu64 " units cannot be drawn from %" PRIu64 "%s%s%s", sizes[h],
                             stratum->count, frame->basis.by ? " in the stratum \"" : "",
                             frame->basis.by ? stratum->name : "", frame->basis.by ? "\"" : "");
        size += sizes[h];
    }
    if (size == 0)
        return error_set(err, STATUS_PLAN, "size", "must be at least 1");
    if (size > UINT32_MAX - 1)
        return error_set(err, STATUS_PLAN, "size", "%" PRIu64 " units are more than a sample holds",
                         size);
    return STATUS_OK;
}

static enum status check_request(const struct frame_units *laid, const struct frame *frame,
                                 const struct sample_amounts *amounts, const char *seed,
                                 const char *seed_source, struct error *err)
{
    bool matches;
    if (blank(seed))
        return error_set(err, STATUS_PLAN, "seed", "must not be empty");
    if (blank(seed_source)) {
        error_set(err, STATUS_PLAN, "seed source", "must not be empty");
        return error_hint(err, "say where the seed comes from, such as dice thrown before both "
                               "parties, or a beacon's round and time");
    }
    TRY(frame_matches(laid, frame->digest, frame->count, &matches, err));
    if (!matches || laid->strata.count != frame->stratum_count) {
        error_set(err, STATUS_PLAN, NULL,
                  "the population is not the frame: %" PRIu64 " %s now, %" PRIu64 " in the frame%s",
                  laid->units.count, unit_plurals[laid->units.kind], frame->count,
                  laid->units.count != frame->count ? ""
                  : frame->basis.by                 ? ", and not the same ones or other strata"
                                                    : ", and not the same ones");
        return error_hint(err, "the logs or the plan's population changed since the frame was "
                               "fixed; fix a new one before drawing");
    }
    return amounts->shares ? check_shares(frame, amounts->shares, err)
                           : check_sizes(frame, amounts->sizes, err);
}

static enum status begin(struct sample *sample, const struct frame *frame, const char *seed,
                         const char *seed_source, struct error *err)
{
    memcpy(sample->frame_digest, frame->digest, sizeof sample->frame_digest);
    sample->frame_count = frame->count;
    sample->basis = frame->basis;
    sample->basis.by = frame->basis.by ? mem_strdup(frame->basis.by) : NULL;
    sample->seed = mem_strdup(seed);
    sample->seed_source = mem_strdup(seed_source);
    sample->strata = mem_zalloc(frame->stratum_count, sizeof *sample->strata);
    if (!sample->seed || !sample->seed_source || !sample->strata ||
        (frame->basis.by && !sample->basis.by))
        return error_nomem(err);
    for (; sample->stratum_count < frame->stratum_count; sample->stratum_count++) {
        struct sample_stratum *to = &sample->strata[sample->stratum_count];
        const struct frame_stratum *from = &frame->strata[sample->stratum_count];
        *to = (struct sample_stratum){.name = mem_strdup(from->name), .count = from->count};
        if (!to->name)
            return error_nomem(err);
    }
    return STATUS_OK;
}

enum status sample_draw(struct sample *sample, const struct frame_units *laid,
                        const struct frame *frame, const struct sample_amounts *amounts,
                        const char *seed, const char *seed_source, struct error *err)
{
    TRY(check_request(laid, frame, amounts, seed, seed_source, err));
    enum status status = begin(sample, frame, seed, seed_source, err);
    if (status == STATUS_OK)
        status = draw_units(sample, laid, amounts, err);
    if (status != STATUS_OK) {
        sample_release(sample);
        sample_init(sample);
    }
    return status;
}

/* ---- checking ---- */

struct checking {
    const struct sample *sample;
    const struct frame_units *laid;
    struct ticket_maker **makers; /* [workers] */
    atomic_uchar *found;          /* [ids.count] */
    struct unit_place *places;    /* or NULL */
    atomic_uint_fast64_t missing; /* at or under the cut-off, not in the sample */
    atomic_uint_fast64_t doubled; /* units of the frame with the same id */
};

static bool in_stratum(const struct sample_stratum *stratum, uint32_t number)
{
    return number >= stratum->first && number - stratum->first < stratum->size;
}

static enum status check_unit(void *context, unsigned worker, size_t part, uint32_t row,
                              struct span id, struct error *err)
{
    struct checking *c = context;
    const struct sample_stratum *stratum =
        &c->sample->strata[strata_of(&c->laid->strata, part, row)];
    struct sha256 ticket;
    if (stratum->size == 0 && stratum->share == 0)
        return STATUS_OK;
    TRY(ticket_of(c->makers[worker], id.data, id.len, &ticket, err));
    if (ticket_compare(&ticket, &stratum->cut_off) > 0)
        return STATUS_OK;
    uint32_t number = intern_find(&c->sample->ids, id.data, id.len);
    if (number == INTERN_NONE || !in_stratum(stratum, number)) {
        atomic_fetch_add(&c->missing, 1);
        return STATUS_OK;
    }
    if (atomic_exchange(&c->found[number], 1))
        atomic_fetch_add(&c->doubled, 1);
    else if (c->places)
        c->places[number] = (struct unit_place){(uint32_t)part, row};
    return STATUS_OK;
}

/* Without the frame: tickets of a stratum ascend and end at the cut-off. */
static enum status check_order(const struct sample *sample, const struct sample_stratum *stratum,
                               struct ticket_maker *maker, struct error *err)
{
    struct sha256 last, ticket;
    for (size_t i = stratum->first; i < stratum->first + stratum->size; i++) {
        const struct intern_text *id = &sample->ids.items[i];
        TRY(ticket_of(maker, id->text, id->len, &ticket, err));
        if (ticket_compare(&ticket, &stratum->cut_off) > 0)
            return error_set(err, STATUS_PLAN, NULL,
                             "the ticket of ids[%zu] is over the cut-off: it was not drawn with "
                             "this seed",
                             i);
        if (i > stratum->first && ticket_compare(&ticket, &last) <= 0)
            return error_set(err, STATUS_PLAN, NULL, "ids[%zu] is not in the order of tickets", i);
        last = ticket;
    }
    if (stratum->size && stratum->share == 0 && ticket_compare(&last, &stratum->cut_off) != 0)
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

static enum status check_strata(const struct sample *sample, const struct frame_units *laid,
                                struct error *err)
{
    bool same = sample->stratum_count == laid->strata.count;
    for (size_t h = 0; same && h < sample->stratum_count; h++)
        same = sample->strata[h].count == laid->strata.items[h].count &&
               strcmp(sample->strata[h].name, laid->strata.items[h].name) == 0;
    return same ? STATUS_OK
                : error_set(err, STATUS_PLAN, NULL, "its strata are not those of the frame");
}

enum status sample_check(const struct sample *sample, const struct frame_units *laid,
                         struct unit_place *places, struct error *err)
{
    enum status status = STATUS_OK;
    unsigned workers = parallel_processors();
    struct checking c = {.sample = sample, .laid = laid, .places = places};
    TRY(check_strata(sample, laid, err));
    c.makers = mem_zalloc(workers, sizeof *c.makers);
    c.found = mem_zalloc(sample->ids.count, sizeof *c.found);
    if (!c.makers || !c.found) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(makers_new(c.makers, workers, sample->seed, err));
    for (size_t h = 0; h < sample->stratum_count; h++)
        TRY_CLEANUP(check_order(sample, &sample->strata[h], c.makers[0], err));
    TRY_CLEANUP(units_each(&laid->units, workers, check_unit, &c, err));
    status = judge(&c, err);
cleanup:
    makers_free(c.makers, workers);
    free(c.found);
    return status;
}
