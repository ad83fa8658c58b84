/* Counting samples with labels: see labelled_sample.h. */
#include "base/civil.h"
#include "base/memory.h"
#include "queries/labelled_sample.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct counting {
    const struct labelled_sample *l;
    const struct unit_set *found; /* or NULL: parts are what it found and what it left */
    const struct strata *cross;   /* or NULL: parts are its strata */
    unsigned wanted;              /* the label that counts as relevant */
    size_t parts;                 /* of each stratum of the frame */
    size_t predicted;             /* the part that is predicted to be relevant, or SIZE_MAX */
    struct tally_stratum *cells;  /* [strata * parts] */
    size_t count;
    uint64_t *last;                  /* [cells] user + 1 that a unit was last seen of */
    struct tally_clusters *clusters; /* [cells] of a clustered sample */
    struct tally_found_unit *found_units;
    size_t found_count;
    struct tally_labelled_unit *labelled; /* or NULL: exchanges */
    size_t labelled_count;
};

static struct tally_stratum *cell_of(const struct counting *c, size_t part, uint32_t row)
{
    size_t own = c->found   ? !unit_set_has(c->found, part, row)
                 : c->cross ? strata_of(c->cross, part, row)
                            : 0;
    return &c->cells[strata_of(&c->l->laid.strata, part, row) * c->parts + own];
}

static void count_user(struct counting *c, struct tally_stratum *cell, uint32_t user)
{
    uint64_t *last = &c->last[cell - c->cells];
    cell->users += *last != user + 1ull;
    *last = user + 1ull;
}

static void count_population(void *context, uint32_t user, size_t part, uint32_t row)
{
    struct counting *c = context;
    struct tally_stratum *cell = cell_of(c, part, row);
    cell->population++;
    count_user(c, cell, user);
}

/* What a unit is taken for in the end. */
enum decision { RELEVANT, IRRELEVANT, UNDECIDED };

static bool is_undecided(enum label label)
{
    return label == LABEL_MISSING || label == LABEL_UNREADABLE || label == LABEL_DISAGREED;
}

static enum decision decide(struct tally_stratum *cell, enum label label, unsigned wanted)
{
    cell->relevant += label == wanted;
    cell->missing += label == LABEL_MISSING;
    cell->unreadable += is_undecided(label);
    return label == wanted ? RELEVANT : is_undecided(label) ? UNDECIDED : IRRELEVANT;
}

/* A unit whose label is checked. */
static enum decision decide_again(struct tally_stratum *cell, enum label label, enum label check)
{
    bool unclear = check == LABEL_UNREADABLE || check == LABEL_DISAGREED;
    cell->labelled += label == LABEL_RELEVANT;
    if (label != LABEL_IRRELEVANT) {
        enum decision decision = decide(cell, check, LABEL_RELEVANT);
        cell->upheld += label == LABEL_RELEVANT && decision == RELEVANT;
        return decision;
    }
    cell->cleared++;
    cell->checked += check != LABEL_MISSING;
    cell->overturned += check == LABEL_RELEVANT;
    cell->unclear += unclear;
    return check == LABEL_RELEVANT ? RELEVANT : unclear ? UNDECIDED : IRRELEVANT;
}

struct decided_unit {
    uint32_t user; /* catalogue->users where nobody knows */
    uint32_t cell;
};

/* Units, by what they were decided to be; of the undecided none is listed. */
struct decided {
    struct decided_unit *units[UNDECIDED];
    size_t count[UNDECIDED];
};

static enum status decided_init(struct decided *decided, size_t most, struct error *err)
{
    *decided = (struct decided){.count = {0}};
    for (size_t i = 0; i < UNDECIDED; i++)
        decided->units[i] = mem_zalloc(most, sizeof *decided->units[i]);
    return decided->units[RELEVANT] && decided->units[IRRELEVANT] ? STATUS_OK : error_nomem(err);
}

static void decided_release(struct decided *decided)
{
    for (size_t i = 0; i < UNDECIDED; i++)
        free(decided->units[i]);
}

/* CONVERSATION: where it is, or the unit's own one. */
static void note_unit(struct counting *c, struct decided *decided, enum decision decision,
                      struct unit_place conversation, struct tally_stratum *cell)
{
    const struct catalogue *catalogue = c->l->source->catalogue;
    uint32_t user = catalogue_user(&catalogue->parts[conversation.part], conversation.row);
    bool known = user != PART_NO_CODE;
    struct decided_unit unit = {known ? user : catalogue->users, (uint32_t)(cell - c->cells)};
    if (c->labelled)
        c->labelled[c->labelled_count++] = (struct tally_labelled_unit){
            conversation.part,     conversation.row, unit.cell, unit.user, known,
            decision == IRRELEVANT};
    if (decision == UNDECIDED)
        return;
    decided->units[decision][decided->count[decision]++] = unit;
    cell->irrelevant += decision == IRRELEVANT;
}

static const struct decided_unit *last_noted(const struct decided *decided, enum decision decision)
{
    return &decided->units[decision][decided->count[decision] - 1];
}

static int compare_decided(const void *a, const void *b)
{
    const struct decided_unit *left = a, *right = b;
    if (left->cell != right->cell)
        return left->cell < right->cell ? -1 : 1;
    return (left->user > right->user) - (left->user < right->user);
}

static uint32_t *users_in(struct tally_stratum *stratum, enum decision decision)
{
    return decision == RELEVANT ? &stratum->relevant_users : &stratum->irrelevant_users;
}

/* Distinct users of such units, of each cell and of all; they are sorted on the way. */
static void count_decided(struct counting *c, struct decided *decided, enum decision decision,
                          struct tally_stratum *whole)
{
    struct decided_unit *units = decided->units[decision];
    size_t count = decided->count[decision];
    for (int pass = 0; pass < 2; pass++) {
        if (count)
            qsort(units, count, sizeof *units, compare_decided);
        for (size_t i = 0; i < count; i++)
            if (i == 0 || compare_decided(&units[i - 1], &units[i]) != 0)
                ++*users_in(pass == 0 ? &c->cells[units[i].cell] : whole, decision);
        for (size_t i = 0; i < count; i++)
            units[i].cell = 0;
    }
}

static enum status count_drawn(struct counting *c, struct tally_stratum *whole, struct error *err)
{
    const struct labelled_sample *l = c->l;
    struct decided decided;
    enum status status = decided_init(&decided, l->sample.ids.count, err);
    for (size_t i = 0; status == STATUS_OK && i < l->sample.ids.count; i++) {
        struct unit_place place = l->places[i];
        if (!bitmap_contains(l->units.rows[place.part], place.row))
            continue;
        struct tally_stratum *cell = cell_of(c, place.part, place.row);
        enum label label = l->labels.units ? (enum label)l->labels.units[i] : LABEL_MISSING;
        cell->drawn++;
        cell->disagreements += label == LABEL_DISAGREED;
        enum decision decision = l->checks.units
                                     ? decide_again(cell, label, (enum label)l->checks.units[i])
                                     : decide(cell, label, c->wanted);
        struct unit_place at = {place.part, unit_conversation(&l->units, place.part, place.row)};
        note_unit(c, &decided, decision, at, cell);
        if (c->found_units && decision != UNDECIDED &&
            unit_set_has(c->found, place.part, place.row))
            c->found_units[c->found_count++] = (struct tally_found_unit){
                (uint32_t)i, last_noted(&decided, decision)->user, decision == RELEVANT};
    }
    for (enum decision i = RELEVANT; status == STATUS_OK && i < UNDECIDED; i++)
        count_decided(c, &decided, i, whole);
    decided_release(&decided);
    return status;
}

static void add_cell(struct tally_stratum *whole, const struct tally_stratum *cell)
{
    whole->population += cell->population;
    whole->drawn += cell->drawn;
    whole->relevant += cell->relevant;
    whole->irrelevant += cell->irrelevant;
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
                          struct decided *decided)
{
    const struct labelled_sample *l = c->l;
    struct unit_place place = l->places[number];
    size_t h = strata_of(&l->laid.strata, place.part, place.row);
    struct tally_stratum *cell = &c->cells[h];
    struct tally_clusters *sums = &clusters[h];
    uint64_t m = 0, y[2] = {0, 0};
    for (uint32_t e = l->starts[number]; e < l->starts[number + 1]; e++) {
        struct unit_place at = l->element_places[e];
        at.row = unit_conversation(&l->element_units, at.part, at.row);
        if (!population_has(l->source->population, at.part, at.row))
            continue; /* capped */
        m++;
        enum label label = l->labels.units ? (enum label)l->labels.units[e] : LABEL_MISSING;
        cell->drawn++;
        cell->disagreements += label == LABEL_DISAGREED;
        enum decision decision = decide(cell, label, LABEL_RELEVANT);
        y[0] += decision == RELEVANT;
        y[1] += decision != IRRELEVANT;
        note_unit(c, decided, decision, at, cell);
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
    struct tally_stratum *cell = cell_of(c, part, row);
    c->clusters[cell - c->cells].clusters++;
    count_user(c, cell, user);
    if (l->units.kind != UNIT_USER)
        cell->population += of->exchanges[conversation];
}

/* Elements of each user's stratum: every conversation counts where its user's first one stands. */
static void count_users_elements(struct counting *c)
{
    const struct labelled_sample *l = c->l;
    const struct population *population = l->source->population;
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
    struct decided decided;
    enum status status = decided_init(&decided, l->elements.count, err);
    out->clusters = arena_zalloc(&tally->arena, c->count, sizeof *out->clusters);
    if (status != STATUS_OK || !out->clusters) {
        decided_release(&decided);
        return error_nomem(err);
    }
    c->clusters = out->clusters;
    units_by_user(&l->units, count_elements, c);
    if (l->units.kind == UNIT_USER)
        count_users_elements(c);
    for (size_t i = 0; i < l->sample.ids.count; i++)
        if (bitmap_contains(l->units.rows[l->places[i].part], l->places[i].row))
            count_cluster(c, i, out->clusters, &decided);
    for (enum decision i = RELEVANT; i < UNDECIDED; i++)
        count_decided(c, &decided, i, &out->whole);
    decided_release(&decided);
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

/* Labels then and now, of units that are in the population. */
static void compare_labels(const struct labelled_sample *l, struct tally_changes *out)
{
    out->compared = l->previous.units && l->labels.units;
    for (size_t i = 0; out->compared && i < l->labels.count; i++) {
        struct unit_place place = l->clustered ? l->element_places[i] : l->places[i];
        const struct units *units = l->clustered ? &l->element_units : &l->units;
        if (bitmap_contains(units->rows[place.part], place.row))
            out->units[l->previous.units[i] * TALLY_LABELS + l->labels.units[i]]++;
    }
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
    out->check_share = l->query->check_share;
    out->frame = sample->frame_count;
    out->frame_drawn = sample->ids.count;
    out->rejected = count_rejected(l->source->catalogue);
    out->reviewers = l->labels.reviewers;
    out->agreement = l->labels.agreement;
    if (out->search == TALLY_NO_SEARCH)
        compare_labels(l, &out->changes);
    out->draw = sample->draw;
    memcpy(out->frame_digest, sample->frame_digest, sizeof out->frame_digest);
    memcpy(out->sample_digest, sample->sha256, sizeof out->sample_digest);
    if (sample->stratum_count == 1 && (sample->strata[0].size || sample->strata[0].share > 0))
        sha256_hex(&sample->strata[0].cut_off, out->cut_off);
    if (sample->basis.by &&
        !(out->by = arena_strndup(&tally->arena, sample->basis.by, strlen(sample->basis.by))))
        return error_nomem(err);
    if (sample->strata[0].share > 0) {
        double *shares = arena_zalloc(&tally->arena, sample->stratum_count, sizeof *shares);
        if (!shares)
            return error_nomem(err);
        for (size_t h = 0; h < sample->stratum_count; h++)
            shares[h] = sample->strata[h].share;
        out->shares = shares;
    }
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

/* False for lack of memory. */
static bool make_lists(struct counting *c, struct tally *tally)
{
    const struct labelled_sample *l = c->l;
    enum unit_kind kind = l->clustered ? l->element_units.kind : l->units.kind;
    size_t most = labelled_sample_ids(l)->count + 1;
    bool found = c->found && !l->clustered, labelled = kind != UNIT_EXCHANGE;
    if (found)
        c->found_units = arena_zalloc(&tally->arena, most, sizeof *c->found_units);
    if (labelled)
        c->labelled = arena_zalloc(&tally->arena, most, sizeof *c->labelled);
    return (!found || c->found_units) && (!labelled || c->labelled);
}

static enum status tally_parts(struct counting *c, size_t query, long search, struct tally *tally,
                               struct error *err)
{
    struct tally_sample out = {.query = query, .search = search};
    out.parts = c->parts = c->found ? 2 : c->cross ? c->cross->count : 1;
    out.predicted = c->predicted;
    c->count = c->l->laid.strata.count * c->parts;
    c->cells = arena_zalloc(&tally->arena, c->count, sizeof *c->cells);
    c->last = mem_zalloc(c->count, sizeof *c->last);
    if (!c->cells || !c->last || !make_lists(c, tally)) {
        free(c->last);
        return error_nomem(err);
    }
    enum status status;
    if (c->l->clustered) {
        status = count_clusters(c, tally, &out, err);
    } else {
        units_by_user(&c->l->units, count_population, c);
        status = count_drawn(c, &out.whole, err);
    }
    free(c->last);
    TRY(status);
    out.found_units = c->found_units;
    out.found_count = c->found_count;
    out.labelled = c->labelled;
    out.labelled_count = c->labelled_count;
    out.labels_of = (size_t)(c->l->query - c->l->source->plan->queries);
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
    struct counting c = {
        .l = l, .found = found, .wanted = LABEL_RELEVANT, .predicted = found ? 0 : SIZE_MAX};
    return tally_parts(&c, query, search, tally, err);
}

enum status labelled_sample_tally_label(const struct labelled_sample *l, const struct strata *cross,
                                        const struct label_wanted *wanted, size_t query,
                                        long search, struct tally *tally, struct error *err)
{
    struct counting c = {.l = l, .cross = cross, .wanted = wanted->label, .predicted = SIZE_MAX};
    for (size_t i = 0; i < cross->count; i++)
        if (strcmp(cross->items[i].name, wanted->name) == 0)
            c.predicted = i;
    return tally_parts(&c, query, search, tally, err);
}
