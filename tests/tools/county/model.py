"""What an accepted row makes of a person: the daemon's import, told a second time."""

ANONYMOUS = ("sex", "consent", "consent_date", "protected")
ENTRY = "ENTRY"


def settle(programme, dialect, record, known, today):
    """The coded record after the row, given the one known before (or None)."""
    state = dict.fromkeys(field.id for field in programme.fields.values() if field.is_coded)
    if record.get("protected") or record.get("consent") == "refused":
        return settle_anonymous(programme, dialect, record, known, today, state)
    for field in state:
        if dialect.has(field) and field in record:
            state[field] = normal(programme, field, record[field])
    derive(dialect, record, state)
    for field in state:
        if known and not dialect.has(field) and state[field] is None:
            state[field] = known[field]
    return state


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
        return list(value) if isinstance(value, tuple) else value

    return {field: plain(value) for field, value in state.items()}
