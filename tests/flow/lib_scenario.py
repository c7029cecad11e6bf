"""Stories of a small county, told in a table: what was recorded where on which day, which months closed, and what the coordinator sees.

    class Moved(Scenario):
        sites = ("varna",)

        def test_six_enter(self):
            self.record("2018-02-05", "varna", persons(6, entry_date="2018-01-15"))
            self.close_until("2018-01")
            self.sees("entered", {"2018-01": 6})

Headings and codes of the files are the programme's ids; every row is somebody with consent, a local id and what an entry needs.
"""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "oracle"))

# pylint: disable=wrong-import-position
import books as oracle  # noqa: E402
from lib_county import HUB, PROGRAMME, County, Failed  # noqa: E402
from lib_faults import BUILD, sheet  # noqa: E402

# What everybody has who says nothing else.
COMMON = {"sex": "woman", "birth_date": "1985-03-04", "consent": "given", "education": "upper3", "labour": "inactive", "income": "sickness",
          "income_main": "sickness"}
WORK = {"exit_reason": "work", "works_type": "open"}
REHAB = {"exit_reason": "rehab", "works_type": ""}


def persons(n, first=1, prefix="S", **fields):
    """n rows of persons prefix-first, prefix-(first + 1) ..."""
    return [{"local_id": f"{prefix}-{i}", **COMMON, "consent_date": fields.get("entry_date", ""), **fields} for i in range(first, first + n)]


def leaving(day, **fields):
    """What an exit with its outcome adds to a row."""
    return {"exit_date": day, "result_date": day, **fields}


def sheet_of(answer, schema):
    return next(one for one in (answer if isinstance(answer, list) else [answer]) if one["schema"] == schema)


class Scenario(unittest.TestCase):
    """A rehearsal county of a hub and these sites, on the operation's first day."""

    sites = ()
    programme_path = PROGRAMME

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-scenario-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.programme = oracle.Programme.read(self.programme_path)
        self.county = County(BUILD, self.folder / "county", sites=self.sites, programme=self.programme_path)
        self.addCleanup(self.county.stop)
        self.county.make()
        self.county.start()
        self.files = 0
        self.warnings = []
        self.day = self.closed = None

    # ---- What happens ----

    def on(self, day, names=None):
        """It is that day; what is due by then closes."""
        if str(day) != self.day or names:
            self.county.set_clock(day, names)
        self.day = str(day)

    def cutoff(self, month):
        """The day on whose first moment a month closes."""
        return str(oracle.closing_day(self.programme, oracle.month_of(month)))

    def write(self, rows):
        """A file in whose columns are the fields of any row."""
        heads = list(dict.fromkeys(field for row in rows for field in row))
        self.files += 1
        path = self.folder / f"{self.files:02}.csv"
        path.write_text("\n".join([";".join(heads), *(";".join(str(row.get(head, "")) for head in heads) for row in rows)]) + "\n", "utf-8")
        return path

    def record(self, day, site, rows, refused=()):
        """The rows are imported on that day; the codes of those that are refused."""
        self.on(day)
        answer = self.county.ask(site, "import", self.write(rows), "--apply", expect=(0, 8, 11))
        findings = next((one["rows"] for one in answer if one["schema"] == "mia.import.findings/1"), []) if isinstance(answer, list) else []
        errors = [row["code"] for row in findings if row["severity"] == "error"]
        self.assertEqual(sorted(errors), sorted(refused), answer)
        self.warnings = [row["code"] for row in findings if row["severity"] != "error"]
        return sheet(answer, "mia.import/1")

    def close_until(self, month, sites=None):
        """Months close one by one, until that one has and its reports are receipted."""
        first = self.programme.first if self.closed is None else oracle.month_of(self.closed) + 1
        for number in range(first, oracle.month_of(month) + 1):
            day = self.cutoff(oracle.month_text(number))
            if self.day is None or day >= self.day:
                self.county.deliver(day, sites)
                self.day = day
        self.closed = month

    def skip_until(self, month):
        """Months in which nothing was recorded close all at once."""
        self.day = self.cutoff(month)
        self.county.deliver(self.day)
        self.closed = month

    # ---- What is seen ----

    def totals(self, at=HUB, *words):
        return sheet_of(self.county.ask(at, "totals", "--all", "--allow-partial", *words), "mia.totals/1")["rows"]

    def figures(self, measure, cell="total", site=None, at=HUB):
        """{month: figure} of a site (of the county, when there is but one); what is missing is left out."""
        site = site or (self.sites[0] if len(self.sites) == 1 else "county")
        return {row["period"]: row["value"] for row in self.totals(at) if (row["site"], row["measure"], row["cell"]) == (site, measure, cell)
                and not isinstance(row["value"], dict)}

    def sees(self, measure, figures, cell="total", site=None):
        """The months with any figure but 0 are these, at the hub."""
        got = {month: value for month, value in self.figures(measure, cell, site).items() if value != 0}
        self.assertEqual(got, figures, (measure, cell, site))

    def state(self, measure, month, site, cell="total"):
        """How a figure is not there: missing, not collected, ...; 'value' when it is."""
        for row in self.totals():
            if (row["period"], row["site"], row["measure"], row["cell"]) == (month, site, measure, cell):
                return row["value"]["state"] if isinstance(row["value"], dict) else "value"
        raise Failed(f"no {measure} of {site} in {month}")

    def why(self, at, figure, schema):
        """A sheet of the answer to why a figure is what it is."""
        return sheet_of(self.county.ask(at, "why", *figure.split(), expect=(0, 6)), schema)

    def balance(self, site, measure, cell="total"):
        """(published, waiting, corrections that wait) as the site's own books explain the figure."""
        row = self.books_row(site, measure, cell)
        return row["value"], row["waiting"], row["corrections"]

    def corrected(self, site, measure, month, cell="total"):
        """(newly booked, corrected away, corrected to) of a month, as the site's own books tell."""
        row = self.books_row(site, f"{measure} {month}", cell)
        self.assertEqual(row["value"], row["booked"] - row["taken"] + row["added"])
        return row["booked"], row["taken"], row["added"]

    def books_row(self, site, figure, cell):
        return next(row for row in self.why(site, figure, "mia.why.books/1")["rows"] if row["cell"] == cell)

    def unchanged_since(self, day, month, measure):
        """The coordinator compares a month as it was known on a day with what it is now: nothing moved."""
        rows = sheet_of(self.county.ask(HUB, "compare", month, "--as-of", day, "--measure", measure, expect=(0, 6)), "mia.compare/1")["rows"]
        self.assertTrue(rows)
        self.assertEqual([(row["first"], row["difference"]) for row in rows if row["difference"] != 0], [])

    # ---- One person ----

    def case(self, site, **by):
        """The case number of somebody."""
        return sheet_of(self.county.ask(site, "person", "find", told=by), "mia.found/1")["values"]["case"]

    def event(self, site, case, event, **fields):
        """What is recorded of a case: the answer's values."""
        return sheet_of(self.county.ask(site, "person", "event", case, event, "--yes", told=fields), "mia.case/1")["values"]
