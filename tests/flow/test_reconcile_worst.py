#!/usr/bin/python3
"""The worst that can follow a restore: a fork, a hub that lies, words of before, a power cut (3-privacy 3.6 point 24, 4-sync 4.1, 4.7).

    test_reconcile_worst.py        MIA_BUILD says where the programs are
"""

import json
import shutil
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_wire as wire
from lib_county import HUB, Failed
from lib_false_hub import FalseHub
from lib_faults import SITE, Disk, wait_for
from lib_restore import LOST, Restored
from lib_scenario import persons, sheet_of


def chain_of(county):
    """The site's releases, as FalseHub gives them back."""
    lines = [json.loads(line) for line in county.mia(SITE, "dump").splitlines()]
    rows = [line for line in lines if line["kind"] == "release"]
    return [{"n": row["n"], **{key: bytes.fromhex(row[key]) for key in ("prev", "payload", "signature")}} for row in rows]


class BackupOfJanuary(Restored):
    """Six who entered in January are in the backup; seven who entered in February are not."""

    def setUp(self):
        super().setUp()
        self.record("2018-02-05", SITE, persons(6, entry_date="2018-01-15"))
        self.close("2018-01")
        self.back_up("backup")
        self.record("2018-02-25", SITE, persons(7, first=20, entry_date="2018-02-10"))
        self.close("2018-02")


class Fork(BackupOfJanuary):
    """A copy so young that nobody can know it: it closed February in its own way, and the hub has another."""

    def setUp(self):
        super().setUp()
        self.n = self.sent()
        self.head = chain_of(self.county)[-2]

    def fork(self):
        """The copy's own mark says that nothing is missing. It meets nobody until February is closed with four of the seven and six others."""
        self.off(HUB)
        self.off()
        self.swap("backup")
        head = wire.chain_next(self.head["prev"], self.head["n"], self.head["payload"]).hex()
        (self.state(SITE) / "mark").write_text(f"mia-mark 2 {self.n - 1} {head} {int(time.time())}\n", "ascii")
        self.start_at_day(SITE)
        rows = [*persons(4, first=20, entry_date="2018-02-10"), *persons(6, first=50, entry_date="2018-02-11")]
        try:
            self.county.ask(SITE, "import", self.write(rows), "--apply")
        except Failed:
            self.fail(self.county.log(SITE))
        self.county.set_clock("2018-03-12T00:30:00Z", [SITE])
        wait_for("February to close there", lambda: self.sent() == self.n)
        self.mine = chain_of(self.county)[-1]
        self.county.start_one(HUB)
        self.county.set_clock("2018-03-12T00:30:00Z", [HUB])
        self.halted("W014")

    def test_what_the_hub_accepted_stands_and_ours_is_kept(self):
        self.fork()
        shown = self.reconcile()
        self.assertEqual([shown[key] for key in ("state", "code", "first", "last")], ["forked", "W014", self.n, self.n])
        self.assertEqual(self.taken_over(), {("2018-02", "entered", "total"): (7, 7, 0)})
        self.acknowledge()
        kept = [json.loads(line) for line in self.county.mia(SITE, "dump").splitlines()]
        kept = [row for row in kept if row["kind"] == "superseded"]
        self.assertEqual([bytes.fromhex(row["payload"]) for row in kept], [self.mine["payload"]])
        self.assertIn("it had other reports", self.county.mia(HUB, "reconcile"))
        self.assertIn("mia confirm N", self.says())  # its mark was of the chain that is no more
        wait_for("contact", lambda: "in contact" in self.says())
        self.county.mia(SITE, "confirm", self.n)
        self.received()
        self.adds_up(0)
        self.record("2018-03-20", SITE, persons(7, first=20, entry_date="2018-02-10"))
        self.close("2018-03")
        self.sees("entered", {"2018-01": 6, "2018-02": 7, "2018-03": 6})  # thirteen who entered, and no fourteenth
        self.adds_up(0)


class LyingHub(BackupOfJanuary):
    """The site was put back, and whom it hears is no hub of ours."""

    def setUp(self):
        super().setUp()
        self.record("2018-03-20", SITE, persons(5, first=40, entry_date="2018-03-10"))
        self.close("2018-03")
        self.chain = chain_of(self.county)
        self.off()
        self.off(HUB)
        self.hub = FalseHub(self.county, SITE)
        self.addCleanup(self.hub.close)

    def put_site_back(self, mark):
        self.swap("backup", mark=mark)
        self.start_at_day(SITE)

    def gives_back(self, n):
        self.hub.greet(n, self.hub.head(self.chain[n - 1]))
        self.hub.give_back(self.chain[:n])
        self.halted("W013")

    def test_what_it_keeps_back_is_not_reported_again(self):
        """It gives February and says that it never had March: another association knows better."""
        self.put_site_back(LOST)
        self.county.ask(SITE, "import", self.write(persons(1, first=60, entry_date="2018-03-10")), "--apply")
        self.gives_back(len(self.chain) - 1)
        self.acknowledge()
        self.hub.greet(len(self.chain) - 1, self.hub.head(self.chain[-2]))
        self.county.set_clock("2018-05-15T00:20:00Z", [SITE])
        self.assertIn("X022", self.refused("confirm", len(self.chain)))
        self.assertTrue(self.hub.hears_no("RELEASE"), "a second report of March, one beside five, tells of one person")
        self.assertEqual(self.sent(), len(self.chain) - 1)

    def test_what_it_keeps_back_is_known_by_the_mark(self):
        self.put_site_back("kept")
        self.gives_back(len(self.chain) - 1)
        self.acknowledge()
        self.hub.greet(len(self.chain) - 1, self.hub.head(self.chain[-2]))
        wait_for("contact", lambda: "in contact" in self.says())
        self.assertEqual(self.reconcile()["mark"], "other")
        self.assertIn("fewer reports than were made", self.says())
        self.assertIn("X022", self.refused("confirm", len(self.chain) - 1))
        self.county.set_clock("2018-05-15T00:20:00Z", [SITE])
        self.assertTrue(self.hub.hears_no("RELEASE"))

    def test_words_of_before_the_restore_are_dropped(self):
        """Receipts, chains and greetings of a connection before it, once it has gone on."""
        self.put_site_back("kept")
        self.gives_back(len(self.chain))
        old, token = dict(self.hub.hello), self.hub.token
        self.acknowledge()
        self.hub.wait_for("HELLO")
        self.hub.say("WELCOME", nonce=old["nonce"], token=token, instance=bytes(16), n=0, hash=wire.chain_start(SITE))
        for release in self.chain:
            self.hub.say("CHAIN", token=token, **release)
            self.hub.receipt(release)
        wait_for("all of it to be dropped", lambda: self.dropped() >= 2 * len(self.chain) + 1)
        self.assertEqual((self.sent(), self.reconcile()["state"]), (len(self.chain), "reconciled"))

    def dropped(self):
        return sum(int(line.split("messages=")[1].split()[0]) for line in self.county.log(SITE).splitlines() if "dropped messages=" in line)


class PowerCut(BackupOfJanuary):
    """The machine dies at any write of an acknowledgement: it is as before, or it is done."""

    def setUp(self):
        super().setUp()
        self.put_back("backup", mark=LOST)
        self.halted("W013")
        self.county.ask(SITE, "import", self.write(persons(3, first=20, entry_date="2018-02-10")), "--apply")
        self.off()
        for store in self.stores[SITE]:
            shutil.copytree(self.state(SITE) / store, self.folder / "halted" / store)

    def try_acknowledging(self, order):
        """Whether the order was met."""
        self.swap("halted")
        disk = Disk(self.folder / "disk")
        disk.heal()
        self.county.start_one(SITE, env=disk.env())
        disk.order(order)
        self.acknowledge(expect=(0, 1, 3))
        is_met = disk.counted() >= int(order.split()[1])
        disk.heal()
        if self.county.processes[SITE].poll() is None:
            self.county.kill(SITE, signal.SIGKILL)
        self.county.processes.pop(SITE, None)
        return is_met

    def check(self, order):
        self.county.start_one(SITE)
        shown = self.reconcile()
        rows = sheet_of(self.county.ask(SITE, "preview"), "mia.preview/1")["rows"]
        entered = next(row for row in rows if row["measure"] == "entered")
        before = ("adopted", 6, 3)
        after = ("mark_lost", 13, 0)
        self.assertIn((shown["state"], entered["published"], entered["waiting"]), (before, after), order)
        self.assertEqual(self.taken_over(), {("2018-02", "entered", "total"): (7, 3, 4)}, order)
        self.assertEqual("acknowledged" in self.events(), shown["state"] == "mark_lost", order)
        self.off()
        return shown["state"]

    def test_at_any_write_and_after_any_sync(self):
        ends = set()
        for what in ("fail", "kill"):
            k, is_met = 0, True
            while is_met:
                k += 1
                is_met = self.try_acknowledging(f"{what} {k}")
                ends.add((what, self.check(f"{what} {k}")))
            self.assertGreater(k, 1)
        self.assertLessEqual({("fail", "adopted"), ("fail", "mark_lost"), ("kill", "mark_lost")}, ends)


if __name__ == "__main__":
    unittest.main(verbosity=2)
