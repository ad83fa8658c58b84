#!/usr/bin/env python3
"""Odd files of terms: each gives a clear error or warning with its place, or just works, in bounded
time and memory. Prints TAP."""
import json
import os
import resource
import shutil
import subprocess
import sys

from check import PROFFER, check, finish
from files import in_scratch

MANY = 20_000 if os.environ.get("SHORT") else 100_000


def run(content, command="run", *options):
    """The exit status, what was said, and the rows of the report, of a file of terms."""
    with open("terms.txt", "wb") as out:
        out.write(content)
    shutil.rmtree("catalogue", ignore_errors=True)
    shutil.rmtree("out", ignore_errors=True)
    done = subprocess.run([PROFFER, command, "plan.json", *options], capture_output=True,
                          text=True, timeout=1200)
    rows = []
    if command == "run" and done.returncode == 0:
        report = json.load(open("out/r.json", encoding="utf-8"))
        rows = next(t for t in report["tables"] if t["id"] == "terms")["rows"]
    return done.returncode, done.stdout + done.stderr, rows


def refused(content, said, title):
    status, text, _ = run(content)
    check(status == 3 and said in text, title, (status, text))


def test():
    with open("l.jsonl", "w", encoding="utf-8") as out:
        out.write(json.dumps({"id": "a", "user": "u", "messages": [
            {"role": "user", "content": "apple pear plum"}]}) + "\n")
    json.dump({"proffer": 1, "logs": {"paths": ["l.jsonl"]},
               "queries": [{"id": "terms", "kind": "terms", "terms_file": "terms.txt"}],
               "release": {"unit": "user", "min_users": 0, "noise": "none"},
               "report": {"dir": "out", "xlsx": "r.xlsx", "json": "r.json"}},
              open("plan.json", "w", encoding="utf-8"))

    refused(b"apple\rpear plum\r", "terms.txt:1: a carriage return stands inside the line",
            "lines that end in a carriage return alone")
    status, text, rows = run(b"\xef\xbb\xbfapple\r\n\"pear plum\"\r\n\xe2\x80\x9cpear apple\xe2\x80\x9d\r\n")
    found = [(r["parsed"], r["conversations"]) for r in rows[:3]]
    check(status == 0 and found == [("apple", 1), ('"pear plum"', 1), ('"pear apple"', 0)],
          "a byte order mark, carriage returns, curly quotes", (status, text, found))
    check("curly quotes" in str(rows[2]["warnings"]), "curly quotes are told", rows[2])
    refused(b"A1: apple\nA1: pear\n", "terms.txt:2: the name A1 is taken by line 1", "a name twice")
    refused(b"apple\nba\xffd\n", "terms.txt:2: not valid UTF-8", "broken UTF-8")
    refused(b"app\0le\n", "terms.txt: a NUL byte", "a NUL byte")
    refused(b"\n# apple\n\n", "terms.txt: there are no terms", "no term")

    for title, line, part in (
            ("a line of ten megabytes", b"a" * 10_000_000, "longer than 1 MiB"),
            ("a line of a million words", b" OR ".join(b"w%d" % i for i in range(1_200_000)),
             "longer than 1 MiB"),
            ("parentheses 10,000 deep", b"(" * 10_000 + b"apple" + b")" * 10_000, "deep"),
            ("NOT 10,000 deep", b"NOT " * 10_000 + b"apple", "deep"),
            ("an expression that explodes", b'"##(((a{1,1000}){1,1000}){1,100})"', "too large")):
        status, text, rows = run(b"apple\n" + line + b"\n")
        told = rows[1]["warnings"] if len(rows) > 1 else ""
        check(status == 0 and rows[0]["conversations"] == 1 and
              rows[1]["status"] == "error" and part in str(told),
              f"{title} is a row with an error", (status, text[:500], str(told)[:500]))
        status, text, _ = run(b"apple\n" + line + b"\n", "check", "--strict")
        check(status == 3, f"{title} is refused by check --strict", (status, text[:500]))

    status, text, rows = run(b"".join(b'word%dx OR "big apple%d"\n' % (i, i) for i in range(MANY - 1)) +
                             b"apple w/1 pear\n")
    check(status == 0 and len(rows) == MANY + 3, f"{MANY} terms", (status, text, len(rows)))
    check(rows and rows[MANY - 1]["conversations"] == 1, "the last of them is found")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"# peak of any run: {peak:.0f} MB")
    check(peak < 2048, "in at most 2 GB", peak)


def main():
    in_scratch(test)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
