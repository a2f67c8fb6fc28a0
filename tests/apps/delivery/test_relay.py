"""When a program does not take an event: tried again, in order, given up, sent again by a person."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest

from apps.delivery.receiver import Receiver, dead_port
from apps.delivery.steps import add, happen, newest, states, work
from apps.rooms.cast import Cast
from mutualist.apps.core.audit import timeline
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.delivery import actions, relay, sending
from mutualist.apps.delivery.models import Delivery, Endpoint, Event
from mutualist.apps.delivery.sending import Outcome

pytestmark = pytest.mark.django_db
RENAMED = ("identity.organisation.renamed",)


def test_a_refused_event_is_tried_again_later_and_then_once(
    cast: Cast, receiver: Receiver, clock
) -> None:
    add(cast, receiver.address, RENAMED)
    happen(cast)
    receiver.answers = [(500, {}, b"out of order\x1b[31m<b>")]
    done = work()
    assert (done.delivered, done.failed) == (0, 1)
    one = newest()
    assert (one.status, one.reason, one.attempts) == (500, "status", 1)
    assert one.excerpt == "out of order [31m<b>"
    assert work().tried == 0, "not before its time"
    clock.forward(minutes=1)
    assert work().delivered == 1
    assert len({event["id"] for event in receiver.events}) == 1
    assert work().tried == 0
    clock.forward(days=3)
    assert work().tried == 0


def test_waits_grow_over_more_than_a_day_and_are_spread() -> None:
    outcome = Outcome("status", 500)
    for attempts, base in enumerate(relay.WAITS, 1):
        waits = {relay.wait_after(attempts, outcome) for _ in range(50)}
        assert len(waits) > 40
        assert base * 0.8 <= min(waits) <= max(waits) <= min(base * 1.2, relay.LONGEST)
    assert 24 * 3600 <= sum(relay.WAITS) <= 72 * 3600
    assert len(relay.WAITS) + 1 == 8


@pytest.mark.parametrize("kind", ["seconds", "date", "nonsense", "forever"])
def test_what_a_program_asks_us_to_wait_is_heeded(
    cast: Cast, receiver: Receiver, clock, kind: str
) -> None:
    add(cast, receiver.address, RENAMED)
    happen(cast)
    asked = {
        "seconds": "3600",
        "date": format_datetime(clock.moment + timedelta(hours=1), usegmt=True),
        "nonsense": "in a minute or two",
        "forever": "99999999",
    }[kind]
    receiver.answers = [(503, {"Retry-After": asked}, b"")]
    work()
    wait = (newest().next_at - clock.moment).total_seconds()
    if kind == "nonsense":
        assert wait < 60
    elif kind == "forever":
        assert wait == relay.LONGEST
    else:
        assert 3590 <= wait <= 3600


def test_events_of_one_thing_arrive_in_order_and_others_do_not_wait(
    cast: Cast, receiver: Receiver, clock
) -> None:
    add(cast, receiver.address, RENAMED)
    happen(cast, 4)
    receiver.answers = [(500, {}, b"")]
    work()
    assert len(receiver.requests) == 1, "those behind the refused one wait"
    other, _ = actions.add_endpoint(
        cast.grauwerk.uid, address=receiver.address, kinds=RENAMED, actor=cast.dora
    )
    from mutualist.apps.identity import actions as identity

    identity.rename_organisation(cast.grauwerk.uid, "Grau", actor=cast.dora)
    assert work().delivered == 1
    clock.forward(minutes=1)
    work()
    own = [e["sequence"] for e in receiver.events if str(cast.nordwerk.uid) in e["source"]]
    assert own == [own[0], *sorted(own[1:])]
    assert own[0] == own[1]
    assert Delivery.objects.filter(endpoint=other, state="delivered").count() == 1


def test_an_event_is_given_up_after_eight_tries_and_the_next_goes(
    cast: Cast, receiver: Receiver, clock
) -> None:
    endpoint, _ = add(cast, receiver.address, RENAMED)
    happen(cast, 2)
    # Something else gets through all the time, so only this one event is the trouble.
    for _ in range(8):
        receiver.answers = [(422, {}, b"")]
        work()
        clock.forward(hours=25)
        # Other events of this program arrive, so it is this one that is the trouble.
        Endpoint.objects.update(failing_since=clock.moment)
    first, second = Delivery.objects.order_by("seq")
    assert [event["sequence"] for event in receiver.events] == [first.seq] * 8 + [second.seq]
    assert states() == ["dead", "delivered"]
    endpoint.refresh_from_db()
    assert endpoint.paused == ""


def test_an_endpoint_out_for_long_is_paused_and_its_owners_are_told(
    cast: Cast, receiver: Receiver, clock
) -> None:
    endpoint, _ = add(cast, receiver.address, RENAMED)
    happen(cast, 2)
    for _ in range(8):
        receiver.answers = [(500, {}, b"")]
        work()
        clock.forward(hours=25)
    endpoint.refresh_from_db()
    assert endpoint.paused == "failing"
    assert states() == ["dead", "pending"], "what waits stays"
    assert work().tried == 0
    mail = OutboxMail.objects.get(to="anna@example.org")
    assert "127.0.0.1" in mail.text
    assert "/hook" not in mail.text
    chain = f"organisation:{cast.nordwerk.pk}"
    stopped = timeline(chain, audiences=["organisation"])[0]
    assert stopped.action == "delivery.webhook.stopped"
    with pytest.raises(ActionError, match="paused"):
        actions.send_test(cast.nordwerk.uid, endpoint.uid, actor=cast.anna)
    actions.resume_endpoint(cast.nordwerk.uid, endpoint.uid, actor=cast.anna)
    assert work().delivered == 1
    endpoint.refresh_from_db()
    assert (endpoint.paused, endpoint.failing_since) == ("", None)


def test_an_address_that_is_gone_is_paused_at_once(cast: Cast, receiver: Receiver) -> None:
    endpoint, _ = add(cast, receiver.address, RENAMED)
    happen(cast)
    receiver.answers = [(410, {}, b"")]
    work()
    endpoint.refresh_from_db()
    assert endpoint.paused == "gone"
    assert states() == ["dead"]


def test_people_send_again_or_discard(cast: Cast, receiver: Receiver) -> None:
    endpoint, _ = add(cast, receiver.address, RENAMED)
    happen(cast, 3)
    Delivery.objects.update(state="dead", reason="status", status=500, attempts=8)
    first, second, third = Delivery.objects.order_by("seq")
    uid = cast.nordwerk.uid
    assert actions.resend(uid, endpoint.uid, second.uid, actor=cast.anna) == 1
    assert actions.discard(uid, endpoint.uid, third.uid, actor=cast.anna) == 1
    assert actions.resend(uid, endpoint.uid, actor=cast.anna) == 1
    assert actions.discard(uid, endpoint.uid, actor=cast.anna) == 0
    work()
    assert [event["sequence"] for event in receiver.events] == [first.seq, second.seq]
    with pytest.raises(NotAllowed):
        actions.resend(uid, endpoint.uid, first.uid, actor=cast.anna)


def test_a_paused_endpoint_hears_later_what_happened_meanwhile(
    cast: Cast, receiver: Receiver
) -> None:
    endpoint, _ = add(cast, receiver.address, RENAMED)
    actions.pause_endpoint(cast.nordwerk.uid, endpoint.uid, actor=cast.anna)
    happen(cast, 3)
    assert work().tried == 0
    actions.resume_endpoint(cast.nordwerk.uid, endpoint.uid, actor=cast.anna)
    assert work().delivered == 3


def test_a_worker_that_was_killed_leaves_nothing_behind(
    cast: Cast, receiver: Receiver, clock
) -> None:
    add(cast, receiver.address, RENAMED)
    happen(cast, 2)
    (held,) = relay.claim(4)
    assert relay.claim(4) == [], "held, and the next one waits for it"
    clock.forward(seconds=relay.LEASE.total_seconds() + 1)
    assert work().delivered == 2
    # The first worker was not dead, only slow: what it has to say comes too late.
    assert relay.settle(held, Outcome("status", 500)) is False
    assert states() == ["delivered", "delivered"]


def test_a_clock_set_back_holds_nothing_up(cast: Cast, receiver: Receiver, clock) -> None:
    add(cast, receiver.address, RENAMED)
    happen(cast)
    (held,) = relay.claim(4)
    clock.forward(days=-40)
    assert work().delivered == 1
    assert held.attempts == 1


def test_redirects_are_not_followed(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.address, RENAMED)
    happen(cast)
    receiver.answers = [(307, {"Location": receiver.address + "&again"}, b"")]
    work()
    assert len(receiver.requests) == 1
    assert (newest().reason, newest().status) == ("redirect", 307)


def test_of_an_answer_little_is_read_and_less_is_kept(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.address, RENAMED)
    happen(cast)
    receiver.answers = [(500, {"Content-Length": str(10**9)}, b"A" * 100_000)]
    work()
    assert newest().excerpt == "A" * 200


def test_a_program_that_dribbles_its_answer_is_cut_off(
    cast: Cast, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time, the answer never does: only a limit for the whole call ends it."""
    monkeypatch.setattr(sending, "WHOLE", 0.5)
    ended = threading.Event()

    def dribble(listener: socket.socket) -> None:
        with listener, listener.accept()[0] as caller, contextlib.suppress(OSError):
            caller.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(90):
                caller.sendall(b"X: y\r\n")
                if ended.wait(0.1):
                    return
            caller.sendall(b"Content-Length: 0\r\n\r\n")

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    settings.MUTUALIST_WEBHOOK_PRIVATE = (ipaddress.ip_network("127.0.0.0/8"),)
    settings.MUTUALIST_WEBHOOK_PORTS = (port,)
    thread = threading.Thread(target=dribble, args=(listener,))
    thread.start()
    add(cast, f"http://127.0.0.1:{port}/", RENAMED)
    happen(cast)
    work()
    ended.set()
    thread.join()
    assert newest().reason == "timeout"


def test_a_program_that_is_not_there(cast: Cast, receiver: Receiver, settings) -> None:
    port = dead_port()
    settings.MUTUALIST_WEBHOOK_PORTS = (port,)
    add(cast, f"http://127.0.0.1:{port}/", RENAMED)
    happen(cast)
    work()
    assert newest().reason == "connection"


def test_a_server_without_a_certificate_is_no_https(
    cast: Cast, receiver: Receiver, settings
) -> None:
    add(cast, receiver.address.replace("http:", "https:"), RENAMED)
    happen(cast)
    work()
    assert newest().reason == "tls"
    assert receiver.requests == []


def test_old_deliveries_are_forgotten(cast: Cast, receiver: Receiver, clock) -> None:
    endpoint, _ = add(cast, receiver.address, RENAMED)
    happen(cast)
    work()
    actions.pause_endpoint(cast.nordwerk.uid, endpoint.uid, actor=cast.anna)
    happen(cast, start=7)
    clock.forward(days=31)
    relay.forget_old()
    assert states() == ["dead"]
    assert Event.objects.count() == 1
    clock.forward(days=31)
    relay.forget_old()
    assert not Delivery.objects.exists()
    assert not Event.objects.exists()


def test_a_slow_program_with_much_to_hear_holds_up_nobody_else(
    cast: Cast, receiver: Receiver
) -> None:
    from mutualist.apps.identity import actions as identity

    slow, _ = add(cast, receiver.address, RENAMED)
    happen(cast)
    event = Event.objects.get()
    # As if forty rooms had waited while it was paused.
    for number in range(40):
        copy = Event.objects.create(
            chain=f"room:{number}", seq=1, kind=event.kind, body=event.body, created=event.created
        )
        Delivery.objects.create(endpoint=slow, event=copy, chain=copy.chain, seq=1)
    other, _ = actions.add_endpoint(
        cast.grauwerk.uid, address=receiver.address, kinds=RENAMED, actor=cast.dora
    )
    identity.rename_organisation(cast.grauwerk.uid, "Grau", actor=cast.dora)
    first = relay.claim(4)
    assert {delivery.endpoint_id for delivery in first} == {slow.pk, other.pk}
    assert len(first) == 2
    assert relay.claim(4) == [], "both are being called"


def test_the_worker_goes_on_while_one_program_is_slow(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick program hears all its events while the slow one still thinks about its first."""
    from mutualist.apps.delivery import worker
    from mutualist.apps.identity import actions as identity

    slow, _ = add(cast, receiver.address, RENAMED)
    happen(cast)
    actions.add_endpoint(
        cast.grauwerk.uid, address=receiver.address, kinds=RENAMED, actor=cast.dora
    )
    for number in range(5):
        identity.rename_organisation(cast.grauwerk.uid, f"Grau {number}", actor=cast.dora)
    heard_all, real, quick = threading.Event(), relay.deliver, []

    def deliver(delivery: Delivery) -> Outcome:
        if delivery.endpoint_id == slow.pk:
            return Outcome("" if heard_all.wait(20) else "timeout")
        quick.append(delivery.seq)
        if len(quick) == 5:
            heard_all.set()
        return real(delivery)

    monkeypatch.setattr(relay, "deliver", deliver)
    assert worker.send_due().delivered == 6
    assert quick == sorted(quick)
