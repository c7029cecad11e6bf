#!/usr/bin/python3
"""Logs that were edited by somebody with the keys, stores of a newer program, words of before a restore; and that the four criteria can fail (4-sync 4.1, 4.7, History).

    test_faults_history.py        MIA_BUILD says where the programs are
"""

import hashlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import lib_criteria
import peer_site
import peer_wire as wire
from lib_county import HUB
from lib_criteria import Criteria
from lib_faults import BUILD, SITE, Story, persons_file, wait_for
from lib_restore import Restored
from lib_scenario import persons
from lib_strangers import ONE
from lib_strangers import Story as Months

BROKEN = 10  # exit of a check that failed


def heads_of(dump):
    """Every head the log of a site's dump ever had, by proto/README.md alone: an auditor's own sum."""
    head, heads = bytes(32), {bytes(32)}
    for line in (line for line in dump if line["kind"] == "event"):
        digest = hashlib.blake2b(digest_size=32)
        for part in (b"mia/1/audit", head, struct.pack("<Q", line["at"]), line["text"].encode(), bytes.fromhex(line["salt"])):
            digest.update(wire.lp(part))
        head = digest.digest()
        heads.add(head)
    return heads


def told(dump, site):
    """The heads that a site's reports tell of."""
    return [wire.unpack(payload)[5] for _, payload, _ in lib_criteria.chain_of(dump, site)]


class Edited(Story):
    """Two months reported, then somebody edits while the daemon is off; a copy of the state puts it right again."""

    def setUp(self):
        super().setUp()
        self.start()
        self.file = persons_file(self.folder / "a.csv", 1, 7)
        self.store(self.file)
        self.county.deliver("2018-02-11")
        self.county.deliver("2018-03-11")
        Criteria(self.county).check(self, {SITE: [self.file]})

    def store_of(self, name):
        return self.county.room(name) / "state" / ("ledger" if name == HUB else "records")

    def edit(self, name, *words):
        room = self.county.room(name)
        done = subprocess.run([BUILD / "tests/insider", "hub" if name == HUB else "site", self.store_of(name), room / "keys/vault.key", *map(str, words)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def keep(self, name):
        self.county.kill(name, 15)
        kept = self.folder / f"kept-{name}"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.county.room(name) / "state", kept)

    def put_right(self, name):
        if name in self.county.processes:
            self.county.kill(name, 15)
        shutil.rmtree(self.county.room(name) / "state")
        shutil.copytree(self.folder / f"kept-{name}", self.county.room(name) / "state")

    def verify(self, name, expect):
        said = self.county.mia(name, "audit", "verify", expect=(expect,))
        self.assertNotIn("nobody", said)
        return said

    def events_n(self, name):
        return sum(line["kind"] == "event" for line in lib_criteria.lines(self.county.mia(name, "dump")))

    def edited(self, name, *words):
        """What `mia audit verify` says after the edit."""
        self.put_right(name)
        self.edit(name, *words)
        self.county.start_one(name)
        return self.verify(name, BROKEN)


class EditedAtASite(Edited):
    def test_each_way_to_edit_a_sites_log_is_found(self):
        self.assertIn("are as they were written", self.verify(SITE, 0))
        n = self.events_n(SITE)
        self.keep(SITE)
        for words, found in ((("change", 3), "does not hold"), (("remove", 3), "does not hold: event 3"), (("swap", 3), "does not hold"),
                             (("cut", n // 2), "tells of another log"), (("redo", 3), "tells of another log")):
            with self.subTest(" ".join(map(str, words))):
                self.assertIn(found, self.edited(SITE, *words))
        self.put_right(SITE)
        self.county.start_one(SITE)
        self.verify(SITE, 0)

    def test_a_chain_worked_out_anew_is_found_by_whoever_compares_it_with_the_hub(self):
        """Without a word of the site's own: its events, and the heads in the reports that the hub holds."""
        hub = told(lib_criteria.lines(self.county.mia(HUB, "dump")), SITE)
        self.assertGreaterEqual(len(hub), 11)
        self.assertLessEqual(set(hub), heads_of(lib_criteria.lines(self.county.mia(SITE, "dump"))))
        self.keep(SITE)
        self.edited(SITE, "redo", 3)
        self.assertFalse(set(hub) & heads_of(lib_criteria.lines(self.county.mia(SITE, "dump"))) - {bytes(32)})

    def test_reports_forged_to_agree_with_it_are_found_by_the_hub(self):
        """Signed with the site's own key: the hub has others, which stand; both are told, and nothing is counted anew."""
        criteria = Criteria(self.county)
        before, dump = criteria.totals(), lib_criteria.lines(self.county.mia(HUB, "dump"))
        self.keep(SITE)
        self.county.kill(HUB, 15)
        self.edit(SITE, "forge", 3, self.county.room(SITE) / "keys/sign.key")
        self.county.start_one(SITE)
        self.verify(SITE, 0)  # it agrees with itself in everything
        self.county.start_one(HUB)
        self.county.kill(SITE, 15)
        self.county.start_one(SITE)
        wait_for("the fork to be told", lambda: "W014" in self.county.mia(SITE, "status"))
        self.assertIn("tells of another log", self.verify(SITE, BROKEN))
        self.assertRegex(self.county.mia(HUB, "reconcile"), "(?i)fork|other reports")
        self.assertEqual(criteria.totals(), before)
        after = lib_criteria.lines(self.county.mia(HUB, "dump"))
        self.assertEqual(lib_criteria.chain_of(after, SITE), lib_criteria.chain_of(dump, SITE))


class RestoredLog(Restored):
    def test_after_a_restore_the_log_holds_and_says_what_of_it_was_lost(self):
        self.record("2018-02-05", SITE, persons(6, entry_date="2018-01-15"))
        self.close("2018-01")
        self.back_up("backup")
        self.record("2018-02-25", SITE, persons(7, first=20, entry_date="2018-02-10"))
        self.close("2018-02")
        self.put_back("backup")
        self.halted("W013")
        self.acknowledge()
        said = self.county.mia(SITE, "audit", "verify")
        self.assertIn("gave back after a restore: 1.", said)
        self.assertNotIn("another log", said)


class EditedAtTheHub(Edited):
    def test_each_way_to_edit_the_hubs_log_is_found(self):
        self.assertIn("of every report that is here", self.verify(HUB, 0))
        n = self.events_n(HUB)
        accepted = next(line["number"] for line in lib_criteria.lines(self.county.mia(HUB, "dump"))
                        if line["kind"] == "event" and line["text"].startswith("release_accepted"))
        self.county.kill(SITE, 15)
        self.keep(HUB)
        for words, found in ((("change", 3), "does not hold: event 3"), (("swap", 3), "does not hold: event 3"), (("cut", n - 2), "do not agree"),
                             (("redo", accepted), "do not agree")):
            with self.subTest(" ".join(map(str, words))):
                self.assertIn(found, self.edited(HUB, *words))
        self.put_right(HUB)
        self.edit(HUB, "remove", 3)
        self.county.start_one(HUB, wait=False)
        self.assertEqual(self.county.processes.pop(HUB).wait(timeout=60), 1)
        self.assertIn("H001", self.county.log(HUB))
        self.put_right(HUB)
        self.county.start_one(HUB)
        self.verify(HUB, 0)


class Downgrade(Edited):
    def test_a_store_of_a_newer_program_is_refused_without_a_write(self):
        for name in (SITE, HUB):
            with self.subTest(name):
                self.keep(name)
                self.edit(name, "future")
                path = self.store_of(name) / "data.mdb"
                before = path.read_bytes()
                self.county.start_one(name, wait=False)
                self.assertEqual(self.county.processes.pop(name).wait(timeout=60), 1)
                self.assertRegex(self.county.log(name), r"(?m)^S002 ")
                self.assertEqual(path.read_bytes(), before)
                self.put_right(name)
                self.county.start_one(name)
        self.county.mia(SITE, "wait", "--until", "contact")
        Criteria(self.county).check(self, {SITE: [self.file]})


class StaleBytes(Months):
    """What a site said to the hub before the hub was put back, said again to the letter by somebody with its key."""

    def test_words_of_before_a_restore_of_the_hub_are_dropped_and_the_chain_grows_once(self):
        self.start()
        self.report(ONE)
        self.hub.kill(signal.SIGTERM)
        shutil.copytree(self.hub.room / "state", self.folder / "copy")
        self.hub.start()
        site, said = self.site(ONE), []
        site.add(site.payload(2))
        site.add(site.payload(3))
        connection = peer_site.Connection(site.options)
        real_send, connection.send = connection.send, lambda frame: (said.append(frame), real_send(frame))
        site.stream(connection, site.greet(connection)["n"])
        connection.close()
        self.assertEqual((site.receipted, len(said)), (3, 3))
        self.hub.kill()
        shutil.rmtree(self.hub.room / "state")
        shutil.copytree(self.folder / "copy", self.hub.room / "state")
        self.hub.start()
        replay = peer_site.Connection(site.options)
        for frame in said + said[::-1]:
            replay.send(frame)
        heard = []
        replay.wait_for("WELCOME", lambda name, _: heard.append(name))  # to a greeting of before
        heard += [name for name, _ in replay.listen(500)]
        replay.close()
        self.assertNotIn("RECEIPT", heard)
        self.assertEqual(len(self.hub.events("release_accepted")), 1)
        again = peer_site.Connection(site.options)
        site.receipted = site.greet(again)["n"]
        self.assertEqual(site.receipted, 1)
        again.send(said[1])  # with the token of before
        site.stream(again, 1)
        again.close()
        self.assertEqual((site.receipted, site.wrong), (3, []))
        self.assertEqual([line.split()[2] for line in self.hub.events("release_accepted")], ["n=1", "n=2", "n=3"])
        self.assert_criteria()


class CriteriaCanFail(Edited):
    def test_each_criterion_fails_when_it_does_not_hold(self):
        criteria = Criteria(self.county)
        more = persons_file(self.folder / "more.csv", 1, 8)  # one that was never stored
        with self.assertRaisesRegex(AssertionError, "acknowledged and not in the store"):
            criteria.check(self, {SITE: [more]})
        dump = lib_criteria.lines(self.county.mia(HUB, "dump"))
        chain = lib_criteria.chain_of(dump, SITE)
        with self.assertRaisesRegex(AssertionError, "receipted and not at the hub"):
            lib_criteria.check_receipted(self, SITE, chain, len(chain), chain[:-1])
        with self.assertRaisesRegex(AssertionError, "another chain"):
            lib_criteria.check_receipted(self, SITE, chain, len(chain), [*chain[:-1], (chain[-1][0], chain[0][1], chain[-1][2])])
        for change in (7, 6):  # of the county, of the site
            totals = {key: value + 1 if value and (key[1] == "county") == (change == 7) else value for key, value in criteria.totals().items()}
            with self.assertRaises(AssertionError):
                lib_criteria.check_totals(self, totals, criteria.programme, {SITE: chain})
        with self.assertRaisesRegex(AssertionError, "not in the roster"):
            lib_criteria.check_signed(self, dump, re.sub(rf"\[{SITE}\]", "[somebody]", criteria.roster))
        with self.assertRaisesRegex(AssertionError, "signed by nobody known"):
            lib_criteria.check_signed(self, dump, re.sub(r"(?m)^sign = [0-9a-f]{64}", "sign = " + wire.public_of(bytes(32)).hex(), criteria.roster))


if __name__ == "__main__":
    unittest.main(verbosity=2)
