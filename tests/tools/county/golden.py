"""
The county of sixty (tests/data/golden-60): one table of people made by hand, given to the import as
a case system would have, month by month, and what that makes true.
"""

import csv
import datetime
import itertools
import pathlib

from . import model, rounds
from .chance import add_months, age_on, days, month_of
from .dialect import ITEM_FILES, Dialect

DATA = pathlib.Path(__file__).resolve().parents[2] / "data" / "golden-60"
SITE = "ostra-sodertorn"
FIRST, LAST = month_of("2017-04"), month_of("2018-09")
CHANGED_ON = datetime.date(2018, 7, 12)
# What is not known before its day.
KNOWN_FROM = {"ENTRY": "entry_date", "EXIT": "exit_date", "FOLLOWUP": "followup_date",
              "SPELL": "spell_start"}


def value_of(programme, field, text):
    """What a cell of input.csv says."""
    if not text:
        return None
    if field.type == "NUMBER_ID":
        return text.replace("-", "")
    if field.type == "DATE":
        return datetime.date.fromisoformat(text)
    if field.type == "COUNT":
        return int(text)
    if field.type == "MUNICIPALITY":
        return next(code for site in programme.sites.values()
                    for code, name, _ in site.municipalities if name == text)
    if not field.list:
        return text
    ids = {code.sv: code.id for code in programme.lists[field.list]}
    if field.type == "SET":
        return tuple(ids[part] for part in text.split("+"))
    return ids[text] == "yes" if field.type == "BOOL" else ids[text]


def read(programme, name):
    """The rows of a file as records, in its order."""
    by_heading = {field.sv: field for field in programme.fields.values()}
    with open(DATA / name, encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    fields = [by_heading[heading] for heading in lines[0]]
    return [{field.id: value_of(programme, field, text) for field, text in zip(fields, line)}
            for line in lines[1:]]


def known_on(programme, record, day):
    """What of it the case system knows on that day; None: nothing."""
    begins = record["interest_date"] or record["entry_date"]
    if begins > day:
        return None
    known = dict(record)
    for field in programme.fields.values():
        dated = known_from(field)
        if field.id in known and dated and record[dated] and record[dated] > day:
            known[field.id] = None
    return known


def known_from(field):
    return "spell_end" if field.id == "spell_end" else KNOWN_FROM.get(field.part)


def is_refused(programme, record):
    """Too young or too old on the day of entry."""
    if not record["birth_date"] or not record["entry_date"]:
        return False
    first, last = programme.ages
    return not first <= age_on(record["birth_date"], record["entry_date"]) <= last


class Golden:
    """Writes DIR as rounds.Writer does. People are known by their local ids."""

    def __init__(self, programme, out):
        self.programme, self.out = programme, out
        self.people = read(programme, "input.csv")
        self.answers = read(programme, "answers.csv")
        self.dialect = Dialect(newline="\n", left_out=[
            field for field in programme.fields if field not in self.people[0]
            and field not in ("method", "provider")])
        self.stored, self.rounds = {}, []

    def run(self):
        with open(self.out / "truth.jsonl", "w", encoding="utf-8", newline="\n") as self.truth:
            month = FIRST
            while month <= LAST:
                after = add_months(month, 1)
                self.add_round(after + days(4), self.export(after - days(1)))
                if after == month_of("2018-07"):
                    self.add_round(CHANGED_ON, self.changes())
                month = after
        rounds.write_plan(self.out, self.programme, 0, self.rounds, LAST, [SITE])
        totals = rounds.Totals([SITE])
        for state in self.stored.values():
            totals.count(SITE, state)
        totals.write(self.out)

    def export(self, day):
        """[(kind, rows)] of a month's end."""
        people = [known_on(self.programme, record, day) for record in self.people]
        answers = [record for record in self.answers if record["survey_date"] <= day]
        return [("participants", [record for record in people if record]), ("answers", answers)]

    def changes(self):
        changed = {record["local_id"]: record for record in read(self.programme, "changes.csv")}
        self.people = [changed.get(record["local_id"], record) for record in self.people]
        return [("participants", list(changed.values())),
                ("spells", read(self.programme, "spells.csv"))]

    def add_round(self, day, kinds):
        number = len(self.rounds) + 1
        imports = []
        for kind, rows in kinds:
            file = rounds.File(self.programme, self.dialect, kind)
            if kind in ITEM_FILES:
                self.add_items(file, number, rows)
            else:
                for record in rows:
                    self.add(file, number, day, record)
            imports += self.write(file, number)
        self.rounds.append({"number": number, "at": day.isoformat(), "imports": imports})

    def add(self, file, number, day, record):
        is_answer = file.kind == "answers"
        file.add(record)
        if not is_answer and is_refused(self.programme, record):
            file.refuse("V010")
            return
        key = record["invitation_code"] if is_answer else record["local_id"]
        known = self.stored.get(key)
        state = self.answered(record) if is_answer else \
            model.settle(self.programme, self.dialect, record, known, day)
        self.accept(file, number, key, state, "answer" if is_answer else "participant")

    def add_items(self, file, number, rows):
        """Rows of one person stand beneath each other, and are one act."""
        for key, mine in itertools.groupby(rows, key=lambda row: row["local_id"]):
            mine = list(mine)
            for row in mine:
                file.add(row)
            state = model.with_items(self.programme, self.dialect, self.stored[key], mine)
            self.accept(file, number, key, state, file.kind[:-1])

    def accept(self, file, number, key, state, kind):
        known = self.stored.get(key)
        if state == known:
            file.counts["unchanged"] += 1
            return
        file.counts["changed" if known else "new"] += 1
        self.stored[key] = state
        rounds.tell(self.truth, self.programme, number, SITE, key, kind, known is None, state)

    def answered(self, record):
        state = model.blank(self.programme)
        return {**state, **{field: value for field, value in record.items() if field in state}}

    def write(self, file, number):
        if file.counts["rows"] == 0:
            return []
        name = "%02d-%s.csv" % (number, file.kind)
        (self.out / SITE).mkdir(exist_ok=True)
        (self.out / SITE / name).write_bytes(b"".join(file.parts))
        return [file.entry(SITE, name)]
