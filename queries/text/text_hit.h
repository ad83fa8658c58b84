/*
 * What was found in one conversation of one thing that was looked for in its text: a search term, a
 * topic's rule, a kind of identifier, a regular expression.
 */
#ifndef PROFFER_TEXT_HIT_H
#define PROFFER_TEXT_HIT_H

#include <stdbool.h>
#include <stdint.h>

enum text_side { SIDE_PROMPT, SIDE_OUTPUT, SIDE_SYSTEM, SIDE_TOOL };

struct text_hit {
    uint32_t number;      /* of what was looked for; hits come in ascending order of it */
    uint32_t turns;       /* that hold an occurrence */
    uint32_t occurrences; /* of a term: maximal hits of word, phrase and proximity parts not under
                             NOT, in satisfied spans, none counted twice */
    bool prompt_only;     /* at least one occurrence, and all of them in user turns */
    bool output_only;     /* the same for assistant turns */
    /* Ordinals (from 0) of the exchanges that hold an occurrence (of a term: in a satisfied span,
     * or, where the span is an exchange or a turn, that are or hold a satisfied span). Ascending.
     */
    const uint32_t *exchanges;
    uint32_t exchange_count;
};

#endif
