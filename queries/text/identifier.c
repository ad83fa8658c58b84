/* The kinds of identifiers: see identifier.h. */
#include "queries/text/identifier.h"

const struct identifier_type identifier_types[IDENTIFIER_KINDS] = {
    [IDENTIFIER_EMAIL] = {"email", "E-mail address", PROOF_RULES,
                          "syntax, lengths of its parts, at least two labels after the @, and a "
                          "last label of letters that is no file type",
                          "RFC 5321, RFC 1035; examples: RFC 2606", identifier_email},
    [IDENTIFIER_PHONE] =
        {"phone", "Telephone number", PROOF_RULES,
         "international numbers begin with + and an assigned country code and "
         "have 8 to 15 digits; North American ones have 10 digits with separators "
         "or after a word such as \"phone\", and a possible area and exchange code",
         "ITU-T E.164; North American Numbering Plan; examples: 555-0100 to -0199",
         identifier_phone},
    [IDENTIFIER_SSN] =
        {"ssn", "US social security number", PROOF_RULES,
         "nine digits as 3-2-4, or unseparated after \"SSN\" or \"social security\"; "
         "no area 000, 666 or 9xx, no group 00, no serial 0000, none that is known "
         "to be void",
         "US Social Security Administration, number randomization (2011)", identifier_ssn},
    [IDENTIFIER_CARD] = {"card", "Payment card number", PROOF_CHECKSUM,
                         "check digit (Luhn), an issuer's range with its length, usual grouping",
                         "ISO/IEC 7812-1; examples: test numbers of card processors",
                         identifier_card},
    [IDENTIFIER_IBAN] = {"iban", "Bank account number (IBAN)", PROOF_CHECKSUM,
                         "check digits (modulo 97), the country's length, capitals",
                         "ISO 13616, IBAN Registry", identifier_iban},
    [IDENTIFIER_IPV4] = {"ipv4", "IPv4 address", PROOF_RULES,
                         "four numbers to 255 without leading zeros, not all of one digit, not "
                         "after a word such as \"version\", publicly routable",
                         "RFC 791, IANA special-purpose registry (RFC 6890); examples: RFC 5737",
                         identifier_ipv4},
    [IDENTIFIER_IPV6] = {"ipv6", "IPv6 address", PROOF_RULES,
                         "text forms with and without ::, within the public range 2000::/3",
                         "RFC 4291, RFC 5952; examples: RFC 3849, RFC 9637", identifier_ipv6},
    [IDENTIFIER_LLM_KEY] = {"llm_key", "Language model service key (sk-...)", PROOF_SHAPE,
                            "sk- and at least 32 letters, digits, - and _, with both letters and "
                            "digits among them",
                            "as issued by OpenAI, Anthropic and others", identifier_llm_key},
    [IDENTIFIER_AWS_KEY] = {"aws_key", "AWS access key id", PROOF_SHAPE,
                            "AKIA or ASIA and 16 characters of base 32",
                            "AWS Identity and Access Management; examples end in EXAMPLE",
                            identifier_aws_key},
    [IDENTIFIER_GITHUB_TOKEN] = {"github_token", "GitHub token", PROOF_CHECKSUM,
                                 "ghp_, gho_, ghu_, ghs_, ghr_ and 36 characters, the last six a "
                                 "CRC-32 of the others; of github_pat_ the shape alone",
                                 "GitHub, \"Behind GitHub's new authentication token formats\" "
                                 "(2021)",
                                 identifier_github_token},
    [IDENTIFIER_GOOGLE_KEY] = {"google_key", "Google API key", PROOF_SHAPE,
                               "AIza and 35 letters, digits, - and _", "Google Cloud API keys",
                               identifier_google_key},
    [IDENTIFIER_SLACK_TOKEN] = {"slack_token", "Slack token", PROOF_SHAPE,
                                "xoxb- and the like, then numbers and letters joined by -",
                                "Slack, token types", identifier_slack_token},
    [IDENTIFIER_STRIPE_KEY] = {"stripe_key", "Stripe live key", PROOF_SHAPE,
                               "sk_live_ or rk_live_ and at least 16 letters and digits",
                               "Stripe, API keys", identifier_stripe_key},
    [IDENTIFIER_JWT] = {"jwt", "JSON Web Token", PROOF_RULES,
                        "three parts of base 64, the first an object that names an algorithm",
                        "RFC 7519, RFC 7515", identifier_jwt},
    [IDENTIFIER_PRIVATE_KEY] = {"private_key", "Private key (PEM)", PROOF_RULES,
                                "a header of a private key, then key material",
                                "RFC 7468, RFC 4880", identifier_private_key},
};
