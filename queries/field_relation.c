/* How the labels of two fields are related: see field_relation.h. */
#include "queries/field_relation.h"

#include "queries/field.h"
#include "queries/period_label.h"

#include <stdio.h>
#include <string.h>

void field_bin_text(const struct plan_field *field, size_t bin, char text[static FIELD_LABEL])
{
    const double *bins = field->bins;
    if (bin == 0)
        snprintf(text, FIELD_LABEL, "below %.15g", bins[0]);
    else if (bin < field->bin_count)
        snprintf(text, FIELD_LABEL, "%.15g to below %.15g", bins[bin - 1], bins[bin]);
    else
        snprintf(text, FIELD_LABEL, "%.15g or more", bins[bin - 1]);
}

bool field_value_shown(const char *text, size_t len)
{
    if (len == 0 || len > 64)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        /* C0, DEL, and C1 and bidirectional controls (U+0080-9F, U+200E-F, U+202A-E, U+2066-9). */
        if (c < 0x20 || c == 0x7F ||
            (c == 0xC2 && i + 1 < len && (unsigned char)text[i + 1] < 0xA0))
            return false;
        if (c == 0xE2 && i + 2 < len) {
            unsigned char d = (unsigned char)text[i + 1], e = (unsigned char)text[i + 2];
            if ((d == 0x80 && (e == 0x8E || e == 0x8F || (e >= 0xA8 && e <= 0xAE))) ||
                (d == 0x81 && e >= 0xA6 && e <= 0xA9))
                return false;
        }
    }
    return true;
}

bool field_lists(const struct plan_field *field, const char *label)
{
    for (size_t i = 0; field->values && i < field->value_count; i++)
        if (strcmp(field->values[i], label) == 0)
            return true;
    return !field->values && field_value_shown(label, strlen(label));
}

static bool has_bound(const struct plan_field *field, double bound)
{
    for (size_t i = 0; i < field->bin_count; i++)
        if (field->bins[i] == bound)
            return true;
    return false;
}

static bool same_source(const struct plan_field *a, const struct plan_field *b)
{
    return a->kind == PLAN_FIELD_STORED && b->kind == PLAN_FIELD_STORED && a->stored == b->stored &&
           !a->bin_count == !b->bin_count;
}

static bool time_tells(enum plan_field_kind fine, enum plan_field_kind coarse)
{
    static const unsigned coarser[] = {
        [PLAN_FIELD_DAY] = 1u << PLAN_FIELD_MONTH | 1u << PLAN_FIELD_QUARTER |
                           1u << PLAN_FIELD_YEAR | 1u << PLAN_FIELD_WEEKDAY,
        [PLAN_FIELD_MONTH] = 1u << PLAN_FIELD_QUARTER | 1u << PLAN_FIELD_YEAR,
        [PLAN_FIELD_QUARTER] = 1u << PLAN_FIELD_YEAR,
        [PLAN_FIELD_YEAR] = 0,
        [PLAN_FIELD_WEEKDAY] = 0,
        [PLAN_FIELD_STORED] = 0};
    return fine == coarse || coarser[fine] >> coarse & 1;
}

bool field_same(const struct plan_field *a, const struct plan_field *b)
{
    if (a->kind != b->kind || a->stored != b->stored || !a->values != !b->values ||
        a->value_count != b->value_count || a->bin_count != b->bin_count)
        return false;
    for (size_t i = 0; i < a->value_count; i++)
        if (strcmp(a->values[i], b->values[i]) != 0)
            return false;
    return a->bin_count == 0 || memcmp(a->bins, b->bins, a->bin_count * sizeof *a->bins) == 0;
}

bool fields_same(const struct plan_field *a, size_t a_count, const struct plan_field *b,
                 size_t b_count)
{
    for (size_t i = 0; a_count == b_count && i < a_count; i++)
        if (!field_same(&a[i], &b[i]))
            return false;
    return a_count == b_count;
}

bool field_tells(const struct plan_field *fine, const struct plan_field *coarse)
{
    if (fine->kind != PLAN_FIELD_STORED && coarse->kind != PLAN_FIELD_STORED)
        return time_tells(fine->kind, coarse->kind);
    if (!same_source(fine, coarse))
        return false;
    for (size_t i = 0; i < coarse->bin_count; i++)
        if (!has_bound(fine, coarse->bins[i]))
            return false;
    for (size_t i = 0; coarse->values && i < coarse->value_count; i++)
        if (!field_lists(fine, coarse->values[i]))
            return false;
    return coarse->bin_count || coarse->values || !fine->values;
}

enum status field_in_common(const struct plan_field *a, const struct plan_field *b,
                            struct arena *arena, struct plan_field *to, bool *any,
                            struct error *err)
{
    *any = true;
    *to = field_tells(a, b) ? *b : *a;
    if (field_tells(a, b) || field_tells(b, a))
        return STATUS_OK;
    *any = same_source(a, b);
    if (!*any)
        return STATUS_OK;
    /* Neither has all labels of the other. */
    const struct plan_field *lister = a->values ? a : b, *other = a->values ? b : a;
    to->values = arena_zalloc(arena, lister->value_count, sizeof *to->values);
    to->bins = arena_zalloc(arena, a->bin_count, sizeof *to->bins);
    to->value_count = to->bin_count = 0;
    if (!to->values || !to->bins)
        return error_nomem(err);
    for (size_t i = 0; i < lister->value_count; i++)
        if (field_lists(other, lister->values[i]))
            to->values[to->value_count++] = lister->values[i];
    for (size_t i = 0; i < a->bin_count; i++)
        if (has_bound(b, a->bins[i]))
            to->bins[to->bin_count++] = a->bins[i];
    return STATUS_OK;
}

static const char *bin_label(const struct plan_field *to, const struct plan_field *from,
                             const char *label, char text[static FIELD_LABEL])
{
    size_t bin = 0, wide = 0;
    for (; bin <= from->bin_count; bin++) {
        field_bin_text(from, bin, text);
        if (strcmp(text, label) == 0)
            break;
    }
    if (bin > from->bin_count)
        return label;
    if (!to->bin_count)
        return "a number";
    while (bin > 0 && wide < to->bin_count && to->bins[wide] <= from->bins[bin - 1])
        wide++;
    field_bin_text(to, wide, text);
    return text;
}

const char *field_label_in(const struct plan_field *to, const struct plan_field *from,
                           bool unknown_apart, const char *label, char text[static FIELD_LABEL])
{
    int64_t day, last;
    if (from->bin_count)
        return bin_label(to, from, label, text);
    if (from->kind == PLAN_FIELD_STORED)
        return field_lists(to, label) || (unknown_apart && strcmp(label, "unknown") == 0) ? label
                                                                                          : "other";
    if (from->kind == to->kind || !period_days(from->kind, label, &day, &last))
        return label;
    field_day_text(to->kind, day, text);
    return text;
}
