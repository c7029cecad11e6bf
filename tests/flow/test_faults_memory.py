#!/usr/bin/python3
"""The k-th allocation fails: the daemon says so and goes on, or ends and is started anew; nothing acknowledged is lost, nothing is half (4-sync 4.7).

    test_faults_memory.py        MIA_BUILD says where the programs are, MIA_SEED picks the allocations, MIA_LONG=1 tries many more
"""

import random
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import IS_LONG, SEED, SITE, Memory, Months, month_of, persons_file, preloaded, sanitizers, wait_for

ROWS = 40
TRIES = 600 if IS_LONG else 15


class KthAllocation(Months):
    def setUp(self):
        if sanitizers():
            self.skipTest("NOT RUN: a sanitizer has its own allocator")
        super().setUp()
        self.chance = random.Random(SEED)
        self.memories = {name: Memory(self.folder / f"memory-{name}") for name in (HUB, SITE)}
        self.county.make_roster()
        for name in (HUB, SITE):
            self.start(name, env=self.env_of(name))

    def env_of(self, name):
        return preloaded(self.memories[name], self.clock)

    def counted(self, who, deed):
        """How many allocations a deed takes."""
        self.memories[who].order((1 << 63) - 1)
        deed()
        n = self.memories[who].counted()
        self.memories[who].order(0)
        return n

    def test_of_an_import_there_is_all_or_nothing(self):
        file = persons_file(self.folder / "first.csv", 1, ROWS)
        n = self.counted(SITE, lambda: self.store(file))
        before = self.participants()
        for at in range(TRIES):
            k = at + 1 if at < TRIES // 3 else self.chance.randrange(1, n + n // 4)  # the first ones one by one, then anywhere
            file = persons_file(self.folder / "again.csv", 1000 * (at + 1), ROWS)
            self.memories[SITE].order(k)
            # A cell that there was no memory for is a cell that cannot be read: its row is refused, and with it all.
            self.county.mia(SITE, "import", file, "--apply", "--all-or-nothing", expect=(0, 1, 3, 8, 9))
            self.memories[SITE].order(0)
            wait_for("the site to go on, or to start anew", self.is_back)
            there = self.participants() - before
            self.assertIn(there, (0, ROWS), f"allocation {k}: half a batch")
            self.insist(SITE, "import", file, "--apply")
            before += ROWS
            self.assertEqual(self.participants(), before, f"allocation {k}")

    def is_back(self):
        self.revive()
        return self.status() is not None

    def test_a_month_closes_and_travels_once_whatever_allocation_fails(self):
        """At the site and at the hub by turns: from the closing to the receipt and what is told of it."""
        for i in range(1, 1 + (34 if IS_LONG else 12)):
            who = (SITE, HUB)[i % 2]
            self.begin(i)
            self.enter(month_of(i), 5 + i % 5)
            self.memories[who].order(self.chance.choice((self.chance.randrange(1, 40), self.chance.randrange(1, 400))))
            self.close(i)
            self.memories[who].order(0)
            self.settle(i)
        self.assert_all_is_there()

    def test_questions_are_answered_or_refused(self):
        self.enter(month_of(0), 9)
        self.close(0)
        self.settle(0)
        for name, words in ((SITE, ("todo",)), (SITE, ("events",)), (SITE, ("quality",)), (HUB, ("totals", "--all", "--allow-partial")), (HUB, ("sites",)), (HUB, ("goals",))):
            n = self.counted(name, lambda name=name, words=words: self.county.mia(name, *words, expect=(0, 6)))
            for k in range(1, n + 1) if IS_LONG else sorted(self.chance.sample(range(1, n + 1), min(n, 5))):
                self.memories[name].order(k)
                self.county.mia(name, *words, expect=(0, 1, 3, 6, 9))
                self.memories[name].order(0)
                wait_for(f"{name} to go on, or to start anew", lambda: (self.revive(), self.does(name, "status"))[1])
        self.settle(0)
        self.assert_all_is_there()

    def test_a_start_ends_well_or_not_at_all(self):
        """Every allocation of a start, or a sample: refused with a reason, or up; and the next start finds all as it was."""
        self.enter(month_of(0), 9)
        for name in (SITE, HUB):
            self.county.kill(name, signal.SIGTERM)
            for k in sorted(self.chance.sample(range(1, 900), 300 if IS_LONG else 12)):
                self.memories[name].order(k)
                self.county.start_one(name, env=self.env_of(name), wait=False)
                process = self.county.processes[name]
                wait_for(f"{name} to be up or to end (allocation {k})", lambda: process.poll() is not None or self.does(name, "wait", "--until", "ready"))
                self.memories[name].order(0)
                if process.poll() is None:
                    self.county.kill(name, signal.SIGTERM)
                else:
                    self.county.processes.pop(name)
            self.county.start_one(name, env=self.env_of(name))
        self.close(0)
        self.settle(0)
        self.assert_all_is_there()


if __name__ == "__main__":
    unittest.main(verbosity=2)
