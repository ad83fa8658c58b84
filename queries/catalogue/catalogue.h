/*
 * The catalogue: a folder of parts, each a folder of segments.
 *
 *     CATALOGUE/ lock  manifest.json
 *                parts/KEY/base-DIGEST/      columns: see part_build.h
 *                parts/KEY/hits-DIGEST/      hits of one query's terms: see hits.h
 *                parts/KEY/words-DIGEST/     words that its terms match: see leaf_lists.h
 *                settled/DIGEST/             duplicates and users over all parts: see settle.h
 *
 * KEY is the first 16 hex digits of SHA-256(file name, NUL, start): unlike an ordinal it does not
 * shift when a file is added, so that only what changed is scanned again. Ordinals follow the
 * bytewise-sorted names and starts. DIGEST is the first 16 hex digits of what shaped the scan.
 */
#ifndef PROFFER_CATALOGUE_H
#define PROFFER_CATALOGUE_H

#include "base/error.h"
#include "base/span.h"
#include "queries/catalogue/bitmap.h"
#include "queries/catalogue/part_build.h"
#include "queries/catalogue/segment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "CATALOGUE/parts/KEY"; the caller frees it. NULL without memory. */
char *catalogue_part_dir(const char *catalogue, const char *file_name, uint64_t start)
    __attribute__((warn_unused_result));

/* "PART_DIR/KIND-DIGEST16"; the caller frees it. */
char *catalogue_segment_dir(const char *part_dir, const char *kind, const char *digest)
    __attribute__((warn_unused_result));

/*
 * Makes the folder if need be, takes the lock of one writer and removes what an interrupted one
 * left aside. *LOCK is closed by catalogue_unlock. STATUS_INPUT when another process holds it.
 */
PROFFER_MUST_USE enum status catalogue_lock(const char *catalogue, int *lock, struct error *err);
void catalogue_unlock(int lock);

/* ---- reading ---- */

struct catalogue_field {
    const uint32_t *codes; /* [rows]; PART_NO_CODE: absent */
    struct segment_strings dictionary;
};

struct catalogue_part {
    struct segment *base;
    uint32_t rows, exchange_total;
    uint64_t first_row; /* rows of the parts before it */
    const uint64_t *offset;
    const int64_t *time;
    const uint32_t *turns, *exchanges, *words;
    uint32_t *clamped[3]; /* what those point to after catalogue_clamp */
    struct segment_strings ids;
    struct catalogue_field user;
    struct catalogue_field *fields; /* [field_count] in the order of the names given */
    char *input_name;
    char id_prefix[17]; /* of ids made for rows without one, see catalogue_id */
    uint64_t input_start;

    /* From settle: */
    const uint32_t *first_exchange; /* [rows + 1] exchanges of the rows before */
    const uint32_t *user_of;        /* [rows] number of the user over all parts, or PART_NO_CODE */
    struct bitmap *duplicates;      /* rows that repeat an earlier (user, id) */
};

struct catalogue {
    struct catalogue_part *parts; /* in order of ordinal */
    size_t count;
    size_t field_count;
    uint64_t rows;
    uint32_t users; /* distinct known users */
    struct segment *settled;
};

/*
 * Opens base segments at PATHS (in order of ordinal) with the fields of those names. Afterwards
 * the parts know nothing of duplicates and global users until settle_open.
 */
PROFFER_MUST_USE enum status catalogue_open(struct catalogue *catalogue, char *const *paths,
                                            size_t count, const char *const *field_names,
                                            size_t field_count, struct error *err);
void catalogue_close(struct catalogue *catalogue);

/* Of each conversation at most so many exchanges, turns and words count from now on; 0: all. */
PROFFER_MUST_USE enum status catalogue_clamp(struct catalogue *catalogue, uint32_t exchanges,
                                             uint32_t turns, uint32_t words, struct error *err);

enum { CATALOGUE_ID_MAX = 40 };

/*
 * The id of a row: its own, else "<16 hex digits>-<offset>" from the SHA-256 of the part's input
 * (of the file's name where none was computed) and the record's offset. Points into the catalogue
 * or into SCRATCH.
 */
struct span catalogue_id(const struct catalogue_part *part, uint32_t row,
                         char scratch[static CATALOGUE_ID_MAX]);

/* The conversation, within its part, that EXCHANGE (below exchange_total) belongs to. Only after
 * settle_open. */
static inline uint32_t catalogue_row_of_exchange(const struct catalogue_part *part,
                                                 uint32_t exchange)
{
    uint32_t low = 0, high = part->rows;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (part->first_exchange[middle] <= exchange)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The number of a row's user over all parts, or PART_NO_CODE. Only after settle_open. */
static inline uint32_t catalogue_user(const struct catalogue_part *part, uint32_t row)
{
    return part->user_of[row];
}

#endif
