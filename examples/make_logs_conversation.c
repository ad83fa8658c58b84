/* Laying out and writing one conversation: see make_logs_conversation.h. */
#include "examples/make_logs_conversation.h"

#include "base/civil.h"

enum { PROPERTY_CONVERSATION = 50, PROPERTY_BREAKAGE, PROPERTY_EARLIER };

/* Levels of random_tail, of 1,000. */
static const uint16_t exchange_levels[] = {380, 290, 175, 95, 42, 14, 4};
static const uint16_t prompt_levels[] = {400, 300, 180, 80, 30, 8, 2};
static const uint16_t output_levels[] = {80, 150, 250, 290, 170, 52, 8};

/* ---- laying out ---- */

static void add_turn(struct conversation_plan *plan, enum role role, enum turn_shape shape,
                     bool *answered)
{
    if (plan->turn_count == TURN_MAX)
        return;
    if (plan->exchange_count == 0 || (role == ROLE_OF_USER && *answered)) {
        plan->exchange_count++;
        *answered = false;
    }
    if (role == ROLE_OF_ASSISTANT)
        *answered = true;
    plan->turns[plan->turn_count++] =
        (struct turn_plan){(uint8_t)role, (uint8_t)shape, (uint16_t)(plan->exchange_count - 1)};
    if (shape == SHAPE_NULL)
        plan->null_messages++;
    else
        plan->role_counts[role]++;
    plan->parts += shape == SHAPE_PARTS;
    plan->tool_calls += shape == SHAPE_TOOL_CALL;
    plan->unknown_roles += shape == SHAPE_CRITIC;
}

static void plan_turns(unsigned carries, struct random *random, struct conversation_plan *plan)
{
    bool answered = false, shapes = carries & CARRIES_SHAPES;
    if ((carries & CARRIES_SYSTEM) && random_chance(random, 6000))
        add_turn(plan, ROLE_OF_SYSTEM, SHAPE_TEXT, &answered);
    if (random_chance(random, 1000))
        add_turn(plan, ROLE_OF_ASSISTANT, SHAPE_TEXT, &answered);
    uint32_t exchanges = random_tail(random, exchange_levels);
    bool open_end = random_chance(random, 3000);
    for (uint32_t i = 0; i < exchanges; i++) {
        uint64_t dice = random_next(random);
        bool picture = shapes && dice % 128 == 0;
        add_turn(plan, ROLE_OF_USER, picture ? SHAPE_PARTS : SHAPE_TEXT, &answered);
        if ((dice >> 8 & 63) == 0) /* two prompts in a row are one */
            add_turn(plan, ROLE_OF_USER, SHAPE_TEXT, &answered);
        if (i + 1 == exchanges && open_end)
            break;
        if (shapes && (dice >> 16 & 31) == 0) {
            add_turn(plan, ROLE_OF_ASSISTANT, SHAPE_TOOL_CALL, &answered);
            add_turn(plan, ROLE_OF_TOOL, SHAPE_TEXT, &answered);
        }
        add_turn(plan, ROLE_OF_ASSISTANT, SHAPE_TEXT, &answered);
        if (shapes && (dice >> 24 & 511) == 0)
            add_turn(plan, ROLE_OF_ASSISTANT, SHAPE_NULL, &answered);
        if (shapes && (dice >> 36 & 2047) == 0)
            add_turn(plan, ROLE_OF_TOOL, SHAPE_CRITIC, &answered);
    }
}

static bool holds_text(const struct turn_plan *turn)
{
    return turn->shape == SHAPE_TEXT || turn->shape == SHAPE_PARTS;
}

/* A turn that text can be planted into; conversations always have one. */
static uint16_t choose_turn(const struct conversation_plan *plan, struct random *random)
{
    uint32_t turn = random_below(random, plan->turn_count);
    while (!holds_text(&plan->turns[turn]))
        turn = (turn + 1) % plan->turn_count;
    return (uint16_t)turn;
}

static void plan_plantings(struct conversation_plan *plan, struct random *random)
{
    static const uint8_t sides[MAKE_ROLE_COUNT] = {SIDE_OF_PROMPT, SIDE_OF_OUTPUT, SIDE_OF_OTHERS,
                                                   SIDE_OF_OTHERS};
    uint32_t count = random_chance(random, 15000) ? 1 + random_below(random, PLANTING_MAX) : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct planting new = {.plant = (uint8_t)random_below(random, PLANT_COUNT),
                               .turn = choose_turn(plan, random)};
        new.side = sides[plan->turns[new.turn].role];
        new.exchange = plan->turns[new.turn].exchange;
        uint32_t at = plan->planting_count++;
        for (; at > 0 && plan->plantings[at - 1].turn > new.turn; at--)
            plan->plantings[at] = plan->plantings[at - 1];
        plan->plantings[at] = new;
    }
    if (random_chance(random, 3000)) {
        plan->identifier_count = 1 + random_below(random, IDENTIFIER_MAX);
        for (uint32_t i = 0; i < plan->identifier_count; i++) {
            plan->identifiers[i].kind = (uint8_t)random_below(random, IDENTIFIER_COUNT);
            plan->identifiers[i].turn = choose_turn(plan, random);
        }
    }
}

/* Three in five excerpts are the model's own, one is pasted and repeated, one only pasted. */
static void plan_excerpt(const struct maker *maker, struct conversation_plan *plan,
                         struct random *random)
{
    plan->excerpt_prompt = plan->excerpt_output = -1;
    uint32_t dice = random_below(random, 2 * maker->one_in);
    bool long_enough = dice < 2, too_short = dice == 2 && maker->one_in > 1;
    if (!long_enough && !too_short)
        return;
    uint32_t start = random_below(random, plan->turn_count);
    for (uint32_t i = 0; i + 1 < plan->turn_count; i++) {
        uint32_t turn = (start + i) % (plan->turn_count - 1);
        const struct turn_plan *prompt = &plan->turns[turn], *output = prompt + 1;
        if (prompt->role != ROLE_OF_USER || output->role != ROLE_OF_ASSISTANT ||
            !holds_text(prompt) || !holds_text(output))
            continue;
        uint32_t course = random_below(random, 5);
        plan->has_excerpt = true;
        if (course >= 3)
            plan->excerpt_prompt = (int)turn;
        if (course <= 3)
            plan->excerpt_output = (int)turn + 1;
        uint8_t length = too_short ? 0 : (uint8_t)(1 + random_below(random, RUN_LENGTH_COUNT - 1));
        plan->excerpt = works_choose(&maker->works, random, length);
        return;
    }
}

/* Forgets what the format or this record does not carry. */
static void plan_gaps(unsigned carries, struct random *random, struct conversation_plan *plan)
{
    struct meta *meta = &plan->meta;
    bool shapes = carries & CARRIES_SHAPES;
    if (random_chance(random, 2000) || !(carries & CARRIES_USER))
        meta->user = NOBODY;
    if (random_chance(random, 1000) || !(carries & CARRIES_TIME))
        meta->time = CIVIL_NONE;
    if (random_chance(random, 1000) || !(carries & CARRIES_MODEL))
        meta->model = -1;
    if (random_chance(random, 5000) || !(carries & CARRIES_COUNTRY))
        meta->country = -1;
    if (random_chance(random, 3000) || !(carries & CARRIES_LANGUAGE))
        meta->language = -1;
    if (random_chance(random, 2000) || !(carries & CARRIES_ACCOUNT))
        meta->account = -1;
    if (random_chance(random, 5000) || !(carries & CARRIES_SURFACE))
        meta->surface = -1;
    uint64_t dice = random_next(random);
    if (shapes && meta->time != CIVIL_NONE && dice % 10 == 0) {
        plan->time_in_turns = true;
        plan->time_only_there = (dice >> 8) % 10 == 0;
    }
    if (shapes && (carries & CARRIES_TIME) && meta->time == CIVIL_NONE && (dice >> 16) % 10 == 0)
        plan->bad_time = true;
    if ((dice >> 24) % 400 == 0)
        plan->surrogates = carries & CARRIES_TWICE ? 2 : 1;
    plan->abandoned = (carries & CARRIES_BRANCHES) && (dice >> 36) % 10 == 0;
    plan->style = (dice >> 48) % 10 < 3 ? STYLE_ASCII : STYLE_UTF8;
}

void conversation_plan(const struct maker *maker, uint64_t index, struct random *random,
                       struct conversation_plan *plan)
{
    size_t head = offsetof(struct conversation_plan, turns);
    size_t tail = offsetof(struct conversation_plan, turn_count);
    memset(plan, 0, head); /* the turns between them need no zeroes */
    memset((char *)plan + tail, 0, sizeof *plan - tail);
    random_init(random, maker->seed, PROPERTY_CONVERSATION, index);
    people_meet(&maker->people, index, random, &plan->meta);
    int language = plan->meta.language;
    plan_gaps(maker->carries, random, plan);
    plan_turns(maker->carries, random, plan);
    plan_plantings(plan, random);
    plan_excerpt(maker, plan, random);
    plan->spoken = language;
    if (maker->carries & CARRIES_BRANCHES) {
        plan->null_messages++; /* the root of the tree */
        if (plan->role_counts[ROLE_OF_ASSISTANT] == 0)
            plan->meta.model = -1; /* told with each answer */
    }
}

static bool can_repeat(const struct maker *maker, uint64_t index)
{
    uint64_t none;
    if (conversation_breakage(maker, index, &none) != BREAK_NOT)
        return false;
    struct random random;
    struct conversation_plan plan;
    conversation_plan(maker, index, &random, &plan);
    return plan.meta.user != NOBODY;
}

enum breakage conversation_breakage(const struct maker *maker, uint64_t index, uint64_t *earlier)
{
    /* Of 100,000. The rest is sound. */
    static const uint16_t rates[] = {80, 50, 60, 60, 50, 50, 200};
    *earlier = 0;
    if (!maker->broken || index % BLOCK_SIZE == 0) /* files begin with a sound record */
        return BREAK_NOT;
    uint64_t hash = random_hash(maker->seed, PROPERTY_BREAKAGE, index);
    uint32_t dice = (uint32_t)((hash >> 32) * 100000 >> 32);
    int kind = BREAK_JSON;
    while (kind <= BREAK_DUPLICATE && dice >= rates[kind - 1])
        dice -= rates[kind++ - 1];
    switch (kind) {
    case BREAK_JSON:
    case BREAK_CUT:
    case BREAK_UTF8:
        return maker->lines ? (enum breakage)kind : BREAK_NOT;
    case BREAK_LONG_ID:
        return maker->carries & CARRIES_ID ? BREAK_LONG_ID : BREAK_NOT;
    case BREAK_NO_MESSAGES:
    case BREAK_DEEP:
        return (enum breakage)kind;
    case BREAK_DUPLICATE:
        if (!(maker->carries & CARRIES_ID) || !(maker->carries & CARRIES_USER))
            return BREAK_NOT;
        *earlier = random_hash(maker->seed, PROPERTY_EARLIER, index) % index;
        return can_repeat(maker, *earlier) ? BREAK_DUPLICATE : BREAK_NOT;
    default:
        return BREAK_NOT;
    }
}

/* ---- writing ---- */

static void write_prompt(struct writer *writer)
{
    write_pattern(writer, &writer->language->prompts);
    uint32_t more = random_tail(writer->random, prompt_levels);
    if (more > 1) {
        write_piece(writer, &writer->words->paragraph);
        write_sentences(writer, more - 1);
    }
}

static void write_output(struct writer *writer)
{
    const struct words *words = writer->words;
    uint64_t dice = random_next(writer->random);
    if (dice % 5 < 2) {
        write_pattern(writer, &words->openings);
        write_piece(writer, &words->paragraph);
    }
    write_sentences(writer, random_tail(writer->random, output_levels));
    if ((dice >> 8) % 10 == 0) {
        write_piece(writer, &words->paragraph);
        write_piece(writer, &words->snippets[(dice >> 16) % SNIPPET_COUNT]);
    }
    if ((dice >> 24) % 10 < 3) {
        write_piece(writer, &words->paragraph);
        write_pattern(writer, &words->closings);
    }
}

/* The arguments of a call: JSON inside a JSON string. */
static void write_call(struct writer *writer)
{
    static const char before[] = "{\\\"query\\\": \\\"", after[] = "\\\", \\\"limit\\\": 5}";
    sink_add(writer->out, before, sizeof before - 1);
    for (int i = 0; i < 2; i++) {
        const struct word_class *nouns = &writer->words->languages[LANGUAGE_ENGLISH].nouns;
        write_piece(writer, &nouns->words[random_below(writer->random, nouns->count)]);
        sink_add(writer->out, i ? "" : " ", i ? 0 : 1);
    }
    sink_add(writer->out, after, sizeof after - 1);
    writer->word_count +=
        4; /* query, limit, 5, and the name of the tool, which is read with them */
}

static void write_planted(const struct maker *maker, const struct conversation_plan *plan,
                          uint32_t turn, struct writer *writer)
{
    for (uint32_t i = 0; i < plan->planting_count; i++) {
        if (plan->plantings[i].turn != turn)
            continue;
        sink_add(writer->out, " ", 1);
        write_piece(writer, &maker->plant_pieces[plan->plantings[i].plant]);
    }
    for (uint32_t i = 0; i < plan->identifier_count; i++) {
        if (plan->identifiers[i].turn != turn)
            continue;
        sink_add(writer->out, " ", 1);
        write_identifier(writer, plan->identifiers[i].kind);
    }
    if (plan->has_excerpt &&
        (plan->excerpt_prompt == (int)turn || plan->excerpt_output == (int)turn))
        write_excerpt(writer, &maker->works, plan->excerpt);
    if (turn != 0)
        return;
    if (plan->surrogates)
        sink_text(writer->out, " \\ud83d ");
    if (plan->bad_text) {
        static const char *const bytes[] = {"\xff", "\xc3(", "\xed\xa0\x80", "\xc0\xaf"};
        sink_text(writer->out, " ");
        sink_text(writer->out, bytes[random_below(writer->random, 4)]);
        sink_text(writer->out, " ");
    }
}

void conversation_write_turn(const struct maker *maker, struct conversation_plan *plan,
                             uint32_t turn, struct random *random, struct sink *out)
{
    struct writer writer = {.words = &maker->words,
                            .language = &maker->words.languages[plan->spoken],
                            .random = random,
                            .out = out,
                            .style = plan->style};
    const struct turn_plan *laid = &plan->turns[turn];
    if (laid->shape == SHAPE_TOOL_CALL) {
        write_call(&writer);
    } else if (laid->shape != SHAPE_NULL) {
        if (laid->role == ROLE_OF_USER)
            write_prompt(&writer);
        else if (laid->role == ROLE_OF_ASSISTANT)
            write_output(&writer);
        else
            write_sentences(&writer, 1 + random_below(random, 4));
        write_planted(maker, plan, turn, &writer);
    }
    plan->words += writer.word_count;
}
