/* Plans that are right: what is read, defaults, digests, files beside the plan, hostile texts. */
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/file.h"
#include "queries/field.h"
#include "queries/plan.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *dir;

/* The plan of TEXT; the caller releases it. */
static struct plan read_text(const char *text)
{
    struct plan plan;
    struct error err = ERROR_INIT;
    const char *path = test_path(dir, "plan.json");
    test_write_text(path, text);
    assert_ok(plan_read(&plan, path, true, &err), err);
    return plan;
}

static void assert_in_dir(const char *path, const char *name)
{
    assert_string_equal(path, test_path(dir, name));
}

static void test_defaults(void **state)
{
    (void)state;
    struct plan plan =
        read_text("{\"proffer\":1,\"logs\":{\"paths\":[\"a.jsonl\"]},\"queries\":[]}");
    assert_string_equal(plan.title, "plan");
    assert_string_equal(plan.matter, "");
    assert_string_equal(plan.dir, dir);
    assert_string_equal(plan.logs.paths[0], "a.jsonl");
    assert_string_equal(plan.logs.format, "auto");
    assert_false(plan.logs.stop_on_error);
    assert_int_equal(plan.logs.max_record, 64 << 20);
    assert_true(plan.logs.digest);
    assert_int_equal(plan.logs.field_count, 0);
    assert_in_dir(plan.catalogue, "catalogue");
    assert_true(plan.population.from == INT64_MIN && plan.population.to == INT64_MAX);
    assert_int_equal(plan.population.filter_count, 0);
    assert_string_equal(plan.words.alphabet, "");
    assert_int_equal(plan.query_count, 0);
    assert_int_equal(plan.release.min_users, 11);
    assert_null(plan.release.ledger);
    assert_in_dir(plan.report.dir, "out");
    assert_in_dir(plan.report.xlsx, "out/report.xlsx");
    assert_in_dir(plan.report.json, "out/report.json");
    assert_null(plan.report.csv);
    assert_null(plan.report.page);
    assert_string_equal(plan.report.confidentiality, "");
    assert_null(plan.report.date);
    assert_false(plan.report.cover.has_caption);
    assert_null(plan.report.cover.offered_as);
    assert_null(plan.report.cover.inspection);
    assert_null(plan.report.cover.stamp_prefix);
    assert_int_equal(strlen(plan.sha256), 64);
    assert_int_equal(strlen(plan.scan_digest), 64);
    assert_int_equal(plan.warning_count, 0);
    plan_release(&plan);
    assert_null(plan.queries);
}

static void test_everything(void **state)
{
    (void)state;
    test_write_text(test_path(dir, "terms.txt"),
                    "\xEF\xBB\xBF# a list\r\n\r\napple AND pear\r\nP1: contains(tier, x)\r\nfig");
    test_write_text(test_path(dir, "users.txt"), "u1\r\n\nu2 \nu1\n");
    test_write_text(test_path(dir, "usage.json"),
                    "{\"proffer_taxonomy\":1,\"title\":\"Usage\",\"source\":\"a paper\","
                    "\"assign\":\"all\",\"within\":\"turn\",\"groups\":["
                    "{\"name\":\"G\",\"topics\":[{\"name\":\"A\",\"term\":\"fig OR pear\"},"
                    "{\"name\":\"B\",\"term\":null}]},{\"name\":\"H\",\"topics\":[]}]}");
    struct plan plan = read_text(
        "{\"proffer\":1,\"title\":\"T\",\"matter\":\"m\",\"catalogue\":\"/c\","
        "\"logs\":{\"paths\":[\"*.gz\",\"/b\"],\"format\":\"lmsys\",\"on_error\":\"stop\","
        "\"max_record\":1000,\"digest\":\"none\",\"expected\":[\"x\"],"
        "\"fields\":{\"user\":\"/meta/u\",\"tier\":{\"pointer\":\"/meta/tier\","
        "\"values\":[\"a\",\"b\"]},\"ward\":\"/w~1x\"}},"
        "\"words\":{\"alphabet\":\"'-\",\"noise\":[\"the\",\"of\"]},"
        "\"population\":{\"from\":\"2022-12-01\",\"to\":\"2022-12-01\","
        "\"include\":[{\"field\":\"month\",\"in\":[\"2022-12\"]}],"
        "\"exclude\":[{\"field\":\"user\",\"in_file\":\"users.txt\"},"
        "{\"field\":\"ward\",\"in\":[\"7\"]}]},"
        "\"queries\":["
        "{\"id\":\"q-1\",\"kind\":\"claim\",\"of\":\"rel\",\"irrelevant_at_least\":\"0.99990\"},"
        "{\"id\":\"vol\",\"kind\":\"count\",\"by\":[\"quarter\",\"tier\","
        "{\"field\":\"ward\",\"values\":[\"7\"]}]},"
        "{\"id\":\"all\",\"kind\":\"count\",\"by\":[],\"title\":\"Everything\"},"
        "{\"id\":\"terms\",\"kind\":\"terms\",\"terms_file\":\"terms.txt\",\"within\":\"turn\"},"
        "{\"id\":\"t2\",\"kind\":\"topics\",\"taxonomy\":\"usage.json\",\"assign\":\"first\"},"
        "{\"id\":\"t3\",\"kind\":\"topics\",\"by\":[\"language\"]},"
        "{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s.json\","
        "\"labels\":\"/l.csv\",\"confidence\":0.99,\"unit\":\"conversation\"},"
        "{\"id\":\"c2\",\"kind\":\"claim\",\"of\":\"rel\",\"irrelevant_at_least\":0.9999,"
        "\"confidence\":0.9}],"
        "\"release\":{\"unit\":\"user\",\"min_users\":0,\"noise\":\"none\",\"ledger\":\"l.db\"},"
        "\"report\":{\"dir\":\"/"
        "r\",\"xlsx\":null,\"json\":\"j\",\"csv\":\"tables\",\"page\":\"p.html\","
        "\"draft\":\"d.md\",\"draft_form\":\"d.form.md\","
        "\"confidentiality\":\"C\","
        "\"date\":\"2025-01-31\",\"caption\":[\"Court\",\"A v. B\"],\"offered_as\":\"\","
        "\"stamp\":{\"prefix\":\"AB-\",\"digits\":4}}}");
    assert_string_equal(plan.catalogue, "/c");
    assert_string_equal(plan.logs.format, "lmsys");
    assert_true(plan.logs.stop_on_error && !plan.logs.digest);
    assert_int_equal(plan.logs.max_record, 1000);
    assert_int_equal(plan.logs.expected_count, 1);
    assert_int_equal(plan.logs.field_count, 3);
    assert_string_equal(plan.logs.fields[2].pointer, "/w~1x");
    assert_int_equal(plan.logs.fields[1].value_count, 2);
    assert_int_equal(plan.words.noise_count, 2);
    assert_int_equal(plan.population.from, civil_days((struct civil_date){2022, 12, 1}));
    assert_int_equal(plan.population.from, plan.population.to);
    assert_int_equal(plan.population.filter_count, 3);
    assert_false(plan.population.filters[0].exclude);
    assert_int_equal(plan.population.filters[0].field.kind, PLAN_FIELD_MONTH);
    assert_true(plan.population.filters[1].exclude);
    assert_string_equal(plan.population.filters[1].field.name, "user");
    assert_true(plan.population.filters[1].field.stored == SIZE_MAX);
    assert_int_equal(plan.population.filters[1].value_count, 2);
    assert_string_equal(plan.population.filters[1].values[1], "u2");
    assert_int_equal(plan.population.filters[2].field.stored, 5);

    assert_int_equal(plan.query_count, 8);
    const struct plan_query *q = plan.queries;
    assert_int_equal(q[0].kind, QUERY_CLAIM);
    assert_int_equal(q[0].of, 6);
    assert_string_equal(q[0].at_least, "0.99990");
    assert_true(q[0].confidence == 0.99);
    assert_string_equal(q[0].scan_digest, "");
    assert_int_equal(q[1].by_count, 3);
    assert_string_equal(q[1].title, "Conversations by quarter, tier and ward");
    assert_int_equal(q[1].by[1].stored, 4);
    assert_int_equal(q[1].by[1].value_count, 2);
    assert_int_equal(q[1].by[2].stored, 5);
    assert_string_equal(q[1].by[2].values[0], "7");
    assert_int_equal(q[2].by_count, 0);
    assert_string_equal(q[2].title, "Everything");
    assert_int_equal(q[3].term_count, 3);
    assert_int_equal(q[3].within, PLAN_TURN);
    assert_string_equal(q[3].terms[0].name, "T1");
    assert_string_equal(q[3].terms[0].source, "apple AND pear");
    assert_non_null(q[3].terms[0].parsed);
    assert_null(q[3].terms[0].problem);
    assert_string_equal(q[3].terms[1].name, "P1");
    assert_string_equal(q[3].terms[1].source, "contains(tier, x)");
    assert_string_equal(q[3].terms[2].name, "T3");
    assert_int_equal(q[4].topic_count, 2);
    assert_false(q[4].multi_label);
    assert_int_equal(q[4].within, PLAN_TURN);
    assert_string_equal(q[4].topics[0].group, "G");
    assert_string_equal(q[4].topics[0].name, "A");
    assert_non_null(q[4].topics[0].term.parsed);
    assert_null(q[4].topics[1].term.source);
    assert_string_equal(q[4].title, "Topics: Usage");
    assert_int_equal(q[5].topic_count, 0);
    assert_int_equal(q[5].by_count, 1);
    assert_int_equal(q[5].by[0].stored, 2);
    assert_string_equal(q[5].scan_digest, "");
    assert_in_dir(q[6].sample_path, "s.json");
    assert_string_equal(q[6].labels_path, "/l.csv");
    assert_string_equal(q[7].at_least, "0.9999");
    assert_true(q[7].confidence == 0.9);
    assert_int_equal(plan.release.min_users, 0);
    assert_in_dir(plan.release.ledger, "l.db");
    assert_null(plan.report.xlsx);
    assert_string_equal(plan.report.json, "/r/j");
    assert_string_equal(plan.report.csv, "/r/tables");
    assert_string_equal(plan.report.page, "/r/p.html");
    assert_string_equal(plan.report.draft, "/r/d.md");
    assert_non_null(strstr(plan.report.draft_form, "d.form.md"));
    assert_string_equal(plan.report.date, "2025-01-31");
    assert_int_equal(plan.report.cover.caption_count, 2);
    assert_string_equal(plan.report.cover.caption[1], "A v. B");
    assert_string_equal(plan.report.cover.offered_as, "");
    assert_null(plan.report.cover.inspection);
    assert_string_equal(plan.report.cover.stamp_prefix, "AB-");
    assert_int_equal(plan.report.cover.stamp_first, 1);
    assert_int_equal(plan.report.cover.stamp_digits, 4);
    assert_ptr_equal(plan_query_find(&plan, "rel"), &q[6]);
    assert_null(plan_query_find(&plan, "Rel"));
    plan_release(&plan);
}

/* A term that does not parse is a row and a warning, and an error where terms must be right. */
static void test_bad_terms(void **state)
{
    (void)state;
    static const char text[] = "{\"proffer\":1,\"logs\":{\"paths\":[\"a\"]},\"queries\":[{\"id\":"
                               "\"t\",\"kind\":\"terms\",\"terms\":[\"apple\",\"pear AND (\"]}]}";
    const char *path = test_path(dir, "plan.json");
    struct plan plan;
    struct error err = ERROR_INIT;
    test_write_text(path, text);
    assert_ok(plan_read(&plan, path, false, &err), err);
    assert_int_equal(plan.queries[0].term_count, 2);
    assert_null(plan.queries[0].terms[1].parsed);
    assert_non_null(plan.queries[0].terms[1].problem);
    assert_int_equal(plan.warning_count, 1);
    assert_non_null(strstr(plan.warnings[0], "queries[0]: term T2 does not parse: "));
    plan_release(&plan);
    assert_int_equal(plan_read(&plan, path, true, &err), STATUS_PLAN);
    assert_non_null(strstr(err.where, "plan.json: queries[0].terms[1]"));
    assert_non_null(strstr(err.text, "term T2: "));
    assert_non_null(strstr(err.hint, "pear AND (\n"));
    plan_release(&plan);
}

/* Warnings of what stands in a file name its line, which the number of a term is not. */
static void test_file_warnings(void **state)
{
    (void)state;
    static const char text[] =
        "{\"proffer\":1,\"logs\":{\"paths\":[\"a\"]},\"queries\":[{\"id\":\"t\",\"kind\":\"terms\","
        "\"terms_file\":\"terms.txt\"},{\"id\":\"r\",\"kind\":\"regex\",\"patterns_file\":"
        "\"patterns.txt\"}]}";
    const char *path = test_path(dir, "plan.json");
    struct plan plan;
    struct error err = ERROR_INIT;
    test_write_text(path, text);
    test_write_text(test_path(dir, "terms.txt"),
                    "# one\n\napple OR pear\nplum AND\nX1: (APPLE or pear)\n*fig\n");
    test_write_text(test_path(dir, "patterns.txt"), "# one\na+\nb(\n");
    assert_ok(plan_read(&plan, path, false, &err), err);
    assert_int_equal(plan.warning_count, 4);
    assert_non_null(strstr(plan.warnings[0], "terms.txt:4: term T2 does not parse: "));
    assert_string_equal(plan.warnings[1], "terms.txt:5: term X1: reads like term T1, so that "
                                          "neither has unique conversations");
    assert_non_null(strstr(plan.warnings[2], "terms.txt:6: term T4: "));
    assert_non_null(strstr(plan.warnings[3], "patterns.txt:3: pattern R2 cannot be used: "));
    assert_int_equal(plan.queries[0].terms[0].warning_count, 0);
    assert_int_equal(plan.queries[0].terms[2].warning_count, 1);
    plan_release(&plan);
}

/* ---- digests ---- */

static const char base_plan[] =
    "{\"proffer\":1,\"title\":\"one\",\"logs\":{\"paths\":[\"a\"],\"fields\":{\"tier\":\"/t\","
    "\"ward\":\"/w\"}},\"population\":{\"from\":\"2020-01-01\"},"
    "\"words\":{\"noise\":[\"the\"]},"
    "\"queries\":[{\"id\":\"t\",\"kind\":\"terms\",\"terms\":[\"apple\",\"contains(tier, x)\"]}],"
    "\"release\":{\"min_users\":3}}";

/* BASE with the first FROM replaced by TO. */
static struct plan changed(const char *from, const char *to)
{
    char text[2048];
    const char *at = strstr(base_plan, from);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - base_plan), base_plan, to,
             at + strlen(from));
    return read_text(text);
}

static void test_digests(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        bool base, query; /* what changes */
    } edits[] = {
        {"\"one\"", "\"two\"", false, false},
        {"\"id\":\"t\"", "\"id\":\"other\"", false, false},
        {"2020-01-01", "2021-01-01", false, false},
        {"\"min_users\":3", "\"min_users\":4", false, false},
        {"\"kind\":\"terms\"", "\"kind\":\"terms\",\"title\":\"x\"", false, false},
        {"\"paths\":[\"a\"]", "\"paths\":[\"b\"]", false, false},
        {"\"tier\":\"/t\"", "\"tier\":{\"pointer\":\"/t\",\"values\":[\"a\"]}", false, false},
        {"\"apple\"", "\"(APPLE)\"", false, false},
        {"\"apple\"", "\"X1: apple\"", false, false},
        {"\"apple\"", "\"pear\"", false, true},
        {"\"apple\",\"contains(tier, x)\"", "\"contains(tier, x)\",\"apple\"", false, true},
        {"\"kind\":\"terms\"", "\"kind\":\"terms\",\"within\":\"turn\"", false, true},
        {"\"noise\":[\"the\"]", "\"noise\":[\"of\"]", false, true},
        {"\"noise\":[\"the\"]", "\"noise\":[\"the\"],\"alphabet\":\"-\"", true, true},
        {"\"tier\":\"/t\"", "\"tier\":\"/u\"", true, true},
        {"\"ward\":\"/w\"", "\"ward\":\"/v\"", true, false},
        {"\"paths\":[\"a\"]", "\"paths\":[\"a\"],\"max_record\":1000", true, false},
        {"\"paths\":[\"a\"]", "\"paths\":[\"a\"],\"format\":\"native\"", true, false},
        {"\"paths\":[\"a\"]", "\"paths\":[\"a\"],\"digest\":\"none\"", false, false},
    };
    struct plan plan = read_text(base_plan);
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct plan other = changed(edits[i].from, edits[i].to);
        if ((strcmp(plan.scan_digest, other.scan_digest) != 0) != edits[i].base)
            fail_msg("%s: the plan's scan digest", edits[i].to);
        if ((strcmp(plan.queries[0].scan_digest, other.queries[0].scan_digest) != 0) !=
            edits[i].query)
            fail_msg("%s: the query's scan digest", edits[i].to);
        plan_release(&other);
    }
    plan_release(&plan);
}

/* ---- fields ---- */

static void test_fields(void **state)
{
    (void)state;
    char text[FIELD_DAY_TEXT];
    static const struct {
        enum plan_field_kind kind;
        const char *text;
    } cases[] = {{PLAN_FIELD_DAY, "2024-02-29"},
                 {PLAN_FIELD_MONTH, "2024-02"},
                 {PLAN_FIELD_QUARTER, "2024-Q1"},
                 {PLAN_FIELD_YEAR, "2024"},
                 {PLAN_FIELD_WEEKDAY, "Thursday"}};
    int64_t leap = civil_days((struct civil_date){2024, 2, 29});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        field_day_text(cases[i].kind, leap, text);
        assert_string_equal(text, cases[i].text);
    }
    for (int64_t day = -719162; day < 2932897; day += 271)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            field_day_text(cases[i].kind, day, text);
            if (!field_value_good(cases[i].kind, text))
                fail_msg("%s", text);
        }
    static const char *const bad[] = {"",         "2024-2",      "2024-Q5",  "24",
                                      "thursday", "2024-02-30x", "2024-Q1 ", "2024-13"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
            assert_false(field_value_good(cases[k].kind, bad[i]));
}

/* ---- what is no plan ---- */

static void test_files(void **state)
{
    (void)state;
    struct plan plan;
    struct error err = ERROR_INIT;
    assert_int_equal(plan_read(&plan, test_path(dir, "none.json"), false, &err), STATUS_INPUT);
    plan_release(&plan);
    assert_int_equal(plan_read(&plan, dir, false, &err), STATUS_INPUT);
    plan_release(&plan);
    assert_int_equal(plan_read(&plan, "/dev/null", false, &err), STATUS_PLAN);
    plan_release(&plan);
    /* Whoever does not ask why still gets the status. */
    test_write_text(test_path(dir, "plan.json"), "{\"proffer\":1,\"lgos\":{}}");
    assert_int_equal(plan_read(&plan, test_path(dir, "plan.json"), true, NULL), STATUS_PLAN);
    plan_release(&plan);
}

/* Every file of JSONTestSuite, valid JSON or not, is refused as a plan, and none crashes. */
static void test_hostile(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    char folder[512], path[1024];
    snprintf(folder, sizeof folder, "%s/hostile/json/test_parsing", test_shared());
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(listing));) {
        if (entry->d_name[0] == '.')
            continue;
        struct plan plan;
        struct error err = ERROR_INIT;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (plan_read(&plan, path, false, &err) != STATUS_PLAN)
            fail_msg("%s: %s", entry->d_name, err.text);
        assert_true(err.text[0] != '\0' && err.where[0] != '\0');
        plan_release(&plan);
        count++;
    }
    closedir(listing);
    assert_true(count > 300);
}

/* Each beginning of a good plan, and each of its bytes changed, ends in a status. */
static void test_mutilated(void **state)
{
    (void)state;
    const char *path = test_path(dir, "mutilated.json");
    size_t len = strlen(base_plan), step = test_short() ? 17 : 5;
    char text[sizeof base_plan];
    for (size_t i = 0; i < len; i += step) {
        struct plan plan;
        struct error err = ERROR_INIT;
        test_write(path, base_plan, i);
        assert_int_equal(plan_read(&plan, path, false, &err), STATUS_PLAN);
        plan_release(&plan);
        memcpy(text, base_plan, sizeof text);
        text[i] = (char)(text[i] ^ 0x15);
        test_write(path, text, len);
        enum status status = plan_read(&plan, path, false, &err);
        assert_true(status == STATUS_OK || status == STATUS_PLAN);
        plan_release(&plan);
    }
}

int main(void)
{
    dir = test_dir();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),  cmocka_unit_test(test_everything),
        cmocka_unit_test(test_bad_terms), cmocka_unit_test(test_file_warnings),
        cmocka_unit_test(test_digests),   cmocka_unit_test(test_fields),
        cmocka_unit_test(test_files),     cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_mutilated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
