"""Rosters as tests need them: any epoch, status and former keys, signed by whom one likes (proto/README.md, section 7), written from that text alone."""

import secrets
import struct
from dataclasses import dataclass, field
from pathlib import Path

import nacl.public

import peer_wire as wire

DOMAIN = "mia/1/roster"


def link_public(secret):
    return bytes(nacl.public.PrivateKey(secret).public_key)


@dataclass
class Member:
    name: str
    sign: bytes
    link: bytes
    status: str = "active"
    formers: list = field(default_factory=list)  # (public key, last n, is lost)

    def text(self):
        lines = [f"[{self.name}]", f"sign = {self.sign.hex()}", f"link = {self.link.hex()}", f"fingerprint = {wire.fingerprint(self.sign)}"]
        if self.status != "active":
            lines.append(f"status = {self.status}")
        lines += [f"former = {key.hex()} | {n}{' | lost' if lost else ''}" for key, n, lost in self.formers]
        return "\n".join(lines) + "\n"

    def parts(self):
        yield from (self.name.encode(), self.sign, self.link)
        if self.status != "active":
            yield from (b"=status", self.status.encode())
        for key, n, lost in sorted(self.formers):
            yield from (b"=lost" if lost else b"=former", key, wire.u64le(n))


def hash_of(epoch, members):
    parts = [part for member in sorted(members, key=lambda member: member.sign) for part in member.parts()]
    return wire.h(DOMAIN, struct.pack("<I", epoch), *parts)


class Rosters:
    """The rosters of a County, made from the key files of its rooms."""

    def __init__(self, county):
        self.county = county
        self.owner = (county.folder / "programme.key").read_bytes()
        self.members = {name: self.member(name) for name in ["hub", *county.sites]}

    def seed(self, name, suffix="key"):
        return (self.county.room(name) / f"keys/sign.{suffix}").read_bytes()

    def member(self, name):
        return Member(name, wire.public_of(self.seed(name)), link_public((self.county.room(name) / "keys/link.key").read_bytes()))

    def write(self, epoch, signers=(), owner=True, path=None):
        """The roster in place, signed by the owner and by signers: names of rooms, or seeds."""
        path = Path(path or self.county.folder / "roster.ini")
        members = list(self.members.values())
        seeds = [self.owner] * owner + [signer if isinstance(signer, bytes) else self.seed(signer) for signer in signers]
        content = hash_of(epoch, members)
        path.write_text(f"[roster]\nepoch = {epoch}\n" + "".join(member.text() for member in members), "utf-8")
        pairs = (f"key {wire.fingerprint(wire.public_of(seed))}\nsignature {wire.sign(seed, DOMAIN, content).hex()}\n" for seed in seeds)
        Path(f"{path}.sig").write_text("mia-signature 1\n" + "".join(pairs), "ascii")

    def next_sign(self, name, last_n, lost=False):
        """A new sign key in sign.next; the roster to come names it and the former one."""
        member, seed = self.members[name], secrets.token_bytes(32)
        self.put(name, "sign.next", seed)
        member.formers.append((member.sign, last_n, lost))
        member.sign = wire.public_of(seed)

    def next_link(self, name):
        secret = secrets.token_bytes(32)
        self.put(name, "link.next", secret)
        self.members[name].link = link_public(secret)

    def put(self, name, file, key):
        path = self.county.room(name) / "keys" / file
        path.write_bytes(key)
        path.chmod(0o600)
