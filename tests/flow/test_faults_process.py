#!/usr/bin/python3
"""A process at any moment: killed, ended, held up, interrupted, short of descriptors or of room to grow, on a clock that jumps (4-sync 4.7).

    test_faults_process.py        MIA_BUILD says where the programs are, MIA_SEED picks the moments, MIA_LONG=1 takes them all
"""

import os
import random
import resource
import signal
import socket
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB, free_port
from lib_faults import IS_LONG, SEED, SITE, Clock, Disk, Months, figure, month_of, persons_file, preloaded, sample, sheet, wait_for

STEPS_MAX = 60  # more than a closing, its report and its receipt take
DAY_S = 86400


class EveryStep(Months):
    """A month is entered, closed, sent, receipted and told of; at the k-th step of one of the two it ends."""

    def setUp(self):
        super().setUp()
        self.disks = {name: Disk(self.folder / f"disk-{name}") for name in (HUB, SITE)}
        for name in (HUB, SITE):
            self.start(name, env=self.env_of(name))

    def env_of(self, name):
        return preloaded(self.disks[name], self.clock)

    def one_month(self, i, who, order):
        """Whether the order was met. Who survived it is started anew, as a closing that failed is tried again in a minute only."""
        disk = self.disks[who]
        self.begin(i)
        self.enter(month_of(i), 5 + i % 7)
        disk.order(order)
        self.close(i)
        wait_for(f"{who} to end at \"{order}\", or all to be over", lambda: not self.is_running(who) or self.is_met(disk, order) or self.is_settled(i))
        is_met = self.is_met(disk, order)
        disk.heal()
        if self.is_running(who) and is_met:
            self.county.kill(who, signal.SIGTERM)
        self.settle(i)
        return is_met

    @staticmethod
    def is_met(disk, order):
        return disk.counted() >= int(order.split()[1])

    def sweep(self, who, how):
        """Every step in turn until one month has no more of them."""
        k, i, is_met = 0, 1, True
        while is_met:
            k += 1
            is_met = self.one_month(i, who, f"{how} {k}")
            i += 1
            self.assertLess(k, STEPS_MAX)
        self.assertGreater(k, 3)
        self.assert_all_is_there()


for who, name in ((SITE, "site"), (HUB, "hub")):
    for how, verb in (("kill", "killed"), ("term", "told_to_end"), ("fail", "failed_by_its_disk")):
        setattr(EveryStep, f"test_a_{name}_{verb}_at_any_step_of_a_month_loses_nothing_and_counts_once", lambda self, who=who, how=how: self.sweep(who, how))


if __name__ == "__main__":
    unittest.main(verbosity=2)
