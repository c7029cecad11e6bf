#!/usr/bin/python3
"""The real site against a hub that lies, and against its own old backups (3-privacy 3.6 point 24, 4-sync 4.1).

    test_false_hub.py        MIA_BUILD says where the programs are
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_wire as wire
from lib_false_hub import FalseHub
from lib_faults import SITE, Story, persons_file, sheet, wait_for


class FalseHubStory(Story):
    """A site whose operation begins in January 2018 for our purposes: the months before are reported empty."""

    def setUp(self):
        super().setUp()
        self.hub = None
        self.addCleanup(lambda: self.hub is not None and self.hub.close())
        self.persons = 0

    def be_hub(self):
        self.hub = FalseHub(self.county, SITE)

    def run_site(self, *moments):
        self.county.start_one(SITE)
        for moment in moments:
            self.county.set_clock(moment, [SITE])

    def stop_site(self):
        self.county.kill(SITE, signal.SIGTERM)

    def enter(self, n, month="2018-01"):
        """n new persons who entered in the month."""
        file = persons_file(self.folder / "persons.csv", self.persons, n)
        file.write_text(file.read_text("utf-8").replace("2018-01-02", f"{month}-02"), "utf-8")
        self.persons += n
        self.store(file)

    def report_all(self, chain):
        """Takes all the site has to report, with receipts, into chain."""
        self.hub.greet(len(chain), self.hub.head(chain[-1]) if chain else None)
        while len(chain) < self.status()["sent"]:
            chain.append(self.hub.release())
            self.hub.receipt(chain[-1])
        wait_for("the receipts to be taken", lambda: self.status()["received"] == len(chain))

    def status(self):
        return sheet(self.county.ask(SITE, "status"), "mia.status/1")

    def says(self, lang="en"):
        return self.county.mia(SITE, "status", lang=lang)

    def events(self):
        return self.county.mia(SITE, "events", "--last", "1000")

    def keep_backup(self, name, *parts):
        """A copy of the stores (parts of STATE) as a backup has them, made while the site is off."""
        backup = self.folder / name
        state = self.county.room(SITE) / "state"
        for part in parts or [path.name for path in state.iterdir()]:
            (shutil.copytree if (state / part).is_dir() else self.copy_file)(state / part, backup / part)
        return backup

    @staticmethod
    def copy_file(source, target):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)

    def put_back(self, backup, keeps_mark):
        """The state as the backup has it; the mark as it is, or gone with the machine it was on."""
        state = self.county.room(SITE) / "state"
        mark = (state / "mark").read_bytes()
        shutil.rmtree(state)
        shutil.copytree(backup, state)
        if keeps_mark:
            (state / "mark").write_bytes(mark)

    def reported(self):
        """A site that reported up to January with 6 entered, stopped; a backup from before. (chain, backup)."""
        self.be_hub()
        chain = []
        self.run_site("2018-01-11", "2018-01-11T00:20:00Z", "2018-02-05")
        self.enter(6)
        self.report_all(chain)
        self.stop_site()
        backup = self.keep_backup("backup", "records", "keys")
        self.run_site("2018-02-11", "2018-02-11T00:20:00Z")
        self.report_all(chain)
        self.assertEqual(self.hub.entered(chain[-1]), ("2018-01", 6))
        self.stop_site()
        return chain, backup


class RestoredSite(FalseHubStory):
    def lie(self, chain, backup, keeps_mark):
        """The backup is put back, a person is entered in January, and the hub says it never had January's report."""
        self.put_back(backup, keeps_mark)
        self.run_site("2018-02-06")
        self.enter(1)
        self.hub.greet(len(chain) - 1, self.hub.head(chain[-2]))
        self.county.set_clock("2018-02-11", [SITE])
        self.county.set_clock("2018-02-11T00:20:00Z", [SITE])
        self.assertTrue(self.hub.hears_no("RELEASE"), "a second report of January, 7 beside 6, tells of one person")
        self.assertEqual(self.status()["sent"], len(chain) - 1)

    def test_a_hub_that_lies_gets_no_second_report_of_a_month_when_the_mark_is_there(self):
        chain, backup = self.reported()
        self.lie(chain, backup, keeps_mark=True)
        self.assertIn("W015", self.says())

    def test_a_hub_that_lies_gets_no_second_report_of_a_month_when_the_mark_is_lost(self):
        chain, backup = self.reported()
        self.lie(chain, backup, keeps_mark=False)
        self.assertIn("W015", self.says())
        self.assertIn("W015", self.county.mia(SITE, "close", "--yes", expect=(1,)) + self.says())


    def test_a_whole_copy_with_its_mark_is_known_as_one(self):
        chain, _ = self.reported()
        backup = self.keep_backup("whole")
        mark = (backup / "mark").read_text("ascii").split()
        mark[-1] = str(int(mark[-1]) - 86400)  # made a day ago
        (backup / "mark").write_text(" ".join(mark) + "\n", "ascii")
        self.run_site("2018-03-11", "2018-03-11T00:20:00Z")
        self.report_all(chain)
        self.stop_site()
        self.put_back(backup, keeps_mark=False)
        self.run_site("2018-03-12")
        self.hub.greet(len(chain) - 1, self.hub.head(chain[-2]))
        self.assertTrue(self.hub.hears_no("RELEASE"))
        self.assertIn("W015", self.says())

    def test_the_number_another_association_sees_lets_months_close_again(self):
        chain, _ = self.reported()
        backup = self.keep_backup("backup-2", "records", "keys")
        self.put_back(backup, keeps_mark=False)
        self.run_site("2018-03-11")
        n = len(chain)
        self.assertIn("X022", self.confirm(n))  # the hub has not been heard
        self.hub.greet(n, self.hub.head(chain[-1]))
        wait_for("contact", lambda: "in contact" in self.says())
        self.assertIn("X022", self.confirm(n + 1))
        self.assertIn("X022", self.confirm(n - 1))
        self.assertEqual(self.status()["sent"], n)
        self.county.mia(SITE, "confirm", n)
        self.assertIn(f"up to report {n}", self.events())
        self.assertNotIn("W015", self.says())
        self.county.set_clock("2018-03-11T00:20:00Z", [SITE])
        self.assertEqual(self.hub.entered(self.hub.release())[0], "2018-02")
        self.assertIn("X022", self.confirm(n + 1))  # nothing is unsure any more

    def confirm(self, n):
        env = {**os.environ, "LANG": "C.UTF-8"}
        done = subprocess.run([*self.county.command(SITE, "confirm", n), "--lang", "en"], capture_output=True, text=True, env=env, check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr

    def test_a_hub_that_has_more_gives_it_back_and_everything_stops(self):
        """Also when a month was due before the hub was heard: what it has stands."""
        chain, backup = self.reported()
        self.put_back(backup, keeps_mark=False)
        self.run_site("2018-02-06")
        self.enter(1)
        self.county.set_clock("2018-03-11", [SITE])
        self.hub.greet(len(chain), self.hub.head(chain[-1]))
        self.hub.give_back(chain)
        wait_for("the site to stop", lambda: "W013" in self.says())
        self.assertEqual(self.status()["sent"], len(chain))
        self.county.set_clock("2018-05-11", [SITE])
        self.assertEqual(self.status()["sent"], len(chain))
        self.county.mia(SITE, "close", "--yes", expect=(1,))
        self.stop_site()
        self.run_site("2018-05-12")
        self.assertIn("W013", self.says())
        self.assertIn("mia reconcile --acknowledge", self.county.mia(None, "explain", "W013"))

    def test_a_second_chain_of_a_copied_site_is_archived_and_everything_stops(self):
        """A copy so young that nobody could know it: its own January is another than the hub's, and never leaves."""
        chain, backup = self.reported()
        mark = (self.county.room(SITE) / "state/mark").read_text("ascii").split()
        mark[2:4] = [str(len(chain) - 1), self.hub.head(chain[-2]).hex()]
        self.put_back(backup, keeps_mark=False)
        (self.county.room(SITE) / "state/mark").write_text(" ".join(mark) + "\n", "ascii")
        self.run_site("2018-02-06")
        self.enter(1)
        self.county.set_clock("2018-02-11", [SITE])
        self.assertEqual(self.status()["sent"], len(chain))
        self.hub.greet(len(chain), self.hub.head(chain[-1]))
        self.hub.give_back(chain)
        wait_for("the site to stop", lambda: "W014" in self.says())
        self.county.set_clock("2018-05-11", [SITE])
        self.assertEqual(self.status()["sent"], len(chain))


class LyingHub(FalseHubStory):
    """Words that a hub may say at the wrong time, or that somebody else says in its name."""

    def setUp(self):
        super().setUp()
        self.be_hub()
        self.run_site("2018-01-11")
        self.county.set_clock("2018-01-11T00:20:00Z", [SITE])

    def received(self):
        return self.status()["received"]

    def dropped(self, n):
        wait_for(f"{n} messages to be dropped", lambda: sum(map(int, re.findall(r"dropped messages=(\d+)", self.county.log(SITE)))) >= n)

    def test_receipts_that_prove_nothing_are_dropped(self):
        self.hub.greet(0)
        first = self.hub.release()
        forged = os.urandom(32)
        for other in ({"signature": bytes(64)}, {"n": 9}, {"n": 2, "hash": self.hub.head(first)}, {"hash": bytes(32)}, {"token": bytes(16)},
                      {"signature": wire.sign(forged, "mia/1/receipt", wire.receipt_message(1, self.hub.head(first), self.hub.token))},
                      {"signature": wire.sign(self.hub.seed, "mia/1/release", wire.receipt_message(1, self.hub.head(first), self.hub.token))}):
            self.hub.receipt(first, **other)
        self.dropped(7)
        self.assertEqual(self.received(), 0)
        self.hub.receipt(first)
        wait_for("the receipt", lambda: self.received() == 1)

    def test_words_of_an_older_session_are_dropped(self):
        self.hub.greet(0)
        first, old = self.hub.release(), dict(self.hub.hello)
        self.county.kill(SITE)
        self.county.start_one(SITE)
        token = self.hub.token
        self.hub.greet(0, nonce=old["nonce"])  # a welcome of before
        self.dropped(1)
        self.hub.token = token
        self.hub.receipt(first)
        self.dropped(2)
        self.assertTrue(self.hub.hears_no("RELEASE"))
        self.assertEqual(self.received(), 0)

    def test_what_is_sent_again_is_the_same_to_the_byte(self):
        self.hub.greet(0)
        first = self.hub.release()
        self.county.kill(SITE)
        self.county.start_one(SITE)
        self.hub.greet(0)
        again = self.hub.release()
        self.assertEqual({**again, "token": None}, {**first, "token": None})

    def test_releases_that_are_not_ours_are_not_taken_over(self):
        self.hub.greet(0)
        first = self.hub.release()
        other = os.urandom(32)
        n, prev, payload = 2, self.hub.head(first), first["payload"]
        head, signature = wire.release_sign(other, n, prev, payload)
        self.county.kill(SITE)
        self.county.start_one(SITE)
        before = self.status()["sent"]
        chain = [first, {"n": n, "prev": prev, "payload": payload, "signature": signature}]
        self.hub.greet(before + 1, head)
        self.hub.wait_for("FETCH")
        for release in chain * 3:
            self.hub.chain(release)
        self.dropped(3)
        self.assertEqual(self.status()["sent"], before)
        self.assertNotIn("adopted", self.events())
        self.assertNotIn("forked", self.events())

    def test_a_result_is_taken_when_it_is_the_hub_s_and_not_older(self):
        self.hub.greet(0)
        self.hub.say("RESULT", **self.hub.result("2017-12", 1000, 7, seed=os.urandom(32)))
        self.dropped(1)
        for at_made, entered, shown in ((1000, 7, 7), (900, 6, 7), (1001, 8, 8), (1000, 7, 8)):
            self.hub.say("RESULT", **self.hub.result("2017-12", at_made, entered))
            wait_for("the figure", lambda shown=shown: self.shown() == shown)
        good = self.hub.result("2017-12", 2000, 9)
        self.hub.say("RESULT", **{**good, "body": good["body"][:-1] + b"\xc0"})
        self.dropped(2)
        self.assertEqual(self.shown(), 8)

    def shown(self):
        answer = self.county.ask(SITE, "totals", "--measure", "entered", "--site", SITE, "--period", "2017-12", "--allow-partial")
        rows = [row for one in (answer if isinstance(answer, list) else [answer]) for row in one.get("rows", [])]
        return rows[0]["value"] if rows else None

    def test_a_flood_of_refusals_does_not_fill_the_log_of_events(self):
        self.hub.greet(0)
        for i in range(2000):
            self.hub.say("REFUSAL", nonce=self.hub.hello["nonce"], n=1, code=("W003", "W004")[i % 2])
        wait_for("the refusal", lambda: "W003" in self.says() or "W004" in self.says())
        self.assertLessEqual(self.events().count("refused"), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
