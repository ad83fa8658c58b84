#!/usr/bin/env python3
"""Conversations that a term hits in prompts and outputs both have two turns with it: where few users
have such ones, turns and occurrences beside conversations tell how many these are at most.
Prints TAP."""
import json
import os
import sys
import tempfile

from check import check, finish
from reports import MIN, figure, plan_of, report_of


def conversation(number, *texts):
    roles = ["user", "assistant"] * len(texts)
    return {"id": f"c{number}", "user": f"u{number}", "created": "2024-01-05T00:00:00Z",
            "messages": [{"role": role, "content": text} for role, text in zip(roles, texts)]}


def row(both, twice):
    """What is told of a term: in 20 prompts, in 15 outputs, in BOTH, and in two prompts of TWICE."""
    texts = [("w", "y")] * 20 + [("x", "w")] * 15 + [("w", "w")] * both + [("w", "y", "w", "y")] * twice
    texts += [("x", "y")] * 20
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "logs.jsonl"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(conversation(n, *one)) + "\n" for n, one in enumerate(texts))
        report, said = report_of(folder, plan_of([{"id": "t", "kind": "terms", "terms": ["w"]}], ledger=False))
        check(report, f"a report of {both} and {twice}", said)
        return {c: figure(report, "t", c, term="T1") for c in
                ("conversations", "exchanges", "turns", "occurrences", "prompt_only", "output_only")}


def main():
    told = row(2, 0)
    check(told["turns"] is None and told["occurrences"] is None,
          "two turns more than conversations are withheld where two have the term on both sides", told)
    check(told["conversations"] == told["exchanges"] == 37 and
          (told["prompt_only"] is None) + (told["output_only"] is None) == 1,
          "and no more than that and one of the sides", told)
    told = row(2, MIN - 1)
    check(told["turns"] == told["occurrences"] == 37 + 2 + 2 * (MIN - 1),
          "but not where they may be any number of few", told)
    told = row(0, 2)
    check(told["turns"] == 39 and told["output_only"] == 15, "nor where nobody has", told)
    told = row(MIN, 0)
    check(told["turns"] == 35 + 2 * MIN and told["prompt_only"] == 20,
          "nor where as many have as may be told", told)
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
