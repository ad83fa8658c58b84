/* What earlier reports told: see remember.h. */
#include "cli/remember.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "cli/relations_fixed.h"
#include "release/set_sums.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RECORD_MAX: bytes that a record may have, which 200,000 users of 12 digits do not fill. */
enum { HASH_BYTES = 6, RECORD_MAX = 1 << 22 };

void memory_release(struct memory *m)
{
    for (size_t i = 0; m->large && i < m->sets.count; i++)
        remembered_release(&m->large[i]);
    free(m->large);
    told_sets_release(&m->sets);
    free(m->hash_of);
    for (size_t i = 0; i < m->earlier_count; i++)
        remembered_release(&m->earlier[i]);
    free(m->earlier);
    for (size_t i = 0; i < m->population_count; i++)
        remembered_release(&m->populations[i]);
    free(m->populations);
    *m = (struct memory){.matter = NULL};
}

/* ---- users as keyed hashes ---- */

static enum status hash_user(const struct sha256 *key, const char *name, size_t len, uint64_t *out,
                             struct error *err)
{
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add(digest, key->bytes, sizeof key->bytes, err));
    TRY_CLEANUP(digest_add(digest, name, len, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    *out = sha256_head(&value, HASH_BYTES);
cleanup:
    digest_free(digest);
    return status;
}

static enum status hash_users(struct memory *m, struct error *err)
{
    const struct catalogue *catalogue = m->sets.source->catalogue;
    struct sha256 key;
    TRY(ledger_key(m->matter->ledger, "users", &key, err));
    m->hash_of = mem_zalloc(catalogue->users + 1ull, sizeof *m->hash_of);
    bool *done = mem_zalloc(catalogue->users + 1ull, sizeof *done);
    enum status status = m->hash_of && done ? STATUS_OK : error_nomem(err);
    for (size_t p = 0; status == STATUS_OK && p < catalogue->count; p++) {
        const struct catalogue_part *part = &catalogue->parts[p];
        const struct segment_strings *names = &part->user.dictionary;
        for (uint32_t row = 0; status == STATUS_OK && row < part->rows; row++) {
            uint32_t user = part->user_of[row], code = part->user.codes[row];
            if (user == PART_NO_CODE || done[user])
                continue;
            done[user] = true;
            status = hash_user(&key, names->bytes + names->offsets[code],
                               names->offsets[code + 1ull] - names->offsets[code],
                               &m->hash_of[user], err);
        }
    }
    free(done);
    return status;
}

/* ---- the users of a set ---- */

struct listing {
    const struct memory *memory;
    const struct catalogue_part *part;
    struct remembered *summed; /* or NULL: listed */
    bool *seen;                /* [users of the catalogue] */
    uint64_t *users;
    size_t count;
};

static bool list_user(uint32_t row, void *context)
{
    struct listing *l = context;
    uint32_t user = catalogue_user(l->part, row);
    if (user == PART_NO_CODE || l->seen[user])
        return true;
    l->seen[user] = true;
    if (l->summed)
        remembered_add(l->summed, l->memory->hash_of[user]);
    else
        l->users[l->count++] = l->memory->hash_of[user];
    return true;
}

/* The users of a set, each once. Release also on failure. */
static enum status list_users(const struct memory *m, const struct told_set *set,
                              struct remembered *out, struct error *err)
{
    const struct catalogue *catalogue = m->sets.source->catalogue;
    struct listing l = {.memory = m};
    *out = (struct remembered){.users = NULL};
    if (set->users > REMEMBERED_LISTED_MAX) {
        TRY(remembered_init_summed(out, m->sets.source->plan->release.min_users, err));
        l.summed = out;
    } else if (!(l.users = mem_zalloc(set->users + 1ull, sizeof *l.users))) {
        return error_nomem(err);
    }
    l.seen = mem_zalloc(catalogue->users + 1ull, sizeof *l.seen);
    for (size_t p = 0; l.seen && p < set->set.parts; p++) {
        l.part = &catalogue->parts[p];
        bitmap_each(set->set.rows[p], list_user, &l);
    }
    if (!l.summed)
        remembered_init_listed(out, l.users, l.count);
    bool listed = l.seen != NULL;
    free(l.seen);
    return listed ? STATUS_OK : error_nomem(err);
}

/* ---- what the ledger remembers ---- */

static enum status read_record(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct memory *m = context;
    bool valid, record = strcmp(entry->kind, "record") == 0;
    if ((!record && strcmp(entry->kind, "population") != 0) ||
        withheld_before_is_later(m->rows, entry))
        return STATUS_OK;
    struct remembered **list = record ? &m->earlier : &m->populations;
    size_t *count = record ? &m->earlier_count : &m->population_count;
    struct remembered *grown =
        mem_grow(*list, record ? &m->capacity : &m->population_capacity, *count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    *list = grown;
    TRY(remembered_read(&grown[(*count)++], entry->text, &valid, err));
    return valid ? STATUS_OK
                 : error_set(err, STATUS_REFUSED, "ledger",
                             "entry %" PRIu64 ": it is no record of a set", entry->number);
}

/* ---- comparing ---- */

static enum status compare_population(const struct memory *m, struct remembered *now,
                                      struct error *err)
{
    uint32_t min_users = m->sets.source->plan->release.min_users, between;
    for (size_t i = 0; i < m->population_count; i++) {
        TRY(remembered_between(now, &m->populations[i], min_users, &between, err));
        if (between)
            return population_differs(TOLD_USERS, min_users, err);
    }
    return STATUS_OK;
}

/* Of the same users as an earlier one: what follows of them is out. */
static bool was_told(const struct memory *m, const struct remembered *now)
{
    for (size_t i = 0; i < m->earlier_count; i++)
        if (remembered_same(now, &m->earlier[i]))
            return true;
    return false;
}

static enum status compare_set(struct memory *m, size_t number, struct tally *tally,
                               struct error *err)
{
    const struct told_set *set = &m->sets.items[number];
    uint32_t min_users = m->sets.source->plan->release.min_users, between;
    struct remembered now;
    enum status status = STATUS_OK;
    TRY_CLEANUP(list_users(m, set, &now, err));
    m->compared++;
    if (set->everything)
        TRY_CLEANUP(compare_population(m, &now, err));
    /* Two listed ones are compared by what is shown of them (judge.h), where that is possible. */
    bool listed = min_users > set_sums_reach(set_sums_groups(min_users));
    size_t count = set->everything || was_told(m, &now) ? 0 : m->earlier_count;
    for (size_t i = 0; i < count; i++) {
        if (now.users && m->earlier[i].users && !listed)
            continue;
        TRY_CLEANUP(remembered_between(&now, &m->earlier[i], min_users, &between, err));
        if (between == 0)
            continue;
        struct tally_difference difference = {set->table, set->row, set->column[TOLD_CONVERSATIONS],
                                              between, 0};
        TRY_CLEANUP(tally_add_difference(tally, &difference, err));
    }
cleanup:
    if (now.users)
        remembered_release(&now);
    else
        m->large[number] = now;
    return status;
}

/* Others are compared elsewhere alone (told_sums.h): pairs, of which no users are told, and what no
 * earlier program listed. */
static bool is_remembered(const struct memory *m, const struct told_set *set)
{
    return !set->taken && (set->everything || set->column[TOLD_USERS] != TOLD_NOWHERE) &&
           set->users >= m->sets.source->plan->release.min_users;
}

enum status memory_init(struct memory *m, const struct matter *matter,
                        const struct tally_source *source, const struct withheld_before *rows,
                        struct tally *tally, struct error *err)
{
    *m = (struct memory){.matter = matter, .source = *source, .rows = rows};
    TRY(told_sets_init(&m->sets, &m->source, tally, err));
    TRY(told_sets_add_counts(&m->sets, err));
    m->large = mem_zalloc(m->sets.count + 1, sizeof *m->large);
    if (!m->large)
        return error_nomem(err);
    TRY(hash_users(m, err));
    TRY(ledger_visit(matter->ledger, read_record, m, err));
    for (size_t i = 0; i < m->sets.count; i++)
        if (is_remembered(m, &m->sets.items[i]))
            TRY(compare_set(m, i, tally, err));
    return STATUS_OK;
}

/* ---- keeping ---- */

/* SHA-256 of the query's question, or of what makes the population, and the row. */
static enum status question_of(const struct memory *m, const struct told_set *set,
                               char hex[static 65], struct error *err)
{
    char row[24];
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    const struct plan *plan = m->sets.source->plan;
    snprintf(row, sizeof row, "%" PRIu32, set->row);
    TRY_CLEANUP(digest_add_text(digest, "set 1", err));
    TRY_CLEANUP(digest_add_text(digest,
                                set->query == SIZE_MAX ? plan->population_digest
                                                       : plan->queries[set->query].question_digest,
                                err));
    TRY_CLEANUP(digest_add_text(digest, row, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, hex);
cleanup:
    digest_free(digest);
    return status;
}

static enum status keep_set(struct memory *m, size_t number, struct error *err)
{
    const struct told_set *set = &m->sets.items[number];
    const struct remembered *large = &m->large[number];
    struct remembered users = {.users = NULL};
    struct buffer text;
    char question[65];
    enum status status = STATUS_OK;
    buffer_init(&text, RECORD_MAX);
    if (!large->sums.terms)
        TRY_CLEANUP(list_users(m, set, &users, err));
    TRY_CLEANUP(question_of(m, set, question, err));
    TRY_CLEANUP(remembered_write(large->sums.terms ? large : &users, &text, err));
    status = ledger_record(m->matter->ledger, set->everything ? "population" : "record", question,
                           text.data, err);
cleanup:
    remembered_release(&users);
    buffer_release(&text);
    return status;
}

static bool is_shown(const struct release *release, const struct told_sets *sets,
                     const struct told_set *set)
{
    const struct figure_table *figures =
        release_table_find(release, sets->tally->tables[set->table].id);
    uint32_t column = set->column[TOLD_CONVERSATIONS];
    return figures && column != TOLD_NOWHERE &&
           figure_at(figures, set->row, column).state == FIGURE_EXACT;
}

static enum status count_record(void *context, const struct ledger_entry *entry, struct error *err)
{
    size_t *count = context;
    (void)err;
    *count += strcmp(entry->kind, "record") == 0;
    return STATUS_OK;
}

enum status memory_keep(struct memory *m, const struct release *release, size_t *remembered,
                        struct error *err)
{
    /* What was written down then is not written down again. */
    for (size_t i = 0; !m->rows->same && i < m->sets.count; i++) {
        const struct told_set *set = &m->sets.items[i];
        bool told = set->everything || is_shown(release, &m->sets, set);
        if (told && is_remembered(m, set))
            TRY(keep_set(m, i, err));
    }
    *remembered = 0;
    return ledger_visit(m->matter->ledger, count_record, remembered, err);
}
