/* The generator's vocabulary: see make_logs_words.h. */
#include "examples/make_logs_words.h"

enum { TAIL_NOUNS = 6000, TAIL_NAMES = 4000, VOCABULARY_SEED = 20221130 };

void words_invent(struct random *random, unsigned syllables, char *text)
{
    static const char onsets[][3] = {"b",  "c",  "d",  "f",  "g",  "h",  "l",  "m",  "n",  "p",
                                     "r",  "s",  "t",  "v",  "br", "cl", "dr", "fl", "gr", "pl",
                                     "st", "tr", "ch", "gl", "pr", "k",  "j",  "sp"};
    static const char vowels[][3] = {"a", "e", "i", "o", "u", "ai", "ea", "io"};
    static const char codas[][3] = {"", "", "", "n", "r", "l", "s", "m", "t", "nd"};
    for (unsigned i = 0; i < syllables; i++) {
        const char *parts[] = {onsets[random_below(random, sizeof onsets / sizeof *onsets)],
                               vowels[random_below(random, sizeof vowels / sizeof *vowels)],
                               codas[random_below(random, sizeof codas / sizeof *codas)]};
        for (int part = 0; part < 3; part++)
            for (const char *letter = parts[part]; *letter; letter++)
                *text++ = *letter;
    }
    *text = '\0';
}

/* Fills the head: word r gets about HEAD_SIZE / (r+3) of it, as far as it reaches. */
static void class_rank(struct word_class *class)
{
    uint32_t ranks = class->count < HEAD_SIZE ? class->count : HEAD_SIZE;
    uint64_t total = 0;
    for (uint32_t r = 0; r < ranks; r++)
        total += 1000000 / (r + 3);
    uint64_t sum = 0;
    uint32_t filled = 0;
    for (uint32_t r = 0; r < ranks; r++) {
        sum += 1000000 / (r + 3);
        for (uint64_t end = sum * HEAD_SIZE / total; filled < end; filled++)
            class->head[filled] = (uint16_t)r;
    }
    for (; filled < HEAD_SIZE; filled++)
        class->head[filled] = 0;
}

/* The words of LIST, which blanks separate, then TAIL invented ones. */
static enum status class_init(struct word_class *class, struct arena *arena, const char *list,
                              uint32_t tail, bool capital, struct error *err)
{
    uint32_t count = 0;
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, " ");
        count += len > 0;
        at += len + (at[len] == ' ');
    }
    class->words = arena_zalloc(arena, count + tail, sizeof *class->words);
    if (!class->words)
        return error_nomem(err);
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, " ");
        if (len)
            TRY(piece_init(&class->words[class->count++], arena, at, len, err));
        at += len + (at[len] == ' ');
    }
    struct random random;
    random_init(&random, VOCABULARY_SEED, capital, tail);
    for (uint32_t i = 0; i < tail; i++) {
        char text[4 * 6 + 1];
        words_invent(&random, 2 + random_below(&random, 2), text);
        if (capital)
            text[0] = (char)(text[0] - 'a' + 'A');
        TRY(piece_init(&class->words[class->count++], arena, text, strlen(text), err));
    }
    class_rank(class);
    return STATUS_OK;
}

static enum word_slot slot_of(const char *at)
{
    if (at[0] != '{' || !at[1] || at[2] != '}')
        return SLOT_TEXT;
    switch (at[1]) {
    case 'n':
        return SLOT_NOUN;
    case 'a':
        return SLOT_ADJECTIVE;
    case 'v':
        return SLOT_VERB;
    case 'x':
        return SLOT_NAME;
    case 'd':
        return SLOT_NUMBER;
    default:
        return SLOT_TEXT;
    }
}

static enum status pattern_init(struct pattern *pattern, struct arena *arena, const char *text,
                                size_t len, struct error *err)
{
    pattern->tokens = arena_zalloc(arena, len + 1, sizeof *pattern->tokens);
    if (!pattern->tokens)
        return error_nomem(err);
    for (size_t at = 0; at < len;) {
        struct pattern_token *token = &pattern->tokens[pattern->count++];
        token->slot = slot_of(text + at);
        if (token->slot != SLOT_TEXT) {
            at += 3;
            continue;
        }
        size_t end = at + 1;
        while (end < len && slot_of(text + end) == SLOT_TEXT)
            end++;
        TRY(piece_init(&token->text, arena, text + at, end - at, err));
        at = end;
    }
    return STATUS_OK;
}

/* One pattern a line. */
static enum status pattern_list_init(struct pattern_list *list, struct arena *arena,
                                     const char *lines, struct error *err)
{
    uint32_t count = 0;
    for (const char *at = lines; *at; at++)
        count += *at == '\n';
    list->patterns = arena_zalloc(arena, count, sizeof *list->patterns);
    if (!list->patterns)
        return error_nomem(err);
    for (const char *at = lines; *at;) {
        size_t len = strcspn(at, "\n");
        TRY(pattern_init(&list->patterns[list->count++], arena, at, len, err));
        at += len + 1;
    }
    return STATUS_OK;
}

static enum status language_init(struct language *language, struct arena *arena,
                                 const struct language_source *source, uint32_t tail,
                                 struct error *err)
{
    TRY(pattern_list_init(&language->prompts, arena, source->prompts, err));
    TRY(pattern_list_init(&language->sentences, arena, source->patterns, err));
    TRY(class_init(&language->nouns, arena, source->nouns, tail, false, err));
    TRY(class_init(&language->adjectives, arena, source->adjectives, 0, false, err));
    TRY(class_init(&language->verbs, arena, source->verbs, 0, false, err));
    return piece_init(&language->separator, arena, source->separator, strlen(source->separator),
                      err);
}

enum status words_init(struct words *words, struct error *err)
{
    struct arena *arena = &words->arena;
    memset(words, 0, sizeof *words);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        TRY(language_init(&words->languages[i], arena, &language_sources[i],
                          i == LANGUAGE_ENGLISH ? TAIL_NOUNS : 0, err));
    TRY(class_init(&words->names, arena, "", TAIL_NAMES, true, err));
    TRY(pattern_list_init(&words->openings, arena, language_openings, err));
    TRY(pattern_list_init(&words->closings, arena, language_closings, err));
    for (int i = 0; i < SNIPPET_COUNT; i++)
        TRY(piece_init(&words->snippets[i], arena, language_snippets[i],
                       strlen(language_snippets[i]), err));
    TRY(piece_init(&words->line, arena, "\n", 1, err));
    TRY(piece_init(&words->paragraph, arena, "\n\n", 2, err));
    return piece_init(&words->bullet, arena, "\n- ", 3, err);
}

void words_release(struct words *words)
{
    arena_release(&words->arena);
}

static inline void add_piece(struct writer *writer, const struct piece *piece)
{
    writer->word_count += piece_add(piece, writer->style, writer->out);
}

void write_piece(struct writer *writer, const struct piece *piece)
{
    add_piece(writer, piece);
}

static inline void write_word(struct writer *writer, const struct word_class *class, uint32_t dice)
{
    uint32_t index;
    if ((dice & 15) == 0) /* the tail: any word */
        index = (uint32_t)((uint64_t)(dice >> 4) * class->count >> 28);
    else
        index = class->head[dice >> 4 & (HEAD_SIZE - 1)];
    add_piece(writer, &class->words[index]);
}

void write_pattern(struct writer *writer, const struct pattern_list *list)
{
    const struct language *language = writer->language;
    uint64_t dice = random_next(writer->random);
    const struct pattern *pattern = &list->patterns[(dice >> 32) * list->count >> 32];
    unsigned left = 1; /* halves of dice not used yet: a word takes one */
    for (uint32_t i = 0; i < pattern->count; i++) {
        const struct pattern_token *token = &pattern->tokens[i];
        if (token->slot == SLOT_TEXT) {
            add_piece(writer, &token->text);
            continue;
        }
        if (left == 0) {
            dice = random_next(writer->random);
            left = 2;
        }
        uint32_t half = (uint32_t)(left == 2 ? dice >> 32 : dice);
        left--;
        if (token->slot == SLOT_NUMBER) {
            sink_number(writer->out, half >> 16 & ((1u << (1 + half % 11)) - 1));
            writer->word_count++;
        } else {
            write_word(writer,
                       token->slot == SLOT_NOUN        ? &language->nouns
                       : token->slot == SLOT_ADJECTIVE ? &language->adjectives
                       : token->slot == SLOT_VERB      ? &language->verbs
                                                       : &writer->words->names,
                       half);
        }
    }
}

void write_sentences(struct writer *writer, uint32_t count)
{
    const struct words *words = writer->words;
    bool list = random_below(writer->random, 8) == 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) {
            uint64_t dice = random_next(writer->random) >> 60;
            add_piece(writer, list        ? &words->bullet
                              : dice == 0 ? &words->line
                              : dice <= 2 ? &words->paragraph
                                          : &writer->language->separator);
        }
        write_pattern(writer, &writer->language->sentences);
    }
}
