"""What templates of programmes and of the apps beside them say in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from mutualist.apps.programme.doors import partner_bar as bar_of
from mutualist.apps.programme.queries.ability_names import abilities_said

register = template.Library()


@register.filter
def called(keys: Iterable[str], names: Mapping[str, str]) -> str:
    """Return abilities as people call them: ``{{ partner.abilities|called:ability_names }}``."""
    return ", ".join(abilities_said(keys, names or {}))


@register.simple_tag(takes_context=True)
def partner_bar(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tabs of the partner's own page that is shown."""
    return bar_of(context["standing"], context["request"].path)
