/* The tables of commands and options: see command.h. */
#include "cli/command.h"

const struct option_type option_types[OPTION_COUNT] = {
    [OPTION_HELP] = {"--help", "-h", NULL, "say what the command does"},
    [OPTION_QUIET] = {"--quiet", "-q", NULL, "no progress and no summary, only errors"},
    [OPTION_JSON] = {"--json", NULL, NULL, "data as JSON"},
    [OPTION_THREADS] = {"--threads", NULL, "N", "work with N threads (default: one a processor)"},
    [OPTION_CATALOGUE] = {"--catalogue", NULL, "DIR", "use this catalogue instead of the plan's"},
    [OPTION_REHASH] = {"--rehash", NULL, NULL,
                       "tell changed inputs by SHA-256, not by size and time"},
    [OPTION_SHARD] = {"--shard", NULL, "I/N", "only the parts whose ordinal mod N is I-1"},
    [OPTION_STRICT] = {"--strict", NULL, NULL, "a term that does not parse is an error"},
    [OPTION_PEEK] = {"--peek", NULL, NULL, "show how the first record of each file is mapped"},
    [OPTION_FAIL_ON] = {"--fail-on", NULL, "contradicted|undetermined|supported",
                        "exit 1 if a claim over the population has it"},
    [OPTION_SIZE] = {"--size", NULL, "N", "units to draw"},
    [OPTION_SEED] = {"--seed", NULL, "S", "the seed, any text"},
    [OPTION_SEED_SOURCE] = {"--seed-source", NULL, "TEXT", "where the seed comes from"},
    [OPTION_OUTPUT] = {"--output", NULL, "FILE", "write here instead of beside the plan"},
    [OPTION_PLAN] = {"--plan", NULL, "PLAN", "take alphabet, noise words and fields from a plan"},
    [OPTION_LIMIT] = {"--limit", NULL, "N", "at most N rows, or words of a leaf"},
    [OPTION_WORDS] = {"--words", NULL, NULL,
                      "list the words that terms match, for explain; parts without them are read "
                      "again"},
    [OPTION_CONFIDENCE] = {"--confidence", NULL, "C", "confidence, 0.95 if not given"},
    [OPTION_UNREADABLE] = {"--unreadable", NULL, "N",
                           "drawn units without a readable label, bounded both ways"},
    [OPTION_PRIOR] = {"--prior", NULL, "A,B",
                      "prior of the anytime method, Beta(A, B), fixed before the first label"},
    [OPTION_POPULATION] = {"--population", NULL, "N", "units to draw from"},
    [OPTION_CLAIM] = {"--claim", NULL, "Q", "to show that at least the share Q is irrelevant"},
    [OPTION_HITS] = {"--hits", NULL, "H", "show sizes that allow up to H relevant (default 2)"},
    [OPTION_MARGIN] = {"--margin", NULL, "M", "to know a share to plus or minus M, .02 is 2 %"},
    [OPTION_RECALL] = {"--recall", NULL, "R", "to show that a search finds at least the share R"},
    [OPTION_RATE] = {"--rate", NULL, "N", "units that a reviewer labels an hour"},
    [OPTION_COST] = {"--cost", NULL, "M", "what an hour of a reviewer costs"},
    [OPTION_BY] = {"--by", NULL, "QUERY", "strata: what this query of the plan tells apart"},
    [OPTION_UNIT] = {"--unit", NULL, "conversation|exchange|user",
                     "what is drawn; conversation if not given"},
    [OPTION_SIZES] = {"--sizes", NULL, "N,N,...",
                      "units to draw from each stratum in the frame's order; all: read it whole"},
    [OPTION_RATES] = {"--rates", NULL, "P,P,...",
                      "guessed share relevant of each stratum: divide --size as Neyman does"},
    [OPTION_SHARES] = {"--shares", NULL, "P,P,...",
                       "with noise: draw these shares of all tickets, one a stratum or for all"},
    [OPTION_SEED_TIME] = {"--seed-time", NULL, "TIME",
                          "when the seed came to be, as in 2025-01-31T12:00:00Z"},
    [OPTION_SENSITIVITY] = {"--sensitivity", NULL, "K/N",
                            "K of N units known to be relevant were labelled so"},
    [OPTION_SPECIFICITY] = {"--specificity", NULL, "K/N",
                            "K of N units known to be irrelevant were labelled so"},
    [OPTION_STRATA] = {"--strata", NULL, "N,N,...", "units of each stratum"},
    [OPTION_ADJUDICATE] = {"--adjudicate", NULL, "N",
                           "the labels to check instead: all but the irrelevant ones, and N of "
                           "those"},
    [OPTION_NEW_LEDGER] = {"--new-ledger", NULL, NULL,
                           "take another ledger than the one these logs were told of under"},
    [OPTION_NOISE] = {"--noise", NULL, "LAW:SCALE",
                      "X was told with noise: gaussian:SIGMA^2 or laplace:SCALE"},
    [OPTION_FRAME] = {"--frame", NULL, "FILE", "draw from this frame instead of the plan's own"},
    [OPTION_HEAD] = {"--head", NULL, "HASH", "exit 5 unless the ledger holds this entry"},
};

#define COMMON   (OPTION(HELP) | OPTION(QUIET))
#define SCANNING (COMMON | OPTION(THREADS) | OPTION(CATALOGUE) | OPTION(REHASH))

const struct command commands[] = {
    {"run", "PLAN", "scan what is missing, tally, gate, answer, write the reports",
     "The main job. Scans the logs if the catalogue is missing or stale, tallies the plan's\n"
     "queries, passes every tally through the release gate and writes the workbook and the JSON\n"
     "report, and where the plan asks for them a folder of CSV files and an HTML page. Ends with\n"
     "one line an answer and the names of the files written; with --json with one JSON object\n"
     "instead, of answers, verdicts of claims, files by format and the name of the run.\n"
     "A verdict is contradicted, undetermined or supported.\n",
     1, 1, SCANNING | OPTION(JSON) | OPTION(STRICT) | OPTION(FAIL_ON) | OPTION(NEW_LEDGER),
     command_run, "proffer run plan.json --fail-on contradicted"},
    {"check", "PLAN", "validate a plan without touching what the logs say",
     "Reads the plan and every file of questions that it names; shows the population, the parsed\n"
     "form of each term, warnings, the release policy and what the release will cost. Exits 3 if\n"
     "a term does not parse. With --peek also opens each log file and shows the names of the\n"
     "fields of its first record and how they are mapped; never their contents.\n",
     1, 1, COMMON | OPTION(STRICT) | OPTION(PEEK), command_check, "proffer check plan.json --peek"},
    {"scan", "PLAN [--shard I/N]", "build the catalogue, or a shard of it",
     "Reads the logs once and writes what was found, part by part. An interrupted scan goes on\n"
     "where it stopped; only new and changed inputs, and changed queries, are read again.\n",
     1, 1, SCANNING | OPTION(SHARD) | OPTION(STRICT) | OPTION(WORDS), command_scan,
     "proffer scan plan.json --shard 1/4"},
    {"merge", "DIR DIR...", "join shards into one catalogue: the first DIR",
     "Copies what the other catalogues have into the first one, which may be new, verifying each\n"
     "file. Duplicates over all parts are settled at the next run: proffer run PLAN --catalogue\n"
     "DIR, if the first DIR is not the plan's own catalogue.\n",
     2, -1, COMMON, command_merge, "proffer merge all shard1 shard2"},
    {"frame", "PLAN [--by QUERY] [--unit U]", "fix the frame that samples are drawn from",
     "Writes the number of units, the strata and the digest of the population, beside the plan: "
     "of\n"
     "plan.json to plan.frame.json, where draw and run look for it. Comes before any seed is\n"
     "known; draw refuses a frame that the logs or the plan no longer match. With --by, units are\n"
     "put into strata by a query: by the values of a count's fields, by topic, by the bins of an\n"
     "overlap, by found and not found of terms. Strata of too few users (release.min_users) are\n"
     "joined with the next one.\n",
     1, 1, SCANNING | OPTION(OUTPUT) | OPTION(BY) | OPTION(UNIT), command_frame,
     "proffer frame plan.json --by QUERY"},
    {"draw", "PLAN (--size N | --sizes N,N,... | --shares P,P,...) --seed S --seed-source TEXT",
     "draw a simple or stratified random sample",
     "Draws from each stratum of the frame the units with the smallest tickets and writes\n"
     "sample.json, which holds their ids and is internal. Anyone with the ids can check the draw.\n"
     "--size is divided in proportion to the strata, or with --rates as Neyman does; --sizes says\n"
     "each; --shares, with noise, says cut-offs that do not depend on the logs, and strata need "
     "it\n"
     "there. A larger sample of the same seed contains the smaller one, but settle the size "
     "before\n"
     "labels are read. Draws are noted in the frame's file: a seed serves one sample of a frame,\n"
     "and one that is stated to be older than the frame is refused.\n",
     1, 1,
     SCANNING | OPTION(SIZE) | OPTION(SIZES) | OPTION(RATES) | OPTION(SHARES) | OPTION(SEED) |
         OPTION(SEED_SOURCE) | OPTION(SEED_TIME) | OPTION(BY) | OPTION(UNIT) | OPTION(FRAME) |
         OPTION(OUTPUT),
     command_draw,
     "proffer draw plan.json --size 400 --seed 271828 --seed-source \"drawn in court\""},
    {"packet", "PLAN SAMPLE [--adjudicate N]", "the review packet of a sample; internal",
     "Reads the drawn units' text from the logs again and writes, into a new folder of mode 0700,\n"
     "packet.jsonl (a unit a line), a text file a unit, labels.csv to fill in and packet.dat, a\n"
     "Concordance load file for review platforms. Blind: no stratum, no score, and an order that\n"
     "says nothing. With --adjudicate the units whose labels are to be checked: every one that\n"
     "is not labelled irrelevant, and of the irrelevant ones the N with the smallest tickets.\n",
     2, 2, SCANNING | OPTION(OUTPUT) | OPTION(ADJUDICATE), command_packet,
     "proffer packet plan.json sample.json"},
    {"size",
     "(--claim Q (--population N | --strata N,N,...) | --margin M [--population N] | --recall R) "
     "...",
     "how many labels a claim, a margin or a recall bound needs",
     "For a claim: the least sample that supports it, one line for each number of relevant units\n"
     "allowed among the labels; how often a sample of that size clears the claim although it is\n"
     "false (just barely), and how often it fails to although it is true, at several true\n"
     "numbers. For a recall bound: how many relevant units must be looked up in the search's\n"
     "results, one line for each number of misses allowed. With --size and a claim: how many of\n"
     "so many labels must be checked. With --strata and a claim: a stratified sample, divided in\n"
     "proportion or, with --rates, as Neyman does. Exact, but for --margin. With --rate and --cost "
     "also hours\n"
     "and money for one reading of each label.\n",
     0, 0,
     COMMON | OPTION(JSON) | OPTION(CONFIDENCE) | OPTION(POPULATION) | OPTION(CLAIM) |
         OPTION(HITS) | OPTION(SIZE) | OPTION(STRATA) | OPTION(RATES) | OPTION(MARGIN) |
         OPTION(RECALL) | OPTION(RATE) | OPTION(COST),
     command_size, "proffer size --claim 0.99 --population 20000000"},
    {"bound", "X N_DRAWN N [--confidence C]", "bounds for X relevant of N_DRAWN drawn from N",
     "The number and share of relevant units in a population of N, of which N_DRAWN were drawn at\n"
     "random without replacement and X found relevant: by every method, each with what it\n"
     "guarantees, its source, and for the exact ones the tails at both ends and beyond them, so\n"
     "that the bounds can be checked by hand. The first method is the one that reports use. With\n"
     "--sensitivity and --specificity also approximate bounds corrected for errors of labels; "
     "with\n"
     "--noise the one exact bound where X is a number that was told with noise.\n",
     3, 3,
     COMMON | OPTION(JSON) | OPTION(CONFIDENCE) | OPTION(UNREADABLE) | OPTION(PRIOR) |
         OPTION(SENSITIVITY) | OPTION(SPECIFICITY) | OPTION(NOISE),
     command_bound, "proffer bound 3 1500 20000000"},
    {"ids", "PLAN QUERY [TERM]", "the ids behind a query, one a line; internal",
     "For production after a ruling: ids of the conversations of the population that a terms\n"
     "query hits (any term, or the one named) or that a topic has; for a relevance query the\n"
     "units of its sample, in the order in which they were drawn. The output names records and\n"
     "is not for the report.\n",
     2, 3, SCANNING | OPTION(LIMIT), command_ids, "proffer ids plan.json QUERY --limit 100"},
    {"explain", "TERM", "how a term is read",
     "Shows the parsed form of a term, its words, what its patterns match, and its warnings. With\n"
     "--plan also the words of the plan's logs that each of its words and patterns matches, and\n"
     "how often each stands in all accepted conversations, where the catalogue has listed them:\n"
     "these are words of messages and not for the report. A term that begins with - stands\n"
     "after --.\n",
     1, 1, COMMON | OPTION(PLAN) | OPTION(JSON) | OPTION(CATALOGUE) | OPTION(LIMIT),
     command_explain, "proffer explain 'copyright*'"},
    {"ledger", "PLAN [--head HASH]", "the privacy budget: spent, left, by release",
     "What was spent on the matter of a plan with noise, question by question, and what is left.\n"
     "The chain of entries is checked; --head also checks that the entry with which a report ends\n"
     "(release.ledger_head) is among them, so that nothing was cut off or rolled back since.\n",
     1, 1, COMMON | OPTION(JSON) | OPTION(HEAD), command_ledger, "proffer ledger plan.json"},
    {"new", "[TEMPLATE [DIR]]", "start a plan from a template",
     "Writes a plan, with the terms and taxonomies that it names, into a new folder (by default\n"
     "named like the template), and says what to do next. No file is written over. Without\n"
     "TEMPLATE lists the templates. Each runs as it stands on the example logs in DIR/logs.\n",
     0, 2, COMMON, command_new, "proffer new narrower-discovery"},
    {"show", "REPORT [TABLE]", "a table of a report in the terminal",
     "REPORT is a report.json. Without TABLE lists the tables, and what the report says in "
     "short.\n",
     1, 2, COMMON, command_show, "proffer show out/report.json"},
    {"manual", "[COMMAND]", "a manual page, as roff",
     "Writes the manual page of a command, or of the program, for man(1).\n", 0, 1, COMMON,
     command_manual, "proffer manual run | man -l -"},
    {"completion", "bash|zsh|fish", "a script that completes commands and options in a shell",
     "Writes a script that completes the names of commands, options and values.\n", 1, 1, COMMON,
     command_completion, "eval \"$(proffer completion bash)\""},
    {0},
};

const char program_details[] =
    "proffer answers questions about chat logs with aggregate numbers, so that the logs\n"
    "themselves need not be produced.\n";

const struct exit_status exit_statuses[] = {
    {0, "done"},
    {1, "a finding"},
    {2, "usage"},
    {3, "plan or term"},
    {4, "input or output"},
    {5, "refused by the release gate"},
    {70, "internal"},
    {0, NULL},
};
