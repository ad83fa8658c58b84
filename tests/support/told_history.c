/* What a reader has of a series of reports: see told_history.h. */
#include "tests/support/told_history.h"

#include "tests/support/support.h"

void told_history_init(struct told_history *history, bool remember, uint32_t min_users)
{
    *history = (struct told_history){.ledger = {.remember = remember, .min_users = min_users}};
}

void told_history_report(struct told_history *history, const struct made *made,
                         const struct plan *plan, told_history_see *see, const void *context)
{
    struct made_report report;
    struct population population;
    struct error err = ERROR_INIT;
    assert_ok(population_init(&population, &made->catalogue, plan, &err), err);
    made_report_init(&report, &history->ledger, made, plan, &population);
    if (report.release) {
        see(history, &report, context);
        assert_int_equal(made_report_keep_queries(&report, &history->ledger) +
                             made_report_keep_counts(&report, &history->ledger),
                         plan->query_count);
    }
    made_report_release(&report);
    population_release(&population);
}

void told_history_end(struct told_history *history)
{
    seen_count_leaks(&history->seen, history->ledger.min_users, &history->sums);
    seen_release(&history->seen);
    made_ledger_clear(&history->ledger);
}

void told_history_print(const struct told_history *with, const struct told_history *without,
                        size_t number)
{
    print_message("series %zu: %zu small figures, of which %zu follow (without a ledger %zu); %zu "
                  "of %zu figures shown (%zu); %zu judged again, %zu reports refused\n",
                  number, with->sums.small, with->sums.leaks, without->sums.leaks, with->sums.shown,
                  with->sums.cells, without->sums.shown, with->ledger.together,
                  with->ledger.refused);
}
