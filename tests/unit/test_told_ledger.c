/*
 * What the ledger keeps of a report's tables: written, read by the next one, not by the same one
 * again, and refused by its number where it is no such entry.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "cli/told_ledger.h"
#include "cli/withheld_before.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OF(filters, by, rule)                                                                      \
    "{\"proffer\":1,\"matter\":\"m\",\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"population\":{"     \
    "\"from\":\"2024-01-01\",\"to\":\"2024-12-31\"" filters "},\"queries\":[{\"id\":\"a\","        \
    "\"kind\":\"count\",\"by\":[" by ",\"model\"]}],\"release\":{\"min_users\":" rule "}}"
#define ONLY(field, value) ",\"include\":[{\"field\":\"" field "\",\"in\":[\"" value "\"]}]"
#define PLAN(by, rule)     OF(ONLY("language", "en"), by, rule)

#define USERS ",\"exclude\":[{\"field\":\"user\",\"in\":[\"user 7\"]}]"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct all {
    struct made made;
    struct tally_source source;
    struct tally tally;
    struct withheld_before rows;
    struct told_ledger told;
};

static struct ledger *open_ledger(void)
{
    struct ledger *ledger;
    struct error err = ERROR_INIT;
    const struct ledger_terms terms = {.matter = "m"};
    assert_ok(ledger_open(":memory:", &terms, &ledger, &err), err);
    return ledger;
}

static enum status recall(struct all *all, const char *plan, struct ledger *ledger,
                          struct error *err)
{
    const struct made_wish wish = {.seed = 5, .parts = 1, .rows = 900, .users = 90, .plan = plan};
    struct error own = ERROR_INIT;
    made_init(&all->made, &wish);
    made_open(&all->made);
    made_population(&all->made);
    all->source = made_source(&all->made);
    tally_init(&all->tally);
    all->told = (struct told_ledger){.arena = ARENA_INIT};
    assert_ok(tally_run(&all->source, &all->tally, &own), own);
    TRY(withheld_before_init(&all->rows, ledger, &all->made.plan, &all->tally, err));
    return told_ledger_init(&all->told, &all->rows, &all->source, &all->tally, err);
}

static void forget(struct all *all)
{
    told_ledger_release(&all->told);
    withheld_before_release(&all->rows);
    tally_release(&all->tally);
    made_release(&all->made);
}

/* A report made, which is cut off before its last entry where it is not WHOLE. */
static struct told_tables_count report(const char *plan, struct ledger *ledger, bool whole)
{
    struct all all;
    struct release *release;
    struct error err = ERROR_INIT;
    assert_ok(recall(&all, plan, ledger, &err), err);
    struct gate_policy policy = {.min_users = all.made.plan.release.min_users};
    assert_ok(gate_release(&all.tally, &policy, &release, &err), err);
    assert_ok(told_ledger_keep(&all.told, &all.tally, release, &err), err);
    if (whole)
        assert_ok(withheld_before_keep(&all.rows, &all.tally, release, &err), err);
    struct told_tables_count counts = all.told.counts;
    release_free(release);
    forget(&all);
    return counts;
}

static void kept_once(void **state)
{
    (void)state;
    struct ledger *ledger = open_ledger();
    assert_int_equal(report(PLAN("\"month\"", "5"), ledger, false).together, 0);
    uint64_t entries = ledger_entries(ledger);
    assert_int_equal(entries, 1 + 3); /* its table, its population and what the logs had */
    /* It does not take its own for an earlier one's, and adds what was missing. */
    assert_int_equal(report(PLAN("\"month\"", "5"), ledger, true).together, 0);
    assert_int_equal(ledger_entries(ledger), entries + 1);
    assert_int_equal(report(PLAN("\"quarter\"", "5"), ledger, true).together, 1);
    assert_int_equal(ledger_entries(ledger), entries + 4);
    /* Both again: each takes into account what it did. */
    assert_int_equal(report(PLAN("\"month\"", "5"), ledger, true).together, 0);
    assert_int_equal(report(PLAN("\"quarter\"", "5"), ledger, true).together, 1);
    assert_int_equal(ledger_entries(ledger), entries + 4);
    /* By other rules it is another report. */
    assert_int_equal(report(PLAN("\"month\"", "6"), ledger, true).together, 2);
    assert_int_equal(ledger_entries(ledger), entries + 7);
    ledger_close(ledger);
}

static enum status see_names(void *context, const struct ledger_entry *entry, struct error *err)
{
    size_t *seen = context;
    (void)err;
    for (size_t i = 0; i < MADE_MODELS; i++)
        assert_null(strstr(entry->text, made_models[i]));
    assert_null(strstr(entry->text, "user 7"));
    *seen += strcmp(entry->kind, "table") == 0;
    return STATUS_OK;
}

/* Neither what logs supplied nor users that filters name are written down. */
static void names_nobody(void **state)
{
    (void)state;
    size_t seen = 0;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_ledger();
    (void)report(PLAN("\"month\"", "5"), ledger, true);
    (void)report(
        OF(",\"exclude\":[{\"field\":\"user\",\"in\":[\"user 7\",\"user 70\"]}]", "\"month\"", "5"),
        ledger, true);
    assert_ok(ledger_visit(ledger, see_names, &seen, &err), err);
    assert_int_equal(seen, 4);
    ledger_close(ledger);
}

/* A population with other filters is counted anew, unless they name users. */
static void other_filters(void **state)
{
    (void)state;
    struct ledger *ledger = open_ledger();
    assert_int_equal(report(PLAN("\"month\"", "5"), ledger, true).together, 0);
    struct told_tables_count counts =
        report(OF(ONLY("language", "de"), "\"month\"", "5"), ledger, true);
    assert_int_equal(counts.together, 1);
    assert_int_equal(counts.unlike, 0);
    counts = report(OF(USERS, "\"month\"", "5"), ledger, true);
    assert_int_equal(counts.together, 2);
    assert_int_equal(counts.unlike, 0);
    /* Of that one it is known that it had the same filters, or others. */
    counts = report(OF(USERS, "\"quarter\"", "5"), ledger, true);
    assert_int_equal(counts.together, 3);
    counts = report(OF("", "\"quarter\"", "5"), ledger, true);
    assert_int_equal(counts.together, 2);
    assert_int_equal(counts.unlike, 2);
    ledger_close(ledger);
}

/* An entry of form 1, as it was before tables were kept: the question is without the rules. */
static void older_form(void **state)
{
    (void)state;
    struct all all;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_ledger();
    assert_ok(recall(&all, PLAN("\"month\"", "5"), ledger, &err), err);
    assert_false(all.rows.again);
    assert_ok(ledger_record(ledger, "pattern", all.rows.content,
                            "{\"form\":1,\"rows\":\"0123456789ab\"}", &err),
              err);
    forget(&all);
    assert_ok(recall(&all, PLAN("\"month\"", "5"), ledger, &err), err);
    assert_true(all.rows.again && !all.rows.same);
    assert_int_equal(all.rows.before_count, 0);
    forget(&all);
    assert_ok(recall(&all, PLAN("\"quarter\"", "5"), ledger, &err), err);
    assert_false(all.rows.again);
    assert_int_equal(all.rows.before_count, 1);
    assert_int_equal(all.told.counts.together, 0);
    forget(&all);
    ledger_close(ledger);
}

#define ENTRY(by, rows)                                                                            \
    "{\"by\":" by ",\"columns\":2,\"filters\":\"" HEX                                              \
    "\",\"form\":1,\"min_users\":5,\"report\":\"" HEX "\",\"rows\":" rows "}"
#define MONTH       "[{\"field\":\"month\"}]"
#define ROW(marks)  "0123456789" marks "0123456789"
#define OTHER(mark) "9876543210" mark "0123456789"
#define ONE         "\"" ROW("00") "\""

#define WHERE(list) ",\"where\":[" list "]"

static const struct {
    const char *kind, *text;
    bool good;
} entries[] = {
    {"pattern", "{\"form\":2,\"rows\":\"\"}", true},
    {"pattern", "{\"form\":1,\"rows\":\"0123456789abba9876543210\"}", true},
    {"pattern", "", false},
    {"pattern", "{", false},
    {"pattern", "[]", false},
    {"pattern", "{\"form\":2}", false},
    {"pattern", "{\"form\":2,\"rows\":7}", false},
    {"pattern", "{\"form\":3,\"rows\":\"\"}", false},
    {"pattern", "{\"form\":0,\"rows\":\"\"}", false},
    {"pattern", "{\"form\":2,\"rows\":\"0123456789a\"}", false},
    {"pattern", "{\"form\":2,\"rows\":\"0123456789aG\"}", false},
    {"table", ENTRY(MONTH, ONE), true},
    {"table", ENTRY(MONTH, "\"" ROW("83") OTHER("01") "\",\"from\":-5,\"to\":7"), true},
    {"table", ENTRY(MONTH, "\"" ROW("00") ROW("00") "\""), true}, /* of no table, but an entry */
    {"table", ENTRY("[]", ONE), true},
    {"table", ENTRY("[{\"field\":\"gone\",\"values\":[]}]", ONE), true},
    {"table", ENTRY("[{\"field\":\"model\",\"bins\":[1,2.5]}]", ONE), true},
    {"table", ENTRY(MONTH, ONE WHERE("")), true},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"model\",\"in\":[\"gpt-4\",\"gpt-4\"]}")), true},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"month\",\"not_in\":[\"no month\"]}")), true},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"gone\",\"in\":[]}")), true}, /* of none here */
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"user\",\"in\":[\"user 7\"]}")), true},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"time\",\"in\":[]}")), true},
    {"table", ENTRY(MONTH, ONE ",\"where\":7"), false},
    {"table", ENTRY(MONTH, ONE ",\"where\":null"), false},
    {"table", ENTRY(MONTH, ONE WHERE("7")), false},
    {"table", ENTRY(MONTH, ONE WHERE("{\"in\":[]}")), false},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"model\"}")), false},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"model\",\"in\":7}")), false},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"model\",\"in\":[7]}")), false},
    {"table", ENTRY(MONTH, ONE WHERE("{\"field\":\"model\",\"in\":[],\"not_in\":[]}")), false},
    {"table", "", false},
    {"table", "{}", false},
    {"table", "null", false},
    {"table", ENTRY("7", ONE), false},
    {"table", ENTRY("[7]", ONE), false},
    {"table", ENTRY("[{}]", ONE), false},
    {"table", ENTRY("[{\"field\":\"model\",\"values\":[7]}]", ONE), false},
    {"table", ENTRY("[{\"field\":\"model\",\"values\":{}}]", ONE), false},
    {"table", ENTRY("[{\"field\":\"model\",\"bins\":[2,1]}]", ONE), false},
    {"table", ENTRY("[{\"field\":\"model\",\"bins\":[]}]", ONE), false},
    {"table", ENTRY("[{\"field\":\"model\",\"bins\":[1],\"values\":[]}]", ONE), false},
    {"table", ENTRY(MONTH, "\"\""), false},
    {"table", ENTRY(MONTH, "7"), false},
    {"table", ENTRY(MONTH, "\"" ROW("0") "\""), false},
    {"table", ENTRY(MONTH, "\"" ROW("0G") "\""), false},
    {"table", ENTRY(MONTH, "\"" ROW("04") "\""), false},
    {"table", ENTRY(MONTH, "\"" ROW("81") "\""), false},
    {"table", ENTRY(MONTH, ONE ",\"from\":\"x\""), false},
    {"table", ENTRY(MONTH, ONE ",\"to\":99999999999"), false},
};

static void refused_by_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct all all;
        struct error err = ERROR_INIT;
        struct ledger *ledger = open_ledger();
        assert_ok(ledger_record(ledger, "record", HEX, "{}", &err), err);
        assert_ok(ledger_record(ledger, entries[i].kind, HEX, entries[i].text, &err), err);
        enum status status = recall(&all, PLAN("\"month\"", "5"), ledger, &err);
        if (status != (entries[i].good ? STATUS_OK : STATUS_REFUSED))
            fail_msg("%s %s: status %d %s", entries[i].kind, entries[i].text, status, err.text);
        if (!entries[i].good)
            assert_non_null(strstr(err.text, "entry 3: it does not say which "));
        forget(&all);
        ledger_close(ledger);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kept_once), cmocka_unit_test(names_nobody),
                                       cmocka_unit_test(other_filters),
                                       cmocka_unit_test(older_form),
                                       cmocka_unit_test(refused_by_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
