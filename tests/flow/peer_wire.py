"""What goes over the wire, written from proto/README.md alone (numbers in brackets are its sections).

Nothing here looks at the C sources: an error in either shows as a difference.
"""

import datetime
import hashlib
import struct

import msgpack
import nacl.exceptions
import nacl.signing

MESSAGE_BYTES_MAX = 1024 * 1024
WINDOW = 8
BLOCK = 4096
VALUE, SUPPRESSED, MISSING, NOT_COLLECTED, ZERO = range(5)
FROM_SITE, FROM_HUB = 1, 2


class Malformed(ValueError):
    """Bytes that the specification does not allow."""


# ---- 1 primitives ----

def lp(data):
    return struct.pack("<I", len(data)) + data


def h(domain, *parts):
    digest = hashlib.blake2b(digest_size=32)
    for part in (domain.encode(), *parts):
        digest.update(lp(part))
    return digest.digest()


def u64le(number):
    return struct.pack("<Q", number)


def chain_start(site):
    return h("mia/1/chain", site.encode())


def chain_next(prev, n, payload):
    return h("mia/1/chain", prev, u64le(n), payload)


def public_of(seed):
    return bytes(nacl.signing.SigningKey(seed).verify_key)


def sign(seed, domain, message):
    return nacl.signing.SigningKey(seed).sign(lp(domain.encode()) + message).signature


def check(public, domain, message, signature):
    try:
        nacl.signing.VerifyKey(public).verify(lp(domain.encode()) + message, signature)
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False
    return True


def fingerprint(public):
    number = int.from_bytes(h("cagg/1/id", public), "big") % 10**30
    digits = f"{number:030d}"
    return " ".join(digits[i:i + 5] for i in range(0, 30, 5))


def pack(value):
    return msgpack.packb(value, use_bin_type=True)


def _is_ours(value, depth=0):
    if isinstance(value, list):
        return depth < 8 and all(_is_ours(item, depth + 1) for item in value)
    if isinstance(value, str):
        return not any(ord(c) < 0x20 or 0x7f <= ord(c) < 0xa0 for c in value)
    return value is None or isinstance(value, (bool, int, bytes))


def unpack(data):
    try:
        value = msgpack.unpackb(data, raw=False, use_list=True, strict_map_key=False)
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise Malformed(str(error)) from error
    if not _is_ours(value):
        raise Malformed("a type that is not in the subset")
    if pack(value) != data:
        raise Malformed("not canonical")
    return value


# ---- 2 messages ----

MESSAGES = {
    "HELLO": (1, FROM_SITE, (("protocol", "u64", 0), ("nonce", "bytes", 16), ("site", "str", 47), ("n", "u64", 0),
                             ("hash", "bytes", 32), ("programme", "bytes", 32), ("is_rehearsal", "u64", 0),
                             ("epoch", "u64", 0), ("roster", "bytes", 32))),
    "WELCOME": (2, FROM_HUB, (("nonce", "bytes", 16), ("token", "bytes", 16), ("instance", "bytes", 16),
                              ("n", "u64", 0), ("hash", "bytes", 32))),
    "FETCH": (3, FROM_SITE, (("token", "bytes", 16), ("first", "u64", 0), ("last", "u64", 0))),
    "CHAIN": (4, FROM_HUB, (("token", "bytes", 16), ("n", "u64", 0), ("prev", "bytes", 32),
                            ("payload", "bin", 65536), ("signature", "bytes", 64))),
    "RELEASE": (5, FROM_SITE, (("token", "bytes", 16), ("n", "u64", 0), ("prev", "bytes", 32),
                               ("payload", "bin", 65536), ("signature", "bytes", 64))),
    "RECEIPT": (6, FROM_HUB, (("token", "bytes", 16), ("n", "u64", 0), ("hash", "bytes", 32),
                              ("signature", "bytes", 64))),
    "REFUSAL": (7, FROM_HUB, (("nonce", "bytes", 16), ("n", "u64", 0), ("code", "str", 7))),
    "RESULT": (8, FROM_HUB, (("period", "u64", 0), ("body", "bin", 262144), ("signature", "bytes", 64))),
    "PROBE": (9, FROM_HUB, (("nonce", "bytes", 16),)),
    "ALIVE": (10, FROM_SITE, (("nonce", "bytes", 16),)),
}
BY_NUMBER = {row[0]: name for name, row in MESSAGES.items()}


def _field_is_good(value, kind, size):
    if kind == "u64":
        return type(value) is int and 0 <= value < 2**64
    if kind == "str":
        return isinstance(value, str) and len(value.encode()) <= size
    if kind == "bytes":
        return isinstance(value, bytes) and len(value) == size
    return isinstance(value, bytes) and len(value) <= size


def message_pack(name, **fields):
    number, _, rows = MESSAGES[name]
    return pack([number, *(fields[field] for field, _, _ in rows)])


def message_unpack(data, sender):
    """(name, {field: value}) of a message that sender (bits) may send."""
    if len(data) > MESSAGE_BYTES_MAX:
        raise Malformed("too large")
    value = unpack(data)
    if not isinstance(value, list) or not value or type(value[0]) is not int or value[0] not in BY_NUMBER:
        raise Malformed("no message of ours")
    name = BY_NUMBER[value[0]]
    _, from_whom, rows = MESSAGES[name]
    if not from_whom & sender or len(value) != 1 + len(rows):
        raise Malformed(f"{name} of the wrong sender or length")
    fields = {}
    for (field, kind, size), item in zip(rows, value[1:]):
        if not _field_is_good(item, kind, size):
            raise Malformed(f"{name}.{field}")
        fields[field] = item
    return name, fields


# ---- 3 session ----

def decide(own_n, own_hash_at_hub_n, own_head, hub_n, hub_hash, fetched_hash_at_own_n):
    if hub_n <= own_n:
        return "stream" if own_hash_at_hub_n == hub_hash else "fork"
    if fetched_hash_at_own_n is None:
        return "adopt"
    return "adopt" if fetched_hash_at_own_n == own_head else "fork"


def receipt_message(n, head, token):
    return u64le(n) + head + token


def receipt_is_good(fields, hub):
    return check(hub, "mia/1/receipt", receipt_message(fields["n"], fields["hash"], fields["token"]),
                 fields["signature"])


def result_is_good(body, hub, signature):
    return check(hub, "mia/1/result", h("mia/1/result", body), signature)


def backoff(previous_ms, random):
    base = min(max(2 * previous_ms, 1334), 240000)
    return base * 3 // 4 + base // 2 * random // (2**32 - 1)


# ---- 4 release ----

def period_of(text):
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def period_text(period):
    return f"{period // 12:04d}-{period % 12 + 1:02d}"


def is_due(measure, period):
    """measure: {number, cells, cadence: month|quarter|year, from, to: months or None}."""
    first, last = measure.get("from"), measure.get("to")
    if (first is not None and period < first) or (last is not None and period > last):
        return False
    return {"month": True, "quarter": period % 3 == 2, "year": period % 12 == 11}[measure.get("cadence", "month")]


def due(shape, period):
    return sorted((m for m in shape["measures"] if is_due(m, period)), key=lambda m: m["number"])


def payload_bytes(shape, period):
    head = 1 + 1 + (2 + 47) + 9 + 5 + 34 + 34 + 1 + 9 + 3
    tables = sum(6 + 5 * m["cells"] for m in due(shape, period))
    return -(-(head + tables + 3 + 256) // BLOCK) * BLOCK


def _cell(cell):
    """A cell of a figures list: a number, or the name of a state."""
    if isinstance(cell, int):
        return struct.pack("<BI", VALUE, cell)
    return struct.pack("<BI", {"suppressed": SUPPRESSED, "missing": MISSING, "not_collected": NOT_COLLECTED,
                               "zero": ZERO}[cell], 0)


def tables_pack(shape, period, figures):
    """figures: {measure number as text: [cell...]}; 0 everywhere else."""
    tables = []
    for measure in due(shape, period):
        cells = figures.get(str(measure["number"]), [0] * measure["cells"])
        tables.append([measure["number"], b"".join(_cell(cell) for cell in cells)])
    return tables


def payload_pack(shape, body, figures):
    """body: site, n, period, programme, audit_head, is_rehearsal, at_closed."""
    parts = [1, body["site"], body["n"], body["period"], body["programme"], body["audit_head"],
             body["is_rehearsal"], body["at_closed"], tables_pack(shape, body["period"], figures)]
    head = b"\x9a" + b"".join(pack(part) for part in parts)
    padding = payload_bytes(shape, body["period"]) - len(head) - 3
    return head + pack(bytes(padding))


def tables_unpack(shape, period, tables):
    """{measure number as text: [cell...]}; Malformed when they are not those due."""
    figures = {}
    rows = due(shape, period)
    if not isinstance(tables, list) or len(tables) != len(rows):
        raise Malformed("other tables")
    for measure, table in zip(rows, tables):
        if not isinstance(table, list) or len(table) != 2 or table[0] != measure["number"]:
            raise Malformed("other tables")
        if not isinstance(table[1], bytes) or len(table[1]) != 5 * measure["cells"]:
            raise Malformed("other cells")
        cells = []
        for state, value in struct.iter_unpack("<BI", table[1]):
            if state > ZERO or (state != VALUE and value != 0):
                raise Malformed("no such cell")
            cells.append(value if state == VALUE else
                         {SUPPRESSED: "suppressed", MISSING: "missing", NOT_COLLECTED: "not_collected",
                          ZERO: "zero"}[state])
        figures[str(measure["number"])] = cells
    return figures


def payload_unpack(shape, payload):
    value = unpack(payload)
    if not isinstance(value, list) or len(value) != 10 or value[0] != 1:
        raise Malformed("no payload")
    names = ("site", "n", "period", "programme", "audit_head", "is_rehearsal", "at_closed")
    body = dict(zip(names, value[1:8]))
    if len(payload) != payload_bytes(shape, body["period"]) or any(value[9]):
        raise Malformed("padding")
    return body, tables_unpack(shape, body["period"], value[8])


def release_sign(seed, n, prev, payload):
    """(hash, signature) of release n."""
    head = chain_next(prev, n, payload)
    return head, sign(seed, "mia/1/release", head)


# ---- 5 result ----

def result_pack(shape, result):
    """The body of a result: the inverse of result_unpack."""
    sites = [[site["site"], site["n"], site["hash"], site["signature"], site["period"], site["at_received"],
              None if site["figures"] is None else
              [site["at_came"], tables_pack(shape, result["period"], site["figures"])]]
             for site in result["sites"]]
    return pack([1, result["programme"], result["period"], result["at_made"], sites])


def _result_site(shape, period, row):
    names = ("site", "n", "hash", "signature", "period", "at_received")
    if not isinstance(row, list) or len(row) != 7:
        raise Malformed("a site of a result")
    site = dict(zip(names, row), at_came=None, figures=None)
    if len(site["hash"]) != 32 or len(site["signature"]) != 64:
        raise Malformed("a head of a result")
    if row[6] is not None:
        if not isinstance(row[6], list) or len(row[6]) != 2:
            raise Malformed("figures of a result")
        site["at_came"], site["figures"] = row[6][0], tables_unpack(shape, period, row[6][1])
    return site


def result_unpack(shape, body):
    value = unpack(body)
    if not isinstance(value, list) or len(value) != 5 or value[0] != 1:
        raise Malformed("no result")
    result = dict(zip(("programme", "period", "at_made"), value[1:4]))
    result["sites"] = [_result_site(shape, result["period"], row) for row in value[4]]
    return result


# ---- 6 programme ----

def _months(span):
    """First and last month of "from..to" whose last day lies in it."""
    first, last = (datetime.date.fromisoformat(day.strip()) if day.strip() else None for day in span.split(".."))
    month = None if last is None else last.year * 12 + last.month - 1
    if last is not None and (last + datetime.timedelta(days=1)).day != 1:
        month -= 1
    return None if first is None else first.year * 12 + first.month - 1, month


def ini_entries(text):
    """[(section, key, value)...] of ini text, in its order."""
    entries, section = [], None
    for line in text.removeprefix("\ufeff").split("\n"):
        line = line.strip(" \t\n\v\f\r")
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            section = line[1:-1].strip()
            continue
        key, value = (part.strip(" \t\n\v\f\r") for part in line.split("=", 1))
        entries.append((section, key, value))
    return entries


def programme_read(text):
    """(hash, shape) of a programme file."""
    entries = ini_entries(text)
    shape = {"k": 5, "measures": []}
    for section, key, value in entries:
        kind, _, name = section.partition(" ")
        if kind == "policy" and key == "k":
            shape["k"] = int(value)
        if kind != "measure":
            continue
        if not shape["measures"] or shape["measures"][-1]["id"] != name:
            shape["measures"].append({"id": name, "number": 0, "cells": 0, "cadence": "month"})
        measure = shape["measures"][-1]
        if key == "number":
            measure["number"] = int(value)
        elif key == "cadence":
            measure["cadence"] = value
        elif key == "cell":
            measure["cells"] += 1
        elif key == "valid":
            measure["from"], measure["to"] = _months(value)
    for measure in shape["measures"]:
        measure["cells"] = max(measure["cells"], 1)
    return h("mia/1/programme", *(part.encode() for entry in entries for part in entry)), shape


def roster_read(text):
    """(epoch, [(name, sign public, link public, what status and former keys add to the hash...)...]) of a roster."""
    epoch, members, formers = 0, {}, {}
    for section, key, value in ini_entries(text):
        if section == "roster":
            epoch = int(value)
        elif key == "former":
            sign_key, n, *lost = [part.strip() for part in value.split("|")]
            formers.setdefault(section, []).append((bytes.fromhex(sign_key), int(n), b"=lost" if lost == ["lost"] else b"=former"))
        else:
            members.setdefault(section, {})[key] = value
    for name, member in members.items():
        if fingerprint(bytes.fromhex(member["sign"])) != member["fingerprint"]:
            raise Malformed(f"{name}: not the fingerprint of its sign key")
    return epoch, [(name, bytes.fromhex(member["sign"]), bytes.fromhex(member["link"]), *_more(member.get("status", "active"), formers.get(name, ())))
                   for name, member in members.items()]


def _more(status, formers):
    if status != "active":
        yield from (b"=status", status.encode())
    for sign_key, n, what in sorted(formers):
        yield from (what, sign_key, u64le(n))


def roster_hash(epoch, members):
    """members as of roster_read()."""
    parts = [struct.pack("<I", epoch)]
    for name, *rest in sorted(members, key=lambda member: member[1]):
        parts += [name.encode(), *rest]
    return h("mia/1/roster", *parts)
