/*
 * Forms of drafts: any bytes are a form or an error with its place; a form is checked against a
 * report's names, and filled from it whether they are there or not. An input is the form; after a
 * NUL may follow a text that stands in the report: nothing of it can end a cell, a line or a mark.
 */
#include "report/draft_parts.h"

#include "report/markdown_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(enum status status)
{
    if (status != STATUS_OK)
        abort();
}

static void make_tree(struct result *tree, const char *text)
{
    static const struct result_column columns[] = {{"name", "Name", RESULT_STRING, ""},
                                                   {"n", "Number", RESULT_COUNT, ""},
                                                   {"share_low", "Share, low", RESULT_SHARE, ""},
                                                   {"x", "X", RESULT_NUMBER, ""}};
    struct error err = ERROR_INIT;
    struct result_table *table;
    result_init(tree);
    tree->title = result_text(tree, text);
    must(result_pair_add(tree, &tree->summary, "t", text, &err));
    must(result_pair_add(tree, &tree->run, "files", text, &err));
    must(result_pair_add(tree, &tree->release, "banner", text, &err));
    must(result_pair_add(tree, &tree->definitions, text, text, &err));
    must(result_table_add(tree, "t", "count", text, text, columns, 4, &table, &err));
    table->population = table->method = tree->title;
    must(result_note(tree, table, text, &err));
    must(result_put_text(tree, table, text, &err));
    must(result_put_count(tree, table, strlen(text), &err));
    must(result_put_real(tree, table, 0.1234567, &err));
    must(result_put_real(tree, table, 1e9 / 7, &err));
    must(result_put_text(tree, table, "b", &err));
    must(result_put_withheld(tree, table, &err));
    must(result_put_null(tree, table, &err));
    must(result_put_null(tree, table, &err));
}

/* Unescaped marks, line ends and controls cannot come from a text. */
static void check_escapes(const char *text)
{
    char *made = NULL;
    size_t len;
    FILE *out = open_memstream(&made, &len);
    if (!out)
        abort();
    markdown_put(out, text);
    if (fclose(out) != 0)
        abort();
    for (size_t i = 0; i < len; i++) {
        if (made[i] == '\\') {
            i++;
            continue;
        }
        if (strchr("`*[]<|", made[i]) || (unsigned char)made[i] < ' ')
            abort();
    }
    free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = ERROR_INIT;
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t len = end ? (size_t)(end - data) : size;
    size_t rest = end ? size - len - 1 : 0;
    char *text = calloc(1, rest + 1), *draft = NULL;
    if (!text)
        abort();
    if (rest)
        memcpy(text, end + 1, rest);
    check_escapes(text);
    struct draft_form *form;
    struct result tree;
    make_tree(&tree, text);
    enum status status = draft_form_parse((const char *)data, len, "f.md", &form, &err);
    if (status == STATUS_PLAN) {
        if (strncmp(err.where, "f.md:", 5) != 0 || !err.text[0] || form)
            abort();
    } else {
        must(status);
        status = draft_form_check(form, &tree, &err);
        if (status != STATUS_OK && (status != STATUS_PLAN || !err.hint[0]))
            abort();
        FILE *out = open_memstream(&draft, &len);
        if (!out)
            abort();
        draft_fill(form, &tree, out);
        if (fclose(out) != 0)
            abort();
        draft_form_free(form);
    }
    free(draft);
    free(text);
    result_release(&tree);
    return 0;
}
