/*
 * The units of a frame and their ids: conversations, exchanges or users of a population, each with
 * the text that names it in samples, label sheets and tickets.
 *
 *     unit           its row in a part                    its id
 *     conversation   the conversation's                   "id"
 *     exchange       the exchange's number in the part    "id#1", "id#2", ... within its
 * conversation user           the user's first conversation        "user"; "/id" where nobody knows
 * the user
 *
 * Where two users have conversations of the same id, "user/id" stands for "id" in all units, with
 * "%" and "/" of the user written "%25" and "%2F", nothing for an unknown user and "%" for an empty
 * name, so that no two pairs look alike. A NUL in an id, which neither JSON readers nor
 * spreadsheets take, becomes U+FFFD. A conversation without a user is a user of its own.
 */
#ifndef PROFFER_UNIT_H
#define PROFFER_UNIT_H

#include "base/digest.h"
#include "base/error.h"
#include "base/span.h"
#include "queries/catalogue/bitmap.h"
#include "queries/catalogue/catalogue.h"
#include "queries/population.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum unit_kind { UNIT_CONVERSATION, UNIT_EXCHANGE, UNIT_USER };
enum { UNIT_KINDS = 3 };
extern const char *const unit_kinds[];   /* "conversation", ...; then NULL */
extern const char *const unit_plurals[]; /* "conversations", ...; then NULL */

/* How conversations are named within ids. */
enum unit_naming { UNIT_BY_ID, UNIT_BY_USER_AND_ID };
extern const char *const unit_namings[]; /* "id", "user/id"; then NULL */

struct units {
    enum unit_kind kind;
    enum unit_naming naming;
    const struct population *population;
    const struct catalogue *catalogue;
    struct bitmap **rows; /* [part] as the table above has them; the population's, or `own` */
    uint64_t count;       /* rows in all */
    struct bitmap **own;  /* of users */
};

/* Where a unit stands. */
struct unit_place {
    uint32_t part, row; /* as units->rows has it */
};

/* The units of POPULATION, which must outlive them. Release also on failure. */
PROFFER_MUST_USE enum status units_init(struct units *units, const struct population *population,
                                        enum unit_kind kind, enum unit_naming naming,
                                        struct error *err);
/* Of users who have something in INNER, each where POPULATION has them, all of whom it keeps
 * (population_keeps_users). */
PROFFER_MUST_USE enum status units_init_users(struct units *units,
                                              const struct population *population,
                                              const struct population *inner,
                                              enum unit_naming naming, struct error *err);
void units_release(struct units *units);

/* The conversation, within its part, that a unit is, belongs to or begins with. */
uint32_t unit_conversation(const struct units *units, size_t part, uint32_t row);

/* Users and ids have at most 256 bytes; a NUL takes three. */
enum { UNIT_ID_MAX = 2048 };

/* The id of a unit; points into the catalogue or into SCRATCH. Longer ones are cut. */
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

/* Calls VISIT for every unit, user after user: USER is below catalogue->users, or it for all units
 * of unknown users. */
typedef void unit_of_user(void *context, uint32_t user, size_t part, uint32_t row);
void units_by_user(const struct units *units, unit_of_user *visit, void *context);

/*
 * SHA-256 over "proffer frame 1", the kind of unit, the naming and all unit ids in catalogue
 * order, each with a NUL after it; where there are STRATA (else NULL), the names of all of them
 * stand before the ids, and after each id the number of its stratum, "0", "1", ...
 */
struct strata;
PROFFER_MUST_USE enum status units_digest(const struct units *units, const struct strata *strata,
                                          char hex[static 65], struct error *err);

/*
 * Whether no two units have the same id. Ids are hashed into bit sets of about a byte a unit; only
 * those whose bit was set twice are compared.
 */
PROFFER_MUST_USE enum status units_unique(const struct units *units, bool *unique,
                                          struct error *err);

#endif
