/*
 * Noise of a run: the plan's words made into a policy, and the capped population.
 */
#ifndef PROFFER_NOISE_RUN_H
#define PROFFER_NOISE_RUN_H

#include "base/arena.h"
#include "base/error.h"
#include "cli/matter.h"
#include "cli/pipeline.h"
#include "release/gate.h"
#include "release/ledger.h"
#include "release/noise_item.h"
#include "release/random_bits.h"

struct noise {
    struct arena arena;
    struct noise_policy policy; /* without questions until noise_quote */
    struct matter matter;
    struct random_bits bits;
    struct gate_noise gate;
};

/* What PLAN asks for, what it costs, how wide its noise is. Release also on failure. STATUS_PLAN
 * where the budget is too small for noise of any size, STATUS_REFUSED where noise cannot be put on
 * a sample that is there (noise_sample.h). */
PROFFER_MUST_USE enum status noise_init(struct noise *noise, const struct plan *plan,
                                        struct error *err);
void noise_release(struct noise *noise);

/*
 * Opens the ledger that the plan names and checks that it is the catalogue's. With NEW_LEDGER
 * another one may take its place. STATUS_REFUSED where it is not, or was rolled back.
 */
PROFFER_MUST_USE enum status noise_open(struct noise *noise, const struct plan *plan,
                                        const char *catalogue, bool new_ledger, struct error *err);

/* Where the logs must be read first, so that nothing is in the ledger yet: can it pay for all? */
PROFFER_MUST_USE enum status noise_can_pay_all(const struct noise *noise, struct error *err);

/* After the scan: the questions by the logs' digest; can the ledger pay for what it has not? Then
 * the population is capped and its conversations clamped. */
PROFFER_MUST_USE enum status noise_apply(struct noise *noise, struct pipeline *pipeline,
                                         struct error *err);

#endif
