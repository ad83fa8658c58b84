#!/usr/bin/env python3
"""The catalogue's bytes do not depend on threads, on shards, on the order of parts, or on how often
the scan was killed; only what is stale is read again; nothing half-written is taken for whole.
Prints TAP."""
import fcntl
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys

from check import MAKE_LOGS, PROFFER, check, finish
from files import in_scratch, tree

SHORT = os.environ.get("SHORT")
COUNT = 600 if SHORT else 6000


def proffer(*words, ok=0):
    done = subprocess.run([PROFFER, *words], capture_output=True, text=True)
    if ok is not None and done.returncode != ok:
        raise SystemExit(f"Bail out! {words}: {done.returncode}: {done.stderr}")
    return done


def report(folder):
    with open(f"{folder}/out/report.json", "rb") as data:
        return hashlib.sha256(data.read()).hexdigest()


def file_count(folder):
    return sum(len(names) for _, _, names in os.walk(folder))


def killed_at(name, files):
    """Scans into NAME and kills the scan once that many files are there. False: it ended before."""
    process = subprocess.Popen([PROFFER, "scan", "plan.json", "--catalogue", name],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and file_count(name) < files:
        pass
    process.kill()
    return process.wait() == -signal.SIGKILL


def scan_killed(name, rng, whole):
    """A scan that was killed three times, each time at a later stage of its WHOLE files; returns 3.
    One that was too quick to be killed is no trial: all begins anew, with earlier kills."""
    latest, kills = 1.0, 0
    while kills < 3:
        there = file_count(name)
        if killed_at(name, there + rng.uniform(0, latest) * (whole - there)):
            kills += 1
        else:
            shutil.rmtree(name, ignore_errors=True)
            latest, kills = 0.9 * latest, 0
    return kills


def test():
    os.makedirs("logs")
    for i in range(5):
        subprocess.run([MAKE_LOGS, "--seed", str(i), "--conversations", str(COUNT // 5),
                        "--files", "1", f"made{i}"], check=True, capture_output=True)
        os.rename(f"made{i}/logs-00.jsonl", f"logs/logs-0{i}.jsonl")
    subprocess.run(["gzip", "logs/logs-01.jsonl"], check=True)
    subprocess.run(["zstd", "-q", "--rm", "logs/logs-03.jsonl"], check=True)
    plan = {"proffer": 1, "title": "Resume", "matter": "test",
            "logs": {"paths": ["logs/logs-*"]},
            "queries": [
                {"id": "volume", "kind": "count", "by": ["month"]},
                {"id": "terms", "kind": "terms", "terms": ["quillon*", "the AND NOT good"]},
                {"id": "topics", "kind": "topics", "taxonomy": "topics.json"}],
            "release": {"unit": "user", "min_users": 11, "noise": "none"},
            "report": {"dir": "out"}}
    json.dump({"proffer_taxonomy": 1, "title": "t", "source": "test",
               "topics": [{"name": "a", "term": "good OR bad"}, {"name": "b", "term": "day"}]},
              open("topics.json", "w"))
    json.dump(plan, open("plan.json", "w"))
    proffer("run", "plan.json", "--threads", "1")
    whole, first = tree("catalogue"), report(".")
    check(len(whole) > 50, "there is a catalogue")
    modes = {oct(os.stat(os.path.join(w, n)).st_mode & 0o777)
             for w, ds, ns in os.walk("catalogue") for n in ds + ns}
    check(modes == {"0o700", "0o600"}, "internal files are 0600 in folders of 0700", modes)

    for threads in ("2", "5"):
        proffer("run", "plan.json", "--threads", threads, "--catalogue", f"t{threads}")
        check(tree(f"t{threads}") == whole and report(".") == first,
              f"{threads} threads give the same bytes as one")

    for i in "123":
        proffer("scan", "plan.json", "--shard", f"{i}/3", "--catalogue", f"shard{i}")
    check(all(len(tree(f"shard{i}")) < len(whole) for i in "123"), "shards are parts")
    proffer("merge", "shard2", "shard3", "shard1")
    proffer("run", "plan.json", "--catalogue", "shard2")
    check(tree("shard2") == whole and report(".") == first,
          "merged shards give the same bytes as one scan")

    # Killed at any stage, the scan goes on and ends in the same bytes.
    rng, kills = random.Random(1), 0
    for round_ in range(3 if SHORT else 10):
        kills += scan_killed(f"killed{round_}", rng, len(whole))
        proffer("run", "plan.json", "--catalogue", f"killed{round_}")
        if tree(f"killed{round_}") != whole or report(".") != first:
            check(False, f"killed scan {round_} ends in other bytes",
                  set(tree(f"killed{round_}").items()) ^ set(whole.items()))
    check(kills == (9 if SHORT else 30), f"a scan killed {kills} times goes on and ends in the same bytes")

    # Stale parts alone are read again.
    done = proffer("scan", "plan.json")
    check(done.stdout.startswith("0 of 5 parts"), "nothing is read twice", done.stdout)
    plan["queries"][1]["terms"][0] = "quill*"
    plan["queries"][0]["id"] = "renamed"
    json.dump(plan, open("plan.json", "w"))
    before = tree("catalogue")
    done = proffer("scan", "plan.json")
    after = tree("catalogue")
    changed = {k for k in before if k != "manifest.json" and after.get(k) != before[k]}
    check(done.stdout.startswith("5 of 5 parts") and not changed,
          "a changed term scans for itself alone", changed)
    with open("logs/logs-02.jsonl", "a") as out:
        out.write('{"id": "late", "user": "u", "messages": [{"role": "user", "content": "hi"}]}\n')
    done = proffer("scan", "plan.json")
    check(done.stdout.startswith("1 of 5 parts"), "a grown file is scanned alone", done.stdout)
    shutil.copy("logs/logs-00.jsonl", "logs/logs-000.jsonl")
    done = proffer("scan", "plan.json")
    check(done.stdout.startswith("1 of 6 parts"), "an added file is scanned alone", done.stdout)
    os.utime("logs/logs-00.jsonl", (1, 1))
    done = proffer("scan", "plan.json", "--rehash")
    check(done.stdout.startswith("0 of 6 parts"), "--rehash sees that only the time changed",
          done.stdout)

    # What is damaged is not believed.
    victim = min(os.path.join(w, n) for w, _, ns in os.walk("catalogue/parts") for n in ns
                 if n == "time.npy")
    data = bytearray(open(victim, "rb").read())
    data[-1] ^= 1
    open(victim, "wb").write(data)
    done = proffer("run", "plan.json", "--rehash", ok=None)
    check(done.returncode == 4 and "SHA-256" in done.stderr, "a flipped bit is found",
          (done.returncode, done.stderr))

    # Two scans at once: one is told so.
    os.makedirs("catalogue2")
    with open("catalogue2/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = proffer("scan", "plan.json", "--catalogue", "catalogue2", ok=None)
    check(done.returncode == 4 and "another scan" in done.stderr, "one writer at a time",
          done.stderr)
    done = proffer("scan", "plan.json", "--catalogue", "catalogue2")
    check(done.stdout.startswith("6 of 6 parts"), "and the next one when it is done", done.stdout)


def main():
    in_scratch(test)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
