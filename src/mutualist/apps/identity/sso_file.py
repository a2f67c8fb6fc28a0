"""Reads the file of identity providers and says clearly what is wrong with it.

It is read with the settings, before Django runs, so it may use nothing of Django.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from mutualist.apps.core.environment import SettingError

VARIABLE = "MUTUALIST_SSO_FILE"
DOMAIN = r"^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$"
COMMON = {
    "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"},
    "name": {"type": "string", "minLength": 1, "maxLength": 60},
    "kind": {"enum": ["oidc", "saml"]},
    "trusted_domains": {"type": "array", "items": {"type": "string", "pattern": DOMAIN}},
    "sign_up": {"type": "boolean"},
    "form_targets": {"type": "array", "items": {"type": "string", "pattern": "^https?://"}},
}
OIDC = {
    "issuer": {"type": "string", "pattern": "^https?://"},
    "client_id": {"type": "string", "minLength": 1},
    "client_secret_file": {"type": "string", "minLength": 1},
    "client_secret_env": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"},
    "mail_always_verified": {"type": "boolean"},
}
SAML = {
    "entity_id": {"type": "string", "minLength": 1},
    "sso_url": {"type": "string", "pattern": "^https?://"},
    "certificate_file": {"type": "string", "minLength": 1},
    "email_attribute": {"type": "string", "minLength": 1},
    "name_attribute": {"type": "string", "minLength": 1},
    "id_attribute": {"type": "string", "minLength": 1},
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["providers"],
    "additionalProperties": False,
    "properties": {
        "providers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "name", "kind"],
                "properties": {"kind": COMMON["kind"]},
                "if": {"properties": {"kind": {"const": "saml"}}},
                "then": {
                    "properties": {**COMMON, **SAML},
                    "required": ["entity_id", "sso_url", "certificate_file"],
                    "additionalProperties": False,
                },
                "else": {
                    "properties": {**COMMON, **OIDC},
                    "required": ["issuer", "client_id"],
                    "oneOf": [
                        {"required": ["client_secret_file"]},
                        {"required": ["client_secret_env"]},
                    ],
                    "additionalProperties": False,
                },
            },
        }
    },
}
SAML_ATTRIBUTES: Mapping[str, list[str]] = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id"],
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "mail",
        "email",
    ],
    "name": [
        "urn:oid:2.16.840.1.113730.3.1.241",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        "displayName",
    ],
    "first_name": ["urn:oid:2.5.4.42", "givenName"],
    "last_name": ["urn:oid:2.5.4.4", "sn"],
}


@dataclass(frozen=True, slots=True)
class SsoProvider:
    """One identity provider as the operator described it.

    Attributes
    ----------
    trusted_domains
        Mail domains this provider may speak for: people with such an address are let in and get an
        account; whoever has another one is not.
    """

    id: str
    name: str
    kind: Literal["oidc", "saml"]
    trusted_domains: frozenset[str]
    sign_up: bool
    mail_always_verified: bool

    def speaks_for(self, email: str) -> bool:
        """Whether an address lies in a domain this provider is trusted for."""
        return email.rpartition("@")[2].lower() in self.trusted_domains


@dataclass(frozen=True, slots=True)
class Sso:
    """What the settings take over."""

    providers: Mapping[str, SsoProvider] = field(default_factory=dict)
    apps: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    origins: tuple[str, ...] = ()


def _wrong(text: str) -> SettingError:
    return SettingError(f"{VARIABLE}: {text}")


def read_sso(name: str | None) -> Sso:
    """Read the file named by ``MUTUALIST_SSO_FILE``; absent means nobody signs in elsewhere."""
    if not name:
        return Sso()
    import yaml

    file = Path(name)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"{file} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise _wrong(f"{file} is neither YAML nor JSON: {error}") from error
    _check(content)
    return _sso(content["providers"], file.parent)


def _check(content: Any) -> None:
    from jsonschema import Draft202012Validator

    faults = sorted(
        Draft202012Validator(SCHEMA).iter_errors(content), key=lambda one: list(one.path)
    )
    if faults:
        raise _wrong("; ".join(_sentence(one, content) for one in faults[:5]))
    ids = [one["id"] for one in content["providers"]]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise _wrong(f"the id {twice[0]!r} is given twice")
    for one in content["providers"]:
        for key in ("issuer", "sso_url"):
            _check_address(one["id"], key, one.get(key, "https://x"))


def _sentence(fault: Any, content: Any) -> str:
    where = list(fault.absolute_path)
    place = "the file"
    if len(where) >= 2:
        one = content["providers"][where[1]]
        known = one.get("id") if isinstance(one, dict) else None
        place = f"provider {known or where[1] + 1}"
    name = ".".join(str(step) for step in where[2:])
    if fault.validator == "oneOf":
        return f"{place}: give either client_secret_file or client_secret_env"
    if fault.validator == "pattern":
        return f"{place}: {name} has a value of the wrong form: {fault.instance!r}"
    return f"{place}: {name + ': ' if name else ''}{fault.message}"


def _check_address(provider: str, key: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise _wrong(f"provider {provider}: {key} has to begin with https://, got {address!r}")


def _sso(found: list[dict[str, Any]], folder: Path) -> Sso:
    providers = {one["id"]: _provider(one) for one in found}
    oidc = [_oidc(one, folder) for one in found if one["kind"] == "oidc"]
    saml = [_saml(one, folder) for one in found if one["kind"] == "saml"]
    apps = ["mutualist.apps.identity.oidc"] * bool(oidc) + ["mutualist.apps.identity.saml"] * bool(
        saml
    )
    if saml:
        _need_saml()
    settings = {
        "openid_connect": {"APPS": oidc, "OAUTH_PKCE_ENABLED": True},
        "saml": {"APPS": saml},
    }
    origins = sorted({origin for one in found for origin in _origins(one)})
    return Sso(providers, tuple(apps), settings, tuple(origins))


def _need_saml() -> None:
    from importlib.util import find_spec

    if find_spec("onelogin") is None:
        raise _wrong("SAML needs more libraries: install the package with mutualist[saml]")


def _provider(one: Mapping[str, Any]) -> SsoProvider:
    return SsoProvider(
        one["id"],
        one["name"],
        one["kind"],
        frozenset(one.get("trusted_domains", ())),
        one.get("sign_up", True),
        one.get("mail_always_verified", one["kind"] == "saml"),
    )


def _origins(one: Mapping[str, Any]) -> Iterator[str]:
    for address in (one.get("issuer"), one.get("sso_url"), *one.get("form_targets", ())):
        if address:
            parts = urlsplit(address)
            yield f"{parts.scheme}://{parts.netloc}"


def _oidc(one: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    return {
        "provider_id": one["id"],
        "name": one["name"],
        "client_id": one["client_id"],
        "secret": _secret(one, folder),
        "settings": {"server_url": one["issuer"].rstrip("/"), "issuer": one["issuer"]},
    }


def _secret(one: Mapping[str, Any], folder: Path) -> str:
    if "client_secret_env" in one:
        value = os.environ.get(one["client_secret_env"], "")
        if not value:
            raise _wrong(f"provider {one['id']}: {one['client_secret_env']} is not set")
        return value
    return _read(one, "client_secret_file", folder).strip()


def _read(one: Mapping[str, Any], key: str, folder: Path) -> str:
    try:
        return Path(folder / str(one[key])).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"provider {one['id']}: {key} {one[key]!r} cannot be read") from error


def _saml(one: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    mapping = {key: list(names) for key, names in SAML_ATTRIBUTES.items()}
    for key, name in (
        ("email", "email_attribute"),
        ("name", "name_attribute"),
        ("uid", "id_attribute"),
    ):
        if name in one:
            mapping[key] = [one[name]]
    certificate = _read(one, "certificate_file", folder)
    if not re.search(r"-----BEGIN CERTIFICATE-----", certificate):
        raise _wrong(f"provider {one['id']}: certificate_file holds no certificate in PEM form")
    return {
        "provider_id": one["id"],
        "name": one["name"],
        "client_id": one["id"],
        "settings": {
            "idp": {
                "entity_id": one["entity_id"],
                "sso_url": one["sso_url"],
                "x509cert": certificate,
            },
            "attribute_mapping": mapping,
            # Both the program that reads it and the one that wrote it have to be strict.
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "want_name_id": True,
                "reject_deprecated_algorithm": True,
                "reject_idp_initiated_sso": True,
                "allow_repeat_attribute_name": False,
                "want_attribute_statement": False,
                "allow_single_label_domains": True,
                "name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            },
        },
    }
