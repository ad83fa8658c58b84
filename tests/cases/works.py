#!/usr/bin/env python3
"""Works at issue: odd files of them are refused with their place or counted in the report; what is
found is the same for any number of threads, shards and files. Prints TAP."""
import json
import os
import random
import shutil
import sys

from check import check, finish, program as proffer
from files import in_scratch, tree

TEXT = "One, two THREE four\nfive six seven; eight nine ten eleven twelve thirteen fourteen"


def plan(works, logs="l.jsonl", **keys):
    with open("plan.json", "w", encoding="utf-8") as out:
        json.dump({"proffer": 1, "title": "t", "logs": {"paths": [logs]},
                   "queries": [{"id": "o", "kind": "overlap", "works": works, **keys}],
                   "release": {"unit": "user", "min_users": 0, "noise": "none"},
                   "report": {"dir": "out"}}, out)


def tables():
    report = json.load(open("out/report.json", encoding="utf-8"))
    return {t["id"]: t["rows"] for t in report["tables"]}


def write(path, content):
    with open(path, "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())


def odd_files():
    line = json.dumps({"id": "x", "text": TEXT})
    for path, content in {
            "good.txt": TEXT, "empty.txt": "", "short.txt": "only four words here",
            "binary.txt": bytes(range(256)), "nul.txt": b"one\0two", "odd.pdf": b"%PDF",
            "key.jsonl": line + '\n{"id":"y"}\n', "json.jsonl": line + "\nno JSON\n",
            "utf8.jsonl": b'{"id":"x","text":"a \xff"}\n', "twice.jsonl": line + "\n" + line + "\n",
            "number.jsonl": '{"id":5,"text":"a"}\n', "bare.jsonl": '"a"\n',
            "mark.jsonl": "\ufeff" + line + "\r\n\r\n"}.items():
        write(path, content)
    for folder in ("folder", "nothing"):
        os.mkdir(folder)
    write("folder/good.txt", TEXT)

    for works, status, said in (
            (["binary.txt"], 4, '"binary.txt" is not UTF-8 text'),
            (["nul.txt"], 4, '"nul.txt" is not UTF-8 text'),
            (["key.jsonl"], 4, '"key.jsonl", line 2: no work with "id" and "text"'),
            (["json.jsonl"], 4, '"json.jsonl", line 2: not valid JSON'),
            (["utf8.jsonl"], 4, '"utf8.jsonl", line 1: not UTF-8'),
            (["twice.jsonl"], 4, '"twice.jsonl", line 2: another work has the id "x"'),
            (["number.jsonl"], 4, '"number.jsonl", line 1: no work with "id" and "text"'),
            (["bare.jsonl"], 4, '"bare.jsonl", line 1: no work'),
            (["good.txt", "folder"], 4, 'another work has the id "good.txt"'),
            (["x*.txt"], 3, 'queries[0].works[0]: no file matches "x*.txt"'),
            (["good.txt", "gone.txt"], 3, 'queries[0].works[1]: cannot open "gone.txt"'),
            (["nothing"], 3, 'no works are in the folder "nothing"'),
            (["odd.pdf"], 3, '"odd.pdf" is no file of works')):
        plan(works)
        shutil.rmtree("catalogue", ignore_errors=True)
        found, text = proffer("run", "--quiet", "plan.json")
        check(found == status and said in text, f"{works}: {said}", (found, text))
    for keys, said in (({"min_words": 3}, "min_words: must be at least 4"),
                       ({"bins": [5]}, "bins[0]: must be more than 12"),
                       ({"bins": [50, 40]}, "bins[1]: must be more than 50")):
        plan(["good.txt"], **keys)
        found, text = proffer("check", "plan.json")
        check(found == 3 and said in text, f"{keys}: {said}", (found, text))

    plan(["empty.txt", "short.txt", "good.txt", "go*.txt", "mark.jsonl"])
    shutil.rmtree("catalogue", ignore_errors=True)
    status, text = proffer("run", "--quiet", "plan.json")
    rows = tables() if status == 0 else {"o.read": []}
    counts = [row["count"] for row in rows["o.read"]]
    check(status == 0 and counts == [4, 32, 1, 1], "empty and short works are counted", (text, rows))
    check(status == 0 and {r["work"]: r["conversations"] for r in rows["o.works"]} ==
          {"good.txt": 1, "x": 1}, "one text in two works counts for both", rows)

    # What a work says has changed: the part that reads it is stale, and nothing else.
    write("short.txt", TEXT + " and more")
    status, text = proffer("run", "plan.json")
    check(status == 0 and {r["work"] for r in tables()["o.works"]} == {"good.txt", "short.txt", "x"},
          "a changed work is read again", text)

    os.makedirs("folder/more")
    write("folder/notes.md", TEXT)
    plan(["folder"])
    status, text = proffer("check", "plan.json")
    check(status == 0 and '2 other files or folders in "folder" are not read' in text,
          "what is no work in a folder is told of", text)
    write("few.txt", "three words only")
    for works, nothing in ((["few.txt", "empty.txt"], True), (["few.txt", "good.txt"], False)):
        plan(works)
        status, text = proffer("run", "--quiet", "plan.json")
        words = json.dumps(json.load(open("out/report.json", encoding="utf-8"))["summary"])
        check(status == 0 and ("there was nothing to find" in words) == nothing,
              f"{works}: whether there is anything to find", words)



def same_for_any_split():
    numbers = random.Random(5)
    words = [f"w{i}" for i in range(400)]
    works = [[numbers.choice(words) for _ in range(300)] for _ in range(30)]
    boilerplate = [numbers.choice(words) for _ in range(40)]
    with open("works.jsonl", "w", encoding="utf-8") as out:
        for i, work in enumerate(works + [w[:100] for w in works] + [[]] * 3):
            text = " ".join(work[:150] + boilerplate + work[150:])
            out.write(json.dumps({"id": f"W{i:02}", "text": text}) + "\n")
    os.mkdir("logs")
    for part in range(3):
        with open(f"logs/{part}.jsonl", "w", encoding="utf-8") as out:
            for i in range(400):
                turns = []
                for role in ("user", "assistant", "user", "assistant"):
                    text = [numbers.choice(words) for _ in range(numbers.randrange(30))]
                    if numbers.random() < 0.3:
                        at = numbers.randrange(250)
                        text += numbers.choice(works)[at:at + numbers.randrange(5, 60)]
                    if numbers.random() < 0.1:
                        text += boilerplate[:numbers.randrange(8, 40)]
                    turns.append({"role": role, "content": " ".join(text)})
                out.write(json.dumps({"id": f"{part}-{i}", "user": f"u{i % 50}",
                                      "messages": turns}) + "\n")
    plan(["works.jsonl"], "logs/*.jsonl")
    trees, reports = [], []
    for threads in ("1", "2", "5"):
        shutil.rmtree("catalogue", ignore_errors=True)
        status, text = proffer("scan", "--quiet", "--threads", threads, "plan.json")
        check(status == 0, f"{threads} threads", text)
        trees.append(tree("catalogue"))
        proffer("run", "--quiet", "plan.json")
        reports.append(tables())
    check(trees[0] == trees[1] == trees[2], "the same bytes for any number of threads",
          [k for k in trees[0] if any(t.get(k) != trees[0][k] for t in trees)])
    check(reports[0]["o"] and len(reports[0]["o.works"]) > 10, "something is found", reports[0])
    for i in (1, 2):
        proffer("scan", "--quiet", "--shard", f"{i}/2", "--catalogue", f"shard{i}", "plan.json")
    proffer("merge", "--quiet", "shard1", "shard2")
    status, text = proffer("run", "--quiet", "--catalogue", "shard1", "plan.json")
    check(status == 0 and tables() == reports[0], "shards add up", text)


def test():
    write("l.jsonl", json.dumps({"id": "a", "user": "u", "messages": [
        {"role": "user", "content": TEXT.replace("\n", " \u2014 ").lower()}]}) + "\n")
    odd_files()
    same_for_any_split()


def main():
    in_scratch(test)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
