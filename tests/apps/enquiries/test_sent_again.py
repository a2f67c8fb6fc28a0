"""The same enquiry once more: from a second window it is the first, and a file says what of it was there already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.enquiries.test_pages import ASK
from apps.programme.cast import browser
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry

HEAD = "country;postal_code;company;external_id\n"
ROWS = "DE;89073;Mayr GmbH;\nAT;6900;Rhein AG;\n"


@pytest.fixture
def send(channel):
    actions.save_intake(standing=channel.anna, origins=[], finder=True)
    anna = browser(channel.cast.anna)

    def of(rows, **more):
        file = SimpleUploadedFile("e.csv", (HEAD + rows).encode())
        place = f"/programmes/{channel.programme.uid}/enquiries/import/"
        answer = anna.post(place, {"file": file, **more}, follow=True)
        return answer.status_code, answer.content.decode()

    return of


def ask(channel, **change):
    answer = Client().post(f"/finder/{channel.programme.slug}/ask/", ASK | change)
    assert answer.status_code == 302
    return answer["Location"]


def test_a_stranger_asks_once_from_two_windows(channel, send):
    assert ask(channel) == ask(channel)
    first = Enquiry.objects.get()
    assert first.offers.count() == 1
    ask(channel, text="And 3 valves")
    assert Enquiry.objects.count() == 2
    # What is closed is over: the same wish is another one then.
    actions.close(standing=channel.anna, enquiry=first.uid, reason="spam")
    ask(channel)
    assert Enquiry.objects.count() == 3


def test_after_a_day_the_same_is_another(channel, send):
    ask(channel)
    with stopped_at(now() + timedelta(hours=25)):
        ask(channel)
    assert Enquiry.objects.count() == 2


def test_a_table_without_ids_is_taken_in_once(send):
    assert send(ROWS)[0] == 200
    status, page = send(ROWS)
    assert status == 422
    assert "came in within the last day" in page
    assert 'name="again" value="1"' in page
    assert Enquiry.objects.count() == 2
    assert send(ROWS, again="1")[0] == 200
    assert Enquiry.objects.count() == 4


def test_a_table_with_one_that_is_new_is_another_table(send):
    send(ROWS)
    assert "3 enquiries taken in." in send(f"{ROWS}DE;24103;Werft AG;\n")[1]
    assert Enquiry.objects.count() == 5


def test_how_many_were_there_by_their_ids_is_said(send):
    send("DE;89073;Mayr GmbH;E-1\n")
    page = send("DE;89073;Mayr GmbH;E-1\nDE;24103;Werft AG;E-2\n")[1]
    assert "1 enquiry taken in." in page
    assert "1 came in before, by its external_id, and stays as it is." in page
    assert Enquiry.objects.count() == 2


def test_a_program_that_sends_the_same_twice_means_two(channel):
    for _ in range(2):
        actions.enter(standing=channel.anna, wish=Wish("DE", "89073", company="Mayr GmbH"))
    assert Enquiry.objects.count() == 2
