/* The file of a sample, and `draw` as a whole: see sample.h. */
#include "queries/sample.h"

#include "base/file.h"
#include "base/json_io.h"
#include "base/json_keys.h"
#include "base/memory.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE_FILE_MAX = INT32_MAX };

/* ---- writing ---- */

/* BEFORE, TEXT in quotes, AFTER. */
static enum status put_text(struct buffer *out, const char *before, const char *text, size_t len,
                            const char *after, struct error *err)
{
    json_t *value = json_stringn(text, len);
    char *quoted = value ? json_text_make(value, JSON_ENCODE_ANY) : NULL;
    enum status status = STATUS_OK;
    if (!value)
        status = error_set(err, STATUS_PLAN, NULL, "\"%s\" is not UTF-8", json_show(text).text);
    else if (!quoted)
        status = error_nomem(err);
    else
        status = buffer_addf(out, err, "%s%s%s", before, quoted, after);
    free(quoted);
    json_decref(value);
    return status;
}

static enum status put_sample(struct buffer *out, const struct sample *sample, struct error *err)
{
    char cut_off[65];
    sha256_hex(&sample->cut_off, cut_off);
    TRY(buffer_addf(out, err,
                    "{\n  \"proffer_sample\": 1,\n  \"frame\": \"%s\",\n  \"N\": %" PRIu64
                    ",\n  \"size\": %zu,\n  \"unit\": \"conversation\",\n  \"unit_id\": \"%s\",\n",
                    sample->frame_digest, sample->frame_count, sample->ids.count,
                    unit_namings[sample->naming]));
    TRY(put_text(out, "  \"seed\": ", sample->seed, strlen(sample->seed), ",\n", err));
    TRY(put_text(out, "  \"seed_source\": ", sample->seed_source, strlen(sample->seed_source),
                 ",\n", err));
    TRY(buffer_addf(out, err, "  \"cut_off\": \"%s\",\n  \"looks\": [", cut_off));
    for (size_t i = 0; i < sample->look_count; i++)
        TRY(buffer_addf(out, err, "%s{\"size\": %" PRIu64 "}", i ? ", " : "", sample->looks[i]));
    TRY(buffer_addf(out, err, "],\n  \"ids\": ["));
    for (size_t i = 0; i < sample->ids.count; i++)
        TRY(put_text(out, i ? ",\n    " : "\n    ", sample->ids.items[i].text,
                     sample->ids.items[i].len, "", err));
    return buffer_addf(out, err, "\n  ]\n}\n");
}

enum status sample_write(struct sample *sample, const char *path, struct error *err)
{
    struct buffer out;
    struct sha256 value;
    buffer_init(&out, SAMPLE_FILE_MAX);
    enum status status = put_sample(&out, sample, err);
    if (status == STATUS_OK)
        status = sha256_of(out.data, out.len, &value, err);
    if (status == STATUS_OK)
        status = file_write(path, out.data, out.len, 0600, err);
    if (status == STATUS_OK)
        sha256_hex(&value, sample->sha256);
    buffer_release(&out);
    return status;
}

/* ---- reading ---- */

static const char *const units_choices[] = {"conversation", NULL};

static const struct json_key sample_rows[] = {
    {"proffer_sample", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, 1},
    {"frame", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"N", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, INT64_MAX},
    {"size", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, UINT32_MAX - 1},
    {"unit", WANT_CHOICE, KEY_REQUIRED, NULL, units_choices, 0, 0},
    {"unit_id", WANT_CHOICE, KEY_REQUIRED, NULL, unit_namings, 0, 0},
    {"seed", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"seed_source", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"cut_off", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"looks", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"ids", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
};
static const struct json_table sample_table = JSON_TABLE("sample", sample_rows);

static const struct json_key look_rows[] = {
    {"size", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, UINT32_MAX - 1},
};
static const struct json_table look_table = JSON_TABLE("look", look_rows);

/* 64 lower-case hexadecimal digits into *OUT. */
static enum status read_hex(const struct json_node *root, const char *key, struct sha256 *out,
                            struct error *err)
{
    static const char digits[] = "0123456789abcdef";
    struct json_node node;
    (void)json_get(root, key, &node);
    const char *text = json_node_text(&node);
    if (strspn(text, digits) != 64 || text[64])
        return json_fault(&node, err, "must be 64 lower-case hexadecimal digits");
    for (size_t i = 0; i < 32; i++)
        out->bytes[i] = (unsigned char)((strchr(digits, text[2 * i]) - digits) << 4 |
                                        (strchr(digits, text[2 * i + 1]) - digits));
    return STATUS_OK;
}

static enum status read_looks(struct sample *sample, const struct json_node *root, long long size,
                              struct error *err)
{
    struct json_node list, value;
    long long last = 0;
    (void)json_get(root, "looks", &list);
    sample->looks = mem_zalloc(json_node_length(&list), sizeof *sample->looks);
    if (!sample->looks)
        return error_nomem(err);
    for (size_t i = 0; i < json_node_length(&list); i++) {
        struct json_node item = json_node_element(&list, i);
        TRY(json_check(&item, &look_table, err));
        (void)json_get(&item, "size", &value);
        if (json_node_integer(&value) <= last || json_node_integer(&value) >= size)
            return json_fault(&value, err, "looks must grow and be smaller than the sample");
        last = json_node_integer(&value);
        sample->looks[sample->look_count++] = (uint64_t)last;
    }
    return STATUS_OK;
}

static enum status read_ids(struct sample *sample, const struct json_node *root, long long size,
                            struct error *err)
{
    struct json_node list;
    (void)json_get(root, "ids", &list);
    size_t count = json_node_length(&list);
    if (count != (unsigned long long)size)
        return json_fault(&list, err, "there are %zu ids where the size is %lld", count, size);
    for (size_t i = 0; i < count; i++) {
        struct json_node item = json_node_element(&list, i);
        const char *text = json_node_text(&item);
        uint32_t number;
        if (!text)
            return json_fault(&item, err, "must be a text, not %s",
                              json_kind_words(json_node_kind(&item)));
        TRY(intern_add(&sample->ids, text, strlen(text), &number, err));
        if (number != i)
            return json_fault(&item, err, "the id is there already, as ids[%" PRIu32 "]", number);
    }
    return STATUS_OK;
}

static enum status copy_text(const struct json_node *root, const char *key, char **out,
                             struct error *err)
{
    struct json_node node;
    (void)json_get(root, key, &node);
    *out = mem_strdup(json_node_text(&node));
    return *out ? STATUS_OK : error_nomem(err);
}

static enum status read_root(struct sample *sample, const struct json_node *root, struct error *err)
{
    struct json_node node;
    struct sha256 frame;
    TRY(json_check(root, &sample_table, err));
    long long size = json_get_integer(root, &sample_table, "size");
    sample->frame_count = (uint64_t)json_get_integer(root, &sample_table, "N");
    sample->naming = (enum unit_naming)json_get_choice(root, &sample_table, "unit_id");
    if ((uint64_t)size > sample->frame_count) {
        (void)json_get(root, "size", &node);
        return json_fault(&node, err, "is over N");
    }
    TRY(read_hex(root, "frame", &frame, err));
    sha256_hex(&frame, sample->frame_digest);
    TRY(read_hex(root, "cut_off", &sample->cut_off, err));
    TRY(copy_text(root, "seed", &sample->seed, err));
    TRY(copy_text(root, "seed_source", &sample->seed_source, err));
    TRY(read_looks(sample, root, size, err));
    return read_ids(sample, root, size, err);
}

enum status sample_parse(struct sample *sample, const char *name, const char *text, size_t len,
                         struct error *err)
{
    struct json_doc doc;
    enum status status = json_doc_parse(&doc, name, text, len, err);
    if (status == STATUS_OK) {
        struct json_node root = json_doc_root(&doc);
        memcpy(sample->sha256, doc.sha256, sizeof sample->sha256);
        status = read_root(sample, &root, err);
    }
    json_doc_release(&doc);
    return status;
}

enum status sample_read(struct sample *sample, const char *path, struct error *err)
{
    char *text;
    size_t len;
    TRY(file_read(path, SAMPLE_FILE_MAX, &text, &len, err));
    enum status status = sample_parse(sample, path, text, len, err);
    free(text);
    return status;
}

/* ---- draw ---- */

/* Whether the sample that is there may become one of REQUEST's. */
static enum status check_existing(const struct sample *there, const struct frame *frame,
                                  const struct sample_request *request, struct error *err)
{
    const char *path = request->sample_path;
    if (strcmp(there->frame_digest, frame->digest) != 0 || there->naming != frame->naming) {
        error_set(err, STATUS_PLAN, path, "a sample of another frame is here already");
        return error_hint(err, "name another file for the new sample, or remove this one");
    }
    if (strcmp(there->seed, request->seed) != 0) {
        error_set(err, STATUS_PLAN, path,
                  "a sample of this frame was drawn with another seed already");
        return error_hint(err, "a second seed for the same frame is a second try; use the first "
                               "seed, or fix a new frame");
    }
    if (strcmp(there->seed_source, request->seed_source) != 0) {
        error_set(err, STATUS_PLAN, path,
                  "the sample names another source of the same seed: \"%s\"",
                  json_show(there->seed_source).text);
        return error_hint(err, "give the source as it stands there");
    }
    if (request->size < there->ids.count)
        return error_set(err, STATUS_PLAN, path,
                         "the sample has %zu units and cannot shrink to %" PRIu64, there->ids.count,
                         request->size);
    return STATUS_OK;
}

/* The larger sample must begin with the smaller one, or the latter was tampered with. */
static enum status check_nested(const struct sample *small, const struct sample *large,
                                const char *path, struct error *err)
{
    for (size_t i = 0; i < small->ids.count; i++) {
        const struct intern_text *a = &small->ids.items[i], *b = &large->ids.items[i];
        if (a->len != b->len || memcmp(a->text, b->text, a->len) != 0)
            return error_set(err, STATUS_PLAN, path,
                             "ids[%zu] is not what its seed draws: the sample was changed", i);
    }
    if (small->ids.count == large->ids.count &&
        memcmp(&small->cut_off, &large->cut_off, sizeof small->cut_off) != 0)
        return error_set(err, STATUS_PLAN, path,
                         "the cut-off is not what its seed draws: the sample was changed");
    return STATUS_OK;
}

static enum status keep_looks(struct sample *sample, const struct sample *before, bool labelled,
                              struct error *err)
{
    sample->looks = mem_zalloc(before->look_count + 1, sizeof *sample->looks);
    if (!sample->looks)
        return error_nomem(err);
    for (size_t i = 0; i < before->look_count; i++)
        sample->looks[sample->look_count++] = before->looks[i];
    if (labelled)
        sample->looks[sample->look_count++] = before->ids.count;
    return STATUS_OK;
}

enum status sample_fix(struct sample *sample, const struct population *population,
                       const struct sample_request *request, enum sample_outcome *outcome,
                       struct error *err)
{
    enum status status = STATUS_OK;
    struct frame frame = {.filter = NULL};
    struct sample there;
    sample_init(&there);
    bool exists = file_exists(request->sample_path);
    *outcome = exists ? SAMPLE_EXTENDED : SAMPLE_DRAWN;
    if (!file_exists(request->frame_path)) {
        status = error_set(err, STATUS_PLAN, request->frame_path, "there is no frame");
        error_hint(err, "fix it with `proffer frame` before the seed is known");
        goto cleanup;
    }
    TRY_CLEANUP(frame_read(&frame, request->frame_path, err));
    if (exists) {
        TRY_CLEANUP(sample_read(&there, request->sample_path, err));
        TRY_CLEANUP(check_existing(&there, &frame, request, err));
    }
    TRY_CLEANUP(sample_draw(sample, population, &frame, request->size, request->seed,
                            request->seed_source, err));
    if (exists) {
        TRY_CLEANUP(check_nested(&there, sample, request->sample_path, err));
        bool grown = sample->ids.count > there.ids.count;
        bool labelled = request->labels_path && file_exists(request->labels_path);
        TRY_CLEANUP(keep_looks(sample, &there, grown && labelled, err));
        if (!grown) {
            *outcome = SAMPLE_UNCHANGED;
            memcpy(sample->sha256, there.sha256, sizeof sample->sha256);
            goto cleanup;
        }
    }
    status = sample_write(sample, request->sample_path, err);
cleanup:
    sample_release(&there);
    frame_release(&frame);
    return status;
}
