#!/usr/bin/python3
"""Killed at any moment: a batch is there wholly or not at all, a report is counted once (4-sync 4.1, 4.7).

    test_faults_kill.py        MIA_BUILD says where the programs are, MIA_SEED picks the moments
"""

import os
import random
import select
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import BODY_BYTES, SITE, Control, Disk, Story, figure, persons_file, wait_for

SEED = int(os.environ.get("MIA_SEED", "4711"))
ROWS = 12000  # more than one chunk and more than one packet
TRIES = 6


class KilledImport(Story):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(SEED)
        self.start()

    def assert_all_or_nothing(self, before, n, file):
        self.county.start_one(SITE)
        there = self.participants() - before
        self.assertIn(there, (0, n), f"seed {SEED}: a part of a batch")
        dry = self.dry_run(file)
        self.assertEqual((dry["new"], dry["unchanged"]), (n - there, there))
        self.store(file)
        self.assertEqual(self.participants(), before + n)
        self.assertEqual(self.dry_run(file)["unchanged"], n)

    def test_killed_while_the_file_comes_in(self):
        before = 0
        for at in range(TRIES // 2):
            file = persons_file(self.folder / f"{at}.csv", before, ROWS)
            content = file.read_bytes()
            pieces = self.chance.randrange(1, len(content) // BODY_BYTES + 1)
            with Control(self.county.socket(SITE)) as client:
                client.import_pieces(content, pieces)
                self.county.kill(SITE)
                self.assertIsNone(client.answer_bytes())
            self.assert_all_or_nothing(before, ROWS, file)
            before += ROWS

    def test_killed_at_any_moment_of_storing(self):
        """Right after the k-th sync of a store, for k at random: the disk's own moments, whatever the machine's speed."""
        before = 0
        for at in range(TRIES):
            file = persons_file(self.folder / f"{at}.csv", before, ROWS)
            self.county.kill(SITE, signal.SIGTERM)
            disk = Disk(self.folder / f"disk-{at}")
            self.county.start_one(SITE, env=disk.env())
            disk.order(f"kill {self.chance.randrange(1, 12)}")
            self.county.mia(SITE, "import", file, "--apply", expect=(0, 1, 3))
            disk.heal()
            if self.is_running():
                self.county.kill(SITE)
            else:
                self.county.processes.pop(SITE)
            self.assert_all_or_nothing(before, ROWS, file)
            before += ROWS

    def test_killed_between_the_end_of_the_file_and_the_answer(self):
        before = 0
        for at in range(TRIES // 2):
            file = persons_file(self.folder / f"{at}.csv", before, ROWS)
            with Control(self.county.socket(SITE)) as client:
                client.import_pieces(file.read_bytes())
                select.select([client.socket], [], [], self.chance.random() / 10)  # whatever it is about by then
                self.county.kill(SITE)
                answer = client.answer_bytes()
            if answer is not None:  # it had been told: then it must be there
                self.county.start_one(SITE)
                self.assertEqual(self.participants(), before + ROWS)
                self.county.kill(SITE)
            self.assert_all_or_nothing(before, ROWS, file)
            before += ROWS

    def test_an_import_whose_client_goes_away_leaves_nothing(self):
        file = persons_file(self.folder / "a.csv", 1, ROWS)
        with Control(self.county.socket(SITE)) as client:
            client.import_pieces(file.read_bytes(), 5)
        wait_for("the site to take the next import", lambda: self.dry_run(file)["new"] == ROWS)
        self.assertEqual(self.participants(), 0)
        self.store(file)
        self.assertEqual(self.participants(), ROWS)


class KilledHub(Story):
    def test_killed_between_commit_and_receipt_a_report_is_counted_once(self):
        """After the k-th sync of the hub's store from the report on; k = 1 is the commit of the report itself."""
        self.start(SITE)
        disk = Disk(self.folder / "hub-disk")
        self.start(HUB, env=disk.env())
        self.county.mia(SITE, "wait", "--until", "received")
        killed = 0
        for k, (month, day) in enumerate((("2018-01", "2018-02-11"), ("2018-02", "2018-03-11"), ("2018-03", "2018-04-11")), 1):
            first = 100 * k
            file = persons_file(self.folder / f"{k}.csv", first, 5 + k)
            file.write_text(file.read_text("utf-8").replace("2018-01-02", f"{month}-02"), "utf-8")
            self.county.set_clock(f"{day}T00:20:00Z", [HUB])
            self.county.set_clock(f"{month}-28", [SITE]) if k > 1 else None
            self.store(file)
            disk.order(f"kill {k}")
            self.county.set_clock(day, [SITE])
            self.county.set_clock(f"{day}T00:20:00Z", [SITE])
            wait_for(f"the hub to be killed after sync {k} or to have it all", lambda: not self.is_running(HUB) or disk.counted() >= 1 and self.has_receipts())
            disk.heal()
            if not self.is_running(HUB):
                killed += 1
                self.county.processes.pop(HUB)
                self.county.start_one(HUB, env=disk.env())
            self.county.mia(SITE, "wait", "--until", "received", "--timeout", "60")
            self.assertEqual(figure(self.county, "entered", month), 5 + k)
        self.assertGreaterEqual(killed, 1)
        self.assertEqual(figure(self.county, "entered", "2018q1"), 6 + 7 + 8)

    def has_receipts(self):
        status = self.county.ask(SITE, "status")["values"]
        return status["sent"] == status["received"]

    def test_a_hub_that_lost_everything_is_rebuilt_by_its_sites(self):
        self.start()
        self.store(persons_file(self.folder / "a.csv", 1, 9))
        self.county.deliver("2018-02-11")
        self.assertEqual(figure(self.county, "entered", "2018-01"), 9)
        self.county.kill(HUB)
        self.assertTrue(self.is_running(SITE))
        self.make_hub_anew()
        self.county.start_one(HUB)
        self.county.set_clock("2018-02-11T01:00:00Z", [HUB])
        wait_for("all reports to be back", lambda: figure(self.county, "entered", "2018-01") == 9)

    def make_hub_anew(self):
        """The same keys and settings, an empty store."""
        room = self.county.room(HUB)
        kept = {path.relative_to(room): path.read_bytes() for path in [*room.glob("keys/*"), room / "miad.conf", room / "identity.ini"]}
        room.rename(self.folder / "lost")
        self.county.make_room("hub", "--listen", f"tcp://127.0.0.1:{self.county.port}")
        new_key = (room / "keys/vault.key").read_bytes()
        for path, content in kept.items():
            (room / path).write_bytes(content)
        (room / "keys/vault.key").write_bytes(new_key)


if __name__ == "__main__":
    unittest.main(verbosity=2)
