#!/usr/bin/python3
"""One key at two machines (4-sync 4.1, 4.7): both named and suspended in seconds, nothing of either counts, and the way on; a peer that only comes and goes is none.

    test_clone.py        MIA_BUILD says where the programs are
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_site
import peer_wire
from lib_county import HUB, County
from lib_criteria import Criteria, check_hub
from lib_faults import BUILD, figure, persons_file, sheet, wait_for
from lib_room import Hub

ONE, TWO, THREE = "sodertalje", "varna", "hbs"
TWIN = "twin"
SUSPENDED_S = 5
BOTH = r"reason=clone first=\S+ second=\S+"

peer_site.say = lambda event, **facts: None


class Machines(unittest.TestCase):
    """Real daemons: a site's folder is copied and started elsewhere."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-clone."))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.county = County(BUILD, self.folder / "county", [ONE, TWO, THREE])
        self.addCleanup(self.county.stop)
        self.county.make()
        self.county.start()
        self.file = persons_file(self.folder / "persons.csv", 1, 12)
        self.county.deliver("2018-01-20", timeout=120)
        self.county.mia(ONE, "import", self.file, "--apply")
        self.county.deliver("2018-02-11", timeout=120)

    def copy(self):
        """Taken while the site was off, as an administrator moves a machine and forgets the old one."""
        self.county.kill(ONE, signal.SIGTERM)
        shutil.copytree(self.county.room(ONE), self.county.room(TWIN), ignore=shutil.ignore_patterns("control", "log"))
        self.county.start_one(ONE)
        wait_for("contact", lambda: self.contact().startswith("in contact"))
        self.county.start_one(TWIN)

    def contact(self):
        return str(sheet(self.county.ask(HUB, "status", ONE), "mia.contact/1")["contact"])

    def events(self, name=HUB):
        return re.sub(" +", " ", self.county.mia(name, "events", "--last", 200))

    def accepted(self):
        return len(re.findall(rf"report received {ONE}", self.events()))

    def refused(self, name):
        return "W016" in self.county.mia(name, "status", expect=(0, 6))

    def await_suspension(self):
        wait_for("both to be suspended", lambda: re.search(BOTH, self.county.log(HUB)), SUSPENDED_S)
        wait_for("both to know", lambda: self.refused(ONE) and self.refused(TWIN), SUSPENDED_S)

    def talk(self, name, *words, typed=(), expect=0):
        done = subprocess.run([*self.county.command(name, *words), "--lang", "en"], capture_output=True, text=True, timeout=120,
                              input="".join(f"{line}\n" for line in typed), check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def change_keys(self):
        """As for a key that is in other hands: invited, rotated, accepted by voice, signed by two others and the owner."""
        county, draft = self.county, self.folder / "draft.ini"
        invitation, card = self.folder / "invitation.ini", county.room(ONE) / "card.ini"
        self.talk(HUB, "invite", "create", ONE, "--hub", f"tcp://127.0.0.1:{county.port}", "--out", invitation)
        county.kill(ONE, signal.SIGTERM)
        self.talk(None, "key", "rotate", "--dir", county.room(ONE), "--lost", invitation)
        key = bytes.fromhex(re.search("^sign = (.*)$", card.read_text("ascii"), re.M).group(1))
        self.talk(HUB, "accept", ONE, "--card", card, "--out", draft, typed=[peer_wire.fingerprint(key)])
        for site in (TWO, THREE):
            self.talk(site, "roster", "sign", draft, typed=[peer_wire.fingerprint(key)])
        self.talk(None, "programme", "sign", draft, "--key", county.folder / "programme.key")
        for end in ("", ".sig"):
            shutil.copy(f"{draft}{end}", f"{county.folder}/roster.ini{end}")
        for name in (HUB, TWO, THREE):
            county.mia(name, "reload")
        county.start_one(ONE)

    def test_a_copied_site_is_suspended_and_goes_on_with_new_keys_and_nothing_lost_or_twice(self):
        before = self.accepted()
        self.copy()
        self.await_suspension()
        self.assertEqual(len(re.findall(r"site_suspended|site suspended", self.events())), 1)
        self.assertRegex(self.events(), rf"a site's key is in use at two connections {ONE}: 127\.0\.0\.1 and 127\.0\.0\.1")
        self.assertRegex(self.events(), rf"two machines have its keys {ONE}: 127\.0\.0\.1 and 127\.0\.0\.1")
        self.assertRegex(self.county.log(HUB), rf"(?m)^site_suspended site={ONE} {BOTH}$")
        status = re.sub(r"\s+", " ", self.county.mia(HUB, "status"))
        self.assertIn("two machines have its keys", status)
        self.assertIn("suspended", self.contact())
        self.assertIn("two machines have its keys", re.sub(r"\s+", " ", self.county.mia(HUB, "status", ONE)))
        self.assertRegex(re.sub(r"\s+", " ", self.county.mia(HUB, "sites", expect=(0, 6))), r"suspended since \S+")
        self.assertIn("mia key rotate", re.sub(r"\s+", " ", self.county.mia(None, "explain", "W016")))
        # A month goes by: both close it, neither is heard.
        self.county.set_clock("2018-03-11", [HUB, ONE, TWIN, TWO, THREE])
        self.county.set_clock("2018-03-11T00:20:00Z", [HUB, ONE, TWIN, TWO, THREE])
        for site in (TWO, THREE):
            self.county.mia(site, "wait", "--until", "received", "--timeout", "60")
        for name in (ONE, TWIN):
            self.county.mia(name, "reload")  # they come at once, instead of in five minutes
        wait_for("both to come again", lambda: len(re.findall("connection refused", self.events())) >= 1)
        self.assertEqual(self.accepted(), before)
        self.change_keys()
        self.assertEqual(self.accepted(), before)  # still suspended
        self.talk(HUB, "site", "resume", ONE, "--yes")
        self.county.mia(ONE, "reload")
        self.county.mia(ONE, "wait", "--until", "received", "--timeout", "60")
        self.county.mia(TWIN, "reload", expect=(0, 1))
        self.county.deliver("2018-04-11", timeout=120)
        self.assertFalse(self.contact().startswith("suspended"))
        self.assertEqual(self.accepted(), before + 2)
        self.assertEqual(figure(self.county, "entered", "2018-01"), 12)
        self.assertEqual(figure(self.county, "entered", "2018-02..2018-03"), 0)
        self.assertEqual(len(re.findall(BOTH, self.county.log(HUB))), 1)
        Criteria(self.county).check(self, {ONE: [self.file]})

    def test_a_copy_that_was_stopped_needs_no_new_keys_and_one_that_was_not_is_found_again(self):
        self.copy()
        self.await_suspension()
        self.talk(HUB, "site", "resume", ONE, "--yes")
        for name in (TWIN, ONE):
            self.county.mia(name, "reload")
        wait_for("both to be suspended again", lambda: len(re.findall(BOTH, self.county.log(HUB))) == 2, 20)
        self.county.kill(TWIN)
        self.talk(HUB, "site", "resume", ONE, "--yes")
        self.county.mia(ONE, "reload")
        wait_for("contact", lambda: self.contact().startswith("in contact"))
        self.county.deliver("2018-03-11", timeout=120)
        self.assertEqual(len(re.findall(BOTH, self.county.log(HUB))), 2)
        self.assertEqual(figure(self.county, "entered", "2018-01"), 12)
        Criteria(self.county).check(self, {ONE: [self.file]})

    def test_the_hub_remembers_over_a_restart_and_power_cut(self):
        self.copy()
        self.await_suspension()
        for how in (signal.SIGTERM, signal.SIGKILL):
            self.county.kill(HUB, how)
            self.county.start_one(HUB)
            self.assertIn("suspended", self.contact())
        for name in (TWIN, ONE):
            self.county.mia(name, "reload")
            wait_for(f"{name} to be refused", lambda name=name: self.refused(name))
        self.assertEqual(len(re.findall(BOTH, self.county.log(HUB))), 1)


class NoClone(unittest.TestCase):
    """A site that only comes and goes, however it does."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-clone."))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def assert_no_clone(self, county):
        time_of = county.log(HUB)
        self.assertNotIn("site_suspended", time_of)
        self.assertIn("in contact", str(sheet(county.ask(HUB, "status", ONE), "mia.contact/1")["contact"]))

    def in_contact(self, county):
        return str(sheet(county.ask(HUB, "status", ONE), "mia.contact/1")["contact"]).startswith("in contact")

    def test_kill_and_start_within_a_heartbeat(self):
        with County(BUILD, self.folder / "county", [ONE]) as county:
            county.make()
            county.start()
            for how in [signal.SIGKILL, signal.SIGTERM] * 4:
                wait_for("contact", lambda: self.in_contact(county))
                county.kill(ONE, how)
                county.start_one(ONE)
            wait_for("contact", lambda: self.in_contact(county))
            self.assert_no_clone(county)

    def test_a_line_that_freezes_moves_and_flaps(self):
        """The hub keeps the old connections, half open; the site comes by another address of the line, again and again."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        county = County(BUILD, self.folder / "county", [ONE])
        county.ports[ONE] = port
        with county:
            county.make()
            line = subprocess.Popen(["/usr/bin/python3", Path(__file__).with_name("chaos.py"), "--listen", str(port), "--to", f"127.0.0.1:{county.port}", "--control", "-"],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            self.addCleanup(line.communicate)
            self.addCleanup(line.terminate)
            line.stdout.readline()
            county.start()
            for _ in range(3):
                wait_for("contact", lambda: self.in_contact(county))
                for word in ("freeze", "up"):
                    line.stdin.write(f"{word}\n")
                    line.stdout.readline()
                county.mia(ONE, "reload")  # the site hangs up and dials anew; its old connection stays at the hub
                wait_for("contact", lambda: self.in_contact(county))
                county.kill(ONE)
                county.start_one(ONE)
            wait_for("contact", lambda: self.in_contact(county))
            self.assert_no_clone(county)


class Peers(unittest.TestCase):
    """A real hub, and peers played by proto/README.md."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="mia-clone."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.hub = Hub(BUILD, cls.folder, (ONE, TWO))
        cls.addClassCleanup(cls.hub.stop)
        cls.hub.start()
        cls.hub.ask("clock set", "2018-07-11")

    def tearDown(self):
        for site in (ONE, TWO):
            self.hub.ask("site resume", site, yes="")

    def peer(self, site, is_alive=True):
        connection = peer_site.Connection(self.hub.options(site))
        connection.is_alive = is_alive
        self.addCleanup(connection.close)
        played = peer_site.Site(self.hub.options(site))
        played.greet(connection)
        return played, connection

    def suspensions(self):
        return len(self.hub.events("site_suspended"))

    def refusal(self, connection):
        try:
            connection.wait_for("REFUSAL")
        except peer_site.Refused as error:
            return str(error)
        return None

    def test_two_sockets_that_both_answer_are_a_clone_and_both_are_told(self):
        before = self.suspensions()
        one, first = self.peer(ONE)
        _, second = self.peer(ONE)
        self.assertTrue(any(name == "PROBE" for name, _ in first.listen(500)))
        self.assertEqual(self.refusal(second), "W016")
        self.assertEqual(self.refusal(first), "W016")
        self.assertEqual(self.suspensions(), before + 1)
        chain = self.hub.events("release_accepted")
        one.add(one.payload(1))
        for connection in (first, second):
            connection.send(one.message(connection, 1))
            connection.listen(200)
        self.assertEqual(self.hub.events("release_accepted"), chain)
        self.assertEqual(self.hub.ask("status")[0], 0)

    def test_a_peer_that_does_not_know_the_question_is_never_one_and_works_on(self):
        before = self.suspensions()
        old = [self.peer(TWO, is_alive=False) for _ in range(5)]
        played, connection = old[-1]
        played.add(played.payload(1))
        played.stream(connection, 0)
        self.assertEqual(played.receipted, 1)
        for _, one in old[:-1]:
            self.assertIn("PROBE", [name for name, _ in one.listen(300)] + list(one.heard))
        self.assertNotIn("PROBE", connection.heard)
        self.assertEqual(self.suspensions(), before)
        check_hub(self, self.hub, {TWO: played})

    def test_an_answer_that_nobody_awaits_is_dropped(self):
        """Made up, another's, another connection's, the same again."""
        before = self.suspensions()
        _, first = self.peer(ONE, is_alive=False)
        _, other = self.peer(TWO, is_alive=False)
        _, second = self.peer(ONE, is_alive=False)
        nonce = first.wait_for("PROBE")["nonce"]
        for connection, what in ((second, nonce), (other, nonce), (first, os.urandom(16)), (second, os.urandom(16)), (second, nonce)):
            connection.send(peer_wire.message_pack("ALIVE", nonce=what))
        second.listen(300)
        self.assertNotIn("PROBE", second.heard)
        first.send(peer_wire.message_pack("ALIVE", nonce=nonce))
        first.send(peer_wire.message_pack("ALIVE", nonce=nonce))
        second.wait_for("PROBE")
        second.send(peer_wire.message_pack("ALIVE", nonce=nonce))
        second.listen(300)
        self.assertEqual(self.suspensions(), before)

    def test_greetings_without_end_on_two_sockets_cost_no_more_than_one_question_each(self):
        """Nobody answers: 2,000 greetings, and the other site is served meanwhile."""
        _, first = self.peer(ONE, is_alive=False)
        played, second = self.peer(ONE, is_alive=False)
        start = time.monotonic()
        for i in range(2000):
            played.hello(second if i % 2 else first)
            for connection in (first, second):
                while connection.socket.poll(0):
                    connection.socket.recv()
        spent = time.monotonic() - start
        played, quiet = self.peer(TWO)
        start = time.monotonic()
        played.greet(quiet)
        print(f"2000 greetings on two sockets in {spent:.1f} s; another site's greeting then {1e3 * (time.monotonic() - start):.1f} ms", file=sys.stderr)
        self.assertLess(time.monotonic() - start, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
