"""Counts example logs a second time, by other means, and compares with truth.json.

usage: make_logs_check.py DIR

Shares nothing with the generator or with proffer: Python's json, unicodedata and re. Prints what
differs and exits 1, or prints how many values were equal.
"""
import glob
import json
import re
import sys
import unicodedata
from collections import defaultdict
from datetime import datetime, timezone

DEPTH, ID_MAX, MIN_RUN, SHORTEST = 1024, 256, 12, 8
CJK = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff"
WORD = re.compile(f"[{CJK}]|(?:(?![{CJK}])[\\w\u0300-\u036f\u0900-\u0903\u093a-\u094f])+")
LONE = re.compile("[\ud800-\udfff]")
NAMES = {"user": "user", "human": "user", "assistant": "assistant", "gpt": "assistant",
         "system": "system", "tool": "tool"}


def words_of(text):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return WORD.findall(folded)


class Rejected(Exception):
    pass


def depth_of(raw):
    depth = deepest = 0
    for part in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", raw):
        if part in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif part in b"]}":
            depth -= 1
    return deepest


def parse(raw):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Rejected("invalid_utf8") from None
    if depth_of(raw) > DEPTH:
        raise Rejected("too_deep")

    def constant(_):
        raise ValueError
    try:
        return json.loads(text, parse_constant=constant)
    except ValueError:
        raise Rejected("invalid_json") from None


def seconds(value):
    if isinstance(value, (int, float)):
        return int(value // 1000 if value > 1e11 else value // 1)
    if not isinstance(value, str):
        return None
    try:
        return int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() // 1)
    except ValueError:
        return None


class Conversation:
    def __init__(self):
        self.id = self.user = self.time = None
        self.fields = dict.fromkeys(("model", "country", "language", "account", "surface"))
        self.turns = []  # (role, text)
        self.odd = defaultdict(int)

    def turn(self, role, text):
        if role not in NAMES:
            self.odd["unknown_roles"] += 1
            role = "tool"
        self.odd["repaired_surrogates"] += len(LONE.findall(text))
        self.turns.append((NAMES[role], LONE.sub("\ufffd", text)))


def message(conv, item):
    content = item.get("content")
    texts = []
    if isinstance(content, list):
        for part in content:
            if part.get("type") == "text":
                texts.append(part["text"])
            else:
                conv.odd["nontext_parts"] += 1
    elif content is not None:
        texts.append(content)
    for call in item.get("tool_calls", []):
        conv.odd["tool_calls"] += 1
        texts += [call["function"]["name"], call["function"]["arguments"]]
    if not texts:
        conv.odd["null_messages"] += 1
    else:
        conv.turn(item["role"], "\n".join(texts))


def read_native(rec, conv):
    conv.id, conv.user, conv.time = rec.get("id"), rec.get("user"), seconds(rec.get("created"))
    if rec.get("created") is not None and conv.time is None:
        conv.odd["bad_times"] += 1
    for name in ("model", "country", "language", "account"):
        conv.fields[name] = rec.get(name)
    conv.fields["surface"] = rec.get("meta", {}).get("surface")
    for item in rec["messages"]:
        message(conv, item)
        if conv.time is None:
            conv.time = seconds(item.get("created"))


def read_lmsys(rec, conv):
    conv.id = rec.get("conversation_id", rec.get("conversation_hash"))
    conv.user, conv.time = rec.get("hashed_ip"), seconds(rec.get("timestamp"))
    for name in ("model", "country", "language"):
        conv.fields[name] = rec.get(name)
    for item in rec["conversation"]:
        conv.turn(item["role"], item["content"])


def read_sharegpt(rec, conv):
    conv.id = rec.get("id")
    for item in rec["conversations"]:
        conv.turn(item["from"], item["value"])


def read_chatgpt(rec, conv):
    conv.id, conv.time = rec.get("conversation_id"), seconds(rec.get("create_time"))
    path, node = [], rec["current_node"]
    while node:
        path.append(node)
        node = rec["mapping"][node]["parent"]
    for name in reversed(path):
        said = rec["mapping"][name]["message"]
        if said:
            conv.turn(said["author"]["role"], "\n".join(said["content"]["parts"]))
            conv.fields["model"] = conv.fields["model"] or said["metadata"].get("model_slug")
        else:
            conv.odd["null_messages"] += 1
    conv.odd["abandoned_turns"] += len(rec["mapping"]) - len(path)


def read_claude(rec, conv):
    conv.id, conv.user = rec.get("uuid"), rec["account"].get("uuid")
    conv.time = seconds(rec.get("created_at"))
    for item in rec["chat_messages"]:
        assert item["text"] == item["content"][0]["text"]
        conv.odd["repaired_surrogates"] += len(LONE.findall(item["text"]))  # both texts
        conv.turn(item["sender"], item["text"])


# format: reader, key of the turns
FORMATS = {"native": (read_native, "messages"), "openai": (read_native, "messages"),
           "lmsys": (read_lmsys, "conversation"), "wildchat": (read_lmsys, "conversation"),
           "sharegpt": (read_sharegpt, "conversations"), "chatgpt-export": (read_chatgpt, "mapping"),
           "claude-export": (read_claude, "chat_messages")}


def records(path, counts):
    data = open(path, "rb").read()
    if not path.endswith(".json"):
        for line in data.split(b"\n")[:-1]:
            if line.strip(b" \t\r"):
                yield line
            else:
                counts["blank_lines"] += 1
        return
    assert data.startswith(b"[\n") and data.endswith(b"\n]\n")
    yield from data[2:-3].split(b",\n")


# ---- terms, each in Python's own words ----

def phrase(*pattern):
    checks = [re.compile(p.replace("*", r"\w*").replace("?", r"\w") + r"\Z") for p in pattern]

    def starts(words):
        return sum(all(c.match(words[i + k]) for k, c in enumerate(checks))
                   for i in range(len(words) - len(checks) + 1))
    return starts


QG, Z, X, K = phrase("quillon", "gazette"), phrase("zephyrine"), phrase("xanthic"), phrase("quokka")
WILD, XG, SOUR = phrase("quillon*"), phrase("xylograph?"), phrase("sourdough")
TOBE, ZEAL = phrase("to", "be", "or", "not", "to", "quokka"), phrase("reader", "s", "zeal")
CAFE, HERON = phrase("zénith", "café"), phrase("鷺", "鶯", "報")
ALL = ("user", "assistant", "system", "tool")
P, O = ("user",), ("assistant",)
# name: what must be there, what must not, each (pattern list, roles)
TERMS = {
    "PHRASE1": ([([QG], ALL)], []), "AND1": ([([Z], ALL), ([X], ALL)], []),
    "OR1": ([([Z, K], ALL)], []), "NOT1": ([([Z], ALL)], [([X], ALL)]),
    "WILD1": ([([WILD], ALL)], []), "WILD2": ([([XG], ALL)], []), "PROMPT1": ([([Z], P)], []),
    "OUTPUT1": ([([K], O)], []), "CASE1": ([([K], ALL)], []), "QUOTED1": ([([TOBE], ALL)], []),
    "CURLY1": ([([ZEAL], ALL)], []), "ACCENT1": ([([CAFE], ALL)], []),
    "CJK1": ([([HERON], ALL)], []),
    "MIXED1": ([([Z, K], ALL), ([WILD], ALL)], [([X], O)])}
TOPICS = {
    "Paper crafts": ([([phrase("origami"), phrase("paper", "folding")], ALL)], []),
    "Bees": ([([phrase("beekeep*")], ALL)], []), "Bread": ([([SOUR], P)], []),
    "Chess": ([([phrase("chess")], ALL)], []),
    "Stars": ([([phrase("telescope*")], ALL)], [([phrase("microscope")], ALL)]),
    "Stuffing and bread": ([([phrase("taxidermist")], ALL), ([SOUR], ALL)], [])}
RARE = re.compile("quillon|zephyrine|xanthic|quokka|xylograph|zeal|zénith|鷺|origami|folding|beekeep|"
                  "sourdough|chess|telescope|microscope|taxidermist")
IDENTIFIERS = {
    "email": r"[\w.]+@(?:mail\.)?example\.\w+", "phone": r"555[- ]01\d\d", "ssn": r"123-45-6\d{3}",
    "card": r"4242424242424242|4111 1111 1111 1111|5555-5555-5555-4444|378282246310005",
    "iban": r"\bDE\d{20}\b", "ip": r"192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+|2001:db8::",
    "api_key": r"\bsk-\w{48}\b|\bAKIA\w{16}\b|\bghp_\w{36}\b"}
IDENTIFIERS = {kind: re.compile(pattern) for kind, pattern in IDENTIFIERS.items()}


def evaluate(rule, turns):
    """turns: (turn, exchange, role, words) that hold a rare word. None, or its occurrences."""
    must, never = rule

    def found(clause):
        return [(t, x, role, sum(p(words) for p in clause[0])) for t, x, role, words in turns
                if role in clause[1] and any(p(words) for p in clause[0])]
    if any(found(c) for c in never) or not all(found(c) for c in must):
        return None
    return [hit for clause in must for hit in found(clause)]


class Section:
    def __init__(self):
        self.cells = defaultdict(lambda: [0, 0, 0, 0, set()])  # conv, exch, words, unknown, users
        self.sums = defaultdict(int)

    def add(self, cell, conv, exchanges):
        row = self.cells[cell]
        row[0] += 1
        row[1] += exchanges
        row[2] += conv.words
        if conv.user is None:
            row[3] += 1
        else:
            row[4].add(conv.user)


def month_of(time):
    return time is not None and datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m") or None


def longest_runs(words, grams, works):
    """The longest run of WORDS that stands in a work: (length, work, start), or None."""
    best, i = None, 0
    while i + SHORTEST <= len(words):
        length = 0
        for work, at in grams.get(tuple(words[i:i + SHORTEST]), ()):
            n = SHORTEST
            while i + n < len(words) and at + n < len(works[work]) and words[i + n] == works[work][at + n]:
                n += 1
            length = max(length, n)
            if not best or n > best[0]:
                best = (n, work, i)
        i += max(1, length)
    return best


class Check:
    def __init__(self, folder):
        self.truth = json.load(open(folder + "/truth.json", encoding="utf-8"))
        self.folder, self.equal, self.differ = folder, 0, 0
        self.works = [words_of(open(p, encoding="utf-8").read())
                      for p in sorted(glob.glob(folder + "/works/*.txt"))]
        self.grams = defaultdict(list)
        for w, words in enumerate(self.works):
            for i in range(len(words) - SHORTEST + 1):
                self.grams[tuple(words[i:i + SHORTEST])].append((w, i))
        self.sections = {"all": Section(), "population": Section()}
        self.counts = defaultdict(int)
        self.excluded = defaultdict(int)
        self.labels = {}

    def compare(self, what, told, counted):
        if told == counted:
            self.equal += 1
        else:
            self.differ += 1
            print(f"{what}: truth.json says {told}, counted {counted}")

    def read(self):
        reader, key = FORMATS[self.truth["format"]]
        seen = set()
        for entry in self.truth["files"]:
            path = self.folder + "/" + entry["name"]
            before = self.counts["read"]
            for raw in records(path, self.counts):
                self.counts["read"] += 1
                try:
                    rec = parse(raw)
                    conv = Conversation()
                    if not isinstance(rec, dict) or not isinstance(rec.get(key), (list, dict)):
                        raise Rejected("no_messages")
                    reader(rec, conv)
                    if len(conv.id or "") > ID_MAX:
                        raise Rejected("id_too_long")
                except Rejected as why:
                    self.counts[str(why)] += 1
                    continue
                if conv.id and (conv.user, conv.id) in seen:
                    self.counts["duplicates"] += 1
                    continue
                seen.add((conv.user, conv.id))
                self.accept(conv)
            self.compare(entry["name"], entry["records"], self.counts["read"] - before)

    def accept(self, conv):
        self.counts["accepted"] += 1
        exchange, answered, turns = -1, False, []
        conv.words = 0
        for t, (role, text) in enumerate(conv.turns):
            if exchange < 0 or (role == "user" and answered):
                exchange, answered = exchange + 1, False
            answered |= role == "assistant"
            words = words_of(text)
            conv.words += len(words)
            turns.append((t, exchange, role, words, text))
        inside = month_of(conv.time)
        when = "none" if inside is None else "inside" if "2022-12" <= inside <= "2024-11" else "outside"
        business = conv.fields["account"] == "business"
        chosen = ["all"]
        if when == "inside" and not business:
            chosen.append("population")
        else:
            self.excluded[when, business] += 1
        for name in chosen:
            self.count(self.sections[name], conv, exchange + 1, turns)

    def count(self, s, conv, exchanges, turns):
        s.add("total", conv, exchanges)
        s.add(("volume", month_of(conv.time), conv.fields["model"]), conv, exchanges)
        for field in ("account", "country", "language", "surface"):
            s.add((field, conv.fields[field]), conv, exchanges)
        for _, _, role, _, _ in turns:
            s.sums[role] += 1
        for odd, n in conv.odd.items():
            s.sums[odd] += n
        s.sums["without_user"] += conv.user is None
        s.sums["without_time"] += conv.time is None
        rare = [t[:4] for t in turns if RARE.search(" ".join(t[3]))]
        self.count_terms(s, conv, exchanges, rare)
        for kind, pattern in IDENTIFIERS.items():
            hits = [(x, len(pattern.findall(text))) for _, x, _, _, text in turns if pattern.search(text)]
            if hits:
                s.add(("identifier", kind), conv, len({x for x, _ in hits}))
                s.sums["identifier", kind] += sum(n for _, n in hits)
        pasted, relevant = [], False
        for _, x, role, words, _ in turns:
            run = longest_runs(words, self.grams, self.works)
            if not run:
                continue
            passage = " ".join(words[run[2]:run[2] + run[0]])
            side = "prompt" if role == "user" else "output_originated"
            if role == "assistant" and any(passage in text for text in pasted):
                side = "output_supplied"
            if role == "user":
                pasted.append(" ".join(words))
            s.sums["run", side, run[0]] += 1
            if run[0] >= MIN_RUN:
                relevant = True
                s.add(("overlap", side), conv, 1)
                s.sums["work", side, run[1]] += 1
        if relevant:
            s.add("relevant", conv, 1)
        self.labels[conv.id] = "relevant" if relevant else "irrelevant"

    def count_terms(self, s, conv, exchanges, rare):
        hit_terms = []
        for name, rule in TERMS.items():
            hits = evaluate(rule, rare) if rare else None
            if hits is None:
                continue
            s.add(("term", name), conv, len({h[1] for h in hits}))
            s.sums[name, "turns"] += len({h[0] for h in hits})
            s.sums[name, "occurrences"] += sum(h[3] for h in hits)
            s.sums[name, "prompt_only"] += all(h[2] == "user" for h in hits)
            s.sums[name, "output_only"] += all(h[2] == "assistant" for h in hits)
            s.sums[name, "added_conversations"] += not hit_terms
            hit_terms.append(name)
        if hit_terms:
            s.add("any_term", conv, 0)
        if len(hit_terms) == 1:
            s.sums[hit_terms[0], "unique_conversations"] += 1
        for a in hit_terms:
            for b in hit_terms:
                s.sums["pair", a, b] += 1
        topics = [t for t, rule in TOPICS.items() if rare and evaluate(rule, rare) is not None]
        s.add(("first", topics[0] if topics else None), conv, exchanges)
        for topic in topics or [None]:
            s.add(("topic", topic), conv, exchanges)

    def compare_cell(self, what, row, cell):
        for name, value in (("conversations", cell[0]), ("exchanges", cell[1]), ("words", cell[2]),
                            ("known_users", len(cell[4])), ("users", len(cell[4]) + cell[3])):
            self.compare(f"{what}: {name}", row[name], value)

    def compare_section(self, name):
        told, s = self.truth[name], self.sections[name]

        def rows(table, cell_of):
            cells = {cell_of(row) for row in told[table]}
            self.compare(f"{name}: {table}: rows", len(cells), len(told[table]))
            for row in told[table]:
                self.compare_cell(f"{name}: {table}: {cell_of(row)}", row, s.cells[cell_of(row)])
        self.compare_cell(f"{name}: total", told["total"], s.cells["total"])
        for role, n in told["turns"].items():
            self.compare(f"{name}: turns: {role}", n, s.sums[role])
        for odd, n in told["oddities"].items():
            self.compare(f"{name}: {odd}", n, s.sums[odd])
        for key in ("without_user", "without_time"):
            self.compare(f"{name}: {key}", told[key], s.sums[key])
        rows("by_month_model", lambda r: ("volume", r["month"], r["model"]))
        for field in ("account", "country", "language", "surface"):
            rows("by_" + field, lambda r, f=field: (f, r[f]))
            self.compare(f"{name}: {field}: sum", sum(r["conversations"] for r in told["by_" + field]),
                         told["total"]["conversations"])
        self.compare(f"{name}: volume: sum", sum(r["words"] for r in told["by_month_model"]),
                     told["total"]["words"])
        rows("terms", lambda r: ("term", r["term"]))
        for row in told["terms"]:
            for key in ("turns", "occurrences", "prompt_only", "output_only", "added_conversations",
                        "unique_conversations"):
                self.compare(f"{name}: {row['term']}: {key}", row[key], s.sums[row["term"], key])
        self.compare_cell(f"{name}: any_term", told["any_term"], s.cells["any_term"])
        self.compare(f"{name}: no_term", told["no_term"],
                     s.cells["total"][0] - s.cells["any_term"][0])
        for row in told["term_pairs"]:
            self.compare(f"{name}: pair {row['a']} {row['b']}", row["conversations"],
                         s.sums["pair", row["a"], row["b"]])
        rows("topics_first", lambda r: ("first", r["topic"]))
        rows("topics_all", lambda r: ("topic", r["topic"]))
        self.compare_cell(f"{name}: relevant", told["relevant"], s.cells["relevant"])
        rows("identifiers", lambda r: ("identifier", r["kind"]))
        for row in told["identifiers"]:
            self.compare(f"{name}: {row['kind']}: occurrences", row["occurrences"],
                         s.sums["identifier", row["kind"]])
        rows("overlap", lambda r: ("overlap", r["side"]))
        for row in told["overlap"]:
            for run in row["runs"]:
                self.compare(f"{name}: {row['side']}: runs of {run['words']}", run["exchanges"],
                             s.sums["run", row["side"], run["words"]])
            for w, n in enumerate(row["works"]):
                self.compare(f"{name}: {row['side']}: work {w + 1}", n,
                             s.sums["work", row["side"], w])

    def run(self):
        self.read()
        told = self.truth["records"]
        for key in ("read", "accepted", "duplicates", "blank_lines"):
            self.compare(key, told[key], self.counts[key])
        for why, n in told["rejected"].items():
            self.compare(why, n, self.counts[why])
        self.compare("read reconciles", told["read"],
                     told["accepted"] + told["duplicates"] + sum(told["rejected"].values()))
        for row in self.truth["population"]["excluded"]:
            self.compare(f"excluded {row}", row["conversations"],
                         self.excluded[row["time"], row["business"]])
        for name in self.sections:
            self.compare_section(name)
        lines = open(self.folder + "/labels.csv", encoding="utf-8").read().splitlines()
        labels = dict(line.split(",") for line in lines[1:])
        if self.truth["format"] != "openai":
            self.compare("labels", len(labels), told["accepted"])
            self.compare("labels", labels, self.labels)
        print(f"{self.equal} values equal, {self.differ} differ")
        return self.differ == 0


if __name__ == "__main__":
    sys.exit(0 if Check(sys.argv[1]).run() else 1)
