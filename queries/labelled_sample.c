/* Samples with labels: see labelled_sample.h. */
#include "queries/labelled_sample.h"

#include "base/civil.h"
#include "base/file.h"
#include "base/memory.h"
#include "queries/ticket.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void labelled_sample_release(struct labelled_sample *l)
{
    sample_release(&l->sample);
    frame_units_release(&l->laid);
    units_release(&l->units);
    population_release(&l->frame);
    labels_release(&l->labels);
    labels_release(&l->checks);
    free(l->places);
    units_release(&l->element_units);
    intern_release(&l->elements);
    free(l->element_places);
    free(l->starts);
    *l = (struct labelled_sample){.source = NULL};
}

static enum status check_looks(const struct labelled_sample *l, struct error *err)
{
    const char *method = l->query->method;
    if (l->sample.look_count == 0 || (method && strcmp(method, "anytime") == 0))
        return STATUS_OK;
    error_set(err, STATUS_PLAN, l->query->sample_path,
              "looks: labels were read at %" PRIu64 " units before the sample grew to %zu, and a "
              "bound for a fixed size does not hold after that",
              l->sample.looks[0], l->sample.ids.count);
    error_hint(err,
               "\"method\": \"anytime\" in the plan bounds it all the same, wider; a bound for "
               "a fixed size needs a sample of its own, with a seed of its own");
    return STATUS_PLAN;
}

/* The prior of a bound at every look is the one that the draw noted, or the even one. */
static enum status check_prior(const struct labelled_sample *l, struct error *err)
{
    const struct plan_query *query = l->query;
    double a = 1, b = 1;
    if (!query->method || strcmp(query->method, "anytime") != 0)
        return STATUS_OK;
    for (size_t i = 0; i < l->sample.prior_count; i++)
        if (strcmp(l->sample.priors[i].query, query->id) == 0) {
            a = l->sample.priors[i].a;
            b = l->sample.priors[i].b;
        }
    if (query->prior[0] == a && query->prior[1] == b)
        return STATUS_OK;
    error_set(err, STATUS_PLAN, query->sample_path,
              "the plan's prior of \"%s\" is Beta(%.15g, %.15g), and Beta(%.15g, %.15g) was fixed "
              "when the sample was drawn",
              query->id, query->prior[0], query->prior[1], a, b);
    return error_hint(err, "a prior is fixed before the first label; put it into the plan before "
                           "proffer draw, or leave it as it was then (the even one where none was "
                           "noted)");
}

/* Whether the query's unit is the drawn one, or one that it holds. */
static enum status check_unit(struct labelled_sample *l, struct error *err)
{
    enum unit_kind drawn = l->sample.basis.kind;
    const char *asked = l->query->unit;
    if (!asked || strcmp(asked, unit_kinds[drawn]) == 0)
        return STATUS_OK;
    l->clustered = (drawn == UNIT_CONVERSATION && strcmp(asked, "exchange") == 0) ||
                   (drawn == UNIT_USER && strcmp(asked, "user") != 0);
    if (l->clustered && !l->query->check_path && !l->query->has_search)
        return STATUS_OK;
    if (l->clustered)
        error_set(err, STATUS_PLAN, l->query->sample_path,
                  "%ss were drawn, and the query's unit is the %s: labels cannot be checked and no "
                  "search judged then",
                  unit_kinds[drawn], asked);
    else
        error_set(err, STATUS_PLAN, l->query->sample_path,
                  "its unit is the %s, and the query's is the %s", unit_kinds[drawn], asked);
    return error_hint(err,
                      "bounds are exact only for the unit that was drawn: fix a frame of %ss "
                      "(proffer frame PLAN --unit %s) and draw from it",
                      asked, asked);
}

/* ---- elements of drawn clusters ---- */

static enum status add_element(struct labelled_sample *l, size_t *capacity, size_t part,
                               uint32_t row, struct error *err)
{
    char scratch[UNIT_ID_MAX];
    uint32_t number;
    struct span id = unit_id(&l->element_units, part, row, scratch);
    TRY(intern_add(&l->elements, id.data, id.len, &number, err));
    if (number + 1 != l->elements.count)
        return error_set(err, STATUS_INPUT, NULL, "two elements of drawn units have the same id");
    struct unit_place *grown =
        mem_grow(l->element_places, capacity, l->elements.count, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    l->element_places = grown;
    grown[number] = (struct unit_place){(uint32_t)part, row};
    return STATUS_OK;
}

static enum status add_conversation(struct labelled_sample *l, size_t *capacity, size_t part,
                                    uint32_t row, struct error *err)
{
    const struct catalogue_part *of = &l->source->catalogue->parts[part];
    if (l->element_units.kind == UNIT_CONVERSATION)
        return add_element(l, capacity, part, row, err);
    for (uint32_t e = of->first_exchange[row]; e < of->first_exchange[row + 1ull]; e++)
        TRY(add_element(l, capacity, part, e, err));
    return STATUS_OK;
}

static enum status add_cluster(struct labelled_sample *l, size_t *capacity, struct unit_place place,
                               struct error *err)
{
    const struct catalogue *catalogue = l->source->catalogue;
    const struct population *population = l->laid.units.population;
    uint32_t user = catalogue_user(&catalogue->parts[place.part], place.row);
    if (l->laid.units.kind != UNIT_USER || user == PART_NO_CODE)
        return add_conversation(l, capacity, place.part, place.row, err);
    for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull]; i++) {
        uint32_t row;
        const struct catalogue_part *part =
            population_part(catalogue, population->by_user[i], &row);
        TRY(add_conversation(l, capacity, (size_t)(part - catalogue->parts), row, err));
    }
    return STATUS_OK;
}

static enum status list_elements(struct labelled_sample *l, struct error *err)
{
    size_t capacity = 0, count = l->sample.ids.count;
    enum unit_kind kind =
        strcmp(l->query->unit, "exchange") == 0 ? UNIT_EXCHANGE : UNIT_CONVERSATION;
    TRY(units_init(&l->element_units, l->laid.units.population, kind, l->sample.basis.naming, err));
    l->starts = mem_zalloc(count + 1, sizeof *l->starts);
    if (!l->starts)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        TRY(add_cluster(l, &capacity, l->places[i], err));
        l->starts[i + 1] = (uint32_t)l->elements.count;
    }
    return STATUS_OK;
}

/* ---- the frame ---- */

static enum status check_inside(const struct labelled_sample *l, struct error *err)
{
    const struct units *inner = &l->units, *outer = &l->laid.units;
    uint64_t outside = inner->count;
    for (size_t p = 0; p < inner->catalogue->count; p++)
        outside -= bitmap_and_count(inner->rows[p], outer->rows[p]);
    if (outside == 0)
        return STATUS_OK;
    error_set(err, STATUS_PLAN, l->query->sample_path,
              "%" PRIu64 " of the %" PRIu64 " %s of the population are not in the frame that the "
              "sample was drawn from",
              outside, inner->count, unit_plurals[inner->kind]);
    return error_hint(err, "a sample says nothing of what could not be drawn: narrow the "
                           "population, or fix a new frame and draw from it");
}

/* The frame made again from its file, which is beside the plan. */
static enum status restore_frame(struct labelled_sample *l, const char *path, struct error *err)
{
    enum status status = STATUS_OK;
    const struct sample *sample = &l->sample;
    struct frame frame = {.filter = NULL};
    if (!file_exists(path))
        return error_set(err, STATUS_PLAN, l->query->sample_path,
                         "the sample was drawn from another set than the population, and there is "
                         "no frame \"%s\" to compare with",
                         path);
    TRY_CLEANUP(frame_read(&frame, path, err));
    if (strcmp(frame.digest, sample->frame_digest) != 0 ||
        frame.basis.naming != sample->basis.naming || frame.basis.kind != sample->basis.kind ||
        frame.count != sample->frame_count) {
        status = error_set(err, STATUS_PLAN, l->query->sample_path,
                           "the sample was not drawn from the frame \"%s\"", path);
        error_hint(err, "draw a sample from this frame into a new file");
        goto cleanup;
    }
    frame_units_release(&l->laid);
    status = frame_restore(&frame, l->source, &l->frame, &l->laid, err);
    if (status != STATUS_OK) {
        error_within(err, path);
        goto cleanup;
    }
    if (l->units.kind == UNIT_USER) {
        status = error_set(err, STATUS_PLAN, l->query->sample_path,
                           "the population is not the frame that the sample was drawn from, and a "
                           "user's label says nothing of a part of the user's conversations");
        error_hint(err, "fix a frame of the users of this population and draw from it");
        goto cleanup;
    }
    status = check_inside(l, err);
cleanup:
    frame_release(&frame);
    return status;
}

/* The sample's frame: the population itself, or made again from the frame's file. */
static enum status find_frame(struct labelled_sample *l, struct error *err)
{
    const struct sample *sample = &l->sample;
    bool matches = false;
    enum status status = frame_lay(&l->laid, &sample->basis, l->source, err);
    if (status == STATUS_OK)
        status = frame_matches(&l->laid, sample->frame_digest, sample->frame_count, &matches, err);
    if (status != STATUS_OK) {
        error_within(err, l->query->sample_path);
        return status;
    }
    TRY(units_init(&l->units, l->source->population, sample->basis.kind, sample->basis.naming,
                   err));
    if (matches)
        return STATUS_OK;
    l->narrower = true;
    char *path = frame_default_path(l->source->plan);
    if (!path)
        return error_nomem(err);
    status = restore_frame(l, path, err);
    free(path);
    return status;
}

/* ---- checked labels ---- */

char *labelled_sample_check_seed(const struct plan_query *query, const struct sample *sample)
{
    if (query->check_seed)
        return mem_strdup(query->check_seed);
    return mem_printf("%s/adjudication", sample->seed);
}

struct ticketed {
    struct sha256 ticket;
    uint32_t number; /* of the unit */
};

static int compare_tickets(const void *a, const void *b)
{
    const struct ticketed *left = a, *right = b;
    return ticket_compare(&left->ticket, &right->ticket);
}

/* The checked ones of a stratum's cleared units are those with the smallest tickets. */
static enum status check_prefix(const struct labelled_sample *l, struct ticket_maker *maker,
                                const struct sample_stratum *stratum, struct ticketed *cleared,
                                struct error *err)
{
    size_t count = 0;
    for (size_t i = stratum->first; i < stratum->first + stratum->size; i++) {
        if (l->labels.units[i] != LABEL_IRRELEVANT)
            continue;
        const struct intern_text *id = &l->sample.ids.items[i];
        cleared[count].number = (uint32_t)i;
        TRY(ticket_of(maker, id->text, id->len, &cleared[count++].ticket, err));
    }
    if (count)
        qsort(cleared, count, sizeof *cleared, compare_tickets);
    const struct ticketed *left_out = NULL;
    for (size_t i = 0; i < count; i++) {
        bool checked = l->checks.units[cleared[i].number] != LABEL_MISSING;
        if (checked && left_out) {
            error_set(err, STATUS_INPUT, l->query->check_path,
                      "\"%s\" was checked, but not \"%s\", whose ticket comes before it",
                      l->sample.ids.items[cleared[i].number].text,
                      l->sample.ids.items[left_out->number].text);
            return error_hint(err, "of the units labelled irrelevant those with the smallest "
                                   "tickets are checked, so that nobody chooses them: proffer "
                                   "packet PLAN SAMPLE --adjudicate N lists them");
        }
        if (!checked)
            left_out = &cleared[i];
    }
    return STATUS_OK;
}

static enum status check_checks(const struct labelled_sample *l, struct error *err)
{
    struct ticket_maker *maker = NULL;
    enum status status = STATUS_OK;
    char *seed = labelled_sample_check_seed(l->query, &l->sample);
    struct ticketed *cleared = mem_zalloc(l->sample.ids.count, sizeof *cleared);
    if (!seed || !cleared) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(ticket_maker_new(&maker, seed, err));
    for (size_t h = 0; h < l->sample.stratum_count; h++)
        TRY_CLEANUP(check_prefix(l, maker, &l->sample.strata[h], cleared, err));
cleanup:
    ticket_maker_free(maker);
    free(cleared);
    free(seed);
    return status;
}

/* ---- opening ---- */

enum status labelled_sample_find(struct labelled_sample *l, const struct tally_source *source,
                                 size_t number, bool *there, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    *l = (struct labelled_sample){
        .source = source, .query = query, .laid = {.strata = {.arena = ARENA_INIT}}};
    sample_init(&l->sample);
    intern_init(&l->elements);
    *there = query->sample_path && file_exists(query->sample_path);
    if (!*there)
        return STATUS_OK;
    TRY(sample_read(&l->sample, query->sample_path, err));
    TRY(check_looks(l, err));
    TRY(check_prior(l, err));
    TRY(check_unit(l, err));
    TRY(find_frame(l, err));
    l->places = mem_zalloc(l->sample.ids.count, sizeof *l->places);
    if (!l->places)
        return error_nomem(err);
    enum status status = sample_check(&l->sample, &l->laid, l->places, err);
    if (status != STATUS_OK)
        error_within(err, query->sample_path);
    return status == STATUS_OK && l->clustered ? list_elements(l, err) : status;
}

enum status labelled_sample_open(struct labelled_sample *l, const struct tally_source *source,
                                 size_t number, bool *there, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    TRY(labelled_sample_find(l, source, number, there, err));
    if (*there && query->labels_path && file_exists(query->labels_path))
        TRY(labels_read(&l->labels, query->labels_path, NULL, labelled_sample_ids(l), err));
    if (!query->check_path || !l->labels.units)
        return STATUS_OK;
    if (!file_exists(query->check_path)) {
        l->checks.units = mem_zalloc(l->sample.ids.count, sizeof *l->checks.units);
        return l->checks.units ? STATUS_OK : error_nomem(err);
    }
    TRY(labels_read(&l->checks, query->check_path, NULL, &l->sample.ids, err));
    return check_checks(l, err);
}

/* ---- counting ---- */

struct counting {
    const struct labelled_sample *l;
    const struct unit_set *found; /* or NULL: parts are what it found and what it left */
    const struct strata *cross;   /* or NULL: parts are its strata */
    unsigned wanted;              /* the label that counts as relevant */
    size_t parts;                 /* of each stratum of the frame */
    struct tally_stratum *cells;  /* [strata * parts] */
    size_t count;
    uint64_t *last; /* [cells] user + 1 that a unit was last seen of */
};

static struct tally_stratum *cell_of(const struct counting *c, size_t part, uint32_t row)
{
    size_t own = c->found   ? !unit_set_has(c->found, part, row)
                 : c->cross ? strata_of(c->cross, part, row)
                            : 0;
    return &c->cells[strata_of(&c->l->laid.strata, part, row) * c->parts + own];
}

static void count_population(void *context, uint32_t user, size_t part, uint32_t row)
{
    struct counting *c = context;
    struct tally_stratum *cell = cell_of(c, part, row);
    uint64_t *last = &c->last[cell - c->cells];
    cell->population++;
    cell->users += *last != user + 1ull;
    *last = user + 1ull;
}

static void decide(struct tally_stratum *cell, enum label label, unsigned wanted, bool *relevant)
{
    *relevant = label == wanted;
    cell->relevant += label == wanted;
    cell->missing += label == LABEL_MISSING;
    cell->unreadable +=
        label == LABEL_MISSING || label == LABEL_UNREADABLE || label == LABEL_DISAGREED;
}

/* A unit whose label is checked. */
static void decide_again(struct tally_stratum *cell, enum label label, enum label check,
                         bool *relevant)
{
    *relevant = check == LABEL_RELEVANT;
    cell->labelled += label == LABEL_RELEVANT;
    if (label != LABEL_IRRELEVANT) {
        decide(cell, check, LABEL_RELEVANT, relevant);
        cell->upheld += label == LABEL_RELEVANT && *relevant;
        return;
    }
    cell->cleared++;
    cell->checked += check != LABEL_MISSING;
    cell->overturned += *relevant;
    cell->unclear += check == LABEL_UNREADABLE || check == LABEL_DISAGREED;
}

struct relevant_unit {
    uint32_t user; /* catalogue->users where nobody knows */
    uint32_t cell;
};

static int compare_relevant(const void *a, const void *b)
{
    const struct relevant_unit *left = a, *right = b;
    if (left->cell != right->cell)
        return left->cell < right->cell ? -1 : 1;
    return (left->user > right->user) - (left->user < right->user);
}

/* Distinct users of relevant units, of each cell and of all; UNITS is sorted on the way. */
static void count_relevant_users(struct counting *c, struct relevant_unit *units, size_t count,
                                 uint32_t *all)
{
    for (int pass = 0; pass < 2; pass++) {
        if (count)
            qsort(units, count, sizeof *units, compare_relevant);
        for (size_t i = 0; i < count; i++) {
            bool first = i == 0 || compare_relevant(&units[i - 1], &units[i]) != 0;
            uint32_t *users = pass == 0 ? &c->cells[units[i].cell].relevant_users : all;
            *users += first;
        }
        for (size_t i = 0; i < count; i++)
            units[i].cell = 0;
    }
}

static enum status count_drawn(struct counting *c, uint32_t *relevant_users, struct error *err)
{
    const struct labelled_sample *l = c->l;
    const struct catalogue *catalogue = l->source->catalogue;
    size_t count = 0;
    struct relevant_unit *relevant_units = mem_zalloc(l->sample.ids.count, sizeof *relevant_units);
    if (!relevant_units)
        return error_nomem(err);
    for (size_t i = 0; i < l->sample.ids.count; i++) {
        struct unit_place place = l->places[i];
        bool relevant;
        if (!bitmap_contains(l->units.rows[place.part], place.row))
            continue;
        struct tally_stratum *cell = cell_of(c, place.part, place.row);
        enum label label = l->labels.units ? (enum label)l->labels.units[i] : LABEL_MISSING;
        cell->drawn++;
        cell->disagreements += label == LABEL_DISAGREED;
        if (l->checks.units)
            decide_again(cell, label, (enum label)l->checks.units[i], &relevant);
        else
            decide(cell, label, c->wanted, &relevant);
        if (!relevant)
            continue;
        uint32_t row = unit_conversation(&l->units, place.part, place.row);
        uint32_t user = catalogue_user(&catalogue->parts[place.part], row);
        relevant_units[count++] = (struct relevant_unit){
            user == PART_NO_CODE ? catalogue->users : user, (uint32_t)(cell - c->cells)};
    }
    count_relevant_users(c, relevant_units, count, relevant_users);
    free(relevant_units);
    return STATUS_OK;
}

static void add_cell(struct tally_stratum *whole, const struct tally_stratum *cell)
{
    whole->population += cell->population;
    whole->drawn += cell->drawn;
    whole->relevant += cell->relevant;
    whole->unreadable += cell->unreadable;
    whole->missing += cell->missing;
    whole->disagreements += cell->disagreements;
    whole->labelled += cell->labelled;
    whole->upheld += cell->upheld;
    whole->cleared += cell->cleared;
    whole->checked += cell->checked;
    whole->overturned += cell->overturned;
    whole->unclear += cell->unclear;
}

/* ---- clusters ---- */

/* A drawn cluster's elements into its stratum's cell and sums. */
static void count_cluster(struct counting *c, size_t number, struct tally_clusters *clusters,
                          struct relevant_unit *relevant_units, size_t *count)
{
    const struct labelled_sample *l = c->l;
    const struct catalogue *catalogue = l->source->catalogue;
    struct unit_place place = l->places[number];
    size_t h = strata_of(&l->laid.strata, place.part, place.row);
    struct tally_stratum *cell = &c->cells[h];
    struct tally_clusters *sums = &clusters[h];
    uint64_t m = l->starts[number + 1] - l->starts[number], y[2] = {0, 0};
    for (uint32_t e = l->starts[number]; e < l->starts[number + 1]; e++) {
        enum label label = l->labels.units ? (enum label)l->labels.units[e] : LABEL_MISSING;
        bool relevant;
        uint64_t undecided = cell->unreadable;
        cell->drawn++;
        cell->disagreements += label == LABEL_DISAGREED;
        decide(cell, label, LABEL_RELEVANT, &relevant);
        y[0] += relevant;
        y[1] += relevant || cell->unreadable > undecided;
        if (!relevant)
            continue;
        struct unit_place at = l->element_places[e];
        uint32_t row = unit_conversation(&l->element_units, at.part, at.row);
        uint32_t user = catalogue_user(&catalogue->parts[at.part], row);
        relevant_units[(*count)++] =
            (struct relevant_unit){user == PART_NO_CODE ? catalogue->users : user, (uint32_t)h};
    }
    sums->drawn++;
    sums->m += m;
    sums->mm += m * m;
    for (size_t i = 0; i < 2; i++) {
        sums->y[i] += y[i];
        sums->yy[i] += y[i] * y[i];
        sums->ym[i] += y[i] * m;
    }
}

static void count_elements(void *context, uint32_t user, size_t part, uint32_t row)
{
    struct counting *c = context;
    const struct labelled_sample *l = c->l;
    const struct catalogue_part *of = &l->source->catalogue->parts[part];
    uint32_t conversation = unit_conversation(&l->units, part, row);
    (void)user;
    struct tally_stratum *cell = cell_of(c, part, row);
    cell->users++; /* clusters, for a while */
    if (l->units.kind != UNIT_USER)
        cell->population += of->exchanges[conversation];
}

/* Elements of each user's stratum: every conversation counts where its user's first one stands. */
static void count_users_elements(struct counting *c)
{
    const struct labelled_sample *l = c->l;
    const struct population *population = l->units.population;
    const struct catalogue *catalogue = l->source->catalogue;
    bool exchanges = l->element_units.kind == UNIT_EXCHANGE;
    for (uint32_t user = 0; user <= catalogue->users; user++) {
        struct tally_stratum *cell = NULL;
        uint64_t from = population->user_start[user], to = population->user_start[user + 1ull];
        for (uint64_t i = from; i < to; i++) {
            uint32_t row;
            const struct catalogue_part *part =
                population_part(catalogue, population->by_user[i], &row);
            if (i == from || user == catalogue->users)
                cell = cell_of(c, (size_t)(part - catalogue->parts), row);
            cell->population += exchanges ? part->exchanges[row] : 1;
        }
    }
}

static enum status count_clusters(struct counting *c, struct tally *tally, struct tally_sample *out,
                                  struct error *err)
{
    const struct labelled_sample *l = c->l;
    size_t count = 0;
    out->clusters = arena_zalloc(&tally->arena, c->count, sizeof *out->clusters);
    struct relevant_unit *relevant_units = mem_zalloc(l->elements.count, sizeof *relevant_units);
    if (!out->clusters || !relevant_units) {
        free(relevant_units);
        return error_nomem(err);
    }
    units_by_user(&l->units, count_elements, c);
    if (l->units.kind == UNIT_USER)
        count_users_elements(c);
    for (size_t h = 0; h < c->count; h++) {
        out->clusters[h].clusters = c->cells[h].users;
        c->cells[h].users = 0;
    }
    for (size_t i = 0; i < l->sample.ids.count; i++)
        if (bitmap_contains(l->units.rows[l->places[i].part], l->places[i].row))
            count_cluster(c, i, out->clusters, relevant_units, &count);
    count_relevant_users(c, relevant_units, count, &out->whole.relevant_users);
    free(relevant_units);
    out->drawn_units = unit_plurals[l->sample.basis.kind];
    return STATUS_OK;
}

static enum status name_cells(const struct counting *c, struct tally *tally, struct error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        size_t h = i / c->parts;
        c->cells[i].found = c->found && i % 2 == 0;
        c->cells[i].name = arena_printf(&tally->arena, "%s", c->l->laid.strata.items[h].name);
        if (!c->cells[i].name)
            return error_nomem(err);
    }
    return STATUS_OK;
}

/* Records of all parts that were rejected, whatever the reason. */
static uint64_t count_rejected(const struct catalogue *catalogue)
{
    uint64_t rejected = 0;
    for (size_t p = 0; p < catalogue->count; p++) {
        const json_t *reasons = json_object_get(segment_meta(catalogue->parts[p].base), "rejected");
        /* Jansson's iterator takes a pointer to a value that it does not change. */
        json_t *object = (json_t *)(uintptr_t)reasons;
        for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
            rejected += (uint64_t)json_integer_value(json_object_iter_value(at));
    }
    return rejected;
}

static enum status describe(const struct labelled_sample *l, struct tally *tally,
                            struct tally_sample *out, struct error *err)
{
    const struct sample *sample = &l->sample;
    enum unit_kind kind = l->clustered ? l->element_units.kind : sample->basis.kind;
    out->unit = unit_kinds[kind];
    out->units = unit_plurals[kind];
    out->checked = l->checks.units;
    out->check_all = l->query->check_all;
    out->frame = sample->frame_count;
    out->frame_drawn = sample->ids.count;
    out->rejected = count_rejected(l->source->catalogue);
    out->reviewers = l->labels.reviewers;
    out->agreement = l->labels.agreement;
    out->draw = sample->draw;
    memcpy(out->frame_digest, sample->frame_digest, sizeof out->frame_digest);
    memcpy(out->sample_digest, sample->sha256, sizeof out->sample_digest);
    out->seed_source =
        arena_strndup(&tally->arena, sample->seed_source, strlen(sample->seed_source));
    if (sample->seed_time != CIVIL_NONE) {
        char text[CIVIL_TIME_TEXT];
        civil_time_text(sample->seed_time, text);
        out->seed_time = arena_strndup(&tally->arena, text, strlen(text));
    }
    return out->seed_source && (out->seed_time || sample->seed_time == CIVIL_NONE)
               ? STATUS_OK
               : error_nomem(err);
}

static enum status tally_parts(struct counting *c, size_t query, long search, struct tally *tally,
                               struct error *err)
{
    struct tally_sample out = {.query = query, .search = search};
    c->parts = c->found ? 2 : c->cross ? c->cross->count : 1;
    c->count = c->l->laid.strata.count * c->parts;
    c->cells = arena_zalloc(&tally->arena, c->count, sizeof *c->cells);
    c->last = mem_zalloc(c->count, sizeof *c->last);
    if (!c->cells || !c->last) {
        free(c->last);
        return error_nomem(err);
    }
    if (c->l->clustered) {
        free(c->last);
        TRY(count_clusters(c, tally, &out, err));
    } else {
        units_by_user(&c->l->units, count_population, c);
        free(c->last);
        TRY(count_drawn(c, &out.whole.relevant_users, err));
    }
    for (size_t i = 0; i < c->count; i++)
        add_cell(&out.whole, &c->cells[i]);
    if (c->count > 1) {
        out.strata = c->cells;
        out.stratum_count = c->count;
    }
    TRY(name_cells(c, tally, err));
    TRY(describe(c->l, tally, &out, err));
    return tally_add_sample(tally, &out, err);
}

enum status labelled_sample_tally(const struct labelled_sample *l, const struct unit_set *found,
                                  size_t query, long search, struct tally *tally, struct error *err)
{
    struct counting c = {.l = l, .found = found, .wanted = LABEL_RELEVANT};
    return tally_parts(&c, query, search, tally, err);
}

enum status labelled_sample_tally_label(const struct labelled_sample *l, const struct strata *cross,
                                        unsigned wanted, size_t query, long search,
                                        struct tally *tally, struct error *err)
{
    struct counting c = {.l = l, .cross = cross, .wanted = wanted};
    return tally_parts(&c, query, search, tally, err);
}

const struct intern *labelled_sample_ids(const struct labelled_sample *l)
{
    return l->clustered ? &l->elements : &l->sample.ids;
}
