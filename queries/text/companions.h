/*
 * The words of phrases that need not be looked for. A phrase is found by its anchor, the word of it
 * that looks rarest; where its other words stand matters only beside an anchor. So a word that is
 * asked for only as such a companion is passed over like any word that nobody asks for. An anchor is
 * recorded where the bytes around it may spell one of its phrases, whose other words are looked up
 * there afterwards.
 *
 * Only where a raw run is ASCII, and so one word, is it passed over: what stands in other runs is
 * recorded at once.
 */
#ifndef PROFFER_COMPANIONS_H
#define PROFFER_COMPANIONS_H

#include "base/span.h"
#include "queries/text/term_eval.h"
#include "queries/text/word_edges.h"

/* ---- which patterns are companions; for term_triggers.c ---- */

/* Words side by side, as items of a program node; one of them is the anchor. */
struct phrase {
    const uint32_t *items;
    uint32_t count, anchor;
};

PROFFER_MUST_USE enum status companions_begin(struct term_set *set, struct error *err);
/* Excludes what must be found by itself of the words of a phrase. */
void companions_exclude(struct term_set *set, const struct phrase *phrase);
/* Tells the anchor where its companions stand, once all phrases have excluded theirs. */
PROFFER_MUST_USE enum status companions_attach(struct term_set *set, const struct phrase *phrase,
                                               struct error *err);
PROFFER_MUST_USE enum status companions_finish(struct term_set *set, struct error *err);
void companions_release(struct companions *companions);

/* The companion that the LEN bytes of ASCII at RUN are, in small letters or not; UINT32_MAX if they
 * are none. */
uint32_t companions_look_up(const struct companions *companions, const char *run, size_t len);

/* ---- finding them around anchors ---- */

/* What the COUNT PATTERNS of the run of one word from FROM to TO of TEXT want around it, of the
 * phrases that the bytes there let stand. */
struct reach companions_near(const struct companions *companions, const uint32_t *patterns,
                             size_t count, const struct word_edges *rules, struct span text,
                             size_t from, size_t to);

/* A raw run with an anchor in it. */
struct anchor_run {
    uint32_t from, to;        /* bytes of the message */
    uint32_t position, words; /* its first word */
    struct reach reach;
};

/* Of a message. */
struct anchors {
    struct anchor_run *items;
    size_t count, capacity;
    struct occurrence *found; /* companions */
    size_t found_count, found_capacity;
};

void anchors_release(struct anchors *anchors);

PROFFER_MUST_USE enum status anchors_add(struct anchors *anchors, const struct anchor_run *anchor,
                                         struct error *err);

/* What a raw run that is not all ASCII counts: its words. */
struct run_counter {
    enum status (*count)(void *context, const char *run, size_t len, uint64_t *words,
                         struct error *err);
    void *context;
};

/* Fills ANCHORS->found with the companions around the anchors in TEXT, ascending by position, each
 * once. */
PROFFER_MUST_USE enum status anchors_find(struct anchors *anchors,
                                          const struct companions *companions,
                                          const struct word_edges *rules, struct span text,
                                          const struct run_counter *counter, struct error *err);

#endif
