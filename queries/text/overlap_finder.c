/*
 * Overlap in a conversation: see overlap_finder.h. What outputs share waits until the conversation
 * ends (or too much of it waits), so that what users gave is put in order once.
 */
#include "queries/text/overlap_finder.h"

#include "base/memory.h"
#include "queries/text/supplied_text.h"

#include <stdlib.h>

/* A run (AT is its first word) or a piece (of WORK) of an output that waits to be judged. */
struct waiting {
    bool run;
    uint32_t exchange, turn, at, work, words, place;
    size_t supplied; /* runs of users before it */
};

/* A piece whose side is known. */
struct piece {
    uint32_t exchange, work, side, words;
};

/* How far a turn's words are covered. */
struct covered {
    uint32_t turn, any, originated; /* words before this one were looked at */
};

struct overlap_finder {
    const struct works_index *index;
    struct overlap_walk walk;
    struct supplied_text supplied;
    struct overlap_sink sink;
    uint32_t turns, exchange; /* turns so far; the exchange of the turn at hand */
    enum text_side side;
    struct covered prompt, output;
    struct waiting *waiting;
    size_t waiting_count, waiting_capacity;
    struct piece *pieces;
    size_t piece_count, piece_capacity, piece_limit; /* at the limit they are put together */
    struct overlap_exchange *exchanges;
    size_t exchange_count, exchange_capacity;
    struct overlap_work *works;
    size_t work_capacity;
    uint64_t prompt_words, output_words;
};

enum { WAITING_MOST = 1 << 18, PIECES_FIRST = 1 << 12, KEEP = 1 << 16 };

static enum status take_run(void *context, uint32_t at, uint32_t words, uint32_t place,
                            struct error *err);
static enum status take_piece(void *context, uint32_t work, uint32_t words, uint32_t place,
                              struct error *err);

struct overlap_finder *overlap_finder_new(const struct works_index *index)
{
    struct overlap_finder *finder = mem_zalloc(1, sizeof *finder);
    if (!finder)
        return NULL;
    finder->index = index;
    finder->sink = (struct overlap_sink){finder, take_run, take_piece};
    supplied_text_init(&finder->supplied, &index->words);
    if (overlap_walk_init(&finder->walk, index, false, NULL) != STATUS_OK) {
        overlap_finder_free(finder);
        return NULL;
    }
    return finder;
}

void overlap_finder_free(struct overlap_finder *finder)
{
    if (!finder)
        return;
    overlap_walk_release(&finder->walk);
    supplied_text_release(&finder->supplied);
    free(finder->waiting);
    free(finder->pieces);
    free(finder->exchanges);
    free(finder->works);
    free(finder);
}

/* ---- what is found ---- */

/* The exchange of the turn at hand, made if it is not there. */
static enum status need_exchange(struct overlap_finder *finder, struct error *err)
{
    size_t count = finder->exchange_count;
    if (count > 0 && finder->exchanges[count - 1].exchange == finder->exchange)
        return STATUS_OK;
    struct overlap_exchange *grown =
        mem_grow(finder->exchanges, &finder->exchange_capacity, count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    finder->exchanges = grown;
    grown[finder->exchange_count++] = (struct overlap_exchange){.exchange = finder->exchange};
    return STATUS_OK;
}

/* An exchange that was needed before. */
static struct overlap_exchange *find_exchange(const struct overlap_finder *finder, uint32_t ordinal)
{
    size_t low = 0, high = finder->exchange_count;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (finder->exchanges[mid].exchange <= ordinal)
            low = mid;
        else
            high = mid;
    }
    return &finder->exchanges[low];
}

static void add_run(struct overlap_exchange *to, enum overlap_side side, uint32_t words)
{
    to->longest[side] = words > to->longest[side] ? words : to->longest[side];
}

static int by_exchange_and_work(const void *a, const void *b)
{
    const struct piece *left = a, *right = b;
    if (left->exchange != right->exchange)
        return left->exchange < right->exchange ? -1 : 1;
    if (left->work != right->work)
        return left->work < right->work ? -1 : 1;
    return (left->side > right->side) - (left->side < right->side);
}

/* Leaves of the pieces of one exchange, work and side the longest. */
static void put_together(struct overlap_finder *finder)
{
    struct piece *pieces = finder->pieces;
    size_t kept = 0;
    if (finder->piece_count > 1)
        qsort(pieces, finder->piece_count, sizeof *pieces, by_exchange_and_work);
    for (size_t i = 0; i < finder->piece_count; i++) {
        if (kept == 0 || by_exchange_and_work(&pieces[kept - 1], &pieces[i]) != 0)
            pieces[kept++] = pieces[i];
        else if (pieces[kept - 1].words < pieces[i].words)
            pieces[kept - 1].words = pieces[i].words;
    }
    finder->piece_count = kept;
}

static enum status add_piece(struct overlap_finder *finder, uint32_t exchange,
                             enum overlap_side side, uint32_t work, uint32_t words,
                             struct error *err)
{
    if (finder->piece_count >= finder->piece_limit) {
        put_together(finder);
        finder->piece_limit = finder->piece_count * 2 + PIECES_FIRST;
    }
    struct piece *grown =
        mem_grow(finder->pieces, &finder->piece_capacity, finder->piece_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    finder->pieces = grown;
    grown[finder->piece_count++] = (struct piece){exchange, work, side, words};
    return STATUS_OK;
}

/* How many of the words [AT, END) of a turn no earlier run held; runs come in order. */
static uint32_t cover(uint32_t *until, uint32_t at, uint32_t end)
{
    uint32_t from = at > *until ? at : *until;
    *until = end > *until ? end : *until;
    return end > from ? end - from : 0;
}

static void next_turn(struct covered *covered, uint32_t turn)
{
    if (covered->turn != turn)
        *covered = (struct covered){.turn = turn};
}

/* ---- outputs ---- */

/* A run covers what none before it did; a model-originated one takes words from supplied ones. */
static void judge_run(struct overlap_finder *finder, const struct waiting *run, bool supplied)
{
    struct overlap_exchange *to = find_exchange(finder, run->exchange);
    uint32_t end = run->at + run->words;
    add_run(to, supplied ? OVERLAP_SUPPLIED : OVERLAP_ORIGINATED, run->words);
    next_turn(&finder->output, run->turn);
    to->covered[OVERLAP_SUPPLIED] += cover(&finder->output.any, run->at, end);
    if (supplied)
        return;
    uint32_t originated = cover(&finder->output.originated, run->at, end);
    to->covered[OVERLAP_ORIGINATED] += originated;
    to->covered[OVERLAP_SUPPLIED] -= originated;
}

static enum status judge_waiting(struct overlap_finder *finder, struct error *err)
{
    for (size_t i = 0; i < finder->waiting_count; i++) {
        const struct waiting *it = &finder->waiting[i];
        bool supplied;
        TRY(supplied_text_has(&finder->supplied, it->place, it->words, it->supplied, &supplied,
                              err));
        if (it->run)
            judge_run(finder, it, supplied);
        else
            TRY(add_piece(finder, it->exchange, supplied ? OVERLAP_SUPPLIED : OVERLAP_ORIGINATED,
                          it->work, it->words, err));
    }
    finder->waiting_count = 0;
    return STATUS_OK;
}

static enum status wait(struct overlap_finder *finder, const struct waiting *it, struct error *err)
{
    if (finder->waiting_count >= WAITING_MOST)
        TRY(judge_waiting(finder, err));
    struct waiting *grown = mem_grow(finder->waiting, &finder->waiting_capacity,
                                     finder->waiting_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    finder->waiting = grown;
    grown[finder->waiting_count++] = *it;
    return STATUS_OK;
}

/* ---- from the walk ---- */

static enum status take_run(void *context, uint32_t at, uint32_t words, uint32_t place,
                            struct error *err)
{
    struct overlap_finder *finder = context;
    TRY(need_exchange(finder, err));
    if (finder->side == SIDE_OUTPUT)
        return wait(finder,
                    &(struct waiting){.run = true,
                                      .exchange = finder->exchange,
                                      .turn = finder->turns,
                                      .at = at,
                                      .words = words,
                                      .place = place,
                                      .supplied = finder->supplied.count},
                    err);
    struct overlap_exchange *to = &finder->exchanges[finder->exchange_count - 1];
    add_run(to, OVERLAP_PROMPT, words);
    next_turn(&finder->prompt, finder->turns);
    to->covered[OVERLAP_PROMPT] += cover(&finder->prompt.any, at, at + words);
    return supplied_text_add(&finder->supplied, place, words, err);
}

static enum status take_piece(void *context, uint32_t work, uint32_t words, uint32_t place,
                              struct error *err)
{
    struct overlap_finder *finder = context;
    if (finder->side == SIDE_OUTPUT)
        return wait(finder,
                    &(struct waiting){.exchange = finder->exchange,
                                      .work = work,
                                      .words = words,
                                      .place = place,
                                      .supplied = finder->supplied.count},
                    err);
    return add_piece(finder, finder->exchange, OVERLAP_PROMPT, work, words, err);
}

/* ---- conversations ---- */

/* What a large conversation needed is given back. */
static void give_back(struct overlap_finder *finder)
{
    if (finder->waiting_capacity > KEEP) {
        free(finder->waiting);
        finder->waiting = NULL;
        finder->waiting_capacity = 0;
    }
    if (finder->piece_capacity > KEEP) {
        free(finder->pieces);
        finder->pieces = NULL;
        finder->piece_capacity = 0;
    }
    if (finder->work_capacity > KEEP) {
        free(finder->works);
        finder->works = NULL;
        finder->work_capacity = 0;
    }
}

void overlap_finder_begin(struct overlap_finder *finder)
{
    give_back(finder);
    supplied_text_reset(&finder->supplied);
    finder->turns = 0;
    finder->prompt = finder->output = (struct covered){.turn = 0};
    finder->waiting_count = finder->piece_count = finder->exchange_count = 0;
    finder->piece_limit = PIECES_FIRST;
    finder->prompt_words = finder->output_words = 0;
}

enum status overlap_finder_turn(struct overlap_finder *finder, enum text_side side,
                                uint32_t exchange, const uint64_t *hashes, size_t count,
                                struct error *err)
{
    if (side != SIDE_PROMPT && side != SIDE_OUTPUT)
        return STATUS_OK;
    finder->turns++;
    finder->side = side;
    finder->exchange = exchange;
    *(side == SIDE_PROMPT ? &finder->prompt_words : &finder->output_words) += count;
    return overlap_walk_text(&finder->walk, hashes, count, &finder->sink, err);
}

/* The pieces of each exchange as works; every piece belongs to an exchange with a run. */
static enum status list_works(struct overlap_finder *finder, size_t *count, struct error *err)
{
    put_together(finder);
    struct overlap_work *works =
        mem_grow(finder->works, &finder->work_capacity, finder->piece_count, sizeof *works);
    if (!works)
        return error_nomem(err);
    finder->works = works;
    *count = 0;
    size_t at = 0;
    for (size_t e = 0; e < finder->exchange_count; e++) {
        struct overlap_exchange *exchange = &finder->exchanges[e];
        exchange->first_work = *count;
        for (; at < finder->piece_count && finder->pieces[at].exchange == exchange->exchange;
             at++) {
            const struct piece *piece = &finder->pieces[at];
            if (*count == exchange->first_work || works[*count - 1].work != piece->work)
                works[(*count)++] = (struct overlap_work){.work = piece->work};
            works[*count - 1].longest[piece->side] = piece->words;
        }
        exchange->work_count = *count - exchange->first_work;
    }
    return STATUS_OK;
}

enum status overlap_finder_end(struct overlap_finder *finder, struct overlap_found *found,
                               struct error *err)
{
    size_t works = 0;
    TRY(judge_waiting(finder, err));
    if (finder->exchange_count)
        TRY(list_works(finder, &works, err));
    *found = (struct overlap_found){.prompt_words = finder->prompt_words,
                                    .output_words = finder->output_words,
                                    .exchanges = finder->exchanges,
                                    .exchange_count = finder->exchange_count,
                                    .works = finder->works,
                                    .work_count = works};
    return STATUS_OK;
}
