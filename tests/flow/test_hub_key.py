#!/usr/bin/python3
"""The hub's own keys: changed while the work goes on, and made anew when they are lost (3-privacy 3.5).

    test_hub_key.py        MIA_BUILD says where the programs are
"""

import re
import shutil
import signal
import stat
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import HEADINGS, figure, wait_for
from test_join import ONE, SEVENTH, THREE, TWO, WRONG, Story as Ceremony

SITES = (ONE, TWO, THREE)


class Story(Ceremony):
    def setUp(self):
        super().setUp()
        self.county.start()
        self.record_months("A", ("2017-04-03", "2017-05-03"))
        self.county.deliver("2017-06-10", timeout=120)

    def record_months(self, prefix, days):
        """Six persons a day at each site."""
        for site in SITES:
            path = self.folder / f"{site}.csv"
            rows = (f"{prefix}-{site}-{i:03d}-{day};Kvinna;Lämnat;{day};{day}" for day in days for i in range(6))
            path.write_text("\n".join([HEADINGS, *rows]) + "\n", "utf-8")
            self.county.mia(site, "import", path, "--apply")

    def all_in_contact(self):
        return all(map(self.in_contact, SITES))

    def refused(self, name, code):
        said = self.talk(name, "reload", expect=1)
        self.assertIn(code, said)

    def each_report_counts_once(self, last):
        events = self.events(HUB)
        for site in SITES:
            for n in range(1, last + 1):
                self.assertEqual(len(re.findall(f"{site}: report {n} for", self.county.mia(HUB, "events", "--last", 500))), 1, (site, n))
        self.assertNotIn("refused", events)

    def county_figure(self, site, period):
        return self.county.mia(site, "totals", "--period", period, "--measure", "entered", "--allow-partial", "--format", "csv", expect=(0, 6))


class Changing(Story):
    def test_the_hub_changes_its_keys_before_during_and_after_reports(self):
        old, before = self.fingerprint(HUB), self.county_figure(ONE, "2017-04")
        early = self.invite(SEVENTH)
        self.talk(None, "key", "rotate", "--dir", self.county.room(HUB))
        self.assertIn("J006", self.talk(None, "key", "rotate", "--dir", self.county.room(HUB), expect=1))
        for name in ("sign.next", "link.next"):
            path = self.county.room(HUB) / "keys" / name
            self.assertEqual((stat.S_IMODE(path.stat().st_mode), path.stat().st_size), (0o600, 32))
        new = self.card_fingerprint(HUB)
        self.accept(HUB)
        self.assertRegex(self.draft.read_text("ascii"), r"\[hub\][^\[]*former = [0-9a-f]{64} \| 0\n")
        self.sign_draft([new])
        self.put_in_place()
        for name in (HUB, ONE):
            self.refused(name, "R044")  # the key in use has not said so
        self.assertTrue(self.all_in_contact())
        self.talk(HUB, "roster", "sign", self.draft)
        self.put_in_place()
        self.a_month_closes_while_one_site_knows_and_the_hub_does_not()
        self.reload(HUB, TWO, THREE)
        self.county.deliver("2017-08-10", timeout=120)
        self.each_report_counts_once(4)  # April to July
        self.assertEqual(figure(self.county, "entered", "2017-06", ONE), 6)
        self.assertNotEqual(self.fingerprint(HUB), old)
        self.assertEqual(self.fingerprint(HUB), new)
        self.results_hold(before)
        self.invitations_carry_the_new_key(early, old, new)
        self.the_hub_starts_with_the_new_keys()

    def a_month_closes_while_one_site_knows_and_the_hub_does_not(self):
        self.reload(ONE)
        self.record_months("B", ("2017-06-02",))
        self.county.set_clock("2017-07-10")
        self.county.set_clock("2017-07-10T00:20:00Z")
        self.county.mia(TWO, "wait", "--until", "received", "--timeout", 60)  # with the keys before
        self.county.mia(ONE, "wait", "--until", "received", "--timeout", 2, expect=(9,))  # its hub is not there yet

    def results_hold(self, before):
        """What the key before signed, and what the new one did, is there without a hub, after a start too."""
        wait_for("results of June", lambda: "3 of 6 sites" in self.county.mia(ONE, "totals", "--period", "2017-06", "--allow-partial", expect=(0, 6)))
        self.county.kill(ONE)
        self.county.start_one(ONE)
        self.assertEqual(self.county_figure(ONE, "2017-04"), before)

    def invitations_carry_the_new_key(self, early, old, new):
        self.assertNotIn(SEVENTH, self.county.mia(HUB, "invite", "list"))  # what was given out names another hub
        self.join("before", early, [old])
        self.assertIn("J005", self.accept(SEVENTH, [], expect=4, card=self.card("before")))
        self.folder.joinpath(f"{SEVENTH}.ini").unlink()
        late = self.invite(SEVENTH)
        self.join(SEVENTH, late, [old, old, old], expect=4)
        self.join(SEVENTH, late, [new])
        self.accept(SEVENTH)

    def the_hub_starts_with_the_new_keys(self):
        self.county.kill(HUB)
        self.county.start_one(HUB)
        wait_for("contact after a start", self.all_in_contact)
        self.talk(None, "key", "rotate", "--dir", self.county.room(HUB))  # the change before is over

    def test_a_hub_that_is_killed_in_the_change_has_one_key_or_the_other_and_goes_on(self):
        for change in range(2):
            self.talk(None, "key", "rotate", "--dir", self.county.room(HUB))
            new = self.card_fingerprint(HUB)
            self.accept(HUB)
            self.sign_draft([new])
            self.talk(HUB, "roster", "sign", self.draft)
            self.put_in_place()
            if change:  # at any point of the reload, else before it began
                self.county.processes[HUB].send_signal(signal.SIGHUP)
            self.county.kill(HUB)
            self.county.start_one(HUB)
            self.assertEqual(self.fingerprint(HUB), new)
            self.reload(*SITES)
            wait_for("contact with the new key", self.all_in_contact)
        self.county.deliver("2017-08-10", timeout=120)
        self.each_report_counts_once(4)

    def test_the_hub_signs_for_its_own_keys_alone_and_a_site_hears_them(self):
        self.talk(None, "key", "rotate", "--dir", self.county.room(ONE))
        self.accept(ONE)
        self.assertIn("J009", self.talk(HUB, "roster", "sign", self.draft, expect=1))
        self.talk(None, "key", "rotate", "--dir", self.county.room(HUB))
        self.accept(HUB)
        self.talk(HUB, "roster", "sign", self.draft)
        said = self.talk(TWO, "roster", "sign", self.draft, typed=[WRONG] * 4, expect=4)
        self.assertIn("J008", said)
        self.assertIn("roster signed epoch 2", self.events(HUB))


class Lost(Story):
    def test_a_lost_hub_key_is_replaced_by_the_owner_and_two_sites(self):
        keys, roster = self.county.room(HUB) / "keys", self.county.folder / "roster.ini"
        self.county.kill(HUB)
        (keys / "sign.key").unlink()
        self.talk(None, "key", "rotate", "--dir", self.county.room(HUB), "--lost", roster)
        self.county.start_one(HUB, wait=False)
        self.assertEqual(self.county.processes.pop(HUB).wait(timeout=60), 1)
        self.assertIn("R012", self.county.log(HUB))
        shutil.copy(self.county.room(HUB) / "draft.ini", self.draft)
        self.assertRegex(self.draft.read_text("ascii"), r"\[hub\][^\[]*former = [0-9a-f]{64} \| 0 \| lost\n")
        self.sign_draft([self.card_fingerprint(HUB)], (ONE,))
        self.put_in_place()
        self.refused(TWO, "R043")
        self.talk(TWO, "roster", "sign", self.draft, typed=[self.card_fingerprint(HUB)])
        self.put_in_place()
        self.reload(*SITES)
        self.county.start_one(HUB)
        wait_for("contact with the new hub key", self.all_in_contact)
        self.county.deliver("2017-08-10", timeout=120)
        self.each_report_counts_once(4)

    def test_a_roster_of_somebody_else_s_making_is_no_ground_for_new_hub_keys(self):
        keys, roster = self.county.room(HUB) / "keys", self.folder / "roster.ini"
        before = (keys / "sign.key").read_bytes()
        shutil.copy(self.county.folder / "roster.ini", roster)
        self.assertIn("R020", self.talk(None, "key", "rotate", "--dir", self.county.room(HUB), "--lost", roster, expect=1))
        self.assertEqual((keys / "sign.key").read_bytes(), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
