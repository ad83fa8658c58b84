/* Reading one place of a form, token by token: see draft_form.h for what it may hold. */
#include "report/draft_parts.h"

#include "base/suggest.h"

#include <string.h>

const struct draft_verb_type draft_verb_types[DRAFT_VERBS] = {
    [DRAFT_TITLE] = {"title", SHAPE_MAY_OF, "{{title}} or {{title of TABLE}}"},
    [DRAFT_MATTER] = {"matter", SHAPE_BARE, "{{matter}}"},
    [DRAFT_CONFIDENTIALITY] = {"confidentiality", SHAPE_BARE, "{{confidentiality}}"},
    [DRAFT_DATE] = {"date", SHAPE_BARE, "{{date}}"},
    [DRAFT_FORM] = {"form", SHAPE_BARE, "{{form}}"},
    [DRAFT_SUMMARY] = {"summary", SHAPE_NAME, "{{summary}} or {{summary QUERY}}"},
    [DRAFT_DEFINITIONS] = {"definitions", SHAPE_BARE, "{{definitions}}"},
    [DRAFT_METHODS] = {"methods", SHAPE_BARE, "{{methods}}"},
    [DRAFT_RUN] = {"run", SHAPE_NAME, "{{run}} or {{run NAME}}"},
    [DRAFT_RELEASE] = {"release", SHAPE_NAME, "{{release}} or {{release NAME}}"},
    [DRAFT_UNIT] = {"unit", SHAPE_OF, "{{unit of TABLE}}"},
    [DRAFT_POPULATION] = {"population", SHAPE_OF, "{{population of TABLE}}"},
    [DRAFT_METHOD] = {"method", SHAPE_OF, "{{method of TABLE}}"},
    [DRAFT_NOTES] = {"notes", SHAPE_OF, "{{notes of TABLE}}"},
    [DRAFT_VALUE] = {"value", SHAPE_CELL, "{{value COLUMN of TABLE where COLUMN = VALUE}}"},
    [DRAFT_TABLE] = {"table", SHAPE_COLUMNS,
                     "{{table TABLE with COLUMN, COLUMN where COLUMN = VALUE}}"},
    [DRAFT_BLANK] = {"blank", SHAPE_TEXT, "{{blank what a person must state}}"},
    [DRAFT_WHEN] = {"when", SHAPE_CELL, "{{when COLUMN of TABLE}} ... {{end}}"},
    [DRAFT_OTHERWISE] = {"otherwise", SHAPE_BARE, "{{otherwise}}"},
    [DRAFT_END] = {"end", SHAPE_BARE, "{{end}}"},
};

struct place_reader {
    struct draft_form *form;
    size_t at; /* of what is read next */
    struct draft_place *place;
    struct error *err;
};

enum token { TOKEN_WORD, TOKEN_QUOTED, TOKEN_EQUALS, TOKEN_COMMA, TOKEN_CLOSE };

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool closes(const struct draft_form *form, size_t at)
{
    return at + 1 < form->len && form->text[at] == '}' && form->text[at + 1] == '}';
}

static void skip_space(struct place_reader *reader)
{
    while (reader->at < reader->form->len && is_space(reader->form->text[reader->at]))
        reader->at++;
}

static enum status never_closed(const struct place_reader *reader)
{
    draft_fault(reader->form, reader->place->at, reader->err, "\"{{\" is never closed");
    return error_hint(reader->err, "write }} where the place ends");
}

/* "a ""b""" with its quotes at reader->at, into WORD. */
static enum status read_quoted(struct place_reader *reader, struct draft_word *word)
{
    const struct draft_form *form = reader->form;
    size_t start = reader->at + 1, at = start;
    while (at < form->len &&
           (form->text[at] != '"' || (at + 1 < form->len && form->text[at + 1] == '"')))
        at += form->text[at] == '"' ? 2 : 1;
    if (at >= form->len) {
        draft_fault(form, reader->at, reader->err, "this quote is never closed");
        return error_hint(reader->err, "a quote inside a quoted name is written \"\"");
    }
    char *text = arena_strndup(&reader->form->arena, form->text + start, at - start);
    if (!text)
        return error_nomem(reader->err);
    char *to = text;
    for (const char *from = text; *from; from++) {
        *to++ = *from;
        if (*from == '"')
            from++;
    }
    *to = '\0';
    word->text = text;
    reader->at = at + 1;
    return STATUS_OK;
}

/* The next token; WORD is filled for words, and has the place of any. */
static enum status next_token(struct place_reader *reader, enum token *token,
                              struct draft_word *word)
{
    const struct draft_form *form = reader->form;
    skip_space(reader);
    *word = (struct draft_word){NULL, reader->at};
    if (reader->at >= form->len)
        return never_closed(reader);
    char first = form->text[reader->at];
    if (closes(form, reader->at)) {
        *token = TOKEN_CLOSE;
        reader->at += 2;
        return STATUS_OK;
    }
    if (first == '=' || first == ',') {
        *token = first == '=' ? TOKEN_EQUALS : TOKEN_COMMA;
        reader->at++;
        return STATUS_OK;
    }
    if (first == '"') {
        *token = TOKEN_QUOTED;
        return read_quoted(reader, word);
    }
    size_t from = reader->at;
    while (reader->at < form->len && !is_space(form->text[reader->at]) &&
           !strchr("=,\"", form->text[reader->at]) && !closes(form, reader->at))
        reader->at++;
    *token = TOKEN_WORD;
    word->text = arena_strndup(&reader->form->arena, form->text + from, reader->at - from);
    return word->text ? STATUS_OK : error_nomem(reader->err);
}

/* What stands at WORD is not what the verb wants. */
static enum status misfit(const struct place_reader *reader, const struct draft_word *word,
                          const char *wanted)
{
    draft_fault(reader->form, word->at, reader->err, "%s is wanted here", wanted);
    return error_hint(reader->err, "%s", draft_verb_types[reader->place->verb].usage);
}

static enum status want_name(struct place_reader *reader, const char *what, struct draft_word *name)
{
    enum token token;
    TRY(next_token(reader, &token, name));
    if (token != TOKEN_WORD && token != TOKEN_QUOTED)
        return misfit(reader, name, what);
    return STATUS_OK;
}

static bool is_keyword(enum token token, const struct draft_word *word, const char *keyword)
{
    return token == TOKEN_WORD && strcmp(word->text, keyword) == 0;
}

static enum status want_keyword(struct place_reader *reader, const char *keyword)
{
    enum token token;
    struct draft_word word;
    char wanted[32];
    TRY(next_token(reader, &token, &word));
    snprintf(wanted, sizeof wanted, "\"%s\"", keyword);
    return is_keyword(token, &word, keyword) ? STATUS_OK : misfit(reader, &word, wanted);
}

static enum status want_close(struct place_reader *reader)
{
    enum token token;
    struct draft_word word;
    TRY(next_token(reader, &token, &word));
    return token == TOKEN_CLOSE ? STATUS_OK : misfit(reader, &word, "}}");
}

/* One more of an array in the arena, which doubles; NULL without memory. */
static void *one_more(struct arena *arena, void *items, size_t count, size_t size)
{
    if (count & (count - 1))
        return items;
    char *grown = arena_zalloc(arena, count ? count * 2 : 1, size);
    if (grown && count)
        memcpy(grown, items, count * size);
    return grown;
}

/* COLUMN = VALUE [and COLUMN = VALUE]... }} */
static enum status read_conditions(struct place_reader *reader)
{
    struct draft_place *place = reader->place;
    enum token token;
    struct draft_word word;
    do {
        struct draft_condition *grown = one_more(&reader->form->arena, place->conditions,
                                                 place->condition_count, sizeof *grown);
        if (!grown)
            return error_nomem(reader->err);
        place->conditions = grown;
        struct draft_condition *one = &grown[place->condition_count];
        TRY(want_name(reader, "a column", &one->column));
        TRY(next_token(reader, &token, &word));
        if (token != TOKEN_EQUALS)
            return misfit(reader, &word, "\"=\"");
        TRY(want_name(reader, "a value", &one->value));
        place->condition_count++;
        TRY(next_token(reader, &token, &word));
    } while (is_keyword(token, &word, "and"));
    return token == TOKEN_CLOSE ? STATUS_OK : misfit(reader, &word, "\"and\" or }}");
}

static enum status read_cell(struct place_reader *reader)
{
    enum token token;
    struct draft_word word;
    TRY(want_name(reader, "a column", &reader->place->name));
    TRY(want_keyword(reader, "of"));
    TRY(want_name(reader, "a table", &reader->place->table));
    TRY(next_token(reader, &token, &word));
    if (token == TOKEN_CLOSE)
        return STATUS_OK;
    return is_keyword(token, &word, "where") ? read_conditions(reader)
                                             : misfit(reader, &word, "\"where\" or }}");
}

static enum status read_columns(struct place_reader *reader)
{
    struct draft_place *place = reader->place;
    enum token token;
    struct draft_word word;
    TRY(want_name(reader, "a table", &place->table));
    TRY(next_token(reader, &token, &word));
    const char *wanted = "\"with\", \"where\" or }}";
    if (is_keyword(token, &word, "with")) {
        do {
            struct draft_word *grown =
                one_more(&reader->form->arena, place->columns, place->column_count, sizeof *grown);
            if (!grown)
                return error_nomem(reader->err);
            place->columns = grown;
            TRY(want_name(reader, "a column", &grown[place->column_count]));
            place->column_count++;
            TRY(next_token(reader, &token, &word));
        } while (token == TOKEN_COMMA);
        wanted = "a comma, \"where\" or }}";
    }
    if (is_keyword(token, &word, "where"))
        return read_conditions(reader);
    return token == TOKEN_CLOSE ? STATUS_OK : misfit(reader, &word, wanted);
}

/* Text up to }}, its blanks and line ends made one blank each. */
static enum status read_text(struct place_reader *reader)
{
    const struct draft_form *form = reader->form;
    skip_space(reader);
    size_t from = reader->at;
    while (reader->at < form->len && !closes(form, reader->at))
        reader->at++;
    if (reader->at >= form->len)
        return never_closed(reader);
    struct draft_word *word = &reader->place->name;
    char *text = arena_strndup(&reader->form->arena, form->text + from, reader->at - from);
    if (!text)
        return error_nomem(reader->err);
    char *to = text;
    for (const char *at = text; *at; at++)
        if (!is_space(*at))
            *to++ = *at;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    while (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
    *word = (struct draft_word){text, from};
    if (!*text)
        return misfit(reader, word, "what a person must state");
    reader->at += 2;
    return STATUS_OK;
}

static enum status read_verb(struct place_reader *reader)
{
    struct suggest suggest;
    struct draft_word word;
    TRY(want_name(reader, "what to put", &word));
    suggest_init(&suggest, word.text);
    for (size_t v = 0; v < DRAFT_VERBS; v++) {
        if (strcmp(word.text, draft_verb_types[v].name) == 0) {
            reader->place->verb = (enum draft_verb)v;
            return STATUS_OK;
        }
        suggest_offer(&suggest, draft_verb_types[v].name);
    }
    draft_fault(reader->form, word.at, reader->err, "unknown place \"%s\"", word.text);
    error_hint(reader->err, "a place is {{title}}, {{value COLUMN of TABLE}}, {{table TABLE}}, "
                            "{{blank TEXT}} or the like");
    (void)suggest_hint(&suggest, reader->err);
    return STATUS_PLAN;
}

static enum status read_rest(struct place_reader *reader)
{
    enum token token;
    struct draft_word word;
    struct draft_place *place = reader->place;
    switch (draft_verb_types[place->verb].shape) {
    case SHAPE_BARE:
        return want_close(reader);
    case SHAPE_NAME:
        TRY(next_token(reader, &token, &word));
        if (token == TOKEN_CLOSE)
            return STATUS_OK;
        if (token != TOKEN_WORD && token != TOKEN_QUOTED)
            return misfit(reader, &word, "a name or }}");
        place->name = word;
        return want_close(reader);
    case SHAPE_MAY_OF:
        TRY(next_token(reader, &token, &word));
        if (token == TOKEN_CLOSE)
            return STATUS_OK;
        if (!is_keyword(token, &word, "of"))
            return misfit(reader, &word, "\"of\" or }}");
        TRY(want_name(reader, "a table", &place->table));
        return want_close(reader);
    case SHAPE_OF:
        TRY(want_keyword(reader, "of"));
        TRY(want_name(reader, "a table", &place->table));
        return want_close(reader);
    case SHAPE_CELL:
        return read_cell(reader);
    case SHAPE_COLUMNS:
        return read_columns(reader);
    case SHAPE_TEXT:
        return read_text(reader);
    }
    return STATUS_INTERNAL;
}

enum status draft_place_read(struct draft_form *form, struct draft_place *place, size_t *end,
                             struct error *err)
{
    struct place_reader reader = {form, place->at + 2, place, err};
    TRY(read_verb(&reader));
    TRY(read_rest(&reader));
    *end = reader.at;
    return STATUS_OK;
}
