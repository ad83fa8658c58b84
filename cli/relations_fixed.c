/* Relations that nothing can be done about: see relations_fixed.h. */
#include "cli/relations_fixed.h"

enum status population_differs(enum told_of of, uint32_t min_users, struct error *err)
{
    static const char *const numbers[TOLD_KINDS] = {"conversations", "users"};
    (void)error_set(err, STATUS_REFUSED, "population",
                    "its number of %s and what earlier reports told under the same ledger, "
                    "subtracted, would tell of fewer than %u users",
                    numbers[of], (unsigned)min_users);
    return error_hint(err, "ask of logs, a period and filters that differ from those of an earlier "
                           "report not at all, or by more users");
}

static bool has_open(const struct shown_sets *d, const struct set_relation *relation)
{
    for (size_t i = 0; i < relation->count; i++)
        if (d->open[relation->sets[i]])
            return true;
    return false;
}

enum status relations_fixed(uint32_t min_users, const struct shown_sets *d,
                            struct set_relations *relations, struct error *err)
{
    size_t kept = 0;
    for (size_t r = 0; r < relations->count; r++) {
        bool open = has_open(d, &relations->items[r]);
        if (!open && !shown_sets_are_new(d, &relations->items[r]))
            return population_differs(TOLD_CONVERSATIONS, min_users, err);
        if (open)
            relations->items[kept++] = relations->items[r];
    }
    relations->count = kept;
    return STATUS_OK;
}
