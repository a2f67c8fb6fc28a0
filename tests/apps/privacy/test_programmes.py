"""People and firms in programmes: found, shown, erased; a vendor that goes takes its programmes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.programme.cast import make_channel
from apps.projects.steps import MUELLER
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.core.models import AuditPersonal, OutboxMail
from mutualist.apps.identity.models import Organisation
from mutualist.apps.letters.actions import make_feed
from mutualist.apps.letters.models import Feed, Sent
from mutualist.apps.letters.notices import run as look_ahead
from mutualist.apps.privacy.erasing import erase
from mutualist.apps.privacy.exporting import as_json, export_person
from mutualist.apps.privacy.organisations import end_due, ending_of, request_deletion
from mutualist.apps.privacy.people import all_addresses, person_of_mail, person_of_user
from mutualist.apps.programme.actions.joining import accept_agreement, add_agreement
from mutualist.apps.programme.models import Acceptance, Contact, Programme, Relation
from mutualist.apps.programme.standing import contact_standing
from mutualist.apps.projects.actions import register
from mutualist.apps.projects.models import Registration

pytestmark = pytest.mark.django_db
MAIL = "clara@tauwerk.example"


@pytest.fixture
def channel(cast):
    """Nordwerk's programme, whose agreement Tauwerk's contact accepted by a mailed link."""
    made = make_channel(cast)
    Contact.objects.filter(pk=made.contact.pk).update(name="Clarissa Tau")
    add_agreement(standing=made.anna, title="Agreement", text="We keep promises.")
    look_ahead()
    accept_agreement(standing=contact_standing(made.contact.pk), number=1)
    make_feed(standing=contact_standing(made.contact.pk))
    return made


def test_who_accepted_an_agreement_is_erased_and_that_it_was_accepted_stays(channel):
    assert MAIL in set(all_addresses())
    erase(person_of_mail(MAIL))
    kept = Acceptance.objects.get()
    assert (kept.name, kept.email, kept.user_id) == (None, None, None)
    assert kept.relation_id == channel.tauwerk.pk
    assert not Contact.objects.filter(email=MAIL).exists()
    assert not Feed.objects.exists()
    assert not Sent.objects.filter(contact=channel.contact.pk).exists()
    assert MAIL not in set(all_addresses())
    said = " ".join(str(row.data) for row in AuditPersonal.objects.all())
    assert "Clarissa" not in said
    # The rival's contact keeps everything.
    assert Contact.objects.filter(email="dora@grauwerk.example").exists()


def test_an_account_that_accepted_is_erased_as_well(channel):
    accept_agreement(standing=channel.dora, number=1)
    user = channel.cast.dora.user_id
    erase(person_of_user(user))
    kept = Acceptance.objects.get(relation=channel.grauwerk)
    assert (kept.name, kept.user_id) == (None, None)


def test_the_copy_of_own_data_has_what_programmes_know(channel):
    told = as_json(export_person(person_of_mail(MAIL), with_answers=False, language="en"))
    for part in ("Clarissa Tau", "programme.contact", "programme.acceptance", "letters.feed"):
        assert part in told, part
    assert "dora@grauwerk.example" not in told


def test_a_vendor_that_goes_tells_its_partners_and_takes_programme_and_projects_with_it(channel):
    register(standing=channel.clara, content=MUELLER)
    OutboxMail.objects.all().delete()
    nordwerk = Organisation.objects.get(pk=channel.cast.nordwerk.pk)
    assert ending_of(nordwerk).partners == 2
    ending = request_deletion(nordwerk.uid, name=nordwerk.name, actor=channel.cast.anna)
    assert ending.concerns_others
    told = {one.to: one.letter["text"] for one in OutboxMail.objects.all()}
    assert "Nordwerk Partner" in told[MAIL]
    assert "dora@grauwerk.example" in told
    assert Programme.objects.exists()
    with stopped_at(now() + timedelta(days=40)):
        assert end_due() == 1
    assert not Programme.objects.exists()
    assert not Relation.objects.exists()
    whose = {"programmes": {channel.programme.pk}, "relations": {channel.tauwerk.pk}}
    with private_scope(Scope(**{name: frozenset(ids) for name, ids in whose.items()})):
        assert not Registration.objects.exists()
    assert not AuditPersonal.objects.filter(entry__chain__startswith="programme:").exists()


def test_a_partner_that_goes_leaves_the_relation_to_the_vendor(channel):
    Organisation.objects.get(pk=channel.cast.grauwerk.pk).delete()
    assert Relation.objects.get(pk=channel.grauwerk.pk).organisation_id is None
