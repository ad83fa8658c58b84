/*
 * Any bytes cut in every framing: the same records whatever the windows, in rising order, none over
 * the limit. The first byte chooses the size of windows and whether the stream broke.
 */
#include "queries/logs/splitter.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_RECORD = 150 };

struct found {
    struct split_record *items;
    size_t count;
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static struct found cut_all(enum framing framing, const char *data, size_t len, size_t step,
                            bool cut)
{
    struct found found = {calloc(2 * len + 4, sizeof *found.items), 0};
    char *window = malloc(len + 1);
    check(window && found.items);
    size_t have = 0, fed = 0;
    struct splitter splitter;
    struct split_record record;
    splitter_init(&splitter, framing, MAX_RECORD, 0);
    for (;;) {
        size_t more = len - fed < step ? len - fed : step;
        memcpy(window + have, data + fed, more);
        have += more;
        fed += more;
        while (splitter_next(&splitter, window, have, fed == len, cut, &record)) {
            check(found.count < 2 * len + 4);
            check(record.at + record.len <= have);
            check(record.len <= MAX_RECORD);
            check(record.len == 0 ||
                  memcmp(window + record.at, data + record.offset, record.len) == 0);
            check(record.len > 0 || record.why != REJECT_NONE);
            record.at = 0;
            found.items[found.count++] = record;
        }
        if (fed == len)
            break;
        size_t keep = splitter_keep(&splitter);
        check(keep <= have);
        memmove(window, window + keep, have - keep);
        have -= keep;
        check(have <= MAX_RECORD + step + 1);
        splitter_moved(&splitter, keep);
    }
    free(window);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    size_t len = size - 1, step = 1 + (data[0] & 0x3F);
    for (int framing = FRAMING_LINES; framing <= FRAMING_VALUES; framing++) {
        bool cut = data[0] & 0x40;
        struct found a = cut_all((enum framing)framing, text, len, len + 1, cut);
        struct found b = cut_all((enum framing)framing, text, len, step, cut);
        check(a.count == b.count);
        for (size_t i = 0; i < a.count; i++) {
            check(a.items[i].offset == b.items[i].offset && a.items[i].len == b.items[i].len &&
                  a.items[i].why == b.items[i].why);
            check(i == 0 || a.items[i].offset >= a.items[i - 1].offset);
        }
        free(a.items);
        free(b.items);
    }
    return 0;
}
