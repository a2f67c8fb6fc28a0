"""Pages of enquiries: the board, the answer by a mailed link only, the finder of strangers, in a frame as well."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from apps.programme.cast import browser
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry

ASK = {
    "person": "Petra Geheim",
    "email": "petra@mueller.example",
    "country": "DE",
    "postal_code": "89073",
    "ability": "iot",
    "text": "40 pumps <b>",
    "consent": "on",
    "website": "",
}


@pytest.fixture
def home(channel):
    return f"/programmes/{channel.programme.uid}/enquiries/"


@pytest.fixture
def finder(channel):
    return f"/finder/{channel.programme.slug}/"


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_from_the_finder_by_mailed_link_to_won(channel, home, finder):
    stranger, anna = Client(), browser(channel.cast.anna)
    found = text(stranger.get(finder, {"country": "DE", "postal_code": "89073", "ability": "iot"}))
    assert found.index("Tauwerk") < found.index("Grauwerk")
    answer = stranger.post(f"{finder}ask/", ASK, follow=True)
    assert "48 hours" in text(answer)
    made = Enquiry.objects.get()
    offered = made.offers.get()
    link = channel.link(to=f"enquiries/{offered.uid}/")
    partner = Client()
    before = text(partner.get(link))
    # Who asks stays back until the partner has accepted.
    assert "89073" in before
    assert "40 pumps &lt;b&gt;" in before
    assert "Petra" not in before
    assert "Petra Geheim" in text(partner.post(link, {"move": "accept"}, follow=True))
    page = text(anna.get(f"{home}{made.uid}/"))
    assert "nearness" in page
    assert "Grauwerk AG</strong>" in page.replace("\n", "")
    text(partner.post(link, {"move": "win"}, follow=True))
    assert Enquiry.objects.get().status == "won"
    assert "89073" in text(anna.get(home))


def test_a_late_answer_gets_a_clear_page(channel):
    made = actions.enter(standing=channel.anna, wish=Wish("DE", "89073", person="Petra"))
    link = channel.link(to=f"enquiries/{made.offers.get().uid}/")
    with stopped_at(now() + timedelta(hours=49)):
        page = text(Client().get(link))
        assert "goes to somebody else" in page
        assert 'value="accept"' not in page
        for move in ("accept", "decline"):
            late = text(Client().post(link, {"move": move, "reason": "other"}), 409)
            assert "The time for an answer ended on" in late
    assert Enquiry.objects.get().status == "pending"


def test_declining_by_link_keeps_what_was_typed_and_asks_the_next(channel):
    made = actions.enter(standing=channel.anna, wish=Wish("DE", "89073"))
    link = channel.link(to=f"enquiries/{made.offers.get().uid}/")
    refused = text(Client().post(link, {"move": "decline", "reason": "", "words": "In May"}), 422)
    assert "In May" in refused
    Client().post(link, {"move": "decline", "reason": "no_time", "words": "In May"})
    assert Enquiry.objects.get().relation == channel.grauwerk
    # The rival's offer is not Tauwerk's to read.
    other = made.offers.get(number=2)
    assert Client().get(channel.link(to=f"enquiries/{other.uid}/")).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"consent": ""}, "Without your consent"),
        ({"postal_code": "89074"}, "There is no postal code 89074 in DE. Near it: 89073"),
        ({"website": "spam.example"}, "not for people"),
        ({"email": "petra"}, "petra"),
    ],
)
def test_a_form_that_cannot_be_right_says_so_and_keeps_what_was_typed(finder, change, words):
    page = text(Client().post(f"{finder}ask/", ASK | change), 422)
    assert words in page
    assert "Petra Geheim" in page
    assert not Enquiry.objects.exists()


def test_what_nobody_can_serve_is_never_silent(channel, finder):
    channel.tauwerk.state = channel.grauwerk.state = "suspended"
    channel.tauwerk.save()
    channel.grauwerk.save()
    page = text(Client().post(f"{finder}ask/", ASK | {"ability": ""}, follow=True))
    assert "could not deliver" in page
    assert Enquiry.objects.get().status == "received"


def test_only_named_sites_may_frame_the_finder(channel, finder):
    def headers(path):
        response = Client().get(path)
        return response["Content-Security-Policy"], response.get("X-Frame-Options")

    assert "frame-ancestors 'none'" in headers(f"{finder}embed/")[0]
    site = "https://www.nordwerk.example"
    actions.save_intake(standing=channel.anna, origins=[site], finder=True)
    for path in ("embed/", "embed/ask/", "embed/thanks/"):
        policy, options = headers(f"{finder}{path}")
        assert f"frame-ancestors {site};" in f"{policy};"
        assert options is None
    policy, options = headers(finder)
    assert "frame-ancestors 'none'" in policy
    assert options == "DENY"


def test_a_frame_without_cookies_sends_an_enquiry(finder):
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"{finder}embed/ask/", ASK).status_code == 302
    assert Enquiry.objects.count() == 1


def test_a_finder_that_is_switched_off_is_not_there(channel, finder):
    actions.save_intake(standing=channel.anna, origins=[], finder=False)
    for path in ("", "ask/", "embed/"):
        assert Client().get(f"{finder}{path}").status_code == 404
    assert Client().get("/finder/nothing/").status_code == 404


def test_who_does_not_want_to_be_found_is_not(channel, finder):
    channel.grauwerk.in_finder = False
    channel.grauwerk.save()
    page = text(Client().get(finder))
    assert "Tauwerk" in page
    assert "Grauwerk" not in page


def test_a_table_comes_in_whole_or_not_at_all(channel, home):
    from django.core.files.uploadedfile import SimpleUploadedFile

    anna = browser(channel.cast.anna)

    def send(rows):
        content = f"country;postal_code;company;external_id\n{rows}".encode()
        return anna.post(f"{home}import/", {"file": SimpleUploadedFile("e.csv", content)})

    bad = text(send("DE;89073;A;1\nDE;89074;B;2\n"), 422)
    assert "Row 3: There is no postal code 89074" in bad
    assert not Enquiry.objects.exists()
    assert send("DE;89073;A;1\nDE;70173;B;2\n").status_code == 302
    assert Enquiry.objects.count() == 2
    lines = anna.get(f"{home}enquiries.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert anna.get(f"{home}enquiries.xlsx").content[:2] == b"PK"


def test_a_workbook_comes_in_as_a_table_does(channel, home):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from mutualist.library.commission_files import table_xlsx

    anna = browser(channel.cast.anna)
    heads = ("country", "postal_code", "company", "abilities", "external_id")

    def send(data):
        return anna.post(f"{home}import/", {"file": SimpleUploadedFile("e.xlsx", data)})

    bad = table_xlsx("E", heads, [("DE", "89073", "A", "iot", "1"), ("AT", "99", "B", "", "2")])
    assert "Row 3: There is no postal code 99 in AT" in text(send(bad), 422)
    assert "not an Excel workbook" in text(send(b"PK\x03\x04 no workbook"), 422)
    assert not Enquiry.objects.exists()
    # 01067, which a spreadsheet holds as a number.
    good = table_xlsx("E", heads, [("DE", 1067, "=A", "iot|ai", "1"), ("CH", "8001", "B", "", "2")])
    assert send(good).status_code == 302
    assert send(good).status_code == 302, "the same again changes nothing"
    found = {row.postal_code: row.abilities for row in Enquiry.objects.all()}
    assert found == {"01067": ["ai", "iot"], "8001": []}


def test_the_vendor_does_everything_on_the_page(channel, home):
    anna = browser(channel.cast.anna)
    sent = {"country": "DE", "postal_code": "89073", "ability": "iot", "company": "Müller"}
    assert anna.post(f"{home}new/", sent).status_code == 302
    made = Enquiry.objects.get()
    page = f"{home}{made.uid}/"
    hand = {"move": "hand", "relation": str(channel.grauwerk.uid), "seen": made.version}
    assert anna.post(page, hand).status_code == 302
    assert "changed elsewhere" in text(anna.post(page, hand), 409)
    assert anna.post(page, {"move": "close", "reason": "spam"}).status_code == 302
    assert anna.post(page, {"move": "reopen"}).status_code == 302
    assert Enquiry.objects.get().status == "pending"
    settings = {"answer_hours": 24, "attempts": 2, "open_days": 30, "finder": "on"}
    bad = text(anna.post(f"{home}settings/", settings | {"origins": "x"}), 422)
    assert "is no site" in bad
    good = settings | {"origins": "https://a.example\nhttps://b.example/"}
    assert anna.post(f"{home}settings/", good).status_code == 302
    assert "https://b.example" in text(anna.get(f"{home}settings/"))


def test_a_reader_reads_only(channel, home):
    made = actions.enter(standing=channel.anna, wish=Wish("DE", "89073"))
    ben = browser(channel.cast.ben)
    assert "What you can do" not in text(ben.get(f"{home}{made.uid}/"))
    assert ben.post(f"{home}{made.uid}/", {"move": "route"}).status_code == 404
    assert ben.get(f"{home}new/").status_code == 404
    assert ben.post(f"{home}settings/", {}).status_code == 404
