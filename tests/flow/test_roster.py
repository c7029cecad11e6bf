#!/usr/bin/python3
"""Rosters with the real programs: who may change one, and what a change does at once (3-privacy 3.5, 4-sync 4.7).

    test_roster.py        MIA_BUILD says where the programs are
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB, County
from lib_faults import BUILD, figure, persons_file, sheet, wait_for
from lib_roster import Rosters

SITES = ["sodertalje", "varna", "ostra-sodertorn"]
ONE, TWO, THREE = SITES
EFFECT_S = 5  # 4-sync 4.2


class Story(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-roster."))
        self.county = County(BUILD, self.folder / "county", SITES)
        self.county.make()
        self.rosters = Rosters(self.county)
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.addCleanup(self.county.stop)

    def start(self):
        self.county.start()
        self.wait_contact()

    def wait_contact(self):
        wait_for("every site in contact", lambda: all(self.is_in_contact(site) for site in SITES), 60)

    def reload(self, *names, expect=(0,)):
        return "".join(self.county.mia(name, "reload", expect=expect) for name in names)

    def refused(self, name=HUB, code="R043"):
        """A reload that is refused: what it says; the daemon goes on as before."""
        done = subprocess.run([*self.county.command(name, "reload"), "--lang", "en"], capture_output=True, text=True, timeout=60, check=False)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 1, said)
        self.assertIn(code, said)
        return said

    def contact(self, site):
        return sheet(self.county.ask(HUB, "status", site), "mia.contact/1")["contact"]

    def is_in_contact(self, site):
        return str(self.contact(site)).startswith("in contact")

    def events(self, name):
        return re.sub(" +", " ", self.county.mia(name, "events", "--last", 60))

    def store(self, site, first, n):
        path = persons_file(self.folder / f"{site}-{first}.csv", first, n)
        self.county.mia(site, "import", path, "--apply")

    def close_months(self, day):
        self.county.deliver(day, timeout=120)


class Succession(Story):
    """Which roster may follow which, at the hub and at a site."""

    def test_an_epoch_holds_by_the_owner_and_two_sites(self):
        self.start()
        self.rosters.write(2, signers=[ONE, TWO])
        self.assertIn("2", self.reload(HUB, *SITES))
        self.wait_contact()
        for name in [HUB, *SITES]:
            self.assertIn("new roster in force epoch 2", self.events(name))
        for name in [HUB, *SITES]:
            self.county.kill(name, signal.SIGTERM)
        self.county.start()
        self.wait_contact()

    def test_whoever_lacks_signatures_is_refused_by_name_and_all_goes_on(self):
        self.start()
        stranger = bytes(range(32))
        for signers in ([], [ONE], [ONE, stranger], [ONE, HUB]):
            with self.subTest(signers=len(signers)):
                self.rosters.write(2, signers=signers)
                for name in (HUB, THREE):
                    reason = self.refused(name)
                    self.assertIn(TWO, reason)
        self.rosters.write(2, signers=[ONE, TWO], owner=False)
        self.refused(code="R022")
        self.rosters.write(2, signers=[ONE, TWO])
        text = (self.county.folder / "roster.ini").read_text("utf-8")
        (self.county.folder / "roster.ini").write_text(text.replace("epoch = 2", "epoch = 3"), "utf-8")
        self.refused(code="R023")
        self.assertTrue(all(self.is_in_contact(site) for site in SITES))

    def test_a_roster_is_never_rolled_back_not_at_a_start_either(self):
        self.start()
        self.rosters.write(2, signers=[ONE, TWO])
        self.reload(HUB, *SITES)
        self.rosters.write(1)
        self.assertIn("older", self.refused(code="R042"))
        self.refused(ONE, code="R042")
        self.rosters.members[THREE].status = "suspended"
        self.rosters.write(2, signers=[ONE, TWO])
        self.refused(code="R042")
        self.rosters.members[THREE].status = "active"
        self.rosters.write(1)
        for name in (HUB, ONE):
            self.county.kill(name, signal.SIGTERM)
            self.county.start_one(name, wait=False)
            self.assertEqual(self.county.processes.pop(name).wait(timeout=60), 1)
            self.assertIn("R042", self.county.log(name))

    def test_a_broken_file_keeps_the_old_roster_and_says_why(self):
        self.start()
        path = self.county.folder / "roster.ini"
        good = path.read_bytes()
        for content, code in ((good[:-40], "C005"), (b"\xff\xfe", "C004"), (b"", "R002"), (good + good, "R003"), (good.replace(b"sign = ", b"sign = 00", 1), "R005")):
            path.write_bytes(content)
            self.refused(code=code)
        path.unlink()
        self.refused(code="R010")
        path.write_bytes(good)
        self.reload(HUB)
        self.assertTrue(all(self.is_in_contact(site) for site in SITES))
        self.assertIn("reload_refused", self.county.log(HUB))

    def test_a_key_that_changes_is_vouched_for_by_the_one_before(self):
        self.start()
        old = self.rosters.seed(ONE)
        self.rosters.next_sign(ONE, 100)
        self.rosters.write(2, signers=[TWO, THREE])
        self.assertIn(ONE, self.refused(code="R044"))
        formers, self.rosters.members[ONE].formers = self.rosters.members[ONE].formers, []
        self.rosters.write(2, signers=[old, TWO])
        self.assertIn(ONE, self.refused(code="R045"))
        self.rosters.members[ONE].formers = [(formers[0][0], 100, True)]
        self.rosters.write(2, signers=[old, TWO])
        self.assertIn(THREE, self.refused(code="R043"))
        self.rosters.write(2, signers=[TWO, THREE])
        self.reload(HUB, *SITES)
        self.wait_contact()


class Effect(Story):
    """What a roster does once it is in force."""

    def assert_out_within(self, site, seconds):
        begun = time.monotonic()
        wait_for(f"{site} to be out", lambda: not self.is_in_contact(site), seconds)
        return time.monotonic() - begun

    def test_a_revoked_site_is_out_within_five_seconds_and_stays_out(self):
        self.start()
        self.rosters.members[THREE].status = "suspended"
        self.rosters.write(2, signers=[ONE, TWO])
        begun = time.monotonic()
        self.reload(HUB)
        self.assert_out_within(THREE, EFFECT_S)
        self.assertLess(time.monotonic() - begun, EFFECT_S)
        self.assertIn("suspended", str(self.contact(THREE)))
        wait_for("the site to be refused", lambda: "W012" in self.county.log(THREE) or "W012" in self.county.mia(THREE, "status"))
        wait_for("the others", lambda: self.is_in_contact(ONE) and self.is_in_contact(TWO), 20)
        self.store(THREE, 1, 6)  # its own work goes on
        self.rosters.members[THREE].status = "active"
        self.rosters.write(3, signers=[ONE, TWO])
        self.reload(HUB, THREE)
        self.wait_contact()

    def test_who_leaves_stays_named_and_is_out(self):
        self.start()
        gone = self.rosters.members.pop(THREE)
        self.rosters.write(2, signers=[ONE, TWO])
        for name in (HUB, ONE):  # whoever came back later would have no former keys
            self.assertIn(THREE, self.refused(name, code="R047"))
        self.refused(THREE, code="R011")
        self.assertTrue(self.is_in_contact(THREE))
        self.rosters.members[THREE] = gone
        gone.status = "retired"
        self.rosters.write(2, signers=[ONE, TWO])
        self.reload(HUB)
        self.assert_out_within(THREE, EFFECT_S)

    def test_suspended_at_the_hub_at_once_and_let_in_again_with_nothing_lost(self):
        self.start()
        for i, site in enumerate(SITES):
            self.store(site, 100 * i, 6)
        self.county.mia(HUB, "site", "suspend", THREE, expect=(1, 2, 3, 4, 5, 6))  # nobody typed its name
        self.assertTrue(self.is_in_contact(THREE))
        self.county.mia(HUB, "site", "suspend", THREE, "--yes")
        self.assert_out_within(THREE, EFFECT_S)
        self.assertIn("suspended", str(self.contact(THREE)))
        wait_for("W016 at the site", lambda: "W016" in self.county.mia(THREE, "status"), 20)
        self.close_months_without(THREE, "2018-05-15")
        self.county.kill(HUB)
        self.county.start_one(HUB)
        self.reload(ONE, TWO, THREE)
        wait_for("the others", lambda: self.is_in_contact(ONE) and self.is_in_contact(TWO), 30)
        self.assertIn("suspended", str(self.contact(THREE)))
        self.assertEqual(figure(self.county, "entered", "2018-04", THREE), {"state": "missing"})
        self.assertIn("site suspended ostra-sodertorn", self.events(HUB))
        self.county.mia(HUB, "site", "resume", THREE, "--yes")
        self.reload(THREE)
        self.county.mia(THREE, "wait", "--until", "received", "--timeout", 60)
        self.assertEqual(figure(self.county, "entered", "2018-04", THREE), figure(self.county, "entered", "2018-04", ONE))
        self.assertIn("site let in again ostra-sodertorn", self.events(HUB))

    def close_months_without(self, site, day):
        self.county.set_clock(day)
        self.county.set_clock(f"{day}T00:20:00Z")
        for other in SITES:
            if other != site:
                self.county.mia(other, "wait", "--until", "received", "--timeout", 60)


class Rotation(Story):
    """Keys are changed while the work goes on."""

    def test_a_sites_key_changes_with_reports_under_way_and_nothing_is_lost_or_doubled(self):
        nothing = self.folder / "nothing"
        shutil.copytree(self.county.room(HUB) / "state", nothing)
        self.start()
        self.store(ONE, 1, 6)
        self.close_months("2018-05-15")
        old = self.rosters.seed(ONE)
        before = figure(self.county, "entered", "2018-04", ONE)
        self.county.kill(HUB)  # two months close without a hub, signed with the old key
        self.store(ONE, 10, 7)
        self.county.set_clock("2018-07-15", SITES)
        self.rosters.next_sign(ONE, 13)  # the last the hub has: what waits is signed anew
        self.rosters.next_link(ONE)
        self.rosters.write(2, signers=[old, TWO])
        self.reload(*SITES)
        self.county.start_one(HUB)
        self.county.deliver("2018-07-16")
        self.wait_contact()
        self.assertEqual(figure(self.county, "entered", "2018-04", ONE), before)
        for n in range(1, 16):
            self.assertEqual(len(re.findall(f"sodertalje: report {n} for", self.events(HUB))), 1)
        self.assertNotIn("refused", self.events(HUB))
        self.county.kill(ONE)
        self.county.start_one(ONE)  # its chain holds with both keys
        self.county.deliver("2018-08-16")
        self.assert_same_from_nothing(nothing)

    def assert_same_from_nothing(self, nothing):
        """A hub that lost everything verifies what either key signed, and counts the same."""
        before = {site: figure(self.county, "entered", "2017-04..2018-07", site) for site in SITES}
        self.county.kill(HUB)
        shutil.rmtree(self.county.room(HUB) / "state")
        shutil.copytree(nothing, self.county.room(HUB) / "state")
        self.county.start_one(HUB)
        self.county.set_clock("2018-08-16T00:20:00Z", [HUB])
        self.reload(*SITES)
        wait_for("the whole chain again", lambda: "sodertalje: report 16 for" in self.events(HUB), 30)
        for site in SITES:
            self.county.mia(site, "wait", "--until", "received", "--timeout", 60)
        self.assertEqual({site: figure(self.county, "entered", "2017-04..2018-07", site) for site in SITES}, before)
        self.assertNotIn("refused", self.events(HUB))

    def test_the_old_key_opens_no_door_afterwards(self):
        self.start()
        kept = self.folder / "new"
        self.rosters.next_link(ONE)
        self.rosters.write(2, signers=[ONE, TWO])
        self.reload(HUB, TWO, THREE)
        wait_for("the refusal", lambda: "W012" in self.county.mia(ONE, "status"), 30)  # with link.key, as before
        (self.county.room(ONE) / "keys/link.next").rename(kept)
        self.assertIn("link key", self.refused(ONE, code="R012"))  # it is not ours that the roster names
        kept.rename(self.county.room(ONE) / "keys/link.next")
        self.reload(ONE)
        wait_for("contact", lambda: "W012" not in self.county.mia(ONE, "status") and self.is_in_contact(ONE), 30)

    def test_the_hubs_keys_change(self):
        self.start()
        for i, site in enumerate(SITES):
            self.store(site, 100 * i, 6)
        self.close_months("2018-05-15")
        hub = self.rosters.seed(HUB)
        self.rosters.next_link(HUB)
        self.rosters.next_sign(HUB, 0)
        self.rosters.write(2, signers=[hub, ONE, TWO])
        self.reload(HUB, *SITES)
        self.wait_contact()
        self.close_months("2018-06-15")
        for period in ("2018-04", "2018-05"):  # the first was signed with the key before
            wait_for(f"results of {period}", lambda: "3 of 6 sites" in self.county.mia(ONE, "totals", "--period", period, "--allow-partial"), 30)


class Signals(Story):
    """SIGHUP and SIGTERM at awkward moments."""

    def test_sighup_reloads_and_a_storm_of_them_harms_nothing(self):
        self.start()
        self.rosters.write(2, signers=[ONE, TWO])
        for _ in range(20):
            for name in [HUB, *SITES]:
                self.county.processes[name].send_signal(signal.SIGHUP)
        wait_for("epoch 2", lambda: all("new roster in force epoch 2" in self.events(name) for name in [HUB, *SITES]))
        self.wait_contact()
        self.assertEqual(len(re.findall("new roster in force epoch 2", self.events(HUB))), 1)

    def test_sigterm_during_a_reload_leaves_one_roster_or_the_other(self):
        self.start()
        for epoch in range(2, 8):
            self.rosters.write(epoch, signers=[ONE, TWO])
            for name in (HUB, ONE):
                self.county.processes[name].send_signal(signal.SIGHUP)
                if epoch % 2:
                    time.sleep(0.003 * epoch)  # where it strikes is the point, not when it is done
            for name in (HUB, ONE):
                self.assertEqual(self.county.kill(name, signal.SIGTERM if epoch % 3 else signal.SIGKILL), 0 if epoch % 3 else -signal.SIGKILL)
                self.county.start_one(name)
                self.assertIn(f"new roster in force epoch {epoch}", self.events(name))
        self.reload(TWO, THREE)
        self.wait_contact()


if __name__ == "__main__":
    unittest.main(verbosity=2)
