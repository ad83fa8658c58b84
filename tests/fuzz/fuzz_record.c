/*
 * Any bytes as one record, in every format: no crash, and what is accepted keeps its promises. The
 * first byte chooses the format; 0xFF lets detection choose.
 */
#include "base/civil.h"
#include "queries/logs/record.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* Well-formed UTF-8 (Unicode 15, table 3-7). */
static bool is_utf8(struct span text)
{
    if (text.len == 0)
        return true;
    const unsigned char *at = (const unsigned char *)text.data, *end = at + text.len;
    while (at < end) {
        size_t len = *at < 0x80                   ? 1
                     : *at >= 0xC2 && *at <= 0xDF ? 2
                     : *at >= 0xE0 && *at <= 0xEF ? 3
                     : *at >= 0xF0 && *at <= 0xF4 ? 4
                                                  : 0;
        if (len == 0 || (size_t)(end - at) < len)
            return false;
        for (size_t i = 1; i < len; i++)
            if ((at[i] & 0xC0) != 0x80)
                return false;
        if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
            (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
            return false;
        at += len;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = ERROR_INIT;
    struct conversation out;
    enum rejection why = REJECT_NONE;
    if (size == 0)
        return 0;
    struct record_reader *reader = record_reader_new(1 << 16, NULL);
    char *text = calloc(1, size + RECORD_PADDING);
    check(reader && text);
    memcpy(text, data + 1, size - 1);
    const struct format_type *format = NULL;
    if (data[0] == 0xFF) {
        check(record_detect(reader, text, size - 1, &format, &err) == STATUS_OK);
    } else {
        size_t count = 0;
        while (format_nth(count, NULL))
            count++;
        format = format_find(format_nth(data[0] % count, NULL));
    }
    if (format) {
        check(record_read(reader, format, text, size - 1, &out, &why, &err) == STATUS_OK);
        check(why < REJECT_COUNT);
        if (why == REJECT_NONE) {
            check(out.turn_count > 0);
            check(out.id.len <= RECORD_ID_MAX && out.user.len <= RECORD_ID_MAX);
            for (size_t i = 0; i < out.turn_count; i++)
                check((int)out.turns[i].role < ROLE_COUNT && is_utf8(out.turns[i].text));
            for (int i = 0; i < FIELD_MAX; i++)
                check(is_utf8(out.fields[i]));
        }
    }
    free(text);
    record_reader_free(reader);
    return 0;
}
