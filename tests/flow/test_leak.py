#!/usr/bin/python3
"""What is known of persons stays in the sealed store: nothing in files, logs, arguments, environment or answers (4-sync 4.7, Disclosure).

    test_leak.py [BUILD]         MIA_BUILD unless told
"""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB, ROOT, County

BUILD = Path(os.environ.get("MIA_BUILD", "build/debug")).resolve()
SITE = "sodertalje"
HEADINGS = "Personnummer;Lokalt id;Namn;Kön;Samtycke;Datum för samtycke;Inskrivningsdatum;Utbildning;Försörjning;Huvudsaklig försörjning"
# Official test numbers; made up ids and names.
PERSONS = (("19800101-2387", "PLANT-0001", "Plantina Sådd"), ("19810202-2384", "PLANT-0002", "Plantina Skörd"), ("", "PLANT-0003", ""))


def row(number, local_id, name):
    return f"{number};{local_id};{name};Kvinna;Lämnat;2018-01-02;2018-01-02;Grundskola;Sjukpenning;Sjukpenning"


def memory_of(pid):
    """(mapping, bytes) of all that a process may read."""
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                span, rights = line.split()[:2]
                first, end = (int(part, 16) for part in span.split("-"))
                if "r" not in rights or end - first > 1 << 32:
                    continue
                try:
                    memory.seek(first)
                    yield line.strip(), memory.read(end - first)
                except OSError:
                    continue  # the kernel's own
    except PermissionError as error:
        raise unittest.SkipTest("this account may not look into processes") from error


class LeakStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A hub and a site that took persons in, refused one, closed a month and reported it."""
        cls.folder = Path(tempfile.mkdtemp(prefix="mia-leak-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.county = County(BUILD, cls.folder / "county", sites=[SITE])
        cls.county.make()
        cls.addClassCleanup(cls.county.stop)
        cls.county.start()
        cls.county.set_clock("2018-02-05")
        cls.file = cls.folder / "files/persons.csv"
        cls.file.parent.mkdir()
        cls.file.write_text("\n".join([HEADINGS, *(row(*person) for person in PERSONS), row("19800101-2383", "PLANT-0004", "Plantina Fel")]) + "\n", "utf-8")
        cls.said = cls.county.mia(SITE, "import", cls.file, expect=(8,))
        cls.stored = cls.county.mia(SITE, "import", cls.file, "--apply", "--format", "json", expect=(11,))
        cls.said += cls.stored
        cls.county.deliver("2018-03-11")

    def search(self, folder, *words):
        return subprocess.run([ROOT / "tests/leak", folder, *words], capture_output=True, text=True, check=False)

    def planted(self):
        for number, local_id, name in (*PERSONS, ("19800101-2383", "PLANT-0004", "Plantina Fel")):
            yield from (value for value in (number, number.replace("-", ""), number[2:], local_id, name) if value)

    def assert_clean(self, content, where):
        for value in self.planted():
            for form in (value.encode(), value.encode("cp1252"), value.encode("utf-16-le")):
                self.assertNotIn(form, content, f"{value} stands in {where}")

    def test_nothing_under_the_county_s_folder_tells_of_a_person_or_a_key(self):
        done = self.search(self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(", 0 failed", done.stdout)
        self.assertRegex(done.stdout, r"of 1[0-9] identities and 8 keys")

    def test_the_persons_are_in_the_store(self):
        self.assertRegex(self.stored, r'"accepted": *3\b')

    def test_no_answer_tells_of_a_person(self):
        self.assert_clean(self.said.encode(), "the answer to import")
        for words in (("status",), ("events",), ("preview",), ("totals", "--all"), ("dump",), ("config", "show"), ("sites",)):
            said = self.county.mia(SITE, *words, "--format", "json", expect=(0, 6))
            self.assert_clean(said.encode(), "the answer to " + " ".join(words))
        self.assert_clean(self.county.mia(HUB, "dump", expect=(0,)).encode(), "what the hub has")

    def test_no_complaint_repeats_what_stands_in_a_cell(self):
        """What belongs elsewhere in every column, in rows too short and too long, and as headings."""
        programme = (ROOT / "proto/programme/mia.ini").read_text("utf-8")
        heads = re.findall(r"^\[field \w+\]\nsv = (.*)$", programme, re.M)
        heads = heads[:heads.index("Inbjudningskod")]
        self.addCleanup(lambda: [path.unlink() for path in self.folder.glob("shifted*")])
        said = ""
        for value in ("198001012383", "800101-2383", "801012383", "-801012383", "1,98001E+11", "2383-23-83", "Plantina", '"Plantina', "Plantina\0", "1/2/2383"):
            rows = [";".join(value if j == i else "" for j in range(len(heads))) for i in range(len(heads))]
            rows += [";".join([value] * n) for n in (1, len(heads), len(heads) + 3)]
            for head in (";".join(heads), f"{value};{value}"):
                file = self.folder / "shifted.csv"
                file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
                for words in ((), ("--apply", "--format", "json"), ("--dates", "dmy", "--lang", "sv")):
                    done = subprocess.run([*self.county.command(SITE, "import", file), *words], capture_output=True, check=False)
                    said += (done.stdout + done.stderr).decode("utf-8")
        said += self.county.log(SITE) + self.county.mia(SITE, "events", "--last", "1000")
        for word in ("2383", "Plantina"):
            self.assertFalse([line for line in said.splitlines() if word in line])

    def test_nothing_of_a_process_shows_persons_or_keys(self):
        keys = [path.read_bytes() for path in self.county.folder.rglob("keys/*.key")]
        self.assertGreaterEqual(len(keys), 7)
        for name, process in self.county.processes.items():
            for what in ("cmdline", "environ"):
                content = Path(f"/proc/{process.pid}/{what}").read_bytes()
                self.assert_clean(content, f"{what} of {name}")
                for key in keys:
                    self.assertFalse(key in content or key.hex().encode() in content, f"a key stands in {what} of {name}")

    def test_nothing_of_a_person_stays_in_a_daemon_s_memory(self):
        """After imports, questions and a closing: what was read is wiped, in the heap, on the stack, in the map of the store."""
        for process in self.county.processes.values():
            for where, content in memory_of(process.pid):
                if "libasan" in where:
                    self.skipTest("a sanitizer keeps what is freed")
                self.assert_clean(content, where)

    def test_no_core_of_a_daemon_can_be_written(self):
        for process in self.county.processes.values():
            limits = Path(f"/proc/{process.pid}/limits").read_text("ascii")
            self.assertRegex(limits, r"Max core file size +0 +0 ")

    def test_key_files_and_stores_are_their_owner_s_alone(self):
        for path in [*self.county.folder.rglob("keys/*"), *self.county.folder.rglob("state/**/*.mdb")]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_what_is_planted_is_found_in_every_form(self):
        key = (self.county.room(SITE) / "keys/vault.key").read_bytes()
        number = b"198001012387"
        forms = {
            "in clear": (b"id=PLANT-0002 seen", b"x198001012387y", b"800101-2387", "Plantina Sådd".encode("cp1252"), b"\0" + key, b"known=19791224-2380 "),
            "as UTF-16": (" 198001012387 ".encode("utf-16-le"), " PLANT-0001 ".encode("utf-16-be"), "Plantina Skörd".encode("utf-16-le")),
            "in hexadecimal": (number.hex().encode(), b"0" + number.hex().upper().encode(), key.hex().encode()),
            "in base64": (base64.b64encode(b"a" + number), base64.b64encode(b"ab" + number), base64.urlsafe_b64encode(number + b"!"), base64.b64encode(key)),
        }
        for how, contents in forms.items():
            for at, content in enumerate(contents):
                with self.subTest(how=how, at=at):
                    folder = self.folder / "planted"
                    shutil.copytree(self.folder / "files", folder / "files")
                    self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
                    (folder / "keys").mkdir()
                    (folder / "keys/vault.key").write_bytes(key)
                    (folder / "capture.bin").write_bytes(os.urandom(1000).replace(b"-", b"") + b" " + content + b" " + bytes(5000) + b"end")
                    done = self.search(folder)
                    shutil.rmtree(folder)
                    self.assertEqual(done.returncode, 1, done.stdout)
                    self.assertTrue(re.search(rf"LEAK .*capture\.bin: .* {how}", done.stdout), f"{content!r}: {done.stdout}")


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        BUILD = Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
