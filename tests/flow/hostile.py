#!/usr/bin/python3
"""Peers that have no business at the hub's port (4-sync, 4.7, Authentication and Denial).

Each kind tries its number of times; each try also sends a message, should it get in. One JSON line
tells per kind how many were tried, refused (of these: denied, when the hub itself said no), admitted
and left unanswered for the time given. Exit status 1 when one was admitted, 2 when the arguments are
wrong.

    hostile.py --to tcp://127.0.0.1:5670 --server-key HEX --unknown 10000 --null 200 --plain 200

kinds      unknown   CURVE with the right server key and a fresh key of our own each time
           wrong     CURVE with a fresh key and a wrong server key
           null      no security at all
           plain     PLAIN with a name and a password
           zmtp1     a whole handshake and a message as ZMTP 1.0 has them; zmtp2 as 2.0
           zmtp3     the handshake of ZMTP 3.0 with NULL; who is let in there is told so
           raw       bytes over TCP: noise, old ZMTP, a giant frame, half a greeting
           hold      silent connections held open while the other kinds run

With --until-denied only tries that were denied count, for --give-up seconds: a hub that is being
stopped, started or reloaded leaves many without an answer.
"""

import argparse
import json
import random
import selectors
import socket
import struct
import sys
import time

import zmq
from zmq.utils import z85
from zmq.utils.monitor import recv_monitor_message

AT_ONCE = 50
SOCKETS_MAX = 4000  # those that are closed need a moment to be gone
DIAL_S = 60
GREETING_BYTES = 64  # what a server may say before it knows who is there
FAILED = (zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
          | zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED)
PAYLOAD = b"let me in"


def curve(peer, server_key):
    peer.curve_serverkey = server_key
    peer.curve_publickey, peer.curve_secretkey = zmq.curve_keypair()


def unknown(peer, options):
    curve(peer, options.server_key)


def wrong(peer, _options):
    curve(peer, zmq.curve_keypair()[0])


def null(_peer, _options):
    pass


def plain(peer, _options):
    peer.plain_username = b"nacka"
    peer.plain_password = b"nacka"


DRESSES = {"unknown": unknown, "wrong": wrong, "null": null, "plain": plain}


def start(context, options, dress):
    """One dressed-up peer: (socket, monitor), already dialling."""
    peer = context.socket(zmq.DEALER)
    peer.linger = 0
    peer.reconnect_ivl = -1
    peer.ipv6 = True
    dress(peer, options)
    monitor = peer.get_monitor_socket(FAILED | zmq.EVENT_HANDSHAKE_SUCCEEDED)
    peer.connect(options.to)
    try:
        peer.send(PAYLOAD, zmq.NOBLOCK)
    except zmq.Again:  # denied already: there is nobody to wait for, and never will be
        pass
    return peer, monitor


def judge(monitor, counts):
    event = recv_monitor_message(monitor)["event"]
    counts["admitted" if event == zmq.EVENT_HANDSHAKE_SUCCEEDED else "refused"] += 1
    counts["denied"] += event == zmq.EVENT_HANDSHAKE_FAILED_AUTH


def finish(peer):
    peer.disable_monitor()
    peer.close()


def try_batch(context, options, dress, n, counts):
    """n peers at once, each judged by the first thing that happens to it."""
    peers = dict(reversed(start(context, options, dress)) for _ in range(n))
    end = time.monotonic() + options.wait
    poller = zmq.Poller()
    for monitor in peers:
        poller.register(monitor, zmq.POLLIN)
    while peers and time.monotonic() < end:
        for monitor, _ in poller.poll(1000):
            judge(monitor, counts)
            poller.unregister(monitor)
            finish(peers.pop(monitor))
    counts["unanswered"] += len(peers)
    for peer in peers.values():
        finish(peer)


def nothing_yet():
    return {"tried": 0, "refused": 0, "denied": 0, "admitted": 0, "unanswered": 0}


def try_dressed(options, dress, n):
    counts = nothing_yet()
    context = zmq.Context()
    context.max_sockets = SOCKETS_MAX
    end = time.monotonic() + options.give_up
    while (left := n - counts["denied" if options.until_denied else "tried"]) > 0 and time.monotonic() < end:
        batch = min(AT_ONCE, left)
        try_batch(context, options, dress, batch, counts)
        counts["tried"] += batch
    context.term()
    return counts


SIGNATURE = b"\xff" + struct.pack(">Q", 1) + b"\x7f"


def command(name, body):
    text = bytes([len(name)]) + name + body
    return bytes([4, len(text)]) + text


OLD = {
    "zmtp1": b"\x01\x00" + bytes([len(PAYLOAD) + 1, 0]) + PAYLOAD,
    "zmtp2": SIGNATURE + b"\x01\x05" + b"\x00\x00" + bytes([0, len(PAYLOAD)]) + PAYLOAD,
    "zmtp3": (SIGNATURE + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
              + command(b"READY", b"\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER")),
}


def hear(peer, heard, counts):
    """What came of one of them: True when it is over."""
    try:
        piece = peer.recv(4096)
    except OSError:
        piece = b""
    heard[peer] += len(piece)
    if piece and heard[peer] <= GREETING_BYTES:
        return False
    counts["admitted" if heard[peer] > GREETING_BYTES else "refused"] += 1
    return True


def try_old(options, greeting, n):
    """All at once; a server that takes one of them for a peer says more than its greeting."""
    counts = {**nothing_yet(), "tried": n}
    waiting, heard = selectors.DefaultSelector(), {}
    for _ in range(n):
        peer = dial(options)
        peer.sendall(greeting)
        heard[peer] = 0
        waiting.register(peer, selectors.EVENT_READ)
    end = time.monotonic() + options.wait
    while waiting.get_map() and time.monotonic() < end:
        for key, _ in waiting.select(1):
            if hear(key.fileobj, heard, counts):
                waiting.unregister(key.fileobj)
    counts["unanswered"] = len(waiting.get_map())
    for peer in heard:
        peer.close()
    return counts


def raw_bytes(dice):
    """Something that is not a ZMTP 3 CURVE handshake, or stops being one."""
    greeting = SIGNATURE + b"\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)
    giant = b"\x06" + struct.pack(">Q", dice.choice((1 << 20, 1 << 31, 1 << 62, (1 << 64) - 1)))
    return dice.choice((
        dice.randbytes(dice.randint(1, 2000)),
        b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n",
        b"\x01\x00\x05\x00hello" * 20,                        # ZMTP 1.0: no greeting at all
        SIGNATURE + b"\x01\x05\x00\x00\x00\x05hello",         # ZMTP 2.0
        greeting[:dice.randint(1, len(greeting) - 1)],
        greeting + giant + dice.randbytes(500),
        greeting + b"\x04\xc8\x05HELLO" + dice.randbytes(194),
        greeting + b"\x04\x06\x05READY",
        greeting + b"\x00\x05hello" * 50,                     # a message before the handshake
    ))


def dial(options):
    host, _, port = options.to.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=DIAL_S)


def try_raw(options, n):
    """Nothing to be admitted to; refused: the hub closed. A half greeting is left to time out."""
    counts = {**nothing_yet(), "tried": n}
    dice = random.Random(options.seed)
    for _ in range(n):
        try:
            with dial(options) as peer:
                peer.settimeout(0.05)
                peer.sendall(raw_bytes(dice))
                while peer.recv(4096):
                    pass
            counts["refused"] += 1
        except TimeoutError:
            counts["unanswered"] += 1
        except OSError:
            counts["refused"] += 1
    return counts


def server_key(text):
    """64 hexadecimal digits, or libzmq's 40 of Z85."""
    if len(text) == 64:
        return z85.encode(bytes.fromhex(text))
    if len(text) == 40:
        return text.encode()
    raise argparse.ArgumentTypeError("64 hexadecimal digits or 40 of Z85")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", required=True, metavar="tcp://HOST:PORT")
    parser.add_argument("--server-key", type=server_key, metavar="KEY")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wait", type=float, default=20, metavar="SECONDS",
                        help="before a try counts as unanswered")
    parser.add_argument("--until-denied", action="store_true")
    parser.add_argument("--give-up", type=float, default=600, metavar="SECONDS")
    for kind in (*DRESSES, *OLD, "raw", "hold"):
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="N")
    options = parser.parse_args()
    if options.unknown and options.server_key is None:
        parser.error("--unknown needs --server-key")
    held = [dial(options) for _ in range(options.hold)]
    counts = {kind: try_dressed(options, dress, getattr(options, kind))
              for kind, dress in DRESSES.items() if getattr(options, kind)}
    for kind, greeting in OLD.items():
        if getattr(options, kind):
            counts[kind] = try_old(options, greeting, getattr(options, kind))
    if options.raw:
        counts["raw"] = try_raw(options, options.raw)
    if held:
        counts["hold"] = {"tried": len(held)}
    print(json.dumps(counts), flush=True)
    return 1 if any(kind.get("admitted") for kind in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
