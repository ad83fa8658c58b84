/* Names of facts as people read them: see pair_label.h. */
#include "report/pair_label.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void pair_label(const char *name, char *label, size_t size)
{
    static const char *const own[][2] = {
        {"banner", "Policy"},
        {"in_short", "In short"},
        {"run_id", "Run"},
        {"min_users", "Least users in a figure"},
        {"plan_sha256", "Plan, SHA-256"},
        {"population_filters_sha256", "Population filters, SHA-256"},
        {"previous_report_sha256", "Previous report, SHA-256"},
        {"catalogue_sha256", "Catalogue, SHA-256"},
        {"logs_sha256", "Log files, SHA-256"},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i][0], name) == 0) {
            snprintf(label, size, "%s", own[i][1]);
            return;
        }
    if (strncmp(name, "statement_", strlen("statement_")) == 0)
        name = "";
    snprintf(label, size, "%s", name);
    for (char *at = label; *at; at++)
        if (*at == '_')
            *at = ' ';
    label[0] = (char)toupper((unsigned char)label[0]);
}
