"""
Every way a row can be wrong, under the code of its first error: one row of the table each. A record
has two more keys here: "was", the stored record or None, and "today". No fault writes a date after
today: of two-digit years that would be another century.
"""

import datetime

from .chance import add_months, age_on, days
from .dialect import BAD, Raw
from .identity import check_digit


class Fault:
    """needs: columns; fits(r) says whether it can be done to a record; change(r) gives new values,
    cells texts in place of cells; twice adds the row once more, extra a cell behind the last."""

    def __init__(self, code, fits=None, change=None, cells=None, **more):
        self.code, self.kind = code, more.get("kind", "participants")
        self.fits, self.change, self.cells = fits, change, cells
        self.needs, self.unless = more.get("needs", ()), more.get("unless")
        self.twice, self.extra = more.get("twice", False), more.get("extra", False)

    def suits(self, record, dialect, columns):
        if any(field not in columns for field in self.needs):
            return False
        if self.unless and self.unless(dialect):
            return False
        if self.fits and not self.fits(record):
            return False
        return not self.cells or all(field in columns for field in self.cells(record))


# ---- What a record is ----

def is_named(r):
    """Somebody with consent, whatever they are known by."""
    return r.get("consent") == "given"


def is_anonymous(r):
    return bool(r.get("protected") or r.get("consent") == "refused")


def has_number(r):
    return is_named(r) and r.get("person_number")


def has_entry(r):
    return is_named(r) and r.get("entry_date") and r.get("exit_reason") != "misregistered"


def has_exit(r):
    return has_entry(r) and r.get("exit_date")


def is_active(r):
    return has_entry(r) and not r.get("exit_date")


def has_spell(r):
    return has_entry(r) and r.get("spell_start")


def has_open(state):
    """Whether somebody known has an activity that has not ended."""
    return state and any(not item["spell_end"] for item in state["items"].get("spell", ()))


def is_local(r):
    return has_entry(r) and not r.get("person_number")


def age(r):
    return age_on(r["birth_date"], r["entry_date"])


# ---- Numbers ----

def wrong_digit(r):
    digits = r["person_number"]
    return digits[:8] + "-" + digits[8:11] + str((int(digits[11]) + 1) % 10)


def unborn(r):
    nine = "990101238"
    return "20990101-238" + check_digit(nine)


def lost_zero(r):
    """Of ten digits the first, when it was a zero; else of twelve."""
    return r["person_number"][1:]


def cell(field, text):
    return lambda r: {field: text(r) if callable(text) else text}


def with_exit(r, **values):
    return {"exit_reason": r.get("exit_reason") or "other", **values}


REENTRY = ("exit_date", "exit_reason", "works_type", "works_extent", "studies_kind",
           "studies_extent", "af_programme", "job_seeking", "qualification", "income_after",
           "step", "result_date", "followup_date", "followup_outcome", "followup_employed",
           "followup_studies", "followup_improved")


def rewritten(r):
    education = "upper3" if r["education"] != "upper3" else "compulsory"
    return {**dict.fromkeys(REENTRY), "education": education}


def is_cp1252(dialect):
    return dialect.encoding == "cp1252"


def is_day_first(dialect):
    return bool(dialect.options)


def is_english(dialect):
    return dialect.heads == "en"


FAULTS = [
    # Bytes
    Fault("I011", None, None, cell("local_id", Raw('Kv"7'))),
    Fault("I012", None, None, cell("local_id", "L" * 4200)),
    Fault("I013", None, None, None, extra=True),
    Fault("I015", None, None, cell("local_id", "AB\0C")),
    Fault("I016", None, None, cell("local_id", "L" + BAD + "nr"), unless=is_english),
    # Cells
    Fault("I014", has_number, None, cell("person_number", wrong_digit)),
    Fault("I017", has_number, None,
          cell("person_number", lambda r: r["person_number"][:8] + "-T" + r["person_number"][9:])),
    Fault("I018", is_named, None, cell("person_number", "12345")),
    Fault("I019", is_named, None, cell("person_number", "559900-0000")),
    Fault("I020", is_named, None, cell("person_number", unborn)),
    Fault("I021", is_named, None, cell("person_number", "1,98E+11")),
    Fault("I022", has_number, None, cell("person_number", lost_zero)),
    Fault("I023", has_entry, None, cell("entry_date", "2017-02-30")),
    Fault("I024", has_entry, None, cell("entry_date", "03/04/2018"), unless=is_day_first),
    Fault("I025", has_entry, None, cell("labour", "kanske")),
    Fault("I026", has_entry, None, cell("months_unemployed", "ca 12")),
    Fault("I027", None, None, cell("local_id", "L" * 120)),
    Fault("I029", None, None, cell("local_id", "ett\ntvå")),
    Fault("I034", is_anonymous, lambda r: {"local_id": None}),
    Fault("I036", lambda r: r.get("entry_date"), twice=True),
    # Who
    Fault("V001", is_named, lambda r: {"person_number": None, "local_id": None}),
    Fault("V002", has_number, lambda r: {"consent": None}),
    Fault("V003", has_number, lambda r: {"protected": True}),
    Fault("V004", is_anonymous, lambda r: {"education": "compulsory"}),
    Fault("V006", lambda r: has_number(r) and r.get("birth_date"),
          lambda r: {"birth_date": r["birth_date"] + days(1)}, needs=("birth_date",)),
    Fault("V008", lambda r: has_entry(r) and r.get("consent_date"),
          lambda r: {"consent_withdrawn_date": r["consent_date"] - days(9)}),
    # When
    Fault("V010", is_local, lambda r: {"birth_date": add_months(r["entry_date"], -70 * 12)},
          needs=("birth_date",)),
    Fault("V012", has_entry, lambda r: {"entry_date": datetime.date(2016, 5, 10),
                                        "interest_date": datetime.date(2016, 5, 2)}),
    Fault("V014", has_entry, lambda r: {"sex": "other"}, needs=("sex",)),
    Fault("V015", has_entry, lambda r: {"interest_date": r["entry_date"] + days(1)}),
    Fault("V016", lambda r: has_spell(r) and not has_open(r["was"]),
          lambda r: {"spell_start": r["entry_date"] - days(12)}),
    Fault("V064", lambda r: is_active(r) and has_open(r["was"]) and not r.get("spell_end") and
          r["spell_start"] < r["today"], lambda r: {"spell_start": r["spell_start"] + days(1)}),
    Fault("V017", lambda r: has_exit(r) and r.get("spell_start"),
          lambda r: {"spell_end": r["exit_date"] + days(1)}),
    Fault("V018", is_local, lambda r: {"birth_date": r["entry_date"] + days(1)},
          needs=("birth_date",)),
    Fault("V019", is_active, lambda r: {"followup_date": r["entry_date"] + days(1)}),
    Fault("V020", has_spell, lambda r: {"entry_date": None}),
    Fault("V040", lambda r: is_named(r) and not r.get("spell_start") and not r.get("exit_date"),
          lambda r: {"entry_date": None, "interest_date": None}),
    # What
    Fault("V022", has_entry, lambda r: {"income": frozenset({"none", "sickness"}),
                                        "income_main": "none"}),
    Fault("V023", has_entry, lambda r: {"income": frozenset({"sickness"}),
                                        "income_main": "assistance"}),
    Fault("V024", has_entry, lambda r: {"income": frozenset(), "income_main": None}),
    Fault("V026", has_entry, lambda r: {"priority": frozenset({"activitycomp2529"}),
                                        "income": frozenset({"sickness"}),
                                        "income_main": "sickness"}),
    Fault("V028", lambda r: has_entry(r) and r.get("birth_date") and "activitycomp2529" not in
          (r.get("priority") or ()),
          lambda r: {"labour": "longterm", "months_unemployed": 3}, needs=("birth_date",)),
    Fault("V029", has_exit, lambda r: {"exit_reason": "work", "works_type": None}),
    Fault("V030", has_exit, lambda r: {"exit_reason": "studies", "studies_kind": None}),
    Fault("V031", has_exit, lambda r: {"exit_reason": "af", "af_programme": "no"}),
    Fault("V032", lambda r: has_exit(r) and r["exit_date"] + days(29) <= r["today"],
          lambda r: with_exit(r, result_date=r["exit_date"] + days(29))),
    Fault("V033", has_exit, lambda r: {"followup_date": add_months(r["exit_date"], 2)}),
    Fault("V035", lambda r: has_exit(r) and r["was"] and r["was"]["exit_date"] and
          r["was"]["education"], rewritten),
    Fault("V037", has_entry, lambda r: {"spell_hours": -8}),
    Fault("I031", has_spell, lambda r: {"spell_start": r["entry_date"] + days(1),
                                        "spell_end": r["entry_date"]}),
    # Answers
    Fault("V050", None, lambda r: {"invitation_code": None}, kind="answers"),
    Fault("V051", None, lambda r: {"survey_date": None}, kind="answers"),
    Fault("V052", None, lambda r: {"survey_date": datetime.date(2016, 5, 10)}, kind="answers"),
    Fault("V054", None, lambda r: {"local_id": "17"}, kind="answers", needs=("local_id",)),
    Fault("I023", None, None, cell("survey_date", "snart"), kind="answers"),
    Fault("I025", None, None, cell("power", "kanske"), kind="answers"),
    Fault("I036", None, kind="answers", twice=True),
]


class Deck:
    """Deals the kind dealt least so far of those that suit."""

    def __init__(self):
        self.dealt = dict.fromkeys(range(len(FAULTS)), 0)

    def deal(self, record, dialect, kind, columns):
        """A fault, or None."""
        suiting = [i for i, fault in enumerate(FAULTS)
                   if fault.kind == kind and fault.suits(record, dialect, columns)]
        if not suiting:
            return None
        i = min(suiting, key=lambda i: self.dealt[i])
        self.dealt[i] += 1
        return FAULTS[i]
