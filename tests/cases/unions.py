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

from check import check, finish
from reports import MIN, figure, is_shown, plan_of, report_of


# ---- logs, plans, and what a report shows ----

# Words of a conversation: "a" in its prompt, ">a" in its output; "v:9" or ">v:9" is a run of the
# first nine words of work v; "!" is a message of an unknown role.
WORKS = "vwy"
WORK_WORDS = 40


def run_of(work, length):
    return " ".join(f"{work}x{i}" for i in range(length))


def text_of(words, output):
    """One side of a conversation; "and" keeps runs apart."""
    said = [w.lstrip(">") for w in words if w.startswith(">") == output and w != "!"]
    return " and ".join(run_of(*w.split(":")[:1], int(w.split(":")[1])) if ":" in w else w
                        for w in said)


def sides_of(words, least):
    """{work: longest run of prompts, of outputs supplied by the prompt, of others}."""
    found = {}
    for word in sorted(words, key=lambda w: w.startswith(">")):
        work, _, length = word.lstrip(">").partition(":")
        if length and int(length) >= least:
            sides = found.setdefault(work, [0, 0, 0])
            side = 0 if word[0] != ">" else 1 if sides[0] >= int(length) else 2
            sides[side] = max(sides[side], int(length))
    return found


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
                record = {"id": f"c{i}", "model": model,
                          "messages": [
                              {"role": "user", "content": text_of(words, False) or "nothing"},
                              {"role": "assistant", "content": text_of(words, True) or "nothing"}]}
                if "!" in words:
                    record["messages"].append({"role": "oracle", "content": "nothing"})
                if user is not None:
                    record["user"] = f"u{user}"
                if month is not None:
                    record["created"] = f"2024-{month:02}-03T00:00:00Z"
                file.write(json.dumps(record) + "\n")
        os.makedirs(os.path.join(folder, "works"), exist_ok=True)
        for work in WORKS:
            with open(os.path.join(folder, "works", f"{work}.txt"), "w", encoding="utf-8") as file:
                file.write(run_of(work, WORK_WORDS))
        with open(os.path.join(folder, "topics.json"), "w", encoding="utf-8") as file:
            json.dump({"proffer_taxonomy": 1, "title": "T", "assign": "all", "groups": [
                {"name": "G", "topics": [{"name": w, "term": w} for w in "ab"]}]}, file)

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


# ---- attacks by name ----

def conversations(count=100, **words):
    """One of each user: {"a": range(0, 40)} says that these users say a."""
    said = {}
    for word, users in words.items():
        for user in users:
            said.setdefault(user, []).append(word)
    return [(user, 1, "m", sorted(said.get(user, []))) for user in range(count)]


def terms(name, *asked):
    return {"id": name, "kind": "terms", "terms": list(asked)}


def overlap(least, *bins):
    return {"id": "o", "kind": "overlap", "works": ["works"], "min_words": least, "bins": bins}


def options(*asked):
    return {"id": "options", "kind": "proposals", "options": [
        {"id": f"O{i}", "query": "all", "terms": names} for i, names in enumerate(asked)]}


def attack(title, logs, reports, few):
    """REPORTS: queries of each, and what a reader needs of it, as (table, term) or (table, column,
    keys); all of that is shown just where not FEW."""
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        Logs(logs).write(folder)
        for queries, needed in reports:
            report, said = report_of(folder, plan_of(queries))
            if report is None:
                return check(False, title, said)
            for table, *where in needed:
                shown.append(figure(report, table, where[0], **where[1]) if where[1:]
                             else figure(report, table, term=where[0]))
    return check((None in shown) == few, title, shown)


def attacks():
    for few, a, b in [(True, range(0, 43), range(40, 80)), (False, range(0, 50), range(40, 80))]:
        how = "few" if few else "many"
        logs = conversations(a=a, b=b)
        one, two = ("q", "T1"), ("r", "T1")
        attack(f"{how} in both, one report of three queries", logs,
               [([terms("q", "a"), terms("r", "b"), terms("s", "a OR b")],
                 [one, two, ("s", "T1")])], few)
        # Who has a topic is everyone but who has none: added up, the terms count who has both twice.
        topics = {"id": "t", "kind": "topics", "taxonomy": "topics.json"}
        none = ("t", "conversations", {"topic": "none of these"})
        attack(f"{how} in both of two topics, told as terms before", logs,
               [([terms("q", "a"), terms("r", "b")], [one, two]), ([topics], [none])], few)
        attack(f"{how} in both of two topics, told as terms in the same report", logs,
               [([topics, terms("q", "a"), terms("r", "b")], [one, two, none])], few)
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
            january, _ = report_of(folder, plan_of([terms("q", "a")], population={"to": "2024-01-31"}))
            both, said = report_of(folder, plan_of([terms("q", "a")]))
            # The population's own number is what January's report says of it and of what is later.
            shown = said if both is None else figure(both, "q", term="T1")
            check(figure(january, "q", term="T1") == 80 and shown == (None if few else 100),
                  f"{how} users more conversations, no user more", shown)


def within(column, logs, users, queries, place):
    """A word said by all but few or many of the USERS of whom PLACE tells: in one report with the
    QUERIES that tell it, and in a report after them."""
    for few, rest in [(True, 3), (False, 12)]:
        how = "few" if few else "many"
        said = [(user, month, model, words + ["d"] * (user in users[rest:]))
                for user, month, model, words in logs]
        own = terms("own", "d")
        attack(f"{column}: {how} more than a term, one report", said,
               [(queries + [own], [place, ("own", "T1")])], few)
        attack(f"{column}: {how} more than a term, two reports", said,
               [(queries, [place]), ([own], [("own", "T1")])], few)


def columns():
    """The further columns of terms, rows of runs and works, and of completeness."""
    # All that is left of two sets or three is none or of ten users: five can be taken for fewer.
    logs = conversations(220, a=range(120), b=[*range(60, 100), *range(120, 150)],
                         c=[*range(90, 120), *range(140, 170)], e=[*range(50, 70), *range(170, 190)])
    within("unique_conversations", logs, range(60), [terms("q", "a", "b", "c")],
           ("q", "unique_conversations", {"term": "T1"}))
    within("added_conversations", logs, range(60), [terms("q", "b", "c", "a", "e")],
           ("q", "added_conversations", {"term": "T3"}))
    sides = [["a"], [">a"], ["a", ">a"], []]
    logs = [(user, 1, "m", sides[min(user // 30, 3)]) for user in range(110)]
    for column, users in [("prompt_only", range(30)), ("output_only", range(30, 60))]:
        within(column, logs, users, [terms("q", "a")], ("q", column, {"term": "T1"}))
    # Of three works and bins, so that no two other figures make up one of these.
    prompts = [None] * 25 + [9] * 10 + [8] * 6 + [6] * 5 + [9] * 7 + [6] * 7
    outputs = [9] * 10 + [8] * 10 + [6] * 5 + [9] * 10 + [8] * 6 + [6] * 5 + [None] * 7 + [8] * 7
    of_one = [[f"{work}:{p}"] * (p is not None) + [f">{work}:{o}"] * (o is not None)
              for work in WORKS for p, o in zip(2 * prompts, 2 * outputs)]
    runs = [(user, 1, "m", words) for user, words in enumerate(of_one + [[]] * 40)]

    def users_of(test, works=WORKS):
        return [user for user, _, _, words in runs
                if any(test(sides_of(words, 5).get(work, [0, 0, 0])) for work in works)]
    for side, words, test in [("outputs, model-originated", "any run", lambda s: s[2]),
                              ("outputs, prompt-supplied", "any run", lambda s: s[1]),
                              ("prompts", "9 or more", lambda s: s[0] >= 9),
                              ("anywhere", "7 to 8", lambda s: 7 <= max(s) < 9)]:
        within(f"{side}, {words}", runs, users_of(test), [overlap(5, 7, 9)],
               ("o", "conversations", {"side": side, "words": words}))
    for few, rest in [(True, 3), (False, 12)]:
        without = [user for user in range(400) if user not in users_of(lambda s: s[0])][rest:]
        models = {user: "mn"[user % 2] for user in without}
        attack(f"{'few' if few else 'many'} more without a run in prompts than two models have",
               [(user, month, models.get(user, "xyz"[user % 3]), words)
                for user, month, _, words in runs],
               [([overlap(5, 7, 9), {"id": "models", "kind": "count", "by": ["model"]}],
                 [("o", "conversations", {"side": "prompts", "words": "no run"})] +
                 [("models", "conversations", {"model": model}) for model in "mn"])], few)
    for column, test in [("conversations", any), ("prompts", lambda s: s[0]),
                         ("supplied", lambda s: s[1]), ("originated", lambda s: s[2]),
                         ("at_least_7", lambda s: max(s) >= 7),
                         ("at_least_9", lambda s: max(s) >= 9)]:
        within(f"a work's {column}", runs, users_of(test, "v"), [overlap(5, 7, 9)],
               ("o.works", column, {"work": "v.txt"}))
    odd = [(user, None if user < 30 else 1, "m", ["!"] * (user > 50)) for user in range(100)]
    for reason, users in [("without a time", range(30)),
                          ("with messages of an unknown role, read as tool turns", range(51, 100))]:
        within(reason, odd, users, [], ("completeness", "records", {"reason": reason}))


def columns_of_two_reports():
    for few, more in [(True, 3), (False, 12)]:
        how = "few" if few else "many"
        # a and c without b are FEW; all that a and c share is not.
        logs = conversations(a=range(60), b=range(30, 70), c=range(30 - more, 45))
        place = ("q", "unique_conversations", {"term": "T1"})
        attack(f"{how} that a third term has of what one had alone", logs,
               [([terms("q", "a", "b")], [place]), ([terms("q", "a", "b", "c")], [place])], few)
        attack(f"{how} of them, in one report", logs,
               [([terms("q", "a", "b"), terms("r", "a", "b", "c")],
                 [place, ("r", "unique_conversations", {"term": "T1"})])], few)
        # Runs of eight words of one work by FEW, of the other one by many.
        runs = [(user, 1, "m", ["v:8" if user < more else "v:11"] if user < 40 else
                 ["w:8" if user < 60 else "w:11"] if user < 80 else []) for user in range(100)]
        work = ("o.works", "conversations", {"work": "v.txt"})
        attack(f"{how} shorter runs of one work, two reports", runs,
               [([overlap(8)], [work]), ([overlap(10)], [work])], few)
        # The same by side.
        runs = [(user, 1, "m", ["v:8" if user < more else "v:11"] if user < 40 else
                 [">v:8" if user < 60 else ">v:11"] if user < 80 else []) for user in range(100)]
        side = ("o", "conversations", {"side": "prompts", "words": "any run"})
        attack(f"{how} shorter runs in prompts, two reports", runs,
               [([overlap(8)], [side]), ([overlap(10)], [side])], few)
        # A bin begins a word later.
        runs = [(user, 1, "m", ["v:10" if user < more else "v:12"] if user < 40 else
                ["v:7"] if user < 80 else []) for user in range(100)]
        attack(f"{how} runs in a bin that begins later, two reports", runs,
               [([overlap(5, 10)], [("o", "conversations", {"side": "anywhere",
                                                            "words": "10 or more"})]),
                ([overlap(5, 11)], [("o", "conversations", {"side": "anywhere",
                                                            "words": "11 or more"})])], few)


# ---- random logs ----

WORDS = "abcdefg"


def random_logs(rng):
    """Words of which some are said by nearly all users, and some by one half or the other."""
    users = rng.randrange(30, 60)
    share = {w: rng.choice([0.1, 0.3, 0.6, 0.9]) for w in WORDS}
    half = {w: rng.choice([None, None, 0, 1]) for w in WORDS}
    runs = {w: rng.choice([0, 0.2, 0.5, 0.9]) for w in WORKS}
    items = []
    for user in range(users):
        for _ in range(1 if rng.random() < 0.7 else rng.randrange(1, 4)):
            said = [w for w in WORDS if rng.random() < share[w] and
                    (half[w] is None or half[w] == user % 2 or rng.random() < 0.05)]
            said = [side + w for w in said for side in rng.choice([("",), ("",), (">",), ("", ">")])]
            said += [f"{side}{w}:{length}" for w in WORKS if rng.random() < runs[w]
                     for length in [rng.choice([6, 8, 8, 10, 12])]
                     for side in rng.choice([("",), (">",), ("", ">")])]
            who = None if rng.random() < 0.02 else user
            items.append((who, rng.choice([1, 1, 2]), rng.choice("mmn"), said))
    return Logs(items)


def random_term(rng):
    a, b, c = rng.sample(WORDS, 3)
    return rng.choice([a, a, f"{a} OR {b}", f"{a} OR {b}", f"{a} AND {b}", f"{a} AND NOT {b}",
                       f"{a} OR {b} OR {c}", f"({a} OR {b}) AND NOT {c}"])


def holds(term, words):
    python = term.replace("AND", "and").replace("OR", "or").replace("NOT", "not")
    return eval(python, {}, {w: w in words or ">" + w in words for w in WORDS})


def on_one_side(term, words, output):
    """Whether nothing that the term looks for stands on the other side."""
    wanted = [w for w in WORDS if w in term.split(" AND NOT ")[0]]
    return holds(term, words) and not any((w if output else ">" + w) in words for w in wanted)


def random_plan(rng):
    queries = [terms(f"q{i}", *{random_term(rng) for _ in range(rng.randrange(1, 4))})
               for i in range(rng.randrange(2, 5))]
    if rng.random() < 0.5:
        queries.append({"id": "months", "kind": "count", "by": ["month"]})
    if rng.random() < 0.5:
        queries.append({"id": "models", "kind": "count", "by": ["model"]})
    if rng.random() < 0.4:
        queries[0]["by"] = ["month"]
    if rng.random() < 0.6:
        queries.append(overlap(rng.choice([5, 5, 7, 9]),
                               *sorted(rng.sample([10, 11, 12], rng.randrange(0, 3)))))
    more = {}
    if rng.random() < 0.3:
        more["population"] = {"exclude": [{"field": "model", "in": ["n"]}]}
    return plan_of(queries, **more)


def shown_of(logs, rows, table, row, columns=("conversations", "users")):
    """Which figures of ROWS the row shows in these columns, which must be right."""
    shown = {}
    for name, column in zip(("conversations", "users"), columns):
        withheld = not is_shown(row, column)
        if withheld or row.get(column) is not None:
            shown[name] = not withheld
            expected = rows.bit_count()
            if name == "users":
                known, unknown = logs.users(rows)
                expected = known.bit_count() + unknown.bit_count()
            if shown[name] and row[column] != expected:
                raise AssertionError((table["id"], column, row, expected))
    return shown


def columns_of(logs, population, query, table):
    """The same of the further columns of a table of terms."""
    hits = {f"T{i + 1}": population & logs.where(lambda u, mo, md, w, t=t: holds(t, w))
            for i, t in enumerate(query["terms"])}
    earlier = 0
    for row in table["rows"][:len(hits)]:
        name, term = row["term"], query["terms"][int(row["term"][1:]) - 1]
        others = 0
        for other in hits:
            others |= hits[other] if other != name else 0
        sides = [population & logs.where(lambda u, mo, md, w, o=o: on_one_side(term, w, o))
                 for o in (False, True)]
        for column, rows in [("unique_conversations", hits[name] & ~others),
                             ("added_conversations", hits[name] & ~earlier),
                             ("prompt_only", sides[0]), ("output_only", sides[1])]:
            yield rows, shown_of(logs, rows, table, row, [column]), False
        earlier |= hits[name]


def rows_of_overlap(logs, population, query, table):
    """The same of an overlap report."""
    least, views = query["min_words"], ["prompts", "outputs, prompt-supplied",
                                        "outputs, model-originated"]
    if table["id"].endswith(".works"):
        for row in table["rows"]:
            work = row["work"][0]
            for column in row:
                test = {"conversations": any, "prompts": lambda s: s[0], "supplied": lambda s: s[1],
                        "originated": lambda s: s[2]}.get(column)
                if column.startswith("at_least_"):
                    test = lambda s, n=int(column[9:]): max(s) >= n
                if test:
                    rows = population & logs.where(
                        lambda u, mo, md, w: test(sides_of(w, least).get(work, [0, 0, 0])))
                    columns = [column] + ["users"] * (column == "conversations")
                    yield rows, shown_of(logs, rows, table, row, columns), False
    elif table["id"] == query["id"]:
        for row in table["rows"][:-1]:
            view = views.index(row["side"]) if row["side"] in views else None
            first, _, last = row["words"].partition(" ")
            low, high = ((1, 1000) if first == "any" else (0, 0) if first == "no" else
                         (int(first), int(last[3:]) if last[:3] == "to " else
                          1000 if last else int(first)))

            def length(words):
                return max([0] + [n for sides in sides_of(words, least).values()
                                  for n in (sides if view is None else [sides[view]])])
            rows = population & logs.where(lambda u, mo, md, w: low <= length(w) <= high)
            # Users without a run are not compared (told_overlap.h).
            columns = ["conversations"] + ["users"] * (first != "no")
            yield rows, shown_of(logs, rows, table, row, columns), False


def rows_of(logs, asked, report):
    """(rows of the logs, figures shown) of each row of the report that is a set."""
    model_out = "n" if "population" in asked else ""
    population = logs.where(lambda user, month, model, words: model != model_out)
    yield population, {"conversations": True, "users": True}, True
    queries = {q["id"]: q for q in asked["queries"]}
    for table in report["tables"]:
        query = queries[table["id"].split(".")[0]]
        if query["kind"] == "overlap":
            yield from rows_of_overlap(logs, population, query, table)
            continue
        if table["id"] == query["id"] and query["kind"] == "terms":
            yield from columns_of(logs, population, query, table)
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
            yield rows, shown_of(logs, rows, table, row), False


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
            report, said = report_of(folder, asked)
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
                    if column == "users" and population:
                        before[column][rows] = name
                    elif rows not in before[column]:
                        new[column].add(rows)
            for column in new:
                new[column] -= set(before[column])
            found += leaks(logs, told["conversations"], new["conversations"])
            found += user_leaks(logs, told["users"], new["users"])
    return found, count


def main():
    attacks()
    columns()
    columns_of_two_reports()
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
