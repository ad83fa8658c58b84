/* Log files of which records are lost: see inputs_warn.h. */
#include "cli/inputs_warn.h"

#include "queries/catalogue/segment.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { SHOWN = 10, ONE_IN = 20 };

struct input {
    const char *name;
    uint64_t records, accepted, cut;
};

static const struct input none;

static uint64_t count_of(const json_t *meta, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(meta, key));
}

/* The file that part P is of, with what all of its parts say; moves P behind them. */
static struct input input_at(const struct catalogue *catalogue, size_t *p)
{
    struct input input = none;
    for (; *p < catalogue->count; (*p)++) {
        const json_t *meta = segment_meta(catalogue->parts[*p].base);
        const char *name =
            json_string_value(json_object_get(json_object_get(meta, "input"), "name"));
        if (!name || (input.name && strcmp(input.name, name) != 0))
            break;
        input.name = name;
        input.records += count_of(meta, "records");
        input.accepted += count_of(meta, "accepted");
        input.cut += count_of(json_object_get(meta, "rejected"), "truncated");
    }
    return input;
}

/* Writes what there is to say of INPUT, if OUT is not NULL; true if there is something. */
static bool tell(const struct input *input, bool readable, FILE *out)
{
    uint64_t lost = input->records - input->accepted;
    if (input->cut > 0 && input->accepted > 0) {
        if (out)
            fprintf(out,
                    "warning: \"%s\" ends within a record, cut off or of broken compression: what "
                    "came after that is not in the report\n",
                    input->name);
        return true;
    }
    if (!readable || lost == 0 || (input->accepted > 0 && lost <= input->records / ONE_IN))
        return false;
    if (out && input->accepted == 0)
        fprintf(out,
                "warning: of \"%s\" no record could be read as a conversation: proffer check "
                "--peek shows how it is mapped\n",
                input->name);
    else if (out)
        fprintf(out,
                "warning: of \"%s\" %" PRIu64 " of %" PRIu64
                " records could not be read: the completeness table says why\n",
                input->name, lost, input->records);
    return true;
}

void inputs_warn(const struct catalogue *catalogue, FILE *out)
{
    size_t told = 0;
    for (size_t p = 0; p < catalogue->count;) {
        struct input input = input_at(catalogue, &p);
        if (!input.name) {
            p++;
            continue;
        }
        told += tell(&input, catalogue->rows > 0, told < SHOWN ? out : NULL);
    }
    if (told > SHOWN)
        fprintf(out, "warning: and so of %zu more files\n", told - SHOWN);
}
