#!/usr/bin/python3
"""Who may do what, and whose the files are (4-sync 4.3, 5-cli): the matrix of rights, row by row, against real daemons.

    test_rights.py        MIA_BUILD says where the programs are
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import BUILD, SITE, Story, persons_file, sheet

NOBODY = ""  # may open the socket, and is not named in miad.conf
ALL = (NOBODY, "reader", "registrar", "coordinator", "administrator")
STAFF = ALL[1:]
READERS = ("reader", "registrar")
FIGURES = [("trend",), ("flow",), ("targets",), ("compare", "2018-01", "2018-02"), ("why", "entered"), ("define",)]
AT_SITE = {  # words: who may
    **{words: ALL for words in FIGURES},
    ("esf", "plan"): READERS, ("esf", "export", "--period", "2018-01", "--out", "ESF"): READERS, ("retention", "list"): ("administrator",), ("retention", "run", "--yes"): ("administrator",),
    ("survey", "invite", "1"): ("registrar",),
    ("status",): ALL, ("sites",): ALL, ("totals", "--allow-partial"): ALL, ("goals", "--allow-partial"): ALL,
    ("wait", "--until", "ready"): ALL,
    ("quality",): STAFF, ("quality", "--rule", "V027"): READERS, ("todo",): STAFF, ("totals", "--own"): READERS,
    ("preview",): STAFF, ("events",): STAFF, ("config", "show"): STAFF,
    ("person", "show", "7"): READERS, ("person", "add", "--dry-run", "--from", "EMPTY"): ("registrar",), ("person", "find", "--from", "EMPTY"): READERS,
    ("person", "event", "7"): ("registrar",), ("person", "event", "7", "exit", "--dry-run", "--from", "EMPTY"): ("registrar",),
    ("person", "correct", "7", "--dry-run", "--from", "EMPTY"): ("registrar",), ("person", "move", "7", "--dry-run", "--from", "EMPTY"): ("registrar",),
    ("person", "merge", "7", "8", "--dry-run"): ("registrar",), ("person", "erase", "7", "--yes"): ("administrator",),
    ("deviation", "add", "--dry-run", "--from", "EMPTY"): ("registrar",), ("audit", "show"): ("administrator",), ("audit", "verify"): ("administrator",),
    ("import", "FILE"): ("registrar",), ("import", "FILE", "--apply"): ("registrar",), ("import", "undo", "7", "--yes"): ("registrar",),
    ("reload",): ("administrator",), ("programme", "versions"): STAFF, ("programme", "approve", "PROGRAMME", "--yes"): ("administrator",),
    ("key", "show"): STAFF, ("key", "verify", "hub"): ("administrator",), ("roster", "sign", "ROSTER"): ("administrator",),
    ("close", "--yes"): ("administrator",), ("confirm", "7"): ("administrator",), ("reconcile",): ("administrator",), ("reconcile", "--acknowledge", "--yes"): ("administrator",), ("dump",): ("administrator",),
    ("clock", "set", "2018-02-05"): ("administrator",),
}
AT_HUB = {
    **{words: ALL for words in FIGURES},
    ("status",): ALL, ("sites",): ALL, ("totals", "--allow-partial"): ALL, ("goals", "--allow-partial"): ALL,
    ("events",): STAFF, ("config", "show"): STAFF, ("dump",): ("administrator",), ("clock", "set", "2018-02-05"): ("administrator",), ("reconcile",): ("administrator",),
    ("audit", "verify"): ("administrator",), ("reload",): ("administrator",), ("programme", "versions"): STAFF, ("programme", "approve", "PROGRAMME", "--yes"): ("administrator",),
    **{("site", verb, SITE, "--yes"): ("administrator",) for verb in ("suspend", "resume", "retire")},
    ("key", "show"): STAFF, ("key", "verify", SITE): ("administrator",), ("key", "revoke", "hbs", "--out", "ESF", "--yes"): ("administrator",),
    ("invite", "create", "hbs", "--out", "NEW"): ("administrator",), ("invite", "list"): ("administrator",), ("accept", "hbs", "--card", "EMPTY", "--out", "ESF"): ("administrator",), ("invite", "revoke", "hbs"): ("administrator",),
    ("roster", "sign", "ROSTER"): ("administrator",), ("roster", "draft", "--out", "ESF"): ("administrator",),
}
NOT_ALLOWED = 4


class Rights(Story):
    def start_as(self, name, right):
        """The daemon, with this account's rights alone."""
        conf = self.county.room(name) / "miad.conf"
        head = conf.read_text("utf-8").split("[operators]")[0]
        account = pwd.getpwuid(os.geteuid()).pw_name
        conf.write_text(head + "[operators]\n" + (f"{account} = {right}\n" if right else ""), "utf-8")
        self.county.start_one(name)

    def exit_of(self, name, words):
        words = [{"FILE": str(self.file), "EMPTY": str(self.empty), "ESF": str(self.folder), "NEW": str(self.folder / "new"), "ROSTER": str(self.county.folder / "roster.ini"), "PROGRAMME": str(self.county.folder / "programme.ini")}.get(word, word) for word in words]
        return subprocess.run(self.county.command(name, *words), capture_output=True, check=False, stdin=subprocess.DEVNULL).returncode

    def check(self, name, matrix):
        self.file = persons_file(self.folder / "persons.csv", 0, 7)
        self.empty = self.folder / "empty.json"
        self.empty.write_text("{}", "utf-8")
        for right in ALL:
            self.start_as(name, right)
            for words, who in matrix.items():
                with self.subTest(at=name, right=right or "nobody", words=" ".join(words)):
                    self.assertEqual(self.exit_of(name, words) != NOT_ALLOWED, right in who)
            self.county.kill(name, signal.SIGTERM)

    def test_at_a_site_each_command_asks_for_its_right(self):
        self.check(SITE, AT_SITE)

    def test_at_a_hub_each_command_asks_for_its_right(self):
        self.check(HUB, AT_HUB)

    def test_every_command_of_a_daemon_is_in_the_matrix(self):
        told = {tuple(row["words"].split()) for row in self.county.ask(None, "help")["commands"] if row["place"] != "here"}
        known = {words[:n] for words in [*AT_SITE, *AT_HUB] for n in (1, 2)}
        self.assertGreater(len(told), 10)
        self.assertEqual(told - known, set())

    def test_only_readers_are_told_how_many_persons_there_are(self):
        """Day by day the number of persons is what the books hold back."""
        self.start_as(SITE, "registrar")
        self.county.mia(SITE, "import", persons_file(self.folder / "lotta-larsson.csv", 0, 7), "--apply")
        for right in ALL:
            self.county.kill(SITE, signal.SIGTERM)
            self.start_as(SITE, right)
            said = self.county.mia(SITE, "status", "--format", "json")
            values = sheet(self.county.ask(SITE, "status"), "mia.status/1")
            self.assertEqual(values["participants"], 7 if right else None)
            self.assertEqual("lotta" in said, bool(right))


class Files(Story):
    def modes(self, name):
        room = self.county.room(name)
        return {str(path.relative_to(room)): stat.S_IMODE(path.stat().st_mode) for path in room.rglob("*") if not path.name.startswith("log")}

    def test_modes_hold_whatever_the_umask(self):
        for umask in (0o000, 0o077):
            self.addCleanup(os.umask, os.umask(umask))
            shutil.rmtree(self.folder / "county")
            self.county.make()
            self.county.start()
            for name in (HUB, SITE):
                for path, mode in self.modes(name).items():
                    top = path.split("/")[0]
                    wanted = {"keys": 0o600, "state": 0o600, "miad.conf": 0o640, "run": 0o660}.get(top, 0o644)
                    if path in ("keys", "state") or (self.county.room(name) / path).is_dir():
                        wanted = 0o750 if top == "run" else 0o700
                    with self.subTest(umask=oct(umask), path=path):
                        self.assertEqual(oct(mode & ~wanted), "0o0", f"{path} is {oct(mode)}")
            self.assertEqual(self.modes(SITE)["run/control"], 0o660)
            self.assertEqual(self.modes(SITE)["state/mark"], 0o600)
            self.county.stop()

    def test_init_leaves_what_it_did_not_make(self):
        """A folder that happens to be called NAME.new is somebody's."""
        there = self.folder / "county/other.new"
        there.mkdir()
        (there / "letter").write_text("dear", "utf-8")
        done = subprocess.run([BUILD / "client/mia", "init", "site", SITE, "--dir", self.folder / "county/other", "--programme", self.county.folder / "programme.ini",
                               "--programme-key", self.county.folder / "programme.key.pub", "--roster", self.county.folder / "roster.ini", "--hub",
                               "tcp://127.0.0.1:1", "--rehearsal", "--lang", "en"], capture_output=True, text=True, check=False)
        self.assertIn("R014", done.stderr)
        self.assertEqual(done.returncode, 1)
        self.assertEqual((there / "letter").read_text("utf-8"), "dear")


if __name__ == "__main__":
    unittest.main(verbosity=2)
