/* The file of a frame: see frame.h. */
#include "base/civil.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/json_keys.h"
#include "base/memory.h"
#include "queries/frame.h"
#include "queries/frame_filter.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_FILE_MAX = 64 << 20 };

/* ---- writing ---- */

static json_t *strata_json(const struct frame *frame)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < frame->stratum_count; i++) {
        json_t *item = json_pack("{s:s, s:I}", "name", frame->strata[i].name, "N",
                                 (json_int_t)frame->strata[i].count);
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *draws_json(const struct frame *frame)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < frame->draw_count; i++) {
        const struct frame_draw *draw = &frame->draws[i];
        json_t *item = json_pack("{s:s, s:s, s:I}", "seed", draw->seed, "sample", draw->sample,
                                 "size", (json_int_t)draw->size);
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

enum status frame_write(const struct frame *frame, const char *path, struct error *err)
{
    json_t *filter;
    char fixed[CIVIL_TIME_TEXT];
    civil_time_text(frame->fixed, fixed);
    TRY(json_text_read(frame->filter, strlen(frame->filter), &filter, NULL, err));
    /* json_pack takes what it is given over, also where it fails. */
    json_t *root =
        json_pack("{s:i, s:s, s:s, s:I, s:o, s:s, s:s, s:s, s:O, s:o}", "proffer_frame", 1, "unit",
                  unit_kinds[frame->basis.kind], "unit_id", unit_namings[frame->basis.naming], "N",
                  (json_int_t)frame->count, "strata", strata_json(frame), "digest", frame->digest,
                  "fixed", fixed, "catalogue", frame->catalogue_digest, "population", filter,
                  "draws", draws_json(frame));
    bool failed = !root;
    if (root && frame->basis.by)
        failed = json_object_set_new(root, "by", json_string(frame->basis.by)) != 0 ||
                 json_object_set_new(root, "min_users", json_integer(frame->basis.min_users)) != 0;
    if (root && frame->basis.all_groups)
        failed = failed || json_object_set_new(root, "groups", json_string(frame_groups[1])) != 0;
    char *text = failed ? NULL : json_text_make(root, JSON_INDENT(2) | JSON_SORT_KEYS);
    char *lines = text ? mem_printf("%s\n", text) : NULL;
    enum status status =
        lines ? file_write(path, lines, strlen(lines), 0600, err) : error_nomem(err);
    free(lines);
    free(text);
    json_decref(root);
    json_decref(filter);
    return status;
}

/* ---- reading ---- */

static const struct json_key frame_rows[] = {
    {"proffer_frame", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, 1},
    {"unit", WANT_CHOICE, KEY_REQUIRED, NULL, unit_kinds, 0, 0},
    {"unit_id", WANT_CHOICE, KEY_REQUIRED, NULL, unit_namings, 0, 0},
    {"by", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"min_users", WANT_INTEGER, 0, "0", NULL, 0, 1000000},
    {"groups", WANT_CHOICE, 0, "shown", frame_groups, 0, 0},
    {"N", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, INT64_MAX},
    {"strata", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"digest", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"fixed", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"catalogue", WANT_TEXT, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"population", WANT_OBJECT, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"draws", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
};
static const struct json_table frame_table = JSON_TABLE("frame", frame_rows);

static const struct json_key stratum_rows[] = {
    {"name", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"N", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 0, INT64_MAX},
};
static const struct json_table stratum_table = JSON_TABLE("stratum", stratum_rows);

static const struct json_key draw_rows[] = {
    {"seed", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"sample", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"size", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, INT64_MAX},
};
static const struct json_table draw_table = JSON_TABLE("draw", draw_rows);

static bool hex_digest(const char *text)
{
    return strspn(text, "0123456789abcdef") == 64 && text[64] == '\0';
}

/* A text member after json_check; NULL if it is not there. */
static enum status copy_text(const struct json_node *node, const char *key, char **out,
                             struct error *err)
{
    struct json_node child;
    if (!json_get(node, key, &child))
        return STATUS_OK;
    *out = mem_strdup(json_node_text(&child));
    return *out ? STATUS_OK : error_nomem(err);
}

static enum status read_strata(struct frame *frame, const struct json_node *root, struct error *err)
{
    struct json_node list, name;
    uint64_t left = frame->count;
    (void)json_get(root, "strata", &list);
    size_t count = json_node_length(&list);
    if (count == 0 || count > STRATA_MAX)
        return json_fault(&list, err, "there must be 1 to %d strata", STRATA_MAX);
    frame->strata = mem_zalloc(count, sizeof *frame->strata);
    if (!frame->strata)
        return error_nomem(err);
    for (; frame->stratum_count < count; frame->stratum_count++) {
        struct json_node item = json_node_element(&list, frame->stratum_count);
        struct frame_stratum *to = &frame->strata[frame->stratum_count];
        TRY(json_check(&item, &stratum_table, err));
        to->count = (uint64_t)json_get_integer(&item, &stratum_table, "N");
        if (to->count == 0 && !frame->basis.all_groups)
            return json_fault(&item, err, "a stratum without units");
        if (to->count > left)
            return json_fault(&item, err, "the strata hold more units than the frame");
        left -= to->count;
        TRY(copy_text(&item, "name", &to->name, err));
    }
    if (left)
        return json_fault(&list, err, "the strata hold fewer units than the frame");
    if (frame->basis.by)
        return STATUS_OK;
    struct json_node only = json_node_element(&list, 0);
    (void)json_get(&only, "name", &name);
    if (count != 1)
        return json_fault(&list, err, "there are %zu strata, but no \"by\" that made them", count);
    if (strcmp(json_node_text(&name), "all") != 0)
        return json_fault(&name, err, "the one stratum must be \"all\"");
    return STATUS_OK;
}

static enum status read_draws(struct frame *frame, const struct json_node *root, struct error *err)
{
    struct json_node list;
    (void)json_get(root, "draws", &list);
    size_t count = json_node_length(&list);
    frame->draws = mem_zalloc(count, sizeof *frame->draws);
    if (!frame->draws)
        return error_nomem(err);
    for (; frame->draw_count < count; frame->draw_count++) {
        struct json_node item = json_node_element(&list, frame->draw_count);
        struct frame_draw *to = &frame->draws[frame->draw_count];
        TRY(json_check(&item, &draw_table, err));
        to->size = (uint64_t)json_get_integer(&item, &draw_table, "size");
        TRY(copy_text(&item, "seed", &to->seed, err));
        TRY(copy_text(&item, "sample", &to->sample, err));
    }
    return STATUS_OK;
}

static enum status read_root(struct frame *frame, const struct json_node *root, struct error *err)
{
    struct json_node digest, catalogue, population, fixed;
    TRY(json_check(root, &frame_table, err));
    frame->basis.kind = (enum unit_kind)json_get_choice(root, &frame_table, "unit");
    frame->basis.naming = (enum unit_naming)json_get_choice(root, &frame_table, "unit_id");
    frame->basis.min_users = (uint32_t)json_get_integer(root, &frame_table, "min_users");
    frame->basis.all_groups = json_get_choice(root, &frame_table, "groups") == 1;
    frame->count = (uint64_t)json_get_integer(root, &frame_table, "N");
    TRY(copy_text(root, "by", &frame->basis.by, err));
    TRY(read_strata(frame, root, err));
    (void)json_get(root, "digest", &digest);
    (void)json_get(root, "fixed", &fixed);
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
    const char *text = json_node_text(&fixed);
    if (!civil_parse_time(text, strlen(text), &frame->fixed))
        return json_fault(&fixed, err, "must be a time such as 2025-01-31T12:00:00Z");
    TRY(read_draws(frame, root, err));
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
