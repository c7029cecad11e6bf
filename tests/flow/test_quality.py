#!/usr/bin/python3
"""What is wrong with the records, what is to be done, and a site's own figures: quality, todo and totals --own through the real programs.

    test_quality.py       MIA_BUILD says where the programs are
"""

import csv
import io
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_faults import SITE, Control, Story, persons_file

ROWS = 6000  # some slices, and some seconds under a sanitizer
PERSONS = """Lokalt id;Samtycke;Datum för samtycke;Kön;Födelsedatum;Utbildning;Ställning på arbetsmarknaden;Inskrivningsdatum;Avslutsdatum;Avslutsorsak
Q-1;Lämnat;2017-04-03;Kvinna;1980-02-03;Grundskola;Arbetslös;2017-04-03;;
Q-2;Lämnat;2017-04-03;Man;1980-02-03;Grundskola;Arbetslös;2017-04-03;2017-06-01;
Q-3;Lämnat;2017-04-03;Man;1980-02-03;;Inaktiv i utbildning;2017-05-03;2018-01-20;
Q-4;Lämnat;2017-04-03;Kvinna;1960-02-03;Grundskola;Inaktiv i utbildning;2017-05-03;2017-07-20;Rehabilitering
"""


def rows_of(answer, schema):
    for one in answer if isinstance(answer, list) else [answer]:
        if one["schema"] == schema:
            return one["rows"]
    raise AssertionError(f"no {schema} in {answer}")


class Quality(Story):
    def store_persons(self):
        path = self.folder / "persons.csv"
        path.write_text(PERSONS, "utf-8")
        self.store(path)

    def case_with(self, answer, code):
        return {row["code"]: row for row in rows_of(answer, "mia.quality/1")}[code]

    def test_quality_counts_the_rules_that_are_broken(self):
        self.start(SITE)
        self.store_persons()
        answer = self.county.ask(SITE, "quality", "--check")
        self.assertEqual(self.case_with(answer, "V027")["count"], 2)
        self.assertEqual(self.case_with(answer, "V041")["count"], 1)
        shown = self.county.mia(SITE, "kvalitet", "--rule", "V27", lang="sv")
        self.assertIn("Avslutet saknar utfall", shown)
        cases = [row["case"] for row in rows_of(self.county.ask(SITE, "quality", "--rule", "V027"), "mia.quality.cases/1")]
        self.assertEqual(cases, [2, 3])
        self.county.mia(SITE, "quality", "--rule", "V999", expect=(5,))
        events = self.county.mia(SITE, "audit", "show", "--format", "csv")
        self.assertIn("rule=V027 cases=2", events)

    def test_what_is_to_be_done_has_a_day_and_a_command(self):
        self.start(SITE)
        self.store_persons()
        groups = {row["what"]: row for row in rows_of(self.county.ask(SITE, "todo"), "mia.todo/1")}
        self.assertEqual((groups["outcome"]["count"], groups["outcome"]["overdue"], groups["outcome"]["due"]), (2, 1, "2017-06-29"))
        self.assertEqual(groups["outcome"]["remedy"], "mia person event 2 exit")
        self.assertEqual((groups["followup"]["count"], groups["followup"]["cases"]), (2, "2, 4"))
        self.assertIn("avslut utan utfall", self.county.mia(SITE, "att-göra", lang="sv"))
        self.assertIn("Exits without outcome: 2", self.county.mia(SITE, "status"))

    def test_own_totals_say_what_the_records_say(self):
        self.start(SITE)
        self.store_persons()
        table = list(csv.DictReader(io.StringIO(self.county.mia(SITE, "totals", "--own", "--format", "csv"))))
        value = {(row["of"], row["figure"], row["cell"]): row["value"] for row in table}
        self.assertEqual(value["measures", "entered", "total"], "4")
        self.assertEqual(value["esf2014", "entered", "total"], "4")
        self.assertEqual(value["esf2014", "entered", "complete"], "3")
        self.assertEqual((value["esf2014", "co01", "total"], value["esf2014", "co01", "woman"], value["esf2014", "co01", "man"]), ("2", "1", "1"))
        self.assertEqual(value["esf2014", "co18", "total"], ":")
        entered = [row for row in table if row["figure"] == "entered" and row["of"] == "measures"][0]
        self.assertEqual(int(entered["published"]) + int(entered["waiting"]) + int(entered["corrections"]), 4)
        months = list(csv.DictReader(io.StringIO(self.county.mia(SITE, "totals", "--own", "--by", "period", "--measure", "entered", "--period", "2017-04..2017-06", "--format", "csv"))))
        self.assertEqual([(row["period"], row["value"]) for row in months], [("2017-04", "2"), ("2017-05", "2"), ("2017-06", "0")])

    def test_a_long_question_holds_nobody_up_and_ends_with_its_client(self):
        self.start(SITE)
        self.store(persons_file(self.folder / "many.csv", 0, ROWS))
        with Control(self.county.socket(SITE)) as one, Control(self.county.socket(SITE)) as other:
            one.send(1, "quality", [], [], 1, 0, [])
            began = time.monotonic()
            self.assertEqual(self.participants(), ROWS)
            other.send(1, "todo", [], [], 1, 0, [])
            answered = other.answer_bytes()
            self.assertTrue(answered)
            self.assertLess(time.monotonic() - began, 30)
        count = self.case_with(self.county.ask(SITE, "quality"), "V041")["count"]  # whoever left is left
        self.assertEqual(count, ROWS)


if __name__ == "__main__":
    unittest.main(verbosity=1)
