"""Logs in which each conversation has some letters and a month, and a reader of reports on them who
solves all linear equations that their figures are, over the conversations of each combination."""
import calendar

from equations import Equations
from files import write_lines
from reports import MIN


def record(identity, user, said, month=1, day=3):
    """A conversation, whose model has the month's number, too."""
    return {"id": identity, "user": f"u{user}", "created": f"2024-{month:02}-{day:02}T00:00:00Z",
            "model": f"m{month}", "messages": [{"role": "user", "content": said or "nothing"}]}


def write_logs(folder, conversations, text, name="logs.jsonl"):
    """(user, letters, month, day) each, 3 January where there is none; TEXT(letters) is said."""
    write_lines(folder, name, (record(f"{name} {i}", user, text(letters), *date)
                               for i, (user, letters, *date) in enumerate(conversations)))


def said_by(**letters):
    """A conversation of each of 100 users: a=range(0, 40) says that these users say a."""
    return [(user, sorted(x for x, users in letters.items() if user in users))
            for user in range(100)]


def to_month(last):
    """The population of the months to LAST."""
    return {"from": "2024-01-01", "to": f"2024-{last:02}-{calendar.monthrange(2024, last)[1]}"}


def leaving_out(months, field="month"):
    """The population without these months, or the models of that number: {} of none."""
    values = [f"2024-{m:02}" if field == "month" else f"m{m}" for m in sorted(months)]
    return {"exclude": [{"field": field, "in": values}]} if values else {}


class World:
    """Of LETTERS and so many MONTHS: a conversation has some of the letters, in one of the months."""

    def __init__(self, letters, months):
        self.letters, self.months = letters, months
        self.atoms = [(frozenset(x for i, x in enumerate(letters) if bits >> i & 1), month)
                      for bits in range(1 << len(letters)) for month in range(1, months + 1)]

    def which(self, test):
        return [1 if test(*atom) else 0 for atom in self.atoms]

    def random_logs(self, rng, users=(40, 120)):
        """Of so many USERS: from the first to below the last."""
        share = {x: rng.choice([.1, .3, .6, .9]) for x in self.letters}
        weight = [rng.choice([1, 3, 9]) for _ in range(self.months)]
        return [(user, [x for x in self.letters if rng.random() < share[x]],
                 rng.choices(range(1, self.months + 1), weight)[0])
                for user in range(rng.randrange(*users))]

    def sizes(self, logs):
        size = [0] * len(self.atoms)
        for _, letters, month in logs:
            size[self.atoms.index((frozenset(letters), month))] += 1
        return size


def unless_refused(report, said, *whys):
    """The report; None where it is refused for what would follow, or with one of the words WHYS."""
    if report is None and not any(why in said for why in ("would follow", "would tell", *whys)):
        raise AssertionError(said)
    return report


def what_follows(world, logs, reports, hidden=()):
    """How many numbers are of few users, how many of them follow, and how many figures are shown.
    REPORTS: of each the months and its figures, as (what is in it, whether it is shown); HIDDEN are
    numbers of no report. Each user has one conversation."""
    reader, numbers, count = Equations(), list(hidden), 0
    for months, figures in reports:
        reader.learn(world.which(lambda said, month, months=months: month in months))
        for row, is_shown in figures:
            count += is_shown
            if is_shown:
                reader.learn(row)
            else:
                numbers.append(row)
    size = world.sizes(logs)
    small = [row for row in numbers if 0 < sum(a * b for a, b in zip(row, size)) < MIN]
    return len(small), sum(not any(reader.left(row)) for row in small), count
