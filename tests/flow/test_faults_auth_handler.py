#!/usr/bin/python3
"""What asks whether a key may come in dies, hangs or goes mad (zap_preload.c): then nobody comes in, or the daemon ends (4-sync 4.2, 4.7).

    test_faults_auth_handler.py        MIA_BUILD says where the programs are
"""

import os
import shutil
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_site
from lib_faults import BUILD, sanitizers, wait_for
from lib_room import Failed
from lib_strangers import AT_ONCE, ONE, STRANGERS, THREE, TWO, Story


class Handler(Story):
    def setUp(self):
        super().setUp()
        self.order_path = self.folder / "order"

    def env(self):
        return {"LD_PRELOAD": ":".join([*sanitizers(), str(BUILD / "tests/zap_preload.so")]), "MIA_ZAP_ARM": str(self.order_path)}

    def order(self, text):
        self.order_path.write_text(text, "ascii")
        self.hub.ask("status")  # a turn of its loop

    def met(self):
        return Path(f"{self.order_path}.met").exists()

    def begin(self):
        """A hub that works, and an honest site that is connected."""
        self.start()
        self.report(ONE)
        site = self.site(TWO)
        connection = peer_site.Connection(site.options)
        self.addCleanup(connection.close)
        site.greet(connection)
        return site, connection

    def assert_a_member_is_kept_out(self):
        """Failure is closed: not even somebody who may come in does."""
        connection = peer_site.Connection(self.hub.options(THREE, timeout=2.0))
        try:
            with self.assertRaises(peer_site.NoAnswer):
                peer_site.Site(connection.options).greet(connection)
        finally:
            connection.close()

    def test_a_handler_that_is_gone_lets_none_of_ten_thousand_in(self):
        site, connection = self.begin()
        self.order("gone")
        wait_for("its place to be given up", self.met)
        strangers = self.strangers(STRANGERS)
        while strangers.are_trying():
            site.greet(connection)  # who was let in before is served
            time.sleep(0.01)  # between two questions
        counts = strangers.told()
        self.assertEqual((counts["admitted"], counts["denied"], counts["tried"]), (0, 0, STRANGERS))
        self.assert_a_member_is_kept_out()
        self.assertEqual(self.counters()[1:], [0, 0, 0])
        self.order_path.unlink()
        self.assertEqual(self.hub.kill(signal.SIGTERM), 0)
        self.hub.start()
        self.report(THREE)
        self.assert_criteria()

    def test_a_handler_that_hangs_lets_nobody_in_and_members_when_it_is_well_again(self):
        site, connection = self.begin()
        self.order("deaf")
        strangers = self.strangers(STRANGERS // 50, "--wait", "8")
        while strangers.are_trying():
            site.greet(connection)
            time.sleep(0.01)  # between two questions
        wait_for("it to hang", self.met)
        counts = strangers.told()
        self.assertEqual((counts["admitted"], counts["denied"]), (0, 0))
        self.assert_a_member_is_kept_out()
        self.assertEqual(self.counters()[1:], [0, 0, 0])
        self.order_path.unlink()
        self.hub.ask("status")
        self.report(THREE)
        self.assert_criteria()

    def test_a_handler_that_cannot_answer_ends_the_daemon_and_nobody_is_in(self):
        """A door that is shut for ever is no service: systemd starts it again."""
        self.begin()
        self.order("mute")
        strangers = self.strangers(AT_ONCE * 50)
        wait_for("the hub to end", lambda: self.hub.process.poll() is not None)
        self.assertTrue(self.met())
        self.assertEqual(strangers.told()["admitted"], 0)
        self.assertEqual(self.hub.process.returncode, 1)
        self.assertIn("stopped role=hub error=", self.hub.log())
        self.order_path.unlink()
        self.hub.start()
        self.report(THREE)
        self.assert_criteria()

    def test_a_handler_that_lets_everybody_in_is_found_at_the_start(self):
        self.order_path.write_text("mad", "ascii")
        with self.assertRaises(Failed):
            self.hub.start(self.env())
        self.assertTrue(self.met())
        self.assertEqual(self.hub.process.returncode, 1)

    def test_and_when_a_roster_is_taken_over(self):
        self.begin()
        self.order("mad")
        rosters = self.rosters()
        rosters.write(2, signers=[ONE, TWO])
        self.hub.process.send_signal(signal.SIGHUP)
        wait_for("the hub to end", lambda: self.hub.process.poll() is not None)
        self.assertTrue(self.met())
        self.assertEqual(self.hub.process.returncode, 1)

    def test_and_between_two_proofs_nothing_is_processed_that_comes_by_it(self):
        """Whoever was let in that way has no name, even with a site's own signing key: what they say is dropped unread."""
        self.begin()
        before = self.counters()
        self.order("mad")
        keys = self.folder / "stranger"
        keys.mkdir()
        (keys / "link.key").write_bytes(os.urandom(32))
        shutil.copy(self.hub.keys(ONE) / "sign.key", keys / "sign.key")
        intruder = peer_site.Site(self.hub.options(ONE, keys=keys, timeout=2.0))
        intruder.add(intruder.payload(1))
        connection = peer_site.Connection(intruder.options)
        self.addCleanup(connection.close)
        with self.assertRaises(peer_site.NoAnswer):
            intruder.greet(connection)
        connection.send(intruder.message(connection, 1))
        self.assertEqual(connection.listen(500), [])
        self.assertTrue(self.met())
        strangers = self.strangers(AT_ONCE * 50)
        self.assertGreater(strangers.told()["admitted"], 0)
        self.assertEqual(self.counters(), before)
        self.order_path.unlink()
        self.report(THREE)
        self.assert_criteria()


if __name__ == "__main__":
    unittest.main(verbosity=2)
