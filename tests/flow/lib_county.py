"""A county of real processes with keys of their own, for the demo and the flow tests: a hub, sites, and mia to talk to them.

    with County(build, folder, sites=["sodertalje"]) as county:
        county.start()
        county.set_clock("2018-07-11")
        county.mia("sodertalje", "import", "april.csv", "--apply")

Everything is in `folder`; every process ends with the `with`.
"""

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMME = ROOT / "proto/programme/mia.ini"
HUB = "hub"
READY_S = 60


class Failed(Exception):
    """A program did what it should not; the text says which and what it said."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def programme_sites(path=PROGRAMME):
    """Site ids that take part from the operation's first day."""
    text = Path(path).read_text(encoding="utf-8")
    first = re.search(r"^valid = (\S+?)\.\.", text, re.M).group(1)
    return [name for name, valid in re.findall(r"^\[site (\S+)\][^\[]*?^valid = (\S+?)\.\.", text, re.M | re.S) if valid <= first]


class County:
    def __init__(self, build, folder, sites=None, programme=PROGRAMME):
        self.build, self.folder = Path(build).resolve(), Path(folder).resolve()
        self.sites = list(sites or programme_sites(programme))
        self.programme_source = Path(programme)
        self.port = free_port()
        self.is_rehearsal = True
        self.ports = {}  # site -> port it dials, when not the hub's own
        self.processes, self.logs = {}, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # ---- mia ----

    def room(self, name):
        return self.folder / name

    def socket(self, name):
        return self.room(name) / "run/control"

    def command(self, name, *words):
        """The words of one mia call; name None: a command that needs no daemon."""
        at = [] if name is None else ["--socket", str(self.socket(name))]
        return [str(self.build / "client/mia"), *map(str, words), *at]

    def mia(self, name, *words, expect=(0,), lang="en", timeout=120, text=""):
        """Runs mia (text: what it reads) and gives its standard output; an exit code that was not expected is Failed."""
        env = {**os.environ, "NO_COLOR": "1", "LANG": "C.UTF-8"}
        done = subprocess.run([*self.command(name, *words), "--lang", lang], capture_output=True, text=True, env=env, timeout=timeout, check=False, input=text)
        if done.returncode not in expect:
            raise Failed(f"mia {' '.join(map(str, words))} at {name}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def ask(self, name, *words, expect=(0,), told=None):
        """The answer as JSON; told: the fields of a form, given as JSON too."""
        form = [] if told is None else ["--from", "-"]
        return json.loads(self.mia(name, *words, *form, "--format", "json", expect=expect, text="" if told is None else json.dumps(told)))

    # ---- making ----

    def make(self):
        """Programme and roster signed, hub and sites made, nothing running."""
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)  # a key lies in it
        programme = self.folder / "programme.ini"
        programme.write_bytes(self.programme_source.read_bytes())
        self.mia(None, "programme", "sign", programme, "--key", self.folder / "programme.key", "--make-key", "--plain-key")
        self.make_room("hub", "--listen", f"tcp://127.0.0.1:{self.port}")
        for site in self.sites:
            self.make_room(f"site {site}", "--hub", f"tcp://127.0.0.1:{self.ports.get(site, self.port)}")
        self.make_roster()

    def make_room(self, who, *options):
        name = who.split()[-1]
        self.mia(None, "init", *who.split(), "--dir", self.room(name), "--programme", self.folder / "programme.ini", "--programme-key",
                 self.folder / "programme.key.pub", "--roster", self.folder / "roster.ini", *(["--rehearsal"] if self.is_rehearsal else []), *options)

    def make_roster(self, epoch=1):
        cards = [self.room(name) / "identity.ini" for name in [HUB, *self.sites]]
        self.mia(None, "roster", "build", *cards, "--out", self.folder / "roster.ini", "--epoch", epoch)
        self.mia(None, "programme", "sign", self.folder / "roster.ini", "--key", self.folder / "programme.key")

    # ---- running ----

    def start_one(self, name, env=None, wait=True):
        program = "miad-hub" if name == HUB else "miad-site"
        log = open(self.room(name) / "log", "ab")
        self.processes[name] = subprocess.Popen([str(self.build / "daemon" / program), "--config", str(self.room(name) / "miad.conf")],
                                                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        log.close()
        if wait:
            self.wait_ready(name)

    def wait_ready(self, name):
        """Until the control socket answers: the daemon's own READY."""
        end = time.monotonic() + READY_S
        while True:
            if self.processes[name].poll() is not None:
                raise Failed(f"{name} ended with {self.processes[name].returncode}:\n{self.log(name)[-2000:]}")
            if self.socket(name).exists() and subprocess.run(self.command(name, "wait", "--until", "ready"), capture_output=True, check=False).returncode == 0:
                return
            if time.monotonic() > end:
                raise Failed(f"{name} was not ready in {READY_S} s:\n{self.log(name)[-2000:]}")
            time.sleep(0.02)

    def start(self):
        for name in [HUB, *self.sites]:
            self.start_one(name, wait=False)
        for name in [HUB, *self.sites]:
            self.wait_ready(name)

    def log(self, name):
        return (self.room(name) / "log").read_text(encoding="utf-8", errors="replace")

    def kill(self, name, how=signal.SIGKILL):
        process = self.processes.pop(name)
        process.send_signal(how)
        return process.wait(timeout=60)

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    # ---- time ----

    def set_clock(self, moment, names=None):
        """The hub first: it refuses a report of a month that is not over by its own clock."""
        for name in names or [HUB, *self.sites]:
            self.mia(name, "clock", "set", moment)

    def deliver(self, day, names=None, timeout=60):
        """Sets the clock to a day, lets what is due close, moves past the send spread and waits for the receipts."""
        names = names if names is not None else self.sites
        self.set_clock(day)  # a daemon closes what is due before it hears the next command
        self.set_clock(f"{day}T00:20:00Z")
        for site in names:
            self.mia(site, "wait", "--until", "received", "--timeout", timeout)
