/*
 * Labels: see labels.h. Each row becomes a statement; sorted by unit and reviewer, statements of
 * one pair stand together, and so do all of a unit.
 */
#include "queries/labels.h"

#include "base/json_read.h"
#include "base/memory.h"
#include "queries/csv.h"
#include "queries/dat.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    enum label label;
} words[] = {
    {"relevant", LABEL_RELEVANT},
    {"irrelevant", LABEL_IRRELEVANT},
    {"not relevant", LABEL_IRRELEVANT},
    {"1", LABEL_RELEVANT},
    {"0", LABEL_IRRELEVANT},
    {"yes", LABEL_RELEVANT},
    {"no", LABEL_IRRELEVANT},
    {"true", LABEL_RELEVANT},
    {"false", LABEL_IRRELEVANT},
    {"unreadable", LABEL_UNREADABLE},
    {"unclear", LABEL_UNREADABLE},
    {"?", LABEL_UNREADABLE},
};

static const char *const label_names[] = {
    [LABEL_MISSING] = "missing",       [LABEL_RELEVANT] = "relevant",
    [LABEL_IRRELEVANT] = "irrelevant", [LABEL_UNREADABLE] = "unreadable",
    [LABEL_DISAGREED] = "disagreed",
};

struct statement {
    uint32_t unit, reviewer;
    uint64_t label : 8, line : 56;
};

enum label_column { COLUMN_ID, COLUMN_LABEL, COLUMN_REVIEWER, COLUMNS };
static const char *const column_names[COLUMNS] = {"id", "label", "reviewer"};

struct label_reader {
    struct csv *csv;
    struct labels *labels;
    const struct intern *ids;
    const struct label_vocabulary *vocabulary; /* or NULL */
    struct intern reviewers;
    size_t columns[COLUMNS]; /* SIZE_MAX: not there */
    size_t width;
    struct statement *statements;
    size_t count, capacity;
};

static struct span trimmed(struct span text)
{
    while (text.len && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text.data++;
        text.len--;
    }
    while (text.len && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
        text.len--;
    return text;
}

static bool equals(struct span text, const char *word)
{
    return strlen(word) == text.len && strncasecmp(text.data, word, text.len) == 0;
}

static struct json_shown show(struct span text)
{
    char copy[2 * JSON_SHOWN];
    snprintf(copy, sizeof copy, "%.*s", text.len < 300 ? (int)text.len : 300, text.data);
    return json_show(copy);
}

/* ---- the header ---- */

static enum status note_ignored(struct labels *labels, struct span name, struct error *err)
{
    char *longer = mem_printf("%s%s%s", labels->ignored ? labels->ignored : "",
                              labels->ignored ? ", " : "", show(name).text);
    if (!longer)
        return error_nomem(err);
    free(labels->ignored);
    labels->ignored = longer;
    return STATUS_OK;
}

static enum status check_separator(const struct csv *csv, struct error *err)
{
    struct span all = csv_field(csv, 0);
    if (csv_fields(csv) != 1)
        return STATUS_OK;
    bool semicolons = memchr(all.data, ';', all.len), tabs = memchr(all.data, '\t', all.len);
    if (!semicolons && !tabs)
        return STATUS_OK;
    csv_fault(csv, csv_line(csv), err, "the columns are separated by %s, not by commas",
              semicolons ? "semicolons" : "tabs");
    error_hint(err, "save it as CSV with commas, in UTF-8");
    return STATUS_INPUT;
}

static enum status read_header(struct label_reader *r, struct error *err)
{
    bool end;
    TRY(csv_next(r->csv, &end, err));
    if (end) {
        csv_fault(r->csv, 1, err, "the file is empty");
        error_hint(err, "the first row names the columns: id,label or id,label,reviewer");
        return STATUS_INPUT;
    }
    TRY(check_separator(r->csv, err));
    r->width = csv_fields(r->csv);
    for (size_t c = 0; c < COLUMNS; c++)
        r->columns[c] = SIZE_MAX;
    for (size_t i = 0; i < r->width; i++) {
        struct span name = trimmed(csv_field(r->csv, i));
        size_t c = 0;
        while (c < COLUMNS && !equals(name, column_names[c]))
            c++;
        if (equals(name, "unitid"))
            c = COLUMN_ID;
        if (c == COLUMNS)
            TRY(note_ignored(r->labels, name, err));
        else if (r->columns[c] != SIZE_MAX)
            return csv_fault(r->csv, csv_line(r->csv), err, "the column \"%s\" is there twice",
                             column_names[c]);
        else
            r->columns[c] = i;
    }
    for (size_t c = COLUMN_ID; c <= COLUMN_LABEL; c++)
        if (r->columns[c] == SIZE_MAX) {
            csv_fault(r->csv, csv_line(r->csv), err, "there is no column \"%s\"", column_names[c]);
            error_hint(err, "the first row names the columns: id,label or id,label,reviewer");
            return STATUS_INPUT;
        }
    return STATUS_OK;
}

/* ---- rows ---- */

static enum status read_unit(const struct label_reader *r, uint32_t *unit, struct error *err)
{
    struct span id = csv_field(r->csv, r->columns[COLUMN_ID]);
    *unit = intern_find(r->ids, id.data, id.len);
    if (*unit != INTERN_NONE)
        return STATUS_OK;
    if (id.len == 0)
        return csv_fault(r->csv, csv_line(r->csv), err, "field \"id\": it is empty");
    csv_fault(r->csv, csv_line(r->csv), err, "field \"id\": \"%s\" is not in the sample",
              show(id).text);
    struct span inner = trimmed(id);
    if (intern_find(r->ids, inner.data, inner.len) != INTERN_NONE)
        error_hint(err, "the id has blanks around it");
    return STATUS_INPUT;
}

static enum status read_label(const struct label_reader *r, enum label *label, struct error *err)
{
    struct span text = trimmed(csv_field(r->csv, r->columns[COLUMN_LABEL]));
    *label = LABEL_MISSING;
    if (text.len == 0)
        return STATUS_OK;
    for (size_t i = 0; r->vocabulary && i < r->vocabulary->count; i++)
        if (equals(text, r->vocabulary->words[i])) {
            *label = (enum label)(LABEL_FIRST_CATEGORY + i);
            return STATUS_OK;
        }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((!r->vocabulary || words[i].label == LABEL_UNREADABLE) && equals(text, words[i].word)) {
            *label = words[i].label;
            return STATUS_OK;
        }
    csv_fault(r->csv, csv_line(r->csv), err, "field \"label\": \"%s\" is no label",
              show(text).text);
    error_hint(err, r->vocabulary
                        ? "write the name of a topic, \"none of these\" or unreadable, or leave it "
                          "empty"
                        : "write relevant, irrelevant or unreadable, or leave it empty");
    return STATUS_INPUT;
}

static enum status read_row(struct label_reader *r, struct error *err)
{
    uint64_t line = csv_line(r->csv);
    uint32_t unit, reviewer;
    enum label label;
    if (csv_fields(r->csv) != r->width)
        return csv_fault(r->csv, line, err, "%zu fields where the header has %zu",
                         csv_fields(r->csv), r->width);
    r->labels->rows++;
    TRY(read_unit(r, &unit, err));
    TRY(read_label(r, &label, err));
    if (label == LABEL_MISSING) {
        r->labels->empty++;
        return STATUS_OK;
    }
    struct span name = {"", 0};
    if (r->columns[COLUMN_REVIEWER] != SIZE_MAX)
        name = trimmed(csv_field(r->csv, r->columns[COLUMN_REVIEWER]));
    TRY(intern_add(&r->reviewers, name.data, name.len, &reviewer, err));
    struct statement *grown =
        mem_grow(r->statements, &r->capacity, r->count + 1, sizeof *r->statements);
    if (!grown)
        return error_nomem(err);
    r->statements = grown;
    r->statements[r->count++] = (struct statement){
        .unit = unit, .reviewer = reviewer, .label = label & 255, .line = line & (UINT64_MAX >> 8)};
    return STATUS_OK;
}

/* ---- what the rows say together ---- */

static int compare_statements(const void *a, const void *b)
{
    const struct statement *left = a, *right = b;
    if (left->unit != right->unit)
        return left->unit < right->unit ? -1 : 1;
    if (left->reviewer != right->reviewer)
        return left->reviewer < right->reviewer ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

static const char *name_of(const struct label_reader *r, uint64_t label)
{
    return label < LABEL_FIRST_CATEGORY ? label_names[label]
                                        : r->vocabulary->words[label - LABEL_FIRST_CATEGORY];
}

/* The first line that takes back what its reviewer said before. */
static enum status check_repeats(struct label_reader *r, struct error *err)
{
    const struct statement *fault = NULL, *said = NULL, *first = r->statements;
    for (size_t i = 1; i < r->count; i++) {
        const struct statement *s = &r->statements[i];
        if (s->unit != first->unit || s->reviewer != first->reviewer) {
            first = s;
            continue;
        }
        r->labels->repeated++;
        if (s->label != first->label && (!fault || s->line < fault->line)) {
            fault = s;
            said = first;
        }
    }
    if (!fault)
        return STATUS_OK;
    return csv_fault(r->csv, fault->line, err,
                     "field \"label\": \"%s\", but line %" PRIu64 " labels the same id \"%s\"%s",
                     name_of(r, fault->label), (uint64_t)said->line, name_of(r, said->label),
                     r->columns[COLUMN_REVIEWER] != SIZE_MAX ? " by the same reviewer" : "");
}

static size_t category(enum label label)
{
    return label == LABEL_RELEVANT ? 0 : label == LABEL_IRRELEVANT ? 1 : 2;
}

/* The statements of one unit: one label, or none that all reviewers share. */
static void settle_unit(struct labels *labels, const struct statement *of, size_t count,
                        bool categories)
{
    enum label label = of[0].label;
    uint64_t of_category[TALLY_CATEGORIES] = {0}, reviews = 0;
    for (size_t i = 0; i < count; i++) {
        if (of[i].label != of[0].label)
            label = LABEL_DISAGREED;
        if (i > 0 && of[i].reviewer == of[i - 1].reviewer)
            continue; /* said twice */
        of_category[category(of[i].label)]++;
        reviews++;
    }
    labels->units[of[0].unit] = (uint8_t)label;
    labels->disagreed += label == LABEL_DISAGREED;
    if (reviews < 2 || categories)
        return;
    struct tally_agreement *a = &labels->agreement;
    a->reviews = a->units && a->reviews != reviews ? 0 : reviews;
    a->units++;
    a->agreed += label != LABEL_DISAGREED;
    for (size_t c = 0; c < TALLY_CATEGORIES; c++) {
        a->of_category[c] += of_category[c];
        a->same_pairs += of_category[c] ? of_category[c] * (of_category[c] - 1) : 0;
    }
    /* Meant for two reviewers, whose order is that of their numbers. */
    a->table[category(of[0].label) * TALLY_CATEGORIES + category(of[count - 1].label)]++;
}

static enum status settle(struct label_reader *r, struct error *err)
{
    bool sorted = true;
    for (size_t i = 1; sorted && i < r->count; i++)
        sorted = compare_statements(&r->statements[i - 1], &r->statements[i]) < 0;
    if (!sorted)
        qsort(r->statements, r->count, sizeof *r->statements, compare_statements);
    TRY(check_repeats(r, err));
    for (size_t i = 0, next; i < r->count; i = next) {
        next = i + 1;
        while (next < r->count && r->statements[next].unit == r->statements[i].unit)
            next++;
        settle_unit(r->labels, &r->statements[i], next - i, r->vocabulary);
    }
    r->labels->reviewers = r->reviewers.count;
    return STATUS_OK;
}

/* Takes CSV over. */
static enum status read_take(struct labels *labels, struct csv *csv, const struct intern *ids,
                             const struct label_vocabulary *vocabulary, struct error *err)
{
    enum status status = STATUS_OK;
    bool end;
    struct label_reader r = {.csv = csv, .labels = labels, .ids = ids, .vocabulary = vocabulary};
    intern_init(&r.reviewers);
    labels->count = ids->count;
    labels->units = mem_zalloc(ids->count, sizeof *labels->units);
    if (!labels->units) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(read_header(&r, err));
    for (;;) {
        TRY_CLEANUP(csv_next(csv, &end, err));
        if (end)
            break;
        TRY_CLEANUP(read_row(&r, err));
    }
    status = settle(&r, err);
cleanup:
    free(r.statements);
    intern_release(&r.reviewers);
    csv_free(csv);
    return status;
}

enum status labels_read(struct labels *labels, const char *path, const char *name,
                        const struct intern *ids, struct error *err)
{
    struct csv *csv;
    *labels = (struct labels){.units = NULL};
    TRY(dat_or_csv_open(&csv, path, name, err));
    return read_take(labels, csv, ids, NULL, err);
}

enum status labels_read_categories(struct labels *labels, const char *path,
                                   const struct intern *ids,
                                   const struct label_vocabulary *vocabulary, struct error *err)
{
    struct csv *csv;
    *labels = (struct labels){.units = NULL};
    TRY(dat_or_csv_open(&csv, path, NULL, err));
    return read_take(labels, csv, ids, vocabulary, err);
}

enum status labels_parse(struct labels *labels, const char *text, size_t len, const char *name,
                         const struct intern *ids, struct error *err)
{
    struct csv *csv;
    *labels = (struct labels){.units = NULL};
    TRY(dat_or_csv_open_text(&csv, text, len, name, err));
    return read_take(labels, csv, ids, NULL, err);
}

void labels_release(struct labels *labels)
{
    free(labels->units);
    free(labels->ignored);
    *labels = (struct labels){.units = NULL};
}

size_t labels_warning(const struct labels *labels, size_t i, char *text, size_t size)
{
    int len = 0;
    if (labels->ignored && i-- == 0)
        len = snprintf(text, size, "columns that are not read: %s", labels->ignored);
    else if (labels->repeated && i-- == 0)
        len = snprintf(text, size, "%" PRIu64 " rows repeat a label that is there already",
                       labels->repeated);
    else if (labels->disagreed && i-- == 0)
        len = snprintf(text, size,
                       "reviewers differ about %" PRIu64 " units, which count as undecided",
                       labels->disagreed);
    return len > 0 ? (size_t)len : 0;
}
