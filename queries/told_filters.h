/*
 * The filters of a population that a report told of, as the ledger remembers them: in the clear, as
 * the values that a table lists are, so that they can be applied again:
 *
 *     [{"field": "model", "in": ["gpt-4"]}, {"field": "tier", "not_in": ["3", "4"]}]
 *
 * A filter on users or ids is never written so: of such a population there is but a keyed digest,
 * by which it is seen that another one is the same. What is read is not trusted.
 */
#ifndef PROFFER_TOLD_FILTERS_H
#define PROFFER_TOLD_FILTERS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json_io.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* Of more filters, or bytes of values, a ledger has but the digest. */
enum { TOLD_FILTERS_MAX = 64, TOLD_FILTERS_BYTES = 1 << 16 };

/* By PLAN's names for fields. */
struct told_filters {
    struct plan_filter *items; /* [count] */
    size_t count;
    bool there;   /* else they are not known */
    bool unknown; /* read: the plan has no such field */
};

/* Whether they can be written. */
bool told_filters_are_plain(const struct plan_filter *filters, size_t count);

/* NULL for lack of memory. */
json_t *told_filters_write(const struct plan_filter *filters, size_t count);
/* Reads LIST, NULL where there is none, into ARENA. *VALID is false where it is no such list. */
PROFFER_MUST_USE enum status told_filters_read(struct told_filters *filters, const json_t *list,
                                               const struct plan *plan, struct arena *arena,
                                               bool *valid, struct error *err);

#endif
