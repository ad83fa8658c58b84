/*
 * How often the words of terms occur in the first records of some parts of the logs, which tells a
 * set of terms what to look for: of a phrase its rarest word. Results do not depend on it.
 */
#ifndef PROFFER_WORD_SAMPLE_H
#define PROFFER_WORD_SAMPLE_H

#include "base/error.h"
#include "queries/question_set.h"
#include "queries/scan.h"

#include <stddef.h>

enum { SAMPLE_PARTS = 4 }; /* one batch of each is read */

/*
 * Weighs the terms of SET, which has no reader yet, by the first batches of the COUNT parts PARTS
 * of the logs of STATE; of the first SAMPLE_PARTS, if there are more. Parts that cannot be read say
 * nothing: whoever scans them will say why. Error: no memory.
 */
PROFFER_MUST_USE enum status word_sample_weigh(struct question_set *set,
                                               const struct scan_state *state, const size_t *parts,
                                               size_t count, struct error *err);

#endif
