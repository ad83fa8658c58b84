/* Rows of several queries that count the same set: see slots_same.h. */
#include "queries/slots_same.h"

#include "base/memory.h"
#include "queries/tally_ties.h"
#include "queries/terms_relations.h"

#include <stdlib.h>
#include <string.h>

enum { BEFORE_MAX = 1000 }; /* of a row with more slots before it it is not asked what it counts */

/* What figures of such rows count. */
enum figure {
    FIGURE_CONVERSATIONS,
    FIGURE_USERS,
    FIGURE_HIT_EXCHANGES, /* in which it is found */
    FIGURE_HIT_TURNS,
    FIGURE_OCCURRENCES,
    FIGURE_ALL_EXCHANGES, /* of the conversations */
    FIGURE_ALL_WORDS,
    FIGURES
};

/* Their columns + 1 in a row's table; 0: it has none, or one of which that is not so. */
typedef unsigned char layout[FIGURES];

static const layout
    of_found = {[FIGURE_CONVERSATIONS] = 1,
                [FIGURE_HIT_EXCHANGES] = 2,
                [FIGURE_HIT_TURNS] = 3,
                [FIGURE_USERS] = 4,
                [FIGURE_OCCURRENCES] = 5},
    of_any_found = {[FIGURE_CONVERSATIONS] = 1, [FIGURE_HIT_EXCHANGES] = 2, [FIGURE_USERS] = 4},
    of_topics = {[FIGURE_CONVERSATIONS] = 1,
                 [FIGURE_ALL_EXCHANGES] = 2,
                 [FIGURE_USERS] = 3,
                 [FIGURE_ALL_WORDS] = 4},
    of_terms = {[FIGURE_CONVERSATIONS] = CONVERSATIONS + 1,
                [FIGURE_HIT_EXCHANGES] = EXCHANGES + 1,
                [FIGURE_HIT_TURNS] = TURNS + 1,
                [FIGURE_USERS] = USERS + 1,
                [FIGURE_OCCURRENCES] = OCCURRENCES + 1},
    of_any_term = {[FIGURE_CONVERSATIONS] = CONVERSATIONS + 1, [FIGURE_USERS] = USERS + 1},
    of_added_terms = {[FIGURE_CONVERSATIONS] = ADDED + 1};

struct entry {
    uint32_t set; /* number of what it counts */
    uint32_t query, row;
    const layout *columns;
};

struct same {
    const struct slots_queries *queries;
    bool new_only;
    struct tally *tally;
    struct intern sets; /* 'r', 'a' or 'n', then numbers of keys: a row's own and those before it,
                           ascending; those of any or none, ascending */
    struct entry *entries;
    size_t count, capacity;
    struct places places;
    char *text; /* [longest] */
    uint32_t *before;
};

/* ---- what rows count ---- */

static enum status add_entry(struct same *s, size_t query, size_t row, char what, uint32_t own,
                             size_t before, const layout *columns, struct error *err)
{
    size_t len = 0;
    struct entry *grown = mem_grow(s->entries, &s->capacity, s->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    s->entries = grown;
    s->text[len++] = what;
    if (what == 'r') {
        memcpy(s->text + len, &own, sizeof own);
        len += sizeof own;
    }
    memcpy(s->text + len, s->before, before * sizeof *s->before);
    len += before * sizeof *s->before;
    grown[s->count] = (struct entry){0, (uint32_t)query, (uint32_t)row, columns};
    return intern_add(&s->sets, s->text, len, &grown[s->count++].set, err);
}

/* Puts KEY among the COUNT ascending numbers of BEFORE, unless it is there; their number then. */
static size_t put_before(struct same *s, size_t count, uint32_t key)
{
    size_t at = count;
    while (at > 0 && s->before[at - 1] > key)
        at--;
    if (at > 0 && s->before[at - 1] == key)
        return count;
    memmove(s->before + at + 1, s->before + at, (count - at) * sizeof *s->before);
    s->before[at] = key;
    return count + 1;
}

static bool is_before(const struct same *s, size_t count, uint32_t key)
{
    for (size_t i = 0; i < count; i++)
        if (s->before[i] == key)
            return true;
    return false;
}

static enum status add_query(struct same *s, size_t number, struct error *err)
{
    const struct slots_query *q = &s->queries->items[number];
    bool topics = q->query->kind == QUERY_TOPICS, terms = q->way == SLOTS_TERMS;
    size_t before = 0;
    for (size_t slot = 0; slot < q->count; slot++) {
        uint32_t key = q->keys[slot];
        if (key == INTERN_NONE)
            continue;
        bool again = is_before(s, before, key);
        if (q->way != SLOTS_FIRST)
            TRY(add_entry(s, number, slot, 'r', key, 0,
                          topics  ? &of_topics
                          : terms ? &of_terms
                                  : &of_found,
                          err));
        if (q->way != SLOTS_EACH && !again && (before || !terms) && before <= BEFORE_MAX)
            TRY(add_entry(s, number, slot, 'r', key, before, topics ? &of_topics : &of_added_terms,
                          err));
        before = put_before(s, before, key);
    }
    if (topics || terms)
        TRY(add_entry(s, number, q->count + terms, 'n', 0, before,
                      topics ? &of_topics : &of_any_term, err));
    if (!topics && before == 1)
        return add_entry(s, number, q->count, 'r', s->before[0], 0,
                         terms ? &of_any_term : &of_any_found, err);
    return topics ? STATUS_OK
                  : add_entry(s, number, q->count, 'a', 0, before,
                              terms ? &of_any_term : &of_any_found, err);
}

/* ---- ties ---- */

static const struct slots_query *query_of(const struct same *s, const struct entry *entry)
{
    return &s->queries->items[entry->query];
}

/* Ties two rows; AT_MOST: the first one's figures are at most the other's. */
static enum status tie(struct same *s, const struct entry *a, const struct entry *b, bool at_most,
                       struct error *err)
{
    const struct slots_query *sides[] = {query_of(s, a), query_of(s, b)};
    if ((sides[0]->way == SLOTS_TERMS && sides[1]->way == SLOTS_TERMS) ||
        (s->new_only && !sides[0]->anew && !sides[1]->anew))
        return STATUS_OK;
    for (size_t f = 0; f < FIGURES; f++) {
        uint32_t left = (*a->columns)[f], right = (*b->columns)[f];
        if (!left || !right)
            continue;
        TRY(places_add(&s->places,
                       (struct tally_place){(uint32_t)sides[0]->table, a->row, left - 1, 1}, err));
        TRY(places_add(&s->places,
                       (struct tally_place){(uint32_t)sides[1]->table, b->row, right - 1, -1},
                       err));
        /* Occurrences of patterns depend on what else is compiled with them. */
        bool held = f == FIGURE_OCCURRENCES && sides[0]->query->kind == QUERY_REGEX;
        TRY(held ? places_bind_held(&s->places, s->tally, at_most, err)
                 : places_bind(&s->places, s->tally, at_most, err));
    }
    return STATUS_OK;
}

/* By what they count and population; with one of these, search terms last. */
static int compare_entries(const struct same *s, const struct entry *a, const struct entry *b)
{
    const struct slots_query *left = query_of(s, a), *right = query_of(s, b);
    if (a->set != b->set)
        return a->set < b->set ? -1 : 1;
    if (left->population != right->population)
        return left->population < right->population ? -1 : 1;
    if ((left->way == SLOTS_TERMS) != (right->way == SLOTS_TERMS))
        return left->way == SLOTS_TERMS ? 1 : -1;
    if (a->query != b->query)
        return a->query < b->query ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* Heap sort: the order needs the queries. */
static void sift(const struct same *s, size_t at, size_t count)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && compare_entries(s, &s->entries[child], &s->entries[child + 1]) < 0)
            child++;
        if (compare_entries(s, &s->entries[at], &s->entries[child]) >= 0)
            return;
        struct entry other = s->entries[at];
        s->entries[at] = s->entries[child];
        s->entries[child] = other;
    }
}

static void sort_entries(const struct same *s)
{
    for (size_t at = s->count / 2; at-- > 0;)
        sift(s, at, s->count);
    for (size_t count = s->count; count-- > 1;) {
        struct entry other = s->entries[0];
        s->entries[0] = s->entries[count];
        s->entries[count] = other;
        sift(s, 0, count);
    }
}

/* All entries from FROM up to END, which count one set in several populations. */
static enum status tie_set(struct same *s, size_t from, size_t end, struct error *err)
{
    for (size_t i = from, first = from; i < end; i++) {
        const struct entry *entry = &s->entries[i];
        bool begins = i == from ||
                      query_of(s, entry)->population != query_of(s, &s->entries[i - 1])->population;
        if (!begins) {
            TRY(tie(s, &s->entries[first], entry, false, err));
            continue;
        }
        first = i;
        for (size_t k = from; k < i; k++) { /* each with each, for some may be search terms */
            size_t now = query_of(s, entry)->population;
            size_t then = query_of(s, &s->entries[k])->population;
            if (slots_population_within(s->queries, now, then))
                TRY(tie(s, entry, &s->entries[k], true, err));
            else if (slots_population_within(s->queries, then, now))
                TRY(tie(s, &s->entries[k], entry, true, err));
        }
    }
    return STATUS_OK;
}

static enum status make_room(struct same *s, struct error *err)
{
    size_t most = 0;
    for (size_t i = 0; i < s->queries->count; i++)
        if (s->queries->items[i].count > most)
            most = s->queries->items[i].count;
    s->before = mem_zalloc(most + 1, sizeof *s->before);
    s->text = mem_zalloc((most + 2) * sizeof *s->before + 1, 1);
    return s->before && s->text ? STATUS_OK : error_nomem(err);
}

enum status slots_same(const struct slots_queries *queries, bool new_only, struct tally *tally,
                       struct error *err)
{
    struct same s = {.queries = queries, .new_only = new_only, .tally = tally};
    enum status status = STATUS_OK;
    intern_init(&s.sets);
    TRY_CLEANUP(make_room(&s, err));
    for (size_t i = 0; i < queries->count; i++)
        TRY_CLEANUP(add_query(&s, i, err));
    sort_entries(&s);
    for (size_t from = 0, end; from < s.count; from = end) {
        end = from + 1;
        while (end < s.count && s.entries[end].set == s.entries[from].set)
            end++;
        TRY_CLEANUP(tie_set(&s, from, end, err));
    }
cleanup:
    intern_release(&s.sets);
    places_release(&s.places);
    free(s.entries);
    free(s.before);
    free(s.text);
    return status;
}
