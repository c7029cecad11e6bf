"""The rounds of imports: what each site's file holds, what is accepted of it, and the ledger of that."""

import datetime
import json

from . import model
from .chance import Chance, add_months, days
from .dialect import DIALECTS
from .faults import Deck, is_anonymous

LATE_DAYS = 14


# The field that dates each kind of event that the ledger counts.
KINDS = {"applied": "interest_date", "entered": "entry_date", "left": "exit_date",
         "followed_up": "followup_date", "answered": "survey_date",
         "transferred_in": "transfer_in_date", "transferred_out": "transfer_out_date"}


def rounds_between(programme, seed, preset, everybody):
    """[(day, sites)]: one a quarter, and one of its own for a site that is late."""
    rounds = []
    chance = Chance(seed, "rounds")
    month = preset.first
    while month <= preset.last:
        after = add_months(month, 1)
        if month.month % 3 == 0 or after > preset.last:
            day = after + days(chance.between(3, 6))
            sites = [site for site in everybody if programme.sites[site].span[0] < after]
            is_late = after <= preset.last and chance.happens(0 if preset.is_planned else .6)
            late = [chance.pick(sites)] if is_late else []
            rounds.append((day, [site for site in sites if site not in late]))
            if late:
                rounds.append((day + days(LATE_DAYS), late))
        month = after
    return rounds


def is_elsewhere(kind, record):
    """Who came by a token entered where they came from."""
    return kind == "entered" and bool(record.get("transfer_in_date"))


class Totals:
    """The ledger of true totals: {site: {kind: {month: how many}}}, whatever may be published."""

    def __init__(self, sites):
        self.sites = {site: {kind: {} for kind in KINDS} for site in sites}

    def count(self, site, record, n=1):
        if record.get("exit_reason") == "misregistered":
            return
        for kind, field in KINDS.items():
            if record.get(field) and not is_elsewhere(kind, record):
                months = self.sites[site][kind]
                month = record[field].strftime("%Y-%m")
                months[month] = months.get(month, 0) + n

    def write(self, out):
        text = json.dumps(self.sites, indent=1, sort_keys=True)
        (out / "totals.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def tell(truth, programme, number, site, key, kind, is_new, state):
    """A line of truth.jsonl."""
    line = {"round": number, "site": site, "id": key, "kind": kind, "new": is_new,
            "record": model.told(programme, state)}
    truth.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")


class Book:
    """What one site has stored, and whose rows are still wrong."""

    def __init__(self):
        self.stored = {}  # key -> coded record
        self.wrong = {}  # key -> (fault, rounds it stays)
        self.answers = []  # (key, record) not accepted yet
        self.answered = []  # coded records
        self.taken = set()  # keys of those whose row was accepted in this round
        self.returned = set()  # keys of those whose re-entry has come
        self.reported = 0  # deviations that have come
        self.seen = 0  # answers that have come


class File:
    """A file being written: rows, and what the import will say of them."""

    def __init__(self, programme, dialect, kind):
        self.programme, self.dialect, self.kind = programme, dialect, kind
        self.columns = dialect.columns(programme, kind)
        self.parts = [dialect.head(programme, self.columns)]
        self.counts = {"rows": 0, "new": 0, "changed": 0, "unchanged": 0}
        self.refused = {}

    def add(self, record, cells=None, extra=False):
        fields = self.programme.fields
        texts = {field: self.dialect.cell(self.programme, fields[field], record.get(field))
                 for field in self.columns}
        if is_anonymous(record):
            # Such a row says who is anonymous, and no more.
            texts = {field: text for field, text in texts.items()
                     if text and (field == "local_id" or record.get(field) is not None)}
        texts.update(cells or {})
        row = [texts.get(field, "") for field in self.columns]
        self.parts.append(self.dialect.line(row + (["och mer"] if extra else [])))
        self.counts["rows"] += 1

    def refuse(self, code):
        self.refused[code] = self.refused.get(code, 0) + 1

    def entry(self, site, name):
        """Its place in the plan."""
        return {"site": site, "file": "%s/%s" % (site, name), "kind": self.kind,
                "options": self.dialect.options, **self.counts,
                "refused": dict(sorted(self.refused.items()))}


class Writer:
    """Writes DIR. Truth goes out line by line."""

    def __init__(self, programme, county, seed, per_mille, out):
        self.programme, self.county, self.seed, self.out = programme, county, seed, out
        self.share = per_mille / 1000
        self.deck = Deck()
        self.books = {site: Book() for site in county.sites}
        self.by_site = {site: [] for site in county.sites}
        for person in county.people:
            self.by_site[person.site].append(person)
        for people in self.by_site.values():
            people.sort(key=lambda person: (person.patches[0][0], person.key))
        for answers in county.answers.values():
            answers.sort(key=lambda answer: (answer[0], answer[1]["invitation_code"]))
        for reports in county.deviations.values():
            reports.sort(key=lambda report: (report[0], report[1]["local_id"]))

    def run(self, rounds):
        plan = []
        with open(self.out / "truth.jsonl", "w", encoding="utf-8", newline="\n") as self.truth:
            for number, (day, sites) in enumerate(rounds, 1):
                imports = []
                for site in sites:
                    chance = Chance(self.seed, "faults", number, site)
                    imports += self.returns(number, day, site)
                    imports += self.participants(chance, number, day, site)
                    for kind in ("spells", "hours", "pauses"):
                        imports += self.items(chance, number, day, site, kind)
                    imports += self.answers(chance, number, day, site)
                    imports += self.deviations(number, day, site)
                plan.append({"number": number, "at": day.isoformat(), "imports": imports})
        self.write_totals()
        return plan

    def write_totals(self):
        totals = Totals(self.books)
        for site, book in self.books.items():
            for state in [*book.stored.values(), *book.answered]:
                totals.count(site, state)
        totals.write(self.out)

    def tell(self, *act):
        tell(self.truth, self.programme, *act)

    def write(self, file, number, site):
        """The file, unless it has no rows: its entries of the plan."""
        if file.counts["rows"] == 0:
            return []
        name = "%02d-%s.csv" % (number, file.kind)
        (self.out / site).mkdir(exist_ok=True)
        (self.out / site / name).write_bytes(b"".join(file.parts))
        return [file.entry(site, name)]

    # ---- Faults ----

    def fault_of(self, chance, book, key, record, file):
        """The fault of this row: one that stays from before, a new one, or None."""
        fault, left = book.wrong.pop(key, (None, 0))
        if fault and fault.suits(record, file.dialect, file.columns):
            if left > 1:
                book.wrong[key] = (fault, left - 1)
            return fault
        # Answers are few, and have faults of their own.
        if not chance.happens(self.share * (2 if file.kind == "answers" else 1)):
            return None
        fault = self.deck.deal(record, file.dialect, file.kind, file.columns)
        stays = chance.weigh({0: .6, 1: .25, 99: .15})
        if fault and stays and not fault.twice:
            book.wrong[key] = (fault, stays)
        return fault

    @staticmethod
    def spoil(file, record, fault):
        """Writes the row with its fault."""
        spoiled = {**record, **(fault.change(record) if fault.change else {})}
        file.add(spoiled, fault.cells(record) if fault.cells else None, fault.extra)
        file.refuse(fault.code)

    # ---- Participants ----

    def participants(self, chance, number, day, site):
        file = File(self.programme, DIALECTS[site], "participants")
        book = self.books[site]
        book.taken = set()
        for person in self.by_site[site]:
            record = person.known_on(day - days(1))
            if record is None:
                continue
            known = book.stored.get(person.key)
            record = model.keep_entry(self.programme, record, known)
            asked = {**record, "was": known, "today": day}
            fault = self.fault_of(chance, book, person.key, asked, file)
            if fault and not fault.twice:
                self.spoil(file, asked, fault)
                continue
            file.add(record)
            self.accept(file, number, day, person, record)
            if fault:
                self.spoil(file, record, fault)
        return self.write(file, number, site)

    def accept(self, file, number, day, person, record):
        book = self.books[person.site]
        book.taken.add(person.key)
        known = book.stored.get(person.key)
        state = model.settle(self.programme, file.dialect, record, known, day)
        if known == state:
            file.counts["unchanged"] += 1
            return
        file.counts["changed" if known else "new"] += 1
        book.stored[person.key] = state
        self.tell(number, person.site, person.key, "participant", known is None, state)

    # ---- What somebody has many of ----

    def items(self, chance, number, day, site, kind):
        """Rows that tell something new, one person's beneath each other."""
        file = File(self.programme, DIALECTS[site], kind)
        book = self.books[site]
        for person in self.by_site[site]:
            told = [fields for recorded, file_kind, fields in person.items
                    if file_kind == kind and recorded <= day - days(1)]
            if told and person.key in book.taken:
                self.tell_items(file, number, person, told)
        if file.counts["rows"] and chance.happens(self.share * 5):
            file.add({**self.example(kind), "local_id": "XX-0000"})
            file.refuse("I039")
        return self.write(file, number, site)

    def tell_items(self, file, number, person, told):
        book = self.books[person.site]
        state = before = book.stored[person.key]
        who = {"person_number": person.number, "local_id": person.local_id}
        for fields in told:
            after = model.with_items(self.programme, file.dialect, state, [fields])
            if after != state:
                file.add({**who, **fields})
            state = after
        if state != before:
            file.counts["changed"] += 1
            book.stored[person.key] = state
            self.tell(number, person.site, person.key, file.kind[:-1], False, state)

    def returns(self, number, day, site):
        """Re-entries come before the participants, who are without their exits then."""
        file = File(self.programme, DIALECTS[site], "returns")
        book = self.books[site]
        for person in self.by_site[site] if file.dialect.tells_returns else []:
            known = book.stored.get(person.key)
            told = [fields for recorded, kind, fields in person.items
                    if kind == "returns" and recorded <= day - days(1)]
            if not told or not known or not known["exit_date"] or person.key in book.returned:
                continue
            book.returned.add(person.key)
            if known["exit_date"] > told[0]["return_date"]:
                continue
            file.add({"person_number": person.number, "local_id": person.local_id, **told[0]})
            file.counts["changed"] += 1
            book.stored[person.key] = state = model.come_back(self.programme, known,
                                                              told[0]["return_date"])
            self.tell(number, site, person.key, "return", False, state)
        return self.write(file, number, site)

    def example(self, kind):
        """Some row of that kind."""
        return next(fields for person in self.county.people for _, file_kind, fields in person.items
                    if file_kind == kind)

    def deviations(self, number, day, site):
        file = File(self.programme, DIALECTS[site], "deviations")
        book = self.books[site]
        come = [record for recorded, record in self.county.deviations[site]
                if recorded <= day - days(1)]
        for record in come[book.reported:]:
            file.add(record)
            file.counts["new"] += 1
            state = {**model.blank(self.programme), "deviation_date": record["deviation_date"],
                     "deviation": record["deviation"]}
            self.tell(number, site, "%s/%s" % (site, record["local_id"]), "deviation", True, state)
        book.reported = len(come)
        return self.write(file, number, site)

    # ---- Answers ----

    def answers(self, chance, number, day, site):
        file = File(self.programme, DIALECTS[site], "answers")
        book = self.books[site]
        come = [record for recorded, record in self.county.answers[site]
                if recorded <= day - days(1)]
        for record in come[book.seen:]:
            book.seen += 1
            book.answers.append(("%s/a%04d" % (site, book.seen), record))
        waiting, book.answers = chance.shuffled(book.answers), []
        for key, record in waiting:
            fault = self.fault_of(chance, book, key, record, file)
            if fault and not fault.twice:
                self.spoil(file, record, fault)
                book.answers.append((key, record))
                continue
            file.add(record)
            file.counts["new"] += 1
            state = model.blank(self.programme)
            state.update({field: value for field, value in record.items() if field in state})
            book.answered.append(state)
            self.tell(number, site, key, "answer", True, state)
            if fault:
                self.spoil(file, record, fault)
        return self.write(file, number, site)


def write_plan(out, programme, seed, plan, last, sites):
    text = json.dumps({"seed": seed, "programme": programme.id, "sites": sites, "rounds": plan,
                       "last": last.strftime("%Y-%m")}, ensure_ascii=False, indent=1)
    (out / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def last_day(month):
    return add_months(month, 1) - datetime.timedelta(days=1)
