/* Queries whose slots find something in the text: see slot_queries.h. */
#include "tests/support/slot_queries.h"

#include "queries/told_kind.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[SLOT_QUERIES_LETTERS] = {"email", "phone", "card", "ipv4", "ssn"};

static size_t write_list(char *text, size_t room, const char *what, const char *letters, bool kind)
{
    size_t n = (size_t)snprintf(text, room, ",\"%s\":[", what);
    for (size_t i = 0; letters[i]; i++)
        n += kind ? (size_t)snprintf(text + n, room - n, "%s\"%s\"", i ? "," : "",
                                     kinds[letters[i] - 'a'])
                  : (size_t)snprintf(text + n, room - n, "%s\"w%c\"", i ? "," : "", letters[i]);
    return n + (size_t)snprintf(text + n, room - n, "]");
}

/* Writes a taxonomy into DIR, by the query's own name. */
static void write_taxonomy(const char *dir, const char *query)
{
    char text[1024];
    size_t n = (size_t)snprintf(text, sizeof text,
                                "{\"proffer_taxonomy\":1,\"title\":\"t\",\"assign\":\"%s\","
                                "\"topics\":[",
                                query[0] == 'f' ? "first" : "all");
    for (size_t i = 1; query[i]; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"name\":\"%c\",\"term\":\"w%c\"}",
                              i > 1 ? "," : "", query[i], query[i]);
    snprintf(text + n, sizeof text - n, "]}");
    test_write_text(test_path(dir, query), text);
}

static size_t write_query(char *text, size_t room, const char *dir, size_t number,
                          const char *query)
{
    static const char *const names = "ipfmt";
    static const char *const as[] = {"identifiers", "regex", "topics", "topics", "terms"};
    size_t kind = (size_t)(strchr(names, query[0]) - names);
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"q%zu\",\"kind\":\"%s\"", number ? "," : "",
                                number, as[kind]);
    static const char *const lists[] = {"kinds", "patterns", NULL, NULL, "terms"};
    if (lists[kind]) {
        n += write_list(text + n, room - n, lists[kind], query + 1, kind == 0);
    } else {
        write_taxonomy(dir, query);
        n += (size_t)snprintf(text + n, room - n, ",\"taxonomy\":\"%s\"", test_path(dir, query));
    }
    return n + (size_t)snprintf(text + n, room - n, "}");
}

void slot_queries_plan(char *text, size_t room, const char *dir, const char *from, const char *to,
                       const char *const *queries)
{
    size_t n =
        (size_t)snprintf(text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},");
    if (from)
        n += (size_t)snprintf(text + n, room - n, "\"population\":{\"from\":\"%s\",\"to\":\"%s\"},",
                              from, to);
    n += (size_t)snprintf(text + n, room - n, "\"queries\":[");
    for (size_t q = 0; queries[q]; q++)
        n += write_query(text + n, room - n, dir, q, queries[q]);
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

size_t slot_queries_table(const struct plan *plan, size_t number, const struct tally *tally)
{
    size_t tables[TOLD_QUERY_TABLES_MAX];
    const struct told_kind *kind = told_kind_find(plan->queries[number].kind);
    assert_true(told_kind_tables(kind, plan, number, tally, tables));
    return tables[0];
}

/* ---- rows ---- */

enum slot_row slot_row_of(const char *query, size_t row, size_t rows)
{
    size_t slots = strlen(query + 1);
    bool topics = query[0] == 'f' || query[0] == 'm';
    return row < slots             ? SLOT_ROW_OWN
           : row == rows - 1       ? SLOT_ROW_ALL
           : row > slots || topics ? SLOT_ROW_NONE
                                   : SLOT_ROW_ANY;
}

bool slot_row_has(enum slot_row row, const char *query, size_t found, size_t slot)
{
    const char *letters = query + 1;
    size_t count = 0, before = 0;
    bool own = false;
    for (size_t i = 0; letters[i]; i++) {
        bool has = found >> (letters[i] - 'a') & 1;
        count += has;
        before += i < slot && has;
        own = own || (i == slot && has);
    }
    const bool in[] = {[SLOT_ROW_OWN] = own && !(query[0] == 'f' && before),
                       [SLOT_ROW_ANY] = count > 0,
                       [SLOT_ROW_NONE] = count == 0,
                       [SLOT_ROW_ALL] = true,
                       [SLOT_ROW_ALONE] = own && count == 1,
                       [SLOT_ROW_SHARED] = own && count > 1,
                       [SLOT_ROW_SEVERAL] = count > 1,
                       [SLOT_ROW_ADDED] = own && !before};
    return in[row];
}
