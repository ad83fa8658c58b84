/*
 * Drafts: each mistake of a form with its place, what each place becomes, names against a plan's
 * outline, and what a full disk leaves.
 */
#include "tests/support/full_disk.h"
#include "tests/support/support.h"

#include "report/answers/outline.h"
#include "report/draft_form.h"
#include "report/draft_parts.h"
#include "report/writer.h"
#include "tests/unit/example_release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct result_column columns[] = {
    {"option", "Option", RESULT_STRING, ""},
    {"conversations", "Conversations", RESULT_COUNT, "conversations"},
    {"recall_low", "Recall, low", RESULT_SHARE, ""},
    {"recall_high", "Recall, high", RESULT_SHARE, ""},
};

static void put_row(struct result *tree, struct result_table *table, const char *name,
                    uint64_t count, double low, double high)
{
    struct error err = ERROR_INIT;
    assert_ok(result_put_text(tree, table, name, &err), err);
    assert_ok(result_put_count(tree, table, count, &err), err);
    assert_ok(result_put_real(tree, table, low, &err), err);
    assert_ok(result_put_real(tree, table, high, &err), err);
}

/* A tree with one table, `options`: A, B with withheld figures and nulls, and one more. */
static struct result_table *make_tree(struct result *tree)
{
    struct error err = ERROR_INIT;
    struct result_table *table;
    result_init(tree);
    tree->title = "A *title*";
    tree->matter = "m";
    tree->confidentiality = "";
    assert_ok(result_pair_add(tree, &tree->run, "program_version", "0.1", &err), err);
    assert_ok(result_pair_add(tree, &tree->release, "banner", "Exact.", &err), err);
    assert_ok(result_pair_add(tree, &tree->release, "statement_01", "Withheld.", &err), err);
    assert_ok(result_pair_add(tree, &tree->release, "min_users", "11", &err), err);
    assert_ok(result_pair_add(tree, &tree->summary, "options", "A finds 3.", &err), err);
    assert_ok(result_pair_add(tree, &tree->summary, "options", "B finds 4.", &err), err);
    assert_ok(result_pair_add(tree, &tree->definitions, "turn", "One message.", &err), err);
    assert_ok(result_pair_add(tree, &tree->methods, "Counts", "All.", &err), err);
    assert_ok(result_table_add(tree, "options", "proposals", "T", "u", columns, 4, &table, &err),
              err);
    table->population = "P.";
    table->method = "M.";
    assert_ok(result_note(tree, table, "n1", &err), err);
    put_row(tree, table, "A", 1234567, 0.0123456, 0.0123456);
    assert_ok(result_put_text(tree, table, "B", &err), err);
    assert_ok(result_put_withheld(tree, table, &err), err);
    assert_ok(result_put_null(tree, table, &err), err);
    assert_ok(result_put_null(tree, table, &err), err);
    put_row(tree, table, "a \"b\", = c", 7, 0, 1);
    return table;
}

/* FORM filled from TREE; the caller frees it. */
static char *filled(const struct result *tree, const char *form)
{
    struct error err = ERROR_INIT;
    struct draft_form *parsed;
    char *text = NULL;
    size_t len;
    assert_ok(draft_form_parse(form, strlen(form), "f.md", &parsed, &err), err);
    assert_ok(draft_form_check(parsed, tree, &err), err);
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    draft_fill(parsed, tree, out);
    assert_int_equal(fclose(out), 0);
    draft_form_free(parsed);
    return text;
}

static void test_places(void **state)
{
    (void)state;
    static const struct {
        const char *form, *draft;
    } cases[] = {
        {"no place { } }} at all", "no place { } }} at all"},
        {"", ""},
        {"{{title}}", "A \\*title\\*"},
        {"{{ title of options }}", "T"},
        {"{{matter}}", "m"},
        {"{{confidentiality}}", "**[ to be stated: confidentiality ]**"},
        {"{{date}}", "**[ to be stated: date ]**"},
        {"{{summary options}}", "A finds 3. B finds 4."},
        {"{{summary}}", "- A finds 3.\n- B finds 4.\n"},
        {"{{definitions}}\n", "- **turn**: One message.\n"},
        {"  {{methods}}  \nx", "  - **Counts**: All.\nx"},
        {"{{run}}", "- **Program version**: 0.1\n"},
        {"{{run program_version}}", "0.1"},
        {"{{release}}", "- Exact.\n- Withheld.\n"},
        {"{{release min_users}}", "11"},
        {"{{unit of options}} {{population of options}} {{method of options}}", "u P. M."},
        {"{{notes of options}}", "- n1\n"},
        {"{{value conversations of options}}", "1,234,567"},
        {"{{value conversations of options where option = B}}", "withheld"},
        {"{{value conversations of options where option = \"a \"\"b\"\", = c\"}}", "7"},
        {"{{value recall_low of options where option = B}}",
         "**[ no figure: recall_low of options where option = B ]**"},
        {"{{value option of options where option = Z}}",
         "**[ not in this report: option of options where option = Z ]**"},
        {"{{value option of options where conversations = 7 and recall_high = \"100 %\"}}",
         "a \"b\", = c"},
        {"at least {{value recall_low of options}}, at most {{value\n recall_high of options}}",
         "at least 1.23 %, at most 1.24 %"},
        {"{{blank  name\n  and position }}.", "**[ to be stated: name and position ]**."},
        {"  {{table options with option, recall_high}}\nx",
         "  | Option | Recall, high |\n  | --- | ---: |\n  | A | 1.24 % |\n  | B | - |\n"
         "  | a \"b\", = c | 100.00 % |\nx"},
        {"{{table options with conversations where option = A}}",
         "| Conversations |\n| ---: |\n| 1,234,567 |\n"},
        {"{{table options with option where option = Z}}",
         "| Option |\n| --- |\n\nThe report has no such row.\n"},
        {"{{when recall_low of options}}yes{{otherwise}}no{{end}}.", "yes."},
        {"{{when conversations of options where option = B}}yes{{otherwise}}no{{end}}.", "no."},
        {"{{when recall_low of options where option = Z}}yes{{end}}.", "."},
        {"a\n{{when recall_low of options}}\nyes\n {{otherwise}}\nno\n{{end}}\nb", "a\nyes\nb"},
        {"a\r\n{{when conversations of options where option = B}}\r\nyes\r\n{{end}}\r\nb",
         "a\r\nb"},
        /* A number that begins a line must not begin a list with the form's dot. */
        {"x\n {{value conversations of options where recall_high = \"100 %\"}}. y", "x\n 7\\. y"},
    };
    struct result tree;
    make_tree(&tree);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = filled(&tree, cases[i].form);
        if (strcmp(text, cases[i].draft) != 0)
            fail_msg("%s\ngives %s\nand not %s", cases[i].form, text, cases[i].draft);
        free(text);
    }
    char *text = filled(&tree, "{{form}}");
    assert_memory_equal(text, "f.md (SHA-256 ", 14);
    assert_int_equal(strlen(text), 14 + 64 + 1);
    free(text);
    result_release(&tree);
}

/* What the outline has and the report has not is a blank that says so. */
static void test_lacking(void **state)
{
    (void)state;
    static const struct {
        const char *form, *draft;
    } cases[] = {
        {"{{value a of gone}}", "**[ not in this report: a of gone ]**"},
        {"{{value gone of options}}", "**[ not in this report: gone of options ]**"},
        {"{{table gone}}", "**[ not in this report: the table gone ]**\n"},
        {"{{table options with gone where option = A}}", "| gone |\n| --- |\n| not told |\n"},
        {"{{table options with option where gone = A}}",
         "| Option |\n| --- |\n\nThe report has no such row.\n"},
        {"{{notes of gone}}", "**[ not in this report: notes of gone ]**\n"},
        {"{{unit of gone}}", "**[ not in this report: gone ]**"},
        {"{{summary gone}}", "**[ not in this report: gone ]**"},
        {"{{when a of gone}}x{{end}}", ""},
    };
    struct result tree;
    make_tree(&tree);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct draft_form *form;
        char *text = NULL;
        size_t len;
        assert_ok(draft_form_parse(cases[i].form, strlen(cases[i].form), "f", &form, &err), err);
        FILE *out = open_memstream(&text, &len);
        draft_fill(form, &tree, out);
        fclose(out);
        assert_string_equal(text, cases[i].draft);
        free(text);
        draft_form_free(form);
    }
    result_release(&tree);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *form, *where, *text, *hint;
    } cases[] = {
        {"a\n\xC3\xA9 {{titel}}", "f.md:2:5", "unknown place \"titel\"", "did you mean \"title\"?"},
        {"{{}}", "f.md:1:3", "what to put is wanted here", "{{title}} or {{title of TABLE}}"},
        {"a {{title", "f.md:1:3", "\"{{\" is never closed", "write }} where the place ends"},
        {"{{blank x", "f.md:1:1", "\"{{\" is never closed", ""},
        {"{{blank  }}", "f.md:1:10", "what a person must state is wanted here", "{{blank"},
        {"{{title by x}}", "f.md:1:9", "\"of\" or }} is wanted here", "{{title of TABLE}}"},
        {"{{matter x}}", "f.md:1:10", "}} is wanted here", "{{matter}}"},
        {"{{unit options}}", "f.md:1:8", "\"of\" is wanted here", "{{unit of TABLE}}"},
        {"{{value of of}}", "f.md:1:14", "a table is wanted here", ""},
        {"{{value a of =}}", "f.md:1:14", "a table is wanted here", ""},
        {"{{value a of \"b}}", "f.md:1:14", "this quote is never closed", "written \"\""},
        {"{{value a of b whre}}", "f.md:1:16", "\"where\" or }} is wanted here", ""},
        {"{{value a of b where}}", "f.md:1:21", "a column is wanted here", ""},
        {"{{value a of b where c}}", "f.md:1:23", "\"=\" is wanted here", ""},
        {"{{value a of b where c =}}", "f.md:1:25", "a value is wanted here", ""},
        {"{{value a of b where c = d e}}", "f.md:1:28", "\"and\" or }} is wanted here", ""},
        {"{{table b with}}", "f.md:1:15", "a column is wanted here", ""},
        {"{{table b with c d}}", "f.md:1:18", "a comma, \"where\" or }} is wanted here", ""},
        {"{{table b c}}", "f.md:1:11", "\"with\", \"where\" or }} is wanted here", ""},
        {"{{summary = }}", "f.md:1:11", "a name or }} is wanted here", ""},
        {"x {{table b}}", "f.md:1:3", "a list or a table stands alone on a line",
         "line of its own"},
        {"{{notes of b}} x", "f.md:1:1", "a list or a table stands alone on a line", ""},
        {"{{end}}", "f.md:1:1", "\"end\" belongs to no \"when\"", ""},
        {"{{otherwise}}", "f.md:1:1", "\"otherwise\" belongs to no \"when\"", ""},
        {"{{when a of b}}", "f.md:1:1", "this \"when\" has no \"end\"", "write {{end}}"},
        {"{{when a of b}}{{when a of b}}{{end}}", "f.md:1:16", "a \"when\" stands inside another",
         "write {{end}} before it"},
        {"{{when a of b}}{{otherwise}}{{otherwise}}{{end}}", "f.md:1:29",
         "\"otherwise\" belongs to no \"when\"", ""},
        {"a\nb\xFF", "f.md:2:2", "this is no UTF-8", ""},
        {"a\xE2\x80\xAE", "f.md:1:2", "a character that steers the text, U+202E", ""},
        {"a\x01", "f.md:1:2", "a character that steers the text, U+0001", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct draft_form *form;
        const char *text = cases[i].form;
        assert_int_equal(draft_form_parse(text, strlen(text), "f.md", &form, &err), STATUS_PLAN);
        assert_null(form);
        if (strcmp(err.where, cases[i].where) != 0 || strcmp(err.text, cases[i].text) != 0 ||
            !strstr(err.hint, cases[i].hint))
            fail_msg("%s: %s: %s (%s)", text, err.where, err.text, err.hint);
    }
    struct error err = ERROR_INIT;
    struct draft_form *form;
    char *large = calloc(1, DRAFT_FORM_MAX + 2);
    memset(large, 'a', DRAFT_FORM_MAX + 1);
    assert_ok(draft_form_parse(large, DRAFT_FORM_MAX, "f", &form, &err), err);
    draft_form_free(form);
    assert_int_equal(draft_form_parse(large, DRAFT_FORM_MAX + 1, "f", &form, &err), STATUS_PLAN);
    assert_int_equal(draft_form_parse("a\0b", 3, "f", &form, &err), STATUS_PLAN);
    free(large);
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *form, *where, *text, *hint;
    } cases[] = {
        {"{{table optins}}", "f:1:9", "this plan makes no table \"optins\"",
         "did you mean \"options\"?"},
        {"{{value zzzzzz of options}}", "f:1:9", "the table \"options\" has no column \"zzzzzz\"",
         "proffer show report.json options"},
        {"{{value conversations_low of options}}", "f:1:9",
         "the table \"options\" has no column \"conversations_low\"",
         "without noise \"conversations\" is exact and has no low and high end"},
        {"{{table options with option, recal_low}}", "f:1:30",
         "the table \"options\" has no column \"recal_low\"", "did you mean \"recall_low\"?"},
        {"{{when option of options where optio = A}}{{end}}", "f:1:32",
         "the table \"options\" has no column \"optio\"", "did you mean \"option\"?"},
        {"{{summary option}}", "f:1:11", "\"option\" is no query of this plan",
         "did you mean \"options\"?"},
        {"{{run program}}", "f:1:7", "\"program\" is no fact of the run", "program_version"},
        {"{{release zzzzzzzz}}", "f:1:11", "\"zzzzzzzz\" is no fact of the release", "{{release"},
        {"{{unit of x}}", "f:1:11", "this plan makes no table \"x\"", ""},
    };
    struct result tree;
    make_tree(&tree);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct draft_form *form;
        assert_ok(draft_form_parse(cases[i].form, strlen(cases[i].form), "f", &form, &err), err);
        assert_int_equal(draft_form_check(form, &tree, &err), STATUS_PLAN);
        if (strcmp(err.where, cases[i].where) != 0 || strcmp(err.text, cases[i].text) != 0 ||
            !strstr(err.hint, cases[i].hint))
            fail_msg("%s: %s: %s (%s)", cases[i].form, err.where, err.text, err.hint);
        draft_form_free(form);
    }
    result_release(&tree);
}

/* Every table and column, and every name of a fact, of a report of every query kind. */
static void test_outline_has_all(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result tree, outline;
    result_init(&tree);
    result_init(&outline);
    assert_ok(answers_make(&example_plan, &example_release, &example_run, &tree, &err), err);
    assert_ok(answers_outline(&example_plan, &outline, &err), err);
    for (size_t t = 0; t < tree.table_count; t++) {
        const struct result_table *made = tree.tables[t],
                                  *named = result_table_find(&outline, made->id);
        if (!named)
            fail_msg("no table %s", made->id);
        for (size_t c = 0; c < made->column_count; c++)
            if (draft_column(named, made->columns[c].id) == SIZE_MAX)
                fail_msg("no column %s of %s", made->columns[c].id, made->id);
    }
    const struct result_pairs *pairs[][2] = {{&tree.run, &outline.run},
                                             {&tree.summary, &outline.summary}};
    for (size_t i = 0; i < 2; i++)
        for (size_t p = 0; p < pairs[i][0]->count; p++) {
            bool found = false;
            for (size_t n = 0; n < pairs[i][1]->count; n++)
                found =
                    found || strcmp(pairs[i][0]->items[p].name, pairs[i][1]->items[n].name) == 0;
            if (!found)
                fail_msg("no name %s", pairs[i][0]->items[p].name);
        }
    result_release(&tree);
    result_release(&outline);
}

/* A long table ends, and says so. */
static void test_long_table(void **state)
{
    (void)state;
    struct result tree;
    struct result_table *table = make_tree(&tree);
    while (table->row_count < DRAFT_ROWS_MAX)
        put_row(&tree, table, "r", 1, 0, 1);
    char *text = filled(&tree, "{{table options}}");
    assert_null(strstr(text, "These are the first"));
    free(text);
    put_row(&tree, table, "last", 1, 0, 1);
    text = filled(&tree, "{{table options}}");
    assert_non_null(strstr(text,
                           "\n\nThese are the first 1,000 of 1,001 rows; the other files of the "
                           "report have all.\n"));
    assert_null(strstr(text, "last"));
    free(text);
    result_release(&tree);
}

/* Without room the draft that was there stays. */
static void test_full_disk(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    struct draft_form *form;
    struct result_table *table = make_tree(&tree);
    while (table->row_count < DRAFT_ROWS_MAX)
        put_row(&tree, table, "a row of some length", 1, 0.5, 0.5);
    assert_ok(draft_form_parse("{{table options}}", 17, "f", &form, &err), err);
    tree.draft_form = form;
    const char *path = test_path(test_dir(), "draft.md");
    check_full_disk(&tree, draft_report_write, path, path, 20000);
    assert_ok(draft_report_write(&tree, path, &err), err);
    char *text = test_read(path, NULL);
    assert_memory_equal(text, "| Option |", 10);
    free(text);
    draft_form_free(form);
    result_release(&tree);
}

static void test_every_verb_has_a_row(void **state)
{
    (void)state;
    for (size_t v = 0; v < DRAFT_VERBS; v++) {
        assert_non_null(draft_verb_types[v].name);
        assert_non_null(strstr(draft_verb_types[v].usage, draft_verb_types[v].name));
    }
}

/* A first row that is withheld or empty does not speak for the others. */
static void test_when_any_row_has_a_value(void **state)
{
    (void)state;
    static const struct result_column two[] = {{"option", "Option", RESULT_STRING, ""},
                                               {"recall_low", "Recall, low", RESULT_SHARE, ""}};
    struct error err;
    struct result tree;
    struct result_table *table;
    make_tree(&tree);
    assert_ok(result_table_add(&tree, "other", "proposals", "O", "u", two, 2, &table, &err), err);
    assert_ok(result_put_text(&tree, table, "A", &err), err);
    assert_ok(result_put_withheld(&tree, table, &err), err);
    assert_ok(result_put_text(&tree, table, "B", &err), err);
    assert_ok(result_put_null(&tree, table, &err), err);
    char *text = filled(&tree, "{{when recall_low of other}}yes{{otherwise}}no{{end}}.");
    assert_string_equal(text, "no.");
    free(text);
    assert_ok(result_put_text(&tree, table, "C", &err), err);
    assert_ok(result_put_real(&tree, table, 0.5, &err), err);
    text = filled(&tree, "{{when recall_low of other}}yes{{otherwise}}no{{end}}.");
    assert_string_equal(text, "yes.");
    free(text);
    text = filled(&tree, "{{when recall_low of other where option = B}}yes{{otherwise}}no{{end}}.");
    assert_string_equal(text, "no.");
    free(text);
    result_release(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_when_any_row_has_a_value),
        cmocka_unit_test(test_lacking),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_outline_has_all),

        cmocka_unit_test(test_long_table),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_every_verb_has_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
