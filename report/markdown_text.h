/*
 * Texts of others inside Markdown (CommonMark, with the tables and links of GitHub's flavour).
 */
#ifndef PROFFER_MARKDOWN_TEXT_H
#define PROFFER_MARKDOWN_TEXT_H

#include <stdio.h>

/*
 * TEXT onto OUT as words of a paragraph or of a table's cell, and as nothing else: marks that would
 * make links, images, code, emphasis, headings, lists, quotes or cells are escaped with
 * backslashes, those of HTML with entities; line ends, tabs and runs of blanks become one blank,
 * those at both ends nothing. A word joiner (U+2060, not seen) stands where an address would become
 * a link by itself: behind @, between : and //, between www and its dot. Controls, bidirectional
 * overrides and the like, and what is not UTF-8, are U+FFFD.
 */
void markdown_put(FILE *out, const char *text);

#endif
