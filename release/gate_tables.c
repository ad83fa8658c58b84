/* The figures of tables without noise: what gate_judging.h does not withhold. */
#include "release/figure_make.h"
#include "release/gate_judging.h"
#include "release/smallcell.h"

#include <string.h>

/* Rows that are withheld for the sake of others alone. */
static enum status note_complements(struct release *release, struct figure_table *to,
                                    const struct tally_table *from, const unsigned char *flags,
                                    struct error *err)
{
    to->complement = arena_zalloc(&release->arena, from->row_count + 1, sizeof *to->complement);
    if (!to->complement)
        return error_nomem(err);
    for (size_t row = 0; row < from->row_count; row++) {
        unsigned all = 0;
        for (size_t c = 0; c < from->column_count; c++)
            all |= flags[row * from->column_count + c];
        to->complement[row] = all & SMALLCELL_WITHHELD && !(all & SMALLCELL_PRIMARY);
    }
    return STATUS_OK;
}

static bool is_zero(const struct tally_table *table, size_t row)
{
    bool zero = !(table->row_flags[row] & (TALLY_KEEP | TALLY_TOLD | TALLY_FREE));
    for (size_t c = 0; c < table->column_count; c++)
        zero = zero && !tally_cell_at(table, row, c)->value;
    return zero;
}

/* Where rows are withheld whole, those of zeros are, too: they are tied to nothing and so are in no
 * component, but among them the others would be seen not to be zero. */
static bool spread_gone(const struct tally_table *from, unsigned char *flags, bool *gone)
{
    bool any = false;
    for (size_t i = 0; i < from->row_count * from->column_count; i++) {
        gone[i / from->column_count] |= (flags[i] & SMALLCELL_GONE) != 0;
        any = any || flags[i] & SMALLCELL_GONE;
    }
    for (size_t row = 0; any && row < from->row_count; row++) {
        if (gone[row] || !is_zero(from, row))
            continue;
        gone[row] = true;
        memset(flags + row * from->column_count,
               SMALLCELL_WITHHELD | SMALLCELL_PRIMARY | SMALLCELL_GONE, from->column_count);
    }
    return any;
}

static enum status note_gone(struct release *release, struct figure_table *to,
                             const struct tally_table *from, unsigned char *flags,
                             struct error *err)
{
    to->gone = arena_zalloc(&release->arena, from->row_count + 1, sizeof *to->gone);
    to->unlisted = arena_zalloc(&release->arena, from->row_count + 1, sizeof *to->unlisted);
    if (!to->gone || !to->unlisted)
        return error_nomem(err);
    to->cut = spread_gone(from, flags, to->gone) && from->lists_found;
    for (size_t row = 0; row < from->row_count; row++)
        to->unlisted[row] =
            (from->lists_found && to->gone[row]) || from->row_flags[row] & TALLY_UNLISTED;
    return STATUS_OK;
}

static enum status release_one_table(struct release *release, const struct tally_table *from,
                                     unsigned char *flags, struct error *err)
{
    struct figure_table *to = &release->tables[release->table_count];
    TRY(release_copy_heads(release, to, from, err));
    TRY(note_complements(release, to, from, flags, err));
    TRY(note_gone(release, to, from, flags, err));
    for (size_t i = 0; i < from->row_count * from->column_count; i++) {
        bool withheld = flags[i] & SMALLCELL_WITHHELD;
        to->figures[i] = withheld ? (struct figure){.state = FIGURE_WITHHELD}
                                  : (struct figure){.value = from->cells[i].value};
        to->withheld += withheld && figure_row_is_listed(to, i / from->column_count);
    }
    if (!from->untold)
        release->withheld += to->withheld;
    release->table_count++;
    return STATUS_OK;
}

enum status release_tables(struct release *release, const struct tally *tally,
                           struct gate_again *last, struct error *err)
{
    unsigned char **flags;
    TRY(gate_judge(release, tally, last, &flags, err));
    for (size_t i = 0; i < tally->table_count; i++)
        if (!tally->tables[i].told_before)
            TRY(release_one_table(release, &tally->tables[i], flags[i], err));
    return STATUS_OK;
}
