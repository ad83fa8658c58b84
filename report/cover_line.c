/* Lines of a cover: see cover_line.h. */
#include "report/cover_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BLANK "____________ "

bool cover_caption(const struct result *result, size_t number, struct cover_line *line)
{
    const struct result_cover *cover = &result->cover;
    if (!cover->has_caption)
        return false;
    *line = (struct cover_line){number == 0 ? "Caption" : "", NULL, cover->caption_count == 0};
    if (line->blank) {
        line->text = BLANK "[to be filled in: court, parties, number of the case]";
        return number == 0;
    }
    if (number >= cover->caption_count)
        return false;
    line->text = cover->caption[number];
    return true;
}

static const char *run_id(const struct result *result)
{
    for (size_t i = 0; i < result->run.count; i++)
        if (strcmp(result->run.items[i].name, "run_id") == 0)
            return result->run.items[i].value;
    return NULL;
}

bool cover_fact(const struct result *result, size_t number, struct cover_line *line)
{
    const struct result_cover *cover = &result->cover;
    const struct {
        const char *label, *text, *blank; /* BLANK: what is to be filled in where TEXT is "" */
    } facts[] = {
        {"Matter", result->matter, NULL},
        {"Offered as", cover->offered_as, BLANK "[to be filled in: as what, under which rule]"},
        {"Inspection", cover->inspection,
         BLANK "[to be filled in: how what lies under this report can be inspected]"},
        {"Date", result->date, NULL},
        {"Run", run_id(result), NULL},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        bool empty = facts[i].text && !*facts[i].text;
        if (!facts[i].text || (empty && !facts[i].blank) || number-- > 0)
            continue;
        *line = (struct cover_line){facts[i].label, empty ? facts[i].blank : facts[i].text, empty};
        return true;
    }
    return false;
}

void cover_stamp(const struct result *result, size_t sheet, char text[static 48])
{
    const struct result_cover *cover = &result->cover;
    *text = '\0';
    if (cover->stamp_prefix)
        snprintf(text, 48, "%.20s%0*" PRIu64, cover->stamp_prefix, (int)cover->stamp_digits,
                 (uint64_t)cover->stamp_first + sheet);
}
