/*
 * The starting points: see template.h. The assembler puts the bytes of each file into the program
 * (its paths start from the folder that make runs in); the Makefile knows what this file depends
 * on.
 */
#include "cli/template.h"

#define EMBED(symbol, path)                                                                        \
    extern const char symbol##_begin[], symbol##_end[];                                            \
    __asm__(".pushsection .rodata\n" #symbol "_begin:\n.incbin \"" path "\"\n" #symbol             \
            "_end:\n.byte 0\n.popsection\n")

EMBED(template_usage, "templates/usage.json");
EMBED(template_sensitive, "templates/privacy-impact/sensitive.json");
EMBED(template_terms, "templates/narrower-discovery/terms.txt");
EMBED(template_declaration, "templates/narrower-discovery/declaration.form.md");
EMBED(template_statement, "templates/proportionality-check/statement.form.md");
EMBED(template_master, "templates/proportionality-check/README.md");
EMBED(template_quarterly, "templates/privacy-impact/statement.form.md");
EMBED(template_narrower, "templates/narrower-discovery/plan.json");
EMBED(template_proportionality, "templates/proportionality-check/plan.json");
EMBED(template_privacy, "templates/privacy-impact/plan.json");

#define FILE_OF(name, symbol)                                                                      \
    {                                                                                              \
        name, symbol##_begin, symbol##_end                                                         \
    }

const struct template_type template_types[] = {
    {"narrower-discovery",
     "for counsel: a search term report, topics, and narrower options with what each finds, "
     "leaves, "
     "exposes and costs",
     {FILE_OF("plan.json", template_narrower), FILE_OF("terms.txt", template_terms),
      FILE_OF("usage.json", template_usage), FILE_OF("declaration.form.md", template_declaration)},
     "  put the negotiated terms into terms.txt, the options and the stated rates into plan.json\n"
     "  for recall and precision: proffer frame, draw and packet (see proffer draw --help)\n"},
    {"proportionality-check",
     "for a special master: claims of irrelevance by definition and unit, on samples by month",
     {FILE_OF("plan.json", template_proportionality),
      FILE_OF("statement.form.md", template_statement), FILE_OF("README.md", template_master)},
     "  how many labels the claim needs: proffer size --claim 0.9999 --population N\n"
     "  fix the frames before anyone knows a seed:\n"
     "    proffer frame plan.json --by volume\n"
     "    proffer frame plan.json --by volume --unit exchange --output exchange.frame.json\n"
     "  then, with a seed that nobody could foresee (README.md says all steps):\n"
     "    proffer draw plan.json --size N --seed S --seed-source TEXT --output sample.json\n"
     "    proffer draw plan.json --size N --seed S --seed-source TEXT --output "
     "sample-exchange.json\n"
     "      --frame exchange.frame.json\n"
     "  the text and the label sheets for reviewers: proffer packet plan.json sample.json\n"},
    {"privacy-impact",
     "for a privacy office, each quarter: use, topics, sensitive topics, identifiers left behind, "
     "with noise",
     {FILE_OF("plan.json", template_privacy), FILE_OF("usage.json", template_usage),
      FILE_OF("sensitive.json", template_sensitive),
      FILE_OF("statement.form.md", template_quarterly)},
     "  state requests and incidents under \"assumptions\" in plan.json, each with its source\n"
     "  next quarter: copy plan.json, change period and report.dir, keep the ledger\n"},
    {0},
};
