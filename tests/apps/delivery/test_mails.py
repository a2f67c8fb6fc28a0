"""A mail is stored with its action, sent after it, tried again, and given up with a reason."""

from __future__ import annotations

import re
from email import message_from_string

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction

from apps.delivery.receiver import Post, dead_port
from apps.delivery.steps import work
from apps.rooms.cast import Cast
from guards.canaries import database_content
from mutualist.apps.core import outbox
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.identity import actions as identity

WORD = "Pumpenhauskatze"


def write(receiver: str = "eva@example.org", subject: str = "Hello") -> None:
    outbox.post(
        EmailMessage(subject, f"A word: {WORD}", "Mutualist <us@rooms.example>", [receiver])
    )


@pytest.mark.django_db(transaction=True)
def test_a_mail_goes_at_once_and_is_deleted(post: Post) -> None:
    write()
    (mail,) = post.mails
    assert WORD in mail
    assert not OutboxMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_an_action_that_failed_is_never_sent(post: Post) -> None:
    with transaction.atomic():
        write()
        assert OutboxMail.objects.count() == 1
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()
    assert post.mails == []


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_server_left_is_sent_by_the_worker(post: Post, clock, monkeypatch) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(outbox._AtOnce, "__call__", lambda _self: None)
        write()
    assert post.mails == []
    assert work().mails == 0, "whoever stored it may still be at it"
    clock.forward(seconds=outbox.LEASE.total_seconds() + 1)
    assert work().mails == 1
    assert len(post.mails) == 1
    assert not OutboxMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_second_copy_can_be_told_by_its_id(post: Post, clock, monkeypatch) -> None:
    """Killed between the mail server's yes and our note of it: sent twice, known as one."""
    with monkeypatch.context() as dying:
        dying.setattr(outbox, "settle", lambda *_: None)
        write()
    clock.forward(minutes=3)
    work()
    ids = [message_from_string(mail)["Message-ID"] for mail in post.mails]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert re.fullmatch(r"<[0-9a-f]{32}@rooms\.example>", ids[0])


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_is_asked_again(post: Post, clock, settings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, dead_port()
    write()
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.attempts) == ("waiting", 1)
    assert "refused" in mail.error
    assert work().mails == 0
    settings.EMAIL_PORT = port
    clock.forward(minutes=2)
    assert work().mails == 1
    assert len(post.mails) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("said", "state"), [("550 no such person", "failed"), ("451 come again", "waiting")]
)
def test_only_a_last_word_ends_it(post: Post, said: str, state: str, caplog) -> None:
    post.refusals = [said.replace("person", "person eva@example.org")]
    write()
    mail = OutboxMail.objects.get()
    assert mail.state == state
    assert said[:12] in mail.error
    assert "eva@example.org" not in caplog.text
    assert WORD not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_given_up_after_some_days(post: Post, clock, settings) -> None:
    settings.EMAIL_PORT = dead_port()
    start = clock.moment
    write()
    while OutboxMail.objects.filter(state="waiting").exists():
        clock.moment = OutboxMail.objects.get().next_at
        work()
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.attempts) == ("failed", len(outbox.WAITS) + 1)
    assert 3 <= (clock.moment - start).days <= 5


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_of_ours_is_not_the_end(post: Post, monkeypatch) -> None:
    from smtplib import SMTPAuthenticationError

    def refuse(_message: object) -> None:
        raise SMTPAuthenticationError(535, b"wrong password")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    write()
    assert OutboxMail.objects.get().state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_of_many_mails_only_the_first_keep_a_person_waiting(post: Post) -> None:
    with transaction.atomic():
        for number in range(8):
            write(f"person{number}@example.org")
    assert len(post.mails) == outbox.AT_ONCE
    work()
    assert len(post.mails) == 8


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_mail(post: Post, clock) -> None:
    with transaction.atomic():
        for number in range(8):
            write(f"person{number}@example.org")
        transaction.get_connection().run_on_commit.clear()
    clock.forward(minutes=3)
    first, second = outbox.claim(5), outbox.claim(5)
    assert len(first) == 5
    assert len(second) == 3
    assert not {mail.pk for mail in first} & {mail.pk for mail in second}
    clock.forward(minutes=3)
    outbox.claim(8)
    outbox.settle(first[0], None)
    assert OutboxMail.objects.filter(pk=first[0].pk).exists(), "it belongs to another worker now"


@pytest.mark.django_db(transaction=True)
def test_the_database_alone_does_not_tell_the_links(cast: Cast) -> None:
    identity.invite_member(
        cast.nordwerk.uid, email="eva@example.org", role="member", language="de", actor=cast.anna
    )
    mail = OutboxMail.objects.get(to="eva@example.org")
    token = re.search(r"/join/([\w-]+)/", mail.text)[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    content = database_content()
    assert b"eva@example.org" in content, "this is the database"
    assert token.encode() not in content
    assert mail.subject.encode() not in content


@pytest.mark.django_db
def test_a_header_cannot_be_slipped_in() -> None:
    write(subject="Hello\nBcc: all@example.org")
    mail = OutboxMail.objects.get()
    refusal = outbox.hand_over(mail)
    assert refusal is None or refusal.for_good


@pytest.mark.django_db
def test_the_outbox_page(client, post: Post, settings) -> None:
    settings.EMAIL_PORT = dead_port()
    write("eva@example.org", "First letter")
    OutboxMail.objects.update(state="failed", error="550 <b>no</b>", next_at=None)
    mail = OutboxMail.objects.get()
    file, again = f"/outbox/{mail.pk}.eml", f"/outbox/{mail.pk}/again/"
    assert [client.get("/outbox/").status_code, client.get(file).status_code] == [404, 404]
    assert client.post(again).status_code == 404
    settings.MUTUALIST_DEMO = True
    page = client.get("/outbox/").content.decode()
    assert "First letter" in page
    assert WORD in page
    assert "550 &lt;b&gt;no&lt;/b&gt;" in page
    assert "iframe" not in page
    assert "style=" not in page
    answer = client.get(file)
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert message_from_string(answer.content.decode())["Subject"] == "First letter"
    assert client.get(again).status_code == 405
    assert client.post(again).status_code == 302
    assert OutboxMail.objects.get().state == "waiting"
    assert client.post(again).status_code == 404
