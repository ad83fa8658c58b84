/*
 * Labels of a sample: a CSV file `id,label[,reviewer]` with a header row, columns in any order,
 * others ignored. UTF-8, with or without byte order mark. Or the same as a Concordance DAT file
 * (dat.h), as review platforms export it. The column `id` may also be called `unitid`.
 *
 *     relevant    relevant, yes, true, 1
 *     irrelevant  irrelevant, not relevant, no, false, 0
 *     unreadable  unreadable, unclear, ?
 *     missing     an empty field, or no row at all            in any case, blanks around ignored
 *
 * Everything else is STATUS_INPUT naming file, line and field: another word, an id that is not in
 * the sample, the same id labelled in two ways by the same reviewer, UTF-16, semicolons. Where
 * reviewers differ about a unit it is neither relevant nor irrelevant but DISAGREED.
 */
#ifndef PROFFER_LABELS_H
#define PROFFER_LABELS_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/tally.h"

#include <stddef.h>
#include <stdint.h>

enum label {
    LABEL_MISSING,
    LABEL_RELEVANT,
    LABEL_IRRELEVANT,
    LABEL_UNREADABLE,
    LABEL_DISAGREED,
    LABEL_FIRST_CATEGORY /* of a vocabulary: its words, in order */
};

/*
 * Words that labels may be instead of relevant and irrelevant: topics. An unreadable unit is as
 * above. At most LABEL_CATEGORIES_MAX.
 */
enum { LABEL_CATEGORIES_MAX = 240 };
struct label_vocabulary {
    const char *const *words;
    size_t count;
};

struct labels {
    uint8_t *units; /* [count] enum label or a category, by the number of the id */
    size_t count;
    uint64_t rows, empty; /* rows of the file; those without a label */
    uint64_t repeated;    /* rows that say again what their reviewer said before */
    uint64_t reviewers;   /* distinct ones that gave a label; no name is a name of its own */
    uint64_t disagreed;   /* units that reviewers differ about */
    struct tally_agreement agreement; /* of units with labels of several reviewers */
    char *ignored;                    /* "date, notes": columns; NULL if none */
};

/*
 * Reads the labels of the units IDS from the file PATH; NAME is what errors call it (NULL: PATH).
 * Release also on failure.
 */
PROFFER_MUST_USE enum status labels_read(struct labels *labels, const char *path, const char *name,
                                         const struct intern *ids, struct error *err);
/* The same with the words of VOCABULARY; agreement is not counted. */
PROFFER_MUST_USE enum status labels_read_categories(struct labels *labels, const char *path,
                                                    const struct intern *ids,
                                                    const struct label_vocabulary *vocabulary,
                                                    struct error *err);
/* The same from LEN bytes of TEXT. */
PROFFER_MUST_USE enum status labels_parse(struct labels *labels, const char *text, size_t len,
                                          const char *name, const struct intern *ids,
                                          struct error *err);
void labels_release(struct labels *labels);

/* Warning I in words into TEXT; 0 if there is none, as its length otherwise. I counts from 0. */
size_t labels_warning(const struct labels *labels, size_t i, char *text, size_t size);

#endif
