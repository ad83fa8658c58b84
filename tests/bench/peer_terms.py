"""The terms that a search by regular expressions can say: words, phrases and wildcards.

usage: peer_terms.py TERMS.txt OUT

Writes OUT.txt, the terms, for proffer, and OUT.json, their expressions in the same order, for
multiMatchAllIndices and regexp_matches. Proximity is left out.
"""
import json
import re
import sys


def expression(term):
    words = term.strip('"').split()
    return r"\b" + r"\W+".join(re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w)
                               for w in words) + ("" if words[-1].endswith("*") else r"\b")


def main():
    terms = [line.strip() for line in open(sys.argv[1], encoding="utf-8")]
    said = [t for t in terms if not re.search(r" (w/\d+|pre/\d+|AND|OR) ", t)]
    with open(sys.argv[2] + ".txt", "w", encoding="utf-8") as out:
        out.write("\n".join(said) + "\n")
    with open(sys.argv[2] + ".json", "w", encoding="utf-8") as out:
        json.dump([expression(t) for t in said], out, ensure_ascii=False)


main()
