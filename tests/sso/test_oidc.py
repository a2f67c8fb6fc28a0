"""Sign-in with OpenID Connect at a provider on this machine; each lie it could tell is refused."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from apps.identity.conftest import PASSWORD, code_of, log_in, person, prove, signed_in, with_app
from mutualist.apps.identity.models import SignIn, User
from sso.switching import providers

# The provider is somebody else's program in a thread of ours; its warnings are not about us.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
DOMAIN = "example.org"
LOGIN = "/accounts/oidc/nordwerk/login/"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    import warnings

    from oidc_provider_mock import run_server_in_thread

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with run_server_in_thread() as running:
            yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def described(server: str, tmp_path: Path) -> Iterator[None]:
    one = {
        "id": "nordwerk",
        "name": "Nordwerk",
        "kind": "oidc",
        "issuer": server,
        "client_id": "mutualist",
        "client_secret_file": "secret",
        "trusted_domains": [DOMAIN],
    }
    with providers(tmp_path, one):
        yield


def known(server: str, sub: str, **claims: Any) -> None:
    """Make somebody known to the provider."""
    answer = requests.put(f"{server}/users/{sub}", json=claims, timeout=5)
    assert answer.status_code < 300, answer.text


def leave(client: Client, path: str = LOGIN) -> str:
    """Press the button; return the address one is sent to."""
    answer = client.post(path)
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def say_who(address: str, sub: str) -> str:
    """Sign in at the provider; return the way back."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text[:500]
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_in(client: Client, sub: str, path: str = LOGIN) -> Any:
    return client.get(say_who(leave(client, path), sub))


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_button_stands_on_the_login_page_and_asks_for_little(server: str) -> None:
    client = Client()
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in with Nordwerk" in page
    assert client.get(LOGIN).status_code == 200, "a link alone starts nothing"
    asked = urlsplit(leave(client))
    sent = parse_qs(asked.query)
    assert set(sent["scope"][0].split()) == {"openid", "profile", "email"}
    assert sent["code_challenge_method"] == ["S256"]
    assert len(sent["nonce"][0]) == 64
    assert sent["response_type"] == ["code"]
    more = leave(client, LOGIN + "?" + urlencode({"scope": "admin", "auth_params": "prompt=none"}))
    assert "admin" not in more
    assert "prompt" not in more


def test_a_newcomer_gets_an_account(server: str) -> None:
    known(server, "n-1", email=f"nora@{DOMAIN}", email_verified=True, name="Nora Nord")
    client = Client()
    assert come_in(client, "n-1").status_code == 302
    assert is_in(client)
    nora = User.objects.get()
    assert (nora.name, nora.email) == ("Nora Nord", f"nora@{DOMAIN}")
    assert not nora.has_usable_password()
    assert EmailAddress.objects.get().verified
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("nordwerk", "n-1", {})
    assert SignIn.objects.count() == 1
    again = Client()
    come_in(again, "n-1")
    assert is_in(again)
    assert User.objects.count() == 1


def test_a_proven_address_finds_its_account(server: str) -> None:
    anna = person("Anna")
    known(server, "a-1", email=anna.email, email_verified=True, name="Somebody Else")
    client = Client()
    come_in(client, "a-1")
    assert is_in(client)
    anna.refresh_from_db()
    assert anna.name == "Anna"
    assert anna.check_password(PASSWORD)


def test_an_account_made_with_a_foreign_address_is_cleaned_first(server: str) -> None:
    """Somebody signed up with Anna's address and a password of theirs, waiting for her to come."""
    planted = person("Anna", verified=False)
    waiting = signed_in(planted)
    known(server, "a-2", email=planted.email, email_verified=True, name="Anna")
    client = Client()
    come_in(client, "a-2")
    assert is_in(client)
    planted.refresh_from_db()
    assert not planted.has_usable_password()
    assert not is_in(waiting)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "anna@example.org"},
        {"email": "anna@example.org", "email_verified": False},
        {"email": "anna@example.org", "email_verified": "false"},
        {"email": "anna@elsewhere.example", "email_verified": True},
        {"name": "No address at all"},
    ],
)
def test_an_unproven_or_foreign_address_takes_nothing_over(
    server: str, claims: dict[str, Any]
) -> None:
    anna = person("Anna")
    other = person("Elsa")
    EmailAddress.objects.filter(user=other).update(email="anna@elsewhere.example")
    User.objects.filter(pk=other.pk).update(email="anna@elsewhere.example")
    sub = f"x-{abs(hash(json.dumps(claims)))}"
    known(server, sub, **claims)
    client = Client()
    answer = come_in(client, sub)
    assert answer.status_code == 403
    assert "No account for this sign-in" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 2
    assert not SocialAccount.objects.exists()
    assert log_in(Client(), anna).status_code == 302


def test_whoever_has_an_account_connects_it_themselves(server: str) -> None:
    anna = person("Anna")
    known(server, "c-1", email="anna@private.example", email_verified=True)
    client = signed_in(anna)
    prove(client)
    come_in(client, "c-1", LOGIN + "?process=connect")
    assert SocialAccount.objects.get().user == anna
    fresh = Client()
    come_in(fresh, "c-1")
    assert is_in(fresh)
    dora = signed_in(person("Dora"))
    prove(dora)
    come_in(dora, "c-1", LOGIN + "?process=connect")
    assert SocialAccount.objects.get().user == anna, "nobody takes another's connection"


def test_connecting_asks_for_proof_first(server: str) -> None:
    known(server, "c-2", email="anna@private.example", email_verified=True)
    client = signed_in(person("Anna"))
    answer = come_in(client, "c-2", LOGIN + "?process=connect")
    assert "/reauthenticate/" in answer.headers["Location"]
    assert not SocialAccount.objects.exists()


def test_the_second_factor_is_asked_for_all_the_same(server: str) -> None:
    anna = person("Anna")
    secret = with_app(anna)
    known(server, "f-1", email=anna.email, email_verified=True)
    client = Client()
    answer = come_in(client, "f-1")
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


# What a provider, or somebody in its place, could get wrong.


def test_a_way_back_works_once_and_only_here(server: str) -> None:
    known(server, "s-1", email=f"sven@{DOMAIN}", email_verified=True)
    client = Client()
    back = say_who(leave(client), "s-1")
    stranger = Client()
    assert stranger.get(back).status_code == 401, "another browser began it"
    assert not is_in(stranger)
    assert client.get(back).status_code == 302
    assert is_in(client)
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 401, "it was used"


def test_a_changed_state_is_refused(server: str) -> None:
    known(server, "s-2", email=f"sven@{DOMAIN}", email_verified=True)
    client = Client()
    back = say_who(leave(client), "s-2")
    code = parse_qs(urlsplit(back).query)["code"][0]
    path = urlsplit(back).path
    for query in ({"code": code}, {"code": code, "state": "guess"}):
        assert client.get(f"{path}?{urlencode(query)}").status_code == 401
    assert not User.objects.exists()


@pytest.fixture
def forged(monkeypatch: pytest.MonkeyPatch, server: str) -> Any:
    """Let the provider's answer say something else, signed with its key or with another."""
    from mutualist.apps.identity.oidc import provider

    own, other = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    published = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key()))
    keys = {"keys": [{**published, "kid": "k", "alg": "RS256", "use": "sig"}]}
    fetch = requests.Session.request

    def answer(session: Any, method: str, url: str, *given: Any, **more: Any) -> Any:
        found = fetch(session, method, url, *given, **more)
        if url.endswith("/jwks"):
            found._content = json.dumps(keys).encode()
        return found

    monkeypatch.setattr(requests.Session, "request", answer)

    def change(*, key: Any = own, algorithm: str = "RS256", **claims: Any) -> None:
        checked = provider.OidcAdapter._checked

        def lie(self: Any, app: Any, text: str) -> Any:
            said = jwt.decode(text, options={"verify_signature": False})
            said = {k: v for k, v in {**said, **claims}.items() if v is not None}
            made = jwt.encode(said, key, algorithm=algorithm, headers={"kid": "k"})
            return checked(self, app, made)

        monkeypatch.setattr(provider.OidcAdapter, "_checked", lie)

    change.other = other  # type: ignore[attr-defined]
    known(server, "l-1", email=f"lena@{DOMAIN}", email_verified=True, name="Lena")
    return change


def test_the_forger_can_tell_the_truth_too(forged: Any) -> None:
    """Otherwise the refusals below would prove nothing."""
    forged()
    client = Client()
    come_in(client, "l-1")
    assert is_in(client)


@pytest.mark.parametrize(
    "lie",
    [
        {"aud": "another-program"},
        {"aud": ["mutualist", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"nonce": "0" * 64},
        {"nonce": None},
        {"sub": None},
        {"iat": int(time.time()) + 9000},
    ],
    ids="-".join,
)
def test_a_token_that_is_not_for_us_now_is_refused(forged: Any, lie: dict[str, Any]) -> None:
    forged(**lie)
    client = Client()
    answer = come_in(client, "l-1")
    assert answer.status_code == 401
    assert "The sign-in did not work" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.exists()


def test_a_token_with_another_signature_is_refused(forged: Any) -> None:
    forged(key=forged.other)
    assert come_in(Client(), "l-1").status_code == 401


@pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", "x" * 64)])
def test_a_token_without_a_signature_of_the_provider_is_refused(
    forged: Any, algorithm: str, key: Any
) -> None:
    forged(key=key, algorithm=algorithm)
    assert come_in(Client(), "l-1").status_code == 401
    assert not User.objects.exists()


def test_a_provider_that_is_away_is_told_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise requests.ConnectionError("nobody there")

    monkeypatch.setattr(requests.Session, "request", away)
    answer = Client().post(LOGIN)
    assert answer.status_code == 401
    assert "The sign-in did not work" in answer.content.decode()


def test_an_unknown_provider_is_not_found() -> None:
    for path in ("/accounts/oidc/guess/login/", "/accounts/oidc/guess/login/callback/"):
        assert Client().get(path).status_code == 404
