"""Works, logs that have runs of their words, and what reports on them show."""
from files import write_lines, write_text
from reports import rows_of, value

TERMS = {"id": "t", "kind": "terms", "terms": ["apple", "pear"]}


def run_of(work, words):
    """The first words of a work."""
    return " ".join(f"w{work}x{i}" for i in range(words))


def write_works(folder, count=3):
    for work in range(count):
        write_text(folder, f"works/work-{work}.txt", run_of(work, 200))


def said_as(said):
    """A text is said as it is; a number is a run of so many words of work 0, and a pair one of which
    work and how many."""
    if isinstance(said, int):
        return run_of(0, said)
    return run_of(*said) if isinstance(said, tuple) else said


def write_logs(folder, conversations):
    """(user, day, [what is said in an exchange, ...]) each."""
    write_lines(folder, "logs.jsonl", (
        {"id": f"c{i}", "user": f"u{user}", "created": f"{day}T00:00:00Z",
         "messages": [message for said in exchanges
                      for message in ({"role": "user", "content": said_as(said)},
                                      {"role": "assistant", "content": "well"})]}
        for i, (user, day, exchanges) in enumerate(conversations)))


def figure(report, table, row, column="conversations"):
    """The number, or None where it is withheld or not there; ROW is that of an option, a work, a
    term, a month, or of runs anywhere."""
    for one in rows_of(report, table):
        if row in map(one.get, ("option", "work", "term", "month")) or \
                (one.get("side") == "anywhere" and one["words"] == row):
            return value(one, column)
    return None
