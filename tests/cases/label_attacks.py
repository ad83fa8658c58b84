#!/usr/bin/env python3
"""What numbers of relevant units tell of few users when reports are subtracted, or a table's figure
and a sample's: of a sample of which all units are drawn, so that its numbers are cells. Where few
users lie between two such numbers one of them is withheld, or the report is refused; where many do,
both are told. Prints TAP."""
import json
import os
import sys
import tempfile

from check import check, finish, program
from reports import last_report, plan_of, rows_of, value, write_plan

USERS = 120


def user_of(name):
    return int(name.lstrip("cu").partition("-")[0])


class Matter:
    """Logs of USERS users, who say "aaa" in the first half of the year and "bbb" in the second; every
    unit is drawn."""

    def __init__(self, folder, unit):
        self.folder, self.unit = folder, unit
        with open(os.path.join(folder, "logs.jsonl"), "w", encoding="utf-8") as out:
            for user in range(USERS):
                for month, word in ((2, "aaa"), (9, "bbb")):
                    out.write(json.dumps({
                        "id": f"c{user}-{month}", "user": f"u{user}",
                        "created": f"2024-{month:02}-10T00:00:00Z",
                        "messages": [{"role": "user", "content": word},
                                     {"role": "assistant", "content": "well"}]}) + "\n")
        self.plan({})
        self.proffer("frame", "-q", "plan.json", "--unit", unit)
        self.proffer("draw", "-q", "plan.json", "--size", str(USERS * (1 + (unit != "user"))),
                     "--seed", "1", "--seed-source", "dice", "--unit", unit)

    def plan(self, population, queries=()):
        rel = {"id": "rel", "kind": "relevance", "definition": "d", "sample": "sample.json",
               "labels": "labels.csv", "unit": self.unit}
        write_plan(self.folder, plan_of([*queries, rel], population=population))

    def proffer(self, *words):
        status, said = program(*words, cwd=self.folder)
        if status not in (0, 5):
            raise AssertionError((words, said))
        return None if status == 5 else said

    def label(self, label):
        """LABEL(user, whether it is of the second half)."""
        with open(os.path.join(self.folder, "labels.csv"), "w", encoding="utf-8") as file:
            file.write("id,label\n")
            for name in self.proffer("ids", "plan.json", "rel").split():
                file.write(f"{name},{label(user_of(name), name.endswith('-9'))}\n")

    def relevant(self, population=None, queries=()):
        """The number, or None where it is withheld or the report is refused; and the report."""
        self.plan(population or {}, queries)
        if self.proffer("run", "-q", "plan.json") is None:
            return None, None
        report = last_report(self.folder)
        return value(rows_of(report, "rel")[-1], "relevant"), report


def either(yes):
    return "relevant" if yes else "irrelevant"


def found(report, query):
    return value(rows_of(report, query)[0], "conversations")


def labelled_again(unit, few, some):
    """Of SOME units that were relevant the label changes."""
    with tempfile.TemporaryDirectory() as folder:
        matter = Matter(folder, unit)
        matter.label(lambda user, late: either(user < 60))
        first, _ = matter.relevant()
        matter.label(lambda user, late: either(some <= user < 60))
        second, _ = matter.relevant()
    check(first is not None and (second is None) == few, f"{unit}: labels of {some} users changed",
          (first, second))


def other_period(few, some):
    """In the second half SOME units are relevant."""
    with tempfile.TemporaryDirectory() as folder:
        matter = Matter(folder, "conversation")
        matter.label(lambda user, late: either(user < some if late else user < 60))
        first, _ = matter.relevant({"to": "2024-06-30"})
        second, _ = matter.relevant()
        third, _ = matter.relevant({"from": "2024-07-01"})
    check(first == 60 and (second is None and third is None) == few,
          f"{some} relevant in the rest of a year", (first, second, third))


def beside_terms(few, some):
    """All that a term finds is relevant, but for SOME."""
    terms = {"id": "t", "kind": "terms", "terms": ["aaa"]}
    with tempfile.TemporaryDirectory() as folder:
        matter = Matter(folder, "conversation")
        matter.label(lambda user, late: either(not late and user >= some))
        relevant, report = matter.relevant(queries=[terms])
        check((None in (relevant, found(report, "t"))) == few,
              f"{some} more found by a term than relevant, one report",
              (relevant, found(report, "t")))
    with tempfile.TemporaryDirectory() as folder:
        matter = Matter(folder, "conversation")
        matter.label(lambda user, late: "?")
        _, report = matter.relevant(queries=[terms])
        matter.label(lambda user, late: either(not late and user >= some))
        relevant, _ = matter.relevant()
        check(found(report, "t") == USERS and (relevant is None) == few,
              f"{some} more found by a term than relevant, two reports", relevant)


def main():
    for few, some in ((True, 3), (False, 20)):
        labelled_again("conversation", few, some)
        labelled_again("user", few, some)
        other_period(few, some)
        beside_terms(few, some)
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
