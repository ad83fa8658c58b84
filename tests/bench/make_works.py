"""Works of 800 words from the vocabulary of a log, common words often: {"id", "text"} a line.

usage: make_works.py COUNT LOG.jsonl
"""
import itertools
import json
import random
import re
import sys

WORDS, POOL = 800, 1_000_000


def main():
    with open(sys.argv[2], encoding="utf-8", errors="replace") as log:
        text = log.read(6_000_000)
    vocabulary = list(dict.fromkeys(re.findall(r"[A-Za-z]{2,14}", text)))
    numbers = random.Random(5)
    weights = list(itertools.accumulate(1 / (i + 1) for i in range(len(vocabulary))))
    pool = numbers.choices(vocabulary, cum_weights=weights, k=POOL)
    for i in range(int(sys.argv[1])):
        print(json.dumps({"id": f"W{i:05}", "text": " ".join(numbers.choices(pool, k=WORDS))}))


main()
