/* templates/plan.schema.json and the reader's tables say the same; good plans pass both. */
#include "tests/support/support.h"

#include "queries/field.h"
#include "queries/logs/record.h"
#include "queries/plan_keys.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *schema;

/* "plan.logs" -> $defs/logs, "query.count" -> $defs/query_count, "plan" -> the root. */
static json_t *definition_of(const char *table)
{
    char name[64];
    if (strcmp(table, "plan") == 0)
        return schema;
    if (strcmp(table, "by") == 0)
        table = "by_entry";
    snprintf(name, sizeof name, "%s", strncmp(table, "plan.", 5) == 0 ? table + 5 : table);
    for (char *c = name; *c; c++)
        if (*c == '.' || *c == ' ')
            *c = '_';
    return json_object_get(json_object_get(schema, "$defs"), name);
}

static bool required(const json_t *definition, const char *key)
{
    const json_t *list = json_object_get(definition, "required");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), key) == 0)
            return true;
    return false;
}

static void default_text(const json_t *value, char text[64])
{
    if (json_is_string(value))
        snprintf(text, 64, "%s", json_string_value(value));
    else
        snprintf(text, 64, "%.15g", json_number_value(value));
}

static void compare_key(const struct json_table *table, const struct json_key *key,
                        const json_t *definition)
{
    const json_t *property = json_object_get(json_object_get(definition, "properties"), key->name);
    char text[64];
    if (key->want == WANT_LATER) {
        if (property)
            fail_msg("%s.%s is in the schema but not supported", table->name, key->name);
        return;
    }
    if (!property)
        fail_msg("%s.%s is not in the schema", table->name, key->name);
    if (!json_is_string(json_object_get(property, "description")))
        fail_msg("%s.%s has no description", table->name, key->name);
    const json_t *shapes = json_object_get(property, "x-shapes-scan");
    if (!json_is_boolean(shapes) || json_is_true(shapes) != !!(key->flags & KEY_SHAPES_SCAN))
        fail_msg("%s.%s: x-shapes-scan differs", table->name, key->name);
    if (required(definition, key->name) != !!(key->flags & KEY_REQUIRED))
        fail_msg("%s.%s: required differs", table->name, key->name);
    const json_t *fallback = json_object_get(property, "default");
    if ((fallback == NULL) != !!(key->flags & KEY_REQUIRED))
        fail_msg("%s.%s must have either a default or be required", table->name, key->name);
    if (fallback && json_is_null(fallback) != (key->fallback == NULL))
        fail_msg("%s.%s: default differs", table->name, key->name);
    if (fallback && key->fallback) {
        default_text(fallback, text);
        assert_string_equal(text, key->fallback);
    }
    if (key->want == WANT_CHOICE) {
        const json_t *choices = json_object_get(property, "enum");
        size_t count = 0;
        for (; key->choices[count]; count++)
            assert_string_equal(json_string_value(json_array_get(choices, count)),
                                key->choices[count]);
        assert_int_equal(json_array_size(choices), count);
    }
    if (key->want == WANT_INTEGER && json_object_get(property, "minimum")) {
        assert_int_equal(json_integer_value(json_object_get(property, "minimum")), key->min);
        assert_int_equal(json_integer_value(json_object_get(property, "maximum")), key->max);
    }
}

static void test_same_keys(void **state)
{
    (void)state;
    for (size_t i = 0; plan_tables[i]; i++) {
        const struct json_table *table = plan_tables[i];
        const json_t *definition = definition_of(table->name);
        if (!definition)
            fail_msg("%s is not in the schema", table->name);
        assert_true(json_is_false(json_object_get(definition, "additionalProperties")));
        size_t supported = 0;
        for (size_t k = 0; k < table->count; k++) {
            compare_key(table, &table->keys[k], definition);
            supported += table->keys[k].want != WANT_LATER;
        }
        /* All of the table's keys are there, so an equal number means no others. */
        assert_int_equal(json_object_size(json_object_get(definition, "properties")), supported);
    }
}

/* The formats that a plan may name are "auto" and those that there are. */
static void test_formats(void **state)
{
    (void)state;
    const char *const *choices = NULL;
    for (size_t i = 0; i < logs_keys.count; i++)
        if (strcmp(logs_keys.keys[i].name, "format") == 0)
            choices = logs_keys.keys[i].choices;
    assert_non_null(choices);
    assert_string_equal(choices[0], "auto");
    size_t count = 0;
    for (const char *name, *summary; (name = format_nth(count, &summary)); count++) {
        bool found = false;
        for (size_t i = 1; choices[i]; i++)
            found = found || strcmp(choices[i], name) == 0;
        if (!found)
            fail_msg("format %s cannot be named in a plan", name);
    }
    assert_null(choices[count + 1]);
}

/* Names of free fields follow the fixed ones in the order of the conversation's fields. */
static void test_fixed_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        struct plan_field field;
        assert_int_equal(field_find(NULL, 0, conversation_field_names[i], &field),
                         FIELD_ROLE_STORED);
        assert_int_equal(field.stored, i);
    }
}

/* The taxonomy that a user starts from is read without a complaint. */
static void test_template_taxonomy(void **state)
{
    (void)state;
    const char *dir = test_dir();
    char text[1024], cwd[512];
    struct error err = ERROR_INIT;
    struct plan plan;
    assert_non_null(getcwd(cwd, sizeof cwd));
    snprintf(text, sizeof text,
             "{\"proffer\":1,\"logs\":{\"paths\":[\"a\"]},\"queries\":[{\"id\":\"usage\","
             "\"kind\":\"topics\",\"taxonomy\":\"%s/templates/usage.json\"}]}",
             cwd);
    test_write_text(test_path(dir, "plan.json"), text);
    assert_ok(plan_read(&plan, test_path(dir, "plan.json"), true, &err), err);
    assert_int_equal(plan.queries[0].topic_count, 24);
    plan_release(&plan);
}

/* Every definition with properties has a table. */
static void test_no_other_objects(void **state)
{
    (void)state;
    const char *name;
    json_t *definition;
    json_object_foreach(json_object_get(schema, "$defs"), name, definition)
    {
        bool found = !json_object_get(definition, "properties");
        for (size_t i = 0; plan_tables[i]; i++)
            found = found || definition_of(plan_tables[i]->name) == definition;
        if (!found)
            fail_msg("the reader has no table for $defs/%s", name);
    }
}

static const char example[] =
    "{ \"proffer\": 1, \"title\": \"Example matter\", \"matter\": \"example-2026\",\n"
    "  \"logs\": { \"paths\": [\"logs/*.jsonl.zst\"], \"format\": \"auto\", \"on_error\": "
    "\"count\",\n"
    "             \"max_record\": \"64MiB\", \"digest\": \"none\", \"expected\": [\"a.zst\"],\n"
    "             \"fields\": { \"user\": \"/meta/account_hash\",\n"
    "                         \"tier\": { \"pointer\": \"/meta/tier\", \"values\": [\"a\", \"b\"] "
    "} "
    "} },\n"
    "  \"words\": { \"alphabet\": \"-\", \"noise\": [\"the\"] },\n"
    "  \"population\": { \"from\": \"2022-12-01\", \"to\": \"2024-11-30\",\n"
    "                  \"exclude\": [ { \"field\": \"account\", \"in\": [\"business\"] } ] },\n"
    "  \"queries\": [\n"
    "    { \"id\": \"volume\", \"kind\": \"count\", \"by\": [\"month\", \"model\", \"tier\",\n"
    "        { \"field\": \"country\", \"values\": [\"DE\"] }] },\n"
    "    { \"id\": \"terms\", \"kind\": \"terms\", \"terms\": [\"apple AND pear\", \"P1: fig\"],\n"
    "      \"within\": \"exchange\" },\n"
    "    { \"id\": \"topics\", \"kind\": \"topics\", \"taxonomy\": \"usage.json\", \"assign\": "
    "\"all\" },\n"
    "    { \"id\": \"langs\", \"kind\": \"topics\", \"by\": \"language\" },\n"
    "    { \"id\": \"rel\", \"kind\": \"relevance\", \"definition\": \"contains text of a work\",\n"
    "      \"sample\": \"sample.json\", \"labels\": \"labels.csv\", \"confidence\": 0.95 },\n"
    "    { \"id\": \"claim\", \"kind\": \"claim\", \"of\": \"rel\", \"irrelevant_at_least\": "
    "0.9999 "
    "} ],\n"
    "  \"release\": { \"unit\": \"user\", \"min_users\": 11, \"noise\": \"none\", \"ledger\": "
    "\"ledger.db\" },\n"
    "  \"report\": { \"dir\": \"out\", \"xlsx\": \"report.xlsx\", \"json\": null, \"date\": "
    "\"2025-01-31\",\n"
    "              \"confidentiality\": \"CONFIDENTIAL - SUBJECT TO PROTECTIVE ORDER\",\n"
    "              \"caption\": [\"Court\"], \"offered_as\": \"\", \"inspection\": null,\n"
    "              \"stamp\": { \"prefix\": \"ABC\", \"first\": 7 } } }\n";

static const char taxonomy[] =
    "{ \"proffer_taxonomy\": 1, \"title\": \"Usage\", \"source\": \"a paper\",\n"
    "  \"groups\": [ { \"name\": \"Writing\", \"topics\": [ { \"name\": \"Translation\",\n"
    "      \"term\": \"translate OR translation\" }, { \"name\": \"Fiction\", \"term\": null } ] } "
    "] "
    "}\n";

static void test_examples_pass_both(void **state)
{
    (void)state;
    const char *dir = test_dir();
    struct error err = ERROR_INIT;
    struct plan plan;
    test_write_text(test_path(dir, "plan.json"), example);
    test_write_text(test_path(dir, "usage.json"), taxonomy);
    assert_ok(plan_read(&plan, test_path(dir, "plan.json"), true, &err), err);
    assert_int_equal(plan.query_count, 6);
    plan_release(&plan);
    char command[1024];
    snprintf(command, sizeof command,
             "python3 - templates/plan.schema.json %s/plan.json %s/usage.json <<'END'\n"
             "import json, sys\n"
             "from jsonschema import Draft202012Validator as V\n"
             "schema, plan, usage = (json.load(open(p)) for p in sys.argv[1:])\n"
             "V.check_schema(schema)\n"
             "V(schema).validate(plan)\n"
             "V(dict(schema['$defs']['taxonomy'], **{'$defs': schema['$defs']})).validate(usage)\n"
             "bad = json.loads(json.dumps(plan)); bad['queries'][0]['bye'] = []\n"
             "assert not V(schema).is_valid(bad)\n"
             "bad = json.loads(json.dumps(plan)); bad['queries'][5]['irrelevant_at_least'] = 1\n"
             "assert not V(schema).is_valid(bad)\n"
             "END\n",
             dir, dir);
    /* The interpreter's own leaks are none of ours. */
    unsetenv("LD_PRELOAD");
    if (system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
        print_message("python3-jsonschema is not installed\n");
        skip();
    }
    assert_int_equal(system(command), 0);
}

static int open_schema(void **state)
{
    (void)state;
    schema = json_load_file("templates/plan.schema.json", JSON_REJECT_DUPLICATES, NULL);
    return schema ? 0 : -1;
}

static int close_schema(void **state)
{
    (void)state;
    json_decref(schema);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_keys),         cmocka_unit_test(test_no_other_objects),
        cmocka_unit_test(test_formats),           cmocka_unit_test(test_fixed_fields),
        cmocka_unit_test(test_template_taxonomy), cmocka_unit_test(test_examples_pass_both),
    };
    return cmocka_run_group_tests(tests, open_schema, close_schema);
}
