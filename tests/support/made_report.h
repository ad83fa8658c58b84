/* A report over made logs, judged together with what a ledger has of earlier ones. */
#ifndef PROFFER_TEST_MADE_REPORT_H
#define PROFFER_TEST_MADE_REPORT_H

#include "tests/support/catalogue_make.h"
#include "tests/support/made_ledger.h"

/* Must stay where it is. */
struct made_report {
    struct told_plan told;
    struct scan_state state;
    struct tally_source source;
    struct tally tally;
    size_t own; /* the report's own tables; those of the ledger come behind */
    struct told_tables_count told_tables; /* of tables by fields; all 0 without */
    struct release *release;              /* NULL: refused, as only one under a ledger may be */
};

/* Judges the queries of PLAN over a POPULATION of MADE's one part; the catalogue has the hits of
 * all of them and of those that LEDGER keeps, which all must be judged again. Counts them in LEDGER
 * and refusals, and keeps nothing. */
void made_report_init(struct made_report *report, struct made_ledger *ledger,
                      const struct made *made, const struct plan *plan,
                      const struct population *population);
void made_report_release(struct made_report *report);

/* Keeps the queries of a report that was not refused; how many it is of kinds that are remembered.
 */
size_t made_report_keep_queries(const struct made_report *report, struct made_ledger *ledger);

/* Keeps the tables of its counts by fields; how many these are. */
size_t made_report_keep_counts(const struct made_report *report, struct made_ledger *ledger);

#endif
