"""
People: a life is a list of patches (day recorded, fields), in order; what a case system knows on a
day is the fold of those recorded by then. Recording lags behind events, and some of it is put right
later.
"""

import datetime

from . import entry, identity, outcome
from .chance import Chance, add_months, days, month_length

WOMEN = {"ostra-sodertorn": .58, "sodertalje": .62, "hbs": .65, "varna": .52,
         "stockholms-stad": .46, "sodra-roslagen": .60}
UNTARGETED = 150
SEASON = {1: 1.3, 7: .4, 9: 1.3, 12: .7}
TWISTS = {"none": .87, "entry": .02, "exit": .02, "reason": .02, "education": .005,
          "reentry": .04, "misregistered": .005, "withdrawn": .004, "transferred": .01, "moved": .006}


class Person:
    """Who, and what was recorded of them when. anonymous: nothing but sex and entry is said."""

    def __init__(self, key, site, sex):
        self.key, self.site, self.sex = key, site, sex
        self.number = self.local_id = self.name = None
        self.is_anonymous = False
        self.patches = []
        self.items = []  # (day recorded, kind of file, fields): of what somebody has many of

    def say(self, day, fields):
        """Recorded on that day, or on that of what was recorded before."""
        if self.patches:
            day = max(day, self.patches[-1][0])
        self.patches.append((day, fields))
        return day

    def known_on(self, day):
        """The record as of that day, or None when nobody has heard of them."""
        record = {}
        for recorded, fields in self.patches:
            if recorded <= day:
                record.update(fields)
        if not record:
            return None
        record.update({"person_number": self.number, "local_id": self.local_id,
                       "name": self.name, "sex": self.sex})
        return record


def lag(chance):
    kind = chance.weigh({5: .70, 30: .25, 100: .05})
    return days(chance.between(0, kind))


class County:
    """Makes the people of all sites. answers: site -> [(day recorded, record)]."""

    def __init__(self, programme, seed, preset):
        self.programme, self.seed, self.preset = programme, seed, preset
        self.last = preset.last
        known_by = preset.last if preset.has_joiners else preset.first
        self.sites = [site.id for site in programme.sites.values() if site.span[0] <= known_by]
        self.numbers = identity.Numbers()
        self.people, self.answers = [], {site: [] for site in self.sites}
        self.deviations = {site: [] for site in self.sites}
        self.counts = dict.fromkeys(self.sites, 0)
        self.populate(preset.people)
        for site in self.sites:
            self.deviate(site)

    # ---- When and where ----

    def months(self):
        """Weight of each month's first day."""
        weights, month = {}, self.preset.first
        while month <= self.preset.last:
            dip = .6 if month >= datetime.date(2020, 3, 1) else 1
            weights[month] = 1 if self.preset.is_planned else SEASON.get(month.month, 1) * dip
            month = add_months(month, 1)
        return weights

    def targets(self, month):
        """Weight of each site that takes part in the month."""
        return {site: (self.programme.sites[site].targets or [(None, UNTARGETED)])[-1][1]
                for site in self.sites if self.programme.sites[site].span[0] <= month}

    def populate(self, n):
        """n people who enter, and a tenth as many who only ask."""
        chance = Chance(self.seed, "flow")
        months = self.months()
        for i in range(n + n // 10):
            month = chance.weigh(months)
            site = chance.weigh(self.targets(month))
            day = month + days(chance.between(0, month_length(month.year, month.month) - 1))
            if day.weekday() > 4:
                day = max(month, day - days(2))
            self.add(site, day, i >= n, None)

    # ---- A person ----

    def add(self, site, day, is_only_asking, mover):
        """mover is the person at another site who comes from there."""
        self.counts[site] += 1
        key = "%s/p%04d" % (site, self.counts[site])
        chance = Chance(self.seed, key)
        sex = mover.sex if mover else ("woman" if chance.happens(WOMEN.get(site, .58)) else "man")
        person = Person(key, site, sex)
        person.local_id = "%s-%04d" % (site[:2].upper(), self.counts[site] + 1000)
        self.people.append(person)
        kind = "given" if mover else chance.weigh(
            {"given": .944, "refused": .04, "protected": .006, "unsaid": .01})
        if kind in ("refused", "protected") and not is_only_asking:
            self.anonymous(chance, person, day, kind)
        else:
            self.named(chance, person, day, is_only_asking, kind == "unsaid", mover)
        return person

    def anonymous(self, chance, person, day, kind):
        person.is_anonymous = True
        person.say(day + lag(chance), {
            "entry_date": day, "consent": "refused" if kind == "refused" else None,
            "protected": kind == "protected"})

    def identify(self, chance, person, birth, is_unsaid, mover):
        """The number where there may be one, else the local id stands alone."""
        if mover:
            person.number, person.name = mover.number, mover.name
            return mover.birth
        if not is_unsaid and chance.happens(.92):
            person.number = self.numbers.take(birth, person.sex)
        if not is_unsaid and chance.happens(.5):
            person.name = identity.name(chance, person.sex)
        return birth

    def municipality(self, chance, site, day):
        """As four digits: the site's own on that day, nearly always."""
        own = [code for code, _, span in self.programme.sites[site].municipalities
               if span[0] <= day <= span[1]]
        return "0114" if chance.happens(.01) else chance.pick(own)

    def named(self, chance, person, day, is_only_asking, is_unsaid, mover):
        interest = day - days(min(int(chance.lognormal(25, .7)), 120))
        birth = entry.birth_date(chance, day, self.programme.sites[person.site].ages)
        person.birth = birth = self.identify(chance, person, birth, is_unsaid, mover)
        person.say(interest + lag(chance), {
            "interest_date": interest, "referrer": entry.referrer(chance, interest),
            "birth_date": birth if person.number or chance.happens(.98) else None,
            "municipality": self.municipality(chance, person.site, day), "protected": False,
            "consent": None if is_unsaid else "given",
            "consent_date": None if is_unsaid else interest,
            "consent_form": None if is_unsaid else chance.between(1, 3)})
        person.say(*self.wait(chance, interest, day, is_only_asking))
        if is_only_asking:
            return
        recorded = person.say(day + lag(chance), entry.data(chance, person.sex, birth, day))
        self.live(chance, person, day, recorded)

    def wait(self, chance, interest, day, is_only_asking):
        """What happens between asking and entering: (day recorded, fields)."""
        between = interest + days(chance.between(0, (day - interest).days))
        fields = {"queued_date": between if chance.happens(.2) else None}
        if is_only_asking:
            fields["declined_date"] = day if chance.happens(.6) else None
        elif chance.happens(.6):
            fields["mapping_date"] = between
        return (day if is_only_asking else between) + lag(chance), fields

    # ---- What becomes of them ----

    def live(self, chance, person, day, recorded):
        twist = chance.weigh(TWISTS)
        if twist == "misregistered":
            person.say(recorded + days(chance.between(20, 150)),
                       {"exit_date": day, "exit_reason": "misregistered"})
            return
        leaves = day + days(int(30.4 * chance.lognormal(7, .737)) + 10)
        start = self.start_spell(chance, person, day, leaves)
        if start and twist not in ("withdrawn", "transferred"):
            self.take_part(chance, person, recorded, leaves)
        if leaves <= self.last + days(31) and twist == "transferred":
            self.transfer(chance, person, leaves)
            return
        if leaves <= self.last + days(31):
            self.leave(chance, person, leaves, start, twist)
        self.put_right(chance, person, twist, day, start)

    def take_part(self, chance, person, recorded, leaves):
        """More activities, hours and pauses, from the first activity on."""
        first = person.known_on(datetime.date.max)
        last = leaves - days(outcome.KEPT_FREE)
        day = first["spell_start"]
        told = [("spells", row) for row in outcome.more_spells(chance, first["activity"], day, last)]
        if chance.happens(.3):
            told += [("hours", row) for row in outcome.months_of_hours(chance, day, last)]
        if last > day and chance.happens(.05):
            told += [("pauses", row) for row in outcome.pause(chance, day, last)]
        for kind, (when, fields) in told:
            person.items.append((max(recorded, when + lag(chance)), kind, fields))

    def deviate(self, site):
        """Reports of what went wrong between the parties: of nobody."""
        chance = Chance(self.seed, site, "deviations")
        month, n = self.preset.first, 0
        while month <= self.last:
            for _ in range(chance.between(0, 2)):
                n += 1
                day = month + days(chance.between(0, 27))
                self.deviations[site].append((day + lag(chance), {
                    "local_id": "AV-%04d" % n, "deviation_date": day,
                    "deviation": chance.weigh(outcome.DEVIATIONS)}))
            month = add_months(month, 1)

    def start_spell(self, chance, person, day, leaves):
        """The day it started, or None."""
        spell = outcome.spell(chance, day)
        if chance.happens(.08) or spell["spell_start"] >= leaves:
            return None
        person.say(spell["spell_start"] + lag(chance), spell)
        end = spell["spell_start"] + days(chance.between(20, 200))
        if end < leaves and chance.happens(.5):
            person.say(end + lag(chance), {"spell_end": end})
        return spell["spell_start"]

    def leave(self, chance, person, leaves, start, twist):
        exit_part = {"exit_date": leaves}
        if start and "spell_end" not in person.known_on(datetime.date.max):
            exit_part.update({"spell_end": leaves, "spell_reason": "other"})
        result = outcome.result(chance, leaves)
        if twist == "moved":
            result = {"exit_reason": "moved", "result_date": leaves}
        if chance.happens(.75):
            known = result.get("result_date", leaves)
            recorded = person.say(known + lag(chance), {**exit_part, **result})
        else:
            if chance.happens(.3):
                exit_part.update({"exit_reason": result["exit_reason"], **outcome_part(result)})
            person.say(leaves + lag(chance), exit_part)
            recorded = person.say(leaves + days(chance.between(29, 100)), result)
        self.survey(chance, person, leaves)
        if twist == "reentry":
            self.come_back(chance, person, leaves, recorded)
        elif twist == "moved":
            self.move(chance, person, leaves)
        elif chance.happens(.75):
            followed = outcome.followup(chance, leaves)
            person.say(followed["followup_date"] + lag(chance), followed)

    def come_back(self, chance, person, leaves, recorded):
        """The entry stays, exit and result are renewed (2-domain, Units of count)."""
        back = recorded + days(chance.between(40, 150))
        person.say(back, dict.fromkeys(outcome.EMPTY_EXIT))
        person.items.append((back, "returns", {"return_date": back - days(2)}))
        again = max(leaves, person.patches[-1][0]) + days(chance.between(60, 240))
        if again <= self.last:
            result = outcome.result(chance, again)
            person.say(result.get("result_date", again) + lag(chance),
                       {"exit_date": again, **result})

    def transfer(self, chance, person, leaves):
        """By a token that the person carries: entry and its data go along, and are no new entry."""
        known = person.known_on(datetime.date.max)
        open_to = self.targets(leaves.replace(day=1))
        site = chance.pick([site for site in open_to if site != person.site])
        token = identity.token(chance)
        fields = {"transfer_out_date": leaves, "transfer_out_token": token}
        if known.get("spell_start") and not known.get("spell_end"):
            fields.update({"spell_end": leaves, "spell_reason": "moved"})
        person.say(leaves + lag(chance), fields)
        if leaves + days(20) <= self.last and person.number:
            self.receive(site, person, known, leaves + days(chance.between(1, 20)), token)

    def receive(self, site, mover, known, day, token):
        self.counts[site] += 1
        key = "%s/p%04d" % (site, self.counts[site])
        chance = Chance(self.seed, key)
        person = Person(key, site, mover.sex)
        person.number, person.name = mover.number, mover.name
        person.local_id = "%s-%04d" % (site[:2].upper(), self.counts[site] + 1000)
        self.people.append(person)
        kept = {field.id: known.get(field.id) for field in self.programme.fields.values()
                if field.part == "ENTRY"}
        person.say(day + lag(chance), {
            **kept, "birth_date": known["birth_date"], "protected": False, "consent": "given",
            "consent_date": day, "municipality": self.municipality(chance, site, day),
            "transfer_in_date": day, "transfer_in_token": token})

    def move(self, chance, person, leaves):
        """Nobody knows but who was told: at the other site this is somebody new."""
        open_to = self.targets(leaves.replace(day=1))
        site = chance.pick([site for site in open_to if site != person.site])
        if person.number and leaves + days(20) <= self.last:
            self.add(site, leaves + days(chance.between(3, 20)), False, person)

    def survey(self, chance, person, leaves):
        """Answered by some who left; linked to nobody."""
        if not chance.happens(.75 * .6):
            return
        code = "".join(chance.pick("ACDEFHJKLMNPRTUVWXY3479") for _ in range(9))
        day = leaves + days(chance.between(-10, 30))
        self.answers[person.site].append((day + lag(chance), outcome.answer(chance, code, day)))

    def put_right(self, chance, person, twist, day, start):
        """A correction of what was recorded, some time after everything else."""
        last = person.known_on(datetime.date.max)
        recorded = person.patches[-1][0] + days(chance.between(20, 160))
        if twist == "entry":
            limit = min(when for when in (start, last.get("exit_date"), day + days(45)) if when)
            waited = [last.get(field) or last["interest_date"]
                      for field in ("mapping_date", "queued_date")]
            earliest = max(*waited, last["interest_date"], self.programme.operation[0],
                           day - days(45))
            shift = (limit - earliest).days
            person.say(recorded, {"entry_date": earliest + days(chance.between(0, shift))})
        elif twist == "education":
            person.say(recorded, {"education": chance.weigh(entry.EDUCATION)})
        elif twist == "withdrawn" and person.number:
            person.say(recorded, {"consent": "withdrawn", "consent_withdrawn_date": recorded})
        elif twist == "exit" and last.get("exit_date"):
            self.shift_exit(chance, person, recorded, last)
        elif twist == "reason" and last.get("exit_reason"):
            fields = {"works_type": None, "works_extent": None, "studies_kind": None,
                      "studies_extent": None, "af_programme": None}
            person.say(recorded, {**fields,
                                  **outcome.goes_on(chance, chance.weigh(outcome.REASON))})

    def shift_exit(self, chance, person, recorded, last):
        """To an earlier day, with what hangs on it."""
        floor = max(when for when in (last["entry_date"], last.get("spell_start")) if when)
        exit_date = max(floor, last["exit_date"] - days(chance.between(5, 45)))
        fields = {"exit_date": exit_date}
        if last.get("spell_end"):
            fields["spell_end"] = min(last["spell_end"], exit_date)
        if last.get("result_date"):
            fields["result_date"] = exit_date + days(chance.between(0, 28))
        person.say(recorded, fields)


def outcome_part(result):
    """What a reason cannot be written without."""
    return {field: result[field] for field in
            ("works_type", "works_extent", "studies_kind", "studies_extent", "af_programme")
            if field in result}
