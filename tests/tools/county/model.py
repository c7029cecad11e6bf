"""What an accepted row makes of a person: the daemon's import, told a second time."""

ANONYMOUS = ("sex", "consent", "consent_date", "protected")
ENTRY = "ENTRY"
# What a person has many of: part -> fields that tell one from another.
ITEMS = {"SPELL": ("spell_start", "activity"), "HOURS": ("hours_month",),
         "PAUSE": ("pause_start",), "RETURN": ("return_date",)}


def settle(programme, dialect, record, known, today):
    """The coded record after the row, given the one known before (or None)."""
    state = blank(programme)
    if record.get("protected") or record.get("consent") == "refused":
        return settle_anonymous(programme, dialect, record, known, today, state)
    fields = [field for field in state if field != "items"]
    for field in fields:
        if dialect.has(field) and field in record:
            state[field] = normal(programme, field, record[field])
    derive(dialect, record, state)
    for field in fields:
        if known and not dialect.has(field) and state[field] is None:
            state[field] = known[field]
    state["items"] = settle_items(programme, dialect, record, known)
    return state


def blank(programme):
    """A record of which nothing is known."""
    state = dict.fromkeys(field.id for field in programme.fields.values()
                          if field.is_coded and field.part not in ITEMS)
    return {**state, "items": {}}


def settle_items(programme, dialect, record, known):
    """What the row tells of joins what is known: by what it is told apart by, or as one more."""
    items = dict(known["items"]) if known else {}
    for part, keys in ITEMS.items():
        fields = [field.id for field in programme.fields.values() if field.part == part]
        if record.get(keys[0]) is None or not dialect.has(keys[0]):
            continue
        told = {field: record.get(field) if dialect.has(field) else None for field in fields}
        items[part.lower()] = joined(programme, items.get(part.lower(), ()), told, keys)
    return items


def come_back(programme, known, return_date):
    """Somebody who had left, after a re-entry: exit and follow-up are renewed, the old exit kept."""
    gone = {field.id for field in programme.fields.values() if field.part in ("EXIT", "FOLLOWUP")}
    told = {"return_date": return_date, "returned_from": known["exit_date"],
            "returned_reason": known["exit_reason"]}
    items = {**known["items"], "return": known["items"].get("return", ()) + (told,)}
    return {**known, **dict.fromkeys(gone), "items": items}


def with_items(programme, dialect, known, rows):
    """Somebody known, after rows that tell of their items alone."""
    state = known
    for row in rows:
        state = {**state, "items": settle_items(programme, dialect, row, state)}
    return state


def joined(programme, items, told, keys):
    """Items in order of what tells them apart; a value that is told replaces the one there was."""
    def place(field, value):
        codes = programme.lists.get(programme.fields[field].list, ())
        return next((code.number for code in codes if code.id == value), value)

    def key(item):
        return tuple(place(field, item[field]) for field in keys)

    by_key = {key(item): item for item in items}
    before = by_key.get(key(told), {})
    by_key[key(told)] = {field: before.get(field) if value is None else value
                         for field, value in told.items()}
    return tuple(by_key[each] for each in sorted(by_key))


def normal(programme, field, value):
    """An empty set is a missing one; sets stand in the order of their list."""
    if programme.fields[field].type != "SET":
        return value
    order = [code.id for code in programme.lists[programme.fields[field].list]]
    return tuple(sorted(value, key=order.index)) if value else None


def derive(dialect, record, state):
    """A number tells birth date and sex where the file does not."""
    if not record.get("person_number"):
        return
    if not dialect.has("birth_date"):
        state["birth_date"] = record["birth_date"]
    if not dialect.has("sex"):
        state["sex"] = record["sex"]


def settle_anonymous(programme, dialect, record, known, today, state):
    """Dated by the recording."""
    for field in ANONYMOUS:
        state[field] = record.get(field) if dialect.has(field) else None
    if known and not dialect.has("sex"):
        state["sex"] = known["sex"]
    state["entry_date"] = known["entry_date"] if known else min(today, programme.operation[1])
    return state


def keep_entry(programme, record, known):
    """Who comes back keeps the entry that is stored: a correction has to wait (V035)."""
    if not known or not known["exit_date"] or record.get("exit_date"):
        return record
    kept = {field.id: known[field.id] for field in programme.fields.values()
            if field.part == ENTRY and known[field.id] is not None}
    return {**record, **kept}


def told(programme, state):
    """As it stands in truth.jsonl."""
    def plain(value):
        if hasattr(value, "isoformat"):
            return value.isoformat()
        if isinstance(value, dict):
            return {field: plain(each) for field, each in value.items()}
        return [plain(each) for each in value] if isinstance(value, tuple) else value

    return {field: plain(value) for field, value in state.items()}
