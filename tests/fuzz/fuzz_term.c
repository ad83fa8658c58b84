/* Fuzzes the term parser: what parses has a normal form that parses to itself. */
#include "queries/text/term.h"
#include "queries/text/term_list.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True if there is a regular expression, which is compiled in a process of its own: too slow here,
 * and Hyperscan's to test. */
static bool has_regex(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++)
        if (data[i] == '#' && data[i + 1] == '#')
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (has_regex(data, size))
        return 0;
    static char the[] = "the", title[] = "title";
    static char *noise[] = {the};
    static char *fields[] = {title};
    struct word_rules rules = {.alphabet = size && data[0] % 2 ? "-'" : "",
                               .noise = noise,
                               .noise_count = 1,
                               .fields = fields,
                               .field_count = 1};
    struct error err = ERROR_INIT;
    struct term_note note = {0};
    struct term *term = NULL, *again = NULL;
    enum status status = term_parse((const char *)data, size, &rules, &term, &note, &err);
    if (status == STATUS_OK) {
        char *form = term_normal_form(term);
        if (!form)
            abort();
        if (strlen(form) < (1 << 20)) {
            if (term_parse(form, strlen(form), &rules, &again, NULL, &err) != STATUS_OK)
                abort();
            char *second = term_normal_form(again);
            if (!second || strcmp(form, second) != 0)
                abort();
            free(second);
        }
        free(form);
    } else if (status != STATUS_PLAN || note.at > size || !err.text[0]) {
        abort();
    }
    char *caret = term_caret((const char *)data, size, &note);
    free(caret);
    term_free(term);
    term_free(again);

    struct term_list list;
    term_list_init(&list);
    if (term_list_read(&list, "terms", (const char *)data, size, &err) == STATUS_OK)
        for (size_t i = 0; i < list.count; i++)
            if (!list.items[i].len || !list.items[i].name[0])
                abort();
    term_list_release(&list);
    return 0;
}
