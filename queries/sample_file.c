/* The file of a sample: see sample.h. */
#include "queries/sample.h"

#include "base/civil.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/json_keys.h"
#include "base/memory.h"
#include "queries/ticket.h"

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

static enum status put_stratum(struct buffer *out, const struct sample_stratum *stratum,
                               const char *before, struct error *err)
{
    char cut_off[65];
    TRY(put_text(out, before, stratum->name, strlen(stratum->name), "", err));
    TRY(buffer_addf(out, err, ", \"N\": %" PRIu64 ", \"size\": %" PRIu64, stratum->count,
                    stratum->size));
    if (stratum->share > 0)
        TRY(buffer_addf(out, err, ", \"share\": %.17g", stratum->share));
    if (stratum->size || stratum->share > 0) {
        sha256_hex(&stratum->cut_off, cut_off);
        TRY(buffer_addf(out, err, ", \"cut_off\": \"%s\"", cut_off));
    }
    return buffer_addf(out, err, "}");
}

static enum status put_seed(struct buffer *out, const struct sample *sample, struct error *err)
{
    TRY(put_text(out, "  \"seed\": ", sample->seed, strlen(sample->seed), ",\n", err));
    TRY(put_text(out, "  \"seed_source\": ", sample->seed_source, strlen(sample->seed_source),
                 ",\n", err));
    if (sample->seed_time != CIVIL_NONE) {
        char text[CIVIL_TIME_TEXT];
        civil_time_text(sample->seed_time, text);
        TRY(buffer_addf(out, err, "  \"seed_time\": \"%s\",\n", text));
    }
    return buffer_addf(out, err, "  \"draw\": %" PRIu64 ",\n", sample->draw);
}

static enum status put_sample(struct buffer *out, const struct sample *sample, struct error *err)
{
    TRY(buffer_addf(out, err,
                    "{\n  \"proffer_sample\": 1,\n  \"frame\": \"%s\",\n  \"unit\": "
                    "\"%s\",\n  \"unit_id\": \"%s\",\n",
                    sample->frame_digest, unit_kinds[sample->basis.kind],
                    unit_namings[sample->basis.naming]));
    if (sample->basis.by) {
        TRY(put_text(out, "  \"by\": ", sample->basis.by, strlen(sample->basis.by), ",\n", err));
        TRY(buffer_addf(out, err, "  \"min_users\": %" PRIu32 ",\n", sample->basis.min_users));
        if (sample->basis.all_groups)
            TRY(buffer_addf(out, err, "  \"groups\": \"%s\",\n", frame_groups[1]));
    }
    TRY(buffer_addf(out, err, "  \"N\": %" PRIu64 ",\n  \"size\": %zu,\n", sample->frame_count,
                    sample->ids.count));
    TRY(put_seed(out, sample, err));
    for (size_t h = 0; h < sample->stratum_count; h++)
        TRY(put_stratum(out, &sample->strata[h],
                        h ? ",\n    {\"name\": " : "  \"strata\": [\n    {\"name\": ", err));
    TRY(buffer_addf(out, err, "\n  ],\n  \"priors\": ["));
    for (size_t i = 0; i < sample->prior_count; i++) {
        const struct sample_prior *prior = &sample->priors[i];
        TRY(put_text(out, i ? ", {\"query\": " : "{\"query\": ", prior->query, strlen(prior->query),
                     "", err));
        TRY(buffer_addf(out, err, ", \"a\": %.17g, \"b\": %.17g}", prior->a, prior->b));
    }
    TRY(buffer_addf(out, err, "],\n  \"looks\": ["));
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

static const struct json_key sample_rows[] = {
    {"proffer_sample", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, 1},
    {"frame", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"unit", WANT_CHOICE, KEY_REQUIRED, NULL, unit_kinds, 0, 0},
    {"unit_id", WANT_CHOICE, KEY_REQUIRED, NULL, unit_namings, 0, 0},
    {"by", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"min_users", WANT_INTEGER, 0, "0", NULL, 0, 1000000},
    {"groups", WANT_CHOICE, 0, "shown", frame_groups, 0, 0},
    {"N", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, INT64_MAX},
    {"size", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, UINT32_MAX - 1},
    {"seed", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"seed_source", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"seed_time", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"draw", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, INT64_MAX},
    {"strata", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"priors", WANT_LIST, 0, NULL, NULL, 0, 0},
    {"looks", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"ids", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
};
static const struct json_table sample_table = JSON_TABLE("sample", sample_rows);

static const struct json_key stratum_rows[] = {
    {"name", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"N", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 0, INT64_MAX},
    {"size", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 0, UINT32_MAX - 1},
    {"share", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"cut_off", WANT_FILLED, 0, NULL, NULL, 0, 0},
};
static const struct json_table stratum_table = JSON_TABLE("stratum", stratum_rows);

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

static const struct json_key prior_rows[] = {
    {"query", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"a", WANT_NUMBER, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"b", WANT_NUMBER, KEY_REQUIRED, NULL, NULL, 0, 0},
};
static const struct json_table prior_table = JSON_TABLE("prior", prior_rows);

static enum status read_priors(struct sample *sample, const struct json_node *root,
                               struct error *err)
{
    struct json_node list, query, a, b;
    if (!json_get(root, "priors", &list))
        return STATUS_OK;
    for (size_t i = 0; i < json_node_length(&list); i++) {
        struct json_node item = json_node_element(&list, i);
        TRY(json_check(&item, &prior_table, err));
        (void)json_get(&item, "query", &query);
        (void)json_get(&item, "a", &a);
        (void)json_get(&item, "b", &b);
        TRY(sample_note_prior(sample, json_node_text(&query), json_node_number(&a),
                              json_node_number(&b), err));
        if (sample->prior_count != i + 1)
            return json_fault(&query, err, "the query is there already");
    }
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
    if (!json_get(root, key, &node))
        return STATUS_OK;
    *out = mem_strdup(json_node_text(&node));
    return *out ? STATUS_OK : error_nomem(err);
}

static enum status read_stratum(struct sample_stratum *to, const struct json_node *item,
                                struct error *err)
{
    struct json_node cut_off, share;
    TRY(json_check(item, &stratum_table, err));
    to->count = (uint64_t)json_get_integer(item, &stratum_table, "N");
    to->size = (uint64_t)json_get_integer(item, &stratum_table, "size");
    if (to->size > to->count)
        return json_fault(item, err, "the size is over N");
    if (json_get(item, "share", &share)) {
        to->share = json_node_number(&share);
        if (!(to->share >= 1e-12 && to->share <= 1))
            return json_fault(&share, err, "must be above 0 and at most 1");
    }
    bool cut = to->size > 0 || to->share > 0;
    if (json_get(item, "cut_off", &cut_off) != cut)
        return json_fault(item, err,
                          cut ? "\"cut_off\" is missing" : "a cut-off of no units at all");
    if (cut)
        TRY(read_hex(item, "cut_off", &to->cut_off, err));
    if (to->share > 0) {
        struct sha256 own = ticket_of_share(to->share);
        if (ticket_compare(&own, &to->cut_off) != 0)
            return json_fault(&cut_off, err, "is not that of the share");
    }
    return copy_text(item, "name", &to->name, err);
}

static enum status read_strata(struct sample *sample, const struct json_node *root, uint64_t size,
                               struct error *err)
{
    struct json_node list;
    uint64_t units = 0, drawn = 0;
    (void)json_get(root, "strata", &list);
    size_t count = json_node_length(&list);
    if (count == 0 || count > STRATA_MAX || (count > 1 && !sample->basis.by))
        return json_fault(&list, err, "there must be 1 to %d strata, and one without \"by\"",
                          STRATA_MAX);
    sample->strata = mem_zalloc(count, sizeof *sample->strata);
    if (!sample->strata)
        return error_nomem(err);
    for (; sample->stratum_count < count; sample->stratum_count++) {
        struct json_node item = json_node_element(&list, sample->stratum_count);
        struct sample_stratum *to = &sample->strata[sample->stratum_count];
        enum status status = read_stratum(to, &item, err);
        if (status != STATUS_OK) {
            free(to->name);
            return status;
        }
        to->first = drawn;
        bool empty = to->count == 0 && !sample->basis.all_groups;
        if (empty || (to->share > 0) != (sample->strata[0].share > 0)) {
            free(to->name);
            return json_fault(
                &item, err, empty ? "a stratum without units" : "all strata have a share, or none");
        }
        drawn += to->size;
        if (to->count > sample->frame_count - units) {
            free(to->name);
            return json_fault(&item, err, "the strata hold more units than the frame");
        }
        units += to->count;
    }
    if (units != sample->frame_count)
        return json_fault(&list, err, "the strata hold fewer units than the frame");
    if (drawn != size)
        return json_fault(&list, err, "their sizes add up to %" PRIu64 ", not to the sample's",
                          drawn);
    return STATUS_OK;
}

static enum status read_time(struct sample *sample, const struct json_node *root, struct error *err)
{
    struct json_node node;
    if (!json_get(root, "seed_time", &node))
        return STATUS_OK;
    const char *text = json_node_text(&node);
    if (!civil_parse_time(text, strlen(text), &sample->seed_time))
        return json_fault(&node, err, "must be a time such as 2025-01-31T12:00:00Z");
    return STATUS_OK;
}

static enum status read_root(struct sample *sample, const struct json_node *root, struct error *err)
{
    struct json_node node;
    struct sha256 frame;
    TRY(json_check(root, &sample_table, err));
    long long size = json_get_integer(root, &sample_table, "size");
    sample->frame_count = (uint64_t)json_get_integer(root, &sample_table, "N");
    sample->basis.kind = (enum unit_kind)json_get_choice(root, &sample_table, "unit");
    sample->basis.naming = (enum unit_naming)json_get_choice(root, &sample_table, "unit_id");
    sample->basis.min_users = (uint32_t)json_get_integer(root, &sample_table, "min_users");
    sample->basis.all_groups = json_get_choice(root, &sample_table, "groups") == 1;
    sample->draw = (uint64_t)json_get_integer(root, &sample_table, "draw");
    if ((uint64_t)size > sample->frame_count) {
        (void)json_get(root, "size", &node);
        return json_fault(&node, err, "is over N");
    }
    TRY(read_hex(root, "frame", &frame, err));
    sha256_hex(&frame, sample->frame_digest);
    TRY(copy_text(root, "seed", &sample->seed, err));
    TRY(copy_text(root, "seed_source", &sample->seed_source, err));
    TRY(copy_text(root, "by", &sample->basis.by, err));
    TRY(read_time(sample, root, err));
    TRY(read_strata(sample, root, (uint64_t)size, err));
    TRY(read_priors(sample, root, err));
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
