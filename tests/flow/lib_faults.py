"""What the fault stories share: a small county, files of persons, a disk that fails when told to, and the control socket by hand."""

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import msgpack

from lib_county import HUB, County, Failed
from lib_criteria import Criteria

BUILD = Path(os.environ.get("MIA_BUILD", "build/debug")).resolve()
SITE = "sodertalje"
HEADINGS = "Lokalt id;Kön;Samtycke;Datum för samtycke;Inskrivningsdatum"
BODY_BYTES = 60 * 1024
CREDIT, PROGRESS, ANSWER = 5, 6, 7
WAIT_S = 60
HURRY_S = 1
LAST_MONTH = 34  # counted from January 2018: the last that somebody can enter in, but one
# ./run faults tries everything; ctest a sample of it, which MIA_SEED picks.
IS_LONG = bool(os.environ.get("MIA_LONG"))
SEED = int(os.environ.get("MIA_SEED", "4711"))


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


def preloaded(*shims):
    """The environment of a daemon with several of the shims below. A sanitizer's library must come first."""
    env = {key: value for shim in shims for key, value in shim.variables().items()}
    return {**env, "LD_PRELOAD": ":".join([*sanitizers(), *(str(BUILD / f"tests/{shim.library}.so") for shim in shims)])}


def sample(chance, everything, n):
    """What is tried of it: everything behind ./run faults, else so many of it."""
    everything = list(everything)
    return everything if IS_LONG or len(everything) <= n else sorted(chance.sample(everything, n))


class Shim:
    """Something of the machine that misbehaves for the daemons started with env()."""

    def __init__(self, path):
        self.path = Path(path)

    def env(self):
        return preloaded(self)

    def variables(self):
        return {self.variable: str(self.path)}


class Clock(Shim):
    """Jumps of the machine's clocks (tests/flow/clock_preload.c)."""

    library, variable = "clock_preload", "MIA_CLOCK"

    def __init__(self, path):
        super().__init__(path)
        self.path.write_bytes(bytes(16))
        self.day_s, self.mono_ms = 0, 0

    def pass_on(self, seconds):
        """So long goes by for the daemons, and not for us."""
        self.jump(self.day_s + seconds, self.mono_ms + 1000 * seconds)

    def jump(self, day_s=0, mono_ms=0):
        """By so much from where they would be without; the second never goes back."""
        self.day_s, self.mono_ms = day_s, mono_ms
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=qq", day_s, mono_ms))


class Memory(Shim):
    """Allocations that fail (tests/flow/memory_preload.c)."""

    library, variable = "memory_preload", "MIA_MEMORY"

    def __init__(self, path):
        super().__init__(path)
        self.path.write_bytes(bytes(16))

    def order(self, at):
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=QQ", 0, 0))
            file.seek(0)
            file.write(struct.pack("=Q", at))

    def counted(self):
        return struct.unpack("=QQ", self.path.read_bytes())[1]


class Disk(Shim):
    """Orders for tests/flow/fault_preload.c."""

    library, variable = "fault_preload", "MIA_FAULT_ARM"

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
    rehearsal = True

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-faults-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.county = County(BUILD, self.folder / "county", sites=self.sites)
        self.county.is_rehearsal = self.rehearsal
        self.addCleanup(self.county.stop)
        self.addCleanup(self.tell_logs)
        self.disk = Disk(self.folder / "disk")
        self.county.make()

    def tell_logs(self):
        """What the daemons said last, when a case failed."""
        result = self._outcome.result
        if any(case is self for case, _ in result.errors + result.failures):
            for name in (HUB, *self.sites):
                if (self.county.room(name) / "log").exists():
                    print(f"--- {name}", *self.county.log(name).splitlines()[-15:], sep="\n", file=sys.stderr)

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


def month_of(i):
    """2018-01 and the months after it."""
    return f"{2018 + i // 12}-{i % 12 + 1:02}"


class Months(Story):
    """One month after another: so many persons enter, the month closes, and its report travels, whatever happens meanwhile."""

    def setUp(self):
        super().setUp()
        self.entered = {site: {} for site in self.sites}  # what was acknowledged: site -> month -> persons
        self.stored = {site: [] for site in self.sites}  # files whose import was acknowledged
        self.files = 0
        self.clock = Clock(self.folder / "clock")
        self.hurried, self.hurry_s = 0, HURRY_S

    def env_of(self, _name):
        """What a daemon that is started anew gets."""
        return self.clock.env()

    def revive(self):
        """Whoever ended is started anew, as systemd would; whether anybody had."""
        ended = [name for name in (HUB, *self.sites) if name not in self.county.processes or not self.is_running(name)]
        for name in ended:
            self.county.processes.pop(name, None)
            self.county.start_one(name, env=self.env_of(name))
        return ended

    def enter(self, month, n, site=SITE):
        """So many persons enter in a month that has begun."""
        self.files += 1
        file = persons_file(self.folder / f"{month}-{self.files}.csv", 100000 * self.files, n)
        file.write_text(file.read_text("utf-8").replace("2018-01-02", f"{month}-02"), "utf-8")
        self.insist(site, "import", file, "--apply")
        self.stored[site].append(file)
        self.entered[site][month] = self.entered[site].get(month, 0) + n

    def insist(self, name, *words):
        """As a clerk would: again while the daemon is away or its disk fails."""
        wait_for(f"mia {words[0]} at {name}", lambda: self.does(name, *words))

    def does(self, name, *words):
        try:
            self.county.mia(name, *words)
            return True
        except Failed:
            return False

    def begin(self, i):
        """The clocks of those who run go into a month."""
        self.county.set_clock(f"{month_of(i)}-15", [name for name in (HUB, *self.sites) if name in self.county.processes and self.is_running(name)])

    def close(self, i, names=None):
        """A month's cut-off day, past the spread; a daemon that ends at it is no failure here."""
        self.pass_day(i, ("00:00", "00:20"), names)

    def pass_day(self, i, times, names=None):
        for at in times:
            for name in names or (HUB, *self.sites):
                self.county.mia(name, "clock", "set", f"{month_of(i + 1)}-11T{at}:00Z", expect=(0, 1, 2, 3, 9))

    def status(self, site=SITE):
        """None when it does not answer."""
        said = self.county.mia(site, "status", "--format", "json", expect=(0, 2, 3, 6, 9))
        return sheet(json.loads(said), "mia.status/1") if "mia.status/1" in said else None

    def hurry(self, site=SITE):
        """A site that waits has waited: all clocks go on. Each time later, as a greeting has its time too."""
        status = self.status(site)
        if time.monotonic() < self.hurried + self.hurry_s or status is None:
            return
        self.hurried, self.hurry_s = time.monotonic(), 2 * self.hurry_s
        self.clock.pass_on(301)  # more than any wait: for a receipt, before dialling, for the moment to send, to close again
        self.status(site)  # that it looks at its clock

    def settle(self, i):
        """All daemons up, the month's clock, and a receipt for everything."""
        self.revive()
        self.pass_day(i, ("00:20", "00:40"))  # past the spread of what closed late
        for site in self.sites:
            self.hurry_s = HURRY_S
            wait_for(f"{site} to have its receipts", lambda site=site: self.is_settled(i, site))

    def is_settled(self, i, site=SITE):
        status = self.status(site)
        if status is not None and (status["last_period"], status["sent"]) == (month_of(i), status["received"]):
            return True
        if self.revive():
            self.pass_day(i, ("00:20", "00:40"))
        self.hurry(site)
        return False

    def assert_all_is_there(self):
        """4.7's criteria, and every month's figure is what was acknowledged."""
        Criteria(self.county).check(self, self.stored)
        for site in self.sites:
            self.assertEqual(self.participants(site), sum(self.entered[site].values()), site)
            for month, n in self.entered[site].items():
                self.assertEqual(figure(self.county, "entered", month, site), n, f"{site} {month}")
