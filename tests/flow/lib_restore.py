"""A site or a hub that is put back from a backup, for the stories of what follows (4-sync 4.1)."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lib_county import HUB
from lib_criteria import Criteria
from lib_faults import SITE, wait_for
from lib_scenario import Scenario, sheet_of

LOST, KEPT = "lost", "kept"  # what became of the mark


class Restored(Scenario):
    """A county of one site; backups hold its stores and not its mark."""

    sites = (SITE,)
    stores = {SITE: ("records", "keys"), HUB: ("ledger",)}

    # ---- machines ----

    def state(self, name):
        return self.county.room(name) / "state"

    def off(self, name=SITE):
        self.county.kill(name, signal.SIGTERM)

    def back_up(self, label, name=SITE):
        self.off(name)
        for store in self.stores[name]:
            shutil.copytree(self.state(name) / store, self.folder / label / store)
        self.county.start_one(name)

    def swap(self, label, name=SITE, mark=KEPT):
        """The backup in the place of what is there; the daemon is off."""
        for store in self.stores[name]:
            shutil.rmtree(self.state(name) / store)
            shutil.copytree(self.folder / label / store, self.state(name) / store)
        if mark == LOST:
            (self.state(name) / "mark").unlink()

    def put_back(self, label, name=SITE, mark=KEPT):
        self.off(name)
        self.swap(label, name, mark)
        self.start_at_day(name)

    def start_at_day(self, name):
        """The clock of a rehearsal is in its store: it is set before anything is heard."""
        others = [process for other, process in self.county.processes.items() if other != name]
        for process in others:
            process.send_signal(signal.SIGSTOP)
        self.county.start_one(name)
        self.county.mia(name, "clock", "set", f"{self.day}T00:30:00Z", expect=(0, 2))  # it goes forward only
        for process in others:
            process.send_signal(signal.SIGCONT)

    # ---- what is said ----

    def says(self, lang="en", name=SITE):
        return self.county.mia(name, "status", lang=lang)

    def halted(self, code):
        wait_for(f"the site to stop with {code}", lambda: code in self.says())

    def reconcile(self, name=SITE):
        return sheet_of(self.county.ask(name, "reconcile"), "mia.reconcile/1")["values"]

    def taken_over(self):
        """{(month, measure, cell): (published, with a record, difference)} of adopted figures."""
        rows = sheet_of(self.county.ask(SITE, "reconcile"), "mia.reconcile.cells/1")["rows"]
        return {(row["period"], row["measure"], row["cell"]): (row["figure"], row["matched"], row["difference"]) for row in rows}

    def acknowledge(self, expect=(0,)):
        return self.county.mia(SITE, "reconcile", "--acknowledge", "--yes", expect=expect)

    def refused(self, *words, expect=1):
        done = subprocess.run([*self.county.command(SITE, *words), "--lang", "en"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stderr

    def events(self, name=SITE, lang="en"):
        return self.county.mia(name, "events", "--last", "1000", lang=lang)

    def received(self):
        self.county.mia(SITE, "wait", "--until", "received")

    def sent(self):
        return sheet_of(self.county.ask(SITE, "status"), "mia.status/1")["values"]["sent"]

    def close(self, month):
        """The month closes on its day, its report arrives."""
        self.day = self.cutoff(month)
        self.county.deliver(self.day, [SITE])

    # ---- what must be so ----

    def adds_up(self, difference):
        """In every cell the hub's total is what the site published, and truth less what it holds back and plus the named difference."""
        at_hub, published, named = {}, {}, {}
        for row in self.totals():
            if row["site"] == SITE and not isinstance(row["value"], dict):
                key = (row["measure"], row["cell"])
                at_hub[key] = at_hub.get(key, 0) + row["value"]
        rows = sheet_of(self.county.ask(SITE, "preview"), "mia.preview/1")["rows"]
        for row in rows:
            published[row["measure"], row["cell"]] = row["published"]
        for (_, measure, cell), (_, _, missing) in self.taken_over().items() if self.reconcile()["came_back"] else ():
            named[measure, cell] = named.get((measure, cell), 0) + missing
        for row in sheet_of(self.own(), "mia.own/1")["rows"]:
            key = (row["figure"], row["cell"])
            if row["of"] != "measures" or key not in at_hub:
                continue
            mine = next(one for one in rows if (one["measure"], one["cell"]) == key)
            self.assertEqual(at_hub[key], published[key], key)
            self.assertEqual(row["value"], published[key] - named.get(key, 0) + mine["waiting"] + mine["corrections"], key)
        self.assertEqual(sum(named.values()), difference, named)
        Criteria(self.county).check(self, stored={})

    def own(self):
        return self.county.ask(SITE, "totals", "--own")
