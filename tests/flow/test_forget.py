#!/usr/bin/python3
"""Forgetting through the real programs: erasure, withdrawal, an older copy put back, retention, and the sheets about persons (3.1, 4.5).

    test_forget.py [BUILD]         MIA_BUILD unless told
"""

import json
import shutil
import signal
import stat
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import SITE, Story, sheet

NUMBER, NAME = "197603122388", "Planterad Persson"  # one of Skatteverket's test numbers
FORMS = (NUMBER, NUMBER[2:], f"{NUMBER[:8]}-{NUMBER[8:]}", f"{NUMBER[2:8]}-{NUMBER[8:]}", NAME)
HEADINGS = "Personnummer;Namn;Lokalt id;Kön;Samtycke;Datum för samtycke;Inskrivningsdatum;Utskrivningsdatum"


def row(i, number="", name="", consent="Lämnat", left=""):
    return f"{number};{name};GLOM-{i};Kvinna;{consent};2018-01-02;2018-01-02;{left}"


class Forget(Story):
    def write(self, name, rows):
        path = self.folder / name
        path.write_text("\n".join([HEADINGS, *rows]) + "\n", "utf-8")
        return path

    def begin(self, env=None):
        """Seven persons, the first with number and name; gives that one's case."""
        self.start(HUB)
        self.start(SITE, env=env)
        planted = self.write("a.csv", [row(1, NUMBER, NAME), *[row(i) for i in range(2, 8)]])
        self.store(planted)
        planted.unlink()
        return self.case()

    def case(self, expect=(0, 5)):
        """The case with the planted number; None when nobody has it."""
        said = self.county.ask(SITE, "person", "find", told={"person_number": NUMBER}, expect=expect)
        for one in said if isinstance(said, list) else [said]:
            if one["schema"] == "mia.found/1":
                return str(one["values"]["case"])
        return None

    def restart(self, how=signal.SIGTERM, env=None):
        self.county.kill(SITE, how)
        self.county.start_one(SITE, env=env)

    def state(self):
        return next(self.county.room(SITE).rglob("records/data.mdb")).parent.parent

    def found(self):
        """What of the person stands in clear in any file of the site."""
        files = [path for path in self.county.room(SITE).rglob("*") if path.is_file()]
        return [(str(path), form) for path in files for form in FORMS if form.encode("utf-8") in path.read_bytes()]


class Erasure(Forget):
    def test_an_erased_person_is_gone_from_every_file_and_answer(self):
        case = self.begin()
        self.county.mia(SITE, "person", "erase", case, "--yes")
        self.assertEqual(self.participants(), 6)
        self.assertIsNone(self.case())
        self.county.mia(SITE, "person", "show", case, expect=(5,))
        self.county.mia(SITE, "person", "erase", case, "--yes", expect=(5,))
        self.restart()
        self.assertIsNone(self.case())
        self.assertEqual(self.participants(), 6)
        self.assertEqual(self.found(), [])
        self.assertIn(f"erased {case} ", (self.state() / "erased").read_text("ascii"))

    def test_an_older_copy_of_the_store_forgets_again(self):
        case = self.begin()
        self.county.kill(SITE, signal.SIGTERM)
        copy = self.folder / "copy"
        for part in ("records", "keys"):
            shutil.copytree(self.state() / part, copy / part)
        self.county.start_one(SITE)
        self.county.mia(SITE, "person", "erase", case, "--yes")
        self.county.kill(SITE, signal.SIGTERM)
        for part in ("records", "keys"):
            shutil.copy(copy / part / "data.mdb", self.state() / part / "data.mdb")
        self.county.start_one(SITE)
        self.assertIsNone(self.case())
        self.assertEqual(self.participants(), 6)

    def test_a_damaged_list_of_the_forgotten_stops_the_daemon_with_a_way_out(self):
        case = self.begin()
        self.county.mia(SITE, "person", "erase", case, "--yes")
        self.county.kill(SITE, signal.SIGTERM)
        path = self.state() / "erased"
        good = path.read_text("ascii")
        path.write_text(good.replace("erased", "Erased"), "ascii")
        self.county.start_one(SITE, wait=False)
        self.assertNotEqual(self.county.processes.pop(SITE).wait(timeout=60), 0)
        self.assertIn("S015", self.county.log(SITE))
        path.write_text(good, "ascii")
        self.county.start_one(SITE)

    def test_a_kill_at_any_step_leaves_it_done_or_not_begun(self):
        k, is_met = 0, True
        case = self.begin(self.disk.env())
        while is_met:
            k += 1
            self.disk.order(f"kill {k}")
            self.county.mia(SITE, "person", "erase", case, "--yes", expect=(0, 1, 3, 9))
            is_met = self.disk.counted() >= k
            self.disk.heal()
            if is_met:  # its sockets close before it has ended
                self.county.processes.pop(SITE).wait(timeout=60)
                self.county.start_one(SITE, env=self.disk.env())
            if self.case() is not None:
                self.county.mia(SITE, "person", "erase", case, "--yes")
            self.assertIsNone(self.case())
            self.assertEqual(self.participants(), 6, f"killed at step {k}")
            self.store(self.write("again.csv", [row(1, NUMBER, NAME)]))
            case = self.case()
        self.assertGreater(k, 3)

    def test_on_a_full_disk_it_is_erased_and_the_old_bytes_go_when_there_is_room(self):
        case = self.begin(self.disk.env())
        self.disk.order("full")
        said = self.county.mia(SITE, "person", "erase", case, "--yes")
        self.assertIn("the disk is full", said)
        self.assertIsNone(self.case())
        self.disk.heal()
        before = (self.state() / "keys/data.mdb").stat().st_ino
        self.restart(env=self.disk.env())
        self.assertNotEqual((self.state() / "keys/data.mdb").stat().st_ino, before)
        self.assertIsNone(self.case())
        self.assertEqual(self.participants(), 6)


class Withdrawal(Forget):
    def test_a_row_that_tells_of_a_withdrawal_forgets_and_counts_nobody_twice(self):
        self.begin()
        self.county.set_clock("2018-02-20")
        taken_back = self.write("b.csv", [row(1, NUMBER, NAME, consent="Återkallat")])
        self.store(taken_back)
        again = self.dry_run(taken_back)
        self.assertEqual((again["new"], again["changed"], again["unchanged"]), (0, 0, 1))
        taken_back.unlink()
        self.assertEqual(self.participants(), 7)
        self.county.mia(SITE, "import", "undo", "2", "--yes", expect=(1,))  # what was known is destroyed
        self.assertEqual(self.participants(), 7)
        self.restart()
        self.assertEqual(self.found(), [])
        self.assertIn("withdrawn ", (self.state() / "erased").read_text("ascii"))
        shown = self.county.mia(SITE, "person", "show", self.case())
        self.assertNotIn(NUMBER[:8], shown.replace("-", ""))
        self.assertNotIn(NAME, shown)


class Retention(Forget):
    def test_what_has_been_kept_long_enough_is_listed_and_erased(self):
        self.start(HUB)
        self.start(SITE)
        self.store(self.write("a.csv", [row(1, left="2018-01-20"), row(2)]))
        listed = self.county.ask(SITE, "retention", "list")
        self.assertEqual(listed["rows"], [])
        self.county.set_clock("2023-02-01", [HUB, SITE])
        listed = self.county.ask(SITE, "retention", "list")
        self.assertEqual([(one["case"], one["last"], one["due"]) for one in listed["rows"]], [(1, "2018-01-20", "2023-01-20")])
        self.county.mia(SITE, "retention", "run", expect=(2, 4, 8, 1))  # nobody is asked without a terminal
        self.assertEqual(self.participants(), 2)
        self.county.mia(SITE, "retention", "run", "--dry-run")
        self.assertEqual(self.participants(), 2)
        self.county.mia(SITE, "retention", "run", "--yes")
        self.assertEqual(self.participants(), 1)


class Sheets(Forget):
    def test_a_sheet_is_a_file_of_ones_own_and_the_plan_knows_what_changed(self):
        self.begin()
        out = self.folder / "esf"
        self.county.set_clock("2018-03-05")
        self.county.mia(SITE, "esf", "export", "--period", "2018-01", expect=(7,))  # nowhere to write
        self.county.mia(SITE, "esf", "export", "--period", "2018-03", "--out", out, expect=(2,))
        said = self.county.ask(SITE, "esf", "export", "--period", "2018-01..2018-02", "--out", out)
        self.assertEqual([one["rows"] for one in said["rows"]], [1, 1])
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o700)
        written = out / f"esf-{SITE}-2018-01.csv"
        self.assertEqual(stat.S_IMODE(written.stat().st_mode), 0o600)
        self.assertIn("19760312-2388;2018-01-02;", written.read_text("utf-8-sig"))
        self.assertEqual(self.county.ask(SITE, "esf", "plan")["rows"], [])
        self.store(self.write("b.csv", [row(1, NUMBER, NAME, left="2018-02-20")]))
        plan = self.county.ask(SITE, "esf", "plan")
        self.assertEqual([(one["period"], one["state"]) for one in plan[0]["rows"]], [("2018-02", "again")])
        self.assertEqual([one["what"] for one in plan[1]["rows"]], ["changed"])
        out.chmod(0o755)
        self.county.mia(SITE, "esf", "export", "--period", "2018-02", "--out", out, expect=(7,))
        self.assertEqual([form for _, form in self.found()], [])  # the daemon keeps no sheet
        events = json.dumps(self.county.ask(SITE, "events"))
        self.assertIn("esf_exported", events)


if __name__ == "__main__":
    unittest.main(verbosity=2)
