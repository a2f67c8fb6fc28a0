from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mutualist.apps.core.environment import (
    SettingError,
    data_folder,
    database_from,
    flag,
    level,
    mail_from,
    origins_from,
    sender_from,
    texts_from,
    zone,
)


def test_postgresql_address() -> None:
    found = database_from("postgresql://user:p%40ss@db.example:5433/rooms", Path())
    assert found["ENGINE"].endswith("postgresql")
    wanted = ("user", "p@ss", "db.example", "5433", "rooms")
    assert tuple(found[k] for k in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == wanted


@pytest.mark.parametrize("url", ["mysql://db/rooms", "postgresql://db", "rooms.sqlite"])
def test_a_wrong_database_address_is_named_without_the_password(url: str) -> None:
    with pytest.raises(SettingError, match="MUTUALIST_DATABASE_URL"):
        database_from(url, Path())


def test_sqlite_is_the_default(tmp_path: Path) -> None:
    found = database_from(None, tmp_path / "data")
    assert found["NAME"] == tmp_path / "data" / "mutualist.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_mail_server_address() -> None:
    mail = mail_from("smtp+tls://post:geheim@mail.example")
    assert (mail.host, mail.port, mail.user, mail.password, mail.use_tls) == (
        "mail.example",
        587,
        "post",
        "geheim",
        True,
    )
    assert mail_from(None).backend.endswith("OutboxBackend")
    with pytest.raises(SettingError, match="MUTUALIST_SMTP_URL"):
        mail_from("mail.example:25")


def test_hosts_follow_from_the_base_address() -> None:
    hosts, origins = origins_from("https://rooms.example", "intern.example, ")
    assert hosts == ["intern.example", "rooms.example"]
    assert origins == ["https://rooms.example"]
    with pytest.raises(SettingError, match="MUTUALIST_BASE_URL"):
        origins_from("rooms.example", "")


@pytest.mark.parametrize("default", [True, False])
def test_a_switch_is_on_or_off_and_nothing_else(
    default: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "MUTUALIST_SWITCH"
    assert flag(name, default=default) is default
    for text, wanted in {"1": True, " Yes ": True, "0": False, "OFF": False, "": default}.items():
        monkeypatch.setenv(name, text)
        assert flag(name, default=default) is wanted
    for text in ("required", "ja", "2"):
        monkeypatch.setenv(name, text)
        with pytest.raises(SettingError, match=name):
            flag(name, default=default)


def test_level_and_time_zone_are_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    assert level("MUTUALIST_LOG_X", "WARNING") == "WARNING"
    assert zone("MUTUALIST_ZONE_X", "Europe/Berlin") == "Europe/Berlin"
    monkeypatch.setenv("MUTUALIST_LOG_X", "info")
    assert level("MUTUALIST_LOG_X", "WARNING") == "INFO"
    for wrong in ("Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe"):
        monkeypatch.setenv("MUTUALIST_ZONE_X", wrong)
        with pytest.raises(SettingError, match="MUTUALIST_ZONE_X"):
            zone("MUTUALIST_ZONE_X", "Europe/Berlin")
    monkeypatch.setenv("MUTUALIST_LOG_X", "loud")
    with pytest.raises(SettingError, match="MUTUALIST_LOG_X"):
        level("MUTUALIST_LOG_X", "WARNING")


@pytest.mark.parametrize(
    "url",
    ["ftp://h", "https://h/path", "https://h:99999", "https://h?x", "https://u@h", "http://[h"],
)
def test_a_base_address_is_scheme_and_host(url: str) -> None:
    with pytest.raises(SettingError, match="MUTUALIST_BASE_URL"):
        origins_from(url, "")


@pytest.mark.parametrize("hosts", ["*", "https://b.example", "a.example, *"])
def test_further_hosts_are_names(hosts: str) -> None:
    with pytest.raises(SettingError, match="MUTUALIST_HOSTS"):
        origins_from("https://rooms.example", hosts)


def test_a_wrong_port_is_named_without_the_password() -> None:
    for wrong in (
        lambda: database_from("postgresql://u:geheim@h:abc/n", Path()),
        lambda: mail_from("smtp://u:geheim@h:99999"),
    ):
        with pytest.raises(SettingError, match="MUTUALIST_") as caught:
            wrong()
        assert "geheim" not in str(caught.value)


def test_a_host_of_ipv6_stands_in_brackets() -> None:
    hosts, origins = origins_from("http://[::1]:8010", "")
    assert {"[::1]", "localhost"} <= set(hosts)
    assert origins == ["http://[::1]:8010"]
    assert origins_from("https://[2001:db8::7]", "")[0] == ["[2001:db8::7]"]


def test_a_new_data_folder_is_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTUALIST_FOLDER", str(tmp_path / "a" / "data"))
    before = os.umask(0)
    try:
        folder = data_folder("MUTUALIST_FOLDER", "data")
    finally:
        os.umask(before)
    assert folder == tmp_path / "a" / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "text", ["rooms@example.org", "Räume <rooms@example.org>", "a <b@localhost>"]
)
def test_a_sender_is_an_address(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTUALIST_FROM", text)
    assert sender_from("MUTUALIST_FROM", "x@y") == text


@pytest.mark.parametrize(
    "text",
    ["nobody", "<>", "a@", "@b", "Rooms rooms@example.org", "a@b.example, c@d.example",
     "A <a@b.example>\nBcc: c@d.example", "a b@c.example", "A <a@b.example> x"],
)  # fmt: skip
def test_another_sender_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTUALIST_FROM", text)
    with pytest.raises(SettingError, match="MUTUALIST_FROM"):
        sender_from("MUTUALIST_FROM", "x@y")


def test_an_own_text_is_there_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("privacy.de.md", "privacy.en.md")
    assert texts_from("MUTUALIST_TEXT", *names) == ""
    monkeypatch.setenv("MUTUALIST_TEXT", str(tmp_path))
    (tmp_path / names[0]).write_text("Wir")
    for content in (None, b"", b"\xff"):
        if content is not None:
            (tmp_path / names[1]).write_bytes(content)
        with pytest.raises(SettingError, match=r"MUTUALIST_TEXT.*privacy\.en\.md"):
            texts_from("MUTUALIST_TEXT", *names)
    (tmp_path / names[1]).write_text("We")
    assert texts_from("MUTUALIST_TEXT", *names) == str(tmp_path)
