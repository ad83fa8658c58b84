/* Sets that were told, as sums: see told_sums.h. */
#include "cli/told_sums.h"

#include "base/buffer.h"
#include "base/json_io.h"
#include "base/memory.h"
#include "release/remembered.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ENTRY_SETS: of an entry, which has at most some megabytes then. */
enum { FORM = 1, ENTRY_SETS = 200, TEXT_MAX = 1 << 23 };

static const char *const names[TOLD_KINDS] = {"conversations", "users"};

void told_sums_release(struct told_sums *t)
{
    for (enum told_of of = 0; of < TOLD_KINDS; of++) {
        for (size_t i = 0; t->now[of] && i < t->sets->count; i++)
            set_sums_release(&t->now[of][i]);
        for (size_t i = 0; i < t->earlier[of].count; i++)
            set_sums_release(&t->earlier[of].items[i].sums);
        free(t->now[of]);
        free(t->earlier[of].items);
    }
    free(t->large);
    *t = (struct told_sums){.sets = NULL};
}

/* ---- of this report ---- */

struct summing {
    const struct told_sums *told;
    const struct catalogue_part *part;
    struct set_sums *conversations, *users; /* users: NULL where they are not told */
    uint32_t *seen, stamp;                  /* [users of the catalogue] */
};

static bool sum_row(uint32_t row, void *context)
{
    struct summing *s = context;
    uint32_t user = catalogue_user(s->part, row);
    if (user == PART_NO_CODE) {
        set_sums_add_unknown(s->conversations, 1);
        if (s->users)
            set_sums_add_unknown(s->users, 1);
        return true;
    }
    uint64_t hash = s->told->hashes ? s->told->hashes[user] : user;
    set_sums_add(s->conversations, hash, 1);
    if (s->users && s->seen[user] != s->stamp)
        set_sums_add(s->users, hash, 1);
    s->seen[user] = s->stamp;
    return true;
}

static enum status sum_up(const struct told_sums *t, size_t number, struct summing *s,
                          struct error *err)
{
    const struct told_set *set = &t->sets->items[number];
    s->conversations = &t->now[TOLD_CONVERSATIONS][number];
    s->users = set->everything || set->column[TOLD_USERS] != TOLD_NOWHERE
                   ? &t->now[TOLD_USERS][number]
                   : NULL;
    TRY(set_sums_init(s->conversations, t->groups, err));
    if (s->users)
        TRY(set_sums_init(s->users, t->groups, err));
    s->stamp++;
    for (size_t p = 0; p < set->set.parts; p++) {
        s->part = &t->sets->source->catalogue->parts[p];
        bitmap_each(set->set.rows[p], sum_row, s);
    }
    return STATUS_OK;
}

enum status told_sums_init(struct told_sums *t, struct told_sets *sets, const uint64_t *hashes,
                           struct error *err)
{
    *t = (struct told_sums){
        .sets = sets, .hashes = hashes, .min_users = sets->source->plan->release.min_users};
    t->groups = set_sums_groups(t->min_users);
    if (t->min_users > set_sums_reach(t->groups))
        return STATUS_OK; /* nothing is compared */
    for (enum told_of of = 0; of < TOLD_KINDS; of++)
        if (!(t->now[of] = mem_zalloc(sets->count + 1, sizeof **t->now)))
            return error_nomem(err);
    struct summing s = {.told = t};
    s.seen = mem_zalloc(sets->source->catalogue->users + 1ull, sizeof *s.seen);
    enum status status = s.seen ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < sets->count; i++)
        if (sets->items[i].users >= t->min_users)
            status = sum_up(t, i, &s, err);
    free(s.seen);
    return status;
}

/* ---- of earlier reports ---- */

/* Room for one more; it is empty until it is filled. */
static enum status add_earlier(struct told_sums *t, enum told_of of, struct earlier_sum **out,
                               struct error *err)
{
    struct earlier_sums *earlier = &t->earlier[of];
    struct earlier_sum *grown =
        mem_grow(earlier->items, &earlier->capacity, earlier->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    earlier->items = grown;
    *out = &grown[earlier->count++];
    **out = (struct earlier_sum){{.groups = NULL}, SIZE_MAX};
    return STATUS_OK;
}

/* Leaves out the last one where MIN_USERS asks for more groups; else *NUMBER is its own. */
static void leave_coarse(struct told_sums *t, enum told_of of, size_t *number)
{
    struct earlier_sums *earlier = &t->earlier[of];
    struct set_sums *last = &earlier->items[earlier->count - 1].sums;
    *number = earlier->count - 1;
    if (t->min_users > set_sums_reach(last->count)) {
        set_sums_release(last);
        earlier->count--;
        t->coarse++;
        *number = SIZE_MAX;
    } else if (last->count < t->groups) {
        t->groups = last->count;
    }
}

static enum status read_set(struct told_sums *t, const json_t *set, bool *valid, struct error *err)
{
    struct earlier_sum *one = NULL;
    size_t number = SIZE_MAX, before = SIZE_MAX;
    for (enum told_of of = 0; *valid && of < TOLD_KINDS; of++) {
        const json_t *object = json_object_get(set, names[of]);
        if (!object)
            continue;
        TRY(add_earlier(t, of, &one, err));
        TRY(set_sums_read(&one->sums, object, valid, err));
        one->conversations = of == TOLD_USERS ? before : SIZE_MAX;
        if (*valid)
            leave_coarse(t, of, &number);
        before = number;
    }
    return STATUS_OK;
}

static enum status read_sums(struct told_sums *t, const json_t *root, bool *valid,
                             struct error *err)
{
    const json_t *sets = json_object_get(root, "sets");
    *valid = json_integer_value(json_object_get(root, "form")) == FORM && json_is_array(sets);
    for (size_t i = 0; *valid && i < json_array_size(sets); i++)
        TRY(read_set(t, json_array_get(sets, i), valid, err));
    return STATUS_OK;
}

static enum status add_large(struct told_sums *t, uint64_t users, struct error *err)
{
    uint64_t *grown = mem_grow(t->large, &t->large_capacity, t->large_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    t->large = grown;
    grown[t->large_count++] = users;
    return STATUS_OK;
}

/* Users as earlier programs listed them. */
static enum status read_listed(struct told_sums *t, const char *text, bool *valid,
                               struct error *err)
{
    struct remembered users;
    struct earlier_sum *one = NULL;
    enum status status = remembered_read(&users, text, valid, err);
    if (status == STATUS_OK && *valid && !users.users)
        status = add_large(t, users.count, err);
    if (status == STATUS_OK && *valid && users.users && users.count >= t->min_users) {
        status = add_earlier(t, TOLD_USERS, &one, err);
        if (status == STATUS_OK)
            status = set_sums_init(&one->sums, set_sums_groups(t->min_users), err);
        for (size_t i = 0; status == STATUS_OK && i < users.count; i++)
            set_sums_add(&one->sums, users.users[i], 1);
        if (status == STATUS_OK)
            one->sums.known_only = true;
    }
    remembered_release(&users);
    return status;
}

struct recalling {
    struct told_sums *sums;
    const struct withheld_before *rows;
};

static enum status read_entry(void *context, const struct ledger_entry *entry, struct error *err)
{
    const struct recalling *recalling = context;
    struct told_sums *t = recalling->sums;
    bool valid = true;
    if (withheld_before_is_later(recalling->rows, entry))
        return STATUS_OK;
    if (strcmp(entry->kind, "record") == 0)
        return read_listed(t, entry->text, &valid, err);
    if (strcmp(entry->kind, "sums") != 0)
        return STATUS_OK;
    json_t *root;
    TRY(json_text_read(entry->text, strlen(entry->text), &root, NULL, err));
    enum status status = read_sums(t, root, &valid, err);
    json_decref(root);
    if (status != STATUS_OK || valid)
        return status;
    return error_set(err, STATUS_REFUSED, "ledger", "entry %" PRIu64 ": it has no sums of a set",
                     entry->number);
}

static int compare_known(const void *a, const void *b)
{
    const struct earlier_sum *left = a, *right = b;
    return set_sums_compare(&left->sums, &right->sums);
}

/* Where sums of a set are there, the record of its users says no more. */
static void leave_doubled(struct earlier_sums *earlier)
{
    size_t kept = 0, end;
    if (earlier->count)
        qsort(earlier->items, earlier->count, sizeof *earlier->items, compare_known);
    for (size_t i = 0; i < earlier->count; i = end) {
        bool better = false;
        for (end = i; end < earlier->count &&
                      set_sums_same_known(&earlier->items[i].sums, &earlier->items[end].sums);
             end++)
            better = better || !earlier->items[end].sums.known_only;
        for (size_t k = i; k < end; k++)
            if (better ? earlier->items[k].sums.known_only : k > i)
                set_sums_release(&earlier->items[k].sums);
    }
    for (size_t i = 0; i < earlier->count; i++)
        if (earlier->items[i].sums.groups)
            earlier->items[kept++] = earlier->items[i];
    earlier->count = kept;
}

/* Large records are left as far as there are no sums of as many known users. */
static void leave_summed(struct told_sums *t)
{
    const struct earlier_sums *earlier = &t->earlier[TOLD_USERS];
    size_t kept = 0;
    for (size_t i = 0; i < t->large_count; i++) {
        bool summed = false;
        for (size_t k = 0; k < earlier->count && !summed; k++) {
            const struct set_sums *sums = &earlier->items[k].sums;
            summed = sums->total - sums->groups[sums->count] == t->large[i];
        }
        if (!summed)
            t->large[kept++] = t->large[i];
    }
    t->large_count = kept;
}

enum status told_sums_recall(struct told_sums *t, struct ledger *ledger,
                             const struct withheld_before *rows, struct error *err)
{
    if (!t->now[0])
        return STATUS_OK;
    struct recalling recalling = {t, rows};
    TRY(ledger_visit(ledger, read_entry, &recalling, err));
    for (enum told_of of = 0; of < TOLD_KINDS; of++) {
        for (size_t i = 0; i < t->earlier[of].count; i++)
            set_sums_fold(&t->earlier[of].items[i].sums, t->groups);
        for (size_t i = 0; i < t->sets->count; i++)
            if (t->now[of][i].groups)
                set_sums_fold(&t->now[of][i], t->groups);
    }
    leave_doubled(&t->earlier[TOLD_USERS]);
    leave_summed(t);
    return STATUS_OK;
}

/* ---- keeping ---- */

bool told_sums_is_population(const struct told_sums *t, size_t number)
{
    return t->sets->items[number].everything;
}

bool told_sums_shown(const struct told_sums *t, size_t number, enum told_of of,
                     const struct release *release)
{
    const struct told_set *set = &t->sets->items[number];
    if (told_sums_is_population(t, number))
        return true;
    if (set->column[of] == TOLD_NOWHERE)
        return false;
    const struct figure_table *table =
        release_table_find(release, t->sets->tally->tables[set->table].id);
    return table && figure_at(table, set->row, set->column[of]).state == FIGURE_EXACT;
}

static bool is_kept(const struct told_sums *t, size_t number, const struct release *release)
{
    return t->now[0][number].groups && (told_sums_shown(t, number, TOLD_CONVERSATIONS, release) ||
                                        told_sums_shown(t, number, TOLD_USERS, release));
}

static enum status add_set(const struct told_sums *t, size_t number, const struct release *release,
                           const char *between, struct buffer *text, struct error *err)
{
    bool any = false;
    TRY(buffer_addf(text, err, "%s", between));
    for (enum told_of of = 0; of < TOLD_KINDS; of++) {
        if (!told_sums_shown(t, number, of, release))
            continue;
        TRY(buffer_addf(text, err, "%s\"%s\":", any ? "," : "{", names[of]));
        TRY(set_sums_write(&t->now[of][number], text, err));
        any = true;
    }
    return buffer_addf(text, err, "}");
}

/* Some sets from *FROM on, as one entry; it goes by its own content, so that no two have the same.
 */
static enum status keep_some(const struct told_sums *t, size_t *from, struct ledger *ledger,
                             const struct release *release, struct error *err)
{
    size_t count = 0;
    char question[65];
    struct sha256 content;
    struct buffer text;
    enum status status = STATUS_OK;
    buffer_init(&text, TEXT_MAX);
    TRY_CLEANUP(buffer_addf(&text, err, "{\"form\":%d,\"sets\":[", FORM));
    for (; *from < t->sets->count && count < ENTRY_SETS; ++*from) {
        if (!is_kept(t, *from, release))
            continue;
        TRY_CLEANUP(add_set(t, *from, release, count ? "," : "", &text, err));
        count++;
    }
    TRY_CLEANUP(buffer_addf(&text, err, "]}"));
    if (count == 0)
        goto cleanup;
    TRY_CLEANUP(sha256_of(text.data, text.len, &content, err));
    sha256_hex(&content, question);
    status = ledger_record(ledger, "sums", question, text.data, err);
cleanup:
    buffer_release(&text);
    return status;
}

enum status told_sums_keep(const struct told_sums *t, struct ledger *ledger,
                           const struct release *release, struct error *err)
{
    for (size_t from = 0; t->now[0] && from < t->sets->count;)
        TRY(keep_some(t, &from, ledger, release, err));
    return STATUS_OK;
}
