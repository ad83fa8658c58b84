/* Tables and what ties them, cut into components: see web.h. */
#include "release/web.h"

#include <limits.h>
#include <string.h>

void web_release(struct web *web)
{
    arena_release(&web->arena);
    *web = (struct web){.tally = NULL};
}

/* ---- relations of tables and ties alike ---- */

struct relation {
    size_t count;
    bool at_most;
    const struct tally_term *terms; /* of TABLE; else */
    const struct tally_place *places;
    uint32_t table;
};

static struct relation relation_of(const struct tally *tally, struct web_link link)
{
    if (link.table == TALLY_HIDDEN) {
        const struct tally_tie *tie = &tally->ties[link.number];
        return (struct relation){
            .count = tie->count, .at_most = tie->at_most, .places = tie->places};
    }
    const struct tally_relation *own = &tally->tables[link.table].relations[link.number];
    return (struct relation){
        .count = own->count, .at_most = own->at_most, .terms = own->terms, .table = link.table};
}

static struct tally_place place_of(const struct relation *relation, size_t i)
{
    if (relation->places)
        return relation->places[i];
    const struct tally_term *term = &relation->terms[i];
    return (struct tally_place){relation->table, term->row, term->column, term->sign};
}

/* A place that is not there is as good as none. */
static bool is_there(const struct tally *tally, struct tally_place place)
{
    if (place.table == TALLY_HIDDEN)
        return place.row < tally->hidden_count && place.column == 0;
    return place.table < tally->table_count && place.row < tally->tables[place.table].row_count &&
           place.column < tally->tables[place.table].column_count;
}

static size_t node_of(const struct web *web, struct tally_place place)
{
    return web->first[place.table == TALLY_HIDDEN ? web->tally->table_count : place.table] +
           place.row;
}

/* Does a reader know the figure whatever is withheld? */
static bool is_known(const struct web *web, struct tally_place place)
{
    if (place.table == TALLY_HIDDEN)
        return false;
    const struct tally_table *table = &web->tally->tables[place.table];
    size_t cell = place.row * table->column_count + place.column;
    return table->row_flags[place.row] & TALLY_FREE || !table->cells[cell].value ||
           web->flags[place.table][cell] & SMALLCELL_FIXED;
}

/* ---- components ---- */

static uint32_t root_of(struct web *web, uint32_t node)
{
    while (web->parent[node] != node)
        node = web->parent[node] = web->parent[web->parent[node]];
    return node;
}

static enum status wrong(const struct tally *tally, struct web_link link, struct error *err)
{
    return error_set(err, STATUS_INTERNAL,
                     link.table == TALLY_HIDDEN ? "ties" : tally->tables[link.table].id,
                     "relation %u names a cell that is not there", (unsigned)link.number);
}

/* Is the figure of a table that is left out, or one that goes with such a table? */
static bool is_left_out(const struct tally *tally, const bool *without, struct tally_place place)
{
    if (place.table != TALLY_HIDDEN)
        return without[place.table];
    for (uint32_t t = 0; t < tally->table_count; t++)
        if (without[t] && tally->tables[t].ties && place.row >= tally->tables[t].own_hidden &&
            place.row < tally->tables[t].own_hidden_end)
            return true;
    return false;
}

static bool touches(const struct tally *tally, const bool *without, const struct relation *relation)
{
    for (size_t i = 0; i < relation->count; i++)
        if (is_left_out(tally, without, place_of(relation, i)))
            return true;
    return false;
}

/* Joins the rows of a relation; *SOME is one of them, or the number of nodes. */
static enum status join(struct web *web, struct web_link link, size_t *some, struct error *err)
{
    struct relation relation = relation_of(web->tally, link);
    *some = web->node_count;
    for (size_t i = 0; i < relation.count; i++)
        if (!is_there(web->tally, place_of(&relation, i)))
            return wrong(web->tally, link, err);
    if (touches(web->tally, web->without, &relation))
        return STATUS_OK;
    for (size_t i = 0; i < relation.count; i++) {
        struct tally_place place = place_of(&relation, i);
        if (is_known(web, place))
            continue;
        uint32_t node = root_of(web, (uint32_t)node_of(web, place));
        if (*some == web->node_count)
            *some = node;
        /* The smaller number stays the root, so that components come in the order of tables. */
        uint32_t other = root_of(web, (uint32_t)*some);
        web->parent[node > other ? node : other] = node < other ? node : other;
    }
    return STATUS_OK;
}

static size_t count_links(const struct tally *tally)
{
    size_t count = tally->tie_count;
    for (size_t t = 0; t < tally->table_count; t++)
        count += tally->tables[t].relation_count;
    return count;
}

/* Lists all relations, with a node of each; the number of nodes where there is none. */
static enum status list_links(struct web *web, struct web_link *links, size_t *some,
                              struct error *err)
{
    size_t at = 0;
    for (uint32_t t = 0; t < web->tally->table_count; t++)
        for (uint32_t r = 0; r < web->tally->tables[t].relation_count; r++, at++) {
            links[at] = (struct web_link){t, r};
            TRY(join(web, links[at], &some[at], err));
        }
    for (uint32_t i = 0; i < web->tally->tie_count; i++, at++) {
        links[at] = (struct web_link){TALLY_HIDDEN, i};
        TRY(join(web, links[at], &some[at], err));
    }
    return STATUS_OK;
}

/* Numbers the components and lists their nodes and relations (counting sorts). */
static enum status sort(struct web *web, const struct web_link *links, const size_t *some,
                        size_t link_count, struct error *err)
{
    for (uint32_t node = 0; node < web->node_count; node++) {
        uint32_t root = root_of(web, node);
        web->component[node] = root == node ? (uint32_t)web->count++ : web->component[root];
    }
    web->node_start = arena_zalloc(&web->arena, web->count + 2, sizeof *web->node_start);
    web->link_start = arena_zalloc(&web->arena, web->count + 2, sizeof *web->link_start);
    if (!web->node_start || !web->link_start)
        return error_nomem(err);
    for (size_t node = 0; node < web->node_count; node++)
        web->node_start[web->component[node] + 2]++;
    for (size_t i = 0; i < link_count; i++)
        if (some[i] < web->node_count)
            web->link_start[web->component[some[i]] + 2]++;
    for (size_t c = 2; c < web->count + 2; c++) {
        web->node_start[c] += web->node_start[c - 1];
        web->link_start[c] += web->link_start[c - 1];
    }
    for (size_t node = 0; node < web->node_count; node++)
        web->nodes[web->node_start[web->component[node] + 1]++] = (uint32_t)node;
    for (size_t i = 0; i < link_count; i++)
        if (some[i] < web->node_count)
            web->links[web->link_start[web->component[some[i]] + 1]++] = links[i];
    return STATUS_OK;
}

static enum status make_room(struct web *web, struct error *err)
{
    const struct tally *tally = web->tally;
    web->first = arena_zalloc(&web->arena, tally->table_count + 1, sizeof *web->first);
    if (!web->first)
        return error_nomem(err);
    for (size_t t = 0; t < tally->table_count; t++)
        web->first[t + 1] = web->first[t] + tally->tables[t].row_count;
    web->node_count = web->first[tally->table_count] + tally->hidden_count;
    if (web->node_count >= UINT32_MAX)
        return error_nomem(err);
    web->parent = arena_zalloc(&web->arena, web->node_count, sizeof *web->parent);
    web->component = arena_zalloc(&web->arena, web->node_count, sizeof *web->component);
    web->nodes = arena_zalloc(&web->arena, web->node_count, sizeof *web->nodes);
    web->place = arena_zalloc(&web->arena, web->node_count, sizeof *web->place);
    web->links = arena_zalloc(&web->arena, count_links(tally), sizeof *web->links);
    if (!web->parent || !web->component || !web->nodes || !web->place || !web->links)
        return error_nomem(err);
    for (uint32_t node = 0; node < web->node_count; node++)
        web->parent[node] = node;
    return STATUS_OK;
}

enum status web_init(struct web *web, const struct tally *tally, const unsigned char *const *flags,
                     const bool *without, struct error *err)
{
    *web = (struct web){.tally = tally, .arena = ARENA_INIT, .flags = flags, .without = without};
    TRY(make_room(web, err));
    size_t count = count_links(tally);
    struct web_link *links = arena_zalloc(&web->arena, count, sizeof *links);
    size_t *some = arena_zalloc(&web->arena, count, sizeof *some);
    if (!links || !some)
        return error_nomem(err);
    TRY(list_links(web, links, some, err));
    return sort(web, links, some, count, err);
}

static bool is_small(uint64_t value, uint64_t users, uint32_t min_users)
{
    users = users < value ? users : value;
    return value && (users ? users : 1) < min_users;
}

static uint32_t table_of(const struct web *web, size_t node)
{
    size_t low = 0, high = web->tally->table_count;
    while (low < high) { /* the first table that begins after NODE */
        size_t middle = (low + high) / 2;
        if (web->first[middle + 1] <= node)
            low = middle + 1;
        else
            high = middle;
    }
    return low == web->tally->table_count ? TALLY_HIDDEN : (uint32_t)low;
}

bool web_is_new(const struct web *web, size_t number)
{
    for (size_t i = web->node_start[number]; i < web->node_start[number + 1]; i++) {
        uint32_t table = table_of(web, web->nodes[i]);
        if (table == TALLY_HIDDEN || !web->tally->tables[table].told_before)
            return true;
    }
    for (size_t i = web->link_start[number]; i < web->link_start[number + 1]; i++) {
        struct relation relation = relation_of(web->tally, web->links[i]);
        for (size_t k = 0; k < relation.count; k++) {
            struct tally_place place = place_of(&relation, k);
            if (place.table != TALLY_HIDDEN && web->tally->tables[place.table].own_total)
                return true;
        }
    }
    return false;
}

bool web_is_asked(const struct web *web, size_t number, uint32_t min_users,
                  struct smallcell_demand *const *demands)
{
    const struct tally *tally = web->tally;
    size_t table = 0;
    for (size_t i = web->node_start[number]; i < web->node_start[number + 1]; i++) {
        size_t node = web->nodes[i];
        while (table < tally->table_count && node >= web->first[table + 1])
            table++;
        if (table == tally->table_count) {
            const struct tally_cell *cell = &tally->hidden[node - web->first[table]];
            if (is_small(cell->value, cell->users, min_users))
                return true;
            continue;
        }
        if (web->without[table])
            continue;
        const struct tally_table *from = &tally->tables[table];
        size_t first = (node - web->first[table]) * from->column_count;
        for (size_t cell = first; cell < first + from->column_count; cell++)
            if (demands[table][cell].width ||
                is_small(from->cells[cell].value, from->cells[cell].users, min_users))
                return true;
    }
    return false;
}

/* ---- the table of a component ---- */

struct making {
    struct web *web;
    const bool *dropped;
    struct arena *arena;
    struct web_part *part;
    size_t row_capacity;
    uint32_t **columns; /* [table] as web_row.column, or NULL */
};

/* The columns of TABLE: those of the part that mean the same to the rule, which are added where
 * there are too few. */
static enum status map_columns(struct making *m, uint32_t table, struct error *err)
{
    const struct tally_table *from = &m->web->tally->tables[table];
    struct tally_table *to = &m->part->table;
    if (m->columns[table])
        return STATUS_OK;
    size_t most = to->column_count + from->column_count;
    struct tally_column *columns = arena_zalloc(m->arena, most, sizeof *columns);
    uint32_t *map = arena_zalloc(m->arena, from->column_count + 1, sizeof *map);
    if (!columns || !map)
        return error_nomem(err);
    memcpy(columns, to->columns, to->column_count * sizeof *columns);
    for (size_t c = 0; c < from->column_count; c++) {
        uint32_t at = 0;
        for (size_t before = c; before-- > 0;)
            if (from->columns[before].flags == from->columns[c].flags) {
                at = map[before] + 1;
                break;
            }
        while (at < to->column_count && columns[at].flags != from->columns[c].flags)
            at++;
        if (at == to->column_count)
            columns[to->column_count++] = from->columns[c];
        map[c] = at;
    }
    to->columns = columns;
    m->columns[table] = map;
    return STATUS_OK;
}

static enum status add_row(struct making *m, size_t node, bool known, struct error *err)
{
    struct web_part *part = m->part;
    if (part->table.row_count == m->row_capacity) {
        size_t capacity = 2 * m->row_capacity + 16;
        struct web_row *grown = arena_zalloc(m->arena, capacity, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        if (part->table.row_count)
            memcpy(grown, part->rows, part->table.row_count * sizeof *grown);
        part->rows = grown;
        m->row_capacity = capacity;
    }
    uint32_t table = table_of(m->web, node);
    size_t first = m->web->first[table == TALLY_HIDDEN ? m->web->tally->table_count : table];
    if (table != TALLY_HIDDEN)
        TRY(map_columns(m, table, err));
    part->rows[part->table.row_count] =
        (struct web_row){.table = table,
                         .row = (uint32_t)(node - first),
                         .known = known,
                         .column = table == TALLY_HIDDEN ? NULL : m->columns[table]};
    m->web->place[node] = (uint32_t)++part->table.row_count;
    return STATUS_OK;
}

static bool is_dropped(const struct making *m, uint32_t table)
{
    return table != TALLY_HIDDEN && m->dropped[table];
}

/* The component's own rows, then those that its relations name besides. */
static enum status add_rows(struct making *m, size_t number, struct error *err)
{
    struct web *web = m->web;
    for (size_t i = web->node_start[number]; i < web->node_start[number + 1]; i++)
        TRY(add_row(m, web->nodes[i], false, err));
    for (size_t i = web->link_start[number]; i < web->link_start[number + 1]; i++) {
        struct relation relation = relation_of(web->tally, web->links[i]);
        for (size_t k = 0; k < relation.count; k++) {
            size_t node = node_of(web, place_of(&relation, k));
            if (!web->place[node])
                TRY(add_row(m, node, true, err));
        }
    }
    return STATUS_OK;
}

static enum status fill_cells(struct making *m, struct error *err)
{
    struct tally_table *to = &m->part->table;
    to->cells = arena_zalloc(m->arena, to->row_count * to->column_count, sizeof *to->cells);
    to->row_flags = arena_zalloc(m->arena, to->row_count, sizeof *to->row_flags);
    if (!to->cells || !to->row_flags)
        return error_nomem(err);
    for (size_t i = 0; i < to->row_count; i++) {
        const struct web_row *row = &m->part->rows[i];
        if (row->table == TALLY_HIDDEN) {
            if (!is_left_out(m->web->tally, m->dropped,
                             (struct tally_place){TALLY_HIDDEN, row->row, 0, 1}))
                to->cells[i * to->column_count] = m->web->tally->hidden[row->row];
            continue;
        }
        const struct tally_table *from = &m->web->tally->tables[row->table];
        to->row_flags[i] = from->row_flags[row->row];
        if (from->highest_rule > to->highest_rule)
            to->highest_rule = from->highest_rule;
        if (from->lowest_rule && (!to->lowest_rule || from->lowest_rule < to->lowest_rule))
            to->lowest_rule = from->lowest_rule;
        for (size_t c = 0; !is_dropped(m, row->table) && c < from->column_count; c++)
            to->cells[i * to->column_count + row->column[c]] =
                from->cells[row->row * from->column_count + c];
    }
    return STATUS_OK;
}

static enum status copy_relation(struct making *m, const struct relation *relation,
                                 struct error *err)
{
    struct tally_table *to = &m->part->table;
    struct tally_term *terms = arena_zalloc(m->arena, relation->count, sizeof *terms);
    if (!terms)
        return error_nomem(err);
    for (size_t i = 0; i < relation->count; i++) {
        struct tally_place place = place_of(relation, i);
        uint32_t row = m->web->place[node_of(m->web, place)] - 1;
        terms[i] = (struct tally_term){
            row, place.table == TALLY_HIDDEN ? 0 : m->columns[place.table][place.column],
            place.sign};
    }
    to->relations[to->relation_count++] = (struct tally_relation){
        .terms = terms, .count = relation->count, .at_most = relation->at_most};
    return STATUS_OK;
}

static enum status copy_relations(struct making *m, size_t number, struct error *err)
{
    struct web *web = m->web;
    size_t count = web->link_start[number + 1] - web->link_start[number];
    m->part->table.relations = arena_zalloc(m->arena, count, sizeof *m->part->table.relations);
    if (!m->part->table.relations)
        return error_nomem(err);
    for (size_t i = web->link_start[number]; i < web->link_start[number + 1]; i++) {
        struct relation relation = relation_of(web->tally, web->links[i]);
        if (!touches(web->tally, m->dropped, &relation))
            TRY(copy_relation(m, &relation, err));
    }
    return STATUS_OK;
}

/* The number of set I alone, in a byte. */
static const unsigned char *alone(struct arena *arena, uint32_t i)
{
    unsigned char *member = arena_zalloc(arena, 1, 1);
    if (member)
        *member = (unsigned char)i;
    return member;
}

/* Which combination of ATOMS, number GROUP, a row has, if any. */
static enum status set_of(struct making *m, const struct web_row *row, uint32_t group,
                          struct cube_set *set, struct error *err)
{
    const struct tally_atoms *atoms = &m->web->tally->atoms[group];
    if (row->table == TALLY_HIDDEN && row->row >= atoms->first &&
        row->row - atoms->first < atoms->count) {
        size_t number = row->row - atoms->first;
        *set = (struct cube_set){atoms->lists[number], (uint32_t)atoms->lengths[number], group, 0};
    } else if (row->table == atoms->alone_table && row->row < atoms->alone_count &&
               row->row <= UCHAR_MAX) {
        *set = (struct cube_set){alone(m->arena, row->row), 1, group,
                                 row->column[atoms->alone_column]};
        return set->members ? STATUS_OK : error_nomem(err);
    }
    return STATUS_OK;
}

/* Figures that are combinations of terms, as sets. */
static enum status add_sets(struct making *m, struct error *err)
{
    struct web_part *part = m->part;
    size_t groups = m->web->tally->atoms_count;
    if (!groups)
        return STATUS_OK;
    part->sets = arena_zalloc(m->arena, part->table.row_count, sizeof *part->sets);
    if (!part->sets)
        return error_nomem(err);
    for (size_t i = 0; i < part->table.row_count; i++)
        for (uint32_t group = 0; group < groups; group++)
            TRY(set_of(m, &part->rows[i], group, &part->sets[i], err));
    return STATUS_OK;
}

enum status web_part_make(struct web *web, size_t number, const bool *dropped, struct arena *arena,
                          struct web_part *part, struct error *err)
{
    static const struct tally_column plain = {.id = ""}; /* hidden figures stand in the first one */
    struct making m = {.web = web, .dropped = dropped, .arena = arena, .part = part};
    *part = (struct web_part){.rows = NULL};
    m.columns = arena_zalloc(arena, web->tally->table_count, sizeof *m.columns);
    part->table.columns = arena_zalloc(arena, 1, sizeof plain);
    if (!m.columns || !part->table.columns)
        return error_nomem(err);
    part->table.columns[part->table.column_count++] = plain;
    enum status status = add_rows(&m, number, err);
    if (status == STATUS_OK)
        status = fill_cells(&m, err);
    if (status == STATUS_OK)
        status = copy_relations(&m, number, err);
    if (status == STATUS_OK)
        status = add_sets(&m, err);
    for (size_t i = 0; i < part->table.row_count; i++) {
        const struct web_row *row = &part->rows[i];
        web->place[web->first[row->table == TALLY_HIDDEN ? web->tally->table_count : row->table] +
                   row->row] = 0;
    }
    if (status == STATUS_OK && part->table.row_count)
        part->table.id = part->rows[0].table == TALLY_HIDDEN
                             ? "hidden"
                             : web->tally->tables[part->rows[0].table].id;
    return status;
}
