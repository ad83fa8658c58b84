/*
 * Search terms of a plan, from a list or a file of one a line, named alike: see term_list.h. A term
 * that does not parse stays in the list with its problem, unless the reader is strict.
 */
#include "base/file.h"
#include "base/intern.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"
#include "queries/query_terms.h"
#include "queries/text/term_list.h"

#include <stdlib.h>
#include <string.h>

struct terms_reader {
    struct plan_reader *plan;
    struct plan_query *query;
    size_t query_index;
    struct intern names; /* of listed terms; a file checks its own */
    const char *file;    /* as the plan names it; NULL: the terms are listed in the plan */
    struct intern forms; /* normal forms so far */
    size_t *form_terms;  /* by number of the form the first term that has it */
};

/* ---- one term ---- */

static enum status copy_warnings(struct plan_reader *reader, const struct term *parsed,
                                 struct plan_term *term)
{
    struct arena *arena = &reader->plan->arena;
    size_t count = term_warning_count(parsed);
    /* One more, since the term may also be found to be there already. */
    term->warnings = arena_zalloc(arena, count + 1, sizeof *term->warnings);
    if (!term->warnings)
        return error_nomem(reader->err);
    for (; term->warning_count < count; term->warning_count++) {
        const char *text = term_warning(parsed, term->warning_count)->text;
        term->warnings[term->warning_count] = arena_strndup(arena, text, strlen(text));
        if (!term->warnings[term->warning_count])
            return error_nomem(reader->err);
    }
    return STATUS_OK;
}

static enum status copy_parsed(struct plan_reader *reader, const struct term *parsed,
                               struct plan_term *term)
{
    char *form = term_normal_form(parsed);
    if (!form)
        return error_nomem(reader->err);
    term->parsed = arena_strndup(&reader->plan->arena, form, strlen(form));
    free(form);
    return term->parsed ? copy_warnings(reader, parsed, term) : error_nomem(reader->err);
}

/* Makes the parser's hint part of the text, and its place a mark under the source in WHY. */
static enum status tell_problem(struct plan_reader *reader, const char *source, size_t len,
                                const struct term_note *note, struct error *why,
                                struct plan_term *term)
{
    struct arena *arena = &reader->plan->arena;
    term->problem = why->hint[0] ? arena_printf(arena, "%s (hint: %s)", why->text, why->hint)
                                 : arena_strndup(arena, why->text, strlen(why->text));
    char *caret = term_caret(source, len, note);
    if (!term->problem || !caret) {
        free(caret);
        return error_nomem(reader->err);
    }
    error_set(why, STATUS_PLAN, NULL, "%s", term->problem);
    error_hint(why, "%s", caret);
    free(caret);
    return STATUS_OK;
}

enum status plan_parse_term(struct plan_reader *reader, const char *source, size_t len,
                            struct plan_term *term, struct error *why)
{
    struct term *parsed = NULL;
    struct term_note note = {0, 0, ""};
    term->source = arena_strndup(&reader->plan->arena, source, len);
    if (!term->source)
        return error_nomem(reader->err);
    enum status status = term_parse(source, len, &reader->rules, &parsed, &note, why);
    if (status == STATUS_OK)
        status = copy_parsed(reader, parsed, term);
    else if (status == STATUS_PLAN)
        status = tell_problem(reader, source, len, &note, why, term);
    else if (reader->err)
        *reader->err = *why;
    term_free(parsed);
    return status;
}

enum status query_terms_parse(struct plan *plan, const struct word_rules *rules,
                              struct plan_query *query, struct error *err)
{
    struct plan_reader reader = {.plan = plan, .rules = *rules, .err = err};
    bool topics = query->kind == QUERY_TOPICS;
    for (size_t i = 0; i < query_term_slots(query); i++) {
        struct error why = ERROR_INIT;
        struct plan_term *term = topics ? &query->topics[i].term : &query->terms[i];
        const char *source = term->source;
        if (source) /* else a topic without a rule */
            TRY(plan_parse_term(&reader, source, strlen(source), term, &why));
    }
    return plan_digest_query(plan, query, err);
}

/* ---- many terms ---- */

/*
 * Tells the problem or the warnings of a term, or fails on the problem if the reader is strict. A
 * term of a file is named with its LINE, since its number is not that of the line.
 */
static enum status tell_term(struct terms_reader *terms, const char *where, size_t line,
                             const struct plan_term *term, const struct error *why)
{
    struct plan_reader *reader = terms->plan;
    char place[320];
    if (terms->file)
        snprintf(place, sizeof place, "%.256s:%zu", terms->file, line);
    else
        snprintf(place, sizeof place, "queries[%zu]", terms->query_index);
    if (term->problem && reader->strict) {
        error_set(reader->err, STATUS_PLAN, where, "term %s: %s", term->name, why->text);
        error_hint(reader->err, "%s", why->hint);
        return STATUS_PLAN;
    }
    if (term->problem)
        return plan_warn(reader, "%s: term %s does not parse: %s", place, term->name,
                         term->problem);
    for (size_t i = 0; i < term->warning_count; i++)
        TRY(plan_warn(reader, "%s: term %s: %s", place, term->name, term->warnings[i]));
    return STATUS_OK;
}

static enum status make_room(struct terms_reader *terms, size_t count)
{
    struct arena *arena = &terms->plan->plan->arena;
    terms->query->terms = arena_zalloc(arena, count, sizeof *terms->query->terms);
    terms->form_terms = arena_zalloc(arena, count, sizeof *terms->form_terms);
    return terms->query->terms && terms->form_terms ? STATUS_OK : error_nomem(terms->plan->err);
}

/* Two terms that read alike take each other's unique conversations: both would be shown with none.
 */
static enum status look_for_same(struct terms_reader *terms, size_t index)
{
    struct plan_term *term = &terms->query->terms[index];
    size_t before = terms->forms.count;
    uint32_t number;
    if (!term->parsed)
        return STATUS_OK;
    TRY(intern_add(&terms->forms, term->parsed, strlen(term->parsed), &number, terms->plan->err));
    if (number == before) {
        terms->form_terms[number] = index;
        return STATUS_OK;
    }
    char *text = arena_printf(&terms->plan->plan->arena,
                              "reads like term %s, so that neither has unique conversations",
                              terms->query->terms[terms->form_terms[number]].name);
    if (!text)
        return error_nomem(terms->plan->err);
    term->warnings[term->warning_count++] = text;
    return STATUS_OK;
}

/* One more term, whose NAME is in the plan's arena; WHERE is its place, for errors, and LINE the
 * line of the file. */
static enum status add_term(struct terms_reader *terms, const char *where, size_t line, char *name,
                            const char *source, size_t len)
{
    struct plan_term *term = &terms->query->terms[terms->query->term_count];
    struct error why = ERROR_INIT;
    if (!name)
        return error_nomem(terms->plan->err);
    term->name = name;
    TRY(plan_parse_term(terms->plan, source, len, term, &why));
    terms->query->term_count++;
    TRY(look_for_same(terms, terms->query->term_count - 1));
    return tell_term(terms, where, line, term, &why);
}

/* ---- terms listed in the plan ---- */

static enum status add_listed(struct terms_reader *terms, const struct json_node *node)
{
    struct plan_reader *reader = terms->plan;
    struct arena *arena = &reader->plan->arena;
    const char *text = json_node_text(node);
    size_t named = term_name_length(text, strlen(text));
    char *name =
        named ? arena_strndup(arena, text, named) : arena_printf(arena, "T%zu", node->index + 1);
    if (!name)
        return error_nomem(reader->err);
    text += named ? named + 1 : 0;
    text += strspn(text, " \t\r\n");
    if (!*text)
        return json_fault(node, reader->err, "no term stands after \"%s:\"", json_show(name).text);
    uint32_t number;
    TRY(intern_add(&terms->names, name, strlen(name), &number, reader->err));
    if (number < node->index) {
        json_fault(node, reader->err, "a second term is named \"%s\"", json_show(name).text);
        if (!named)
            error_hint(reader->err, "a term without a name is called T and its place; name this "
                                    "one, or rename the other");
        return STATUS_PLAN;
    }
    char where[512];
    json_node_place(node, where, sizeof where);
    return add_term(terms, where, 0, name, text, strlen(text));
}

static enum status read_list(struct terms_reader *terms, const struct json_node *list)
{
    size_t length = json_node_length(list);
    TRY(make_room(terms, length));
    for (size_t i = 0; i < length; i++) {
        struct json_node item = json_node_element(list, i);
        TRY(add_listed(terms, &item));
    }
    return STATUS_OK;
}

/* ---- terms in a file ---- */

static enum status add_lines(struct terms_reader *terms, const char *path,
                             const struct term_list *list)
{
    struct arena *arena = &terms->plan->plan->arena;
    if (list->count == 0)
        return error_set(terms->plan->err, STATUS_PLAN, path, "there are no terms in it");
    TRY(make_room(terms, list->count));
    for (size_t i = 0; i < list->count; i++) {
        const struct term_line *line = &list->items[i];
        char where[512];
        snprintf(where, sizeof where, "%.480s:%zu", path, line->line);
        TRY(add_term(terms, where, line->line, arena_strndup(arena, line->name, strlen(line->name)),
                     line->source, line->len));
    }
    return STATUS_OK;
}

static enum status read_file(struct terms_reader *terms, const struct json_node *file)
{
    struct error *err = terms->plan->err;
    struct term_list list;
    char *path, *text = NULL;
    size_t len = 0;
    terms->file = json_node_text(file);
    TRY(plan_path(terms->plan, json_node_text(file), &path));
    term_list_init(&list);
    enum status status = file_read(path, PLAN_VALUES_FILE_MAX, &text, &len, err);
    if (status != STATUS_OK)
        status = plan_file_fault(file, status, err);
    else if (memchr(text, '\0', len))
        status = error_set(err, STATUS_PLAN, path,
                           "a NUL byte: this is no text file, or it is not "
                           "UTF-8");
    else
        status = term_list_read(&list, path, text, len, err);
    if (status == STATUS_OK)
        status = add_lines(terms, path, &list);
    term_list_release(&list);
    free(text);
    return status;
}

enum status plan_read_terms(struct plan_reader *reader, const struct json_node *node,
                            struct plan_query *query)
{
    struct json_node list, file;
    bool listed = json_get(node, "terms", &list), filed = json_get(node, "terms_file", &file);
    if (listed == filed)
        return json_fault(node, reader->err, "either \"terms\" or \"terms_file\" must be given%s",
                          listed ? ", not both" : "");
    struct terms_reader terms = {.plan = reader, .query = query, .query_index = node->index};
    intern_init(&terms.names);
    intern_init(&terms.forms);
    enum status status = listed ? read_list(&terms, &list) : read_file(&terms, &file);
    intern_release(&terms.names);
    intern_release(&terms.forms);
    return status;
}
