#!/usr/bin/python3
"""One person at a time, by the forms a case worker fills in, and what the county then sees: moves, re-entries, withdrawals, mistakes,
erasure (2-domain, Scenarios and Life cycle).

    test_scenarios_people.py        MIA_BUILD says where the programs are
"""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_scenario import Scenario, leaving, persons, sheet_of

SITE, OTHER = "varna", "sodertalje"
N = 6


class Moves(Scenario):
    sites = (SITE, OTHER)

    def test_who_moves_with_a_token_is_one_participant_of_the_county(self):
        """Six move: transferred out here, in there, entered once."""
        self.skip_until("2017-12")
        self.record("2018-02-05", SITE, persons(N, entry_date="2018-01-15", municipality="0182"))
        self.close_until("2018-01")
        self.on("2018-03-05")
        tokens = [self.hand_over(f"S-{i}") for i in range(1, N + 1)]
        self.assertEqual(len({token for token in tokens if len(token) == 20 and token.isdecimal()}), N)
        for i, token in enumerate(tokens):
            self.receive(f"T-{i}", token)
        self.close_until("2018-02")
        self.sees("entered", {"2018-01": N}, site="county")
        self.sees("entered", {}, site=OTHER)
        self.sees("transferred_out", {"2018-02": N}, site=SITE)
        self.sees("transferred_in", {"2018-02": N}, site=OTHER)
        flow = {row["period"]: row["active"] for row in sheet_of(self.county.ask(HUB, "flow", expect=(0, 6)), "mia.flow/1")["rows"]}
        self.assertEqual((flow["2018-01"], flow["2018-02"]), (N, N))
        wire = self.county.mia(HUB, "dump") + self.county.mia(SITE, "dump") + self.county.mia(OTHER, "dump")
        self.assertFalse([token for token in tokens if token in wire])

    def test_who_moves_and_comes_back_is_one_participant_all_the_time(self):
        """Out here, in and out there, back here into the same cases: nobody enters twice, and the move is taken back as an exit would be."""
        self.skip_until("2017-12")
        self.record("2018-02-05", SITE, persons(N, entry_date="2018-01-15", municipality="0182"))
        self.close_until("2018-01")
        self.on("2018-03-05")
        tokens = [self.hand_over(f"S-{i}") for i in range(1, N + 1)]
        for i, token in enumerate(tokens):
            self.receive(f"T-{i}", token)
        self.close_until("2018-02")
        self.on("2018-04-05")
        cases = []
        for i, own in enumerate(tokens, 1):
            token = self.hand_over(f"T-{i - 1}", OTHER, "2018-03-12")
            told = {"entry_date": "2018-01-15", "transfer_in_token": token, "transfer_in_date": "2018-03-13", "local_id": f"S-{i}"}
            if i == 1:  # the other association gave them no paper, but they have ours
                told = {"entry_date": "2018-01-15", "transfer_in_token": own, "transfer_in_date": "2018-03-13"}
            values = sheet_of(self.county.ask(SITE, "person", "move", "--in", "--yes", told=told), "mia.case/1")["values"]
            self.assertEqual((values["event"], values["state"]), ("reentry", "active"))
            cases.append(values["case"])
        self.assertEqual(cases, [self.case(SITE, local_id=f"S-{i}") for i in range(1, N + 1)])
        self.close_until("2018-03")
        self.sees("entered", {"2018-01": N}, site="county")
        self.sees("transferred_in", {"2018-02": N}, site="county")
        self.sees("transferred_out", {"2018-03": N}, site=OTHER)
        self.assertEqual(self.balance(SITE, "entered"), (N, 0, 0))
        self.assertEqual(self.balance(SITE, "transferred_out"), (N, 0, -N))  # taken back with the next who move, as an exit is

    def hand_over(self, local_id, site=SITE, day="2018-02-20"):
        case = self.case(site, local_id=local_id)
        answer = self.county.ask(site, "person", "move", case, "--yes", told={"transfer_out_date": day})
        return sheet_of(answer, "mia.case/1")["values"]["token"]

    def receive(self, local_id, token, expect=(0,)):
        told = {**persons(1, entry_date="2018-01-15", municipality="0181")[0], "local_id": local_id, "transfer_in_token": token, "transfer_in_date": "2018-02-21"}
        return self.county.ask(OTHER, "person", "move", "--in", "--yes", expect=expect, told=told)

    def test_a_token_with_a_wrong_digit_or_used_twice_is_refused(self):
        self.on("2018-03-05")
        self.record("2018-03-05", SITE, persons(1, entry_date="2018-01-15", municipality="0182"))
        token = self.hand_over("S-1")
        wrong = token[:7] + str((int(token[7]) + 1) % 10) + token[8:]
        self.assertIn("V070", str(self.receive("T-1", wrong, expect=(2, 8))))
        self.receive("T-1", token)
        self.assertIn("V056", str(self.receive("T-2", token, expect=(8,))))

    def test_without_a_token_nobody_can_know_and_both_count(self):
        self.skip_until("2017-12")
        self.record("2018-02-05", SITE, persons(N, entry_date="2018-01-15", municipality="0182"))
        self.close_until("2018-01")
        self.record("2018-03-05", SITE, persons(N, entry_date="2018-01-15", municipality="0182", **leaving("2018-02-20", exit_reason="moved")))
        self.record("2018-03-05", OTHER, persons(N, entry_date="2018-02-22", municipality="0181"))
        self.close_until("2018-02")
        self.sees("entered", {"2018-01": N, "2018-02": N}, site="county")
        self.sees("left", {"2018-02": N}, "other", site=SITE)


class Lives(Scenario):
    sites = (SITE,)

    def setUp(self):
        super().setUp()
        self.skip_until("2017-12")
        self.people = persons(N, entry_date="2018-01-15", interest_date="2018-01-10", municipality="0182")
        self.record("2018-02-05", SITE, self.people)
        self.close_until("2018-01")
        self.on("2018-03-05")

    def test_who_comes_back_is_one_participant_whose_first_entry_stays(self):
        for i in range(1, N + 1):
            self.event(SITE, self.case(SITE, local_id=f"S-{i}"), "exit", exit_date="2018-02-12", exit_reason="dropout", result_date="2018-02-12")
        self.close_until("2018-02")
        self.sees("left", {"2018-02": N}, "other")
        self.on("2018-04-05")
        case = self.case(SITE, local_id="S-1")
        self.assertEqual(self.event(SITE, case, "reentry", return_date="2018-03-20")["state"], "active")
        shown = {one["schema"]: one.get("values", one.get("rows")) for one in self.county.ask(SITE, "person", "show", case)}
        self.assertEqual(shown["mia.person.entry/1"]["entry_date"], "2018-01-15")
        self.close_until("2018-03")
        self.sees("entered", {"2018-01": N})
        self.sees("left", {"2018-02": N}, "other")
        self.assertEqual(self.balance(SITE, "left", "other"), (N, 0, -1))
        self.assertEqual(self.balance(SITE, "entered"), (N, 0, 0))

    def test_who_was_registered_by_mistake_leaves_the_figures_with_those_who_come(self):
        self.event(SITE, self.case(SITE, local_id="S-1"), "misregister")
        self.record("2018-03-05", SITE, persons(N, 20, entry_date="2018-02-15", municipality="0182"))
        self.close_until("2018-02")
        self.sees("entered", {"2018-01": N, "2018-02": N - 1})
        self.assertEqual(self.corrected(SITE, "entered", "2018-02"), (N, 1, 0))
        self.unchanged_since("2018-02-15", "2018-01", "entered")

    def test_who_withdraws_consent_is_anonymous_and_closed_figures_stand(self):
        case = self.case(SITE, local_id="S-1")
        self.event(SITE, case, "withdraw", consent_withdrawn_date="2018-03-01")
        shown = {one["schema"]: one.get("values") for one in self.county.ask(SITE, "person", "show", case)}
        self.assertEqual(shown["mia.person/1"]["known_by"], "anonymous")
        self.assertNotIn("birth_date", shown["mia.person.identity/1"])
        self.close_until("2018-02")
        self.sees("entered", {"2018-01": N})
        self.unchanged_since("2018-02-15", "2018-01", "entered")
        self.assertEqual(self.balance(SITE, "entered"), (N, 0, 0))

    def test_who_is_erased_is_gone_and_closed_figures_stand(self):
        case = self.case(SITE, local_id="S-1")
        self.county.mia(SITE, "person", "erase", case, "--yes")
        self.county.mia(SITE, "person", "show", case, expect=(5,))
        self.close_until("2018-02")
        self.sees("entered", {"2018-01": N})
        self.unchanged_since("2018-02-15", "2018-01", "entered")

    def test_a_life_by_its_forms_ends_where_the_goals_count_it(self):
        """Interest to follow-up, one form after the other, of six people."""
        for i in range(N):
            case = self.add(i)
            for event, fields in self.life():
                with self.subTest(event=event):
                    self.assertEqual(self.event(SITE, case, event, **fields)["stored"], "yes")
        self.close_until("2018-02")
        self.sees("applied", {"2018-01": N, "2018-02": N})
        self.sees("entered", {"2018-01": N, "2018-02": N})
        self.sees("spell_started", {"2018-02": N})
        self.sees("left", {"2018-02": N}, "work_or_studies")
        goals = {row["goal"]: row for row in sheet_of(self.county.ask(HUB, "goals", expect=(0, 6)), "mia.goals/1")["rows"]}
        self.assertEqual((goals["work_or_studies"]["number"], goals["work_or_studies"]["base"]), (N, N))

    def add(self, i):
        who = {"local_id": f"L-{i}", "sex": "man", "birth_date": "1990-05-06", "municipality": "0182", "consent": "given", "consent_date": "2018-02-01",
               "interest_date": "2018-02-01"}
        return sheet_of(self.county.ask(SITE, "person", "add", "--yes", told=who), "mia.case/1")["values"]["case"]

    @staticmethod
    def life():
        return [
            ("queue", {"queued_date": "2018-02-02"}),
            ("mapping", {"mapping_date": "2018-02-03"}),
            ("entry", {"entry_date": "2018-02-05", "education": "upper3", "labour": "unemployed", "income": "assistance", "income_main": "assistance"}),
            ("start", {"activity": "course", "spell_start": "2018-02-06"}),
            ("pause", {"pause_start": "2018-02-08"}),
            ("resume", {"pause_end": "2018-02-10"}),
            ("hours", {"hours_month": "2018-02-01", "hours": "12"}),
            ("end", {"activity": "course", "spell_start": "2018-02-06", "spell_end": "2018-02-20"}),
            ("exit", {"exit_date": "2018-02-22", "exit_reason": "work", "works_type": "open", "works_extent": "100", "result_date": "2018-02-22"}),
        ]


if __name__ == "__main__":
    unittest.main(verbosity=2)
