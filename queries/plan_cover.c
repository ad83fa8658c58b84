/*
 * What the plan's `report` states for the cover: caption, what the report is offered as, how to
 * inspect what lies under it, the stamp of printed pages. These texts stand as they are on a page
 * that is filed, so nothing that steers what shows them gets in. See plan_parts.h.
 */
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include "base/utf8.h"

#include <string.h>

enum { CAPTION_LINES = 40, CAPTION_LINE = 200, STATEMENT = 2000, STAMP_PREFIX = 20 };

/* At most MOST characters, none of which steers. */
static enum status check_text(struct plan_reader *reader, const struct json_node *node, size_t most)
{
    const char *text = json_node_text(node), *end = text + strlen(text);
    size_t count = 0;
    for (const char *at = text; at < end; count++) {
        uint32_t code = utf8_next(&at, end);
        if (!utf8_steers(code))
            continue;
        json_fault(node, reader->err, "character %zu is U+%04X, a control character", count + 1,
                   (unsigned)code);
        return error_hint(reader->err, "state it in plain text of one line");
    }
    if (count > most)
        return json_fault(node, reader->err, "it has %zu characters, and must have at most %zu",
                          count, most);
    return STATUS_OK;
}

static enum status read_text(struct plan_reader *reader, const struct json_node *report,
                             const char *key, char **out)
{
    struct json_node node;
    if (json_get(report, key, &node))
        TRY(check_text(reader, &node, STATEMENT));
    return json_get_text(report, &report_keys, key, &reader->plan->arena, out, reader->err);
}

static enum status read_caption(struct plan_reader *reader, const struct json_node *report,
                                struct plan_cover *cover)
{
    struct json_node list;
    cover->has_caption = json_get(report, "caption", &list);
    if (!cover->has_caption)
        return STATUS_OK;
    size_t count = json_node_length(&list);
    if (count > CAPTION_LINES)
        return json_fault(&list, reader->err, "there must be at most %d lines", CAPTION_LINES);
    for (size_t i = 0; i < count; i++) {
        struct json_node line = json_node_element(&list, i);
        TRY(check_text(reader, &line, CAPTION_LINE));
    }
    return json_get_texts(report, "caption", &reader->plan->arena, &cover->caption,
                          &cover->caption_count, reader->err);
}

/* A prefix stands in page footers, and before digits: letters and digits that everyone has. */
static bool prefix_good(const char *prefix)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-";
    return strlen(prefix) <= STAMP_PREFIX && strspn(prefix, allowed) == strlen(prefix);
}

static enum status read_stamp(struct plan_reader *reader, const struct json_node *report,
                              struct plan_cover *cover)
{
    struct json_node stamp, prefix;
    if (!json_get(report, "stamp", &stamp))
        return STATUS_OK;
    TRY(json_check(&stamp, &stamp_keys, reader->err));
    (void)json_get(&stamp, "prefix", &prefix);
    if (!prefix_good(json_node_text(&prefix))) {
        json_fault(&prefix, reader->err, "\"%s\" is no prefix of a stamp",
                   json_show(json_node_text(&prefix)).text);
        return error_hint(reader->err,
                          "at most %d letters from A to Z, digits, spaces, full stops, low lines "
                          "and hyphens",
                          STAMP_PREFIX);
    }
    cover->stamp_first = (uint32_t)json_get_integer(&stamp, &stamp_keys, "first");
    cover->stamp_digits = (uint32_t)json_get_integer(&stamp, &stamp_keys, "digits");
    return json_get_text(&stamp, &stamp_keys, "prefix", &reader->plan->arena, &cover->stamp_prefix,
                         reader->err);
}

enum status plan_read_cover(struct plan_reader *reader, const struct json_node *report)
{
    struct plan_cover *cover = &reader->plan->report.cover;
    TRY(read_caption(reader, report, cover));
    TRY(read_text(reader, report, "offered_as", &cover->offered_as));
    TRY(read_text(reader, report, "inspection", &cover->inspection));
    return read_stamp(reader, report, cover);
}
