#!/usr/bin/python3
"""A process at any moment: killed under load, held up, interrupted, short of descriptors or of room to grow, on a clock that jumps (4-sync 4.7).

    test_faults_process.py        MIA_BUILD says where the programs are, MIA_SEED picks the moments, MIA_LONG=1 takes them all
"""

import datetime
import os
import pwd
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_criteria import Criteria
from lib_faults import IS_LONG, LAST_MONTH, SEED, SITE, Clock, Months, Story, month_of, persons_file, sheet, wait_for

DAY_S = 86400


class Load(Months):
    """Three associations enter, close and send while somebody kills, stops or interrupts."""

    sites = (SITE, "varna", "hbs")
    acts = 200 if IS_LONG else 15

    def setUp(self):
        super().setUp()
        self.chance = random.Random(SEED)
        for name in (HUB, *self.sites):
            self.start(name, env=self.env_of(name))

    def work(self, i):
        for name in (HUB, *self.sites):
            self.insist(name, "clock", "set", f"{month_of(i)}-15")
        for site in self.sites:
            self.enter(month_of(i), self.chance.randrange(5, 40), site)
        if i < LAST_MONTH:  # which takes in all the rest
            self.close(i)

    def beside(self, act):
        """Works through months while act(), in a thread of its own, is done again and again, often enough."""
        over = threading.Event()
        self.acted, i = 0, 0

        def again():
            while not over.is_set():
                act()
                self.acted += 1
        thread = threading.Thread(target=again)
        thread.start()
        try:
            while self.acted < self.acts and thread.is_alive():
                i = min(i + 1, LAST_MONTH)
                self.work(i)
        finally:
            over.set()
            thread.join()
        self.settle(i)
        self.assert_all_is_there()
        self.assertGreaterEqual(self.acted, self.acts)

    def process(self, name):
        return self.county.processes[name]

    def kill_one(self):
        time.sleep(self.chance.uniform(0.02, 0.2))  # at any moment of what goes on
        name = self.chance.choice((HUB, *self.sites))
        self.process(name).kill()
        self.process(name).wait()
        self.county.start_one(name, env=self.env_of(name), wait=False)

    def test_whoever_is_killed_at_any_moment_under_load_loses_nothing(self):
        self.beside(self.kill_one)

    def hold_all(self):
        for name in (HUB, *self.sites):
            self.process(name).send_signal(signal.SIGSTOP)
        time.sleep(0.001)
        for name in (HUB, *self.sites):
            self.process(name).send_signal(signal.SIGCONT)
        time.sleep(0.001)

    def test_a_storm_of_interruptions_changes_nothing(self):
        """Stopped and continued some hundred times a second: poll, read and send return EINTR."""
        self.beside(self.hold_all)
        self.assertTrue(all(self.is_running(name) for name in (HUB, *self.sites)))

    def test_who_was_stopped_for_ten_minutes_goes_on(self):
        """The site, the hub, then both; what they owe each other is delivered, and nothing twice."""
        for i, stopped in enumerate(((SITE,), (HUB,), (HUB, *self.sites)), 1):
            self.begin(i)
            self.enter(month_of(i), 6)
            self.close(i)
            for name in stopped:
                self.process(name).send_signal(signal.SIGSTOP)
            self.clock.pass_on(600)
            for name in (HUB, *self.sites):
                self.process(name).send_signal(signal.SIGCONT)
            self.settle(i)
        self.assert_all_is_there()
        self.assertTrue(all(self.is_running(name) for name in (HUB, *self.sites)))


class Clocks(Months):
    def setUp(self):
        super().setUp()
        self.start(HUB, env=self.env_of(HUB))
        self.start(SITE, env=self.env_of(SITE))

    def test_ten_years_of_waking_are_no_more_than_a_night(self):
        """The clock that only goes forward jumps; that of the day stays."""
        for i in (1, 2):
            self.begin(i)
            self.enter(month_of(i), 6)
            self.clock.jump(0, 10 * 365 * DAY_S * 1000 * i)
            self.close(i)
            self.settle(i)
        self.assert_all_is_there()

    def test_a_clock_ten_years_behind_closes_nothing_and_stores_what_is_entered(self):
        self.begin(1)
        self.enter(month_of(1), 6)
        before = self.status()
        own = Clock(self.folder / "own-clock")
        own.jump(-10 * 365 * DAY_S)
        self.county.kill(SITE, signal.SIGTERM)
        self.county.start_one(SITE, env=own.env())
        self.county.mia(SITE, "import", persons_file(self.folder / "early.csv", 1, 5), "--apply", expect=(0, 1, 4))
        self.assertEqual(self.status()["sent"], before["sent"])
        self.assertEqual(self.status()["last_period"], before["last_period"])
        self.county.kill(SITE, signal.SIGTERM)
        self.county.start_one(SITE, env=self.env_of(SITE))
        self.insist(SITE, "import", self.folder / "early.csv", "--apply")
        self.stored[SITE].append(self.folder / "early.csv")
        self.close(1)
        self.settle(1)
        Criteria(self.county).check(self, self.stored)

    def test_the_hour_that_is_twice_and_the_one_that_is_not_close_a_month_once(self):
        """Whatever the machine's zone says: months close by UTC, and the end of summer time is no second closing."""
        for name, zone in ((SITE, "Europe/Stockholm"), (HUB, "America/New_York")):
            self.county.kill(name, signal.SIGTERM)
            self.county.start_one(name, env={**self.env_of(name), "TZ": zone})
        for i in range(1, 11):  # February to November: both changes
            self.begin(i)
            self.enter(month_of(i), 5)
            moments = ("-25T00:59:59Z", "-25T01:00:01Z") if i == 2 else ("-28T00:59:59Z", "-28T01:00:01Z")
            for moment in moments:
                self.county.set_clock(month_of(i) + moment)
            sent = self.status()["sent"]
            self.county.set_clock(f"{month_of(i + 1)}-09T23:59:59Z", [HUB])
            self.county.set_clock(f"{month_of(i + 1)}-09T23:59:30Z", [SITE])
            self.assertEqual(self.status()["sent"], sent, "closed before its moment")
            self.close(i)
            self.settle(i)
            self.assertEqual(self.status()["sent"], sent + 1)
        self.assert_all_is_there()


class RealClock(Story):
    """A site that is no rehearsal, on a machine that believes it is 2018: its clock is nobody's to set but the machine's."""

    rehearsal = False

    def setUp(self):
        self.clock_folder = Path(tempfile.mkdtemp(prefix="mia-faults-clock-"))
        self.addCleanup(shutil.rmtree, self.clock_folder, ignore_errors=True)
        self.clock = Clock(self.clock_folder / "clock")
        self.be("2018-02-05")
        for key, value in self.clock.env().items():  # of mia too, which makes the rooms
            self.addCleanup(os.environ.__setitem__, key, os.environ[key]) if key in os.environ else self.addCleanup(os.environ.pop, key)
            os.environ[key] = value
        super().setUp()

    def be(self, day):
        """The machine's clock from now on; nobody who waits for time to pass is kept waiting."""
        moment = datetime.datetime.fromisoformat(f"{day}T00:30:00+00:00").timestamp()
        self.clock.jump(int(moment - time.time()), self.clock.mono_ms + 301000)

    def status(self):
        return sheet(self.county.ask(SITE, "status"), "mia.status/1")

    def looked(self):
        self.status()  # a step, and with it a look at the clock
        return self.status()

    def open_house(self):
        """An administrator reads no persons, so nobody is entered: the first month is signed off, which ends the wait for history."""
        conf = self.county.room(SITE) / "miad.conf"
        account = pwd.getpwuid(os.geteuid()).pw_name
        conf.write_text(conf.read_text("utf-8").split("[operators]")[0] + f"[operators]\n{account} = administrator\n", "utf-8")
        self.county.start_one(SITE)
        self.county.mia(SITE, "close", "2017-04", "--yes")
        wait_for("the months that were over", lambda: self.looked()["last_period"] == "2017-12")

    def test_a_clock_ten_years_ahead_closes_nothing_by_itself(self):
        self.open_house()
        self.be("2018-02-11")
        wait_for("January to close on its day", lambda: self.looked()["last_period"] == "2018-01")
        sent = self.status()["sent"]
        self.be("2028-02-11")
        for _ in range(3):
            self.assertEqual((self.looked()["last_period"], self.status()["sent"]), ("2018-01", sent))
        self.assertIn("not_closed reason=clock", self.county.log(SITE))
        self.assertIn("half a year late", self.county.mia(SITE, "status"))
        self.county.kill(SITE, signal.SIGTERM)
        self.county.start_one(SITE)
        self.assertEqual((self.looked()["last_period"], self.status()["sent"]), ("2018-01", sent))
        self.be("2018-03-11")
        wait_for("February to close when the clock is right again", lambda: self.looked()["last_period"] == "2018-02")
        self.assertEqual(self.status()["sent"], sent + 1)

    def test_a_site_that_was_off_for_a_year_is_asked_and_then_goes_on(self):
        self.open_house()
        self.county.kill(SITE, signal.SIGTERM)
        self.be("2019-02-11")
        self.county.start_one(SITE)
        self.assertEqual(self.looked()["last_period"], "2018-01")  # it was over when the store was made
        for month in range(2, 8):  # signed off by whoever knows; the rest is less than half a year late
            self.county.mia(SITE, "close", f"2018-{month:02}", "--yes")
        wait_for("the others to close by themselves", lambda: self.looked()["last_period"] == "2019-01")


class Limits(Months):
    """What the machine gives runs out while the daemon runs."""

    def setUp(self):
        super().setUp()
        self.start(HUB, env=self.env_of(HUB))
        self.start(SITE, env=self.env_of(SITE))

    def limit(self, name, which, value):
        pid = self.county.processes[name].pid
        before = resource.prlimit(pid, which)
        resource.prlimit(pid, which, (value, before[1]))
        self.addCleanup(lambda: self.is_running(name) and resource.prlimit(pid, which, before))
        return before

    def descriptors(self, name):
        return len(os.listdir(f"/proc/{self.county.processes[name].pid}/fd"))

    def test_a_hub_out_of_descriptors_lives_and_serves_when_they_come_back(self):
        pid = self.county.processes[HUB].pid
        before = self.limit(HUB, resource.RLIMIT_NOFILE, self.descriptors(HUB) + 4)
        held = []
        for _ in range(100):
            peer = socket.create_connection(("127.0.0.1", self.county.port), timeout=10)
            self.addCleanup(peer.close)
            held.append(peer)
        asked = subprocess.Popen(self.county.command(HUB, "status"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(self.is_running(HUB))
        for peer in held:
            peer.close()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        self.assertIn(asked.wait(timeout=60), (0, 6))
        self.begin(1)
        self.enter(month_of(1), 7)
        self.close(1)
        self.settle(1)
        self.assertEqual(self.county.processes[HUB].pid, pid)
        self.assert_all_is_there()

    def test_a_site_out_of_descriptors_lives_and_sends_when_they_come_back(self):
        pid = self.county.processes[SITE].pid
        before = self.limit(SITE, resource.RLIMIT_NOFILE, self.descriptors(SITE))
        asked = subprocess.Popen(self.county.command(SITE, "status"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.county.kill(HUB)
        self.county.start_one(HUB, env=self.env_of(HUB))
        self.clock.pass_on(301)
        self.assertTrue(self.is_running(SITE))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        self.assertEqual(asked.wait(timeout=60), 0)
        self.begin(1)
        self.enter(month_of(1), 7)
        self.close(1)
        self.settle(1)
        self.assert_all_is_there()

    def test_a_map_that_cannot_grow_takes_what_fits_and_nothing_half(self):
        """No room in the address space: a batch too large is refused whole; with room again it is taken."""
        status = Path(f"/proc/{self.county.processes[SITE].pid}/statm").read_text("ascii").split()
        now = int(status[0]) * resource.getpagesize()
        file = persons_file(self.folder / "many.csv", 1, 200000)
        before = self.limit(SITE, resource.RLIMIT_AS, now + (8 << 20))
        self.county.mia(SITE, "import", file, "--apply", expect=(1, 3))
        if self.is_running(SITE):
            resource.prlimit(self.county.processes[SITE].pid, resource.RLIMIT_AS, before)
        self.revive()
        self.assertEqual(self.participants(), 0)
        self.store(file)
        self.assertEqual(self.participants(), 200000)



if __name__ == "__main__":
    unittest.main(verbosity=2)
