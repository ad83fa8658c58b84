/*
 * The formats that logs are written in: see make_logs_format.h. Shapes follow the public data sets
 * and exports of these names; what a format does not have is left out, never invented.
 */
#include "examples/make_logs_format.h"

#include "base/civil.h"

struct record_writer {
    const struct maker *maker;
    struct conversation_plan *plan;
    struct random *random;
    struct sink *out;
    bool comma; /* the next member needs one before it */
    bool long_id, deep;
};

/* ---- JSON ---- */

static void member(struct record_writer *record, const char *key)
{
    bool spaced = record->plan->style == STYLE_ASCII; /* as Python writes it */
    if (record->comma)
        sink_add(record->out, ", ", spaced ? 2 : 1);
    record->comma = true;
    if (!key)
        return;
    sink_add(record->out, "\"", 1);
    sink_text(record->out, key);
    sink_add(record->out, "\": ", spaced ? 3 : 2);
}

static void open_value(struct record_writer *record, const char *key, const char *bracket)
{
    member(record, key);
    sink_text(record->out, bracket);
    record->comma = false;
}

static void close_value(struct record_writer *record, const char *bracket)
{
    sink_text(record->out, bracket);
    record->comma = true;
}

/* A value that is written as it stands: true, null, "a plain string". */
static void member_raw(struct record_writer *record, const char *key, const char *value)
{
    member(record, key);
    sink_text(record->out, value);
}

static void member_string(struct record_writer *record, const char *key, const char *text)
{
    member(record, key);
    sink_add(record->out, "\"", 1);
    text_escape(record->out, text, strlen(text), record->plan->style);
    sink_add(record->out, "\"", 1);
}

static void member_number(struct record_writer *record, const char *key, int64_t number)
{
    member(record, key);
    sink_number(record->out, number);
}

/* An entry of TABLE; without one sometimes null, sometimes nothing. */
static void member_choice(struct record_writer *record, const char *key, const char *const *table,
                          int choice)
{
    if (choice >= 0)
        member_string(record, key, table[choice]);
    else if (record->plan->meta.index & 1)
        member_raw(record, key, "null");
}

static void add_uuid(struct sink *out, const uint64_t value[2])
{
    sink_hex(out, value[0] >> 32, 8);
    sink_add(out, "-", 1);
    sink_hex(out, value[0] >> 16, 4);
    sink_add(out, "-4", 2);
    sink_hex(out, value[0], 3);
    sink_add(out, "-a", 2);
    sink_hex(out, value[1] >> 48, 3);
    sink_add(out, "-", 1);
    sink_hex(out, value[1], 12);
}

void make_format_id(const struct meta *meta, struct sink *out)
{
    add_uuid(out, meta->id);
}

static void member_id(struct record_writer *record, const char *key)
{
    member(record, key);
    sink_add(record->out, "\"", 1);
    for (int i = 0; record->long_id && i < 8; i++)
        make_format_id(&record->plan->meta, record->out);
    make_format_id(&record->plan->meta, record->out);
    sink_add(record->out, "\"", 1);
}

static void member_user(struct record_writer *record, const char *key)
{
    const struct meta *meta = &record->plan->meta;
    if (meta->user == NOBODY) {
        if (meta->index & 2)
            member_raw(record, key, "null");
        return;
    }
    uint64_t name[2];
    people_user_key(&record->maker->people, meta->user, name);
    member(record, key);
    sink_add(record->out, "\"", 1);
    sink_hex(record->out, name[0], 16);
    sink_hex(record->out, name[1], 16);
    sink_add(record->out, "\"", 1);
}

static void member_language(struct record_writer *record, const char *key)
{
    if (record->plan->meta.language >= 0)
        member_string(record, key, language_sources[record->plan->meta.language].name);
    else if (record->plan->meta.index & 1)
        member_raw(record, key, "null");
}

/* "2023-01-31T23:59:59" and ENDING. */
static void add_iso(struct sink *out, int64_t time, const char *ending)
{
    struct civil_date date = civil_from_days(civil_day_of(time));
    int64_t second = time - civil_day_of(time) * 86400;
    sink_digits(out, (uint64_t)date.year, 4);
    sink_add(out, "-", 1);
    sink_digits(out, (uint64_t)date.month, 2);
    sink_add(out, "-", 1);
    sink_digits(out, (uint64_t)date.day, 2);
    sink_add(out, "T", 1);
    sink_digits(out, (uint64_t)second / 3600, 2);
    sink_add(out, ":", 1);
    sink_digits(out, (uint64_t)second / 60 % 60, 2);
    sink_add(out, ":", 1);
    sink_digits(out, (uint64_t)second % 60, 2);
    sink_text(out, ending);
}

static void member_iso(struct record_writer *record, const char *key, int64_t time,
                       const char *ending)
{
    member(record, key);
    sink_add(record->out, "\"", 1);
    add_iso(record->out, time, ending);
    sink_add(record->out, "\"", 1);
}

/* A time in one of the ways that logs write it, the same way throughout a record. */
static void member_time(struct record_writer *record, const char *key, int64_t time)
{
    switch (record->plan->meta.id[0] % 16) {
    case 0:
        member_number(record, key, time);
        break;
    case 1: /* milliseconds */
        member_number(record, key, time * 1000 + 250);
        break;
    case 2:
        member_number(record, key, time);
        sink_text(record->out, ".75");
        break;
    case 3: /* the same moment, told two hours east */
        member_iso(record, key, time + 7200, "+02:00");
        break;
    case 4:
        member_iso(record, key, time - 5 * 3600 - 1800, "-05:30");
        break;
    case 5:
        member_iso(record, key, time, ".123456Z");
        break;
    case 6:
    case 7:
        member_iso(record, key, time, "+00:00");
        break;
    default:
        member_iso(record, key, time, "Z");
    }
}

static void member_turn_text(struct record_writer *record, const char *key, uint32_t turn)
{
    member(record, key);
    sink_add(record->out, "\"", 1);
    conversation_write_turn(record->maker, record->plan, turn, record->random, record->out);
    sink_add(record->out, "\"", 1);
}

static void member_deep(struct record_writer *record)
{
    enum { DEPTH = 1100 };
    if (!record->deep)
        return;
    member(record, "extra");
    for (int i = 0; i < DEPTH; i++)
        sink_add(record->out, "[", 1);
    for (int i = 0; i < DEPTH; i++)
        sink_add(record->out, "]", 1);
}

/* ---- native and openai ---- */

static void write_message(struct record_writer *record, uint32_t turn, bool with_times)
{
    static const char *const roles[] = {"user", "assistant", "system", "tool"};
    const struct turn_plan *laid = &record->plan->turns[turn];
    open_value(record, NULL, "{");
    member_string(record, "role", laid->shape == SHAPE_CRITIC ? "critic" : roles[laid->role]);
    switch (laid->shape) {
    case SHAPE_PARTS:
        open_value(record, "content", "[");
        open_value(record, NULL, "{");
        member_string(record, "type", "text");
        member_turn_text(record, "text", turn);
        close_value(record, "}");
        open_value(record, NULL, "{");
        member_string(record, "type", "image_url");
        open_value(record, "image_url", "{");
        member_string(record, "url", "https://images.example.com/a.png");
        close_value(record, "}}]");
        break;
    case SHAPE_TOOL_CALL:
        member_raw(record, "content", "null");
        open_value(record, "tool_calls", "[");
        open_value(record, NULL, "{");
        member_string(record, "id", "call_1");
        member_string(record, "type", "function");
        open_value(record, "function", "{");
        member_string(record, "name", "search");
        member_turn_text(record, "arguments", turn);
        close_value(record, "}}]");
        break;
    case SHAPE_NULL:
        member_raw(record, "content", "null");
        break;
    default:
        if (laid->role == ROLE_OF_TOOL && laid->shape == SHAPE_TEXT)
            member_string(record, "tool_call_id", "call_1");
        member_turn_text(record, "content", turn);
    }
    if (with_times)
        member_time(record, "created", record->plan->meta.time + 7 * (int64_t)turn);
    close_value(record, "}");
}

static void write_messages(struct record_writer *record, bool with_times)
{
    open_value(record, "messages", "[");
    for (uint32_t turn = 0; turn < record->plan->turn_count; turn++)
        write_message(record, turn, with_times);
    close_value(record, "]");
}

static void write_native(struct record_writer *record)
{
    const struct conversation_plan *plan = record->plan;
    const struct meta *meta = &plan->meta;
    member_id(record, "id");
    member_user(record, "user");
    if (plan->bad_time)
        member_string(record, "created", "soon");
    else if (meta->time != CIVIL_NONE && !plan->time_only_there)
        member_time(record, "created", meta->time);
    member_choice(record, "model", people_models, meta->model);
    member_choice(record, "country", people_countries, meta->country);
    member_language(record, "language");
    member_choice(record, "account", people_accounts, meta->account);
    open_value(record, "meta", "{");
    member_choice(record, "surface", people_surfaces, meta->surface);
    close_value(record, "}");
    write_messages(record, plan->time_in_turns);
}

static void write_openai(struct record_writer *record)
{
    write_messages(record, false);
}

/* ---- lmsys, wildchat, sharegpt ---- */

static const char *speaker(const struct record_writer *record, uint32_t turn)
{
    return record->plan->turns[turn].role == ROLE_OF_USER ? "user" : "assistant";
}

static void write_lmsys(struct record_writer *record)
{
    const struct conversation_plan *plan = record->plan;
    member_id(record, "conversation_id");
    member_choice(record, "model", people_models, plan->meta.model);
    open_value(record, "conversation", "[");
    for (uint32_t turn = 0; turn < plan->turn_count; turn++) {
        open_value(record, NULL, "{");
        member_turn_text(record, "content", turn);
        member_string(record, "role", speaker(record, turn));
        close_value(record, "}");
    }
    close_value(record, "]");
    member_number(record, "turn", (int64_t)plan->exchange_count);
    member_language(record, "language");
    member_raw(record, "openai_moderation", "[{\"flagged\":false}]");
    member_raw(record, "redacted", "false");
}

static void write_wildchat(struct record_writer *record)
{
    const struct conversation_plan *plan = record->plan;
    const struct meta *meta = &plan->meta;
    member_id(record, "conversation_hash");
    member_choice(record, "model", people_models, meta->model);
    if (meta->time != CIVIL_NONE)
        member_iso(record, "timestamp", meta->time, "+00:00");
    else
        member_raw(record, "timestamp", "null");
    open_value(record, "conversation", "[");
    for (uint32_t turn = 0; turn < plan->turn_count; turn++) {
        open_value(record, NULL, "{");
        member_turn_text(record, "content", turn);
        member_string(record, "role", speaker(record, turn));
        member_choice(record, "country", people_countries, meta->country);
        member_user(record, "hashed_ip");
        member_language(record, "language");
        member_raw(record, "toxic", "false");
        member_raw(record, "timestamp", "null");
        member_number(record, "turn_identifier", turn);
        close_value(record, "}");
    }
    close_value(record, "]");
    member_number(record, "turn", (int64_t)plan->exchange_count);
    member_language(record, "language");
    member_raw(record, "toxic", "false");
    member_raw(record, "redacted", "false");
    member_choice(record, "country", people_countries, meta->country);
    member_user(record, "hashed_ip");
}

static void write_sharegpt(struct record_writer *record)
{
    static const char *const roles[] = {"human", "gpt", "system", "tool"};
    const struct conversation_plan *plan = record->plan;
    member_id(record, "id");
    open_value(record, "conversations", "[");
    for (uint32_t turn = 0; turn < plan->turn_count; turn++) {
        open_value(record, NULL, "{");
        member_string(record, "from", roles[plan->turns[turn].role]);
        member_turn_text(record, "value", turn);
        close_value(record, "}");
    }
    close_value(record, "]");
}

/* ---- exports ---- */

/* Ids of the nodes of a conversation: 0 is the root, then one a turn, BRANCH the abandoned one. */
enum { BRANCH = 100000 };

static void member_node(struct record_writer *record, const char *key, uint32_t node)
{
    const struct meta *meta = &record->plan->meta;
    uint64_t id[2] = {random_hash(meta->id[0], 1, node), random_hash(meta->id[1], 2, node)};
    if (record->comma)
        sink_add(record->out, ",", 1);
    record->comma = true;
    if (key) {
        sink_add(record->out, "\"", 1);
        sink_text(record->out, key);
        sink_add(record->out, "\":", 2);
    }
    sink_add(record->out, "\"", 1);
    add_uuid(record->out, id);
    sink_add(record->out, "\"", 1);
}

static void member_seconds(struct record_writer *record, const char *key, int64_t after)
{
    if (record->plan->meta.time == CIVIL_NONE) {
        member_raw(record, key, "null");
        return;
    }
    member_number(record, key, record->plan->meta.time + after);
    sink_text(record->out, ".5");
}

/* Opens a node up to the text of its message. */
static void open_node(struct record_writer *record, uint32_t node, const char *role)
{
    member_node(record, NULL, node);
    sink_text(record->out, ":{");
    record->comma = false;
    member_node(record, "id", node);
    open_value(record, "message", "{");
    member_node(record, "id", node);
    open_value(record, "author", "{");
    member_string(record, "role", role);
    member_raw(record, "name", "null");
    close_value(record, "}");
    member_seconds(record, "create_time", 5 * (int64_t)(node % BRANCH));
    open_value(record, "content", "{");
    member_string(record, "content_type", "text");
    open_value(record, "parts", "[");
}

static void close_node(struct record_writer *record, const char *role, uint32_t parent)
{
    close_value(record, "]}");
    member_string(record, "status", "finished_successfully");
    open_value(record, "metadata", "{");
    if (strcmp(role, "assistant") == 0 && record->plan->meta.model >= 0)
        member_string(record, "model_slug", people_models[record->plan->meta.model]);
    close_value(record, "}");
    member_string(record, "recipient", "all");
    close_value(record, "}");
    member_node(record, "parent", parent);
}

static void write_chatgpt(struct record_writer *record)
{
    static const char *const roles[] = {"user", "assistant", "system", "tool"};
    const struct conversation_plan *plan = record->plan;
    member_string(record, "title", "A chat");
    member_seconds(record, "create_time", 0);
    member_seconds(record, "update_time", 60);
    open_value(record, "mapping", "{");
    member_node(record, NULL, 0);
    sink_text(record->out, ":{");
    record->comma = false;
    member_node(record, "id", 0);
    member_raw(record, "message", "null");
    member_raw(record, "parent", "null");
    open_value(record, "children", "[");
    member_node(record, NULL, 1);
    if (plan->abandoned)
        member_node(record, NULL, BRANCH);
    close_value(record, "]}");
    if (plan->abandoned) {
        open_node(record, BRANCH, "user");
        member_string(record, NULL, "An abandoned zzabandonedbranch text.");
        close_node(record, "user", 0);
        member_raw(record, "children", "[]");
        close_value(record, "}");
    }
    for (uint32_t turn = 0; turn < plan->turn_count; turn++) {
        const char *role = roles[plan->turns[turn].role];
        open_node(record, turn + 1, role);
        member_turn_text(record, NULL, turn);
        close_node(record, role, turn);
        open_value(record, "children", "[");
        if (turn + 1 < plan->turn_count)
            member_node(record, NULL, turn + 2);
        close_value(record, "]}");
    }
    close_value(record, "}");
    member_raw(record, "moderation_results", "[]");
    member_node(record, "current_node", plan->turn_count);
    member_id(record, "conversation_id");
    member_id(record, "id");
}

static void member_export_time(struct record_writer *record, const char *key, int64_t after)
{
    if (record->plan->meta.time == CIVIL_NONE)
        member_raw(record, key, "null");
    else
        member_iso(record, key, record->plan->meta.time + after, ".000000Z");
}

static void write_claude(struct record_writer *record)
{
    const struct conversation_plan *plan = record->plan;
    member_id(record, "uuid");
    member_string(record, "name", "A chat");
    member_export_time(record, "created_at", 0);
    member_export_time(record, "updated_at", 60);
    open_value(record, "account", "{");
    member_user(record, "uuid");
    close_value(record, "}");
    open_value(record, "chat_messages", "[");
    for (uint32_t turn = 0; turn < plan->turn_count; turn++) {
        open_value(record, NULL, "{");
        member_node(record, "uuid", turn);
        member(record, "text");
        sink_add(record->out, "\"", 1);
        size_t start = record->out->len;
        conversation_write_turn(record->maker, record->plan, turn, record->random, record->out);
        size_t len = record->out->len - start;
        sink_add(record->out, "\"", 1);
        open_value(record, "content", "[");
        open_value(record, NULL, "{");
        member_string(record, "type", "text");
        member(record, "text");
        sink_add(record->out, "\"", 1);
        if (sink_room(record->out, len)) /* the same text again */
            sink_add(record->out, record->out->data + start, len);
        sink_add(record->out, "\"", 1);
        close_value(record, "}]");
        member_string(record, "sender",
                      plan->turns[turn].role == ROLE_OF_USER ? "human" : "assistant");
        member_export_time(record, "created_at", 5 * (int64_t)turn);
        member_raw(record, "attachments", "[]");
        member_raw(record, "files", "[]");
        close_value(record, "}");
    }
    close_value(record, "]");
}

const struct make_format make_formats[] = {
    {"native", "proffer's own records, one a line",
     CARRIES_ID | CARRIES_USER | CARRIES_TIME | CARRIES_MODEL | CARRIES_COUNTRY | CARRIES_LANGUAGE |
         CARRIES_ACCOUNT | CARRIES_SURFACE | CARRIES_SYSTEM | CARRIES_SHAPES,
     true, 6700, write_native},
    {"openai", "{\"messages\": [...]} a line, as for fine-tuning", CARRIES_SYSTEM | CARRIES_SHAPES,
     true, 6500, write_openai},
    {"lmsys", "LMSYS-Chat-1M's records", CARRIES_ID | CARRIES_MODEL | CARRIES_LANGUAGE, true, 6500,
     write_lmsys},
    {"wildchat", "WildChat's records",
     CARRIES_ID | CARRIES_USER | CARRIES_TIME | CARRIES_MODEL | CARRIES_COUNTRY | CARRIES_LANGUAGE,
     true, 8000, write_wildchat},
    {"sharegpt", "one array of {\"conversations\": [{\"from\", \"value\"}]}",
     CARRIES_ID | CARRIES_SYSTEM, false, 6500, write_sharegpt},
    {"chatgpt-export", "one array, messages in a tree",
     CARRIES_ID | CARRIES_TIME | CARRIES_MODEL | CARRIES_SYSTEM | CARRIES_BRANCHES, false, 10500,
     write_chatgpt},
    {"claude-export", "one array of {\"chat_messages\": [...]}",
     CARRIES_ID | CARRIES_USER | CARRIES_TIME | CARRIES_TWICE, false, 15000, write_claude},
};
const unsigned make_format_count = sizeof make_formats / sizeof *make_formats;

const struct make_format *make_format_find(const char *name)
{
    for (unsigned i = 0; i < make_format_count; i++)
        if (strcmp(make_formats[i].name, name) == 0)
            return &make_formats[i];
    return NULL;
}

void make_format_write(const struct make_format *format, const struct maker *maker,
                       struct conversation_plan *plan, struct random *random, bool long_id,
                       bool deep, struct sink *out)
{
    struct record_writer record = {.maker = maker,
                                   .plan = plan,
                                   .random = random,
                                   .out = out,
                                   .long_id = long_id,
                                   .deep = deep};
    sink_add(out, "{", 1);
    member_deep(&record);
    format->write(&record);
    sink_add(out, "}", 1);
}
