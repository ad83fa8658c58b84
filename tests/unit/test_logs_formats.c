/*
 * The formats: seven encodings of the same conversations read to the same turns, and single records
 * of each shape read as they should.
 */
#include "tests/support/support.h"

#include "base/civil.h"
#include "queries/logs/log_stream.h"

#include <stdlib.h>
#include <string.h>

/* ---- whole files ------------------------------------------------------------------------------
 */

struct kept_turn {
    enum turn_role role;
    char *text;
    size_t len;
};
struct kept {
    char *id, *user, *fields[FIELD_COUNT];
    int64_t time;
    struct kept_turn *turns;
    size_t turn_count;
};
struct corpus {
    const char *format;
    struct kept *items;
    size_t count, turns, user_turns;
    uint32_t oddities[ODDITY_COUNT];
    size_t rejected[REJECT_COUNT];
};

static char *copy(struct span span)
{
    return span.data ? strndup(span.data, span.len) : NULL;
}

static void keep(struct corpus *corpus, const struct conversation *from)
{
    corpus->items = realloc(corpus->items, (corpus->count + 1) * sizeof *corpus->items);
    struct kept *to = &corpus->items[corpus->count++];
    *to = (struct kept){.id = copy(from->id), .user = copy(from->user), .time = from->time};
    for (int i = 0; i < FIELD_COUNT; i++)
        to->fields[i] = copy(from->fields[i]);
    to->turns = calloc(from->turn_count, sizeof *to->turns);
    to->turn_count = from->turn_count;
    for (size_t i = 0; i < from->turn_count; i++) {
        const struct turn *turn = &from->turns[i];
        to->turns[i] = (struct kept_turn){turn->role, malloc(turn->text.len + 1), turn->text.len};
        memcpy(to->turns[i].text, turn->text.data, turn->text.len);
        corpus->user_turns += turn->role == ROLE_USER;
    }
    corpus->turns += from->turn_count;
    for (int i = 0; i < ODDITY_COUNT; i++)
        corpus->oddities[i] += from->oddities[i];
}

static void corpus_release(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++) {
        struct kept *item = &corpus->items[i];
        free(item->id);
        free(item->user);
        for (int f = 0; f < FIELD_COUNT; f++)
            free(item->fields[f]);
        for (size_t t = 0; t < item->turn_count; t++)
            free(item->turns[t].text);
        free(item->turns);
    }
    free(corpus->items);
}

static struct corpus read_corpus(const char *path)
{
    struct error err = ERROR_INIT;
    char *paths[] = {(char *)(uintptr_t)path};
    struct log_options options = {.paths = paths,
                                  .path_count = 1,
                                  .format = "auto",
                                  .max_record = (size_t)64 << 20,
                                  .digest = true};
    struct log_set set;
    struct corpus corpus = {0};
    assert_ok(log_set_open(&set, &options, &err), err);
    corpus.format = format_name(set.files[0].format);
    struct record_reader *reader = record_reader_new(options.max_record, NULL);
    assert_non_null(reader);
    for (size_t part = 0; part < set.part_count; part++) {
        struct log_stream *stream;
        struct log_batch batch;
        bool end = false;
        log_batch_init(&batch);
        assert_ok(log_stream_open(&stream, &set, part, &options, &err), err);
        for (;;) {
            assert_ok(log_stream_next(stream, &batch, &end, &err), err);
            if (end)
                break;
            for (size_t i = 0; i < batch.count; i++) {
                struct conversation conversation;
                enum rejection why = batch.records[i].why;
                if (why == REJECT_NONE)
                    assert_ok(record_read(reader, set.files[0].format,
                                          batch.data + batch.records[i].at, batch.records[i].len,
                                          &conversation, &why, &err),
                              err);
                corpus.rejected[why]++;
                if (why == REJECT_NONE)
                    keep(&corpus, &conversation);
            }
        }
        struct sha256 digest, expected;
        uint64_t start = 0, bytes = 0;
        bool has = false;
        assert_ok(log_stream_digest(stream, &digest, &start, &bytes, &has, &err), err);
        assert_true(has);
        if (set.part_count == 1) {
            assert_ok(sha256_of_file(path, 0, UINT64_MAX, &expected, &err), err);
            assert_memory_equal(&digest, &expected, sizeof digest);
            assert_int_equal(bytes, set.bytes);
        }
        log_stream_free(stream);
        log_batch_release(&batch);
    }
    record_reader_free(reader);
    log_set_release(&set);
    return corpus;
}

static void assert_same_text(const char *a, const char *b)
{
    if (!a || !b)
        assert_true(a == b);
    else
        assert_string_equal(a, b);
}

static void same_conversations_in_every_format(void **state)
{
    (void)state;
    enum { ID = 1, USER = 2, TIME = 4, MODEL = 8, COUNTRY = 16, LANGUAGE = 32, ACCOUNT = 64 };
    static const struct {
        const char *name, *format;
        unsigned carried;
    } files[] = {
        {"openai_messages.jsonl", "openai", 0},
        {"lmsys.jsonl", "lmsys", ID | MODEL},
        {"wildchat.jsonl", "wildchat", ID | USER | TIME | MODEL | COUNTRY},
        {"sharegpt.json", "sharegpt", ID},
        {"chatgpt_export_conversations.json", "chatgpt-export", ID | TIME | MODEL},
        {"claude_export_conversations.json", "claude-export", ID | USER | TIME},
    };
    if (!test_shared())
        skip();
    char path[600];
    snprintf(path, sizeof path, "%s/chats/native.jsonl", test_shared());
    struct corpus native = read_corpus(path);
    assert_string_equal(native.format, "native");
    assert_int_equal(native.count, 700);
    assert_int_equal(native.turns, 1784);
    assert_int_equal(native.user_turns, 921);
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        snprintf(path, sizeof path, "%s/chats/%s", test_shared(), files[f].name);
        struct corpus other = read_corpus(path);
        unsigned carried = files[f].carried;
        assert_string_equal(other.format, files[f].format);
        assert_int_equal(other.count, 700);
        assert_int_equal(other.rejected[REJECT_NONE], 700);
        assert_int_equal(other.turns, 1784);
        for (size_t i = 0; i < 700; i++) {
            struct kept *a = &native.items[i], *b = &other.items[i];
            assert_int_equal(a->turn_count, b->turn_count);
            for (size_t t = 0; t < a->turn_count; t++) {
                assert_int_equal(a->turns[t].role, b->turns[t].role);
                assert_int_equal(a->turns[t].len, b->turns[t].len);
                assert_memory_equal(a->turns[t].text, b->turns[t].text, a->turns[t].len);
            }
            if (carried & ID)
                assert_same_text(a->id, b->id);
            else
                assert_null(b->id);
            if (carried & USER)
                assert_same_text(a->user, b->user);
            else
                assert_null(b->user);
            if (carried & TIME)
                assert_int_equal(a->time, b->time);
            else
                assert_true(b->time == CIVIL_NONE);
            if (carried & MODEL && b->fields[FIELD_MODEL])
                assert_same_text(a->fields[FIELD_MODEL], b->fields[FIELD_MODEL]);
            if (carried & COUNTRY)
                assert_same_text(a->fields[FIELD_COUNTRY], b->fields[FIELD_COUNTRY]);
        }
        bool chatgpt = strcmp(files[f].format, "chatgpt-export") == 0;
        assert_int_equal(other.oddities[ODDITY_ABANDONED_TURN], chatgpt ? 70 : 0);
        assert_int_equal(other.oddities[ODDITY_NULL_MESSAGE], chatgpt ? 700 : 0);
        assert_int_equal(other.oddities[ODDITY_BAD_TIME], 0);
        assert_int_equal(other.oddities[ODDITY_UNKNOWN_ROLE], 0);
        corpus_release(&other);
    }
    corpus_release(&native);
}

static void foreign_shapes_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *name, *format;
        size_t accepted, refused;
    } files[] = {
        {"exports/chatgpt-export.json", "chatgpt-export", 1, 0},
        {"exports/chatgpt-sample-00.json", "chatgpt-export", 1, 0},
        {"exports/chatgpt-sample-01.json", "chatgpt-export", 1, 0},
        {"exports/native-conversation-v1.json", "chatgpt-export", 1, 0},
        {"exports/claude-ai-export.json", "claude-export", 1, 0},
        {"exports/claude-sample-00.json", "claude-export", 1, 0},
        {"exports/claude-sample-01.json", "claude-export", 1, 0},
        {"exports/native-browser-capture-v1.json", "native", 0, 1},
        {"llama_factory/glaive_toolcall_en_demo.json", "sharegpt", 300, 0},
        {"llama_factory/v1_sft_demo.jsonl", "openai", 300, 0},
        {"oasst/en_100_tree.jsonl", "native", 0, 100},
        {"sgd/dialogues_007.json", "native", 0, 1},
        {"tau_bench/MockRetailDomainEnv-few_shot.jsonl", "native", 0, 1},
    };
    if (!test_shared())
        skip();
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        char path[600];
        snprintf(path, sizeof path, "%s/chats/native_shapes/%s", test_shared(), files[f].name);
        struct corpus corpus = read_corpus(path);
        size_t refused = corpus.rejected[REJECT_NO_MESSAGES];
        print_message("%s: %s %zu accepted, %zu no messages, %zu turns\n", files[f].name,
                      corpus.format, corpus.count, refused, corpus.turns);
        assert_string_equal(corpus.format, files[f].format);
        if (files[f].accepted)
            assert_true(corpus.count >= files[f].accepted);
        else
            assert_int_equal(corpus.count, 0);
        assert_true(files[f].refused ? refused >= files[f].refused : refused == 0);
        for (int why = 1; why < REJECT_COUNT; why++)
            assert_true(why == REJECT_NO_MESSAGES || corpus.rejected[why] == 0);
        corpus_release(&corpus);
    }
}

/* ---- single records ---------------------------------------------------------------------------
 */

static struct record_reader *reader;
static char *text;

static int set_up(void **state)
{
    (void)state;
    reader = record_reader_new(1 << 20, NULL);
    return reader ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    record_reader_free(reader);
    free(text);
    text = NULL;
    return 0;
}

/* The conversation that JSON is under `auto`. */
static struct conversation read_one(const char *json, const char *format_expected)
{
    struct error err = ERROR_INIT;
    struct conversation out;
    enum rejection why = REJECT_NONE;
    const struct format_type *format = NULL;
    size_t len = strlen(json);
    free(text);
    text = calloc(1, len + RECORD_PADDING);
    memcpy(text, json, len);
    assert_ok(record_detect(reader, text, len, &format, &err), err);
    assert_non_null(format);
    assert_string_equal(format_name(format), format_expected);
    assert_ok(record_read(reader, format, text, len, &out, &why, &err), err);
    assert_int_equal(why, REJECT_NONE);
    return out;
}

static void assert_turn(const struct conversation *out, size_t i, enum turn_role role,
                        const char *expected)
{
    assert_true(i < out->turn_count);
    assert_int_equal(out->turns[i].role, role);
    assert_int_equal(out->turns[i].text.len, strlen(expected));
    assert_memory_equal(out->turns[i].text.data, expected, strlen(expected));
}

static void assert_span(struct span span, const char *expected)
{
    if (!expected) {
        assert_null(span.data);
        return;
    }
    assert_int_equal(span.len, strlen(expected));
    assert_memory_equal(span.data, expected, span.len);
}

static void native_record(void **state)
{
    (void)state;
    struct conversation out = read_one(
        "{\"id\":7,\"user\":\"u\\u0031\",\"created\":\"2023-01-02T03:04:05Z\",\"model\":true,"
        "\"country\":null,\"language\":\"\",\"account\":{\"a\":1},\"messages\":["
        "{\"role\":\"developer\",\"content\":\"be kind\"},"
        "{\"role\":\"USER\",\"content\":[\"one\",{\"type\":\"text\",\"text\":\"two\"},"
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}},"
        "{\"type\":\"text\",\"value\":\"three\"},{\"type\":\"input_text\",\"text\":\"four\"},"
        "{\"type\":\"text\",\"text\":{\"value\":\"five\"}}],\"created\":1672628645.9},"
        "null,{\"role\":\"assistant\",\"content\":null},"
        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"type\":\"function\","
        "\"function\":{\"name\":\"find\",\"arguments\":\"{\\\"q\\\":\\\"rain\\\"}\"}}]},"
        "{\"role\":\"tool\",\"content\":\"wet\",\"created\":\"yesterday\"},"
        "{\"role\":\"oracle\",\"content\":\"hm\"}]}",
        "native");
    assert_span(out.id, "7");
    assert_span(out.user, "u1");
    assert_int_equal(out.time, 1672628645);
    assert_span(out.fields[FIELD_MODEL], "true");
    assert_span(out.fields[FIELD_COUNTRY], NULL);
    assert_span(out.fields[FIELD_LANGUAGE], NULL);
    assert_span(out.fields[FIELD_ACCOUNT], NULL);
    assert_int_equal(out.turn_count, 5);
    assert_turn(&out, 0, ROLE_SYSTEM, "be kind");
    assert_turn(&out, 1, ROLE_USER, "one\ntwo\nthree\nfour\nfive");
    assert_int_equal(out.turns[1].time, 1672628645);
    assert_turn(&out, 2, ROLE_ASSISTANT, "find\n{\"q\":\"rain\"}");
    assert_turn(&out, 3, ROLE_TOOL, "wet");
    assert_true(out.turns[3].time == CIVIL_NONE);
    assert_turn(&out, 4, ROLE_TOOL, "hm");
    assert_int_equal(out.oddities[ODDITY_NULL_MESSAGE], 2);
    assert_int_equal(out.oddities[ODDITY_NONTEXT_PART], 1);
    assert_int_equal(out.oddities[ODDITY_TOOL_CALL], 1);
    assert_int_equal(out.oddities[ODDITY_BAD_TIME], 1);
    assert_int_equal(out.oddities[ODDITY_UNKNOWN_ROLE], 1);
}

static void time_of_the_first_turn(void **state)
{
    (void)state;
    struct conversation out = read_one(
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\","
        "\"content\":\"b\",\"timestamp\":1700000000000},{\"role\":\"user\",\"content\":\"c\","
        "\"timestamp\":1}]}",
        "openai");
    assert_int_equal(out.time, 1700000000);
}

static void sharegpt_record(void **state)
{
    (void)state;
    struct conversation out = read_one(
        "{\"id\":\"s\",\"system\":\"rules\",\"tools\":\"[]\",\"conversations\":["
        "{\"from\":\"human\",\"value\":\"h\"},{\"from\":\"function_call\",\"value\":\"f\"},"
        "{\"from\":\"observation\",\"value\":\"o\"},{\"from\":\"gpt\",\"value\":\"g\"},"
        "{\"from\":\"tool\",\"value\":\"t\"},{\"from\":\"system\",\"value\":\"s\"}]}",
        "sharegpt");
    assert_int_equal(out.turn_count, 7);
    assert_turn(&out, 0, ROLE_SYSTEM, "rules");
    assert_turn(&out, 1, ROLE_USER, "h");
    assert_turn(&out, 2, ROLE_ASSISTANT, "f");
    assert_turn(&out, 3, ROLE_TOOL, "o");
    assert_turn(&out, 4, ROLE_ASSISTANT, "g");
    assert_turn(&out, 5, ROLE_TOOL, "t");
    assert_turn(&out, 6, ROLE_SYSTEM, "s");
    assert_int_equal(out.oddities[ODDITY_TOOL_CALL], 1);
}

static void wildchat_record(void **state)
{
    (void)state;
    struct conversation out = read_one(
        "{\"conversation_hash\":\"w\",\"timestamp\":\"2024-02-29 12:00:00\",\"conversation\":["
        "{\"content\":\"q\",\"role\":\"user\",\"hashed_ip\":\"ip\",\"country\":\"Chile\","
        "\"language\":\"Spanish\"}]}",
        "wildchat");
    assert_span(out.id, "w");
    assert_span(out.user, "ip");
    assert_span(out.fields[FIELD_COUNTRY], "Chile");
    assert_span(out.fields[FIELD_LANGUAGE], "Spanish");
    assert_int_equal(out.time, 1709208000);
}

static void claude_record(void **state)
{
    (void)state;
    struct conversation out = read_one(
        "{\"uuid\":\"c\",\"account\":{\"uuid\":\"me\"},\"chat_messages\":["
        "{\"sender\":\"human\",\"text\":\"hello\",\"content\":[{\"type\":\"text\",\"text\":"
        "\"hello\"}],\"attachments\":[{\"file_name\":\"a\",\"extracted_content\":\"inside\"},"
        "{\"file_name\":\"b\"}],\"files\":[{\"file_name\":\"x.png\"}]},"
        "{\"sender\":\"assistant\",\"text\":\"sum\",\"content\":[{\"type\":\"thinking\","
        "\"thinking\":\"let me\"},{\"type\":\"tool_use\",\"name\":\"search\",\"input\":{\"q\":"
        "\"a\\nb\",\"n\":[1,2.5,true,null,{}]}},{\"type\":\"tool_result\",\"content\":[{\"type\":"
        "\"text\",\"text\":\"found\"}]},{\"type\":\"text\",\"text\":\"done\"}]},"
        "{\"sender\":\"human\",\"text\":\"only\",\"content\":[]},"
        "{\"sender\":\"human\",\"text\":\"\",\"content\":[]}]}",
        "claude-export");
    assert_span(out.id, "c");
    assert_span(out.user, "me");
    assert_int_equal(out.turn_count, 3);
    assert_turn(&out, 0, ROLE_USER, "hello\ninside");
    assert_turn(&out, 1, ROLE_ASSISTANT,
                "let me\nsearch\n{\"q\": \"a\nb\", \"n\": [1, 2.5, true, null, {}]}\nfound\ndone");
    assert_turn(&out, 2, ROLE_USER, "only");
    assert_int_equal(out.oddities[ODDITY_NONTEXT_PART], 2);
    assert_int_equal(out.oddities[ODDITY_TOOL_CALL], 1);
    assert_int_equal(out.oddities[ODDITY_NULL_MESSAGE], 1);
}

#define NODE(key, parent, role, more, text)                                                        \
    "\"" key "\":{\"id\":\"" key "\",\"parent\":" parent                                           \
    ",\"children\":[],\"message\":{\"author\":{\"role\":\"" role "\"}" more                        \
    ",\"content\":{\"content_type\":\"text\",\"parts\":[\"" text "\"]}}}"

static void chatgpt_branches(void **state)
{
    (void)state;
    struct conversation out =
        read_one("{\"conversation_id\":\"g\",\"default_model_slug\":\"d\",\"current_node\":\"c\","
                 "\"mapping\":{" NODE(
                     "c", "\"b\"", "assistant", ",\"metadata\":{\"model_slug\":\"m2\"}",
                     "C") "," NODE("x", "\"b\"", "assistant", "",
                                   "X") "," NODE("b", "\"a\"", "user", ",\"create_time\":5.5",
                                                 "B") "," NODE("a", "\"r\"", "assistant",
                                                               ",\"recipient\":\"browser\","
                                                               "\"metadata\":{\"model_slug\":"
                                                               "\"m1\"}",
                                                               "A") ",\"r\":{\"message\":null,"
                                                                    "\"parent\":null}}}",
                 "chatgpt-export");
    assert_int_equal(out.turn_count, 3);
    assert_turn(&out, 0, ROLE_ASSISTANT, "A");
    assert_turn(&out, 1, ROLE_USER, "B");
    assert_turn(&out, 2, ROLE_ASSISTANT, "C");
    assert_int_equal(out.time, 5);
    assert_span(out.fields[FIELD_MODEL], "m2");
    assert_int_equal(out.oddities[ODDITY_ABANDONED_TURN], 1);
    assert_int_equal(out.oddities[ODDITY_NULL_MESSAGE], 1);
    assert_int_equal(out.oddities[ODDITY_TOOL_CALL], 1);
}

static void chatgpt_without_current_node(void **state)
{
    (void)state;
    /* The latest leaf counts, wherever it stands. */
    struct conversation out = read_one(
        "{\"current_node\":\"gone\",\"mapping\":{" NODE(
            "late", "\"top\"", "assistant", ",\"create_time\":9",
            "late") "," NODE("early", "\"top\"", "assistant",
                             ",\"create_"
                             "time\":8",
                             "early") "," NODE("top", "\"nowhere\"", "user", "", "top") "}}",
        "chatgpt-export");
    assert_int_equal(out.turn_count, 2);
    assert_turn(&out, 0, ROLE_USER, "top");
    assert_turn(&out, 1, ROLE_ASSISTANT, "late");
    assert_int_equal(out.oddities[ODDITY_ABANDONED_TURN], 1);
    /* A cycle ends. */
    out = read_one("{\"mapping\":{" NODE("a", "\"b\"", "user", "",
                                         "a") "," NODE("b", "\"a\"", "assistant", "", "b") "}}",
                   "chatgpt-export");
    assert_int_equal(out.turn_count, 2);
    assert_turn(&out, 0, ROLE_USER, "a");
    assert_turn(&out, 1, ROLE_ASSISTANT, "b");
}

static void chatgpt_contents(void **state)
{
    (void)state;
#define CONTENT(key, parent, role, content)                                                        \
    "\"" key "\":{\"parent\":" parent ",\"message\":{\"author\":{\"role\":\"" role                 \
    "\"},\"content\":" content "}}"
    struct
        conversation
            out =
                read_one(
                    "{\"current_node\":\"7\",\"mapping\":{" CONTENT(
                        "1", "null", "user",
                        "{\"content_type\":\"user_editable_context\",\"user_profile\":\"p\","
                        "\"user_instructions\":\"i\"}") "," CONTENT("2", "\"1\"", "user",
                                                                    "{\"content_type\":"
                                                                    "\"multimodal_text\",\"parts\":"
                                                                    "[{\"content_type\":"
                                                                    "\"image_asset_pointer\","
                                                                    "\"asset_pointer\":\"file\"},"
                                                                    "\"look\"]}") "," CONTENT("3",
                                                                                              "\"2"
                                                                                              "\"",
                                                                                              "assi"
                                                                                              "stan"
                                                                                              "t",
                                                                                              "{\"c"
                                                                                              "onte"
                                                                                              "nt_"
                                                                                              "type"
                                                                                              "\":"
                                                                                              "\"th"
                                                                                              "ough"
                                                                                              "ts\""
                                                                                              ",\"t"
                                                                                              "houg"
                                                                                              "hts"
                                                                                              "\":["
                                                                                              "{\"s"
                                                                                              "umma"
                                                                                              "ry\""
                                                                                              ":\"s"
                                                                                              "\","
                                                                                              "\"co"
                                                                                              "nten"
                                                                                              "t\":"
                                                                                              "\"c"
                                                                                              "\"}]"
                                                                                              "}") "," CONTENT("4", "\"3\"", "assistant", "{\"content_type\":\"code\",\"language\":\"python\",\"text\":\"print(1)\"}") "," CONTENT("5", "\"4\"", "tool", "{\"content_type\":\"execution_output\",\"text\":\"1\"}") "," CONTENT("6",
                                                                                                                                                                                                                                                                                                                               "\"5\"",
                                                                                                                                                                                                                                                                                                                               "tool",
                                                                                                                                                                                                                                                                                                                               "{\"content_type\":\"tether_quote\",\"url\":\"u\",\"title\":\"t\",\"text\":"
                                                                                                                                                                                                                                                                                                                               "\"q\"}") "," CONTENT("7",
                                                                                                                                                                                                                                                                                                                                                     "\"6\"",
                                                                                                                                                                                                                                                                                                                                                     "system",
                                                                                                                                                                                                                                                                                                                                                     "{\"content_type\":\"text\",\"parts\":[\"\"]}") "}}",
                    "chatgpt-export");
    assert_int_equal(out.turn_count, 6);
    assert_turn(&out, 0, ROLE_SYSTEM, "p\ni");
    assert_turn(&out, 1, ROLE_USER, "look");
    assert_turn(&out, 2, ROLE_ASSISTANT, "s\nc");
    assert_turn(&out, 3, ROLE_ASSISTANT, "print(1)");
    assert_turn(&out, 4, ROLE_TOOL, "1");
    assert_turn(&out, 5, ROLE_TOOL, "t\nu\nq");
    assert_int_equal(out.oddities[ODDITY_NONTEXT_PART], 1);
    assert_int_equal(out.oddities[ODDITY_NULL_MESSAGE], 1);
}

static void every_format_has_a_name(void **state)
{
    (void)state;
    static const char *const names[] = {"native",   "openai",         "lmsys",        "wildchat",
                                        "sharegpt", "chatgpt-export", "claude-export"};
    size_t count = 0;
    const char *summary = NULL;
    for (; format_nth(count, &summary); count++) {
        assert_true(strlen(summary) > 0);
        assert_string_equal(format_name(format_find(format_nth(count, NULL))),
                            format_nth(count, NULL));
    }
    assert_int_equal(count, sizeof names / sizeof *names);
    for (size_t i = 0; i < count; i++)
        assert_non_null(format_find(names[i]));
    assert_null(format_find("auto"));
    for (int i = 0; i < ODDITY_COUNT; i++)
        assert_non_null(conversation_oddities[i].title);
    for (int i = 0; i < REJECT_COUNT; i++)
        assert_non_null(record_rejections[i].title);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_has_a_name),
        cmocka_unit_test(native_record),
        cmocka_unit_test(time_of_the_first_turn),
        cmocka_unit_test(sharegpt_record),
        cmocka_unit_test(wildchat_record),
        cmocka_unit_test(claude_record),
        cmocka_unit_test(chatgpt_branches),
        cmocka_unit_test(chatgpt_without_current_node),
        cmocka_unit_test(chatgpt_contents),
        cmocka_unit_test(same_conversations_in_every_format),
        cmocka_unit_test(foreign_shapes_are_counted),
    };
    return cmocka_run_group_tests_name("logs_formats", tests, set_up, tear_down);
}
