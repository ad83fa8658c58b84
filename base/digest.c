/* SHA-256 by libcrypto: see digest.h. */
#include "base/digest.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct digest {
    EVP_MD_CTX *context;
};

static enum status crypto_failed(struct error *err)
{
    return error_set(err, STATUS_INTERNAL, NULL, "SHA-256 failed in libcrypto");
}

struct digest *digest_new(void)
{
    struct digest *digest = mem_zalloc(1, sizeof *digest);
    if (!digest)
        return NULL;
    digest->context = EVP_MD_CTX_new();
    if (!digest->context || EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1) {
        digest_free(digest);
        return NULL;
    }
    return digest;
}

void digest_free(struct digest *digest)
{
    if (digest)
        EVP_MD_CTX_free(digest->context);
    free(digest);
}

enum status digest_add(struct digest *digest, const void *bytes, size_t len, struct error *err)
{
    return EVP_DigestUpdate(digest->context, bytes, len) == 1 ? STATUS_OK : crypto_failed(err);
}

enum status digest_add_text(struct digest *digest, const char *text, struct error *err)
{
    return digest_add(digest, text, strlen(text) + 1, err);
}

enum status digest_copy(struct digest *to, const struct digest *from, struct error *err)
{
    return EVP_MD_CTX_copy_ex(to->context, from->context) == 1 ? STATUS_OK : crypto_failed(err);
}

enum status digest_end(struct digest *digest, struct sha256 *out, struct error *err)
{
    return EVP_DigestFinal_ex(digest->context, out->bytes, NULL) == 1 ? STATUS_OK
                                                                      : crypto_failed(err);
}

enum status sha256_of(const void *bytes, size_t len, struct sha256 *out, struct error *err)
{
    return EVP_Digest(bytes, len, out->bytes, NULL, EVP_sha256(), NULL) == 1 ? STATUS_OK
                                                                             : crypto_failed(err);
}

enum status sha256_of_file(const char *path, uint64_t start, uint64_t len, struct sha256 *out,
                           struct error *err)
{
    enum { CHUNK = 1 << 20 };
    enum status status = STATUS_OK;
    unsigned char *chunk = malloc(CHUNK);
    struct digest *digest = digest_new();
    int fd = -1;
    if (!chunk || !digest) {
        status = error_nomem(err);
        goto cleanup;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
        goto cleanup;
    }
    for (uint64_t done = 0; done < len;) {
        size_t want = len - done < CHUNK ? (size_t)(len - done) : CHUNK;
        ssize_t got = pread(fd, chunk, want, (off_t)(start + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot read \"%s\"", path);
            goto cleanup;
        }
        if (got == 0)
            break;
        TRY_CLEANUP(digest_add(digest, chunk, (size_t)got, err));
        done += (uint64_t)got;
    }
    status = digest_end(digest, out, err);
cleanup:
    if (fd >= 0)
        close(fd);
    digest_free(digest);
    free(chunk);
    return status;
}

void sha256_hex(const struct sha256 *value, char text[static 65])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 32; i++) {
        text[2 * i] = digits[value->bytes[i] >> 4];
        text[2 * i + 1] = digits[value->bytes[i] & 15];
    }
    text[64] = '\0';
}

uint64_t sha256_head(const struct sha256 *value, size_t bytes)
{
    uint64_t head = 0;
    for (size_t i = 0; i < bytes; i++)
        head = head << 8 | value->bytes[i];
    return head;
}
