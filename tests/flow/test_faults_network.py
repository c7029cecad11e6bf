#!/usr/bin/python3
"""A line that is cut, slow, dead, flapping or somebody else's (4-sync 4.7). A proxy of our own stands between (chaos.py), the clocks jump where a
wait would be long.

    test_faults_network.py        MIA_BUILD says where the programs are, MIA_SEED picks the places, MIA_LONG=1 takes every byte
"""

import json
import random
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import zmq

import peer_site
from lib_county import HUB, ROOT, programme_sites
from lib_criteria import check_hub
from lib_faults import BUILD, IS_LONG, SEED, SITE, Months, month_of, wait_for
from lib_room import Hub

MONTHS = 34  # of 2018 to 2020

peer_site.say = lambda event, **facts: None  # what sites played in this process hear is judged, not told


class Proxy:
    """chaos.py as a program: a line to the hub that can be ordered about."""

    def __init__(self, to, *mode, seed=SEED, listen=0):
        words = ["/usr/bin/python3", ROOT / "tests/flow/chaos.py", "--listen", str(listen), "--to", str(to), "--seed", str(seed), "--control", "-"]
        self.process = subprocess.Popen([*words, *(["--mode", *map(str, mode)] if mode else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.expect("listening").split()[1])

    def expect(self, word):
        while line := self.process.stdout.readline():
            if line.startswith(word):
                return line
        raise AssertionError(f"the proxy ended before it said {word}")

    def order(self, line, said):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.expect(said)

    def cut_after(self, n):
        """It says nothing of taking this order, but of one it does not know."""
        self.order(f"cut {n}\nheard?", "unknown")

    def close(self):
        """What it counted."""
        if self.process.poll() is None:
            self.process.stdin.close()
            said = self.process.stdout.read().splitlines()
            self.process.wait(timeout=20)
            self.process.stdout.close()
            return json.loads(said[-1])
        return None


class CutExchange(unittest.TestCase):
    """A whole exchange - greeting, handshake, welcome, reports, receipts, results - cut at each of its bytes in turn."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-network-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.hub = Hub(BUILD, self.folder, (SITE, "varna"))
        self.addCleanup(self.hub.stop)
        self.hub.start()
        self.assertEqual(self.hub.ask("clock set", "2027-07-11")[0], 0)
        self.proxy = Proxy(self.hub.endpoint.rsplit(":", 1)[1])
        self.addCleanup(self.proxy.close)
        self.site = peer_site.Site(self.hub.options(SITE, figures={str(self.hub.measure("entered")["number"]): [9]}, timeout=0.5, quiet=30,
                                                    endpoint=f"tcp://127.0.0.1:{self.proxy.port}"))

    def exchange(self):
        """Whether it came to its end."""
        connection = peer_site.Connection(self.site.options)
        try:
            welcome = self.site.greet(connection)
            self.assertGreaterEqual(welcome["n"], self.site.receipted, "a receipted report is not at the hub")
            self.site.stream(connection, welcome["n"])
            return True
        except (peer_site.NoAnswer, zmq.ZMQError):
            return False
        finally:
            connection.close()

    def bytes_of_an_exchange(self):
        self.site.add(self.site.payload(1))
        counter = Proxy(self.hub.endpoint.rsplit(":", 1)[1])
        self.site.options.endpoint, direct = f"tcp://127.0.0.1:{counter.port}", self.site.options.endpoint
        self.assertTrue(self.exchange())
        self.site.options.endpoint = direct
        return counter.close()["bytes"]

    def test_an_exchange_cut_at_any_byte_is_finished_by_the_next(self):
        total = self.bytes_of_an_exchange()
        self.assertGreater(total, 4000)
        chance = random.Random(SEED)
        step = 1 if IS_LONG else total // 60
        self.site.options.timeout = 0.15
        for at in range(1 if IS_LONG else chance.randrange(1, step), total, step):
            if self.site.receipted == len(self.site.heads) - 1:  # the last one came through, or was finished
                self.next_release()
            self.proxy.cut_after(at)
            self.exchange()
            self.proxy.cut_after(10**9)
            if at % 7 == 0:
                self.site.options.timeout = 5
                self.assertTrue(self.exchange(), f"byte {at}")
                self.site.options.timeout = 0.15
            self.assertEqual(self.site.wrong, [], f"byte {at}")
        self.finish()

    def next_release(self):
        """One month more; with another hub when the operation's months are over."""
        if len(self.site.heads) > MONTHS:
            self.finish()
            self.hub.stop()
            self.proxy.close()
            self.setUp()
            self.site.options.timeout = 0.15
        self.site.add(self.site.payload(len(self.site.heads)))

    def finish(self):
        self.site.options.timeout = 5
        self.assertTrue(self.exchange())
        self.assertEqual(self.site.receipted, len(self.site.heads) - 1)
        check_hub(self, self.hub, {SITE: self.site})


class Line(Months):
    """Real associations, each behind a line of its own."""

    mode = ()

    def setUp(self):
        super().setUp()
        self.lines = {}
        for site in self.sites:
            self.lines[site] = Proxy(self.county.port, *self.mode)
            self.addCleanup(self.lines[site].close)
            conf = self.county.room(site) / "miad.conf"
            text = conf.read_text("utf-8")
            self.assertIn(f"tcp://127.0.0.1:{self.county.port}", text)
            conf.write_text(text.replace(f"tcp://127.0.0.1:{self.county.port}", f"tcp://127.0.0.1:{self.lines[site].port}"), "utf-8")
        for name in (HUB, *self.sites):
            self.start(name, env=self.env_of(name))

    def month(self, i):
        self.begin(i)
        for at, site in enumerate(self.sites):
            self.enter(month_of(i), 5 + (i + at) % 9, site)
        self.close(i)


class OneLine(Line):
    def test_a_line_that_goes_dead_is_noticed_and_dialled_anew(self):
        """Half-open: nothing comes and nobody says so. A minute of silence with work outstanding, and the site hangs up."""
        self.settle(0)
        for i in (1, 2):
            self.lines[SITE].order("freeze", "frozen")
            self.month(i)
            status = self.status()
            self.assertGreater(status["sent"], status["received"])
            self.clock.pass_on(61)
            wait_for("the site to notice", lambda: self.status()["contact"] != "in contact")
            self.lines[SITE].order("down", "down")
            self.lines[SITE].order("up", "up")
            self.settle(i)
        self.assert_all_is_there()

    def test_a_line_that_is_dead_from_the_start_is_no_line(self):
        """It accepts and never answers."""
        self.lines[SITE].order("down", "down")
        self.month(1)
        self.lines[SITE].order("up", "up")
        self.lines[SITE].order("freeze", "frozen")
        for _ in range(3):
            self.clock.pass_on(301)
            self.assertNotEqual(self.status()["contact"], "in contact")
        self.lines[SITE].order("down", "down")
        self.lines[SITE].order("up", "up")
        self.settle(1)
        self.assert_all_is_there()

    def test_a_month_and_three_without_a_line_are_made_up_for(self):
        """Offline for 30 days, then for 90: months close on their days all the same and arrive in order."""
        self.settle(0)
        i = 0
        for months in (1, 3):
            self.lines[SITE].order("down", "down")
            for _ in range(months):
                i += 1
                self.month(i)
                self.assertEqual(self.status()["last_period"], month_of(i))
            self.assertEqual(self.status()["sent"] - self.status()["received"], months)
            self.lines[SITE].order("up", "up")
            self.settle(i)
        self.assert_all_is_there()

    def test_somebody_else_at_the_hub_s_address_learns_nothing(self):
        """Plain TCP, ZeroMQ without keys, and CURVE with another key answer in the hub's place; then the hub is back."""
        self.settle(0)
        for i, answer in enumerate((self.answer_with_bytes, self.answer_without_keys, self.answer_with_another_key), 1):
            self.month_without_hub(i, answer)
        self.assert_all_is_there()

    def month_without_hub(self, i, answer):
        self.county.kill(HUB)
        self.begin(i)
        self.enter(month_of(i), 6)
        over, heard = threading.Event(), []
        thread = threading.Thread(target=answer, args=(over, heard))
        thread.start()
        self.close(i)
        for _ in range(4):
            self.clock.pass_on(301)
            self.status()
            select.select([], [], [], 0.3)  # that it may dial, whoever answers
        self.assertEqual(self.status()["received"] + 1, self.status()["sent"])
        self.assertNotEqual(self.status()["contact"], "in contact")
        over.set()
        thread.join()
        self.assertTrue(heard, "nobody dialled")
        self.assertFalse([piece for piece in heard if SITE.encode() in piece or len(piece) > 1000], "more than a greeting came")
        self.revive()
        self.settle(i)

    def answer_with_bytes(self, over, heard):
        with socket.create_server(("127.0.0.1", self.county.port)) as server:
            server.settimeout(0.05)
            while not over.is_set():
                try:
                    peer, _ = server.accept()
                except TimeoutError:
                    continue
                with peer:
                    peer.settimeout(0.2)
                    try:
                        heard.append(peer.recv(65536))
                        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(500))
                        heard.append(peer.recv(65536))
                    except OSError:
                        pass

    def answer_by_zeromq(self, over, heard, dress):
        with zmq.Context() as context, context.socket(zmq.ROUTER) as server:
            server.linger = 0
            dress(server)
            server.bind(f"tcp://127.0.0.1:{self.county.port}")
            monitor = server.get_monitor_socket(zmq.EVENT_ACCEPTED)
            while not over.is_set():
                if monitor.poll(20):
                    monitor.recv_multipart()
                    heard.append(b"")
                if server.poll(20):
                    heard.append(b"".join(server.recv_multipart()) + bytes(1001))  # a message came through: never
            server.disable_monitor()
            monitor.close()

    def answer_without_keys(self, over, heard):
        self.answer_by_zeromq(over, heard, lambda server: None)

    def answer_with_another_key(self, over, heard):
        def dress(server):
            server.curve_server = True
            server.curve_publickey, server.curve_secretkey = zmq.curve_keypair()
        self.answer_by_zeromq(over, heard, dress)


class FlappingLine(Line):
    sites = (SITE, "varna")
    mode = ("flap",)

    def test_a_line_that_comes_and_goes_delivers_all_once(self):
        last = 13 if IS_LONG else 4
        for i in range(1, last):
            self.month(i)
        self.settle(last - 1)
        self.assert_all_is_there()


class SlowLine(Line):
    mode = ("rate", 1000 if IS_LONG else 20000)

    def test_a_line_of_a_thousand_bits_a_second_delivers(self):
        """In real time: of a thousand bits a second a report of 4 KiB takes half a minute, and the handshake 8 s (twenty thousand in ctest)."""
        self.county.kill(SITE, 15)
        self.county.start_one(SITE)
        self.county.mia(SITE, "wait", "--until", "received", "--timeout", "1500", timeout=1600)
        self.assertEqual(self.status()["sent"], self.status()["received"])


class AllAtOnce(Line):
    sites = tuple(programme_sites())

    def test_everybody_sends_years_at_once_when_the_hub_is_back(self):
        self.settle(0)
        self.county.kill(HUB)
        last = 24 if IS_LONG else 12
        for i in range(1, last + 1):
            self.month(i)
        for site in self.sites:
            self.assertEqual(self.status(site)["sent"] - self.status(site)["received"], last)
        self.settle(last)
        self.assert_all_is_there()

    def test_every_line_is_cut_again_and_again_while_everybody_sends(self):
        chance = random.Random(SEED)
        for i in range(1, 20 if IS_LONG else 3):
            for site in self.sites:
                self.lines[site].cut_after(chance.randrange(1, 12000))
            self.month(i)
            self.settle(i)
        self.assert_all_is_there()


if __name__ == "__main__":
    unittest.main(verbosity=2)
