/* Regular expressions, many at a time: see regex_set.h. */
#include "queries/text/regex_set.h"

#include "base/memory.h"
#include "queries/text/regex_compile.h"

#include <hs/hs_runtime.h>
#include <stdlib.h>

struct regex_set {
    hs_database_t *database; /* NULL: no expression at all */
    size_t count;
    bool *starts; /* [count] */
};

struct regex_scratch {
    hs_scratch_t *space;
};

static enum status load(struct regex_set *set, const struct regex *regexes,
                        struct regex_fault *fault, struct error *err)
{
    char *bytes = NULL;
    size_t len = 0;
    TRY(regex_compile(regexes, set->count, set->starts, &bytes, &len, fault, err));
    hs_error_t result = hs_deserialize_database(bytes, len, &set->database);
    free(bytes);
    if (result == HS_NOMEM)
        return error_nomem(err);
    if (result != HS_SUCCESS)
        return error_set(err, STATUS_INTERNAL, NULL,
                         "compiled regular expressions cannot be read back (%d)", result);
    return STATUS_OK;
}

enum status regex_set_new(struct regex_set **set, const struct regex *regexes, size_t count,
                          struct regex_fault *fault, struct error *err)
{
    struct regex_fault unused;
    if (!fault)
        fault = &unused;
    *set = NULL;
    *fault = (struct regex_fault){SIZE_MAX, SIZE_MAX};
    if (count > REGEX_COUNT_MAX)
        return error_set(err, STATUS_PLAN, NULL, "more than %d regular expressions",
                         REGEX_COUNT_MAX);
    struct regex_set *made = mem_zalloc(1, sizeof *made);
    if (!made)
        return error_nomem(err);
    enum status status = STATUS_OK;
    made->count = count;
    made->starts = mem_zalloc(count, sizeof *made->starts);
    if (!made->starts) {
        status = error_nomem(err);
        goto cleanup;
    }
    if (count)
        TRY_CLEANUP(load(made, regexes, fault, err));
    *set = made;
    made = NULL;
cleanup:
    regex_set_free(made);
    return status;
}

void regex_set_free(struct regex_set *set)
{
    if (!set)
        return;
    hs_free_database(set->database);
    free(set->starts);
    free(set);
}

size_t regex_set_count(const struct regex_set *set)
{
    return set->count;
}

bool regex_set_finds_starts(const struct regex_set *set, size_t number)
{
    return set->starts[number];
}

struct regex_scratch *regex_scratch_new(const struct regex_set *set)
{
    struct regex_scratch *scratch = mem_zalloc(1, sizeof *scratch);
    if (!scratch)
        return NULL;
    if (set->database && hs_alloc_scratch(set->database, &scratch->space) != HS_SUCCESS) {
        free(scratch);
        return NULL;
    }
    return scratch;
}

void regex_scratch_free(struct regex_scratch *scratch)
{
    if (!scratch)
        return;
    hs_free_scratch(scratch->space);
    free(scratch);
}

struct call {
    const struct regex_set *set;
    regex_found *found;
    void *context;
};

static int report(unsigned number, unsigned long long from, unsigned long long to, unsigned flags,
                  void *context)
{
    const struct call *call = context;
    (void)flags;
    if (!call->set->starts[number])
        from = to;
    return call->found(call->context, number, (size_t)from, (size_t)to);
}

enum status regex_set_scan(const struct regex_set *set, struct regex_scratch *scratch,
                           const char *text, size_t len, regex_found *found, void *context,
                           struct error *err)
{
    struct call call = {set, found, context};
    if (!set->database || len == 0)
        return STATUS_OK;
    if (len > UINT32_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a text of %zu bytes is too long", len);
    hs_error_t result =
        hs_scan(set->database, text, (unsigned)len, 0, scratch->space, report, &call);
    if (result == HS_SUCCESS || result == HS_SCAN_TERMINATED)
        return STATUS_OK;
    return error_set(err, STATUS_INTERNAL, NULL, "matching regular expressions failed (%d)",
                     result);
}
