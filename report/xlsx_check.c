/*
 * Reads a workbook back as a zip archive of XML (APPNOTE.TXT 6.3.9; RFC 1951 by ISA-L).
 *
 *     local header | deflated XML | ... | central directory: one entry a member | end record
 *
 * The library that writes workbooks collects each sheet in a temporary file and does not look
 * whether writing there failed: on a full disk it would pack half a sheet, or one with a hole, and
 * report success. Half a sheet lacks the closing tag of its root; a hole breaks the alternation of
 * `<` and `>` unless it begins and ends between tags, and is as long as the stream's buffer. This
 * is a check against the full disk, not an XML parser.
 */
#include "report/xlsx_book.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <isa-l.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { END_SIZE = 22, ENTRY_SIZE = 46, LOCAL_SIZE = 30, CHUNK = 1 << 16, TAG_MAX = 64 };

struct archive {
    const unsigned char *bytes;
    size_t len;
};

static uint32_t le(const unsigned char *at, unsigned count)
{
    uint32_t value = 0;
    for (unsigned i = count; i > 0; i--)
        value = value << 8 | at[i - 1];
    return value;
}

/* What was seen of a member's XML. */
struct xml_scan {
    bool open;   /* after `<`, before `>` */
    bool broken; /* `<` in a tag, or `>` outside one */
    char tag[TAG_MAX];
    size_t tag_len;
    char root[TAG_MAX]; /* name of the first element */
    char last[TAG_MAX]; /* last tag, without the angles */
};

static void end_tag(struct xml_scan *scan)
{
    scan->tag[scan->tag_len] = '\0';
    memcpy(scan->last, scan->tag, scan->tag_len + 1);
    if (!scan->root[0] && scan->tag[0] != '?') {
        size_t len = strcspn(scan->tag, " \r\n\t/");
        memcpy(scan->root, scan->tag, len);
        scan->root[len] = '\0';
    }
}

static void scan_xml(struct xml_scan *scan, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = bytes[i];
        if (c == '<') {
            scan->broken = scan->broken || scan->open;
            scan->open = true;
            scan->tag_len = 0;
        } else if (c == '>') {
            scan->broken = scan->broken || !scan->open;
            scan->open = false;
            end_tag(scan);
        } else if (scan->open && scan->tag_len + 1 < TAG_MAX) {
            scan->tag[scan->tag_len++] = (char)c;
        }
    }
}

/* The last tag closes the root, or is the root and has no content. */
static bool xml_whole(const struct xml_scan *scan)
{
    size_t root = strlen(scan->root);
    if (scan->broken || scan->open || root == 0)
        return false;
    if (scan->last[0] == '/')
        return strcmp(scan->last + 1, scan->root) == 0;
    return strncmp(scan->last, scan->root, root) == 0 && scan->tag_len > 0 &&
           (scan->tag[scan->tag_len - 1] == '/' || scan->tag_len + 1 == TAG_MAX);
}

static bool member_whole(struct inflate_state *state, unsigned char *chunk,
                         const struct archive *zip, const unsigned char *entry)
{
    size_t offset = le(entry + 42, 4);
    if (le(entry + 10, 2) != 8)
        return false;
    if (offset > zip->len || zip->len - offset < LOCAL_SIZE)
        return false;
    const unsigned char *local = zip->bytes + offset;
    size_t skip = LOCAL_SIZE + le(local + 26, 2) + le(local + 28, 2);
    if (le(local, 4) != 0x04034B50 || zip->len - offset < skip)
        return false;
    isal_inflate_init(state);
    state->crc_flag = ISAL_DEFLATE;
    const unsigned char *at = local + skip, *end = zip->bytes + zip->len;
    struct xml_scan scan = {.open = false};
    uint64_t total = 0;
    state->avail_in = 0;
    do {
        if (state->avail_in == 0) {
            size_t give = (size_t)(end - at) > CHUNK ? CHUNK : (size_t)(end - at);
            if (give == 0)
                return false;
            state->next_in = (uint8_t *)(uintptr_t)at;
            state->avail_in = (uint32_t)give;
            at += give;
        }
        state->next_out = chunk;
        state->avail_out = CHUNK;
        if (isal_inflate(state) != ISAL_DECOMP_OK)
            return false;
        size_t made = CHUNK - state->avail_out;
        scan_xml(&scan, chunk, made);
        total += made;
    } while (state->block_state != ISAL_BLOCK_FINISH);
    uint32_t size = le(entry + 24, 4);
    return (size == UINT32_MAX || size == (uint32_t)total) && xml_whole(&scan);
}

static bool archive_whole(const struct archive *zip, struct inflate_state *state,
                          unsigned char *chunk)
{
    if (zip->len < END_SIZE)
        return false;
    const unsigned char *end = zip->bytes + zip->len - END_SIZE;
    if (le(end, 4) != 0x06054B50)
        return false;
    size_t members = le(end + 10, 2), at = le(end + 16, 4);
    for (size_t i = 0; i < members; i++) {
        if (at > zip->len || zip->len - at < ENTRY_SIZE)
            return false;
        const unsigned char *entry = zip->bytes + at;
        if (le(entry, 4) != 0x02014B50 || !member_whole(state, chunk, zip, entry))
            return false;
        at += ENTRY_SIZE + le(entry + 28, 2) + le(entry + 30, 2) + le(entry + 32, 2);
    }
    return members > 0;
}

enum status xlsx_check(const char *path, const char *shown, struct error *err)
{
    enum status status = STATUS_OK;
    struct archive zip = {MAP_FAILED, 0};
    struct inflate_state *state = mem_zalloc(1, sizeof *state);
    unsigned char *chunk = mem_zalloc(CHUNK, 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (!state || !chunk) {
        status = error_nomem(err);
        goto cleanup;
    }
    if (fd < 0 || fstat(fd, &info) != 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot write \"%s\"", shown);
        goto cleanup;
    }
    zip.len = (size_t)info.st_size;
    void *map = zip.len ? mmap(NULL, zip.len, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    zip.bytes = map;
    if (map == MAP_FAILED || !archive_whole(&zip, state, chunk)) {
        status = error_set(err, STATUS_INPUT, NULL,
                           "cannot write \"%s\": the workbook came out incomplete", shown);
        error_hint(err, "is the disk full?");
    }
    if (map != MAP_FAILED)
        munmap(map, zip.len);
cleanup:
    if (fd >= 0)
        close(fd);
    free(chunk);
    free(state);
    return status;
}
