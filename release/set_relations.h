/*
 * Of sets that were told, which two or three a reader could add and subtract so that few users are
 * left (D):
 *
 *     a within u:           u - a = D
 *     u is a or b:          a + b - u = D    in both a and b; or what u lacks of one of them
 *     u is a, b and more:   u - a - b = D    and nobody in both
 *
 * Sets are known by their sums (set_sums.h). Triples are found without looking at all of them: the
 * groups are put into min_users blocks, of which D's users miss one; there a's sum and b's are
 * exactly u's, and a table of sums has it. What is left is checked by groups: fewer than min_users
 * are not 0, and no more than the figure of D counts. So of sets of at least min_users users none
 * is missed, as long as there are as many groups.
 */
#ifndef PROFFER_SET_RELATIONS_H
#define PROFFER_SET_RELATIONS_H

#include "base/error.h"
#include "release/set_sums.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SET_RELATION_PAIR = 2, SET_RELATION_TRIPLE = 3 };

struct set_relation {
    size_t sets[SET_RELATION_TRIPLE]; /* a, u; or a, b, u: numbers of sets */
    size_t count;                     /* 2 or 3 */
    uint64_t between;                 /* the figure of D */
    uint32_t users;                   /* at least so many users are in D */
    bool both;                        /* of three: a + b - u = D */
};

struct set_relations {
    struct set_relation *items;
    size_t count, capacity;
    size_t open, compared; /* open sets; of them compared with all pairs of others */
    uint64_t work;
};

enum { SET_RELATIONS_MAX = 100000 };
/* Steps of looking for triples, after which no more sets are begun: some seconds. */
#define SET_RELATIONS_WORK UINT64_C(2000000000)

enum set_relations_of { SETS_OF_CONVERSATIONS, SETS_OF_USERS };

/*
 * Finds all that have an OPEN[i] among them, up to SET_RELATIONS_MAX. All of SETS[COUNT] have as
 * many groups, and none has fewer users than MIN_USERS; of conversations no two are the same. Of
 * sets of users D's figure is its users, unless unknown ones are among them. Release also on
 * failure.
 */
PROFFER_MUST_USE enum status set_relations_find(struct set_relations *relations,
                                                const struct set_sums *const *sets,
                                                const bool *open, size_t count,
                                                enum set_relations_of of, uint32_t min_users,
                                                uint64_t work, struct error *err);
/* In how many groups something is left of A's and B's (which may be NULL) less U's; MOST + 1 for
 * any number above MOST. */
uint32_t set_relations_left(const struct set_sums *a, const struct set_sums *b,
                            const struct set_sums *u, uint32_t most);
void set_relations_release(struct set_relations *relations);

#endif
