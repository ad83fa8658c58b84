/* Relations that were found before: see relations_again.h. */
#include "cli/relations_again.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void relations_found_release(struct relations_found *found)
{
    shown_sets_release(&found->shown);
    set_relations_release(&found->relations);
    *found = (struct relations_found){.shown = {.all = NULL}};
}

/* Without room to grow. */
static enum status copy(struct set_relations *to, const struct set_relations *from,
                        struct error *err)
{
    *to = *from;
    to->capacity = from->count;
    to->items = mem_zalloc(from->count + 1, sizeof *to->items);
    if (!to->items)
        return error_nomem(err);
    if (from->count)
        memcpy(to->items, from->items, from->count * sizeof *to->items);
    return STATUS_OK;
}

enum status relations_found_take(struct relations_found *found, struct shown_sets *shown,
                                 const struct set_relations *relations, struct error *err)
{
    relations_found_release(found);
    found->shown = *shown;
    *shown = (struct shown_sets){.all = NULL};
    return copy(&found->relations, relations, err);
}

/* Which set of NOW each of BEFORE's is, SIZE_MAX for none; false where one of NOW is none of
 * BEFORE's, or one that could not be withheld then. Both are in the same order. */
static bool match(const struct shown_sets *before, const struct shown_sets *now, size_t *is)
{
    size_t at = 0;
    for (size_t i = 0; i < before->count; i++) {
        bool same = at < now->count && shown_sets_compare(&before->all[before->start[i]],
                                                          &now->all[now->start[at]]) == 0;
        if (same && now->new[at] && !before->new[i])
            return false;
        is[i] = same ? at : SIZE_MAX;
        at += same;
    }
    return at == now->count;
}

static bool map(struct set_relation *relation, const size_t *is)
{
    for (size_t i = 0; i < relation->count; i++) {
        relation->sets[i] = is[relation->sets[i]];
        if (relation->sets[i] == SIZE_MAX)
            return false;
    }
    return true;
}

enum status relations_again(const struct relations_found *before, const struct shown_sets *now,
                            struct set_relations *relations, bool *known, struct error *err)
{
    const struct set_relations *found = &before->relations;
    *known = false;
    if (!found->items || found->compared < found->open || found->count >= SET_RELATIONS_MAX)
        return STATUS_OK;
    size_t kept = 0, *is = mem_zalloc(before->shown.count + 1, sizeof *is);
    if (!is)
        return error_nomem(err);
    enum status status = STATUS_OK;
    *known = match(&before->shown, now, is);
    if (*known)
        status = copy(relations, found, err);
    for (size_t r = 0; *known && status == STATUS_OK && r < found->count; r++) {
        struct set_relation *relation = &relations->items[r];
        if (map(relation, is))
            relations->items[kept++] = *relation;
    }
    if (!*known || status != STATUS_OK)
        goto cleanup;
    relations->count = kept;
    relations->open = 0;
    for (size_t i = 0; i < now->count; i++)
        relations->open += now->new[i];
    relations->compared = relations->open;
cleanup:
    free(is);
    return status;
}
