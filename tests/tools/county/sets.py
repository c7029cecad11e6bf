"""The named counties (2-domain, Sets): what each is, once."""

from .chance import month_of


class Preset:
    """How many enter, in which months; faults in per mille of rows."""

    def __init__(self, people, last, **more):
        self.people = people
        self.first = month_of(more.get("first", "2017-04"))
        self.last = month_of(last)
        self.faults = more.get("faults", 10)
        # As planned: the same number every month, nobody late.
        self.is_planned = more.get("is_planned", False)
        # Whether those who join later take part, from the day they join.
        self.has_joiners = more.get("has_joiners", False)


# 2020-05 is the last month of six sites: 47 a month came, 66 were planned.
SETS = {
    "mia-1750": Preset(1750, "2020-05"),
    "mia-2500": Preset(2500, "2020-05", faults=0, is_planned=True),
    "vidare-8": Preset(1900, "2020-12", has_joiners=True),
}
