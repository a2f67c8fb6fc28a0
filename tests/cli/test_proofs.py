"""`mutualist seal verify`, `audit`, `keys`: what a person and an operator are told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from library.receipts import OTHER, PARTIES, SHEET, head, public, receipt
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.keyring import new_key_text
from mutualist.apps.core.rotation import STEPS

GOOD = receipt()


def write(name, document):
    content = document if isinstance(document, str) else json.dumps(document)
    Path(name).write_text(content, encoding="utf-8")
    return name


def test_a_receipt_that_holds(call):
    write("a.json", GOOD)
    done = call("seal", "verify", "a.json")
    assert done.code == 0
    assert "a.json: holds" in done.out
    assert GOOD["fingerprint"] in done.out
    assert "Compare the key" in done.err
    assert GOOD["nonce"] not in done.out + done.err
    assert call("seal", "verify", "-", stdin=json.dumps(GOOD)).code == 0
    german = call("seal", "verify", "a.json", "--lang", "de")
    assert "a.json: hält" in german.out


def test_a_key_by_hand_or_from_a_mail(call):
    write("a.json", GOOD)
    write("mail.txt", f"Guten Tag\n\n{head().text}\n")
    write("key.txt", f"our key: {public()}\n")
    write("nothing.txt", "nothing")
    for key in (public(), "mail.txt", "key.txt"):
        done = call("seal", "verify", "a.json", "--public-key", key)
        assert (done.code, done.err) == (0, ""), key
    other = call("seal", "verify", "a.json", "--public-key", public(OTHER))
    assert other.code == 1
    assert "not with the one you named" in other.out
    for wrong in ("abc", "nothing.txt"):
        done = call("seal", "verify", "a.json", "--public-key", wrong)
        assert (done.code, "64 hexadecimal digits" in done.err) == (1, True)


def test_a_receipt_that_does_not_hold(call):
    write("a.json", {**GOOD, "sheet": {**SHEET, "1.4": "open"}})
    write("b.json", "nonsense")
    done = call("seal", "verify", "a.json", "b.json", "c.json")
    assert done.code == 1
    assert done.out.count("does NOT hold") == 3
    assert "Something in the receipt was changed" in done.out
    assert "no such file" in done.out
    assert done.err == ""


def test_a_forged_receipt_cannot_write_on_the_terminal(call):
    wipe = "\x1b[2K\r"
    write("a.json", {**GOOD, "party_name": f"{wipe}a.json: holds", f"{wipe}x": "\u202e"})
    (Path.cwd() / "b.json").write_text('{"\\u001b[2K": 1, "\\u001b[2K": 2}')
    done = call("seal", "verify", "a.json", "b.json")
    assert done.code == 1
    assert done.out.count("does NOT hold") == 2
    assert all(one.isprintable() for one in done.out.replace("\n", ""))


def test_as_json(call):
    write("a.json", GOOD)
    write("b.json", receipt(nonce="77" * 32))
    write("room.json", {"ruleset": "2026.2", "parties": PARTIES, "answers": {"A": SHEET}})
    done = call("seal", "verify", "a.json", "--result", "room.json", "--json")
    document = json.loads(done.out)
    assert (done.code, document["ok"], document["schema"]) == (0, True, "mutualist-check/1")
    assert document["receipts"][0]["compared"] == [{"file": "room.json", "answers": "all"}]
    both = call("seal", "verify", "a.json", "b.json", "--json")
    assert (both.code, json.loads(both.out)["receipts"][1]["problems"][0]["code"]) == (
        1,
        "two_seals",
    )
    shown = call("seal", "verify", "a.json", "--result", "room.json", "--result", "no.json")
    assert shown.code == 1
    assert "all answers are as they were sealed" in shown.out


def test_the_schema_is_printed(call):
    assert json.loads(call("schema", "receipt").out)["title"] == "mutualist-receipt/1"


def test_heads_side_by_side(call):
    write("anna.txt", head().text)
    write("clara.txt", head().text + "\n" + head(43).text)
    done = call("audit", "heads", "anna.txt", "clara.txt")
    assert (done.code, done.out.count("signed")) == (0, 2)
    write("clara.txt", head(hash="ab" * 32).text)
    done = call("audit", "heads", "anna.txt", "clara.txt")
    assert done.code == 1
    assert "One side was told something else" in done.out
    listed = json.loads(call("audit", "heads", "anna.txt", "clara.txt", "--json").out)
    assert (listed["ok"], len(listed["contradictions"])) == (False, 1)
    foreign = call("audit", "heads", "anna.txt", "--public-key", public(OTHER))
    assert (foreign.code, "NOT signed" in foreign.out) == (1, True)
    assert call("audit", "heads", "anna.txt", "--public-key", public(), "--json").code == 0
    assert "mutualist-head/1" in call("audit", "heads", write("x.txt", "nothing")).err


def test_a_new_key_is_printed(call):
    one, other = call("keys", "new").out.strip(), call("keys", "new").out.strip()
    assert len(one) >= 64
    assert one != other


class Installation:
    """A data folder and the commands that work on it, in processes of their own."""

    def __init__(self, folder):
        self.folder = folder
        known = {k: v for k, v in os.environ.items() if not k.startswith("MUTUALIST_")}
        known.pop("DJANGO_SETTINGS_MODULE", None)
        self.environment = {**known, "MUTUALIST_DATA": str(folder), "MUTUALIST_LANG": "en"}

    def run(self, *arguments, code=0, **more):
        done = subprocess.run(
            [sys.executable, "-c", "from mutualist.cli import main; main()", *arguments],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    def python(self, code, **more):
        script = f"import django; django.setup()\n{code}"
        more = {"DJANGO_SETTINGS_MODULE": "mutualist.project.settings", **more}
        return subprocess.run(
            [sys.executable, "-c", script],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )


FILL = """
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.vault import Vault, new_wrapped_key
for number in range(3):
    row = OutboxMail(to="anna@example.org")
    place = f"mail:{row.uid}".encode()
    row.key = new_wrapped_key(context=place)
    row.content = Vault(row.key, place).encrypt(b'{"subject": "kept"}', aad=place)
    row.save()
"""
READ = """
from mutualist.apps.core.models import OutboxMail
print(sum(row.subject == "kept" for row in OutboxMail.objects.all()))
"""
KILLED = (
    READ
    + """
import os, signal, sys
from mutualist.apps.core.rotation import rotate
sys.stdout.flush()
rotate(step=lambda name: name == "{step}" and os.kill(os.getpid(), signal.SIGKILL))
"""
)


@pytest.fixture(scope="module")
def installed(migrated, tmp_path_factory):
    """A migrated installation with three encrypted mails and a log; copied by each test."""
    one = Installation(tmp_path_factory.mktemp("installation") / "data")
    shutil.copytree(migrated.data, one.folder)
    filled = one.python(FILL)
    assert filled.returncode == 0, filled.stderr
    return one


@pytest.fixture
def here(installed, tmp_path):
    shutil.copytree(installed.folder, tmp_path / "data")
    return Installation(tmp_path / "data")


def test_the_key_survives_a_kill_at_every_step(here):
    """With a real SIGKILL: each time everything opens, and the next run finishes."""
    for step in STEPS:
        killed = here.python(KILLED.replace("{step}", step))
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert killed.stdout.strip() == "3", "what the kill before left opens"
    here.run("keys", "rotate")
    (here.folder / "keys" / "key-encryption-key.previous").unlink()
    assert here.python(READ).stdout.strip() == "3"


def test_keys_are_shown_and_changed(here):
    before = json.loads(here.run("keys", "status", "--json").stdout)
    assert before["in_use"]["core.OutboxMail.key"] == {before["key"]: 3}
    done = here.run("keys", "rotate")
    assert "Changed from" in done.stdout
    assert "key-encryption-key.previous" in done.stderr
    after = json.loads(here.run("keys", "status", "--json").stdout)
    assert after["key"] != before["key"]
    assert before["key"] in after["others"]
    shown = here.run("keys", "status").stdout
    assert after["key"] in shown
    assert after["signing_key_fingerprint"] in shown
    secret = (here.folder / "keys" / "key-encryption-key").read_text()
    assert secret not in shown
    (here.folder / "keys" / "key-encryption-key").unlink()
    assert "No new key was made" in here.run("migrate", code=1).stderr
    key = new_key_text()
    assert "does not fit the database" in here.run("migrate", code=1, MUTUALIST_KEY=key).stderr


def test_a_key_in_a_variable_is_explained(here):
    secret = (here.folder / "keys" / "key-encryption-key").read_text()
    (here.folder / "keys" / "key-encryption-key").unlink()
    said = here.run("keys", "rotate", code=1, MUTUALIST_KEY=secret).stderr
    assert "MUTUALIST_KEY_PREVIOUS" in said
    new = new_key_text()
    done = here.run("keys", "rotate", MUTUALIST_KEY=new, MUTUALIST_KEY_PREVIOUS=secret)
    assert "Changed from" in done.stdout
    assert "previous" not in done.stderr
    assert here.python(READ, MUTUALIST_KEY=new).stdout.strip() == "3"


def test_without_tables_it_says_so(tmp_path):
    here = Installation(tmp_path / "empty")
    assert "database" in here.run("audit", "verify", code=1).stderr


@pytest.fixture
def log(transactional_db):
    """A chain of two entries in the tests' own database, and its head as it was mailed."""
    from mutualist.apps.core.anchors import anchored_head
    from mutualist.apps.identity.actions import appoint_operator, create_user

    user = create_user(email="anna@example.org", name="Anna", language="en")
    for operates in (True, False):
        appoint_operator("anna@example.org", operates=operates, actor=Actor.system())
    return anchored_head(f"person:{user.pk}")


def test_the_log_is_checked(call, log):
    done = call("audit", "verify")
    assert (done.code, "The log holds." in done.out) == (0, True)
    assert "--heads FILE" in done.err
    write("head.txt", log.text)
    for way in (("--heads", "head.txt", "--head", "head.txt"), ("--head", log.text)):
        done = call("audit", "verify", log.chain, *way, "--processes", 1)
        assert "1 given heads" in done.err
        assert "--heads FILE" not in done.err
    short = f"{log.chain} {log.seq} {log.hash}"
    assert json.loads(call("audit", "verify", "--head", short, "--json").out)["ok"]
    other = f"{log.chain} {log.seq} {'ab' * 32}"
    found = call("audit", "verify", "--head", other, "--json")
    assert found.code == 1
    assert [fault["reason"] for fault in json.loads(found.out)["faults"]] == ["anchor"]
    assert "person:999" in call("audit", "verify", "person:999").err
    nonsense = call("audit", "verify", "--head", "nonsense")
    assert (nonsense.code, "CHAIN NUMBER HASH" in nonsense.err) == (2, True)


def test_a_changed_log_is_told(call, log, monkeypatch):
    from mutualist.apps.core.models import AuditEntry
    from mutualist.cli import problems

    AuditEntry.objects.update(body={})
    done = call("audit", "verify")
    assert done.code == 1
    assert f"{log.chain} 1: the entry was changed" in done.out
    assert "does NOT hold: 2 faults" in done.out
    german = call("audit", "verify", "--lang", "de")
    assert "der Eintrag wurde geändert" in german.out
    monkeypatch.setattr(problems, "SHOWN", 1)
    assert "and 1 more" in call("audit", "verify").out


def test_keys_are_shown(call, log, monkeypatch):
    shown = call("keys", "status")
    assert "Signing key" in shown.out
    monkeypatch.setenv("MUTUALIST_KEY", "kurz")
    for command in ("status", "rotate"):
        done = call("keys", command)
        assert (done.code, "MUTUALIST_KEY" in done.err) == (1, True)
