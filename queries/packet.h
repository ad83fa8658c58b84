/*
 * The review packet of a sample: the text of the drawn units, read from the logs again, and sheets
 * for the reviewers' labels. A folder of mode 0700 with files of mode 0600:
 *
 *     packet.jsonl          { "number": "P0000001", "id": "...", "turns": [ { "role", "text",
 *                             "time" } ] }, a unit a line
 *     text/P0000001.txt     the same to read
 *     labels.csv            number,id,label,reviewer with empty labels
 *     packet.dat            a Concordance load file: DOCID, UNITID, TEXTPATH, LABEL
 *
 * Blind: no stratum, no score and no user is there, and the units stand in an order of their own,
 * by tickets of the sample's seed with "/packet" after it. A user's unit has all the user's
 * conversations of the population, one after another.
 */
#ifndef PROFFER_PACKET_H
#define PROFFER_PACKET_H

#include "base/error.h"
#include "queries/labelled_sample.h"

#include <stdint.h>

struct packet_summary {
    uint64_t units, conversations; /* written; read for them */
};

/* Of the units of LABELLED (labelled_sample_ids) whose numbers are in NUMBERS. STATUS_INPUT where
 * DIR is there already, or a record is no longer where the scan saw it. */
PROFFER_MUST_USE enum status packet_write(const struct labelled_sample *labelled,
                                          const uint32_t *numbers, size_t count, const char *dir,
                                          struct packet_summary *summary, struct error *err);

/*
 * The units whose labels are to be checked: all drawn ones that reviewers do not call irrelevant,
 * and of each stratum's irrelevant ones its share of SIZE, those with the smallest tickets of the
 * check's seed. *NUMBERS is freed by the caller. STATUS_PLAN without labels or with fewer
 * irrelevant ones than SIZE.
 */
PROFFER_MUST_USE enum status packet_checks(const struct labelled_sample *labelled, uint64_t size,
                                           uint32_t **numbers, size_t *count, struct error *err);

#endif
