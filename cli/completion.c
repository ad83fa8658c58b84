/*
 * proffer completion: scripts that complete commands, options and values in bash, zsh and fish,
 * written from the tables of commands and options. A value is one of those that the table lists
 * with | between them; any other is completed as the name of a file.
 */
#include "cli/command.h"
#include "cli/template.h"

#include <stdio.h>
#include <string.h>

static bool takes(const struct command *command, size_t option)
{
    return command->options & (UINT64_C(1) << option);
}

static bool is_list(const char *argument)
{
    return argument && strchr(argument, '|');
}

static void put_list(const char *argument)
{
    for (; *argument; argument++)
        putchar(*argument == '|' ? ' ' : *argument);
}

static void put_commands(void)
{
    for (const struct command *at = commands; at->name; at++)
        printf("%s%s", at == commands ? "" : " ", at->name);
}

static void put_templates(void)
{
    for (const struct template_type *at = template_types; at->name; at++)
        printf("%s%s", at == template_types ? "" : " ", at->name);
}

/* Whether its words are known; else they are files. */
static bool has_words(const struct command *command)
{
    return strcmp(command->usage, "[COMMAND]") == 0 || strcmp(command->name, "new") == 0 ||
           (is_list(command->usage) && !strpbrk(command->usage, " (["));
}

/* What its words may be, where they are known. */
static void put_words(const struct command *command)
{
    if (!has_words(command))
        return;
    if (strcmp(command->usage, "[COMMAND]") == 0)
        put_commands();
    else if (strcmp(command->name, "new") == 0)
        put_templates();
    else
        put_list(command->usage);
}

/* Between single quotes, in bash, zsh and fish alike. */
static void put_quoted(const char *text)
{
    putchar('\'');
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*text);
    }
    putchar('\'');
}

/* bash and zsh: cases that set the variables `values`, by option, and `options` and `operands`, by
 * command. */
static void put_cases(void)
{
    fputs("    case $previous in\n", stdout);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!option_types[i].argument)
            continue;
        printf("    %s) takes_value=1 values='", option_types[i].name);
        if (is_list(option_types[i].argument))
            put_list(option_types[i].argument);
        fputs("' ;;\n", stdout);
    }
    fputs("    esac\n    case $command in\n", stdout);
    for (const struct command *at = commands; at->name; at++) {
        printf("    %s) options='", at->name);
        bool first = true;
        for (size_t i = 0; i < OPTION_COUNT; i++) {
            if (!takes(at, i))
                continue;
            printf("%s%s", first ? "" : " ", option_types[i].name);
            first = false;
        }
        fputs("' operands='", stdout);
        put_words(at);
        fputs("' ;;\n", stdout);
    }
    fputs("    esac\n", stdout);
}

static void put_bash(void)
{
    fputs("_proffer() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    local command=${COMP_WORDS[1]} takes_value= values= options= operands=\n"
          "    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '",
          stdout);
    put_commands();
    fputs(" --help --version' -- \"$current\"))\n        return\n    fi\n", stdout);
    put_cases();
    fputs("    if [ -n \"$takes_value\" ]; then\n"
          "        operands=$values\n"
          "    elif [ \"${current#-}\" != \"$current\" ]; then\n"
          "        operands=$options\n"
          "    fi\n"
          "    if [ -n \"$operands\" ]; then\n"
          "        COMPREPLY=($(compgen -W \"$operands\" -- \"$current\"))\n"
          "    fi\n"
          "}\n"
          /* Readline completes files itself where the function finds nothing. */
          "complete -o default -F _proffer proffer\n",
          stdout);
}

static void put_zsh(void)
{
    fputs("#compdef proffer\n"
          "local current=$words[CURRENT] previous=$words[CURRENT-1] command=$words[2]\n"
          "local takes_value= values= options=\n"
          "local -a reply\n"
          "if (( CURRENT == 2 )); then\n"
          "    compadd -- ",
          stdout);
    put_commands();
    fputs(" --help --version\n    return\nfi\n() {\n    local operands=\n", stdout);
    put_cases();
    fputs("    if [[ -n $takes_value ]]; then\n"
          "        operands=$values\n"
          "    elif [[ $current == -* ]]; then\n"
          "        operands=$options\n"
          "    fi\n"
          "    reply=(${=operands})\n"
          "}\n"
          "if (( $#reply )); then\n"
          "    compadd -a reply\n"
          "else\n"
          "    _files\n"
          "fi\n",
          stdout);
}

static void put_fish(void)
{
    fputs("complete -c proffer -n __fish_use_subcommand -l help -d 'the list of commands'\n"
          "complete -c proffer -n __fish_use_subcommand -l version -d 'the version'\n",
          stdout);
    for (const struct command *at = commands; at->name; at++) {
        printf("complete -c proffer -n __fish_use_subcommand -f -a %s -d ", at->name);
        put_quoted(at->summary);
        putchar('\n');
        for (size_t i = 0; i < OPTION_COUNT; i++) {
            const struct option_type *type = &option_types[i];
            if (!takes(at, i))
                continue;
            printf("complete -c proffer -n '__fish_seen_subcommand_from %s' -l %s", at->name,
                   type->name + 2);
            if (type->letter)
                printf(" -s %s", type->letter + 1);
            if (is_list(type->argument)) {
                fputs(" -x -a '", stdout);
                put_list(type->argument);
                putchar('\'');
            } else if (type->argument) {
                fputs(" -r", stdout);
            }
            fputs(" -d ", stdout);
            put_quoted(type->summary);
            putchar('\n');
        }
        if (has_words(at)) {
            printf("complete -c proffer -n '__fish_seen_subcommand_from %s' -f -a '", at->name);
            put_words(at);
            fputs("'\n", stdout);
        }
    }
}

static const struct shell {
    const char *name;
    void (*put)(void);
} shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};

enum status command_completion(const struct arguments *arguments, struct error *err)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].name, arguments->words[0]) == 0) {
            shells[i].put();
            return STATUS_OK;
        }
    enum status status =
        error_set(err, STATUS_USAGE, "completion", "unknown shell \"%s\"", arguments->words[0]);
    error_hint(err, "one of bash, zsh and fish");
    return status;
}
