#!/usr/bin/python3
"""What may be wrong with a store: no power in the midst of it, a lock that is gone, bits that turned, a reader that died, a disk that may only be
read (4-sync 4.4, 4.7). The power is cut on an ext4 of our own over a loop device; without root there is none, and the case says so.

    test_faults_store.py        MIA_BUILD says where the programs are, MIA_SEED picks the moments
"""

import fcntl
import os
import random
import select
import shutil
import signal
import struct
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB, Failed
from lib_faults import BUILD, IS_LONG, SEED, SITE, Control, Disk, Months, Story, month_of, persons_file, preloaded, wait_for

EXT4_IOC_SHUTDOWN = 0x8004587d  # _IOR('X', 125, __u32)
LOSE_THE_JOURNAL = 2  # EXT4_GOING_FLAGS_NOLOGFLUSH: what was not on the disk is not
ROWS = 3000

READER = """
import ctypes, sys
lmdb, env, txn = ctypes.CDLL("liblmdb.so.0"), ctypes.c_void_p(), ctypes.c_void_p()
assert lmdb.mdb_env_create(ctypes.byref(env)) == 0
assert lmdb.mdb_env_open(env, sys.argv[1].encode(), 0x20000, 0o600) == 0  # MDB_RDONLY
assert lmdb.mdb_txn_begin(env, None, 0x20000, ctypes.byref(txn)) == 0
print("reading", flush=True)
sys.stdin.read()
"""


class Volume:
    """An ext4 in a file, which loses its power when told to."""

    def __init__(self, folder):
        self.image, self.place = folder / "image", folder / "volume"
        self.place.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(400 << 20)
        self.run("mkfs.ext4", "-q", self.image)
        self.mount()

    @staticmethod
    def run(*words):
        subprocess.run(list(map(str, words)), check=True, capture_output=True)

    @staticmethod
    def why_not():
        """What is missing for it, or None."""
        if os.geteuid() != 0:
            return "needs root"
        if shutil.which("mkfs.ext4") is None or not Path("/dev/loop-control").exists():
            return "needs mkfs.ext4 and a loop device"
        try:
            subprocess.run(["losetup", "-f"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return "needs a loop device"
        return None

    def mount(self, *options):
        self.run("mount", "-o", ",".join(["loop", *options]), self.image, self.place)

    def unmount(self):
        """A daemon that was killed may hold it for a moment more."""
        wait_for("the volume to be let go", lambda: not self.place.is_mount() or self.try_unmount() and not self.place.is_mount())

    def try_unmount(self):
        return subprocess.run(["umount", self.place], check=False, capture_output=True).returncode == 0

    def cut(self):
        """The power is gone: what had not reached the disk never does."""
        fd = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", LOSE_THE_JOURNAL))
        os.close(fd)


class PowerCut(Months):
    """Hub and site on a disk of their own."""

    def setUp(self):
        why = Volume.why_not()
        if why:
            self.skipTest(f"NOT RUN, {why}: no power was cut, and nothing here shows that a sync reaches the disk")
        super().setUp()
        self.chance = random.Random(SEED)
        self.disk = Disk(self.folder / "disk")
        self.volume = Volume(self.folder)
        self.addCleanup(self.volume.unmount)
        self.addCleanup(self.county.stop)
        for name in (HUB, SITE):
            room = self.county.room(name)
            shutil.move(room / "state", self.volume.place / name)
            (self.volume.place / name).rename(self.volume.place / f"{name}.room")
            (self.volume.place / name).mkdir()
            (self.volume.place / f"{name}.room").rename(self.volume.place / name / "state")
            (room / "state").symlink_to(self.volume.place / name / "state")
        os.sync()
        for name in (HUB, SITE):
            self.start(name, env=self.env_of(name))

    def env_of(self, name):
        return preloaded(self.disk, self.clock)

    def cut_and_start(self):
        self.volume.cut()
        for name in (HUB, SITE):
            if self.is_running(name):
                self.county.kill(name)
            else:
                self.county.processes.pop(name)
        self.volume.unmount()
        self.volume.mount()
        for name in (HUB, SITE):
            self.county.start_one(name, env=self.env_of(name))

    def test_what_was_acknowledged_survives_a_power_cut(self):
        for i in range(1, 25 if IS_LONG else 4):
            self.begin(i)
            self.enter(month_of(i), self.chance.randrange(5, 60))
            if i % 3 == 0:
                self.cut_and_start()  # an import that was acknowledged
            self.close(i)
            if i % 3 == 1:
                self.settle(i)
                self.cut_and_start()  # a report that has its receipt
            elif i % 3 == 2:
                select.select([], [], [], self.chance.uniform(0, 0.05))  # anything between
                self.cut_and_start()
            self.settle(i)
            self.assert_all_is_there()

    def test_a_power_cut_within_a_batch_leaves_all_of_it_or_nothing(self):
        for at in range(25 if IS_LONG else 4):
            file = persons_file(self.folder / f"cut-{at}.csv", 1000000 * (at + 1), ROWS)
            before = self.participants()
            with Control(self.county.socket(SITE)) as client:
                client.import_pieces(file.read_bytes())
                select.select([client.socket], [], [], self.chance.uniform(0, 0.06))
                self.cut_and_start()
            self.assertIn(self.participants() - before, (0, ROWS))
            self.store(file)
            self.assertEqual(self.participants() - before, ROWS)

    def test_a_disk_that_says_it_synced_and_did_not_loses_what_was_acknowledged(self):
        """That the cases above can fail: the same with a sync that does nothing is a loss, or a store that is refused."""
        self.disk.order("lie")
        self.enter(month_of(0), 2000)
        self.disk.heal()
        try:
            self.cut_and_start()
            self.assertLess(self.participants(), 2000)
        except Failed as refused:
            self.assertRegex(str(refused), r"S[0-9]{3} ")


class ReadOnly(Story):
    def test_a_store_on_a_disk_that_may_only_be_read_is_refused_by_name(self):
        why = Volume.why_not()
        if why:
            self.skipTest(f"NOT RUN, {why}")
        volume = Volume(self.folder)
        self.addCleanup(volume.unmount)
        self.addCleanup(self.county.stop)  # before it
        for name in (HUB, SITE):
            room = self.county.room(name)
            shutil.copytree(room / "state", volume.place / name)
            shutil.rmtree(room / "state")
            (room / "state").symlink_to(volume.place / name)
        volume.unmount()
        volume.mount("ro")
        for name in (HUB, SITE):
            with self.subTest(name):
                program = BUILD / "daemon" / ("miad-hub" if name == HUB else "miad-site")
                done = subprocess.run([program, "--config", self.county.room(name) / "miad.conf"], capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertRegex(done.stderr, r"(?m)^[A-Z][0-9]{3} ")
                self.assertIn("Read-only", done.stderr)
        volume.unmount()
        volume.mount()
        self.start()
        self.assertTrue(all(self.is_running(name) for name in (HUB, SITE)))


class Damage(Months):
    def setUp(self):
        super().setUp()
        for name in (HUB, SITE):
            self.start(name, env=self.env_of(name))
        self.begin(1)
        self.enter(month_of(1), 40)
        self.close(1)
        self.settle(1)

    def test_locks_that_are_gone_are_made_anew(self):
        for name in (HUB, SITE):
            self.county.kill(name)
            for lock in (self.county.room(name) / "state").rglob("lock*"):
                lock.unlink()
        self.settle(1)
        self.assert_all_is_there()

    def test_a_reader_that_died_does_not_keep_old_pages_for_ever(self):
        """Its slot is cleared within a minute, and what it kept is used again: the store does not grow."""
        folder = self.county.room(SITE) / "state/records"
        for _ in range(3):
            reader = subprocess.Popen(["/usr/bin/python3", "-c", READER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.assertEqual(reader.stdout.readline().strip(), "reading")
            reader.kill()
            reader.wait()
            reader.stdin.close()
            reader.stdout.close()
        slots = self.slots(folder)
        self.assertGreaterEqual(slots, 1)
        self.clock.pass_on(61)
        self.status()
        self.status()
        self.assertEqual(self.slots(folder), 0)
        self.begin(2)
        self.enter(month_of(2), 9)
        self.close(2)
        self.settle(2)
        self.assert_all_is_there()

    @staticmethod
    def slots(folder):
        """Readers in LMDB's lock file whose process is gone: {transaction u64, process u32, thread u64} in lines of 64 bytes behind a head of two."""
        lock = (folder / "lock.mdb").read_bytes()
        gone = 0
        for at in range(128, len(lock) - 63, 64):
            _, pid = struct.unpack_from("=QI", lock, at)
            gone += pid != 0 and not Path(f"/proc/{pid}").exists()
        return gone

    def flip(self, path, chance):
        """One bit of what is in use of a store."""
        content = bytearray(path.read_bytes())
        used = struct.unpack_from("=Q", content, 136)[0], struct.unpack_from("=Q", content, 4096 + 136)[0]  # last page of each meta page
        at = chance.randrange((max(used) + 1) * 4096)
        content[at] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        return at

    def test_a_bit_that_turned_is_told_or_changes_nothing(self):
        """Never another figure: refused at the start, told when it is read, or without effect."""
        chance = random.Random(SEED)
        self.county.kill(SITE, signal.SIGTERM)
        seen = set()
        for _ in range(400 if IS_LONG else 12):
            path = self.county.room(SITE) / "state" / chance.choice(("records", "keys")) / "data.mdb"
            kept = path.read_bytes()
            at = self.flip(path, chance)
            with self.subTest(path=path.parent.name, at=at):
                seen.add(self.look())
            path.write_bytes(kept)
        self.county.start_one(SITE, env=self.env_of(SITE))
        self.assert_all_is_there()
        self.assertGreater(len(seen), 1, "no bit had an effect")

    def look(self):
        """How a site with a damaged store behaves: refused, told, or as if nothing were."""
        try:
            self.county.start_one(SITE, env=self.env_of(SITE))
        except Failed as ended:
            self.county.processes.pop(SITE)
            self.assertRegex(str(ended), r"ended with 1:[^$]*S[0-9]{3} ", "it ended and did not say why")
            return "refused"
        try:
            return self.read_all()
        finally:
            if self.is_running(SITE):
                self.county.kill(SITE, signal.SIGTERM)
            else:
                self.county.processes.pop(SITE)

    def read_all(self):
        verdict = "nothing"
        status = self.status()
        if status is None:
            return "told"
        self.assertEqual((status["sent"], status["last_period"]), (11, month_of(1)))
        verified = self.county.mia(SITE, "audit", "verify", "--format", "json", expect=(0, 1, 3, 10))
        if "X003" in verified:  # LMDB follows a pointer of a page unchecked, and may take the daemon along
            return "told"
        verdict = "verified" if "mia.flaws/1" in verified else verdict
        for file in self.stored[SITE]:
            said = self.county.mia(SITE, "import", file, "--format", "json", expect=(0, 1, 3))
            if "mia.import/1" in said and '"new": 0' not in said:  # not found by their identity: then the check of the store has said so
                self.assertEqual(verdict, "verified")
            verdict = verdict if '"unchanged": 40' in said or verdict == "verified" else "told"
        return verdict

    def test_a_bit_of_a_key_or_value_in_each_table_is_found_by_the_check_of_the_store(self):
        """The 40 persons' rows, keys, and what they are found by; with a bit of its key turned an entry is there, and found by nobody."""
        self.assertNotIn("mia.flaws/1", self.county.mia(SITE, "audit", "verify", "--format", "json"))
        self.county.kill(SITE, signal.SIGTERM)
        for store, key_n, plain_n, is_key, flaw in (("records", 8, 9, False, "row"), ("records", 16, 8, True, "not_found"),
                                                    ("records", 16, 8, False, "entry"), ("keys", 8, 32, False, "key")):
            path = self.county.room(SITE) / "state" / store / "data.mdb"
            kept = path.read_bytes()
            with self.subTest(flaw):
                self.assertGreaterEqual(self.spoil(path, key_n, plain_n, is_key), 40)
                self.county.start_one(SITE, env=self.env_of(SITE))
                said = self.county.mia(SITE, "audit", "verify", "--format", "json", expect=(10,))
                self.assertGreaterEqual(said.count(f'"{flaw}"'), 40)
                self.assertIn("store_damaged", self.county.mia(SITE, "events", "--format", "json"))
                self.county.kill(SITE, signal.SIGTERM)
            path.write_bytes(kept)
        self.county.start_one(SITE, env=self.env_of(SITE))
        self.county.mia(SITE, "audit", "verify")
        self.assert_all_is_there()

    @staticmethod
    def spoil(path, key_n, plain_n, is_key):
        """Turns the last bit of the key, or of the value, of each row of these lengths: a node of LMDB is {value's length u32, flags u16,
        key's length u16, key, value}, and what is sealed is 49 bytes longer and begins with version 1."""
        content, n = bytearray(path.read_bytes()), 0
        head = struct.pack("=IHH", plain_n + 49, 0, key_n)
        at = content.find(head)
        while at >= 0:
            value = at + len(head) + key_n
            if content[value] == 1:
                content[value - 1 if is_key else value + plain_n + 48] ^= 1
                n += 1
            at = content.find(head, at + 2)
        path.write_bytes(content)
        return n


if __name__ == "__main__":
    unittest.main(verbosity=2)
