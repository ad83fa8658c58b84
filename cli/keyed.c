/* Keyed digests of texts: see keyed.h. */
#include "cli/keyed.h"

enum status keyed_hex(const struct sha256 *key, const char *purpose, const char *text,
                      char hex[static 65], struct error *err)
{
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add(digest, key->bytes, sizeof key->bytes, err));
    TRY_CLEANUP(digest_add_text(digest, purpose, err));
    TRY_CLEANUP(digest_add_text(digest, text, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, hex);
cleanup:
    digest_free(digest);
    return status;
}
