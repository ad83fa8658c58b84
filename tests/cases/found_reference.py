#!/usr/bin/env python3
"""Identifiers and regular expressions against a slow second reading of their definitions, through
the whole program: random texts with planted identifiers and near misses, random expressions with
every match tried place by place, and Python's own `re` where the two must agree. Prints TAP."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unicodedata
import zlib

from check import PROFFER, check, finish

COUNT = 1500 if os.environ.get("SHORT") else 6000


def proffer(*words):
    done = subprocess.run([PROFFER, *words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Bail out! {' '.join(words)}: {done.stderr}")
    return done.stdout


# ---- identifiers, as their descriptions say ----

def joins(c):
    """Does a character make what it touches a part of itself?"""
    if c in "" or c is None:
        return False
    if c.isascii():
        return c.isalnum() or c == "_"
    name = unicodedata.name(c, "")
    if name.startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")):
        return False
    return unicodedata.category(c)[0] in "LNM"


def at(text, i):
    return text[i] if 0 <= i < len(text) else ""


def alone(text, begin, end):
    """Is [begin, end) a number that does not hang together with more?"""
    before, after = at(text, begin - 1), at(text, end)
    if before and before in "@$%" or after and after in "@%":
        return False
    if before and before in ".-/":
        if joins(at(text, begin - 2)):
            return False
    elif joins(before):
        return False
    return not joins(at(text, end + 1)) if after and after in ".-/" else not joins(after)


def luhn(digits):
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def cards(text):
    shapes = r"\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{4,5}"
    for m in re.finditer(rf"(?<!\d)(?:{shapes})(?!\d)", text, re.A):
        digits = re.sub(r"\D", "", m[0])
        n, six = len(digits), int(digits[:6])
        four = six // 100
        issued = (digits[0] == "4" and n in (13, 16, 19) or n == 16 and
                  (5100 <= four < 5600 or 222100 <= six <= 272099) or
                  digits[:2] in ("34", "37") and n == 15 or n >= 14 and
                  (digits[:2] in ("36", "38", "39") or 3000 <= four < 3060 or four == 3095) or
                  n >= 16 and (3528 <= four < 3590 or four == 6011 or 6440 <= four < 6600 or
                               digits[:2] == "62" or 2200 <= four < 2205) or
                  four in (5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763))
        if m[1] == " " or m[2] == " ":
            issued = issued and not re.search(r"\d \Z", text[:m.start()], re.A)
        if luhn(digits) and issued and alone(text, *m.span()) and len(set(digits)) > 2:
            yield m.span()


def ssns(text):
    for m in re.finditer(r"(?<!\d)(\d{3})([- ])(\d{2})\2(\d{4})(?!\d)", text, re.A):
        area = int(m[1])
        row = m[2] == " " and (re.search(r"\d \Z", text[:m.start()], re.A) or
                               re.match(r" \d", text[m.end():], re.A))
        if (0 < area < 900 and area != 666 and m[3] != "00" and m[4] != "0000" and not row and
                alone(text, *m.span()) and m[0].replace(m[2], "") not in ("078051120", "219099999",
                                                                         "457555462")):
            yield m.span()


def phones(text):
    for m in re.finditer(r"(?<!\d)(?:1([-. ])\d{3}\1\d{3}\1|\d{3}([-. ])\d{3}\2)\d{4}(?!\d)", text,
                         re.A):
        digits = re.sub(r"\D", "", m[0])[-10:]
        blank = " " in m[0]
        row = blank and (re.search(r"\d \Z", text[:m.start()], re.A) or
                         re.match(r" \d", text[m.end():], re.A))
        if (digits[0] >= "2" and digits[1] != "9" and digits[1:3] != "11" and digits[3] >= "2" and
                digits[4:6] != "11" and not row and alone(text, *m.span()) and
                at(text, m.start() - 1) != "+" and digits[3:8] != "55501"):
            yield m.span()


def ibans(text):
    lengths = {"DE": 22, "GB": 22, "NO": 15, "FR": 27}
    for m in re.finditer(r"([A-Z]{2})\d\d", text, re.A):
        n = lengths.get(m[1])
        if not n or joins(at(text, m.start() - 1)):
            continue
        groups = [4] * (n // 4) + ([n % 4] if n % 4 else [])
        forms = [rf"[A-Z0-9]{{{n}}}", " ".join(rf"[A-Z0-9]{{{g}}}" for g in groups)]
        for form in forms:
            whole = re.compile(form, re.A).match(text, m.start())
            if whole and not joins(at(text, whole.end())):
                plain = whole[0].replace(" ", "")
                if int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1:
                    yield whole.span()
                    break


def ipv4s(text):
    octet = r"(?:0|[1-9]\d{0,2})"
    for m in re.finditer(rf"(?<!\d){octet}(?:\.{octet}){{3}}(?!\d)", text, re.A):
        parts = [int(p) for p in m[0].split(".")]
        if max(parts) > 255 or max(parts) < 10:
            continue
        a, b = parts[:2]
        hidden = (a in (0, 10, 127) or a >= 224 or (a, b) in ((169, 254), (192, 168)) or
                  a == 172 and 16 <= b < 32 or a == 100 and 64 <= b < 128 or
                  a == 198 and b in (18, 19) or parts[:3] in ([192, 0, 0], [192, 88, 99]) or
                  parts[:3] in ([192, 0, 2], [198, 51, 100], [203, 0, 113]))
        begin, end = m.span()
        left = alone(text[:begin] + "1", begin, begin + 1) or at(text, begin - 1) in ("/", "@")
        right = at(text, end) in ("/", "%") or alone("1" + text[end:], 0, 1)
        words = any(not joins(at(text, w.start() - 1)) and not re.search(r"\d", text[w.start():begin])
                    and len(text[w.start():begin].encode()) <= 24
                    for w in re.finditer(r"(?:versions?|ver|v|release|build|firmware|section)"
                                         r"(?![A-Za-z])", text[:begin], re.I))
        if not hidden and left and right and not words:
            yield begin, end


def emails(text):
    local = r"[A-Za-z0-9._%+'&=~/#!$*?^`{|}-]"
    for m in re.finditer(r"@", text):
        begin = m.start()
        while begin and m.start() - begin <= 70 and (
                re.match(local, text[begin - 1]) or not text[begin - 1].isascii() and
                joins(text[begin - 1])):
            begin -= 1
        part = text[begin:m.start()]
        trimmed = re.sub(r"^[^A-Za-z0-9_\u0080-\uffff]+", "", part)
        begin += len(part) - len(trimmed)
        domain = re.match(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", text[m.end():], re.A)
        if not trimmed or len(part.encode()) > 64 or trimmed[-1] == "." or ".." in trimmed or not domain or \
                at(text, begin - 1) == "@":
            continue
        end = m.end() + domain.end()
        labels = domain[0].split(".")
        following = at(text, end + 1)
        if at(text, end) == "." and following and not following.isascii() and joins(following):
            continue  # one more label, of other letters and more than them
        if any(len(l) > 63 or l[0] == "-" or l[-1] == "-" for l in labels) or \
                not re.fullmatch(r"[A-Za-z]{2,}", labels[-1]) or at(text, end) == "@" or \
                joins(at(text, end)) or labels[-1] in ("png", "js", "json", "txt"):
            continue
        if domain[0].endswith(("example.com", ".test", ".invalid")):
            continue
        yield begin, end


def github(text):
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for m in re.finditer(r"gh[pousr]_([A-Za-z0-9]{30})([A-Za-z0-9]{6})", text, re.A):
        told = 0
        for c in m[2]:
            told = told * 62 + digits.index(c)
        if told == zlib.crc32(m[1].encode()) and not joins(at(text, m.start() - 1)) and \
                not joins(at(text, m.end())):
            yield m.span()


KINDS = {"email": emails, "iban": ibans, "card": cards, "ssn": ssns, "phone": phones, "ipv4": ipv4s,
         "github_token": github}


def reference(text):
    """Of two that overlap the one found first counts: an address at its @, others where they begin,
    of two that begin together the one of the kind that is tried first. An address can do without
    the beginning of its local part."""
    order = list(KINDS)
    found = sorted((text.index("@", begin) if kind == "email" else begin, order.index(kind), begin,
                    end, kind) for kind, find in KINDS.items() for begin, end in find(text))
    counts, taken = dict.fromkeys(KINDS, 0), 0
    for mark, _, begin, end, kind in found:
        if begin >= taken or kind == "email" and re.search("[A-Za-z0-9]", text[taken:mark]):
            counts[kind] += 1
            taken = end
    return counts


# ---- texts ----

def digits_of(rng, n):
    return "".join(rng.choice("0123456789") for _ in range(n))


def with_luhn(start):
    return next(start + d for d in "0123456789" if luhn(start + d))


def planted(rng):
    sep = rng.choice("--  .")
    kind = rng.randrange(8)
    if kind == 0:
        return f"{rng.choice(['jo', 'a.b', 'x_y', '.q', 'k..l'])}@{rng.choice(['acme', 'a-b', '-c', 'd.e'])}." \
               f"{rng.choice(['io', 'com', 'c', 'x1', 'png', 'test'])}"
    if kind == 1:
        return sep.join((digits_of(rng, 3), digits_of(rng, 2), digits_of(rng, 4)))
    if kind == 2:
        return rng.choice(["", "1" + sep, "+1" + sep]) + sep.join(
            (rng.choice("2345") + digits_of(rng, 2), rng.choice("12345") + digits_of(rng, 2),
             digits_of(rng, 4)))
    if kind == 3:
        number = with_luhn(rng.choice(["4", "51", "34", "9"]) + digits_of(rng, rng.choice([11, 13, 14])))
        if len(number) == 16 and rng.random() < .6:
            number = sep.join(number[i:i + 4] for i in range(0, 16, 4))
        return number
    if kind == 4:
        country, n = rng.choice([("DE", 18), ("GB", 18), ("NO", 11), ("ZZ", 18)])
        rest = digits_of(rng, n)
        value = int("".join(str(int(c, 36)) for c in rest + country + "00"))
        whole = f"{country}{98 - value % 97:02d}{rest}"
        return " ".join(whole[i:i + 4] for i in range(0, len(whole), 4)) if rng.random() < .5 else whole
    if kind == 5:
        return ".".join(str(rng.choice([rng.randrange(256), rng.randrange(10), rng.randrange(300)]))
                        for _ in range(4))
    if kind == 6:
        letters = "".join(rng.choice("ABCxyz0189") for _ in range(30))
        crc, alphabet, text = zlib.crc32(letters.encode()), \
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ""
        for _ in range(6):
            text = alphabet[crc % 62] + text
            crc //= 62
        return f"gh{rng.choice('pousrx')}_{letters}{text}"
    return digits_of(rng, rng.randrange(1, 22))


def text_of(rng):
    parts = []
    for _ in range(rng.randrange(1, 6)):
        parts.append(rng.choice(["see ", "", " ", "\n", "(", "x", "\u00e9", "\u662f", "\uac00", ":",
                                 "$", ", ", "/", "version ", "-", ".", "9", "9 "]))
        item = planted(rng)
        if rng.random() < .15 and item:
            i = rng.randrange(len(item))
            item = item[:i] + rng.choice("0 9-.x@") + item[i + rng.randrange(2):]
        parts.append(item)
        parts.append(rng.choice([" ", "", ",", ".", ". ", "\u00e9", "\u3002", "-", "-1", "x", "@", "/",
                                 "\uc785", " 7", "%"]))
    return "".join(parts)


# ---- regular expressions ----

def counted(pattern, text, starts=True):
    """Occurrences by their definition, from every place where the expression matches."""
    compiled, count, last = re.compile(pattern), 0, None
    for end in range(1, len(text) + 1):
        begins = [b for b in range(end) if compiled.fullmatch(text, b, end)]
        if not begins:
            continue
        joined = last is not None and (begins[0] < last if starts else end == last + 1)
        count += not joined
        last = end
    return count


def random_pattern(rng, depth=0):
    out = ""
    for _ in range(rng.randrange(1, 4)):
        choice = rng.randrange(8 if depth < 2 else 4)
        if choice < 3:
            out += rng.choice("abc\u00e9")
        elif choice == 3:
            out += rng.choice(["[ab]", ".", "[^a]", "\\d"])
        elif choice == 4:
            out += f"({random_pattern(rng, depth + 1)}|{random_pattern(rng, depth + 1)})"
        elif choice == 5:
            out += f"(?:{random_pattern(rng, depth + 1)}){rng.choice(['+', '?', '{2}', '{1,3}'])}"
        else:
            out += rng.choice("abc") + rng.choice("*+?")
    return out


AGREE = [r"\d+", r"\w+", r"[a-c]+x", "ab", r"\bcat\b", r"c\w*t", r'"[^"]+x', "(?:abc|cat)", r"\S+",
         r"(?m:^\w+)", "\u00e9+", r"a.c", r"\d{2}-\d{2}"]


def main():
    rng = random.Random(3)
    texts = [text_of(rng) for _ in range(COUNT)]
    words = ["cat", "cats", "c", "t", "ab", "ba", "aba", "12", "34-56", "\u00e9", "\u00e9\u00e9", '"a b"',
             "x", "aax", "abc", ".", "\n", " "]
    lines = ["".join(rng.choice(words) + rng.choice([" ", "", "\n"]) for _ in range(rng.randrange(1, 14)))
             for _ in range(300)]
    short = ["".join(rng.choice("aabbc1\u00e9 ") for _ in range(rng.randrange(1, 16))) for _ in range(150)]
    patterns = []
    while len(patterns) < 60:
        pattern = random_pattern(rng)
        if not re.compile(pattern).fullmatch("") and not any(p == pattern for p in patterns):
            patterns.append(pattern)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)

        def ask(name, texts, queries):
            with open(f"{name}.jsonl", "w", encoding="utf-8") as out:
                for i, text in enumerate(texts):
                    out.write(json.dumps({"id": f"{i}", "user": f"u{i}", "messages": [
                        {"role": "user", "content": text}]}) + "\n")
            with open(f"{name}.json", "w", encoding="utf-8") as out:
                json.dump({"proffer": 1, "logs": {"paths": [f"{name}.jsonl"], "format": "native"},
                           "catalogue": f"c-{name}", "queries": queries,
                           "release": {"min_users": 0}, "report": {"dir": f"o-{name}"}}, out)
            proffer("run", "-q", f"{name}.json")
            with open(f"o-{name}/report.json", encoding="utf-8") as text:
                return {t["id"]: t["rows"] for t in json.load(text)["tables"]}

        tables = ask("identifiers", texts, [{"id": "q", "kind": "identifiers"}])
        told = {r["kind"]: r for r in tables["q"]}
        expected = [reference(text) for text in texts]
        for kind in KINDS:
            ids = {int(i) for i in proffer("ids", "identifiers.json", "q", kind).split()}
            should = {i for i, counts in enumerate(expected) if counts[kind]}
            if kind == "phone":  # the reference has no international numbers
                ids = {i for i in ids if i in should or "+" not in texts[i]}
                check(ids == should and len(should) > 20, f"{kind}: {len(should)} texts",
                      [(texts[i], i in ids) for i in sorted(ids ^ should)[:8]])
                continue
            total = sum(c[kind] for c in expected)
            check(ids == should and told[kind]["occurrences"] == total and len(should) > 20,
                  f"{kind}: {total} in {len(should)} texts",
                  (told[kind]["occurrences"], [(texts[i], i in ids) for i in sorted(ids ^ should)[:8]]))

        rows = ask("agree", lines, [{"id": "q", "kind": "regex", "patterns": AGREE}])["q"]
        wrong = [(p, r["occurrences"], r["conversations"]) for p, r in zip(AGREE, rows)
                 if r["occurrences"] != sum(len(re.findall(p, t, re.A)) for t in lines) or
                 r["conversations"] != sum(bool(re.search(p, t, re.A)) for t in lines)]
        check(not wrong, f"{len(AGREE)} expressions count as Python's re does", wrong)
        upper = [t.upper() for t in lines]
        rows = ask("case", upper, [{"id": "q", "kind": "regex", "case": "ignore",
                                    "patterns": ["cat", "\u00e9+", "[a-c]+x"]}])["q"]
        wrong = [(r["expression"], r["occurrences"]) for r in rows[:3] if r["occurrences"] !=
                 sum(len(re.findall(r["expression"], t, re.I)) for t in upper)]
        check(not wrong and rows[1]["occurrences"], "the same without regard to case", wrong)

        rows = ask("random", short, [{"id": "q", "kind": "regex", "patterns": patterns}])["q"]
        wrong, known = [], 0
        for pattern, row in zip(patterns, rows):
            starts = "too large" not in (row["warnings"] or "")
            known += starts
            total = sum(counted(pattern, t, starts) for t in short)
            hit = sum(bool(re.search(pattern, t)) for t in short)
            if (row["status"], row["occurrences"], row["conversations"]) != ("ok", total, hit):
                wrong.append((pattern, starts, row["occurrences"], total, row["conversations"], hit))
        check(not wrong and known > 30, f"{len(patterns)} random expressions, {known} with beginnings",
              wrong)
        gaps = ["a.{0,100}b", "a.{0,60}[bc]", "\u00e9.{1,90}a", "[ab].{2,80}c1?"]
        rows = ask("gaps", short, [{"id": "q", "kind": "regex", "patterns": gaps}])["q"]
        wrong = [(p, r["warnings"], r["occurrences"], sum(counted(p, t, False) for t in short))
                 for p, r in zip(gaps, rows)
                 if r["occurrences"] != sum(counted(p, t, False) for t in short) or
                 "too large" not in (r["warnings"] or "")]
        check(not wrong, f"{len(gaps)} expressions too large for beginnings", wrong)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
