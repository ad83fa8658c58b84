/*
 * Buying figures with noise: what gate_noise.c and gate_noise_sample.c share; nobody else includes
 * this.
 */
#ifndef PROFFER_NOISE_BUYING_H
#define PROFFER_NOISE_BUYING_H

#include "release/figure_make.h"
#include "release/gate.h"

/* The true values of noisy cells, in the order of the item's values. */
struct noise_cells {
    const struct tally *tally;
    const struct tally_table *table; /* NULL: the population's own numbers, or a sample's */
    const struct tally_stratum *const *parts; /* [rows] of a sample */
    bool check_all; /* then: labels that were to be checked and were not are unreadable */
    size_t columns[NOISE_MEASURES_MAX]; /* of a sample: by enum noise_sample_column */
    size_t rows;                        /* that have noise of their own */
};

/* Values of ITEM, measure after measure, each over its rows, from the ledger or paid for now.
 * Release OUT also on failure. */
PROFFER_MUST_USE enum status noise_buy(const struct gate_noise *noise,
                                       const struct noise_item *item,
                                       const struct noise_cells *cells, struct ledger_figures *out,
                                       struct error *err);

/* The laws of ITEM's measures, as long as the release lives. */
PROFFER_MUST_USE enum status noise_copy_laws(struct release *release, const struct noise_item *item,
                                             const struct noise_law **out, struct error *err);
/* LAW is the release's copy of MEASURE's. */
struct figure noise_figure(int64_t value, const struct noise_measure *measure,
                           const struct noise_law *law);

/* gate_noise_sample.c: what is told of a stratum of a sample, and its value in PART. */
enum noise_sample_column {
    NOISE_DRAWN,
    NOISE_RELEVANT,
    NOISE_UNREADABLE,
    NOISE_POPULATION,
    NOISE_CLEARED,
    NOISE_CHECKED,
    NOISE_OVERTURNED,
    NOISE_UNCLEAR,
    NOISE_SAMPLE_COLUMNS
};
uint64_t noise_sample_value(const struct tally_stratum *part, bool check_all, size_t column);

/* All samples of TALLY. The population is there already. */
PROFFER_MUST_USE enum status noise_release_samples(struct release *release,
                                                   const struct tally *tally,
                                                   const struct gate_noise *noise,
                                                   struct error *err);

#endif
