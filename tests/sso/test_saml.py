"""Sign-in with SAML: pysaml2 plays the identity provider, and each lie it could tell is refused."""

from __future__ import annotations

import base64
import copy
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from apps.identity.conftest import code_of, person, signed_in, with_app
from mutualist.apps.identity.models import User
from sso.switching import providers
from sso.test_sso_file import write

# The provider is somebody else's program; its warnings are not about us.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning"),
]
IDP = "https://idp.tauwerk.example"
BASE = "http://testserver/accounts/saml/tauwerk"
NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
Change = Callable[[Any], None]


@cache
def keys(who: str) -> tuple[str, str]:
    """Return a key and its certificate; `who` only tells several apart."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(autouse=True)
def described(tmp_path: Path) -> Iterator[None]:
    one = {
        "id": "tauwerk",
        "name": "Tauwerk",
        "kind": "saml",
        "entity_id": IDP,
        "sso_url": f"{IDP}/sso",
        "certificate_file": "idp.pem",
        "trusted_domains": ["example.org"],
    }
    write(tmp_path)
    (tmp_path / "idp.pem").write_text(keys("idp")[1], encoding="ascii")
    with providers(tmp_path, one):
        yield


@pytest.fixture
def idp(tmp_path: Path) -> Any:
    """The identity provider, which has read what our site says of itself."""
    from saml2.config import IdPConfig
    from saml2.server import Server

    about_us = tmp_path / "sp.xml"
    about_us.write_bytes(Client().get("/accounts/saml/tauwerk/metadata/").content)
    config = IdPConfig().load(
        {
            "entityid": IDP,
            # It signs nothing itself here, so that each test can change what is signed.
            "xmlsec_binary": "/bin/true",
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [
                            (f"{IDP}/sso", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect")
                        ]
                    },
                    "policy": {"default": {"lifetime": {"minutes": 5}}},
                }
            },
            "metadata": {"local": [str(about_us)]},
        }
    )
    return Server(config=config)


def leave(client: Client) -> str:
    """Press the button; return the number of the request."""
    answer = client.post("/accounts/saml/tauwerk/login/")
    assert answer.status_code == 302, answer.content
    address = urlsplit(answer.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{IDP}/sso"
    sent = parse_qs(address.query)["SAMLRequest"][0]
    request = etree.fromstring(zlib.decompress(base64.b64decode(sent), -15))
    return str(request.get("ID"))


def answer_of(idp: Any, number: str, *, email: str = "tom@example.org", uid: str = "t-1") -> Any:
    """Let the provider make its answer, not yet signed."""
    from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID

    response = idp.create_authn_response(
        identity={"mail": [email], "displayName": ["Tom Tau"]},
        in_response_to=number,
        destination=f"{BASE}/acs/",
        sp_entity_id=f"{BASE}/metadata/",
        name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=uid),
        authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
        sign_assertion=False,
        sign_response=False,
    )
    return etree.fromstring(str(response).encode())


def find(tree: Any, path: str) -> Any:
    found = tree.find(path, NAMES)
    assert found is not None, path
    return found


def signed(tree: Any, who: str = "idp") -> Any:
    """Sign the assertion within an answer."""
    assertion = find(tree, "saml:Assertion")
    private, certificate = keys(who)
    alone = etree.tostring(assertion)
    made = etree.fromstring(OneLogin_Saml2_Utils.add_sign(alone, private, certificate))
    tree.replace(assertion, made)
    return tree


def hand_in(client: Client, tree: Any) -> Any:
    text = base64.b64encode(etree.tostring(tree)).decode()
    first = client.post("/accounts/saml/tauwerk/acs/", {"SAMLResponse": text})
    assert first.status_code == 302
    return client.get(first.headers["Location"])


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def refused(client: Client, tree: Any) -> None:
    answer = hand_in(client, tree)
    assert answer.status_code in {401, 403}, answer.status_code
    assert not is_in(client)
    assert not User.objects.exists()


def test_our_metadata_says_what_is_wanted() -> None:
    tree = etree.fromstring(Client().get("/accounts/saml/tauwerk/metadata/").content)
    assert tree.get("entityID") == f"{BASE}/metadata/"
    descriptor = tree[0]
    assert descriptor.get("WantAssertionsSigned") == "true"


def test_a_newcomer_gets_an_account(idp: Any) -> None:
    client = Client()
    answer = hand_in(client, signed(answer_of(idp, leave(client))))
    assert answer.status_code == 302, answer.content
    assert is_in(client)
    tom = User.objects.get()
    assert (tom.name, tom.email) == ("Tom Tau", "tom@example.org")
    assert EmailAddress.objects.get().verified
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("tauwerk", "t-1", {})


def test_an_address_within_the_trusted_domain_finds_its_account(idp: Any) -> None:
    anna = person("Anna")
    client = Client()
    hand_in(client, signed(answer_of(idp, leave(client), email=anna.email)))
    assert is_in(client)
    assert SocialAccount.objects.get().user == anna


def test_an_address_elsewhere_takes_nothing_over(idp: Any) -> None:
    elsa = person("Elsa")
    User.objects.filter(pk=elsa.pk).update(email="elsa@elsewhere.example")
    EmailAddress.objects.update(email="elsa@elsewhere.example")
    client = Client()
    answer = hand_in(client, signed(answer_of(idp, leave(client), email="elsa@elsewhere.example")))
    assert answer.status_code == 403
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_the_second_factor_is_asked_for_all_the_same(idp: Any) -> None:
    anna = person("Anna")
    secret = with_app(anna)
    client = Client()
    hand_in(client, signed(answer_of(idp, leave(client), email=anna.email)))
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


def moved(tree: Any, minutes: int) -> None:
    for element in tree.iter():
        for name in ("NotBefore", "NotOnOrAfter", "SessionNotOnOrAfter", "IssueInstant"):
            if element.get(name):
                moment = datetime.fromisoformat(element.get(name))
                shifted = moment + timedelta(minutes=minutes)
                element.set(name, shifted.strftime("%Y-%m-%dT%H:%M:%SZ"))


def text(path: str, value: str) -> Change:
    def change(tree: Any) -> None:
        find(tree, path).text = value

    return change


def attribute(path: str, name: str, value: str) -> Change:
    def change(tree: Any) -> None:
        (find(tree, path) if path else tree).set(name, value)

    return change


AUDIENCE = "saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience"
CONFIRMED = "saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
LIES: dict[str, Change] = {
    "another audience": text(AUDIENCE, "https://another.example/metadata"),
    "expired": lambda tree: moved(tree, -60),
    "not yet": lambda tree: moved(tree, 60),
    "another issuer of the assertion": text("saml:Assertion/saml:Issuer", "https://evil.example"),
    "another issuer of the answer": text("saml:Issuer", "https://evil.example"),
    "another receiver": attribute(CONFIRMED, "Recipient", "https://another.example/acs/"),
    "another destination": attribute("", "Destination", "https://another.example/acs/"),
    "an answer to nothing we asked": attribute("", "InResponseTo", "id-guess"),
    "no success": attribute(
        "samlp:Status/samlp:StatusCode", "Value", "urn:oasis:names:tc:SAML:2.0:status:Requester"
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_signed_but_not_for_us_now_is_refused(idp: Any, lie: str) -> None:
    client = Client()
    tree = answer_of(idp, leave(client))
    LIES[lie](tree)
    refused(client, signed(tree))


def test_what_is_not_signed_is_refused(idp: Any) -> None:
    client = Client()
    refused(client, answer_of(idp, leave(client)))


def test_another_key_is_refused(idp: Any) -> None:
    client = Client()
    refused(client, signed(answer_of(idp, leave(client)), who="somebody else"))


def test_what_was_changed_after_signing_is_refused(idp: Any) -> None:
    for value in ("eve@example.org", "tom@example.org<!-- -->.evil.example"):
        client = Client()
        tree = signed(answer_of(idp, leave(client)))
        (mail,) = [one for one in tree.iter() if one.text == "tom@example.org"]
        mail.text = value
        refused(client, tree)


def wrapped_beside(tree: Any) -> None:
    """The signed assertion stays, a forged one stands before it."""
    forged = forge(tree)
    find(tree, "saml:Assertion").addprevious(forged)


def wrapped_inside(tree: Any) -> None:
    """The forged assertion takes the place; the signed one hides within its signature."""
    true = find(tree, "saml:Assertion")
    forged = forge(tree)
    tree.replace(true, forged)
    holder = etree.SubElement(
        forged.find("ds:Signature", NAMES), "{http://www.w3.org/2000/09/xmldsig#}Object"
    )
    holder.append(true)


def wrapped_in_extensions(tree: Any) -> None:
    """The signed assertion hides in an extension of the answer."""
    true = find(tree, "saml:Assertion")
    forged = forge(tree)
    forged.remove(forged.find("ds:Signature", NAMES))
    tree.replace(true, forged)
    holder = etree.Element("{urn:oasis:names:tc:SAML:2.0:protocol}Extensions")
    holder.append(true)
    find(tree, "samlp:Status").addprevious(holder)


def same_number_twice(tree: Any) -> None:
    """Two assertions with the same number: which one did the signature mean?"""
    forged = forge(tree, number=str(find(tree, "saml:Assertion").get("ID")))
    find(tree, "saml:Assertion").addprevious(forged)


def forge(tree: Any, number: str = "id-forged") -> Any:
    forged = copy.deepcopy(find(tree, "saml:Assertion"))
    forged.set("ID", number)
    find(forged, "saml:Subject/saml:NameID").text = "somebody-else"
    return forged


@pytest.mark.parametrize(
    "wrap", [wrapped_beside, wrapped_inside, wrapped_in_extensions, same_number_twice]
)
def test_a_signature_is_not_taken_for_what_it_does_not_sign(idp: Any, wrap: Change) -> None:
    client = Client()
    tree = signed(answer_of(idp, leave(client)))
    wrap(tree)
    refused(client, tree)


def test_an_answer_works_once_and_in_one_browser(idp: Any) -> None:
    client = Client()
    tree = signed(answer_of(idp, leave(client)))
    thief = Client()
    refused(thief, tree)
    leave(thief)
    refused(thief, tree)
    hand_in(client, tree)
    assert is_in(client)
    client.post("/accounts/logout/")
    again = hand_in(client, tree)
    assert again.status_code in {401, 403}
    assert not is_in(client)


def test_nobody_signs_in_unasked(idp: Any) -> None:
    client = Client()
    tree = answer_of(idp, "unasked")
    for element in tree.iter():
        element.attrib.pop("InResponseTo", None)
    refused(client, signed(tree))


def test_nobody_is_signed_out_from_elsewhere() -> None:
    client = signed_in(person("Anna"))
    for method in ("get", "post"):
        answer = getattr(client, method)("/accounts/saml/tauwerk/sls/", {"SAMLRequest": "x"})
        assert answer.status_code == 404
    assert is_in(client)


@pytest.mark.parametrize("text", ["", "not base64!", "PGE+", base64.b64encode(b"<a/>").decode()])
def test_nonsense_is_refused_without_a_fault(text: str) -> None:
    client = Client()
    first = client.post("/accounts/saml/tauwerk/acs/", {"SAMLResponse": text})
    assert client.get(first.headers["Location"]).status_code in {401, 403}
    assert Client().get("/accounts/saml/tauwerk/acs/finish/").status_code in {401, 403}


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">&b;</samlp:Response>'
    )
    client = Client()
    form = {"SAMLResponse": base64.b64encode(bomb).decode()}
    first = client.post("/accounts/saml/tauwerk/acs/", form)
    assert client.get(first.headers["Location"]).status_code in {401, 403}


def test_an_unknown_provider_is_not_found() -> None:
    for page in ("login", "metadata"):
        assert Client().get(f"/accounts/saml/guess/{page}/").status_code == 404
