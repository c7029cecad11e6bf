"""How people leave, what became of them, and what they answer."""

from .chance import add_months, days

REASON = {"work": .14, "work_and_studies": .02, "studies": .08, "af": .28, "municipal": .05,
          "rehab": .12, "illness": .09, "parental": .02, "moved": .03, "dropout": .09,
          "maxtime": .04, "sickcomp": .02, "otheroperation": .005, "deceased": .003,
          "consent_withdrawn": .002, "other": .03}
WORKS = {"open": .42, "subsidised": .46, "own": .05, "unknown": .07}
EXTENT = {"1-25": .10, "26-50": .25, "51-75": .20, "76-99": .08, "100": .35, "unknown": .02}
STUDIES = {"compulsory": .20, "upper_secondary": .25, "folkhigh": .20, "vocational": .20,
           "university": .13, "other": .02}
STEP = {"back": .05, "same": .20, "one": .40, "more": .30, "unassessed": .05}
AFTER = {"wage": .25, "sickness": .18, "assistance": .22, "activitygrant": .15, "study": .08,
         "activitycomp": .05, "none": .07}
FOLLOWUP = {"reached": .65, "notreached": .25, "declined": .05, "register": .05}
AGREES = {"decided": .91, "handles": .72, "agreed_goals": .90, "closer": .60, "power": .68,
          "treatment": .93, "satisfied": .85}
EMPTY_EXIT = ("exit_date", "exit_reason", "works_type", "works_extent", "studies_kind",
              "studies_extent", "af_programme", "job_seeking", "qualification", "income_after",
              "step", "result_date", "followup_date", "followup_outcome", "followup_employed",
              "followup_studies", "followup_improved")
ACTIVITY = {"mapping": .25, "case": .15, "supported": .14, "ips": .05, "boston": .03, "asf": .12,
            "employer": .08, "internship": .06, "course": .05, "cbt": .03, "study": .01,
            "housing": .01, "budget": .01, "sip": .01}


def yes(chance, share):
    return "yes" if chance.happens(share) else "no"


def goes_on(chance, reason):
    """What work, studies and the employment service need said of them."""
    record = {"exit_reason": reason.partition("_and_")[0]}
    if reason.startswith("work") or chance.happens(.02):
        record["works_type"] = chance.weigh(WORKS)
        record["works_extent"] = chance.weigh(EXTENT)
    if reason.endswith("studies"):
        record["studies_kind"] = chance.weigh(STUDIES)
        record["studies_extent"] = chance.weigh(EXTENT)
    if reason == "af":
        record["af_programme"] = "yes"
    elif chance.happens(.6):
        record["af_programme"] = yes(chance, .04)
    return record


def result(chance, exit_date):
    """The outcome of an exit, as it stood within four weeks."""
    record = goes_on(chance, chance.weigh(REASON))
    record["job_seeking"] = yes(chance, .4)
    record["qualification"] = yes(chance, .1)
    record["income_after"] = frozenset({chance.weigh(AFTER)})
    record["step"] = chance.weigh(STEP)
    if chance.happens(.95):
        record["result_date"] = exit_date + days(chance.between(0, 28))
    return record


def followup(chance, exit_date):
    outcome = chance.weigh(FOLLOWUP)
    record = {"followup_date": add_months(exit_date, 6) + days(chance.between(-20, 40)),
              "followup_outcome": outcome}
    if outcome in ("reached", "register"):
        record["followup_employed"] = yes(chance, .28)
        record["followup_studies"] = yes(chance, .1)
        record["followup_improved"] = yes(chance, .55)
    return record


def spell(chance, entry):
    start = entry + days(int(chance.lognormal(14, 1)))
    return {"activity": chance.weigh(ACTIVITY), "spell_start": start,
            "method": chance.between(1, 5), "provider": chance.between(100, 140),
            "spell_hours": chance.between(4, 100)}


SPELLS = {1: .10, 2: .20, 3: .35, 4: .20, 5: .10, 6: .05}
DEVIATIONS = {"waiting": .2, "responsibility": .15, "information": .15, "secrecy": .1, "rules": .1,
              "benefit_ends": .08, "officer_change": .08, "treatment": .04, "access": .03,
              "it": .02, "goodexample": .05}
KEPT_FREE = 46  # days before an exit in which nothing more begins: an exit may be put right by 45


def more_spells(chance, first, day, last):
    """[(recorded, spell)] of those after the first, each of another kind; told twice, once ended."""
    told, kinds = [], [kind for kind in ACTIVITY if kind != first]
    for _ in range(chance.weigh(SPELLS) - 1 if last > day else 0):
        start = day + days(chance.between(0, (last - day).days))
        end = min(last, start + days(chance.between(5, 120)))
        kind = chance.pick(kinds)
        kinds.remove(kind)
        spell = {"activity": kind, "spell_start": start, "method": chance.between(1, 5),
                 "provider": chance.between(100, 140), "spell_hours": chance.between(4, 100),
                 "spell_end": None}
        told += [(start, spell), (end, {**spell, "spell_end": end})]
    return sorted(told, key=lambda row: row[0])


def months_of_hours(chance, day, last):
    """[(recorded, hours)] of the months in which somebody took part."""
    told, month = [], day.replace(day=1)
    while month <= last:
        after = add_months(month, 1)
        told.append((after, {"hours_month": month, "hours": chance.between(4, 80)}))
        month = after
    return told


def pause(chance, day, last):
    """[(recorded, pause)], told twice, once ended."""
    start = day + days(chance.between(0, (last - day).days))
    end = min(last, start + days(chance.between(7, 60)))
    return [(start, {"pause_start": start, "pause_end": None}),
            (end, {"pause_start": start, "pause_end": end})]


def answer(chance, code, day):
    """One survey answer; nothing in it tells whose."""
    record = {"invitation_code": code, "survey_date": day}
    for item, share in AGREES.items():
        record[item] = chance.weigh({"4": share * .45, "5": share * .55, "3": (1 - share) * .5,
                                     "2": (1 - share) * .3, "1": (1 - share) * .2, "8": .02,
                                     "9": .02, None: .02})
    return record
