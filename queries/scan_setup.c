/* From the plan to the readers' options: see scan_setup.h. */
#include "queries/scan_setup.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Free fields keep their columns apart from the fixed ones: "field.NAME". */
static char *column_name(struct scan_setup *setup, const char *kind, const char *name)
{
    char *made = mem_printf("%s.%s", kind, name);
    if (made)
        setup->owned[setup->owned_count++] = made;
    return made;
}

static bool is_fixed(const char *name)
{
    static const char *const others[] = {"id", "user", "time"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(name, others[i]) == 0)
            return true;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (strcmp(name, conversation_field_names[i]) == 0)
            return true;
    return false;
}

enum status scan_setup_init(struct scan_setup *setup, const struct plan *plan, struct error *err)
{
    size_t maps = plan->logs.field_count;
    *setup = (struct scan_setup){.field_count = FIELD_COUNT};
    setup->owned = mem_zalloc(maps + ODDITY_COUNT, sizeof *setup->owned);
    setup->maps.items = mem_zalloc(maps, sizeof *setup->maps.items);
    setup->maps.free_names = mem_zalloc(maps, sizeof *setup->maps.free_names);
    setup->field_names = mem_zalloc(maps + FIELD_COUNT, sizeof *setup->field_names);
    if (!setup->owned || !setup->maps.items || !setup->maps.free_names || !setup->field_names)
        return error_nomem(err);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        setup->field_names[i] = conversation_field_names[i];
    for (size_t i = 0; i < maps; i++) {
        const struct plan_field_map *map = &plan->logs.fields[i];
        setup->maps.items[setup->maps.count++] = (struct field_map){map->name, map->pointer};
        if (is_fixed(map->name))
            continue;
        setup->maps.free_names[setup->maps.free_count++] = map->name;
        char *column = column_name(setup, "field", map->name);
        if (!column)
            return error_nomem(err);
        setup->field_names[setup->field_count++] = column;
    }
    for (size_t i = 0; i < ODDITY_COUNT; i++) {
        setup->mark_names[i] = column_name(setup, "odd", conversation_oddities[i].name);
        if (!setup->mark_names[i])
            return error_nomem(err);
    }
    setup->logs = (struct log_options){.base_dir = plan->dir,
                                       .paths = plan->logs.paths,
                                       .path_count = plan->logs.path_count,
                                       .format = plan->logs.format,
                                       .max_record = plan->logs.max_record,
                                       .digest = plan->logs.digest,
                                       .maps = &setup->maps};
    /* contains(field, x) sees the same fields in the same order as conversations carry them. */
    setup->word_fields = mem_zalloc(setup->field_count, sizeof *setup->word_fields);
    if (!setup->word_fields)
        return error_nomem(err);
    for (size_t i = 0; i < setup->field_count; i++)
        setup->word_fields[i] = i < FIELD_COUNT ? (char *)(uintptr_t)conversation_field_names[i]
                                                : setup->maps.free_names[i - FIELD_COUNT];
    setup->words = (struct word_rules){.alphabet = plan->words.alphabet,
                                       .noise = plan->words.noise,
                                       .noise_count = plan->words.noise_count,
                                       .fields = setup->word_fields,
                                       .field_count = setup->field_count};
    return STATUS_OK;
}

void scan_setup_release(struct scan_setup *setup)
{
    for (size_t i = 0; i < setup->owned_count; i++)
        free(setup->owned[i]);
    free(setup->owned);
    free(setup->maps.items);
    free(setup->maps.free_names);
    free(setup->field_names);
    free(setup->word_fields);
    *setup = (struct scan_setup){.field_count = 0};
}
