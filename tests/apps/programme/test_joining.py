"""A firm applies, somebody answers, and a new partner becomes active step by step, by mailed link only."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from apps.programme.cast import browser
from apps.rooms.cast import mails_to
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.joining import (
    accept_agreement,
    add_agreement,
    answer,
    save_checklist,
    tick,
)
from mutualist.apps.programme.models import Acceptance, Relation
from mutualist.apps.programme.public import make_link
from mutualist.apps.programme.queries.joining import known_already

FORM = {
    "name": "Dreiwerk GmbH",
    "person": "Eve",
    "email": "eve@dreiwerk.example",
    "country": "DE",
    "postal_code": "10115",
    "website": "https://www.dreiwerk.example/",
    "abilities": "",
    "message": "We build pumps.",
}


def apply(channel, **more: str):
    return browser().post(f"/apply/{channel.programme.slug}/", {**FORM, **more})


def shown(answer) -> str:
    """Return what a page says, without the key that each form gets anew."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_from_application_to_active_without_any_login(channel):
    add_agreement(standing=channel.anna, title="Partner agreement", text="We keep promises.")
    assert apply(channel).status_code == 200
    made = Relation.objects.get(name="Dreiwerk GmbH")
    assert made.state == "applied"
    anna = browser(channel.cast.anna)
    queue = f"/programmes/{channel.programme.uid}/applications/"
    assert "We build pumps." in anna.get(queue).content.decode()
    assert anna.post(f"{queue}{made.uid}/", {"answer": "accept"}).status_code == 302
    mail = mails_to("eve@dreiwerk.example")[-1].letter["text"]
    home = re.search(r"/p/[^/\s]+/", mail)[0]
    eve = browser()
    assert "Before you start" in eve.get(home).content.decode()
    assert "We keep promises." in eve.get(f"{home}agreement/").content.decode()
    assert eve.post(f"{home}agreement/", {"number": "1"}).status_code == 302
    profile = {"country": "DE", "postal_code": "10115", "abilities": "iot", "languages": "de"}
    assert eve.post(f"{home}profile/", profile).status_code == 302
    made.refresh_from_db()
    assert made.state == "active"
    assert Acceptance.objects.get().name == "Eve"


def test_whoever_applies_twice_learns_nothing(channel):
    first, second = (shown(apply(channel)) for _time in range(2))
    assert first == second
    assert Relation.objects.filter(name="Dreiwerk GmbH").count() == 1


def test_a_program_that_fills_every_box_is_left_out(channel):
    assert apply(channel, company_fax="1").status_code == 200
    assert not Relation.objects.filter(name="Dreiwerk GmbH").exists()


def test_a_mail_address_elsewhere_is_pointed_out(channel):
    apply(channel, email="eve@elsewhere.example")
    page = browser(channel.cast.anna).get(f"/programmes/{channel.programme.uid}/applications/")
    assert "not at dreiwerk.example" in page.content.decode()


def test_a_refusal_needs_a_reason_and_is_told(channel):
    apply(channel)
    made = Relation.objects.get(name="Dreiwerk GmbH")
    with pytest.raises(ActionError, match="application_reason"):
        answer(standing=channel.anna, relation=made, accept=False)
    answer(standing=channel.anna, relation=made, accept=False, reason="No pumps.")
    assert "No pumps." in mails_to("eve@dreiwerk.example")[-1].letter["text"]
    with pytest.raises(ActionError, match="application_answered"):
        answer(standing=channel.anna, relation=made, accept=True)


def test_only_the_vendor_answers_and_only_the_partner_accepts(channel):
    apply(channel)
    made = Relation.objects.get(name="Dreiwerk GmbH")
    add_agreement(standing=channel.anna, title="Partner agreement", text="We keep promises.")
    for standing in (channel.ben, channel.clara, channel.dora):
        with pytest.raises(NotAllowed):
            answer(standing=standing, relation=made, accept=True)
        with pytest.raises(NotAllowed):
            add_agreement(standing=standing, title="x", text="y")
    with pytest.raises(NotAllowed):
        accept_agreement(standing=channel.anna, number=1)


def test_an_agreement_that_changed_meanwhile_is_not_accepted(channel):
    add_agreement(standing=channel.anna, title="Partner agreement", text="One.")
    add_agreement(standing=channel.anna, title="Partner agreement", text="Two.")
    with pytest.raises(ActionError, match="agreement_changed"):
        accept_agreement(standing=channel.clara, number=1)
    accept_agreement(standing=channel.clara, number=2)
    accept_agreement(standing=channel.clara, number=2)
    assert Acceptance.objects.count() == 1


def test_there_is_no_programme_of_that_name(channel):
    assert browser().get("/apply/nobody/").status_code == 404


CHECKLIST = """\
schema: checklist/1
kinds:
  reseller: {de: Händler, en: Reseller}
  referrer: {de: Empfehler, en: Referral partner}
steps:
  - {id: kickoff, by: vendor, words: {de: Auftakt, en: Kick-off held}}
  - {id: course, by: partner, kinds: [reseller], words: {de: Kurs, en: Course attended}}
"""


def _onboarding(channel, kind: str) -> Relation:
    save_checklist(standing=channel.anna, text=CHECKLIST)
    assert apply(channel, kind=kind).status_code == 200
    made = Relation.objects.get(name="Dreiwerk GmbH")
    answer(standing=channel.anna, relation=made, accept=True)
    Relation.objects.filter(pk=made.pk).update(abilities=["iot"])
    return made


def test_the_checklist_depends_on_the_kind_and_each_side_ticks_its_own(channel):
    made = _onboarding(channel, "reseller")
    home = make_link(made.contacts.get())
    page = browser().get(home).content.decode()
    assert "Course attended" in page
    assert "Kick-off held" in page
    assert browser().post(f"{home}steps/", {"task": "kickoff"}).status_code == 404
    assert browser().post(f"{home}steps/", {"task": "course"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, list(made.steps_done)) == ("onboarding", ["course"])
    address = f"/programmes/{channel.programme.uid}/partners/{made.uid}/steps/"
    assert browser(channel.cast.anna).post(address, {"task": "kickoff"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "active"


def test_the_vendor_reads_the_word_for_a_kind_of_partner(channel):
    made = _onboarding(channel, "referrer")
    address = f"/programmes/{channel.programme.uid}/partners/{made.uid}/"
    page = browser(channel.cast.anna).get(address).content.decode()
    assert "<dd>Referral partner</dd>" in page
    assert "referrer" not in page


def test_other_kinds_have_less_to_do(channel):
    made = _onboarding(channel, "referrer")
    for standing in (channel.ben, channel.clara, channel.dora):
        with pytest.raises(NotAllowed):
            tick(standing=standing, relation=made, step="kickoff")
    with pytest.raises(NotAllowed):
        tick(standing=channel.anna, relation=made, step="course")
    tick(standing=channel.anna, relation=made, step="kickoff")
    made.refresh_from_db()
    assert made.state == "active"


def test_a_checklist_that_asks_less_lets_partners_start(channel):
    made = _onboarding(channel, "reseller")
    save_checklist(standing=channel.anna, text="")
    made.refresh_from_db()
    assert made.state == "active"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("[", "YAML"),
        ("steps: []", "schema: checklist/1"),
        (CHECKLIST.replace("by: vendor", "by: boss"), "steps[1].by"),
        (CHECKLIST.replace("[reseller]", "[dealer]"), "dealer"),
        (CHECKLIST.replace("id: course", "id: kickoff"), "steps[2].id"),
        (CHECKLIST.replace("id: course", "id: agreement"), "agreement"),
        (CHECKLIST.replace(", en: Course attended", ""), "steps[2].words"),
        (CHECKLIST.replace("by: vendor", "by: [vendor]"), "steps[1].by"),
        (CHECKLIST.replace("de: Auftakt", 'de: "a\\0b"'), "steps[1].words"),
        (CHECKLIST + "more: 1\n", "more"),
    ],
)
def test_a_checklist_that_cannot_be_used_is_refused_and_kept_in_the_box(channel, wrong, said):
    anna = browser(channel.cast.anna)
    queue = f"/programmes/{channel.programme.uid}/applications/"
    refused = anna.post(queue, {"do": "checklist", "checklist": wrong})
    assert refused.status_code == 422
    page = html.unescape(refused.content.decode())
    assert said in page.partition("Not stored")[2].partition("</div>")[0]
    assert wrong.strip() in page
    channel.programme.refresh_from_db()
    assert not channel.programme.checklist


def test_an_address_anybody_can_get_is_a_doubt_and_no_refusal(channel):
    assert apply(channel, email="eve@gmx.de", website="").status_code == 200
    page = browser(channel.cast.anna).get(f"/programmes/{channel.programme.uid}/applications/")
    assert "Anybody can get a mail address at gmx.de." in page.content.decode()


@pytest.mark.parametrize(
    ("form", "known"),
    [
        ({"name": "TAUWERK", "website": "", "email": "x@other.example"}, True),
        ({"name": "Nebelhorn KG", "website": "", "email": "neu@tauwerk.example"}, True),
        (
            {
                "name": "Nebelhorn KG",
                "website": "https://www.tauwerk.example/",
                "email": "x@gmx.de",
            },
            True,
        ),
        ({"name": "Nebelhorn KG", "website": "", "email": "x@gmx.de"}, False),
    ],
)
def test_a_firm_that_may_be_a_partner_already_is_pointed_out(channel, form, known):
    apply(channel, **form)
    made = Relation.objects.get(state="applied")
    assert [one.name for one in known_already(channel.anna, made)] == ["Tauwerk GmbH"] * known
    page = browser(channel.cast.anna).get(f"/programmes/{channel.programme.uid}/applications/")
    assert (f"/partners/{channel.tauwerk.uid}/" in page.content.decode()) == known


def test_a_new_version_of_the_agreement_is_asked_of_everybody_again(channel):
    add_agreement(standing=channel.anna, title="Partner agreement", text="One.")
    accept_agreement(standing=channel.clara, number=1)
    link = channel.link()
    assert "Read and accept" not in browser().get(link).content.decode()
    later = today() + timedelta(days=30)
    second = add_agreement(standing=channel.anna, title="Agreement", text="Two.", since=later)
    assert second.since == later
    page = browser().get(link).content.decode()
    assert "Read and accept" in page
    assert "Version 1 accepted by Clara" in page
    assert (
        "Accepted by 0 of 2"
        in browser(channel.cast.ben)
        .get(f"/programmes/{channel.programme.uid}/applications/")
        .content.decode()
    )
    accept_agreement(standing=channel.clara, number=2)
    assert "Read and accept" not in browser().get(link).content.decode()
    with pytest.raises(ActionError, match="agreement_since"):
        add_agreement(standing=channel.anna, title="x", text="y", since=today())


def test_a_day_that_is_none_is_named(channel):
    queue = f"/programmes/{channel.programme.uid}/applications/"
    form = {"title": "Agreement", "text": "Words.", "since": "31.2."}
    refused = browser(channel.cast.anna).post(queue, form)
    assert refused.status_code == 422
    assert "31.2." in refused.content.decode()
    assert "Words." in refused.content.decode()
