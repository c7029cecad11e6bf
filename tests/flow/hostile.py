#!/usr/bin/python3
"""Peers that have no business at the hub's port (4-sync, 4.7, Authentication and Denial).

Each kind tries its number of times; each try also sends a message, should it get in. One JSON line
tells per kind how many were tried, refused, admitted and left unanswered for the time given. Exit
status 1 when one was admitted, 2 when the arguments are wrong.

    hostile.py --to tcp://127.0.0.1:5670 --server-key HEX --unknown 10000 --null 200 --plain 200

kinds      unknown   CURVE with the right server key and a fresh key of our own each time
           wrong     CURVE with a fresh key and a wrong server key
           null      no security at all
           plain     PLAIN with a name and a password
           raw       bytes over TCP: noise, old ZMTP, a giant frame, half a greeting
           hold      silent connections held open while the other kinds run
"""

import argparse
import json
import random
import socket
import struct
import sys
import time

import zmq
from zmq.utils import z85
from zmq.utils.monitor import recv_monitor_message

AT_ONCE = 50
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
    peer.send(PAYLOAD)
    return peer, monitor


def judge(monitor, counts):
    event = recv_monitor_message(monitor)["event"]
    counts["admitted" if event == zmq.EVENT_HANDSHAKE_SUCCEEDED else "refused"] += 1


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


def try_dressed(options, dress, n):
    counts = {"tried": n, "refused": 0, "admitted": 0, "unanswered": 0}
    context = zmq.Context()
    context.max_sockets = 4 * AT_ONCE
    for first in range(0, n, AT_ONCE):
        try_batch(context, options, dress, min(AT_ONCE, n - first), counts)
    context.term()
    return counts


def raw_bytes(dice):
    """Something that is not a ZMTP 3 CURVE handshake, or stops being one."""
    signature = b"\xff" + struct.pack(">Q", 1) + b"\x7f"
    greeting = signature + b"\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)
    giant = b"\x06" + struct.pack(">Q", dice.choice((1 << 20, 1 << 31, 1 << 62, (1 << 64) - 1)))
    return dice.choice((
        dice.randbytes(dice.randint(1, 2000)),
        b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n",
        b"\x01\x00\x05\x00hello" * 20,                        # ZMTP 1.0: no greeting at all
        signature + b"\x01\x05\x00\x00\x00\x05hello",         # ZMTP 2.0
        greeting[:dice.randint(1, len(greeting) - 1)],
        greeting + giant + dice.randbytes(500),
        greeting + b"\x04\xc8\x05HELLO" + dice.randbytes(194),
        greeting + b"\x04\x06\x05READY",
        greeting + b"\x00\x05hello" * 50,                     # a message before the handshake
    ))


def dial(options):
    host, _, port = options.to.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=options.wait)


def try_raw(options, n):
    """Nothing to be admitted to; refused: the hub closed. A half greeting is left to time out."""
    counts = {"tried": n, "refused": 0, "admitted": 0, "unanswered": 0}
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
    for kind in (*DRESSES, "raw", "hold"):
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="N")
    options = parser.parse_args()
    if options.unknown and options.server_key is None:
        parser.error("--unknown needs --server-key")
    held = [dial(options) for _ in range(options.hold)]
    counts = {kind: try_dressed(options, dress, getattr(options, kind))
              for kind, dress in DRESSES.items() if getattr(options, kind)}
    if options.raw:
        counts["raw"] = try_raw(options, options.raw)
    if held:
        counts["hold"] = {"tried": len(held)}
    print(json.dumps(counts), flush=True)
    return 1 if any(kind.get("admitted") for kind in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
