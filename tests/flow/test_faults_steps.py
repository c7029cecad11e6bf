#!/usr/bin/python3
"""A month at each of its steps: whoever is killed, told to end or failed by its disk there loses nothing and counts once; and disks that write by halves
(4-sync 4.1, 4.7).

    test_faults_steps.py        MIA_BUILD says where the programs are
"""

import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_criteria import Criteria
from lib_faults import LAST_MONTH, SITE, Disk, Months, month_of, persons_file, preloaded, wait_for

STEPS_MAX = 200  # more than a closing, its report and its receipt take


class OwnDisks(Months):
    def setUp(self):
        super().setUp()
        self.disks = {name: Disk(self.folder / f"disk-{name}") for name in (HUB, SITE)}
        for name in (HUB, SITE):
            self.start(name, env=self.env_of(name))

    def env_of(self, name):
        return preloaded(self.disks[name], self.clock)


class EveryStep(OwnDisks):
    """A month is entered, closed, sent, receipted and told of; at the k-th step of one of the two it ends."""

    def one_month(self, i, who, order):
        """Whether the order was met. Who survived it is started anew, as a closing that failed is tried again in a minute only."""
        disk = self.disks[who]
        self.begin(i)
        self.enter(month_of(i), 5 + i % 7)
        disk.order(order)
        self.close(i)
        wait_for(f"{who} to end at \"{order}\", or all to be over", lambda: not self.is_running(who) or self.is_met(disk, order) or self.is_over(i))
        is_met = self.is_met(disk, order)
        disk.heal()
        if self.is_running(who) and is_met:
            self.county.kill(who, signal.SIGTERM)
        self.settle(i)
        return is_met

    def is_over(self, i):
        status = self.status()
        self.hurry()
        return status is not None and (status["last_period"], status["sent"]) == (month_of(i), status["received"])

    @staticmethod
    def is_met(disk, order):
        return disk.counted() >= int(order.split()[1])

    def sweep(self, who, how):
        """Every step in turn until one month has no more of them."""
        k, i, is_met = 0, 1, True
        while is_met:
            k += 1
            if i == LAST_MONTH:  # in another county
                self.assert_all_is_there()
                self.county.stop()
                self.setUp()
                i = 1
            is_met = self.one_month(i, who, f"{how} {k}")
            i += 1
            self.assertLess(k, STEPS_MAX)
        self.assertGreater(k, 3)
        self.assert_all_is_there()

    def test_a_site_killed_at_any_step_of_a_month_loses_nothing_and_counts_once(self):
        self.sweep(SITE, "kill")

    def test_a_site_told_to_end_at_any_step_of_a_month_loses_nothing_and_counts_once(self):
        self.sweep(SITE, "term")

    def test_a_site_failed_by_its_disk_at_any_step_of_a_month_loses_nothing_and_counts_once(self):
        self.sweep(SITE, "fail")

    def test_a_hub_killed_at_any_step_of_a_month_loses_nothing_and_counts_once(self):
        self.sweep(HUB, "kill")

    def test_a_hub_told_to_end_at_any_step_of_a_month_loses_nothing_and_counts_once(self):
        self.sweep(HUB, "term")

    def test_a_hub_failed_by_its_disk_at_any_step_of_a_month_loses_nothing_and_counts_once(self):
        self.sweep(HUB, "fail")


class HalfWrites(OwnDisks):
    """Writes that are interrupted or come to half: LMDB takes the first up again and gives the second up."""

    def test_writes_that_are_interrupted_change_nothing(self):
        for name in (HUB, SITE):
            self.disks[name].order("eintr")
        for i in range(1, 4):
            self.begin(i)
            self.enter(month_of(i), 5 + i)
            self.close(i)
            self.settle(i)
        self.assertGreater(min(disk.counted() for disk in self.disks.values()), 3)
        self.assertTrue(all(self.is_running(name) for name in (HUB, SITE)))
        self.assert_all_is_there()

    def test_short_writes_store_nothing_and_lose_nothing(self):
        for i, who in enumerate((SITE, HUB), 1):
            self.begin(i)
            file = persons_file(self.folder / f"short-{i}.csv", 10000000 * i, 50)
            self.disks[who].order("short")
            self.county.mia(SITE, "import", file, "--apply", expect=(1, 3) if who == SITE else (0,))
            self.close(i)
            wait_for(f"{who} to meet it", lambda who=who: self.disks[who].counted() > 0)
            self.disks[who].heal()
            self.settle(i)
            self.insist(SITE, "import", file, "--apply")
            self.stored[SITE].append(file)
            self.assertEqual(self.dry_run(file)["unchanged"], 50)
        Criteria(self.county).check(self, self.stored)


if __name__ == "__main__":
    unittest.main(verbosity=2)
