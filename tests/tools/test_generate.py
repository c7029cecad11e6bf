#!/usr/bin/python3
"""The claims about the generator: test_generate.py [--check IMPORT_CHECK | --sets].

With the name of the import_check program those about its agreement with the real import, row by row; with --sets those about the named counties."""

import argparse
import collections
import datetime
import filecmp
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from county import faults, identity, programme, rounds  # noqa: E402
from county.dialect import DIALECTS, ITEM_FILES  # noqa: E402

TWELVE = re.compile(r"(?<![0-9A-Z+-])((?:19|20)?\d{6})-?(\d{4})(?![0-9-])")
CHECK = None


def generate(out, *arguments):
    subprocess.run([str(HERE / "generate"), "--out", str(out), *map(str, arguments)], check=True)


def read_truth(out):
    with open(out / "truth.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Generated(unittest.TestCase):
    """A county small enough for every run, faulty enough for every fault."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="mia-generate-")
        cls.out = pathlib.Path(cls.folder.name) / "county"
        generate(cls.out, "--seed", 7, "--people", 450, "--faults", 100)
        cls.plan = json.loads((cls.out / "plan.json").read_text(encoding="utf-8"))
        cls.truth = read_truth(cls.out)
        cls.mia = programme.read()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def imports(self):
        for number in self.plan["rounds"]:
            for entry in number["imports"]:
                yield number, entry

    def bytes_of(self, entry):
        return (self.out / entry["file"]).read_bytes()

    # ---- Itself ----

    def test_the_same_seed_gives_the_same_bytes(self):
        again = pathlib.Path(self.folder.name) / "again"
        generate(again, "--seed", 7, "--people", 450, "--faults", 100)
        names = [path.relative_to(self.out) for path in self.out.rglob("*") if path.is_file()]
        _, different, missing = filecmp.cmpfiles(self.out, again, names, shallow=False)
        self.assertEqual((different, missing), ([], []))

    def test_another_seed_gives_another_county(self):
        other = pathlib.Path(self.folder.name) / "other"
        generate(other, "--seed", 8, "--people", 60)
        generate(pathlib.Path(self.folder.name) / "seven", "--seed", 7, "--people", 60)
        self.assertFalse(filecmp.cmp(other / "truth.jsonl",
                                     pathlib.Path(self.folder.name) / "seven/truth.jsonl", False))

    def test_every_number_is_an_official_test_number(self):
        numbers = 0
        for _, entry in self.imports():
            if entry["kind"] != "participants":
                continue
            text = self.bytes_of(entry).decode(DIALECTS[entry["site"]].encoding, "replace")
            for birth, serial in self.numbers_in(entry["site"], text):
                self.assertIn(serial[:3], identity.SERIALS.values())
                self.assertTrue(identity.FIRST_TEST_BIRTH <= birth <= identity.LAST_TEST_BIRTH)
                numbers += 1
        self.assertGreater(numbers, 500)

    def numbers_in(self, site, text):
        """(birth, serial) of what passes Luhn, century and date; wrong digits are faults meant."""
        column = 0
        delimiter = DIALECTS[site].delimiter
        for line in text.splitlines():
            found = TWELVE.fullmatch(line.split(delimiter)[column])
            if not found:
                continue
            ten = found[1][-6:] + found[2]
            if identity.check_digit(ten[:9]) != ten[9]:
                continue
            century = found[1][:2] if len(found[1]) == 8 else ("20" if ten[:2] < "20" else "19")
            year = int(century + ten[:2])
            if year > 2018 or int(ten[2:4]) > 12:
                continue
            yield datetime.date(year, int(ten[2:4]), int(ten[4:6])), found[2]

    def test_people_have_the_number_that_their_sex_and_birth_give(self):
        self.assertEqual(identity.test_number(datetime.date(1980, 3, 12), "woman")[:11],
                         "19800312238")
        self.assertEqual(identity.check_digit("811228987"), "4")  # SKV 704, the worked example

    # ---- Truth and plan ----

    def test_truth_has_as_many_acts_as_the_plan_says(self):
        told = collections.Counter((line["round"], line["site"], line["kind"], line["new"])
                                   for line in self.truth)
        for number, entry in self.imports():
            key = (number["number"], entry["site"], entry["kind"][:-1])
            self.assertEqual(told.pop((*key, True), 0), entry["new"], entry["file"])
            self.assertEqual(told.pop((*key, False), 0), entry["changed"], entry["file"])
            if entry["kind"] not in ITEM_FILES:  # of these somebody has many rows
                self.assertEqual(entry["rows"], entry["new"] + entry["changed"] +
                                 entry["unchanged"] + sum(entry["refused"].values()),
                                 entry["file"])
        self.assertEqual(told, collections.Counter())

    def test_the_first_act_of_everybody_is_new_and_no_other(self):
        seen = set()
        for line in self.truth:
            self.assertEqual(line["new"], line["id"] not in seen)
            seen.add(line["id"])

    def test_acts_stand_in_the_order_of_the_imports(self):
        order = [(number["number"], entry["site"]) for number, entry in self.imports()]
        at = 0
        for line in self.truth:
            while order[at] != (line["round"], line["site"]):
                at += 1
        self.assertLess(at, len(order))

    def test_rounds_lie_between_the_quarter_and_the_cutoff_unless_late(self):
        days = [datetime.date.fromisoformat(number["at"]) for number in self.plan["rounds"]]
        self.assertEqual(days, sorted(days))
        for day, number in zip(days, self.plan["rounds"]):
            sites = {entry["site"] for entry in number["imports"]}
            self.assertIn(day.month % 3, (1,))
            self.assertTrue(day.day < self.mia.cutoff_days or len(sites) == 1)
        self.assertTrue(any(day.day > self.mia.cutoff_days for day in days))

    def test_nobody_is_told_of_before_it_happened(self):
        at = {number["number"]: number["at"] for number in self.plan["rounds"]}
        for line in self.truth:
            told = [line["record"], *(item for items in line["record"]["items"].values()
                                      for item in items)]
            for field, value in ((field, value) for part in told for field, value in part.items()):
                if field != "items" and self.mia.fields[field].type == "DATE" and value:
                    self.assertLessEqual(value, at[line["round"]], (line["id"], field))

    def test_who_refused_is_dated_by_the_first_import_and_has_nothing_more(self):
        at = {number["number"]: number["at"] for number in self.plan["rounds"]}
        refusers = [line for line in self.truth if line["record"]["consent"] == "refused"]
        self.assertTrue(refusers)
        for line in refusers:
            self.assertEqual(line["record"]["entry_date"], at[line["round"]])
            given = {field for field, value in line["record"].items() if value not in (None, {})}
            self.assertLessEqual(given, {"entry_date", "sex", "consent", "protected"})

    def test_there_is_a_fault_of_every_kind(self):
        wanted = {(fault.kind, fault.code) for fault in faults.FAULTS}
        got = {(entry["kind"], code) for _, entry in self.imports() for code in entry["refused"]}
        self.assertEqual(wanted - got, set())

    def test_lives_take_every_turn(self):
        by_id = collections.defaultdict(list)
        for line in self.truth:
            by_id[line["id"]].append(line["record"])
        self.assertTrue(any(a["exit_date"] and not b["exit_date"] for acts in by_id.values()
                            for a, b in zip(acts, acts[1:])), "somebody comes back")
        self.assertTrue(any(a["entry_date"] and a["entry_date"] != b["entry_date"]
                            for acts in by_id.values() for a, b in zip(acts, acts[1:])))
        for part in ("spell", "hours", "pause"):
            self.assertTrue(any(part in acts[-1]["items"] for acts in by_id.values()), part)
        spells = collections.Counter(len(acts[-1]["items"].get("spell", ()))
                                     for acts in by_id.values())
        self.assertGreater(sum(n for size, n in spells.items() if size >= 3), spells[1])
        reasons = {acts[-1]["exit_reason"] for acts in by_id.values()}
        self.assertLessEqual({"work", "studies", "af", "moved"}, reasons)
        self.assertTrue(any(record["exit_date"] and not record["exit_reason"]
                            for acts in by_id.values() for record in acts))

    # ---- Files ----

    def test_each_dialect_is_its_own(self):
        first = {}
        for _, entry in self.imports():
            first.setdefault(entry["site"], self.bytes_of(entry))
        self.assertTrue(first["sodertalje"].startswith(b"\xef\xbb\xbf"))
        self.assertIn(b"\t", first["varna"].split(b"\n")[0])
        self.assertTrue(first["hbs"].startswith("Persnr;Ärendenummer;".encode("cp1252")))
        self.assertTrue(first["stockholms-stad"].startswith(b"Deltagarlista"))
        self.assertRegex(first["sodra-roslagen"].decode("utf-8", "replace"), r";\d\d/\d\d/2017;")

    def test_stress_is_as_long_as_asked_for(self):
        out = pathlib.Path(self.folder.name) / "stress"
        generate(out, "--stress", 10000)
        entry = json.loads((out / "plan.json").read_text())["rounds"][0]["imports"][0]
        lines = (out / entry["file"]).read_text(encoding="utf-8").splitlines()
        self.assertEqual((len(lines), entry["rows"]), (10001, 10000))
        ids = {line.split(";")[1] for line in lines[1:]}
        self.assertEqual(len(ids), 10000)
        numbers = [line.split(";")[0] for line in lines[1:] if line[0] != ";"]
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertEqual(len(numbers), 500)


class Sets(unittest.TestCase):
    """The named counties (2-domain, Sets)."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="mia-sets-")
        cls.out = pathlib.Path(cls.folder.name)
        for name in ("mia-1750", "mia-2500", "vidare-8", "stress"):
            generate(cls.out / name, "--set", name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def totals(self, name):
        return json.loads((self.out / name / "totals.json").read_text())

    def plan(self, name):
        return json.loads((self.out / name / "plan.json").read_text())

    def entered(self, name, site):
        return self.totals(name)[site]["entered"]

    def test_the_ledger_of_true_totals_is_what_the_acts_come_to(self):
        for name in ("mia-1750", "mia-2500", "vidare-8"):
            records = {(line["site"], line["id"]): line["record"]
                       for line in read_truth(self.out / name)}
            counted = {site: {kind: collections.Counter() for kind in rounds.KINDS}
                       for site in self.plan(name)["sites"]}
            for (site, _), record in records.items():
                for kind, field in rounds.KINDS.items():
                    if record[field] and record["exit_reason"] != "misregistered" and not (
                            kind == "entered" and record["transfer_in_date"]):
                        counted[site][kind][record[field][:7]] += 1
            self.assertEqual(counted, self.totals(name), name)

    def test_each_is_as_large_as_its_name_says(self):
        for name, about, sites in (("mia-1750", 1750, 6), ("mia-2500", 2500, 6),
                                   ("vidare-8", 1900, 8), ("stress", 400000, 8)):
            entered = sum(sum(kinds["entered"].values()) for kinds in self.totals(name).values())
            self.assertLess(abs(entered / about - 1), .02, name)
            self.assertEqual(len(self.plan(name)["sites"]), sites, name)

    def test_as_planned_nobody_is_late_nothing_faulty_and_the_flow_even(self):
        plan = self.plan("mia-2500")
        self.assertFalse([entry for number in plan["rounds"] for entry in number["imports"]
                          if entry["refused"]])
        for number in plan["rounds"]:
            self.assertEqual({entry["site"] for entry in number["imports"]}, set(plan["sites"]))
        months = collections.Counter()
        for kinds in self.totals("mia-2500").values():
            months.update(kinds["entered"])
        self.assertLess(max(months.values()), 2 * 66)

    def test_as_it_went_there_were_late_sites_and_summers(self):
        plan = self.plan("mia-1750")
        self.assertTrue(any({entry["site"] for entry in number["imports"]} != set(plan["sites"])
                            for number in plan["rounds"]))
        months = collections.Counter()
        for kinds in self.totals("mia-1750").values():
            for month, n in kinds["entered"].items():
                months[month[-2:]] += n
        self.assertLess(months["07"] * 2, months["09"])

    def test_lives_take_their_turns_as_often_as_they_do(self):
        """Shares of those who entered (2-domain, A realistic county), within what chance does."""
        records, returned, told = {}, set(), set()
        for line in read_truth(self.out / "mia-1750"):
            before = records.get(line["id"])
            if before and before["exit_date"] and not line["record"]["exit_date"]:
                returned.add(line["id"])
            if "return" in line["record"]["items"]:
                told.add(line["id"])
            records[line["id"]] = line["record"]
        entered = [record for record in records.values() if record["entry_date"]]

        def share(holds):
            return sum(map(bool, map(holds, entered))) / len(entered)

        self.assertAlmostEqual(share(lambda r: r["consent"] == "refused"), .04, delta=.02)
        self.assertAlmostEqual(share(lambda r: r["protected"]), .006, delta=.006)
        self.assertAlmostEqual(share(lambda r: r["exit_reason"] == "misregistered"), .005,
                               delta=.005)
        self.assertAlmostEqual(share(lambda r: r["transfer_out_date"]), .01, delta=.008)
        self.assertAlmostEqual(share(lambda r: r["consent"] == "withdrawn"), .004, delta=.004)
        self.assertAlmostEqual(len(returned) / len(entered), .04, delta=.02)
        self.assertTrue(any(record["transfer_in_date"] for record in entered))
        self.assertTrue(told and told < returned, "some re-entries have a file of their own")

    def test_sites_seven_and_eight_begin_when_they_join(self):
        for site in ("suv", "samsund"):
            self.assertGreaterEqual(min(self.entered("vidare-8", site)), "2020-06")
        self.assertEqual(min(self.entered("vidare-8", "varna"))[:4], "2017")

    def test_of_stress_all_but_a_twentieth_have_local_ids_and_no_number_comes_twice(self):
        numbers, rows = collections.Counter(), 0
        for site in self.plan("stress")["sites"]:
            path = self.out / "stress" / site / "01-participants.csv"
            with open(path, encoding="utf-8") as file:
                next(file)
                for line in file:
                    numbers[line.partition(";")[0]] += 1
                    rows += 1
        self.assertGreaterEqual(numbers.pop(""), rows * .95)
        self.assertGreater(len(numbers), rows * .04)
        self.assertEqual(set(numbers.values()), {1})


class Agreement(Generated):
    """The daemon's import says of every row what the generator said it would."""

    def imported(self, out, plan, site):
        """Rows as the daemon reads them, by file."""
        lines = []
        for number in plan["rounds"]:
            for entry in number["imports"]:
                if entry["site"] == site:
                    order = (entry["options"] + ["", "-"])[1]
                    lines.append("%s %s %s" % (number["at"], order or "-", out / entry["file"]))
        answer = subprocess.run([CHECK, str(programme.PROGRAMME), site], check=True, text=True,
                                input="\n".join(lines) + "\n", capture_output=True)
        rows = collections.defaultdict(list)
        for line in answer.stdout.splitlines():
            row = json.loads(line)
            rows[str(pathlib.Path(row["file"]).relative_to(out))].append(row)
        return rows

    def agree(self, out):
        plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
        acts = collections.defaultdict(list)
        for line in read_truth(out):
            acts[(line["round"], line["site"], line["kind"])].append(line)
        for site in plan["sites"]:
            rows = self.imported(out, plan, site)
            for number in plan["rounds"]:
                for entry in number["imports"]:
                    if entry["site"] == site:
                        self.agree_on_file(entry, rows[entry["file"]],
                                           acts[(number["number"], site, entry["kind"][:-1])])

    def agree_on_file(self, entry, rows, acts):
        refused = collections.Counter(row["errors"][0] for row in rows if row["errors"])
        self.assertEqual(dict(refused), entry["refused"], entry["file"])
        self.assertEqual(len(rows), entry["rows"], entry["file"])
        counts = collections.Counter(row.get("act") for row in rows if not row["errors"])
        for act in ("new", "changed", "unchanged"):
            self.assertEqual(counts[act], entry[act], (entry["file"], act))
        acted = [row for row in rows if row.get("act") in ("new", "changed")]
        for row, act in zip(acted, acts, strict=True):
            where = (entry["file"], row["line"], act["id"])
            self.assertEqual(row["act"] == "new", act["new"], where)
            self.assertEqual({key: (value, act["record"].get(key, "not told"))
                              for key, value in row["record"].items()
                              if value != act["record"].get(key, "not told")}, {}, where)
            self.assertEqual(set(row["record"]), set(act["record"]), where)

    def test_the_import_accepts_and_refuses_what_the_plan_says(self):
        self.agree(self.out)

    def test_so_it_does_for_the_county_of_the_demo(self):
        out = pathlib.Path(self.folder.name) / "demo"
        generate(out, "--seed", 1, "--people", 300)
        self.agree(out)

    def test_so_it_does_for_eight_sites_to_the_end_of_the_operation(self):
        out = pathlib.Path(self.folder.name) / "vidare"
        generate(out, "--set", "vidare-8")
        self.agree(out)

    def test_stress_rows_are_all_good(self):
        out = pathlib.Path(self.folder.name) / "good"
        generate(out, "--stress", 5000)
        plan = json.loads((out / "plan.json").read_text())
        rows = self.imported(out, plan, plan["sites"][0])
        self.assertEqual([row["errors"] for row in rows[plan["rounds"][0]["imports"][0]["file"]]],
                         [[]] * 5000)


def main():
    global CHECK
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", metavar="IMPORT_CHECK")
    parser.add_argument("--sets", action="store_true", help="the named counties")
    given = parser.parse_args()
    CHECK = given.check
    claims = Agreement if CHECK else Sets if given.sets else Generated
    names = [name for name in unittest.TestLoader().getTestCaseNames(claims)
             if not CHECK or (name not in dir(Generated) and given.sets == ("eight" in name))]
    suite = unittest.TestSuite(map(claims, names))
    sys.exit(0 if unittest.TextTestRunner().run(suite).wasSuccessful() else 1)


main()
