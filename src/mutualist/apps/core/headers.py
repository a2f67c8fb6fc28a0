"""What a browser is told with every answer: run only our own files, and tell nobody where one was.

No page needs inline script or style, so the policy has no ``unsafe-*``, no nonce and no hash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from csp.constants import NONE, SELF
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

CSP = "Content-Security-Policy"
#: What pages may do with the machine they are shown on; all else is switched off.
ALLOWED = ("publickey-credentials-get", "publickey-credentials-create", "clipboard-write")
# Only names every current browser knows: Chromium complains about others in its console.
REFUSED = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation"),
    *("gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(
        [*(f"{name}=(self)" for name in ALLOWED), *(f"{name}=()" for name in REFUSED)]
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}


def policy(*, https: bool, form_targets: Sequence[str] = ()) -> dict[str, Any]:
    """Return the directives for django-csp.

    Parameters
    ----------
    https
        Whether people reach the site by TLS; then nothing is ever loaded without.
    form_targets
        Origins a form may lead to besides ours: browsers check where a form's redirect goes,
        so identity providers stand here.
    """
    return {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *sorted(form_targets)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": https,
    }


class HeadersMiddleware(CSPMiddleware):
    """Adds the policy and its companions to every answer, files and errors included.

    The policy depends on no request, so its text is made once; a view that needs another one says
    so with the decorators of django-csp.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._usual = build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """Make no nonce: nothing inline is ever allowed."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add what is not there yet."""
        parts = self.get_policy_parts(request, response)
        changed = parts.config or parts.update or parts.replace
        text = build_policy(parts.config, parts.update, parts.replace) if changed else self._usual
        response.headers.setdefault(CSP, text)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
