"""What is asked of a provider of OpenID Connect, and which of its answers are believed.

The rules are those of OpenID Connect Core 1.0, sections 3.1.3.7 (identity token) and 5.3.2 (the
information about the person has to be about the same person).
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

#: Signatures that need a key of the provider's: none, and none made with a shared secret.
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)
#: Clocks of two machines may differ by so many seconds.
LEEWAY = 30
SALT = "mutualist.identity.oidc.nonce"


def nonce_for(state: str) -> str:
    """Return the nonce that belongs to a state: whoever cannot show the state cannot use the token."""
    return salted_hmac(SALT, state, algorithm="sha256").hexdigest()


def is_true(value: Any) -> bool:
    """Read a claim that some providers send as text; the text "false" is not true."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    """Fetches the token and checks signature, issuer, audience, time, nonce and person."""

    @property
    def openid_config(self) -> Any:
        """Return what the provider says of itself; it has to be who it was configured as."""
        config = super().openid_config
        expected = self.get_provider().app.settings["issuer"]
        if str(config.get("issuer", "")).rstrip("/") != expected.rstrip("/"):
            raise OAuth2Error("the provider calls itself by another name than the file does")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Return who signed in; an answer without an identity token is none."""
        text = kwargs["response"].get("id_token")
        if not text:
            raise OAuth2Error("the provider sent no identity token")
        claims = self._checked(app, text)
        data = {"id_token": claims}
        if not claims.get("email"):
            person = self._fetch_user_info(token.token)
            if person.get("sub") != claims["sub"]:
                raise OAuth2Error("the information is about somebody else")
            data["userinfo"] = person
        return self.get_provider().sociallogin_from_response(request, data)

    def _checked(self, app: Any, text: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                text,
                self._key_of(text),
                algorithms=list(ALGORITHMS),
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"the identity token is not right: {error}") from error
        if not claims["sub"] or claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the identity token names no person or another program")
        state = str(self.request.GET.get("state", ""))
        if not constant_time_compare(str(claims.get("nonce", "")), nonce_for(state)):
            raise OAuth2Error("the identity token belongs to another attempt to sign in")
        return claims

    def _key_of(self, text: str) -> Any:
        """Return the provider's key that the token names; a token that names none needs a lone key."""
        header = jwt.get_unverified_header(text)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("the identity token is not signed with a key of the provider's")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = [one for one in answer.json()["keys"] if one.get("use", "sig") == "sig"]
        named = [one for one in keys if "kid" not in header or one.get("kid") == header["kid"]]
        if len(named) != 1:
            raise OAuth2Error("the provider has no such key")
        return jwt.PyJWK(named[0], algorithm=header["alg"]).key


class OidcProvider(OpenIDConnectProvider):
    """One provider of the file."""

    oauth2_adapter_class = OidcAdapter
    package = "mutualist.apps.identity.oidc"
    supports_token_authentication = False

    def get_auth_params_from_request(self, request: HttpRequest, action: Any) -> dict[str, Any]:  # noqa: ARG002
        """Take no parameters from the visitor's address."""
        return self.get_auth_params()

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:  # noqa: ARG002
        """Ask for no more than for name and address."""
        return self.get_default_scope()

    def redirect(
        self,
        request: HttpRequest,
        process: Any,
        next_url: Any = None,
        data: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Send the visitor to the provider, with a nonce that belongs to the state."""
        state = get_adapter().generate_state_param({})
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce_for(state)}
        return super().redirect(request, process, next_url, data, state_id=state, **kwargs)

    def extract_extra_data(self, data: Any) -> dict[str, Any]:  # noqa: ARG002
        """Keep nothing of what the provider tells beyond number, name and address."""
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        """Return the address, proven only where the provider says so and may say so."""
        claims = data.get("userinfo") or data["id_token"]
        email = claims.get("email")
        if not email:
            return []
        return [EmailAddress(email=email, verified=self._proven(claims), primary=True)]

    def _proven(self, claims: dict[str, Any]) -> bool:
        from mutualist.apps.identity.sso import provider_of

        if "email_verified" in claims:
            return is_true(claims["email_verified"])
        found = provider_of(self.app.provider_id)
        return bool(found and found.mail_always_verified)


provider_classes = [OidcProvider]
