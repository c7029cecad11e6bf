#!/usr/bin/python3
"""What a stranger at the hub's port, or a file somebody sent, may do to a daemon's time and memory: nothing that keeps others out (4-sync 4.7).

    test_faults_denial.py        MIA_BUILD says where the programs are, MIA_SEED what the bytes are
"""

import os
import random
import re
import resource
import socket
import struct
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import HEADINGS, IS_LONG, SEED, SITE, Months, month_of, sanitizers, wait_for

HALF_OPEN = 5000
DESCRIPTORS = 16384  # LimitNOFILE of the units
SIGNATURE = b"\xff" + struct.pack(">Q", 1) + b"\x7f"
GREETING = SIGNATURE + b"\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)
GROWN_MIB = 24
MOVES_THE_CURSOR = r"[\x00-\x08\x0b-\x1f\x7f\x9b]"
LINE_BYTES = 1 << (30 if IS_LONG else 26)


class Stranger(Months):
    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < DESCRIPTORS:
            self.skipTest(f"NOT RUN: no more than {hard} descriptors here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        super().setUp()
        for name in (HUB, SITE):
            self.start(name, env=self.env_of(name))
        self.before = self.memory_mib(HUB)

    def memory_mib(self, name):
        status = Path(f"/proc/{self.county.processes[name].pid}/status").read_text("ascii")
        return int(next(line for line in status.splitlines() if line.startswith("RssAnon:")).split()[1]) / 1024

    def descriptors(self, name):
        return len(os.listdir(f"/proc/{self.county.processes[name].pid}/fd"))

    def dial(self):
        peer = socket.create_connection(("127.0.0.1", self.county.port), timeout=10)
        self.addCleanup(peer.close)
        return peer

    def hold(self):
        """A connection under way; the kernel goes on with it."""
        peer = socket.socket()
        self.addCleanup(peer.close)
        peer.setblocking(False)
        peer.connect_ex(("127.0.0.1", self.county.port))

    def lets_go(self):
        """Of whoever has not greeted in time; something happens at the port, so that the time is looked at."""
        self.clock.pass_on(60)
        self.dial().close()
        time.sleep(0.2)  # between two looks: the next jump must not hit the same handshakes only
        return self.descriptors(HUB) < 200

    def one_month(self, i):
        """Seconds until a month that closes now has its receipt."""
        self.begin(i)
        self.enter(month_of(i), 6)
        start = time.monotonic()
        self.close(i)
        self.settle(i)
        return time.monotonic() - start

    def assert_unharmed(self):
        self.assertTrue(self.is_running(HUB))
        if not sanitizers():
            self.assertLess(self.memory_mib(HUB) - self.before, GROWN_MIB)
        self.assert_all_is_there()

    def test_five_thousand_connections_that_say_nothing_keep_nobody_out(self):
        """Also a site that dials only then; and they are let go when their time to greet is over."""
        alone = self.one_month(1)
        before = self.descriptors(HUB)
        for _ in range(HALF_OPEN):
            self.hold()
        wait_for("a thousand of them to be held at once", lambda: self.descriptors(HUB) >= before + 1000)
        self.county.kill(SITE)
        self.county.start_one(SITE, env=self.env_of(SITE))
        beside = self.one_month(2)
        print(f"a month alone {alone:.2f} s, beside {HALF_OPEN} silent connections {beside:.2f} s, the hub's memory +{self.memory_mib(HUB) - self.before:.1f} MiB",
              file=sys.stderr)
        wait_for("the hub to let go of them", self.lets_go)
        self.assert_unharmed()

    def test_who_greets_a_byte_at_a_time_is_let_go(self):
        peers = [self.dial() for _ in range(200)]
        greeting = GREETING + b"\x04\xc8\x05HELLO" + bytes(194)
        for at in range(40):
            for peer in peers:
                try:
                    peer.sendall(greeting[at:at + 1])
                except OSError:
                    pass
        self.assertLess(self.one_month(1), 30)
        wait_for("the hub to let go of them", self.lets_go)
        self.assert_unharmed()

    def test_frames_that_announce_more_than_there_is_take_no_memory(self):
        """Before the handshake, of every size up to the greatest a length can say, and much of what they announce."""
        for size in (1 << 20, (1 << 20) + 1, 1 << 31, (1 << 32) - 1, 1 << 62, (1 << 63) - 1, (1 << 64) - 1):
            for flags in (b"\x06", b"\x02", b"\x03", b"\xff"):
                peer = self.dial()
                try:
                    peer.sendall(GREETING + flags + struct.pack(">Q", size))
                    for _ in range(64):
                        peer.sendall(bytes(65536))
                except OSError:
                    pass  # it has had enough
        self.assertLess(self.one_month(1), 30)
        self.assert_unharmed()

    def test_noise_at_the_port_is_no_more_than_noise(self):
        chance = random.Random(SEED)
        starts = (b"", SIGNATURE, GREETING, GREETING[:-1], GREETING + b"\x04\x06\x05READY", GREETING + b"\x04\xc8\x05HELLO", GREETING.replace(b"CURVE", b"NULL\0"),
                  GREETING.replace(b"CURVE", b"PLAIN"), SIGNATURE + b"\x01\x05\x00\x00", b"\x01\x00\x05\x00hello", GREETING + b"\x01\x00" * 2000)
        for _ in range(3000 if IS_LONG else 300):
            peer = self.dial()
            try:
                peer.sendall(chance.choice(starts) + chance.randbytes(chance.choice((0, 1, 50, 5000))))
            except OSError:
                pass
            peer.close()
        self.assertLess(self.one_month(1), 30)
        self.assert_unharmed()


class File(Months):
    """What comes by an import: the daemon's memory and what it has stored do not depend on it."""

    def setUp(self):
        super().setUp()
        self.start(SITE, env=self.env_of(SITE))
        self.enter(month_of(0), 5)

    def memory_mib(self):
        status = Path(f"/proc/{self.county.processes[SITE].pid}/status").read_text("ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024

    def hostile(self):
        """What it is, and the pieces of a file."""
        chance = random.Random(SEED)
        row = "FAULT-9;Kvinna;Lämnat;2018-01-02;2018-01-02\n"
        heading = HEADINGS + "\n"
        yield "NUL bytes", [heading.encode(), b"FAULT-9\0;Kvinna;L\0\n" * 50]
        yield "a line without end", (b"x" * (1 << 20) for _ in range(LINE_BYTES >> 20))
        yield "a quote without end", [heading.encode(), b'"', *(b"y\n" * (1 << 19) for _ in range(8))]
        yield "a million columns", [heading.encode(), b";" * 1000000, b"\n"]
        yield "a million headings", [b"A;" * 1000000, b"\n", row.encode()]
        yield "formulas", [heading.encode(), *(f"{mark}cmd|'/c calc'!A1;Kvinna;Lämnat;2018-01-02;2018-01-02\n".encode() for mark in "=+-@\t")]
        yield "labels that move the cursor", [heading.encode(), "\x1b[2J\x1b]0;x\x07;Kvinna\x9b31m;Lämnat\r;2018-01-02;\n".encode()]
        yield "headings that move the cursor", [HEADINGS.replace("Kön", "K\x1b[31mön").encode(), b"\n", row.encode()]
        yield "noise", [chance.randbytes(1 << 20)]
        yield "nothing", [b""]
        yield "half a character", [heading.encode(), b"FAULT-9;Kvinna\xc3;\xff\xfe;2018-01-02;2018-01-02\n"]

    def test_no_file_harms_who_reads_it(self):
        grown, before = self.memory_mib(), 5
        for what, pieces in self.hostile():
            with self.subTest(what):
                path = self.folder / "hostile.csv"
                with open(path, "wb") as file:
                    for piece in pieces:
                        file.write(piece)
                said = self.county.mia(SITE, "import", path, expect=(0, 8))
                self.assertNotRegex(said, MOVES_THE_CURSOR)
                said = self.county.mia(SITE, "import", path, "--apply", "--all-or-nothing", expect=(0, 8))
                self.assertNotRegex(said, MOVES_THE_CURSOR)
                self.assertTrue(self.is_running())
                if "Nothing was stored" in said or not said:
                    self.assertEqual(self.participants(), before, "something of it was stored")
                before = self.participants()
        log = self.county.log(SITE)
        self.assertNotRegex(log, MOVES_THE_CURSOR)
        if not sanitizers():
            self.assertLess(self.memory_mib() - grown, 2 * GROWN_MIB)

    def test_names_of_files_and_places_are_names_and_nothing_else(self):
        content = (HEADINGS + "\nFAULT-8;Kvinna;Lämnat;2018-01-02;2018-01-02\n").encode()
        for name in ("a\nb.csv", "\x1b[2J.csv", "--apply.csv", "$(id).csv", "'; rm -r x.csv", "ä" * 100 + ".csv", "a b.csv", "%s%n.csv", "\u202egpj.csv"):
            with self.subTest(name=name):
                path = self.folder / "names" / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
                said = self.county.mia(SITE, "import", path, expect=(0,))
                self.assertNotRegex(said, MOVES_THE_CURSOR)
                self.county.mia(SITE, "import", path, "--apply")
                said = self.county.mia(SITE, "events") + self.county.mia(SITE, "status")
                self.assertNotRegex(said, MOVES_THE_CURSOR)
                self.assertEqual(len(re.findall(r"(?m)^import rows=1", self.county.log(SITE))), len(re.findall("import rows=1", self.county.log(SITE))))
        for place in ("/dev/zero", "/proc/self/mem", self.folder, "/dev/null", self.folder / "not/there.csv"):
            with self.subTest(place=str(place)):
                self.county.mia(SITE, "import", place, "--apply", expect=(1, 2, 4, 5, 8), timeout=60)
        self.assertEqual(self.participants(), 6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
