#!/usr/bin/python3
"""The ceremony's secrets are where they belong and nowhere else: keys in use, next, lost and sealed, passphrases, one-time codes; not in a file, a log,
an argument, an environment, an answer or a core (4-sync 4.5, 4.7).

    test_leak_trust.py        MIA_BUILD says where the programs are
"""

import os
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import nacl.bindings
import nacl.pwhash

import test_join
from lib_county import HUB, ROOT, County
from lib_faults import BUILD, wait_for
from test_join import ONE, SEVENTH, THREE, TWO

PASSPHRASE = "en mening som ingen gissar 4711"
HEAD = b"mia-key 1\n"
SALT_BYTES, NONCE_BYTES = 16, 24
WRAPPER = """#!/bin/sh
{{ printf '%s\\n' "$0" "$@"; env; }} >>'{log}'
exec '{real}' "$@"
"""


def unseal(path):
    """The seed in a sealed programme key, as the file is drawn in client/programme_key.c."""
    content = path.read_bytes()
    assert content.startswith(HEAD)
    salt, rest = content[len(HEAD):][:SALT_BYTES], content[len(HEAD) + SALT_BYTES:]
    key = nacl.pwhash.argon2id.kdf(32, PASSPHRASE.encode(), salt, opslimit=nacl.pwhash.argon2id.OPSLIMIT_MODERATE, memlimit=nacl.pwhash.argon2id.MEMLIMIT_MODERATE)
    return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(rest[NONCE_BYTES:], HEAD, rest[:NONCE_BYTES], key)


class Secrets(test_join.Story):
    """A ceremony with every kind of secret, each program's arguments and environment written down."""

    def setUp(self):
        super().setUp()
        self.said = ""
        programs = self.folder / "programs"
        for part in ("client", "daemon"):
            (programs / part).mkdir(parents=True)
        shutil.copy(BUILD / "client/mia", programs / "client/mia")
        for name in ("miad-site", "miad-hub"):
            wrapper = programs / "daemon" / name
            wrapper.write_text(WRAPPER.format(log=self.folder / "arguments.log", real=BUILD / "daemon" / name), "utf-8")
            wrapper.chmod(0o755)
        self.county.build = programs

    def talk(self, name, *words, **other):
        said = super().talk(name, *words, **other)
        self.said += said
        return said

    def seal_a_key(self):
        """A programme key with a passphrase, which comes by a descriptor; mia is looked at while it waits for it."""
        programme = self.folder / "sealed.ini"
        shutil.copy(self.county.folder / "programme.ini", programme)
        read, write = os.pipe()
        words = self.county.command(None, "programme", "sign", programme, "--key", self.folder / "sealed.key", "--make-key", "--passphrase-fd", read)
        with subprocess.Popen(words, pass_fds=[read], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as mia:
            wait_for("mia", lambda: b"passphrase-fd" in Path(f"/proc/{mia.pid}/cmdline").read_bytes())
            os.write(write, PASSPHRASE.encode() + b"\n")
            seen = Path(f"/proc/{mia.pid}/cmdline").read_bytes() + Path(f"/proc/{mia.pid}/environ").read_bytes()
            os.close(write)
            self.said += mia.communicate(timeout=60)[0].decode()
            self.assertEqual(mia.returncode, 0, self.said)
        os.close(read)
        self.assertNotIn(PASSPHRASE.encode(), seen)

    def ceremony(self):
        self.county.start()
        self.seal_a_key()
        self.join(SEVENTH, self.invite(SEVENTH), [self.fingerprint(HUB)])
        self.accept(SEVENTH)
        for name in (ONE, HUB):
            self.talk(None, "key", "rotate", "--dir", self.county.room(name))
            self.accept(name)
        self.county.kill(THREE)
        self.talk(None, "key", "rotate", "--dir", self.county.room(THREE), "--lost", self.invite(THREE))
        self.accept(THREE)
        new = {self.card_key(name): self.card_fingerprint(name) for name in (SEVENTH, ONE, HUB, THREE)}
        self.sign_draft([new[key] for key in sorted(new)])
        self.talk(HUB, "roster", "sign", self.draft)
        self.put_in_place()
        self.reload(HUB, ONE, TWO)
        for name in (THREE, SEVENTH):
            self.county.start_one(name)
        wait_for("contact", lambda: all(map(self.in_contact, (ONE, TWO, THREE, SEVENTH))))
        for name in (HUB, ONE, TWO, THREE, SEVENTH):
            self.said += self.county.mia(name, "events", "--last", 200) + self.county.mia(name, "key", "show") + self.county.mia(name, "dump", expect=(0, 1))
            process = self.county.processes[name]
            for what in ("cmdline", "environ"):
                (self.folder / f"{name}.{what}").write_bytes(Path(f"/proc/{process.pid}/{what}").read_bytes())

    def search(self):
        planted = self.folder / "planted"
        planted.write_text(f"{PASSPHRASE}\n", "utf-8")
        return subprocess.run([ROOT / "tests/leak", self.folder, "--plant", planted], capture_output=True, text=True, check=False)

    def test_no_secret_of_a_ceremony_stands_where_it_should_not(self):
        self.ceremony()
        (self.folder / "said.txt").write_text(self.said, "utf-8")
        (self.folder / "programme.seed.key").write_bytes(unseal(self.folder / "sealed.key"))
        self.assertGreater((self.folder / "arguments.log").read_text("utf-8").count("miad-site"), 5)
        done = self.search()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        keys, codes = map(int, re.search(r"and ([0-9]+) keys, ([0-9]+) codes", done.stdout).groups())
        # 4 sites with 4, the hub with 3, each next and lost pair, the programme's in clear, and what was sealed
        self.assertEqual((keys, codes), (4 * 4 + 3 + 3 * 2 + 1 + 1, 2))
        for secret in (self.county.room(ONE) / "keys/sign.next", self.folder / "programme.seed.key"):
            with self.subTest(planted=secret.name):
                (self.folder / "said.txt").write_text(self.said + secret.read_bytes().hex(), "utf-8")
                self.assertEqual(self.search().returncode, 1)
        code = re.search("^code = (.*)$", (self.folder / f"{SEVENTH}.ini").read_text("ascii"), re.M).group(1)
        (self.folder / "said.txt").write_text(f"{self.said} {code} ", "utf-8")
        self.assertEqual(self.search().returncode, 1)

    def test_what_is_secret_is_its_owner_s_alone(self):
        self.ceremony()
        for path in (*self.county.folder.rglob("keys/*"), self.folder / f"{SEVENTH}.ini", self.folder / f"{THREE}.ini", self.folder / "sealed.key",
                     *(self.card(name) for name in (SEVENTH, THREE))):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)


class Cores(unittest.TestCase):
    def aborted(self, words, folder):
        """Whether a core was dumped, when the program is aborted with no limit on cores."""
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            os.execv(words[0], [str(word) for word in words])
        return child

    def test_a_daemon_that_is_aborted_leaves_no_core(self):
        story = test_join.Story()
        story.setUp()
        self.addCleanup(story.doCleanups)
        cores = story.folder / "cores"
        cores.mkdir()
        control = self.aborted(["/usr/bin/python3", "-c", "import os; os.abort()"], cores)
        _, status = os.waitpid(control, 0)
        if not os.WCOREDUMP(status):
            self.skipTest("this machine writes no cores of anything")
        for core in cores.iterdir():
            core.unlink()
        for name, program in ((HUB, "miad-hub"), (ONE, "miad-site")):
            child = self.aborted([str(BUILD / "daemon" / program), "--config", str(story.county.room(name) / "miad.conf")], cores)
            wait_for("ready", lambda name=name: subprocess.run(story.county.command(name, "wait", "--until", "ready"), capture_output=True, check=False).returncode == 0)
            os.kill(child, signal.SIGABRT)
            _, status = os.waitpid(child, 0)
            self.assertEqual(os.WTERMSIG(status), signal.SIGABRT)
            self.assertFalse(os.WCOREDUMP(status))
        self.mia_is_aborted_with_a_passphrase(story, cores)
        self.assertEqual(list(cores.iterdir()), [])

    def mia_is_aborted_with_a_passphrase(self, story, cores):
        """In the middle of a passphrase that was begun to be told."""
        os.mkfifo(story.folder / "told")
        told = os.open(story.folder / "told", os.O_RDWR)
        os.set_inheritable(told, True)
        child = self.aborted([str(BUILD / "client/mia"), "programme", "sign", story.county.folder / "programme.ini", "--key", story.folder / "aborted.key",
                              "--make-key", "--passphrase-fd", told], cores)
        os.write(told, PASSPHRASE.encode())
        poll = select.poll()
        poll.register(told, select.POLLIN)
        wait_for("mia to have read it", lambda: not poll.poll(0))
        self.assertRegex(Path(f"/proc/{child}/status").read_text("ascii"), r"VmLck:\s+[1-9]")
        os.kill(child, signal.SIGABRT)
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.WTERMSIG(status), signal.SIGABRT)
        self.assertFalse(os.WCOREDUMP(status))
        os.close(told)


if __name__ == "__main__":
    unittest.main(verbosity=2)
