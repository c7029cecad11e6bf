"""Seeded chance. Streams are named, so that a change in one place moves nothing elsewhere."""

import datetime
import math
import random


class Chance:
    """Uses random.Random.random() alone: the one draw that Python promises never to change."""

    def __init__(self, *names):
        self.fraction = random.Random("/".join(str(name) for name in names)).random

    def happens(self, probability):
        return self.fraction() < probability

    def between(self, first, last):
        """A whole number, both ends included."""
        return first + int(self.fraction() * (last - first + 1))

    def pick(self, things):
        return things[int(self.fraction() * len(things))]

    def weigh(self, weights):
        """A key of {key: weight}."""
        left = self.fraction() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return key

    def lognormal(self, median, sigma):
        radius = math.sqrt(-2 * math.log(1 - self.fraction()))
        return median * math.exp(sigma * radius * math.cos(2 * math.pi * self.fraction()))

    def shuffled(self, things):
        things = list(things)
        for i in range(len(things) - 1, 0, -1):
            j = self.between(0, i)
            things[i], things[j] = things[j], things[i]
        return things


def days(n):
    return datetime.timedelta(days=n)


def month_of(text):
    """The first day of '2017-04'."""
    return datetime.date.fromisoformat(text + "-01")


def add_months(day, n):
    """The same day n months on, cut to the length of that month."""
    index = day.year * 12 + day.month - 1 + n
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, month_length(year, month + 1)))


def month_length(year, month):
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (after - datetime.timedelta(days=1)).day


def age_on(birth, day):
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
