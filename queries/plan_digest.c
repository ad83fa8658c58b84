/*
 * What shapes a scan, as digests: SHA-256 over texts that each end in a NUL, so that no two
 * different lists read the same.
 *
 *     plan   "scan 1" format max_record alphabet { field name, pointer }
 *     query  "query 1" kind language-version within alphabet noise-count { noise word }
 *            { contains field, pointer } term-count { normal form, or "" where there is none }
 *
 *     overlap query  "overlap 1" language-version alphabet min_words file-count
 *                    { file name, SHA-256 of the file }
 *     identifiers query  "identifiers 1" examples kind-count { kind }
 *     regex query        "regex 1" case classes pattern-count { pattern, or "" where there is none
 * }
 *
 * Only the fields that a query's terms name are part of its digest. A field map is looked for in
 * the normal forms as "contains(NAME, "; a phrase that happens to hold that text costs one scan
 * too many and nothing else. How topics are assigned is decided after the scan, so it is no part.
 */
#include "base/digest.h"
#include "queries/plan_parts.h"

#include <stdio.h>
#include <string.h>

static enum status add_number(struct digest *digest, size_t number, struct error *err)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", number);
    return digest_add_text(digest, text, err);
}

static enum status digest_base(const struct plan *plan, struct digest *digest, struct error *err)
{
    TRY(digest_add_text(digest, "scan 1", err));
    TRY(digest_add_text(digest, plan->logs.format, err));
    TRY(add_number(digest, plan->logs.max_record, err));
    TRY(digest_add_text(digest, plan->words.alphabet, err));
    for (size_t i = 0; i < plan->logs.field_count; i++) {
        TRY(digest_add_text(digest, plan->logs.fields[i].name, err));
        TRY(digest_add_text(digest, plan->logs.fields[i].pointer, err));
    }
    return STATUS_OK;
}

static size_t query_terms(const struct plan_query *query)
{
    return query->kind == QUERY_TOPICS ? query->topic_count : query->term_count;
}

static const char *normal_form(const struct plan_query *query, size_t i)
{
    const struct plan_term *term =
        query->kind == QUERY_TOPICS ? &query->topics[i].term : &query->terms[i];
    return term->parsed ? term->parsed : "";
}

static bool names_field(const struct plan_query *query, const char *field)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "contains(%s, ", field);
    for (size_t i = 0; i < query_terms(query); i++)
        if (strstr(normal_form(query, i), wanted))
            return true;
    return false;
}

static enum status digest_overlap(const struct plan *plan, const struct plan_query *query,
                                  struct digest *digest, struct error *err)
{
    TRY(digest_add_text(digest, "overlap 1", err));
    TRY(digest_add_text(digest, TERM_LANGUAGE_VERSION, err));
    TRY(digest_add_text(digest, plan->words.alphabet, err));
    TRY(add_number(digest, query->min_words, err));
    TRY(add_number(digest, query->work_file_count, err));
    for (size_t i = 0; i < query->work_file_count; i++) {
        TRY(digest_add_text(digest, query->work_files[i].name, err));
        TRY(digest_add_text(digest, query->work_files[i].sha256, err));
    }
    return STATUS_OK;
}

static enum status digest_identifiers(const struct plan_query *query, struct digest *digest,
                                      struct error *err)
{
    TRY(digest_add_text(digest, "identifiers 1", err));
    TRY(add_number(digest, query->examples, err));
    TRY(add_number(digest, query->term_count, err));
    for (size_t i = 0; i < query->term_count; i++)
        TRY(digest_add_text(digest, query->terms[i].name, err));
    return STATUS_OK;
}

static enum status digest_regex(const struct plan_query *query, struct digest *digest,
                                struct error *err)
{
    TRY(digest_add_text(digest, "regex 1", err));
    TRY(add_number(digest, query->ignore_case, err));
    TRY(add_number(digest, query->unicode_classes, err));
    TRY(add_number(digest, query->term_count, err));
    for (size_t i = 0; i < query->term_count; i++)
        TRY(digest_add_text(digest, normal_form(query, i), err));
    return STATUS_OK;
}

static enum status digest_query(const struct plan *plan, const struct plan_query *query,
                                struct digest *digest, struct error *err)
{
    if (query->kind == QUERY_OVERLAP)
        return digest_overlap(plan, query, digest, err);
    if (query->kind == QUERY_IDENTIFIERS)
        return digest_identifiers(query, digest, err);
    if (query->kind == QUERY_REGEX)
        return digest_regex(query, digest, err);
    TRY(digest_add_text(digest, "query 1", err));
    TRY(digest_add_text(digest, query_types[query->kind].name, err));
    TRY(digest_add_text(digest, TERM_LANGUAGE_VERSION, err));
    TRY(add_number(digest, query->within, err));
    TRY(digest_add_text(digest, plan->words.alphabet, err));
    TRY(add_number(digest, plan->words.noise_count, err));
    for (size_t i = 0; i < plan->words.noise_count; i++)
        TRY(digest_add_text(digest, plan->words.noise[i], err));
    for (size_t i = 0; i < plan->logs.field_count; i++)
        if (names_field(query, plan->logs.fields[i].name)) {
            TRY(digest_add_text(digest, plan->logs.fields[i].name, err));
            TRY(digest_add_text(digest, plan->logs.fields[i].pointer, err));
        }
    TRY(add_number(digest, query_terms(query), err));
    for (size_t i = 0; i < query_terms(query); i++)
        TRY(digest_add_text(digest, normal_form(query, i), err));
    return STATUS_OK;
}

/* The digest of the plan (QUERY NULL) or of one query as hexadecimal text. */
static enum status digest_hex(const struct plan *plan, const struct plan_query *query,
                              char text[static 65], struct error *err)
{
    struct sha256 value;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    enum status status =
        query ? digest_query(plan, query, digest, err) : digest_base(plan, digest, err);
    if (status == STATUS_OK)
        status = digest_end(digest, &value, err);
    if (status == STATUS_OK)
        sha256_hex(&value, text);
    digest_free(digest);
    return status;
}

enum status plan_digest_query(const struct plan *plan, struct plan_query *query, struct error *err)
{
    return digest_hex(plan, query, query->scan_digest, err);
}

enum status plan_digest(struct plan_reader *reader)
{
    struct plan *plan = reader->plan;
    TRY(digest_hex(plan, NULL, plan->scan_digest, reader->err));
    for (size_t i = 0; i < plan->query_count; i++)
        if (query_terms(&plan->queries[i]) > 0 || plan->queries[i].kind == QUERY_OVERLAP)
            TRY(plan_digest_query(plan, &plan->queries[i], reader->err));
    return STATUS_OK;
}
