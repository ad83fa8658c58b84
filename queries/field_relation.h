/*
 * How the labels of two fields are related: a month tells the quarter; a list of values tells a
 * shorter one's; bins tell wider ones whose bounds are among theirs.
 *
 *     fields                    what they have in common
 *     times                     the coarser one, where the finer one tells it
 *     stored, values or all     the values that both list; all others are one, "other"
 *     numbers in bins           the bounds that both have
 *
 * A field in bins and one by values have nothing in common here.
 */
#ifndef PROFFER_FIELD_RELATION_H
#define PROFFER_FIELD_RELATION_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>

enum { FIELD_LABEL = 96 };

/* May a value from the logs stand in a report? Else it is "other", also where all are shown. */
bool field_value_shown(const char *text, size_t len);

/* The label of bin BIN, 0 to bin_count: "below 0.2", "0.2 to below 0.5", "0.5 or more". */
void field_bin_text(const struct plan_field *field, size_t bin, char text[static FIELD_LABEL]);

/* Has the value VALUE of a stored field, not in bins, a label of its own? Else it is "other". */
bool field_lists(const struct plan_field *field, const char *value);

/* Are A's labels B's, in the same order? */
bool field_same(const struct plan_field *a, const struct plan_field *b);
/* Of as many fields each? */
bool fields_same(const struct plan_field *a, size_t a_count, const struct plan_field *b,
                 size_t b_count);

/* Does the label of FINE tell that of COARSE, whatever it is? */
bool field_tells(const struct plan_field *fine, const struct plan_field *coarse);

/* Puts what A and B have in common into TO (made in ARENA), which both tell; *ANY false if
 * nothing. */
PROFFER_MUST_USE enum status field_in_common(const struct plan_field *a, const struct plan_field *b,
                                             struct arena *arena, struct plan_field *to, bool *any,
                                             struct error *err);

/*
 * The label of TO for what FROM, which tells it, labels LABEL: LABEL, TEXT or a constant. With
 * UNKNOWN_APART records without a value are no "other"; they are where one of the two lists, and
 * the other does not, a value "unknown" that occurs.
 */
const char *field_label_in(const struct plan_field *to, const struct plan_field *from,
                           bool unknown_apart, const char *label, char text[static FIELD_LABEL]);

#endif
