#!/usr/bin/env python3
"""What follows from figures added and subtracted, two and three at a time, of one report and of
several under one ledger. First attacks as a reader would make them, with the figures that they need
shown where many users follow. Then random small logs and many random terms over two reports: the
sets of all figures shown are made again here from the logs, and no two or three of them may leave
few users. Prints TAP."""
import itertools
import json
import os
import random
import sys
import tempfile

from check import check, finish, program

MIN = 5


# ---- logs, plans, and what a report shows ----

class Logs:
    """Conversations as (user or None, month, model, words); their sets are bits of one number."""

    def __init__(self, conversations):
        self.items = conversations
        self.of_user = {}
        for i, (user, *_) in enumerate(conversations):
            self.of_user[user] = self.of_user.get(user, 0) | 1 << i

    def write(self, folder, name="logs.jsonl"):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            for i, (user, month, model, words) in enumerate(self.items):
                record = {"id": f"c{i}", "created": f"2024-{month:02}-03T00:00:00Z", "model": model,
                          "messages": [{"role": "user", "content": " ".join(words) or "nothing"}]}
                if user is not None:
                    record["user"] = f"u{user}"
                file.write(json.dumps(record) + "\n")

    def where(self, test):
        return sum(1 << i for i, item in enumerate(self.items) if test(*item))

    def users(self, rows):
        """Known users of ROWS as bits, and the rows of unknown ones."""
        known = 0
        for user, own in self.of_user.items():
            if user is not None and own & rows:
                known |= 1 << user
        return known, rows & self.of_user.get(None, 0)

    def support(self, rows):
        known, unknown = self.users(rows)
        return known.bit_count() + (unknown != 0)


def plan(queries, **more):
    return {"proffer": 1, "title": "Unions", "matter": "m-1", "logs": {"paths": ["*.jsonl"]},
            "queries": queries, "release": {"min_users": MIN, "ledger": "ledger.db"},
            "report": {"dir": "out", "json": "report.json"}, **more}


def run(folder, asked):
    with open(os.path.join(folder, "plan.json"), "w", encoding="utf-8") as file:
        json.dump(asked, file)
    status, said = program("run", "-q", "plan.json", cwd=folder)
    if status:
        return None, said
    with open(os.path.join(folder, "out", "report.json"), encoding="utf-8") as file:
        return json.load(file), said


def figure(report, table, column="conversations", **keys):
    """The number, or None where it is withheld."""
    for one in report["tables"]:
        if one["id"] != table:
            continue
        for row in one["rows"]:
            if all(row[k] == v for k, v in keys.items()):
                return None if row.get("flags", {}).get(column) == "withheld" else row[column]
    raise KeyError((table, keys))


# ---- attacks by name ----

def conversations(**words):
    """so_many of each: {"a": range(0, 40)} says that these users say a."""
    said = {}
    for word, users in words.items():
        for user in users:
            said.setdefault(user, []).append(word)
    return [(user, 1, "m", sorted(said.get(user, []))) for user in range(100)]


def terms(name, *asked):
    return {"id": name, "kind": "terms", "terms": list(asked)}


def options(*asked):
    return {"id": "options", "kind": "proposals", "options": [
        {"id": f"O{i}", "query": "all", "terms": names} for i, names in enumerate(asked)]}


def attack(title, logs, reports, few):
    """REPORTS: queries of each. What a reader needs, as (report, table, term), is all shown just
    where not FEW."""
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        Logs(logs).write(folder)
        for queries, needed in reports:
            report, said = run(folder, plan(queries))
            if report is None:
                return check(False, title, said)
            shown += [figure(report, table, term=term) for table, term in needed]
    return check((None in shown) == few, title, shown)


def attacks():
    for few, a, b in [(True, range(0, 43), range(40, 80)), (False, range(0, 50), range(40, 80))]:
        how = "few" if few else "many"
        logs = conversations(a=a, b=b)
        one, two = ("q", "T1"), ("r", "T1")
        attack(f"{how} in both, one report of three queries", logs,
               [([terms("q", "a"), terms("r", "b"), terms("s", "a OR b")],
                 [one, two, ("s", "T1")])], few)
        attack(f"{how} in both, two reports", logs,
               [([terms("q", "a"), terms("r", "b")], [one, two]),
                ([terms("q", "a OR b")], [one])], few)
        attack(f"{how} in both, the union first", logs,
               [([terms("q", "a OR b")], [one]),
                ([terms("q", "b")], [one]), ([terms("q", "a")], [one])], few)
        attack(f"{how} in both, a pair was told", logs,
               [([terms("q", "a AND NOT b")], [one]), ([terms("q", "a")], [one])], few)
    for few, a, b in [(True, range(0, 40), range(40, 77)), (False, range(0, 40), range(40, 70))]:
        how = "few" if few else "many"
        logs = conversations(a=a, b=b, c=range(0, 80))
        attack(f"a total less two parts leaves {how}, three reports", logs,
               [([terms("q", "a")], [("q", "T1")]), ([terms("q", "b")], [("q", "T1")]),
                ([terms("q", "c")], [("q", "T1")])], few)
        attack(f"a total less two parts leaves {how}, one report", logs,
               [([terms("q", "a"), terms("r", "b"), terms("s", "c")],
                 [("q", "T1"), ("r", "T1"), ("s", "T1")])], few)
    for few, last in [(True, 43), (False, 60)]:
        how = "few" if few else "many"
        # The same users say b in another month, so that only conversations tell.
        logs = [(u, 1, "m", ["a"]) for u in range(80)] + [(u, 2, "m", ["a"]) for u in range(last - 40)]
        logs += [(u, month, "m", []) for u in range(80, 100) for month in (1, 2)]
        attack(f"{how} users' later conversations within one set, two reports", logs,
               [([{"id": "q", "kind": "terms", "terms": ["a"], "by": ["month"]}], []),
                ([terms("q", "a")], [])], False)
        with tempfile.TemporaryDirectory() as folder:
            Logs(logs).write(folder)
            january, _ = run(folder, plan([terms("q", "a")], population={"to": "2024-01-31"}))
            both, said = run(folder, plan([terms("q", "a")]))
            shown = [figure(r, "q", term="T1") for r in (january, both)]
            check((None in shown) == few, f"{how} users more conversations, no user more", shown)


# ---- random logs ----

WORDS = "abcdefg"


def random_logs(rng):
    """Words of which some are said by nearly all users, and some by one half or the other."""
    users = rng.randrange(30, 60)
    share = {w: rng.choice([0.1, 0.3, 0.6, 0.9]) for w in WORDS}
    half = {w: rng.choice([None, None, 0, 1]) for w in WORDS}
    items = []
    for user in range(users):
        for _ in range(1 if rng.random() < 0.7 else rng.randrange(1, 4)):
            said = [w for w in WORDS if rng.random() < share[w] and
                    (half[w] is None or half[w] == user % 2 or rng.random() < 0.05)]
            who = None if rng.random() < 0.02 else user
            items.append((who, rng.choice([1, 1, 2]), rng.choice("mmn"), said))
    return Logs(items)


def random_term(rng):
    a, b, c = rng.sample(WORDS, 3)
    return rng.choice([a, a, f"{a} OR {b}", f"{a} OR {b}", f"{a} AND {b}", f"{a} AND NOT {b}",
                       f"{a} OR {b} OR {c}", f"({a} OR {b}) AND NOT {c}"])


def holds(term, words):
    python = term.replace("AND", "and").replace("OR", "or").replace("NOT", "not")
    return eval(python, {}, {w: w in words for w in WORDS})


def random_plan(rng):
    queries = [terms(f"q{i}", *{random_term(rng) for _ in range(rng.randrange(1, 4))})
               for i in range(rng.randrange(2, 5))]
    if rng.random() < 0.5:
        queries.append({"id": "months", "kind": "count", "by": ["month"]})
    if rng.random() < 0.5:
        queries.append({"id": "models", "kind": "count", "by": ["model"]})
    if rng.random() < 0.4:
        queries[0]["by"] = ["month"]
    more = {}
    if rng.random() < 0.3:
        more["population"] = {"exclude": [{"field": "model", "in": ["n"]}]}
    return plan(queries, **more)


def rows_of(logs, asked, report):
    """(rows of the logs, figures shown) of each row of the report that is a set."""
    model_out = "n" if "population" in asked else ""
    population = logs.where(lambda user, month, model, words: model != model_out)
    yield population, {"conversations": True, "users": True}, True
    queries = {q["id"]: q for q in asked["queries"]}
    for table in report["tables"]:
        query = queries[table["id"].split(".")[0]]
        found = {f"T{i + 1}": logs.where(lambda u, mo, md, words, t=t: holds(t, words))
                 for i, t in enumerate(query.get("terms", []))}
        for row in table["rows"]:
            rows = population
            if query["kind"] == "count":
                key = row.get("month") or row.get("model")
                if key == "total":
                    continue
                rows &= logs.where(lambda u, mo, md, w: key in (f"2024-{mo:02}", md))
            elif row["term"] == "all conversations":
                continue
            elif row["term"] in ("any term", "no term"):
                hit = 0
                for one in found.values():
                    hit |= one
                rows &= hit if row["term"] == "any term" else ~hit
            else:
                rows &= found[row["term"]]
                if table["id"].endswith(".pairs"):
                    rows &= found[row["other"]]
                if table["id"].endswith(".by"):
                    rows &= logs.where(lambda u, mo, md, w: row["month"] == f"2024-{mo:02}")
            shown = {}
            for column in ("conversations", "users"):
                withheld = row.get("flags", {}).get(column) == "withheld"
                if withheld or row.get(column) is not None:
                    shown[column] = not withheld
                    expected = rows.bit_count()
                    if column == "users":
                        known, unknown = logs.users(rows)
                        expected = known.bit_count() + unknown.bit_count()
                    if shown[column] and row[column] != expected:
                        raise AssertionError((table["id"], row, expected))
            yield rows, shown, False


def few(number):
    return 0 < number < MIN


def leaks(logs, told, new):
    """Pairs and triples of sets of conversations in TOLD (rows -> name), at least one of them in
    NEW, that leave few users."""
    found, sets = [], sorted(told)
    for a, b in itertools.combinations(sets, 2):
        if a & ~b and b & ~a:
            inner = None
        else:
            inner, outer = (a, b) if a & b == a else (b, a)
            if (a in new or b in new) and few(logs.support(outer & ~inner)):
                found.append((told[inner], told[outer]))
        both = a & b
        few_in_both = few(logs.support(both))
        if not few_in_both and both:
            continue
        for u in sets:
            if u in (a, b) or not (a in new or b in new or u in new):
                continue
            if few_in_both and u == a | b:
                found.append((told[a], told[b], "union", told[u]))
            if not both and u & (a | b) == a | b and few(logs.support(u & ~(a | b))):
                found.append((told[a], told[b], "parts of", told[u]))
    return found


def user_leaks(logs, told, new):
    """The same of users: unions are known where conversations have them."""
    found, sets = [], sorted(told)
    of = {rows: logs.users(rows) for rows in sets}

    def support(known, unknown):
        return known.bit_count() + (unknown != 0)

    for a, b in itertools.combinations(sets, 2):
        if a & b in (a, b):
            inner, outer = (a, b) if a & b == a else (b, a)
            left = (of[outer][0] & ~of[inner][0], of[outer][1] & ~of[inner][1])
            if (a in new or b in new) and few(support(*left)):
                found.append((told[inner], told[outer], "users"))
        u = a | b
        if u in told and u not in (a, b) and (a in new or b in new or u in new):
            if few(support(of[a][0] & of[b][0], of[a][1] & of[b][1])):
                found.append((told[a], told[b], "users of union", told[u]))
    return found


def random_case(seed):
    """Leaks of two reports; how many figures were shown and withheld."""
    rng = random.Random(seed)
    logs = random_logs(rng)
    told = {"conversations": {}, "users": {}}
    count = {"shown": 0, "withheld": 0}
    found = []
    with tempfile.TemporaryDirectory() as folder:
        logs.write(folder)
        for number in range(2):
            asked = random_plan(rng)
            report, said = run(folder, asked)
            if report is None:
                if "refused" in said or "fewer than" in said:
                    continue
                return [said], count
            new = {"conversations": set(), "users": set()}
            before = {column: dict(told[column]) for column in told}
            for rows, shown, population in rows_of(logs, asked, report):
                for column, yes in shown.items():
                    count["shown" if yes else "withheld"] += not population
                    if not yes:
                        continue
                    name = f"{number}:{rows.bit_count()}"
                    told[column].setdefault(rows, name)
                    if not population and rows not in before[column]:
                        new[column].add(rows)
                    if population:
                        before[column][rows] = name
            for column in new:
                new[column] -= set(before[column])
            found += leaks(logs, told["conversations"], new["conversations"])
            found += user_leaks(logs, told["users"], new["users"])
    return found, count


def main():
    attacks()
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    total = {"shown": 0, "withheld": 0}
    bad = []
    for seed in range(seeds):
        found, count = random_case(seed)
        bad += [(seed, one) for one in found]
        for key in total:
            total[key] += count[key]
    check(not bad, "nothing of few users follows from two or three figures of two reports",
          f"{len(bad)}: " + "\n".join(map(str, bad[:40])))
    check(3 * total["shown"] > total["withheld"], "and a good part of these figures is shown", total)
    if "-v" in sys.argv:
        print("#", total, len(bad))
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
