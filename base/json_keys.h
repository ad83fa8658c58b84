/*
 * What keys a JSON object may have, as tables: name, type, limits and default of each. Checking an
 * object against its table finds unknown and missing keys, wrong types and impossible values; the
 * getters afterwards fail only for want of memory, and give the table's default for an absent key.
 *
 * Numbers that must be exact. Jansson reads 0.9999 as a double. A share is therefore found again as
 * the shortest decimal that reads back as the same double: that is the text as written wherever it
 * has at most 15 significant digits, trailing zeros aside. A share may also be written as a text,
 * "0.9999", and is then kept as it stands; one of more digits must be. Either has at most
 * JSON_SHARE_DECIMALS digits after the point, so that it fits integer arithmetic.
 */
#ifndef PROFFER_JSON_KEYS_H
#define PROFFER_JSON_KEYS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_want {
    WANT_TEXT,    /* any text */
    WANT_FILLED,  /* a text that is not empty or blank */
    WANT_CHOICE,  /* one of `choices` */
    WANT_INTEGER, /* from min to max */
    WANT_SIZE,    /* bytes: an integer or a text like "64MiB"; from min to max */
    WANT_NUMBER,  /* integer or real; the caller checks its range */
    WANT_SHARE,   /* a decimal strictly between 0 and 1, exact */
    WANT_DATE,    /* "2023-01-31" */
    WANT_LIST,    /* elements are the caller's matter */
    WANT_FILLEDS, /* a list of texts that are not empty; not empty unless KEY_MAY_BE_EMPTY */
    WANT_OBJECT,
    WANT_ANY,  /* the caller's matter */
    WANT_LATER /* known, and not supported in this version */
};

enum json_key_flags {
    KEY_REQUIRED = 1,
    KEY_NULLABLE = 2,     /* null is allowed and means none */
    KEY_MAY_BE_EMPTY = 4, /* of WANT_FILLEDS */
    KEY_SHAPES_SCAN = 8   /* see templates/plan.schema.json */
};

enum { JSON_SHARE_DECIMALS = 18 };

struct json_key {
    const char *name;
    enum json_want want;
    unsigned flags;
    const char *fallback;       /* the default as it would stand in the file, without quotes */
    const char *const *choices; /* of WANT_CHOICE; ends with NULL */
    long long min, max;
};

struct json_table {
    const char *name; /* for tests and messages: "logs", "query count" */
    const struct json_key *keys;
    size_t count;
};

#define JSON_TABLE(title, keys)                                                                    \
    {                                                                                              \
        title, keys, sizeof keys / sizeof keys[0]                                                  \
    }

/* Checks NODE as an object of TABLE: STATUS_PLAN with place and hint. */
PROFFER_MUST_USE enum status json_check(const struct json_node *node,
                                        const struct json_table *table, struct error *err);

/* Only that NODE has the kind that a key wants; for elements of lists. */
PROFFER_MUST_USE enum status json_check_value(const struct json_node *node,
                                              const struct json_key *key, struct error *err);

/* ---- after json_check: the member KEY, or the default of its row ---- */

/* True if the key is there and not null. */
bool json_get(const struct json_node *node, const char *key, struct json_node *child);

/* A copy in ARENA; NULL for an absent key without default, and for null. */
PROFFER_MUST_USE enum status json_get_text(const struct json_node *node,
                                           const struct json_table *table, const char *key,
                                           struct arena *arena, char **out, struct error *err);
PROFFER_MUST_USE enum status json_get_texts(const struct json_node *node, const char *key,
                                            struct arena *arena, char ***out, size_t *count,
                                            struct error *err);
/* The index in `choices`. */
size_t json_get_choice(const struct json_node *node, const struct json_table *table,
                       const char *key);
/* Of WANT_INTEGER and WANT_SIZE. */
long long json_get_integer(const struct json_node *node, const struct json_table *table,
                           const char *key);
/* Days since 1970, or ABSENT. */
int64_t json_get_date(const struct json_node *node, const char *key, int64_t absent);
/* The decimal text in plain notation, "0.9999". NULL if absent. */
PROFFER_MUST_USE enum status json_get_share(const struct json_node *node, const char *key,
                                            struct arena *arena, char **out, struct error *err);

/* ---- the texts that some values are written as ---- */

/* "64MiB", "64 MB", "1000": bytes. Units are B, kB, MB, GB, TB (powers of 1000) and KiB, MiB, GiB,
 * TiB (of 1024), in any case. False if it is no size or over INT64_MAX. */
bool json_size_of_text(const char *text, long long *bytes);

/* The shortest decimal in plain notation that reads back as NUMBER (> 0, < 1). SIZE of TEXT at
 * least 32; false if it has more than JSON_SHARE_DECIMALS decimals. */
bool json_share_of_number(double number, char *text, size_t size);

#endif
