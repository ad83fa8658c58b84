/*
 * Review packets: see packet.h. Pieces of units, each a conversation or an exchange of it, are
 * sorted by where they stand; every part that has one is read once, and each piece is put to its
 * unit's text.
 */
#include "queries/packet.h"

#include "base/buffer.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/memory.h"
#include "queries/dat.h"
#include "queries/labelled_parts.h"
#include "queries/logs/exchange.h"
#include "queries/logs/log_stream.h"
#include "queries/logs/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNIT_TEXT_MAX = 1 << 30, SHEET_MAX = INT32_MAX, WHOLE = -1 };

static const char *const role_names[ROLE_COUNT] = {[ROLE_USER] = "user",
                                                   [ROLE_ASSISTANT] = "assistant",
                                                   [ROLE_SYSTEM] = "system",
                                                   [ROLE_TOOL] = "tool"};

struct packet_unit {
    struct sha256 ticket; /* of the packet's order */
    uint32_t number;      /* in the sample */
    struct buffer turns;  /* members of the JSON array */
    struct buffer text;
};

struct piece {
    uint32_t part, row; /* of the conversation */
    int64_t exchange;   /* ordinal within it, or WHOLE */
    uint32_t unit;      /* in units */
};

struct packet {
    const struct labelled_sample *labelled;
    const struct units *of; /* the labels' units: drawn, or elements of drawn ones */
    const struct intern *ids;
    const struct unit_place *places; /* by the number of the id */
    struct packet_unit *units;       /* [count] in the packet's order */
    size_t count;
    struct piece *pieces; /* sorted by part and row */
    size_t piece_count, piece_capacity;
    struct record_reader *reader;
    uint64_t conversations;
};

static void packet_release(struct packet *packet)
{
    for (size_t i = 0; packet->units && i < packet->count; i++) {
        buffer_release(&packet->units[i].turns);
        buffer_release(&packet->units[i].text);
    }
    free(packet->units);
    free(packet->pieces);
    record_reader_free(packet->reader);
}

/* ---- which pieces ---- */

static int compare_units(const void *a, const void *b)
{
    const struct packet_unit *left = a, *right = b;
    return ticket_compare(&left->ticket, &right->ticket);
}

static enum status add_piece(struct packet *packet, uint32_t part, uint32_t row, int64_t exchange,
                             size_t unit, struct error *err)
{
    struct piece *grown =
        mem_grow(packet->pieces, &packet->piece_capacity, packet->piece_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    packet->pieces = grown;
    grown[packet->piece_count++] = (struct piece){part, row, exchange, (uint32_t)unit};
    return STATUS_OK;
}

/* All conversations of the user whose first one is ROW. */
static enum status add_user(struct packet *packet, struct unit_place place, size_t unit,
                            struct error *err)
{
    const struct units *units = packet->of;
    const struct population *population = units->population;
    const struct catalogue_part *part = &units->catalogue->parts[place.part];
    uint32_t user = catalogue_user(part, place.row);
    if (user == PART_NO_CODE)
        return add_piece(packet, place.part, place.row, WHOLE, unit, err);
    for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull]; i++) {
        uint32_t row;
        const struct catalogue_part *of =
            population_part(units->catalogue, population->by_user[i], &row);
        TRY(add_piece(packet, (uint32_t)(of - units->catalogue->parts), row, WHOLE, unit, err));
    }
    return STATUS_OK;
}

static enum status add_pieces(struct packet *packet, size_t unit, struct error *err)
{
    const struct units *units = packet->of;
    struct unit_place place = packet->places[packet->units[unit].number];
    if (units->kind == UNIT_USER)
        return add_user(packet, place, unit, err);
    uint32_t row = unit_conversation(units, place.part, place.row);
    int64_t exchange = WHOLE;
    if (units->kind == UNIT_EXCHANGE)
        exchange = (int64_t)place.row - units->catalogue->parts[place.part].first_exchange[row];
    return add_piece(packet, place.part, row, exchange, unit, err);
}

static int compare_pieces(const void *a, const void *b)
{
    const struct piece *left = a, *right = b;
    if (left->part != right->part)
        return left->part < right->part ? -1 : 1;
    if (left->row != right->row)
        return left->row < right->row ? -1 : 1;
    return (left->exchange > right->exchange) - (left->exchange < right->exchange);
}

static enum status arrange(struct packet *packet, const uint32_t *numbers, struct error *err)
{
    enum status status = STATUS_OK;
    const struct sample *sample = &packet->labelled->sample;
    struct ticket_maker *maker = NULL;
    char *seed = mem_printf("%s/packet", sample->seed);
    packet->units = mem_zalloc(packet->count, sizeof *packet->units);
    if (!seed || !packet->units) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(ticket_maker_new(&maker, seed, err));
    for (size_t i = 0; i < packet->count; i++) {
        const struct intern_text *id = &packet->ids->items[numbers[i]];
        struct packet_unit *unit = &packet->units[i];
        unit->number = numbers[i];
        buffer_init(&unit->turns, UNIT_TEXT_MAX);
        buffer_init(&unit->text, UNIT_TEXT_MAX);
        TRY_CLEANUP(ticket_of(maker, id->text, id->len, &unit->ticket, err));
    }
    qsort(packet->units, packet->count, sizeof *packet->units, compare_units);
    for (size_t i = 0; i < packet->count; i++)
        TRY_CLEANUP(add_pieces(packet, i, err));
    qsort(packet->pieces, packet->piece_count, sizeof *packet->pieces, compare_pieces);
cleanup:
    ticket_maker_free(maker);
    free(seed);
    return status;
}

/* ---- their text ---- */

static enum status put_turn(struct packet_unit *unit, const struct turn *turn, struct error *err)
{
    char time[CIVIL_TIME_TEXT] = "";
    if (turn->time != CIVIL_NONE)
        civil_time_text(turn->time, time);
    json_t *object = json_pack("{s:s, s:s%}", "role", role_names[turn->role], "text",
                               turn->text.data ? turn->text.data : "", turn->text.len);
    if (object && *time && json_object_set_new(object, "time", json_string(time)) != 0) {
        json_decref(object);
        object = NULL;
    }
    char *text = object ? json_text_make(object, JSON_SORT_KEYS) : NULL;
    json_decref(object);
    if (!text)
        return error_nomem(err);
    enum status status = buffer_addf(&unit->turns, err, "%s%s", unit->turns.len ? ", " : "", text);
    free(text);
    if (status == STATUS_OK)
        status = buffer_addf(&unit->text, err, "[%s%s%s]\n", role_names[turn->role],
                             *time ? " " : "", time);
    if (status == STATUS_OK)
        status =
            buffer_add(&unit->text, turn->text.data ? turn->text.data : "", turn->text.len, err);
    return status == STATUS_OK ? buffer_add(&unit->text, "\n\n", 2, err) : status;
}

static enum status put_piece(struct packet *packet, const struct piece *piece,
                             const struct conversation *conversation, struct error *err)
{
    struct packet_unit *unit = &packet->units[piece->unit];
    struct exchange_counter counter = {0, false};
    for (size_t i = 0; i < conversation->turn_count; i++) {
        const struct turn *turn = &conversation->turns[i];
        uint32_t exchange = exchange_counter_next(&counter, turn->role);
        if (piece->exchange == WHOLE || piece->exchange == exchange)
            TRY(put_turn(unit, turn, err));
    }
    return STATUS_OK;
}

static enum status moved(const struct log_file *file, struct error *err)
{
    error_set(err, STATUS_INPUT, file->name, "a drawn record is not where the scan saw it");
    return error_hint(err, "the file changed since it was scanned: run proffer scan, and fix a new "
                           "frame");
}

/* The pieces of one record, which are next; *AT is moved past them. */
static enum status put_record(struct packet *packet, const struct log_file *file, char *text,
                              size_t len, size_t *at, struct error *err)
{
    struct conversation conversation;
    enum rejection why;
    TRY(record_read(packet->reader, file->format, text, len, &conversation, &why, err));
    if (why != REJECT_NONE)
        return moved(file, err);
    const struct piece *first = &packet->pieces[*at];
    packet->conversations++;
    for (; *at < packet->piece_count; ++*at) {
        const struct piece *piece = &packet->pieces[*at];
        if (piece->part != first->part || piece->row != first->row)
            break;
        TRY(put_piece(packet, piece, &conversation, err));
    }
    return STATUS_OK;
}

/* Reads the part of the piece *AT, up to its last piece. */
static enum status read_part(struct packet *packet, size_t *at, struct error *err)
{
    const struct tally_source *source = packet->labelled->source;
    size_t p = packet->pieces[*at].part;
    const struct catalogue_part *part = &source->catalogue->parts[p];
    const struct log_set *logs = &source->state->logs;
    const struct log_file *file = &logs->files[logs->parts[p].file];
    struct log_stream *stream = NULL;
    struct log_batch batch;
    struct log_options options = source->state->setup.logs;
    enum status status = STATUS_OK;
    bool end = false;
    options.digest = false;
    log_batch_init(&batch);
    TRY_CLEANUP(log_stream_open(&stream, logs, p, &options, err));
    while (*at < packet->piece_count && packet->pieces[*at].part == p) {
        TRY_CLEANUP(log_stream_next(stream, &batch, &end, err));
        if (end) {
            status = moved(file, err);
            goto cleanup;
        }
        for (size_t i = 0; i < batch.count && *at < packet->piece_count; i++) {
            const struct piece *piece = &packet->pieces[*at];
            struct log_record *record = &batch.records[i];
            if (piece->part != p)
                break;
            if (record->offset == part->offset[piece->row] && record->why == REJECT_NONE)
                TRY_CLEANUP(
                    put_record(packet, file, batch.data + record->at, record->len, at, err));
        }
    }
cleanup:
    log_batch_release(&batch);
    log_stream_free(stream);
    return status;
}

/* ---- the files ---- */

static enum status put_csv_field(struct buffer *out, const char *text, size_t len,
                                 struct error *err)
{
    TRY(buffer_add(out, "\"", 1, err));
    for (size_t i = 0; i < len; i++)
        TRY(buffer_add(out, text[i] == '"' ? "\"\"" : text + i, text[i] == '"' ? 2 : 1, err));
    return buffer_add(out, "\"", 1, err);
}

/* Not synced one by one: the folder counts only once it is renamed. */
static enum status write_text(const char *dir, const char *number, const struct buffer *text,
                              struct error *err)
{
    char *path = mem_printf("%s/text/%s.txt", dir, number);
    if (!path)
        return error_nomem(err);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    bool written = file && fwrite(text->data ? text->data : "", 1, text->len, file) == text->len;
    int why = errno;
    if (file && fclose(file) != 0) {
        why = errno;
        written = false;
    } else if (!file && fd >= 0) {
        close(fd);
    }
    enum status status =
        written ? STATUS_OK
                : error_errno(err, STATUS_INPUT, why, NULL, "cannot write \"%s\"", path);
    free(path);
    return status;
}

struct sheets {
    struct buffer csv, dat;
};

static enum status put_dat(struct buffer *out, const char *a, size_t len_a, const char *b,
                           size_t len_b, const char *c, const char *d, struct error *err)
{
    TRY(dat_add_field(out, a, len_a, false, err));
    TRY(dat_add_field(out, b, len_b, false, err));
    TRY(dat_add_field(out, c, strlen(c), false, err));
    return dat_add_field(out, d, strlen(d), true, err);
}

static enum status put_unit(const struct packet *packet, size_t i, const char *dir,
                            struct sheets *sheets, struct file_out *lines, struct error *err)
{
    struct packet_unit *unit = &packet->units[i];
    const struct intern_text *id = &packet->ids->items[unit->number];
    char number[24], path[40];
    snprintf(number, sizeof number, "P%07zu", i + 1);
    snprintf(path, sizeof path, "text\\%s.txt", number);
    json_t *value = json_stringn(id->text, id->len);
    char *quoted = value ? json_text_make(value, JSON_ENCODE_ANY) : NULL;
    json_decref(value);
    if (!quoted)
        return error_nomem(err);
    fprintf(lines->stream, "{\"number\": \"%s\", \"id\": %s, \"turns\": [", number, quoted);
    free(quoted);
    if (unit->turns.len)
        fwrite(unit->turns.data, 1, unit->turns.len, lines->stream);
    fputs("]}\n", lines->stream); /* checked when it is committed */
    TRY(buffer_addf(&sheets->csv, err, "%s,", number));
    TRY(put_csv_field(&sheets->csv, id->text, id->len, err));
    TRY(buffer_addf(&sheets->csv, err, ",,\r\n"));
    TRY(put_dat(&sheets->dat, number, strlen(number), id->text, id->len, path, "", err));
    return write_text(dir, number, &unit->text, err);
}

static enum status write_sheet(const char *dir, const char *name, const struct buffer *text,
                               struct error *err)
{
    char *path = mem_printf("%s/%s", dir, name);
    if (!path)
        return error_nomem(err);
    enum status status = file_write(path, text->data, text->len, 0600, err);
    free(path);
    return status;
}

static enum status write_files(const struct packet *packet, const char *dir, struct error *err)
{
    struct sheets sheets;
    struct file_out lines;
    bool open = false;
    enum status status = STATUS_OK;
    char *path = mem_printf("%s/packet.jsonl", dir), *texts = mem_printf("%s/text", dir);
    buffer_init(&sheets.csv, SHEET_MAX);
    buffer_init(&sheets.dat, SHEET_MAX);
    if (!path || !texts) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(dir_make(texts, 0700, err));
    TRY_CLEANUP(buffer_addf(&sheets.csv, err, "number,id,label,reviewer\r\n"));
    TRY_CLEANUP(put_dat(&sheets.dat, "DOCID", 5, "UNITID", 6, "TEXTPATH", "LABEL", err));
    TRY_CLEANUP(file_out_open(&lines, path, 0600, err));
    open = true;
    for (size_t i = 0; i < packet->count; i++)
        TRY_CLEANUP(put_unit(packet, i, dir, &sheets, &lines, err));
    open = false;
    TRY_CLEANUP(file_out_commit(&lines, err));
    TRY_CLEANUP(write_sheet(dir, "labels.csv", &sheets.csv, err));
    status = write_sheet(dir, "packet.dat", &sheets.dat, err);
cleanup:
    if (open)
        file_out_abandon(&lines);
    buffer_release(&sheets.csv);
    buffer_release(&sheets.dat);
    free(texts);
    free(path);
    return status;
}

enum status packet_write(const struct labelled_sample *labelled, const uint32_t *numbers,
                         size_t count, const char *dir, struct packet_summary *summary,
                         struct error *err)
{
    enum status status = STATUS_OK;
    struct packet packet = {.labelled = labelled, .count = count};
    packet.of = labelled->clustered ? &labelled->element_units : &labelled->units;
    packet.ids = labelled_sample_ids(labelled);
    packet.places = labelled->clustered ? labelled->element_places : labelled->places;
    const struct log_options *options = &labelled->source->state->setup.logs;
    char *aside = mem_printf("%s.aside", dir);
    if (!aside)
        return error_nomem(err);
    if (file_exists(dir)) {
        status = error_set(err, STATUS_INPUT, dir, "it is there already");
        error_hint(err, "labels may have been filled in there; remove it, or name another folder "
                        "with --output");
        goto cleanup;
    }
    if (file_exists(aside))
        TRY_CLEANUP(dir_remove(aside, err));
    TRY_CLEANUP(arrange(&packet, numbers, err));
    packet.reader = record_reader_new(options->max_record, options->maps);
    if (!packet.reader) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t at = 0; at < packet.piece_count;)
        TRY_CLEANUP(read_part(&packet, &at, err));
    TRY_CLEANUP(dir_make(aside, 0700, err));
    TRY_CLEANUP(write_files(&packet, aside, err));
    TRY_CLEANUP(dir_rename(aside, dir, err));
    *summary = (struct packet_summary){packet.count, packet.conversations};
cleanup:
    if (status != STATUS_OK && file_exists(aside)) {
        struct error ignored = ERROR_INIT; /* what failed first is told */
        if (dir_remove(aside, &ignored) != STATUS_OK)
            error_hint(err, "what was begun is left in \"%s\"", aside);
    }
    packet_release(&packet);
    free(aside);
    return status;
}

/* ---- labels to check ---- */

/* Of STRATUM all labels but the irrelevant ones, and SIZE of those. CLEARED is room for them. */
static enum status take_stratum(const struct labelled_sample *l, struct ticket_maker *maker,
                                const struct sample_stratum *stratum, uint64_t size,
                                struct ticketed_unit *cleared, uint32_t *numbers, size_t *count,
                                struct error *err)
{
    size_t irrelevant;
    for (size_t i = stratum->first; i < stratum->first + stratum->size; i++)
        if (l->labels.units[i] != LABEL_IRRELEVANT)
            numbers[(*count)++] = (uint32_t)i;
    TRY(labelled_cleared(l, maker, stratum, cleared, &irrelevant, err));
    if (l->query->check_share > 0) {
        struct sha256 cut_off = ticket_of_share(l->query->check_share);
        for (size = 0; size < irrelevant; size++)
            if (ticket_compare(&cleared[size].ticket, &cut_off) > 0)
                break;
    }
    for (size_t i = 0; i < size && i < irrelevant; i++)
        numbers[(*count)++] = cleared[i].number;
    return STATUS_OK;
}

/* Each stratum's share of SIZE, in proportion to its irrelevant labels. */
static enum status share_checks(const struct labelled_sample *l, uint64_t size, uint64_t *shares,
                                struct error *err)
{
    uint64_t limits[STRATA_MAX], all = 0, left = size;
    size_t strata = l->sample.stratum_count;
    for (size_t h = 0; h < strata; h++) {
        const struct sample_stratum *stratum = &l->sample.strata[h];
        limits[h] = 0;
        for (size_t i = stratum->first; i < stratum->first + stratum->size; i++)
            limits[h] += l->labels.units[i] == LABEL_IRRELEVANT;
        all += limits[h];
    }
    if (size > all)
        return error_set(err, STATUS_PLAN, l->query->labels_path,
                         "%" PRIu64 " cannot be checked: only %" PRIu64 " are labelled irrelevant",
                         size, all);
    for (size_t h = 0; h < strata; h++) {
        __extension__ typedef unsigned __int128 wide;
        shares[h] = all ? (uint64_t)((wide)size * limits[h] / all) : 0;
        left -= shares[h];
    }
    for (size_t h = 0; left > 0; h = (h + 1) % strata)
        if (shares[h] < limits[h]) {
            shares[h]++;
            left--;
        }
    return STATUS_OK;
}

enum status packet_checks(const struct labelled_sample *l, uint64_t size, uint32_t **numbers,
                          size_t *count, struct error *err)
{
    enum status status = STATUS_OK;
    uint64_t shares[STRATA_MAX];
    struct ticket_maker *maker = NULL;
    struct ticketed_unit *cleared = NULL;
    char *seed = NULL;
    *numbers = NULL;
    *count = 0;
    if (!l->labels.units)
        return error_set(err, STATUS_PLAN, l->query->labels_path,
                         "there are no labels to check yet");
    if (size > 0 && l->query->check_share > 0)
        return error_set(err, STATUS_PLAN, "adjudicate",
                         "the plan says which share of the irrelevant labels is checked, and none "
                         "beside it: --adjudicate 0");
    TRY(share_checks(l, size, shares, err));
    seed = labelled_sample_check_seed(l->query, &l->sample);
    cleared = mem_zalloc(l->sample.ids.count, sizeof *cleared);
    *numbers = mem_zalloc(l->sample.ids.count, sizeof **numbers);
    if (!seed || !cleared || !*numbers) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(ticket_maker_new(&maker, seed, err));
    for (size_t h = 0; h < l->sample.stratum_count; h++)
        TRY_CLEANUP(
            take_stratum(l, maker, &l->sample.strata[h], shares[h], cleared, *numbers, count, err));
cleanup:
    ticket_maker_free(maker);
    free(cleared);
    free(seed);
    return status;
}
