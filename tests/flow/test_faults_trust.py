#!/usr/bin/python3
"""Refused with a name before anything is touched: stores in use, keys that others may read, programmes nobody signed, clocks that are wrong
(4-sync 4.4, 4.5, 4.7).

    test_faults_trust.py        MIA_BUILD says where the programs are
"""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import BUILD, SITE, Story, figure, persons_file, sheet, wait_for


def folder_bytes(folder):
    return {path: path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file() and path.name != "log"}


class Refused(Story):
    def run_site(self, conf=None):
        """A daemon that must not start: exit code, and what it says."""
        done = subprocess.run([BUILD / "daemon/miad-site", "--config", conf or self.county.room(SITE) / "miad.conf"], capture_output=True, text=True,
                              timeout=60, check=False)
        return done.returncode, done.stderr

    def assert_refused(self, pattern, conf=None):
        before = folder_bytes(self.county.room(SITE) / "state")
        code, said = self.run_site(conf)
        self.assertEqual(code, 1, said)
        self.assertRegex(said, pattern)
        self.assertEqual(folder_bytes(self.county.room(SITE) / "state"), before, "a refused start wrote to the store")

    def test_a_store_that_is_in_use_is_refused_and_goes_on(self):
        self.start()
        self.store(persons_file(self.folder / "a.csv", 1, 5))
        other = self.county.room(SITE) / "other.conf"
        text = (self.county.room(SITE) / "miad.conf").read_text("utf-8")
        text, n = re.subn(r"(?m)^#? *run *=.*$", "run = other-run", text)
        self.assertEqual(n, 1)
        other.write_text(text, "utf-8")
        code, said = self.run_site(other)
        self.assertEqual(code, 1, said)
        self.assertRegex(said, r"^[A-Z][0-9]{3} ")
        code, said = self.run_site()
        self.assertEqual(code, 1, said)
        self.assertTrue(self.is_running())
        self.store(persons_file(self.folder / "b.csv", 10, 5))
        self.assertEqual(self.participants(), 10)

    def test_key_files_that_others_may_read_are_refused(self):
        for name in ("vault.key", "index.key", "link.key", "sign.key"):
            for mode in (0o644, 0o640, 0o666):
                with self.subTest(key=name, mode=oct(mode)):
                    key = self.county.room(SITE) / "keys" / name
                    key.chmod(mode)
                    self.assert_refused(rf"^[A-Z][0-9]{{3}} .*{name}")
                    key.chmod(0o600)

    def test_key_files_that_are_links_short_or_gone_are_refused(self):
        key = self.county.room(SITE) / "keys/vault.key"
        content = key.read_bytes()
        for what, spoil in (("short", lambda: key.write_bytes(content[:31])), ("long", lambda: key.write_bytes(content + b"x")), ("empty", lambda: key.write_bytes(b"")),
                            ("gone", key.unlink), ("a link", lambda: (key.rename(key.with_suffix(".real")), key.symlink_to("vault.real"))), ("a folder", lambda: (key.unlink(), key.mkdir()))):
            with self.subTest(what):
                spoil()
                self.assert_refused(r"^[A-Z][0-9]{3} .*vault\.key")
                if key.is_dir() and not key.is_symlink():
                    key.rmdir()
                key.unlink(missing_ok=True)
                key.write_bytes(content)
                key.chmod(0o600)

    def test_another_vault_key_opens_nothing(self):
        key = self.county.room(SITE) / "keys/vault.key"
        key.write_bytes(os.urandom(32))
        self.assert_refused(r"^S003 ")

    def test_a_programme_that_is_altered_or_unsigned_is_refused(self):
        """Each of both copies: what the room keeps is what counts."""
        path = self.county.room(SITE) / "programme.ini"
        text, signature = path.read_bytes(), path.with_suffix(".ini.sig").read_bytes()
        path.write_bytes(text.replace(b"k = 5", b"k = 1"))
        self.assert_refused(r"^[A-Z][0-9]{3} .*programme\.ini")
        path.write_bytes(text)
        path.with_suffix(".ini.sig").unlink()
        self.assert_refused(r"^[A-Z][0-9]{3} .*programme\.ini")
        path.with_suffix(".ini.sig").write_bytes(signature)
        self.start(SITE)
        self.assertTrue(self.is_running())

    def test_a_roster_by_another_key_is_refused(self):
        (self.county.folder / "roster.ini.sig").unlink()
        self.county.mia(None, "programme", "sign", self.county.folder / "roster.ini", "--key", self.folder / "other.key", "--make-key", "--plain-key")
        self.assert_refused(r"^[A-Z][0-9]{3} .*roster\.ini")

    def test_a_store_of_another_kind_or_damaged_is_refused_without_a_write(self):
        state = self.county.room(SITE) / "state"
        records, keys = state / "records/data.mdb", state / "keys/data.mdb"
        kept = records.read_bytes(), keys.read_bytes()
        for what, spoil in (("the keys' store in its place", lambda: records.write_bytes(kept[1])), ("cut short", lambda: records.write_bytes(kept[0][:5000])),
                            ("no store at all", lambda: records.write_bytes(b"not LMDB's" * 5000)), ("empty", lambda: records.write_bytes(b""))):
            with self.subTest(what):
                spoil()
                self.assert_refused(r"^S[0-9]{3} ")
                records.write_bytes(kept[0])


class Clocks(Story):
    def test_a_site_whose_clock_is_a_day_ahead_is_heard(self):
        self.start()
        self.store(persons_file(self.folder / "a.csv", 1, 6))
        self.county.set_clock("2018-02-10T00:20:00Z", [HUB])
        self.county.set_clock("2018-02-11", [SITE])
        self.county.set_clock("2018-02-11T00:20:00Z", [SITE])
        self.county.mia(SITE, "wait", "--until", "received")
        self.assertEqual(figure(self.county, "entered", "2018-01"), 6)

    def test_a_month_that_is_not_over_at_the_hub_is_refused_by_name_and_lost_to_nobody(self):
        self.start()
        self.store(persons_file(self.folder / "a.csv", 1, 6))
        self.county.mia(SITE, "wait", "--until", "received")
        self.county.set_clock("2018-03-11", [SITE])  # January and February close; for the hub it is still 5 February
        self.county.set_clock("2018-03-11T00:20:00Z", [SITE])
        wait_for("the hub to refuse February", lambda: "W009" in self.county.mia(HUB, "events"))
        wait_for("the site to know", lambda: "W009" in self.county.mia(SITE, "status") + self.county.log(SITE))
        self.county.set_clock("2018-03-11T00:20:00Z", [HUB])
        self.county.kill(SITE, 15)  # mended: it greets anew
        self.county.start_one(SITE)
        self.county.mia(SITE, "wait", "--until", "received", "--timeout", "60")
        self.assertEqual(sheet(self.county.ask(SITE, "status"), "mia.status/1")["last_period"], "2018-02")
        self.assertEqual(figure(self.county, "entered", "2018-01"), 6)

    def test_a_rehearsal_s_clock_never_goes_back(self):
        self.start()
        self.county.mia(SITE, "clock", "set", "2018-01-01", expect=(2,))
        self.assertTrue(self.is_running())


class OtherProgramme(Story):
    def setUp(self):
        super().setUp()
        self.kept = {name: self.programme_of(name) for name in (HUB, SITE)}

    def programme_of(self, name):
        return {path: path.read_bytes() for path in sorted(self.county.room(name).glob("programme.ini*"))}

    def give_version_2(self, name):
        """Signed by the same key, another version."""
        other = self.folder / "other.ini"
        other.write_bytes(re.sub(rb"(?m)^version = 1$", b"version = 2", (self.county.folder / "programme.ini").read_bytes()))
        self.county.mia(None, "programme", "sign", other, "--key", self.county.folder / "programme.key")
        (self.county.room(name) / "programme.ini").write_bytes(other.read_bytes())
        (self.county.room(name) / "programme.ini.sig").write_bytes(other.with_suffix(".ini.sig").read_bytes())

    def put_right(self, name):
        for path, content in self.kept[name].items():
            path.write_bytes(content)

    def test_a_site_with_a_programme_the_hub_does_not_know_is_refused_by_name(self):
        """Both are told, nothing is counted; when the hub has the right one the site is heard."""
        self.give_version_2(HUB)
        self.start()
        wait_for("the refusal", lambda: "W005" in self.county.log(SITE) + self.county.mia(SITE, "status"))
        self.assertIn("W005", self.county.mia(HUB, "events") + self.county.log(HUB))
        self.assertEqual(figure(self.county, "entered", "2017-12"), {"state": "missing"})
        for name in (HUB, SITE):
            self.county.kill(name, 15)
        self.put_right(HUB)
        self.county.start_one(HUB)
        self.county.start_one(SITE)
        self.county.mia(SITE, "wait", "--until", "received", "--timeout", "60")

    def test_a_site_does_not_change_its_programme_once_it_reports(self):
        """What waits would be counted by other rules, in reports that no hub takes; with the right one it goes on."""
        self.start(SITE)
        self.county.kill(SITE, 15)
        self.give_version_2(SITE)
        done = subprocess.run([BUILD / "daemon/miad-site", "--config", self.county.room(SITE) / "miad.conf"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr.split()[0]), (1, "S017"))
        self.put_right(SITE)
        self.county.start_one(SITE)
        self.county.start_one(HUB)
        self.county.set_clock(f"{self.today}T00:20:00Z", [HUB])
        wait_for("contact", lambda: "hub_contact" in self.county.log(SITE))
        self.county.mia(SITE, "wait", "--until", "received", "--timeout", "60")


if __name__ == "__main__":
    unittest.main(verbosity=2)
