/* Arguments by the table of options: see options.h. */
#include "cli/options.h"

#include "base/memory.h"
#include "base/suggest.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status unknown_option(const struct command *command, const char *word,
                                  struct error *err)
{
    struct suggest suggest;
    suggest_init(&suggest, word);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (command->options & (UINT64_C(1) << i))
            suggest_offer(&suggest, option_types[i].name);
    enum status status = error_set(err, STATUS_USAGE, command->name, "unknown option \"%s\"", word);
    error_hint(err, "proffer %s --help", command->name);
    suggest_hint(&suggest, err);
    return status;
}

/* "--name", "--name=value", "--name value" or "-n". */
static enum status parse_option(const struct command *command, int argc, char **argv, int *at,
                                struct arguments *out, struct error *err)
{
    const char *word = argv[*at], *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_type *type = &option_types[i];
        bool long_name = strlen(type->name) == len && memcmp(type->name, word, len) == 0;
        bool short_name = type->letter && strcmp(type->letter, word) == 0;
        if (!(command->options & (UINT64_C(1) << i)) || (!long_name && !short_name))
            continue;
        if (out->values[i])
            return error_set(err, STATUS_USAGE, command->name, "\"%s\" is given twice", type->name);
        if (!type->argument) {
            if (equals)
                return error_set(err, STATUS_USAGE, command->name, "\"%s\" takes no value",
                                 type->name);
            out->values[i] = "";
        } else if (equals) {
            out->values[i] = equals + 1;
        } else if (*at + 1 < argc) {
            out->values[i] = argv[++*at];
        } else {
            return error_set(err, STATUS_USAGE, command->name, "\"%s\" needs a value: %s",
                             type->name, type->argument);
        }
        return STATUS_OK;
    }
    return unknown_option(command, word, err);
}

/* "-1", "-0.5": a number that was meant as a word; no option's letter is a digit. */
static bool is_negative_number(const char *word)
{
    return word[0] == '-' && word[1] && strspn(word + 1, "0123456789.,") == strlen(word + 1);
}

enum status options_parse(const struct command *command, int argc, char **argv,
                          struct arguments *out, struct error *err)
{
    *out = (struct arguments){.words = mem_zalloc((size_t)argc + 1, sizeof *out->words)};
    if (!out->words)
        return error_nomem(err);
    bool only_words = false;
    for (int i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && argv[i][0] == '-' && argv[i][1] && !is_negative_number(argv[i]))
            TRY(parse_option(command, argc, argv, &i, out, err));
        else
            out->words[out->word_count++] = argv[i];
    }
    if (out->values[OPTION_HELP])
        return STATUS_OK;
    if (out->word_count < command->min_words ||
        (command->max_words >= 0 && out->word_count > command->max_words)) {
        enum status status = error_set(
            err, STATUS_USAGE, command->name, "%s",
            out->word_count < command->min_words ? "an argument is missing" : "too many arguments");
        error_hint(err, "usage: proffer %s %s", command->name, command->usage);
        return status;
    }
    return STATUS_OK;
}

void options_release(struct arguments *arguments)
{
    free(arguments->words);
    arguments->words = NULL;
}

enum status options_number(const struct arguments *arguments, enum option_id option, uint64_t low,
                           uint64_t high, uint64_t fallback, uint64_t *out, struct error *err)
{
    const char *text = arguments->values[option];
    *out = fallback;
    if (!text)
        return STATUS_OK;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || value < low || value > high)
        return error_set(err, STATUS_USAGE, option_types[option].name,
                         "\"%s\" is no whole number from %llu to %llu", text,
                         (unsigned long long)low, (unsigned long long)high);
    *out = value;
    return STATUS_OK;
}

enum status options_real(const struct arguments *arguments, enum option_id option, double fallback,
                         double *out, struct error *err)
{
    const char *text = arguments->values[option];
    *out = fallback;
    if (!text)
        return STATUS_OK;
    char *end;
    double value = strtod(text, &end);
    if (!*text || strspn(text, "0123456789.eE+-") != strlen(text) || *end || !isfinite(value))
        return error_set(err, STATUS_USAGE, option_types[option].name, "\"%s\" is no number", text);
    *out = value;
    return STATUS_OK;
}

enum status options_count(const char *text, const char *name, uint64_t *out, struct error *err)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (is_negative_number(text))
        return error_set(err, STATUS_USAGE, name, "\"%s\" is negative: a count is 0 or more", text);
    if (text[0] < '0' || text[0] > '9' || *end || errno) {
        error_set(err, STATUS_USAGE, name, "\"%s\" is no whole number", text);
        return strpbrk(text, ",._'eE") ? error_hint(err, "write it in plain digits: 20000000")
                                       : STATUS_USAGE;
    }
    *out = value;
    return STATUS_OK;
}

/*
 * TEXT in lines for a terminal of 80 columns, broken between words; its own single newlines are
 * blanks, an empty line stays. The first line begins in column AT, the others in column INDENT.
 */
static void put_wrapped(FILE *out, const char *text, int at, int indent)
{
    enum { WIDTH = 79 };
    int column = at;
    bool begun = false; /* a word stands in this line */
    while (*text) {
        size_t space = strspn(text, " \n");
        bool paragraph = begun && space > 1 && text[0] == '\n' && text[1] == '\n';
        text += space;
        int len = (int)strcspn(text, " \n");
        if (len == 0)
            break;
        if (paragraph || (begun && column + 1 + len > WIDTH)) {
            fprintf(out, "%s%*s", paragraph ? "\n\n" : "\n", indent, "");
            column = indent;
            begun = false;
        }
        fprintf(out, "%s%.*s", begun ? " " : "", len, text);
        column += len + begun;
        begun = true;
        text += len;
    }
    fputc('\n', out);
}

void options_help(const struct command *command, FILE *out)
{
    if (!command) {
        fprintf(out, "%s\nusage: proffer COMMAND ...\n\n", program_details);
        for (const struct command *at = commands; at->name; at++)
            fprintf(out, "  %-11s%s\n", at->name, at->summary);
        fputs("\n  proffer COMMAND --help says more; proffer --version\n\nexit status:\n", out);
        for (const struct exit_status *at = exit_statuses; at->meaning; at++)
            fprintf(out, "  %2d  %s\n", at->code, at->meaning);
        return;
    }
    char usage[256];
    snprintf(usage, sizeof usage, "usage: proffer %s %s", command->name, command->usage);
    put_wrapped(out, usage, 0, 4);
    fputc('\n', out);
    put_wrapped(out, command->details, 0, 0);
    fputc('\n', out);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!(command->options & (UINT64_C(1) << i)))
            continue;
        const struct option_type *type = &option_types[i];
        char left[64];
        snprintf(left, sizeof left, "%s%s%s%s%s", type->letter ? type->letter : "",
                 type->letter ? ", " : "", type->name, type->argument ? " " : "",
                 type->argument ? type->argument : "");
        enum { COLUMN = 23 };
        int used = fprintf(out, "  %-20s", left);
        bool fits = used < COLUMN;
        fprintf(out, "%s%*s", fits ? "" : "\n", COLUMN - (fits ? used : 0), "");
        put_wrapped(out, type->summary, COLUMN, COLUMN);
    }
    fprintf(out, "\nexample: %s\n", command->example);
}
