"""A hub played from proto/README.md that may lie, for a real site: it has the hub's keys, so that its word is as good as the hub's.

    hub = FalseHub(county)
    hub.greet(n=0)                   waits for the site's HELLO, answers that it has so many of its releases
    hub.release()                    the next RELEASE: {n, prev, payload, signature}
    hub.receipt(release)
"""

import os
import sys
import time

import zmq
import zmq.utils.z85

sys.dont_write_bytecode = True
import peer_wire as wire  # noqa: E402  pylint: disable=wrong-import-position
from lib_county import HUB  # noqa: E402  pylint: disable=wrong-import-position

WAIT_S = 30


class FalseHub:
    def __init__(self, county, site):
        self.site = site
        room = county.room(HUB)
        self.seed = (room / "keys/sign.key").read_bytes()
        self.programme, self.shape = wire.programme_read((county.folder / "programme.ini").read_text("utf-8"))
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.setsockopt(zmq.CURVE_SERVER, 1)
        self.socket.setsockopt(zmq.CURVE_SECRETKEY, zmq.utils.z85.encode((room / "keys/link.key").read_bytes()))
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.bind(f"tcp://127.0.0.1:{county.port}")
        self.route, self.hello, self.token = None, None, bytes(16)

    def close(self):
        self.socket.close()
        self.context.term()

    # ---- messages ----

    def receive(self, wait_s):
        """(name, fields), or None when nothing came in time, or something of a connection before the last HELLO."""
        if not self.socket.poll(int(wait_s * 1000)):
            return None
        route, frame = self.socket.recv_multipart()
        name, fields = wire.message_unpack(frame, wire.FROM_SITE)
        if name == "HELLO":
            self.route = route
        return (name, fields) if route == self.route else None

    def wait_for(self, wanted, wait_s=WAIT_S):
        end = time.monotonic() + wait_s
        while (left := end - time.monotonic()) > 0:
            heard = self.receive(left)
            if heard is not None and heard[0] == wanted:
                return heard[1]
        raise TimeoutError(f"no {wanted} within {wait_s} s")

    def hears_no(self, unwanted, wait_s=2):
        """Whether nothing of that name comes for so long."""
        end = time.monotonic() + wait_s
        while (left := end - time.monotonic()) > 0:
            heard = self.receive(left)
            if heard is not None and heard[0] == unwanted:
                return False
        return True

    def say(self, name, **fields):
        self.socket.send_multipart([self.route, wire.message_pack(name, **fields)])

    # ---- the session ----

    def greet(self, n, head=None, nonce=None):
        """Takes the next HELLO and says where the hub's copy of the chain stands."""
        self.hello = self.wait_for("HELLO", 330)
        self.token = os.urandom(16)
        self.say("WELCOME", nonce=nonce or self.hello["nonce"], token=self.token, instance=bytes(16), n=n,
                 hash=head or wire.chain_start(self.site))

    def release(self, wait_s=WAIT_S):
        return self.wait_for("RELEASE", wait_s)

    def give_back(self, chain):
        """Answers FETCH until the last of the chain was asked for."""
        last = 0
        while last < len(chain):
            fetch = self.wait_for("FETCH")
            last = fetch["last"]
            for release in chain[fetch["first"] - 1:last]:
                self.chain(release)

    def chain(self, release):
        self.say("CHAIN", token=self.token, **{key: release[key] for key in ("n", "prev", "payload", "signature")})

    def head(self, release):
        return wire.chain_next(release["prev"], release["n"], release["payload"])

    def receipt(self, release, **other):
        fields = {"token": self.token, "n": release["n"], "hash": self.head(release), **other}
        message = wire.receipt_message(fields["n"], fields["hash"], fields["token"])
        self.say("RECEIPT", **{"signature": wire.sign(self.seed, "mia/1/receipt", message), **fields})

    def result(self, period, at_made, entered, seed=None):
        """A county result in which this site alone has reported so many entered."""
        sites = [{"site": self.site, "n": 0, "hash": bytes(32), "signature": bytes(64), "period": 0, "at_received": 0, "at_came": at_made,
                  "figures": {str(self.number("entered")): [entered]}}]
        body = wire.result_pack(self.shape, {"programme": self.programme, "period": wire.period_of(period), "at_made": at_made, "sites": sites})
        signature = wire.sign(seed or self.seed, "mia/1/result", wire.h("mia/1/result", body))
        return {"period": wire.period_of(period), "body": body, "signature": signature}

    def number(self, measure):
        return next(row["number"] for row in self.shape["measures"] if row["id"] == measure)

    def entered(self, release):
        """What a release says of its month, and the figure."""
        body, figures = wire.payload_unpack(self.shape, release["payload"])
        return wire.period_text(body["period"]), figures[str(self.number("entered"))][0]
