#!/usr/bin/python3
"""The county of sixty (tests/data/golden-60): what a real site and a real hub make of it, what the oracle makes of it, and what was
computed by hand are the same, to the byte.

    test_golden_60.py        MIA_BUILD says where the programs are
"""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/flow"), str(ROOT / "tests/oracle")]

import books as oracle  # noqa: E402
from lib_county import HUB, PROGRAMME, County  # noqa: E402
from lib_faults import BUILD, sheet  # noqa: E402

DATA = ROOT / "tests/data/golden-60"
SITE = "ostra-sodertorn"
PACK = "esf2014"


class Golden(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="mia-golden-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.files = cls.folder / "files"
        subprocess.run([ROOT / "tests/tools/generate", "--set", "golden-60", "--out", cls.files], check=True)
        cls.plan = json.loads((cls.files / "plan.json").read_text("utf-8"))
        cls.programme = oracle.Programme.read(PROGRAMME)
        cls.county = County(BUILD, cls.folder / "county", sites=[SITE])
        cls.addClassCleanup(cls.county.stop)
        cls.county.make()
        cls.county.start()
        cls.counts = [cls.import_round(number) for number in cls.plan["rounds"]]
        cls.close_until(oracle.closing_day(cls.programme, oracle.month_of(cls.plan["last"])))

    @classmethod
    def close_until(cls, day):
        """Every month whose cut-off comes by that day, as it comes."""
        month = getattr(cls, "month", cls.programme.sites[SITE])
        while oracle.closing_day(cls.programme, month) <= day:
            cls.county.deliver(str(oracle.closing_day(cls.programme, month)))
            month += 1
        cls.month = month

    @classmethod
    def import_round(cls, number):
        """A month's files: (entry of the plan, what the import said)."""
        cls.close_until(oracle.datetime.date.fromisoformat(number["at"]))
        cls.county.set_clock(number["at"])
        return [(entry, sheet(cls.county.ask(SITE, "import", cls.files / entry["file"], "--apply", expect=(0, 8, 11)), "mia.import/1"))
                for entry in number["imports"]]

    def test_every_published_figure_is_the_one_computed_by_hand(self):
        got = self.county.mia(HUB, "totals", "--all", "--format", "csv", expect=(6,))
        self.assertEqual(got.splitlines(), (DATA / "expected.csv").read_text("utf-8").splitlines())
        self.assertEqual(got.encode(), (DATA / "expected.csv").read_bytes())

    def test_the_site_shows_them_from_what_the_hub_signed(self):
        self.county.mia(SITE, "wait", "--until", "contact")
        got = self.county.mia(SITE, "totals", "--all", "--format", "csv", expect=(6,))
        self.assertEqual(got.encode(), (DATA / "expected.csv").read_bytes())

    def test_the_site_s_own_totals_and_indicators_are_those_computed_by_hand(self):
        got = self.county.mia(SITE, "totals", "--own", "--format", "csv")
        self.assertEqual(got.splitlines(), (DATA / "expected-own.csv").read_text("utf-8").splitlines())
        self.assertEqual(got.encode(), (DATA / "expected-own.csv").read_bytes())

    def test_the_oracle_finds_the_same_in_every_month(self):
        """Whoever withdrew consent is in no indicator, as what it needs is destroyed."""
        expected = {}
        records = [record for record in {act["id"]: act["record"] for act in self.truth()}.values() if record["consent"] != "withdrawn"]
        for indicator in (one for one in self.programme.indicators if (one.pack, one.status) == (PACK, "counted")):
            for record in records:
                day = self.programme.day_of(indicator.kind, record)
                if day and self.programme.is_complete(PACK, record, day) and oracle.any_holds(indicator.rules, self.programme, record, day):
                    for cell in ("total", record["sex"]):
                        key = day[:7], indicator.name, cell
                        expected[key] = expected.get(key, 0) + 1
        rows = [row.split(",") for row in self.county.mia(SITE, "totals", "--own", "--all", "--format", "csv").splitlines()[1:]]
        got = {(row[0], row[2], row[3]): int(row[4]) for row in rows if row[1] == PACK and row[3] != "complete" and row[2][:2] in ("co", "cr") and row[4] not in ("0", ":")}
        self.assertEqual({key: (got.get(key), expected.get(key)) for key in got.keys() | expected.keys() if got.get(key) != expected.get(key)}, {})

    def test_the_goals_are_the_shares_computed_by_hand(self):
        answer = self.county.ask(HUB, "goals", expect=(6,))
        rows = next(one["rows"] for one in (answer if isinstance(answer, list) else [answer]) if one["schema"] == "mia.goals/1")
        self.assertEqual([(row["number"], row["base"], row["share"]["percent"], (row["share_admitted"] or {}).get("percent")) for row in rows],
                         [(10, 30, 33.3, 19.2), (10, 30, 33.3, 19.2), (12, 17, 70.6, 23.1), (52, 2500, 2.1, None)])

    def test_the_corrections_of_july_are_told_as_they_were_computed(self):
        """working.md: AF 6 - 1 = 5, something else 5 + 1 - 1 = 5; nothing of it in the months before."""
        answer = self.county.ask(SITE, "why", "left", f"site={SITE}", "2018-07")
        rows = next(one["rows"] for one in answer if one["schema"] == "mia.why.books/1")
        told = [(row["booked"], row["taken"], row["added"], row["value"]) for row in rows]
        self.assertEqual(told, [(0, 0, 0, 0), (6, 1, 0, 5), (5, 1, 1, 5)])

    def truth(self):
        return [json.loads(line) for line in (self.files / "truth.jsonl").read_text("utf-8").splitlines()]

    def test_the_oracle_comes_to_the_same(self):
        truth = self.truth()
        book = oracle.play(self.programme, self.plan, truth)[SITE]
        rows = [f"{oracle.month_text(month)},{SITE},{measure},{cell},value,{value}" for month, figures in book.published.items()
                for (measure, cell), value in figures.items()]
        expected = [row for row in (DATA / "expected.csv").read_text("utf-8").splitlines() if f",{SITE}," in row]
        self.assertEqual(rows, expected)

    def test_every_row_is_taken_or_refused_as_the_plan_says(self):
        for entry, form in (pair for pairs in self.counts for pair in pairs):
            told = {key: form[key] for key in ("new", "changed", "unchanged", "refused")}
            self.assertEqual(told, {**{key: entry[key] for key in ("new", "changed", "unchanged")}, "refused": sum(entry["refused"].values())}, entry["file"])


if __name__ == "__main__":
    unittest.main()
