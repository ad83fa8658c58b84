#!/usr/bin/env python3
"""What sizes of strata and of what a search found tell of figures that tables withhold, and what
labels of many drawn units tell of few users: each attack names figures of tables and samples from
which a reader computes a number of few users. Where few have it, not all of them are shown; where
many have it, all are. Units of every kind are drawn by every kind of query. Prints TAP."""
import json
import os
import sys
import tempfile

from check import check, finish, program
from reports import last_report, plan_of, row_of, value, write_plan

USERS = 200
WORK = " ".join(f"w{i}" for i in range(200))

TOPICS = {"proffer_taxonomy": 1, "title": "T", "assign": "first", "topics": [
    {"name": "one", "term": "aaa"}, {"name": "two", "term": "bbb"}]}


def write(folder, saying):
    """Logs: SAYING(user) is the text of the user's conversation, and its model."""
    os.mkdir(os.path.join(folder, "works"))
    for name, text in (("works/work.txt", WORK), ("topics.json", json.dumps(TOPICS))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
    with open(os.path.join(folder, "logs.jsonl"), "w", encoding="utf-8") as out:
        for user in range(USERS):
            text, model = saying(user)
            for number, said in enumerate((text, "nothing") if user % 7 == 0 else (text,)):
                out.write(json.dumps({
                    "id": f"c{user}-{number}", "user": f"u{user}", "model": model,
                    "messages": [{"role": "user", "content": said},
                                 {"role": "assistant", "content": "well"},
                                 {"role": "user", "content": "so"}]}) + "\n")


def plan(queries, unit=None, **rel):
    relevance = {"id": "rel", "kind": "relevance", "definition": "d", "sample": "sample.json",
                 "labels": "labels.csv", **rel}
    if unit:
        relevance["unit"] = unit
    return plan_of(queries + [relevance], ledger=False)


def run(folder, asked, draw, relevant, by=None, unit=None):
    """The report; RELEVANT(user) says how that user's units are labelled."""
    def proffer(*words):
        status, said = program(*words, cwd=folder)
        if status:
            raise AssertionError((words, said))
        return said
    write_plan(folder, asked)
    more = (("--by", by) if by else ()) + (("--unit", unit) if unit else ())
    proffer("frame", "-q", "plan.json", *more)
    proffer("draw", "-q", "plan.json", *draw, "--seed", "1", "--seed-source", "dice", *more)
    with open(os.path.join(folder, "labels.csv"), "w", encoding="utf-8") as file:
        file.write("id,label\n")
        for name in proffer("ids", "plan.json", "rel").split():
            user = int(name.lstrip("cu").partition("-")[0].partition("#")[0])
            file.write(f"{name},{relevant(user)}\n")
    proffer("run", "-q", "plan.json")
    return last_report(folder)


def figure(report, table, column, **keys):
    """The number, or None where it is withheld or not there."""
    row = row_of(report, table, **keys)
    return row and value(row, column)


def attack(title, few, saying, queries, needed, draw=("--size", "10"),
           relevant=lambda user: "relevant" if user % 2 else "irrelevant", by=None, unit=None,
           **rel):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, saying)
        try:
            report = run(folder, plan(queries, unit, **rel), draw, relevant, by, unit)
        except AssertionError as error:
            return check(False, title, error)
    shown = [figure(report, table, column, **keys) for table, column, keys in needed]
    return check((None in shown) == few, title, shown)


def told(table, **keys):
    return (table, "conversations", keys)


def size(stratum):
    return ("rel.spread", "N", {"stratum": stratum})


def quality(measure, column="N"):
    return ("rel.search", column, {"measure": measure})


TERMS = {"id": "t", "kind": "terms", "terms": ["aaa", "bbb"]}
OVERLAP = {"id": "o", "kind": "overlap", "works": ["works"], "bins": [30, 60]}
BY_TOPIC = {"id": "topics", "kind": "topics", "taxonomy": "topics.json"}
MODELS = {"id": "models", "kind": "count", "by": ["model"]}


def words(first, second, third=()):
    """What users of FIRST, SECOND and THIRD say; the others nothing."""
    return lambda user: ("aaa" if user in first else "bbb" if user in second else
                         "ccc" if user in third else "nothing", "m")


def sizes(few, some, how):
    said = words(range(60), range(60, 60 + some))
    attack(f"{how} of a topic, the others' strata told", few, said, [BY_TOPIC],
           [told("topics", topic="none of these"), size("one")], by="topics")
    length = lambda user: 20 if user < 60 else 40 if user < 60 + some else 100 if user < 170 else 0
    attack(f"{how} with a bin of runs, the others' strata told", few,
           lambda user: (" ".join(WORK.split()[:length(user)]) or "nothing", "m"), [OVERLAP],
           [("o", "conversations", {"side": "anywhere", "words": "any run"}),
            ("o", "conversations", {"side": "anywhere", "words": "60 or more"}),
            size("12 to 29 words")], by="o")
    models = lambda user: ("x", "a" if user < 60 else "b" if user < 60 + some else "c")
    attack(f"{how} of a model, the others' strata told", few, models, [MODELS],
           [told("models", model="c"), size("a")], by="models")
    attack(f"{how} of a model, the others' strata told, by a query of topics", few, models,
           [{"id": "models", "kind": "topics", "by": ["model"]}],
           [told("models", topic="c"), size("a")], by="models")
    more = words(range(60), range(60, 90), range(90, 90 + some))
    union = {"id": "u", "kind": "terms", "terms": ["aaa OR bbb OR ccc"]}
    attack(f"{how} beyond what terms found, whose strata are told", few, more, [TERMS, union],
           [told("u", term="T1"), size("found")], by="t")
    attack(f"{how} beyond what a search found", few, more, [TERMS, union],
           [told("u", term="T1"), quality("precision")], search="t")
    attack(f"{how} with one term, strata of what was found", few, said, [TERMS],
           [told("t", term="T1"), size("found")], by="t")
    attack(f"{how} with one term, and what the search found", few, said, [TERMS],
           [told("t", term="T1"), quality("precision")], search="t")


def labels(few, some, how):
    """All units of a stratum are labelled."""
    all_but = lambda user: "irrelevant" if user < some else "relevant"
    attack(f"{how} irrelevant among all of a stratum", few, words(range(60), ()), [TERMS],
           [("rel", "relevant", {"stratum": "found"})], draw=("--sizes", "all,10"),
           relevant=all_but, by="t")
    attack(f"{how} relevant among all of a stratum", few, words(range(60), ()), [TERMS],
           [("rel", "relevant", {"stratum": "found"})], draw=("--sizes", "all,10"),
           relevant=lambda user: "relevant" if user < some else "irrelevant", by="t")


def searches(few, some, how):
    """All units are labelled; one option is within another."""
    options = {"id": "opts", "kind": "proposals", "of": "rel", "options": [
        {"id": "A", "terms": ["T1"]}, {"id": "B", "terms": ["T1", "T2"]}]}
    relevant = lambda user: "relevant" if user < 30 or 60 <= user < 60 + some or user > 150 else \
        "irrelevant"
    precisions = [("opts", "precision", {"option": name}) for name in "AB"]
    attack(f"{how} relevant in one option and not in another", few,
           words(range(60), range(60, 100)), [TERMS, options], precisions,
           draw=("--size", "229"), relevant=relevant)
    attack(f"{how} relevant in the search and not in an option", few,
           words(range(60), range(60, 100)), [TERMS, options],
           [precisions[0], quality("precision", "relevant")], draw=("--size", "229"),
           relevant=relevant, search="t")
    attack(f"{how} relevant in one option and not in another, of a small sample", False,
           words(range(60), range(60, 100)), [TERMS, options],
           [("opts", "precision_high", {"option": name}) for name in "AB"],
           draw=("--size", "5"), relevant=relevant)


def kinds():
    """Nothing that is tied is false: every unit, drawn by every kind of query, searched by each."""
    def saying(user):
        return (" ".join((["aaa"] if user % 3 == 0 else []) + (["bbb"] if user % 4 == 0 else []) +
                         (["one@example.com"] if user % 5 < 3 else []) +
                         WORK.split()[:[0, 20, 60][user % 3]]) or "nothing", "abc"[user % 3])
    queries = [TERMS, OVERLAP, BY_TOPIC, MODELS,
               {"id": "ids", "kind": "identifiers", "examples": "count"},
               {"id": "expr", "kind": "regex", "patterns": ["aaa", "w1 "]},
               {"id": "opts", "kind": "proposals", "of": "rel", "options": [
                   {"id": "A", "terms": ["T1"]}, {"id": "B", "overlap": 30}]}]
    for unit in ("conversation", "exchange", "user"):
        for by in ("t", "o", "topics", "ids", "expr", "models"):
            if (unit, by) == ("user", "models"):
                continue
            search = "ids" if by == "models" else by
            attack(f"{unit}s by {by}, and what that finds", False, saying, queries,
                   [quality("precision")], by=by, unit=unit, draw=("--size", "16"), search=search)


def main():
    for few, some in ((True, 3), (False, 30)):
        how = "few" if few else "many"
        sizes(few, some, how)
        labels(few, some, how)
    for few, some in ((True, 3), (False, 20)):
        searches(few, some, "few" if few else "many")
    kinds()
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
