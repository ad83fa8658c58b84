/* Tables that fit together: see tally_links.h. */
#include "queries/tally_links.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/field.h"
#include "queries/tally_joint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of two tables are compared one by one; beyond so many they are not joined. */
enum { LOOKUPS_MAX = 20000000, LABEL = FIELD_DAY_TEXT };

/* ---- which field follows from which ---- */

static bool same_texts(char *const *a, size_t a_count, char *const *b, size_t b_count)
{
    if (!a != !b || a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool same_field(const struct plan_field *a, const struct plan_field *b)
{
    return a->kind == b->kind && a->stored == b->stored && a->bin_count == b->bin_count &&
           same_texts(a->values, a->value_count, b->values, b->value_count) &&
           (a->bin_count == 0 || memcmp(a->bins, b->bins, a->bin_count * sizeof *a->bins) == 0);
}

/* The day that a label of a finer period begins with, or none. */
static bool day_of_label(enum plan_field_kind kind, const char *label, int64_t *day)
{
    int year, month = 1, date = 1, quarter;
    char rest;
    bool ok =
        kind == PLAN_FIELD_DAY ? sscanf(label, "%4d-%2d-%2d%c", &year, &month, &date, &rest) == 3
        : kind == PLAN_FIELD_MONTH   ? sscanf(label, "%4d-%2d%c", &year, &month, &rest) == 2
        : kind == PLAN_FIELD_QUARTER ? sscanf(label, "%4d-Q%1d%c", &year, &quarter, &rest) == 2
                                     : false;
    if (ok && kind == PLAN_FIELD_QUARTER)
        month = 3 * quarter - 2;
    if (ok)
        *day = civil_days((struct civil_date){year, month, date});
    return ok;
}

static bool coarsens(enum plan_field_kind from, enum plan_field_kind to)
{
    static const unsigned coarser[] = {
        [PLAN_FIELD_DAY] = 1u << PLAN_FIELD_MONTH | 1u << PLAN_FIELD_QUARTER |
                           1u << PLAN_FIELD_YEAR | 1u << PLAN_FIELD_WEEKDAY,
        [PLAN_FIELD_MONTH] = 1u << PLAN_FIELD_QUARTER | 1u << PLAN_FIELD_YEAR,
        [PLAN_FIELD_QUARTER] = 1u << PLAN_FIELD_YEAR,
        [PLAN_FIELD_YEAR] = 0,
        [PLAN_FIELD_WEEKDAY] = 0,
        [PLAN_FIELD_STORED] = 0};
    return coarser[from] >> to & 1;
}

/* The label that FINE's becomes in the coarser field; TEXT or FINE itself. */
static const char *coarse_label(const struct plan_field *from, const struct plan_field *to,
                                const char *fine, char text[static LABEL])
{
    int64_t day;
    if (same_field(from, to) || !day_of_label(from->kind, fine, &day))
        return fine;
    field_day_text(to->kind, day, text);
    return text;
}

/* For each field of COARSE the one of FINE that it follows from; false if there is none. */
static bool fields_follow(const struct tally_table *fine, const struct tally_table *coarse,
                          size_t *from)
{
    for (size_t c = 0; c < coarse->by_count; c++) {
        size_t f = 0;
        while (f < fine->by_count && !same_field(&fine->by[f], &coarse->by[c]) &&
               !coarsens(fine->by[f].kind, coarse->by[c].kind))
            f++;
        if (f == fine->by_count)
            return false;
        from[c] = f;
    }
    return true;
}

/* ---- rows ---- */

struct link {
    const struct tally_table *fine, *coarse;
    size_t from[64];
    uint32_t *row_of; /* [rows of fine] the coarse row, or UINT32_MAX */
};

static uint32_t coarse_row(const struct link *link, uint32_t fine_row)
{
    char texts[64][LABEL];
    const char *labels[64];
    size_t keys = link->coarse->key_count;
    for (size_t c = 0; c < keys; c++)
        labels[c] = coarse_label(
            &link->fine->by[link->from[c]], &link->coarse->by[c],
            link->fine->key_values[fine_row * link->fine->key_count + link->from[c]], texts[c]);
    for (uint32_t row = 0; row + 1 < link->coarse->row_count; row++) {
        size_t c = 0;
        while (c < keys && strcmp(labels[c], link->coarse->key_values[row * keys + c]) == 0)
            c++;
        if (c == keys)
            return row;
    }
    return UINT32_MAX;
}

static enum status find_rows(struct link *link, struct error *err)
{
    link->row_of = mem_zalloc(link->fine->row_count, sizeof *link->row_of);
    if (!link->row_of)
        return error_nomem(err);
    for (uint32_t row = 0; row + 1 < link->fine->row_count; row++)
        link->row_of[row] = coarse_row(link, row);
    return STATUS_OK;
}

/* ---- the joint table ---- */

/* A coarse row is the sum of its fine rows; of users at most that, and none of them has more. */
static enum status tie_row(struct tally *tally, struct tally_joint *joint, const struct link *link,
                           const uint32_t first[2], uint32_t row, struct tally_term *terms,
                           struct error *err)
{
    for (uint32_t column = 0; column < joint->table.column_count; column++) {
        bool users = joint->table.columns[column].flags & TALLY_USERS;
        size_t count = 0;
        terms[count++] = (struct tally_term){first[1] + row, column, users ? 1 : -1};
        for (uint32_t fine = 0; fine + 1 < link->fine->row_count; fine++) {
            if (link->row_of[fine] != row)
                continue;
            terms[count++] = (struct tally_term){first[0] + fine, column, users ? -1 : 1};
            const struct tally_term within[] = {{first[0] + fine, column, 1},
                                                {first[1] + row, column, -1}};
            if (users)
                TRY(tally_relate(tally, &joint->table, within, 2, true, err));
        }
        TRY(tally_relate(tally, &joint->table, terms, count, users, err));
    }
    return STATUS_OK;
}

static enum status tie(struct tally *tally, struct tally_joint *joint, const struct link *link,
                       size_t fine, size_t coarse, struct error *err)
{
    const uint32_t first[2] = {joint->first[tally_joint_member(joint, fine)],
                               joint->first[tally_joint_member(joint, coarse)]};
    struct tally_term *terms = mem_zalloc(link->fine->row_count + 1, sizeof *terms);
    enum status status = terms ? STATUS_OK : error_nomem(err);
    for (uint32_t row = 0; status == STATUS_OK && row + 1 < link->coarse->row_count; row++)
        status = tie_row(tally, joint, link, first, row, terms, err);
    free(terms);
    return status;
}

/* Each row of a table that is a sum of another's rows, in its one column. */
static enum status tie_sums(struct tally *tally, struct tally_joint *joint, size_t number,
                            struct error *err)
{
    const struct tally_table *sums = &tally->tables[number];
    const struct tally_table *of = &tally->tables[sums->sum_of];
    size_t member = tally_joint_member(joint, number);
    const uint32_t first[2] = {joint->first[tally_joint_member(joint, sums->sum_of)],
                               joint->first[member]};
    uint32_t column = joint->columns[member][0];
    struct tally_term *terms = mem_zalloc(of->row_count + 1, sizeof *terms);
    enum status status = terms ? STATUS_OK : error_nomem(err);
    for (uint32_t row = 0; status == STATUS_OK && row < sums->row_count; row++) {
        size_t count = 0;
        terms[count++] = (struct tally_term){first[1] + row, column, -1};
        for (uint32_t fine = 0; fine + 1 < of->row_count; fine++)
            if (sums->row_of[fine] == row)
                terms[count++] = (struct tally_term){first[0] + fine, column, 1};
        status = tally_relate(tally, &joint->table, terms, count, false, err);
    }
    free(terms);
    return status;
}

/* ---- which tables ---- */

struct linking {
    const struct plan *plan;
    struct tally *tally;
    size_t *tables; /* [count] of counts by fields */
    size_t *group;  /* [count] the first one that it is tied to */
    size_t count;
};

static size_t number_in(const struct linking *l, size_t table)
{
    size_t i = 0;
    while (i < l->count && l->tables[i] != table)
        i++;
    return i;
}

static bool make_link(const struct linking *l, size_t fine, size_t coarse, struct link *link)
{
    *link = (struct link){.fine = &l->tally->tables[l->tables[fine]],
                          .coarse = &l->tally->tables[l->tables[coarse]]};
    return fine != coarse && !link->fine->row_of && !link->coarse->row_of &&
           link->coarse->by_count <= 64 &&
           link->fine->row_count * link->coarse->row_count <= LOOKUPS_MAX &&
           fields_follow(link->fine, link->coarse, link->from);
}

static void find_tables(struct linking *l)
{
    for (size_t i = 0; i < l->tally->table_count; i++) {
        const struct tally_table *table = &l->tally->tables[i];
        bool count = table->query == SIZE_MAX || l->plan->queries[table->query].kind == QUERY_COUNT;
        if (table->row_of || (count && table->by_count && table->row_count > 1)) {
            l->group[l->count] = l->count;
            l->tables[l->count++] = i;
        }
    }
}

static void find_groups(struct linking *l)
{
    struct link link;
    /* Sums come after what they are of, so that a group begins with a table of all columns. */
    for (size_t i = 0; i < l->count; i++)
        if (l->tally->tables[l->tables[i]].row_of)
            l->group[i] = number_in(l, l->tally->tables[l->tables[i]].sum_of);
    for (size_t a = 0; a < l->count; a++)
        for (size_t b = 0; b < l->count; b++) {
            size_t from = l->group[a], to = l->group[b];
            if (!make_link(l, a, b, &link) || from == to)
                continue;
            for (size_t i = 0; i < l->count; i++)
                if (l->group[i] == (from > to ? from : to))
                    l->group[i] = from < to ? from : to;
        }
}

static enum status tie_all(struct linking *l, size_t group, struct tally_joint *joint,
                           struct error *err)
{
    for (size_t a = 0; a < l->count; a++)
        for (size_t b = 0; b < l->count; b++) {
            struct link link;
            if (l->group[a] != group || l->group[b] != group || !make_link(l, a, b, &link))
                continue;
            enum status status = find_rows(&link, err);
            if (status == STATUS_OK)
                status = tie(l->tally, joint, &link, l->tables[a], l->tables[b], err);
            free(link.row_of);
            TRY(status);
        }
    for (size_t i = 0; i < l->count; i++)
        if (l->group[i] == group && l->tally->tables[l->tables[i]].row_of)
            TRY(tie_sums(l->tally, joint, l->tables[i], err));
    return STATUS_OK;
}

static enum status join_group(struct linking *l, size_t group, struct error *err)
{
    struct tally *tally = l->tally;
    enum status status = STATUS_OK;
    size_t count = 0;
    size_t *members = mem_zalloc(l->count, sizeof *members);
    if (!members)
        return error_nomem(err);
    for (size_t i = 0; i < l->count; i++)
        if (l->group[i] == group)
            members[count++] = l->tables[i];
    if (count > 1) {
        struct tally_joint *joint;
        status = tally_join(tally, members, count, 0, &joint, err);
        if (status == STATUS_OK)
            status = tie_all(l, group, joint, err);
    }
    free(members);
    return status;
}

enum status tally_links(const struct tally_source *source, struct tally *tally, struct error *err)
{
    struct linking l = {.plan = source->plan, .tally = tally};
    enum status status = STATUS_OK;
    l.tables = mem_zalloc(tally->table_count, sizeof *l.tables);
    l.group = mem_zalloc(tally->table_count, sizeof *l.group);
    if (!l.tables || !l.group) {
        status = error_nomem(err);
        goto cleanup;
    }
    find_tables(&l);
    find_groups(&l);
    for (size_t i = 0; i < l.count; i++)
        if (l.group[i] == i)
            TRY_CLEANUP(join_group(&l, i, err));
cleanup:
    free(l.tables);
    free(l.group);
    return status;
}
