#!/usr/bin/env python3
"""Every call that can fail fails once: tests/faults/faults.c makes the n-th allocation, read, write,
sync, open, rename ... of `proffer run` (and of the smaller commands) fail. Each time the program
must end with an error's status and an error's text, leave the old report or the new one and nothing
aside; and a run after it must end in the same bytes as if nothing had been. Prints TAP.

FAULTS=all tries every n (an hour), FAULTS=1000 so many of each kind; otherwise it is a few."""
import gzip
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import files
from check import PROFFER, check, finish

FAULTY = os.path.join(os.path.dirname(PROFFER), "tests/faults/proffer-faults")
SHORT, WANTED = os.environ.get("SHORT"), os.environ.get("FAULTS", "").replace("all", "1000000")
LIMIT = int(WANTED or (4 if SHORT else 8))  # points of a kind
ALLOC_LIMIT = int(WANTED or (16 if SHORT else 120))
IO = ("read", "write", "sync", "open", "folder", "remove", "look")


def turn(role, text):
    return {"role": role, "content": text}


def native(i):
    return {"id": f"c{i}", "user": f"u{i % 5}", "created": f"2024-0{1 + i % 6}-1{i % 9}T10:00:00Z",
            "model": "m" + str(i % 2), "country": "fr", "language": "en", "account": "free",
            "messages": [turn("user", f"apple number {i} pear"), turn("assistant", "good day"),
                         turn("user", f"and plum? p{i}@acme.io"), turn("assistant", "a plum it is")]}


def make_logs(folder):
    os.makedirs(f"{folder}/logs")
    lines = [json.dumps(native(i)) for i in range(8)]
    lines += ['{"id": "broken', lines[0], "", '{"id":"s","messages":[{"role":"user","content":"a\\ud800b"}]}']
    with open(f"{folder}/logs/a.jsonl", "w") as out:
        out.write("\n".join(lines) + "\n")
    with gzip.GzipFile(f"{folder}/logs/b.jsonl.gz", "w", mtime=0) as out:
        out.write("".join(json.dumps(native(i)) + "\n" for i in range(8, 14)).encode())
    packed = subprocess.run(["zstd", "-q", "-c"], capture_output=True, check=True, input="".join(
        json.dumps(native(i)) + "\n" for i in range(14, 20)).encode()).stdout
    with open(f"{folder}/logs/c.jsonl.zst", "wb") as out:
        out.write(packed)
    with open(f"{folder}/logs/d.json", "w") as out:
        json.dump([{"id": f"d{i}", "conversations": [{"from": "human", "value": "pear pie"},
                                                     {"from": "gpt", "value": "apple"}]}
                   for i in range(4)], out)


PLAN = {
    "proffer": 1, "title": "Faults", "matter": "test",
    "logs": {"paths": ["logs/*"], "max_record": "1MiB"},
    "population": {"from": "2024-01-01", "exclude": [{"field": "country", "in": ["de"]}]},
    "queries": [
        {"id": "volume", "kind": "count", "by": ["month", "model"]},
        {"id": "months", "kind": "count", "by": ["month"]},
        {"id": "terms", "kind": "terms", "terms_file": "terms.txt", "by": ["quarter"]},
        {"id": "topics", "kind": "topics", "taxonomy": "topics.json"},
        {"id": "accounts", "kind": "topics", "by": ["account"]},
        {"id": "residue", "kind": "identifiers", "kinds": ["email", "phone"]},
        {"id": "patterns", "kind": "regex", "patterns": ["apple \\w+", "N1: \\d+"]},
        {"id": "overlap", "kind": "overlap", "works": ["works"], "min_words": 4},
        {"id": "rel", "kind": "relevance", "definition": "fruit", "sample": "sample.json",
         "labels": "labels.csv"},
        {"id": "claim", "kind": "claim", "of": "rel", "irrelevant_at_least": 0.5}],
    "risks": [{"id": "r", "title": "t", "likelihood": "limited", "severity": "maximum", "measure": "m", "source": "s"}],
    "release": {"unit": "user", "min_users": 2, "noise": "none"},
    "report": {"dir": "out", "csv": "tables", "page": "report.html",
               "previous": "earlier/report.json",
               "draft": "draft.md", "draft_form": "draft.form.md"}}
FORM = """# {{title}}: {{blank who}}

{{when n of rel}}
{{summary rel}} {{value prevalence_high of rel where stratum = "all"}}
{{otherwise}}
none
{{end}}
{{table terms with term, conversations where status = ok}}
{{table volume}}
{{notes of claim}}
{{release}}
{{run}}
"""
FRAME = "plan.frame.json"
OWN = ("out", "catalogue", "plan.json", FRAME)  # the rest of a folder is shared by links


def make_works(folder):
    os.makedirs(f"{folder}/works")
    with open(f"{folder}/works/a.txt", "w") as out:
        out.write("Apple number 3: pear. And plum, p3 acme io! " + "a plum it is " * 9)
    with open(f"{folder}/works/b.jsonl", "w") as out:
        for i in range(5):
            out.write(json.dumps({"id": f"w{i}", "text": f"apple number {i} pear and more"}) + "\n")


def make_master(folder):
    make_logs(folder)
    make_works(folder)
    with open(f"{folder}/terms.txt", "w") as out:
        out.write("# fruit\napple\nB2: pe?r OR plu*\n\"good day\"\napple AND NOT contains(prompt, 19)\n"
                  "apple w/5 pear\nbad (\n\"##pl[u]m\"\napple~ 12\n")
    with open(f"{folder}/topics.json", "w") as out:
        json.dump({"proffer_taxonomy": 1, "title": "t", "source": "test", "topics": [
            {"name": "a", "term": "appl*"}, {"name": "p", "term": "pear pie"}]}, out)
    with open(f"{folder}/draft.form.md", "w") as out:
        out.write(FORM)
    with open(f"{folder}/plan.json", "w") as out:
        json.dump(PLAN, out)
    queries = [dict(q) for q in PLAN["queries"]]
    queries[2] = {"id": "terms", "kind": "terms", "terms": ["apple", "A7: pear"]}
    with open(f"{folder}/good.json", "w") as out:  # no term in it is wrong
        json.dump({**PLAN, "queries": queries}, out)
    subprocess.run([PROFFER, "frame", "plan.json"], cwd=folder, check=True, capture_output=True)
    subprocess.run([PROFFER, "draw", "plan.json", "--size", "8", "--seed", "7", "--seed-source",
                    "test"], cwd=folder, check=True, capture_output=True)
    ids = json.load(open(f"{folder}/sample.json"))["ids"]
    with open(f"{folder}/labels.csv", "w") as out:
        out.write("id,label\n" + "".join(f"{id_},{'yes' if i % 3 else 'no'}\n"
                                         for i, id_ in enumerate(ids)))
    make_earlier(folder, queries)
    shutil.rmtree(f"{folder}/catalogue")


def make_earlier(folder, queries):
    """The report before: its last months are this one's first, and its terms are other ones."""
    plan = {**PLAN, "queries": [q for q in queries if q["kind"] not in ("relevance", "claim")],
            "population": {**PLAN["population"], "from": "2023-11-01", "to": "2024-03-31"},
            "report": {"dir": "earlier", "xlsx": None}}
    with open(f"{folder}/earlier.json", "w") as out:
        json.dump(plan, out)
    subprocess.run([PROFFER, "run", "-q", "earlier.json"], cwd=folder, check=True, capture_output=True)
    os.remove(f"{folder}/earlier.json")


def make_place(master, folder):
    os.makedirs(folder)
    for name in os.listdir(master):
        if name not in OWN:
            os.symlink(f"{master}/{name}", f"{folder}/{name}")
    shutil.copy(f"{master}/plan.json", folder)


def tree(folder):
    """Also the folders that are left over."""
    found = files.tree(folder)
    for where, folders, _ in os.walk(folder):
        for name in folders:
            if ".tmp-" in name:
                found[os.path.relpath(os.path.join(where, name), folder)] = "folder"
    return found


def small_files():
    """So that a runaway output is seen, and no core is left."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(program, words, folder, spec=None, counts=None):
    env = dict(os.environ)
    env.pop("PROFFER_FAULT", None)
    if spec:
        env["PROFFER_FAULT"] = spec
    if counts:
        env["PROFFER_FAULT_COUNTS"] = counts
    return subprocess.run([program, *words], cwd=folder, env=env, capture_output=True, timeout=1200,
                          preexec_fn=small_files)


class Trial:
    """One command, its undisturbed result, and what a disturbed one may leave."""

    def __init__(self, master, folder, words, ready):
        self.master, self.folder, self.words, self.ready = master, folder, words, ready
        self.places, self.made = [], 0
        place = self.place()
        self.reset(place)
        done = run(PROFFER, words, place)
        assert done.returncode == 0, (words, done.stderr)
        self.output = done.stdout
        self.whole = self.state(place)
        self.reset(place)
        counts = f"{folder}/counts"
        done = run(FAULTY, words, place, counts=counts)
        assert done.returncode == 0 and done.stdout == self.output, (words, done.stderr)
        self.counts = {k: int(n) for k, n, _ in map(str.split, open(counts))}
        self.give(place)

    def place(self):
        if self.places:
            return self.places.pop()
        self.made += 1
        folder = f"{self.folder}/p{self.made}"
        make_place(self.master, folder)
        return folder

    def give(self, place):
        self.places.append(place)

    def reset(self, place):
        for name in ("out", "catalogue"):
            shutil.rmtree(f"{place}/{name}", ignore_errors=True)
        os.makedirs(f"{place}/out")
        for name in ("report.json", "report.xlsx"):
            with open(f"{place}/out/{name}", "w") as out:
                out.write("old " + name)
        if self.words[0] != "frame":
            shutil.copy(f"{self.master}/{FRAME}", place)
        elif os.path.exists(f"{place}/{FRAME}"):
            os.remove(f"{place}/{FRAME}")
        if self.ready:
            shutil.copytree(self.ready, f"{place}/catalogue")

    def state(self, place):
        """The report, and what is internal: the catalogue, the frame, anything beside them."""
        inside = tree(f"{place}/catalogue")
        for name in os.listdir(place):
            if os.path.isfile(f"{place}/{name}") and not os.path.islink(f"{place}/{name}"):
                with open(f"{place}/{name}", "rb") as data:
                    text = re.sub(rb'"fixed": "[^"]*"', b"", data.read())  # the time of the frame
                    inside["../" + name] = hashlib.sha256(text).hexdigest()
        return {"out": tree(f"{place}/out"), "inside": inside}

    def disturb(self, spec):
        """Returns (what is wrong or None, exit status)."""
        place = self.place()
        try:
            self.reset(place)
            old = tree(f"{place}/out")
            try:
                done = run(FAULTY, self.words, place, spec)
            except subprocess.TimeoutExpired:
                return f"{spec}: hangs", None
            code, text = done.returncode, done.stderr.decode(errors="replace")
            wrong = self.judge(spec, code, done.stdout, text, old, self.state(place))
            if not wrong:
                # A packet is not written over; all of it may be there before the last fault.
                once = self.words[0] == "packet" and self.state(place) == self.whole
                again = run(PROFFER, self.words, place)
                # "fixed", "drawn", "copied" come true once
                repeats = self.words[0] not in ("frame", "draw", "merge")
                if (again.returncode and not once) or (repeats and not once and again.stdout != self.output):
                    wrong = f"run again: {again.returncode} {again.stderr.decode()}"
                elif self.state(place) != self.whole:
                    wrong = "run again: other bytes: " + difference(self.state(place), self.whole)
            if wrong:
                return f"{spec}: {wrong}\n  status {code}: {text[:1500]}", code
            self.give(place)
            return None, code
        except Exception as problem:  # a test's own trouble is told with its place
            return f"{spec}: {problem!r}", None

    def judge(self, spec, code, output, text, old, state):
        kind = spec.split(":")[0]
        mute = kind == "write" and spec.endswith("+")  # the error's own text is a write too
        allowed = {"alloc": (70,), "crypto": (70,), "thread": (), "short": (), "eintr": ()}
        if code < 0:
            return f"ended by signal {-code}"
        if code == 0:
            if output != self.output or state != self.whole:
                return "success with other output: " + difference(state, self.whole)
            return None
        if code not in allowed.get(kind, (3, 4, 70)):
            return "wrong exit status"
        if "Sanitizer" in text:
            return "sanitizer"
        message = [line for line in text.splitlines() if line.startswith("proffer: ")]
        if not mute and (not message or len(message[-1]) < 15 or "unknown error" in text):
            return "no error text"
        for name, digest in state["out"].items():
            if ".tmp-" in name and kind == "remove":
                continue
            if digest not in (old.get(name), self.whole["out"].get(name)):
                return f"out/{name} is neither old nor new"
        if set(old) - set(state["out"]):
            return f"gone from out: {set(old) - set(state['out'])}"
        left = [name for name in state["inside"] if ".tmp-" in name]
        if left and kind not in ("remove", "look", "open"):
            return f"left in the catalogue: {left}"
        return None


def difference(state, whole):
    return "; ".join(f"{part}/{name}" for part in whole
                     for name in sorted({n for n, _ in state[part].items() ^ whole[part].items()}))


def points(count, limit, offset):
    """All of 1..count, or about LIMIT of them spread evenly, beginning at a different one each kind."""
    if count <= limit:
        return list(range(1, count + 1))
    step = count / limit
    return sorted({1 + int(i * step + offset % step) for i in range(limit)} | {count})


def sweep(pool, trial, title, kind, limit, onwards=False):
    specs = [f"{kind}:{n}{'+' if onwards else ''}"
             for n in points(trial.counts[kind], limit, sum(map(ord, title + kind)))]
    outcomes = list(pool.map(trial.disturb, specs))
    wrong = [text for text, _ in outcomes if text]
    statuses = {}
    for _, code in outcomes:
        statuses[code] = statuses.get(code, 0) + 1
    told = ", ".join(f"{n} ended {c}" for c, n in sorted(statuses.items(), key=str))
    check(not wrong, f"{title}: {len(specs)} of {trial.counts[kind]} {kind}{' onwards' if onwards else ''}"
          f" faults end well ({told})", f"{len(wrong)} do not\n" + "\n".join(wrong[:int(os.environ.get('SHOW', 6))]))
    return statuses


def main():
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(dir=base)
    try:
        master = f"{folder}/master"
        os.makedirs(master)
        make_master(master)
        one = ("--threads", "1")
        full = Trial(master, f"{folder}/full", ("run", "plan.json", *one), None)
        only = os.environ.get("KIND", "")
        with ThreadPoolExecutor(2) as pool:
            for kind in ("alloc", "crypto"):
                if only in kind:
                    got = sweep(pool, full, "run", kind, ALLOC_LIMIT if kind == "alloc" else LIMIT)
                    if kind == "alloc":
                        check(got.get(70, 0) >= 0.9 * sum(got.values()), "and are told", got)
            if only in "alloc":
                sweep(pool, full, "run", "alloc", LIMIT, onwards=True)
            for kind in IO:
                if only in kind:
                    sweep(pool, full, "run", kind, LIMIT)
                    sweep(pool, full, "run", kind, LIMIT // 2, onwards=True)
            for kind in ("short", "eintr"):
                if only in kind:
                    ends = [full.disturb(f"{kind}:{n}+") for n in range(1, 5 if SHORT else 30)]
                    wrong = [text or code for text, code in ends if text or code != 0]
                    check(not wrong, f"every read {kind}: the same bytes", wrong)
            many = Trial(master, f"{folder}/many", ("run", "plan.json", "--threads", "3"), None)
            for kind, limit in (("thread", 9), ("alloc", ALLOC_LIMIT // 4), ("read", LIMIT), ("sync", LIMIT)):
                if only in kind:
                    sweep(pool, many, "run in 3 threads", kind, limit)
            place = full.place()
            full.reset(place)
            run(PROFFER, full.words, place)
            ready = f"{place}/catalogue"
            for words in (("check", "good.json", "--peek"), ("frame", "plan.json"),
                          ("ids", "plan.json", "terms"), ("explain", "pe?r w/5 \"good day~\""),
                          ("draw", "plan.json", "--size", "8", "--seed", "7", "--seed-source", "test",
                           "--output", "out/sample.json"),
                          ("packet", "plan.json", "sample.json", "--output", "out/packet"),
                          ("show", f"{place}/out/report.json", "terms"),
                          ("merge", "catalogue", ready)):
                small = Trial(master, f"{folder}/{words[0]}", words, None if words[0] == "merge" else ready)
                for kind in ("alloc", *IO):
                    if only in kind and small.counts[kind]:
                        sweep(pool, small, words[0], kind, LIMIT)
    finally:
        shutil.rmtree(folder)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
