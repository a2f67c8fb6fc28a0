"""Nobody reaches our network through a webhook."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from apps.delivery.receiver import Receiver
from apps.delivery.steps import add, happen, newest, work
from apps.rooms.cast import Cast
from mutualist.apps.delivery.addresses import AddressError, check, is_allowed, parse, resolve

PRIVATE = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("2002:7f00:1::", "2002:a00:1::", "::127.0.0.1", "fec0::1"),
]


@pytest.mark.parametrize("number", PRIVATE)
def test_numbers_that_are_not_public_are_refused(number: str) -> None:
    assert not is_allowed(ipaddress.ip_address(number))
    host = f"[{number}]" if ":" in number else number
    with pytest.raises(AddressError, match="private_address"):
        check(f"https://{host}/hook")


@pytest.mark.parametrize("number", ["9.9.9.9", "2620:fe::fe", "64:ff9b::909:909", "2002:909:909::"])
def test_public_numbers_are_allowed(number: str) -> None:
    assert is_allowed(ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "written", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "localhost", "LOCALHOST"]
)
def test_other_spellings_of_this_machine_are_refused(written: str) -> None:
    with pytest.raises(AddressError, match="private_address"):
        resolve(parse(f"http://{written}/"))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://x/",
            "//example.org/",
            "example.org",
        ),
        *("https://", "https:///x", "javascript:alert(1)", "https://a b/", "https://x/\r\nHost: y"),
        *("https://user@example.org/", "https://user:word@example.org/", "https://:@example.org/"),
        *("https://example.org:22/", "https://example.org:0/", "https://example.org:99999/"),
        *("https://example.org:x/", "https://exämple.org/", "https://[::1/", "https://[x]/"),
        "https://example.org/" + "a" * 500,
    ],
)
def test_addresses_in_another_form_are_refused(address: str) -> None:
    with pytest.raises(AddressError, match="address"):
        parse(address)


def test_networks_of_the_house_can_be_allowed(settings) -> None:
    settings.MUTUALIST_WEBHOOK_PRIVATE = (ipaddress.ip_network("10.1.0.0/16"),)
    assert is_allowed(ipaddress.ip_address("10.1.2.3"))
    assert is_allowed(ipaddress.ip_address("::ffff:10.1.2.3"))
    assert not is_allowed(ipaddress.ip_address("10.2.0.1"))


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[Any]:
    """Let every look-up of a name have the next answer."""
    asked: list[Any] = []
    real = socket.getaddrinfo

    def fake(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host != "hooks.example.org":
            return real(host, port, *args, **more)
        numbers = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return asked


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["9.9.9.9", "10.0.0.1"])
    with pytest.raises(AddressError, match="private_address"):
        check("https://hooks.example.org/")


@pytest.mark.django_db
def test_a_name_that_changes_after_the_look_changes_nothing(
    cast: Cast, receiver: Receiver, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second look-up would lead elsewhere, but there is none."""
    address = receiver.address.replace("127.0.0.1", "hooks.example.org")
    asked = names(monkeypatch, ["127.0.0.1"])
    add(cast, address, ("identity.organisation.renamed",))
    happen(cast)
    del asked[:]
    names_later = names(monkeypatch, ["127.0.0.1"], ["127.0.0.99"])
    assert work().delivered == 1
    assert len(names_later) == 1
    assert receiver.requests[0][0]["Host"] == f"hooks.example.org:{receiver.port}"


@pytest.mark.django_db
def test_a_name_that_became_private_is_not_called(
    cast: Cast, receiver: Receiver, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = receiver.address.replace("127.0.0.1", "hooks.example.org")
    names(monkeypatch, ["9.9.9.9"], ["10.0.0.1"])
    add(cast, address, ("identity.organisation.renamed",))
    happen(cast)
    work()
    assert (newest().reason, newest().detail) == ("address", "private_address")
    assert receiver.requests == []


def test_a_name_not_yet_known_is_left_to_the_first_delivery(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert check(" https://new.example.org/hook ") == "https://new.example.org/hook"
    with pytest.raises(AddressError, match="unknown_name"):
        resolve(parse("https://new.example.org/hook"))
