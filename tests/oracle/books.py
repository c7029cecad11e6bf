#!/usr/bin/python3
"""The books of 3-privacy 3.1 (lane A) once more, written from the design's text alone and not from the C code.

It keeps every event by itself where the daemon keeps counts, so that an error of counting in either shows as a difference.

Usage: books.py --programme FILE --truth truth.jsonl --plan plan.json
       books.py --self-test
"""

import argparse
import datetime
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

# pylint: disable=wrong-import-position
from programme import Cell, Measure, Programme, any_holds, last_day, month_of, month_text, read_rule  # noqa: E402

# ---- the books ----


@dataclass
class Event:
    """What one person (or answer) is in one measure: waiting, or booked in a cell with a correction to come or not."""

    cell: str
    month: int
    booked: str = ""  # the cell it stands in, in the published figures
    correction: object = None  # (recorded, cell or "")


class Books:
    """One site's."""

    def __init__(self, programme, site):
        self.programme = programme
        self.events = {}  # (person, measure) -> Event
        self.records = {}
        self.history = defaultdict(list)  # batch -> [(person, record before or None)]
        self.recorded = 0
        self.next = programme.sites[site]
        self.moved = {}  # of the month that is being closed
        self.erased = defaultdict(int)  # (measure, cell) -> booked, and nobody's any more
        self.published = {}  # month -> {(measure, cell): value}
        self.corrected = {}  # month -> {(measure, cell): [taken away, added]}, where there was any
        self.advance = defaultdict(int)  # (measure, cell) -> published by reports that came back, and not made up for

    def act(self, person, record, batch=None):
        """A record appears or changes (None: it is gone); batch names the import, for undo."""
        self.history[batch].append((person, self.records.get(person)))
        self.recorded += 1
        self.records[person] = record
        for measure in self.programme.measures:
            self.change((person, measure.name), self.contribution(measure, record))

    def undo(self, batch):
        """Every record of the batch goes back to what it was."""
        for person, before in list(self.history.pop(batch, [])):
            self.act(person, before)

    def erase(self, person):
        """The record is destroyed: what is booked stands, what was not booked never is."""
        self.records.pop(person)
        for key in [key for key in self.events if key[0] == person]:
            event = self.events[key]
            if event.booked:
                self.erased[key[1], event.booked] += 1
            elif self.advance[key[1], event.cell] > 0 >= self.net(key[1], event.cell):  # made up for one who was published
                self.erased[key[1], event.cell] += 1
                self.advance[key[1], event.cell] -= 1
            del self.events[key]

    def contribution(self, measure, record):
        """(cell, month) or None."""
        day = self.programme.day_of(measure.kind, record)
        if not day or not measure.span[0] <= day <= measure.span[1]:
            return None
        cell = measure.cell_of(self.programme, record, day)
        if measure.kind == "left" and not (record.get("exit_reason") and record.get("result_date")):
            day = str(datetime.date.fromisoformat(day) + datetime.timedelta(self.programme.outcome_days))
        return cell and (cell.name, month_of(day))

    def change(self, key, now):
        event = self.events.get(key)
        if event is None:
            if now is not None:
                self.events[key] = Event(*now)
        elif not event.booked:
            if now is None:
                del self.events[key]
            else:
                event.cell, event.month = now
        else:
            self.correct(event, now)
        self.settle(key[1])

    def correct(self, event, now):
        target = now[0] if now else ""
        if target == event.booked:
            event.correction = None
        elif event.correction is None or event.correction[1] != target:
            event.correction = (self.recorded, target)

    def is_headline(self, value):
        return value == 0 or value >= self.programme.k

    def close(self, month):
        """Books what reaches k, then tries the corrections in recorded order."""
        assert month == self.next
        due = [measure for measure in self.programme.measures if measure.is_due(month)]
        figures = {(measure.name, cell.name): 0 for measure in due for cell in measure.cells}
        for name, cell in figures:
            ready = [e for (_, m), e in self.events.items() if m == name and not e.booked and e.cell == cell and e.month <= month]
            if len(ready) - self.advance[name, cell] >= self.programme.k:
                figures[name, cell] = len(ready) - self.advance.pop((name, cell))
                for event in ready:
                    event.booked = cell
        self.moved = defaultdict(lambda: [0, 0])
        waiting = [(e.correction[0], key, e) for key, e in self.events.items() if e.correction and (key[1], e.booked) in figures]
        for _, key, event in sorted(waiting, key=lambda row: row[0]):
            self.try_correction(figures, key, event)
        self.published[month] = figures
        self.corrected[month] = dict(self.moved)
        self.next = month + 1
        return figures

    def try_correction(self, figures, key, event):
        before, after = (key[1], event.booked), (key[1], event.correction[1])
        if figures[before] < 1 or not self.is_headline(figures[before] - 1):
            return
        if after[1] and not self.is_headline(figures[after] + 1):
            return
        figures[before] -= 1
        self.moved[before][0] += 1
        if after[1]:
            figures[after] += 1
            self.moved[after][1] += 1
            event.booked, event.correction = after[1], None
        else:
            del self.events[key]

    def adopt(self, month, figures):
        """After a restore: a report of ours that came back, made from records that are lost. It is published; whoever waits in its cells,
        entered again or new, dated whenever, makes up for it before anybody is published there again."""
        assert month == self.next
        self.published[month] = dict(figures)
        self.corrected[month] = {}
        self.next = month + 1
        for key, value in figures.items():
            self.advance[key] += value
        for measure in {name for name, _ in figures}:
            self.settle(measure)

    def waits(self, measure, cell):
        return sum(m == measure and not e.booked and e.cell == cell for (_, m), e in self.events.items())

    def net(self, measure, cell):
        """Who waits beyond those that make up for adopted figures; below 0, who is missing of them."""
        return self.waits(measure, cell) - self.advance[measure, cell]

    def settle(self, measure):
        """A correction that adopted figures hold already: too many wait where it leaves, and too few where it comes to."""
        if not any(value > 0 for value in self.advance.values()):
            return
        waiting = [(e.correction[0], key) for key, e in self.events.items() if key[1] == measure and e.correction]
        for _, key in sorted(waiting):
            event = self.events[key]
            before, after = event.booked, event.correction[1]
            if self.advance[measure, before] <= 0 or self.net(measure, before) < 1 or (after and self.net(measure, after) >= 0):
                continue
            self.advance[measure, before] += 1
            if after:
                self.advance[measure, after] -= 1
                event.booked, event.correction = after, None
            else:
                del self.events[key]
            self.settle(measure)  # which may have made room for one recorded earlier
            return

    def difference(self, measure, cell):
        """Published, and known of nobody: 0 or below. Truth = published + waiting + corrections + difference."""
        return min(0, self.net(measure, cell))

    def balance(self, measure, cell):
        """(truth, published, waiting, corrections): truth = published + waiting + corrections, + difference() after a restore."""
        mine = [e for (_, m), e in self.events.items() if m == measure]
        truth = 0
        for record in self.records.values():
            now = self.contribution(next(m for m in self.programme.measures if m.name == measure), record)
            truth += now is not None and now[0] == cell
        published = sum(figures.get((measure, cell), 0) for figures in self.published.values())
        waiting = max(0, self.net(measure, cell))
        corrections = sum((e.correction[1] == cell) - (e.booked == cell) for e in mine if e.correction)
        return truth + self.erased[measure, cell], published, waiting, corrections


def closing_day(programme, month):
    """The day on whose first moment the month closes."""
    return last_day(month) + datetime.timedelta(programme.cutoff_days)


def play(programme, plan, truth):
    """Every site's books after the plan's rounds and closings."""
    books = {site: Books(programme, site) for site in plan["sites"]}
    acts = defaultdict(list)
    for act in truth:
        acts[act["round"]].append(act)
    for number in sorted(acts):
        at = datetime.date.fromisoformat(next(r["at"] for r in plan["rounds"] if r["number"] == number))
        close_until(programme, books, at)
        for act in acts[number]:
            books[act["site"]].act(act["id"], act["record"], (number, act["kind"]))
    close_until(programme, books, closing_day(programme, month_of(plan["last"] + "-01")))
    return books


def close_until(programme, books, day):
    for book in books.values():
        while closing_day(programme, book.next) <= day:
            book.close(book.next)


# ---- small cases worked by hand ----


def simple():
    return Programme(5, 10, 28, month_of("2018-01-01"), [
        Measure("entered", "entered", "month", [Cell("total")]),
        Measure("left", "left", "month", [Cell("work", [read_rule("exit_reason is work")]), Cell("other")]),
    ], {"a": month_of("2018-01-01")})


def entries(book, first, n, day):
    for i in range(first, first + n):
        book.act(f"p{i}", {"entry_date": day})


def self_test():
    passed = failed = 0

    def claim(name, got, expected):
        nonlocal passed, failed
        is_same = got == expected
        passed, failed = passed + is_same, failed + (not is_same)
        print(f"{'ok' if is_same else 'NOT ok'} - {name}" + ("" if is_same else f": {got} instead of {expected}"))

    book = Books(simple(), "a")
    entries(book, 0, 4, "2018-01-10")
    claim("four wait", book.close(book.next)["entered", "total"], 0)
    entries(book, 4, 1, "2018-01-20")
    claim("the fifth, late, books all five", book.close(book.next)["entered", "total"], 5)
    claim("truth is published and waiting", book.balance("entered", "total"), (5, 5, 0, 0))

    book = Books(simple(), "a")
    for i in range(6):
        book.act(f"p{i}", {"exit_date": "2018-01-10", "exit_reason": "work", "result_date": "2018-01-12"})
    claim("six go to work", book.close(book.next)["left", "work"], 6)
    book.act("p0", {"exit_date": "2018-01-10", "exit_reason": "rehab", "result_date": "2018-01-12"})
    claim("a correction waits where nothing flows", book.close(book.next), {("entered", "total"): 0, ("left", "work"): 0, ("left", "other"): 0})
    for i in range(6, 12):
        book.act(f"p{i}", {"exit_date": "2018-03-10", "exit_reason": "work", "result_date": "2018-03-12"})
        book.act(f"q{i}", {"exit_date": "2018-03-10", "exit_reason": "other", "result_date": "2018-03-12"})
    figures = book.close(book.next)
    claim("and is booked forward where both stay safe", (figures["left", "work"], figures["left", "other"]), (5, 7))
    claim("which takes away and adds", book.corrected[month_of("2018-03-01")], {("left", "work"): [1, 0], ("left", "other"): [0, 1]})
    claim("balance of the corrected cell", book.balance("left", "other"), (7, 7, 0, 0))

    book = Books(simple(), "a")
    for i in range(5):
        book.act(f"p{i}", {"exit_date": "2018-01-20"})
    claim("an exit without outcome is not bookable", book.close(book.next)["left", "other"], 0)
    claim("but 28 days later", book.close(book.next)["left", "other"], 5)

    book = Books(simple(), "a")
    for i in range(5):
        book.act(f"p{i}", {"entry_date": "2018-01-05"}, "batch")
    book.undo("batch")
    claim("an undone import is not booked", book.close(book.next)["entered", "total"], 0)

    book = Books(simple(), "a")
    entries(book, 0, 6, "2018-01-10")
    entries(book, 6, 3, "2018-02-10")
    book.close(book.next)
    book.erase("p0")
    book.erase("p6")
    claim("who is erased stays in the closed figures", book.balance("entered", "total"), (8, 6, 2, 0))
    claim("and is never booked after", book.close(book.next)["entered", "total"], 0)

    book = Books(simple(), "a")
    entries(book, 0, 3, "2018-01-10")
    book.adopt(book.next, {("entered", "total"): 6})
    claim("of six that came back three are known", (book.balance("entered", "total"), book.difference("entered", "total")), ((3, 6, 0, 0), -3))
    entries(book, 3, 7, "2018-02-10")
    claim("seven come: three make up for the missing, four wait", (book.close(book.next)["entered", "total"], book.balance("entered", "total")), (0, (10, 6, 4, 0)))
    entries(book, 10, 1, "2018-03-10")
    claim("the fifth beyond them books five", (book.close(book.next)["entered", "total"], book.balance("entered", "total")), (5, (11, 11, 0, 0)))

    book = Books(simple(), "a")
    entries(book, 0, 6, "2018-01-10")
    book.adopt(book.next, {("entered", "total"): 6})
    book.erase("p0")
    entries(book, 6, 1, "2018-02-10")
    claim("who is erased stays in the figure that came back", (book.balance("entered", "total"), book.difference("entered", "total")), ((7, 6, 1, 0), 0))
    print(f"{passed} passed, {failed} failed")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--programme")
    parser.add_argument("--truth")
    parser.add_argument("--plan")
    args = parser.parse_args()
    if args.self_test:
        sys.exit(1 if self_test() else 0)
    programme = Programme.read(args.programme)
    with open(args.plan, encoding="utf-8") as plan, open(args.truth, encoding="utf-8") as truth:
        books = play(programme, json.load(plan), [json.loads(line) for line in truth])
    json.dump({
        site: {month_text(month): {f"{m}/{c}": v for (m, c), v in figures.items()} for month, figures in book.published.items()}
        for site, book in books.items()
    }, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
