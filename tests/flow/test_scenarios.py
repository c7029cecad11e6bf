#!/usr/bin/python3
"""What happens to people, and what the coordinator then sees: one story each, through the real programs (2-domain, Scenarios).

    test_scenarios.py        MIA_BUILD says where the programs are
"""

import datetime
import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent / "tools")]

from county import identity
from lib_county import HUB
from lib_scenario import REHAB, WORK, Scenario, leaving, persons, sheet_of

SITE, OTHER = "varna", "sodertalje"


class Corrections(Scenario):
    """What was published stands; what was wrong with it is booked forward, or waits."""

    sites = (SITE,)

    def leavers(self, n, first, entry, exit_day, **how):
        return persons(n, first, entry_date=entry, **leaving(exit_day, **how))

    def test_the_exit_of_fourteen_months_ago_is_corrected_where_both_figures_stay_safe(self):
        old = self.leavers(8, 1, "2017-05-15", "2017-09-14", **WORK)
        self.skip_until("2017-08")
        self.record("2017-10-05", SITE, old)
        self.close_until("2017-09")
        self.sees("left", {"2017-09": 8}, "work_or_studies")
        self.skip_until("2018-10")
        new = self.leavers(6, 20, "2018-01-15", "2018-11-14", **WORK) + self.leavers(6, 30, "2018-01-15", "2018-11-15", **REHAB)
        self.record("2018-12-03", SITE, [{**old[0], **REHAB}] + new)
        self.close_until("2018-11")
        self.sees("left", {"2017-09": 8, "2018-11": 6 - 1}, "work_or_studies")
        self.sees("left", {"2018-11": 6 + 1}, "other")
        self.unchanged_since("2017-10-15", "2017-09", "left")
        self.assertEqual(self.balance(SITE, "left", "work_or_studies"), (13, 0, 0))
        self.assertEqual(self.corrected(SITE, "left", "2018-11", "work_or_studies"), (6, 1, 0))
        self.assertEqual(self.corrected(SITE, "left", "2018-11", "other"), (6, 0, 1))
        rules = " ".join(self.why(HUB, "left 2018-11", "mia.why.rules/1")["lines"])
        self.assertIn("corrections of closed months, count in the month in which they were booked", rules)

    def test_a_correction_waits_until_others_leave(self):
        old = self.leavers(8, 1, "2017-05-15", "2017-09-14", **WORK)
        self.skip_until("2017-08")
        self.record("2017-10-05", SITE, old)
        self.close_until("2017-09")
        self.record("2018-11-03", SITE, [{**old[0], **REHAB}])
        self.skip_until("2018-10")
        self.sees("left", {"2017-09": 8}, "work_or_studies")
        self.sees("left", {}, "other")
        self.assertEqual(self.balance(SITE, "left", "work_or_studies"), (8, 0, -1))
        self.assertEqual(self.balance(SITE, "left", "other"), (0, 0, 1))

    def test_who_was_misregistered_after_publication_leaves_every_figure(self):
        january = persons(6, 1, entry_date="2018-01-15", interest_date="2018-01-08")
        self.skip_until("2017-12")
        self.record("2018-02-05", SITE, january)
        self.close_until("2018-01")
        wrong = {**january[0], "exit_date": "2018-01-15", "exit_reason": "misregistered"}
        self.record("2018-03-05", SITE, [wrong] + persons(7, 20, entry_date="2018-02-15", interest_date="2018-02-08"))
        self.close_until("2018-02")
        for measure in ("entered", "applied"):
            self.sees(measure, {"2018-01": 6, "2018-02": 7 - 1})
            self.unchanged_since("2018-02-15", "2018-01", measure)
            self.assertEqual(self.balance(SITE, measure), (12, 0, 0))
            self.assertEqual(self.corrected(SITE, measure, "2018-02"), (7, 1, 0))
        self.sees("left", {}, "other")

    def test_consent_withdrawn_after_closing_moves_no_figure(self):
        people = persons(6, 1, entry_date="2018-01-15")
        born = datetime.date(1980, 3, 12)
        people[0].update(birth_date=str(born), person_number=identity.test_number(born, "woman"))
        self.skip_until("2017-12")
        self.record("2018-02-05", SITE, people)
        self.close_until("2018-01")
        before = self.totals()
        form = self.record("2018-02-20", SITE, [{**people[0], "consent": "withdrawn", "consent_withdrawn_date": "2018-02-20"}])
        self.assertEqual((form["changed"], self.warnings.count("V007")), (1, 1))
        self.close_until("2018-02")
        self.sees("entered", {"2018-01": 6})
        self.assertEqual([row for row in self.totals() if row["period"] <= "2018-01"], before)
        self.unchanged_since("2018-02-15", "2018-01", "entered")
        self.assertEqual(self.balance(SITE, "entered"), (6, 0, 0))

    def test_a_leaver_who_comes_back_keeps_the_first_entry_and_counts_as_one(self):
        old = self.leavers(8, 1, "2017-05-15", "2017-09-14", **REHAB)
        self.skip_until("2017-08")
        self.record("2017-10-05", SITE, old)
        self.close_until("2017-09")
        back = {**persons(1, 1, entry_date="2017-05-15")[0], "consent_date": old[0]["consent_date"]}
        rewritten = {**persons(1, 2, entry_date="2018-01-10", education="compulsory")[0], "consent_date": old[1]["consent_date"]}
        form = self.record("2018-02-05", SITE, [back, rewritten] + self.leavers(6, 20, "2017-11-15", "2018-01-15", **REHAB), refused=["V035"])
        self.assertEqual((form["changed"], form["new"], form["refused"]), (1, 6, 1))
        self.assertIn("V036", self.warnings)
        self.close_until("2018-01")
        self.sees("entered", {"2017-09": 8, "2018-01": 6})
        self.sees("left", {"2017-09": 8, "2018-01": 6 - 1}, "other")
        form = self.record("2018-06-05", SITE, [{**back, **leaving("2018-05-14", **WORK)}] + self.leavers(5, 40, "2017-11-15", "2018-05-15", **WORK))
        self.assertEqual((form["changed"], form["refused"]), (1, 0))
        self.close_until("2018-05")
        self.sees("left", {"2018-05": 6}, "work_or_studies")


class Calendar(Scenario):
    """Months that come late, or with nothing, or not at all."""

    sites = (SITE, OTHER)

    def test_a_month_in_which_nothing_happened_is_a_zero_and_complete(self):
        self.skip_until("2017-12")
        self.record("2018-02-05", SITE, persons(6, entry_date="2018-01-15"))
        self.close_until("2018-01")
        self.assertEqual(self.state("entered", "2018-01", OTHER), "value")
        self.assertEqual(self.figures("entered", site=OTHER)["2018-01"], 0)
        self.assertEqual(self.figures("entered")["2018-01"], 6)

    def test_what_is_recorded_after_the_cut_off_is_booked_in_the_next_month(self):
        self.skip_until("2017-12")
        self.close_until("2018-01")
        self.record("2018-02-12", SITE, persons(6, entry_date="2018-01-15"))
        self.close_until("2018-02")
        self.sees("entered", {"2018-02": 6}, site=SITE)

    def test_a_month_that_never_came_is_named_and_never_a_zero(self):
        self.skip_until("2017-12")
        self.record("2018-02-05", SITE, persons(6, entry_date="2018-01-15"))
        self.county.kill(OTHER, 15)
        self.only(SITE, "2018-02-10")
        self.assertEqual(self.state("entered", "2018-01", OTHER), "missing")
        self.assertNotIn("2018-01", self.figures("entered", site=OTHER))
        why = self.why(HUB, "entered 2018-01", "mia.why/1")["values"]
        self.assertEqual((why["value"], why["months_reported"], why["months_expected"]), (6, 1, 6))
        self.assertIn("Södertälje has not reported 2018-01", self.county.mia(HUB, "totals", "--period", "2018-01", expect=(6,)))

    def only(self, site, day):
        self.county.set_clock(day, [HUB, site])
        self.county.set_clock(f"{day}T00:20:00Z", [HUB, site])
        self.county.mia(site, "wait", "--until", "received")

    def test_a_report_that_comes_after_the_day_it_was_due_counts_and_is_known_as_late(self):
        self.skip_until("2017-12")
        self.record("2018-02-05", OTHER, persons(6, entry_date="2018-01-15"))
        self.county.kill(OTHER, 15)
        for day in ("2018-02-10", "2018-03-02"):
            self.only(SITE, day)
        self.county.start_one(OTHER)
        self.county.set_clock("2018-03-02T00:20:00Z", [OTHER])
        self.county.set_clock("2018-03-02T00:40:00Z")
        self.county.mia(OTHER, "wait", "--until", "received")
        self.sees("entered", {"2018-01": 6})
        self.assertEqual(self.state("entered", "2018-01", OTHER), "value")
        in_time = {row["site"]: row["on_time"]["number"] for row in sheet_of(self.county.ask(HUB, "sites", expect=(0, 6)), "mia.sites/1")["rows"]}
        self.assertEqual(in_time["varna"] - in_time["sodertalje"], 1)
        compared = sheet_of(self.county.ask(HUB, "compare", "2018-01", "--as-of", "2018-02-15", "--measure", "entered", expect=(0, 6)), "mia.compare/1")
        row = compared["rows"][0]
        self.assertEqual((row["first"], row["second"], row["difference"]), (0, 6, 6))
        self.assertEqual((row["first_sites"]["number"], row["second_sites"]["number"]), (1, 2))
        self.assertIn("reports that came later", " ".join(compared["notes"]))


class Programme(Scenario):
    """What changes with time, and is an edit of the programme file."""

    sites = ("sodra-roslagen", "suv", "samsund")

    def test_municipalities_that_join_a_site_are_its_own_from_that_day(self):
        home = "sodra-roslagen"
        self.skip_until("2019-09")
        self.record("2019-11-05", home, persons(5, 1, entry_date="2019-09-30", municipality="0162"))
        self.assertEqual(self.warnings, ["V013"])
        self.record("2019-11-05", home, persons(5, 11, entry_date="2019-10-01", municipality="0162"))
        self.assertEqual(self.warnings, [])
        self.record("2019-11-05", home, persons(5, 21, entry_date="2019-09-30", municipality="0160"))
        self.assertEqual(self.warnings, [])
        self.close_until("2019-10")
        self.sees("entered", {"2019-10": 15}, site=home)

    def test_sites_seven_and_eight_are_expected_from_the_month_they_join(self):
        self.skip_until("2020-05")
        self.record("2020-07-03", "suv", persons(6, entry_date="2020-06-15", municipality="0163"))
        self.close_until("2020-06")
        months = {(row["period"], row["site"]) for row in self.totals()}
        self.assertNotIn(("2020-05", "suv"), months)
        self.assertIn(("2020-06", "samsund"), months)
        self.assertEqual(self.figures("entered", site="suv"), {"2020-06": 6})
        self.assertEqual(self.figures("entered", site="samsund"), {"2020-06": 0})
        self.assertIn("1 of 6 sites", self.county.mia(HUB, "totals", "--period", "2020-05", expect=(6,)))
        self.assertIn("3 of 8 sites", self.county.mia(HUB, "totals", "--period", "2020-06", expect=(6,)))

    def test_the_targets_of_a_site_step_on_the_day_the_programme_says(self):
        def target(period):
            rows = sheet_of(self.county.ask(HUB, "goals", "--site", "ostra-sodertorn", "--period", period, expect=(0, 6)), "mia.goals/1")["rows"]
            return next(row["base"] for row in rows if row["goal"] == "participants")

        self.skip_until("2018-07")
        self.assertEqual((target("2018-06"), target("2018-07")), (700, 650))
        steps = sheet_of(self.county.ask(HUB, "targets", expect=(0, 6)), "mia.targets/1")["rows"]
        self.assertEqual([(row["from"], row["to"], row["target"], row["change"]) for row in steps if row["site"] == "ostra-sodertorn"],
                         [("2017-04-01", "2018-06-30", 700, None), ("2018-07-01", "2020-12-31", 650, -50)])

    def test_household_indicators_are_the_site_s_own_after_their_day(self):
        """CO12 to CO14 leave no site after 2018-08-01; the site goes on counting them."""
        self.skip_until("2018-06")
        home, fields = "sodra-roslagen", {"household": "jobless+children", "municipality": "0160"}
        self.record("2018-09-05", home, persons(5, 1, entry_date="2018-07-16", **fields) + persons(5, 11, entry_date="2018-08-16", **fields))
        rows = [row.split(",") for row in self.county.mia(home, "totals", "--own", "--all", "--format", "csv").splitlines()]
        own = {(row[0], row[2]): row[4] for row in rows if row[3] == "total" and row[2] in ("co12", "co13", "co14")}
        for month in ("2018-07", "2018-08"):
            self.assertEqual([own[month, name] for name in ("co12", "co13", "co14")], ["5", "5", "0"], month)
        shown = sheet_of(self.county.ask(None, "programme", "show", self.programme_path, "--part", "indicators"), "mia.programme_indicators/1")["rows"]
        self.assertEqual({row["indicator"]: row["released_to"] for row in shown if row["indicator"] in ("co12", "co13", "co14", "co15")},
                         {"co12": "2018-08-01", "co13": "2018-08-01", "co14": "2018-08-01", "co15": None})

    def test_a_code_that_is_not_valid_on_the_day_is_refused(self):
        self.skip_until("2020-11")
        self.record("2021-01-05", "suv", persons(1, 1, sex="other", entry_date="2020-12-15"), refused=["V014"])


class People(Scenario):
    sites = (SITE, OTHER)

    def test_ages_are_whole_years_on_the_day_of_entry(self):
        """15 the day before a birthday and 65 on it are refused, 16 and 64 are not; a birthday may be a leap day."""
        self.skip_until("2020-01")
        for i, (birth, entry, is_good) in enumerate((
                ("2003-02-10", "2019-02-10", True), ("2003-02-11", "2019-02-10", False), ("1954-02-11", "2019-02-10", True), ("1954-02-10", "2019-02-10", False),
                ("2004-02-29", "2020-02-28", False), ("2004-02-29", "2020-02-29", True), ("1955-03-01", "2020-02-29", True), ("1956-02-29", "2020-02-29", True),
                ("1955-02-28", "2020-02-28", False)), 1):
            with self.subTest(birth=birth, entry=entry):
                form = self.record("2020-03-05", SITE, persons(1, i, entry_date=entry, birth_date=birth), refused=[] if is_good else ["V010"])
                self.assertEqual(form["new"], is_good)

    def test_a_month_of_women_leaves_as_a_month_of_men_does(self):
        self.skip_until("2017-12")
        for site, sex in ((SITE, "woman"), (OTHER, "man")):
            self.record("2018-02-05", site, persons(6, sex=sex, entry_date="2018-01-15"))
        self.close_until("2018-01")
        seen = {site: [(row["period"], row["measure"], row["cell"], row["value"]) for row in self.totals() if row["site"] == site] for site in self.sites}
        self.assertEqual(seen[SITE], seen[OTHER])


class Small(Scenario):
    """A cell of three beside five sites that show theirs."""

    sites = ("ostra-sodertorn", "sodertalje", "hbs", "varna", "stockholms-stad", "sodra-roslagen")

    def test_three_at_one_site_are_in_no_figure_of_the_county_until_two_more_come(self):
        self.skip_until("2017-12")
        for site in self.sites:
            self.record("2018-02-05", site, persons(3 if site == SITE else 6, entry_date="2018-01-15"))
        self.close_until("2018-01")
        self.sees("entered", {}, site=SITE)
        self.sees("entered", {"2018-01": 5 * 6}, site="county")
        self.assertIn("Up to 4 more persons may wait per site", self.county.mia(HUB, "totals", "--period", "2018-01"))
        self.assertEqual(self.balance(SITE, "entered"), (0, 3, 0))
        self.record("2018-03-05", SITE, persons(2, 11, entry_date="2018-02-15"))
        self.close_until("2018-02")
        self.sees("entered", {"2018-02": 5}, site=SITE)
        self.sees("entered", {"2018-01": 30, "2018-02": 5}, site="county")


if __name__ == "__main__":
    unittest.main(verbosity=2)
