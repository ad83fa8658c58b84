#!/usr/bin/env python3
"""The words of the logs that explain lists for each leaf of a term equal a plain count, whatever the
threads, shards and files; they are told as unknown where nobody listed them; no report has them.
Prints TAP."""
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile

from check import PROFFER, check, finish
from files import in_scratch, tree

SHORT = os.environ.get("SHORT")


def proffer(*words, ok=0):
    done = subprocess.run([PROFFER, *words], capture_output=True, text=True)
    if done.returncode != ok:
        raise SystemExit(f"Bail out! {words}: {done.returncode}: {done.stderr}")
    return done.stdout


def explain(term, *options):
    return json.loads(proffer("explain", "--plan", "plan.json", "--json", *options, "--", term))


def write_plan(queries):
    with open("plan.json", "w", encoding="utf-8") as out:
        json.dump({"proffer": 1, "logs": {"paths": ["logs/*.jsonl"]}, "queries": queries,
                   "release": {"unit": "user", "min_users": 0, "noise": "none"},
                   "report": {"dir": "out"}}, out)


def make_logs(rng, counts):
    """Three files, the second one of several batches; a record is said twice."""
    letters = "abcdefghij"
    pool = sorted({"".join(rng.choice(letters) for _ in range(rng.randrange(1, 7)))
                   for _ in range(4000)})
    os.makedirs("logs")
    for f, records in enumerate((40, 300 if SHORT else 3000, 40)):
        with open(f"logs/{f}.jsonl", "w", encoding="utf-8") as out:
            for r in range(records):
                # The first file has the late words, the last one the early ones.
                some = pool[len(pool) // 2:] if f == 0 else pool[:500] if f == 2 else pool
                words = [rng.choice(some) for _ in range(rng.randrange(20, 200))]
                if r % 3 == 0:
                    words += ["12", "quince", "quinces", "pearl"]
                text = " ".join(w.title() if rng.random() < .1 else w for w in words)
                half = len(text) // 2
                record = {"id": "again" if r in (1, 2) else f"{f}-{r}", "user": f"u{r % 9}",
                          "messages": [{"role": "user", "content": text[:half]},
                                       {"role": "assistant", "content": text[half:]}]}
                for message in record["messages"]:
                    counts.update(re.findall(r"[a-z0-9]+", message["content"].lower()))
                out.write(json.dumps(record) + "\n")


def expected(counts, pattern):
    rows = sorted(w for w in counts if re.fullmatch(pattern, w))
    first = rows[:1000]
    return (sorted(({"word": w, "count": counts[w]} for w in first),
                   key=lambda r: (-r["count"], r["word"])), len(rows) < 1000)


LEAVES = {"*": ".*", "a*": "a.*", "?b*": ".b.*", "quince~": "quinces?", "quince": "quince",
          "pea%rl": "pea(r?l|.r?l|r.l|r?.l|rl.?|r.?)", "10~~20": "1[0-9]|20", "==": "[0-9][0-9]",
          "nowhere": "nowhere"}


def test():
    counts = collections.Counter()
    make_logs(random.Random(17), counts)
    terms = {"id": "t", "kind": "terms",
             "terms": ["*", "a* w/3 ?b*", "quince~ AND quince", "pea%rl OR 10~~20",
                       "NOT ==", "nowhere", "a* broken(", "xfirstword a*"]}
    write_plan([terms])
    before = explain("a* AND nowhere")
    check(all(w["in_logs"] is None for w in before["words"]), "without a catalogue", before)
    check("not scanned" in proffer("explain", "--plan", "plan.json", "a*"),
          "without a catalogue, said in words")

    trees = []
    for threads in ("1", "2", "5"):
        shutil.rmtree("catalogue", ignore_errors=True)
        proffer("scan", "--quiet", "--words", "--threads", threads, "plan.json")
        trees.append(tree("catalogue"))
        for leaf, pattern in LEAVES.items():
            found = explain(leaf)["words"][0]["in_logs"]
            words, complete = expected(counts, pattern)
            check(found == {"words": words, "complete": complete, "parts": 3, "listed": 3},
                  f"{leaf} with {threads} threads, {len(words)} words",
                  (found, words, complete))
    check(trees[0] == trees[1] == trees[2], "the same bytes for any number of threads",
          [k for k in trees[0] if any(t.get(k) != trees[0][k] for t in trees)])
    for i in (1, 2):
        proffer("scan", "--quiet", "--words", "--shard", f"{i}/2", "--catalogue", f"shard{i}",
                "plan.json")
    part = explain("quince", "--catalogue", "shard1")["words"][0]["in_logs"]
    check(part["listed"] == 2 and part["parts"] == 3, "a shard lists its own parts", part)
    proffer("merge", "--quiet", "shard1", "shard2")
    check(explain("a*", "--catalogue", "shard1") == explain("a*"), "shards add up")

    text = proffer("explain", "--plan", "plan.json", "--limit", "2", "?b* OR zebra")
    words, _ = expected(counts, LEAVES["?b*"])
    check(f"{words[0]['word']} {words[0]['count']}, {words[1]['word']} {words[1]['count']}, and "
          f"{len(words) - 2} more" in text and "zebra  unknown: no term" in text,
          "as text, with a word that no term asks for", text)

    # A report knows none of the words that patterns match.
    write_plan([{**terms, "terms": ["a*", "quin*"]}])
    proffer("scan", "--quiet", "--words", "plan.json")
    proffer("run", "--quiet", "plan.json")
    told = open("out/report.json", encoding="utf-8").read()
    with zipfile.ZipFile("out/report.xlsx") as book:
        told += "".join(book.read(n).decode("utf-8", "replace") for n in book.namelist())
    check("quince" not in told and "quin*" in told, "no report has the words")

    # Where they are not listed, or listed of other logs.
    shutil.rmtree("catalogue")
    proffer("run", "--quiet", "plan.json")
    without = {k: v for k, v in tree("catalogue").items() if "manifest" not in k}
    found = explain("quin*")["words"][0]["in_logs"]
    said = proffer("explain", "--plan", "plan.json", "quin*")
    check(found is None and "proffer scan --words" in said, "not listed", (found, said))
    check(not any("words-" in k for k in without), "and not written", without)
    report = open("out/report.json", "rb").read()
    check("3 of 3 parts scanned" in proffer("scan", "--words", "plan.json"), "--words reads again")
    check("0 of 3 parts scanned" in proffer("scan", "--words", "plan.json"), "once")
    found = explain("quin*")["words"][0]["in_logs"]
    check(found["words"] == expected(counts, "quin.*")[0], "then they are there", found)
    left = {k: v for k, v in tree("catalogue").items()
            if "manifest" not in k and "words-" not in k and "segment.json" not in k}
    check(left == {k: v for k, v in without.items() if "segment.json" not in k},
          "the rest of the catalogue is the same with and without them")
    proffer("run", "--quiet", "plan.json")
    check(report == open("out/report.json", "rb").read(), "and so is the report")

    with open("logs/0.jsonl", "a", encoding="utf-8") as out:
        out.write(json.dumps({"id": "new", "messages": [
            {"role": "user", "content": "quincunx"}]}) + "\n")
    said = proffer("explain", "--plan", "plan.json", "quin*")
    check("in 2 of 3 parts; of the others: not scanned, or changed since" in said and
          "quincunx" not in said, "a changed file's part is left out and told", said)
    proffer("explain", "--catalogue", "catalogue", "--limit", "0", "a", ok=2)
    shutil.rmtree("logs")
    said = proffer("explain", "--plan", "plan.json", "quin*")
    check("in logs:  unknown: " in said, "logs that are gone", said)


def main():
    in_scratch(test)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
