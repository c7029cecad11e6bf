"""What must hold whatever was done to a county (4-sync 4.7): the four criteria, checked from the dumps by code that knows proto/README.md alone.

1 every record acknowledged to a user is in the site's store; 2 every receipted release is at the hub; 3 the hub's totals are the sum over the sites'
own chains; 4 no message from a key outside the roster was processed.

    Criteria(county).check(self, stored={"varna": [path, ...]})             a County of real daemons
    check_hub(self, hub, chains={"varna": site_played_by_peer_site})        a lib_room.Hub

A site whose daemon is not running is judged by what the hub holds of it. Files in `stored` are those whose import was acknowledged, oldest first.
"""

import json
import re

import peer_wire as wire
from lib_county import HUB

SITE_WORD = re.compile(r"\bsite=(\S+)")
FROM_SITES = ("release_accepted", "release_refused", "session_refused")  # events of messages that were looked at


def lines(dump):
    return [json.loads(line) for line in dump.splitlines()]


def release_of(line):
    return bytes.fromhex(line["prev"]), bytes.fromhex(line["payload"]), bytes.fromhex(line["signature"])


def chain_of(dump, site):
    """[(prev, payload, signature)...] of a site's releases, by n from 1, as a dump has them."""
    rows = sorted((line for line in dump if line["kind"] == "release" and line["site"] == site), key=lambda line: line["n"])
    return [release_of(row) for row in rows if row["n"] > 0]


def members_of(roster_text):
    """{name: [public sign keys, the present one first]} of a roster."""
    keys = {}
    for section, key, value in wire.ini_entries(roster_text):
        if key == "sign":
            keys.setdefault(section, []).insert(0, bytes.fromhex(value))
        elif key == "former":
            keys.setdefault(section, []).append(bytes.fromhex(value.split("|")[0].strip()))
    return keys


def cells_of(programme_text):
    """{measure id: [cell ids]}."""
    cells = {}
    for section, key, value in wire.ini_entries(programme_text):
        kind, _, name = section.partition(" ")
        if kind == "measure":
            cells.setdefault(name, [])
            if key == "cell":
                cells[name].append(value.split("|")[0].strip())
    return {name: ids or ["total"] for name, ids in cells.items()}


def figures_of(programme_text, chain):
    """{(period, measure, cell): value, or None where there is none} of a chain."""
    _, shape = wire.programme_read(programme_text)
    ids, names, figures = {str(m["number"]): m["id"] for m in shape["measures"]}, cells_of(programme_text), {}
    for _, payload, _ in chain:
        body, tables = wire.payload_unpack(shape, payload)
        for number, values in tables.items():
            for cell, value in zip(names[ids[number]], values):
                figures[wire.period_text(body["period"]), ids[number], cell] = value if isinstance(value, int) else None
    return figures


# ---- the hub ----

def check_signed(test, dump, roster_text):
    """4: what was accepted is chained and signed by a key of the roster; what was refused or told of came from a member."""
    members = members_of(roster_text)
    for site in sorted({line["site"] for line in dump if line["kind"] == "release"}):
        test.assertIn(site, members, "a release of somebody who is not in the roster")
        head = wire.chain_start(site)
        for n, (prev, payload, signature) in enumerate(chain_of(dump, site), 1):
            test.assertEqual(prev, head, f"{site}: release {n} does not hang on the one before")
            head = wire.chain_next(prev, n, payload)
            test.assertTrue(any(wire.check(key, "mia/1/release", head, signature) for key in members[site]), f"{site}: release {n} is signed by nobody known")
    for line in dump:
        if line["kind"] == "quarantine":
            test.assertIn(line["site"], members, "refused material of somebody who never was let in")
    return members


def check_totals(test, rows, programme_text, chains):
    """3: rows {(period, site, measure, cell): value or None} against the chains {site: [(prev, payload, signature)...]}."""
    sums = {}
    for site, chain in chains.items():
        for key, value in figures_of(programme_text, chain).items():
            period, measure, cell = key
            test.assertEqual(rows.get((period, site, measure, cell)), value, f"{site}: {key}")
            sums[key] = sums.get(key, 0) + (value or 0)
    for (period, site, measure, cell), value in rows.items():
        if site == "county":
            if value is not None:
                test.assertEqual(value, sums.get((period, measure, cell), 0), f"the county's {period} {measure} {cell}")
        elif site not in chains:
            test.assertIsNone(value, f"a figure of {site}, which has no chain")


def check_receipted(test, site, own, received, at_hub):
    """2: what the site has a receipt for is at the hub, byte for byte, and the hub has nothing else."""
    test.assertGreaterEqual(len(at_hub), received, f"{site}: receipted and not at the hub")
    test.assertEqual([row[:2] for row in own[:len(at_hub)]], [row[:2] for row in at_hub], f"{site}: the hub holds another chain")


class Criteria:
    def __init__(self, county, programme=None, roster=None):
        self.county = county
        self.programme = (programme or county.folder / "programme.ini").read_text("utf-8")
        self.roster = (roster or county.folder / "roster.ini").read_text("utf-8")

    def is_running(self, name):
        return name in self.county.processes and self.county.processes[name].poll() is None

    def totals(self):
        answer = self.county.ask(HUB, "totals", "--all", "--allow-partial")
        rows = next(one for one in (answer if isinstance(answer, list) else [answer]) if one["schema"] == "mia.totals/1")["rows"]
        return {(row["period"], row["site"], row["measure"], row["cell"]): None if isinstance(row["value"], dict) else row["value"] for row in rows}

    def received(self, site):
        answer = self.county.ask(site, "status")
        return next(one for one in (answer if isinstance(answer, list) else [answer]) if one["schema"] == "mia.status/1")["values"]["received"]

    def check(self, test, stored=None):
        stored = stored or {}
        for site, files in stored.items():  # 1
            for path in files:
                values = next(one for one in self.county.ask(site, "import", path) if one["schema"] == "mia.import/1")["values"]
                test.assertEqual(values["new"], 0, f"{site}: acknowledged and not in the store ({path})")
        chains = {}
        for site in self.county.sites:
            if self.is_running(site):
                received = self.received(site)  # before the hub is looked at: it can only have more
                chains[site] = (received, lines(self.county.mia(site, "dump")))
        at_hub = lines(self.county.mia(HUB, "dump"))
        members = check_signed(test, at_hub, self.roster)
        for line in at_hub:
            if line["kind"] == "event" and (site := SITE_WORD.search(line["text"])) and line["text"].split()[0] in FROM_SITES:
                test.assertIn(site.group(1), members)
        for site, (received, dump) in chains.items():
            check_receipted(test, site, chain_of(dump, site), received, chain_of(at_hub, site))
        sites = {line["site"] for line in at_hub if line["kind"] == "release"}
        check_totals(test, self.totals(), self.programme, {site: self.own_or_hub(site, chains, at_hub) for site in sites})

    @staticmethod
    def own_or_hub(site, chains, at_hub):
        """The site's own chain as far as the hub has come; the hub's copy of a site that is off."""
        copy = chain_of(at_hub, site)
        return chain_of(chains[site][1], site)[:len(copy)] if site in chains else copy


def check_hub(test, hub, chains):
    """Criteria 2, 3 and 4 for a lib_room.Hub; chains: {site: peer_site.Site}."""
    at_hub = lines(hub.ask("dump")[2].decode())
    check_signed(test, at_hub, hub.roster.read_text("utf-8"))
    for name, site in chains.items():
        check_receipted(test, name, site.releases[1:], site.receipted, chain_of(at_hub, name))
    columns, cells = hub.ask("totals", all="", allow_partial="")[1]["mia.totals/1"]
    rows = [cells[i:i + len(columns)] for i in range(0, len(cells), len(columns))]
    of = {name: columns.index(name) for name in ("period", "site", "measure", "cell", "value")}
    totals = {}
    for row in rows:
        period, site, measure, cell, value = (row[of[name]] for name in ("period", "site", "measure", "cell", "value"))
        totals[wire.period_text(period[0]), site[0], measure[0], cell[0]] = value if isinstance(value, int) else None
    sites = {line["site"] for line in at_hub if line["kind"] == "release"}
    check_totals(test, totals, hub.programme.read_text("utf-8"), {site: chain_of(at_hub, site) for site in sites})
