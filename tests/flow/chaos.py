#!/usr/bin/python3
"""A TCP proxy that misbehaves on purpose, the same way every time for one seed.

It stands between a site and the hub (4-sync, 4.7, Network), so that flow tests and the demo can
cut a site off and heal it without root. One line on standard output tells each change of state
("listening PORT", "up", "down", "frozen", "cut"), so that a test waits for a line, never for a
time. Ends on SIGTERM, SIGINT or the end of standard input (--control -), with one JSON line of
counts.

modes      pass            forward everything
           cut-at N        reset the connection when N bytes (both ways together) have passed
           drop-after N    forward N bytes, then swallow the rest in silence, never closing
           half-open       accept, swallow, never dial on, never answer
           delay MS        hold each piece MS milliseconds, +- half by the seed, order kept
           rate BITS       at most BITS bits a second each way
           flap            up and down by the seed, some seconds each
--times K  the first K connections suffer the mode and later ones pass; 0 (default) is all

control    down            reset everything and refuse new connections
           freeze          swallow everything from now on, and leave new ones unanswered
           up              listen and pass again (what was swallowed stays lost)
           cut N           let N more bytes through, then reset the connection that carried them
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import struct
import sys

PIECE_BYTES = 4096
COUNTED_MODES = ("cut-at", "drop-after", "delay", "rate")
MODES = ("pass", "half-open", "flap") + COUNTED_MODES


def say(*words):
    print(*words, flush=True)


def address(text):
    """PORT or HOST:PORT, HOST possibly [::1]."""
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


def reset(writer):
    """Closes with RST: what the peer had in flight is lost, as when a machine is switched off."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Connection:
    """One accepted connection: its two ends, how it suffers, and what has passed."""

    def __init__(self, mode, value):
        self.mode = mode
        self.value = value
        self.passed = 0
        self.writers = []
        self.swallows = mode == "half-open"

    def reset(self):
        for writer in self.writers:
            reset(writer)


class Proxy:
    def __init__(self, options):
        self.listen_at = address(options.listen)
        self.to = address(options.to)
        self.mode = options.mode[0]
        self.value = int(options.mode[1]) if len(options.mode) > 1 else 0
        self.times = options.times
        self.random = random.Random(options.seed)
        self.server = None
        self.connections = set()
        self.is_frozen = False
        self.cut_left = None
        self.counts = {"connections": 0, "refused_by_target": 0, "bytes": 0, "swallowed": 0,
                       "cuts": 0}

    # ---- one connection ----

    def suffering(self):
        first = self.counts["connections"]
        if self.times and first > self.times:
            return Connection("pass", 0)
        return Connection(self.mode, self.value)

    async def serve(self, reader, writer):
        self.counts["connections"] += 1
        connection = self.suffering()
        connection.writers.append(writer)
        connection.swallows = connection.swallows or self.is_frozen
        self.connections.add(connection)
        try:
            if connection.swallows:
                await self.swallow(reader)
            else:
                await self.join(connection, reader, writer)
        except (ConnectionError, OSError):
            pass
        finally:
            self.connections.discard(connection)
            for end in connection.writers:
                end.close()

    async def join(self, connection, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.to)
        except OSError:
            self.counts["refused_by_target"] += 1
            reset(writer)
            return
        connection.writers.append(far_writer)
        ways = [asyncio.ensure_future(self.pump(connection, reader, far_writer)),
                asyncio.ensure_future(self.pump(connection, far_reader, writer))]
        try:
            await asyncio.gather(*ways)
        finally:
            for way in ways:
                way.cancel()

    async def swallow(self, reader):
        while piece := await reader.read(PIECE_BYTES):
            self.counts["swallowed"] += len(piece)

    async def pump(self, connection, reader, writer):
        while piece := await reader.read(PIECE_BYTES):
            await self.hold(connection, len(piece))
            if connection.swallows:
                self.counts["swallowed"] += len(piece)
                continue
            allowed = self.allowance(connection, len(piece))
            writer.write(piece[:allowed])
            await writer.drain()
            connection.passed += allowed
            self.counts["bytes"] += allowed
            await self.exhaust(connection, len(piece) - allowed)
        if not connection.swallows and writer.can_write_eof():
            writer.write_eof()

    async def hold(self, connection, n):
        if connection.mode == "delay":
            await asyncio.sleep(connection.value / 1000 * self.random.uniform(0.5, 1.5))
        elif connection.mode == "rate":
            await asyncio.sleep(n * 8 / max(connection.value, 1))

    def allowance(self, connection, n):
        """How many of the next n bytes may pass."""
        if connection.mode in ("cut-at", "drop-after"):
            n = min(n, max(connection.value - connection.passed, 0))
        if self.cut_left is not None:
            n = min(n, self.cut_left)
            self.cut_left -= n
        return n

    async def exhaust(self, connection, left_over):
        """What happens once the bytes that may pass have passed."""
        at_end = connection.passed >= connection.value
        if self.cut_left == 0:
            self.cut_left = None
            await self.cut(connection)
        elif connection.mode == "cut-at" and at_end:
            await self.cut(connection)
        elif connection.mode == "drop-after" and at_end:
            connection.swallows = True
            self.counts["swallowed"] += left_over

    async def cut(self, connection):
        await asyncio.sleep(0.02)  # lets what may pass leave the kernel before the reset
        self.counts["cuts"] += 1
        connection.reset()
        say("cut")

    # ---- the whole ----

    async def up(self):
        self.is_frozen = False
        if self.server is None:
            self.server = await asyncio.start_server(self.serve, *self.listen_at, backlog=1024)
            # A free port, once taken, is kept.
            self.listen_at = self.server.sockets[0].getsockname()[:2]

    def down(self):
        if self.server is not None:
            self.server.close()
        self.server = None
        for connection in list(self.connections):
            connection.reset()

    def freeze(self):
        self.is_frozen = True
        for connection in self.connections:
            connection.swallows = True

    async def obey(self, line):
        words = line.split()
        if words == ["up"]:
            await self.up()
            say("up")
        elif words == ["down"]:
            self.down()
            say("down")
        elif words == ["freeze"]:
            self.freeze()
            say("frozen")
        elif len(words) == 2 and words[0] == "cut" and words[1].isdigit():
            # 0: the very next bytes are lost with their connection
            self.cut_left = int(words[1])
        elif words:
            say("unknown", line.strip())

    async def flap(self):
        while True:
            await asyncio.sleep(self.random.uniform(0.2, 3))
            self.down()
            say("down")
            await asyncio.sleep(self.random.uniform(0.1, 2))
            await self.up()
            say("up")


async def read_control(path, proxy, stop):
    # A FIFO opened for both never ends, whoever writes to it and goes.
    control = sys.stdin if path == "-" else os.fdopen(os.open(path, os.O_RDWR), "r")
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), control)
    while line := await reader.readline():
        await proxy.obey(line.decode(errors="replace"))
    stop.set()


async def run(options):
    proxy = Proxy(options)
    stop = asyncio.Event()
    tasks = []
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await proxy.up()
    say("listening", proxy.listen_at[1])
    if options.control is not None:
        tasks.append(asyncio.ensure_future(read_control(options.control, proxy, stop)))
    if proxy.mode == "flap":
        tasks.append(asyncio.ensure_future(proxy.flap()))
    await stop.wait()
    for task in tasks:
        task.cancel()
    proxy.down()
    say(json.dumps(proxy.counts))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listen", required=True, metavar="[HOST:]PORT", help="0 takes a free one")
    parser.add_argument("--to", required=True, metavar="[HOST:]PORT")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", nargs="+", default=["pass"], metavar=("MODE", "N"))
    parser.add_argument("--times", type=int, default=0, metavar="K")
    parser.add_argument("--control", metavar="FIFO", help="- is standard input")
    options = parser.parse_args()
    mode, *values = options.mode
    if mode not in MODES:
        parser.error(f"no such mode: {mode}")
    if len(values) != (mode in COUNTED_MODES) or not all(value.isdigit() for value in values):
        parser.error(f"{mode} takes {'one number' if mode in COUNTED_MODES else 'no number'}")
    asyncio.run(run(options))


if __name__ == "__main__":
    main()
