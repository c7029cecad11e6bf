"""What the fault stories share: a small county, files of persons, a disk that fails when told to, and the control socket by hand."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import msgpack

from lib_county import HUB, County, Failed

BUILD = Path(os.environ.get("MIA_BUILD", "build/debug")).resolve()
SITE = "sodertalje"
HEADINGS = "Lokalt id;Kön;Samtycke;Datum för samtycke;Inskrivningsdatum"
BODY_BYTES = 60 * 1024
CREDIT, PROGRESS, ANSWER = 5, 6, 7
SHIM = BUILD / "tests/fault_preload.so"
WAIT_S = 60


def sheet(answer, schema):
    """The one form of a JSON answer with that schema."""
    for one in answer if isinstance(answer, list) else [answer]:
        if one["schema"] == schema:
            return one["values"]
    raise Failed(f"no {schema} in {answer}")


def figure(county, measure, period, site=SITE):
    """What the hub publishes of a site's measure with one cell; None when it publishes nothing."""
    answer = county.ask(HUB, "totals", "--measure", measure, "--period", period, "--site", site, "--allow-partial", expect=(0,))
    rows = [row for one in (answer if isinstance(answer, list) else [answer]) for row in one.get("rows", [])]
    return rows[0]["value"] if rows else None


def persons_file(path, first, n):
    """n persons with local ids from first on, who entered in January 2018."""
    rows = (f"FAULT-{i:07d};Kvinna;Lämnat;2018-01-02;2018-01-02" for i in range(first, first + n))
    Path(path).write_text("\n".join([HEADINGS, *rows]) + "\n", "utf-8")
    return Path(path)


def wait_for(what, is_so, seconds=WAIT_S):
    """Until it is so: looks again and again, and says what it waited for."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise Failed(f"waited {seconds} s for {what}")
        time.sleep(0.02)


def sanitizers():
    """Libraries of AddressSanitizer that the daemons are linked with; none in an ordinary build."""
    linked = subprocess.run(["ldd", BUILD / "daemon/miad-site"], capture_output=True, text=True, check=True).stdout
    return [line.split()[2] for line in linked.splitlines() if "libasan" in line]


class Disk:
    """Orders for tests/flow/fault_preload.c."""

    def __init__(self, path):
        self.path = Path(path)

    def env(self):
        """Of a daemon whose disk it is. A sanitizer's library must come first."""
        return {"LD_PRELOAD": ":".join([*sanitizers(), str(SHIM)]), "MIA_FAULT_ARM": str(self.path)}

    def order(self, text):
        """Whole or not at all, as the shim may look at any moment."""
        self.count_path.unlink(missing_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(text, "ascii")
        new.rename(self.path)

    def heal(self):
        self.path.unlink(missing_ok=True)

    @property
    def count_path(self):
        return Path(f"{self.path}.count")

    def counted(self):
        return int(self.count_path.read_text("ascii") or 0) if self.count_path.exists() else 0


class Control:
    """A client of the control socket that can stop anywhere (proto/README.md, section 9)."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.connect(str(path))  # waits while the daemon's queue is full
        self.socket.settimeout(WAIT_S)
        self.credit = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *packet):
        self.socket.send(msgpack.packb(list(packet), use_bin_type=True))

    def receive(self):
        packet = self.socket.recv(65536)
        return msgpack.unpackb(packet, raw=False, strict_map_key=False) if packet else None

    def import_pieces(self, content, pieces=None):
        """Begins an import with --apply, sends so many pieces (all: None); then END, when all were sent."""
        self.send(1, "import", ["faults.csv"], [["apply", ""]], 1, len(content), [])
        parts = [content[at:at + BODY_BYTES] for at in range(0, len(content), BODY_BYTES)]
        for seq, part in enumerate(parts[:pieces]):
            self.wait_credit()
            self.send(2, seq, part)
            self.credit -= 1
        if pieces is None:
            self.send(3, len(content))

    def wait_credit(self):
        while self.credit == 0:
            packet = self.receive()
            if packet is None or packet[0] == ANSWER:
                raise Failed(f"no credit but {packet}")
            if packet[0] == CREDIT:
                self.credit += packet[1]

    def answer_bytes(self):
        """The joined answer; None when the daemon went away."""
        body, more = b"", True
        while more:
            try:
                packet = self.receive()
            except OSError:
                return None
            if packet is None:
                return None
            if packet[0] == ANSWER:
                body, more = body + packet[3], packet[2]
        return body


class Story(unittest.TestCase):
    """A rehearsal county on 5 February 2018 with a folder of its own."""

    sites = (SITE,)
    today = "2018-02-05"

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-faults-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.county = County(BUILD, self.folder / "county", sites=self.sites)
        self.addCleanup(self.county.stop)
        self.disk = Disk(self.folder / "disk")
        self.county.make()

    def start(self, *names, env=None):
        for name in names or [HUB, *self.sites]:
            self.county.start_one(name, env=env)
        self.county.set_clock(self.today, names or None)
        self.county.set_clock(f"{self.today}T00:20:00Z", names or None)  # past the spread of what closed by that

    def participants(self, site=SITE):
        return sheet(self.county.ask(site, "status"), "mia.status/1")["participants"] or 0

    def store(self, path, expect=(0,), site=SITE):
        """mia import --apply: its output, whatever the format."""
        return self.county.mia(site, "import", path, "--apply", expect=expect)

    def dry_run(self, path, site=SITE):
        return sheet(self.county.ask(site, "import", path, expect=(0,)), "mia.import/1")

    def is_running(self, name=SITE):
        return self.county.processes[name].poll() is None


