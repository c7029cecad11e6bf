#!/usr/bin/python3
"""What leaves a site, as a curious hub has it: every release of a year, of a large, a small and an empty site (3-privacy 3.1, 3.6 points 6, 8, 18, 23).

    test_disclosure.py        MIA_BUILD says where the programs are, MIA_SEED what is recorded
"""

import datetime
import json
import os
import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_wire as wire
from lib_county import HUB
from lib_faults import Control, Story, persons_file, sheet, wait_for

SEED = int(os.environ.get("MIA_SEED", "4711"))
K, CUTOFF_DAYS, SPREAD_S = 5, 10, 600
LARGE, SMALL, EMPTY = "sodertalje", "varna", "hbs"
FIRST = wire.period_of("2017-04")
HEADINGS = "Lokalt id;Kön;Samtycke;Datum för samtycke;Inskrivningsdatum;Insats;Insats påbörjad;Avslutsdatum;Avslutsorsak;Resultatdatum"


def first_day(period):
    return datetime.date(period // 12, period % 12 + 1, 1)


def cutoff(period):
    return first_day(period + 1) + datetime.timedelta(CUTOFF_DAYS - 1)


def moment(day):
    return int(datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc).timestamp())


def sheet_rows(answer):
    return [row for one in (answer if isinstance(answer, list) else [answer]) for row in one.get("rows", [])]


class Disclosure(Story):
    sites = (LARGE, SMALL, EMPTY)

    def setUp(self):
        super().setUp()
        programme = (self.county.folder / "programme.ini").read_text("utf-8")
        self.programme, self.shape = wire.programme_read(programme)
        self.county.start()

    def write(self, name, rows, headings=HEADINGS):
        path = self.folder / name
        path.write_text("\n".join([headings, *rows]) + "\n", "utf-8")
        return path

    def dump(self, name):
        return [json.loads(line) for line in self.county.mia(name, "dump").splitlines()]

    def releases(self):
        """[(site, line of the hub's dump, body, figures)]"""
        for line in self.dump(HUB):
            if line["kind"] == "release":
                yield (line["site"], line, *wire.payload_unpack(self.shape, bytes.fromhex(line["payload"])))

    def entered(self, site):
        number = next(str(row["number"]) for row in self.shape["measures"] if row["id"] == "entered")
        return [figures[number][0] for who, _, _, figures in self.releases() if who == site]

    # ---- a year ----

    def row(self, person, entered, left=None, reason=""):
        day = "" if left is None else str(left)
        return f"{person};Kvinna;Lämnat;2017-04-01;{entered};Praktik;{entered};{day};{reason};{day}"

    def record(self, site, period, most, chance):
        """A month of somebody's work: new persons, changed ones, exits that turn out otherwise, a batch taken back."""
        people = self.people.setdefault(site, [])
        day = first_day(period) + datetime.timedelta(3)
        rows = []
        for _ in range(chance.randrange(most + 1)):
            people.append([f"D-{site}-{len(people):04d}", day])
            rows.append(self.row(*people[-1]))
        for person, entered in chance.sample(people, len(people) // 4):
            if entered < day:
                rows.append(self.row(person, entered, day, chance.choice(("Sjukdom", "Föräldraledig", "Flytt"))))
        if not rows:
            return
        answer = self.county.ask(site, "import", self.write("month.csv", rows), "--apply", expect=(0, 8, 11))
        batch = sheet(answer, "mia.import/1")["batch"]
        if batch is not None and chance.random() < 0.2:
            self.county.mia(site, "import", "undo", batch, "--yes")

    def live_a_year(self):
        chance = random.Random(SEED)
        self.people = {}
        for period in range(FIRST, FIRST + 12):
            self.county.set_clock(str(first_day(period) + datetime.timedelta(24)))
            self.record(LARGE, period, 40, chance)
            self.record(SMALL, period, 3, chance)
            self.county.deliver(str(cutoff(period)))

    def test_a_year_of_reports_tells_no_more_than_its_figures(self):
        self.live_a_year()
        seen, sizes, heads = {}, {}, set()
        for site, line, body, figures in self.releases():
            seen.setdefault(site, []).append(figures)
            size = len(line["payload"]) // 2
            self.assertEqual(sizes.setdefault(body["period"], size), size, "a size that depends on the site")
            self.assertEqual(size, wire.payload_bytes(self.shape, body["period"]))
            self.assertEqual((body["site"], body["n"], body["period"]), (site, line["n"], FIRST + line["n"] - 1))
            self.assertEqual((body["programme"], body["is_rehearsal"]), (self.programme, True))
            self.assertEqual(body["at_closed"], moment(cutoff(body["period"])))
            self.assertNotIn(body["audit_head"], heads)
            heads.add(body["audit_head"])
            for cells in figures.values():
                for cell in cells:
                    self.assertTrue(cell == 0 or cell >= K, f"{site} {body['period']}: {cell}")
        self.assertEqual({site: len(rows) for site, rows in seen.items()}, {LARGE: 12, SMALL: 12, EMPTY: 12})
        self.assertGreater(sum(cell for figures in seen[LARGE] for cells in figures.values() for cell in cells), 100)
        self.assertEqual(sum(cell for figures in seen[EMPTY] for cells in figures.values() for cell in cells), 0)
        self.check_moments()
        self.check_heads()

    def check_moments(self):
        """They leave 0..600 s after the closing, at random, whatever they say."""
        waits = {site: [line["at"] - moment(cutoff(FIRST + line["n"] - 1)) for line in self.dump(site) if line["kind"] == "release"] for site in self.sites}
        for site, drawn in waits.items():
            self.assertTrue(all(0 <= wait <= SPREAD_S for wait in drawn), f"{site}: {drawn}")
            self.assertGreater(len(set(drawn)), 6)
        self.assertEqual(len({tuple(drawn) for drawn in waits.values()}), len(waits))

    def check_heads(self):
        """The audit head of a site where nothing ever happened, tried with every event it must have had and no salt."""
        events = [line for line in self.dump(EMPTY) if line["kind"] == "event"]
        heads = {body["audit_head"] for site, _, body, _ in self.releases() if site == EMPTY}
        bare, salted, found = bytes(32), bytes(32), 0
        for event in events:
            at, text = (event["at"] % 2**64).to_bytes(8, "little"), event["text"].encode()
            bare = wire.h("mia/1/audit", bare, at, text)
            self.assertNotIn(bare, heads)
            salted = wire.h("mia/1/audit", salted, at, text, bytes.fromhex(event["salt"]))
            found += salted in heads
        self.assertEqual(found, 12)

    # ---- single claims ----

    def close_first(self):
        self.county.deliver(str(cutoff(FIRST)))

    def test_five_events_of_one_person_change_nothing(self):
        """Five files, five activities, five answers by one code, and the same again in one file."""
        self.county.set_clock("2017-04-25")
        for i in range(5):
            rows = [f"ONE;Kvinna;Lämnat;2017-04-01;2017-04-0{1 + i};Praktik;2017-04-{10 + i};;;"]
            self.county.mia(LARGE, "import", self.write("one.csv", rows), "--apply", expect=(0, 8, 11))
            answers = [f"CODE-1;2017-04-{10 + i};{1 + i}"]
            self.county.mia(LARGE, "import", self.write("answer.csv", answers, "Inbjudningskod;Svarsdatum;Jag känner ökad makt över min situation"), "--apply")
        rows = [f"ONE;Kvinna;Lämnat;2017-04-01;2017-04-02;Praktik;2017-04-{20 + i % 5};;;" for i in range(6)]
        self.county.mia(LARGE, "import", self.write("one.csv", rows), "--apply", expect=(8, 11))
        self.assertEqual(sheet(self.county.ask(LARGE, "status"), "mia.status/1")["participants"], 1)
        waits = {}
        for row in sheet_rows(self.county.ask(LARGE, "preview")):
            waits[row["measure"]] = waits.get(row["measure"], 0) + row["waiting"]
        self.assertEqual({name for name, n in waits.items() if n}, {"entered", "spell_started", "answered"})
        self.assertEqual(max(waits.values()), 1)
        for period in range(FIRST, FIRST + 3):
            self.county.deliver(str(cutoff(period)))
        for site, _, _, figures in self.releases():
            for cells in figures.values():
                self.assertEqual(set(cells), {0}, site)

    def test_a_month_is_not_signed_off_before_it_is_over_and_never_twice(self):
        self.county.set_clock("2017-04-30T20:00:00Z")
        self.county.mia(LARGE, "import", persons_file(self.folder / "a.csv", 1, 6), "--apply")
        self.assertIn("X020", self.refused(LARGE, "close", "--yes"))
        self.county.set_clock("2017-05-01T13:14:15Z")
        self.county.mia(LARGE, "close", "2017-04", "--yes")
        self.assertIn("X020", self.refused(LARGE, "close", "2017-04", "--yes"))
        self.assertIn("X020", self.refused(LARGE, "close", "--yes"))
        self.county.deliver(str(cutoff(FIRST)))
        lines = [(body["period"], body["at_closed"]) for site, _, body, _ in self.releases() if site == LARGE]
        self.assertEqual(lines, [(FIRST, moment(datetime.date(2017, 5, 1)))])

    def refused(self, site, *words):
        return json.dumps(self.county.ask(site, *words, expect=(1, 8)))

    def test_a_closing_that_an_import_held_up_looks_like_any_other(self):
        self.county.set_clock(str(cutoff(FIRST) - datetime.timedelta(1)))
        content = persons_file(self.folder / "large.csv", 1, 4000).read_bytes()
        with Control(self.county.socket(LARGE)) as client:
            client.import_pieces(content, 1)
            self.county.set_clock(f"{cutoff(FIRST)}T05:06:07Z")
            self.assertEqual(sheet(self.county.ask(LARGE, "status"), "mia.status/1")["sent"], 0)
        wait_for("the month to close", lambda: sheet(self.county.ask(LARGE, "status"), "mia.status/1")["sent"] == 1)
        self.county.set_clock(f"{cutoff(FIRST)}T06:06:07Z")
        self.county.mia(LARGE, "wait", "--until", "received")
        told = {body["at_closed"] for site, _, body, _ in self.releases()}
        self.assertEqual(told, {moment(cutoff(FIRST))})


if __name__ == "__main__":
    unittest.main(verbosity=2)
