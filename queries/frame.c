/* Frames: see frame.h. */
#include "queries/frame.h"

#include "base/file.h"
#include "base/json_io.h"
#include "base/json_keys.h"
#include "base/memory.h"
#include "queries/frame_filter.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_FILE_MAX = 64 << 20 };

struct units frame_units(const struct population *population, enum unit_naming naming)
{
    return (struct units){.catalogue = population->catalogue,
                          .rows = population->rows,
                          .count = population->conversations,
                          .naming = naming};
}

enum status frame_make(struct frame *frame, const struct population *population,
                       const struct plan *plan, const char *catalogue_digest, struct error *err)
{
    *frame = (struct frame){.count = population->conversations};
    if (frame->count == 0)
        return error_set(err, STATUS_PLAN, "population", "no conversation is in the population");
    if (strlen(catalogue_digest) == 64)
        memcpy(frame->catalogue_digest, catalogue_digest, 65);
    TRY(frame_filter_text(plan, &frame->filter, err));
    struct units units = frame_units(population, UNIT_BY_ID);
    bool unique;
    TRY(units_unique(&units, &unique, err));
    if (!unique) {
        units.naming = UNIT_BY_USER_AND_ID;
        TRY(units_unique(&units, &unique, err));
        if (!unique)
            return error_set(err, STATUS_INPUT, NULL,
                             "two conversations of the population cannot be told apart by user "
                             "and id");
    }
    frame->naming = units.naming;
    return units_digest(&units, frame->digest, err);
}

void frame_release(struct frame *frame)
{
    free(frame->filter);
    *frame = (struct frame){.filter = NULL};
}

/* ---- the file ---- */

enum status frame_write(const struct frame *frame, const char *path, struct error *err)
{
    json_t *filter;
    TRY(json_text_read(frame->filter, strlen(frame->filter), &filter, NULL, err));
    json_t *root = json_pack("{s:i, s:s, s:s, s:I, s:[{s:s, s:I}], s:s, s:s, s:O}", "proffer_frame",
                             1, "unit", "conversation", "unit_id", unit_namings[frame->naming], "N",
                             (json_int_t)frame->count, "strata", "name", "all", "N",
                             (json_int_t)frame->count, "digest", frame->digest, "catalogue",
                             frame->catalogue_digest, "population", filter);
    char *text = root ? json_text_make(root, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
    char *lines = text ? mem_printf("%s\n", text) : NULL;
    enum status status =
        lines ? file_write(path, lines, strlen(lines), 0600, err) : error_nomem(err);
    free(lines);
    free(text);
    json_decref(root);
    json_decref(filter);
    return status;
}

static const char *const units_choices[] = {"conversation", NULL};

static const struct json_key frame_rows[] = {
    {"proffer_frame", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, 1},
    {"unit", WANT_CHOICE, KEY_REQUIRED, NULL, units_choices, 0, 0},
    {"unit_id", WANT_CHOICE, KEY_REQUIRED, NULL, unit_namings, 0, 0},
    {"N", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, INT64_MAX},
    {"strata", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"digest", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"catalogue", WANT_TEXT, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"population", WANT_OBJECT, KEY_REQUIRED, NULL, NULL, 0, 0},
};
static const struct json_table frame_table = JSON_TABLE("frame", frame_rows);

static const struct json_key stratum_rows[] = {
    {"name", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"N", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 0, INT64_MAX},
};
static const struct json_table stratum_table = JSON_TABLE("stratum", stratum_rows);

static bool hex_digest(const char *text)
{
    return strspn(text, "0123456789abcdef") == 64 && text[64] == '\0';
}

/* One stratum, with all units. */
static enum status check_strata(const struct json_node *root, struct error *err)
{
    struct json_node list, name, size, total;
    (void)json_get(root, "strata", &list);
    if (json_node_length(&list) != 1)
        return json_fault(&list, err, "only one stratum is supported in this version");
    struct json_node item = json_node_element(&list, 0);
    TRY(json_check(&item, &stratum_table, err));
    (void)json_get(&item, "name", &name);
    (void)json_get(&item, "N", &size);
    (void)json_get(root, "N", &total);
    if (strcmp(json_node_text(&name), "all") != 0)
        return json_fault(&name, err, "the one stratum must be \"all\"");
    if (json_node_integer(&size) != json_node_integer(&total))
        return json_fault(&size, err, "is not the frame's N");
    return STATUS_OK;
}

static enum status read_root(struct frame *frame, const struct json_node *root, struct error *err)
{
    struct json_node digest, catalogue, population;
    TRY(json_check(root, &frame_table, err));
    TRY(check_strata(root, err));
    (void)json_get(root, "digest", &digest);
    (void)json_get(root, "catalogue", &catalogue);
    (void)json_get(root, "population", &population);
    if (!hex_digest(json_node_text(&digest)))
        return json_fault(&digest, err, "must be 64 lower-case hexadecimal digits");
    memcpy(frame->digest, json_node_text(&digest), 65);
    if (*json_node_text(&catalogue)) {
        if (!hex_digest(json_node_text(&catalogue)))
            return json_fault(&catalogue, err, "must be 64 lower-case hexadecimal digits");
        memcpy(frame->catalogue_digest, json_node_text(&catalogue), 65);
    }
    frame->naming = (enum unit_naming)json_get_choice(root, &frame_table, "unit_id");
    frame->count = (uint64_t)json_get_integer(root, &frame_table, "N");
    return frame_filter_check(&population, &frame->filter, err);
}

enum status frame_parse(struct frame *frame, const char *name, const char *text, size_t len,
                        struct error *err)
{
    *frame = (struct frame){.filter = NULL};
    struct json_doc doc;
    enum status status = json_doc_parse(&doc, name, text, len, err);
    if (status == STATUS_OK) {
        struct json_node root = json_doc_root(&doc);
        status = read_root(frame, &root, err);
    }
    json_doc_release(&doc);
    return status;
}

enum status frame_read(struct frame *frame, const char *path, struct error *err)
{
    *frame = (struct frame){.filter = NULL};
    char *text;
    size_t len;
    TRY(file_read(path, FRAME_FILE_MAX, &text, &len, err));
    enum status status = frame_parse(frame, path, text, len, err);
    free(text);
    return status;
}

char *frame_default_path(const struct plan *plan)
{
    static const char ending[] = ".json";
    size_t len = strlen(plan->path), cut = sizeof ending - 1;
    if (len > cut && strcmp(plan->path + len - cut, ending) == 0)
        len -= cut;
    return mem_printf("%.*s.frame.json", (int)len, plan->path);
}

/* ---- comparing ---- */

enum status frame_matches(const char *digest, enum unit_naming naming, uint64_t count,
                          const struct population *population, bool *matches, struct error *err)
{
    char own[65];
    *matches = false;
    if (count != population->conversations)
        return STATUS_OK;
    struct units units = frame_units(population, naming);
    TRY(units_digest(&units, own, err));
    *matches = strcmp(own, digest) == 0;
    return STATUS_OK;
}

enum status frame_fix(struct frame *frame, const struct population *population,
                      const struct plan *plan, const char *catalogue_digest, const char *path,
                      bool *written, struct error *err)
{
    *written = false;
    TRY(frame_make(frame, population, plan, catalogue_digest, err));
    if (!file_exists(path)) {
        *written = true;
        return frame_write(frame, path, err);
    }
    struct frame there;
    enum status status = frame_read(&there, path, err);
    if (status == STATUS_OK && strcmp(there.digest, frame->digest) == 0 &&
        there.naming == frame->naming) {
        struct frame made = *frame;
        *frame = there;
        there = made;
    } else if (status == STATUS_OK) {
        status = error_set(err, STATUS_PLAN, path,
                           "a frame of other units is fixed here already: N is %" PRIu64
                           " there and %" PRIu64 " now",
                           there.count, frame->count);
        error_hint(err, "samples may have been drawn from it; remove the file, or name another, to "
                        "fix a new one");
    }
    frame_release(&there);
    return status;
}

enum status frame_population(const struct frame *frame, const struct catalogue *catalogue,
                             const struct plan *plan, struct population *rows, struct error *err)
{
    enum status status = STATUS_OK;
    bool matches = false;
    struct plan filter;
    *rows = (struct population){.catalogue = NULL};
    TRY_CLEANUP(frame_filter_plan(frame->filter, plan, &filter, err));
    TRY_CLEANUP(population_init(rows, catalogue, &filter, err));
    TRY_CLEANUP(frame_matches(frame->digest, frame->naming, frame->count, rows, &matches, err));
    if (!matches) {
        status = error_set(err, STATUS_PLAN, NULL,
                           "the frame's units cannot be found again: N was %" PRIu64
                           " and is %" PRIu64 " now",
                           frame->count, rows->conversations);
        error_hint(err, "the logs or their fields changed since the frame was fixed");
    }
cleanup:
    arena_release(&filter.arena);
    return status;
}
