/*
 * Queries in the ledger: which of them are looked for again, by what number and as what, and that
 * what is no such entry is refused by its number.
 */
#include "tests/support/support.h"

#include "cli/told_queries.h"
#include "queries/query_terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TABLES                                                                                     \
    "[{\"columns\":9,\"rows\":\"0123456789"                                                        \
    "0021"                                                                                         \
    "abcdef0123\"},{},{}]"
#define ENTRY(form, within, terms, by, tables)                                                     \
    "{\"form\":" form ",\"report\":\"" HEX "\",\"filters\":\"" HEX "\",\"scan\":\"" HEX            \
    "\",\"min_users\":5,\"within\":" within ",\"terms\":" terms ",\"by\":" by                      \
    ",\"tables\":" tables "}"

/* The same in the form of now, of a kind of one table, with its own members. */
#define ENTRY_OF(kind, members, tables)                                                            \
    "{\"form\":2,\"report\":\"" HEX "\",\"filters\":\"" HEX "\",\"scan\":\"" HEX                   \
    "\",\"min_users\":5,\"kind\":\"" kind "\"," members ",\"tables\":" tables "}"
#define TABLE "[{\"columns\":5,\"rows\":\"\"}]"

/* A plan of so many search term queries. */
static void make_plan(struct plan *plan, size_t queries)
{
    char text[8192];
    struct error err = ERROR_INIT;
    const char *dir = test_dir();
    size_t n =
        (size_t)snprintf(text, sizeof text,
                         "{\"proffer\":1,\"matter\":\"m\",\"logs\":{\"paths\":[\"*.jsonl\"]},"
                         "\"population\":{\"from\":\"2024-01-01\",\"to\":\"2024-06-30\"},"
                         "\"queries\":[");
    for (size_t i = 0; i < queries; i++)
        n +=
            (size_t)snprintf(text + n, sizeof text - n,
                             "%s{\"id\":\"q%zu\",\"kind\":\"terms\",\"terms\":[\"w%zu\",\"x OR\"]}",
                             i ? "," : "", i, i);
    snprintf(text + n, sizeof text - n, "],\"release\":{\"min_users\":5}}");
    test_write_text(test_path(dir, "plan.json"), text);
    assert_ok(plan_read(plan, test_path(dir, "plan.json"), false, &err), err);
}

static struct ledger *open_ledger(void)
{
    struct ledger *ledger;
    struct error err = ERROR_INIT;
    const struct ledger_terms terms = {.matter = "m"};
    assert_ok(ledger_open(":memory:", &terms, &ledger, &err), err);
    return ledger;
}

static void record(struct ledger *ledger, size_t number, const char *text)
{
    char question[65];
    struct error err = ERROR_INIT;
    snprintf(question, sizeof question, "%064zx", number);
    assert_ok(ledger_record(ledger, "terms", question, text, &err), err);
}

/* Tells query NUMBER of PLAN, with what CHANGE makes of it. */
static void tell(struct ledger *ledger, const struct plan *plan, size_t number,
                 void (*change)(struct told_query *told))
{
    struct told_queries none;
    struct error err = ERROR_INIT;
    struct buffer text;
    struct plan nothing = *plan;
    nothing.query_count = 0;
    assert_ok(told_queries_init(&none, ledger, &nothing, &err), err);
    struct told_query told = {.kind = told_kind_find(plan->queries[number].kind),
                              .from = plan->population.from,
                              .to = plan->population.to,
                              .min_users = 5,
                              .query = plan->queries[number]};
    memcpy(told.report, HEX, sizeof told.report);
    memcpy(told.filters, none.plan.filters, sizeof told.filters);
    struct arena arena = ARENA_INIT;
    if (told.kind->refers)
        assert_ok(told_references_of(&told, plan, &arena, &err), err);
    if (change)
        change(&told);
    buffer_init(&text, TOLD_QUERY_TEXT_MAX);
    assert_ok(told_query_write(&told, &text, &err), err);
    record(ledger, (size_t)ledger_entries(ledger), text.data);
    buffer_release(&text);
    arena_release(&arena);
    told_queries_release(&none);
}

static void other_filters(struct told_query *told)
{
    memcpy(told->filters, HEX, sizeof told->filters);
}

static void other_words(struct told_query *told)
{
    memcpy(told->query.scan_digest, HEX, sizeof told->query.scan_digest);
}

static void earlier_period(struct told_query *told)
{
    told->to = told->from - 1;
    told->from -= 100;
}

static void part_of_period(struct told_query *told)
{
    told->to = told->from + 30;
}

static void looked_for_again(void **state)
{
    (void)state;
    static const struct {
        size_t query; /* of three, of which the plan's own is the first */
        void (*change)(struct told_query *told);
        size_t number; /* SIZE_MAX: left out */
        bool unlike;
    } told[] = {{0, NULL, 0, false},
                {1, NULL, 3, false}, /* the latest come first */
                {0, part_of_period, 2, false},
                {1, other_filters, SIZE_MAX, true},
                {1, other_words, SIZE_MAX, true},
                {2, earlier_period, SIZE_MAX, true},
                {2, NULL, 1, false},
                {2, NULL, 1, false}};
    enum { COUNT = sizeof told / sizeof *told };
    struct plan plan;
    struct told_queries all;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_ledger();
    make_plan(&plan, 3);
    for (size_t i = 0; i < COUNT; i++)
        tell(ledger, &plan, told[i].query, told[i].change);
    struct plan own = plan;
    own.query_count = 1;
    assert_ok(told_queries_init(&all, ledger, &own, &err), err);
    assert_int_equal(all.plan.count, COUNT);
    assert_int_equal(all.plan.plan.query_count, 1 + 3);
    for (size_t i = 0; i < COUNT; i++) {
        const struct told_plan_query *item = &all.plan.items[i];
        assert_int_equal(item->number, told[i].number);
        assert_int_equal(item->unlike, told[i].unlike);
        if (item->number != SIZE_MAX)
            assert_string_equal(all.plan.plan.queries[item->number].scan_digest,
                                plan.queries[told[i].query].scan_digest);
    }
    /* A term that does not parse is told as one, and is none again. */
    assert_null(all.plan.plan.queries[3].terms[1].parsed);
    told_queries_release(&all);
    ledger_close(ledger);
    plan_release(&plan);
}

/* Of other kinds: each is found again as what it was, and is none where a slot's name, an option or
 * the order of the topics is another. */
static void kinds_are_looked_for_again(void **state)
{
    (void)state;
    static const char *const asked[] = {
        "\"kind\":\"identifiers\",\"kinds\":[\"email\",\"card\"]",
        "\"kind\":\"identifiers\",\"kinds\":[\"email\",\"card\"],\"examples\":\"count\"",
        "\"kind\":\"identifiers\",\"kinds\":[\"card\",\"email\"]",
        "\"kind\":\"regex\",\"patterns\":[\"a+b\",\"X1: c\"]",
        "\"kind\":\"regex\",\"patterns\":[\"a+b\",\"X2: c\"]",
        "\"kind\":\"regex\",\"patterns\":[\"a+b\",\"X1: c\"],\"case\":\"ignore\"",
        "\"kind\":\"topics\",\"taxonomy\":\"one.json\"",
        "\"kind\":\"topics\",\"taxonomy\":\"one.json\",\"assign\":\"all\"",
        "\"kind\":\"topics\",\"taxonomy\":\"two.json\""};
    enum { COUNT = sizeof asked / sizeof *asked };
    static const char topics[] = "{\"proffer_taxonomy\":1,\"title\":\"t\",\"groups\":[{\"name\":"
                                 "\"%s\",\"topics\":[{\"name\":\"x\",\"term\":\"a OR b\"},"
                                 "{\"name\":\"y\"}]}]}";
    char text[4096];
    const char *dir = test_dir();
    struct plan plan, own;
    struct told_queries all;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_ledger();
    size_t n = (size_t)snprintf(text, sizeof text, topics, "g");
    test_write_text(test_path(dir, "one.json"), text);
    snprintf(text, sizeof text, topics, "h");
    test_write_text(test_path(dir, "two.json"), text);
    n = (size_t)snprintf(text, sizeof text,
                         "{\"proffer\":1,\"matter\":\"m\",\"logs\":{\"paths\":[\"*.jsonl\"]},"
                         "\"population\":{\"from\":\"2024-01-01\",\"to\":\"2024-06-30\"},"
                         "\"queries\":[");
    for (size_t i = 0; i < COUNT; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"id\":\"q%zu\",%s}", i ? "," : "", i,
                              asked[i]);
    snprintf(text + n, sizeof text - n, "],\"release\":{\"min_users\":5}}");
    test_write_text(test_path(dir, "plan.json"), text);
    assert_ok(plan_read(&plan, test_path(dir, "plan.json"), true, &err), err);
    for (size_t i = 0; i < COUNT; i++)
        tell(ledger, &plan, i, NULL);
    own = plan;
    own.query_count = 1;
    assert_ok(told_queries_init(&all, ledger, &own, &err), err);
    assert_int_equal(all.plan.plan.query_count, COUNT);
    assert_int_equal(all.plan.items[0].number, 0);
    for (size_t i = 1; i < COUNT; i++) { /* the latest come first */
        const struct plan_query *made = &all.plan.plan.queries[all.plan.items[i].number];
        const struct plan_query *was = &plan.queries[i];
        assert_int_equal(all.plan.items[i].number, COUNT - i);
        assert_string_equal(made->scan_digest, was->scan_digest);
        assert_int_equal(made->kind, was->kind);
        assert_int_equal(made->multi_label, was->multi_label);
        assert_int_equal(query_term_slots(made), query_term_slots(was));
        for (size_t slot = 0; slot < query_term_slots(was); slot++) {
            assert_string_equal(query_slot_name(made, slot), query_slot_name(was, slot));
            if (was->kind == QUERY_IDENTIFIERS)
                assert_int_equal(made->identifiers[slot].kind, was->identifiers[slot].kind);
        }
    }
    told_queries_release(&all);
    /* All of them are asked again: none is looked for besides. */
    assert_ok(told_queries_init(&all, ledger, &plan, &err), err);
    assert_int_equal(all.plan.plan.query_count, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(all.plan.items[i].number, i);
    told_queries_release(&all);
    ledger_close(ledger);
    plan_release(&plan);
}

/* Works are those of a query of the plan that scans the same, else the files that were named, as
 * long as they are what they were; options ask what the queries made ask. */
static void works_and_options_are_looked_for_again(void **state)
{
    (void)state;
    char text[4096];
    const char *dir = test_dir();
    struct plan plan, own;
    struct told_queries all;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_ledger();
    test_write_text(test_path(dir, "a.txt"), "one two three");
    test_write_text(test_path(dir, "b.txt"), "four five six");
    snprintf(text, sizeof text,
             "{\"proffer\":1,\"matter\":\"m\",\"logs\":{\"paths\":[\"*.jsonl\"]},\"queries\":["
             "{\"id\":\"w\",\"kind\":\"overlap\",\"works\":[\"a.txt\"],\"min_words\":12},"
             "{\"id\":\"v\",\"kind\":\"overlap\",\"works\":[\"a.txt\"],\"min_words\":20},"
             "{\"id\":\"u\",\"kind\":\"overlap\",\"works\":[\"b.txt\"],\"min_words\":12},"
             "{\"id\":\"t\",\"kind\":\"terms\",\"terms\":[\"x\",\"y\"]},"
             "{\"id\":\"o\",\"kind\":\"proposals\",\"options\":[{\"id\":\"A\",\"terms\":"
             "[\"T2\"]},{\"id\":\"B\",\"overlap\":25,\"query\":\"u\",\"to\":\"2024-01-31\"}]}],"
             "\"release\":{\"min_users\":5}}");
    test_write_text(test_path(dir, "plan.json"), text);
    assert_ok(plan_read(&plan, test_path(dir, "plan.json"), true, &err), err);
    for (size_t i = 0; i < 4; i++)
        tell(ledger, &plan, i, NULL);
    tell(ledger, &plan, 4, NULL);
    for (unsigned changed = 0; changed < 2; changed++) {
        if (changed)
            test_write_text(test_path(dir, "b.txt"), "four five six!");
        own = plan;
        own.query_count = 1;
        assert_ok(told_queries_init(&all, ledger, &own, &err), err);
        const struct told_plan_query *items = all.plan.items;
        assert_int_equal(items[0].number, 0);
        assert_int_equal(items[1].unlike, false);
        assert_string_equal(all.plan.plan.queries[items[1].number].work_files[0].path,
                            plan.queries[0].work_files[0].path);
        assert_int_equal(items[2].unlike, changed);
        assert_int_equal(items[4].unlike, changed);
        assert_int_equal(items[4].number == SIZE_MAX, changed);
        if (!changed) {
            const struct plan_query *made = &all.plan.plan.queries[items[4].number];
            assert_int_equal(made->option_count, 2);
            assert_int_equal(made->options[0].terms_query, items[3].number);
            assert_int_equal(made->options[0].terms[0], 1);
            assert_int_equal(made->options[1].overlap_query, items[2].number);
            assert_int_equal(made->options[1].overlap_words, 25);
            assert_int_equal(made->options[1].to, plan.queries[4].options[1].to);
        }
        told_queries_release(&all);
    }
    /* What the plan asks itself is looked for by its own queries. */
    assert_ok(told_queries_init(&all, ledger, &plan, &err), err);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(all.plan.items[i].number, i);
    told_queries_release(&all);
    ledger_close(ledger);
    plan_release(&plan);
}

static void too_many(void **state)
{
    (void)state;
    enum { TOLD = TOLD_PLAN_QUERIES_MAX + 3 };
    struct plan plan;
    struct told_queries all;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_ledger();
    make_plan(&plan, TOLD + 1);
    for (size_t i = 1; i <= TOLD; i++)
        tell(ledger, &plan, i, NULL);
    struct plan own = plan;
    own.query_count = 1;
    assert_ok(told_queries_init(&all, ledger, &own, &err), err);
    assert_int_equal(all.plan.plan.query_count, 1 + TOLD_PLAN_QUERIES_MAX);
    for (size_t i = 0; i < TOLD; i++) /* the oldest are left out */
        assert_int_equal(all.plan.items[i].number == SIZE_MAX, i < TOLD - TOLD_PLAN_QUERIES_MAX);
    told_queries_release(&all);
    ledger_close(ledger);
    plan_release(&plan);
}

#define KIND(kind, scan, more)                                                                     \
    "{\"form\":2,\"report\":\"" HEX "\",\"filters\":\"" HEX "\",\"scan\":\"" scan                  \
    "\",\"min_users\":5,\"kind\":\"" kind "\"," more "}"
#define WORKS(bins, files, tables)                                                                 \
    KIND("overlap", HEX, "\"bins\":" bins files ",\"tables\":" tables)
#define OPTIONS(of, options)                                                                       \
    KIND("proposals", HEX, "\"of\":" of ",\"options\":" options ",\"tables\":[{}]")
#define OF "[[\"terms\",\"" HEX "\",0],[\"overlap\",\"" HEX "\",0]]"

static const struct {
    const char *text;
    bool good;
} entries[] = {
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "[]", TABLES), true},
    {ENTRY("1", "0", "[[\"T1\",\"(\"]]", "[{\"field\":\"gone\"}]", "[{},{},{}]"), true},
    {WORKS("[12]", "", "[{},{},{}]"), true},
    {WORKS("[12,25]", ",\"files\":[[\"/dev/zero\",\"" HEX "\"]]", "[{},{},{}]"), true},
    {WORKS("[]", "", "[{},{},{}]"), false},
    {WORKS("7", "", "[{},{},{}]"), false},
    {WORKS("[0]", "", "[{},{},{}]"), false},
    {WORKS("[25,12]", "", "[{},{},{}]"), false},
    {WORKS("[12.5]", "", "[{},{},{}]"), false},
    {WORKS("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22]", "", "[{},{},{}]"), false},
    {WORKS("[12]", "", "[{},{}]"), false},
    {WORKS("[12]", ",\"files\":[]", "[{},{},{}]"), false},
    {WORKS("[12]", ",\"files\":7", "[{},{},{}]"), false},
    {WORKS("[12]", ",\"files\":[[\"a.txt\"]]", "[{},{},{}]"), false},
    {WORKS("[12]", ",\"files\":[[\"a.txt\",\"12\"]]", "[{},{},{}]"), false},
    {WORKS("[12]", ",\"files\":[[\"a.txt\",null]]", "[{},{},{}]"), false},
    {WORKS("[12]", ",\"files\":[[\"\",\"" HEX "\"]]", "[{},{},{}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"terms\":[0,9999],\"overlap\":[1,25]}]"), true},
    {OPTIONS("[]", "[{\"id\":\"A\",\"to\":19000}]"), true},
    {OPTIONS(OF, "[]"), false},
    {OPTIONS(OF, "7"), false},
    {OPTIONS(OF, "[{\"id\":\"A\"}]"), false},
    {OPTIONS(OF, "[{\"terms\":[0,1]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"terms\":[0]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"terms\":[1,1]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"terms\":[2,1]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"terms\":[0,-1]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"terms\":[0,\"1\"]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"topics\":[0,1]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"overlap\":[1,0]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"overlap\":[1,25,50]}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"from\":\"2024\"}]"), false},
    {OPTIONS(OF, "[{\"id\":\"A\",\"from\":1e99}]"), false},
    {OPTIONS("[[\"count\",\"" HEX "\",0]]", "[{\"id\":\"A\",\"to\":19000}]"), false},
    {OPTIONS("[[\"terms\",\"12\",0]]", "[{\"id\":\"A\",\"to\":19000}]"), false},
    {OPTIONS("[[\"terms\",\"" HEX "\",2]]", "[{\"id\":\"A\",\"to\":19000}]"), false},
    {OPTIONS("7", "[{\"id\":\"A\",\"to\":19000}]"), false},
    {KIND("overlap", "12", "\"bins\":[12],\"tables\":[{},{},{}]"), false},
    {"", false},
    {"null", false},
    {"{}", false},
    {ENTRY("2", "2", "[[\"T1\",\"a\"]]", "[]", TABLES), false}, /* it has no kind */
    {ENTRY("3", "2", "[[\"T1\",\"a\"]]", "[]", TABLES), false},
    {ENTRY_OF("terms", "\"within\":1,\"terms\":[[\"T1\",\"a\"]],\"by\":[]", TABLES), true},
    {ENTRY_OF("terms", "\"within\":1,\"terms\":[[\"T1\",null]],\"by\":[]", TABLES), false},
    {ENTRY_OF("terms", "\"within\":1,\"terms\":[[\"T1\",\"a\"]],\"by\":[]", TABLE), false},
    {ENTRY_OF("identifiers", "\"examples\":0,\"kinds\":[[\"email\"]]", TABLE), true},
    {ENTRY_OF("identifiers", "\"examples\":1,\"kinds\":[[\"no such kind\"]]", TABLE), true},
    {ENTRY_OF("identifiers", "\"examples\":0,\"kinds\":[[\"email\"]]", "[{}]"), true},
    {ENTRY_OF("identifiers", "\"examples\":0,\"kinds\":[[\"email\"]]", TABLES), false},
    {ENTRY_OF("identifiers", "\"examples\":2,\"kinds\":[[\"email\"]]", TABLE), false},
    {ENTRY_OF("identifiers", "\"examples\":0,\"kinds\":[]", TABLE), false},
    {ENTRY_OF("identifiers", "\"examples\":0,\"kinds\":[\"email\"]", TABLE), false},
    {ENTRY_OF("identifiers", "\"examples\":0,\"kinds\":[[null]]", TABLE), false},
    {ENTRY_OF("identifiers", "\"examples\":0,\"kinds\":[[\"email\"],[\"email\"]]", TABLE), false},
    {ENTRY_OF("identifiers", "\"kinds\":[[\"email\"]]", TABLE), false},
    {ENTRY_OF("regex", "\"ignore_case\":0,\"unicode_classes\":1,\"patterns\":[[\"R1\",\"a+\"]]",
              TABLE),
     true},
    {ENTRY_OF("regex", "\"ignore_case\":0,\"unicode_classes\":1,\"patterns\":[[\"R1\",null]]",
              TABLE),
     true},
    {ENTRY_OF("regex", "\"ignore_case\":0,\"unicode_classes\":1,\"patterns\":[[\"R1\"]]", TABLE),
     false},
    {ENTRY_OF("regex", "\"ignore_case\":0,\"patterns\":[[\"R1\",\"a+\"]]", TABLE), false},
    {ENTRY_OF("topics", "\"within\":2,\"multi_label\":1,\"topics\":[[\"g\",\"n\",\"a OR b\"]]",
              TABLE),
     true},
    {ENTRY_OF("topics", "\"within\":2,\"multi_label\":0,\"topics\":[[\"\",\"n\",null]]", TABLE),
     true},
    {ENTRY_OF("topics", "\"within\":2,\"multi_label\":0,\"topics\":[[\"\",null,\"a\"]]", TABLE),
     false},
    {ENTRY_OF("topics", "\"within\":3,\"multi_label\":0,\"topics\":[[\"\",\"n\",\"a\"]]", TABLE),
     false},
    {ENTRY_OF("topics", "\"within\":2,\"topics\":[[\"\",\"n\",\"a\"]]", TABLE), false},
    {ENTRY_OF("topics", "\"within\":2,\"multi_label\":0,\"topics\":{}", TABLE), false},
    {ENTRY_OF("count", "\"by\":[]", TABLE), false},
    {ENTRY_OF("relevance", "\"by\":[]", TABLE), false},
    {ENTRY("1", "3", "[[\"T1\",\"a\"]]", "[]", TABLES), false},
    {ENTRY("1", "2", "[]", "[]", TABLES), false},
    {ENTRY("1", "2", "[[\"T1\"]]", "[]", TABLES), false},
    {ENTRY("1", "2", "[[\"T1\",7]]", "[]", TABLES), false},
    {ENTRY("1", "2", "7", "[]", TABLES), false},
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "7", TABLES), false},
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "[]", "[]"), false},
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "[]", "[{},{},7]"), false},
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "[]", "[{\"columns\":16,\"rows\":\"\"},{},{}]"), false},
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "[]", "[{\"columns\":0,\"rows\":\"\"},{},{}]"), false},
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "[]", "[{\"columns\":9},{},{}]"), false},
    {ENTRY("1", "2", "[[\"T1\",\"a\"]]", "[]", "[{\"columns\":9,\"rows\":\"01\"},{},{}]"), false},
};

static void refused_by_number(void **state)
{
    (void)state;
    struct plan plan;
    make_plan(&plan, 1);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct told_queries all;
        struct error err = ERROR_INIT;
        struct ledger *ledger = open_ledger();
        record(ledger, 1, entries[i].text);
        enum status status = told_queries_init(&all, ledger, &plan, &err);
        if (status != (entries[i].good ? STATUS_OK : STATUS_REFUSED))
            fail_msg("%s: status %d %s", entries[i].text, status, err.text);
        if (!entries[i].good)
            assert_non_null(strstr(err.text, "entry 2: it does not say which query was told"));
        told_queries_release(&all);
        ledger_close(ledger);
    }
    plan_release(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looked_for_again), cmocka_unit_test(kinds_are_looked_for_again),
        cmocka_unit_test(works_and_options_are_looked_for_again), cmocka_unit_test(too_many),
        cmocka_unit_test(refused_by_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
