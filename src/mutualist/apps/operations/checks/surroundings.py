"""What lies around the program: its address, certificate, mail server, switches for trying out."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.utils.translation import gettext as _

from mutualist.apps.core.database_tls import is_local
from mutualist.apps.operations.checks.found import Asked, Finding, ok, skipped, warning, wrong

HERE = {"127.0.0.1", "localhost", "::1"}
PATIENCE = 8


def address(_asked: Asked) -> Iterator[Finding]:
    """Look whether people come in by https and cookies are safe."""
    url = urlsplit(settings.MUTUALIST_BASE_URL)
    if url.hostname in HERE:
        yield warning(
            "address",
            _("The address is {url}: only this machine can use it.").format(url=url.geturl()),
            _("Set MUTUALIST_BASE_URL to the address people use."),
        )
    elif url.scheme != "https":
        yield wrong(
            "address",
            _("The address {url} is not encrypted; cookies go in the clear.").format(
                url=url.geturl()
            ),
            _("Put a web server with TLS in front and set MUTUALIST_BASE_URL to https://…"),
        )
    else:
        yield ok("address", _("People come by {url}; cookies are secure.").format(url=url.geturl()))
    hosts = [host for host in settings.ALLOWED_HOSTS if host.startswith((".", "*"))]
    if hosts:
        yield wrong(
            "address.hosts",
            _("Any host name is answered: {hosts}.").format(hosts=", ".join(hosts)),
            _("Name each host in MUTUALIST_HOSTS."),
        )


def switches(_asked: Asked) -> Iterator[Finding]:
    """Look whether what is only for trying out is off."""
    on = [
        name
        for name, value in (
            ("MUTUALIST_DEBUG", settings.DEBUG),
            ("MUTUALIST_DEMO", settings.MUTUALIST_DEMO),
        )
        if value
    ]
    local = urlsplit(settings.MUTUALIST_BASE_URL).hostname in HERE
    if not on:
        yield ok("switches", _("Demo and debugging are off."))
    else:
        said = _("On: {names}.").format(names=", ".join(on))
        remedy = _("Never where others use it: take the variable out of the environment.")
        yield warning("switches", said, remedy) if local else wrong("switches", said, remedy)


def mail(asked: Asked) -> Iterator[Finding]:
    """Greet the mail server, and send one mail if asked to."""
    if not settings.MAIL.host:
        yield warning(
            "mail",
            _("No mail server is set: invitations stay in the outbox."),
            _("Set MUTUALIST_SMTP_URL."),
        )
        return
    place = f"{settings.MAIL.host}:{settings.MAIL.port}"
    try:
        sender = get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=PATIENCE)
        sender.open()
        sender.close()
        if asked.mail_to:
            send_mail(
                _("Mutualist: a mail to see whether mail works"),
                _("It does. Asked for by mutualist doctor."),
                settings.DEFAULT_FROM_EMAIL,
                [asked.mail_to],
                connection=sender,
            )
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(
            "mail",
            _("The mail server {place} refuses: {kind}.").format(
                place=place, kind=type(error).__name__
            ),
            _("Compare MUTUALIST_SMTP_URL: host, port, user, password, smtp+tls or smtps."),
        )
        return
    yield ok("mail", _("The mail server {place} answers.").format(place=place))
    if not (settings.MAIL.use_tls or settings.MAIL.use_ssl or is_local(settings.MAIL.host)):
        yield warning(
            "mail.tls",
            _("Mails go to {place} without TLS; they hold links that let somebody in.").format(
                place=place
            ),
            _("Use smtp+tls:// or smtps:// in MUTUALIST_SMTP_URL."),
        )
    if asked.mail_to:
        yield ok("mail.sent", _("A mail went to {address}.").format(address=asked.mail_to))


def certificate(asked: Asked) -> Iterator[Finding]:
    """Look how long the certificate of the address still holds."""
    url = urlsplit(settings.MUTUALIST_BASE_URL)
    if url.scheme != "https" or not url.hostname:
        return
    if not asked.online:
        yield skipped("certificate", _("The certificate is looked at with --online only."))
        return
    try:
        left = days_left(url.hostname, url.port or 443)
    except OSError as error:
        yield wrong(
            "certificate",
            _("{host} cannot be reached by TLS: {kind}.").format(
                host=url.hostname, kind=type(error).__name__
            ),
            _("Look at the web server in front, its certificate and its name."),
        )
        return
    said = _("The certificate holds {days} more days.").format(days=left)
    remedy = _("Renew it; most web servers do so by themselves when they can be reached.")
    yield warning("certificate", said, remedy) if left < 14 else ok("certificate", said)


def days_left(host: str, port: int, context: ssl.SSLContext | None = None) -> int:
    """Return for how many days a host's certificate still holds."""
    context = context or ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        found = secure.getpeercert() or {}
    end = ssl.cert_time_to_seconds(str(found["notAfter"]))
    return (datetime.fromtimestamp(end, UTC) - datetime.now(UTC)).days
