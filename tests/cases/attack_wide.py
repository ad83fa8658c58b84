#!/usr/bin/env python3
"""The attacker of attack.py over what its series never ask: counts by weekdays and years; populations
of users, weekdays, quarters and years; words in prompts and outputs, with columns of what is in one
only; runs by side; numbers of users and exchanges that bound those of conversations; what completeness says of
filters; windows that slide, grow or come late; reports of other min_users. All figures of a series are put together with
--open. Prints TAP.

    attack_wide.py [--seeds FROM TO] [--open] [--grown] [--why] [--dims NAME,...]"""
import argparse
import datetime
import itertools
import json
import random
import re
import sys

import attack
from check import check, finish
from reports import MIN

DIMENSIONS = {"dates", "users", "sides", "windows", "completeness", "least", "columns", "given"}
# Rules of few conversations, of which some are known to follow.
MORE_DIMENSIONS = {"conversations"}
DAYNAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
KINDS = attack.KINDS
plain = {name: getattr(attack, name) for name in
         ("random_by", "random_world", "random_logs", "label_of", "add_filter", "passes", "holds",
          "random_expression", "mutate", "random_population")}


def date_value(field, day):
    """The value of a field made of a conversation's day."""
    date = datetime.date.fromisoformat(day)
    return {"day": day, "month": day[:7], "year": day[:4], "weekday": DAYNAMES[date.weekday()],
            "quarter": f"{day[:4]}-Q{(date.month + 2) // 3}"}[field]


# Days between which periods of random plans begin and end.
SPANS = ["2024-01-01", "2024-01-20", "2024-02-01", "2024-02-21", "2024-03-01", "2024-04-01"]


def other_days(days):
    """A day of each weekday of DAYS in each span, since a reader must think of these, too."""
    found = []
    for start in SPANS:
        first = datetime.date.fromisoformat(start)
        week = {DAYNAMES[d.weekday()]: d.isoformat() for d in (first + datetime.timedelta(i) for i in range(7))}
        found += [week[name] for name in sorted({date_value("weekday", d) for d in days})]
    return [d for d in found if d not in days and d not in attack.MORE["day"]]


def size_of(used, more):
    size = 1
    for name, values in used.items():
        size *= len(values) + len(more.get(name, []))
    return size


# Of runs that prompts give: none (the output has it), prompts alone, outputs too; and, of which a reader
# must think, others in outputs beside them.
SIDES = {"prompts": (1, 2, 3, 4), "outputs, prompt-supplied": (2, 4),
         "outputs, model-originated": (0, 3, 4)}


class Columns(attack.Attack):
    """One who knows, too, that there are no more users than conversations, nor fewer exchanges."""

    def __init__(self, logs, facts):
        super().__init__(logs, facts)
        for fact in facts:
            if fact.value is not None and fact.column in ("users", "exchanges"):
                users = fact.column == "users"
                if users:
                    self.program.row(self.members(fact.atoms), fact.value, None)
                else:
                    self.program.row(self.inside(fact.atoms), None, fact.value)

    def inside(self, atoms):
        """Classes that are of these atoms alone."""
        return [i for i, c in enumerate(self.classes) if not c & ~atoms]


class Wide:
    """The functions of attack.py that random series are made of, with the dimensions named."""

    def __init__(self, dims):
        self.dims = dims
        for name in plain:
            setattr(attack, name, getattr(self, name))
        attack.Logs.record = self.record(attack.Logs.record)
        attack.Reading.read_terms = self.read_terms(attack.Reading.read_terms)
        attack.Reading.read_overlap = self.read_overlap
        attack.Reading.read_overlap_works = self.read_overlap_works(attack.Reading.read_overlap_works)
        attack.program = self.program(attack.program)
        attack.Reading.read = self.read(attack.Reading.read)
        if "columns" in dims:
            attack.Attack = Columns
        attack.Attack.judge = self.judge(attack.Attack.judge)

    # ---- logs ----

    def random_world(self, rng, batches):
        world = plain["random_world"](rng, batches)
        used = dict(world.used)
        size = len(world.atoms)
        if "sides" in self.dims:
            for name in [n for n in used if n.startswith("word ")][:2]:
                if size * 2 <= 3000 and rng.random() < 0.7:
                    used[name], size = [0, 1, 2, 3], size * 2
        if "given" in self.dims and size * 3 <= 4500 and any(n.startswith("runs") for n in used):
            used["given"], size = [0, 1, 2], size * 3
        if "users" in self.dims and size * 3 <= 4500 and rng.random() < 0.6:
            used = {"who": [0, 1, 2], **used}
        more = dict(attack.MORE, given=[3, 4])
        self.conversations = 12 if "conversations" in self.dims and rng.random() < 0.2 else 0
        self.weekdays = "dates" in self.dims and "day" in used and rng.random() < 0.5
        if self.weekdays:
            more["day"] = more["day"] + other_days(used["day"])
        names = [n for n in used if n not in ("day", "batch")]
        while size_of(used, more) > 6000 and names:
            del used[names.pop()]
        return attack.World(used, more)

    def random_logs(self, rng, world):
        logs = plain["random_logs"](rng, world)
        if "who" in world.dims:
            at = world.place["who"]
            for i, (user, atom, n) in enumerate(logs.items):
                values = list(world.atoms[atom])
                values[at] = 0 if user is None else 1 + (user % 7 == 1) if user % 3 else 0
                logs.items[i] = (user, world.index[tuple(values)], n)
        return logs

    def record(self, make):
        def of(logs, number):
            record = make(logs, number)
            has = dict(zip(logs.world.names, logs.world.atoms[logs.items[number][1]]))
            prompt, output = record["messages"][0], record["messages"][1]
            if has.get("given") and output["content"] != "y":
                prompt["content"] += " and " + output["content"]
                if has["given"] == 1:
                    output["content"] = "y"
            for word in attack.WORDS:
                side = has.get(f"word {word}")
                if side in (2, 3):
                    output["content"] = f"w{word} " + output["content"]
                if side == 2:
                    prompt["content"] = " ".join(w for w in prompt["content"].split()
                                                 if w != "w" + word) or "x"
            return record
        return of

    # ---- plans ----

    def random_by(self, rng, world, most, times=True):
        fields = plain["random_by"](rng, world, most, times)
        if "dates" in self.dims and times and "day" in world.dims and rng.random() < 0.5:
            more = [f for f in ("weekday", "year", "month", "quarter")
                    if f not in fields and (self.weekdays or f != "weekday")]
            extra = rng.choice(more)
            fields = (fields + [extra])[-most:] if rng.random() < 0.6 else [extra]
        return fields

    def random_expression(self, rng, words):
        if "sides" in self.dims and rng.random() < 0.4:
            side, word = rng.choice(["prompt", "output"]), rng.choice(words)
            other = rng.choice(words)
            return rng.choice([f"contains({side}, w{word})"] * 3 +
                              [f"w{other} AND contains({side}, w{word})",
                               f"w{word} AND NOT contains({side}, w{word})"])
        return plain["random_expression"](rng, words)

    def holds(self, expression, has):
        def side(match):
            value = has.get(f"word {match.group(2)}", 0)
            return str(value in ((1, 3) if match.group(1) == "prompt" else (2, 3)))
        return plain["holds"](re.sub(r"contains\((\w+), w(\w)\)", side, expression), has)

    def add_filter(self, rng, world, population):
        can = []
        if "dates" in self.dims and "day" in world.dims:
            can += ["quarter", "year"] + ["weekday"] * self.weekdays
        if "users" in self.dims and "who" in world.dims:
            can += ["user"] * 3
        if not can or rng.random() < 0.3:
            plain["add_filter"](rng, world, population)
            return
        field = rng.choice(can)
        if field == "user":
            which = rng.choice([1, 2])
            values = [f"u{u}" for u in range(100) if which == (1 + (u % 7 == 1) if u % 3 else 0)]
        else:
            values = sorted({date_value(field, d) for d in world.used["day"]})
            values = sorted(rng.sample(values, rng.choice([1, min(2, len(values))])))
        population.setdefault(rng.choice(["include", "exclude"]), []).append({"field": field, "in": values})

    def passes(self, has, population):
        for key in ("include", "exclude"):
            for one in population.get(key, []):
                if self.matches(has, one) != (key == "include"):
                    return False
        return True

    @staticmethod
    def matches(has, one):
        field = one["field"]
        if field == "user":
            who = 1 + (int(one["in"][0][1:]) % 7 == 1)
            return has["who"] == who
        if field in ("weekday", "quarter", "year", "month"):
            return date_value(field, has.get("day", attack.DAYS[0])) in one["in"]
        return has.get(field, {"model": "m", "country": "US"}[field]) in one["in"]

    def random_population(self, rng, world, kinds):
        return plain["random_population"](rng, world, kinds)

    def mutate(self, rng, world, plan, files, kinds):
        if "windows" in self.dims and "day" in world.dims and rng.random() < 0.6:
            plan = json.loads(json.dumps(plan))
            ends = ["2024-01-31", "2024-02-20", "2024-02-29", "2024-03-31", "2024-12-31"]
            starts = ["2024-01-01", "2024-01-20", "2024-02-01", "2024-02-20", "2024-03-01"]
            p = plan["population"]
            if "to" in p and rng.random() < 0.6:
                later = [e for e in ends if e > p["to"]] or ends
                p["to"] = later[0]
            else:
                p["from"], p["to"] = rng.choice(starts[:3]), rng.choice(ends[2:])
            if rng.random() < 0.5 or p.get("from", "") > p["to"]:
                p["from"] = rng.choice([s for s in starts if s <= p["to"]])
            result = plan, dict(files)
        else:
            result = plain["mutate"](rng, world, plan, files, kinds)
        if "least" in self.dims and result[0]:
            result[0]["release"]["min_users"] = rng.choice([MIN, MIN, MIN + 3, MIN + 6])
        return result

    # ---- what figures count ----

    def label_of(self, name, field, has):
        if name in ("weekday", "year"):
            return date_value(name, has.get("day", attack.DAYS[0]))
        return plain["label_of"](name, field, has)

    def read_terms(self, plain_read):
        def of(reading, query, table, both):
            plain_read(reading, query, table, both)
            if "sides" not in self.dims:
                return
            for term, row in zip(query["terms"], table["rows"]):
                match = re.fullmatch(r"(?:contains\((\w+), )?w(\w)\)?", term)
                if not match:
                    continue
                side, word = match.groups()
                name = f"word {word}"
                only = {"prompt": 1, "output": 2}
                for column, value in only.items():
                    values = [value] if side is None else [value, 3] if side == column else []
                    atoms = reading.population & reading.where(
                        ("side", name, tuple(values)), lambda has: has.get(name, 0) in values)
                    if not any(v > 1 for v in reading.world.dims[name] if v):
                        atoms = reading.population & reading.where(
                            ("side", name, tuple(values)), lambda has: has.get(name, 0) in values)
                    reading.add("side", table, row, term + " " + column + " only", atoms,
                                {column + "_only": "conversations"})
        return of

    @staticmethod
    def read_overlap(reading, query, table, both):
        """Runs by side: what the user gave is prompt-supplied, all else of an output originated."""
        some = {"conversations": "conversations", "users": "users"}
        sizes = {f"12 to {attack.LONG - 1}": (12, attack.LONG), f"{attack.LONG} or more": (attack.LONG, 999),
                 "any run": (12, 999)}
        for row in table["rows"]:
            side = reading.population
            if row["side"] in SIDES:
                side = reading.where(row["side"], lambda has: has.get("given", 0) in SIDES[row["side"]])
            elif row["side"] != "anywhere":
                continue
            atoms = (side & reading.runs(*sizes[row["words"]]) if row["words"] in sizes else
                     reading.population & ~(side & reading.runs(12, 999)))
            reading.add("overlap", table, row, row["side"] + " " + row["words"], atoms, some)

    @staticmethod
    def read_overlap_works(plain_read):
        def of(reading, query, table, both):
            plain_read(reading, query, table, both)
            columns = {"prompts": "prompts", "supplied": "outputs, prompt-supplied",
                       "originated": "outputs, model-originated"}
            for row in table["rows"]:
                work = row["work"].removeprefix("work").removesuffix(".txt")
                if work not in ("one", "two"):
                    continue
                for column, side in columns.items():
                    atoms = reading.runs(12, 999, (work,)) & reading.where(
                        side, lambda has: has.get("given", 0) in SIDES[side])
                    reading.add("work side", table, row, work + " " + column, atoms,
                                {column: "conversations"})
        return of

    # ---- rules ----

    def program(self, run):
        """Plans are run with the least number of conversations, if there is one."""
        def of(*words, cwd, **more):
            name = cwd + "/plan.json"
            with open(name, encoding="utf-8") as file:
                plan = json.load(file)
            if self.conversations:
                plan["release"]["min_conversations"] = self.conversations
            with open(name, "w", encoding="utf-8") as file:
                json.dump(plan, file)
            return run(*words, cwd=cwd, **more)
        return of

    def judge(self, judge):
        def of(attacker, atoms, name, hidden):
            leak = judge(attacker, atoms, name, hidden)
            value = attacker.logs.count(atoms)
            if leak or hidden or not 0 < value < self.conversations:
                return leak
            least, most = attacker.bounds(atoms)
            return attack.Leak("conversations exact", name, value, least, most) if least == most else None
        return of

    def read(self, plain_read):
        def of(reading):
            facts = plain_read(reading)
            if "completeness" in self.dims:
                self.read_completeness(reading)
            return facts
        return of

    def read_completeness(self, reading):
        p, table = reading.plan.get("population", {}), reading.report["completeness"]
        batch = max((a[reading.world.place["batch"]] for a in reading.world.atoms), default=0) \
            if "batch" in reading.world.place else 0
        plan_batch = self.batch_of(reading, batch)
        rest = reading.where("accepted", lambda has: has.get("batch", 0) <= plan_batch)
        day = lambda has: has.get("day", attack.DAYS[0])
        tests = []
        if "from" in p:
            tests.append(("excluded: before ", lambda has: day(has) < p["from"]))
        if "to" in p:
            tests.append(("excluded: after ", lambda has: day(has) > p["to"]))
        for key in ("include", "exclude"):
            for one in p.get(key, []):
                tests.append(("excluded: " + one["field"] + " ",
                              lambda has, o=one, k=key: self.matches(has, o) != (k == "include")))
        rows = [r for r in table["rows"] if r["reason"].startswith("excluded: ")
                and r["reason"] != "excluded: without a time"]
        for row in [r for r in table["rows"] if r["reason"] == "accepted"]:
            reading.add("accepted", table, row, "accepted", rest, {"records": "conversations"})
        if len(rows) != len(tests):
            raise AssertionError(("completeness", [r["reason"] for r in rows], p))
        for row, (title, test) in zip(rows, tests):
            if not row["reason"].startswith(title):
                raise AssertionError(("completeness row", row["reason"], title))
            out = rest & reading.world.where(test)
            reading.add("excluded", table, row, row["reason"], out, {"records": "conversations"})
            rest &= ~out

    @staticmethod
    def batch_of(reading, most):
        """The batch that a reading was made for: the last that its population holds."""
        if "batch" not in reading.world.place:
            return 0
        at = reading.world.place["batch"]
        return max((a[at] for i, a in enumerate(reading.world.atoms) if reading.population >> i & 1),
                   default=most)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", nargs=2, type=int, default=[0, 20])
    parser.add_argument("--why", action="store_true")
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--grown", action="store_true")
    parser.add_argument("--hidden", type=int, default=40)
    parser.add_argument("--dims", type=lambda text: set(text.split(",")), default=DIMENSIONS)
    options = parser.parse_args()
    if options.dims - DIMENSIONS - MORE_DIMENSIONS:
        parser.error("there is no such dimension")
    Wide(options.dims)
    shown = withheld = 0
    found = []
    for seed in range(*options.seeds):
        try:
            leaks, (s, w), _ = attack.attack(seed, KINDS, options.hidden, options.open, options.why,
                                             options.grown)
        except AssertionError as problem:
            check(False, f"seed {seed}", problem)
            continue
        shown, withheld = shown + s, withheld + w
        for leak, why in leaks:
            found.append((seed, leak))
            if why is not None:
                print("#", seed, leak.how, leak.value, [leak.least, leak.most],
                      [(f.report, f.table, f.row) for f in leak.target])
                for f in why:
                    print("#    ", f.report, f.kind, f.table, f.row, f.value)
    check(not found, f"no number of few users follows from {options.seeds[1] - options.seeds[0]} series",
          "\n".join(f"{seed}: {leak.how} {leak.value} in [{leak.least}, {leak.most}] "
                    + " / ".join(f"{f.report} {f.table} {f.row}" for f in leak.target)
                    for seed, leak in found[:30]))
    check(2 * shown > withheld > 20, "and a good part of these figures is shown", (shown, withheld))
    print("#", shown, "shown", withheld, "withheld", len(found), "leaks in",
          len({seed for seed, _ in found}), "series")
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
