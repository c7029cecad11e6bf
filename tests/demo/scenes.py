"""Scenes of the demo after its months: the desk where one person is recorded, what the coordinator asks, what a site sees of its own, a disk that failed. Each
shows its screens and claims what must be so; what is recorded here is told to the oracle too."""

import datetime
import json
import shutil
import signal
import stat
import time

from lib_county import HUB
from books import closing_day
from programme import month_of, month_text

SITE = "sodertalje"
PLACE = "0181"
PACK = "esf2014"
RESTORED = "hbs"
STORES = ("records", "keys")


def sheet(answer, schema):
    return next(one for one in (answer if isinstance(answer, list) else [answer]) if one["schema"] == schema)


def ask(demo, name, schema, *words, told=None):
    """A sheet of the answer: its rows or values."""
    found = sheet(demo.county.ask(name, *words, expect=(0, 6), told=told), schema)
    return found.get("rows", found.get("values"))


# ---- one person ----


def desk(demo, day):
    """Somebody is registered, enters, takes part and leaves by the forms; somebody else is erased for good."""
    demo.say(f"{SITE}: one person by the forms, which are JSON for programs")
    before = [str(day - datetime.timedelta(n)) for n in (40, 30, 20)]
    who = {"local_id": "DEMO-1", "sex": "woman", "birth_date": "1984-02-29", "municipality": PLACE, "consent": "given", "consent_date": before[0],
           "interest_date": before[0]}
    case = ask(demo, SITE, "mia.case/1", "person", "add", "--yes", told=who)["case"]
    events = [("entry", {"entry_date": before[1], "education": "upper3", "labour": "longterm", "months_unemployed": "30", "income": "assistance",
                         "income_main": "assistance"}),
              ("start", {"activity": "course", "spell_start": before[1]}), ("end", {"activity": "course", "spell_start": before[1], "spell_end": before[2]}),
              ("exit", {"exit_date": before[2], "exit_reason": "work", "works_type": "open", "works_extent": "100", "result_date": before[2]})]
    for event, fields in events:
        stored = ask(demo, SITE, "mia.case/1", "person", "event", case, event, "--yes", told=fields)["stored"]
        demo.claim(f"the event {event} is stored", stored == "yes")
    demo.show(SITE, "person", "show", str(case))
    shown = json.dumps(demo.county.ask(SITE, "person", "show", case))
    demo.claim("the person is shown with what was recorded", before[2] in shown and "DEMO-1" in shown)
    demo.claim("the person is found by what is typed", ask(demo, SITE, "mia.found/1", "person", "find", told={"local_id": "DEMO-1"})["case"] == case)
    spell = {**events[1][1], **events[2][1]}
    record = {**who, **events[0][1], **events[3][1], "items": {"spell": [spell]}}
    demo.books[SITE].act("demo-1", record)
    erase(demo)
    audit = json.dumps(demo.county.ask(SITE, "audit", "show"))
    demo.claim("every look at a person is in the audit log", "person_shown" in audit and "DEMO-1" not in audit)


def erase(demo):
    """The last one in the ledger who has a local id and is no longer there."""
    book = demo.books[SITE]
    gone = [key for key, record in sorted(book.records.items()) if record.get("followup_date") and record.get("consent") == "given"]
    if not gone:
        return  # the county ended before anybody was followed up
    person = gone[0]
    local_id = "%s-%04d" % (SITE[:2].upper(), int(person.rsplit("p", 1)[1]) + 1000)
    case = ask(demo, SITE, "mia.found/1", "person", "find", told={"local_id": local_id})["case"]
    demo.show(SITE, "person", "erase", str(case), "--dry-run")
    demo.county.mia(SITE, "person", "erase", case, "--yes")
    book.erase(person)
    demo.county.mia(SITE, "person", "show", case, expect=(5,))
    demo.county.ask(SITE, "person", "find", told={"local_id": local_id}, expect=(5,))
    demo.claim("who is erased is found no more", True)


# ---- the coordinator ----


def coordinator(demo):
    demo.say("What the coordinator asks")
    year, last = demo.args.last[:4], demo.args.last
    for words in (("trend", "--measure", "entered"), ("flow", "--period", year), ("goals", "--forecast"), ("targets",), ("sites", "--wide")):
        demo.show(HUB, *words, lang="en" if words[0] == "sites" else "sv")
    totals = ask(demo, HUB, "mia.totals/1", "totals", "--all")
    entered = sum(row["value"] for row in totals if row["site"] == "county" and row["measure"] == "entered")
    moved = sum(row["value"] for row in totals if row["site"] == "county" and row["measure"] == "transferred_in")
    gone = sum(row["value"] for row in totals if row["site"] == "county" and row["measure"] in ("left", "transferred_out"))
    flow = ask(demo, HUB, "mia.flow/1", "flow")
    month = next(row for row in flow if row["period"] == last)
    demo.claim("flow: active is all who came in less all who went out", month["active"] == entered + moved - gone, f"{month} {entered} {moved} {gone}")
    recruited = ask(demo, HUB, "mia.recruited/1", "goals", "--forecast")
    demo.claim("forecast: the county's recruited are the totals'", recruited[-1]["entered"] == entered, str(recruited[-1]))
    steps = [row for row in ask(demo, HUB, "mia.targets/1", "targets") if row["change"]]
    is_lowered = any(row["change"] < 0 for row in steps)
    demo.claim("targets: a target that was lowered is shown as a step, from its day on", is_lowered == (last >= "2018-07"), str(steps))
    explain(demo, "2018-03" if last > "2018-03" else last, totals)  # a month in which a line was cut


def explain(demo, month, totals):
    """compare and why say what a figure is made of, and that closed months stand."""
    then = str(closing_day(demo.programme, month_of(month)))
    demo.show(HUB, "compare", month, "--as-of", then, "--measure", "entered")
    rows = ask(demo, HUB, "mia.compare/1", "compare", month, "--as-of", then, "--measure", "entered")
    shown = sum(row["value"] for row in totals if (row["period"], row["site"], row["measure"]) == (month, "county", "entered"))
    demo.claim("compare: what is known of a month now is in the totals", rows[0]["second"] == shown >= rows[0]["first"], str(rows))
    demo.show(HUB, "why", f"entered site={SITE} {month}")
    reports = ask(demo, HUB, "mia.why.reports/1", "why", "entered", f"site={SITE}", month)
    mine = next(row["value"] for row in totals if (row["period"], row["site"], row["measure"]) == (month, SITE, "entered"))
    demo.claim("why: a figure is what its reports say", sum(row["value"] for row in reports) == mine and all(row["hash"] for row in reports), str(reports))


# ---- a disk that failed ----


def state_of(demo, *parts):
    return demo.county.room(RESTORED).joinpath("state", *parts)


def back_up(demo):
    """A backup of one site's stores, as it is made every night."""
    if RESTORED not in demo.county.sites:
        return
    demo.county.kill(RESTORED, signal.SIGTERM)
    for store in STORES:
        shutil.copytree(state_of(demo, store), demo.folder / "backup" / store)
    demo.county.start_one(RESTORED)


def put_back(demo):
    """The backup is older than what the hub has; a rehearsal's clock lies in the store, and is set before the hub is heard."""
    now = sheet(demo.county.ask(HUB, "status"), "mia.status/1")["values"]["now"]
    demo.county.kill(RESTORED, signal.SIGTERM)
    for store in STORES:
        shutil.rmtree(state_of(demo, store))
        shutil.copytree(demo.folder / "backup" / store, state_of(demo, store))
    demo.county.processes[HUB].send_signal(signal.SIGSTOP)
    demo.county.start_one(RESTORED)
    demo.county.mia(RESTORED, "clock", "set", now)
    demo.county.processes[HUB].send_signal(signal.SIGCONT)


def restored(demo):
    """One site's disk fails: the hub gives its reports back, an operator looks, and what was lost is entered again."""
    if not (demo.folder / "backup").exists():
        return
    demo.say(f"{RESTORED}: the disk has failed, and the store is put back from a backup")
    figures = ask(demo, HUB, "mia.totals/1", "totals", "--all")
    put_back(demo)
    end = time.monotonic() + 60
    while ask(demo, RESTORED, "mia.reconcile/1", "reconcile")["code"] != "W013" and time.monotonic() < end:
        time.sleep(0.02)  # between two looks at a state
    shown = ask(demo, RESTORED, "mia.reconcile/1", "reconcile")
    demo.show(RESTORED, "reconcile")
    demo.claim("the hub has more than the backup, and everything stops", shown["code"] == "W013" and shown["difference"] > 0, str(shown))
    demo.county.mia(RESTORED, "close", "--yes", expect=(1,))
    demo.county.mia(RESTORED, "reconcile", "--acknowledge", "--yes")
    demo.county.mia(RESTORED, "wait", "--until", "received", "--timeout", 60)
    last = max(round_["number"] for round_ in demo.plan["rounds"])
    for job in (job for round_ in demo.plan["rounds"] if round_["number"] == last for job in round_["imports"] if job["site"] == RESTORED):
        demo.county.mia(RESTORED, "import", demo.folder / "files" / job["file"], "--apply", *job["options"], expect=(0, 8, 11))
    demo.show(HUB, "reconcile", lang="en")
    demo.claim("what was lost is entered again: no figure lacks a record", ask(demo, RESTORED, "mia.reconcile/1", "reconcile")["difference"] == 0)
    demo.claim("no figure of the county has moved", ask(demo, HUB, "mia.totals/1", "totals", "--all") == figures)
    own(demo, RESTORED, demo.books[RESTORED])


# ---- a site's own ----


def site(demo):
    demo.say("What a site sees of its own records, and nobody else")
    demo.show(SITE, "quality")
    demo.show(SITE, "todo")
    demo.show(SITE, "esf", "plan")
    demo.show(SITE, "retention", "list")
    for name, book in demo.books.items():
        own(demo, name, book)
    corrections(demo)
    unsaid = sum(bool(record.get("exit_date")) and not record.get("exit_reason") for record in demo.books[SITE].records.values())
    found = {row["code"]: row["count"] for row in ask(demo, SITE, "mia.quality/1", "quality")}
    demo.claim(f"quality: {unsaid} exits lack their outcome", found.get("V027", 0) == unsaid, str(found))
    export(demo)


def corrections(demo):
    """What every closed month's figures hold of corrections, as each site's books tell it, against the oracle's."""
    wrong, n = [], 0
    for name, book in demo.books.items():
        for month, cells in book.corrected.items():
            for measure in sorted({measure for measure, _ in cells}):
                rows = ask(demo, name, "mia.why.books/1", "why", measure, f"site={name}", month_text(month))
                order = next(one for one in demo.programme.measures if one.name == measure).cells
                told = {cell.name: [row["taken"], row["added"]] for cell, row in zip(order, rows, strict=True)}
                n += 1
                wrong += [(name, month_text(month), measure, told)] if told != {cell.name: cells.get((measure, cell.name), [0, 0]) for cell in order} else []
    demo.claim(f"why: the corrections in {n} published figures are the oracle's", not wrong, str(wrong[:4]))


def own(demo, name, book):
    """The site's own totals against the oracle's truth, cell by cell, and its indicators."""
    rows = ask(demo, name, "mia.own/1", "totals", "--own")
    wrong = []
    got = {(row["figure"], row["cell"]): row["value"] for row in rows if row["of"] == "measures"}
    for measure in demo.programme.measures:
        for cell in measure.cells:
            truth = book.balance(measure.name, cell.name)[0] - book.erased[measure.name, cell.name]
            if got.get((measure.name, cell.name)) != truth:
                wrong.append((measure.name, cell.name, got.get((measure.name, cell.name)), truth))
    demo.claim(f"{name}: own totals are what the records say", not wrong, str(wrong))
    counted = indicators(demo.programme, book)
    got = {(row["figure"], row["cell"]): row["value"] for row in rows if row["of"] == PACK}
    wrong = [(key, got.get(key), n) for key, n in counted.items() if got.get(key) != n]
    demo.claim(f"{name}: {len(counted)} indicators are what the records say", not wrong, str(wrong[:6]))


def indicators(programme, book):
    """{(indicator, total): persons} of complete records; who withdrew consent has none."""
    counted = {}
    for indicator in (one for one in programme.indicators if one.status == "counted" and one.pack == PACK):
        n = 0
        for record in book.records.values():
            day = programme.day_of(indicator.kind, record)
            n += bool(day) and record.get("consent") != "withdrawn" and programme.is_complete(indicator.pack, record, day) and \
                any_holds(indicator.rules, programme, record, day)
        counted[indicator.name, "total"] = n
    return counted


def any_holds(rules, programme, record, day):
    return not rules or any(all(test.holds(programme, record, day) for test in rule) for rule in rules)


def export(demo):
    """The monthly sheet about persons, for the funder: a file that nobody else may read."""
    out = demo.folder / "esf"
    demo.county.mia(SITE, "esf", "export", "--period", demo.args.last, "--out", out)
    files = [path for path in out.rglob("*") if path.is_file()]
    demo.claim("esf export: a sheet that only its owner may read", bool(files) and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files), str(files))
    waits = [row for row in ask(demo, SITE, "mia.esf.plan/1", "esf", "plan") if demo.args.last in row.values()]
    demo.claim("esf plan: what is handed out waits no longer", not waits, str(waits))
