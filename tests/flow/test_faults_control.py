#!/usr/bin/python3
"""The control socket under garbage and crowds: the daemon lives, keeps its memory, and serves the next honest client (4-sync 4.3, 4.7, Denial).

    test_faults_control.py        MIA_BUILD says where the programs are, MIA_SEED what the garbage is
"""

import os
import random
import resource
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import msgpack

from lib_county import HUB, ROOT
from lib_faults import BODY_BYTES, SITE, Control, Story, persons_file, sanitizers, wait_for

SEED = int(os.environ.get("MIA_SEED", "4711"))
PACKETS = 3000
CLIENTS = 1000
MEMORY_MIB = 16


class Crowd(Story):
    def setUp(self):
        super().setUp()
        self.start()

    def memory_mib(self, name):
        status = Path(f"/proc/{self.county.processes[name].pid}/status").read_text("ascii")
        return int(next(line for line in status.splitlines() if line.startswith("RssAnon:")).split()[1]) / 1024

    def descriptors(self, name):
        return len(os.listdir(f"/proc/{self.county.processes[name].pid}/fd"))

    def assert_well(self, descriptors):
        for name in (HUB, SITE):
            self.assertTrue(self.is_running(name), self.county.log(name)[-500:])
            wait_for(f"{name} to serve", lambda: self.answers(name))
            wait_for(f"{name} to let go of who is gone", lambda: self.descriptors(name) <= descriptors[name] + 1)
            if not sanitizers():  # whose own memory is many times that
                self.assertLess(self.memory_mib(name), MEMORY_MIB)

    def answers(self, name):
        return "mia.status/1" in self.county.mia(name, "status", "--format", "json", expect=(0, 3, 9))

    def packets(self, chance):
        """Random bytes, the fuzzers' corpora, and well-formed requests with something wrong in them."""
        corpus = [path.read_bytes() for name in ("request", "control", "answer", "msg") for path in sorted((ROOT / "tests/data/fuzz" / name).iterdir())]
        good = msgpack.packb([1, "totals", [], [["by", "site"]], 0, 0, []])
        for _ in range(PACKETS):
            kind = chance.randrange(4)
            if kind == 0:
                yield chance.randbytes(chance.randrange(1, 200))
            elif kind == 1:
                yield chance.choice(corpus)[:65000] or b"x"
            elif kind == 2:
                spoiled = bytearray(good)
                spoiled[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
                yield bytes(spoiled)
            else:
                yield good[:chance.randrange(1, len(good))]

    def test_garbage_is_answered_or_dropped_and_nothing_else_happens(self):
        chance = random.Random(SEED)
        descriptors = {name: self.descriptors(name) for name in (HUB, SITE)}
        for at, packet in enumerate(self.packets(chance)):
            with Control(self.county.socket((HUB, SITE)[at % 2])) as client:
                try:
                    client.socket.send(packet)
                    if at % 50 == 0:
                        client.socket.shutdown(socket.SHUT_WR)
                        client.answer_bytes()
                except OSError:
                    pass  # it has had enough of us
        self.assert_well(descriptors)
        self.store(persons_file(self.folder / "a.csv", 1, 3))
        self.assertEqual(self.participants(), 3)

    def test_packets_that_are_too_large_too_many_or_empty_are_not_taken(self):
        descriptors = {name: self.descriptors(name) for name in (HUB, SITE)}
        for size in (65537, 100000, 200000):
            with Control(self.county.socket(SITE)) as client:
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                try:
                    client.socket.send(b"\x96" + bytes(size - 1))
                    self.assertIn(client.answer_bytes(), (None, b""))
                except OSError:
                    pass
        with Control(self.county.socket(SITE)) as client:  # more than there is credit for, and more than was said
            client.send(1, "import", ["a.csv"], [["apply", ""]], 1, 3 * BODY_BYTES, [])
            try:
                for seq in range(100):
                    client.send(2, seq, bytes(BODY_BYTES))
            except OSError:
                pass
        with Control(self.county.socket(SITE)) as client:
            client.socket.send(b"")
        self.assert_well(descriptors)
        self.assertEqual(self.participants(), 0)

    def test_a_thousand_clients_that_say_nothing_do_not_keep_an_honest_one_out(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        descriptors = {name: self.descriptors(name) for name in (HUB, SITE)}
        for name in (HUB, SITE):
            held = []
            for _ in range(CLIENTS):
                client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
                held.append(client)
                try:
                    client.connect(str(self.county.socket(name)))
                except BlockingIOError:
                    pass  # the queue is full; it stays with us
            self.assertLess(self.descriptors(name), descriptors[name] + 64)
            wait_for(f"{name} to serve an honest client beside {CLIENTS} silent ones", lambda: self.answers(name))
            for client in held:
                client.close()
        self.assert_well(descriptors)

    def test_clients_that_do_not_read_their_answers_are_dropped(self):
        descriptors = {name: self.descriptors(name) for name in (HUB, SITE)}
        held = [Control(self.county.socket(HUB)) for _ in range(30)]
        for client in held:
            client.send(1, "totals", [], [["all", ""]], 0, 0, [])
        self.assertTrue(self.answers(HUB))
        self.assert_well(descriptors)
        for client in held:
            client.socket.close()

    def test_two_imports_at_once_the_second_is_told_to_wait(self):
        file = persons_file(self.folder / "a.csv", 1, 5000)
        content = file.read_bytes()
        with Control(self.county.socket(SITE)) as first:
            first.import_pieces(content, 2)
            said = self.county.mia(SITE, "import", file, "--apply", "--format", "json", expect=(1, 2, 3, 4, 5, 9))
            self.assertIn("X008", said)
        wait_for("the first to be forgotten", lambda: "mia.import/1" in self.county.mia(SITE, "import", file, "--format", "json", expect=(0, 1, 2, 3, 4, 5, 9)))
        self.assertEqual(self.participants(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
