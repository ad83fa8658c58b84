"""A reader who solves linear equations exactly: what follows from rows that are known."""
from fractions import Fraction


class Equations:
    def __init__(self):
        self.rows = []  # (pivot, reduced row)

    def left(self, row):
        """What of ROW does not follow."""
        row = [Fraction(x) for x in row]
        for pivot, known in self.rows:
            if row[pivot]:
                row = [x - row[pivot] * y for x, y in zip(row, known)]
        return row

    def learn(self, row):
        row = self.left(row)
        pivot = next((i for i, x in enumerate(row) if x), None)
        if pivot is None:
            return
        row = [x / row[pivot] for x in row]
        self.rows = [(q, [x - known[pivot] * y for x, y in zip(known, row)])
                     for q, known in self.rows] + [(pivot, row)]
