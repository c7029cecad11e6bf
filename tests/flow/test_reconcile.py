#!/usr/bin/python3
"""Stores that were put back from backups, with real daemons (4-sync 4.1): what came back is looked at, acknowledged, and entered again.

    test_reconcile.py        MIA_BUILD says where the programs are
"""

import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB, ROOT
from lib_faults import SITE, wait_for
from lib_restore import LOST, Restored
from lib_scenario import WORK, leaving, persons, sheet_of


class SiteRestored(Restored):
    def setUp(self):
        super().setUp()
        self.january = persons(6, entry_date="2018-01-15")
        self.february = persons(7, first=20, entry_date="2018-02-10")
        self.left = [{**row, **WORK, **leaving("2018-02-20")} for row in self.january]
        self.record("2018-02-05", SITE, self.january)
        self.close("2018-01")
        self.back_up("backup")
        self.record("2018-02-25", SITE, [*self.february, *self.left])
        self.close("2018-02")

    def test_before_anything_new_is_recorded(self):
        self.put_back("backup")
        self.halted("W013")
        self.adds_up_dry()
        before = self.county.mia(SITE, "preview")
        self.assertEqual(self.reconcile(), self.reconcile())
        self.assertEqual(self.county.mia(SITE, "preview"), before)
        self.close_nothing()
        self.acknowledge()
        self.assertIn("nothing came back", self.acknowledge_again())
        self.county.set_clock("2018-04-15T00:20:00Z")  # March was due: its report leaves
        self.received()
        self.assertNotIn("W013", self.says())
        self.adds_up(13)
        self.tells_both()
        self.goes_on()

    def adds_up_dry(self):
        shown = self.reconcile()
        told = ("state", "code", "first_period", "last_period", "lost_from", "lost_to", "difference", "mark")
        self.assertEqual([shown[key] for key in told], ["adopted", "W013", "2018-02", "2018-02", "2018-02-10", "2018-03-10", 13, "other"])
        self.assertEqual((shown["first"], shown["last"]), (self.sent(), self.sent()))
        self.assertEqual(self.taken_over(), {("2018-02", "entered", "total"): (7, 0, 7), ("2018-02", "left", "work_or_studies"): (6, 0, 6)})
        self.assertIn("mia reconcile", self.says())
        self.assertIn("mia stäm-av", self.says("sv"))
        self.assertIn("mia reconcile", self.county.mia(SITE, "todo"))
        self.assertIn("mia reconcile --acknowledge", self.county.mia(None, "explain", "W013"))

    def close_nothing(self):
        """While it is halted: nothing closes, nothing leaves, and a restart changes nothing of it."""
        self.county.set_clock("2018-04-15", [HUB, SITE])
        n = self.sent()
        self.assertIn("W013", self.refused("close", "--yes"))
        self.county.mia(SITE, "wait", "--until", "received", "--timeout", "1", expect=(9,))
        self.off()
        self.county.start_one(SITE)
        self.assertIn("W013", self.says())
        self.assertEqual(self.sent(), n)

    def acknowledge_again(self):
        return self.refused("reconcile", "--acknowledge", "--yes")

    def tells_both(self):
        n = self.sent() - 1
        for name, lines in ((SITE, ("adopted", f"reports {n} to {n}", "acknowledged")), (HUB, ("took its reports back", "goes on with the reports"))):
            for line in lines:
                self.assertIn(line, self.events(name).replace("the hub's copy of our reports taken over", "adopted"), name)

    def goes_on(self):
        """What was lost is entered again a month later, with five who are new: each is counted once."""
        self.record("2018-04-16", SITE, [*self.february, *self.left, *persons(5, first=40, entry_date="2018-03-20")])
        self.adds_up(0)
        self.close("2018-04")
        self.sees("entered", {"2018-01": 6, "2018-02": 7, "2018-04": 5})
        self.sees("left", {"2018-02": 6}, cell="work_or_studies")
        self.adds_up(0)

    def test_after_new_records_and_with_the_mark_lost(self):
        """The hub is not there; four of the lost and one who is new are entered; then it is heard, and another association is asked."""
        self.off(HUB)
        self.put_back("backup", mark=LOST)
        n = self.sent()
        file = self.write([*self.february[:4], *self.left, *persons(1, first=60, entry_date="2018-02-12")])
        self.county.ask(SITE, "import", file, "--apply")
        self.assertEqual(self.sent(), n)
        self.start_at_day(HUB)
        self.halted("W013")
        self.assertEqual(self.taken_over()["2018-02", "entered", "total"], (7, 5, 2))
        self.acknowledge()
        self.assertEqual(self.reconcile()["state"], "mark_lost")
        wait_for("contact", lambda: "in contact" in self.says())
        self.assertIn("mia confirm N", self.says())
        self.county.set_clock("2018-04-10T00:20:00Z")
        self.assertEqual(self.sent(), n + 1)
        self.assertIn("X022", self.refused("confirm", n))
        self.county.mia(SITE, "confirm", n + 1)
        self.county.set_clock("2018-04-10T00:50:00Z")  # March was due: its report leaves
        self.received()
        self.adds_up(2)
        self.record("2018-04-16", SITE, [*self.february, *persons(5, first=70, entry_date="2018-04-02")])
        self.close("2018-04")
        self.adds_up(0)
        self.sees("entered", {"2018-01": 6, "2018-02": 7, "2018-04": 6})  # the one who was new waited for company
        self.sees("left", {"2018-02": 6}, cell="work_or_studies")

    def test_a_site_that_begins_with_nothing_but_its_keys(self):
        self.off()
        for store in self.stores[SITE]:
            shutil.rmtree(self.state(SITE) / store)
        (self.state(SITE) / "mark").unlink()
        fresh = self.folder / "fresh"
        self.county.mia(None, "init", "site", SITE, "--dir", fresh, "--programme", self.county.folder / "programme.ini", "--programme-key",
                        self.county.folder / "programme.key.pub", "--roster", self.county.folder / "roster.ini", "--rehearsal", "--hub", "tcp://127.0.0.1:1")
        for part in ("state/records", "state/keys"):
            shutil.copytree(fresh / part, self.county.room(SITE) / part)
        for key in ("vault.key", "index.key"):
            shutil.copy2(fresh / "keys" / key, self.county.room(SITE) / "keys" / key)
        self.start_at_day(SITE)
        self.halted("W013")
        self.assertEqual((self.reconcile()["first"], self.reconcile()["difference"]), (1, 19))
        self.acknowledge()
        wait_for("contact", lambda: "in contact" in self.says())
        self.county.mia(SITE, "confirm", self.sent())
        self.record("2018-03-20", SITE, [*self.left, *self.february])
        self.close("2018-03")
        self.adds_up(0)
        self.sees("entered", {"2018-01": 6, "2018-02": 7})

    def test_the_hub_shows_who_took_reports_back(self):
        self.assertEqual(self.at_hub(), [])
        self.put_back("backup")
        self.halted("W013")
        row, = self.at_hub()
        n = self.sent()
        self.assertEqual((row["site"], row["state"], row["own"], row["n"], row["back"]), (SITE, "halted", n - 1, n, None))
        self.assertIn("mia reconcile", self.says(name=HUB))
        self.off(HUB)
        self.county.start_one(HUB)
        self.assertEqual(self.at_hub()[0]["state"], "halted")
        self.acknowledge()
        wait_for("the hub to hear it again", lambda: self.at_hub()[0]["state"] == "back")
        self.assertNotIn("mia reconcile", self.says(name=HUB))

    def at_hub(self):
        return sheet_of(self.county.ask(HUB, "reconcile"), "mia.reconcile.sites/1")["rows"]

    def typed(self, word):
        """mia reconcile --acknowledge by somebody at a terminal: what was shown."""
        command = [ROOT / "tests/cli/terminal.py", "to go on", f"{word}\n", *self.county.command(SITE, "reconcile", "--acknowledge"), "--lang", "en"]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=60).stdout

    def test_a_person_sees_it_first_and_types_the_association_s_name(self):
        self.put_back("backup")
        self.halted("W013")
        self.assertIn("X012", self.refused("reconcile", "--acknowledge", expect=2))  # no terminal to ask at
        shown = self.typed("varna")
        self.assertIn("Figures that were taken over", shown)
        self.assertIn(f"Type {SITE} to go on", shown)
        self.assertIn("was not typed", shown)
        self.assertEqual(self.reconcile()["state"], "adopted")
        self.typed(SITE)
        self.assertEqual(self.reconcile()["state"], "reconciled")

    def test_a_restore_while_another_is_open_is_one(self):
        """Put back again before anybody acknowledged: the same is given back again."""
        self.put_back("backup")
        self.halted("W013")
        shown = self.taken_over()
        self.put_back("backup")
        self.halted("W013")
        self.assertEqual(self.taken_over(), shown)
        self.acknowledge()
        self.received()
        self.put_back("backup")  # and once more, after it
        self.halted("W013")
        self.assertEqual(self.taken_over(), shown)
        self.acknowledge()
        self.received()
        self.adds_up(13)


class HubRestored(Restored):
    def setUp(self):
        super().setUp()
        self.record("2018-02-05", SITE, persons(6, entry_date="2018-01-15"))
        self.close("2018-01")
        self.back_up("hub-backup", HUB)
        self.back_up("site-january")
        self.record("2018-02-25", SITE, persons(7, first=20, entry_date="2018-02-10"))
        self.close("2018-02")
        self.before = self.totals()

    def streams_again(self):
        self.received()
        wait_for("the hub to have it all", lambda: self.totals() == self.before)
        self.assertNotIn("W01", self.says())
        self.assertIn("the hub has lost reports", self.events())
        self.close("2018-03")
        self.sees("entered", {"2018-01": 6, "2018-02": 7})
        self.assertIn("nothing is to be done", self.county.mia(SITE, "reconcile"))

    def test_a_hub_that_was_put_back_is_filled_again(self):
        self.put_back("hub-backup", HUB)
        self.streams_again()

    def test_a_hub_from_nothing_is_filled_again(self):
        fresh = self.folder / "fresh"
        self.county.mia(None, "init", "hub", "--dir", fresh, "--programme", self.county.folder / "programme.ini", "--programme-key",
                        self.county.folder / "programme.key.pub", "--roster", self.county.folder / "roster.ini", "--rehearsal", "--listen",
                        f"tcp://127.0.0.1:{self.county.port}")
        self.off(HUB)
        shutil.rmtree(self.state(HUB))
        shutil.copytree(fresh / "state", self.state(HUB))
        shutil.copy2(fresh / "keys/vault.key", self.county.room(HUB) / "keys/vault.key")
        self.start_at_day(HUB)
        self.streams_again()

    def test_both_put_back_and_the_hub_has_all(self):
        self.back_up("site-backup")
        self.back_up("hub-late", HUB)
        self.record("2018-03-20", SITE, persons(5, first=40, entry_date="2018-03-02"))
        self.off(SITE)
        self.put_back("hub-late", HUB)
        self.swap("site-backup")
        self.start_at_day(SITE)
        self.received()
        self.assertEqual(self.totals(), self.before)
        self.assertEqual(self.reconcile()["state"], "nothing")

    def test_both_put_back_too_far_wait_for_a_later_backup(self):
        """Nobody has February's report any more: it is not made a second time; when it is found again all goes on."""
        self.back_up("hub-late", HUB)
        n = self.sent()
        self.off()
        self.put_back("hub-backup", HUB)
        self.swap("site-january")
        self.start_at_day(SITE)
        wait_for("contact", lambda: "in contact" in self.says())
        self.assertEqual((self.sent(), self.reconcile()["mark"]), (n - 1, "other"))
        self.assertIn("X022", self.refused("confirm", n - 1))
        self.assertIn("W015", self.refused("close", "2018-02", "--yes"))
        self.off(HUB)
        self.swap("hub-late", HUB)
        self.off()
        self.start_at_day(HUB)
        self.start_at_day(SITE)
        self.halted("W013")
        self.acknowledge()
        self.received()
        self.assertEqual(self.totals(), self.before)
        self.adds_up(7)


if __name__ == "__main__":
    unittest.main(verbosity=2)
