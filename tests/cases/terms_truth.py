#!/usr/bin/env python3
"""Every figure of a search term report, at turn, exchange and conversation, equals a slow count that
shares nothing with the program: terms are made as trees, written down, and evaluated over lists of
words. Also the union, the null set, and pairs. Prints TAP."""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

from check import PROFFER, check, finish

SHORT = os.environ.get("SHORT")
NOISE = ("the", "of")
SIDES = {"user": "prompt", "assistant": "output", "system": "system", "tool": "tool"}
WORDS = ["apple", "pear", "plum", "apples", "the", "of", "12", "15", "cherry", "fig", "lime"]
RARE = ["saffron", "sorrel", "mint"]


# ---- terms as trees: (kind, ...) ----

def write(node):
    """A tree as a term."""
    kind = node[0]
    if kind == "words":
        words = [w if isinstance(w, str) else f"{w[0]}~~{w[1]}" for w in node[1]]
        special = [w in ("xfirstword", "xlastword") for w in words]
        return " ".join(words) if any(special) or len(words) == 1 else '"' + " ".join(words) + '"'
    if kind in ("w", "pre", "not w"):
        return f"({write(node[2])} {kind}/{node[1]} {write(node[3])})"
    if kind == "contains":
        return f"contains({node[1]}, {write(node[2])})"
    if kind == "not":
        return f"(NOT {write(node[1])})"
    return "(" + f" {kind.upper()} ".join(write(n) for n in node[1]) + ")"


def fits(item, turn, at, in_phrase):
    """Does a leaf stand at a position? Words have positions 1 to n; 0 and n + 1 are virtual."""
    n = len(turn["words"])
    if item == "xfirstword":
        return at == 0
    if item == "xlastword":
        return at == n + 1
    if not 1 <= at <= n:
        return False
    word = turn["words"][at - 1]
    if not isinstance(item, str):
        return word.isdigit() and item[0] <= int(word) <= item[1]
    if in_phrase and item in NOISE:
        return True
    pattern = "".join({"*": ".*", "?": ".", "=": "[0-9]"}.get(c, re.escape(c)) for c in item)
    return re.fullmatch(pattern, word) is not None


def places(node, turns, within=None):
    """Hits of a tree without AND and NOT: (turn, first, last)."""
    kind = node[0]
    if kind == "words":
        found = set()
        for t, turn in enumerate(turns):
            if within and turn["side"] != within:
                continue
            for at in range(len(turn["words"]) + 2):
                if all(fits(item, turn, at + i, len(node[1]) > 1) for i, item in enumerate(node[1])):
                    found.add((t, at, at + len(node[1]) - 1))
        return found
    if kind == "contains":
        return places(node[2], turns, node[1]) if within in (None, node[1]) else set()
    if kind == "or":
        return set().union(*(places(n, turns, within) for n in node[1]))
    found, (a, b) = set(), (places(n, turns, within) for n in node[2:])
    for x in a:
        near = False
        for y in b:
            if x[0] != y[0]:
                continue
            gap = y[1] - x[2] if x[2] < y[1] else x[1] - y[2] if y[2] < x[1] else 0
            near |= gap <= node[1]
            if kind != "not w" and 0 < gap <= node[1] and (kind == "w" or x[2] < y[1]):
                found.add((x[0], min(x[1], y[1]), max(x[2], y[2])))
        if kind == "not w" and not near:
            found.add(x)
    return found


def is_positional(node):
    if node[0] in ("and", "not"):
        return False
    if node[0] == "or":
        return all(is_positional(n) for n in node[1])
    if node[0] == "words":
        return True
    return all(is_positional(n) for n in node[2:])


def spread(node):
    """AND taken out of a proximity's side, by the definition (a AND b) w/N c."""
    if node[0] in ("w", "pre", "not w"):
        for side in (2, 3):
            if node[side][0] == "and":
                parts = [tuple(part if i == side else x for i, x in enumerate(node))
                         for part in node[side][1]]
                return ("and", parts)
    return node


def hit_turns(node, turns):
    """The turns that a positional tree hits, worked out once a conversation."""
    known = turns[0].setdefault("known", {})
    key = write(node)
    if key not in known:
        known[key] = {p[0] for p in places(node, turns)}
    return known[key]


def holds(node, turns, span):
    node = spread(node)
    if node[0] == "not":
        return not holds(node[1], turns, span)
    if node[0] in ("and", "or") and not is_positional(node):
        return (all if node[0] == "and" else any)(holds(n, turns, span) for n in node[1])
    return any(t in span for t in hit_turns(node, turns))


def positive(node, turns):
    """Hits of the parts that are not under NOT."""
    node = spread(node)
    if node[0] == "not":
        return set()
    if node[0] in ("and", "or") and not is_positional(node):
        return set().union(*(positive(n, turns) for n in node[1]))
    return places(node, turns)


def evaluate(node, conversation, within):
    turns = conversation["turns"]
    if within == "conversation":
        spans = [set(range(len(turns)))]
    elif within == "exchange":
        spans = [{t for t, turn in enumerate(turns) if turn["exchange"] == e}
                 for e in range(conversation["exchanges"])]
    else:
        spans = [{t} for t in range(len(turns))]
    good = [s for s in spans if holds(node, turns, s)]
    if not good:
        return None
    inside = set().union(*good)
    hits = {p for p in positive(node, turns) if p[0] in inside}
    maximal = [p for p in hits
               if not any(q != p and q[0] == p[0] and q[1] <= p[1] and q[2] >= p[2] for q in hits)]
    held = {p[0] for p in maximal}
    sides = {turns[t]["side"] for t in held}
    listed = held if within == "conversation" else inside
    return {"turns": len(held), "occurrences": len(maximal),
            "exchanges": {turns[t]["exchange"] for t in listed},
            "prompt_only": sides == {"prompt"}, "output_only": sides == {"output"}}


# ---- random logs and terms ----

def make_conversations(rng, count):
    conversations = []
    for i in range(count):
        turns, exchange, answered = [], -1, False
        for _ in range(rng.randrange(1, 8)):
            role = rng.choice(["user", "assistant", "user", "assistant", "system", "tool"])
            if exchange < 0 or (role == "user" and answered):
                exchange, answered = exchange + 1, False
            answered |= role == "assistant"
            words = [rng.choice(WORDS if rng.random() < .9 else RARE)
                     for _ in range(rng.randrange(0, 9))]
            turns.append({"role": role, "side": SIDES[role], "words": words, "exchange": exchange})
        conversations.append({"id": f"c{i}", "user": rng.choice(["u1", "u2", "u3", "u4", None]),
                              "turns": turns, "exchanges": exchange + 1,
                              "language": rng.choice(["en", "de"])})
    return conversations


def text_of(rng, words):
    if not words:
        return "..."  # a turn without words; one without text is no turn
    return "".join(rng.choice([w, w.title(), w.upper()]) + rng.choice([" ", ", ", ".\n", " - "])
                   for w in words)


def write_log(rng, path, conversations):
    with open(path, "w", encoding="utf-8") as out:
        for c in conversations:
            record = {"id": c["id"], "language": c["language"],
                      "messages": [{"role": t["role"], "content": text_of(rng, t["words"])}
                                   for t in c["turns"]]}
            if c["user"]:
                record["user"] = c["user"]
            out.write(json.dumps(record) + "\n")
            if c["id"].endswith("7"):
                out.write(json.dumps(record) + "\n")  # a duplicate


def make_positional(rng, depth):
    shape = rng.randrange(8) if depth else 0
    if shape < 3:
        leaves = WORDS + RARE + ["app*", "?ear", "1=", (10, 13), "*l*", "xfirstword", "xlastword"]
        return ("words", [rng.choice(leaves) for _ in range(rng.choice([1, 1, 1, 2, 3]))])
    if shape < 6:
        return (rng.choice(["w", "pre", "not w"]), rng.randrange(1, 5),
                make_positional(rng, depth - 1), make_positional(rng, depth - 1))
    if shape == 6:
        return ("or", [make_positional(rng, depth - 1) for _ in range(2)])
    return ("contains", rng.choice(list(SIDES.values())), make_positional(rng, depth - 1))


def make_term(rng, depth):
    shape = rng.randrange(6) if depth else 0
    if shape < 2:
        return make_positional(rng, depth)
    if shape == 2:
        return ("not", make_term(rng, depth - 1))
    if shape == 3:
        return (rng.choice(["w", "pre"]), 3, ("and", [make_positional(rng, 1) for _ in range(2)]),
                make_positional(rng, 1))
    return (rng.choice(["and", "or"]), [make_term(rng, depth - 1) for _ in range(2)])


# ---- the report's rows, slowly ----

def users_of(rows):
    """Each unknown user is one."""
    known = {c["user"] for c in rows if c["user"]}
    return len(known) + sum(not c["user"] for c in rows)


def expected_table(terms, conversations, within):
    found = [[evaluate(t, c, within) for c in conversations] for t in terms]
    rows, seen = [], set()
    for number, hits in enumerate(found):
        where = {i for i, hit in enumerate(hits) if hit}
        others = {i for n, other in enumerate(found) if n != number
                  for i, hit in enumerate(other) if hit}
        total = lambda name: sum(hits[i][name] for i in where)
        rows.append({"conversations": len(where), "turns": total("turns"),
                     "exchanges": sum(len(hits[i]["exchanges"]) for i in where),
                     "users": users_of([conversations[i] for i in where]),
                     "occurrences": total("occurrences"),
                     "unique_conversations": len(where - others),
                     "added_conversations": len(where - seen), "prompt_only": total("prompt_only"),
                     "output_only": total("output_only"),
                     "share": len(where) / len(conversations)})
        seen |= where
    exchanges = {(i, e) for hits in found for i, hit in enumerate(hits) if hit
                 for e in hit["exchanges"]}
    every = sum(c["exchanges"] for c in conversations)
    nowhere = [c for i, c in enumerate(conversations) if i not in seen]
    union = [conversations[i] for i in seen]
    for some, ex in ((union, len(exchanges)), (nowhere, every - len(exchanges)),
                     (conversations, every)):
        rows.append({"conversations": len(some), "exchanges": ex, "users": users_of(some),
                     "share": len(some) / len(conversations)})
    pairs = {}
    for a in range(len(terms)):
        for b in range(a + 1, len(terms)):
            both = sum(bool(x and y) for x, y in zip(found[a], found[b]))
            if both:
                pairs[(f"T{a + 1}", f"T{b + 1}")] = both
    return rows, pairs


def compare(within, table, pairs, terms, conversations):
    rows, expected_pairs = expected_table(terms, conversations, within)
    columns = ["term", "query", "parsed", "status", "conversations", "exchanges", "turns", "users",
               "occurrences", "unique_conversations", "added_conversations", "prompt_only",
               "output_only", "share", "warnings"]
    check([c["id"] for c in table["columns"]] == columns, f"{within}: the columns",
          table["columns"])
    names = [f"T{i + 1}" for i in range(len(terms))] + ["any term", "no term", "all conversations"]
    check([r["term"] for r in table["rows"]] == names, f"{within}: the rows")
    check([r["query"] for r in table["rows"]] == [write(t) for t in terms] + [None] * 3 and
          all(r["status"] == "ok" and r["parsed"] for r in table["rows"][:len(terms)]),
          f"{within}: terms as written and as read")
    for column in columns[4:-1]:
        wrong = [(r["query"], r[column], e.get(column)) for r, e in zip(table["rows"], rows)
                 if not (r[column] == e.get(column) or
                         (column == "share" and abs(r[column] - e[column]) < 1e-12))]
        check(not wrong, f"{within}: {column} of {len(terms)} terms", wrong)
    wrong = []
    for row, e in zip(table["rows"], rows[:len(terms)]):
        said = row["warnings"] or ""
        if ("no hits" in said) != (e["conversations"] == 0) or \
                ("over 5 %" in said) != (e["conversations"] * 20 > len(conversations)):
            wrong.append((row, e))
    check(not wrong, f"{within}: warnings of no hits and of more than 5 %", wrong)
    found = {(r["term"], r["other"]): r["conversations"] for r in pairs["rows"]}
    check(found == expected_pairs, f"{within}: {len(expected_pairs)} pairs",
          {k: (found.get(k), expected_pairs.get(k)) for k in found.keys() | expected_pairs.keys()
           if found.get(k) != expected_pairs.get(k)})
    check(any("have no row" in note for note in pairs["notes"]),
          f"{within}: what has no row among the pairs is told", pairs["notes"])


def main():
    rng = random.Random(41)
    folder = tempfile.mkdtemp()
    try:
        os.chdir(folder)
        conversations = make_conversations(rng, 80 if SHORT else 300)
        write_log(rng, "logs.jsonl", conversations)
        terms = [("words", ["saffron"]), ("words", ["the"]), ("words", ["nowhere"]),
                 ("words", ["apple", "of", "pear"]), ("not", ("words", ["apple"])),
                 ("not w", 2, ("words", ["apple"]), ("words", ["pear"]))]
        terms += [make_term(rng, 3) for _ in range(15 if SHORT else 60)]
        names = ("turn", "exchange", "conversation")
        plan = {"proffer": 1, "logs": {"paths": ["logs.jsonl"]}, "words": {"noise": list(NOISE)},
                "population": {"include": [{"field": "language", "in": ["en"]}]},
                "queries": [{"id": w, "kind": "terms", "within": w,
                             "terms": [write(t) for t in terms]} for w in names],
                "release": {"unit": "user", "min_users": 0, "noise": "none"},
                "report": {"dir": "out"}}
        with open("plan.json", "w", encoding="utf-8") as out:
            json.dump(plan, out)
        done = subprocess.run([PROFFER, "run", "--quiet", "plan.json"], capture_output=True,
                              text=True)
        check(done.returncode == 0, "the plan runs", done.stderr)
        with open("out/report.json", encoding="utf-8") as text:
            report = json.load(text)
        tables = {t["id"]: t for t in report["tables"]}
        population = [c for c in conversations if c["language"] == "en"]
        for within in names:
            compare(within, tables[within], tables[f"{within}.pairs"], terms, population)
        run = report["run"]
        check(run["term_language_version"] and run["noise_words"] == "the of" and
              run["further_word_characters"] == "none", "language, alphabet and noise words are told",
              run)
    finally:
        os.chdir("/")
        shutil.rmtree(folder)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
