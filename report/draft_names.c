/* The names in a form against those that a report can have: see draft_form.h. */
#include "report/draft_parts.h"

#include "base/suggest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

size_t draft_column(const struct result_table *table, const char *id)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].id, id) == 0)
            return c;
    return SIZE_MAX;
}

const struct result_table *draft_table(const struct result *result, const struct draft_place *place)
{
    return result_table_find(result, place->table.text);
}

static enum status check_table(const struct draft_form *form, const struct draft_place *place,
                               const struct result *outline, struct error *err)
{
    struct suggest suggest;
    const struct draft_word *word = &place->table;
    if (!word->text || draft_table(outline, place))
        return STATUS_OK;
    suggest_init(&suggest, word->text);
    for (size_t i = 0; i < outline->table_count; i++)
        suggest_offer(&suggest, outline->tables[i]->id);
    draft_fault(form, word->at, err, "this plan makes no table \"%s\"", word->text);
    error_hint(err, "tables have the ids of queries and what follows from them, as \"proffer show "
                    "report.json\" lists them");
    (void)suggest_hint(&suggest, err);
    return STATUS_PLAN;
}

/* Does NAME ask for an end of what COLUMN tells exactly, as a form for figures with noise does? */
static bool is_end_of(const char *name, const char *column)
{
    size_t len = strlen(column);
    return strncmp(name, column, len) == 0 &&
           (strcmp(name + len, "_low") == 0 || strcmp(name + len, "_high") == 0);
}

static enum status check_column(const struct draft_form *form, const struct result_table *table,
                                const struct draft_word *word, struct error *err)
{
    struct suggest suggest;
    if (!word->text || draft_column(table, word->text) != SIZE_MAX)
        return STATUS_OK;
    suggest_init(&suggest, word->text);
    for (size_t c = 0; c < table->column_count; c++)
        suggest_offer(&suggest, table->columns[c].id);
    draft_fault(form, word->at, err, "the table \"%s\" has no column \"%s\"", table->id,
                word->text);
    error_hint(err, "\"proffer show report.json %s\" shows its columns", table->id);
    (void)suggest_hint(&suggest, err);
    for (size_t c = 0; c < table->column_count; c++)
        if (is_end_of(word->text, table->columns[c].id))
            error_hint(err,
                       "without noise \"%s\" is exact and has no low and high end: the form is "
                       "one for figures with noise",
                       table->columns[c].id);
    return STATUS_PLAN;
}

/* A name of PAIRS: of a query, a fact of the run, or one of the release. */
static enum status check_pair(const struct draft_form *form, const struct draft_place *place,
                              const struct result_pairs *pairs, struct error *err)
{
    struct suggest suggest;
    const struct draft_word *word = &place->name;
    if (!word->text)
        return STATUS_OK;
    suggest_init(&suggest, word->text);
    for (size_t i = 0; i < pairs->count; i++) {
        if (strcmp(pairs->items[i].name, word->text) == 0)
            return STATUS_OK;
        suggest_offer(&suggest, pairs->items[i].name);
    }
    draft_fault(form, word->at, err, "\"%s\" is no %s", word->text,
                place->verb == DRAFT_SUMMARY ? "query of this plan"
                : place->verb == DRAFT_RUN   ? "fact of the run"
                                             : "fact of the release");
    error_hint(err, "%s", draft_verb_types[place->verb].usage);
    (void)suggest_hint(&suggest, err);
    return STATUS_PLAN;
}

static enum status check_place(const struct draft_form *form, const struct draft_place *place,
                               const struct result *outline, struct error *err)
{
    if (place->verb == DRAFT_SUMMARY)
        return check_pair(form, place, &outline->summary, err);
    if (place->verb == DRAFT_RUN)
        return check_pair(form, place, &outline->run, err);
    if (place->verb == DRAFT_RELEASE)
        return check_pair(form, place, &outline->release, err);
    if (!place->table.text)
        return STATUS_OK;
    TRY(check_table(form, place, outline, err));
    const struct result_table *table = draft_table(outline, place);
    TRY(check_column(form, table, &place->name, err));
    for (size_t i = 0; i < place->condition_count; i++)
        TRY(check_column(form, table, &place->conditions[i].column, err));
    for (size_t i = 0; i < place->column_count; i++)
        TRY(check_column(form, table, &place->columns[i], err));
    return STATUS_OK;
}

enum status draft_form_check(const struct draft_form *form, const struct result *outline,
                             struct error *err)
{
    for (size_t i = 0; i < form->piece_count; i++)
        if (form->pieces[i].place)
            TRY(check_place(form, form->pieces[i].place, outline, err));
    return STATUS_OK;
}
