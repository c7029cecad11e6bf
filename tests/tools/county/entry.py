"""What is said of somebody on the day of entry (shares: 2-domain, A realistic county)."""

from .chance import age_on, days

AGES = {(16, 24): .14, (25, 29): .14, (30, 45): .33, (46, 54): .26, (55, 64): .13}
EDUCATION = {"none": .06, "compulsory": .29, "upper2": .20, "upper3": .25, "folkhigh": .05,
             "tertiary2": .05, "tertiary3": .065, "research": .005, "foreign": .01, "unknown": .02}
LABOUR = {"longterm": .30, "inactive": .50, "unemployed": .12, "inactive_edu": .03,
          "employed": .02, "subsidised": .02, "unknown": .01}
SUPPORT = {"none": .05, "lt6m": .03, "6-11m": .05, "1-2y": .13, "2-3y": .14, "3-6y": .28,
           "ge6y": .32}
REFERRER = [{"af": .31, "fk": .30, "social": .20, "labourunit": .11, "care": .05, "self": .03},
            {"af": .17, "fk": .23, "social": .25, "labourunit": .15, "care": .14, "self": .04,
             "team": .02}]
MAIN_OLD = {"sickness": .28, "assistance": .39, "none": .23, "rehab": .04, "activitygrant": .04,
            "insurance": .01, "parental": .01}
MAIN_YOUNG = {"sickness": .14, "activitycomp": .53, "assistance": .17, "none": .12,
              "activitygrant": .04}
EXTRA = {"assistance": .5, "activitygrant": .2, "wage": .2, "other": .1}
BARRIERS = {"health_mental": .4, "health_physical": .2, "addiction": .05, "language": .1,
            "housing": .08, "debt": .07, "social": .07, "other": .03}
HOUSEHOLD = {"jobless": .45, "children": .3, "single": .35}
TRI = {"migrant": .35, "disability": .40, "disadvantage": .25}


def birth_date(chance, entry, ages):
    """Old enough and young enough a quarter of a year to either side of the entry."""
    first, last = chance.weigh(AGES)
    first, last = max(first, ages[0]), min(last, ages[1])
    if first > last:
        first, last = ages
    age = chance.between(first, last)
    return entry - days(int(age * 365.25) + chance.between(100, 260))


def incomes(chance, age):
    """The main source, and the set it is in."""
    main = chance.weigh(MAIN_YOUNG if 19 <= age <= 29 else MAIN_OLD)
    sources = {main}
    if main != "none" and chance.happens(.24):
        sources.add(chance.weigh(EXTRA))
    return main, sources


def priorities(chance, sex, age, sources):
    groups = set()
    if "assistance" in sources:
        if age < 30:
            groups.add("young_assistance")
        if sex == "woman":
            groups.add("women_assistance")
        if chance.happens(.3):
            groups.add("children_assistance")
    if "activitycomp" in sources and 25 <= age <= 29:
        groups.add("activitycomp2529")
    if "sickness" in sources and chance.happens(.6):
        groups.add("longsick")
    if "none" in sources:
        groups.add("nobenefit")
    return groups or ({"other"} if chance.happens(.5) else set())


def months_unemployed(chance, labour):
    if labour == "longterm":
        return chance.between(13, 120)
    return chance.between(1, 6) if labour == "unemployed" else None


def household(chance):
    kinds = frozenset(kind for kind, share in HOUSEHOLD.items() if chance.happens(share))
    return kinds or frozenset({"none"})


def referrer(chance, interest):
    return chance.weigh(REFERRER[0 if interest.toordinal() < 736785 else 1])  # 2018-04-01


def data(chance, sex, birth, entry):
    """The fields of the part ENTRY, the date of entry among them."""
    age = age_on(birth, entry)
    labour = chance.weigh(LABOUR)
    main, sources = incomes(chance, age)
    record = {
        "entry_date": entry,
        "education": chance.weigh(EDUCATION),
        "labour": labour,
        "months_unemployed": months_unemployed(chance, labour),
        "income": frozenset(sources),
        "income_main": main,
        "support_time": "none" if main == "none" and chance.happens(.2) else chance.weigh(SUPPORT),
        "priority": frozenset(priorities(chance, sex, age, sources)),
        "household": household(chance),
        "barrier": frozenset(chance.weigh(BARRIERS) for _ in range(chance.between(0, 3))),
    }
    for field, share in TRI.items():
        record[field] = chance.weigh({"yes": share, "no": .88 - share, "declined": .07,
                                      "missing": .05})
    return record
