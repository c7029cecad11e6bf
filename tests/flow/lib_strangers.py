"""Strangers at a hub's door, many at once, and a hub with sites played from here that they come to (4-sync 4.7, Authentication)."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import peer_site
from lib_criteria import check_hub
from lib_faults import BUILD
from lib_room import ROOT, Failed, Hub
from lib_roster import Rosters

ONE, TWO, THREE = SITES = ("sodertalje", "varna", "hbs")
STRANGERS = 10000
AT_ONCE = 4  # processes of strangers
ENTERED = 12
SEED = int(os.environ.get("MIA_SEED", "4711"))

peer_site.say = lambda event, **facts: None  # what sites played in this process hear is judged, not told


class Strangers:
    """hostile.py in some processes at once, each with its share of the tries."""

    def __init__(self, hub, n, *words):
        command = ["/usr/bin/python3", ROOT / "tests/flow/hostile.py", "--to", hub.endpoint, "--server-key", hub.members["hub"][1].hex(),
                   "--unknown", str(n // AT_ONCE), *words]
        self.processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(AT_ONCE)]

    def are_trying(self):
        return any(process.poll() is None for process in self.processes)

    def stop(self):
        for process in self.processes:
            process.kill()
            process.communicate()

    def told(self, kind="unknown"):
        """The sum of what they tell."""
        counts = {}
        for process in self.processes:
            said, complaint = process.communicate(timeout=300)
            if process.returncode not in (0, 1):
                raise Failed(complaint)
            for name, n in json.loads(said)[kind].items():
                counts[name] = counts.get(name, 0) + n
        return counts


class Story(unittest.TestCase):
    """A rehearsal hub on 11 July 2018 with three sites played from here."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-auth-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.hub = Hub(BUILD, self.folder, SITES)
        self.addCleanup(self.hub.stop)
        self.played = {}

    def start(self):
        self.hub.start(self.env())
        self.assertEqual(self.hub.ask("clock set", "2018-07-11")[0], 0)

    def env(self):
        return None

    def site(self, name, **other):
        """A site played from here; it keeps its chain."""
        figures = {str(self.hub.measure("entered")["number"]): [ENTERED]}
        return self.played.setdefault(name, peer_site.Site(self.hub.options(name, figures=figures, **other)))

    def report(self, name):
        """One more month over a connection of its own."""
        site = self.site(name)
        site.add(site.payload(len(site.heads)))
        connection = peer_site.Connection(site.options)
        try:
            site.stream(connection, site.greet(connection)["n"])
        finally:
            connection.close()
        self.assertEqual((site.receipted, site.wrong), (len(site.heads) - 1, []))

    def counters(self):
        """Accepted, refused, dropped, quarantined."""
        return self.hub.ask("status")[1]["mia.status/1"][1][-4:]

    def strangers(self, n, *words):
        strangers = Strangers(self.hub, n, *words)
        self.addCleanup(strangers.stop)
        return strangers

    def assert_denied(self, strangers, n):
        counts = strangers.told()
        self.assertEqual(counts["admitted"], 0)
        self.assertGreaterEqual(counts["denied"], n)
        return counts

    def assert_criteria(self):
        check_hub(self, self.hub, self.played)

    def rosters(self):
        """lib_roster's, for keys that lie where a lib_room has them."""
        (self.folder / "programme.key").write_bytes(self.hub.seed)
        for site in SITES:
            (self.folder / "rooms" / site).mkdir(parents=True)
            (self.folder / "rooms" / site / "keys").symlink_to(self.hub.keys(site))

        class Rooms:
            folder, sites = self.folder, SITES

            @staticmethod
            def room(name):
                return self.hub.room if name == "hub" else self.folder / "rooms" / name

        return Rosters(Rooms)
