/*
 * The keys of a plan and of a taxonomy, one table an object. templates/plan.schema.json says the
 * same; a test holds the two together.
 */
#ifndef PROFFER_PLAN_KEYS_H
#define PROFFER_PLAN_KEYS_H

#include "base/json_keys.h"
#include "queries/plan.h"

extern const struct json_table plan_keys, logs_keys, field_map_keys, population_keys, filter_keys,
    words_keys, by_keys, noise_keys, select_keys, budget_keys, per_user_keys, per_conversation_keys,
    release_keys, report_keys, stamp_keys, taxonomy_keys, taxonomy_group_keys, taxonomy_topic_keys;

/* Of a query, by kind. */
extern const struct json_table query_keys[QUERY_KIND_COUNT];
extern const struct json_table adjudication_keys, option_keys, burden_keys,
    assumption_keys, risk_keys;

/* Every table above by its place in the plan: "plan", "plan.logs", "query.count", ...; ends with
 * NULL. */
extern const struct json_table *const plan_tables[];

#endif
