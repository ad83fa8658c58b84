/* The table of signs: see verdict_mark.h. */
#include "report/verdict_mark.h"

#include <string.h>

const struct verdict_mark verdict_marks[VERDICT_MARKS] = {
    {"supported", "\xE2\x9C\x93", "2713"},    /* check mark */
    {"contradicted", "\xE2\x9C\x97", "2717"}, /* ballot X */
    {"undetermined", "?", "3f"},
};

size_t verdict_mark_of(const char *verdict)
{
    size_t i = 0;
    while (i < VERDICT_MARKS && strcmp(verdict_marks[i].verdict, verdict) != 0)
        i++;
    return i;
}
