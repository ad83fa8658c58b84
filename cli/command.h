/*
 * Commands of the program: a table of descriptors. Help texts and the parsing of options are
 * generated from it.
 */
#ifndef PROFFER_COMMAND_H
#define PROFFER_COMMAND_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
    OPTION_HELP,
    OPTION_QUIET,
    OPTION_JSON,
    OPTION_THREADS,
    OPTION_CATALOGUE,
    OPTION_REHASH,
    OPTION_SHARD,
    OPTION_STRICT,
    OPTION_PEEK,
    OPTION_FAIL_ON,
    OPTION_SIZE,
    OPTION_SEED,
    OPTION_SEED_SOURCE,
    OPTION_OUTPUT,
    OPTION_PLAN,
    OPTION_LIMIT,
    OPTION_WORDS,
    OPTION_CONFIDENCE,
    OPTION_UNREADABLE,
    OPTION_PRIOR,
    OPTION_POPULATION,
    OPTION_CLAIM,
    OPTION_HITS,
    OPTION_MARGIN,
    OPTION_RECALL,
    OPTION_RATE,
    OPTION_COST,
    OPTION_BY,
    OPTION_UNIT,
    OPTION_SIZES,
    OPTION_RATES,
    OPTION_SHARES,
    OPTION_SEED_TIME,
    OPTION_ADJUDICATE,
    OPTION_SENSITIVITY,
    OPTION_SPECIFICITY,
    OPTION_STRATA,
    OPTION_NEW_LEDGER,
    OPTION_HEAD,
    OPTION_NOISE,
    OPTION_FRAME,
    OPTION_COUNT
};

struct option_type {
    const char *name;     /* "--seed-source" */
    const char *letter;   /* "-q", or NULL */
    const char *argument; /* "TEXT", the values "a|b", or NULL for a flag */
    const char *summary;
};
extern const struct option_type option_types[OPTION_COUNT];

/* What the command line said: values by option, NULL where not given ("" for flags). */
struct arguments {
    const char *values[OPTION_COUNT];
    char **words; /* what is no option */
    int word_count;
};

struct command {
    const char *name;
    const char *usage;        /* "PLAN [--shard I/N]": after the name */
    const char *summary;      /* one line */
    const char *details;      /* some lines for --help */
    int min_words, max_words; /* -1: any number */
    uint64_t options;         /* bits 1 << enum option_id */
    enum status (*run)(const struct arguments *arguments, struct error *err);
    const char *example; /* a command line */
};
extern const struct command commands[]; /* ends with a NULL name */

extern const char program_details[]; /* what the program is for */

struct exit_status {
    int code;
    const char *meaning;
};
extern const struct exit_status exit_statuses[]; /* ends with a NULL meaning */

#define OPTION(name) (UINT64_C(1) << OPTION_##name)

enum status command_run(const struct arguments *arguments, struct error *err);
enum status command_check(const struct arguments *arguments, struct error *err);
enum status command_scan(const struct arguments *arguments, struct error *err);
enum status command_merge(const struct arguments *arguments, struct error *err);
enum status command_frame(const struct arguments *arguments, struct error *err);
enum status command_draw(const struct arguments *arguments, struct error *err);
enum status command_packet(const struct arguments *arguments, struct error *err);
enum status command_ids(const struct arguments *arguments, struct error *err);
enum status command_explain(const struct arguments *arguments, struct error *err);
enum status command_size(const struct arguments *arguments, struct error *err);
enum status command_bound(const struct arguments *arguments, struct error *err);
enum status command_ledger(const struct arguments *arguments, struct error *err);
enum status command_new(const struct arguments *arguments, struct error *err);
enum status command_show(const struct arguments *arguments, struct error *err);
enum status command_manual(const struct arguments *arguments, struct error *err);
enum status command_completion(const struct arguments *arguments, struct error *err);

#endif
