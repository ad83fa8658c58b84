/*
 * The units of a frame and their ids: rows of a catalogue, each with the text that names it in
 * samples, label sheets and tickets.
 *
 * A conversation's unit id is its id. Where two users have the same one it is "user/id" for all
 * units, with "%" and "/" of the user written "%25" and "%2F", nothing for an unknown user and "%"
 * for an empty name, so that no two pairs look alike. A NUL in an id, which neither JSON readers
 * nor spreadsheets take, becomes U+FFFD.
 */
#ifndef PROFFER_UNIT_H
#define PROFFER_UNIT_H

#include "base/digest.h"
#include "base/error.h"
#include "base/span.h"
#include "queries/catalogue/bitmap.h"
#include "queries/catalogue/catalogue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum unit_naming { UNIT_BY_ID, UNIT_BY_USER_AND_ID };
extern const char *const unit_namings[]; /* "id", "user/id"; then NULL */

struct units {
    const struct catalogue *catalogue;
    struct bitmap *const *rows; /* [part] */
    uint64_t count;             /* rows in all */
    enum unit_naming naming;
};

/* Users and ids have at most 256 bytes; a NUL takes three. */
enum { UNIT_ID_MAX = 2048 };

/* The id of a row's unit; points into the catalogue or into SCRATCH. Longer ones are cut. */
struct span unit_id(const struct units *units, size_t part, uint32_t row,
                    char scratch[static UNIT_ID_MAX]);

/*
 * Calls VISIT for every unit on WORKERS threads; with one of them in catalogue order. The id is
 * valid during the call. Ends with the first failure.
 */
typedef enum status unit_visit(void *context, unsigned worker, size_t part, uint32_t row,
                               struct span id, struct error *err);
PROFFER_MUST_USE enum status units_each(const struct units *units, unsigned workers,
                                        unit_visit *visit, void *context, struct error *err);

/*
 * SHA-256 over "proffer frame 1", the unit ("conversation"), the naming and all unit ids in
 * catalogue order, each with a NUL after it.
 */
PROFFER_MUST_USE enum status units_digest(const struct units *units, char hex[static 65],
                                          struct error *err);

/*
 * Whether no two units have the same id. Ids are hashed into bit sets of about a byte a unit; only
 * those whose bit was set twice are compared.
 */
PROFFER_MUST_USE enum status units_unique(const struct units *units, bool *unique,
                                          struct error *err);

#endif
