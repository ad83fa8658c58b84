#!/usr/bin/env python3
"""Hostile input through the program itself: broken, cut, huge, deep and odd logs, plans, terms and
folders. Each ends as a counted rejection or as an error with the right status and a text; none
crashes, hangs, or leaves a report that is half one. Prints TAP."""
import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor

from check import PROFFER, check, finish, skip

SHORT = os.environ.get("SHORT")
SHARED = os.environ.get("PROFFER_SHARED_DATA", "../shared/data") + "/hostile"
SHARED = os.path.abspath(SHARED)
crashes = []


class Done:
    def __init__(self, code, out, err, peak, seconds):
        self.code, self.out, self.err = code, out, err
        self.peak, self.seconds = peak, seconds  # MiB, of processor

    def __str__(self):
        return f"status {self.code}, {self.peak} MiB, {self.seconds:.1f} s\n{self.err[:1500]}"


def proffer(*words, before=(), limit=None, out=None):
    """Runs the program; notes what no run may do."""
    def set_limits():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    child = subprocess.Popen([*before, PROFFER, *words], stdout=out or subprocess.PIPE,
                             stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, preexec_fn=set_limits)
    with ThreadPoolExecutor(2) as pool:
        texts = [pool.submit(pipe.read) if pipe else None for pipe in (child.stdout, child.stderr)]
        texts = [text.result().decode(errors="replace") if text else "" for text in texts]
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    done = Done(child.returncode, *texts, usage.ru_maxrss // 1024, usage.ru_utime + usage.ru_stime)
    told = [line for line in done.err.splitlines() if line.startswith("proffer: ")]
    if (done.code < 0 or done.code not in (0, 1, 2, 3, 4, 5) or "Sanitizer" in done.err or
            "Assertion" in done.err or (done.code >= 2 and not told) or "unknown error" in done.err):
        crashes.append((words, str(done)))
    return done


def turn(text, role="user"):
    return {"role": role, "content": text}


def record(i, **more):
    return {"id": f"c{i}", "user": f"u{i}", "created": "2024-03-05T10:00:00Z",
            "messages": [turn(f"hello number {i}"), turn("good day", "assistant")], **more}


def line(i, **more):
    return json.dumps(record(i, **more)).encode() + b"\n"


def put(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as out:
        out.write(data if isinstance(data, bytes) else data.encode())


def plan(path, paths=("logs/*",), queries=None, logs=None, **more):
    tree = {"proffer": 1, "title": "Hostile", "matter": "test",
            "logs": {"paths": list(paths), **(logs or {})},
            "queries": queries or [{"id": "total", "kind": "count", "by": []}],
            "release": {"unit": "user", "min_users": 0, "noise": "none"},
            "report": {"dir": "out"}, **more}
    put(path, json.dumps(tree))


def manifest(folder="catalogue"):
    """Input's name -> (accepted, rejected by reason where not 0)."""
    with open(f"{folder}/manifest.json") as text:
        parts = json.load(text)["parts"]
    found = {}
    for part in parts:
        name = part["input"]["name"]
        accepted, rejected = found.get(name, (0, {}))
        rejected = dict(rejected)
        for why, count in part["rejected"].items():
            if count:
                rejected[why] = rejected.get(why, 0) + count
        found[name] = (accepted + part["accepted"], rejected)
    return found


def fresh(name):
    os.makedirs(name)
    os.chdir(name)


def completeness():
    with open("out/report.json") as text:
        return {row["reason"]: row["records"] for row in json.load(text)["completeness"]["rows"]}


# ---- logs ----

def broken_records():
    """One file a fault: what becomes of it under "count" and under "stop"."""
    good = line(0)
    packed = gzip.compress(b"".join(line(i) for i in range(400)), mtime=0)
    zstd = subprocess.run(["zstd", "-q", "-c"], input=b"".join(line(i) for i in range(400)),
                          capture_output=True, check=True).stdout
    flipped = bytearray(packed)
    flipped[len(packed) // 2] ^= 0x55
    cases = {
        "json": (good + b'{"id": "x", "messages": [\n' + line(1), 2, {"invalid_json": 1}),
        "comma": (good + b'{"id": "x",, "messages": []}\n' + line(1), 2, {"invalid_json": 1}),
        "utf8": (good + line(2).replace(b"hello", b"hel\xff\xfelo") + line(1), 2, {"invalid_utf8": 1}),
        "utf16": (good + "{}".encode("utf-16") + b"\n" + line(1), 2, None),
        "nul": (good + line(2).replace(b"hello", b"hel\0lo") + line(1), 2, {"invalid_json": 1}),
        "nuls": (good + bytes(4096) + b"\n" + line(1), 2, {"invalid_json": 1}),
        "surrogate": (good + line(2).replace(b"hello", b"\\ud83d x \\udc00") + line(1), 3, {}),
        "deep": (good + line(2)[:-2] + b', "x": ' + b"[" * 10000 + b"]" * 10000 + b"}\n" + line(1),
                 2, {"too_deep": 1}),
        "deep_open": (good + b"[" * 10000 + b"\n" + line(1), 2, None),
        "deep_objects": (good + b'{"a":' * 10000 + b"1" + b"}" * 10000 + b"\n" + line(1), 2, None),
        "no_messages": (good + b'{"id": "x"}\n[]\n3\n"text"\nnull\n' + line(1), 2, {"no_messages": 5}),
        "wrong_types": (good + b'{"id": {}, "user": [], "created": {"a": 1}, "messages": '
                        b'[{"role": 3, "content": {"parts": [null, 1, {}]}}, 7, null]}\n', None, None),
        "long_id": (good + line(1, id="i" * 257) + line(2, user="u" * 300), 1, {"id_too_long": 2}),
        "blank": (b"\n\n  \n\t\n" + good + b"\r\n\n" + line(1) + b"\n \n", 2, {}),
        "no_newline": (good + line(1)[:-1], 2, {}),
        "crlf": (good[:-1] + b"\r\n" + line(1)[:-1] + b"\r\n", 2, {}),
        "bom": (b"\xef\xbb\xbf" + good + line(1), 2, {}),
        "cut_line": (good + line(1)[:40], 1, None),
        "empty": (b"", 0, {}),
        "noise": (random.Random(5).randbytes(20000), 0, None),
        "gzip_cut.gz": (packed[:len(packed) * 2 // 3], None, {"truncated": 1}),
        "gzip_tail.gz": (packed[:-3], None, {"truncated": 1}),
        "gzip_flip.gz": (bytes(flipped), None, None),
        "gzip_junk.gz": (packed + b"junk after it", 400, {"truncated": 1}),
        "gzip_head.gz": (packed[:7], 0, {"truncated": 1}),
        "zstd_cut.zst": (zstd[:len(zstd) * 2 // 3], None, {"truncated": 1}),
        "zstd_head.zst": (zstd[:5], 0, {"truncated": 1}),
        "not_gzip.gz": (good + line(1), 2, {}),
        "array_cut.json": (b"[" + good.strip() + b"," + line(1)[:50], 1, {"truncated": 1}),
        "array_open.json": (b"[" + good.strip() + b"," + line(1).strip(), 1, {"truncated": 1}),
        "array_comma.json": (b"[" + good.strip() + b",," + line(1).strip() + b",]", 2, None),
    }
    for name, (data, accepted, rejected) in cases.items():
        fresh(name)
        put("logs/" + name, data)
        plan("plan.json")
        plan("stop.json", logs={"on_error": "stop"}, catalogue="other", report={"dir": "out2"})
        done = proffer("run", "plan.json")
        got = manifest()["logs/" + name] if done.code == 0 else None
        stop = proffer("run", "stop.json")
        problem = None
        if done.code != 0:
            problem = f"count: {done}"
        elif accepted is not None and got[0] != accepted:
            problem = f"accepted {got}, wanted {accepted}"
        elif rejected is not None and got[1] != rejected:
            problem = f"rejected {got}, wanted {rejected}"
        elif rejected is None and accepted is not None and name not in ("wrong_types",) and not got[1]:
            problem = f"nothing was rejected: {got}"
        elif stop.code != (4 if got[1] else 0):
            problem = f"stop: {stop}"
        elif got[1] and ("logs/" + name not in stop.err or os.path.exists("out2/report.json")):
            problem = f"stop: {stop}"
        check(not problem, f"logs: {name} {got}", problem)
        os.chdir("..")


def gzip_members():
    """Members whose headers, with a file's name, lie across the reader's buffer of 256 KiB."""
    fresh("members")
    for back in range(0, 40, 8 if SHORT else 1):
        first = gzip.compress(line(0), mtime=0)
        with open("name.jsonl", "wb") as out:
            out.write(line(1))
        second = subprocess.run(["gzip", "-c", "name.jsonl"], capture_output=True, check=True).stdout
        put(f"logs/{back}.jsonl.gz", first + bytes(262144 - len(first) - back) + second)
    plan("plan.json")
    done = proffer("run", "plan.json")
    wrong = {k: v for k, v in manifest().items() if v != (2, {})} if done.code == 0 else str(done)
    check(not wrong, "gzip members wherever their headers lie", wrong)
    os.chdir("..")


def odd_files():
    fresh("surrogates")
    put("logs/a.jsonl", line(0) + line(1).replace(b"hello", b"\\ud800") + line(0) + line(0))
    plan("plan.json")
    done = proffer("run", "plan.json")
    with open("out/report.json") as text:
        text = text.read()
    told = completeness()
    check(done.code == 0 and "duplicate" in str(told).lower() and "surrogate" in text,
          "lone surrogates and duplicates are counted in the report", f"{done}\n{told}")
    os.chdir("..")

    fresh("files")
    put("logs/a.jsonl", line(0) + line(1))
    put("empty/e.jsonl", "")
    os.makedirs("folder/in.jsonl")
    os.mkfifo("pipe")
    os.symlink("nowhere", "dangling")
    os.symlink("loop", "loop")
    for title, paths, codes, words in (
            ("an empty file alone", ["empty/e.jsonl"], (0, 4), ""),
            ("an empty file beside another", ["empty/e.jsonl", "logs/*"], (0,), ""),
            ("a folder", ["folder/*"], (4,), "folder"),
            ("a missing file", ["logs/none.jsonl"], (4,), "none.jsonl"),
            ("a glob of nothing", ["logs/*.csv"], (3, 4), "*.csv"),
            ("a pipe", ["pipe"], (4,), "pipe"),
            ("a dangling link", ["dangling"], (4,), "dangling"),
            ("a link to itself", ["loop"], (4,), "loop"),
            ("a broken glob", ["logs/[a"], (3, 4), "logs/[a"),
            ("no paths", [], (3,), "paths"),
            ("an empty path", [""], (3, 4), ""),
            ("a long path", ["x" * 5000], (3, 4), "")):
        plan("plan.json", paths)
        shutil.rmtree("catalogue", ignore_errors=True)
        done = proffer("run", "plan.json")
        check(done.code in codes and words in done.err, f"logs: {title}: status {done.code}", done)

    plan("plan.json", ["logs/*.jsonl", "logs/a*", "./logs/../logs/a.jsonl"])
    os.link("logs/a.jsonl", "logs/b.jsonl")
    os.symlink("a.jsonl", "logs/c.jsonl")
    done = proffer("run", "plan.json")
    check(done.code == 0 and sum(n for n, _ in manifest().values()) == 2,
          "a file named in several ways counts once", done)
    os.chdir("..")

    fresh("names")
    names = [b"with space.jsonl", b"new\nline.jsonl", b"tab\tquote\".jsonl", b"\xff\xfe bytes.jsonl",
             "größe ☃.jsonl".encode(), b"-dash.jsonl", b"[brackets]*.jsonl", b"%s%n.jsonl", b"a\\b.jsonl"]
    os.mkdir("logs")
    for i, name in enumerate(names):
        with open(b"logs/" + name, "wb") as out:
            out.write(line(i))
    plan("plan.json")
    done = proffer("run", "plan.json")
    check(done.code == 4 and "bytes.jsonl" in done.err and "UTF-8" in done.err,
          "a file whose name is no UTF-8 is an error", done)
    os.remove(b"logs/" + names.pop(3))
    done = proffer("run", "plan.json")
    count = json.load(open("out/report.json"))["tables"][0]["rows"][0]["conversations"] \
        if done.code == 0 else None
    check(done.code == 0 and count == len(names), "files of any name are read", (str(done), count))
    done = proffer("check", "plan.json", "--peek")
    check(done.code == 0, "and peeked into", done)
    done = proffer("scan", "plan.json")
    check(done.code == 0 and done.out.startswith("0 of"), "and found again", (done.out, str(done)))
    put("logs/x.jsonl", line(3, id="y") + b"{\n")
    plan("plan.json", logs={"on_error": "stop"})
    check(proffer("run", "plan.json").code == 4, "a rejected record stops there too")
    os.chdir("..")


def huge_records():
    fresh("huge")
    os.mkdir("logs")
    size = 20 if SHORT else 200
    with open("logs/a.jsonl", "wb") as out:
        out.write(line(0))
        out.write(b'{"id": "huge", "messages": [{"role": "user", "content": "')
        for _ in range(size):
            out.write(b"some more words " * 65536)
        out.write(b'"}]}\n' + line(1))
    limit = "4MiB" if SHORT else "64MiB"
    plan("plan.json", logs={"max_record": limit})
    done = proffer("run", "plan.json")
    check(done.code == 0 and manifest()["logs/a.jsonl"] == (2, {"too_long": 1}),
          f"a message of {size} MiB is counted as too long", done)
    check(SHORT or done.peak < 512, f"in bounded memory: {done.peak} MiB", done)
    subprocess.run(["gzip", "-1", "logs/a.jsonl"], check=True)
    shutil.rmtree("catalogue")
    done = proffer("run", "plan.json")
    check(done.code == 0 and manifest()["logs/a.jsonl.gz"] == (2, {"too_long": 1}) and
          (SHORT or done.peak < 512), f"the same compressed: {done.peak} MiB", done)
    os.remove("logs/a.jsonl.gz")
    with open("logs/a.json", "wb") as out:
        out.write(b"[" + line(0) + b",")
        out.write(b'{"id": "huge", "messages": [{"role": "user", "content": "')
        for _ in range(size):
            out.write(b"some more words " * 65536)
        out.write(b'"}]},' + line(1) + b"]")
    shutil.rmtree("catalogue")
    done = proffer("run", "plan.json")
    check(done.code == 0 and manifest()["logs/a.json"] == (2, {"too_long": 1}) and
          (SHORT or done.peak < 512), f"the same in an array: {done.peak} MiB", done)
    os.remove("logs/a.json")

    turns = 2000 if SHORT else 100000
    many = {"id": "many", "messages": [turn(f"word{i}", "user" if i % 2 == 0 else "assistant")
                                       for i in range(turns)]}
    put("logs/a.jsonl", line(0) + json.dumps(many).encode() + b"\n")
    plan("plan.json", queries=[{"id": "total", "kind": "count", "by": []},
                               {"id": "terms", "kind": "terms", "terms": ["word*", f"word{turns - 1}"],
                                "within": "exchange"}])
    shutil.rmtree("catalogue")
    done = proffer("run", "plan.json")
    tables = json.load(open("out/report.json"))["tables"] if done.code == 0 else None
    row = tables and tables[0]["rows"][0]
    check(row and row["conversations"] == 2 and row["exchanges"] == turns // 2 + 1,
          f"a conversation of {turns} turns is read, {done.seconds:.1f} s", (str(done), row))
    check(tables and tables[1]["rows"][0]["exchanges"] == turns // 2, "and searched",
          tables and tables[1]["rows"])

    one = {"id": "one", "messages": [turn("aaaa " * (50000 if SHORT else 4000000))]}
    put("logs/a.jsonl", json.dumps(one).encode() + b"\n" + line(1))
    plan("plan.json", queries=[{"id": "terms", "kind": "terms", "terms": [
        "aaaa w/3 aaaa", "aaaa pre/9 aaaa", "(aaaa w/5 aaaa) w/5 aaaa", "a*", "*a", "aaaa AND NOT b"]}])
    shutil.rmtree("catalogue")
    done = proffer("run", "plan.json")
    check(done.code == 0 and manifest()["logs/a.jsonl"][0] == 2 and (SHORT or done.peak < 1500),
          f"one word 4,000,000 times, {done.seconds:.1f} s, {done.peak} MiB", done)
    for title, text in (("one word of 10 MB", "a" * 10_000_000), ("combining marks", "e" + "\u0301" * 2_000_000),
                        ("ligatures that grow", "\ufdfa" * 1_000_000), ("4 MB of quotes", '"' * 4_000_000),
                        ("escaped controls", "\u0001" * 2_000_000), ("no word at all", " " * 8_000_000)):
        if SHORT:
            text = text[:20000]
        put("logs/a.jsonl", json.dumps({"id": "one", "messages": [turn(text)]}).encode() + b"\n" + line(1))
        plan("plan.json", queries=[{"id": "terms", "kind": "terms", "terms": ["a*", "*a*", "hell%o", "day~"]}])
        shutil.rmtree("catalogue")
        done = proffer("run", "plan.json")
        check(done.code == 0 and manifest()["logs/a.jsonl"][0] == 2 and done.seconds < 60,
              f"{title}, {done.seconds:.1f} s, {done.peak} MiB", done)
    os.chdir("..")


# ---- the JSON test suite ----

def suite():
    folder = SHARED + "/json/test_parsing"
    if not os.path.isdir(folder):
        skip("the JSON test suite", "it is not here")
        return
    fresh("suite")
    texts = {}
    for name in sorted(os.listdir(folder))[::8 if SHORT else 1]:
        with open(f"{folder}/{name}", "rb") as data:
            texts[name] = data.read()
    for name, text in texts.items():
        put("logs/raw/" + name, line(0) + text + b"\n" + line(1))
        put("logs/field/" + name, line(0) + b'{"unread":' + text + b',"id":"x","messages":'
            b'[{"role":"user","content":"hello"}]}\n' + line(1))
    good = [text for name, text in texts.items() if name[0] == "y"]
    put("logs/array.json", b"[" + b",\n".join(
        b'{"unread":%s,"id":"a%d","messages":[{"role":"user","content":"hello"}]}' % (text, i)
        for i, text in enumerate(good)) + b"]")
    plan("plan.json", ["logs/raw/*", "logs/field/*", "logs/array.json"])
    done = proffer("run", "plan.json")
    found = manifest() if done.code == 0 else {}
    check(len(found) == 2 * len(texts) + 1, f"{len(texts)} files of the suite as logs", done)
    wrong = []
    broken = {"invalid_json", "invalid_utf8", "too_deep"}
    for name, text in texts.items() if found else ():
        lines = [part for part in text.split(b"\n") if part.strip(b" \t\r")]
        accepted, rejected = found["logs/raw/" + name]
        if accepted != 2 or sum(rejected.values()) != len(lines):
            wrong.append((name, "raw", accepted, rejected))
        elif name[0] == "y" and b"\n" not in text.strip() and set(rejected) - {"no_messages"}:
            wrong.append((name, "raw", rejected))
        elif name[0] == "n" and lines and not set(rejected) & broken:
            wrong.append((name, "raw", rejected))
        accepted, rejected = found["logs/field/" + name]
        if name[0] == "y" and b"\n" not in text and (accepted != 3 or rejected):
            wrong.append((name, "field", accepted, rejected))
        elif name[0] == "n" and (accepted != 2 or not set(rejected) & broken):
            wrong.append((name, "field", accepted, rejected))
    check(not wrong, "valid records are never broken, broken ones always rejected", wrong)
    check(found.get("logs/array.json") == (len(good), {}), "valid ones with newlines, in an array",
          found.get("logs/array.json"))

    wrong = []
    put("one.jsonl", line(0))
    for name, text in texts.items():
        put("hostile.json", text)
        done = proffer("check", "hostile.json")
        if done.code != 3:
            wrong.append((name, "plan", str(done)))
        for key, query, codes in (
                ("taxonomy", {"kind": "topics", "taxonomy": "hostile.json"}, (3,)),
                ("terms", {"kind": "terms", "terms_file": "hostile.json"}, (0, 3))):
            plan("plan2.json", ["one.jsonl"], [{"id": "q", **query}], catalogue="c2")
            done = proffer("check", "plan2.json")
            if done.code not in codes:
                wrong.append((name, key, str(done)))
    check(not wrong, "as plans and taxonomies each is refused, as terms some are", wrong)
    plan("plan3.json", ["one.jsonl"], [{"id": "q", "kind": "relevance", "definition": "d",
                                        "sample": "s.json", "labels": "l.csv"}], catalogue="c2")
    proffer("frame", "plan3.json")
    done = proffer("draw", "plan3.json", "--size", "1", "--seed", "1", "--seed-source", "test")
    put("l.csv", "id,label\nc0,yes\n")
    done = proffer("run", "plan3.json")
    check(done.code == 0, "a sample for what follows", done)
    with open("s.json", "rb") as data:
        sample = data.read()
    wrong = []
    for name, text in list(texts.items())[::4]:
        put("s.json", text)
        done = proffer("run", "plan3.json")
        if done.code not in (3, 4):
            wrong.append((name, "sample", str(done)))
        put("s.json", sample)
        put("l.csv", text)
        done = proffer("run", "plan3.json")
        if done.code not in (3, 4):
            wrong.append((name, "labels", str(done)))
        done = proffer("show", "l.csv")
        if done.code not in (2, 3, 4):
            wrong.append((name, "report", str(done)))
        put("l.csv", "id,label\nc0,yes\n")
    check(not wrong, "as samples, labels and reports each is refused", wrong)
    os.chdir("..")


def naughty_strings():
    path = SHARED + "/strings/blns.txt"
    if not os.path.isfile(path):
        skip("naughty strings", "they are not here")
        return
    fresh("strings")
    with open(path, "rb") as data:
        strings = [text.decode(errors="replace") for text in data.read().split(b"\n")]
    put("logs/a.jsonl", b"".join(line(i, messages=[turn(text), turn(text, "assistant")],
                                      model=text, title=text) for i, text in enumerate(strings)))
    shutil.copy(path, "terms.txt")
    terms = [text for text in strings if text.strip()]
    plan("plan.json", queries=[{"id": "models", "kind": "count", "by": ["model"]},
                               {"id": "terms", "kind": "terms", "terms": terms},
                               {"id": "file", "kind": "terms", "terms_file": "terms.txt"}],
         title=strings[200] + " \u202e title", report={"dir": "out", "confidentiality": terms[100]})
    done = proffer("run", "plan.json")
    check(done.code == 0, "naughty strings as texts, models and terms", done)
    if done.code == 0:
        report = json.load(open("out/report.json"))
        rows = [row for t in report["tables"] if t["id"] == "terms" for row in t["rows"]]
        check(manifest()["logs/a.jsonl"][0] == sum(map(bool, strings)), "every one is read", manifest())
        check(sum(1 for row in rows if row.get("query") in terms) >= len(set(terms)) - 5,
              "every term has its row", len(rows))
        check(zipfile.ZipFile("out/report.xlsx").testzip() is None, "the workbook is whole")
    wrong = []
    for text in terms[::20 if SHORT else 2]:
        if "\0" not in text:
            done = proffer("explain", "--", text)
            if done.code not in (0, 3):
                wrong.append((text, str(done)))
    check(not wrong, "explain takes each", wrong)
    os.chdir("..")


# ---- plans and folders ----

def plans():
    fresh("plans")
    put("logs/a.jsonl", line(0) + line(1))
    os.mkdir("folder.json")
    for title, words, codes in (("a folder", "folder.json", (3, 4)), ("a missing file", "none.json", (3, 4)),
                                ("an empty name", "", (3, 4)), ("/dev/null", "/dev/null", (3,)),
                                ("a log", "logs/a.jsonl", (3,)), ("the program", PROFFER, (3, 4))):
        done = proffer("run", words)
        check(done.code in codes, f"plan: {title}: status {done.code}", done)

    count = 2000 if SHORT else 100000
    put("terms.txt", "".join(f"term{i} OR other{i}\n" for i in range(count)))
    plan("plan.json", queries=[{"id": "t", "kind": "terms", "terms_file": "terms.txt"}])
    done = proffer("check", "-q", "plan.json")
    check(done.code == 0, f"{count} terms are checked, {done.seconds:.1f} s, {done.peak} MiB", done)
    count = 2000 if SHORT else 20000
    put("terms.txt", "".join(f"term{i} OR other{i}\n" for i in range(count)))
    done = proffer("run", "-q", "plan.json")
    check(done.code in (0, 3, 4), f"{count} terms end with {done.code}, {done.seconds:.1f} s, {done.peak} MiB",
          done)
    for title, text, codes in (
            ("a line of 10 MB", "a" * 10_000_000, (0, 3)),
            ("10 MB of words", "apple " * 1_700_000, (0, 3)),
            ("10 MB of ORs", "a" + " OR a" * 2_000_000, (0, 3)),
            ("a million parentheses", "(" * 1_000_000 + "a" + ")" * 1_000_000, (0, 3)),
            ("100,000 NOTs", "NOT " * 100_000 + "a", (0, 3)),
            ("many wildcards", "*a?b" * 10_000, (0, 3)),
            ("a wide range", "1~~99999999999999999999999", (0, 3)),
            ("doubled names", "A1: apple\nA1: pear\n", (3,)),
            ("a name of T and a line", "T2: apple\npear\n", (3,)),
            ("nothing", "", (3,)), ("blank lines", "\n \n\t\n", (3,)), ("a comment", "# only\n", (3,)),
            ("NUL bytes", "apple\0pear\n", (3,)), ("no UTF-8", b"app\xffle\n", (0, 3)),
            ("UTF-16", "apple".encode("utf-16"), (3,)), ("controls", "ap\x01\x1b[31mple\n", (0, 3))):
        put("terms.txt", text)
        done = proffer("run", "plan.json")
        check(done.code in codes and done.seconds < 60 and len(done.err) < 20000,
              f"terms: {title}: status {done.code}, {done.seconds:.1f} s, {done.peak} MiB",
              f"{done}\n{len(done.err)}")
        check("\x1b" not in done.err and "\x01" not in done.err, "no controls on the terminal", repr(done.err[:300]))
    total = [{"id": "total", "kind": "count", "by": []}]
    for title, more, codes in (
            ("a title of 5,000 characters", {"title": "T\u0001\u0007\n\t\x7f\ufffe<&\"'=cmd|" * 400}, (0, 3)),
            ("a title of blanks", {"title": "   "}, (0, 3)),
            ("a confidentiality of 5,000", {"report": {"dir": "out", "confidentiality": "&P&[x]\u0002" * 700}}, (0, 3)),
            ("a report outside", {"report": {"dir": "out", "json": "../../../../../../proc/x.json"}}, (3, 4)),
            ("a report on the plan", {"report": {"dir": ".", "json": "plan.json"}}, (3, 4)),
            ("a report on a log", {"report": {"dir": "logs", "json": "a.jsonl"}}, (3, 4)),
            ("two reports on one file", {"report": {"dir": "out", "json": "r", "xlsx": "r"}}, (3, 4)),
            ("10,000 queries", {"queries": [{"id": f"q{i}", "kind": "count", "by": []}
                                            for i in range(200 if SHORT else 10000)]}, (0, 3)),
            ("a long query id", {"queries": [{"id": "q" * 3000, "kind": "count", "by": []}]}, (0, 3)),
            ("an odd query id", {"queries": [{"id": "../[*]:?'", "kind": "count", "by": []}]}, (0, 3)),
            ("a doubled query id", {"queries": total * 2}, (3,)),
            ("10,000 excluded values", {"queries": total, "population": {"exclude": [
                {"field": "model", "in": [f"model {i}" for i in range(10000)]}]}}, (0, 3)),
            ("dates turned round", {"population": {"from": "2024-12-31", "to": "2024-01-01"}}, (0, 3)),
            ("no such day", {"population": {"from": "2023-02-29"}}, (3,)),
            ("a huge min_users", {"release": {"unit": "user", "min_users": 4294967296, "noise": "none"}}, (3,)),
            ("a negative min_users", {"release": {"unit": "user", "min_users": -1, "noise": "none"}}, (3,)),
            ("a number too large", {"release": {"unit": "user", "min_users": 10 ** 400, "noise": "none"}}, (3,)),
            ("a max_record of nothing", {"logs": {"paths": ["logs/*"], "max_record": "0MiB"}}, (0, 3)),
            ("a max_record of all", {"logs": {"paths": ["logs/*"], "max_record": "99999999999999TiB"}}, (3,)),
            ("a max_record of 3 GiB", {"logs": {"paths": ["logs/*"], "max_record": "3GiB"}}, (0, 3)),
            ("an odd pointer", {"logs": {"paths": ["logs/*"]}, "fields": {"user": "no/slash~"}}, (3,)),
            ("a catalogue in nowhere", {"catalogue": "/proc/1/nowhere"}, (4,))):
        for name in ("logs/a.jsonl",):
            put(name, line(0) + line(1))
        shutil.rmtree("out", ignore_errors=True)
        shutil.rmtree("catalogue", ignore_errors=True)
        plan("plan.json", **more)
        with open("plan.json", "rb") as data:
            before = data.read()
        done = proffer("run", "plan.json")
        check(done.code in codes, f"plan: {title}: status {done.code}, {done.seconds:.1f} s", done)
        with open("plan.json", "rb") as data:
            after = data.read()
        with open("logs/a.jsonl", "rb") as data:
            check(after == before and data.read() == line(0) + line(1), "input is left alone")
        if done.code == 0 and os.path.exists("out/report.json"):
            json.load(open("out/report.json"))
            check(zipfile.ZipFile("out/report.xlsx").testzip() is None, "the reports are whole")
    os.chdir("..")


def folders():
    fresh("folders")
    put("logs/a.jsonl", line(0) + line(1))
    plan("plan.json")
    put("catalogue", "a file")
    done = proffer("run", "plan.json")
    check(done.code == 4 and open("catalogue").read() == "a file", "a catalogue that is a file", done)
    os.remove("catalogue")
    put("out", "a file")
    done = proffer("run", "plan.json")
    check(done.code == 4 and open("out").read() == "a file", "an output folder that is a file", done)
    os.remove("out")
    os.makedirs("out/report.json")
    done = proffer("run", "plan.json")
    check(done.code == 4 and os.listdir("out/report.json") == [] and
          not [n for n in os.listdir("out") if ".tmp-" in n], "a report that is a folder", done)
    shutil.rmtree("out")
    for name in ("catalogue/parts", "catalogue/settled", "catalogue/manifest.json", "catalogue/lock"):
        shutil.rmtree("catalogue", ignore_errors=True)
        if "." in name or "lock" in name:
            os.makedirs(name)
        else:
            put(name, "a file")
        done = proffer("run", "plan.json")
        check(done.code in (0, 4), f"{name} of the wrong kind: status {done.code}", done)
    shutil.rmtree("catalogue")

    queries = [[{"id": "a", "kind": "terms", "terms": ["hello"]}],
               [{"id": "b", "kind": "terms", "terms": ["good", "number"]}]]
    for name, query in zip(("one", "two"), queries):
        plan(f"{name}.json", queries=query, report={"dir": f"out-{name}"}, catalogue="shared")
    for name in ("one", "two", "one", "two"):
        done = proffer("run", f"{name}.json")
    again = [proffer("scan", f"{name}.json").out for name in ("one", "two")]
    check(done.code == 0 and all(text.startswith("0 of") for text in again),
          "two plans share a catalogue and neither spoils the other's", (str(done), again))
    plan("none.json", catalogue="logs", report={"dir": "logs"})
    done = proffer("run", "none.json")
    check(done.code in (0, 3, 4) and os.path.exists("logs/a.jsonl"),
          f"a catalogue among the logs: status {done.code}", done)
    os.chdir("..")

    if os.geteuid() != 0 or not shutil.which("setpriv"):
        skip("rights", "this needs root and setpriv")
        return
    other = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    fresh("rights")
    os.chmod(".", 0o755)
    put("logs/a.jsonl", line(0) + line(1))
    put("secret/a.jsonl", line(0))
    os.chmod("secret/a.jsonl", 0o600)
    os.makedirs("closed/in")
    put("closed/in/a.jsonl", line(0))
    os.chmod("closed", 0o700)
    os.makedirs("free"), os.chmod("free", 0o777)
    plan("plan.json", catalogue="free/c", report={"dir": "free/out"})
    if proffer("check", "plan.json", before=other).code != 0:
        skip("rights", "another user cannot run the program")
        os.chdir("..")
        return
    done = proffer("run", "plan.json", before=other)
    check(done.code == 0, "another user may run it", done)
    modes = {oct(os.stat(os.path.join(w, n)).st_mode & 0o777) for w, ds, ns in os.walk("free/c") for n in ds + ns}
    check(modes == {"0o700", "0o600"}, "its catalogue is its own", modes)
    for title, paths in (("a file", ["secret/a.jsonl"]), ("a folder", ["closed/in/a.jsonl"]),
                         ("a glob", ["closed/in/*.jsonl"]), ("a deep glob", ["closed/*/a*"])):
        plan("plan2.json", paths, catalogue="free/c2", report={"dir": "free/out2"})
        done = proffer("run", "plan2.json", before=other)
        check(done.code == 4 and ("permission denied" in done.err.lower()), f"{title} without read permission", done)
        check(not os.path.exists("free/out2/report.json"), "and no report")
    plan("plan3.json", catalogue="free/c", report={"dir": "here"})
    done = proffer("run", "plan3.json", before=other)
    check(done.code == 4 and "here" in done.err, "an output folder that cannot be made", done)
    os.mkdir("here")
    done = proffer("run", "plan3.json", before=other)
    check(done.code == 4 and "here" in done.err, "an output folder that is read-only", done)
    plan("plan4.json", catalogue="c4", report={"dir": "free/out4"})
    done = proffer("run", "plan4.json", before=other)
    check(done.code == 4 and "c4" in done.err, "a catalogue that cannot be made", done)
    check(proffer("run", "plan4.json").code == 0, "made by its owner")
    for where, folders_, names in os.walk("c4"):
        os.chmod(where, 0o755)
        for name in names:
            os.chmod(os.path.join(where, name), 0o444)
    shutil.rmtree("free/out4")
    os.chmod("free", 0o777)
    done = proffer("run", "plan4.json", before=other)
    check(done.code == 0 and os.path.exists("free/out4/report.json"), "it serves others read-only", done)
    plan("plan4.json", queries=[{"id": "t", "kind": "terms", "terms": ["new"]}], catalogue="c4",
         report={"dir": "free/out4"})
    done = proffer("run", "plan4.json", before=other)
    check(done.code == 4 and "c4" in done.err, "but cannot grow there", done)
    os.chdir("..")


# ---- a full disk ----

def full_disk():
    """Every file may grow to so many bytes: what does not fit is an error, what is there is whole."""
    fresh("full")
    put("logs/a.jsonl", b"".join(line(i, model=f"model{i}") for i in range(300)))
    plan("plan.json", queries=[{"id": "m", "kind": "count", "by": ["model"]},
                               {"id": "t", "kind": "terms", "terms": ["hello", "number"]}])
    done = proffer("run", "plan.json")
    whole = {name: open(f"out/{name}", "rb").read() for name in os.listdir("out")}
    check(done.code == 0 and len(whole) == 2, "with room all is well", done)
    sizes = [0, 1, 100, 600, 1000, 3000, 5000, 9000, 12000, 16000, 20000, 30000, 50000]
    failed, wrong = 0, []
    for size in sizes[::4] if SHORT else sizes:
        for keep in (False, True):  # a catalogue that is there already
            shutil.rmtree("out")
            if not keep:
                shutil.rmtree("catalogue", ignore_errors=True)
            for name in whole:
                put(f"out/{name}", "old " + name)
            if keep:
                proffer("scan", "plan.json")
            done = proffer("run", "plan.json", limit=size)
            left = {name: open(f"out/{name}", "rb").read() for name in os.listdir("out")}
            told = [text for text in done.err.splitlines() if text.startswith("proffer: ")]
            if done.code not in (0, 4) or (done.code == 4 and "cannot" not in done.err):
                wrong.append((size, keep, str(done)))
            if set(left) != set(whole) or any(
                    data not in (whole[name], b"old " + name.encode()) for name, data in left.items()):
                wrong.append((size, keep, "left", {n: len(d) for n, d in left.items()}))
            if done.code == 0 and left != whole:
                wrong.append((size, keep, "success without the reports", told))
            aside = [n for w, ds, ns in os.walk("catalogue") for n in ds + ns if ".tmp-" in n]
            if aside:
                wrong.append((size, keep, aside))
            failed += done.code == 4
            again = proffer("run", "plan.json")
            now = {name: open(f"out/{name}", "rb").read() for name in os.listdir("out")}
            if again.code != 0 or now != whole:
                wrong.append((size, keep, "later", str(again)))
    check(not wrong and failed > 3, f"files that may not grow: {failed} errors, all whole after", wrong)
    with open("/dev/full", "w") as full:
        done = proffer("show", "out/report.json", "m", out=full)
    check(done.code == 4, "standard output that is full", done)

    os.mkdir("small")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", "small"],
                             capture_output=True).returncode == 0
    if not mounted:
        skip("a full file system", "it cannot be mounted here")
    else:
        try:
            wrong, failed = [], 0
            plan("small.json", catalogue="small/catalogue", report={"dir": "small/out"},
                 queries=[{"id": "m", "kind": "count", "by": ["model"]}])
            for size in range(4, 300, 60 if SHORT else 12):
                for name in os.listdir("small"):
                    shutil.rmtree(f"small/{name}")
                subprocess.run(["mount", "-o", f"remount,size={size}k", "small"], check=True)
                done = proffer("run", "small.json")
                failed += done.code == 4
                if done.code not in (0, 4) or (done.code == 4 and "cannot" not in done.err):
                    wrong.append((size, str(done)))
                aside = [n for w, ds, ns in os.walk("small") for n in ds + ns if ".tmp-" in n]
                if aside:
                    wrong.append((size, aside))
                for name in os.listdir("small/out") if os.path.exists("small/out") else ():
                    if name.endswith(".json"):
                        json.load(open(f"small/out/{name}"))
                    elif zipfile.ZipFile(f"small/out/{name}").testzip():
                        wrong.append((size, name))
                subprocess.run(["mount", "-o", "remount,size=4m", "small"], check=True)
                done = proffer("run", "small.json")
                if done.code != 0:
                    wrong.append((size, "later", str(done)))
            check(not wrong and failed > 2, f"a full file system: {failed} errors, all whole after", wrong)
        finally:
            subprocess.run(["umount", "small"], check=True)
    os.chdir("..")


def main():
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(dir=base)
    os.chmod(folder, 0o755)
    try:
        os.chdir(folder)
        only = os.environ.get("PART", "")
        for part in (broken_records, gzip_members, odd_files, huge_records, suite, naughty_strings, plans, folders,
                     full_disk):
            if only in part.__name__:
                part()
                os.chdir(folder)
    finally:
        os.chdir("/")
        shutil.rmtree(folder)
    check(not crashes, "nothing crashed or ended without a word", crashes)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
