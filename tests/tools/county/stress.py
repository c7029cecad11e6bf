"""One site's file of as many rows as are wanted, fast: rows are joined of parts made before."""

import datetime

from . import entry, outcome
from .chance import Chance, days
from .dialect import Dialect
from .identity import FIRST_TEST_BIRTH, Numbers

SITE = "sodertalje"
PARTS = 4096
ONE_IN = 20  # has a number, while there are any
DIALECT = Dialect(words="id", newline="\n", left_out=("name",))
OWN = ("person_number", "local_id", "sex", "birth_date")


def tails(programme, seed):
    """Rows but for who it is, with the entry date and age they were made for."""
    chance = Chance(seed, "stress")
    columns = [field for field in DIALECT.columns(programme, "participants") if field not in OWN]
    parts = []
    for _ in range(PARTS):
        day = programme.operation[0] + days(chance.between(0, 600))
        birth = entry.birth_date(chance, day, (16, 64))
        sex = "woman" if chance.happens(.58) else "man"
        record = {"interest_date": day - days(20), "referrer": "af", "municipality": "0181",
                  "consent": "given", "consent_date": day - days(3), "protected": False,
                  **entry.data(chance, sex, birth, day), **outcome.spell(chance, day)}
        leaves = max(day + days(int(30.4 * chance.lognormal(7, .737))), record["spell_start"])
        if leaves < datetime.date(2018, 12, 1):
            record.update({"exit_date": leaves, "spell_end": leaves},
                          **outcome.result(chance, leaves))
        cells = [DIALECT.cell(programme, programme.fields[field], record.get(field))
                 for field in columns]
        parts.append((sex, birth.isoformat(), ";".join(map(DIALECT.quoted, cells)) + "\n"))
    return columns, parts


def numbers(parts):
    """Test numbers, each with the part of a person of that sex and about that age."""
    taken = Numbers()
    births = sorted((birth, i) for i, (_, birth, _) in enumerate(parts)
                    if birth >= FIRST_TEST_BIRTH.isoformat())
    for shift in range(60):
        for text, i in births:
            birth = datetime.date.fromisoformat(text) + days(shift)
            number = taken.take(birth, parts[i][0])
            if number:
                yield number, birth.isoformat(), i


def write(programme, seed, n, out):
    """DIR/SITE/01-participants.csv; its entry of the plan."""
    columns, parts = tails(programme, seed)
    given = numbers(parts)
    (out / SITE).mkdir(exist_ok=True)
    with open(out / SITE / "01-participants.csv", "w", encoding="utf-8", newline="") as file:
        head = [DIALECT.heading(programme, field) for field in list(OWN) + columns]
        file.write(";".join(head) + "\n")
        for start in range(0, n, PARTS):
            rows = []
            for i in range(start, min(n, start + PARTS)):
                number, birth, part = next(given, (None, None, None)) if i % ONE_IN == 0 \
                    else (None, None, None)
                if number is None:
                    sex, birth, tail = parts[i % PARTS]
                    rows.append(f";L{i + 1};{sex};{birth};{tail}")
                else:
                    rows.append(f"{number};L{i + 1};{parts[part][0]};{birth};{parts[part][2]}")
            file.write("".join(rows))
    return {"site": SITE, "file": SITE + "/01-participants.csv", "kind": "participants",
            "options": [], "rows": n, "new": n, "changed": 0, "unchanged": 0, "refused": {}}
