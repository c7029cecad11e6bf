#!/usr/bin/python3
"""The desk through the real programs: what is answered is on disk, every look at a person is on record, and nothing of a person is anywhere
else (3-privacy 3.6 no. 18, 5-cli).

    test_desk.py        MIA_BUILD says where the programs are
"""

import json
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_faults import BUILD, SITE, Control, Story, persons_file, sheet
from test_leak import memory_of

NUMBER, OTHER_NUMBER = "197603122388", "198603122386"  # Skatteverket's test numbers
NAME = "Lotta Testberg"
WHOLE = {"consent": "given", "consent_date": "2018-01-02", "entry_date": "2018-01-08", "education": "compulsory", "labour": "inactive",
         "income": ["assistance", "sickness"], "income_main": "assistance", "municipality": "0181"}


class Desk(Story):
    def setUp(self):
        super().setUp()
        self.start()

    def person(self, *words, expect=(0,), **told):
        return self.county.ask(SITE, "person", *words, expect=expect, told=told)

    def add(self, **told):
        return sheet(self.person("add", "--yes", **{**WHOLE, **told}), "mia.case/1")["case"]

    def tell(self, case, event, expect=(0,), **told):
        return self.person("event", case, event, "--yes", expect=expect, **told)

    def audited(self, *options):
        return [(row["operator"], row["done"], row["case"], row["details"]) for row in self.county.ask(SITE, "audit", "show", *options)["rows"]]

    def findings(self, answer):
        one = [one for one in (answer if isinstance(answer, list) else [answer]) if one["schema"] == "mia.findings/1"]
        return [row["code"] for row in one[0]["rows"]] if one else []


class Changes(Desk):
    def test_what_was_answered_is_there_after_a_kill(self):
        case = self.add(person_number=NUMBER)
        self.tell(case, "start", activity="cbt", spell_start="2018-01-10")
        self.county.kill(SITE, signal.SIGKILL)
        self.county.start_one(SITE)
        shown = self.county.ask(SITE, "person", "show", case)
        self.assertEqual(sheet(shown, "mia.person.entry/1")["income"], "sickness+assistance")
        self.assertEqual([one for one in shown if one["schema"] == "mia.person.spell/1"][0]["rows"][0]["spell_start"], "2018-01-10")
        self.assertIn(("event=start"), [details for *_, details in self.audited("--case", case)])

    def test_what_is_refused_changes_nothing_and_says_the_way_out(self):
        case = self.add(person_number=NUMBER)
        self.assertEqual(self.findings(self.tell(case, "exit", expect=(8,), exit_date="2018-01-20", exit_reason="work")), ["V029"])
        self.assertEqual(self.findings(self.tell(case, "reentry", expect=(8,), return_date="2018-01-20")), ["D002"])
        self.assertEqual(self.findings(self.person("add", "--yes", expect=(8,), **WHOLE, person_number=NUMBER))[0], "V043")
        self.assertEqual(sheet(self.person("find", person_number=NUMBER), "mia.found/1"), {"case": case, "state": "active"})
        self.assertEqual(len(self.county.ask(SITE, "person", "show", case, "--history")["rows"]), len(WHOLE) + 4)  # number, sex, birth; entered

    def test_while_a_file_comes_in_persons_are_seen_and_not_changed(self):
        case = self.add(person_number=NUMBER)
        content = persons_file(self.folder / "persons.csv", 0, 5).read_bytes()
        with Control(self.county.socket(SITE)) as client:
            client.import_pieces(content, 1)
            self.assertEqual(sheet(self.tell(case, "exit", expect=(1,), exit_date="2018-01-20"), "mia.error/1")["code"], "X008")
            self.county.mia(SITE, "person", "show", case)
        self.tell(case, "exit", exit_date="2018-01-20")

    def test_a_correction_after_the_closing_is_explained_by_the_history(self):
        cases = [self.add(person_number=NUMBER), *(self.add(local_id=f"A{i}", sex="man", birth_date="1980-01-01") for i in range(4))]
        self.county.deliver("2018-02-12")
        self.person("correct", cases[0], "--yes", entry_date="2018-01-09")
        rows = self.county.ask(SITE, "person", "show", cases[0], "--history")["rows"]
        self.assertEqual([row["booked"] for row in rows if row["field"] == "entered"], ["booked in 2018-01"])
        self.assertEqual([(row["before"], row["after"]) for row in rows if row["field"] == "entry_date"][0], ("2018-01-08", "2018-01-09"))


class Privacy(Desk):
    def texts(self):
        """Whatever people and machines read of the site, and every file but the sealed stores."""
        yield self.county.log(SITE)
        for words in (["events"], ["audit", "show"], ["status"], ["preview"], ["dump"], ["quality"], ["todo"]):
            yield self.county.mia(SITE, *words, expect=(0, 6, 10))
        yield "".join(self.commands)

    def everything(self):
        self.commands = []
        case = self.add(person_number=NUMBER, name=NAME, local_id="A77-secret")
        self.tell(case, "exit", expect=(8,), exit_date="2018-01-20", exit_reason="work")
        self.commands.append(json.dumps(self.person("add", "--yes", expect=(8,), **WHOLE, person_number=NUMBER)))
        self.commands.append(json.dumps(self.person("add", "--yes", expect=(8,), **WHOLE, **{NUMBER: "x"})))
        self.commands.append(json.dumps(self.person("find", expect=(5,), person_number=OTHER_NUMBER)))
        self.commands.append(json.dumps(self.person("event", NUMBER, "exit", "--yes", expect=(2,), exit_date="2018-01-20")))
        return case

    def test_no_number_or_name_is_in_any_log_event_or_error(self):
        case = self.everything()
        for text in self.texts():
            for secret in (NUMBER[2:], NUMBER[2:8] + "-" + NUMBER[8:], OTHER_NUMBER[2:], NAME, "A77-secret"):
                self.assertNotIn(secret, text)
        self.assertIn("19760312-23**", self.county.mia(SITE, "person", "show", case))
        self.assertIn("19760312-2388", self.county.mia(SITE, "person", "show", case, "--full"))

    def test_nothing_of_a_person_stays_in_the_daemon_s_memory(self):
        """After forms, findings and answers: what was typed and what was shown is wiped."""
        case = self.everything()
        for words in (["show", case], ["show", case, "--full"], ["show", case, "--history"], ["correct", case, "--form"]):
            self.county.mia(SITE, "person", *words)
        for where, content in memory_of(self.county.processes[SITE].pid):
            if "libasan" in where:
                self.skipTest("a sanitizer keeps what is freed")
            for secret in (NUMBER, NUMBER[2:], "19760312-2388", OTHER_NUMBER, NAME, "A77-secret"):
                self.assertNotIn(secret.encode(), content, f"in {where}")

    def test_every_look_is_on_record_and_the_record_holds(self):
        case = self.add(person_number=NUMBER)
        self.county.mia(SITE, "person", "show", case)
        self.county.mia(SITE, "person", "show", case, "--full")
        self.county.mia(SITE, "person", "show", case, "--history")
        self.person("find", person_number=NUMBER)
        self.person("find", expect=(5,), person_number=OTHER_NUMBER)
        done = [done for _, done, _, _ in self.audited()]
        self.assertEqual([one for one in done if one != "person_asked"],
                         ["person_added", "person_shown", "person_number", "person_history", "person_found", "person_sought"])
        self.assertEqual(self.county.ask(SITE, "events")["rows"][-1]["event"].startswith("person"), False)
        self.county.mia(SITE, "audit", "verify")


class Duties(Story):
    def test_who_reads_persons_appoints_nobody(self):
        """A real site, not a rehearsal, does not start with one account for both; root is never one to read."""
        name = "real"
        self.county.mia(None, "init", "site", SITE, "--dir", self.county.room(name), "--programme", self.county.folder / "programme.ini", "--programme-key",
                        self.county.folder / "programme.key.pub", "--roster", self.county.folder / "roster.ini", "--hub", "tcp://127.0.0.1:1")
        card = (self.county.room(name) / "identity.ini").read_text("utf-8")
        self.county.mia(None, "roster", "build", self.county.room(HUB) / "identity.ini", self.county.room(name) / "identity.ini", "--out",
                        self.county.folder / "roster.ini", "--epoch", 1)
        self.county.mia(None, "programme", "sign", self.county.folder / "roster.ini", "--key", self.county.folder / "programme.key")
        self.assertIn(SITE, card)
        conf = self.county.room(name) / "miad.conf"
        head = conf.read_text("utf-8").split("[operators]")[0]
        for operators in ("daemon = registrar, administrator\n", "root = reader\n"):
            conf.write_text(f"{head}[operators]\n{operators}", "utf-8")
            done = subprocess.run([BUILD / "daemon/miad-site", "--config", conf], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("C016", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
