#!/usr/bin/python3
"""The real hub against sites that are honest, hostile or cut off (4-sync 4.1, 4.7).

    test_hub_wire.py [BUILD]         BUILD holds daemon/miad-hub; MIA_BUILD unless told
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_site
import peer_wire as wire
from lib_room import ROOT, Hub

BUILD = Path(os.environ.get("MIA_BUILD", "build/debug")).resolve()
SITES = ("sodertalje", "varna")
SEED = int(os.environ.get("MIA_SEED", "4711"))

peer_site.say = lambda event, **facts: None  # what sites played in this process hear is judged, not told


class HubStory(unittest.TestCase):
    """A rehearsal hub on 11 July 2018 that nobody has reported to."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-hub-wire-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.hub = Hub(BUILD, self.folder, SITES)
        self.addCleanup(self.hub.stop)
        self.hub.start()
        self.assertEqual(self.hub.ask("clock set", "2018-07-11")[0], 0)

    def figures(self, **persons):
        """Figures with so many persons in single-celled measures."""
        return {str(self.hub.measure(name)["number"]): [n] for name, n in persons.items()}

    def report(self, site, releases, **persons):
        return self.hub.play(site, "--releases", str(releases), "--figures", json.dumps(self.figures(**persons)))

    def entered(self, period="2018-01..2018-06"):
        return self.hub.figures("entered", period)

    def test_reports_are_counted_and_receipted(self):
        said = self.report("sodertalje", 3, entered=12)
        self.assertEqual(said[-1]["receipted"], 3)
        self.report("varna", 3, entered=7)
        totals = self.entered("2018q1")
        self.assertEqual((totals["sodertalje"], totals["varna"]), (36, 21))
        self.assertEqual(len(self.hub.events("release_accepted site=sodertalje")), 3)

    def test_a_later_site_hears_the_county_s_results(self):
        self.report("sodertalje", 3, entered=12)
        said = self.report("varna", 1, entered=7)
        told = {line["period"]: line["sites"]["sodertalje"] for line in said if line["event"] == "result"}
        number = str(self.hub.measure("entered")["number"])
        self.assertEqual([told[month][number] for month in ("2018-01", "2018-02", "2018-03")], [[12], [12], [12]])

    def test_totals_name_who_is_missing_and_exit_6(self):
        self.report("sodertalje", 6, entered=12)
        self.assertEqual(self.hub.ask("totals", period="2018q1")[0], 6)
        self.assertEqual(self.hub.ask("totals", period="2018q1", allow_partial="")[0], 0)
        self.assertEqual(self.hub.ask("totals", period="2018q1", site="sodertalje")[0], 0)
        self.assertEqual(self.hub.ask("totals", period="june")[0], 2)
        self.assertEqual(self.hub.ask("totals", site="sodertalge")[0], 5)

    def test_hostile_messages_are_refused_by_name_and_change_nothing(self):
        self.report("sodertalje", 3, entered=12)
        before = self.entered()
        stories = {"replay": None, "truncate": None, "oversize": None, "stale-token": None, "wrong-site=varna": "W001",
                   "wrong-payload-site=varna": "W007", "wrong-signature": "W002", "unknown-programme": "W005",
                   "small-cell": "W006"}
        for story, code in stories.items():
            with self.subTest(story):
                said = self.hub.play("sodertalje", "--releases", "3", f"--{story}")
                start = next(i for i, line in enumerate(said) if line["event"] == "misbehave")
                refusals = [line["code"] for line in said[start:] if line["event"] == "REFUSAL"]
                self.assertEqual(refusals, [] if code is None else [code])
                self.assertEqual(next(line for line in said if line["event"] == "after")["hub_n"], 3)
                self.assertEqual(self.entered(), before)
        codes = {line.split("code=")[1] for line in self.hub.events() if "code=" in line}
        codes.discard("W013")  # each story's site began with nothing and took its chain back, which the hub tells
        self.assertEqual(codes, {code for code in stories.values() if code is not None})
        self.assertIn("code=W002", self.hub.log())

    def test_malformed_messages_change_nothing_and_the_hub_lives(self):
        self.report("sodertalje", 3, entered=12)
        before = self.entered()
        self.hub.play("sodertalje", "--releases", "3", "--malformed")
        self.assertEqual(self.entered(), before)

    def test_reordered_reports_are_counted_once(self):
        self.report("sodertalje", 1, entered=12)
        self.hub.play("sodertalje", "--releases", "1", "--figures", json.dumps(self.figures(entered=12)), "--reorder")
        self.assertEqual(self.entered()["sodertalje"], 36)

    def test_refused_material_is_in_the_dump_as_it_came(self):
        self.report("sodertalje", 2, entered=12)
        self.hub.play("sodertalje", "--releases", "2", "--wrong-signature")
        code, _, attachment = self.hub.ask("dump")
        lines = [json.loads(line) for line in attachment.decode().splitlines()]
        self.assertEqual(code, 0)
        kinds = [line["kind"] for line in lines]
        self.assertEqual((kinds.count("release"), kinds.count("quarantine"), kinds.count("result")), (2, 1, 2))
        refused = next(line for line in lines if line["kind"] == "quarantine")
        name, fields = wire.message_unpack(bytes.fromhex(refused["message"]), wire.FROM_SITE)
        self.assertEqual((refused["site"], refused["code"], name, fields["n"]), ("sodertalje", "W002", "RELEASE", 3))
        head = wire.chain_start("sodertalje")
        for line in (line for line in lines if line["kind"] == "release"):
            head = wire.chain_next(head, line["n"], bytes.fromhex(line["payload"]))
            self.assertEqual(line["hash"], head.hex())

    def test_a_month_not_over_is_refused(self):
        said = self.hub.play("sodertalje", "--first", "2018-07", expect=peer_site.EXIT_DIFFERENCE)
        self.assertIn("W009", [line.get("code") for line in said])
        self.assertEqual(self.hub.events("release_accepted"), [])

    def test_a_real_site_is_refused_by_a_rehearsal(self):
        site = peer_site.Site(self.hub.options("sodertalje", rehearsal=False))
        connection = peer_site.Connection(site.options)
        self.addCleanup(connection.close)
        with self.assertRaisesRegex(peer_site.Refused, "W008"):
            site.greet(connection)

    def test_strangers_and_keyless_peers_are_not_heard(self):
        before = self.hub.ask("status")[1]["mia.status/1"][1][-4:]  # accepted, refused, dropped, quarantined
        done = subprocess.run(["/usr/bin/python3", ROOT / "tests/flow/hostile.py", "--to", self.hub.endpoint, "--server-key",
                               self.hub.members["hub"][1].hex(), "--unknown", "20", "--wrong", "5", "--null", "5",
                               "--plain", "5", "--raw", "20"], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.hub.ask("status")[1]["mia.status/1"][1][-4:], before)
        self.report("sodertalje", 1, entered=12)

    def test_a_second_hub_on_the_store_is_refused(self):
        said = self.hub.run("--config", self.hub.room / "miad.conf", expect=1)
        self.assertIn("S007", said)
        self.assertTrue(self.hub.answers())

    def test_sigterm_ends_it_well(self):
        self.report("sodertalje", 2, entered=12)
        self.assertEqual(self.hub.kill(signal.SIGTERM), 0)
        self.hub.start()
        self.assertEqual(self.entered()["sodertalje"], 24)

    def test_kill_9_between_messages_loses_nothing_receipted(self):
        """Killed before the receipt, after it, or somewhere between: what had its receipt is there, and all is counted once."""
        dice = random.Random(SEED)
        site = peer_site.Site(self.hub.options("sodertalje", figures=self.figures(entered=9)))
        for n in range(1, 7):
            site.add(site.payload(n))
            connection = peer_site.Connection(site.options)
            welcome = site.greet(connection)
            self.assertGreaterEqual(welcome["n"], site.receipted)
            for late in range(welcome["n"] + 1, n + 1):
                connection.send(site.message(connection, late))
            while dice.random() < 0.7 and site.receipted < n:
                site.take("RECEIPT", connection.wait_for("RECEIPT", site.take))
            self.hub.kill()
            connection.close()
            self.hub.start()
        connection = peer_site.Connection(site.options)
        welcome = site.greet(connection)
        site.stream(connection, welcome["n"])
        connection.close()
        self.assertEqual((site.receipted, site.wrong), (6, []))
        self.assertEqual(self.entered()["sodertalje"], 54)

    def test_a_hub_that_lost_everything_is_filled_again(self):
        self.report("sodertalje", 4, entered=9)
        before = self.entered()
        self.hub.kill()
        shutil.rmtree(self.hub.room)
        self.hub.make()  # a new hub with new keys and an empty ledger, and the sites as they were
        self.hub.start()
        self.assertEqual(self.hub.ask("clock set", "2018-07-11")[0], 0)
        self.report("sodertalje", 4, entered=9)
        self.assertEqual(self.entered(), before)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-") and Path(sys.argv[1]).is_dir():
        BUILD = Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
