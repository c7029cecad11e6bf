#!/usr/bin/python3
"""The daemon's books and the oracle's play the same lives: sites that are restored, take their own reports over and go on, whatever is
entered again and however. Every figure, and what is published, waits, is to be corrected and is missing, must be the same in both after
every act; and truth is their sum.

Usage: differ.py MIA-BOOK-PLAY [--lives N] [--seed N]
"""

import argparse
import copy
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

# pylint: disable=wrong-import-position
from books import Books  # noqa: E402
from programme import Cell, Measure, Programme, month_of  # noqa: E402

START = month_of("2018-01-01")
MEASURES = [Measure("entered", "entered", "month", [Cell("0")]), Measure("left", "left", "month", [Cell("0"), Cell("1"), Cell("2")])]
CELLS = [(measure.name, cell.name) for measure in MEASURES for cell in measure.cells]
PERSONS = 30


class Life:
    """The oracle's books, what is true of everybody on record, and the script for the daemon's."""

    def __init__(self):
        self.books = Books(Programme(3, 10, 28, START, MEASURES, {"a": START}), "a")
        self.where = {}  # (person, measure) -> (cell, month)
        self.figures = dict.fromkeys(CELLS, 0)
        self.script, self.expected = [], []

    def note(self, line):
        self.script.append(line)
        self.expected.append([self.told(*key) for key in CELLS])

    def told(self, measure, cell):
        books = self.books
        published = sum(figures.get((measure, cell), 0) for figures in books.published.values())
        corrections = sum((e.correction[1] == cell) - (e.booked == cell) for (_, m), e in books.events.items() if m == measure and e.correction)
        return self.figures[measure, cell], published, max(0, books.net(measure, cell)), corrections, books.difference(measure, cell)

    def put(self, person, measure, now):
        key = person, MEASURES[measure].name
        if self.where.get(key) == now:
            return
        self.books.recorded += 1
        self.books.records[person] = {}
        self.books.change(key, now)
        if now is None:
            del self.where[key]
            self.note(f"gone {person} {measure}")
        else:
            self.where[key] = now
            self.note(f"put {person} {measure} {now[0]} {now[1]}")

    def forget(self, person):
        if person not in self.books.records:
            return
        self.books.recorded += 1
        self.books.erase(person)
        self.where = {key: now for key, now in self.where.items() if key[0] != person}
        self.note(f"forget {person}")

    def close(self):
        self.figures = dict(self.books.close(self.books.next))
        self.note("close")
        return self.figures

    def adopt(self, figures):
        self.figures = dict(figures)
        self.books.adopt(self.books.next, figures)
        self.note("adopt " + " ".join(str(figures[key]) for key in CELLS))

    def is_balanced(self):
        for measure, cell in CELLS:
            truth = sum(key[1] == measure and now[0] == cell for key, now in self.where.items())
            if truth + self.books.erased[measure, cell] != sum(self.told(measure, cell)[1:]):
                return False
        return True


def live(life, chance):
    """A month of changes, some reported late or early."""
    for _ in range(chance.randrange(4, 22)):
        person, measure = chance.randrange(PERSONS), chance.randrange(2)
        known = life.where.get((person, MEASURES[measure].name))
        cell = str(chance.randrange(len(MEASURES[measure].cells)))
        if chance.random() < 0.04:
            life.forget(person)
        elif known is None:
            life.put(person, measure, (cell, max(START, life.books.next + chance.choice((-2, -1, 0, 0, 0, 1)))))
        elif chance.random() < 0.2:
            life.put(person, measure, None)
        else:
            life.put(person, measure, (cell, known[1]))


def enter_again(life, other, chance, share):
    """Some of what the other life has on record and this one has not, as it is there, in any order."""
    keys = [key for key in set(life.where) | set(other.where) if life.where.get(key) != other.where.get(key)]
    for person, measure in chance.sample(sorted(keys), len(keys)):
        if chance.random() < share:
            life.put(person, [one.name for one in MEASURES].index(measure), other.where.get((person, measure)))


def tell_a_life(chance):
    life = Life()
    for _ in range(chance.randrange(1, 4)):
        live(life, chance)
        life.close()
    for _ in range(chance.randrange(1, 3)):  # restores
        other = copy.deepcopy(life)
        lost = []
        for _ in range(chance.randrange(1, 4)):
            live(other, chance)
            lost.append(other.close())
        enter_again(life, other, chance, chance.choice((0, 0.5, 1)))
        for figures in lost:
            life.adopt(figures)
        for _ in range(chance.randrange(1, 4)):
            enter_again(life, other, chance, chance.choice((0, 0.3, 1)))
            live(life, chance)
            life.close()
    return life


def play(program, life):
    """The first act after which the two differ, or None."""
    said = subprocess.run([program], input="".join(line + "\n" for line in life.script), capture_output=True, text=True, check=True)
    for act, line, expected in zip(life.script, said.stdout.splitlines(), life.expected):
        got = [int(word) for word in line.split()]
        if got != [number for cell in expected for number in cell]:
            return act, got, expected
    return None if len(said.stdout.splitlines()) == len(life.script) else ("the end", len(said.stdout.splitlines()), len(life.script))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--lives", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    failed = acts = missing = 0
    for number in range(args.lives):
        life = tell_a_life(random.Random(args.seed * 1000003 + number))
        difference = play(args.program, life)
        acts += len(life.script)
        missing += any(cell[4] < 0 for cell in life.expected[-1])
        if difference or not life.is_balanced():
            failed += 1
            print(f"NOT ok - life {number} of seed {args.seed}: {difference or 'truth is not the sum'}")
    print(f"{args.lives - failed} passed, {failed} failed; {acts} acts, {missing} lives end with somebody missing")
    sys.exit(1 if failed or not missing else 0)


if __name__ == "__main__":
    main()
