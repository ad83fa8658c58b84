#!/usr/bin/env python3
"""A catalogue has the same bytes whichever vector instructions made it: on the example logs, with
terms, topics, overlap, identifiers and regular expressions. Prints TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from check import MAKE_LOGS, PROFFER, check, finish
from files import tree

COUNT = 1500 if os.environ.get("SHORT") else 6000
EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples")


def main():
    folder = tempfile.mkdtemp()
    try:
        subprocess.run([MAKE_LOGS, "--seed", "21", "--conversations", str(COUNT), "--relevant-in", "30",
                        f"{folder}/logs"], check=True)
        for name in ("terms.txt", "topics.json", "../templates/usage.json"):
            shutil.copy(f"{EXAMPLES}/{name}", folder)
        json.dump({"proffer": 1, "title": "t", "logs": {"paths": ["logs/logs-*.jsonl"]}, "queries": [
            {"id": "terms", "kind": "terms", "terms_file": "terms.txt"},
            {"id": "common", "kind": "terms", "terms": [
                "\"of the\"", "the w/3 and", "\"in a\" OR \"to be\"", "a* AND NOT \"it is\"", "don't"]},
            {"id": "pastimes", "kind": "topics", "taxonomy": "topics.json"},
            {"id": "usage", "kind": "topics", "taxonomy": "usage.json"},
            {"id": "works", "kind": "overlap", "works": ["logs/works"]},
            {"id": "residue", "kind": "identifiers"},
            {"id": "patterns", "kind": "regex", "patterns": ["\\b\\d{4}\\b"]}],
            "release": {"unit": "user", "min_users": 0, "noise": "none"},
            "report": {"dir": "out"}}, open(f"{folder}/plan.json", "w", encoding="utf-8"))
        trees = []
        for level in ("portable", "avx2", ""):
            catalogue = f"{folder}/catalogue-{level}"
            subprocess.run([PROFFER, "scan", "--quiet", "--catalogue", catalogue, f"{folder}/plan.json"],
                           check=True, env={**os.environ, "PROFFER_CPU": level})
            trees.append(tree(catalogue))
        check(len(trees[0]) > 50, "catalogues are there", list(trees[0]))
        for level, other in (("AVX2", trees[1]), ("all this processor has", trees[2])):
            check(trees[0] == other, f"portable paths and {level}: the same bytes",
                  [name for name in trees[0] if other.get(name) != trees[0][name]])
    finally:
        shutil.rmtree(folder)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
