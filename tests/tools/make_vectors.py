#!/usr/bin/python3
"""Writes tests/data/vectors, tests/data/golden and the seeds of the message fuzzers, from the Python of
tests/flow/peer_wire.py: so both codecs are held to bytes that the C did not make. Run it when a format is added, read
the difference, commit both. A format that is in use never changes.
"""

import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(TESTS / "flow"))
import peer_wire as wire  # noqa: E402  pylint: disable=wrong-import-position

SEED = bytes(range(32))
HUB_SEED = bytes(range(100, 132))
SHAPE = {"k": 5, "measures": [
    {"number": 1, "cells": 1, "cadence": "month"}, {"number": 300, "cells": 3, "cadence": "quarter"},
    {"number": 2, "cells": 2, "cadence": "month"}, {"number": 7, "cells": 32, "cadence": "year"},
    {"number": 9, "cells": 1, "cadence": "month", "from": 24216, "to": 24221}]}
BODY = {"site": "södertälje", "n": 6, "period": 2018 * 12 + 5, "programme": b"\xaa" * 32, "audit_head": b"\xbb" * 32,
        "is_rehearsal": False, "at_closed": 1531202400}
FIGURES = {"1": [14], "2": ["suppressed", 0], "300": [7, "zero", 4294967295], "9": ["not_collected"]}


def run(start, n):
    return bytes((start + i) % 256 for i in range(n))


MESSAGES = {
    "HELLO": {"protocol": 1, "nonce": run(0, 16), "site": "ostra-sodertorn", "n": 300, "hash": run(0x20, 32),
              "programme": run(0x40, 32), "is_rehearsal": 1, "epoch": 70000, "roster": run(0x60, 32)},
    "WELCOME": {"nonce": run(0, 16), "token": run(0x10, 16), "instance": run(0x80, 16), "n": 4294967296,
                "hash": run(0x20, 32)},
    "FETCH": {"token": run(0x10, 16), "first": 1, "last": 127},
    "CHAIN": {"token": run(0x10, 16), "n": 128, "prev": run(0x20, 32), "payload": run(0, 300),
              "signature": run(0xa0, 64)},
    "RELEASE": {"token": run(0x10, 16), "n": 255, "prev": run(0x20, 32), "payload": run(5, 255),
                "signature": run(0xa0, 64)},
    "RECEIPT": {"token": run(0x10, 16), "n": 2**64 - 1, "hash": run(0x20, 32), "signature": run(0xa0, 64)},
    "REFUSAL": {"nonce": run(0, 16), "n": 65536, "code": "W003"},
    "RESULT": {"period": 24221, "body": b"", "signature": run(0xa0, 64)},
    "PROBE": {"nonce": run(0x30, 16)},
    "ALIVE": {"nonce": run(0x30, 16)},
}


def hexed(value):
    return {key: item.hex() if isinstance(item, bytes) else item for key, item in value.items()}


def hash_cases():
    def case(name, domain, *parts):
        return {"kind": "hash", "case": name, "domain": domain, "parts": [part.hex() for part in parts],
                "want": wire.h(domain, *parts).hex()}
    ctx = case("the county-sum context of 3-privacy 3.4", "cagg/1/ctx", b"\xaa" * 32, b"age_x_origin", b"2026-03",
               b"\1\0\0\0", b"\1\0\0\0", b"\xbb" * 32, b"\4\0\0\0")
    assert ctx["want"] == "4b09c2db3e6cf28693eda836c1207d5ae212b44539b04b87a8acc9365730d758"
    return [ctx, case("no parts", "mia/1/test"), case("an empty part is a part", "mia/1/test", b""),
            case("parts do not run together", "mia/1/test", b"ab", b"c"),
            case("parts do not run together, the other way", "mia/1/test", b"a", b"bc"),
            case("a long part", "mia/1/test", run(0, 5000))]


def chain_cases():
    cases = []
    for name, site, payloads in (("of an ASCII site", "sodertalje", [b"", b"a", run(0, 4096)]),
                                 ("of a site with dots", "södertälje", [b"\x00"] * 5)):
        heads = [wire.chain_start(site)]
        for n, payload in enumerate(payloads, 1):
            heads.append(wire.chain_next(heads[-1], n, payload))
        cases.append({"kind": "chain", "case": name, "site": site, "payloads": [p.hex() for p in payloads],
                      "want": [head.hex() for head in heads]})
    return cases


def signature_cases():
    cases = []
    for name, seed, domain, message in (("a release hash", SEED, "mia/1/release", run(0, 32)),
                                        ("an empty message", SEED, "mia/1/receipt", b""),
                                        ("another key", HUB_SEED, "mia/1/result", b"body")):
        cases.append({"kind": "sign", "case": name, "seed": seed.hex(), "domain": domain, "message": message.hex(),
                      "public": wire.public_of(seed).hex(), "want": wire.sign(seed, domain, message).hex()})
    public, good = wire.public_of(SEED), wire.sign(SEED, "mia/1/release", b"x")
    order = 2**252 + 27742317777372353535851937790883648493
    bent = good[:32] + (int.from_bytes(good[32:], "little") + order).to_bytes(32, "little")
    for name, key, domain, message, signature, want in (
            ("good", public, "mia/1/release", b"x", good, True),
            ("another domain", public, "mia/1/receipt", b"x", good, False),
            ("another message", public, "mia/1/release", b"y", good, False),
            ("another key", wire.public_of(HUB_SEED), "mia/1/release", b"x", good, False),
            ("one bit over", public, "mia/1/release", b"x", bytes([good[0] ^ 1]) + good[1:], False),
            ("s + L is refused", public, "mia/1/release", b"x", bent, False),
            ("a key of small order is refused", b"\1" + bytes(31), "mia/1/release", b"x", b"\1" + bytes(63), False)):
        cases.append({"kind": "check", "case": name, "public": key.hex(), "domain": domain, "message": message.hex(),
                      "signature": signature.hex(), "want": want})
    return cases


def fingerprint_cases():
    return [{"kind": "fingerprint", "case": name, "public": key.hex(), "want": wire.fingerprint(key)}
            for name, key in (("of zeros", bytes(32)), ("of a key", wire.public_of(SEED)),
                              ("of another", wire.public_of(HUB_SEED)))]


def period_cases():
    cases = [{"kind": "period", "case": f"{text} is parsed and written", "text": text, "want": want}
             for text, want in (("2018-06", [24221, 24221]), ("2018-01", [24216, 24216]), ("2018-12", [24227, 24227]),
                                ("2018q2", [24219, 24221]), ("2018", [24216, 24227]),
                                ("2018-05..2018-09", [24220, 24224]), ("2017q4..2018q1", [24213, 24218]))]
    cases += [{"kind": "period", "case": f"{text!r} is refused", "text": text, "want": None}
              for text in ("", "2018-13", "2018-00", "2018q5", "2018q0", "18-06", "2018-6", "2018-06-01", " 2018",
                           "2018..2017", "2018..", "..2018", "2018-06 ")]
    cases += [{"kind": "period_ends", "case": f"{wire.period_text(period)} ends", "period": period,
               "want": [period % 3 == 2, period % 12 == 11]} for period in (24216, 24218, 24221, 24227)]
    cases += [{"kind": "period_days", "case": f"days of {wire.period_text(period)}", "period": period,
               "want": [first, last]}
              for period, first, last in ((24216, 17532, 17562), (24241, 18293, 18321), (24217, 17563, 17590))]
    return cases


def message_cases():
    cases = []
    for name, fields in MESSAGES.items():
        if name == "RECEIPT":  # JSON readers end at 2^63 - 1; the golden file has 2^64 - 1
            fields = {**fields, "n": 2**63 - 1}
        cases.append({"kind": "message", "case": f"{name} as it is", "sender": wire.MESSAGES[name][1],
                      "hex": wire.message_pack(name, **fields).hex(), "want": {"type": name, **hexed(fields)}})
    hello, fetch = wire.message_pack("HELLO", **MESSAGES["HELLO"]), wire.message_pack("FETCH", **MESSAGES["FETCH"])
    long_name = wire.message_pack("HELLO", **{**MESSAGES["HELLO"], "site": "x" * 48})
    refused = {"of the wrong sender": (hello, 2), "one byte short": (hello[:-1], 1), "one byte over": (hello + b"\0", 1),
               "an unknown type": (b"\x91\x63", 3), "a field too many": (b"\x95" + fetch[1:] + b"\0", 1),
               "a field too few": (b"\x93" + fetch[1:-1], 1), "a number not in its shortest form":
               (fetch[:-2] + b"\xcc\x01" + fetch[-1:], 1), "a negative number": (fetch[:-1] + b"\xff", 1),
               "a token of 15 bytes": (b"\x94\x03\xc4\x0f" + bytes(15) + b"\1\1", 1),
               "a token as text": (b"\x94\x03\xb0" + b"a" * 16 + b"\1\1", 1),
               "a site of 48 bytes": (long_name, 1), "a float": (fetch[:-1] + b"\xca\0\0\0\0", 1),
               "a map": (b"\x81\1\1", 3), "nothing": (b"", 3), "an empty array": (b"\x90", 3),
               "a count beyond the bytes": (b"\xdd\xff\xff\xff\xff", 3),
               "ESC in a site's name": (wire.message_pack("HELLO", **{**MESSAGES["HELLO"], "site": "a\x1bb"}), 1)}
    for name, (data, sender) in refused.items():
        try:
            wire.message_unpack(data, sender)
            raise AssertionError(name)
        except wire.Malformed:
            pass
        cases.append({"kind": "message", "case": f"{name} is refused", "sender": sender, "hex": data.hex(),
                      "want": None})
    return cases


def card(name, fill):
    sign_key, link_key = wire.public_of(bytes([fill]) * 32), bytes([fill + 1]) * 32
    return (f"[{name}]\nsign = {sign_key.hex()}\nlink = {link_key.hex()}\n"
            f"fingerprint = {wire.fingerprint(sign_key)}\n")


def roster_cases():
    head, hub, one, two = "[roster]\nepoch = 70000\n", card("hub", 1), card("varna", 3), card("hbs", 5)
    texts = {"the hub alone": head + hub, "three members": head + hub + one + two,
             "the order of cards does not count": two + one + head + hub}
    former, lost = (f"former = {wire.public_of(bytes([fill]) * 32).hex()} | {n}{end}\n" for fill, n, end in ((7, 24, ""), (9, 3, " | lost")))
    texts |= {"a suspended and a retired member": head + hub + one + "status = suspended\n" + two + "status = retired\n",
              "active is as nothing said": head + hub + one + "status = active\n" + two,
              "a former key": head + hub + one + former + two,
              "former keys, one of them lost": head + hub + one + former + lost + two,
              "the order of former keys does not count": head + hub + one + lost + former + two,
              "a former key of the hub and of a retired member": head + hub + former.replace(" 24", " 0") + one + two + "status = retired\n" + lost}
    return [{"kind": "roster", "case": name, "text": text, "want": wire.roster_hash(*wire.roster_read(text)).hex()}
            for name, text in texts.items()]


def release_cases():
    cases = []
    for name, period, figures in (("closes a quarter", 24221, FIGURES),
                                  ("of an ordinary month, all zero", 24222, {}),
                                  ("closes a year", 24227, {"7": [5] * 32})):
        body = {**BODY, "period": period}
        payload = wire.payload_pack(SHAPE, body, figures)
        cases.append({"kind": "release", "case": name, "shape": SHAPE, "body": hexed(body),
                      "figures": {**{str(m["number"]): [0] * m["cells"] for m in wire.due(SHAPE, period)}, **figures},
                      "want": payload.hex()})
    return cases


def wire_cases():
    a, b, c = (bytes([fill]) * 32 for fill in b"abc")
    cases = [{"kind": "decide", "case": name, "own_n": own_n, "own_at_hub_n": at and at.hex(), "own_head": head.hex(),
              "hub_n": hub_n, "hub_hash": hub.hex(), "fetched": fetched and fetched.hex(), "want": want}
             for name, own_n, at, head, hub_n, hub, fetched, want in (
                 ("both new", 0, a, a, 0, a, None, "stream"), ("in step", 5, a, a, 5, a, None, "stream"),
                 ("the hub was restored", 5, b, a, 3, b, None, "stream"),
                 ("the hub lost everything", 5, c, a, 0, c, None, "stream"),
                 ("same number, another hash", 5, a, a, 5, b, None, "fork"),
                 ("the hub has less, and other", 5, b, a, 3, c, None, "fork"),
                 ("the hub has more, not yet fetched", 3, None, a, 5, b, None, "adopt"),
                 ("we were restored", 3, None, a, 5, b, a, "adopt"),
                 ("we lost everything", 0, None, c, 5, b, c, "adopt"),
                 ("the hub has more, past another head", 3, None, a, 5, b, c, "fork"))]
    cases += [{"kind": "backoff", "case": f"after {previous} ms, random {random}", "previous_ms": previous,
               "random": random, "want": wire.backoff(previous, random)}
              for previous in (0, 999, 1000, 1667, 100000, 120000, 200000, 300000)
              for random in (0, 2**31, 2**32 - 1)]
    receipt = {"n": 258, "hash": a, "token": run(0x10, 16)}
    cases.append({"kind": "receipt", "case": "a receipt's signature", "hub_seed": HUB_SEED.hex(), **hexed(receipt),
                  "want": wire.sign(HUB_SEED, "mia/1/receipt", wire.receipt_message(258, a, run(0x10, 16))).hex()})
    cases.append({"kind": "result", "case": "a result's signature", "hub_seed": HUB_SEED.hex(), "body": b"body".hex(),
                  "want": wire.sign(HUB_SEED, "mia/1/result", wire.h("mia/1/result", b"body")).hex()})
    return cases


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def request(words, arguments=(), options=(), language=0, stream_bytes=0, fields=()):
    return wire.pack([1, words, list(arguments), [list(option) for option in options], language, stream_bytes,
                      [list(field) for field in fields]])


REQUESTS = {
    "status": request("status"),
    "totals": request("totals", (), (("period", "2018q2"), ("by", "site"), ("allow-partial", "")), 1),
    "import": request("import", ("april åäö.csv",), (("apply", ""), ("encoding", "windows-1252")), 0, 70000),
    "wait": request("wait", (), (("until", "received"), ("timeout", "60"))),
    "clock": request("clock set", ("2018-07-11",)),
    "fields": request("import undo", ("12",), (("dry-run", ""),), 0, 0, (("sex", "kvinna"), ("entry_date", "2018-04-03"), ("phone", ""))),
}


def main():
    files = {"hash": hash_cases(), "chain": chain_cases(), "signature": signature_cases(),
             "fingerprint": fingerprint_cases(), "period": period_cases(), "message": message_cases(),
             "release": release_cases(), "roster": roster_cases(), "wire": wire_cases()}
    for name, cases in files.items():
        text = json.dumps({"cases": cases}, ensure_ascii=False, indent=1) + "\n"
        write(TESTS / "data" / "vectors" / f"{name}.json", text.encode())
    for name, fields in MESSAGES.items():
        data = wire.message_pack(name, **fields)
        write(TESTS / "data" / "golden" / f"{name.lower()}.bin", data)
        write(TESTS / "data" / "fuzz" / "msg" / f"{name.lower()}.bin", data)
    write(TESTS / "data" / "golden" / "payload.bin", wire.payload_pack(SHAPE, BODY, FIGURES))
    write(TESTS / "data" / "fuzz" / "msg" / "huge-count.bin", b"\xdd\xff\xff\xff\xff")
    for name, data in REQUESTS.items():
        write(TESTS / "data" / "fuzz" / "request" / f"{name}.bin", data)
        write(TESTS / "data" / "golden" / f"request-{name}.bin", data)


if __name__ == "__main__":
    main()
