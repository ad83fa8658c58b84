#!/usr/bin/env python3
"""Overlap with works and options of proposals, told several times: by two queries of one report, and
by two reports under one ledger. Each attack names figures from which a reader computes a number of
conversations (or exchanges). Where few users have it, not all of these figures are shown; where many
have, all are. Then what becomes of works that are gone or changed, the same report again, and what
the ledger has. Prints TAP."""
import json
import os
import shutil
import sqlite3
import sys
import tempfile

import runs
from check import check, finish
from reports import last_report, options_of, plan_of, report_of, statement
from runs import TERMS, figure

USERS = 300


def write(folder, conversations):
    """(user, day, [what is said in an exchange, ...]) each (runs.said_as); and of all users one that
    shares nothing."""
    runs.write_works(folder)
    runs.write_logs(folder, [(user, "2024-01-05", ["nothing"]) for user in range(USERS)] + conversations)


def overlap(number, words, bins, works="works"):
    return {"id": number, "kind": "overlap", "works": [works], "min_words": words, "bins": bins}


def run(folder, *queries, ledger=True):
    return report_of(folder, plan_of(list(queries), ledger))


def attack(title, few, conversations, *reports):
    """Each report: its queries, and the figures that are needed of it."""
    for ledger in [True, False][:len(reports)]:
        with tempfile.TemporaryDirectory() as folder:
            write(folder, conversations)
            shown = []
            for queries, needed in reports:
                report, said = run(folder, *queries, ledger=ledger)
                if report is None:
                    return check(False, title, said)
                shown += [figure(report, *one) for one in needed]
        if ledger or len(reports) == 1:
            check((None in shown) == few, title, shown)
        else:
            check(None not in shown, f"{title}, without a ledger", shown)
    return None


def attacks():
    for few, some in ((True, 3), (False, 40)):
        how = "few" if few else "many"
        shorter = [(user, "2024-02-05", [30, 15] if user < some else [30, 22])
                   for user in range(90)]
        twelve, twenty = overlap("o", 12, [25]), overlap("p", 20, [25])
        needed = [[("o", "any run", "exchanges")], [("p", "any run", "exchanges")]]
        attack(f"{how} exchanges with runs of 12 to 19 words, by two queries", few, shorter,
               ([twelve, twenty], needed[0] + needed[1]))
        attack(f"{how} exchanges with runs of 12 to 19 words, by two reports", few, shorter,
               ([twenty], needed[1]), ([twelve], needed[0]))
        quarters = [(user, f"2024-{(2, 5, 8)[user % 3] if user >= some else 11:02}-05", ["apple"])
                    for user in range(90)]
        year = [{"terms": ["T1"], "from": f"2024-{m + 1:02}-01", "to": f"2024-{m + 3:02}-28"}
                for m in (0, 3, 6)]
        attack(f"{how} of the last quarter, which another report counts among all", few, quarters,
               ([TERMS, options_of("x", *year)], [("x", "O0"), ("x", "O1"), ("x", "O2")]),
               ([TERMS, options_of("x", {"terms": ["T1"]})], [("x", "O0")]))
        reordered = {"id": "s", "kind": "terms", "terms": ["pear", "apple"]}
        attack(f"{how} of the last quarter, by terms of another query", few, quarters,
               ([TERMS, options_of("x", *year)], [("x", "O0"), ("x", "O1"), ("x", "O2")]),
               ([reordered, options_of("y", {"terms": ["T2"]})], [("y", "O0")]))


# ---- what is remembered ----

FEW = [(user, "2024-02-05", [30, 15] if user < 3 else [30, 22]) for user in range(90)]


def works_elsewhere():
    """A report of other works is judged with the first one's as long as these are there."""
    for change, what in ((None, "there"), ("gone", "gone"), ("other", "changed")):
        with tempfile.TemporaryDirectory() as folder:
            write(folder, FEW)
            os.mkdir(os.path.join(folder, "more"))
            for name in os.listdir(os.path.join(folder, "works")):
                shutil.copy(os.path.join(folder, "works", name), os.path.join(folder, "more", name))
            first, _ = run(folder, overlap("p", 20, [25]))
            path = os.path.join(folder, "works", "work-2.txt")
            if change == "gone":
                os.remove(path)
            if change == "other":
                with open(path, "a", encoding="utf-8") as out:
                    out.write(" and more")
            if change:
                shutil.rmtree(os.path.join(folder, "catalogue"), ignore_errors=True)
            second, said = run(folder, overlap("o", 12, [25], "more"))
            if not second:
                check(False, f"works of an earlier report that are {what}", said)
                continue
            shown = [figure(first, "p", "any run", "exchanges"),
                     figure(second, "o", "any run", "exchanges")]
            check((None in shown) == (change is None) and
                  ("Not so judged" in statement(second)) == (change is not None),
                  f"works of an earlier report that are {what}", (shown, statement(second)))


def again_and_kept():
    with tempfile.TemporaryDirectory() as folder:
        write(folder, FEW)
        asked = [TERMS, overlap("p", 20, [25]),
                 options_of("x", {"overlap": 25, "from": "2024-02-01"}, {"terms": ["T1"]})]
        run(folder, *asked)
        once = last_report(folder)
        run(folder, overlap("o", 12, [25]))
        run(folder, *asked)
        check(last_report(folder)["tables"] == once["tables"], "the same report again")
        ledger = sqlite3.connect(os.path.join(folder, "ledger.db"))
        texts = [json.loads(body)["text"] for (body,) in ledger.execute(
            "SELECT body FROM entries WHERE kind = 'terms'")]
        ledger.close()
        kinds = [json.loads(one)["kind"] for one in texts]
        check(kinds.count("overlap") == 2 and kinds.count("proposals") == 1,
              "the ledger has works and options once each", kinds)
        check(not any("w0x1 " in one for one in texts), "and no text of works")


def doubled():
    """An option that names a term two times, or two that read alike, is one that names it once, in
    the report and for a later one with these terms in another query."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, [(user, "2024-02-05", ["apple" if user % 2 else "pear"])
                       for user in range(60)])
        terms = {"id": "t", "kind": "terms", "terms": ["apple", "pear", "APPLE"]}
        report, said = run(folder, terms, options_of("x", {"terms": ["T1", "T1"]},
                                                  {"terms": ["T1", "T3"]}, {"terms": ["T1"]}))
        check(report and [figure(report, "x", f"O{i}") for i in range(3)] == [30] * 3,
              "terms that are named two times", said)
        report, said = run(folder, TERMS, options_of("y", {"terms": ["T1", "T2"]}))
        check(report and figure(report, "y", "O0") == 60, "and in a later report", said)


def main():
    attacks()
    doubled()
    works_elsewhere()
    again_and_kept()
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
