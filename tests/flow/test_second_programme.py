#!/usr/bin/python3
"""A county that has nothing in common with MIA but the programs: other sites, codes, measures, goals, another k and other deadlines
(tests/data/programme/unga-vidare.ini). What it publishes is what the oracle makes of the same rows by the same file.

    test_second_programme.py        MIA_BUILD says where the programs are
"""

import datetime
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_scenario import Scenario, oracle, sheet_of

SECOND = Path(__file__).resolve().parent.parent / "data/programme/unga-vidare.ini"
MONTHS = ["2022-01", "2022-02", "2022-03", "2022-04", "2022-05", "2022-06"]
LABOUR = ["neet", "neet", "absent", "school", "work", "unknown"]
EXITS = [("backtoschool", ""), ("folkhigh", ""), ("job", "lasting"), ("drifted", "lasting"), ("age", "gig"), ("service", "")]


def person(site, i):
    """Somebody who entered in January to June by turns; every third left two months later, the first of whom in another way."""
    entry = datetime.date(2022, 1 + i % 6, 3 + i % 20)
    row = {"local_id": f"{site}-{i}", "sex": ["woman", "man", "nonbinary"][i % 3], "birth_date": f"{1996 + i % 9}-03-04", "consent": "given",
           "consent_date": str(entry), "interest_date": str(entry - datetime.timedelta(2)), "referrer": "outreach", "entry_date": str(entry),
           "education": ["left9", "year9", "upper_done"][i % 3], "labour": LABOUR[i % 6], "months_unemployed": str(i % 9)}
    if i % 3 == 0:
        left = entry + datetime.timedelta(60 + i % 7)
        reason, works = EXITS[i % 6 if i % 2 else i % 5]
        row.update(exit_date=str(left), exit_reason=reason, works_type=works, result_date=str(left))
    return row


def known_on(row, day):
    """The row as known on a day."""
    exit_fields = ("exit_date", "exit_reason", "works_type", "result_date")
    return {field: "" if field in exit_fields and row.get("exit_date", "") > day else value for field, value in row.items()}


class SecondProgramme(Scenario):
    sites = ("malmo", "lund")
    programme_path = SECOND

    def setUp(self):
        super().setUp()
        self.people = {"malmo": [person("malmo", i) for i in range(96)], "lund": [person("lund", i) for i in range(30)]}
        self.books = {site: oracle.Books(self.programme, site) for site in self.sites}
        for month in MONTHS:
            self.play(month)

    def play(self, month):
        """The month's files on the second of the next, and its closing."""
        last = str(oracle.last_day(oracle.month_of(month)))
        day = str(oracle.last_day(oracle.month_of(month)) + datetime.timedelta(2))
        for site in self.sites:
            rows = [known_on(row, last) for row in self.people[site] if row["entry_date"] <= last]
            self.record(day, site, rows)
            for row in rows:
                self.act(site, row)
        self.close_until(month)
        for site in self.sites:
            self.books[site].close(oracle.month_of(month))

    def act(self, site, row):
        record = {field: int(value) if field == "months_unemployed" else value for field, value in row.items() if value}
        if self.books[site].records.get(row["local_id"]) != record:
            self.books[site].act(row["local_id"], record)

    def test_what_it_publishes_is_what_the_oracle_computes(self):
        expected = {(oracle.month_text(month), site, measure, cell): value for site in self.sites for month, figures in self.books[site].published.items()
                    for (measure, cell), value in figures.items()}
        got = {(row["period"], row["site"], row["measure"], row["cell"]): row["value"] for row in self.totals() if row["site"] in self.sites}
        self.assertEqual({key: (got.get(key), value) for key, value in expected.items() if got.get(key) != value}, {})
        self.assertEqual(got.keys(), expected.keys())
        published = [value for value in expected.values() if value]
        self.assertGreater(len(published), 12)
        self.assertTrue(all(value >= self.programme.k for value in published))

    def test_its_words_are_its_own(self):
        self.assertIn("Neither work nor school, long at home", self.county.mia(HUB, "totals", "--all", "--measure", "mentored", expect=(6,)))
        goals = self.county.mia(HUB, "goals", expect=(6,))
        for word in ("To school", "Young people with a mentor", "2022"):
            self.assertIn(word, goals)
        self.assertIn("Fick mentor", self.county.mia(HUB, "totals", "--all", expect=(6,), lang="sv"))
        for name, words in ((HUB, ("status",)), (HUB, ("sites",)), (HUB, ("define",)), ("malmo", ("status",)), ("malmo", ("preview",)), ("malmo", ("totals", "--own"))):
            said = self.county.mia(name, *words, expect=(0, 6))
            for stranger in ("Södertörn", "Haninge", "Work training", "PES", "CO01"):
                self.assertNotIn(stranger, said, words)

    def test_one_person_by_forms_that_ask_in_its_codes(self):
        who = {"local_id": "L-1", "consent": "given", "consent_date": "2022-06-20", "sex": "nonbinary", "birth_date": "2004-02-29", "interest_date": "2022-06-20",
               "municipality": "1281", "question_1": "horse"}
        case = sheet_of(self.county.ask("lund", "person", "add", "--yes", told=who), "mia.case/1")["values"]["case"]
        for event, fields in (("entry", {"entry_date": "2022-06-21", "education": "left9", "labour": "neet", "months_unemployed": "9"}),
                              ("start", {"activity": "mentor", "spell_start": "2022-06-22"}), ("end", {"activity": "mentor", "spell_start": "2022-06-22", "spell_end": "2022-07-01"}),
                              ("exit", {"exit_date": "2022-07-01", "exit_reason": "job", "works_type": "gig", "result_date": "2022-07-01"})):
            with self.subTest(event=event):
                self.assertEqual(self.event("lund", case, event, **fields)["stored"], "yes")
        shown = self.county.mia("lund", "person", "show", case)
        for word in ("Non-binary", "Has a pet", "Horse", "Mentor", "Gig"):
            self.assertIn(word, shown)
        wrong = self.county.ask("malmo", "person", "add", "--yes", told={**who, "local_id": "M-1", "municipality": "1280"}, expect=(2, 8))
        self.assertIn("question_1", str(wrong))
        for words in (("quality",), ("todo",), ("audit", "show"), ("why", "mentored", "site=lund")):
            self.county.mia("lund", *words, expect=(0, 6))
        self.assertIn("X026", str(self.county.ask("lund", "esf", "plan", expect=(1,))))  # it declares no sheet for a funder

    def test_a_site_s_own_totals_have_its_indicators(self):
        rows = [row.split(",") for row in self.county.mia("malmo", "totals", "--own", "--format", "csv").splitlines()[1:]]
        got = {(row[1], row[2]): row[3] for row in rows if row[0] == "region"}
        people = [row for row in self.people["malmo"] if row["labour"] != "unknown"]
        self.assertEqual(got["u2", "total"], str(sum(row["labour"] == "neet" for row in people)))
        self.assertEqual(got["u3", "total"], str(sum(row["labour"] != "neet" for row in people)))
        self.assertEqual(got["entered", "complete"], str(len(people)))
        self.assertEqual(got["u2", "nonbinary"], str(sum(row["labour"] == "neet" and row["sex"] == "nonbinary" for row in people)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
