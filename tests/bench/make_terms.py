"""Search terms as counsel would ask them, from the words of a log itself.

usage: make_terms.py COUNT LOG.jsonl

Of each ten terms six are words, two phrases of two or three words, one is a wildcard and one
a proximity. Words are of middling rarity: in 2 to 75 of the first 1,500 conversations; phrases
stand in at least 2 of them. The choice follows SHA-256, so that it is the same everywhere.
"""
import hashlib
import json
import re
import sys

SAMPLE, LOW, HIGH = 1500, 2, 75
CONNECTORS = {"and", "or", "not", "contains", "pre", "xfirstword", "xlastword"}
WORD = re.compile(r"[^\W\d_]+")


def texts(path):
    """The words of each turn of the first conversations."""
    with open(path, "rb") as log:
        for line in log:
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if not isinstance(record, dict) or "messages" not in record:
                continue
            yield [WORD.findall(m["content"].lower()) for m in record["messages"]
                   if isinstance(m, dict) and isinstance(m.get("content"), str)]


def usable(word):
    # Of scripts that write words apart, and no connector.
    return len(word) >= 3 and word not in CONNECTORS and max(word) < "\u0530"


def count(path):
    words, phrases = {}, {}
    for number, turns in enumerate(texts(path)):
        if number == SAMPLE:
            break
        here, pairs = set(), set()
        for turn in turns:
            here.update(w for w in turn if usable(w))
            for length in (2, 3):
                for i in range(len(turn) - length + 1):
                    run = turn[i:i + length]
                    if all(usable(w) for w in run):
                        pairs.add(" ".join(run))
        for word in here:
            words[word] = words.get(word, 0) + 1
        for pair in pairs:
            phrases[pair] = phrases.get(pair, 0) + 1
    return words, phrases


def shuffled(items, salt):
    return sorted(items, key=lambda item: hashlib.sha256((salt + item).encode()).digest())


def main():
    wanted = int(sys.argv[1])
    words, phrases = count(sys.argv[2])
    fit = [w for w, n in words.items() if LOW <= n <= HIGH]
    single = iter(shuffled(fit, "word"))
    phrase = iter(shuffled([p for p, n in phrases.items() if LOW <= n <= HIGH], "phrase"))
    stem = iter(shuffled({w[:5] for w in fit if len(w) >= 7}, "stem"))
    left, right = iter(shuffled(fit, "left")), iter(shuffled(fit, "right"))
    forms = ["{} w/10 {}", "{} pre/5 {}"]
    for i in range(wanted):
        kind = i % 10
        if kind < 6:
            print(next(single))
        elif kind < 8:
            print('"' + next(phrase) + '"')
        elif kind == 8:
            print(next(stem) + "*")
        else:
            print(forms[i // 10 % len(forms)].format(next(left), next(right)))


main()
