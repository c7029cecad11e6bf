"""Who people are: official test numbers while there are any, and names that are nobody's."""

import datetime

FIRST_TEST_BIRTH = datetime.date(1976, 1, 1)
LAST_TEST_BIRTH = datetime.date(2013, 12, 31)
SERIALS = {"woman": "238", "man": "239"}
FIRST_NAMES = {
    "woman": ["Anna", "Maria", "Åsa", "Amina", "Ewa", "Fatima", "Inger", "Karin", "Leyla", "Mona",
              "Saga", "Sara", "Ulla-Britt", "Zahra", "Örjana"],
    "man": ["Ahmed", "Anders", "Bo", "Göran", "Håkan", "Ibrahim", "Johan", "Jörgen", "Kent",
            "Mats", "Måns", "Omar", "Pär", "René", "Yusuf"],
}
LAST_NAMES = ["Exempel", "Fält", "Hägg", "Lindqvist-Prov", "Mönster", "Prov", "Provberg", "Sjö",
              "Testlund", "Testsson", "Tänkt", "Ähl", "Övning"]


def check_digit(nine):
    """The Luhn digit of nine digits (SKV 704)."""
    total = 0
    for i, digit in enumerate(nine):
        value = int(digit) * (2 if i % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def test_number(birth, sex):
    """Skatteverket's test number of that birth date: twelve digits."""
    nine = birth.strftime("%y%m%d") + SERIALS[sex]
    return birth.strftime("%Y%m%d") + SERIALS[sex] + check_digit(nine)


def token(chance):
    """20 digits that a person carries to another association: 18 and their check (ISO 7064)."""
    drawn = "".join(str(chance.between(0, 9)) for _ in range(18))
    return drawn + "%02d" % (98 - int(drawn + "00") % 97)


class Numbers:
    """There is one test number a birth date and sex: each is given out once."""

    def __init__(self):
        self.given = set()

    def take(self, birth, sex):
        """A number, or None for who is too old or too late."""
        if not FIRST_TEST_BIRTH <= birth <= LAST_TEST_BIRTH:
            return None
        if (birth, sex) in self.given:
            return None
        self.given.add((birth, sex))
        return test_number(birth, sex)


def name(chance, sex):
    return chance.pick(FIRST_NAMES[sex]) + " " + chance.pick(LAST_NAMES)
