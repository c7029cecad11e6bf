#!/usr/bin/python3
"""A seventh and an eighth site join a running county in mid-programme: invited, joined, accepted by voice, signed in by two sites (3-privacy 3.5).

    test_join.py        MIA_BUILD says where the programs are
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peer_wire
from lib_county import HUB, County
from lib_faults import BUILD, HEADINGS, Disk, figure, sheet, wait_for

ONE, TWO, THREE = "sodertalje", "varna", "hbs"
SEVENTH, EIGHTH = "suv", "samsund"
DAY = "2020-06-10"
WRONG = "00000 00000 00000 00000 00000 00000"


class Story(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mia-join."))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.county = County(BUILD, self.folder / "county", [ONE, TWO, THREE])
        self.addCleanup(self.county.stop)
        self.county.make()

    # ---- the ceremony ----

    def talk(self, name, *words, typed=(), expect=0):
        """A command whose answers are typed, a line each: what it said."""
        done = subprocess.run([*self.county.command(name, *words), "--lang", "en"], capture_output=True, text=True, timeout=120,
                              input="".join(f"{line}\n" for line in typed), check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def fingerprint(self, name):
        """What the member's operator reads out: its own."""
        rows = self.county.ask(name, "key", "show")
        rows = rows[0]["rows"] if isinstance(rows, list) else rows["rows"]
        return next(row["fingerprint"] for row in rows if row["name"] == name)

    def invite(self, site):
        path = self.folder / f"{site}.ini"
        self.talk(HUB, "invite", "create", site, "--hub", f"tcp://127.0.0.1:{self.county.port}", "--out", path)
        return path

    def join(self, site, invitation, typed, expect=0):
        self.talk(None, "join", invitation, "--dir", self.county.room(site), "--programme", self.county.folder / "programme.ini",
                  "--roster", self.county.folder / "roster.ini", "--rehearsal", typed=typed, expect=expect)

    def card_key(self, site):
        return bytes.fromhex(re.search("^sign = (.*)$", self.card(site).read_text("ascii"), re.M).group(1))

    def card_fingerprint(self, site):
        return peer_wire.fingerprint(self.card_key(site))

    def card(self, site):
        return self.county.room(site) / "card.ini"

    def accept(self, site, typed=None, expect=0, card=None):
        typed = [self.card_fingerprint(site)] if typed is None else typed
        return self.talk(HUB, "accept", site, "--card", card or self.card(site), "--out", self.draft, typed=typed, expect=expect)

    @property
    def draft(self):
        return self.folder / "draft.ini"

    def sign_draft(self, typed, signers=(ONE, TWO)):
        for site in signers:
            self.talk(site, "roster", "sign", self.draft, typed=typed)
        self.talk(None, "programme", "sign", self.draft, "--key", self.county.folder / "programme.key")

    def put_in_place(self):
        for end in ("", ".sig"):
            shutil.copy(f"{self.draft}{end}", f"{self.county.folder}/roster.ini{end}")

    def reload(self, *names):
        for name in names:
            self.county.mia(name, "reload")

    def events(self, name):
        return re.sub(" +", " ", self.county.mia(name, "events", "--last", 40))

    def in_contact(self, site):
        return str(sheet(self.county.ask(HUB, "status", site), "mia.contact/1")["contact"]).startswith("in contact")


class Joining(Story):
    def test_two_sites_join_in_mid_programme_and_their_first_months_count(self):
        self.county.start()
        self.county.deliver(DAY, timeout=300)
        hub = self.fingerprint(HUB)
        for site in (SEVENTH, EIGHTH):
            invitation = self.invite(site)
            self.assertEqual(stat.S_IMODE(invitation.stat().st_mode), 0o600)
            self.join(site, invitation, [WRONG, hub.replace(" ", "")])
        self.nobody_comes_in_before(SEVENTH)
        for site in (SEVENTH, EIGHTH):
            self.accept(site)
        new = {site: self.card_fingerprint(site) for site in (SEVENTH, EIGHTH)}
        self.sign_draft([new[site] for site in sorted(new, key=self.card_key)])  # as a roster has its members
        self.put_in_place()
        self.reload(HUB, ONE, TWO, THREE)
        for site in (SEVENTH, EIGHTH):
            self.county.start_one(site)
            self.county.set_clock(DAY, [site])
            self.record(site)
        wait_for("all in contact", lambda: all(map(self.in_contact, (ONE, TWO, SEVENTH, EIGHTH))))
        self.county.sites += [SEVENTH, EIGHTH]
        self.county.deliver("2020-07-20", timeout=300)
        for site in (SEVENTH, EIGHTH):
            self.assertEqual(figure(self.county, "entered", "2020-06", site), 6)
        self.who_when_and_how_is_kept()

    def nobody_comes_in_before(self, site):
        """With a roster of its own making, signed by the programme key alone, and the right keys: the hub does not let it in."""
        folder = self.county.folder
        text = (folder / "roster.ini").read_text("ascii").replace("epoch = 1", "epoch = 2") + (self.county.room(site) / "identity.ini").read_text("ascii")
        forged = folder / "forged.ini"
        forged.write_text(text, "ascii")
        self.talk(None, "programme", "sign", forged, "--key", folder / "programme.key")
        copy = self.county.room("early")
        shutil.copytree(self.county.room(site), copy)
        conf = copy / "miad.conf"
        conf.write_text(conf.read_text("utf-8").replace(str(folder / "roster.ini"), str(forged)), "utf-8")
        self.county.start_one("early")
        self.county.set_clock(DAY, ["early"])
        self.county.mia("early", "wait", "--until", "contact", "--timeout", "3", expect=(9,))
        self.assertNotIn(site, self.county.log(HUB).replace(f"site={site} operator", ""))
        self.county.kill("early")

    def record(self, site):
        rows = (f"NEW-{site}-{i:03d};Kvinna;Lämnat;2020-06-02;2020-06-02" for i in range(6))
        path = self.folder / f"{site}.csv"
        path.write_text("\n".join([HEADINGS, *rows]) + "\n", "utf-8")
        self.county.mia(site, "import", path, "--apply")

    def who_when_and_how_is_kept(self):
        for site in (SEVENTH, EIGHTH):
            for name in (HUB, ONE, TWO):
                self.assertRegex(self.events(name), rf"key verified {site}, by \S+ \(phone\)")
            self.assertRegex(self.events(site), r"key verified hub, by \S+ \(phone\)")
            self.assertRegex(self.county.mia(ONE, "key", "show"), rf"{site} .* yes +2020-06-10")

    def test_wrong_fingerprints_and_cards_let_nobody_further(self):
        self.county.start()
        hub = self.fingerprint(HUB)
        invitation = self.invite(SEVENTH)
        self.join(SEVENTH, invitation, [WRONG] * 3, expect=4)
        self.assertFalse(self.county.room(SEVENTH).exists())
        altered = self.folder / "altered.ini"
        altered.write_text(invitation.read_text("ascii").replace("127.0.0.1", "127.0.0.2"), "ascii")
        self.join(SEVENTH, altered, [hub], expect=1)
        self.join(SEVENTH, invitation, [hub])
        said = self.accept(SEVENTH, [WRONG, "41907", WRONG, WRONG], expect=4)
        self.assertIn("J008", said)
        self.assertIn("J008", self.accept(SEVENTH, [], expect=4))
        self.assertFalse(self.draft.exists())
        changed = self.folder / "changed.ini"
        changed.write_text(re.sub("^link = ..", "link = 00", self.card(SEVENTH).read_text("ascii"), flags=re.M), "ascii")
        self.assertIn("J004", self.accept(SEVENTH, [], expect=1, card=changed))
        self.talk(HUB, "invite", "revoke", SEVENTH)
        self.assertIn("J005", self.accept(SEVENTH, [], expect=4))
        self.assertNotIn("card accepted", self.events(HUB))

    def test_an_invitation_is_good_once_and_until_its_last_day(self):
        self.county.start()
        self.join(SEVENTH, self.invite(SEVENTH), [self.fingerprint(HUB)])
        self.county.set_clock("2017-05-10", [HUB])
        self.assertIn("J005", self.accept(SEVENTH, [], expect=4))
        self.assertIn("expired", self.county.mia(HUB, "invite", "list"))


class Changing(Story):
    def test_a_lost_key_is_replaced_by_the_word_of_two_others(self):
        self.county.start()
        self.county.deliver("2017-06-10", timeout=120)
        keys = self.county.room(ONE) / "keys"
        self.county.kill(ONE)
        lost = (keys / "sign.key").read_bytes()
        (keys / "sign.key").unlink()
        invitation = self.invite(ONE)
        self.talk(None, "key", "rotate", "--dir", self.county.room(ONE), "--lost", invitation)
        (keys / "sign.lost").write_bytes(lost)  # as it would be, had it been there
        self.assertIn("J006", self.talk(None, "key", "rotate", "--dir", self.county.room(ONE), "--lost", invitation, expect=1))
        self.assertEqual((keys / "sign.lost").read_bytes(), lost)
        self.accept(ONE)
        self.assertRegex(self.draft.read_text("ascii"), r"former = [0-9a-f]{64} \| [1-9][0-9]* \| lost")
        self.sign_draft([self.card_fingerprint(ONE)], (TWO, THREE))
        self.put_in_place()
        self.reload(HUB, TWO, THREE)
        self.county.start_one(ONE)
        wait_for("contact with the new keys", lambda: self.in_contact(ONE))
        self.county.deliver("2017-08-10", timeout=120)

    def test_a_site_changes_its_keys_and_goes_on_reporting(self):
        self.county.start()
        self.county.deliver("2017-06-10", timeout=120)
        before = self.fingerprint(ONE)
        self.talk(None, "key", "rotate", "--dir", self.county.room(ONE))
        self.talk(None, "key", "rotate", "--dir", self.county.room(ONE), expect=1)
        self.a_card_that_a_crash_prevented_is_made_for_the_keys_that_are_there()
        for name in ("sign.next", "link.next"):
            path = self.county.room(ONE) / "keys" / name
            self.assertEqual((stat.S_IMODE(path.stat().st_mode), path.stat().st_size), (0o600, 32))
        self.accept(ONE)
        self.sign_draft([self.card_fingerprint(ONE)])
        self.put_in_place()
        self.reload(HUB, ONE, TWO, THREE)
        wait_for("contact with the new keys", lambda: self.in_contact(ONE) and self.in_contact(TWO))
        self.assertEqual(self.fingerprint(ONE), self.card_fingerprint(ONE))
        self.assertNotEqual(self.fingerprint(ONE), before)
        self.county.deliver("2017-08-10", timeout=120)
        self.county.kill(ONE)
        self.county.start_one(ONE)
        wait_for("contact after a start", lambda: self.in_contact(ONE))
        self.talk(None, "key", "rotate", "--dir", self.county.room(ONE))

    def a_card_that_a_crash_prevented_is_made_for_the_keys_that_are_there(self):
        keys, card = self.county.room(ONE) / "keys", self.card(ONE).read_text("ascii")
        made = {name: (keys / name).read_bytes() for name in ("sign.next", "link.next")}
        self.card(ONE).unlink()
        self.talk(None, "key", "rotate", "--dir", self.county.room(ONE))
        self.assertEqual({name: (keys / name).read_bytes() for name in made}, made)
        self.assertEqual(self.card(ONE).read_text("ascii"), card)

    def test_a_draft_that_lay_too_long_does_not_end_a_key_before_its_last_report(self):
        """The hub has two reports in June; three more months can be over in ninety days."""
        self.county.start()
        self.county.deliver("2017-06-10", timeout=120)
        self.talk(None, "key", "rotate", "--dir", self.county.room(ONE))
        self.accept(ONE)
        self.assertRegex(self.draft.read_text("ascii"), r"former = [0-9a-f]{64} \| 5\n")
        self.sign_draft([self.card_fingerprint(ONE)])
        self.county.deliver("2017-10-10", timeout=120)  # September is report 6, signed with the key before
        self.put_in_place()
        said = self.talk(HUB, "reload", expect=1)
        self.assertIn("R046", said)
        self.assertIn("report 6", said)
        self.accept(ONE)
        self.sign_draft([self.card_fingerprint(ONE)])
        self.put_in_place()
        self.reload(HUB, ONE, TWO, THREE)
        wait_for("contact with the new keys", lambda: self.in_contact(ONE))
        self.county.deliver("2017-12-10", timeout=120)

    def test_a_revoked_key_is_out_at_once_and_in_the_next_roster(self):
        self.county.start()
        wait_for("contact", lambda: self.in_contact(TWO))
        self.talk(HUB, "key", "revoke", TWO, "--out", self.draft, "--yes")
        wait_for("the connection ended", lambda: not self.in_contact(TWO), 5)
        self.assertRegex(self.draft.read_text("ascii"), rf"\[{TWO}\][^\[]*status = suspended")

    def test_a_key_is_verified_by_typing_what_is_read(self):
        self.county.start()
        self.talk(ONE, "key", "verify", TWO, "--by", "meeting", typed=[self.fingerprint(TWO)])
        self.assertRegex(self.events(ONE), rf"key verified {TWO}, by \S+ \(meeting\)")
        self.talk(HUB, "key", "verify", TWO, typed=[WRONG, self.fingerprint(TWO)])
        self.talk(ONE, "key", "verify", "hub", expect=2)
        self.assertNotIn("key verified hub", self.events(ONE))

    def test_wrong_fingerprints_are_counted_in_the_room_and_lock_the_key_for_an_hour(self):
        """Whoever asks, however often mia is started, and whatever is killed in between."""
        self.county.start()
        hub = self.fingerprint(HUB)
        for _ in range(2):
            self.assertIn("J001", self.talk(ONE, "key", "verify", "hub", typed=[WRONG], expect=2))  # then the call is broken off
            self.county.kill(ONE)
            self.county.start_one(ONE)
        self.assertIn("J008", self.talk(ONE, "key", "verify", "hub", typed=[WRONG, hub], expect=4))
        self.county.kill(ONE)
        self.county.start_one(ONE)
        self.assertIn("J008", self.talk(ONE, "key", "verify", "hub", typed=[hub], expect=4))
        self.talk(ONE, "key", "verify", TWO, typed=[self.fingerprint(TWO)])  # others are free
        self.assertEqual(len(re.findall("a wrong fingerprint typed hub", self.events(ONE))), 2)
        self.assertEqual(len(re.findall(r"key locked for an hour hub, by \S+", self.events(ONE))), 1)
        self.county.set_clock("2017-04-01T01:30:00Z", [ONE])
        self.talk(ONE, "key", "verify", "hub", typed=[WRONG, WRONG, hub])
        self.talk(ONE, "key", "verify", "hub", typed=[WRONG, WRONG, hub])  # the right one ended the count


class Faults(Story):
    def test_a_disk_that_takes_nothing_leaves_no_step_half_done(self):
        """What was not written was not done: the invitation is good still, nobody is in the draft, nothing is signed; and each step goes on when there is room."""
        disks = {name: Disk(self.folder / f"disk-{name}") for name in (HUB, ONE)}
        for name in (HUB, ONE, TWO, THREE):
            self.county.start_one(name, env=disks[name].env() if name in disks else None)
        disks[HUB].order("deny")
        words = ("invite", "create", SEVENTH, "--hub", f"tcp://127.0.0.1:{self.county.port}", "--out", self.folder / f"{SEVENTH}.ini")
        self.talk(HUB, *words, expect=1)
        self.assertFalse((self.folder / f"{SEVENTH}.ini").exists())
        disks[HUB].heal()
        self.join(SEVENTH, self.invite(SEVENTH), [self.fingerprint(HUB)])
        disks[HUB].order("deny")
        self.accept(SEVENTH, expect=1)
        self.talk(HUB, "site", "retire", THREE, "--yes", expect=1)
        self.assertFalse(self.draft.exists())
        disks[HUB].heal()
        self.county.set_clock("2017-04-02", [HUB])  # a commit of its own
        self.talk(HUB, "roster", "draft", "--out", self.draft)
        self.assertNotIn(SEVENTH, self.draft.read_text("ascii"))
        self.assertNotIn("retired", self.draft.read_text("ascii"))
        self.assertNotIn("card accepted", self.events(HUB))
        self.accept(SEVENTH)
        disks[ONE].order("deny")
        self.talk(ONE, "roster", "sign", self.draft, typed=[self.card_fingerprint(SEVENTH)], expect=1)
        self.assertFalse(Path(f"{self.draft}.sig").exists())
        disks[ONE].heal()
        self.sign_draft([self.card_fingerprint(SEVENTH)])
        self.put_in_place()
        self.reload(HUB, ONE, TWO, THREE)
        self.county.start_one(SEVENTH)
        wait_for("contact", lambda: self.in_contact(SEVENTH))


class KeyFiles(Story):
    """What a key file must be, of the daemon itself (4-sync 4.5)."""

    def check(self, env=None):
        done = subprocess.run([BUILD / "daemon/miad-site", "--check", "--config", self.county.room(ONE) / "miad.conf"], capture_output=True,
                              text=True, timeout=60, env={**os.environ, **(env or {})}, check=False)
        return done.returncode, done.stderr

    def refused(self, path, code):
        exit_code, said = self.check()
        self.assertEqual(exit_code, 1, said)
        self.assertTrue(said.startswith(f"{code} {path}"), said)

    def test_each_key_file_that_others_could_have_put_or_read_is_refused(self):
        self.assertEqual(self.check()[0], 0)
        for name in ("sign.key", "link.key", "vault.key", "index.key"):
            path = self.county.room(ONE) / "keys" / name
            key = path.read_bytes()
            path.chmod(0o640)
            self.refused(path, "R033")
            path.chmod(0o600)
            path.write_bytes(key[:31])
            self.refused(path, "R034")
            other = path.with_suffix(".other")
            other.write_bytes(key)
            other.chmod(0o600)
            path.unlink()
            self.refused(path, "R030")
            path.symlink_to(other)
            self.refused(path, "R031")
            path.unlink()
            path.hardlink_to(other)
            self.refused(path, "R036")
            path.unlink()
            path.mkdir()
            self.refused(path, "R031")
            path.rmdir()
            os.mkfifo(path)
            self.refused(path, "R031")
            path.unlink()
            other.rename(path)
            if os.geteuid() == 0:
                os.chown(path, 65534, 65534)
                self.refused(path, "R032")
                os.chown(path, 0, 0)
            self.assertEqual(self.check()[0], 0)

    def test_a_folder_that_others_may_change_holds_no_keys(self):
        keys = self.county.room(ONE) / "keys"
        for mode in (0o770, 0o707, 0o1777):
            keys.chmod(mode)
            self.refused(keys / "sign.key", "R037")
        keys.chmod(0o700)
        self.assertEqual(self.check()[0], 0)

    def test_the_programme_key_is_a_key_file_too(self):
        key = self.county.folder / "programme.key"
        roster = self.county.folder / "roster.ini"
        other = self.folder / "other.key"
        for spoil, mend, code in ((lambda: key.chmod(0o644), lambda: key.chmod(0o600), "R033"),
                                  (lambda: other.hardlink_to(key), other.unlink, "R036"),
                                  (lambda: (key.rename(other), key.symlink_to(other)), lambda: other.rename(key), "R031"),
                                  (lambda: key.write_bytes(key.read_bytes() * 2), lambda: key.write_bytes(key.read_bytes()[:32]), "R034")):
            spoil()
            self.assertIn(code, self.talk(None, "programme", "sign", roster, "--key", key, expect=1))
            mend()
        self.talk(None, "programme", "sign", roster, "--key", key)
        self.county.folder.chmod(0o775)
        for other_key in ((key,), (self.county.folder / "new.key", "--make-key", "--plain-key")):  # nothing is made that could not be used
            self.assertIn("R037", self.talk(None, "programme", "sign", roster, "--key", *other_key, expect=1))
        self.assertFalse((self.county.folder / "new.key").exists())
        self.county.folder.chmod(0o755)

    def test_a_daemon_that_may_not_lock_memory_says_so_and_holds_no_key(self):
        if b"__asan_init" in (BUILD / "daemon/miad-site").read_bytes():
            self.skipTest("AddressSanitizer has no mlock")
        for limit in (0, 65536):
            words = ["prlimit", f"--memlock={limit}:{limit}", BUILD / "daemon/miad-site", "--check", "--config", self.county.room(ONE) / "miad.conf"]
            if os.geteuid() == 0:
                words = ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock", *words]
            done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertTrue(done.stderr.startswith("R038 RLIMIT_MEMLOCK"), done.stderr)

    def test_keys_may_come_as_credentials(self):
        keys, given = self.county.room(ONE) / "keys", self.folder / "credentials"
        keys.rename(given)
        self.assertEqual(self.check()[0], 1)
        self.assertEqual(self.check({"CREDENTIALS_DIRECTORY": str(given)})[0], 0)
        given.chmod(0o500)
        for key in given.iterdir():
            key.chmod(0o400)
        self.assertEqual(self.check({"CREDENTIALS_DIRECTORY": str(given)})[0], 0)

    def test_keys_that_are_credentials_can_be_changed(self):
        """The next keys lie in the keys folder until they take the place of the credentials."""
        keys, given = self.county.room(ONE) / "keys", self.folder / "credentials"
        keys.rename(given)
        keys.mkdir(mode=0o700)
        env = {"CREDENTIALS_DIRECTORY": str(given)}
        rotate = [*self.county.command(None, "key", "rotate", "--dir", self.county.room(ONE)), "--lang", "en"]
        for name in (HUB, TWO, THREE):
            self.county.start_one(name)
        self.county.start_one(ONE, env=env)
        subprocess.run(rotate, env={**os.environ, **env}, check=True, capture_output=True, timeout=60)
        self.accept(ONE)
        self.sign_draft([self.card_fingerprint(ONE)])
        self.put_in_place()
        self.reload(HUB, ONE, TWO, THREE)
        self.assertEqual(self.fingerprint(ONE), self.card_fingerprint(ONE))
        done = subprocess.run(rotate, env={**os.environ, **env}, check=False, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("J006", done.stderr)
        for name in ("sign", "link"):
            (keys / f"{name}.next").rename(given / f"{name}.key")
        self.county.kill(ONE)
        self.county.start_one(ONE, env=env)
        wait_for("contact with the new credentials", lambda: self.in_contact(ONE))


if __name__ == "__main__":
    unittest.main()
