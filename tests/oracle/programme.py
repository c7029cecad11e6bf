"""What a programme file counts, read from the text of proto/programme/README.md: variables, conditions, measures, packs of indicators.

A record is a line's of truth.jsonl: {field: ISO day, code id, [code ids], number, None}, and "items": {part: [records]} of what somebody
has many of.
"""

import calendar
import datetime
from dataclasses import dataclass, field

# The field of a record that dates each kind of event; of many, the first counts.
DATED_BY = {
    "applied": "interest_date",
    "declined": "declined_date",
    "entered": "entry_date",
    "reentered": "return_date",
    "transferred_in": "transfer_in_date",
    "transferred_out": "transfer_out_date",
    "spell_started": "spell_start",
    "spell_ended": "spell_end",
    "left": "exit_date",
    "followed_up": "followup_date",
    "answered": "survey_date",
    "deviation": "deviation_date",
}
CELLS_OF = "cells of "
FOREVER = ("0001-01-01", "9999-12-31")


# ---- the file ----


def read_sections(path):
    """[(section, [(key, value)...])] of an ini file."""
    sections = []
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    for line in lines:
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            sections.append((line.strip("[]"), []))
        else:
            key, value = line.split("=", 1)
            sections[-1][1].append((key.strip(), value.strip()))
    return sections


def parts_of(text, mark="|"):
    return [part.strip() for part in text.split(mark)]


def span_of(text):
    first, last = text.split("..")
    return first.strip() or FOREVER[0], last.strip() or FOREVER[1]


def is_in(span, day):
    return span[0] <= day <= span[1]


def values_of(record, name):
    """Every value of a field, of those somebody has many of too."""
    mine = [record.get(name)] + [item.get(name) for items in record.get("items", {}).values() for item in items]
    return [value for value in mine if value is not None]


# ---- variables ----


@dataclass
class Group:
    name: str
    codes: set = field(default_factory=set)
    low: int = 0
    high: int = 0
    span: tuple = FOREVER


@dataclass
class Variable:
    """fields: one, or the two dates of a lapse; groups {}: the codes of the field themselves."""

    name: str
    fields: list
    unit: str = ""
    groups: list = field(default_factory=list)
    unknown: set = field(default_factory=set)
    span: tuple = FOREVER

    def measure(self, record):
        """The number of a lapse or a count, or None."""
        if not self.unit:
            return record.get(self.fields[0])
        first, last = (record.get(name) for name in self.fields)
        return lapse(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last), self.unit) if first and last else None

    def codes(self, programme, record, day):
        """Codes that were valid on the day."""
        found = []
        for value in values_of(record, self.fields[0]):
            found += value if isinstance(value, list) else [value]
        codes = ["yes" if code is True else "no" if code is False else str(code) for code in found]
        return [code for code in codes if is_in(programme.code_span(self.fields[0], code), day)]

    def groups_of(self, programme, record, day):
        """Ids of the groups it falls in on a day."""
        if not is_in(self.span, day):
            return set()
        if self.fields[0].startswith(CELLS_OF):
            measure = next(one for one in programme.measures if one.name == self.fields[0].removeprefix(CELLS_OF))
            cell = measure.cell_of(programme, record, day)
            return {cell.name} if cell else set()
        if not self.groups:
            return set(self.codes(programme, record, day))
        now = [group for group in self.groups if is_in(group.span, day)]
        if self.unit or self.fields[0] not in programme.field_lists:
            number = self.measure(record)
            return {group.name for group in now if number is not None and group.low <= number <= group.high}
        codes = set(self.codes(programme, record, day))
        return {group.name for group in now if group.codes & codes}

    def is_known(self, programme, record, day):
        groups = self.groups_of(programme, record, day)
        codes = set(self.codes(programme, record, day)) if self.fields[0] in programme.field_lists else set()
        return bool(groups) and not (groups | codes) & self.unknown


def lapse(first, last, unit):
    """Whole units from one day to another: a birthday on 29 February comes on 1 March."""
    if unit == "days":
        return (last - first).days
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return months if unit == "months" else last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def read_variable(name, lines):
    values = dict(lines)
    fields, _, unit = values["of"].partition(" in ")
    variable = Variable(name, parts_of(fields, " to "), unit.strip())
    variable.unknown = set(parts_of(values["unknown"], ",")) if "unknown" in values else set()
    variable.span = span_of(values["valid"]) if "valid" in values else FOREVER
    for key, value in lines:
        if key == "group":
            variable.groups.append(read_group(parts_of(value)))
    return variable


def read_group(parts):
    group = Group(parts[1], set(parts_of(parts[4], ",")), span=span_of(parts[5]) if len(parts) > 5 else FOREVER)
    if ".." in parts[4]:
        low, high = parts[4].split("..")
        group.low, group.high = int(low or -(2**31)), int(high or 2**31)
    elif parts[4].isdecimal():  # of a number; of a code its id
        group.low = group.high = int(parts[4])
    return group


# ---- conditions ----


@dataclass
class Test:
    variable: str
    groups: set
    is_not: bool = False

    def holds(self, programme, record, day):
        mine = programme.variable(self.variable).groups_of(programme, record, day)
        return bool(mine) and not mine & self.groups if self.is_not else bool(mine & self.groups)


def read_rule(text):
    """`X is a, b and Y is not c`: all of it must hold."""
    tests = []
    for part in text.split(" and "):
        name, _, groups = part.partition(" is ")
        is_not = groups.strip().startswith("not ")
        tests.append(Test(name.strip(), set(parts_of(groups.strip().removeprefix("not "), ",")), is_not))
    return tests


def any_holds(rules, programme, record, day):
    return any(all(test.holds(programme, record, day) for test in rule) for rule in rules)


# ---- what is counted ----


@dataclass
class Cell:
    name: str
    rules: list = field(default_factory=list)  # any of them; none: the rest


@dataclass
class Measure:
    name: str
    kind: str = ""
    cadence: str = "month"
    cells: list = field(default_factory=list)
    span: tuple = FOREVER

    def cell_of(self, programme, record, day):
        """The first cell that takes the event, or None."""
        return next((cell for cell in self.cells if not cell.rules or any_holds(cell.rules, programme, record, day)), None)

    def is_due(self, month):
        return self.cadence == "month" or (self.cadence == "quarter" and month % 3 == 2) or month % 12 == 11


def read_measure(name, lines):
    measure = Measure(name)
    for key, value in lines:
        if key in ("kind", "cadence"):
            setattr(measure, key, value)
        elif key == "valid":
            measure.span = span_of(value)
        elif key == "cell":
            measure.cells.append(Cell(parts_of(value)[0]))
        elif key == "when":
            measure.cells[-1].rules.append(read_rule(value))
    measure.cells = measure.cells or [Cell("total")]
    return measure


@dataclass
class Indicator:
    name: str
    pack: str
    kind: str
    status: str
    rules: list
    span: tuple


@dataclass
class Programme:
    k: int
    cutoff_days: int
    outcome_days: int
    first: int
    measures: list
    sites: dict  # id -> the first month it reports
    variables: dict = field(default_factory=dict)
    lists: dict = field(default_factory=dict)  # id -> {code: span}
    field_lists: dict = field(default_factory=dict)  # field -> list
    packs: dict = field(default_factory=dict)  # id -> variables of a complete record
    indicators: list = field(default_factory=list)

    def variable(self, name):
        return self.variables.get(name) or Variable(name, [name])

    def code_span(self, name, code):
        return self.lists.get(self.field_lists.get(name, name), {}).get(code, FOREVER)

    def day_of(self, kind, record):
        """The day of a record's event of a kind, or None."""
        if record is None or record.get("exit_reason") == "misregistered":
            return None
        if kind == "entered" and record.get("transfer_in_date"):
            return None
        return min(values_of(record, DATED_BY.get(kind, "")), default=None)

    def is_complete(self, pack, record, day):
        return all(self.variable(name).is_known(self, record, day) for name in self.packs[pack])

    @staticmethod
    def read(path):
        read = Programme(0, 0, 0, 0, [], {})
        for section, lines in read_sections(path):
            kind, _, name = section.partition(" ")
            READERS.get(kind, lambda *_: None)(read, name, lines)
        return read


def read_policy(programme, _, lines):
    values = dict(lines)
    programme.k, programme.cutoff_days, programme.outcome_days = (int(values[key]) for key in ("k", "cutoff_days", "outcome_days"))


def read_head(programme, _, lines):
    programme.first = month_of(dict(lines)["valid"].split("..")[0])


def read_site(programme, name, lines):
    programme.sites[name] = max(programme.first, month_of(dict(lines).get("valid", "0000-01").split("..")[0]))


def read_list(programme, name, lines):
    codes = [parts_of(value) for key, value in lines if key == "code"]
    programme.lists[name] = {parts[1]: span_of(parts[4]) if len(parts) > 4 else FOREVER for parts in codes}


def read_field(programme, name, lines):
    if "list" in dict(lines):
        programme.field_lists[name] = dict(lines)["list"]


def read_indicator(programme, name, lines):
    values = dict(lines)
    rules = [read_rule(value) for key, value in lines if key == "when"]
    span = span_of(values["valid"]) if "valid" in values else FOREVER
    programme.indicators.append(Indicator(name, values["pack"], values["kind"], values["status"], rules, span))


def read_pack(programme, name, lines):
    programme.packs[name] = parts_of(dict(lines)["complete"], ",")


READERS = {
    "policy": read_policy,
    "programme": read_head,
    "site": read_site,
    "list": read_list,
    "field": read_field,
    "variable": lambda programme, name, lines: programme.variables.update({name: read_variable(name, lines)}),
    "measure": lambda programme, name, lines: programme.measures.append(read_measure(name, lines)),
    "pack": read_pack,
    "indicator": read_indicator,
}


# ---- months ----


def month_of(day):
    """'2018-06-15' -> 2018 * 12 + 5."""
    return int(day[:4]) * 12 + int(day[5:7]) - 1


def month_text(month):
    return f"{month // 12}-{month % 12 + 1:02}"


def last_day(month):
    return datetime.date(month // 12, month % 12 + 1, calendar.monthrange(month // 12, month % 12 + 1)[1])
