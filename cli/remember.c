/* What earlier reports told: see remember.h. */
#include "cli/remember.h"

#include "base/buffer.h"
#include "base/json_io.h"
#include "base/memory.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_DIGITS = 12 };

void memory_release(struct memory *m)
{
    told_sets_release(&m->sets);
    free(m->hash_of);
    for (size_t i = 0; i < m->earlier_count; i++)
        free(m->earlier[i].users);
    free(m->earlier);
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
    *out = 0;
    for (size_t i = 0; i < HASH_DIGITS / 2; i++)
        *out = *out << 8 | value.bytes[i];
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

static int compare_hashes(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

struct listing {
    const struct memory *memory;
    const struct catalogue_part *part;
    uint64_t *users;
    size_t count;
};

static bool list_user(uint32_t row, void *context)
{
    struct listing *l = context;
    uint32_t user = catalogue_user(l->part, row);
    if (user != PART_NO_CODE)
        l->users[l->count++] = l->memory->hash_of[user];
    return true;
}

/* The users of a set, each once; the caller frees them. */
static enum status list_users(const struct memory *m, const struct told_set *set,
                              struct remembered *out, struct error *err)
{
    struct listing l = {.memory = m};
    l.users = mem_zalloc(set->conversations + 1, sizeof *l.users);
    if (!l.users)
        return error_nomem(err);
    for (size_t p = 0; p < set->set.parts; p++) {
        l.part = &m->sets.source->catalogue->parts[p];
        bitmap_each(set->set.rows[p], list_user, &l);
    }
    if (l.count)
        qsort(l.users, l.count, sizeof *l.users, compare_hashes);
    *out = (struct remembered){l.users, 0};
    for (size_t i = 0; i < l.count; i++)
        if (out->count == 0 || l.users[i] != l.users[out->count - 1])
            l.users[out->count++] = l.users[i];
    return STATUS_OK;
}

/* ---- what the ledger remembers ---- */

static bool read_users(const char *text, struct remembered *out)
{
    size_t len = strlen(text);
    *out = (struct remembered){NULL, len / HASH_DIGITS};
    if (len % HASH_DIGITS || !(out->users = mem_zalloc(out->count + 1, sizeof *out->users)))
        return false;
    for (size_t i = 0; i < out->count; i++) {
        char digits[HASH_DIGITS + 1], *end;
        memcpy(digits, text + i * HASH_DIGITS, HASH_DIGITS);
        digits[HASH_DIGITS] = '\0';
        out->users[i] = strtoull(digits, &end, 16);
        if (*end)
            return false;
    }
    return true;
}

static enum status read_record(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct memory *m = context;
    json_t *root;
    if (strcmp(entry->kind, "record") != 0)
        return STATUS_OK;
    TRY(json_text_read(entry->text, strlen(entry->text), &root, NULL, err));
    const char *users = json_string_value(json_object_get(root, "users"));
    struct remembered *grown =
        mem_grow(m->earlier, &m->capacity, m->earlier_count + 1, sizeof *grown);
    bool read = false;
    if (grown) {
        m->earlier = grown;
        read = users && read_users(users, &grown[m->earlier_count]);
        m->earlier_count += users != NULL;
    }
    json_decref(root);
    if (!grown)
        return error_nomem(err);
    return read ? STATUS_OK
                : error_set(err, STATUS_REFUSED, "ledger",
                            "entry %" PRIu64 ": it is no record of a set", entry->number);
}

/* ---- comparing ---- */

/* Whether all of A are in B; both ascending. */
static bool within(const struct remembered *a, const struct remembered *b)
{
    size_t j = 0;
    for (size_t i = 0; i < a->count; i++, j++) {
        while (j < b->count && b->users[j] < a->users[i])
            j++;
        if (j == b->count || b->users[j] != a->users[i])
            return false;
    }
    return true;
}

static enum status compare_set(struct memory *m, const struct told_set *set, struct tally *tally,
                               struct error *err)
{
    uint32_t min_users = m->sets.source->plan->release.min_users;
    struct remembered now;
    enum status status = STATUS_OK;
    TRY(list_users(m, set, &now, err));
    m->compared++;
    for (size_t i = 0; status == STATUS_OK && i < m->earlier_count; i++) {
        const struct remembered *then = &m->earlier[i];
        bool more = now.count > then->count;
        size_t between = more ? now.count - then->count : then->count - now.count;
        if (between == 0 || between >= min_users || !within(more ? then : &now, more ? &now : then))
            continue;
        struct tally_difference difference = {set->table, set->row, (uint32_t)between, 0};
        status = tally_add_difference(tally, &difference, err);
    }
    free(now.users);
    return status;
}

static bool is_remembered(const struct memory *m, const struct told_set *set)
{
    return set->query != SIZE_MAX && set->users >= m->sets.source->plan->release.min_users &&
           set->users <= REMEMBERED_USERS_MAX;
}

enum status memory_init(struct memory *m, const struct matter *matter,
                        const struct tally_source *source, struct tally *tally, struct error *err)
{
    *m = (struct memory){.matter = matter, .source = *source};
    TRY(told_sets_init(&m->sets, &m->source, tally, err));
    TRY(told_sets_add_counts(&m->sets, err));
    TRY(hash_users(m, err));
    TRY(ledger_visit(matter->ledger, read_record, m, err));
    for (size_t i = 0; i < m->sets.count; i++)
        if (is_remembered(m, &m->sets.items[i]))
            TRY(compare_set(m, &m->sets.items[i], tally, err));
    return STATUS_OK;
}

/* ---- keeping ---- */

/* SHA-256 of the query's question and the row. */
static enum status question_of(const struct memory *m, const struct told_set *set,
                               char hex[static 65], struct error *err)
{
    char row[24];
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    snprintf(row, sizeof row, "%" PRIu32, set->row);
    TRY_CLEANUP(digest_add_text(digest, "set 1", err));
    TRY_CLEANUP(
        digest_add_text(digest, m->sets.source->plan->queries[set->query].question_digest, err));
    TRY_CLEANUP(digest_add_text(digest, row, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, hex);
cleanup:
    digest_free(digest);
    return status;
}

static enum status keep_set(struct memory *m, const struct told_set *set, struct error *err)
{
    struct remembered users;
    struct buffer text;
    char question[65];
    enum status status = STATUS_OK;
    buffer_init(&text, (size_t)REMEMBERED_USERS_MAX * HASH_DIGITS + 64);
    TRY(list_users(m, set, &users, err));
    TRY_CLEANUP(question_of(m, set, question, err));
    TRY_CLEANUP(buffer_addf(&text, err, "{\"users\":\""));
    for (size_t i = 0; i < users.count; i++)
        TRY_CLEANUP(buffer_addf(&text, err, "%012" PRIx64, users.users[i]));
    TRY_CLEANUP(buffer_addf(&text, err, "\"}"));
    status = ledger_record(m->matter->ledger, question, text.data, err);
cleanup:
    free(users.users);
    buffer_release(&text);
    return status;
}

static bool is_shown(const struct release *release, const struct tally_table *table, size_t row)
{
    const struct figure_table *figures = release_table_find(release, table->id);
    size_t column = figures ? figure_column_find(figures, "conversations") : SIZE_MAX;
    return column != SIZE_MAX && figure_at(figures, row, column).state == FIGURE_EXACT;
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
    for (size_t i = 0; i < m->sets.count; i++) {
        const struct told_set *set = &m->sets.items[i];
        if (is_remembered(m, set) &&
            is_shown(release, &m->sets.tally->tables[set->table], set->row))
            TRY(keep_set(m, set, err));
    }
    *remembered = 0;
    return ledger_visit(m->matter->ledger, count_record, remembered, err);
}
