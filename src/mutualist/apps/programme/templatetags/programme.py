"""What templates of programmes and of the apps beside them say in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template

from mutualist.apps.programme.queries.ability_names import abilities_said

register = template.Library()


@register.filter
def called(keys: Iterable[str], names: Mapping[str, str]) -> str:
    """Return abilities as people call them: ``{{ partner.abilities|called:ability_names }}``."""
    return ", ".join(abilities_said(keys, names or {}))
