"""The ways in which case systems and spreadsheets write one and the same record."""

import datetime

BAD = "\ue000"  # stands for a byte that is no text in the file's encoding
SURVEY = ("invitation_code", "survey_date", "decided", "handles", "agreed_goals", "closer",
          "power", "treatment", "satisfied")
SERIAL_OF_1970 = 25569
# What a list of participants has columns for.
PARTS = ("IDENTITY", "CONSENT", "INTEREST", "ENTRY", "EXIT", "FOLLOWUP", "SPELL", "TRANSFER")
# Files of what a person has many of, a row each: kind -> part.
ITEM_FILES = {"spells": "SPELL", "hours": "HOURS", "pauses": "PAUSE", "returns": "RETURN"}


class Raw(str):
    """A cell that is written as it is, quotes or not."""


class Dialect:
    """How one site writes. words: 'id', 'sv' or 'en' of codes and headings."""

    def __init__(self, **given):
        self.encoding, self.bom, self.delimiter, self.newline = "utf-8", False, ";", "\r\n"
        self.dates, self.words, self.heads, self.sets = "%Y-%m-%d", "sv", "sv", "+"
        self.number, self.preamble, self.decimals = "{8}-{4}", (), ""
        self.options, self.aliases, self.left_out = [], {}, ()
        self.serial_dates, self.names_answers, self.cuts_zero = (), False, False
        self.tells_returns = False  # re-entries have a file of their own
        self.__dict__.update(given)

    # ---- Cells ----

    def has(self, field):
        return field not in self.left_out

    def date(self, field, day):
        if field in self.serial_dates:
            return str((day - datetime.date(1970, 1, 1)).days + SERIAL_OF_1970)
        return day.strftime(self.dates)

    def code(self, programme, list_id, value):
        code = next(code for code in programme.lists[list_id] if code.id == value)
        return getattr(code, self.words)

    def place(self, programme, value):
        """A municipality: by code, sometimes without its zero, or by name."""
        if self.words == "id":
            return value
        if self.cuts_zero:
            return value.lstrip("0")
        names = {code: name for site in programme.sites.values()
                 for code, name, _ in site.municipalities}
        return names.get(value, value)

    def person_number(self, digits):
        if self.number == "{6}-{4}":
            return digits[2:8] + "-" + digits[8:]
        return digits[:8] + ("-" if "-" in self.number else "") + digits[8:]

    def cell(self, programme, field, value):
        """The text of one value; '' of one that is missing."""
        if value is None:
            return ""
        kind = field.type
        if kind == "NUMBER_ID":
            return self.person_number(value)
        if kind == "DATE":
            return self.date(field.id, value)
        if kind == "BOOL":
            return self.code(programme, field.list, "yes" if value else "no")
        if kind == "CODE":
            return self.code(programme, field.list, value)
        if kind == "SET":
            return self.sets.join(self.code(programme, field.list, code.id)
                                  for code in programme.lists[field.list] if code.id in value)
        if kind == "MUNICIPALITY":
            return self.place(programme, value)
        return str(value) + (self.decimals if kind == "COUNT" else "")

    # ---- Files ----

    def columns(self, programme, kind):
        """Field ids in the order of the file."""
        if kind == "answers":
            return (("local_id",) if self.names_answers else ()) + SURVEY
        if kind == "deviations":
            return ("local_id", "deviation_date", "deviation")
        if kind in ITEM_FILES:
            return ("person_number", "local_id") + tuple(
                field.id for field in programme.fields.values()
                if field.part == ITEM_FILES[kind] and self.has(field.id))
        return tuple(field.id for field in programme.fields.values()
                     if field.part in PARTS and self.has(field.id))

    def heading(self, programme, field):
        if field in self.aliases:
            return self.aliases[field]
        return field if self.heads == "id" else getattr(programme.fields[field], self.heads)

    def quoted(self, text):
        if isinstance(text, Raw):
            return str(text)
        if any(mark in text for mark in (self.delimiter, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    def line(self, cells):
        text = self.delimiter.join(self.quoted(cell) for cell in cells) + self.newline
        bad = b"\x81" if self.encoding == "cp1252" else b"\xe5"
        return bad.join(part.encode(self.encoding) for part in text.split(BAD))

    def head(self, programme, columns):
        """What stands above the rows."""
        lines = [(text + self.newline).encode(self.encoding) for text in self.preamble]
        lines.append(self.line([self.heading(programme, field) for field in columns]))
        return (b"\xef\xbb\xbf" if self.bom else b"") + b"".join(lines)


DIALECTS = {
    # A case system's export: codes, ISO dates.
    "ostra-sodertorn": Dialect(newline="\n", words="id", number="{8}-{4}"),
    # A spreadsheet saved as "CSV UTF-8": labels with commas in quotes; zeros and columns lost.
    "sodertalje": Dialect(bom=True, delimiter=",", dates="%Y%m%d", number="{8}{4}", sets=";",
                          cuts_zero=True, left_out=("barrier", "step", "method")),
    # Swedish Excel's "CSV": Windows-1252, everyday headings.
    "hbs": Dialect(encoding="cp1252", number="{6}-{4}", names_answers=True, sets=", ",
                   left_out=("birth_date", "provider"), aliases={
                       "person_number": "Persnr", "local_id": "Ärendenummer",
                       "entry_date": "Inskriven", "exit_date": "Avslutad",
                       "exit_reason": "Orsak till avslut", "interest_date": "Anmälningsdatum",
                       "referrer": "Remittent", "power": "Ökad egenmakt"}),
    # An old system's table of tabs and six-digit dates.
    "varna": Dialect(tells_returns=True, delimiter="\t", dates="%y%m%d", number="{8}{4}", newline="\n",
                     left_out=("name", "sex"), aliases={
                         "local_id": "Löpnr", "labour": "Sysselsättning vid start"}),
    # A report with a title above and numbers with decimals.
    "stockholms-stad": Dialect(tells_returns=True, dates="%Y-%m-%d 00:00", decimals=",0", names_answers=True,
                               serial_dates=("consent_date",), preamble=(
                                   "Deltagarlista MIA;Stockholms stad", "Utskriven av systemet", "")),
    # English, day first.
    "sodra-roslagen": Dialect(dates="%d/%m/%Y", words="en", heads="en", delimiter=";", sets=" | ",
                              options=["--dates", "dmy"]),
    # Those who joined in 2020-06 write as others do.
    "suv": Dialect(newline="\n"),
    "samsund": Dialect(encoding="cp1252", delimiter=";", sets=","),
}
