/* Exchanges of a conversation, turn by turn. */
#ifndef PROFFER_EXCHANGE_H
#define PROFFER_EXCHANGE_H

#include "queries/logs/conversation.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The ordinal of each turn's exchange. A user turn opens an exchange unless the open one has no
 * assistant turn yet; every other turn belongs to the open one, and opens the first if there is
 * none.
 */
struct exchange_counter {
    uint32_t count;
    bool answered; /* the open exchange has an assistant turn */
};

static inline uint32_t exchange_counter_next(struct exchange_counter *counter, enum turn_role role)
{
    if (counter->count == 0 || (role == ROLE_USER && counter->answered)) {
        counter->count++;
        counter->answered = false;
    }
    if (role == ROLE_ASSISTANT)
        counter->answered = true;
    return counter->count - 1;
}

#endif
