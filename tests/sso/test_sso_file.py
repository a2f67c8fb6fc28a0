"""The file of identity providers: what is wrong with it is said in one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mutualist.apps.core.environment import SettingError
from mutualist.apps.identity.sso_file import read_sso

OIDC = {
    "id": "nordwerk",
    "name": "Nordwerk",
    "kind": "oidc",
    "issuer": "https://login.nordwerk.example",
    "client_id": "mutualist",
    "client_secret_file": "secret",
    "trusted_domains": ["nordwerk.example"],
}
SAML = {
    "id": "tauwerk",
    "name": "Tauwerk",
    "kind": "saml",
    "entity_id": "https://idp.tauwerk.example",
    "sso_url": "https://idp.tauwerk.example/sso",
    "certificate_file": "cert.pem",
}


def write(folder: Path, *providers: Any) -> str:
    (folder / "secret").write_text("s3cret\n", encoding="ascii")
    (folder / "cert.pem").write_text("-----BEGIN CERTIFICATE-----\nx\n", encoding="ascii")
    file = folder / "sso.json"
    file.write_text(json.dumps({"providers": list(providers)}), encoding="utf-8")
    return str(file)


def test_no_file_means_nobody() -> None:
    assert read_sso(None).apps == ()
    assert read_sso("").providers == {}


def test_both_kinds_are_read(tmp_path: Path) -> None:
    found = read_sso(write(tmp_path, OIDC, SAML))
    assert found.apps == ("mutualist.apps.identity.oidc", "mutualist.apps.identity.saml")
    assert found.origins == ("https://idp.tauwerk.example", "https://login.nordwerk.example")
    (app,) = found.settings["openid_connect"]["APPS"]
    assert app["secret"] == "s3cret"
    assert found.providers["nordwerk"].speaks_for("Anna@NORDWERK.example")
    assert not found.providers["nordwerk"].speaks_for("anna@evil-nordwerk.example")
    assert not found.providers["nordwerk"].speaks_for("anna@sub.nordwerk.example")
    assert "s3cret" not in repr(found.providers)


def test_yaml_is_read_too(tmp_path: Path) -> None:
    write(tmp_path)
    file = tmp_path / "sso.yaml"
    file.write_text(
        "providers:\n  - {id: n, name: N, kind: oidc, issuer: 'https://n.example', client_id: m, client_secret_file: secret}\n",
        encoding="utf-8",
    )
    assert set(read_sso(str(file)).providers) == {"n"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"issuer": "http://login.nordwerk.example"},
            "nordwerk: issuer has to begin with https://",
        ),
        ({"issuer": None}, "nordwerk: issuer"),
        ({"client_secret_file": "gone"}, "client_secret_file 'gone' cannot be read"),
        ({"client_secret_env": "X"}, "either client_secret_file or client_secret_env"),
        ({"trusted_domains": ["*"]}, "trusted_domains.0 has a value of the wrong form: '\\*'"),
        ({"trusted_domains": ["Nordwerk.example"]}, "trusted_domains.0"),
        ({"id": "Nord Werk"}, "id has a value of the wrong form"),
        ({"surprise": 1}, "surprise"),
        ({"kind": "ldap"}, "kind"),
        ({"sign_up": "yes"}, "sign_up"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingError, match=says) as caught:
        read_sso(write(tmp_path, {**OIDC, **change}))
    assert str(caught.value).startswith("MUTUALIST_SSO_FILE: ")


def test_a_secret_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {k: v for k, v in OIDC.items() if k != "client_secret_file"}
    one["client_secret_env"] = "NORDWERK_SECRET"
    with pytest.raises(SettingError, match="NORDWERK_SECRET is not set"):
        read_sso(write(tmp_path, one))
    monkeypatch.setenv("NORDWERK_SECRET", "abc")
    assert read_sso(write(tmp_path, one)).settings["openid_connect"]["APPS"][0]["secret"] == "abc"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "neither YAML nor JSON"),
        ("[]", "is not of type 'object'"),
        ('{"providers": {}}', "is not of type 'array'"),
        ('{"providers": ["x"]}', "provider 1"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "sso.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingError, match=says):
        read_sso(str(file))
    with pytest.raises(SettingError, match="cannot be read"):
        read_sso(str(tmp_path / "gone.json"))


def test_an_id_is_given_once(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="'nordwerk' is given twice"):
        read_sso(write(tmp_path, OIDC, OIDC))


def test_a_certificate_has_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no certificate in PEM form"):
        read_sso(write(tmp_path, {**SAML, "certificate_file": "secret"}))
