"""Which addresses a webhook may go to: public ones, so that nobody reaches our network through us.

A name is resolved once, every address it stands for is judged, and the connection goes to the
address that was judged: a name that changes between the look and the call changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import ActionError

LENGTH = 500
USUAL = {"http": 80, "https": 443}
#: Networks that lead to an IPv4 address inside an IPv6 one; what they lead to is what counts.
CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
#: All public IPv6 addresses given out so far.
PUBLIC_6 = ipaddress.ip_network("2000::/3")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressError(ActionError):
    """An address no webhook may go to."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address whose form is right.

    Attributes
    ----------
    path
        Path and query, as they go into the request.
    """

    scheme: str
    host: str
    port: int
    path: str


def parse(address: str) -> Target:
    """Read an address; refuse one that could not be called, before any name is resolved."""
    text = address.strip()
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > LENGTH:
        raise AddressError(
            "address",
            _("The address needs plain letters without blanks, at most {limit} of them."),
            limit=LENGTH,
        )
    try:
        parts = urlsplit(text)
        port = USUAL.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError as error:
        raise AddressError("address", _("“{address}” is no address."), address=text) from error
    if parts.scheme not in USUAL or not parts.hostname:
        raise AddressError("address", _("The address has to begin with https:// or http://."))
    if parts.username is not None or parts.password is not None:
        raise AddressError(
            "address",
            _("Leave name and password out of the address: check the signature instead."),
        )
    if port not in settings.MUTUALIST_WEBHOOK_PORTS:
        allowed = ", ".join(str(one) for one in settings.MUTUALIST_WEBHOOK_PORTS)
        raise AddressError(
            "address",
            _("Port {port} is not possible. Possible are: {allowed}."),
            port=port,
            allowed=allowed,
        )
    return Target(parts.scheme, parts.hostname, port, _path(parts))


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def resolve(target: Target) -> tuple[str, ...]:
    """Return the addresses of a name, or refuse when any of them is not public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressError(
            "unknown_name",
            _("The name {host} cannot be found. Is it spelt rightly?"),
            host=target.host,
        ) from error
    numbers: list[Any] = [entry[4][0] for entry in found]
    for number in numbers:
        if not is_allowed(ipaddress.ip_address(number.partition("%")[0])):
            raise AddressError(
                "private_address",
                _(
                    "{host} leads to an address inside a private network. Only public addresses "
                    "are possible; whoever runs this server may allow networks with "
                    "MUTUALIST_WEBHOOK_PRIVATE."
                ),
                host=target.host,
            )
    return tuple(dict.fromkeys(str(number) for number in numbers))


def is_allowed(address: Address) -> bool:
    """Whether a webhook may be sent there."""
    inner = _carried(address)
    if inner is not None:
        return is_allowed(inner)
    if any(address in network for network in settings.MUTUALIST_WEBHOOK_PRIVATE):
        return True
    if isinstance(address, ipaddress.IPv6Address) and address not in PUBLIC_6:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in CARRIERS[0]:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


def check(address: str) -> str:
    """Return an address that may be stored; a name not known yet is left to the first delivery."""
    target = parse(address)
    try:
        resolve(target)
    except AddressError as error:
        if error.code != "unknown_name":
            raise
    return address.strip()


def host_of(address: str) -> str:
    """Return what of an address may be told: not its path, which often holds a secret."""
    return urlsplit(address).hostname or ""
