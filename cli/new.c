/* proffer new: a folder with a plan to start from. */
#include "base/file.h"
#include "base/suggest.h"
#include "cli/command.h"
#include "cli/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status find(const char *name, const struct template_type **type, struct error *err)
{
    struct suggest suggest;
    suggest_init(&suggest, name);
    for (*type = template_types; (*type)->name; ++*type) {
        if (strcmp((*type)->name, name) == 0)
            return STATUS_OK;
        suggest_offer(&suggest, (*type)->name);
    }
    (void)error_set(err, STATUS_USAGE, "new", "no template \"%s\"", name);
    error_hint(err, "proffer new without a name lists them");
    suggest_hint(&suggest, err);
    return STATUS_USAGE;
}

/* Nobody's plan is written over: all files are looked for before the first is written. */
static enum status none_there(const struct template_type *type, const char *dir, struct error *err)
{
    for (const struct template_file *file = type->files; file->name; file++) {
        char *path = path_join(dir, file->name);
        if (!path)
            return error_nomem(err);
        bool there = file_exists(path);
        if (there)
            (void)error_set(err, STATUS_USAGE, "new", "\"%s\" is there already", path);
        free(path);
        if (there)
            return error_hint(err, "name another folder: proffer new %s DIR", type->name);
    }
    return STATUS_OK;
}

static enum status write_files(const struct template_type *type, const char *dir, struct error *err)
{
    TRY(dir_make(dir, 0755, err));
    for (const struct template_file *file = type->files; file->name; file++) {
        char *path = path_join(dir, file->name);
        if (!path)
            return error_nomem(err);
        enum status status =
            file_write(path, file->begin, (size_t)(file->end - file->begin), 0644, err);
        free(path);
        TRY(status);
    }
    return STATUS_OK;
}

static enum status list(void)
{
    for (const struct template_type *type = template_types; type->name; type++)
        printf("%-22s  %s\n", type->name, type->summary);
    return STATUS_OK;
}

enum status command_new(const struct arguments *arguments, struct error *err)
{
    const struct template_type *type;
    if (arguments->word_count == 0)
        return list();
    TRY(find(arguments->words[0], &type, err));
    const char *dir = arguments->word_count > 1 ? arguments->words[1] : type->name;
    TRY(none_there(type, dir, err));
    TRY(write_files(type, dir, err));
    if (arguments->values[OPTION_QUIET])
        return STATUS_OK;
    for (const struct template_file *file = type->files; file->name; file++)
        printf("wrote %s/%s\n", dir, file->name);
    printf("next:\n  put the logs into %s/logs or change \"logs\" in its plan.json\n%s"
           "  proffer check %s/plan.json\n  proffer run %s/plan.json\n",
           dir, type->next, dir, dir);
    return STATUS_OK;
}
