/* The table of files: see command_files.h. */
#include "cli/command_files.h"

#include <stddef.h>

#define CATALOGUE                                                                                  \
    "What the scan found: columns and bitmaps, no text but single words that search terms "        \
    "matched. Internal: mode 0700, its files 0600. The plan's \"catalogue\" names it."

#define LEDGER                                                                                     \
    "What was told of the matter, and with noise what was spent; where \"release\" names it. "     \
    "Internal."

#define SAMPLE "The drawn units: ids, frame and seed. Internal."

const struct command_file command_files[] = {
    {NULL, "plan.json", "What to ask, of which logs, under which release policy."},
    {NULL, "/usr/share/proffer/templates/plan.schema.json",
     "Each key of a plan, its meaning and its default; report.schema.json says the same of a "
     "report. Where the program was installed under another prefix they are there."},
    {NULL, "catalogue/", CATALOGUE},
    {"run", "plan.json", "The plan; paths in it start from its folder."},
    {"run", "catalogue/", CATALOGUE},
    {"run", "out/report.xlsx", "The workbook: \"report\": {\"dir\", \"xlsx\"}."},
    {"run", "out/report.json", "The report for programs, and for proffer-show(1)."},
    {"run", "out/NAME/",
     "With \"csv\": \"NAME\" a CSV file a table, and index.csv with the name, rows and SHA-256 of "
     "each that belongs to the report."},
    {"run", "out/NAME.html", "With \"page\": \"NAME.html\" the report as one page."},
    {"run", "ledger.db", LEDGER},
    {"check", "plan.json", "The plan, with the terms and taxonomies that it names."},
    {"scan", "catalogue/", CATALOGUE},
    {"merge", "catalogue/", CATALOGUE},
    {"frame", "plan.frame.json",
     "Of plan.json: size, strata and digest of what samples are drawn from, and the draws so far. "
     "Internal."},
    {"draw", "plan.frame.json", "The frame to draw from; the draw is noted in it."},
    {"draw", "sample.json", SAMPLE},
    {"packet", "sample.json", SAMPLE},
    {"packet", "sample.packet/",
     "packet.jsonl, a text file a unit, labels.csv to fill in, and packet.dat for review "
     "platforms. Internal: it holds text of chats."},
    {"ids", "catalogue/", CATALOGUE},
    {"ledger", "ledger.db", LEDGER},
    {"new", "TEMPLATE/", "The plan and what it names."},
    {"show", "out/report.json", "A report that proffer-run(1) wrote."},
    {NULL, NULL, NULL},
};
