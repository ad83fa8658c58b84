/*
 * proffer manual: manual pages in man(7), written from the tables of commands and options, so that
 * they say what --help says. Details of a command are filled as one paragraph.
 */
#include "cli/command.h"
#include "cli/command_files.h"
#include "cli/command_find.h"

#include <stdio.h>
#include <string.h>

/* Text in which no character means anything to roff; a hyphen stays the one that can be typed. */
static void put_text(const char *text, size_t len)
{
    bool line_start = true;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (line_start && (c == '.' || c == '\''))
            fputs("\\&", stdout);
        line_start = c == '\n';
        if (c == '-')
            fputs("\\-", stdout);
        else if (c == '\\')
            fputs("\\e", stdout);
        else if (c == '"')
            fputs("\\(dq", stdout);
        else if (c == '\'')
            fputs("\\(aq", stdout);
        else if (c == '`')
            fputs("\\(ga", stdout);
        else if (c == '^')
            fputs("\\(ha", stdout);
        else if (c == '~')
            fputs("\\(ti", stdout);
        else
            putchar(c);
    }
}

static void put(const char *text)
{
    put_text(text, strlen(text));
}

/* A paragraph, which ends its last line; broken where roff fills it again, so that no line of the
 * source is long. */
static void put_lines(const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        if (len > 60) {
            for (len = 60; len > 0 && text[len] != ' '; len--)
                ;
            if (len == 0)
                len = strcspn(text, " \n");
        }
        put_text(text, len);
        putchar('\n');
        text += len;
        text += *text != '\0';
    }
}

static void put_title(const struct command *command)
{
    fputs(".TH PROFFER", stdout);
    if (command) {
        fputs("\\-", stdout);
        for (const char *at = command->name; *at; at++)
            putchar(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    }
    fputs(" 1 " PROFFER_DATE " \"proffer " PROFFER_VERSION "\" \"User Commands\"\n", stdout);
    fputs(".SH NAME\nproffer", stdout);
    if (command) {
        fputs("\\-", stdout);
        put(command->name);
    }
    fputs(" \\- ", stdout);
    put(command ? command->summary : "aggregate answers about chat logs");
    putchar('\n');
}

static void put_option(const struct option_type *type)
{
    fputs(".TP\n\\fB", stdout);
    if (type->letter) {
        put(type->letter);
        fputs("\\fR, \\fB", stdout);
    }
    put(type->name);
    fputs("\\fR", stdout);
    if (type->argument) {
        fputs(" \\fI", stdout);
        put(type->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_lines(type->summary);
}

static void put_exit_statuses(void)
{
    fputs(".SH EXIT STATUS\n", stdout);
    for (const struct exit_status *at = exit_statuses; at->meaning; at++) {
        printf(".TP\n%d\n", at->code);
        put_lines(at->meaning);
    }
}

/* Every other page. */
static void put_see_also(const struct command *command)
{
    fputs(".SH SEE ALSO\n", stdout);
    if (command)
        fputs(".BR proffer (1),\n", stdout);
    for (const struct command *at = commands; at->name; at++) {
        if (at == command)
            continue;
        bool last = !at[1].name || (at + 1 == command && !at[2].name);
        fputs(".BR proffer\\-", stdout);
        put(at->name);
        printf(" (1)%s\n", last ? "" : ",");
    }
}

/* Files of a command, or of the program; no section where there are none. */
static void put_files(const char *command)
{
    bool any = false;
    for (const struct command_file *at = command_files; at->name; at++) {
        bool own = command ? at->command && strcmp(at->command, command) == 0 : !at->command;
        if (!own)
            continue;
        fputs(any ? ".TP\n\\fI" : ".SH FILES\n.TP\n\\fI", stdout);
        put(at->name);
        fputs("\\fR\n", stdout);
        put_lines(at->meaning);
        any = true;
    }
}

static void put_program(void)
{
    put_title(NULL);
    fputs(".SH SYNOPSIS\n\\fBproffer\\fR \\fICOMMAND\\fR ...\n.SH DESCRIPTION\n", stdout);
    put_lines(program_details);
    fputs(".SH COMMANDS\n", stdout);
    for (const struct command *at = commands; at->name; at++) {
        fputs(".TP\n\\fB", stdout);
        put(at->name);
        fputs("\\fR\n", stdout);
        put_lines(at->summary);
    }
    put_exit_statuses();
    put_files(NULL);
    fputs(".SH ENVIRONMENT\n.TP\nNO_COLOR\nChanges nothing: the program uses no colour.\n", stdout);
    put_see_also(NULL);
}

static void put_command(const struct command *command)
{
    put_title(command);
    fputs(".SH SYNOPSIS\n\\fBproffer ", stdout);
    put(command->name);
    fputs("\\fR ", stdout);
    put_lines(command->usage);
    fputs(".SH DESCRIPTION\n", stdout);
    put_lines(command->details);
    fputs(".SH OPTIONS\n", stdout);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (command->options & (UINT64_C(1) << i))
            put_option(&option_types[i]);
    put_exit_statuses();
    put_files(command->name);
    fputs(".SH EXAMPLES\n.nf\n", stdout);
    put(command->example);
    fputs("\n.fi\n", stdout);
    put_see_also(command);
}

enum status command_manual(const struct arguments *arguments, struct error *err)
{
    if (arguments->word_count == 0) {
        put_program();
        return STATUS_OK;
    }
    const struct command *command = command_find(arguments->words[0]);
    if (!command)
        return command_unknown(arguments->words[0], err);
    put_command(command);
    return STATUS_OK;
}
