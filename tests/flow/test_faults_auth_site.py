#!/usr/bin/python3
"""Keys that end while their owner is connected, and a site whose hub's address is answered by somebody else (4-sync 4.2, 4.7, Authentication).

    test_faults_auth_site.py        MIA_BUILD says where the programs are
"""

import os
import socket
import sys
import threading
import time
import unittest
from pathlib import Path

import zmq
import zmq.utils.z85
from zmq.utils.monitor import recv_monitor_message

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_site
from hostile import OLD, SIGNATURE
from lib_county import HUB
from lib_criteria import Criteria
from lib_faults import SITE
from lib_faults import Story as CountyStory
from lib_faults import figure, persons_file, wait_for
from lib_strangers import ONE, SITES, THREE, TWO, Story

EFFECT_S = 5  # 4-sync 4.2
MONTHS = 6  # that are over
ATTEMPTS = 2
CURVE_HELLO_BYTES = 202  # its frame, RFC 26: nothing in it but keys and a box of zeros


class Revoked(Story):
    """THREE talks all the time over one connection, and its right to ends."""

    def setUp(self):
        super().setUp()
        self.start()
        self.report(ONE)
        self.talker = self.site(THREE)
        self.connection = peer_site.Connection(self.talker.options)
        self.addCleanup(self.connection.close)
        self.talker.greet(self.connection)
        self.last_heard, self.is_over = 0.0, False

    def say(self):
        """The next report, and a greeting; what was answered is noted."""
        try:
            self.connection.send(self.talker.message(self.connection, min(self.talker.receipted + 1, MONTHS)))
            self.talker.hello(self.connection)
        except (peer_site.NoAnswer, zmq.ZMQError):
            return
        while (heard := self.connection.receive(50)) is not None and heard[0] != "WELCOME":
            self.talker.take(*heard)
            if heard[0] == "RECEIPT":  # a refusal is no hearing
                self.last_heard = time.monotonic()
        if heard is not None:
            self.connection.token = heard[1]["token"]
            self.last_heard = time.monotonic()

    def talk(self):
        while not self.is_over:
            self.say()

    def assert_out_after(self, end_it):
        """Heard until its right ends, then never again: not even what was under way."""
        for n in range(1, MONTHS + 1):
            self.talker.add(self.talker.payload(n))
        self.connection.options.timeout = 0.2
        talking = threading.Thread(target=self.talk)
        talking.start()
        self.addCleanup(talking.join)
        self.addCleanup(setattr, self, "is_over", True)
        wait_for("it to be heard", lambda: self.talker.receipted >= 2)
        begun = time.monotonic()
        end_it()
        accepted = len(self.hub.events(f"release_accepted site={THREE}"))
        self.report(TWO)
        time.sleep(max(0.0, begun + EFFECT_S - time.monotonic()))  # the time it has to try
        self.is_over = True
        talking.join()
        print(f"{self.id().rsplit('.', maxsplit=1)[1]}: last heard {(self.last_heard - begun) * 1e3:.0f} ms after the order", file=sys.stderr)
        self.assertLess(self.last_heard - begun, EFFECT_S - 1)
        self.assertEqual(len(self.hub.events(f"release_accepted site={THREE}")), accepted)
        self.report(ONE)
        self.assert_criteria()

    def take_roster(self, rosters):
        rosters.write(2, signers=SITES)
        self.assertEqual(self.hub.ask("reload")[0], 0)

    def test_who_is_off_the_roster_is_not_heard_again_on_the_same_connection(self):
        rosters = self.rosters()
        rosters.members[THREE].status = "suspended"
        self.assert_out_after(lambda: self.take_roster(rosters))

    def test_who_is_suspended_by_the_hub_is_not_heard_again(self):
        self.assert_out_after(lambda: self.assertEqual(self.hub.ask("site suspend", THREE, yes="")[0], 0))

    def test_who_has_another_key_now_is_not_heard_by_the_old_one(self):
        rosters = self.rosters()
        rosters.members[THREE].link = os.urandom(32)
        self.assert_out_after(lambda: self.take_roster(rosters))


class Impostor:
    """Answers at the hub's address and keeps what is said to it."""

    def __init__(self, port):
        self.heard, self.attempts = [], 0
        self.listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
        self.listener.settimeout(0.2)
        self.is_over = False
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()
        self.listener.close()

    greeting = b""

    def serve(self):
        while not self.is_over:
            try:
                peer, _ = self.listener.accept()
            except TimeoutError:
                continue
            self.attempts += 1
            peer.settimeout(0.5)
            heard = b""
            try:
                peer.sendall(self.greeting)
                while piece := peer.recv(4096):
                    heard += piece
            except OSError:
                pass
            self.heard.append(heard)
            peer.close()


class Zmq:
    """A ROUTER of libzmq at the hub's address, with any or no protection."""

    def __init__(self, port, **options):
        self.context = zmq.Context()
        self.router = self.context.socket(zmq.ROUTER)
        self.router.linger = 0
        for name, value in options.items():
            setattr(self.router, name, value)
        self.monitor = self.router.get_monitor_socket(zmq.EVENT_ACCEPTED)
        self.router.bind(f"tcp://127.0.0.1:{port}")
        self.heard, self.count = [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.router.disable_monitor()
        self.monitor.close(0)
        self.router.close()
        self.context.term()

    @property
    def attempts(self):
        while self.monitor.poll(0):
            recv_monitor_message(self.monitor)
            self.count += 1
        while self.router.poll(0):
            self.heard.append(b"".join(self.router.recv_multipart()))
        return self.count


class AnotherAtTheAddress(CountyStory):
    """A site of real records whose hub is somebody else. It says nothing that another could use, and nothing is lost."""

    def impostors(self):
        port = self.county.port
        for name in OLD:
            impostor = Impostor(port)
            impostor.greeting = OLD[name]
            yield name, impostor
        silent = Impostor(port)
        yield "one who says nothing", silent
        half = Impostor(port)
        half.greeting = SIGNATURE + b"\x03\x01" + b"CURVE".ljust(20, b"\0") + b"\x01" + bytes(31) + b"\x04\xa8\x07WELCOME" + bytes(160)
        yield "CURVE with a welcome of noise", half
        yield "NULL", Zmq(port)
        yield "PLAIN", Zmq(port, plain_server=True)
        public, secret = zmq.curve_keypair()
        yield "CURVE with another key", Zmq(port, curve_server=True, curve_publickey=public, curve_secretkey=secret)

    def test_a_site_tells_nothing_to_who_is_not_its_hub(self):
        self.start(SITE)
        file = persons_file(self.folder / "a.csv", 1, 9)
        self.store(file)
        self.county.set_clock("2018-02-11", [SITE])
        self.county.set_clock("2018-02-11T00:20:00Z", [SITE])  # reports wait to be sent
        for name, impostor in self.impostors():
            with self.subTest(name), impostor:
                self.county.kill(SITE, 15)  # it dials at once after a start
                self.county.start_one(SITE)
                wait_for("it to have dialled", lambda impostor=impostor: impostor.attempts >= ATTEMPTS)
                said = self.county.mia(SITE, "status")
            for heard in impostor.heard:
                self.assertNotIn(SITE.encode(), heard)
                self.assertLessEqual(len(heard), 64 + CURVE_HELLO_BYTES)
            if isinstance(impostor, Zmq):
                self.assertEqual(impostor.heard, [])
            self.assertNotIn("in contact", said)
            self.assertTrue(self.is_running())
        self.county.kill(SITE, 15)
        self.county.start_one(HUB)
        self.county.set_clock("2018-02-11T00:20:00Z", [HUB])
        self.county.start_one(SITE)
        self.county.mia(SITE, "wait", "--until", "received", "--timeout", "60")
        self.assertEqual(figure(self.county, "entered", "2018-01"), 9)
        Criteria(self.county).check(self, {SITE: [file]})


if __name__ == "__main__":
    unittest.main(verbosity=2)
