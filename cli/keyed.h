/* Keyed digests of texts, as a ledger keeps them in place of the texts. */
#ifndef PROFFER_KEYED_H
#define PROFFER_KEYED_H

#include "base/digest.h"
#include "base/error.h"

/* SHA-256, in hexadecimal, of KEY, PURPOSE and TEXT. */
PROFFER_MUST_USE enum status keyed_hex(const struct sha256 *key, const char *purpose,
                                       const char *text, char hex[static 65], struct error *err);

#endif
