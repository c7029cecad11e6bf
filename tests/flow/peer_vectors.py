"""Holds peer_wire to the cases of tests/data/vectors and the golden bytes beside them: what `peer_site.py --self-test`
runs. mia-vectors holds the C to the same cases."""

import json

import peer_wire as wire


def _hex(case, *keys):
    return [bytes.fromhex(case[key]) if case[key] is not None else None for key in keys]


def _chain(case):
    heads = [wire.chain_start(case["site"])]
    for n, payload in enumerate(case["payloads"], 1):
        heads.append(wire.chain_next(heads[-1], n, bytes.fromhex(payload)))
    return [head.hex() for head in heads]


def _sign(case):
    seed, message = _hex(case, "seed", "message")
    if wire.public_of(seed).hex() != case["public"]:
        return "another public key"
    return wire.sign(seed, case["domain"], message).hex()


def _check(case):
    public, message, signature = _hex(case, "public", "message", "signature")
    return wire.check(public, case["domain"], message, signature)


def _message(case):
    data = bytes.fromhex(case["hex"])
    try:
        name, fields = wire.message_unpack(data, case["sender"])
    except wire.Malformed:
        return None
    if wire.message_pack(name, **fields) != data:
        return "packed otherwise"
    return {"type": name, **{key: value.hex() if isinstance(value, bytes) else value for key, value in fields.items()}}


def _release(case):
    body = {key: bytes.fromhex(value) if key in ("programme", "audit_head") else value
            for key, value in case["body"].items()}
    payload = wire.payload_pack(case["shape"], body, case["figures"])
    if wire.payload_unpack(case["shape"], payload) != (body, case["figures"]):
        return "not unpacked"
    return payload.hex()


def _decide(case):
    at_hub_n, head, hub_hash, fetched = _hex(case, "own_at_hub_n", "own_head", "hub_hash", "fetched")
    return wire.decide(case["own_n"], at_hub_n, head, case["hub_n"], hub_hash, fetched)


def _receipt(case):
    seed, head, token = _hex(case, "hub_seed", "hash", "token")
    fields = {"n": case["n"], "hash": head, "token": token}
    fields["signature"] = wire.sign(seed, "mia/1/receipt", wire.receipt_message(case["n"], head, token))
    return fields["signature"].hex() if wire.receipt_is_good(fields, wire.public_of(seed)) else "not checked"


def _result(case):
    seed, body = _hex(case, "hub_seed", "body")
    signature = wire.sign(seed, "mia/1/result", wire.h("mia/1/result", body))
    return signature.hex() if wire.result_is_good(body, wire.public_of(seed), signature) else "not checked"


KINDS = {
    "hash": lambda case: wire.h(case["domain"], *(bytes.fromhex(part) for part in case["parts"])).hex(),
    "chain": _chain,
    "sign": _sign,
    "check": _check,
    "fingerprint": lambda case: wire.fingerprint(bytes.fromhex(case["public"])),
    "message": _message,
    "release": _release,
    "roster": lambda case: wire.roster_hash(*wire.roster_read(case["text"])).hex(),
    "decide": _decide,
    "backoff": lambda case: wire.backoff(case["previous_ms"], case["random"]),
    "receipt": _receipt,
    "result": _result,
    "period_ends": lambda case: [case["period"] % 3 == 2, case["period"] % 12 == 11],
}
NOT_A_SITES = ("period", "period_days")  # how people write periods: not on the wire


def _golden(folder):
    """Golden messages decode, and encode to themselves."""
    wrong = 0
    for name, (_, sender, _) in wire.MESSAGES.items():
        data = (folder / f"{name.lower()}.bin").read_bytes()
        got, fields = wire.message_unpack(data, sender)
        if got != name or wire.message_pack(got, **fields) != data:
            print(f"{name}: golden bytes differ")
            wrong += 1
    return wrong


def run(folder):
    ran = wrong = 0
    for path in sorted(folder.glob("*.json")):
        for case in json.loads(path.read_text("utf-8"))["cases"]:
            if case["kind"] in NOT_A_SITES:
                continue
            ran += 1
            got = KINDS[case["kind"]](case)
            if got != case["want"]:
                wrong += 1
                print(json.dumps({"file": path.name, "case": case["case"], "pass": False, "got": got}))
    wrong += _golden(folder.parent / "golden")
    print(f"{ran - wrong} passed, {wrong} failed")
    return 0 if ran > 0 and wrong == 0 else 10
