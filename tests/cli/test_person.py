"""What an operator does when somebody asks by letter."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from mutualist.apps.identity.actions import create_organisation, create_user
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MUTUALIST_DATA = tmp_path
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def anna():
    user = create_user(email="anna@nordwerk.example", name="=Anna", language="de")
    create_organisation("Nordwerk", actor=actor_of(user))
    return user


def test_everything_about_a_person_in_one_file(anna, call, tmp_path):
    done = call("person", "export", "Anna@nordwerk.example", "-o", "anna.zip")
    assert done.code == 0, done.err
    with zipfile.ZipFile(tmp_path / "anna.zip") as archive:
        assert sorted(archive.namelist()) == ["README.txt", "person.json", "person.pdf"]
        document = json.load(io.BytesIO(archive.read("person.json")))
        assert archive.read("person.pdf").startswith(b"%PDF")
    assert document["mail_addresses"] == ["anna@nordwerk.example"]
    assert document["answers"] == []
    assert call("person", "export", "anna@nordwerk.example", "-o", "anna.zip").code == 1
    assert call("person", "export", "nobody@x.example", "-o", "n.zip").code == 1


def test_erasing_first_says_what_it_means(anna, call):
    done = call("person", "erase", "anna@nordwerk.example")
    assert done.code == 0
    assert "Nordwerk" in done.out
    assert "--yes" in done.err
    assert User.objects.filter(pk=anna.pk).exists()
    done = call("person", "erase", "anna@nordwerk.example", "--yes", "--lang", "de")
    assert done.code == 0, done.err
    assert "Gelöscht" in done.out
    assert not User.objects.filter(pk=anna.pk).exists()
    assert call("person", "erase", "anna@nordwerk.example", "--yes").code == 1


def test_an_organisation_with_others_needs_an_owner_first(anna, call):
    from mutualist.apps.identity.models import Membership, Organisation

    ben = create_user(email="ben@nordwerk.example", name="Ben", language="en")
    Membership.objects.create(user=ben, organisation=Organisation.objects.get(), role="member")
    done = call("person", "erase", "anna@nordwerk.example", "--yes")
    assert done.code == 1
    assert "Nordwerk" in done.err
    assert User.objects.filter(pk=anna.pk).exists()


def test_what_a_person_did_as_a_table_that_runs_nothing(anna, call):
    done = call("person", "access-log", "anna@nordwerk.example")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "when,action,chain,number,own,sentence"
    assert "'=Anna created Nordwerk." in done.out
    assert call("person", "access-log", "nobody@x.example").code == 1


def test_periods_and_the_record_of_processing(anna, call, tmp_path):
    done = call("retention", "--dry-run")
    assert (done.code, done.out) == (0, "")
    assert "0" in done.err
    done = call("privacy", "record", "--lang", "de", "-o", "vvt.md")
    assert done.code == 0, done.err
    text = (tmp_path / "vvt.md").read_text(encoding="utf-8")
    assert "Verzeichnis von Verarbeitungstätigkeiten" in text
    assert "identity.user" in text
    done = call("person", "reapply-erasures")
    assert (done.code, done.out) == (0, "Erased again: 0.\n")
