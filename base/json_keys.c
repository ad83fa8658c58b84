/* Tables of keys: see json_keys.h. */
#include "base/json_keys.h"

#include "base/civil.h"
#include "base/suggest.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct json_key *key_find(const struct json_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->keys[i].name, name) == 0)
            return &table->keys[i];
    return NULL;
}

/* ---- texts that stand for numbers ---- */

bool json_size_of_text(const char *text, long long *bytes)
{
    static const struct {
        const char *name;
        long long factor;
    } units[] = {
        {"", 1},
        {"b", 1},
        {"kb", 1000},
        {"mb", 1000000},
        {"gb", 1000000000},
        {"tb", 1000000000000},
        {"kib", 1LL << 10},
        {"mib", 1LL << 20},
        {"gib", 1LL << 30},
        {"tib", 1LL << 40},
    };
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18)
        return false;
    long long number = strtoll(text, NULL, 10);
    const char *unit = text + digits;
    if (*unit == ' ')
        unit++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const char *a = unit, *b = units[i].name;
        while (*a && (*a == *b || (*a >= 'A' && *a <= 'Z' && *a - 'A' + 'a' == *b))) {
            a++;
            b++;
        }
        if (*a || *b)
            continue;
        if (number > INT64_MAX / units[i].factor)
            return false;
        *bytes = number * units[i].factor;
        return true;
    }
    return false;
}

bool json_share_of_number(double number, char *text, size_t size)
{
    if (!(number > 0 && number < 1))
        return false;
    char digits[40];
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*e", precision - 1, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    /* "d.ddde-XX" -> "0.00dddd" */
    char *exponent = strchr(digits, 'e');
    if (!exponent)
        return false;
    int zeros = -(int)strtol(exponent + 1, NULL, 10) - 1;
    *exponent = '\0';
    if (digits[1] == '.')
        memmove(digits + 1, digits + 2, strlen(digits + 2) + 1);
    if (zeros < 0 || zeros + (int)strlen(digits) > JSON_SHARE_DECIMALS)
        return false;
    int wanted = snprintf(text, size, "0.%.*s%s", zeros, "00000000000000000000", digits);
    return wanted > 0 && (size_t)wanted < size;
}

/* "0.9999": a point, 1 to JSON_SHARE_DECIMALS digits, not all of them 0. */
static bool share_text_good(const char *text)
{
    if (text[0] != '0' || text[1] != '.')
        return false;
    size_t decimals = strspn(text + 2, "0123456789");
    return text[2 + decimals] == '\0' && decimals >= 1 && decimals <= JSON_SHARE_DECIMALS &&
           strspn(text + 2, "0") < decimals;
}

/* ---- checking ---- */

static bool text_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static enum status fault_kind(const struct json_node *node, struct error *err, const char *wanted)
{
    return json_fault(node, err, "must be %s, not %s", wanted,
                      json_kind_words(json_node_kind(node)));
}

static enum status check_choice(const struct json_node *node, const struct json_key *key,
                                struct error *err)
{
    const char *text = json_node_text(node);
    struct suggest suggest;
    suggest_init(&suggest, text);
    char list[256];
    size_t used = 0, count = 0;
    list[0] = '\0';
    for (const char *const *choice = key->choices; *choice; choice++, count++) {
        if (strcmp(text, *choice) == 0)
            return STATUS_OK;
        suggest_offer(&suggest, *choice);
        int more = snprintf(list + used, sizeof list - used, "%s\"%s\"", used ? ", " : "", *choice);
        if (more > 0 && used + (size_t)more < sizeof list)
            used += (size_t)more;
    }
    if (count == 1)
        return json_fault(node, err, "\"%s\" is not supported in this version; only %s is",
                          json_show(text).text, list);
    json_fault(node, err, "\"%s\" is none of %s", json_show(text).text, list);
    suggest_hint(&suggest, err);
    return STATUS_PLAN;
}

static enum status check_range(const struct json_node *node, const struct json_key *key,
                               long long number, const char *unit, struct error *err)
{
    if (number < key->min)
        return json_fault(node, err, "must be at least %lld%s", key->min, unit);
    if (number > key->max)
        return json_fault(node, err, "must be at most %lld%s", key->max, unit);
    return STATUS_OK;
}

static enum status check_size(const struct json_node *node, const struct json_key *key,
                              struct error *err)
{
    long long bytes = json_node_integer(node);
    if (json_node_kind(node) == JSON_KIND_TEXT) {
        if (!json_size_of_text(json_node_text(node), &bytes)) {
            json_fault(node, err, "\"%s\" is no size", json_show(json_node_text(node)).text);
            error_hint(err, "write bytes as a number, or a text such as \"64MiB\"");
            return STATUS_PLAN;
        }
    } else if (json_node_kind(node) != JSON_KIND_INTEGER) {
        return fault_kind(node, err, "a size such as \"64MiB\"");
    }
    return check_range(node, key, bytes, " bytes", err);
}

static enum status check_share(const struct json_node *node, struct error *err)
{
    char digits[40];
    enum json_kind kind = json_node_kind(node);
    if (kind == JSON_KIND_TEXT) {
        if (share_text_good(json_node_text(node)))
            return STATUS_OK;
        return json_fault(node, err,
                          "\"%s\" is no share between 0 and 1, such as \"0.9999\", of at most %d "
                          "decimals",
                          json_show(json_node_text(node)).text, JSON_SHARE_DECIMALS);
    }
    if (kind != JSON_KIND_REAL && kind != JSON_KIND_INTEGER)
        return fault_kind(node, err, "a share between 0 and 1, such as 0.9999");
    double number = json_node_number(node);
    if (!(number > 0 && number < 1)) {
        json_fault(node, err, "must be more than 0 and less than 1");
        if (number > 1 && number < 100)
            error_hint(err, "write 0.99 for 99 %%");
        return STATUS_PLAN;
    }
    if (!json_share_of_number(number, digits, sizeof digits))
        return json_fault(node, err, "has more than %d decimals", JSON_SHARE_DECIMALS);
    return STATUS_OK;
}

static enum status check_text(const struct json_node *node, const struct json_key *key,
                              struct error *err)
{
    const char *text = json_node_text(node);
    int64_t day;
    if (!text)
        return fault_kind(node, err,
                          key->want == WANT_DATE ? "a date such as \"2023-01-31\"" : "a text");
    if (key->want == WANT_DATE && !civil_parse_date(text, strlen(text), &day)) {
        json_fault(node, err, "\"%s\" is no date", json_show(text).text);
        error_hint(err, "write year, month and day: \"2023-01-31\"");
        return STATUS_PLAN;
    }
    if (key->want == WANT_FILLED && text_blank(text))
        return json_fault(node, err, "must not be empty");
    return key->want == WANT_CHOICE ? check_choice(node, key, err) : STATUS_OK;
}

static enum status check_texts(const struct json_node *node, const struct json_key *key,
                               struct error *err)
{
    static const struct json_key element = {.want = WANT_FILLED};
    if (json_node_kind(node) != JSON_KIND_LIST)
        return fault_kind(node, err, "a list of texts");
    size_t count = json_node_length(node);
    if (count == 0 && !(key->flags & KEY_MAY_BE_EMPTY))
        return json_fault(node, err, "the list must not be empty");
    for (size_t i = 0; i < count; i++) {
        struct json_node item = json_node_element(node, i);
        TRY(json_check_value(&item, &element, err));
    }
    return STATUS_OK;
}

enum status json_check_value(const struct json_node *node, const struct json_key *key,
                             struct error *err)
{
    enum json_kind kind = json_node_kind(node);
    if (kind == JSON_KIND_NULL && (key->flags & KEY_NULLABLE))
        return STATUS_OK;
    switch (key->want) {
    case WANT_TEXT:
    case WANT_FILLED:
    case WANT_CHOICE:
    case WANT_DATE:
        return check_text(node, key, err);
    case WANT_INTEGER:
        if (kind != JSON_KIND_INTEGER)
            return fault_kind(node, err, "a whole number");
        return check_range(node, key, json_node_integer(node), "", err);
    case WANT_SIZE:
        return check_size(node, key, err);
    case WANT_NUMBER:
        if (kind != JSON_KIND_INTEGER && kind != JSON_KIND_REAL)
            return fault_kind(node, err, "a number");
        return STATUS_OK;
    case WANT_SHARE:
        return check_share(node, err);
    case WANT_LIST:
        return kind == JSON_KIND_LIST ? STATUS_OK : fault_kind(node, err, "a list");
    case WANT_FILLEDS:
        return check_texts(node, key, err);
    case WANT_OBJECT:
        return kind == JSON_KIND_OBJECT ? STATUS_OK : fault_kind(node, err, "an object in braces");
    case WANT_ANY:
        return STATUS_OK;
    case WANT_LATER:
        return json_fault(node, err, "\"%s\" is not supported in this version", key->name);
    }
    return STATUS_OK;
}

static enum status unknown_key(const struct json_node *node, const struct json_table *table,
                               const char *name, struct error *err)
{
    struct suggest suggest;
    suggest_init(&suggest, name);
    char list[400];
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < table->count; i++) {
        if (table->keys[i].want == WANT_LATER)
            continue;
        suggest_offer(&suggest, table->keys[i].name);
        int more = snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "",
                            table->keys[i].name);
        if (more > 0 && used + (size_t)more < sizeof list)
            used += (size_t)more;
    }
    json_fault(node, err, "unknown key \"%s\"", json_show(name).text);
    if (suggest.best)
        suggest_hint(&suggest, err);
    else
        error_hint(err, "the keys here are %s", list);
    return STATUS_PLAN;
}

enum status json_check(const struct json_node *node, const struct json_table *table,
                       struct error *err)
{
    if (json_node_kind(node) != JSON_KIND_OBJECT)
        return fault_kind(node, err, "an object in braces");
    void *iter = NULL;
    for (const char *name; (name = json_node_next_key(node, &iter));) {
        const struct json_key *key = key_find(table, name);
        if (!key)
            return unknown_key(node, table, name, err);
        struct json_node child;
        json_node_member(node, name, &child);
        TRY(json_check_value(&child, key, err));
    }
    for (size_t i = 0; i < table->count; i++) {
        struct json_node child;
        if ((table->keys[i].flags & KEY_REQUIRED) &&
            !json_node_member(node, table->keys[i].name, &child))
            return json_fault(node, err, "the key \"%s\" is missing", table->keys[i].name);
    }
    return STATUS_OK;
}

/* ---- getters ---- */

bool json_get(const struct json_node *node, const char *key, struct json_node *child)
{
    return json_node_member(node, key, child) && json_node_kind(child) != JSON_KIND_NULL;
}

/* The text of a member or its default, NULL if there is neither. */
static const char *text_or_fallback(const struct json_node *node, const struct json_table *table,
                                    const char *key)
{
    const struct json_key *row = key_find(table, key);
    assert(row);
    struct json_node child;
    return json_node_member(node, key, &child) ? json_node_text(&child) : row->fallback;
}

static enum status copy_text(const char *text, struct arena *arena, char **out, struct error *err)
{
    *out = arena_strndup(arena, text, strlen(text));
    return *out ? STATUS_OK : error_nomem(err);
}

enum status json_get_text(const struct json_node *node, const struct json_table *table,
                          const char *key, struct arena *arena, char **out, struct error *err)
{
    *out = NULL;
    const char *text = text_or_fallback(node, table, key);
    return text ? copy_text(text, arena, out, err) : STATUS_OK;
}

enum status json_get_texts(const struct json_node *node, const char *key, struct arena *arena,
                           char ***out, size_t *count, struct error *err)
{
    struct json_node list;
    *out = NULL;
    *count = 0;
    if (!json_get(node, key, &list))
        return STATUS_OK;
    size_t length = json_node_length(&list);
    *out = arena_zalloc(arena, length, sizeof **out);
    if (!*out)
        return error_nomem(err);
    for (; *count < length; ++*count) {
        struct json_node item = json_node_element(&list, *count);
        TRY(copy_text(json_node_text(&item), arena, &(*out)[*count], err));
    }
    return STATUS_OK;
}

size_t json_get_choice(const struct json_node *node, const struct json_table *table,
                       const char *key)
{
    const struct json_key *row = key_find(table, key);
    const char *text = text_or_fallback(node, table, key);
    size_t i = 0;
    while (text && row->choices[i] && strcmp(row->choices[i], text) != 0)
        i++;
    return i;
}

long long json_get_integer(const struct json_node *node, const struct json_table *table,
                           const char *key)
{
    struct json_node child;
    long long number = 0;
    const char *text = text_or_fallback(node, table, key);
    if (json_node_member(node, key, &child) && json_node_kind(&child) == JSON_KIND_INTEGER)
        return json_node_integer(&child);
    return text && json_size_of_text(text, &number) ? number : 0;
}

int64_t json_get_date(const struct json_node *node, const char *key, int64_t absent)
{
    struct json_node child;
    int64_t day = absent;
    if (json_get(node, key, &child)) {
        const char *text = json_node_text(&child);
        if (!text || !civil_parse_date(text, strlen(text), &day))
            day = absent;
    }
    return day;
}

enum status json_get_share(const struct json_node *node, const char *key, struct arena *arena,
                           char **out, struct error *err)
{
    struct json_node child;
    char digits[40];
    *out = NULL;
    if (!json_get(node, key, &child))
        return STATUS_OK;
    const char *text = json_node_text(&child);
    if (!text && json_share_of_number(json_node_number(&child), digits, sizeof digits))
        text = digits;
    return text ? copy_text(text, arena, out, err) : STATUS_OK;
}
