"""A real hub with sites played from here: keys, signatures and questions made by proto/README.md, without mia or a site.

    with Hub(build, folder, ["sodertalje", "varna"]) as hub:
        hub.start()
        hub.ask("clock set", "2018-07-11")
        hub.total("entered", "2018")
"""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import msgpack

import peer_site
import peer_wire as wire

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMME = ROOT / "proto/programme/mia.ini"
READY_S = 60
PACKET_BYTES = 65536


class Failed(Exception):
    """The hub did what it should not; the text says what."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sign_file(path, domain, content_hash, seed):
    """FILE.sig (7.2)."""
    signature = wire.sign(seed, domain, content_hash)
    text = f"mia-signature 1\nkey {wire.fingerprint(wire.public_of(seed))}\nsignature {signature.hex()}\n"
    Path(f"{path}.sig").write_text(text, "utf-8")


class Hub:
    def __init__(self, build, folder, sites):
        self.program = Path(build) / "daemon/miad-hub"
        self.folder, self.sites = Path(folder), list(sites)
        self.seed = os.urandom(32)
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.process = None
        self.make()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # ---- making ----

    def make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.programme = self.folder / "programme.ini"
        self.programme.write_bytes(PROGRAMME.read_bytes())
        self.programme_hash, self.shape = wire.programme_read(self.programme.read_text("utf-8"))
        sign_file(self.programme, "mia/1/programme", self.programme_hash, self.seed)
        self.run("--init", "--dir", self.room, "--owner", "hub", "--programme", self.programme, "--programme-key",
                 wire.public_of(self.seed).hex(), "--roster", self.roster, "--endpoint", self.endpoint, "--rehearsal")
        for site in self.sites:
            self.make_keys(site)
        self.make_roster()

    def make_keys(self, site):
        """Keys and card of a site in a folder of its own, as peer_site.py --make-keys."""
        with open(os.devnull, "w", encoding="utf-8") as quiet:
            subprocess.run(["/usr/bin/python3", ROOT / "tests/flow/peer_site.py", "--make-keys", "--keys", self.keys(site),
                            "--site", site], check=True, stdout=quiet)

    def make_roster(self):
        cards = [self.room / "identity.ini", *(self.keys(site) / "identity.ini" for site in self.sites)]
        text = "[roster]\nepoch = 1\n" + "".join(card.read_text("utf-8") for card in cards)
        self.roster.write_text(text, "utf-8")
        epoch, members = wire.roster_read(text)
        sign_file(self.roster, "mia/1/roster", wire.roster_hash(epoch, members), self.seed)
        self.members = {member[0]: member[1:] for member in members}

    @property
    def room(self):
        return self.folder / "hub"

    @property
    def roster(self):
        return self.folder / "roster.ini"

    def keys(self, site):
        return self.folder / "keys" / site

    # ---- running ----

    def run(self, *words, expect=0):
        done = subprocess.run([self.program, *words], capture_output=True, text=True, timeout=READY_S, check=False)
        if done.returncode != expect:
            raise Failed(f"miad-hub {' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def start(self, env=None):
        with open(self.room / "log", "ab") as log:
            self.process = subprocess.Popen([self.program, "--config", self.room / "miad.conf"], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env={**os.environ, **(env or {})})
        end = time.monotonic() + READY_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise Failed(f"the hub is not ready:\n{self.log()[-3000:]}")
            time.sleep(0.01)  # between two looks at a state

    def answers(self):
        try:
            return self.ask("status")[0] == 0
        except OSError:
            return False

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        code = self.process.wait(timeout=READY_S)
        self.process = None
        return code

    def stop(self):
        if self.process is not None:
            self.kill(signal.SIGTERM)

    def log(self):
        return (self.room / "log").read_text("utf-8", errors="replace")

    # ---- questions (8, 9) ----

    def ask(self, words, *arguments, **options):
        """(exit, {schema: sheet}, attachment)."""
        given = [[name.replace("_", "-"), str(value)] for name, value in options.items()]
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as control:
            control.settimeout(READY_S)
            control.connect(str(self.room / "run/control"))
            control.send(msgpack.packb([1, words, list(arguments), given, 1, 0, []]))
            return answer(control)

    def figures(self, measure, period):
        """{site: total} of a measure, as the hub sums it, and the county's row."""
        code, sheets, _ = self.ask("totals", by="site", measure=measure, period=period)
        if "mia.totals/1" not in sheets:
            raise Failed(f"totals: exit {code} {sheets}")
        columns, cells = sheets["mia.totals/1"]
        rows = [cells[i:i + len(columns)] for i in range(0, len(cells), len(columns))]
        return {row[0][0]: row[columns.index("total")] for row in rows}  # a code: its id, then its words

    def events(self, start=""):
        """Lines "event details" of those that begin so."""
        columns, cells = self.ask("events", last=10000)[1]["mia.events/1"]
        rows = [cells[i:i + len(columns)] for i in range(0, len(cells), len(columns))]
        lines = [" ".join(code[0] for code in row[2:4] if code) for row in rows]
        return [line for line in lines if line.startswith(start)]

    # ---- a site ----

    def options(self, site, **other):
        """What peer_site wants to know."""
        return peer_site.argparse.Namespace(**{
            "endpoint": self.endpoint, "hub_sign_key": self.members["hub"][0], "hub_link_key": self.members["hub"][1],
            "keys": self.keys(site), "site": site, "programme_hash": self.programme_hash, "shape": self.shape,
            "roster_hash": wire.roster_hash(1, [(name, *keys) for name, keys in self.members.items()]), "epoch": 1,
            "rehearsal": True, "first": wire.period_of("2018-01"), "releases": 1, "figures": {}, "at_closed": 1518220800,
            "timeout": 20.0, "quiet": 300, **other})

    def play(self, site, *words, expect=0):
        """peer_site.py as a program: its exit, and what it said."""
        done = subprocess.run(["/usr/bin/python3", ROOT / "tests/flow/peer_site.py", "--endpoint", self.endpoint, "--keys",
                               self.keys(site), "--site", site, "--programme", self.programme, "--roster", self.roster,
                               "--rehearsal", "--quiet", "300", *words], capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != expect:
            raise Failed(f"{site} {words}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return [peer_site.json.loads(line) for line in done.stdout.splitlines()]

    def measure(self, name):
        return next(row for row in self.shape["measures"] if row["id"] == name)


def answer(control):
    body = b""
    while True:
        packet = control.recv(PACKET_BYTES)
        if not packet:
            raise Failed("the daemon closed before its answer was whole")
        kind, *fields = msgpack.unpackb(packet)
        if kind == 7:
            body += fields[2]
            if not fields[1]:
                break
    _, code, sheets, attachment = msgpack.unpackb(body)
    return code, {sheet[0]: ([column[0] for column in sheet[3]], sheet[4]) for sheet in sheets}, attachment
