/*
 * The texts of works, file after file: whole .txt files, lines of .jsonl files. Each text is
 * checked to be UTF-8 and comes with the id of its work.
 */
#ifndef PROFFER_WORK_TEXTS_H
#define PROFFER_WORK_TEXTS_H

#include "base/error.h"
#include "base/span.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>

struct work_texts;

/* Over the files of QUERY, which outlives it. NULL without memory. */
struct work_texts *work_texts_new(const struct plan_query *query)
    __attribute__((warn_unused_result));
void work_texts_free(struct work_texts *texts);

/*
 * The next work: ID and TEXT live until the next call. *END: there is none left. A file that is not
 * what it was when the plan was read, that is no UTF-8 text, or a line that is no work:
 * STATUS_INPUT naming file and line.
 */
PROFFER_MUST_USE enum status work_texts_next(struct work_texts *texts, struct span *id,
                                             struct span *text, bool *end, struct error *err);

/* `"works/a.jsonl", line 3` of the work that came last, for errors; lives until the next call. */
const char *work_texts_place(const struct work_texts *texts);

#endif
