/* proffer explain: how a term is read. */
#include "base/memory.h"
#include "cli/command.h"
#include "cli/explain_logs.h"
#include "cli/options.h"
#include "queries/plan.h"
#include "queries/scan_setup.h"
#include "queries/text/term.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEANING_MAX = 2048, WORDS_SHOWN = 20 };

/* Plain words in a line, then what each other leaf matches. */
static void show_words(const struct term *term)
{
    char meaning[MEANING_MAX];
    const char *before = "words:    ";
    for (size_t i = 0; i < term_leaf_count(term); i++)
        if (!term_leaf_meaning(term, i, meaning, sizeof meaning)) {
            printf("%s%s", before, term_leaf_text(term, i));
            before = ", ";
        }
    if (before[0] == ',')
        printf("\n");
    for (size_t i = 0; i < term_leaf_count(term); i++)
        if (term_leaf_meaning(term, i, meaning, sizeof meaning))
            printf("matches:  %s  %s\n", term_leaf_text(term, i), meaning);
}

/* LOGS is NULL without a plan. */
static enum status show_text(const struct term *term, const char *source,
                             const struct explain_logs *logs, size_t limit, struct error *err)
{
    char *form = term_normal_form(term);
    if (!form)
        return error_nomem(err);
    printf("read as:  %s\n", form);
    free(form);
    show_words(term);
    if (logs)
        TRY(explain_logs_show(logs, term, limit, err));
    for (size_t i = 0; i < term_warning_count(term); i++) {
        const struct term_note *note = term_warning(term, i);
        char *caret = term_caret(source, strlen(source), note);
        if (!caret)
            return error_nomem(err);
        printf("warning:  %s\n%s\n", note->text, caret);
        free(caret);
    }
    return STATUS_OK;
}

static enum status word_json(const struct term *term, size_t i, const struct explain_logs *logs,
                             json_t **out, struct error *err)
{
    char meaning[MEANING_MAX];
    const char *word = term_leaf_text(term, i);
    *out = term_leaf_meaning(term, i, meaning, sizeof meaning)
               ? json_pack("{s:s, s:s}", "word", word, "matches", meaning)
               : json_pack("{s:s}", "word", word);
    if (!*out)
        return error_nomem(err);
    if (!logs)
        return STATUS_OK;
    json_t *found = NULL;
    TRY(explain_logs_json(logs, term, i, &found, err));
    return json_object_set_new(*out, "in_logs", found) == 0 ? STATUS_OK : error_nomem(err);
}

static enum status words_json(const struct term *term, const struct explain_logs *logs,
                              json_t *words, struct error *err)
{
    for (size_t i = 0; i < term_leaf_count(term); i++) {
        json_t *word = NULL;
        enum status status = word_json(term, i, logs, &word, err);
        if (status == STATUS_OK && json_array_append(words, word) != 0)
            status = error_nomem(err);
        json_decref(word);
        TRY(status);
    }
    return STATUS_OK;
}

static enum status show_json(const struct term *term, const char *source,
                             const struct explain_logs *logs, struct error *err)
{
    char *form = term_normal_form(term);
    json_t *words = json_array(), *warnings = json_array(), *root = NULL;
    enum status status = form && words && warnings ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK)
        status = words_json(term, logs, words, err);
    bool bad = status != STATUS_OK;
    for (size_t i = 0; !bad && i < term_warning_count(term); i++)
        bad = json_array_append_new(warnings, json_string(term_warning(term, i)->text)) != 0;
    if (!bad)
        root =
            json_pack("{s:s, s:s, s:s, s:O, s:O}", "query", source, "language",
                      TERM_LANGUAGE_VERSION, "parsed", form, "words", words, "warnings", warnings);
    if (root) {
        json_dumpf(root, stdout, JSON_INDENT(2) | JSON_SORT_KEYS); /* checked when closed */
        printf("\n");
    } else if (status == STATUS_OK) {
        status = error_nomem(err);
    }
    json_decref(root);
    json_decref(words);
    json_decref(warnings);
    free(form);
    return status;
}

/* The place in the term and the hint, in lines of their own. */
static void mark_place(const char *source, const struct term_note *note, struct error *err)
{
    char *caret = term_caret(source, strlen(source), note);
    char hint[sizeof err->hint];
    memcpy(hint, err->hint, sizeof hint);
    if (caret && source[0])
        error_hint(err, "%s%s%s", caret, hint[0] ? "\nhint: " : "", hint);
    free(caret);
}

enum status command_explain(const struct arguments *arguments, struct error *err)
{
    const char *source = arguments->words[0], *plan_path = arguments->values[OPTION_PLAN];
    struct plan plan;
    struct scan_setup setup = {.field_count = 0};
    struct explain_logs logs = {.finder = NULL};
    uint64_t limit;
    /* Without a plan contains() knows the fields that every log may carry. */
    static char model[] = "model", country[] = "country", language[] = "language",
                account[] = "account";
    static char *fields[] = {model, country, language, account};
    struct word_rules rules = {.alphabet = "", .fields = fields, .field_count = 4};
    struct term *term = NULL;
    struct term_note note = {0, 0, ""};
    enum status status = STATUS_OK;
    TRY(options_number(arguments, OPTION_LIMIT, 1, SIZE_MAX, WORDS_SHOWN, &limit, err));
    if (plan_path) {
        TRY_CLEANUP(plan_read(&plan, plan_path, false, err));
        TRY_CLEANUP(scan_setup_init(&setup, &plan, err));
        rules = setup.words;
    }
    status = term_parse(source, strlen(source), &rules, &term, &note, err);
    if (status == STATUS_PLAN)
        mark_place(source, &note, err);
    if (status != STATUS_OK)
        goto cleanup;
    if (plan_path)
        TRY_CLEANUP(explain_logs_open(&logs, &plan, arguments->values[OPTION_CATALOGUE], err));
    status = arguments->values[OPTION_JSON]
                 ? show_json(term, source, plan_path ? &logs : NULL, err)
                 : show_text(term, source, plan_path ? &logs : NULL, (size_t)limit, err);
cleanup:
    explain_logs_release(&logs);
    term_free(term);
    scan_setup_release(&setup);
    if (plan_path)
        plan_release(&plan);
    return status;
}
