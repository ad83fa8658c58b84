#!/usr/bin/env python3
"""Every command of proffer that the README shows runs, over example logs, in a scratch folder and
in the README's order. `make` targets are run by others. Prints TAP."""
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile

from check import MAKE_LOGS, PROFFER, check, finish, results

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Words in capitals stand for something; what it is here, as one word or as several.
PLACEHOLDERS = {
    "TERM": ["zephyrine AND (xanthic OR quillon*)"],
    "PLAN": ["plan.json"],
    "QUERY": ["terms"],
    "DIR": ["shard-1"],
    "N": ["20"],
    "DIR...": ["merged", "shard-1", "shard-2"],
    "HASH": ["0" * 64],  # found when it is asked for
}
# make: by others; duckdb: by parquet.sh; the example logs are there already, of another size
NOT_RUN = ("make ", "duckdb ", "cd ", "make_logs ")


def shown(text):
    """The commands of the README in its order: (command, whether it stands in a block)."""
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith("    "):
            yield from ((line.strip(), True) for line in paragraph.split("\n"))
        else:
            for span in re.findall(r"`([^`]+)`", paragraph):
                span = " ".join(span.split())
                if re.match(r"(proffer|duckdb|make) ", span):
                    yield span, False


def words_of(command):
    words = shlex.split(command, comments=True)
    return [part for word in words for part in PLACEHOLDERS.get(word, [word])]


def proffer(words):
    return subprocess.run([PROFFER, *words], capture_output=True, text=True)


def label():
    """What reviewers would do between the draw and the run."""
    done = proffer(["ids", "plan.json", "rel"])
    with open("logs/labels.csv", encoding="utf-8") as known:
        labels = dict(line.rstrip("\n").split(",")[:2] for line in known)
    with open("labels.csv", "w", encoding="utf-8") as out:
        out.write("id,label\n")
        for unit in done.stdout.split():
            out.write(f"{unit},{labels[unit]}\n")
    return done


def prepare_checks():
    """Labels of a sample, and a plan that has them checked."""
    with open("plan.json", encoding="utf-8") as file:
        plan = json.load(file)
    for query in plan["queries"]:
        if query["kind"] == "relevance":
            query["adjudication"] = {"labels": "checked.csv"}
    with open("plan.json", "w", encoding="utf-8") as file:
        json.dump(plan, file)
    proffer(["draw", "plan.json", "--size", "100", "--seed", "5", "--seed-source", "coins"])
    label()


def main(text):
    for name in ("plan.json", "noise.json", "terms.txt", "topics.json"):
        shutil.copy(os.path.join(ROOT, "examples", name), ".")
    shutil.copy(os.path.join(ROOT, "templates", "usage.json"), ".")
    subprocess.run([MAKE_LOGS, "--seed", "8", "--conversations", "1500", "--files", "4",
                    "--relevant-in", "100", "logs"], check=True, capture_output=True)
    ran = set()
    for command, in_block in shown(text):
        if command.startswith(("#", *NOT_RUN)):
            continue
        if not command.startswith("proffer "):
            check(not in_block, f"this test knows what to do with: {command}")
            continue
        words = words_of(command)[1:]
        if words[0] == "draw":  # the logs are small: at most a tenth of them
            words = ["100" if word == "3000" else word for word in words]
        if words[0] == "merge":
            proffer(["scan", "-q", "plan.json", "--shard", "2/2", "--catalogue", "shard-2"])
        if words[0] == "frame" and "--by" in words:
            for name in ("plan.frame.json", "sample.json", "labels.csv"):
                os.remove(name)
        if "--adjudicate" in words:
            prepare_checks()
        if "--head" in words:
            listed = proffer(["ledger", "noise.json"]).stdout
            words[-1] = re.search(r"^head: +([0-9a-f]{64})$", listed, re.M).group(1)
        done = proffer(words)
        if words[0] == "merge":
            PLACEHOLDERS["DIR"] = [words[1]]
        check(done.returncode == 0, command, f"exit {done.returncode}\n{done.stdout}{done.stderr}")
        check(bool(done.stdout), f"and it says something: {words[0]}", done.stderr)
        if words[0] == "draw":
            check(label().returncode == 0, "the drawn conversations are labelled")
        ran.add(words[0])
    with open("out/report.json", encoding="utf-8") as report:
        tables = {table["id"]: table for table in json.load(report)["tables"]}
    check(tables["claim"]["rows"][0]["verdict"] in ("supported", "contradicted", "undetermined"),
          "the last run tells a verdict", tables["claim"]["rows"])
    help_text = proffer(["--help"]).stdout
    commands = set(re.findall(r"^  ([a-z]+) +\S", help_text, re.M)) - {"proffer"}
    check(commands == ran, "the README shows every command of the program",
          f"not shown: {sorted(commands - ran)}; not there: {sorted(ran - commands)}")
    statuses = re.findall(r"(\d+) (?:done|a finding|usage|plan or term|input or output|refused|internal)",
                          " ".join(text.split()))
    check(statuses == re.findall(r"(\d+) +(?:done|a|usage|plan|input|refused|internal)", help_text),
          "and the exit statuses as --help has them", statuses)


if __name__ == "__main__":
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
        README = readme.read()
    scratch = tempfile.mkdtemp()
    try:
        os.chdir(scratch)
        main(README)
        finish()
    finally:
        os.chdir("/")
        shutil.rmtree(scratch)
    raise SystemExit(not all(results))
