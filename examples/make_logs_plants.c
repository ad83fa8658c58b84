/* What is planted into the logs: see make_logs_plants.h. */
#include "examples/make_logs_plants.h"

enum {
    IN_PROMPT = 1 << SIDE_OF_PROMPT,
    IN_OUTPUT = 1 << SIDE_OF_OUTPUT,
    IN_ANY = IN_PROMPT | IN_OUTPUT | 1 << SIDE_OF_OTHERS
};

const struct rule plant_terms[TERM_COUNT] = {
    {"PHRASE1", "quillon gazette", {{MARK_PHRASE, IN_ANY, false}}},
    {"AND1",
     "zephyrine AND xanthic",
     {{MARK_ZEPHYRINE, IN_ANY, false}, {MARK_XANTHIC, IN_ANY, false}}},
    {"OR1", "zephyrine OR quokka", {{MARK_ZEPHYRINE | MARK_QUOKKA, IN_ANY, false}}},
    {"NOT1",
     "zephyrine AND NOT xanthic",
     {{MARK_ZEPHYRINE, IN_ANY, false}, {MARK_XANTHIC, IN_ANY, true}}},
    {"WILD1", "quillon*", {{MARK_QUILLON, IN_ANY, false}}},
    {"WILD2", "xylograph?", {{MARK_XYLOGRAPHS, IN_ANY, false}}},
    {"PROMPT1", "contains(prompt, zephyrine)", {{MARK_ZEPHYRINE, IN_PROMPT, false}}},
    {"OUTPUT1", "contains(output, quokka)", {{MARK_QUOKKA, IN_OUTPUT, false}}},
    {"CASE1", "QuOkKa", {{MARK_QUOKKA, IN_ANY, false}}},
    {"QUOTED1", "\"to be or not to quokka\"", {{MARK_TO_BE, IN_ANY, false}}},
    {"CURLY1", "reader's zeal", {{MARK_ZEAL, IN_ANY, false}}},
    {"ACCENT1", "zénith café", {{MARK_CAFE, IN_ANY, false}}},
    {"CJK1", "鷺鶯報", {{MARK_HERON, IN_ANY, false}}},
    {"MIXED1",
     "(zephyrine OR quokka) AND quillon* AND NOT contains(output, xanthic)",
     {{MARK_ZEPHYRINE | MARK_QUOKKA, IN_ANY, false},
      {MARK_QUILLON, IN_ANY, false},
      {MARK_XANTHIC, IN_OUTPUT, true}}},
};

const struct rule plant_topics[TOPIC_COUNT] = {
    {"Paper crafts", "origami OR \"paper folding\"", {{MARK_ORIGAMI, IN_ANY, false}}},
    {"Bees", "beekeep*", {{MARK_BEEKEEPING, IN_ANY, false}}},
    {"Bread", "contains(prompt, sourdough)", {{MARK_SOURDOUGH, IN_PROMPT, false}}},
    {"Chess", "chess", {{MARK_CHESS, IN_ANY, false}}},
    {"Stars",
     "telescope* AND NOT microscope",
     {{MARK_TELESCOPE, IN_ANY, false}, {MARK_MICROSCOPE, IN_ANY, true}}},
    {"Stuffing and bread",
     "taxidermist AND sourdough",
     {{MARK_TAX, IN_ANY, false}, {MARK_SOURDOUGH, IN_ANY, false}}},
};

const struct plant plants[PLANT_COUNT] = {
    {"It stood in the Quillon Gazette of that week.", MARK_PHRASE | MARK_QUILLON},
    {"They all read the QUILLON\nGAZETTE at breakfast.", MARK_PHRASE | MARK_QUILLON},
    {"A quillonade was served.", MARK_QUILLON},
    {"That gazette had nothing on the quillon, they said.", MARK_QUILLON},
    {"Another gazette had the story first.", 0},
    {"The zephyrine coat was sold.", MARK_ZEPHYRINE},
    {"Everything was ZEPHYRINE, even the walls.", MARK_ZEPHYRINE},
    {"The xanthic one came late.", MARK_XANTHIC},
    {"A quokka sat there.", MARK_QUOKKA},
    {"The “Quokka” sign was new.", MARK_QUOKKA},
    {"Full width letters say ｑｕｏｋｋａ here.", MARK_QUOKKA},
    {"Then to be or not to quokka was the matter.", MARK_TO_BE | MARK_QUOKKA},
    {"We met at the Zénith Café, outside.", MARK_CAFE},
    {"On the door it said ZE\xcc\x81NITH CAFE\xcc\x81 in gold.", MARK_CAFE},
    {"A zenith cafe without accents is another place.", 0},
    {"It was the reader’s zeal that won.", MARK_ZEAL},
    {"It was the reader's zeal that lost.", MARK_ZEAL},
    {"「鷺鶯報」。", MARK_HERON},
    {"鷺、鶯、報。", MARK_HERON},
    {"Two xylographs hung there.", MARK_XYLOGRAPHS},
    {"One xylograph hung there.", 0},
    {"She folded origami for hours.", MARK_ORIGAMI},
    {"They taught paper folding on Sundays.", MARK_ORIGAMI},
    {"The beekeeper knew beekeeping well.", MARK_BEEKEEPING},
    {"A sourdough starter needs patience.", MARK_SOURDOUGH},
    {"We played chess.", MARK_CHESS},
    {"Two telescopes were set up.", MARK_TELESCOPE},
    {"The taxidermist owned a microscope.", MARK_MICROSCOPE | MARK_TAX},
};

static bool clause_matches(const struct clause *clause, const struct planting *planting)
{
    return (plants[planting->plant].marks & clause->marks) && (clause->sides >> planting->side & 1);
}

bool rule_hits(const struct rule *rule, const struct planting *plantings, size_t count,
               struct rule_hit *hit)
{
    for (int c = 0; c < CLAUSE_MAX && rule->clauses[c].marks; c++) {
        bool found = false;
        for (size_t i = 0; i < count && !found; i++)
            found = clause_matches(&rule->clauses[c], &plantings[i]);
        if (found == rule->clauses[c].negated)
            return false;
    }
    *hit = (struct rule_hit){.prompt_only = true, .output_only = true};
    int turn = -1, exchange = -1;
    for (size_t i = 0; i < count; i++) {
        bool occurs = false;
        for (int c = 0; c < CLAUSE_MAX && rule->clauses[c].marks; c++)
            occurs |= !rule->clauses[c].negated && clause_matches(&rule->clauses[c], &plantings[i]);
        if (!occurs)
            continue;
        hit->occurrences++;
        hit->turns += plantings[i].turn != turn;
        hit->exchanges += plantings[i].exchange != exchange;
        turn = plantings[i].turn;
        exchange = plantings[i].exchange;
        hit->prompt_only &= plantings[i].side == SIDE_OF_PROMPT;
        hit->output_only &= plantings[i].side == SIDE_OF_OUTPUT;
    }
    return true;
}

const char *const identifier_names[IDENTIFIER_COUNT] = {"email", "phone", "ssn",    "card",
                                                        "iban",  "ip",    "api_key"};

/* REST with the digits of TEXT after it, modulo 97; letters count 10 to 35 (ISO 13616). */
static uint32_t iban_rest(uint32_t rest, const char *text)
{
    for (; *text; text++)
        rest = *text <= '9' ? (rest * 10 + (uint32_t)(*text - '0')) % 97
                            : (rest * 100 + (uint32_t)(*text - 'A' + 10)) % 97;
    return rest;
}

static void add_email(struct sink *out, struct random *random)
{
    static const char *const hosts[] = {"example.com", "example.org", "mail.example.net"};
    char name[13];
    words_invent(random, 2, name);
    sink_text(out, name);
    sink_text(out, random_below(random, 2) ? "." : "_");
    sink_number(out, random_below(random, 1000));
    sink_text(out, "@");
    sink_text(out, hosts[random_below(random, 3)]);
}

static void add_phone(struct sink *out, struct random *random)
{
    static const char *const starts[] = {"(212) 555-01", "+1 415 555 01", "303-555-01",
                                         "+1-617-555-01"};
    sink_text(out, starts[random_below(random, 4)]);
    sink_digits(out, random_below(random, 100), 2);
}

static void add_card(struct sink *out, struct random *random)
{
    static const char *const cards[] = {"4242424242424242", "4111 1111 1111 1111",
                                        "5555-5555-5555-4444", "378282246310005"};
    sink_text(out, cards[random_below(random, 4)]);
}

static void add_iban(struct sink *out, struct random *random)
{
    /* A German one whose bank code begins with 000, which no bank has. Not grouped by blanks, so
     * that it is no card number at the same time. */
    char account[19];
    for (int i = 0; i < 18; i++)
        account[i] = (char)(i < 3 ? '0' : '0' + (int)random_below(random, 10));
    account[18] = '\0';
    uint32_t check = 98 - iban_rest(iban_rest(0, account), "DE00");
    sink_text(out, "DE");
    sink_digits(out, check, 2);
    sink_text(out, account);
}

static void add_ip(struct sink *out, struct random *random)
{
    static const char *const nets[] = {"192.0.2.", "198.51.100.", "203.0.113."};
    if (random_below(random, 4) == 0) {
        sink_text(out, "2001:db8::");
        sink_hex(out, random_next(random), 4);
        return;
    }
    sink_text(out, nets[random_below(random, 3)]);
    sink_number(out, 1 + random_below(random, 254));
}

/* The checksum of a GitHub token: CRC-32 (IEEE 802.3) of its letters as six digits of base 62. */
static void add_checksum(struct sink *out, const char *letters, unsigned count)
{
    uint32_t crc = UINT32_MAX;
    for (unsigned i = 0; i < count; i++) {
        crc ^= (unsigned char)letters[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    char digits[6];
    crc = ~crc;
    for (int i = 5; i >= 0; i--, crc /= 62)
        digits[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[crc % 62];
    sink_add(out, digits, sizeof digits);
}

static void add_key(struct sink *out, struct random *random)
{
    static const struct {
        const char *start;
        unsigned letters; /* after it */
    } shapes[] = {{"sk-", 48}, {"AKIA", 16}, {"ghp_", 36}};
    char letters[48];
    unsigned shape = random_below(random, 3), count = shapes[shape].letters;
    sink_text(out, shapes[shape].start);
    for (unsigned i = 0; i < count; i++) {
        uint32_t dice = random_below(random, 32);
        char letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[dice];
        if (shape != 1 && (i & 1) && letter >= 'A')
            letter = (char)(letter - 'A' + 'a');
        letters[i] = letter;
    }
    if (shape == 2)
        count -= 6; /* the place of the checksum */
    sink_add(out, letters, count);
    if (shape == 2)
        add_checksum(out, letters, count);
}

static const struct {
    const char *before;
    void (*add)(struct sink *out, struct random *random);
} identifiers[IDENTIFIER_COUNT] = {
    {"You can write to ", add_email}, {"Call me at ", add_phone}, {"My number is ", NULL},
    {"The card is ", add_card},       {"Send it to ", add_iban},  {"The server is ", add_ip},
    {"The key is ", add_key},
};

void write_identifier(struct writer *writer, unsigned kind)
{
    struct sink text = {NULL, 0, 0, false};
    sink_text(&text, identifiers[kind].before);
    if (identifiers[kind].add) {
        identifiers[kind].add(&text, writer->random);
    } else {
        sink_text(&text, "123-45-6");
        sink_digits(&text, random_below(writer->random, 1000), 3);
    }
    sink_text(&text, ".");
    if (text.failed) {
        writer->out->failed = true;
    } else {
        text_escape(writer->out, text.data, text.len, writer->style);
        writer->word_count += text_words(text.data, text.len);
    }
    sink_release(&text);
}
