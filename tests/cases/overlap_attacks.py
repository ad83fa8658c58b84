#!/usr/bin/env python3
"""What follows from an overlap report's own tables: works beside any work, views beside each other,
runs of so many words beside shorter ones. Each attack names figures from which a reader computes
how many conversations (exchanges, users) share one thing and not another. Where few users have
that, not all of these figures are shown; where many have, all are. Prints TAP."""
import json
import os
import sys
import tempfile

from check import check, finish
from reports import plan_of, report_of, rows_of, value

WORKS = 40
EVERYTHING = 300  # users


def text(work, words):
    return " ".join(f"w{work}x{i}" for i in range(words))


def write(folder, shares):
    """Logs in which a user has a conversation for each of shares[user]: lists of (role, work,
    words), each an exchange of its own; and of all users one that shares nothing."""
    os.mkdir(os.path.join(folder, "works"))
    for work in range(WORKS):
        with open(os.path.join(folder, "works", f"work-{work}.txt"), "w", encoding="utf-8") as out:
            out.write(text(work, 120))
    with open(os.path.join(folder, "logs.jsonl"), "w", encoding="utf-8") as out:
        for user in range(EVERYTHING):
            for number, conversation in enumerate([[]] + shares.get(user, [])):
                messages = []
                for role, work, words in conversation or [("user", 0, 0)]:
                    turn = {"role": role, "content": text(work, words) if words else "nothing"}
                    other = {"role": "user", "content": "so"}
                    messages += [other, turn] if role == "assistant" else [turn]
                    if role == "user":
                        messages.append({"role": "assistant", "content": "well"})
                out.write(json.dumps({"id": f"c{user}-{number}", "user": f"u{user}",
                                      "messages": messages}) + "\n")


def run(folder):
    return report_of(folder, plan_of(
        [{"id": "o", "kind": "overlap", "works": ["works"], "bins": [25, 50]}], ledger=False))


def figure(report, table, row, column):
    """The number, or None where it is withheld."""
    side, _, words = row.partition("/")
    for one in rows_of(report, table):
        if (one["work"] == f"work-{row}.txt") if table == "o.works" else \
                (one["side"] == side and one["words"] == words):
            return value(one, column)
    return 0 # a work that nothing is found of


ANY = ("o", "anywhere/any run")
PROMPTS = ("o", "prompts/any run")
ORIGINATED = ("o", "outputs, model-originated/any run")


def work(number, column="conversations"):
    return ("o.works", str(number), column)


def conversations(*sets):
    """SETS of (users, role, work, words): one conversation a user with all of its shares."""
    shares = {}
    for users, *share in sets:
        for user in users:
            shares.setdefault(user, []).append(tuple(share))
    return {user: [own] for user, own in shares.items()}


def attack(title, shares, needed, few):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, shares)
        report, said = run(folder)
    if report is None:
        return check(False, title, said)
    shown = [figure(report, *(one if len(one) == 3 else one + ("conversations",))) for one in needed]
    return check((None in shown) == few, title, shown)


def main():
    for few, some in ((True, 3), (False, 40)):
        how = "few" if few else "many"
        rest = range(60, 60 + some)
        a = (range(60), "assistant", 0, 30)
        for column in ("conversations", "exchanges", "users"):
            attack(f"{how} with any work but one: {column}",
                   conversations(a, (range(20), "assistant", 1, 30), (rest, "assistant", 1, 30)),
                   [ANY + (column,), work(0, column)], few)
            attack(f"{how} with both of two works: {column}",
                   conversations(a, (range(60 - some, 120), "user", 1, 30)),
                   [ANY + (column,), work(0, column), work(1, column)], few)
            attack(f"{how} in outputs and not in prompts: {column}",
                   conversations((range(60), "user", 0, 30), (rest, "assistant", 1, 30)),
                   [ANY + (column,), PROMPTS + (column,)], few)
            attack(f"{how} in prompts and in outputs: {column}",
                   conversations((range(60), "user", 0, 30), (range(60 - some, 120), "assistant",
                                                              1, 30)),
                   [ANY + (column,), PROMPTS + (column,), ORIGINATED + (column,)], few)
        attack(f"{how} with several of three works, which add up but for them",
               conversations(a, (range(60 - some, 110), "user", 1, 30),
                             (range(110, 150), "user", 2, 30)),
               [ANY, work(0), work(1), work(2)], few)
        attack(f"{how} with shorter runs of one work",
               conversations(a, (rest, "assistant", 0, 15), (range(100, 150), "user", 1, 60)),
               [work(0), work(0, "at_least_25")], few)
        attack(f"{how} with longer runs of one work and not of the other",
               conversations(a, (rest, "assistant", 1, 30), (range(100, 150), "user", 1, 15)),
               [("o", "anywhere/12 to 24"), ANY, work(0, "at_least_25")], few)
        attack(f"{how} with one work in prompts alone",
               conversations(a, (rest, "user", 0, 30), (range(100, 150), "user", 1, 30)),
               [work(0), work(0, "originated")], few)
        attack(f"{how} with the only work, by its runs",
               conversations(a, (rest, "assistant", 0, 15)),
               [ANY, work(0, "at_least_25")], few)
        attack(f"{how} with another work in prompts",
               conversations((range(60), "user", 0, 30), (rest, "user", 1, 30),
                             (range(20), "user", 1, 30)),
               [PROMPTS, work(0, "prompts")], few)
        attack(f"{how} with another work that the model gave of itself",
               conversations(a, (rest, "assistant", 1, 30), (range(20), "assistant", 1, 30)),
               [ORIGINATED, work(0, "originated")], few)
        # More works than are tied one by one (queries/overlap_unions.h).
        one_each = [(range(7 * w, 7 * w + 7), "assistant", w, 30) for w in range(40)]
        attack(f"{how} with several of many works, which add up but for them",
               conversations(*one_each, (range(some), "assistant", 39, 30)),
               [ANY] + [work(w) for w in range(40)], few)
        attack(f"{how} with any of many works but one",
               conversations(*one_each[1:], (range(some, 280), "user", 0, 30),
                             (range(7), "assistant", 1, 30)),
               [ANY, work(0)], few)
        attack(f"{how} with any work but one, and works of few users besides",
               conversations(a, (rest, "assistant", 1, 30), (range(20), "assistant", 1, 30),
                             (range(3), "assistant", 2, 30), (range(4), "assistant", 3, 30)),
               [ANY, work(0)], few)
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
