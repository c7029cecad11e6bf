#!/usr/bin/python3
"""A site that leaves, and a municipality with a new code that comes: with the real programs, and nothing of what was reported moves (3-privacy 3.5).

    test_come_and_go.py        MIA_BUILD says where the programs are
"""

import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB, PROGRAMME
from lib_faults import sheet, wait_for
from lib_scenario import Scenario, persons, sheet_of
from lib_roster import Rosters

STAYS, LEAVES, THIRD = "varna", "sodra-roslagen", "hbs"
DANDERYD = "municipality = 0162 | Danderyd | Danderyd | 2018-01-01..\n"
OVER_20 = "code = 20 | over20y | Mer än tjugo år | More than twenty years | 2018-01-01..\n"
FORMER = "municipality = 0117 | Österåker | Österåker\n"
LAST_CODE = "code = 8 | unknown | Uppgift saknas | Unknown\nalias = none | Ingen | 0\n"
N = 6


def before(text):
    """MIA's programme before more municipalities came."""
    return "\n".join(line for line in text.split("\n") if "2019-10-01.." not in line)


def after(text):
    for old, new in (("version = 1\n", "version = 2\n"), (FORMER, FORMER + DANDERYD), (LAST_CODE, LAST_CODE.replace("alias", OVER_20 + "alias", 1))):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


class Municipality(Scenario):
    """What a room does not know, it refuses in words; what it approved, it takes; each room at its own time."""

    sites = (STAYS, LEAVES)

    def setUp(self):
        folder = Path(tempfile.mkdtemp(prefix="mia-municipality-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.programme_path, self.second = folder / "mia-1.ini", folder / "mia-2.ini"
        self.programme_path.write_text(before(PROGRAMME.read_text("utf-8")), "utf-8")
        self.second.write_text(after(before(PROGRAMME.read_text("utf-8"))), "utf-8")
        super().setUp()
        self.county.mia(None, "programme", "sign", self.second, "--key", self.county.folder / "programme.key")

    def approve(self, name):
        self.county.ask(name, "programme", "approve", self.second, "--yes")
        for end in ("", ".sig"):
            shutil.copyfile(f"{self.second}{end}", self.county.room(name) / f"programme.ini{end}")
        self.county.mia(name, "reload")

    def come(self, first):
        return persons(N, first=first, entry_date="2018-01-10", municipality="Danderyd", support_time="over20y")

    def refused_in_words(self):
        """Both columns are named, with what is to be done; nobody is stored."""
        answer = self.county.mia(LEAVES, "import", self.write(self.come(1)[:1]), "--apply", expect=(8,))
        for word in ("I025", "Municipality", "Time on public support", "Write one of the list's codes"):
            self.assertIn(word, answer)
        self.assertEqual(self.county.ask(LEAVES, "import", self.write(self.come(1)), expect=(8,))[0]["values"]["accepted"], 0)

    def test_each_room_takes_a_new_municipality_when_it_has_approved_it(self):
        self.record("2017-12-05", LEAVES, persons(N, first=100, entry_date="2017-11-10", municipality="0117"))
        self.close_until("2017-11")
        self.on("2018-01-15")
        self.refused_in_words()
        self.approve(HUB)
        self.refused_in_words()  # the hub's word is not the site's
        self.approve(LEAVES)
        self.assertEqual(self.record("2018-02-05", LEAVES, self.come(1))["accepted"], N)
        self.record("2018-02-05", LEAVES, persons(1, first=50, entry_date="2017-12-10", support_time="over20y"), refused=["V014"])  # not a code of that day
        self.record("2018-02-05", STAYS, persons(N, entry_date="2018-01-10", municipality="0182"))
        self.close_until("2018-01")
        self.sees("entered", {"2017-11": N, "2018-01": N}, site=LEAVES)
        self.sees("entered", {"2018-01": N}, site=STAYS)  # of version 1 still, and counted
        self.approve(STAYS)
        self.county.kill(HUB)
        self.county.start_one(HUB)
        self.sees("entered", {"2017-11": N, "2018-01": 2 * N}, site="county")


class Leaving(Scenario):
    """A site that leaves takes its persons' papers, and leaves its figures."""

    sites = (STAYS, LEAVES, THIRD)

    def test_a_site_leaves_and_its_reports_stay_counted(self):
        for site in self.sites:
            self.record("2017-05-02", site, persons(N, prefix=site, entry_date="2017-04-10"))
        self.close_until("2017-04")
        self.county.mia(LEAVES, "wait", "--until", "received", "--timeout", 60)
        county = {month: figure for month, figure in self.figures("entered", site="county").items() if figure}
        self.by_mistake_and_taken_back()
        self.leave()
        self.on("2017-06-02")
        self.hand_over_and_erase()
        self.close_until("2017-05", [STAYS, THIRD])
        self.sees("entered", {"2017-04": 3 * N}, site="county")
        self.owes_nothing_more()
        self.assertEqual({month: figure for month, figure in self.figures("entered", site="county").items() if month in county}, county)
        self.county.kill(HUB)
        self.county.start_one(HUB)
        self.sees("entered", {"2017-04": N}, site=LEAVES)
        self.assertIn("retired", self.county.mia(HUB, "key", "show"))
        self.nothing_more_is_taken()

    def owes_nothing_more(self):
        """May is whole without it, at the hub and at a site; both say who has left, and the hub since when."""
        for name in (HUB, STAYS):
            said = re.sub(r"\s+", " ", self.county.mia(name, "totals", "--site", LEAVES, "--period", "2017-04..2017-05"))
            self.assertIn("has left: its last report is of 2017-04", said)
            self.assertNotIn("has not reported", said)
        self.assertRegex(re.sub(r"\s+", " ", self.county.mia(HUB, "sites", expect=(0, 6))), r"has left: 2017-\d\d-\d\d, noted by \S+")

    def draft(self):
        path = self.folder / "draft.ini"
        self.county.mia(HUB, "roster", "draft", "--out", path)
        return path

    def by_mistake_and_taken_back(self):
        self.county.mia(HUB, "site", "retire", LEAVES, "--yes")
        self.assertIn("status = retired", self.draft().read_text("ascii"))
        self.county.mia(HUB, "site", "resume", LEAVES, "--yes")
        self.assertNotIn("status = retired", self.draft().read_text("ascii"))

    def leave(self):
        self.county.mia(HUB, "site", "retire", LEAVES, "--yes")
        draft = self.draft()
        for site in (STAYS, THIRD):
            self.county.mia(site, "roster", "sign", draft)
        self.county.mia(None, "programme", "sign", draft, "--key", self.county.folder / "programme.key")
        for end in ("", ".sig"):
            shutil.copy(f"{draft}{end}", f"{self.county.folder}/roster.ini{end}")
        for name in (HUB, STAYS, THIRD):
            self.county.mia(name, "reload")

    def hand_over_and_erase(self):
        """One goes on elsewhere, with a token; the others' records end with the site's own rules."""
        case = sheet(self.county.ask(LEAVES, "person", "find", told={"local_id": f"{LEAVES}-1"}), "mia.found/1")["case"]
        answer = self.county.ask(LEAVES, "person", "move", case, "--yes", told={"transfer_out_date": "2017-05-20"})
        token = sheet_of(answer, "mia.case/1")["values"]["token"]
        told = {**persons(1, entry_date="2017-04-10")[0], "local_id": "T-1", "transfer_in_token": token, "transfer_in_date": "2017-05-21"}
        self.county.ask(STAYS, "person", "move", "--in", "--yes", told=told)
        self.county.mia(LEAVES, "person", "erase", case, "--yes")
        self.assertEqual(sheet(self.county.ask(LEAVES, "status"), "mia.status/1")["participants"], N - 1)

    def nothing_more_is_taken(self):
        """Its key opens no door; its own daemon goes on and says so."""
        self.county.set_clock("2017-07-12T00:20:00Z", [LEAVES])
        wait_for("the refusal", lambda: "W012" in self.county.mia(LEAVES, "status") or "W016" in self.county.mia(LEAVES, "status"))
        self.assertNotIn(f"{LEAVES}: report 2", self.county.mia(HUB, "events", "--last", 100))
        self.assertEqual(Rosters(self.county).seed(LEAVES), (self.county.room(LEAVES) / "keys/sign.key").read_bytes())


if __name__ == "__main__":
    unittest.main(verbosity=2)
