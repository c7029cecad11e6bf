"""The programme file and the fields of a record, as far as a generator needs them."""

import datetime
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAMME = ROOT / "proto" / "programme" / "mia.ini"
RECORD = ROOT / "daemon" / "site" / "record.def"
FOREVER = (datetime.date.min, datetime.date.max)


class Code:
    """One row of a code list."""

    def __init__(self, parts):
        self.number, self.id, self.sv, self.en = int(parts[0]), parts[1], parts[2], parts[3]
        self.span = span_of(parts[4]) if len(parts) > 4 else FOREVER


class Field:
    """One row of record.def, with its headings: type is CODE, SET, DATE, ..., part ENTRY, ..."""

    def __init__(self, name, kind, list_id, part):
        self.id, self.type, self.list, self.part = name, kind, list_id, part
        self.sv = self.en = name
        self.is_coded = kind not in ("TEXT", "NUMBER_ID")


class Site:
    """One association: municipalities are (code, name, span)."""

    def __init__(self, name):
        self.id = name
        self.municipalities, self.targets = [], []
        self.ages = (16, 64)
        self.span = FOREVER


class Programme:
    """lists: id -> [Code]; fields: id -> Field in the order of record.def; sites in file order."""

    def __init__(self):
        self.id = ""
        self.operation = FOREVER
        self.cutoff_days = 10
        self.ages = (16, 64)
        self.lists, self.fields, self.sites = {}, {}, {}


def span_of(text):
    """'2017-04-01..2020-12-31', either end left out."""
    first, last = (part.strip() for part in text.split(".."))
    return (datetime.date.fromisoformat(first) if first else datetime.date.min,
            datetime.date.fromisoformat(last) if last else datetime.date.max)


def sections_of(text):
    """Yields (kind, id, [(key, value)])."""
    kind = name = None
    rows = []
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            if kind:
                yield kind, name, rows
            kind, _, name = line[1:-1].partition(" ")
            rows = []
        else:
            key, _, value = line.partition("=")
            rows.append((key.strip(), value.strip()))
    if kind:
        yield kind, name, rows


def parts_of(value):
    return [part.strip() for part in value.split("|")]


def read_site(name, rows):
    site = Site(name)
    for key, value in rows:
        parts = parts_of(value)
        if key == "municipality":
            span = span_of(parts[3]) if len(parts) > 3 else FOREVER
            site.municipalities.append((parts[0], parts[1], span))
        elif key == "target":
            site.targets.append((datetime.date.fromisoformat(parts[0]), int(parts[1])))
        elif key == "ages":
            site.ages = tuple(int(age) for age in value.split("-"))
        elif key == "valid":
            site.span = span_of(value)
    return site


def read_fields():
    """record.def is the one list of fields."""
    row = re.compile(r'^FIELD\((\w+), (\w+), (NULL|"(\w*)"), (\w+)\)$')
    fields = {}
    for line in RECORD.read_text(encoding="utf-8").splitlines():
        found = row.match(line)
        if found:
            fields[found[1]] = Field(found[1], found[2], found[4], found[5])
    return fields


def read(path=PROGRAMME):
    """The programme of a file."""
    programme = Programme()
    programme.fields = read_fields()
    for kind, name, rows in sections_of(pathlib.Path(path).read_text(encoding="utf-8")):
        values = dict(rows)
        if kind == "programme":
            programme.id = values["id"]
            programme.operation = span_of(values["valid"])
            programme.ages = tuple(int(age) for age in values["ages"].split("-"))
        elif kind == "policy":
            programme.cutoff_days = int(values["cutoff_days"])
        elif kind == "site":
            programme.sites[name] = read_site(name, rows)
        elif kind == "list":
            programme.lists[name] = [Code(parts_of(value)) for key, value in rows if key == "code"]
        elif kind == "field" and name in programme.fields:
            programme.fields[name].sv = values["sv"]
            programme.fields[name].en = values["en"]
    return programme
