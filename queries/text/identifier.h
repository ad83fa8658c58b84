/*
 * Identifiers that de-identification can leave behind in text: what kinds there are, how each is
 * told from other text, and what of it is checked.
 *
 * The text is UTF-8 and identifiers are ASCII: full-width and other digits are not looked for, but
 * count as digits around one. A letter, digit or mark of any script around an identifier makes it a
 * part of something else, except letters of scripts that are written without spaces, or that add
 * particles to words of other scripts (Han, kana, Hangul, Thai, Lao, Khmer, Myanmar). Numbers that
 * hang together with more by `-`, `.` or `/` are parts of those.
 *
 * Some values are set aside for examples and stand for nobody: example.com (RFC 2606), 555-0100 to
 * 555-0199 (NANPA), 192.0.2.0/24 and 2001:db8::/32 (RFC 5737, 3849), test cards. They are told
 * apart, so that the caller can leave them out.
 */
#ifndef PROFFER_IDENTIFIER_H
#define PROFFER_IDENTIFIER_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

enum identifier_kind {
    IDENTIFIER_EMAIL,
    IDENTIFIER_PHONE,
    IDENTIFIER_SSN,
    IDENTIFIER_CARD,
    IDENTIFIER_IBAN,
    IDENTIFIER_IPV4,
    IDENTIFIER_IPV6,
    IDENTIFIER_LLM_KEY,
    IDENTIFIER_AWS_KEY,
    IDENTIFIER_GITHUB_TOKEN,
    IDENTIFIER_GOOGLE_KEY,
    IDENTIFIER_SLACK_TOKEN,
    IDENTIFIER_STRIPE_KEY,
    IDENTIFIER_JWT,
    IDENTIFIER_PRIVATE_KEY
};
enum { IDENTIFIER_KINDS = 15 };

/* What stands for an identifier being one, the strongest first. */
enum identifier_proof {
    PROOF_CHECKSUM, /* a check digit or sum: chance alone passes it rarely */
    PROOF_RULES,    /* rules on its parts: ranges, lengths, lists */
    PROOF_SHAPE     /* its pattern alone */
};

/* Where one was found. */
struct identifier_place {
    size_t from, to; /* from == to: there is none */
    bool example;    /* set aside for examples */
};

struct identifier_type {
    const char *name, *title;
    enum identifier_proof proof;
    const char *checked; /* what is checked, as a sentence of the report */
    const char *source;
    /* The identifier at the mark AT in TEXT (see identifier_marks.h), found in a number of steps
     * that is bounded whatever the text is. */
    struct identifier_place (*find)(struct span text, size_t at);
};

extern const struct identifier_type identifier_types[IDENTIFIER_KINDS];

/* ---- one a kind ---- */

struct identifier_place identifier_email(struct span text, size_t at); /* at '@' */
struct identifier_place identifier_ipv6(struct span text, size_t at);  /* at ':' */
/* At the first digit of a run: */
struct identifier_place identifier_phone(struct span text, size_t at);
struct identifier_place identifier_ssn(struct span text, size_t at);
struct identifier_place identifier_card(struct span text, size_t at);
struct identifier_place identifier_iban(struct span text, size_t at);
struct identifier_place identifier_ipv4(struct span text, size_t at);
/* At the first '-' of a run: */
struct identifier_place identifier_llm_key(struct span text, size_t at);
struct identifier_place identifier_slack_token(struct span text, size_t at);
struct identifier_place identifier_private_key(struct span text, size_t at);
/* At '_': */
struct identifier_place identifier_github_token(struct span text, size_t at);
struct identifier_place identifier_stripe_key(struct span text, size_t at);
/* At the second 'A' of AKIA and ASIA, at the 'z' of AIza, at the 'J' of eyJ: */
struct identifier_place identifier_aws_key(struct span text, size_t at);
struct identifier_place identifier_google_key(struct span text, size_t at);
struct identifier_place identifier_jwt(struct span text, size_t at);

#endif
