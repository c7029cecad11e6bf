"""A file a site, of as many rows as are wanted, fast: rows are joined of parts made before."""

import datetime

from . import entry, outcome, rounds
from .chance import Chance, days
from .dialect import Dialect
from .identity import FIRST_TEST_BIRTH, Numbers

SITE = "sodertalje"
ROWS = 50000  # of each site in the set of that name
LAST = datetime.date(2018, 12, 1)
PARTS = 4096
ONE_IN = 20  # has a number, while there are any
DIALECT = Dialect(words="id", newline="\n", left_out=("name",))
OWN = ("person_number", "local_id", "sex", "birth_date")


class Part:
    """A row but for who it is: sex and birth for which it was made, cells, and what it counts as."""

    def __init__(self, sex, birth, text, record):
        self.sex, self.birth, self.text = sex, birth.isoformat(), text
        self.record = record
        self.rows = 0


def make_parts(programme, seed, site):
    chance = Chance(seed, "stress", site)
    columns = [field for field in DIALECT.columns(programme, "participants") if field not in OWN]
    own = programme.sites[site]
    first = max(programme.operation[0], own.span[0])
    parts = []
    for _ in range(PARTS):
        day = first + days(chance.between(0, min(600, (programme.operation[1] - first).days)))
        birth = entry.birth_date(chance, day, (16, 64))
        sex = "woman" if chance.happens(.58) else "man"
        record = {"interest_date": day - days(20), "referrer": "af",
                  "municipality": own.municipalities[0][0],
                  "consent": "given", "consent_date": day - days(3), "protected": False,
                  **entry.data(chance, sex, birth, day), **outcome.spell(chance, day)}
        leaves = max(day + days(int(30.4 * chance.lognormal(7, .737))), record["spell_start"])
        if leaves < LAST:
            record.update({"exit_date": leaves, "spell_end": leaves},
                          **outcome.result(chance, leaves))
        cells = [DIALECT.cell(programme, programme.fields[field], record.get(field))
                 for field in columns]
        parts.append(Part(sex, birth, ";".join(map(DIALECT.quoted, cells)) + "\n", record))
    return columns, parts


def numbers(parts, taken):
    """Test numbers, each with the part of a person of that sex and about that age."""
    births = sorted((part.birth, i) for i, part in enumerate(parts)
                    if part.birth >= FIRST_TEST_BIRTH.isoformat())
    for shift in range(60):
        for text, i in births:
            birth = datetime.date.fromisoformat(text) + days(shift)
            number = taken.take(birth, parts[i].sex)
            if number:
                yield number, birth.isoformat(), parts[i]


def row(i, given, parts):
    """One person of twenty has a number, while there are any."""
    number, birth, part = next(given, (None, None, None)) if i % ONE_IN == 0 else (None,) * 3
    if number is None:
        part = parts[i % PARTS]
        number, birth = "", part.birth
    part.rows += 1
    return f"{number};L{i + 1};{part.sex};{birth};{part.text}"


def write_site(programme, seed, site, n, taken, out):
    """DIR/SITE/01-participants.csv; the parts, with how many rows each made."""
    columns, parts = make_parts(programme, seed, site)
    given = numbers(parts, taken)
    (out / site).mkdir(exist_ok=True)
    with open(out / site / "01-participants.csv", "w", encoding="utf-8", newline="") as file:
        head = [DIALECT.heading(programme, field) for field in list(OWN) + columns]
        file.write(";".join(head) + "\n")
        for start in range(0, n, PARTS):
            file.write("".join(row(i, given, parts) for i in range(start, min(n, start + PARTS))))
    return parts


def write(programme, seed, rows, out):
    """rows: site -> how many. Files, plan and the ledger of true totals; there is no truth.jsonl."""
    taken, totals, imports = Numbers(), rounds.Totals(rows), []
    for site, n in rows.items():
        for part in write_site(programme, seed, site, n, taken, out):
            if part.rows:
                totals.count(site, part.record, part.rows)
        imports.append({"site": site, "file": site + "/01-participants.csv",
                        "kind": "participants", "options": [], "rows": n, "new": n, "changed": 0,
                        "unchanged": 0, "refused": {}})
    totals.write(out)
    at = max(datetime.date(2019, 1, 5),
             *(programme.sites[site].span[0] + days(220) for site in rows))
    plan = [{"number": 1, "at": at.isoformat(), "imports": imports}]
    last = at.replace(day=1) - days(1)
    rounds.write_plan(out, programme, seed, plan, last, list(rows))
