/* Options of proposals, written shortly: see option_queries.h. */
#include "tests/support/option_queries.h"

#include "tests/support/support.h"

#include "base/civil.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

struct option_made option_read(const struct option_times *times, const char *text)
{
    struct option_made made = {0, 0, (unsigned)times->count - 1};
    for (; *text && *text != '@'; text++)
        made.terms |= 1u << (*text - 'a');
    if (*text) {
        made.first = (unsigned)(text[1] - '0');
        made.last = (unsigned)(text[2] - '0');
    }
    return made;
}

bool option_meets(const struct option_times *times, size_t atom, const struct option_made *made)
{
    size_t time = (atom >> times->letters) % times->count;
    bool hit = !made->terms || atom % ((size_t)1 << times->letters) & made->terms;
    return hit && time >= made->first && time <= made->last;
}

/* ---- plans ---- */

size_t option_write_terms(char *text, size_t room, size_t number, const char *letters)
{
    size_t n =
        (size_t)snprintf(text, room, "{\"id\":\"t%zu\",\"kind\":\"terms\",\"terms\":[", number);
    for (size_t i = 0; letters[i]; i++)
        n += (size_t)snprintf(text + n, room - n, "%s\"W%c1: w%c\"", i ? "," : "", letters[i] - 32,
                              letters[i]);
    return n + (size_t)snprintf(text + n, room - n, "]},");
}

size_t option_write(char *text, size_t room, const struct option_times *times, size_t number,
                    const char *option, size_t query)
{
    const struct option_made made = option_read(times, option);
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"%zu\"", number ? "," : "", number);
    if (made.terms)
        n += (size_t)snprintf(text + n, room - n, ",\"query\":\"t%zu\",\"terms\":[", query);
    for (unsigned i = 0, any = 0; i < times->letters; i++)
        if (made.terms >> i & 1)
            n += (size_t)snprintf(text + n, room - n, "%s\"W%c1\"", any++ ? "," : "", 'A' + i);
    if (made.terms)
        n += (size_t)snprintf(text + n, room - n, "]");
    if (made.first > 0)
        n += (size_t)snprintf(text + n, room - n, ",\"from\":\"%s\"", times->firsts[made.first]);
    if (made.last + 1 < times->count)
        n += (size_t)snprintf(text + n, room - n, ",\"to\":\"%s\"", times->lasts[made.last]);
    return n + (size_t)snprintf(text + n, room - n, "}");
}

void option_write_catalogue(char *text, size_t room, const char *const *letters)
{
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    for (size_t i = 0; letters[i]; i++)
        n += option_write_terms(text + n, room - n, i, letters[i]);
    snprintf(text + n - 1, room - n + 1, "],\"release\":{\"min_users\":5}}");
}

/* ---- logs ---- */

/* Which time a day is of, or the number of times. */
static size_t time_of(const struct option_times *times, int64_t day)
{
    size_t found = times->count;
    for (size_t i = 0; i < times->count; i++) {
        int64_t first;
        assert_true(civil_parse_date(times->firsts[i], strlen(times->firsts[i]), &first));
        if (day >= first)
            found = i;
    }
    return found;
}

void option_atoms(const struct option_times *times, struct made_atoms *atoms,
                  const struct made *made, size_t count)
{
    made_atoms_init(atoms, made, count);
    made_atoms_by_slots(atoms, 0, times->letters);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        size_t time = time_of(times, civil_day_of(made->rows[row].time));
        if (time == times->count)
            atoms->of_row[row] = count;
        else
            atoms->of_row[row] += time << times->letters;
    }
}

/* ---- what a reader knows ---- */

void option_see(const struct option_reader *reader, const struct option_made *made, bool not,
                const char *id, size_t row)
{
    struct seen_sum *sum = seen_add(reader->seen, reader->truth);
    size_t number = 0;
    while (strcmp(figure_table_id(release_table(reader->release, number)), id) != 0)
        number++;
    for (size_t atom = 0; atom < reader->truth->count; atom++)
        sum->has[atom] = reader->in[atom] && option_meets(reader->times, atom, made) != not ;
    snprintf(sum->what, sizeof sum->what, "%s row %zu", id, row);
    seen_sum_count(sum, reader->truth);
    seen_sum_tell(sum, figure_at(release_table(reader->release, number), row, 0),
                  gate_is_gone(reader->release, number, row));
}

void option_see_terms(const struct option_reader *reader, size_t number, const char *letters)
{
    const char id[] = {'t', (char)('0' + number), '\0'};
    const struct option_made any = option_read(reader->times, letters);
    size_t terms = strlen(letters);
    for (size_t i = 0; i < terms; i++) {
        const char letter[] = {letters[i], '\0'};
        const struct option_made one = option_read(reader->times, letter);
        option_see(reader, &one, false, id, i);
    }
    option_see(reader, &any, false, id, terms);
    option_see(reader, &any, true, id, terms + 1);
}

void option_see_all(const struct option_reader *reader, const char *const *options, size_t count)
{
    const struct option_made everything = option_read(reader->times, "");
    size_t row = 0;
    for (; row < count && options[row]; row++) {
        const struct option_made made = option_read(reader->times, options[row]);
        option_see(reader, &made, false, "o", row);
    }
    option_see(reader, &everything, false, "o", row);
}
