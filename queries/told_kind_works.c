/*
 * Overlap with works, as the ledger remembers it (told_kind.h):
 *
 *     "bins": [12, 25, 50]                 least words of each; the first are those of any run
 *     "files": [["works/a.txt", SHA-256 as hexadecimal text], ...]
 *                                          of at most TOLD_QUERY_SLOTS_MAX; of more there is none
 *
 * Its works are those of a query of the plan, where that scans the same; else the files of these
 * names (as the plan's folder sees them) as long as they are what they were.
 */
#include "base/digest.h"
#include "base/memory.h"
#include "queries/plan_parts.h"
#include "queries/tally_run.h"
#include "queries/told_fields.h"
#include "queries/told_kind.h"
#include "queries/told_plan.h"
#include "queries/told_population.h"
#include "queries/works_combined.h"
#include "queries/works_shared.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WORDS_MAX = 1000000000 };

/* ---- writing and reading ---- */

static const char *text_of(const struct plan_query *query, size_t item, size_t part)
{
    return part ? query->work_files[item].sha256 : query->work_files[item].name;
}

static bool write(json_t *root, const struct plan_query *query)
{
    json_t *bins = json_array(), *files = NULL;
    bool named = query->work_file_count > 0 && query->work_file_count <= TOLD_QUERY_SLOTS_MAX;
    for (size_t i = 0; bins && i < query->bin_count; i++)
        json_array_append_new(bins, json_integer(query->bins[i]));
    if (named)
        files = told_texts_write(query, query->work_file_count, 2, text_of);
    bool good = json_array_size(bins) == query->bin_count &&
                json_object_set(root, "bins", bins) == 0 &&
                (!named || (files && json_object_set(root, "files", files) == 0));
    json_decref(bins);
    json_decref(files);
    return good;
}

static enum status read_bins(struct plan_query *query, const json_t *list, struct arena *arena,
                             bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = count > 0 && count <= PLAN_BINS_MAX;
    if (!*valid)
        return STATUS_OK;
    query->bins = arena_zalloc(arena, count, sizeof *query->bins);
    if (!query->bins)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        json_int_t words = json_integer_value(json_array_get(list, i));
        *valid = words > 0 && words <= WORDS_MAX && (!i || words > query->bins[i - 1]);
        query->bins[i] = *valid ? (uint32_t)words : 0;
    }
    query->bin_count = count;
    query->min_words = query->bins[0];
    return STATUS_OK;
}

static bool is_digest(const char *text)
{
    return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static enum status read(struct plan_query *query, struct told_reading *reading, bool *valid,
                        struct error *err)
{
    const json_t *files = json_object_get(reading->root, "files");
    char **texts = NULL;
    size_t count = 0;
    TRY(read_bins(query, json_object_get(reading->root, "bins"), reading->arena, valid, err));
    if (!*valid || !files)
        return STATUS_OK;
    TRY(told_texts_read(files, 2, reading->arena, &texts, &count, valid, err));
    if (!*valid)
        return STATUS_OK;
    query->work_files = arena_zalloc(reading->arena, count, sizeof *query->work_files);
    if (!query->work_files)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        *valid = texts[2 * i][0] && is_digest(texts[2 * i + 1]);
        query->work_files[i].name = texts[2 * i];
        if (*valid)
            memcpy(query->work_files[i].sha256, texts[2 * i + 1], 65);
    }
    query->work_file_count = count;
    return STATUS_OK;
}

/* ---- its works ---- */

/* Takes the works of a query of PLAN's, if it then scans as WANTED says. */
static enum status borrow(struct plan *plan, struct plan_query *query, const char *wanted,
                          bool *same, struct error *err)
{
    const struct plan_query own = *query;
    *same = false;
    for (size_t i = 0; i < plan->query_count && !*same; i++) {
        const struct plan_query *of = &plan->queries[i];
        if (of->kind != QUERY_OVERLAP)
            continue;
        query->work_files = of->work_files;
        query->work_file_count = of->work_file_count;
        TRY(plan_digest_query(plan, query, err));
        *same = strcmp(query->scan_digest, wanted) == 0;
    }
    if (!*same)
        *query = own;
    return STATUS_OK;
}

/* Where a file is; false where there is none. */
static enum status find_file(const struct plan *plan, struct arena *arena,
                             struct plan_work_file *file, bool *there, struct error *err)
{
    struct stat info;
    bool whole = file->name[0] == '/' || strcmp(plan->dir, ".") == 0;
    file->path = whole ? file->name : arena_printf(arena, "%s/%s", plan->dir, file->name);
    if (!file->path)
        return error_nomem(err);
    *there = stat(file->path, &info) == 0 && S_ISREG(info.st_mode);
    if (*there) {
        file->size = (uint64_t)info.st_size;
        file->mtime_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + (int64_t)info.st_mtim.tv_nsec;
    }
    return STATUS_OK;
}

static enum status parse(struct plan *plan, const struct word_rules *rules,
                         struct plan_query *query, struct error *err)
{
    char wanted[65];
    bool good;
    (void)rules;
    memcpy(wanted, query->scan_digest, sizeof wanted);
    TRY(borrow(plan, query, wanted, &good, err));
    if (good)
        return STATUS_OK;
    TRY(plan_digest_query(plan, query, err));
    good = query->work_file_count > 0 && strcmp(query->scan_digest, wanted) == 0;
    for (size_t i = 0; i < query->work_file_count && good; i++)
        TRY(find_file(plan, &plan->arena, &query->work_files[i], &good, err));
    if (!good)
        query->scan_digest[0] = '\0';
    return STATUS_OK;
}

/* Whether all of its files are what they were. */
static enum status ready(const struct plan_query *query, bool *ready, struct error *err)
{
    *ready = true;
    for (size_t i = 0; i < query->work_file_count && *ready; i++) {
        const struct plan_work_file *file = &query->work_files[i];
        struct sha256 value;
        struct stat info;
        char hex[65] = "";
        *ready = stat(file->path, &info) == 0 && S_ISREG(info.st_mode) &&
                 (uint64_t)info.st_size == file->size;
        if (!*ready)
            return STATUS_OK;
        enum status status = sha256_of_file(file->path, 0, UINT64_MAX, &value, err);
        if (status == STATUS_INTERNAL)
            return status;
        if (status == STATUS_OK)
            sha256_hex(&value, hex);
        *ready = strcmp(hex, file->sha256) == 0;
    }
    return STATUS_OK;
}

static bool same(const struct plan_query *a, const struct plan_query *b)
{
    if (a->bin_count != b->bin_count)
        return false;
    for (size_t i = 0; i < a->bin_count; i++)
        if (a->bins[i] != b->bins[i])
            return false;
    return true;
}

const struct told_kind told_kind_works = {.kind = QUERY_OVERLAP,
                                          .suffixes = {"", ".words", ".works"},
                                          .table_count = 3,
                                          .write = write,
                                          .read = read,
                                          .parse = parse,
                                          .ready = ready,
                                          .same = same,
                                          .count = tally_overlap};

/* ---- ties ---- */

static enum status find_report(const struct told_tying *tying, struct told_population *population,
                               size_t number, struct works_report *report, bool *there,
                               struct error *err)
{
    const struct tally_source *source;
    struct told_days days = told_plan_days(tying->told, number);
    const struct told_wish wish = {days.from, days.to, days.filters, days.filter_count};
    *there = (tying->asked[number] || tying->others[number]) &&
             tying->told->plan.queries[number].kind == QUERY_OVERLAP;
    if (!*there)
        return STATUS_OK;
    TRY(told_population_source(population, &wish, &source, err));
    *there = works_report_find(report, source, number, tying->tally);
    return STATUS_OK;
}

/* All of several populations together. */
static enum status combine(const struct told_tying *tying, struct told_population *population,
                           struct error *err)
{
    const struct told_plan *told = tying->told;
    size_t count = 0, own = 0;
    struct works_report *reports = mem_zalloc(told->plan.query_count, sizeof *reports);
    enum status status = reports ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < told->plan.query_count; i++) {
        bool there;
        status = find_report(tying, population, i, &reports[count], &there, err);
        count += status == STATUS_OK && there;
        own = i < told->own->query_count ? count : own;
    }
    if (status == STATUS_OK && count > own)
        status = works_combine(tying->source, reports, count, own, tying->tally, err);
    free(reports);
    return status;
}

/* The works in common of each query that was counted anew and of those before it; and of all. */
enum status told_tie_works(const struct told_tying *tying, struct error *err)
{
    struct works_report now, before;
    struct told_population populations[2];
    enum status status = STATUS_OK;
    bool there;
    for (size_t i = 0; i < 2; i++)
        told_population_init(&populations[i], tying->source);
    for (size_t number = tying->told->own->query_count; number < tying->told->plan.query_count;
         number++) {
        TRY_CLEANUP(find_report(tying, &populations[0], number, &now, &there, err));
        for (size_t i = 0; there && i < number; i++) {
            bool other;
            TRY_CLEANUP(find_report(tying, &populations[1], i, &before, &other, err));
            if (other)
                TRY_CLEANUP(works_share(&before, &now, tying->tally, err));
        }
    }
    status = combine(tying, &populations[0], err);
cleanup:
    told_population_release(&populations[0]);
    told_population_release(&populations[1]);
    return status;
}
