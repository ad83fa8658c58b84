/* What `proffer size` says of a stratified sample. */
#ifndef PROFFER_SIZE_STRATA_H
#define PROFFER_SIZE_STRATA_H

#include "base/error.h"
#include "stats/claim_share.h"

#include <jansson.h>
#include <stdint.h>

struct size_strata_request {
    const char *claim;
    const char *strata; /* "100000,19900000": N_h */
    const char *rates;  /* "0.02,0.0001", or NULL: proportional */
    uint64_t hits;
    double confidence;
    double rate, cost; /* units labelled an hour, money an hour; 0: not given */
    json_t *rows;      /* with --json, else NULL: printed */
};

/* STATUS_USAGE for what cannot be read or be. */
PROFFER_MUST_USE enum status size_strata(const struct size_strata_request *request,
                                         struct error *err);

#endif
