/* Frames: see frame.h. */
#include "queries/frame.h"

#include "base/civil.h"
#include "base/file.h"
#include "base/memory.h"
#include "queries/frame_filter.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const frame_groups[] = {"shown", "all", NULL};

/* ---- over a population ---- */

static enum status find_query(const struct plan *plan, const char *id, size_t *number,
                              struct error *err)
{
    for (*number = 0; *number < plan->query_count; ++*number)
        if (strcmp(plan->queries[*number].id, id) == 0)
            return STATUS_OK;
    return error_set(err, STATUS_PLAN, NULL,
                     "strata are made by the query \"%s\", which the plan does not have", id);
}

enum status frame_lay(struct frame_units *laid, const struct frame_basis *basis,
                      const struct tally_source *source, struct error *err)
{
    size_t number;
    *laid = (struct frame_units){.strata = {.arena = ARENA_INIT}};
    TRY(units_init(&laid->units, source->population, basis->kind, basis->naming, err));
    if (!basis->by)
        return strata_one(&laid->strata, &laid->units, err);
    TRY(find_query(source->plan, basis->by, &number, err));
    if (basis->all_groups)
        return strata_by_plan(&laid->strata, &laid->units, source, number, err);
    return strata_by(&laid->strata, &laid->units, source, number, basis->min_users, err);
}

void frame_units_release(struct frame_units *laid)
{
    strata_release(&laid->strata);
    units_release(&laid->units);
}

static enum status digest_of(const struct frame_units *laid, char hex[static 65], struct error *err)
{
    return units_digest(&laid->units, laid->strata.of ? &laid->strata : NULL, hex, err);
}

enum status frame_matches(const struct frame_units *laid, const char *digest, uint64_t count,
                          bool *matches, struct error *err)
{
    char own[65];
    *matches = false;
    if (count != laid->units.count)
        return STATUS_OK;
    TRY(digest_of(laid, own, err));
    *matches = strcmp(own, digest) == 0;
    return STATUS_OK;
}

/* ---- making ---- */

/* How conversations must be named so that no two units have the same id. */
static enum status find_naming(const struct population *population, enum unit_naming *naming,
                               struct error *err)
{
    static const enum unit_naming choices[] = {UNIT_BY_ID, UNIT_BY_USER_AND_ID};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct units units;
        bool unique = false;
        enum status status = units_init(&units, population, UNIT_CONVERSATION, choices[i], err);
        if (status == STATUS_OK)
            status = units_unique(&units, &unique, err);
        units_release(&units);
        *naming = choices[i];
        if (status != STATUS_OK || unique)
            return status;
    }
    return error_set(err, STATUS_INPUT, NULL,
                     "two conversations of the population cannot be told apart by user and id");
}

static enum status copy_strata(struct frame *frame, const struct strata *strata, struct error *err)
{
    frame->strata = mem_zalloc(strata->count, sizeof *frame->strata);
    if (!frame->strata)
        return error_nomem(err);
    for (; frame->stratum_count < strata->count; frame->stratum_count++) {
        struct frame_stratum *to = &frame->strata[frame->stratum_count];
        to->count = strata->items[frame->stratum_count].count;
        to->name = mem_strdup(strata->items[frame->stratum_count].name);
        if (!to->name)
            return error_nomem(err);
    }
    return STATUS_OK;
}

enum status frame_make(struct frame *frame, const struct tally_source *source,
                       const struct frame_request *request, struct error *err)
{
    enum status status = STATUS_OK;
    struct frame_units laid = {.strata = {.arena = ARENA_INIT}};
    *frame = (struct frame){.basis = {.kind = request->kind}, .fixed = civil_now()};
    if (source->population->conversations == 0)
        return error_set(err, STATUS_PLAN, "population", "no conversation is in the population");
    if (strlen(request->catalogue_digest) == 64)
        memcpy(frame->catalogue_digest, request->catalogue_digest, 65);
    if (request->by) {
        frame->basis.all_groups = source->plan->release.noise.mechanism != NULL;
        frame->basis.min_users = frame->basis.all_groups ? 0 : source->plan->release.min_users;
        if (!(frame->basis.by = mem_strdup(request->by)))
            return error_nomem(err);
    }
    TRY(frame_filter_text(source->plan, &frame->filter, err));
    TRY(find_naming(source->population, &frame->basis.naming, err));
    TRY_CLEANUP(frame_lay(&laid, &frame->basis, source, err));
    if (laid.units.count == 0) {
        status = error_set(err, STATUS_PLAN, "population", "no %s is in the population",
                           unit_kinds[request->kind]);
        goto cleanup;
    }
    frame->count = laid.units.count;
    TRY_CLEANUP(copy_strata(frame, &laid.strata, err));
    status = digest_of(&laid, frame->digest, err);
cleanup:
    frame_units_release(&laid);
    return status;
}

void frame_release(struct frame *frame)
{
    for (size_t i = 0; i < frame->stratum_count; i++)
        free(frame->strata[i].name);
    for (size_t i = 0; i < frame->draw_count; i++) {
        free(frame->draws[i].seed);
        free(frame->draws[i].sample);
    }
    free(frame->strata);
    free(frame->draws);
    free(frame->basis.by);
    free(frame->filter);
    *frame = (struct frame){.filter = NULL};
}

enum status frame_note_draw(struct frame *frame, const char *seed, const char *sample,
                            uint64_t size, struct error *err)
{
    for (size_t i = 0; i < frame->draw_count; i++)
        if (strcmp(frame->draws[i].seed, seed) == 0 &&
            strcmp(frame->draws[i].sample, sample) == 0) {
            frame->draws[i].size = size;
            return STATUS_OK;
        }
    struct frame_draw *grown = mem_zalloc(frame->draw_count + 1, sizeof *grown);
    struct frame_draw made = {mem_strdup(seed), mem_strdup(sample), size};
    if (!grown || !made.seed || !made.sample) {
        free(grown);
        free(made.seed);
        free(made.sample);
        return error_nomem(err);
    }
    for (size_t i = 0; i < frame->draw_count; i++)
        grown[i] = frame->draws[i];
    grown[frame->draw_count++] = made;
    free(frame->draws);
    frame->draws = grown;
    return STATUS_OK;
}

/* ---- fixing and restoring ---- */

char *frame_default_path(const struct plan *plan)
{
    static const char ending[] = ".json";
    size_t len = strlen(plan->path), cut = sizeof ending - 1;
    if (len > cut && strcmp(plan->path + len - cut, ending) == 0)
        len -= cut;
    return mem_printf("%.*s.frame.json", (int)len, plan->path);
}

enum status frame_fix(struct frame *frame, const struct tally_source *source,
                      const struct frame_request *request, const char *path, bool *written,
                      struct error *err)
{
    *written = false;
    TRY(frame_make(frame, source, request, err));
    if (!file_exists(path)) {
        *written = true;
        return frame_write(frame, path, err);
    }
    struct frame there;
    enum status status = frame_read(&there, path, err);
    if (status == STATUS_OK && strcmp(there.digest, frame->digest) == 0 &&
        there.basis.kind == frame->basis.kind && there.basis.naming == frame->basis.naming) {
        struct frame made = *frame;
        *frame = there;
        there = made;
    } else if (status == STATUS_OK) {
        status = error_set(err, STATUS_PLAN, path,
                           "a frame of other units or strata is fixed here already: N is %" PRIu64
                           " %s there (strata: %zu), and %" PRIu64 " %s now (strata: %zu)",
                           there.count, unit_plurals[there.basis.kind], there.stratum_count,
                           frame->count, unit_plurals[frame->basis.kind], frame->stratum_count);
        error_hint(err, "samples may have been drawn from it; remove the file, or name another, to "
                        "fix a new one");
    }
    frame_release(&there);
    return status;
}

enum status frame_restore(const struct frame *frame, const struct tally_source *source,
                          struct population *population, struct frame_units *laid,
                          struct error *err)
{
    enum status status = STATUS_OK;
    bool matches = false;
    struct plan filter = {.arena = ARENA_INIT};
    struct tally_source widened = *source;
    *population = (struct population){.catalogue = NULL};
    *laid = (struct frame_units){.strata = {.arena = ARENA_INIT}};
    TRY_CLEANUP(frame_filter_plan(frame->filter, source->plan, &filter, err));
    TRY_CLEANUP(population_init(population, source->catalogue, &filter, err));
    widened.population = population;
    TRY_CLEANUP(frame_lay(laid, &frame->basis, &widened, err));
    TRY_CLEANUP(frame_matches(laid, frame->digest, frame->count, &matches, err));
    if (!matches) {
        status = error_set(err, STATUS_PLAN, NULL,
                           "the frame's units%s cannot be found again: N was %" PRIu64
                           " and is %" PRIu64 " now",
                           frame->basis.by ? " and strata" : "", frame->count, laid->units.count);
        error_hint(err, "the logs, their fields%s changed since the frame was fixed",
                   frame->basis.by ? " or the query that makes the strata" : "");
    }
cleanup:
    arena_release(&filter.arena);
    return status;
}
