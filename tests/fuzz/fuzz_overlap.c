/*
 * Fuzzes overlap with works against its definition. The first byte is the window, less 4; then
 * works, a turn of each conversation and words follow one another as bytes: 0xFF begins the next
 * work, 0xFE the first or next turn, whose next byte says side and exchange; any other byte is the
 * word of that number modulo 16.
 */
#include "tests/support/overlap_reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where words go next; NULL where there is no room for another text. */
static struct reference_text *next_work(struct reference_case *test)
{
    return test->work_count < REFERENCE_WORKS ? &test->works[test->work_count++] : NULL;
}

static struct reference_text *next_turn(struct reference_case *test, uint8_t what)
{
    static const enum text_side sides[] = {SIDE_PROMPT, SIDE_OUTPUT, SIDE_SYSTEM, SIDE_TOOL};
    if (test->turn_count == REFERENCE_TURNS)
        return NULL;
    uint32_t exchange = test->turn_count ? test->turns[test->turn_count - 1].exchange : 0;
    if (what & 4 && exchange + 1 < REFERENCE_TURNS)
        exchange++;
    struct reference_turn *turn = &test->turns[test->turn_count++];
    turn->side = sides[what & 3];
    turn->exchange = exchange;
    return &turn->text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct reference_case test;
    if (size < 2 || size > 1500)
        return 0;
    memset(&test, 0, sizeof test);
    test.window = WORKS_WINDOW_LEAST + data[0] % 12;
    struct reference_text *text = next_work(&test);
    for (size_t i = 1; i < size; i++) {
        if (data[i] == 0xFF && test.turn_count == 0)
            text = next_work(&test);
        else if (data[i] == 0xFE && i + 1 < size)
            text = next_turn(&test, data[++i]);
        else if (text && text->count < REFERENCE_WORDS)
            text->words[text->count++] = data[i] % 16;
    }
    const char *differs = overlap_reference_check(&test, data[0]);
    if (differs) {
        fprintf(stderr, "%s\n", differs);
        abort();
    }
    return 0;
}
