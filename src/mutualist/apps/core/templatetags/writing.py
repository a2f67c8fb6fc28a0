"""What every form that writes carries: protection against forgery, and the name of this one write.

Both come from the tag ``csrf_token``, which no form that posts can do without: so none is forgotten.
"""

from __future__ import annotations

import secrets

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mutualist.apps.core.idempotency import FIELD

register = template.Library()


class FormKeysNode(CsrfTokenNode):
    """The token of the session and a key that is new each time the form is shown."""

    def render(self, context: Context) -> SafeString | str:
        """Return two hidden fields, or nothing where a page is made without a request."""
        token = super().render(context)
        if not token:
            return ""
        key = format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())
        return format_html("{}{}", token, key)


def new_key() -> str:
    """Return a key that nobody can guess and no other form has."""
    return secrets.token_urlsafe(18)


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormKeysNode:  # noqa: ARG001
    """Write the hidden fields of a form that posts."""
    return FormKeysNode()
