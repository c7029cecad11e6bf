#!/usr/bin/python3
"""A disk that is full or fails: what was acknowledged is there, what was not leaves nothing, and the daemon says so (4-sync 4.4, 4.7).

    test_faults_disk.py [BUILD]         MIA_BUILD unless told
"""

import json
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import SITE, Disk, Story, figure, persons_file, sheet, wait_for


class FullDisk(Story):
    def begin(self, hub_env=None):
        self.start(HUB, env=hub_env)
        self.start(SITE, env=self.disk.env())
        self.store(persons_file(self.folder / "a.csv", 1, 7))

    def test_what_fits_the_room_that_was_reserved_is_stored_on_a_full_disk(self):
        self.begin()
        self.disk.order("full")
        self.store(persons_file(self.folder / "b.csv", 100, 50))
        self.assertEqual(self.participants(), 57)
        self.county.deliver("2018-02-11")
        self.assertEqual(figure(self.county, "entered", "2018-01"), 57)

    def test_an_import_too_large_for_a_full_disk_stores_nothing_and_says_so(self):
        self.begin()
        more = persons_file(self.folder / "b.csv", 100, 200000)
        self.disk.order("full")
        self.county.mia(SITE, "import", more, "--apply", expect=(1,))
        self.assertTrue(self.is_running())
        self.assertEqual(self.participants(), 7)
        self.assertIn("No space left on device", self.county.log(SITE))
        self.store(persons_file(self.folder / "c.csv", 9000000, 3))
        self.disk.heal()
        self.assertEqual(self.dry_run(more)["new"], 200000)
        self.store(more)
        self.assertEqual(self.participants(), 200010)

    def test_a_month_that_cannot_be_written_closes_when_there_is_room(self):
        self.begin()
        self.disk.order("deny")
        self.county.mia(SITE, "close", "2018-01", "--yes", expect=(1,))
        self.assertTrue(self.is_running())
        status = sheet(self.county.ask(SITE, "status"), "mia.status/1")
        self.assertEqual((status["next_period"], status["participants"]), ("2018-01", 7))
        self.disk.heal()
        self.county.deliver("2018-02-11")
        self.assertEqual(figure(self.county, "entered", "2018-01"), 7)

    def test_a_hub_without_room_gives_no_receipt_and_takes_the_reports_when_it_has(self):
        hub_disk = Disk(self.folder / "hub-disk")
        self.begin(hub_disk.env())
        self.county.mia(SITE, "wait", "--until", "received")
        self.county.set_clock("2018-02-11T00:20:00Z", [HUB])
        hub_disk.order("deny")
        self.county.set_clock("2018-02-11", [SITE])
        self.county.set_clock("2018-02-11T00:20:00Z", [SITE])
        wait_for("the hub to find its disk full", lambda: "No space left on device" in self.county.log(HUB))
        self.county.mia(SITE, "wait", "--until", "received", "--timeout", "1", expect=(9,))
        self.assertTrue(self.is_running(HUB))
        hub_disk.heal()
        self.county.kill(SITE, signal.SIGTERM)  # a new connection sends what has no receipt
        self.county.start_one(SITE)
        self.county.mia(SITE, "wait", "--until", "received")
        self.assertEqual(figure(self.county, "entered", "2018-01"), 7)


class FailingDisk(Story):
    def new_in(self, file):
        """What a dry run finds new; a daemon whose store is lost to it ends, and is started anew."""
        if not self.is_running():
            self.county.processes.pop(SITE)
            self.county.start_one(SITE, env=self.disk.env())
        said = self.county.mia(SITE, "import", file, "--format", "json", expect=(0, 1, 3))
        return sheet(json.loads(said), "mia.import/1")["new"] if "mia.import/1" in said else None

    def test_a_write_that_fails_at_any_step_leaves_all_or_nothing(self):
        """The k-th write of a store fails once, for every k until an import meets no more of them."""
        self.start(HUB)
        self.start(SITE, env=self.disk.env())
        expected, k, is_met = 0, 0, True
        while is_met:
            k += 1
            file = persons_file(self.folder / f"{k}.csv", 10 * k, 2)
            self.disk.order(f"fail {k}")
            self.county.mia(SITE, "import", file, "--apply", expect=(0, 1, 3))
            is_met = self.disk.counted() >= k
            self.disk.heal()
            wait_for("the site to go on, or to end and start anew", lambda: self.new_in(file) is not None)
            new = self.new_in(file)
            self.assertIn(new, (0, 2), f"write {k} failed: half a batch")
            self.assertEqual(self.participants(), expected + 2 - new, f"write {k} failed")
            self.store(file, expect=(0,))
            expected += 2
            self.assertEqual(self.participants(), expected)
        self.assertGreater(k, 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
