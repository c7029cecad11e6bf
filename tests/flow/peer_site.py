#!/usr/bin/python3
"""A site of MIA Sync played from proto/README.md alone, honest or not.

    peer_site.py --make-keys --keys DIR --site ID
    peer_site.py --endpoint tcp://HOST:PORT --keys DIR --site ID
                 --roster FILE | --hub-link-key HEX --hub-sign-key HEX [--roster-hash HEX --epoch N]
                 --programme FILE | --programme-hash HEX --shape JSON
                 [--first PERIOD --releases N --figures JSON] [--replay --reorder --wrong-site OTHER ...]
    peer_site.py --self-test FOLDER-OF-VECTORS

DIR holds `sign.key` (Ed25519 seed) and `link.key` (CURVE secret), 32 bytes each, raw or as 64 hex digits, as `mia init
site` makes them; `--make-keys` makes them too, with the card `DIR/identity.ini` for `mia roster build`. Says one JSON object a line; the last, {"event": "summary"}, counts what the hub
answered. Exit 0 when the honest part of the story came out (every release has its receipt, every signature holds), 10
when it did not, 9 when the hub did not answer in time.
"""

import argparse
import json
import os
import pathlib
import random
import sys
import time

import zmq
import zmq.utils.z85

sys.dont_write_bytecode = True  # the tree stays clean
import peer_wire as wire  # noqa: E402  pylint: disable=wrong-import-position

EXIT_GOOD, EXIT_TIME_OUT, EXIT_DIFFERENCE = 0, 9, 10


class NoAnswer(Exception):
    """The hub did not say what it must in time."""


class Refused(Exception):
    """The hub refused what was honest."""


def say(event, **facts):
    print(json.dumps({"event": event, **{key: value.hex() if isinstance(value, bytes) else value
                                         for key, value in facts.items()}}, ensure_ascii=False), flush=True)


# ---- keys ----

def key_read(path):
    data = path.read_bytes()
    return data if len(data) == 32 else bytes.fromhex(data.decode().strip())


def link_public(secret):
    return zmq.utils.z85.decode(zmq.curve_public(zmq.utils.z85.encode(secret)))


def make_keys(folder, site):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("sign.key", "link.key"):
        (folder / name).write_bytes(os.urandom(32))
        (folder / name).chmod(0o600)
    sign = wire.public_of(key_read(folder / "sign.key"))
    link = link_public(key_read(folder / "link.key"))
    (folder / "identity.ini").write_text(f"[{site}]\nsign = {sign.hex()}\nlink = {link.hex()}\n"
                                         f"fingerprint = {wire.fingerprint(sign)}\n", "utf-8")
    say("keys", site=site, sign=sign, link=link, fingerprint=wire.fingerprint(sign))


# ---- the connection (2.1) ----

class Connection:
    """One DEALER socket; everything it hears is checked, counted and said."""

    def __init__(self, options):
        self.options = options
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        secret = key_read(options.keys / "link.key")
        for option, value in ((zmq.CURVE_SERVERKEY, options.hub_link_key), (zmq.CURVE_SECRETKEY, secret),
                              (zmq.CURVE_PUBLICKEY, link_public(secret)), (zmq.LINGER, 0), (zmq.IPV6, 1),
                              (zmq.IMMEDIATE, 1), (zmq.SNDHWM, 8), (zmq.RCVHWM, 8),
                              (zmq.MAXMSGSIZE, wire.MESSAGE_BYTES_MAX + 33), (zmq.HANDSHAKE_IVL, 5000)):
            self.socket.setsockopt(option, value)
        self.socket.connect(options.endpoint)
        self.token = bytes(16)
        self.heard = {}
        self.is_alive = True  # answers a PROBE (3.9)

    def close(self):
        self.socket.close()
        self.context.term()

    def send(self, frame):
        """A connection may be there for the question and gone for the frame: neither is waited for longer than an answer."""
        self.socket.sndtimeo = int(self.options.timeout * 1000)
        try:
            self.socket.send(frame)
        except zmq.Again:
            raise NoAnswer("no connection") from None

    def receive(self, wait_ms):
        """(name, fields), or None when nothing came."""
        if not self.socket.poll(wait_ms):
            return None
        frames = self.socket.recv_multipart()
        if len(frames) != 1:
            raise wire.Malformed(f"{len(frames)} frames")
        name, fields = wire.message_unpack(frames[0], wire.FROM_HUB)
        if name in ("RECEIPT", "CHAIN") and fields["token"] != self.token:
            raise wire.Malformed(f"{name} with another session's token")
        self.heard[name] = self.heard.get(name, 0) + 1
        if name == "PROBE" and self.is_alive:
            self.send(wire.message_pack("ALIVE", nonce=fields["nonce"]))
        say(name, **{key: value for key, value in fields.items() if key not in ("body", "payload")})
        return name, fields

    def wait_for(self, wanted, handle=lambda name, fields: None):
        """The fields of the next message called wanted; others go to handle."""
        until = time.monotonic() + self.options.timeout
        while (left := until - time.monotonic()) > 0:
            heard = self.receive(int(left * 1000) + 1)
            if heard is None:
                continue
            if heard[0] == "REFUSAL":
                raise Refused(heard[1]["code"])
            if heard[0] == wanted:
                return heard[1]
            handle(*heard)
        raise NoAnswer(wanted)

    def listen(self, quiet_ms):
        """All that comes until nothing does for so long."""
        heard = []
        while (message := self.receive(quiet_ms)) is not None:
            heard.append(message)
        return heard


# ---- the site ----

class Site:
    def __init__(self, options):
        self.options = options
        self.seed = key_read(options.keys / "sign.key")
        self.heads = [wire.chain_start(options.site)]  # hash at n
        self.releases = [None]  # (prev, payload, signature) of n
        self.receipted = 0
        self.results = 0
        self.wrong = []

    def add(self, payload):
        n = len(self.heads)
        head, signature = wire.release_sign(self.seed, n, self.heads[-1], payload)
        self.releases.append((self.heads[-1], payload, signature))
        self.heads.append(head)

    def payload(self, n, **other):
        options = self.options
        body = {"site": options.site, "n": n, "period": options.first + n - 1, "programme": options.programme_hash,
                "audit_head": bytes(32), "is_rehearsal": options.rehearsal,
                "at_closed": options.at_closed + (n - 1) * 30 * 86400, **other}
        return wire.payload_pack(options.shape, body, options.figures)

    def message(self, connection, n, **other):
        prev, payload, signature = self.releases[n]
        return wire.message_pack("RELEASE", **{"token": connection.token, "n": n, "prev": prev, "payload": payload,
                                               "signature": signature, **other})

    def take(self, name, fields):
        """A RECEIPT or RESULT as it comes."""
        if name == "RECEIPT":
            if fields["n"] < self.receipted:
                return  # an older one, overtaken on the way
            if fields["n"] >= len(self.heads) or fields["hash"] != self.heads[fields["n"]]:
                self.wrong.append("a receipt for a chain that is not ours")
            if not wire.receipt_is_good(fields, self.options.hub_sign_key):
                self.wrong.append("a receipt's signature")
            else:
                self.receipted = max(self.receipted, fields["n"])
        elif name == "RESULT":
            if not wire.result_is_good(fields["body"], self.options.hub_sign_key, fields["signature"]):
                self.wrong.append("a result's signature")
                return
            result = wire.result_unpack(self.options.shape, fields["body"])
            self.results += 1
            say("result", period=wire.period_text(result["period"]),
                sites={site["site"]: site["figures"] for site in result["sites"]},
                heads={site["site"]: site["n"] for site in result["sites"]})

    def hello(self, connection, **other):
        options = self.options
        nonce = os.urandom(16)
        fields = {"protocol": 1, "nonce": nonce, "site": options.site, "n": len(self.heads) - 1,
                  "hash": self.heads[-1], "programme": options.programme_hash,
                  "is_rehearsal": int(options.rehearsal), "epoch": options.epoch, "roster": options.roster_hash}
        connection.send(wire.message_pack("HELLO", **{**fields, **other}))
        return nonce

    def greet(self, connection):
        nonce = self.hello(connection)
        welcome = connection.wait_for("WELCOME", self.take)
        if welcome["nonce"] != nonce:
            self.wrong.append("a welcome to another hello")
        connection.token = welcome["token"]
        return welcome

    def adopt(self, connection, welcome):
        """The hub has more than we: fetch, verify our own signatures, take over (3.3)."""
        first, last = len(self.heads), welcome["n"]
        connection.send(wire.message_pack("FETCH", token=connection.token, first=first, last=last))
        for n in range(first, last + 1):
            chain = connection.wait_for("CHAIN", self.take)
            head = wire.chain_next(chain["prev"], chain["n"], chain["payload"])
            if chain["n"] != n or chain["prev"] != self.heads[-1] or not wire.check(
                    wire.public_of(self.seed), "mia/1/release", head, chain["signature"]):
                self.wrong.append(f"the hub's copy of release {n}")
                return
            self.releases.append((chain["prev"], chain["payload"], chain["signature"]))
            self.heads.append(head)
        say("adopted", first=first, last=last)

    def decide(self, connection, welcome):
        hub_n = welcome["n"]
        ours = self.heads[hub_n] if hub_n < len(self.heads) else None
        decision = wire.decide(len(self.heads) - 1, ours, self.heads[-1], hub_n, welcome["hash"], None)
        say("decision", decision=decision, own_n=len(self.heads) - 1, hub_n=hub_n)
        if decision == "adopt":
            self.adopt(connection, welcome)
        elif decision == "fork":
            self.wrong.append("a fork")

    def stream(self, connection, hub_n):
        """Releases from hub_n + 1 on, at most eight under way, until all have receipts."""
        self.receipted = max(self.receipted, hub_n)
        sent, last = self.receipted, len(self.heads) - 1
        while self.receipted < last:
            while sent < last and sent - self.receipted < wire.WINDOW:
                sent += 1
                connection.send(self.message(connection, sent))
            self.take("RECEIPT", connection.wait_for("RECEIPT", self.take))
            if self.wrong:
                return


# ---- misbehaviour: each says what it did; what the hub then says is in the lines that follow ----

def replay(site, connection):
    for n in range(1, len(site.heads)):
        connection.send(site.message(connection, n))


def reorder(site, connection):
    base = len(site.heads) - 1
    for n in (base + 1, base + 2):
        site.add(site.payload(n))
    connection.send(site.message(connection, base + 2))
    for name, fields in connection.listen(site.options.quiet):
        site.take(name, fields)
    connection.send(site.message(connection, base + 1))
    connection.send(site.message(connection, base + 2))


def draft(site):
    """The next release, signed, without it becoming part of the chain."""
    n = len(site.heads)
    payload = site.payload(n)
    _, signature = wire.release_sign(site.seed, n, site.heads[-1], payload)
    return {"n": n, "prev": site.heads[-1], "payload": payload, "signature": signature}


def truncate(site, connection):
    whole = wire.message_pack("RELEASE", token=connection.token, **draft(site))
    for n in (1, 2, 3, 20, len(whole) // 2, len(whole) - 1):
        connection.send(whole[:n])


def oversize(site, connection):
    connection.send(bytes(wire.MESSAGE_BYTES_MAX + 1))


HOSTILE = ("", "c1", "90", "9101", "81a0c0", "dc000101", "ddffffffff", "d9ff", "9f" * 64, "91" * 200 + "00",
           "9205c4ff", "96cc05c41000", "95cb3ff0000000000000", "d6ffdeadbeef", "9763", "9400", "c0", "ff",
           "9303c410" + "00" * 16 + "0001", "9403c410" + "00" * 16 + "00cc01", "9403c410" + "00" * 16 + "000100",
           "9208c0", "9502c4100000", "99" + "01" * 9)


def malformed(site, connection):
    for text in HOSTILE:
        connection.send(bytes.fromhex(text))
    seeded = random.Random(4711)
    whole = wire.message_pack("RELEASE", token=connection.token, **draft(site))
    for _ in range(50):
        at = seeded.randrange(40)
        connection.send(whole[:at] + bytes([whole[at] ^ (1 << seeded.randrange(8))]) + whole[at + 1:])


def greedy(site, connection):
    """More than there is: the hub sends what it has, and goes on working."""
    connection.send(wire.message_pack("FETCH", token=connection.token, first=1, last=2**64 - 1))
    connection.send(wire.message_pack("FETCH", token=connection.token, first=2**63, last=2**64 - 1))
    connection.send(wire.message_pack("FETCH", token=connection.token, first=0, last=0))


def wrong_site(site, connection):
    site.hello(connection, site=site.options.wrong_site, n=0, hash=wire.chain_start(site.options.wrong_site))


def send_draft(site, connection, payload):
    n = len(site.heads)
    _, signature = wire.release_sign(site.seed, n, site.heads[-1], payload)
    connection.send(wire.message_pack("RELEASE", token=connection.token, n=n, prev=site.heads[-1], payload=payload,
                                      signature=signature))


def wrong_payload_site(site, connection):
    send_draft(site, connection, site.payload(len(site.heads), site=site.options.wrong_payload_site))


def wrong_signature(site, connection):
    fields = draft(site)
    signature = bytearray(fields["signature"])
    signature[7] ^= 1
    connection.send(wire.message_pack("RELEASE", token=connection.token, **{**fields, "signature": bytes(signature)}))


def stale_token(site, connection):
    connection.send(wire.message_pack("RELEASE", token=os.urandom(16), **draft(site)))


def unknown_programme(site, connection):
    send_draft(site, connection, site.payload(len(site.heads), programme=b"\x5a" * 32))


def small_cell(site, connection):
    """A headline of 1: what no site may send. Put into the bytes, as no honest packer would."""
    n = len(site.heads)
    measure = wire.due(site.options.shape, site.options.first + n - 1)[0]
    figures = {**site.options.figures, str(measure["number"]): [1] * measure["cells"]}
    honest, site.options.figures = site.options.figures, figures
    send_draft(site, connection, site.payload(n))
    site.options.figures = honest


MISBEHAVIOURS = {"replay": replay, "reorder": reorder, "truncate": truncate, "oversize": oversize,
                 "malformed": malformed, "greedy": greedy, "wrong_site": wrong_site, "wrong_payload_site": wrong_payload_site,
                 "wrong_signature": wrong_signature, "stale_token": stale_token,
                 "unknown_programme": unknown_programme, "small_cell": small_cell}


def misbehave(site, options):
    """Each on a connection of its own, then an honest greeting must still be answered."""
    for name, act in MISBEHAVIOURS.items():
        if not getattr(options, name):
            continue
        connection = Connection(options)
        site.greet(connection)
        say("misbehave", how=name)
        act(site, connection)
        for message, fields in connection.listen(options.quiet):
            site.take(message, fields)
        heard = dict(connection.heard)
        connection.close()
        connection = Connection(options)
        welcome = site.greet(connection)
        say("after", how=name, heard=heard, hub_n=welcome["n"])
        connection.close()


def play(options):
    site = Site(options)
    connection = Connection(options)
    welcome = site.greet(connection)
    site.decide(connection, welcome)
    while len(site.heads) - 1 < options.releases:
        site.add(site.payload(len(site.heads)))
    if not site.wrong:
        site.stream(connection, welcome["n"])
    for name, fields in connection.listen(options.quiet):
        site.take(name, fields)
    connection.close()
    misbehave(site, options)
    is_good = not site.wrong and site.receipted == len(site.heads) - 1
    say("summary", good=is_good, releases=len(site.heads) - 1, receipted=site.receipted, results=site.results,
        wrong=site.wrong)
    return EXIT_GOOD if is_good else EXIT_DIFFERENCE


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--self-test", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("--make-keys", action="store_true")
    parser.add_argument("--endpoint")
    parser.add_argument("--hub-link-key", type=bytes.fromhex)
    parser.add_argument("--hub-sign-key", type=bytes.fromhex)
    parser.add_argument("--keys", type=pathlib.Path)
    parser.add_argument("--site")
    parser.add_argument("--programme", type=pathlib.Path)
    parser.add_argument("--programme-hash", type=bytes.fromhex)
    parser.add_argument("--shape", help='{"k": 5, "measures": [{"number": 1, "cells": 1, "cadence": "month"}]}')
    parser.add_argument("--roster", type=pathlib.Path)
    parser.add_argument("--roster-hash", type=bytes.fromhex, default=bytes(32))
    parser.add_argument("--epoch", type=int, default=1)
    parser.add_argument("--rehearsal", action="store_true")
    parser.add_argument("--first", type=wire.period_of, default="2018-01", help="period of release 1")
    parser.add_argument("--releases", type=int, default=1, help="how long the chain is to become")
    parser.add_argument("--figures", type=json.loads, default={}, help='{"MEASURE NUMBER": [cell...]}; else 0')
    parser.add_argument("--at-closed", type=int, default=1518220800)
    parser.add_argument("--timeout", type=float, default=20, help="seconds to wait for what the hub must say")
    parser.add_argument("--quiet", type=int, default=1000, help="ms of silence that end a listening")
    for name in MISBEHAVIOURS:
        if name in ("wrong_site", "wrong_payload_site"):
            parser.add_argument("--" + name.replace("_", "-"), metavar="OTHER-SITE")
        else:
            parser.add_argument("--" + name.replace("_", "-"), action="store_true")
    return parser.parse_args()


def main():
    options = read_options()
    if options.self_test:
        import peer_vectors  # pylint: disable=import-outside-toplevel
        return peer_vectors.run(options.self_test)
    if options.make_keys:
        make_keys(options.keys, options.site)
        return EXIT_GOOD
    if options.roster:
        options.epoch, members = wire.roster_read(options.roster.read_text("utf-8"))
        options.roster_hash = wire.roster_hash(options.epoch, members)
        options.hub_sign_key, options.hub_link_key = next(member[1:] for member in members if member[0] == "hub")
    if options.programme:
        options.programme_hash, options.shape = wire.programme_read(options.programme.read_text("utf-8"))
    else:
        options.shape = json.loads(options.shape)
    try:
        return play(options)
    except NoAnswer as error:
        say("summary", good=False, wrong=[f"no answer: {error}"])
        return EXIT_TIME_OUT
    except Refused as error:
        say("summary", good=False, wrong=[f"refused: {error}"])
        return EXIT_DIFFERENCE
    except wire.Malformed as error:
        say("summary", good=False, wrong=[f"malformed from the hub: {error}"])
        return EXIT_DIFFERENCE


if __name__ == "__main__":
    sys.exit(main())
