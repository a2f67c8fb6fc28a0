"""Where a request comes from, and as much of it as may be kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from mutualist.apps.core.environment import SettingError

Network = IPv4Network | IPv6Network
#: What stands for a peer at a socket file, which has no address.
SOCKET = "unix"
UNKNOWN = "0.0.0.0"  # noqa: S104  (a word for "not known", nothing listens there)


def proxies_from(text: str) -> tuple[str, ...]:
    """Read ``MUTUALIST_TRUSTED_PROXIES``: addresses or networks, or the word unix, by commas."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for one in found:
        try:
            if one != SOCKET:
                ip_network(one)
        except ValueError as error:
            raise SettingError(
                f"MUTUALIST_TRUSTED_PROXIES: expected addresses such as 127.0.0.1 or 10.0.0.0/8, got {one!r}"
            ) from error
    return found


@cache
def _networks(trusted: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in trusted if one != SOCKET)


def _plain(text: str) -> str:
    """Return an address in its usual form, or nothing if it is none."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _is_trusted(address: str, trusted: tuple[str, ...]) -> bool:
    if not address:
        return SOCKET in trusted
    found = ip_address(address)
    return any(found in network for network in _networks(trusted))


def address_behind(peer: str, forwarded: str, trusted: Iterable[str]) -> str:
    """Return the address of whoever asked.

    The header is read from the right, as long as trusted proxies wrote it: what stands further
    left was sent by the visitor and may be anything.

    Examples
    --------
    >>> address_behind("127.0.0.1", "1.2.3.4, 203.0.113.7", ["127.0.0.1"])
    '203.0.113.7'
    >>> address_behind("203.0.113.9", "1.2.3.4", ["127.0.0.1"])
    '203.0.113.9'
    """
    known = tuple(trusted)
    address = _plain(peer)
    for hop in reversed(forwarded.split(",") if forwarded else []):
        if not _is_trusted(address, known):
            break
        before = _plain(hop)
        if not before:
            break
        address = before
    return address or UNKNOWN


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from; a proxy is believed only if it was named."""
    return address_behind(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        settings.MUTUALIST_TRUSTED_PROXIES,
    )


def network_of(address: str) -> str:
    """Return what counts as one visitor: an address, with IPv6 the /64 a household gets."""
    found = ip_address(address)
    return address if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def shortened(address: str) -> str:
    """Return an address without the part that points at one person.

    Examples
    --------
    >>> shortened("203.0.113.77")
    '203.0.113.x'
    >>> shortened("2001:db8:1:2::5")
    '2001:db8:1::x'
    """
    found = ip_address(address)
    if found.version == 4:
        return address.rpartition(".")[0] + ".x"
    return f"{ip_network(f'{found}/48', strict=False).network_address}x"
