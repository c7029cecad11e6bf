#!/usr/bin/python3
"""A new version of the programme that spreads through a county at work: the hub first, then site by site, one of them late, in force by `mia reload`, a
signal or a start. Totals are right all the time, what a site is behind with waits, nobody who is at work is disturbed, and what is older, unknown,
unsigned or would break what was published is refused by name.

    test_versions.py        MIA_BUILD says where the programs are
"""

import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB, PROGRAMME, County
from lib_faults import BODY_BYTES, BUILD, Control, persons_file, sheet, wait_for
from lib_roster import Rosters
from lib_scenario import persons, sheet_of

OLD_SITES = ["varna", "hbs", "sodra-roslagen"]
NEW_SITE = "suv"
EFFECTIVE_S = 5
SUV = """[site suv]
sv = SUV
en = SUV
valid = 2017-06-01..2021-08-31
ages = 16-64
municipality = 0163 | Sollentuna | Sollentuna

"""
DANDERYD = "municipality = 0162 | Danderyd | Danderyd | 2017-06-01..\n"
LATER = """[measure declined]
number = 99
sv = Tackade nej
en = Declined
kind = declined
unit = person
cadence = month
valid = 2017-07-01..

"""


def without(text, *names):
    """The programme without these sites."""
    parts = text.split("\n[")
    return "\n[".join(part for part in parts if not any(part.startswith(f"site {name}]") for name in names))


def version_1():
    """MIA's own file before anybody joined."""
    text = without(PROGRAMME.read_text("utf-8"), "suv", "samsund")
    return "\n".join(line for line in text.split("\n") if "2019-10-01.." not in line)


def version_2(text):
    """A site stands first, a measure too: every index moves. A municipality is added."""
    text = text.replace("version = 1\n", "version = 2\n", 1).replace("[site ostra-sodertorn]", SUV + "[site ostra-sodertorn]", 1)
    text = text.replace("municipality = 0117 | Österåker | Österåker\n", "municipality = 0117 | Österåker | Österåker\n" + DANDERYD, 1)
    return text.replace("[measure applied]", LATER + "[measure applied]", 1)


class Versions(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-versions-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.first = self.folder / "mia-1.ini"
        self.first.write_text(version_1(), "utf-8")
        self.county = County(BUILD, self.folder / "county", sites=OLD_SITES, programme=self.first)
        self.addCleanup(self.county.stop)
        self.county.make()
        self.sign(self.first)
        self.second = self.write("mia-2.ini", version_2(version_1()))
        self.make_new_site()
        self.empty = shutil.copytree(self.county.room(HUB) / "state", self.folder / "empty")
        self.county.start()
        self.files = 0

    def write(self, name, text, sign=True):
        path = self.folder / name
        path.write_text(text, "utf-8")
        if sign:
            self.sign(path)
        return path

    def sign(self, path, key=None):
        self.county.mia(None, "programme", "sign", path, "--key", key or self.county.folder / "programme.key", *(("--make-key", "--plain-key") if key else ()))

    def make_new_site(self):
        """Made with version 2, and in the roster from the start: the hub of version 1 has no such site."""
        self.county.mia(None, "init", "site", NEW_SITE, "--dir", self.county.room(NEW_SITE), "--programme", self.second, "--programme-key",
                        self.county.folder / "programme.key.pub", "--roster", self.county.folder / "roster.ini", "--rehearsal", "--hub",
                        f"tcp://127.0.0.1:{self.county.port}")
        self.county.sites.append(NEW_SITE)
        self.county.make_roster()
        self.county.sites.remove(NEW_SITE)

    # ---- what happens ----

    def record(self, site, month, n, first=1, **fields):
        self.files += 1
        rows = persons(n, first=first, prefix=f"{site}-{month}", entry_date=f"{month}-15", **fields)
        path = self.folder / f"{self.files:02}.csv"
        path.write_text("\n".join([";".join(rows[0]), *(";".join(map(str, row.values())) for row in rows)]) + "\n", "utf-8")
        answer = self.county.ask(site, "import", path, "--apply")
        self.assertEqual(sheet(answer, "mia.import/1")["accepted"], n)

    def decline(self, site, month, n):
        """n who were asked and declined."""
        self.files += 1
        rows = [f"{site}-{month}-no-{i};Kvinna;Lämnat;{month}-03;{month}-03;{month}-20" for i in range(n)]
        path = self.folder / f"{self.files:02}.csv"
        path.write_text("\n".join(["local_id;sex;consent;consent_date;interest_date;declined_date", *rows]) + "\n", "utf-8")
        answer = self.county.ask(site, "import", path, "--apply")
        self.assertEqual(sheet(answer, "mia.import/1")["accepted"], n)

    def reload(self, name, expect=(0,)):
        """What `mia reload` says, within the time that is promised; the daemon is the one that it was."""
        before, process = time.monotonic(), self.county.processes[name]
        answer = self.county.ask(name, "reload", expect=expect)
        self.assertLess(time.monotonic() - before, EFFECTIVE_S)
        self.assertIsNone(process.poll())
        return str(answer)

    def start_anew(self, name, programme):
        self.approve(name, programme)
        self.county.kill(name, 15)
        self.replace(name, programme)
        self.county.start_one(name)

    def hang_up(self, name, programme):
        """As `systemctl reload`."""
        self.approve(name, programme)
        self.replace(name, programme)
        self.county.processes[name].send_signal(signal.SIGHUP)
        wait_for("the version by a signal", lambda: self.versions(name) == {1: "earlier", 2: "in force"}, EFFECTIVE_S)

    def replace(self, name, programme):
        for suffix in ("", ".sig"):
            shutil.copyfile(f"{programme}{suffix}", self.county.room(name) / f"programme.ini{suffix}")

    def approve(self, name, programme, *words, expect=(0,)):
        return self.county.ask(name, "programme", "approve", programme, *words, "--yes", expect=expect)

    def type_version(self, name, programme, typed):
        """mia at a terminal: its exit code, and what it showed before it asked."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(self.county.command(name, "programme", "approve", programme, "--lang", "en"), stdin=theirs, stdout=theirs, stderr=theirs) as mia:
            os.close(theirs)
            shown = b""
            while b"to go on" not in shown:
                shown += os.read(ours, 4096)
            os.write(ours, typed.encode() + b"\n")
            while mia.poll() is None:
                try:
                    os.read(ours, 4096)
                except OSError:
                    break
            code = mia.wait(timeout=60)
        os.close(ours)
        return code, shown.decode("utf-8", "replace")

    def refused(self, name, programme, *words):
        """The code of a refusal."""
        answer = self.county.ask(name, "programme", "approve", programme, *words, "--yes", expect=(1, 10, 2, 3, 4, 5))
        return sheet(answer, "mia.error/1")["code"]

    def update(self, name, programme):
        """Approved, put where the daemon reads it, and in force by `mia reload`."""
        self.approve(name, programme)
        self.replace(name, programme)
        self.assertIn("Version 2 of the programme is in force", self.reload(name))

    def does_not_start(self, name):
        """What a daemon that must not start says."""
        program = "miad-hub" if name == HUB else "miad-site"
        done = subprocess.run([BUILD / "daemon" / program, "--config", self.county.room(name) / "miad.conf"], capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr

    # ---- what is seen ----

    def entered(self, at=HUB, measure="entered"):
        """{(month, site): figure} of what is there."""
        rows = sheet_of(self.county.ask(at, "totals", "--all", "--allow-partial", "--measure", measure), "mia.totals/1")["rows"]
        return {(row["period"], row["site"]): row["value"] for row in rows if row["site"] != "county" and not isinstance(row["value"], dict) and row["value"]}

    def states(self, at=HUB, measure="entered"):
        rows = sheet_of(self.county.ask(at, "totals", "--all", "--allow-partial", "--measure", measure), "mia.totals/1")["rows"]
        return {(row["period"], row["site"]): row["value"]["state"] for row in rows if isinstance(row["value"], dict)}

    def versions(self, name):
        return {row["version"]: row["state"] for row in sheet_of(self.county.ask(name, "programme", "versions"), "mia.programme_versions/1")["rows"]}

    def notes(self, name):
        return self.county.mia(name, "status")

    # ---- the stories ----

    def test_it_spreads_site_by_site_and_totals_are_right_all_the_time(self):
        county = self.county
        county.set_clock("2017-05-02")
        for site in OLD_SITES:
            self.record(site, "2017-04", 6)
        county.deliver("2017-05-11")
        expected = {("2017-04", site): 6 for site in OLD_SITES}
        self.assertEqual(self.entered(), expected)

        # The hub first: shown, typed, and in force when it is told to read it.
        answer = county.ask(HUB, "programme", "approve", self.second, "--dry-run")
        self.assertIn("can be approved", str(answer))
        self.assertEqual(list(self.versions(HUB)), [1])
        self.update(HUB, self.second)
        self.assertEqual(self.versions(HUB), {1: "earlier", 2: "in force"})
        self.assertEqual(self.entered(), expected)
        self.assertRegex(county.mia(HUB, "events"), "approved +version 2, by ")

        # May is reported by the version before, June too by the site that is late.
        county.set_clock("2017-06-02")
        for site in OLD_SITES:
            self.record(site, "2017-05", 7)
        county.deliver("2017-06-11")
        expected |= {("2017-05", site): 7 for site in OLD_SITES}
        self.assertEqual(self.entered(), expected)
        self.assertIn("earlier programme", county.mia(HUB, "status"))

        # What the county says under version 2 waits at a site of version 1, which says so and keeps what it knew.
        wait_for("a result of the newer version", lambda: "newer programme" in self.notes("varna"))
        self.assertEqual(self.entered("varna"), {key: value for key, value in expected.items() if key[0] == "2017-04"})

        # Two approve; the new site comes; one is late.
        self.update("hbs", self.second)
        self.hang_up("sodra-roslagen", self.second)
        county.sites.append(NEW_SITE)
        county.start_one(NEW_SITE)
        county.set_clock("2017-07-02")
        for site in county.sites:
            self.record(site, "2017-06", 8)
        self.record("sodra-roslagen", "2017-06", 5, first=100, municipality="Danderyd")
        county.deliver("2017-07-11")
        expected |= {("2017-06", site): 8 for site in county.sites} | {("2017-06", "sodra-roslagen"): 13}
        self.assertEqual(self.entered(), expected)
        self.assertEqual(self.entered("hbs"), expected)

        # The new measure is collected from July on, but not from who does not have it.
        county.set_clock("2017-08-02")
        for site in county.sites:
            self.record(site, "2017-07", 9)
            self.decline(site, "2017-07", 5)
        county.deliver("2017-08-11")
        expected |= {("2017-07", site): 9 for site in county.sites}
        later = {("2017-07", site): 5 for site in county.sites if site != "varna"}
        self.assertEqual(self.entered(), expected)
        self.assertEqual(self.entered(measure="declined"), later)
        self.assertEqual(self.states(measure="declined")[("2017-07", "varna")], "not_collected")

        # The late one comes, and what waited there counts at once; what was reported stays.
        self.start_anew("varna", self.second)
        self.assertEqual(self.entered("varna"), expected)
        self.assertNotIn("newer programme", self.notes("varna"))
        county.set_clock("2017-09-02")
        for site in county.sites:
            self.record(site, "2017-08", 6)
            self.decline(site, "2017-08", 6)
        county.deliver("2017-09-11")
        expected |= {("2017-08", site): 6 for site in county.sites}
        later |= {("2017-08", site): 6 for site in county.sites}
        self.assertEqual(self.entered(), expected)
        self.assertEqual(self.entered(measure="declined"), later)
        self.assertEqual(self.entered("varna"), expected)

        # All of it again from the chains.
        county.kill(HUB)
        county.start_one(HUB)
        self.assertEqual(self.entered(), expected)

        # An older one is refused by its version, at both ends, though it is validly signed.
        self.assertEqual(self.refused(HUB, self.first), "X028")
        for name in (HUB, "varna"):
            county.kill(name, 15)
            self.replace(name, self.first)
            self.assertRegex(self.does_not_start(name), r"S016 .*version 1.*version 2")
            self.replace(name, self.second)
            county.start_one(name)
        self.assertEqual(self.entered(), expected)

    def test_a_reload_disturbs_nobody_who_is_at_work(self):
        """An import comes to its end, then the version; a client that waits is answered by the room opened anew."""
        county = self.county
        county.set_clock("2017-05-02")
        self.update(HUB, self.second)
        county.kill(HUB, 15)
        self.approve("varna", self.second)
        self.replace("varna", self.second)
        content = persons_file(self.folder / "import.csv", 1, 4000).read_bytes().replace(b"2018-01-02", b"2017-04-03")
        words = county.command("varna", "wait", "--until", "contact", "--timeout", "60")
        wait_for("the loss of the hub", lambda: "in contact" not in county.mia("varna", "status"))
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as waiting:
            with Control(county.socket("varna")) as client:
                client.import_pieces(content, pieces=1)
                client.wait_credit()
                self.assertIn("comes into force when it has ended", self.reload("varna"))
                self.assertEqual(self.versions("varna"), {1: "in force", 2: "approved, waits for its file"})
                parts = [content[at:at + BODY_BYTES] for at in range(0, len(content), BODY_BYTES)]
                for seq, part in enumerate(parts[1:], 1):
                    client.wait_credit()
                    client.send(2, seq, part)
                    client.credit -= 1
                client.send(3, len(content))
                self.assertIn(b"mia.import/1", client.answer_bytes())
            wait_for("the version after the import", lambda: self.versions("varna") == {1: "earlier", 2: "in force"}, EFFECTIVE_S)
            self.assertIsNone(waiting.poll())
            county.start_one(HUB)
            self.assertEqual(waiting.wait(timeout=60), 0)
        county.deliver("2017-05-11", ["varna"])
        self.assertEqual(self.entered(), {("2017-04", "varna"): 4000})

    def test_an_import_that_is_left_gives_way_to_the_version(self):
        county = self.county
        self.approve("varna", self.second)
        self.replace("varna", self.second)
        with Control(county.socket("varna")) as client:
            client.import_pieces(persons_file(self.folder / "import.csv", 1, 4000).read_bytes(), pieces=1)
            client.wait_credit()
            self.reload("varna")
        wait_for("the version after the import", lambda: self.versions("varna") == {1: "earlier", 2: "in force"}, EFFECTIVE_S)

    def test_systemd_is_told_of_a_reload(self):
        county = self.county
        path = self.folder / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
            notified.bind(str(path))
            notified.settimeout(EFFECTIVE_S)
            county.kill("varna", 15)
            county.start_one("varna", env={"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "60000000"})
            self.assertEqual(notified.recv(4096), b"READY=1")
            self.update("varna", self.second)
            told = b"\n".join(notified.recv(4096) for _ in range(5)).split(b"\n")
        said = [line.split(b"=")[0] for line in told]
        self.assertEqual([word for word in said if word != b"WATCHDOG"], [b"RELOADING", b"MONOTONIC_USEC", b"WATCHDOG_USEC", b"WATCHDOG_USEC", b"READY"])
        self.assertGreater(int(told[said.index(b"WATCHDOG_USEC")].split(b"=")[1]), 60000000)
        self.assertIn(b"WATCHDOG_USEC=60000000", told)

    def test_what_may_not_be_in_force_is_refused_by_a_reload_and_nothing_changes(self):
        county = self.county
        county.set_clock("2017-05-02")
        self.record("varna", "2017-04", 6)
        county.deliver("2017-05-11")
        unsigned = self.write("unsigned.ini", self.second.read_text("utf-8").replace("cutoff_days = 10", "cutoff_days = 9", 1), sign=False)
        for name in (HUB, "varna"):
            with self.subTest(name):
                self.replace(name, self.second)
                self.assertIn("S017", self.reload(name, expect=(1,)))
                shutil.copyfile(unsigned, county.room(name) / "programme.ini")
                self.assertIn("R023", self.reload(name, expect=(1,)))
                (county.room(name) / "programme.ini").write_text("version = 3\n", "utf-8")
                self.assertIn("C006", self.reload(name, expect=(1,)))
                self.assertEqual(self.versions(name), {1: "in force"})
                self.assertNotIn("stopped", county.log(name))
                # Put right, and an older one after it.
                self.update(name, self.second)
                self.replace(name, self.first)
                self.assertIn("S016", self.reload(name, expect=(1,)))
                self.assertEqual(self.versions(name), {1: "earlier", 2: "in force"})
                self.replace(name, self.second)
                self.assertNotIn("Version", self.reload(name))
        self.assertEqual(self.entered(), {("2017-04", "varna"): 6})

    def test_a_roster_is_taken_though_the_programme_beside_it_is_refused(self):
        """A key that is revoked does not wait until somebody has mended another file."""
        county = self.county
        county.set_clock("2017-05-02")
        self.record("varna", "2017-04", 6)
        county.deliver("2017-05-11", ["varna"])
        rosters = Rosters(county)
        rosters.members[NEW_SITE] = rosters.member(NEW_SITE)
        rosters.members["hbs"].status = "suspended"
        rosters.write(2, ["varna", "sodra-roslagen"])
        self.replace(HUB, self.second)
        self.assertIn("S017", self.reload(HUB, expect=(1,)))
        self.assertRegex(county.log(HUB), "reloaded.* epoch=2")

    def test_the_former_version_goes_on_where_the_new_one_cannot_be_opened(self):
        """Of a room that is unused any version may come; another programme's is refused by the store itself, when the room is closed already."""
        county = self.county
        foreign = self.write("foreign.ini", self.second.read_text("utf-8").replace("id = mia\n", "id = aim\n", 1))
        self.replace("varna", foreign)
        self.assertIn("S011", self.reload("varna", expect=(1,)))
        self.assertEqual(self.versions("varna"), {1: "in force"})
        county.set_clock("2017-05-02")
        self.record("varna", "2017-04", 6)
        county.deliver("2017-05-11", ["varna"])
        self.assertEqual(self.entered(), {("2017-04", "varna"): 6})

    def test_a_version_that_the_hub_does_not_know_waits_and_heals(self):
        county = self.county
        self.update("varna", self.second)
        county.set_clock("2017-05-02")
        for site in OLD_SITES:
            self.record(site, "2017-04", 6)
        county.deliver("2017-05-11", ["hbs", "sodra-roslagen"])
        wait_for("the refusal", lambda: "W005" in county.mia("varna", "status"))
        self.assertEqual(self.entered(), {("2017-04", "hbs"): 6, ("2017-04", "sodra-roslagen"): 6})
        self.update(HUB, self.second)
        county.kill("varna", 15)
        county.start_one("varna")
        county.mia("varna", "wait", "--until", "received", "--timeout", "60")
        self.assertEqual(self.entered(), {("2017-04", site): 6 for site in OLD_SITES})

    def test_a_hub_from_nothing_reads_reports_of_a_former_version(self):
        county = self.county
        county.set_clock("2017-05-02")
        for site in OLD_SITES:
            self.record(site, "2017-04", 6)
        county.deliver("2017-05-11")
        for name in (HUB, *OLD_SITES):
            self.update(name, self.second)
        county.kill(HUB, 15)
        shutil.rmtree(county.room(HUB) / "state")
        shutil.copytree(self.empty, county.room(HUB) / "state")
        county.start_one(HUB)
        county.set_clock("2017-05-11T00:20:00Z", [HUB])
        wait_for("the refusal", lambda: "W005" in county.mia("varna", "status"))
        self.assertEqual(self.entered(), {})
        self.assertEqual(self.refused(HUB, self.first), "P066")
        self.assertEqual(self.refused("varna", self.first, "--former"), "X028")
        self.approve(HUB, self.first, "--former")
        self.reload(HUB)
        for site in OLD_SITES:
            county.kill(site, 15)
            county.start_one(site)
            county.mia(site, "wait", "--until", "received", "--timeout", "60")
        self.assertEqual(self.entered(), {("2017-04", site): 6 for site in OLD_SITES})
        self.assertEqual(self.versions(HUB), {1: "earlier", 2: "in force"})

    def test_the_change_is_shown_and_the_version_typed(self):
        code, shown = self.type_version("varna", self.second, "1")
        self.assertEqual(code, 2)
        self.assertIn("0162 | Danderyd", shown)
        self.assertIn("site suv", shown)
        self.assertEqual(list(self.versions("varna")), [1])
        self.assertEqual(self.type_version("varna", self.second, "2")[0], 0)
        self.assertEqual(self.versions("varna"), {1: "in force", 2: "approved, waits for its file"})

    def test_what_may_not_be_is_refused_and_nothing_changes(self):
        county = self.county
        county.set_clock("2017-05-02")
        self.record("varna", "2017-04", 6)
        county.deliver("2017-05-11")
        looser = self.write("looser.ini", self.second.read_text("utf-8").replace("k = 5\n", "k = 4\n", 1))
        gone = self.write("gone.ini", without(self.second.read_text("utf-8"), "hbs"))
        foreign = self.write("foreign.ini", self.second.read_text("utf-8").replace("id = mia\n", "id = aim\n", 1))
        same = self.write("same.ini", version_1() + "\n# nothing but a comment\n")
        changed = self.write("changed.ini", version_1().replace("cutoff_days = 10", "cutoff_days = 9", 1))
        forged = self.write("forged.ini", self.second.read_text("utf-8"), sign=False)
        self.sign(forged, self.folder / "other.key")
        unsigned = self.write("unsigned.ini", self.second.read_text("utf-8"), sign=False)
        for name in (HUB, "varna"):
            with self.subTest(name):
                self.assertEqual(self.refused(name, looser), "P063")
                self.assertEqual(self.refused(name, gone), "P060")
                self.assertEqual(self.refused(name, foreign), "S011")
                self.assertEqual(self.refused(name, same), "X028")
                self.assertEqual(self.refused(name, changed), "P064")
                self.assertEqual(self.refused(name, forged), "R022")
                self.assertEqual(self.refused(name, unsigned), "R020")
                self.assertEqual(list(self.versions(name)), [1])
                county.mia(name, "programme", "approve", self.second, expect=(2,))  # nobody to ask
                county.kill(name, 15)
                self.replace(name, self.second)  # validly signed, and approved by nobody here
                self.assertRegex(self.does_not_start(name), r"S017 .*version 2")
                self.replace(name, self.first)
                county.start_one(name)
        self.assertEqual(self.entered(), {("2017-04", "varna"): 6})


if __name__ == "__main__":
    unittest.main(verbosity=2)
