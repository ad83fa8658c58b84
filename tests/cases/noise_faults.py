#!/usr/bin/env python3
"""Every call that can fail fails once while noise is bought, and while a report without noise compares
with an earlier one and is remembered: memory, random bytes, writes of the ledger and of the report.
Each time the program must end with an error's status and text, or well; the ledger's chain must hold
afterwards, every stored figure must have been paid for, no more may be spent than the budget, and a
report that is there must end with an entry of the ledger. A run afterwards gives a report. Prints TAP."""
import json
import os
import shutil
import subprocess
import tempfile

from check import MAKE_LOGS, PROFFER, check, finish

FAULTY = os.path.join(os.path.dirname(PROFFER), "tests/faults/proffer-faults")
POINTS = 6 if os.environ.get("SHORT") else 40
KINDS = {"alloc": (70, 5), "random": (70,), "ledger": (5,), "write": (4, 70), "sync": (4, 70), "open": (4, 5, 70),
         "crypto": (70,)}
PLAN = {
    "proffer": 1, "title": "Noise", "matter": "faults", "logs": {"paths": ["logs/logs-*.jsonl"]},
    "population": {"from": "2022-12-01", "to": "2024-11-30"},
    "queries": [{"id": "months", "kind": "count", "by": ["month"]},
                {"id": "terms", "kind": "terms", "terms": ["zephyrine", "quillon*"], "by": ["quarter"]}],
    "release": {"noise": {"mechanism": "discrete-gaussian", "rho": 0.1}, "budget": {"rho": 0.35, "delta": 1e-9},
                "per_user": {"conversations": 5}, "ledger": "ledger.db"}}

# A report without noise, after one of half the months and one of other search terms under the same
# ledger.
PLAIN = {**PLAN, "queries": [*PLAN["queries"], {"id": "models", "kind": "count", "by": ["model"]}],
         "release": {"min_users": 5, "ledger": "ledger.db"}}
BEFORE = {**PLAIN, "population": {"from": "2022-12-01", "to": "2023-12-31"}, "report": {"dir": "before"}}
TERMS = {**PLAIN, "queries": [{"id": "old", "kind": "terms", "terms": ["quillon*", "zephyrine", "the"]}],
         "report": {"dir": "before"}}


def run(program, words, folder, spec=None, counts=None):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PROFFER_FAULT")}
    env.update({k: v for k, v in (("PROFFER_FAULT", spec), ("PROFFER_FAULT_COUNTS", counts)) if v})
    return subprocess.run([program, *words], cwd=folder, env=env, capture_output=True, text=True, timeout=1200)


def ledger_of(folder):
    done = run(PROFFER, ["ledger", "plan.json", "--json"], folder)
    return json.loads(done.stdout) if done.returncode == 0 else None


def judge(folder, spec, allowed, done):
    """What is wrong with the state after a disturbed run; None if nothing is."""
    if done.returncode not in (0, *allowed):
        return f"{spec}: status {done.returncode}: {done.stderr[:500]}"
    if done.returncode and "proffer: " not in done.stderr and not spec.startswith("write"):
        return f"{spec}: no error text"
    ledger = ledger_of(folder)
    if ledger is None:
        if os.path.exists(f"{folder}/out/report.json"):
            return f"{spec}: a report without a ledger"
    else:
        debits = figures = 0
        for entry in ledger["entries"]:
            debits += entry["kind"] == "debit"
            figures += entry["kind"] == "figures"
            if figures > debits:
                return f"{spec}: figures before their debit"
        if float(ledger["spent_rho"]) > 0.35:
            return f"{spec}: overspent"
        if os.path.exists(f"{folder}/out/report.json"):
            try:
                with open(f"{folder}/out/report.json", encoding="utf-8") as report:
                    head = json.load(report)["release"]["ledger_head"]
            except ValueError:
                return f"{spec}: half a report"
            if head not in {entry["hash"] for entry in ledger["entries"]}:
                return f"{spec}: the report's head is not in the ledger"
    again = run(PROFFER, ["run", "-q", "plan.json"], folder)
    return f"{spec}: run again: {again.returncode} {again.stderr}" if again.returncode else None


def disturb(folder, name, plan, *before):
    master = f"{folder}/master"
    os.makedirs(master)
    subprocess.run([MAKE_LOGS, "--seed", "3", "--conversations", "120", "--files", "1", f"{master}/logs"], check=True,
                   capture_output=True)
    with open(f"{master}/plan.json", "w", encoding="utf-8") as out:
        json.dump(plan, out)
    assert run(PROFFER, ["scan", "-q", "plan.json"], master).returncode == 0
    for earlier in before:
        with open(f"{master}/before.json", "w", encoding="utf-8") as out:
            json.dump(earlier, out)
        assert run(PROFFER, ["run", "-q", "before.json"], master).returncode == 0
    shutil.copytree(master, f"{folder}/count")
    done = run(FAULTY, ["run", "plan.json"], f"{folder}/count", counts=f"{folder}/counts")
    check(done.returncode == 0, f"{name}: undisturbed it runs", done.stderr)
    with open(f"{folder}/counts", encoding="utf-8") as lines:
        counts = {kind: int(n) for kind, n, _ in map(str.split, lines)}
    for kind, allowed in KINDS.items():
        if before and kind == "random":
            continue  # nothing is drawn
        wrong, ended = [], {}
        count = counts[kind]
        tried = range(1, count + 1) if count <= POINTS else [1 + i * count // POINTS for i in range(POINTS)]
        for n in tried:
            place = f"{folder}/place"
            shutil.copytree(master, place)
            done = run(FAULTY, ["run", "plan.json"], place, spec=f"{kind}:{n}")
            ended[done.returncode] = ended.get(done.returncode, 0) + 1
            problem = judge(place, f"{kind}:{n}", allowed, done)
            wrong += [problem] if problem else []
            shutil.rmtree(place)
        check(count and not wrong, f"{name}: {len(tried)} of {count} {kind} faults end well ({ended})",
              "\n".join(wrong))


if __name__ == "__main__":
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=base) as place:
        disturb(f"{place}/noise", "noise", PLAN)
        disturb(f"{place}/plain", "without noise", PLAIN, BEFORE, TERMS)
    finish()
