/* Values of a field over a catalogue: see field_index.h. */
#include "queries/field_index.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/field_relation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- periods ---- */

/* The number of the period that holds a day, and its label; consecutive periods have consecutive
 * numbers. */
struct period_type {
    int64_t (*number)(int64_t day);
    int (*label)(int64_t number, char *text, size_t size);
};

static int64_t day_number(int64_t day)
{
    return day;
}

static int day_label(int64_t number, char *text, size_t size)
{
    struct civil_date date = civil_from_days(number);
    return snprintf(text, size, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static int64_t month_number(int64_t day)
{
    struct civil_date date = civil_from_days(day);
    return (int64_t)date.year * 12 + date.month - 1;
}

static int month_label(int64_t number, char *text, size_t size)
{
    return snprintf(text, size, "%04" PRId64 "-%02" PRId64, number / 12, number % 12 + 1);
}

static int64_t quarter_number(int64_t day)
{
    return month_number(day) / 3;
}

static int quarter_label(int64_t number, char *text, size_t size)
{
    return snprintf(text, size, "%04" PRId64 "-Q%" PRId64, number / 4, number % 4 + 1);
}

static int64_t year_number(int64_t day)
{
    return civil_from_days(day).year;
}

static int year_label(int64_t number, char *text, size_t size)
{
    return snprintf(text, size, "%04" PRId64, number);
}

static int64_t weekday_number(int64_t day)
{
    return civil_weekday(day);
}

static int weekday_label(int64_t number, char *text, size_t size)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return snprintf(text, size, "%s", names[number]);
}

static const struct period_type periods[] = {
    [PLAN_FIELD_DAY] = {day_number, day_label},
    [PLAN_FIELD_MONTH] = {month_number, month_label},
    [PLAN_FIELD_QUARTER] = {quarter_number, quarter_label},
    [PLAN_FIELD_YEAR] = {year_number, year_label},
    [PLAN_FIELD_WEEKDAY] = {weekday_number, weekday_label},
};

static enum status add_label(struct field_index *index, const char *text, size_t len,
                             struct error *err)
{
    uint32_t number;
    TRY(intern_add(&index->labels, text, len, &number, err));
    index->count = index->labels.count;
    return STATUS_OK;
}

/* Labels of all periods, and the code of each day, so that rows need no calendar. */
static enum status init_periods(struct field_index *index, int64_t first_day, int64_t last_day,
                                struct error *err)
{
    const struct period_type *period = &periods[index->field.kind];
    bool weekday = index->field.kind == PLAN_FIELD_WEEKDAY;
    bool any = first_day <= last_day;
    int64_t first = weekday || !any ? 0 : period->number(first_day);
    int64_t last = weekday ? 6 : any ? period->number(last_day) : -1;
    char text[40];
    index->ordered = true;
    for (int64_t i = first; i <= last; i++)
        TRY(add_label(index, text, (size_t)period->label(i, text, sizeof text), err));
    index->first_day = first_day;
    index->day_count = any ? (size_t)(last_day - first_day) + 1 : 0;
    index->day_codes = mem_zalloc(index->day_count, sizeof *index->day_codes);
    if (!index->day_codes)
        return error_nomem(err);
    for (size_t i = 0; i < index->day_count; i++)
        index->day_codes[i] = (uint32_t)(period->number(first_day + (int64_t)i) - first);
    return STATUS_OK;
}

/* ---- values ---- */

static const struct catalogue_field *stored_field(const struct catalogue_part *part,
                                                  const struct plan_field *field)
{
    return field->stored == SIZE_MAX ? &part->user : &part->fields[field->stored];
}

/* All showable values of all parts, in bytewise order. */
static enum status sorted_labels(struct field_index *index, bool raw, struct error *err)
{
    struct intern all;
    uint32_t number, *order = NULL;
    enum status status = STATUS_OK;
    intern_init(&all);
    for (size_t p = 0; p < index->catalogue->count; p++) {
        const struct segment_strings *local =
            &stored_field(&index->catalogue->parts[p], &index->field)->dictionary;
        for (size_t i = 0; i < local->count; i++) {
            const char *text = local->bytes + local->offsets[i];
            size_t len = local->offsets[i + 1] - local->offsets[i];
            if (raw || field_value_shown(text, len))
                TRY_CLEANUP(intern_add(&all, text, len, &number, err));
        }
    }
    order = mem_zalloc(all.count, sizeof *order);
    if (!order) {
        status = error_nomem(err);
        goto cleanup;
    }
    intern_sorted(&all, order);
    for (size_t i = 0; i < all.count; i++)
        TRY_CLEANUP(add_label(index, all.items[order[i]].text, all.items[order[i]].len, err));
cleanup:
    free(order);
    intern_release(&all);
    return status;
}

static enum status bin_labels(struct field_index *index, struct error *err)
{
    char text[FIELD_LABEL];
    index->ordered = true;
    for (size_t i = 0; i <= index->field.bin_count; i++) {
        field_bin_text(&index->field, i, text);
        TRY(add_label(index, text, strlen(text), err));
    }
    return STATUS_OK;
}

/* The bin of a number's text; OTHER where it is none. */
static uint32_t bin_of(const struct plan_field *field, const char *text, size_t len, uint32_t other)
{
    char copy[64], *end;
    if (len == 0 || len >= sizeof copy)
        return other;
    memcpy(copy, text, len);
    copy[len] = '\0';
    double number = strtod(copy, &end);
    if (end != copy + len || !isfinite(number))
        return other;
    uint32_t bin = 0;
    while (bin < field->bin_count && number >= field->bins[bin])
        bin++;
    return bin;
}

static uint32_t code_of(const struct field_index *index, const char *text, size_t len, bool raw,
                        uint32_t other)
{
    if (index->field.bins && !raw)
        return bin_of(&index->field, text, len, other);
    uint32_t code = intern_find(&index->labels, text, len);
    return code == INTERN_NONE ? other : code;
}

static enum status init_values(struct field_index *index, bool raw, struct error *err)
{
    const struct plan_field *field = &index->field;
    if (field->bins && !raw) {
        TRY(bin_labels(index, err));
    } else if (field->values && !raw) {
        index->ordered = true;
        for (size_t i = 0; i < field->value_count; i++)
            TRY(add_label(index, field->values[i], strlen(field->values[i]), err));
    } else {
        TRY(sorted_labels(index, raw, err));
    }
    uint32_t other = FIELD_INDEX_NONE;
    if (!raw)
        TRY(intern_add(&index->labels, "other", 5, &other, err));
    index->count = index->labels.count;
    index->maps = mem_zalloc(index->catalogue->count, sizeof *index->maps);
    if (!index->maps)
        return error_nomem(err);
    for (size_t p = 0; p < index->catalogue->count; p++) {
        const struct segment_strings *local =
            &stored_field(&index->catalogue->parts[p], field)->dictionary;
        index->maps[p] = mem_zalloc(local->count, sizeof **index->maps);
        if (!index->maps[p])
            return error_nomem(err);
        for (size_t i = 0; i < local->count; i++)
            index->maps[p][i] = code_of(index, local->bytes + local->offsets[i],
                                        local->offsets[i + 1] - local->offsets[i], raw, other);
    }
    return STATUS_OK;
}

enum status field_index_init(struct field_index *index, const struct catalogue *catalogue,
                             const struct plan_field *field, int64_t first_day, int64_t last_day,
                             struct error *err)
{
    *index = (struct field_index){.catalogue = catalogue, .field = *field};
    intern_init(&index->labels);
    bool stored = field->kind == PLAN_FIELD_STORED;
    TRY(stored ? init_values(index, false, err) : init_periods(index, first_day, last_day, err));
    const char *unknown = stored ? "unknown" : "no time";
    TRY(intern_add(&index->labels, unknown, strlen(unknown), &index->unknown, err));
    index->count = index->labels.count;
    return STATUS_OK;
}

enum status field_index_init_raw(struct field_index *index, const struct catalogue *catalogue,
                                 const struct plan_field *field, struct error *err)
{
    *index =
        (struct field_index){.catalogue = catalogue, .field = *field, .unknown = FIELD_INDEX_NONE};
    intern_init(&index->labels);
    if (field->kind == PLAN_FIELD_STORED)
        return init_values(index, true, err);
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
            if (catalogue->parts[p].time[row] == CIVIL_NONE)
                continue;
            int64_t day = civil_day_of(catalogue->parts[p].time[row]);
            first = day < first ? day : first;
            last = day > last ? day : last;
        }
    return init_periods(index, first, last, err);
}

void field_index_release(struct field_index *index)
{
    for (size_t p = 0; index->maps && p < index->catalogue->count; p++)
        free(index->maps[p]);
    free(index->maps);
    free(index->day_codes);
    intern_release(&index->labels);
    *index = (struct field_index){.catalogue = NULL};
}

uint32_t field_index_code(const struct field_index *index, size_t p, uint32_t row)
{
    const struct catalogue_part *part = &index->catalogue->parts[p];
    if (index->field.kind == PLAN_FIELD_STORED) {
        uint32_t code = stored_field(part, &index->field)->codes[row];
        return code == PART_NO_CODE ? index->unknown : index->maps[p][code];
    }
    if (part->time[row] == CIVIL_NONE)
        return index->unknown;
    int64_t day = civil_day_of(part->time[row]);
    if (day < index->first_day || (size_t)(day - index->first_day) >= index->day_count)
        return FIELD_INDEX_NONE;
    return index->day_codes[day - index->first_day];
}
