#!/usr/bin/python3
"""A site with a good key that never stops talking: the others are served, memory stays (4-sync 4.7, Denial).

    test_hub_flood.py        MIA_BUILD says where the programs are
"""

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_site
import peer_wire as wire
from lib_room import Hub

BUILD = Path(os.environ.get("MIA_BUILD", "build/debug")).resolve()
LOUD, QUIET = "sodertalje", "varna"
RATE = 2000  # messages a second
FLOOD_S = 4
ASKED = 100  # round trips of the quiet site meanwhile
P99_S = 1.0  # the aim is 0.05; other work on the machine must not fail a test
GROWN_BYTES = 16 << 20

peer_site.say = lambda event, **facts: None


def hellos(site, connection):
    site.hello(connection)


def fetches(site, connection):
    connection.send(wire.message_pack("FETCH", token=connection.token, first=1, last=2**64 - 1))


def bad_hellos(site, connection):
    site.hello(connection, site=QUIET)


def stale_releases(site, connection):
    connection.send(site.message(connection, 1, token=os.urandom(16)))


def repeats(site, connection):
    connection.send(site.message(connection, 1))


def nothing(_site, _connection):
    """What the other site's round trips cost by themselves."""


def forged(site, connection):
    connection.send(site.message(connection, 1, signature=bytes(64)))


def flood(options, kind, told):
    """As fast as the rate says, without ever waiting for an answer; what comes is read and forgotten."""
    site = peer_site.Site(options)
    site.add(site.payload(1))
    connection = peer_site.Connection(options)
    site.greet(connection)
    start, sent = time.monotonic(), 0
    while (spent := time.monotonic() - start) < FLOOD_S:
        while connection.socket.poll(0):
            connection.socket.recv_multipart()
        if sent < spent * RATE:
            try:
                kind(site, connection)
                sent += 1
            except (peer_site.NoAnswer, zmq.ZMQError):
                break
        else:
            time.sleep(0.0005)  # until the next is due
    told.put(sent)
    connection.close()


class Flood(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A hub with two years of one site's reports, so that every greeting is owed results."""
        cls.folder = Path(tempfile.mkdtemp(prefix="mia-flood-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.hub = Hub(BUILD, cls.folder, (LOUD, QUIET))
        cls.addClassCleanup(cls.hub.stop)
        cls.hub.start()
        assert cls.hub.ask("clock set", "2020-02-11")[0] == 0
        cls.hub.play(LOUD, "--releases", "24", "--figures", json.dumps({str(cls.hub.measure("entered")["number"]): [12]}))

    def memory(self):
        for line in Path(f"/proc/{self.hub.process.pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    def quiet_round_trips(self):
        site = peer_site.Site(self.hub.options(QUIET))
        connection = peer_site.Connection(site.options)
        site.greet(connection)
        times = []
        for _ in range(ASKED):
            start = time.monotonic()
            site.greet(connection)
            times.append(time.monotonic() - start)
            time.sleep(FLOOD_S / ASKED / 4)  # spread over the flood
        connection.close()
        return sorted(times)

    def bear(self, kind):
        told = multiprocessing.Queue()
        before, chain = self.memory(), self.hub.events("release_accepted")
        loud = multiprocessing.Process(target=flood, args=(self.hub.options(LOUD), kind, told))
        loud.start()
        times = self.quiet_round_trips()
        start = time.monotonic()
        self.assertIn(self.hub.ask("status")[0], (0, 6))
        asked = time.monotonic() - start
        sent = told.get(timeout=60)
        loud.join()
        p99 = times[int(len(times) * 0.99) - 1]
        print(f"{kind.__name__}: {sent / FLOOD_S:.0f}/s; the other site's p50 {times[len(times) // 2] * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms; "
              f"status {asked * 1e3:.1f} ms; memory +{(self.memory() - before) / 1e6:.1f} MB", file=sys.stderr)
        self.assertLess(p99, P99_S)
        self.assertLess(asked, 5)
        if "libasan" not in Path(f"/proc/{self.hub.process.pid}/maps").read_text("ascii"):
            self.assertLess(self.memory() - before, GROWN_BYTES)
        self.assertEqual(self.hub.events("release_accepted"), chain)
        self.assertLessEqual(len(self.hub.events("code=")), 2 * 32)


for act in (nothing, hellos, fetches, bad_hellos, stale_releases, repeats, forged):
    setattr(Flood, f"test_a_flood_of_{act.__name__}_keeps_nobody_out", lambda self, act=act: self.bear(act))

if __name__ == "__main__":
    unittest.main(verbosity=2)
